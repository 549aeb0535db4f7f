//! A platform whose devices reach no memory of the driver: what is shared is copied to where the device sees it, and back.
//!
//! Copies are made as late and as seldom as [`Platform`] allows, and what is not the device's is scrambled: a buffer that was not
//! shared, or was in the wrong direction, or not taken back, shows in the data.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    collections::BTreeMap,
    ptr::NonNull,
    sync::{Arc, Mutex, MutexGuard},
};

use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError, Wait};

use super::platform::Memory;

struct Region {
    ptr: *mut u8,
    layout: Layout,
    /// How a buffer is shared; `None` for memory of both.
    direction: Option<Direction>,
    /// It was taken back: nothing may reach it, but it is kept, so that a device that does finds garbage and not another's data.
    dead: bool,
}

// SAFETY: memory of the heap that only the book leads to.
unsafe impl Send for Region {}

#[derive(Default)]
struct Book {
    regions: BTreeMap<u64, Region>,
    next: u64,
    copied_in: u64,
    copied_out: u64,
}

impl Book {
    fn insert(&mut self, len: usize, align: usize, direction: Option<Direction>) -> (u64, NonNull<u8>) {
        let layout = Layout::from_size_align(len, align).unwrap();
        // SAFETY: not 0 bytes.
        let ptr = NonNull::new(unsafe { alloc_zeroed(layout) }).unwrap();
        // Not where the driver sees it.
        let address = self.next.max(0x10_0000).next_multiple_of(align as u64);
        self.next = address + len as u64 + 17;
        self.regions.insert(address, Region { ptr: ptr.as_ptr(), layout, direction, dead: false });
        (address, ptr)
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        for region in std::mem::take(&mut self.regions).into_values() {
            // SAFETY: allocated with this layout, and nobody has the book any more.
            unsafe { dealloc(region.ptr, region.layout) }
        }
    }
}

/// Bytes that nobody has written.
fn scramble(ptr: *mut u8, len: usize) {
    for i in 0..len {
        // SAFETY: the caller gives that many bytes.
        unsafe { ptr.add(i).write(0xd5 ^ i as u8) };
    }
}

#[derive(Clone, Default)]
pub struct Bounce(Arc<Mutex<Book>>);

impl Bounce {
    pub fn new() -> Self {
        Self::default()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Buffers that are shared now, and DMA allocations that are live.
    pub fn live(&self) -> (usize, usize) {
        let book = self.book();
        let live = |dma: bool| book.regions.values().filter(|r| !r.dead && r.direction.is_none() == dma).count();
        (live(false), live(true))
    }

    /// Buffers copied to where the device sees them, and back.
    pub fn copies(&self) -> (u64, u64) {
        let book = self.book();
        (book.copied_in, book.copied_out)
    }
}

// SAFETY: heap memory, exclusive until freed; the device reaches copies only.
unsafe impl Platform for Bounce {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        assert!(len > 0 && align.is_power_of_two());
        let (device, ptr) = self.book().insert(len, align, None);
        Ok(DmaMemory { ptr, device, len })
    }
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        let mut book = self.book();
        let region = book.regions.get_mut(&memory.device).expect("freed what was not allocated");
        assert!(!region.dead && region.direction.is_none() && region.layout.align() == align);
        region.dead = true;
        scramble(region.ptr, memory.len);
    }
    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        let mut book = self.book();
        let (address, copy) = book.insert(buffer.len(), 1, Some(direction));
        let original = buffer.as_ptr().cast::<u8>();
        // SAFETY: the caller gives the buffer to the platform; the copy is as long.
        unsafe {
            if direction == Direction::DeviceToDriver {
                // What it held does not matter: neither side sees it again.
                scramble(copy.as_ptr(), buffer.len());
                scramble(original, buffer.len());
            } else {
                std::ptr::copy_nonoverlapping(original, copy.as_ptr(), buffer.len());
                book.copied_in += 1;
            }
        }
        Ok(address)
    }
    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
        let mut book = self.book();
        let region = book.regions.get_mut(&device).expect("unshared what was not shared");
        assert!(!region.dead && region.direction == Some(direction) && region.layout.size() == buffer.len());
        region.dead = true;
        let copy = region.ptr;
        if direction != Direction::DriverToDevice {
            // SAFETY: the buffer is the one that was shared.
            unsafe { std::ptr::copy_nonoverlapping(copy, buffer.as_ptr().cast(), buffer.len()) };
            book.copied_out += 1;
        }
        scramble(copy, buffer.len());
    }
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }
    fn wait(&self, polls: u64) -> Wait {
        if polls < 100 { Wait::Continue } else { Wait::GiveUp }
    }
}

impl Memory for Bounce {
    fn at(&self, address: u64, len: usize, write: bool) -> Option<*mut u8> {
        let book = self.book();
        let (start, region) = book.regions.range(..=address).next_back()?;
        let offset = (address - start) as usize;
        let allowed = !region.dead
            && match region.direction {
                None | Some(Direction::Both) => true,
                Some(Direction::DriverToDevice) => !write,
                Some(Direction::DeviceToDriver) => write,
            };
        // SAFETY: within the region.
        (allowed && offset.checked_add(len)? <= region.layout.size()).then(|| unsafe { region.ptr.add(offset) })
    }
}
