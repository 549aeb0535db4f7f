//! A block driver straight from VIRTIO 1.4, for split rings, without interrupts: one request at a time, and polling.

use core::cell::UnsafeCell;
use core::ptr;
use core::sync::atomic::{Ordering, fence};

use crate::mmio::Mmio;
use crate::pci::Pci;
use crate::{command_line, console};

/// Status bits (§2.1).
const ACKNOWLEDGE: u8 = 1;
const DRIVER: u8 = 2;
const DRIVER_OK: u8 = 4;
const FEATURES_OK: u8 = 8;
const FAILED: u8 = 128;
/// `VIRTIO_F_VERSION_1`: bit 0 of word 1.
const VERSION_1: u32 = 1;
/// `VIRTIO_F_EVENT_IDX`, a bit of word 0.
const EVENT_IDX: u32 = 1 << 29;
/// The type of block devices.
pub(crate) const BLOCK: u32 = 2;
/// Descriptor flags (§2.7.5).
const NEXT: u16 = 1;
const WRITE: u16 = 2;
/// Descriptors of the queue: a power of two, and enough for one request.
pub const QUEUE_SIZE: u16 = 8;
/// Request types (§5.2.6).
const IN: u32 = 0;
const OUT: u32 = 1;
/// Bytes of a sector.
pub const SECTOR: usize = 512;
/// How often a ring or register is looked at before the device is given up.
const PATIENCE: u32 = 2_000_000;

/// What a driver leaves out, or does wrong. The default is to do all as it should be.
#[derive(Clone, Copy, Default)]
pub struct Faults {
    /// It does not wait for the device to confirm the reset (§4.1.4.3.2).
    pub reset_not_awaited: bool,
    /// It does not read `FEATURES_OK` back (§3.1.1).
    pub features_ok_unread: bool,
    /// It sets `DRIVER_OK` and takes `ACKNOWLEDGE` back by that (§2.1.1).
    pub status_bits_cleared: bool,
    /// It notifies the device of the first so many requests, and of none after them (§2.7.10.1).
    pub notifies_of: Option<u16>,
    /// It accepts `VIRTIO_F_EVENT_IDX`, which is no fault. It then notifies whatever `avail_event` says.
    pub event_idx: bool,
}

/// What a driver does to a device, whatever the transport.
pub trait Transport {
    /// Reads the status.
    fn status(&self) -> u8;
    /// Writes the status.
    fn set_status(&self, value: u8);
    /// Reads a word of the offered features.
    fn offered(&self, word: u32) -> u32;
    /// Accepts a word of features.
    fn accept(&self, word: u32, value: u32);
    /// Reads the generation of the configuration space.
    fn generation(&self) -> u32;
    /// Reads 4 bytes of the configuration space.
    fn config(&self, offset: u64) -> u32;
    /// Selects a queue and reads its largest size.
    fn queue_max(&self, queue: u16) -> u16;
    /// Sets the selected queue up, and enables it.
    fn set_queue(&self, size: u16, descriptors: u64, available: u64, used: u64);
    /// Notifies the device of a queue.
    fn notify(&self, queue: u16);
}

/// Memory that the device reads and writes.
#[repr(C, align(4096))]
struct Shared {
    descriptors: [[u64; 2]; QUEUE_SIZE as usize],
    available: [u16; 3 + QUEUE_SIZE as usize],
    used: Used,
    header: [u64; 2],
    status: u8,
    data: [u8; SECTOR],
}

#[repr(C, align(4))]
struct Used {
    flags: u16,
    idx: u16,
    ring: [[u32; 2]; QUEUE_SIZE as usize],
    avail_event: u16,
}

#[repr(transparent)]
struct Cell(UnsafeCell<Shared>);

// SAFETY: there is one processor, no interrupt, and accesses go through pointers only.
unsafe impl Sync for Cell {}

static SHARED: Cell = Cell(UnsafeCell::new(Shared {
    descriptors: [[0; 2]; QUEUE_SIZE as usize],
    available: [0; 3 + QUEUE_SIZE as usize],
    used: Used { flags: 0, idx: 0, ring: [[0; 2]; QUEUE_SIZE as usize], avail_event: 0 },
    header: [0; 2],
    status: 0,
    data: [0; SECTOR],
}));

/// A descriptor: address, length, flags, next.
pub type Descriptor = (u64, u32, u16, u16);

/// What went wrong.
pub type Outcome<T> = Result<T, &'static str>;

/// A block device that is live.
pub struct Block<T> {
    transport: T,
    /// Sectors.
    pub capacity: u64,
    published: u16,
    faults: Faults,
}

