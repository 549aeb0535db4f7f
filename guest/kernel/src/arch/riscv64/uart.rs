//! The console: a serial port as PCs have them (16550), with its registers in memory.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::arch::device_tree;

const DATA: usize = 0;
const STATUS: usize = 5;
const ROOM: u8 = 1 << 5;
/// Looks at the status before a byte is written all the same.
const LOOKS: u32 = 1 << 20;

/// Where its registers are: where QEMU has them, until the device tree says otherwise.
static BASE: AtomicUsize = AtomicUsize::new(0x1000_0000);

fn register(offset: usize) -> *mut u8 {
    (BASE.load(Ordering::Relaxed) + offset) as *mut u8
}

/// Finds it.
pub(super) fn start() {
    let place = device_tree::find(&["ns16550a"]).and_then(|node| device_tree::registers(node, 0));
    if let Some(place) = place {
        BASE.store(place.start as usize, Ordering::Relaxed);
    }
}

/// There is one console.
pub(crate) fn choose_console(_: Option<&str>) {}

/// Writes a byte to the console.
pub(crate) fn write_console(byte: u8) {
    // SAFETY: the registers of a 16550, which hold no Rust object.
    unsafe {
        let _waited = (0..LOOKS).any(|_| register(STATUS).read_volatile() & ROOM != 0);
        register(DATA).write_volatile(byte);
    }
}
