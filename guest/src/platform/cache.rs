//! Machines whose devices do not see the processors' caches.
//!
//! On such a machine a device reads and writes memory, while what the driver has written may still be in a cache, and what it reads
//! may come from one. [`NonCoherent`] makes a platform for it out of one that only maps and allocates, and a [`DataCache`]: the two
//! instructions that move lines. Each buffer that a driver shares passes through it, so that drivers need not know.
//!
//! | | [`share`](Platform::share) | while the device has it | [`unshare`](Platform::unshare) |
//! |---|---|---|---|
//! | [`DriverToDevice`](Direction::DriverToDevice) | clean: the device is to read what the driver has written | | nothing |
//! | [`DeviceToDriver`](Direction::DeviceToDriver) | clean: a dirty line may be written back at any time, over what the device writes | a line may be fetched at any time | discard: what was fetched before the device wrote is old |
//! | [`Both`](Direction::Both) | clean | the same | discard |
//!
//! Cleaning before the device writes costs more than discarding, and is right: where the device writes less than the buffer, the
//! driver finds what it had left there, and not what the memory held before, which may be somebody else's.
//!
//! # Rings are not cached
//!
//! Rings, headers, trailers and tables lie in memory of [`dma_alloc`](Platform::dma_alloc), which has to be coherent: mapped past the
//! cache where the cache is not. Cleaning and discarding could not serve a ring: in a packed one four descriptors share a line, some the
//! driver's to write and some the device's at the same time, and to clean the line for the one overwrites the other.
//!
//! # Lines with two owners
//!
//! A line is cleaned and discarded as a whole. A buffer that the device writes must therefore begin and end at a line's
//! boundary, or whatever else is in its first and last line is lost, or is written back over what the device wrote. [`NonCoherent`]
//! refuses others ([`ShareError::SharesLine`]). [`Platform::share_align`] says how long a line is; a [`DmaBox`](super::DmaBox) always
//! fits. Buffers that the device only reads may lie anywhere.

use core::ptr::NonNull;

use super::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError, Wait};

/// The data cache of a machine whose devices do not see it.
///
/// # Safety
/// - [`line`](Self::line) is always the same power of two: the longest line of any cache between the driver and memory.
/// - [`clean`](Self::clean) and [`discard`](Self::discard) do as they say, for every processor that may hold the line.
/// - Both begin after the memory accesses before them and are complete when they return, for registers too: they bring
///   the barriers that the instruction set wants for that (`dsb sy` on AArch64, `fence iorw, iorw` on RISC-V), because a
///   release store orders no cache maintenance.
pub unsafe trait DataCache {
    /// Bytes of a line.
    fn line(&self) -> usize;

    /// Whether accesses through this address go through the cache. Memory of the platform's `dma_alloc` does not. What is
    /// said to be cached and is not only costs time, and is refused where it ends within a line.
    fn is_cached(&self, buffer: NonNull<[u8]>) -> bool {
        let _ = buffer;
        true
    }

    /// Writes dirty lines back to where devices see them: `dc cvac` on AArch64, `cbo.clean` on RISC-V.
    ///
    /// # Safety
    /// `lines` begins and ends at a line's boundary and is mapped.
    unsafe fn clean(&self, lines: NonNull<[u8]>);

    /// Forgets lines, which are clean, so that the next read is of memory: `dc ivac` on AArch64, `cbo.inval` on RISC-V. To
    /// write them back first (`dc civac`, `cbo.flush`) does as well.
    ///
    /// # Safety
    /// As for [`clean`](Self::clean), and nothing in them is dirty.
    unsafe fn discard(&self, lines: NonNull<[u8]>);
}

