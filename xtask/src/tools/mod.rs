//! `cargo xtask ci tools`: programs by others that drivers and devices are held against, in a folder of the build tree.
//!
//! QEMU, a kernel of Debian's and busybox are downloaded as packages and unpacked. Nothing is installed on the machine and nothing of it is
//! changed; root is not needed. What was begun and not finished is not seen: the folder gets its name when it is complete.

mod apt;
mod sources;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use xtask::programs::first_of;

use self::apt::Apt;
use crate::command::Failure;

/// Debian's release that the packages are of.
const RELEASE: &str = "bookworm";
/// QEMU and its firmware, from the backports: the release's own QEMU lacks features of virtio that are judged here.
const QEMU: &[&str] = &[
    "qemu-system-x86",
    "qemu-system-arm",
    "qemu-system-riscv",
    "qemu-system-common",
    "qemu-system-data",
    "seabios",
    "ipxe-qemu",
    "opensbi",
];
/// What depends on the kernel that is meant.
const LINUX: &str = "linux-image-cloud-amd64";
const BUSYBOX: &str = "busybox-static";
/// The CPUs that QEMU is fetched for.
const ARCHITECTURES: [&str; 3] = ["x86_64", "aarch64", "riscv64"];
/// The variables that name files among the tools: a Linux kernel, the folder of its modules, busybox.
pub(crate) const FILES: [(&str, &str); 3] = [
    ("PARAKIT_LINUX", "linux/vmlinuz"),
    ("PARAKIT_LINUX_MODULES", "linux/modules"),
    ("PARAKIT_BUSYBOX", "bin/busybox"),
];
/// The first line of the stamp; changes whenever the folder is laid out otherwise.
const LAYOUT: &str = "parakit tools 1";
/// The file that says what is there.
const STAMP: &str = "versions";

/// Why the tools cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ToolsError {
    /// Not the system that the packages are for.
    #[error(
        "the tools are packages of Debian {RELEASE} for amd64, and this is {0}; install QEMU 10 or newer yourself, \
         and set PARAKIT_LINUX, PARAKIT_LINUX_MODULES and PARAKIT_BUSYBOX"
    )]
    System(String),
    /// No source of the release.
    #[error(
        "apt's sources on this machine name no mirror of {RELEASE}; add one to /etc/apt/sources.list and run this again"
    )]
    NoMirror,
    /// A program of Debian's is not there.
    #[error("cannot start `{what}`: {source}; the tools are fetched with apt and dpkg")]
    Start {
        /// The command.
        what: String,
        /// Why.
        source: io::Error,
    },
    /// A program of Debian's failed.
    #[error("`{what}` failed ({why}); check the network and apt's sources, and run this again")]
    Apt {
        /// The command.
        what: String,
        /// What it said.
        why: String,
    },
    /// A package does not hold what it should.
    #[error("the packages were unpacked, but {0} is not there; report this, with the versions of the packages")]
    Missing(PathBuf),
    /// The folder cannot be written.
    #[error("cannot {doing} {path}: {source}; free or make writable the target folder", path = path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl ToolsError {
    fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_path_buf(), source }
    }
}

impl From<ToolsError> for Failure {
    fn from(error: ToolsError) -> Self {
        Self::CannotRun(error.to_string())
    }
}

/// Where the tools are.
fn folder(root: &Path) -> PathBuf {
    root.join("target/tools")
}

/// Fetches the tools, unless they are there.
pub(crate) fn fetch(root: &Path, force: bool) -> Result<ExitCode, Failure> {
    let place = folder(root);
    let target = root.join("target");
    fs::create_dir_all(&target).map_err(ToolsError::file("make", &target))?;
    // Held until this returns; a second one waits, and finds the tools there.
    let lock = target.join("tools.lock");
    let lock_file = File::create(&lock).map_err(ToolsError::file("write", &lock))?;
    lock_file.lock().map_err(ToolsError::file("lock", &lock))?;
    if !force && let Some(versions) = complete(&place) {
        println!("the tools are in {}:\n{versions}", place.display());
        return Ok(ExitCode::SUCCESS);
    }
    check_system()?;
    let new = target.join("tools.new");
    remove(&new)?;
    let versions = match build(&new) {
        Ok(versions) => versions,
        Err(error) => {
            remove(&new)?;
            return Err(error.into());
        }
    };
    remove(&place)?;
    fs::rename(&new, &place).map_err(ToolsError::file("rename", &new))?;
    println!("the tools are in {}:\n{versions}", place.display());
    Ok(ExitCode::SUCCESS)
}

/// The versions of what is in the folder, if nothing is missing.
fn complete(place: &Path) -> Option<String> {
    let stamp = fs::read_to_string(place.join(STAMP)).ok()?;
    let versions = stamp.strip_prefix(LAYOUT)?.trim();
    let whole = programs(place).into_iter().chain([place.join("linux/vmlinuz"), place.join("linux/modules")]);
    whole.into_iter().all(|path| path.exists()).then(|| versions.to_owned())
}

