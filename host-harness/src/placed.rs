//! Files that appear whole or not at all.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsRawFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::NamedTempFile;

/// A file that is put in its place when it is complete. One that is dropped before leaves nothing behind, and what was at the place stays.
/// Until then it has no name, so that nothing is left of it either when the process is killed; on file systems that have no files without
/// names it is written beside its place, under a name that begins with `.parakit-`. Where the place is something that cannot be replaced, such as a pipe, a terminal or `/dev/null`, it is
/// written to directly.
///
/// ```
/// use std::io::Write as _;
/// use parakit_harness::placed::PlacedFile;
/// # fn main() -> std::io::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// let place = folder.path().join("report");
/// let mut file = PlacedFile::create(&place)?;
/// file.write_all(b"all of it")?;
/// assert!(!place.exists());
/// file.finish()?;
/// assert_eq!(std::fs::read(&place)?, b"all of it");
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct PlacedFile {
    path: PathBuf,
    out: Out,
}

#[derive(Debug)]
enum Out {
    /// Without a name, in this folder.
    Unnamed(BufWriter<File>, PathBuf),
    /// Beside the place where the file will be.
    Beside(BufWriter<NamedTempFile>),
    /// Into something that is no file to be replaced.
    Into(BufWriter<File>),
}

impl PlacedFile {
    /// Begins a file that will be at `path`.
    ///
    /// # Errors
    /// No file can be made there.
    pub fn create(path: &Path) -> io::Result<Self> {
        // What a link points to is written, not the link replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let out = open(&path)?;
        Ok(Self { path, out })
    }

    /// Where the file will be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Completes the file and puts it in its place.
    ///
    /// # Errors
    /// Not all of it could be written, or it could not be put there; what was at the place before is still there then.
    pub fn finish(self) -> io::Result<()> {
        match self.out {
            Out::Into(mut out) => out.flush(),
            Out::Unnamed(out, folder) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.sync_all()?;
                let beside = named(&file, &folder)?;
                std::fs::rename(&beside, &self.path).inspect_err(|_| {
                    // The error is what there is to tell; that the name cannot be removed either adds nothing.
                    let _ = std::fs::remove_file(&beside);
                })
            }
            Out::Beside(out) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(&self.path).map(drop).map_err(|e| e.error)
            }
        }
    }
}

impl Write for PlacedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Out::Unnamed(out, _) => out.write(bytes),
            Out::Beside(out) => out.write(bytes),
            Out::Into(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Unnamed(out, _) => out.flush(),
            Out::Beside(out) => out.flush(),
            Out::Into(out) => out.flush(),
        }
    }
}

fn open(path: &Path) -> io::Result<Out> {
    if path.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    if path.exists() && !path.is_file() {
        return Ok(Out::Into(BufWriter::new(open_special(path)?)));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::options().write(true).mode(0o666).custom_flags(libc::O_TMPFILE).open(folder) {
        Ok(file) => return Ok(Out::Unnamed(BufWriter::new(file), folder.to_owned())),
        // There are no files without names on this file system, or in this kernel.
        Err(e) if matches!(e.raw_os_error(), Some(libc::EOPNOTSUPP | libc::EISDIR | libc::EINVAL)) => {}
        Err(e) => return Err(e),
    }
    let file = tempfile::Builder::new()
        .prefix(".parakit-")
        .permissions(std::fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    Ok(Out::Beside(BufWriter::new(file)))
}

/// Opens what is no file. A pipe has to have a reader already: to wait for one could take for ever.
fn open_special(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true);
    if !std::fs::metadata(path)?.file_type().is_fifo() {
        return options.open(path);
    }
    let file = options.custom_flags(libc::O_NONBLOCK).open(path).map_err(|error| match error.raw_os_error() {
        Some(libc::ENXIO) => io::Error::other("it is a pipe that nobody reads from"),
        _ => error,
    })?;
    // SAFETY: the descriptor is open for as long as `file` lives, and the call touches no memory.
    if unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETFL, 0) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(file)
}

/// Gives a file without a name one in `folder`, which no other has.
fn named(file: &File, folder: &Path) -> io::Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let open = CString::new(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
    loop {
        // Only has to differ from call to call: nothing is ordered by it.
        let name = format!(".parakit-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let beside = folder.join(name);
        let place = CString::new(beside.as_os_str().as_bytes())?;
        // SAFETY: both paths are strings that end with a NUL and live until the call returns.
        let done = unsafe {
            libc::linkat(libc::AT_FDCWD, open.as_ptr(), libc::AT_FDCWD, place.as_ptr(), libc::AT_SYMLINK_FOLLOW)
        };
        if done == 0 {
            return Ok(beside);
        }
        let error = io::Error::last_os_error();
        // Left by an earlier process of the same number.
        if error.kind() != io::ErrorKind::AlreadyExists {
            return Err(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_file_has_no_name_until_it_is_complete_where_the_file_system_can_do_that() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("file");
        let can = File::options().write(true).custom_flags(libc::O_TMPFILE).open(folder.path()).is_ok();
        for text in ["one", "another"] {
            let before = std::fs::read(&place).ok();
            let mut file = PlacedFile::create(&place).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file.flush().unwrap();
            assert_eq!(std::fs::read(&place).ok(), before);
            let beside = names(folder.path()).iter().filter(|name| name.starts_with(".parakit-")).count();
            assert_eq!(beside, usize::from(!can));
            file.finish().unwrap();
            assert_eq!((std::fs::read_to_string(&place).unwrap().as_str(), names(folder.path()).len()), (text, 1));
        }
        let other = folder.path().join("other");
        std::fs::write(&other, "as files are made here").unwrap();
        let [mode, usual] = [&place, &other].map(|path| std::fs::metadata(path).unwrap().permissions().mode());
        assert_eq!(mode, usual, "{mode:o}");
    }

    #[test]
    fn a_file_that_is_dropped_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("file");
        std::fs::write(&place, "before").unwrap();
        PlacedFile::create(&place).unwrap().write_all(b"half").unwrap();
        assert_eq!((std::fs::read_to_string(&place).unwrap().as_str(), names(folder.path()).len()), ("before", 1));
    }

    #[test]
    fn a_pipe_is_written_to_where_somebody_reads() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("pipe");
        let name = CString::new(place.as_os_str().as_bytes()).unwrap();
        // SAFETY: the path ends with a NUL and lives until the call returns.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        let error = PlacedFile::create(&place).expect_err("nobody reads");
        assert!(error.to_string().contains("nobody reads"), "{error}");
        let reader = std::thread::spawn({
            let place = place.clone();
            move || std::fs::read(place)
        });
        let mut file = loop {
            match PlacedFile::create(&place) {
                Ok(file) => break file,
                Err(_) => std::thread::yield_now(),
            }
        };
        file.write_all(&[7; 100_000]).unwrap();
        file.finish().unwrap();
        assert_eq!(reader.join().unwrap().unwrap(), [7; 100_000]);
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (place, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&place, "before").unwrap();
        std::os::unix::fs::symlink(&place, &link).unwrap();
        let mut file = PlacedFile::create(&link).unwrap();
        file.write_all(b"after").unwrap();
        file.finish().unwrap();
        assert!(link.is_symlink() && std::fs::read_to_string(&place).unwrap() == "after");
    }
}
