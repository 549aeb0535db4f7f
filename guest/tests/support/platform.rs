//! Two platforms: one that keeps book of everything, one that is as fast and transparent as possible.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    collections::BTreeMap,
    ptr::NonNull,
    sync::{Arc, Mutex},
};

use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError, Wait};

/// How the device side turns an address into memory.
pub trait Memory {
    /// Where `len` bytes at `address` are; `None` when the device has no business there.
    fn at(&self, address: u64, len: usize, write: bool) -> Option<*mut u8>;
}

impl<M: Memory + ?Sized> Memory for std::rc::Rc<M> {
    fn at(&self, address: u64, len: usize, write: bool) -> Option<*mut u8> {
        (**self).at(address, len, write)
    }
}

fn layout(len: usize, align: usize) -> Layout {
    Layout::from_size_align(len, align).expect("a valid request")
}

/// Device addresses are the driver's addresses, with exposed provenance; nothing synchronises anybody.
#[derive(Clone, Copy, Debug)]
pub struct Identity;

// SAFETY: heap memory, exclusive until freed.
unsafe impl Platform for Identity {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        assert!(len > 0);
        // SAFETY: not 0 bytes.
        let ptr = unsafe { alloc_zeroed(layout(len, align)) };
        Ok(DmaMemory { ptr: NonNull::new(ptr).unwrap(), device: ptr.expose_provenance() as u64, len })
    }
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        // SAFETY: the layout of the allocation.
        unsafe { dealloc(memory.ptr.as_ptr(), layout(memory.len, align)) }
    }
    unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
        Ok(buffer.as_ptr().cast::<u8>().expose_provenance() as u64)
    }
    unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }
}

impl Memory for Identity {
    fn at(&self, address: u64, _: usize, _: bool) -> Option<*mut u8> {
        Some(std::ptr::with_exposed_provenance_mut(address as usize))
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Dma { align: usize },
    Shared(Direction),
}

#[derive(Debug)]
struct Region {
    /// Where the device finds it.
    ptr: *mut u8,
    len: usize,
    kind: Kind,
    /// Where the driver has it: elsewhere, if it is a buffer.
    driver: *mut u8,
}

// SAFETY: a note about memory.
unsafe impl Send for Region {}

/// What is in memory that nobody has written.
const RUBBISH: u8 = 0xee;

#[derive(Debug, Default)]
struct Book {
    /// By device address; the first one is 0, which is as good as any.
    regions: BTreeMap<u64, Region>,
    next: u64,
    /// Shares to go before one fails.
    fail_share_after: Option<usize>,
    fail_dma: bool,
    /// Buffers are shared as they are.
    direct: bool,
}

impl Book {
    fn insert(&mut self, ptr: *mut u8, driver: *mut u8, len: usize, align: usize, kind: Kind) -> u64 {
        let address = self.next.next_multiple_of(align as u64);
        self.next = address + len as u64 + 17;
        self.regions.insert(address, Region { ptr, len, kind, driver });
        address
    }
}

/// Device addresses are made up, from 0 on, and lead only to what is allocated or shared at that moment, in the
/// direction it was shared in. Misuse panics.
///
/// Buffers are shared through others, as where the device cannot reach all memory: what the driver does not share the device
/// does not see, and what it does not unshare, in the right direction, it does not get. The other buffer holds rubbish until the
/// device has written it, and is overwritten with rubbish when it is given back.
#[derive(Clone, Debug, Default)]
pub struct Tracked(Arc<Mutex<Book>>);

impl Tracked {
    pub fn new() -> Self {
        Self::default()
    }

