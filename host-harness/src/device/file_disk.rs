//! A disk in a file, with an overlay in memory for writes that must not reach it.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use parakit_abi::device::block::SECTOR_SIZE;
use vm_memory::VolatileSlice;

use super::{Disk, DiskError, DiskTrouble};
use crate::queue::zero;

/// What happens to writes of a [`FileDisk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteMode {
    /// They go to an overlay in memory; the file is never touched.
    Overlay,
    /// They go to the file.
    Through,
}

/// A disk in a file.
pub struct FileDisk {
    file: File,
    path: PathBuf,
    len: u64,
    mode: WriteMode,
    overlay: HashMap<u64, Page>,
    room: usize,
    trouble: DiskTrouble,
}

/// A page of the overlay; `None` reads as zeroes.
type Page = Option<Box<[u8; PAGE as usize]>>;

/// Bytes of a page of the overlay.
const PAGE: u64 = 4096;
/// Most pages of the overlay: 1 GiB.
const OVERLAY_PAGES: usize = 1 << 18;
/// Most buffers of one vectored read or write (`IOV_MAX`).
const MAX_VECTOR: usize = 1024;

impl FileDisk {
    /// Opens an image.
    ///
    /// # Errors
    /// [`DiskError`], with what to do about it.
    pub fn open(path: &Path, mode: WriteMode, trouble: DiskTrouble) -> Result<Self, DiskError> {
        let open = |source| DiskError::Open { path: path.to_owned(), source };
        let meta = std::fs::metadata(path).map_err(open)?;
        if !meta.is_file() {
            return Err(DiskError::NotAFile { path: path.to_owned() });
        }
        let file = File::options().read(true).write(mode == WriteMode::Through).open(path).map_err(open)?;
        let len = file.metadata().map_err(open)?.size();
        if len % SECTOR_SIZE as u64 != 0 {
            return Err(DiskError::Size { path: path.to_owned(), len });
        }
        Ok(Self { file, path: path.to_owned(), len, mode, overlay: HashMap::new(), room: OVERLAY_PAGES, trouble })
    }

    /// Bytes of the overlay that hold data.
    #[must_use]
    pub fn overlay_bytes(&self) -> u64 {
        self.overlay.values().flatten().count() as u64 * PAGE
    }

