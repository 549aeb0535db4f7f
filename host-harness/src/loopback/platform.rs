//! The platform of drivers in loopback: memory from the arena, and bounce buffers for the rest.

use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parakit::Platform;
use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, ShareError, Wait};

use super::World;

/// How long a device may take to reset.
const PATIENCE: Duration = Duration::from_secs(1);
/// Alignment of the arena in host memory, which is as far as addresses can be aligned for both sides.
const MAX_ALIGN: usize = 4096;
/// Looks that a driver takes one after the other before it rests between them.
const BUSY_POLLS: u64 = 1000;
/// What a bounce buffer holds that the device is to write: a driver that takes it for data is wrong.
const POISON: u8 = 0xd5;

/// Memory and waiting in loopback. Clones are the same platform.
#[derive(Clone)]
pub struct LoopbackPlatform {
    world: Arc<World>,
    waiting_since: Arc<AtomicU64>,
}

impl LoopbackPlatform {
    pub(super) fn new(world: Arc<World>) -> Self {
        Self { world, waiting_since: Arc::default() }
    }

    /// Bytes of memory that are neither DMA memory nor bounce buffers.
    #[must_use]
    pub fn available(&self) -> u64 {
        self.world.arena.available()
    }

    fn take(&self, len: usize, align: usize) -> Option<(u64, NonNull<u8>)> {
        let at = self.world.arena.take(len as u64, align as u64)?;
        Some((at, self.world.arena.pointer(at)?))
    }
}

// SAFETY: the arena gives each piece to one owner at a time, contiguous at both addresses, since one region is behind it; pieces
// are zeroed below. The region is mapped while any device or platform value exists; a queue that leaks its memory leaks its
// platform value, too. Clones share one world. Driver and device are threads of one process, so memory is coherent, and devices take the
// addresses of the region that they were given.
unsafe impl Platform for LoopbackPlatform {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        if len == 0 || !align.is_power_of_two() {
            return Err(DmaError::Invalid { len, align });
        }
        if align > MAX_ALIGN {
            return Err(DmaError::Unaligned { align });
        }
        let (device, ptr) = self.take(len, align).ok_or(DmaError::OutOfMemory { len, align })?;
        // SAFETY: the piece is `len` bytes of mapped memory that nobody else uses.
        unsafe { ptr.write_bytes(0, len) };
        Ok(DmaMemory { ptr, device, len })
    }

    unsafe fn dma_free(&self, memory: DmaMemory, _align: usize) {
        self.world.arena.give(memory.device, memory.len as u64);
    }

    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        let len = buffer.len();
        if len == 0 {
            return Err(ShareError::Empty);
        }
        let start = buffer.cast::<u8>();
        if let Some(device) = self.world.arena.address(start.addr().get(), len) {
            return Ok(device);
        }
        let (device, bounce) = self.take(len, 1).ok_or(ShareError::OutOfMemory { len })?;
        if direction == Direction::DeviceToDriver {
            // SAFETY: the bounce buffer is `len` bytes of mapped memory that nobody else uses.
            unsafe { bounce.write_bytes(POISON, len) };
        } else {
            // SAFETY: as above, and `buffer` is valid for reads (the caller's promise) and not in the arena.
            unsafe { bounce.copy_from_nonoverlapping(start, len) };
        }
        Ok(device)
    }

    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
        let (start, len) = (buffer.cast::<u8>(), buffer.len());
        if self.world.arena.address(start.addr().get(), len).is_some() {
            return;
        }
        if direction != Direction::DriverToDevice
            && let Some(bounce) = self.world.arena.pointer(device)
        {
            // SAFETY: `share` took `len` bytes at this device address for this buffer (the caller's promise), which is valid for writes.
            unsafe { start.copy_from_nonoverlapping(bounce, len) };
        }
        self.world.arena.give(device, len as u64);
    }

    unsafe fn map_mmio(&self, address: u64, _len: usize) -> Result<NonNull<u8>, MapError> {
        // Registers are reached through windows.
        Err(MapError { address })
    }

    fn wait(&self, polls: u64) -> Wait {
        let now = self.world.pace.now().as_nanos() as u64;
        // One driver waits at a time; with more of them, patience only grows.
        if polls <= 1 {
            self.waiting_since.store(now, Ordering::Relaxed);
        }
        let since = self.waiting_since.load(Ordering::Relaxed);
        if self.world.pace.is_over() || u128::from(now.saturating_sub(since)) >= PATIENCE.as_nanos() {
            return Wait::GiveUp;
        }
        if polls < BUSY_POLLS {
            self.world.pace.idle()
        } else {
            self.world.pace.rest()
        }
        Wait::Continue
    }
}
