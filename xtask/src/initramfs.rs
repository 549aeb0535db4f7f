//! Initial file systems, as archives that Linux unpacks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use cpio::newc::{self, ModeFileType};

/// An archive that is being made.
#[derive(Default)]
pub struct Archive {
    bytes: Vec<u8>,
    entries: u32,
}

impl Archive {
    /// With the folders that are mounted on, and without a file.
    ///
    /// # Errors
    /// None that writing to memory can have.
    pub fn new() -> io::Result<Self> {
        let mut archive = Self::default();
        for folder in ["bin", "dev", "linux", "mnt", "modules", "proc", "runs", "sys", "tmp"] {
            archive.add(folder, ModeFileType::Directory, 0o755, &[])?;
        }
        Ok(archive)
    }

    /// A file that may be run.
    ///
    /// # Errors
    /// If it is of 4 GiB or more.
    pub fn program(&mut self, name: &str, contents: &[u8]) -> io::Result<()> {
        self.add(name, ModeFileType::Regular, 0o755, contents)
    }

    /// A file.
    ///
    /// # Errors
    /// If it is of 4 GiB or more.
    pub fn file(&mut self, name: &str, contents: &[u8]) -> io::Result<()> {
        self.add(name, ModeFileType::Regular, 0o644, contents)
    }

    /// Modules of a kernel from `folder` or below it, each with parameters after its name, and what they depend on; `/modules/load` is a script that
    /// loads them. What is not in the folder is taken to be part of the kernel.
    ///
    /// What a module depends on changes from one update of a kernel to the next; so the modules themselves are asked.
    ///
    /// # Errors
    /// If a file cannot be read or is compressed.
    pub fn modules(&mut self, folder: &Path, wanted: &[&str]) -> io::Result<()> {
        let mut found = BTreeMap::new();
        find(folder, &mut found)?;
        let mut script = String::new();
        for line in wanted {
            let (name, parameters) = line.split_once(' ').unwrap_or((line, ""));
            self.module(name, parameters, &mut found, &mut script)?;
        }
        self.file("modules/load", script.as_bytes())
    }

    /// Adds a module after those that it depends on; each is taken out of `found`, so none is added twice.
    fn module(
        &mut self,
        name: &str,
        parameters: &str,
        found: &mut BTreeMap<String, PathBuf>,
        script: &mut String,
    ) -> io::Result<()> {
        let name = canonical(name);
        let Some(path) = found.remove(&name) else { return Ok(()) };
        if path.extension().is_none_or(|extension| extension != "ko") {
            return Err(io::Error::other(format!("{} is compressed, unpack it", path.display())));
        }
        let module = fs::read(&path)?;
        for dependency in dependencies(&module) {
            self.module(&dependency, "", found, script)?;
        }
        self.file(&format!("modules/{name}.ko"), &module)?;
        script.push_str(&format!(
            "insmod /modules/{name}.ko {parameters} || echo \"the module {name} could not be loaded\"\n"
        ));
        Ok(())
    }

    /// The archive, complete.
    ///
    /// # Errors
    /// None that writing to memory can have.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        newc::trailer(self.bytes)
    }

    fn add(&mut self, name: &str, kind: ModeFileType, mode: u32, contents: &[u8]) -> io::Result<()> {
        self.entries += 1;
        let entry = newc::Builder::new(name).ino(self.entries).nlink(1).mode(mode).set_mode_file_type(kind);
        let size = u32::try_from(contents.len()).map_err(io::Error::other)?;
        let mut writer = entry.write(std::mem::take(&mut self.bytes), size);
        io::Write::write_all(&mut writer, contents)?;
        self.bytes = writer.finish()?;
        Ok(())
    }
}

/// A module's name; in the names of files and in those of dependencies `-` and `_` are the same.
fn canonical(name: &str) -> String {
    name.replace('-', "_")
}