    fn check_still_there(&self, end: u64) -> io::Result<()> {
        let now = self.file.metadata()?.size();
        if now < self.len.min(end.next_multiple_of(SECTOR_SIZE as u64)) {
            self.trouble.note(format!(
                "disk image {} shrank from {} to {now} bytes while in use; restore it, and change it only when no run uses it",
                self.path.display(),
                self.len
            ));
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Lets the user know of an error of the medium.
    fn noted(&self, error: io::Error) -> io::Error {
        let path = self.path.display();
        self.trouble.note(format!("disk image {path}: {error}; check the medium that it is on, and its free space"));
        error
    }

    /// Reads from the file alone, whatever the overlay has.
    fn read_file(&self, mut offset: u64, into: &[VolatileSlice<'_>]) -> io::Result<()> {
        for slices in into.chunks(MAX_VECTOR) {
            offset += self.vectored(offset, slices, libc::preadv)?;
        }
        Ok(())
    }

    fn vectored(&self, offset: u64, slices: &[VolatileSlice<'_>], call: Vectored) -> io::Result<u64> {
        let guards: Vec<_> = slices.iter().map(VolatileSlice::ptr_guard_mut).collect();
        let mut vector: Vec<libc::iovec> =
            guards.iter().map(|guard| libc::iovec { iov_base: guard.as_ptr().cast(), iov_len: guard.len() }).collect();
        let total: u64 = slices.iter().map(|s| s.len() as u64).sum();
        let (mut done, mut first) = (0, 0);
        while done < total {
            let part = &vector[first..];
            let at = (offset + done) as libc::off_t;
            // SAFETY: each iovec is a slice of guest memory that `guards` keeps mapped until the end of this function; the
            // kernel may write it, as any device may, and Rust has no reference into it.
            let count = unsafe { call(self.file.as_raw_fd(), part.as_ptr(), part.len() as libc::c_int, at) };
            if count < 0 {
                let error = io::Error::last_os_error();
                if error.kind() == io::ErrorKind::Interrupted {
                    continue;
                }
                return Err(self.noted(error));
            }
            if count == 0 {
                self.check_still_there(offset + total)?;
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            done += count as u64;
            let mut left = count as usize;
            while left > 0 {
                let piece = &mut vector[first];
                let step = left.min(piece.iov_len);
                // SAFETY: `step` is at most the length of the piece, so the pointer stays within it or at its end.
                piece.iov_base = unsafe { piece.iov_base.cast::<u8>().add(step) }.cast();
                piece.iov_len -= step;
                left -= step;
                if piece.iov_len == 0 {
                    first += 1;
                }
            }
        }
        Ok(total)
    }

    /// The page of the overlay that holds byte `page * PAGE`, filled from the file if it is new.
    fn page_mut(&mut self, page: u64) -> io::Result<&mut [u8; PAGE as usize]> {
        if !matches!(self.overlay.get(&page), Some(Some(_))) {
            self.take_room()?;
            let mut bytes = Box::new([0; PAGE as usize]);
            if !self.overlay.contains_key(&page) {
                let start = page * PAGE;
                let count = PAGE.min(self.len - start) as usize;
                self.check_still_there(start + count as u64)?;
                self.file.read_exact_at(&mut bytes[..count], start).map_err(|e| self.noted(e))?;
            }
            self.overlay.insert(page, Some(bytes));
        }
        match self.overlay.get_mut(&page) {
            Some(Some(bytes)) => Ok(bytes),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn take_room(&mut self) -> io::Result<()> {
        let Some(room) = self.room.checked_sub(1) else {
            self.trouble.note(format!(
                "the guest wrote more than {} MiB to disk image {}, which is all that is kept in memory; let it write to the file with --disk-write",
                (OVERLAY_PAGES as u64 * PAGE) >> 20,
                self.path.display()
            ));
            return Err(io::ErrorKind::StorageFull.into());
        };
        self.room = room;
        Ok(())
    }
}

/// `preadv` or `pwritev`.
type Vectored = unsafe extern "C" fn(libc::c_int, *const libc::iovec, libc::c_int, libc::off_t) -> libc::ssize_t;

/// The parts of `slices` that make up bytes `from..to` of them.
fn part<'a>(slices: &[VolatileSlice<'a>], from: u64, to: u64) -> Vec<VolatileSlice<'a>> {
    let mut parts = Vec::new();
    let mut at = 0;
    for slice in slices {
        let (start, end) = (at, at + slice.len() as u64);
        at = end;
        let (low, high) = (start.max(from), end.min(to));
        if low < high
            && let Ok(piece) = slice.subslice((low - start) as usize, (high - low) as usize)
        {
            parts.push(piece);
        }
    }
    parts
}

impl Disk for FileDisk {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&mut self, offset: u64, into: &[VolatileSlice<'_>]) -> io::Result<()> {
        let end = offset + into.iter().map(|s| s.len() as u64).sum::<u64>();
        self.check_still_there(end)?;
        if self.overlay.is_empty() {
            return self.read_file(offset, into);
        }
        // Runs of pages without an overlay are read from the file at once.
        let mut at = offset;
        while at < end {
            let page = at / PAGE;
            if let Some(overlay) = self.overlay.get(&page) {
                let stop = end.min((page + 1) * PAGE);
                let mut from = (at % PAGE) as usize;
                for slice in part(into, at - offset, stop - offset) {
                    match overlay {
                        Some(bytes) => slice.copy_from(&bytes[from..from + slice.len()]),
                        None => zero(&slice),
                    }
                    from += slice.len();
                }
                at = stop;
            } else {
                let mut next = page + 1;
                while next * PAGE < end && !self.overlay.contains_key(&next) {
                    next += 1;
                }
                let stop = end.min(next * PAGE);
                self.read_file(at, &part(into, at - offset, stop - offset))?;
                at = stop;
            }
        }
        Ok(())
    }

    fn write(&mut self, offset: u64, from: &[VolatileSlice<'_>]) -> io::Result<()> {
        let end = offset + from.iter().map(|s| s.len() as u64).sum::<u64>();
        if self.mode == WriteMode::Through {
            // Without this, writing past the end of a file that shrank would make it grow again, with a hole of zeroes.
            self.check_still_there(end)?;
            let mut at = offset;
            for slices in from.chunks(MAX_VECTOR) {
                at += self.vectored(at, slices, libc::pwritev)?;
            }
            return Ok(());
        }
        let mut at = offset;
        for slice in from {
            let mut done = 0;
            while done < slice.len() {
                let within = (at % PAGE) as usize;
                let count = (PAGE as usize - within).min(slice.len() - done);
                let piece = slice.subslice(done, count).map_err(io::Error::other)?;
                piece.copy_to(&mut self.page_mut(at / PAGE)?[within..within + count]);
                done += count;
                at += count as u64;
            }
        }
        Ok(())
    }

    fn zero(&mut self, offset: u64, len: u64) -> io::Result<()> {
        let end = offset + len;
        if self.mode == WriteMode::Through {
            self.check_still_there(end)?;
            let zeroes = vec![0; 0x1_0000.min(len as usize)];
            let mut at = offset;
            while at < end {
                let count = (end - at).min(zeroes.len() as u64) as usize;
                self.file.write_all_at(&zeroes[..count], at).map_err(|e| self.noted(e))?;
                at += count as u64;
            }
            return Ok(());
        }
        let mut at = offset;
        while at < end {
            let (page, within) = (at / PAGE, (at % PAGE) as usize);
            let count = (PAGE - at % PAGE).min(end - at);
            if count == PAGE {
                // A page of zeroes needs no memory of its own.
                if let Some(Some(_)) = self.overlay.insert(page, None) {
                    self.room += 1;
                }
            } else {
                self.page_mut(page)?[within..within + count as usize].fill(0);
            }
            at += count;
        }
        Ok(())
    }

    /// A file keeps its size; a smaller capacity only hides its end.
    fn resize(&mut self, len: u64) -> bool {
        len <= self.len
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.mode {
            WriteMode::Through => self.file.sync_data().map_err(|e| self.noted(e)),
            WriteMode::Overlay => Ok(()),
        }
    }
}
