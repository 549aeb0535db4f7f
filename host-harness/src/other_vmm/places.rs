//! The files of a run: the disk, the socket of the console.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::VmmError;
use crate::device::ConsoleBuffer;

/// How long the rest of what a console prints may take after the VMM has ended.
const GRACE: Duration = Duration::from_secs(2);

/// A directory of a run's own, removed with it.
#[derive(Debug)]
pub struct Places {
    directory: TempDir,
}

impl Places {
    /// Makes it.
    ///
    /// # Errors
    /// [`VmmError::Temporary`].
    pub fn new() -> Result<Self, VmmError> {
        let directory = tempfile::Builder::new().prefix("parakit-").tempdir().map_err(VmmError::Temporary)?;
        Ok(Self { directory })
    }

    /// Where the disk is.
    #[must_use]
    pub fn disk(&self) -> PathBuf {
        self.directory.path().join("disk.img")
    }

    /// Where the socket of the console is, to which the VMM connects.
    #[must_use]
    pub fn console(&self) -> PathBuf {
        self.directory.path().join("console")
    }

    /// Where a file of this name is that is made for the run.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Makes the disk.
    ///
    /// # Errors
    /// [`VmmError::Temporary`].
    pub fn write_disk(&self, bytes: &[u8]) -> Result<(), VmmError> {
        fs::write(self.disk(), bytes).map_err(VmmError::Temporary)
    }

    /// What is on the disk.
    ///
    /// # Errors
    /// [`VmmError::Temporary`].
    pub fn read_disk(&self) -> Result<Vec<u8>, VmmError> {
        fs::read(self.disk()).map_err(VmmError::Temporary)
    }
}

/// The guest's console, as the other end of a socket.
#[derive(Debug)]
pub(super) struct ConsoleEnd {
    listener: UnixListener,
    stream: Option<UnixStream>,
    printed: ConsoleBuffer,
    reader: Option<JoinHandle<()>>,
    /// Typed before there was anybody.
    waiting: Vec<u8>,
}

impl ConsoleEnd {
    /// Waits for the VMM at `path`.
    pub(super) fn listen(path: &Path) -> Result<Self, VmmError> {
        let fail = |source| VmmError::Socket { path: path.to_owned(), source };
        let listener = UnixListener::bind(path).map_err(fail)?;
        listener.set_nonblocking(true).map_err(fail)?;
        Ok(Self { listener, stream: None, printed: ConsoleBuffer::default(), reader: None, waiting: Vec::new() })
    }

    /// Takes the VMM's connection, once it is there.
    pub(super) fn tick(&mut self) {
        if self.stream.is_some() {
            return;
        }
        let Ok((stream, _)) = self.listener.accept() else { return };
        let (Ok(()), Ok(mut from)) = (stream.set_nonblocking(false), stream.try_clone()) else { return };
        let mut to = self.printed.clone();
        let read = move || {
            let mut piece = [0; 4096];
            loop {
                match from.read(&mut piece) {
                    Ok(0) => return,
                    // The buffer takes everything, and keeps what fits.
                    Ok(count) => drop(to.write_all(&piece[..count])),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => return,
                }
            }
        };
        self.reader = thread::Builder::new().name("console-out".into()).spawn(read).ok();
        self.stream = Some(stream);
        let waiting = std::mem::take(&mut self.waiting);
        self.type_in(waiting);
    }

    /// Types at the guest. A guest that reads slowly keeps nobody waiting.
    pub(super) fn type_in(&mut self, bytes: Vec<u8>) {
        let Some(stream) = &self.stream else {
            self.waiting.extend(bytes);
            return;
        };
        if let (false, Ok(mut to)) = (bytes.is_empty(), stream.try_clone()) {
            // It ends when all is written, or with the connection. Without it the guest waits in vain, and says so.
            let _ = thread::Builder::new().name("console-in".into()).spawn(move || to.write_all(&bytes));
        }
    }

    /// What the guest printed, once the VMM has ended.
    pub(super) fn finish(mut self) -> Vec<u8> {
        // A VMM that ended at once may have connected unseen.
        self.tick();
        let until = Instant::now() + GRACE;
        while self.reader.as_ref().is_some_and(|reader| !reader.is_finished()) && Instant::now() < until {
            thread::sleep(Duration::from_millis(2));
        }
        if let Some(stream) = &self.stream {
            // Ends the threads that still hold it; one that is closed already is as well.
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.printed.bytes()
    }
}
