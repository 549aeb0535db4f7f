//! The memory of a guest, for drivers and devices in one process: DMA memory lies in it, everything else is bounced.

use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError, Wait};
use vm_memory::{GuestAddress, GuestMemoryBackend, GuestMemoryMmap};

/// Device address of the first byte: above 4 GiB, so that the high halves of addresses matter.
const BASE: u64 = 1 << 32;
const LEN: u64 = 16 << 20;
/// Every piece is a multiple of this long.
const GRAIN: u64 = 64;
/// What a buffer holds that the device has not written.
const POISON: u8 = 0xd5;

#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) memory: Arc<GuestMemoryMmap>,
    host: NonNull<u8>,
    room: Arc<Mutex<Room>>,
}

#[derive(Default)]
struct Room {
    next: u64,
    /// Pieces that came back, by length.
    free: BTreeMap<u64, Vec<u64>>,
    taken: usize,
}

// SAFETY: `host` is where `memory` begins, which any thread may use; what is shared of the rest is behind a lock.
unsafe impl Send for Guest {}

impl Guest {
    pub(crate) fn new() -> Self {
        let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(BASE), LEN as usize)]).expect("memory");
        let host = NonNull::new(memory.get_host_address(GuestAddress(BASE)).expect("mapped")).expect("mapped");
        Self { memory: Arc::new(memory), host, room: Arc::default() }
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pieces that somebody has.
    pub(crate) fn taken(&self) -> usize {
        self.room().taken
    }

    fn take(&self, len: usize, align: usize) -> (u64, NonNull<u8>) {
        let len = (len as u64).next_multiple_of(GRAIN);
        let mut room = self.room();
        room.taken += 1;
        let again = room.free.get_mut(&len).and_then(|list| list.pop_if(|at| at.is_multiple_of(align as u64)));
        let at = again.unwrap_or_else(|| {
            let at = room.next.next_multiple_of((align as u64).max(GRAIN));
            room.next = at + len;
            assert!(room.next <= LEN, "the test's memory is too small");
            at
        });
        (BASE + at, self.pointer(BASE + at))
    }

    fn give(&self, address: u64, len: usize) {
        let mut room = self.room();
        room.taken -= 1;
        room.free.entry((len as u64).next_multiple_of(GRAIN)).or_default().push(address - BASE);
    }

    fn pointer(&self, address: u64) -> NonNull<u8> {
        assert!((BASE..BASE + LEN).contains(&address));
        // SAFETY: within the mapping that `host` is the begin of.
        unsafe { self.host.add((address - BASE) as usize) }
    }
}

// SAFETY: each piece of guest memory has one owner at a time and is mapped while any clone of this value exists; both sides run on one
// thread.
unsafe impl Platform for Guest {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        let (device, ptr) = self.take(len, align);
        // SAFETY: a piece of `len` bytes that nobody else has.
        unsafe { ptr.write_bytes(0, len) };
        Ok(DmaMemory { ptr, device, len })
    }

    unsafe fn dma_free(&self, memory: DmaMemory, _align: usize) {
        self.give(memory.device, memory.len);
    }

    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        let (device, bounce) = self.take(buffer.len(), 1);
        if direction == Direction::DeviceToDriver {
            // SAFETY: a piece of that many bytes that nobody else has.
            unsafe { bounce.write_bytes(POISON, buffer.len()) };
        } else {
            // SAFETY: as above; the caller promises that the buffer is valid.
            unsafe { bounce.copy_from_nonoverlapping(buffer.cast(), buffer.len()) };
        }
        Ok(device)
    }

    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
        let bounce = self.pointer(device);
        if direction != Direction::DriverToDevice {
            // SAFETY: `share` took a piece of that many bytes; the caller promises that the buffer is valid.
            unsafe { buffer.cast::<u8>().copy_from_nonoverlapping(bounce, buffer.len()) };
        }
        // Whoever looks at it later is wrong.
        // SAFETY: as above.
        unsafe { bounce.write_bytes(POISON, buffer.len()) };
        self.give(device, buffer.len());
    }

    unsafe fn map_mmio(&self, address: u64, _len: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }

    fn wait(&self, _polls: u64) -> Wait {
        Wait::GiveUp
    }
}
