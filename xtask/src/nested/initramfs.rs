//! Initial file systems, as archives that Linux unpacks.

use std::io;
use std::path::Path;

use cpio::newc::{self, ModeFileType};

/// An archive that is being made.
#[derive(Default)]
pub(super) struct Archive {
    bytes: Vec<u8>,
    entries: u32,
}

impl Archive {
    /// With the folders that are mounted on, and without a file.
    pub(super) fn new() -> io::Result<Self> {
        let mut archive = Self::default();
        for folder in ["bin", "dev", "linux", "mnt", "modules", "proc", "runs", "sys", "tmp"] {
            archive.add(folder, ModeFileType::Directory, 0o755, &[])?;
        }
        Ok(archive)
    }

    /// A file that may be run.
    pub(super) fn program(&mut self, name: &str, contents: &[u8]) -> io::Result<()> {
        self.add(name, ModeFileType::Regular, 0o755, contents)
    }

    /// A file.
    pub(super) fn file(&mut self, name: &str, contents: &[u8]) -> io::Result<()> {
        self.add(name, ModeFileType::Regular, 0o644, contents)
    }

    /// Modules of a kernel, and the order in which they are loaded. What is not in `folder` is part of the kernel.
    pub(super) fn modules(&mut self, folder: &Path, order: &[&str]) -> io::Result<()> {
        let mut list = String::new();
        for line in order {
            let name = line.split(' ').next().unwrap_or_default();
            match std::fs::read(folder.join(format!("{name}.ko"))) {
                Ok(module) => self.file(&format!("modules/{name}.ko"), &module)?,
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
            list.push_str(line);
            list.push('\n');
        }
        self.file("modules/order", list.as_bytes())
    }

    /// The archive, complete.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
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

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn an_archive_has_its_files_and_those_modules_that_there_are() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("kvm.ko"), b"module").unwrap();
        let mut archive = Archive::new().unwrap();
        archive.program("init", b"#!/bin/sh\n").unwrap();
        archive.modules(folder.path(), &["virtio", "kvm a=1 b=2"]).unwrap();
        let bytes = archive.finish().unwrap();
        let (mut rest, mut found) = (bytes.as_slice(), Vec::new());
        loop {
            let mut reader = newc::Reader::new(rest).unwrap();
            if reader.entry().is_trailer() {
                break;
            }
            let (name, mode) = (reader.entry().name().to_owned(), reader.entry().mode());
            let mut text = String::new();
            reader.read_to_string(&mut text).unwrap();
            if mode & 0o170_000 == 0o100_000 {
                found.push((name, mode & 0o777, text));
            }
            rest = reader.finish().unwrap();
        }
        let expected = [
            ("init", 0o755, "#!/bin/sh\n"),
            ("modules/kvm.ko", 0o644, "module"),
            ("modules/order", 0o644, "virtio\nkvm a=1 b=2\n"),
        ];
        assert_eq!(found, expected.map(|(name, mode, text)| (name.to_owned(), mode, text.to_owned())));
    }
}
