//! Platform memory that driver and device may both touch at any time.

#[cfg(target_has_atomic = "64")]
use core::sync::atomic::AtomicU64;
use core::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, Ordering};

use super::{DeviceAddress, DmaError, DmaMemory, Platform};

/// Bytes of DMA memory for a driver that writes rings by hand. Accessed only by single atomic loads and stores, so that a device may
/// write it whenever it likes.
///
/// Offsets are in bytes from the start, values in host byte order (the memory is little-endian). Dropping it leaks the memory:
/// only its owner knows whether a device still uses it ([`free`](Self::free)).
#[derive(Debug)]
pub struct DmaWords<P: Platform> {
    memory: DmaMemory,
    platform: P,
}

/// Alignment of the memory, enough for every ring (VIRTIO 1.4 §2.7, §2.8).
const ALIGN: usize = 4096;

macro_rules! access {
    ($($(#[$attr:meta])* $load:ident, $store:ident: $ty:ty, $atomic:ty, $bits:literal;)*) => {$(
        $(#[$attr])*
        #[doc = concat!("Loads ", $bits, " bits (acquire); all ones where they are not aligned or not inside.")]
        #[must_use]
        pub fn $load(&self, offset: usize) -> $ty {
            // SAFETY: `word` returns aligned addresses inside the memory, which is this value's and only ever accessed atomically.
            self.word::<$ty>(offset).map_or(<$ty>::MAX, |at| unsafe { <$atomic>::from_ptr(at) }.load(Ordering::Acquire).to_le())
        }

        $(#[$attr])*
        #[doc = concat!("Stores ", $bits, " bits (release). False, and nothing stored, where they are not aligned or not inside.")]
        pub fn $store(&self, offset: usize, value: $ty) -> bool {
            let Some(at) = self.word::<$ty>(offset) else { return false };
            // SAFETY: as for the load.
            unsafe { <$atomic>::from_ptr(at) }.store(value.to_le(), Ordering::Release);
            true
        }
    )*};
}

impl<P: Platform> DmaWords<P> {
    /// Allocates `len` zero bytes, aligned to 4096.
    ///
    /// # Errors
    /// As for [`DmaBox::new`](super::DmaBox::new).
    pub fn new(platform: P, len: usize) -> Result<Self, DmaError> {
        if len == 0 || len > isize::MAX as usize {
            return Err(DmaError::Invalid { len, align: ALIGN });
        }
        Ok(Self { memory: platform.dma_alloc(len, ALIGN)?, platform })
    }

    /// Its length in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it never is")]
    pub fn len(&self) -> usize {
        self.memory.len
    }

    /// Where the device sees the byte at `offset`.
    #[must_use]
    pub fn address(&self, offset: usize) -> DeviceAddress {
        self.memory.device.wrapping_add(offset as u64)
    }

    /// The platform that the memory is from.
    #[must_use]
    pub fn platform(&self) -> &P {
        &self.platform
    }

    /// Frees the memory.
    ///
    /// # Safety
    /// No device uses it any longer.
    pub unsafe fn free(self) {
        // SAFETY: it came from this platform with this alignment; nobody uses it (the caller's promise, and `self` is gone).
        unsafe { self.platform.dma_free(self.memory, ALIGN) }
    }

    fn word<T>(&self, offset: usize) -> Option<*mut T> {
        let inside = offset.checked_add(size_of::<T>()).is_some_and(|end| end <= self.memory.len);
        // SAFETY: `offset` is inside the memory.
        (inside && offset.is_multiple_of(size_of::<T>()))
            .then(|| unsafe { self.memory.ptr.add(offset) }.as_ptr().cast())
    }

    access! {
        load8, store8: u8, AtomicU8, "8";
        load16, store16: u16, AtomicU16, "16";
        load32, store32: u32, AtomicU32, "32";
        #[cfg(target_has_atomic = "64")]
        load64, store64: u64, AtomicU64, "64";
    }
}
