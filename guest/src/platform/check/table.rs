//! What is live, without a heap, behind a spin lock.

use core::{
    cell::UnsafeCell,
    ops::{Deref, DerefMut},
    sync::atomic::{AtomicBool, Ordering},
};

use super::Fault;
use crate::platform::DeviceAddress;

/// A live allocation or share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) driver: u64,
    pub(super) device: DeviceAddress,
    pub(super) len: usize,
    /// Alignment or direction.
    pub(super) kind: u64,
    /// Sum of the buffer when it was shared.
    pub(super) sum: u64,
}

/// Whether two ranges have a byte in common; both have at least one, and none wraps.
fn overlap(a: u64, a_len: usize, b: u64, b_len: usize) -> bool {
    a <= b.saturating_add(b_len as u64 - 1) && b <= a.saturating_add(a_len as u64 - 1)
}

impl Entry {
    pub(super) fn overlaps(&self, driver: u64, device: DeviceAddress, len: usize) -> bool {
        overlap(self.driver, self.len, driver, len) || self.overlaps_device(device, len)
    }

    pub(super) fn overlaps_device(&self, device: DeviceAddress, len: usize) -> bool {
        overlap(self.device, self.len, device, len)
    }
}

/// Up to `N` entries.
pub(super) struct Entries<const N: usize> {
    entries: [Option<Entry>; N],
    /// The device addresses removed last.
    removed: [Option<DeviceAddress>; 16],
    next_removed: usize,
    /// Whether an entry did not fit some time.
    forgot: bool,
}

impl<const N: usize> Entries<N> {
    const fn new() -> Self {
        Self { entries: [None; N], removed: [None; 16], next_removed: 0, forgot: false }
    }

    pub(super) fn live(&self) -> usize {
        self.iter().count()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    /// Remembers an entry; `false` the first time that there is no room.
    pub(super) fn insert(&mut self, entry: Entry) -> bool {
        for removed in &mut self.removed {
            removed.take_if(|&mut device| device == entry.device);
        }
        match self.entries.iter_mut().find(|place| place.is_none()) {
            Some(place) => {
                *place = Some(entry);
                true
            }
            None => core::mem::replace(&mut self.forgot, true),
        }
    }

    pub(super) fn find(&self, device: DeviceAddress) -> Option<Entry> {
        self.find_where(|entry| entry.device == device)
    }

    pub(super) fn find_where(&self, test: impl Fn(&Entry) -> bool) -> Option<Entry> {
        self.iter().find(|entry| test(entry)).copied()
    }

    pub(super) fn remove(&mut self, device: DeviceAddress) {
        self.remove_where(|entry| entry.device == device);
    }

    pub(super) fn remove_where(&mut self, test: impl Fn(&Entry) -> bool) {
        if let Some(place) = self.entries.iter_mut().find(|place| place.as_ref().is_some_and(&test)) {
            self.removed[self.next_removed] = place.take().map(|entry| entry.device);
            self.next_removed = (self.next_removed + 1) % self.removed.len();
        }
    }

    /// Whether `device` was removed lately.
    pub(super) fn was_removed(&self, device: DeviceAddress) -> bool {
        self.removed.contains(&Some(device))
    }

    /// Whether entries may be missing.
    pub(super) fn forgot(&self) -> bool {
        self.forgot
    }
}

pub(super) struct State<const N: usize> {
    pub(super) allocations: Entries<N>,
    pub(super) shares: Entries<N>,
    pub(super) faults: u64,
    pub(super) first: Option<Fault>,
}

pub(super) struct Table<const N: usize> {
    locked: AtomicBool,
    state: UnsafeCell<State<N>>,
}

// SAFETY: the state is only reached through a guard, of which there is one at a time.
unsafe impl<const N: usize> Sync for Table<N> {}

impl<const N: usize> Table<N> {
    pub(super) const fn new() -> Self {
        let state = State { allocations: Entries::new(), shares: Entries::new(), faults: 0, first: None };
        Self { locked: AtomicBool::new(false), state: UnsafeCell::new(state) }
    }

    /// Spins until the table is free. It is held for a search at most, and never while the inner platform runs.
    pub(super) fn lock(&self) -> TableGuard<'_, N> {
        // Acquire: partner of the release in `TableGuard::drop`.
        while self.locked.swap(true, Ordering::Acquire) {
            core::hint::spin_loop();
        }
        TableGuard(self)
    }
}

pub(super) struct TableGuard<'a, const N: usize>(&'a Table<N>);

impl<const N: usize> Deref for TableGuard<'_, N> {
    type Target = State<N>;

    fn deref(&self) -> &State<N> {
        // SAFETY: this guard is the only one until it is dropped.
        unsafe { &*self.0.state.get() }
    }
}

impl<const N: usize> DerefMut for TableGuard<'_, N> {
    fn deref_mut(&mut self) -> &mut State<N> {
        // SAFETY: this guard is the only one until it is dropped, and borrowed exclusively.
        unsafe { &mut *self.0.state.get() }
    }
}

impl<const N: usize> Drop for TableGuard<'_, N> {
    fn drop(&mut self) {
        // Release: partner of the acquire in `Table::lock`.
        self.0.locked.store(false, Ordering::Release);
    }
}