// SAFETY: every method goes to the same cache.
unsafe impl<C: DataCache + ?Sized> DataCache for &C {
    fn line(&self) -> usize {
        (**self).line()
    }
    fn is_cached(&self, buffer: NonNull<[u8]>) -> bool {
        (**self).is_cached(buffer)
    }
    unsafe fn clean(&self, lines: NonNull<[u8]>) {
        // SAFETY: the caller's promise is about the same cache.
        unsafe { (**self).clean(lines) }
    }
    unsafe fn discard(&self, lines: NonNull<[u8]>) {
        // SAFETY: as above.
        unsafe { (**self).discard(lines) }
    }
}

/// A platform with the maintenance that a cache needs which devices do not see.
///
/// `platform` keeps all promises of [`Platform`] but this one: what it shares is the buffer itself, and not moved between cache and
/// memory. Its `dma_alloc` returns memory that is not cached.
#[derive(Clone, Copy, Debug)]
pub struct NonCoherent<P: Platform, C: DataCache> {
    platform: P,
    cache: C,
}

impl<P: Platform, C: DataCache> NonCoherent<P, C> {
    /// `platform` on a machine with `cache`.
    ///
    /// # Safety
    /// Memory of the platform's `dma_alloc` is not cached, and no line of it is dirty by another mapping; where its `share` copies, the
    /// copy is not cached either.
    #[must_use]
    pub const unsafe fn new(platform: P, cache: C) -> Self {
        Self { platform, cache }
    }

    /// The platform within.
    #[must_use]
    pub const fn platform(&self) -> &P {
        &self.platform
    }

    /// The lines that `buffer` lies in, and whether it has them alone.
    fn lines(&self, buffer: NonNull<[u8]>) -> (NonNull<[u8]>, bool) {
        let line = self.cache.line();
        let start = buffer.cast::<u8>();
        let before = start.addr().get() & (line - 1);
        let behind = before.wrapping_add(buffer.len()).wrapping_neg() & (line - 1);
        // Both ends stay within the lines that the buffer begins and ends in, and are an address of the cache, not one that is read.
        let first = NonNull::new(start.as_ptr().wrapping_sub(before)).unwrap_or(start);
        let len = before.wrapping_add(buffer.len()).wrapping_add(behind);
        (NonNull::slice_from_raw_parts(first, len), before == 0 && behind == 0)
    }
}

// SAFETY: what the platform within does, with buffers moved to where the device sees them and back.
unsafe impl<P: Platform, C: DataCache> Platform for NonCoherent<P, C> {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        self.platform.dma_alloc(len, align)
    }

    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        // SAFETY: the caller's promise is about memory of the platform within.
        unsafe { self.platform.dma_free(memory, align) }
    }

    #[inline]
    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        let cached = self.cache.is_cached(buffer);
        let (lines, alone) = self.lines(buffer);
        if cached && !alone && direction != Direction::DriverToDevice {
            let (address, len) = (buffer.addr().get(), buffer.len());
            return Err(ShareError::SharesLine { address, len, line: self.cache.line() });
        }
        // SAFETY: the caller's promise.
        let device = unsafe { self.platform.share(buffer, direction) }?;
        if cached {
            // SAFETY: whole lines of a buffer that is valid.
            unsafe { self.cache.clean(lines) };
        }
        Ok(device)
    }

    #[inline]
    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
        if direction != Direction::DriverToDevice && self.cache.is_cached(buffer) {
            // SAFETY: whole lines, of this buffer alone, which were cleaned when it was shared and that nobody has written since.
            unsafe { self.cache.discard(self.lines(buffer).0) };
        }
        // SAFETY: the caller's promise.
        unsafe { self.platform.unshare(device, buffer, direction) };
    }

    unsafe fn map_mmio(&self, address: u64, len: usize) -> Result<NonNull<u8>, MapError> {
        // SAFETY: the caller's promise.
        unsafe { self.platform.map_mmio(address, len) }
    }

    fn share_align(&self) -> usize {
        self.platform.share_align().max(self.cache.line())
    }

    fn wait(&self, polls: u64) -> Wait {
        self.platform.wait(polls)
    }
}