impl<T: Transport> Block<T> {
    /// Brings the device up (§3.1.1).
    ///
    /// # Errors
    /// What is in the way.
    pub fn new(transport: T, faults: Faults) -> Outcome<Self> {
        transport.set_status(0);
        if !faults.reset_not_awaited {
            poll(|| transport.status() == 0).ok_or("the reset is not confirmed")?;
        }
        transport.set_status(ACKNOWLEDGE);
        transport.set_status(ACKNOWLEDGE | DRIVER);
        let offered = transport.offered(1);
        let accepted = transport.offered(0) & if faults.event_idx { EVENT_IDX } else { 0 };
        if offered & VERSION_1 == 0 {
            transport.set_status(ACKNOWLEDGE | DRIVER | FAILED);
            return Err("the device is no modern one");
        }
        transport.accept(0, accepted);
        transport.accept(1, VERSION_1);
        let ready = ACKNOWLEDGE | DRIVER | FEATURES_OK;
        transport.set_status(ready);
        if !faults.features_ok_unread && transport.status() & FEATURES_OK == 0 {
            transport.set_status(ready | FAILED);
            return Err("the device does not take VERSION_1 alone");
        }
        let capacity = loop {
            let before = transport.generation();
            let value = u64::from(transport.config(0)) | u64::from(transport.config(4)) << 32;
            if transport.generation() == before {
                break value;
            }
        };
        if transport.queue_max(0) < QUEUE_SIZE {
            transport.set_status(ready | FAILED);
            return Err("queue 0 is too small");
        }
        let shared = SHARED.0.get();
        // SAFETY: only addresses are taken; the device has not been given any of it yet, so that it can be cleared.
        let (descriptors, available, used) = unsafe {
            shared.write_bytes(0, 1);
            // No interrupt is wanted: the used ring is polled. With EVENT_IDX the flags are 0, and one that comes is not heeded.
            let no_interrupt = u16::from(!faults.event_idx);
            (&raw mut (*shared).available).cast::<u16>().write_volatile(no_interrupt);
            (&raw const (*shared).descriptors, &raw const (*shared).available, &raw const (*shared).used)
        };
        fence(Ordering::SeqCst);
        transport.set_queue(QUEUE_SIZE, descriptors as u64, available as u64, used as u64);
        let live = ready | DRIVER_OK;
        transport.set_status(if faults.status_bits_cleared { live & !ACKNOWLEDGE } else { live });
        Ok(Self { transport, capacity, published: 0, faults })
    }

    /// Reads a sector.
    ///
    /// # Errors
    /// The device does not answer, or with an error.
    pub fn read(&mut self, sector: u64) -> Outcome<[u8; SECTOR]> {
        self.request(IN, sector)?;
        // SAFETY: the request is over, so the device has given the buffer back.
        Ok(unsafe { (&raw const (*SHARED.0.get()).data).read_volatile() })
    }

    /// Writes a sector.
    ///
    /// # Errors
    /// As above.
    pub fn write(&mut self, sector: u64, data: &[u8; SECTOR]) -> Outcome<()> {
        // SAFETY: no request is under way, so the device has no part of the buffer.
        unsafe { (&raw mut (*SHARED.0.get()).data).write_volatile(*data) };
        self.request(OUT, sector)
    }

    fn request(&mut self, kind: u32, sector: u64) -> Outcome<()> {
        let shared = SHARED.0.get();
        // SAFETY: no request is under way, so the device has none of this; the pointers are into a static.
        unsafe {
            (&raw mut (*shared).header).write_volatile([u64::from(kind), sector]);
            (&raw mut (*shared).status).write_volatile(0xff);
            let data_flags = if kind == IN { WRITE | NEXT } else { NEXT };
            let chain = [
                (&raw const (*shared).header as u64, 16, NEXT, 1),
                (&raw const (*shared).data as u64, SECTOR as u32, data_flags, 2),
                (&raw const (*shared).status as u64, 1, WRITE, 0),
            ];
            self.publish(0, &chain);
            poll(|| self.is_done()).ok_or("the device does not answer")?;
            fence(Ordering::SeqCst);
            match (&raw const (*shared).status).read_volatile() {
                0 => Ok(()),
                _ => Err("the device answers with an error"),
            }
        }
    }

    /// Whether the device has used all that was published.
    fn is_done(&self) -> bool {
        // SAFETY: the pointer is into a static.
        unsafe { (&raw const (*SHARED.0.get()).used.idx).read_volatile() == self.published }
    }

    /// Writes descriptors (address, length, flags, next) into the table, and makes the chain that begins at `head` available.
    fn publish(&mut self, head: u16, chain: &[Descriptor]) {
        let shared = SHARED.0.get();
        // SAFETY: the pointers are into a static, which has room for as many descriptors; the device reads them once they are published.
        unsafe {
            let table = (&raw mut (*shared).descriptors).cast::<[u64; 2]>();
            for (i, &(address, len, flags, next)) in chain.iter().enumerate().take(QUEUE_SIZE.into()) {
                let rest = u64::from(len) | u64::from(flags) << 32 | u64::from(next) << 48;
                table.add(i).write_volatile([address, rest]);
            }
            let available = (&raw mut (*shared).available).cast::<u16>();
            available.add(2 + usize::from(self.published % QUEUE_SIZE)).write_volatile(head);
            // The device sees the entry before the index (§2.7.13.1 step 4).
            fence(Ordering::SeqCst);
            self.published = self.published.wrapping_add(1);
            available.add(1).write_volatile(self.published);
            // And the index before this driver reads whether a notification is wanted.
            fence(Ordering::SeqCst);
            let of_this_one = self.faults.notifies_of.is_none_or(|count| self.published <= count);
            let wanted = self.faults.event_idx || (&raw const (*shared).used.flags).read_volatile() & 1 == 0;
            if of_this_one && wanted {
                self.transport.notify(0);
            }
        }
    }

