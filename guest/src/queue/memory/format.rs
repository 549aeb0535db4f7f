//! What the two ring formats have in common for the code that lends chains.

use core::{
    ptr::NonNull,
    sync::atomic::{AtomicU16, Ordering::Relaxed},
};

use super::fence::Reach;
use crate::{
    platform::{DeviceAddress, DmaMemory},
    transport::QueueAddresses,
};

/// Alignment that is asked for ring memory: a cache line, which is more than either format asks for.
pub(in crate::queue) const RING_ALIGN: usize = 64;

/// One element of a chain that is being added, directly in the ring.
#[derive(Clone, Copy)]
pub(in crate::queue) struct Element {
    /// The chain's head, which is the buffer id of a packed ring.
    pub(in crate::queue) head: u16,
    /// The slot of this element, and that of the next one.
    pub(in crate::queue) slot: u16,
    pub(in crate::queue) next: u16,
    pub(in crate::queue) last: bool,
    pub(in crate::queue) device: DeviceAddress,
    pub(in crate::queue) len: u32,
    /// `DESC_F_WRITE` or `DESC_F_INDIRECT`, which are the same in both formats.
    pub(in crate::queue) flags: u16,
}

/// The memory of a ring. All of it can be written by the device at any time, so every access is atomic, and what is read is
/// only ever compared. No access leaves the memory whatever is passed in.
pub(in crate::queue) trait Format: Sized {
    /// The largest size that a queue of `most` entries at most can have; `None` when that is no entry at all.
    fn size(most: usize) -> Option<u16>;

    /// Bytes of a ring of that size. `legacy`: in the layout of the legacy interface.
    fn bytes(size: u16, legacy: bool) -> usize;

    /// A ring of that size, which `size` returned, in zeroed `memory` of at least [`bytes`](Self::bytes), aligned to
    /// [`RING_ALIGN`]. Its accesses are ordered as far as `reach` says.
    ///
    /// # Safety
    /// `memory` is valid as long as the value is used, and its first [`bytes`](Self::bytes) are accessed by nobody but the
    /// value and the device.
    unsafe fn new(memory: DmaMemory, size: u16, legacy: bool, reach: Reach) -> Self;

    /// Where the device sees the three areas.
    fn addresses(&self) -> QueueAddresses;

    /// Writes the next element of the chain that is being added.
    fn element(&mut self, element: Element);

    /// The chain that is being added has all its `count` elements.
    fn commit(&mut self, count: u16);

    /// Writes a chain of one element, `element.last`.
    #[inline]
    fn single(&mut self, element: Element) {
        self.element(element);
        self.commit(1);
    }

    /// The chain that is being added is given up, after `count` elements.
    fn abandon(&mut self, count: u16);

    /// The second half of entry `index` in an indirect table: length, flags and link.
    fn table_entry(index: u16, last: bool, len: u32, flags: u16) -> u64;
}

/// Stores a little-endian `u64`, in halves where the CPU has no 64-bit atomics.
///
/// # Safety
/// `to` is aligned, valid for writes, and accessed atomically by everybody.
#[inline]
pub(super) unsafe fn store64(to: NonNull<u64>, value: u64) {
    #[cfg(target_has_atomic = "64")]
    // SAFETY: the caller's promise.
    unsafe { core::sync::atomic::AtomicU64::from_ptr(to.as_ptr()) }.store(value.to_le(), Relaxed);
    #[cfg(not(target_has_atomic = "64"))]
    // SAFETY: the caller's promise, for both halves.
    unsafe {
        use core::sync::atomic::AtomicU32;
        AtomicU32::from_ptr(to.cast().as_ptr()).store((value as u32).to_le(), Relaxed);
        AtomicU32::from_ptr(to.cast().add(1).as_ptr()).store(((value >> 32) as u32).to_le(), Relaxed);
    }
}

/// The word at `base + offset`.
///
/// # Safety
/// It is aligned, valid as long as the reference is used, and accessed atomically by everybody.
#[inline]
pub(super) unsafe fn word<'a>(base: NonNull<u8>, offset: usize) -> &'a AtomicU16 {
    // SAFETY: the caller's promise.
    unsafe { AtomicU16::from_ptr(base.add(offset).cast().as_ptr()) }
}
