//! A platform that checks the platform it wraps, and how it is used. For debugging a port.
//!
//! ```
//! # use core::ptr::NonNull;
//! # use parakit::platform::{*, check::*};
//! # struct Mine;
//! # // SAFETY: allocates nothing.
//! # unsafe impl Platform for Mine {
//! #     fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> { Err(DmaError::OutOfMemory { len, align }) }
//! #     unsafe fn dma_free(&self, _: DmaMemory, _: usize) {}
//! #     unsafe fn share(&self, b: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> { Ok(b.as_ptr() as *mut u8 as u64) }
//! #     unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}
//! #     unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> { Err(MapError { address }) }
//! # }
//! let platform: Checked<Mine> = Checked::new(Mine); // logs faults; see also Checked::with_report
//! platform.self_test();
//! // ... run a driver on `&platform` ...
//! assert_eq!(platform.first_fault(), None);
//! assert_eq!((platform.allocations(), platform.shares()), (0, 0), "leaks");
//! ```

mod fault;
mod table;

use core::ptr::NonNull;

pub use fault::Fault;
use table::{Table, TableGuard};

use super::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError, Wait};

/// Wraps a platform and checks every call. Remembers up to `N` live allocations and `N` live shares, without a heap.
///
/// A fault is counted, given to the report function (by default logged as an error), and kept from doing harm where
/// that is possible: memory that is not as asked for is not handed out (or zeroed, if that is all), and what was not allocated or shared is not
/// passed on to be freed or unshared. The wrapper itself never panics; a report function may.
///
/// It keeps book behind a spin lock: where interrupt handlers use the platform, too, keep them out while anybody else on
/// the same CPU does.
pub struct Checked<P: Platform, const N: usize = 256> {
    inner: P,
    table: Table<N>,
    report: fn(&Fault),
}

impl<P: Platform, const N: usize> Checked<P, N> {
    /// Wraps `inner`; faults are logged as errors.
    pub const fn new(inner: P) -> Self {
        Self::with_report(inner, |fault| log::error!("platform: {fault}"))
    }

    /// Wraps `inner`; faults are given to `report`, which may panic.
    pub const fn with_report(inner: P, report: fn(&Fault)) -> Self {
        Self { inner, table: Table::new(), report }
    }

    /// The platform that is checked.
    pub fn inner(&self) -> &P {
        &self.inner
    }

    /// The first fault seen.
    pub fn first_fault(&self) -> Option<Fault> {
        self.table.lock().first
    }

    /// How many faults were seen.
    pub fn faults(&self) -> u64 {
        self.table.lock().faults
    }

    /// DMA allocations that were not freed (yet).
    pub fn allocations(&self) -> usize {
        self.table.lock().allocations.live()
    }

    /// Buffers that were not unshared (yet).
    pub fn shares(&self) -> usize {
        self.table.lock().shares.live()
    }

    /// Allocates, writes, shares and frees memory of various sizes, and reports whatever is wrong. A platform without a
    /// device can be tested so far; a device is needed to see whether addresses lead where they should.
    ///
    /// Returns whether no fault was seen in it.
    pub fn self_test(&self) -> bool {
        let before = self.faults();
        let sizes = [(1, 1), (16, 16), (64, 64), (4096, 64), (5000, 4096), (65536, 4096)];
        let mut live: [Option<super::DmaBox<&Self>>; 6] = [const { None }; 6];
        // Twice, so that memory that was written and freed comes again, and must be zero again.
        for _ in 0..2 {
            for ((len, align), place) in sizes.into_iter().zip(&mut live) {
                let Ok(mut memory) = super::DmaBox::new(self, len, align) else { continue };
                memory.fill(0xa5);
                *place = Some(memory);
            }
            for memory in live.iter_mut().filter_map(|place| place.as_mut()) {
                for direction in [Direction::DriverToDevice, Direction::DeviceToDriver, Direction::Both] {
                    let buffer = NonNull::from(&mut **memory);
                    // SAFETY: the memory is borrowed here until it is unshared, and nobody touches it meanwhile.
                    if let Ok(device) = unsafe { self.share(buffer, direction) } {
                        // SAFETY: shared just now, likewise.
                        unsafe { self.unshare(device, buffer, direction) };
                    }
                }
            }
            live = [const { None }; 6];
        }
        self.faults() == before
    }