fn programs(place: &Path) -> Vec<PathBuf> {
    let names = ARCHITECTURES.map(|architecture| format!("qemu-system-{architecture}"));
    names.iter().map(String::as_str).chain(["busybox"]).map(|name| place.join("bin").join(name)).collect()
}

fn check_system() -> Result<(), ToolsError> {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let field = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(|v| v.trim_matches('"').to_owned())
    };
    let name = field("PRETTY_NAME").unwrap_or_else(|| "an unknown system".to_owned());
    if field("ID").as_deref() != Some("debian") || field("VERSION_CODENAME").as_deref() != Some(RELEASE) {
        return Err(ToolsError::System(name));
    }
    if std::env::consts::ARCH != "x86_64" {
        return Err(ToolsError::System(format!("{name} for {}", std::env::consts::ARCH)));
    }
    Ok(())
}

/// Makes the folder; the versions of what is in it.
fn build(new: &Path) -> Result<String, ToolsError> {
    let etc = Path::new("/etc/apt");
    let sources = sources::of_machine(etc).map_err(ToolsError::file("read", etc))?;
    let sources = sources::for_release(&sources, RELEASE).ok_or(ToolsError::NoMirror)?;
    let work = new.join("apt");
    let apt = Apt::new(&work, &sources)?;
    println!("getting the lists of packages");
    apt.update()?;
    println!("downloading QEMU");
    apt.download(Some(&format!("{RELEASE}-backports")), QEMU)?;
    println!("downloading Linux and busybox");
    apt.download_alone(&apt.dependency(LINUX)?)?;
    apt.download_alone(BUSYBOX)?;
    println!("unpacking");
    let unpacked = new.join("root");
    fs::create_dir_all(&unpacked).map_err(ToolsError::file("make", &unpacked))?;
    let mut versions = Vec::new();
    for archive in apt.archives()? {
        let mut unpack = Command::new("dpkg-deb");
        unpack.arg("-x").arg(&archive).arg(&unpacked);
        apt::run(unpack)?;
        let mut ask = Command::new("dpkg-deb");
        ask.args(["-W", "--showformat=${Package} ${Version}"]).arg(&archive);
        versions.push(apt::run(ask)?.trim().to_owned());
    }
    arrange(new, &unpacked)?;
    remove(&work)?;
    versions.sort();
    let versions = versions.join("\n");
    let stamp = new.join(STAMP);
    fs::write(&stamp, format!("{LAYOUT}\n{versions}\n")).map_err(ToolsError::file("write", &stamp))?;
    complete(new).ok_or_else(|| ToolsError::Missing(new.join("bin")))
}

/// Puts what is used where it is looked for.
fn arrange(new: &Path, unpacked: &Path) -> Result<(), ToolsError> {
    let (bin, linux, modules) = (new.join("bin"), new.join("linux"), new.join("linux/modules"));
    for path in [&bin, &modules] {
        fs::create_dir_all(path).map_err(ToolsError::file("make", path))?;
    }
    for architecture in ARCHITECTURES {
        let name = format!("qemu-system-{architecture}");
        let program = unpacked.join("usr/bin").join(&name);
        if !program.is_file() {
            return Err(ToolsError::Missing(program));
        }
        let path = bin.join(&name);
        fs::write(&path, wrapper(&name)).map_err(ToolsError::file("write", &path))?;
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(&path, executable).map_err(ToolsError::file("make executable", &path))?;
    }
    let busybox = ["bin/busybox", "usr/bin/busybox"].map(|path| unpacked.join(path));
    let busybox = busybox.iter().find(|path| path.is_file()).ok_or_else(|| ToolsError::Missing(busybox[0].clone()))?;
    fs::hard_link(busybox, bin.join("busybox")).map_err(ToolsError::file("link", busybox))?;
    let kernel = files(&unpacked.join("boot"))?.into_iter().find(|path| starts_with(path, "vmlinuz-"));
    let kernel = kernel.ok_or_else(|| ToolsError::Missing(unpacked.join("boot/vmlinuz")))?;
    fs::hard_link(&kernel, linux.join("vmlinuz")).map_err(ToolsError::file("link", &kernel))?;
    let trees = ["lib/modules", "usr/lib/modules"].map(|path| unpacked.join(path));
    let tree = trees.iter().find(|path| path.is_dir()).ok_or_else(|| ToolsError::Missing(trees[0].clone()))?;
    for module in files(tree)?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "ko")) {
        let Some(name) = module.file_name() else { continue };
        fs::hard_link(&module, modules.join(name)).map_err(ToolsError::file("link", &module))?;
    }
    Ok(())
}

