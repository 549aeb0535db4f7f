//! A machine whose devices do not see the caches.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    collections::BTreeMap,
    ptr::NonNull,
    sync::{Arc, Mutex},
};

use parakit::platform::{
    DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError, Wait, cache::DataCache,
};

use super::platform::Memory;

/// Bytes of a line.
pub const LINE: usize = 64;

/// Maintenance that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Cleaning what the device reads.
    CleanForReading,
    /// Cleaning what the device writes.
    CleanForWriting,
    /// Discarding what the device wrote.
    Discard,
}

/// What is in memory below lines that were never written back.
const RUBBISH: u8 = 0xee;

/// A buffer that is shared: its lines, as memory holds them. The cache holds what the driver sees.
#[derive(Debug)]
struct Lines {
    /// Where the driver has the first one.
    driver: usize,
    len: usize,
    /// Where the buffer begins, and its length.
    offset: usize,
    buffer: usize,
    memory: *mut u8,
    direction: Direction,
    /// The cache holds what the driver wrote, and memory does not.
    dirty: bool,
}

// SAFETY: a note about memory.
unsafe impl Send for Lines {}

#[derive(Debug, Default)]
struct Book {
    next: u64,
    /// By device address of the first line.
    shared: BTreeMap<u64, Lines>,
    /// Memory past the cache, by device address.
    uncached: BTreeMap<u64, (usize, usize)>,
    left_out: Option<LeftOut>,
    cleaned: usize,
    discarded: usize,
}

/// The machine: its memory, and its cache.
///
/// A driver's buffers are what the cache holds. A device has the lines of each buffer that is shared in memory of their own, and only
/// [`DataCache`]'s functions copy from the one to the other; but that a dirty line is written back some time without being asked, at the
/// worst one: when the device has written it. Memory of `dma_alloc` is not cached, and the same for both.
#[derive(Clone, Debug, Default)]
pub struct Island(Arc<Mutex<Book>>);

impl Island {
    pub fn leaving_out(left_out: Option<LeftOut>) -> Self {
        let island = Self::default();
        island.book().left_out = left_out;
        island
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Buffers that are shared, and allocations.
    pub fn live(&self) -> (usize, usize) {
        let book = self.book();
        (book.shared.len(), book.uncached.len())
    }

    /// How often lines were cleaned and discarded.
    pub fn maintained(&self) -> (usize, usize) {
        let book = self.book();
        (book.cleaned, book.discarded)
    }
}

impl Book {
    fn place(&mut self, len: usize, align: usize) -> u64 {
        let address = self.next.next_multiple_of(align as u64);
        self.next = address + len as u64 + LINE as u64;
        address
    }

    /// The buffer that was shared with these lines.
    fn lines(&mut self, lines: NonNull<[u8]>) -> &mut Lines {
        let (start, len) = (lines.addr().get(), lines.len());
        assert!(start.is_multiple_of(LINE) && len.is_multiple_of(LINE), "{len} bytes at {start:#x} are no lines");
        let same = |shared: &&mut Lines| shared.driver == start && shared.len == len;
        self.shared.values_mut().find(same).expect("lines of a buffer that is shared")
    }
}

impl Lines {
    /// The bytes of the buffer itself, in cache and memory. A neighbour's bytes in its first and last line move with them on a real
    /// machine; here nobody may look at them.
    fn both(&self) -> (*mut u8, *mut u8, usize) {
        let driver = std::ptr::with_exposed_provenance_mut(self.driver + self.offset);
        // SAFETY: within the copy of the lines.
        (driver, unsafe { self.memory.add(self.offset) }, self.buffer)
    }