    fn fault(&self, mut table: TableGuard<'_, N>, fault: Fault) {
        table.faults += 1;
        table.first.get_or_insert(fault);
        drop(table);
        (self.report)(&fault);
    }

    /// What is wrong with memory that the platform returned.
    fn check_memory(table: &TableGuard<'_, N>, memory: &DmaMemory, len: usize, align: usize) -> Option<Fault> {
        let driver = memory.ptr.as_ptr() as usize;
        if memory.len != len {
            return Some(Fault::Length { asked: len, got: memory.len });
        }
        if !driver.is_multiple_of(align) {
            return Some(Fault::Misaligned { address: driver as u64, align });
        }
        if !memory.device.is_multiple_of(align as u64) {
            return Some(Fault::Misaligned { address: memory.device, align });
        }
        let last = len as u64 - 1;
        if memory.device.checked_add(last).is_none() || (driver as u64).checked_add(last).is_none() {
            return Some(Fault::Wraps { device: memory.device, len });
        }
        let mut live = table.allocations.iter().chain(table.shares.iter());
        live.find(|live| live.overlaps(driver as u64, memory.device, len)).map(|other| Fault::Overlap {
            device: memory.device,
            len,
            other: other.device,
            other_len: other.len,
        })
    }
}

/// The first byte of `memory` that is not 0.
fn first_nonzero(memory: &DmaMemory) -> Option<usize> {
    // SAFETY: the platform returned that many bytes for nobody else, and the device does not know them yet.
    let bytes = unsafe { core::slice::from_raw_parts(memory.ptr.as_ptr(), memory.len) };
    bytes.iter().position(|&b| b != 0)
}

