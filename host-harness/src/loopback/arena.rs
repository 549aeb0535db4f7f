//! Which parts of the shared memory are taken.

use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};

use vm_memory::{GuestAddress, GuestMemoryBackend, GuestMemoryError, GuestMemoryMmap};

/// Bytes that every piece is a multiple of.
const GRAIN: u64 = 64;

/// Gives out pieces of one region of guest memory, first fit.
pub(super) struct Arena {
    base: u64,
    len: u64,
    host: usize,
    /// Start and length of what is free.
    free: Mutex<BTreeMap<u64, u64>>,
}

impl Arena {
    pub(super) fn new(memory: &GuestMemoryMmap, base: u64, len: u64) -> Result<Self, GuestMemoryError> {
        let host = memory.get_host_address(GuestAddress(base))?.expose_provenance();
        Ok(Self { base, len, host, free: Mutex::new(BTreeMap::from([(base, len)])) })
    }

    /// `len` bytes (at least 1) aligned to `align` (a power of two): their device address.
    pub(super) fn take(&self, len: u64, align: u64) -> Option<u64> {
        let (len, align) = (len.checked_next_multiple_of(GRAIN)?, align.max(GRAIN));
        let mut free = self.lock();
        let (start, size, at) = free.iter().find_map(|(&start, &size)| {
            let at = start.checked_next_multiple_of(align)?;
            (at.checked_add(len)? <= start + size).then_some((start, size, at))
        })?;
        free.remove(&start);
        if at > start {
            free.insert(start, at - start);
        }
        if at + len < start + size {
            free.insert(at + len, start + size - at - len);
        }
        Some(at)
    }

    /// Takes a piece back.
    pub(super) fn give(&self, mut start: u64, len: u64) {
        let mut len = len.next_multiple_of(GRAIN);
        let mut free = self.lock();
        if let Some(next) = free.remove(&(start + len)) {
            len += next;
        }
        if let Some((&before, &size)) = free.range(..start).next_back()
            && before + size == start
        {
            free.remove(&before);
            (start, len) = (before, size + len);
        }
        free.insert(start, len);
    }

    /// Where the driver sees device address `at`, which lies in the arena.
    pub(super) fn pointer(&self, at: u64) -> Option<NonNull<u8>> {
        let offset = at.checked_sub(self.base).filter(|o| *o < self.len)?;
        NonNull::new(std::ptr::with_exposed_provenance_mut(self.host + offset as usize))
    }

    /// The device address of `len` bytes that the driver sees at `address`, if they are all in the arena.
    pub(super) fn address(&self, address: usize, len: usize) -> Option<u64> {
        let offset = address.checked_sub(self.host)? as u64;
        let end = offset.checked_add(len as u64)?;
        (end <= self.len).then_some(self.base + offset)
    }

    /// Bytes that are free.
    pub(super) fn available(&self) -> u64 {
        self.lock().values().sum()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, u64>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