fn starts_with(path: &Path, prefix: &str) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(prefix.as_bytes()))
}

/// All files below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, ToolsError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(ToolsError::file("read", &folder))? {
            let entry = entry.map_err(ToolsError::file("read", &folder))?;
            let kind = entry.file_type().map_err(ToolsError::file("read", &folder))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

/// A program's wrapper, which finds libraries and firmware from where it lies itself.
fn wrapper(name: &str) -> String {
    format!(
        "#!/bin/sh\n\
         root=$(dirname -- \"$(dirname -- \"$(readlink -f -- \"$0\")\")\")/root\n\
         libraries=$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu\n\
         export LD_LIBRARY_PATH=\"$libraries${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\"\n\
         export QEMU_MODULE_DIR=\"$root/usr/lib/x86_64-linux-gnu/qemu\"\n\
         exec \"$root/usr/bin/{name}\" -L \"$root/usr/share/qemu\" -L \"$root/usr/share/seabios\" -L \"$root/usr/lib/ipxe/qemu\" \"$@\"\n"
    )
}

fn remove(path: &Path) -> Result<(), ToolsError> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(ToolsError::file("remove", path)(e)),
        _ => Ok(()),
    }
}

/// What programs that this runs are told, so that they find the tools: `PATH`, and where Linux and busybox are. What the user set comes first.
pub(crate) fn environment(root: &Path) -> Vec<(&'static str, OsString)> {
    let place = folder(root);
    if complete(&place).is_none() {
        return Vec::new();
    }
    let mut variables = Vec::new();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(place.join("bin")).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(all) {
        variables.push(("PATH", path));
    }
    for (name, file) in FILES {
        if given(name).is_none() {
            variables.push((name, place.join(file).into_os_string()));
        }
    }
    variables
}

/// A program that is among the tools, or on the user's `PATH`.
pub(crate) fn program(root: &Path, name: &str) -> Option<PathBuf> {
    let tools = complete(&folder(root)).map(|_| folder(root).join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    first_of(tools.into_iter().chain(std::env::split_paths(&path)), name)
}

/// The file that a variable of [`FILES`] names: what the user set it to, else the one among the tools.
pub(crate) fn file(root: &Path, variable: &str) -> Option<PathBuf> {
    let (_, file) = FILES.iter().find(|(name, _)| *name == variable)?;
    given(variable).or_else(|| complete(&folder(root)).map(|_| folder(root).join(file)))
}

/// What the user set a variable to.
fn given(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that looks like the tools, in which QEMU says where it was started from.
    fn laid_out(place: &Path) {
        let root = place.join("root");
        for file in ["usr/bin/qemu-system-x86_64", "usr/bin/qemu-system-aarch64", "usr/bin/qemu-system-riscv64"] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "#!/bin/sh\necho \"$0 $LD_LIBRARY_PATH $*\"\n").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for file in ["bin/busybox", "boot/vmlinuz-6.1", "boot/config-6.1", "lib/modules/6.1/kernel/a/kvm.ko"] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, file).unwrap();
        }
        arrange(place, &root).unwrap();
    }

    #[test]
    fn a_folder_is_complete_with_its_stamp_and_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        laid_out(place);
        assert_eq!(complete(place), None);
        fs::write(place.join(STAMP), format!("{LAYOUT}\na 1\nb 2\n")).unwrap();
        assert_eq!(complete(place).as_deref(), Some("a 1\nb 2"));
        assert_eq!(fs::read_to_string(place.join("linux/modules/kvm.ko")).unwrap(), "lib/modules/6.1/kernel/a/kvm.ko");
        fs::remove_file(place.join("bin/busybox")).unwrap();
        assert_eq!(complete(place), None);
    }

    #[test]
    fn a_wrapper_finds_its_root_wherever_it_is_and_through_links() {
        let folder = tempfile::tempdir().unwrap();
        let (before, after) = (folder.path().join("before"), folder.path().join("after it"));
        fs::create_dir(&before).unwrap();
        laid_out(&before);
        fs::rename(&before, &after).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(after.join("bin/qemu-system-x86_64"), &link).unwrap();
        let output = Command::new(&link).args(["-M", "q 35"]).env_remove("LD_LIBRARY_PATH").output().unwrap();
        let root = fs::canonicalize(after.join("root")).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let root = root.display();
        assert!(text.starts_with(&format!("{root}/usr/bin/qemu-system-x86_64 {root}/lib/x86_64-linux-gnu:")), "{text}");
        assert!(text.ends_with("-M q 35\n"), "{text}");
    }

    #[test]
    fn a_package_without_its_program_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let error = arrange(folder.path(), &folder.path().join("root")).unwrap_err();
        assert!(error.to_string().contains("qemu-system-x86_64 is not there"), "{error}");
    }
}