/// A sum that tells whether bytes have changed (FNV-1a).
fn sum(buffer: NonNull<[u8]>) -> u64 {
    // SAFETY: `share` and `unshare` get buffers that are valid for reads, and that nobody writes meanwhile.
    let bytes = unsafe { buffer.as_ref() };
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

// SAFETY: hands out what the inner platform does, or less.
unsafe impl<P: Platform, const N: usize> Platform for Checked<P, N> {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        if len == 0 || !align.is_power_of_two() {
            self.fault(self.table.lock(), Fault::BadRequest { len, align });
            return Err(DmaError::Invalid { len, align });
        }
        let memory = self.inner.dma_alloc(len, align)?;
        let mut table = self.table.lock();
        if let Some(fault) = Self::check_memory(&table, &memory, len, align) {
            // It is not given back either: a platform that is wrong about it would only do more harm.
            self.fault(table, fault);
            return Err(DmaError::Invalid { len, align });
        }
        let entry =
            table::Entry { driver: memory.ptr.as_ptr() as u64, device: memory.device, len, kind: align as u64, sum: 0 };
        let fits = table.allocations.insert(entry);
        if let Some(offset) = first_nonzero(&memory) {
            // SAFETY: as for `first_nonzero`.
            unsafe { memory.ptr.write_bytes(0, memory.len) };
            self.fault(table, Fault::NotZeroed { device: memory.device, offset });
        } else if !fits {
            self.fault(table, Fault::TableFull { entries: N });
        }
        Ok(memory)
    }

    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        let mut table = self.table.lock();
        let fault = match table.allocations.find(memory.device) {
            None if table.allocations.forgot() => None,
            None if table.allocations.was_removed(memory.device) => Some(Fault::DoubleFree { device: memory.device }),
            None => Some(Fault::UnknownFree { device: memory.device }),
            Some(entry) => {
                let same = entry.driver == memory.ptr.as_ptr() as u64 && entry.len == memory.len;
                (!same || entry.kind != align as u64).then_some(Fault::FreeMismatch { device: memory.device })
            }
        };
        if let Some(fault) = fault {
            return self.fault(table, fault);
        }
        table.allocations.remove(memory.device);
        drop(table);
        // SAFETY: the caller's promise, which was checked as far as that is possible.
        unsafe { self.inner.dma_free(memory, align) }
    }

    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        if buffer.is_empty() {
            self.fault(self.table.lock(), Fault::EmptyShare);
            return Err(ShareError::Empty);
        }
        let before = sum(buffer);
        // SAFETY: the caller's promise.
        let device = unsafe { self.inner.share(buffer, direction) }?;
        let driver = buffer.as_ptr().cast::<u8>() as u64;
        let mut table = self.table.lock();
        // A buffer may be part of an allocation, but then it lies in it as the device sees it, too.
        let elsewhere = |a: &table::Entry| device.wrapping_sub(a.device) != driver.wrapping_sub(a.driver);
        let twice = table.shares.iter().any(|s| s.overlaps_device(device, buffer.len()))
            || table.allocations.iter().any(|a| a.overlaps_device(device, buffer.len()) && elsewhere(a));
        let entry = table::Entry { driver, device, len: buffer.len(), kind: direction as u64, sum: before };
        let fits = table.shares.insert(entry);
        // Where the cache is not coherent, what the device writes has its lines alone, but in memory that is not cached.
        let line = self.inner.share_align().max(1) as u64;
        let whole = driver.is_multiple_of(line) && (buffer.len() as u64).is_multiple_of(line);
        let uncached = table.allocations.iter().any(|a| a.overlaps(driver, device, buffer.len()) && !elsewhere(a));
        if direction != Direction::DriverToDevice && !whole && !uncached {
            self.fault(table, Fault::SharesLine { device, len: buffer.len(), line: line as usize });
        } else if twice {
            self.fault(table, Fault::SharedTwice { device, len: buffer.len() });
        } else if sum(buffer) != before {
            self.fault(table, Fault::BufferChanged { device, len: buffer.len() });
        } else if !fits {
            self.fault(table, Fault::TableFull { entries: N });
        }
        Ok(device)
    }

    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
        let mut table = self.table.lock();
        let driver = buffer.as_ptr().cast::<u8>() as u64;
        let entry = table.shares.find_where(|s| s.device == device && s.driver == driver && s.len == buffer.len());
        let fault = match entry.or_else(|| table.shares.find(device)) {
            None if table.shares.forgot() => None,
            None => Some(Fault::UnknownUnshare { device }),
            Some(entry) if entry.kind != direction as u64 => Some(Fault::Direction { device, direction }),
            Some(entry) if entry.driver != driver || entry.len != buffer.len() => {
                Some(Fault::UnshareMismatch { device, len: buffer.len(), shared: entry.len })
            }
            Some(_) => None,
        };
        if let Some(fault) = fault {
            return self.fault(table, fault);
        }
        table.shares.remove_where(|s| s.device == device && s.driver == driver && s.len == buffer.len());
        drop(table);
        // SAFETY: the caller's promise, which was checked as far as that is possible.
        unsafe { self.inner.unshare(device, buffer, direction) };
        // What the device only reads is the same afterwards.
        if let (Direction::DriverToDevice, Some(entry)) = (direction, entry)
            && sum(buffer) != entry.sum
        {
            self.fault(self.table.lock(), Fault::BufferChanged { device, len: buffer.len() });
        }
    }

    unsafe fn map_mmio(&self, address: u64, len: usize) -> Result<NonNull<u8>, MapError> {
        // SAFETY: the caller's promise.
        let mapped = unsafe { self.inner.map_mmio(address, len) }?;
        // What is aligned in the device is to be aligned in memory.
        if !(mapped.addr().get() as u64 ^ address).is_multiple_of(4) {
            self.fault(self.table.lock(), Fault::Misaligned { address: mapped.as_ptr() as u64, align: 4 });
            return Err(MapError { address });
        }
        Ok(mapped)
    }

    fn share_align(&self) -> usize {
        self.inner.share_align()
    }

    fn wait(&self, polls: u64) -> Wait {
        self.inner.wait(polls)
    }
}
