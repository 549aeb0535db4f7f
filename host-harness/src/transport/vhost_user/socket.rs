//! The socket that front ends connect to.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// Longest path of a socket, in bytes: `sun_path` has 108, the last of which is 0.
const LONGEST: usize = 107;

/// Why there is no socket: one sentence, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// The path does not fit into an address.
    #[error(
        "the socket path {} has {} bytes, and an address has room for 107; choose a shorter one, such as one in /tmp",
        path.display(), path.as_os_str().len()
    )]
    Long {
        /// The path.
        path: PathBuf,
    },
    /// No such folder.
    #[error("the socket {} cannot be made, since there is no folder {}; make it, or choose another path", path.display(), folder.display())]
    Folder {
        /// The path.
        path: PathBuf,
        /// Its folder.
        folder: PathBuf,
    },
    /// Somebody listens there.
    #[error("the socket {} is in use: a server listens there; end it, or choose another path", path.display())]
    InUse {
        /// The path.
        path: PathBuf,
    },
    /// Something else is there.
    #[error("{} is there and is no socket; remove it, or choose another path", path.display())]
    NotASocket {
        /// The path.
        path: PathBuf,
    },
    /// Whatever the operating system says.
    #[error("the socket {} cannot be made ({source}); choose another path", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A socket to which one front end after the other may connect. Its file goes with it.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
    /// Device and inode of the file, which somebody else may have put another in the place of.
    file: Option<(u64, u64)>,
    replaced: bool,
}

impl Listener {
    /// Makes the socket. A socket file that nobody listens at any more is replaced.
    ///
    /// # Errors
    /// [`SocketError`].
    pub fn bind(path: &Path) -> Result<Self, SocketError> {
        let path = path.to_owned();
        if path.as_os_str().as_bytes().len() > LONGEST {
            return Err(SocketError::Long { path });
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let folder = folder.to_owned();
            return Err(SocketError::Folder { path, folder });
        }
        let replaced = match fs::symlink_metadata(&path) {
            Err(_) => false,
            Ok(found) if !found.file_type().is_socket() => return Err(SocketError::NotASocket { path }),
            Ok(_) => match UnixStream::connect(&path) {
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => match fs::remove_file(&path) {
                    Ok(()) => true,
                    Err(source) => return Err(SocketError::Io { path, source }),
                },
                Err(source) if source.kind() != ErrorKind::WouldBlock => return Err(SocketError::Io { path, source }),
                _ => return Err(SocketError::InUse { path }),
            },
        };
        let socket = UnixListener::bind(&path).and_then(|socket| socket.set_nonblocking(true).map(|()| socket));
        match socket {
            Ok(socket) => {
                let file = fs::symlink_metadata(&path).ok().map(|found| (found.dev(), found.ino()));
                Ok(Self { socket, path, file, replaced })
            }
            Err(source) if source.kind() == ErrorKind::AddrInUse => Err(SocketError::InUse { path }),
            Err(source) => Err(SocketError::Io { path, source }),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file of a server that is gone was there.
    #[must_use]
    pub const fn replaced(&self) -> bool {
        self.replaced
    }

    /// The front end that has connected, if one has.
    ///
    /// # Errors
    /// No file descriptors left.
    pub fn accept(&self) -> io::Result<Option<UnixStream>> {
        match self.socket.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false)?;
                Ok(Some(stream))
            }
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::ConnectionAborted | ErrorKind::Interrupted => Ok(None),
                _ => Err(error),
            },
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let there = fs::symlink_metadata(&self.path).ok().map(|found| (found.dev(), found.ino()));
        if there.is_some() && there == self.file {
            // Nobody is left to be told that it stays.
            let _stays = fs::remove_file(&self.path);
        }
    }
}
