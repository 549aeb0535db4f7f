//! Files that appear whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is written beside its place and put there when it is complete. One that is dropped before leaves nothing behind, and what
/// was at the place stays. Where the place is something that cannot be replaced, such as a pipe, a terminal or `/dev/null`, it is
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
            Out::Beside(out) => out.write(bytes),
            Out::Into(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
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
        return Ok(Out::Into(BufWriter::new(File::options().write(true).open(path)?)));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::Builder::new()
        .prefix(".parakit-")
        .permissions(std::fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    Ok(Out::Beside(BufWriter::new(file)))
}