    /// One that shares buffers as they are: for tests that look at what nobody has written.
    pub fn direct() -> Self {
        let tracked = Self::new();
        tracked.book().direct = true;
        tracked
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Buffers that are shared now.
    pub fn shared(&self) -> usize {
        self.book().regions.values().filter(|r| matches!(r.kind, Kind::Shared(_))).count()
    }

    /// DMA allocations that are live now.
    pub fn allocated(&self) -> usize {
        self.book().regions.values().filter(|r| matches!(r.kind, Kind::Dma { .. })).count()
    }

    /// Lets `n` more buffers be shared, then none.
    pub fn fail_share_after(&self, n: Option<usize>) {
        self.book().fail_share_after = n;
    }

    pub fn fail_dma(&self, fail: bool) {
        self.book().fail_dma = fail;
    }

    /// Frees what a driver leaked on purpose, so that leak checkers see only other leaks.
    ///
    /// # Safety
    /// Nobody uses any of it any more.
    pub unsafe fn forget_leaked_rings(&self) {
        for region in std::mem::take(&mut self.book().regions).into_values() {
            let align = match region.kind {
                Kind::Dma { align } => align,
                Kind::Shared(_) if region.ptr == region.driver => continue,
                Kind::Shared(_) => 1,
            };
            // SAFETY: allocated with this layout.
            unsafe { dealloc(region.ptr, layout(region.len, align)) }
        }
    }
}

// SAFETY: heap memory, exclusive until freed.
unsafe impl Platform for Tracked {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        assert!(len > 0 && align.is_power_of_two());
        let mut book = self.book();
        if book.fail_dma {
            return Err(DmaError::OutOfMemory { len, align });
        }
        // SAFETY: not 0 bytes.
        let ptr = unsafe { alloc_zeroed(layout(len, align)) };
        Ok(DmaMemory {
            ptr: NonNull::new(ptr).unwrap(),
            device: book.insert(ptr, ptr, len, align, Kind::Dma { align }),
            len,
        })
    }
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        let region = self.book().regions.remove(&memory.device).expect("freed what was not allocated");
        assert!(matches!(region.kind, Kind::Dma { align: a } if a == align));
        assert_eq!((region.ptr, region.len), (memory.ptr.as_ptr(), memory.len));
        // SAFETY: the layout of the allocation.
        unsafe { dealloc(memory.ptr.as_ptr(), layout(memory.len, align)) }
    }
    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        assert!(!buffer.is_empty());
        let mut book = self.book();
        if let Some(left) = &mut book.fail_share_after {
            if *left == 0 {
                return Err(ShareError::OutOfMemory { len: buffer.len() });
            }
            *left -= 1;
        }
        let (driver, len) = (buffer.as_ptr().cast::<u8>(), buffer.len());
        if book.direct {
            return Ok(book.insert(driver, driver, len, 1, Kind::Shared(direction)));
        }
        // SAFETY: not 0 bytes; the driver gives that many to be read, if the device is to read them.
        let bounce = unsafe {
            let bounce = alloc_zeroed(layout(len, 1));
            bounce.write_bytes(RUBBISH, len);
            if direction != Direction::DeviceToDriver {
                bounce.copy_from_nonoverlapping(driver, len);
            }
            bounce
        };
        Ok(book.insert(bounce, driver, len, 1, Kind::Shared(direction)))
    }
    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
        let region = self.book().regions.remove(&device).expect("unshared what was not shared");
        assert!(matches!(region.kind, Kind::Shared(d) if d == direction));
        assert_eq!((region.driver, region.len), (buffer.as_ptr().cast(), buffer.len()));
        if region.ptr == region.driver {
            return;
        }
        // SAFETY: the driver gives the bytes to be written, if the device was to write them; the device may no longer access
        // what it had.
        unsafe {
            if direction != Direction::DriverToDevice {
                buffer.cast::<u8>().as_ptr().copy_from_nonoverlapping(region.ptr, region.len);
            }
            region.ptr.write_bytes(!RUBBISH, region.len);
            dealloc(region.ptr, layout(region.len, 1));
        }
    }
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }
    fn wait(&self, polls: u64) -> Wait {
        if polls < 100 { Wait::Continue } else { Wait::GiveUp }
    }
}

impl Memory for Tracked {
    fn at(&self, address: u64, len: usize, write: bool) -> Option<*mut u8> {
        let book = self.book();
        let (start, region) = book.regions.range(..=address).next_back()?;
        let offset = (address - start) as usize;
        let allowed = match region.kind {
            Kind::Dma { .. } | Kind::Shared(Direction::Both) => true,
            Kind::Shared(Direction::DriverToDevice) => !write,
            Kind::Shared(Direction::DeviceToDriver) => write,
        };
        // SAFETY: within the region.
        (allowed && offset.checked_add(len)? <= region.len).then(|| unsafe { region.ptr.add(offset) })
    }
}
