//! The machine as the kit's drivers see it.

#[cfg(not(target_arch = "x86_64"))]
mod past_caches;

use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::hint::spin_loop;
use core::ptr::NonNull;
#[cfg(not(target_arch = "x86_64"))]
use core::sync::atomic::AtomicBool;
use core::sync::atomic::{AtomicU64, Ordering};

use parakit::Platform;
use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, ShareError, Wait};

use crate::{arch, time};

/// How long a device may take to reset, in milliseconds.
const PATIENCE_MS: u64 = 1000;

/// Devices do not see through the caches, or the command line says so.
#[cfg(not(target_arch = "x86_64"))]
static PAST_CACHES: AtomicBool = AtomicBool::new(false);

/// Says, before there is any DMA memory, whether devices see through the caches. On x86 they do.
pub(crate) fn start(coherent: bool) {
    #[cfg(not(target_arch = "x86_64"))]
    if !coherent {
        PAST_CACHES.store(true, Ordering::Relaxed);
        log::info!("buffers are written back and dropped, in lines of {} bytes", arch::caches::line_size());
    }
    let _as_always = coherent;
}

/// Memory is mapped onto itself, and devices see all of it; through the caches, unless the command line says otherwise
/// (`past_caches.rs`).
#[derive(Clone, Copy, Debug)]
pub struct KernelPlatform;

// SAFETY: DMA memory is heap memory, which is exclusive until it is freed, contiguous because it is mapped onto itself,
// and stays when a value of this type is gone. Devices of a virtual machine take guest-physical addresses, which
// these are, and see memory through the caches; where they do not, this is reached past them.
unsafe impl Platform for KernelPlatform {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        #[cfg(not(target_arch = "x86_64"))]
        if PAST_CACHES.load(Ordering::Relaxed) {
            return past_caches::platform().dma_alloc(len, align);
        }
        let error = DmaError::OutOfMemory { len, align };
        let layout = Layout::from_size_align(len.max(1), align).map_err(|_| error)?;
        // SAFETY: the layout is of one byte at least.
        let ptr = NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or(error)?;
        Ok(DmaMemory { ptr, device: ptr.addr().get() as u64, len })
    }

    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        #[cfg(not(target_arch = "x86_64"))]
        if PAST_CACHES.load(Ordering::Relaxed) {
            // SAFETY: the caller's promise.
            return unsafe { past_caches::platform().dma_free(memory, align) };
        }
        // SAFETY: length and alignment are those of `dma_alloc` (the caller's promise), which made a layout of them.
        unsafe { dealloc(memory.ptr.as_ptr(), Layout::from_size_align_unchecked(memory.len.max(1), align)) }
    }

    #[inline]
    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        #[cfg(not(target_arch = "x86_64"))]
        if PAST_CACHES.load(Ordering::Relaxed) {
            // SAFETY: the caller's promise.
            return unsafe { past_caches::share(buffer, direction) };
        }
        let _whose = direction;
        Ok(buffer.cast::<u8>().addr().get() as u64)
    }

    #[inline]
    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
        #[cfg(not(target_arch = "x86_64"))]
        if PAST_CACHES.load(Ordering::Relaxed) {
            // SAFETY: the caller's promise.
            unsafe { past_caches::unshare(device, buffer, direction) };
        }
        let _whose = (device, buffer, direction);
    }

    unsafe fn map_mmio(&self, address: u64, len: usize) -> Result<NonNull<u8>, MapError> {
        let mapped = arch::memory::map_registers(address, len as u64);
        if mapped { NonNull::new(address as *mut u8) } else { None }.ok_or(MapError { address })
    }

    /// By the clock: how long a look at a register takes differs a hundredfold from host to host.
    fn wait(&self, polls: u64) -> Wait {
        static SINCE: AtomicU64 = AtomicU64::new(0);
        let now = time::ticks();
        if polls <= 1 {
            SINCE.store(now, Ordering::Relaxed);
        }
        if now.saturating_sub(SINCE.load(Ordering::Relaxed)) > time::ticks_in_ms(PATIENCE_MS) {
            return Wait::GiveUp;
        }
        spin_loop();
        Wait::Continue
    }
}