    /// The transport, for those who want to do what they should not.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Resets the device, and waits for it.
    ///
    /// # Errors
    /// It does not confirm.
    pub fn stop(self) -> Outcome<()> {
        self.transport.set_status(0);
        poll(|| self.transport.status() == 0).ok_or("the last reset is not confirmed")
    }
}

/// The address of the memory for a sector's data.
#[must_use]
pub fn data() -> u64 {
    // SAFETY: only the address is taken.
    unsafe { (&raw const (*SHARED.0.get()).data) as u64 }
}

/// The memory of the rings, for those who want to do what they should not: descriptors, available ring and used ring lie in its first bytes.
pub fn ring_memory() -> (*mut u32, usize) {
    let bytes = core::mem::offset_of!(Shared, header);
    (SHARED.0.get().cast(), bytes / 4)
}

fn poll(mut done: impl FnMut() -> bool) -> Option<()> {
    (0..PATIENCE).find(|_| done()).map(|_| ())
}

/// The first virtio block device, wherever it is; `task` is done with it.
///
/// # Errors
/// There is none, or what `task` says.
pub fn with_block(faults: Faults, task: &mut dyn FnMut(&mut dyn Disk) -> Outcome<()>) -> Outcome<()> {
    if let Some(device) = Mmio::find(command_line()) {
        console::print(format_args!("block device over MMIO\n"));
        let mut block = Block::new(device, faults)?;
        task(&mut block)?;
        return block.stop();
    }
    if let Some(device) = Pci::find() {
        console::print(format_args!("block device over PCI\n"));
        let mut block = Block::new(device, faults)?;
        task(&mut block)?;
        return block.stop();
    }
    Err("there is no block device")
}

/// A block device, whatever the transport.
pub trait Disk {
    /// Sectors.
    fn capacity(&self) -> u64;
    /// Reads a sector.
    ///
    /// # Errors
    /// The device does not answer, or with an error.
    fn read(&mut self, sector: u64) -> Outcome<[u8; SECTOR]>;
    /// Writes a sector.
    ///
    /// # Errors
    /// As above.
    fn write(&mut self, sector: u64, data: &[u8; SECTOR]) -> Outcome<()>;
    /// Notifies the device of queue 0, for no reason.
    fn notify(&self);
    /// Writes these descriptors and makes the chain that begins at `head` available, whatever it is; it is not waited for.
    fn publish(&mut self, head: u16, chain: &[Descriptor]);
    /// Whether the device has used all that was published.
    fn is_done(&self) -> bool;
}

impl<T: Transport> Disk for Block<T> {
    fn capacity(&self) -> u64 {
        self.capacity
    }

    fn read(&mut self, sector: u64) -> Outcome<[u8; SECTOR]> {
        Self::read(self, sector)
    }

    fn write(&mut self, sector: u64, data: &[u8; SECTOR]) -> Outcome<()> {
        Self::write(self, sector, data)
    }

    fn notify(&self) {
        self.transport.notify(0);
    }

    fn publish(&mut self, head: u16, chain: &[Descriptor]) {
        Self::publish(self, head, chain);
    }

    fn is_done(&self) -> bool {
        Self::is_done(self)
    }
}

/// Reads some sectors, writes one, reads it back.
///
/// # Errors
/// The device does not do as it should.
pub fn exercise(disk: &mut dyn Disk) -> Outcome<()> {
    console::print(format_args!("{} sectors\n", disk.capacity()));
    if disk.capacity() < 4 {
        return Err("the disk is too small");
    }
    let first = disk.read(0)?;
    let last = disk.read(disk.capacity() - 1)?;
    console::print(format_args!("first byte {:#04x}, last byte {:#04x}\n", first[0], last[SECTOR - 1]));
    let mut pattern = [0x5a; SECTOR];
    pattern[0] = first[0].wrapping_add(1);
    disk.write(1, &pattern)?;
    let back = disk.read(1)?;
    // A word at a time: a loop over bytes is slow where each instruction is emulated.
    let same = back.chunks_exact(8).zip(pattern.chunks_exact(8)).all(|(a, b)| a == b);
    if same { Ok(()) } else { Err("what was written is not what is read") }
}

/// The address of a register.
pub(crate) fn register<T>(base: u64, offset: u64) -> *mut T {
    ptr::without_provenance_mut((base + offset) as usize)
}
