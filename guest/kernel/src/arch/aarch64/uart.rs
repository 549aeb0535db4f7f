//! The console: a PL011.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::arch::{device_tree, memory};

const DATA: usize = 0x00;
const FLAGS: usize = 0x18;
const LINE_CONTROL: usize = 0x2c;
const CONTROL: usize = 0x30;

/// No room for a byte.
const FULL: u32 = 1 << 5;
/// Eight bits, with queues.
const EIGHT_BITS: u32 = 0b111 << 4;
/// On, for sending.
const SENDING: u32 = 1 | 1 << 8;
/// Looks at the flags before a byte is written all the same.
const LOOKS: u32 = 1 << 20;

/// Where its registers are: where QEMU has them, until the device tree says otherwise.
static BASE: AtomicUsize = AtomicUsize::new(0x900_0000);

fn register(offset: usize) -> *mut u32 {
    (BASE.load(Ordering::Relaxed) + offset) as *mut u32
}

/// Finds it, and switches it on.
pub(super) fn start() {
    let place = device_tree::find(&["arm,pl011"]).and_then(|node| device_tree::registers(node, 0));
    if let Some(place) = place
        && memory::map_registers(place.start, place.end - place.start)
    {
        BASE.store(place.start as usize, Ordering::Relaxed);
    }
    // SAFETY: the registers of a PL011, which hold no Rust object.
    unsafe {
        register(LINE_CONTROL).write_volatile(EIGHT_BITS);
        register(CONTROL).write_volatile(SENDING);
    }
}

/// There is one console.
pub(crate) fn choose_console(_: Option<&str>) {}

/// Writes a byte to the console.
pub(crate) fn write_console(byte: u8) {
    // SAFETY: as for `start`.
    unsafe {
        let _waited = (0..LOOKS).any(|_| register(FLAGS).read_volatile() & FULL == 0);
        register(DATA).write_volatile(byte.into());
    }
}
