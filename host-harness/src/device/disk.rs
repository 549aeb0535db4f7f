//! Where the bytes of a block device are.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use parakit_abi::device::block::SECTOR_SIZE;
use vm_memory::VolatileSlice;

/// The bytes behind a block device. Offsets and lengths are in bytes and within [`Disk::len`]: the device checks before it asks.
pub trait Disk: Send {
    /// Its length in bytes, a multiple of 512.
    fn len(&self) -> u64;
    /// Whether it has no bytes at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Fills `into` with the bytes from `offset` on.
    ///
    /// # Errors
    /// The medium's.
    fn read(&mut self, offset: u64, into: &[VolatileSlice<'_>]) -> io::Result<()>;
    /// Writes the bytes of `from` at `offset`.
    ///
    /// # Errors
    /// The medium's.
    fn write(&mut self, offset: u64, from: &[VolatileSlice<'_>]) -> io::Result<()>;
    /// Makes `len` bytes at `offset` read as zeroes.
    ///
    /// # Errors
    /// The medium's.
    fn zero(&mut self, offset: u64, len: u64) -> io::Result<()>;
    /// Makes the disk `len` bytes long, a multiple of 512; new bytes are zeroes. False, and nothing done, where the medium cannot.
    fn resize(&mut self, len: u64) -> bool;
    /// Makes completed writes survive a crash, where the medium can.
    ///
    /// # Errors
    /// The medium's.
    fn flush(&mut self) -> io::Result<()>;
}

/// Why an image cannot be used; each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// It cannot be opened.
    #[error("disk image {path}: {source}; check the path and its permissions", path = path.display())]
    Open {
        /// The image.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is a directory, socket or the like.
    #[error("disk image {path} is not a regular file; give an image file", path = path.display())]
    NotAFile {
        /// The image.
        path: PathBuf,
    },
    /// It has no bytes.
    #[error("disk image {path} is empty; give one that has sectors, for example: truncate -s 4M {path}", path = path.display())]
    Empty {
        /// The image.
        path: PathBuf,
    },
    /// Its size is no multiple of 512.
    #[error("disk image {path} has {len} bytes, which is no multiple of 512; pad it, for example: truncate -s %512 {path}", path = path.display())]
    Size {
        /// The image.
        path: PathBuf,
        /// Its size in bytes.
        len: u64,
    },
}

/// Trouble with the medium that the guest only sees as an I/O error, but that the user has to hear of: the run ends with exit
/// status 2. Shared by everyone who has a clone.
#[derive(Clone, Debug, Default)]
pub struct DiskTrouble(Arc<Mutex<Option<String>>>);

impl DiskTrouble {
    /// No trouble.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes trouble; the first one stays.
    pub fn note(&self, message: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| message.into());
    }

    /// The first trouble, as a sentence with what to do.
    #[must_use]
    pub fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Most bytes that a disk in memory grows to.
const MAX_MEMORY_DISK: u64 = 256 << 20;

/// A disk in memory.
#[derive(Debug)]
pub struct MemoryDisk {
    bytes: Vec<u8>,
}

impl MemoryDisk {
    /// A disk with these contents; cut to whole sectors.
    #[must_use]
    pub fn new(mut bytes: Vec<u8>) -> Self {
        bytes.truncate(bytes.len() - bytes.len() % SECTOR_SIZE);
        Self { bytes }
    }
}

impl Disk for MemoryDisk {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&mut self, offset: u64, into: &[VolatileSlice<'_>]) -> io::Result<()> {
        let mut at = offset as usize;
        for slice in into {
            slice.copy_from(&self.bytes[at..at + slice.len()]);
            at += slice.len();
        }
        Ok(())
    }

    fn write(&mut self, offset: u64, from: &[VolatileSlice<'_>]) -> io::Result<()> {
        let mut at = offset as usize;
        for slice in from {
            slice.copy_to(&mut self.bytes[at..at + slice.len()]);
            at += slice.len();
        }
        Ok(())
    }

    fn zero(&mut self, offset: u64, len: u64) -> io::Result<()> {
        self.bytes[offset as usize..(offset + len) as usize].fill(0);
        Ok(())
    }

    fn resize(&mut self, len: u64) -> bool {
        let fits = len <= MAX_MEMORY_DISK && len.is_multiple_of(SECTOR_SIZE as u64);
        if fits {
            self.bytes.resize(len as usize, 0);
        }
        fits
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