    fn write_back(&mut self) {
        let (driver, memory, len) = self.both();
        // SAFETY: the driver's buffer is shared, so that nobody else writes it; the copy is as long.
        unsafe { memory.copy_from_nonoverlapping(driver, len) };
        self.dirty = false;
    }
}

// SAFETY: heap memory, exclusive until freed. What it does not do, it leaves to `NonCoherent`.
unsafe impl Platform for Island {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        // SAFETY: not 0 bytes.
        let ptr = unsafe { alloc_zeroed(Layout::from_size_align(len, align).unwrap()) };
        let mut book = self.book();
        let device = book.place(len, align);
        book.uncached.insert(device, (ptr.expose_provenance(), len));
        Ok(DmaMemory { ptr: NonNull::new(ptr).unwrap(), device, len })
    }
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        let known = self.book().uncached.remove(&memory.device);
        assert_eq!(known, Some((memory.ptr.addr().get(), memory.len)));
        // SAFETY: the layout of the allocation.
        unsafe { dealloc(memory.ptr.as_ptr(), Layout::from_size_align(memory.len, align).unwrap()) }
    }
    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        let mut book = self.book();
        let start = buffer.as_ptr().cast::<u8>().expose_provenance();
        let end = start + buffer.len();
        if let Some((device, (at, _))) = book.uncached.iter().find(|(_, (at, len))| *at <= start && end <= at + len) {
            return Ok(device + (start - at) as u64);
        }
        let offset = start % LINE;
        let len = (offset + buffer.len()).next_multiple_of(LINE);
        // SAFETY: not 0 bytes.
        let memory = unsafe { alloc_zeroed(Layout::from_size_align(len, LINE).unwrap()) };
        // SAFETY: just allocated.
        unsafe { memory.write_bytes(RUBBISH, len) };
        let device = book.place(len, LINE);
        let lines = Lines { driver: start - offset, len, offset, buffer: buffer.len(), memory, direction, dirty: true };
        book.shared.insert(device, lines);
        Ok(device + offset as u64)
    }
    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
        let mut book = self.book();
        let Some(lines) = book.shared.remove(&(device - device % LINE as u64)) else {
            let known = book.uncached.range(..=device).next_back();
            assert!(known.is_some_and(|(at, (_, len))| device - at < *len as u64), "unshared what was not shared");
            return;
        };
        assert_eq!((lines.direction, lines.buffer), (direction, buffer.len()));
        // SAFETY: the layout of the allocation.
        unsafe { dealloc(lines.memory, Layout::from_size_align(lines.len, LINE).unwrap()) };
    }
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }
    fn wait(&self, polls: u64) -> Wait {
        if polls < 100 { Wait::Continue } else { Wait::GiveUp }
    }
}

// SAFETY: moves bytes between a buffer and the copy that the device has, which is all that there is of a cache.
unsafe impl DataCache for Island {
    fn line(&self) -> usize {
        LINE
    }
    fn is_cached(&self, buffer: NonNull<[u8]>) -> bool {
        let start = buffer.addr().get();
        !self.book().uncached.values().any(|&(at, len)| at <= start && start < at + len)
    }
    unsafe fn clean(&self, lines: NonNull<[u8]>) {
        let mut book = self.book();
        book.cleaned += 1;
        let left_out = book.left_out;
        let lines = book.lines(lines);
        let what = match lines.direction {
            Direction::DriverToDevice => LeftOut::CleanForReading,
            Direction::DeviceToDriver | Direction::Both => LeftOut::CleanForWriting,
        };
        if left_out != Some(what) {
            lines.write_back();
        }
    }
    unsafe fn discard(&self, lines: NonNull<[u8]>) {
        let mut book = self.book();
        book.discarded += 1;
        let left_out = book.left_out == Some(LeftOut::Discard);
        let lines = book.lines(lines);
        if lines.dirty {
            // It was written back meanwhile, over what the device had written.
            lines.write_back();
        }
        if !left_out {
            let (driver, memory, len) = lines.both();
            // SAFETY: the driver gives the buffer to be written; the copy is as long.
            unsafe { driver.copy_from_nonoverlapping(memory, len) };
        }
    }
}

impl Memory for Island {
    fn at(&self, address: u64, len: usize, write: bool) -> Option<*mut u8> {
        let book = self.book();
        if let Some((start, lines)) = book.shared.range(..=address).next_back() {
            let offset = (address - start) as usize;
            if offset < lines.len {
                let allowed = if write { Direction::DriverToDevice } else { Direction::DeviceToDriver };
                let inside = offset >= lines.offset && offset.checked_add(len)? <= lines.offset + lines.buffer;
                // SAFETY: within the copy.
                return (inside && lines.direction != allowed).then(|| unsafe { lines.memory.add(offset) });
            }
        }
        let (start, &(at, total)) = book.uncached.range(..=address).next_back()?;
        let offset = (address - start) as usize;
        let inside = offset.checked_add(len)? <= total;
        inside.then(|| std::ptr::with_exposed_provenance_mut(at + offset))
    }
}