/// All modules in a folder and below it, compressed ones too.
fn find(folder: &Path, found: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            find(&entry.path(), found)?;
        } else if let Some((name, "" | ".xz" | ".zst" | ".gz")) =
            entry.file_name().to_str().and_then(|name| name.rsplit_once(".ko"))
        {
            found.insert(canonical(name), entry.path());
        }
    }
    Ok(())
}

/// What a module says that it depends on: a string of its section `.modinfo`, names with commas between them.
fn dependencies(module: &[u8]) -> Vec<String> {
    const KEY: &[u8] = b"\0depends=";
    let Some(at) = module.windows(KEY.len()).position(|window| window == KEY) else { return Vec::new() };
    let names = module[at + KEY.len()..].split(|&byte| byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(names).split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    /// The files of an archive: their names, modes and contents.
    fn files(archive: &[u8]) -> Vec<(String, u32, String)> {
        let (mut rest, mut found) = (archive, Vec::new());
        loop {
            let mut reader = newc::Reader::new(rest).unwrap();
            if reader.entry().is_trailer() {
                return found;
            }
            let (name, mode) = (reader.entry().name().to_owned(), reader.entry().mode());
            let mut text = String::new();
            reader.read_to_string(&mut text).unwrap();
            if mode & 0o170_000 == 0o100_000 {
                found.push((name, mode & 0o777, text));
            }
            rest = reader.finish().unwrap();
        }
    }

    #[test]
    fn modules_are_loaded_after_those_that_they_depend_on_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("drivers");
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("virtio.ko"), "license=GPL\0depends=virtio_ring\0intree=Y\0").unwrap();
        fs::write(folder.path().join("virtio_ring.ko"), "license=GPL\0depends=\0").unwrap();
        fs::write(folder.path().join("kvm.ko"), "module").unwrap();
        fs::write(folder.path().join("kvm-amd.ko"), "x\0depends=kvm,ccp\0").unwrap();
        let mut archive = Archive::new().unwrap();
        archive.program("init", b"#!/bin/sh\n").unwrap();
        archive.modules(folder.path(), &["virtio", "built-in", "virtio_ring", "kvm-amd nested=1 npt=1"]).unwrap();
        let found = files(&archive.finish().unwrap());
        let names: Vec<_> = found.iter().map(|(name, mode, _)| (name.as_str(), *mode)).collect();
        let modules = ["virtio_ring", "virtio", "kvm", "kvm_amd"].map(|name| format!("modules/{name}.ko"));
        let expected =
            ["init"].into_iter().chain(modules.iter().map(String::as_str)).chain(["modules/load"]).collect::<Vec<_>>();
        assert_eq!(names.iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected);
        assert_eq!((names[0].1, names[1].1), (0o755, 0o644));
        assert_eq!(found[3].2, "module");
        let parameters: Vec<_> =
            found[5].2.lines().map(|line| line.split(" || ").next().unwrap_or_default().trim()).collect();
        let loaded = ["virtio_ring.ko", "virtio.ko", "kvm.ko", "kvm_amd.ko nested=1 npt=1"];
        assert_eq!(parameters, loaded.map(|module| format!("insmod /modules/{module}")));
    }

    #[test]
    fn modules_that_need_each_other_do_not_go_on_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.ko"), "\0depends=b\0").unwrap();
        fs::write(folder.path().join("b.ko"), "\0depends=a\0").unwrap();
        let mut archive = Archive::new().unwrap();
        archive.modules(folder.path(), &["a"]).unwrap();
        assert_eq!(files(&archive.finish().unwrap()).len(), 3);
    }

    #[test]
    fn a_compressed_module_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("virtio.ko.xz"), "").unwrap();
        let error = Archive::new().unwrap().modules(folder.path(), &["virtio"]).unwrap_err();
        assert!(error.to_string().ends_with("virtio.ko.xz is compressed, unpack it"), "{error}");
        // One that is not wanted may be.
        Archive::new().unwrap().modules(folder.path(), &["kvm"]).unwrap();
    }
}
