//! The interrupt controller for devices (PLIC). It knows lines only: nothing here takes messages.

use core::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering};

use parakit_abi::boot::FIRST_VECTOR;

use super::cpu;
use crate::arch::device_tree;
use crate::vectors::{FIRST_LEVEL, LAST_LEVEL, SPURIOUS};

const PRIORITY: usize = 0x0000;
const ENABLE: usize = 0x2000;
const ENABLE_STRIDE: usize = 0x80;
const THRESHOLD: usize = 0x20_0000;
const CLAIM: usize = 0x20_0004;
const CONTEXT_STRIDE: usize = 0x1000;

/// Sources; number 0 means none.
const SOURCES: usize = 1024;
/// The interrupt of a processor by which the controller reaches machine mode.
const MACHINE_EXTERNAL: u32 = 11;

static BASE: AtomicUsize = AtomicUsize::new(0);
/// Number of machine mode of the first processor, as the controller counts.
static CONTEXT: AtomicUsize = AtomicUsize::new(0);

/// The vector of each source; 0 for those that nobody has.
static VECTORS: [AtomicU8; SOURCES] = [const { AtomicU8::new(0) }; SOURCES];
/// Sources that were claimed and not completed, a bit each.
static CLAIMED: [AtomicU32; SOURCES / 32] = [const { AtomicU32::new(0) }; SOURCES / 32];

fn register(offset: usize) -> *mut u32 {
    (BASE.load(Ordering::Relaxed) + offset) as *mut u32
}

fn of_context(offset: usize) -> *mut u32 {
    register(offset + CONTEXT_STRIDE * CONTEXT.load(Ordering::Relaxed))
}

/// Finds the controller.
pub(super) fn find() {
    let node = device_tree::find(&["sifive,plic-1.0.0", "riscv,plic0"]);
    let Some((node, place)) = node.and_then(|node| Some((node, device_tree::registers(node, 0)?))) else {
        panic!("the machine has no PLIC: no interrupts of devices");
    };
    BASE.store(place.start as usize, Ordering::Relaxed);
    // Pairs: whose interrupt, and which one.
    let mut kinds = device_tree::words(node, "interrupts-extended").skip(1).step_by(2);
    CONTEXT.store(kinds.position(|kind| kind == MACHINE_EXTERNAL).unwrap_or(0), Ordering::Relaxed);
}

/// Lets every source through that has a vector.
pub(super) fn enable() {
    // SAFETY: the registers of the controller, which hold no Rust object.
    unsafe { of_context(THRESHOLD).write_volatile(0) }
}

/// A line in the words of a device tree: the number of its source.
pub(crate) fn line(mut words: impl Iterator<Item = u32>) -> Option<u32> {
    words.next().filter(|&source| source != 0 && (source as usize) < SOURCES)
}

/// Routes a line to the vector of device `device`, and says which one that is.
pub(crate) fn route(line: u32, device: usize) -> u8 {
    connect(line, (FIRST_VECTOR as usize + device) as u8)
}

/// Routes a line of PCI functions, which several may share, to its vector.
pub(crate) fn route_level(line: u32) -> u8 {
    connect(line, FIRST_LEVEL + (line % u32::from(LAST_LEVEL - FIRST_LEVEL + 1)) as u8)
}

fn connect(line: u32, vector: u8) -> u8 {
    let source = line as usize;
    VECTORS[source].store(vector, Ordering::Relaxed);
    let enable = register(ENABLE + ENABLE_STRIDE * CONTEXT.load(Ordering::Relaxed) + 4 * (source / 32));
    // SAFETY: as in `enable`; there is one processor, so that nobody changes the word in between.
    unsafe {
        register(PRIORITY + 4 * source).write_volatile(1);
        enable.write_volatile(enable.read_volatile() | 1 << (source % 32));
    }
    vector
}

/// There are no messages.
pub(crate) fn message(_: usize, _: u8) -> Option<(u64, u32)> {
    None
}

/// Takes the interrupts of devices, and counts them. The line of each is still asserted here: completed now, it would come again at
/// once. It is completed when the processor waits for the next one, which is after the driver has looked at the device.
pub(super) fn take() {
    let counters = cpu::this();
    loop {
        // SAFETY: as in `enable`. The read takes the interrupt.
        let source = unsafe { of_context(CLAIM).read_volatile() } as usize;
        if source == 0 || source >= SOURCES {
            return;
        }
        CLAIMED[source / 32].fetch_or(1 << (source % 32), Ordering::Relaxed);
        counters.count(match VECTORS[source].load(Ordering::Relaxed) {
            0 => SPURIOUS,
            vector => vector,
        });
    }
}

/// Completes what was claimed: it comes again if its line is still asserted.
pub(crate) fn end_level() {
    for (word, claimed) in CLAIMED.iter().enumerate() {
        let mut bits = claimed.swap(0, Ordering::Relaxed);
        while bits != 0 {
            let source = 32 * word as u32 + bits.trailing_zeros();
            bits &= bits - 1;
            // SAFETY: as in `enable`.
            unsafe { of_context(CLAIM).write_volatile(source) }
        }
    }
}
