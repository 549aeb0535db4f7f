//! The interrupt controller: a GIC of version 2, and its frame for messages (GICv2m).

use core::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering};

use parakit_abi::boot::FIRST_VECTOR;

use super::{clock, cpu};
use crate::arch::{device_tree, memory};
use crate::vectors::{FIRST_LEVEL, LAST_LEVEL, OWN, PING, SPURIOUS, TIMER};

// The distributor.
const CONTROL: usize = 0x000;
const SET_ENABLE: usize = 0x100;
const CLEAR_ENABLE: usize = 0x180;
const PRIORITY: usize = 0x400;
const TARGETS: usize = 0x800;
const CONFIGURATION: usize = 0xc00;
const SOFTWARE: usize = 0xf00;
// The processor's interface.
const CPU_CONTROL: usize = 0x00;
const CPU_PRIORITY_MASK: usize = 0x04;
const CPU_ACKNOWLEDGE: usize = 0x0c;
const CPU_END: usize = 0x10;
// The frame for messages.
const FRAME_TYPE: usize = 0x008;
const FRAME_SEND: usize = 0x040;

/// First number of an interrupt that all processors share.
const FIRST_SHARED: u32 = 32;
/// Numbers from here on mean that there is no interrupt.
const NONE: u32 = 1020;
/// In a line as [`line`] has it: the interrupt is a rising edge, not a level.
const EDGE: u32 = 1 << 16;
/// Interrupts of processors to each other: number 0 and 1.
const OWN_VECTORS: [u8; 2] = [OWN, PING];

static DISTRIBUTOR: AtomicUsize = AtomicUsize::new(0);
static INTERFACE: AtomicUsize = AtomicUsize::new(0);
/// The frame for messages; 0 if there is none.
static FRAME: AtomicUsize = AtomicUsize::new(0);

/// The vector of each interrupt; 0 for those that nobody has.
static VECTORS: [AtomicU8; NONE as usize] = [const { AtomicU8::new(0) }; NONE as usize];
/// Level-triggered interrupts that were taken and are masked until [`end_level`], a bit each.
static TAKEN: [AtomicU32; 32] = [const { AtomicU32::new(0) }; 32];

fn distributor(register: usize) -> *mut u32 {
    (DISTRIBUTOR.load(Ordering::Relaxed) + register) as *mut u32
}

fn interface(register: usize) -> *mut u32 {
    (INTERFACE.load(Ordering::Relaxed) + register) as *mut u32
}

/// Finds the controller.
pub(super) fn find() {
    let place = |names: &[&str], i| {
        let node = device_tree::find(names)?;
        let range = device_tree::registers(node, i)?;
        memory::map_registers(range.start, range.end - range.start).then_some(range.start as usize)
    };
    let controller = ["arm,cortex-a15-gic", "arm,gic-400"];
    let (Some(first), Some(second)) = (place(&controller, 0), place(&controller, 1)) else {
        panic!("the machine has no interrupt controller of GIC version 2");
    };
    DISTRIBUTOR.store(first, Ordering::Relaxed);
    INTERFACE.store(second, Ordering::Relaxed);
    FRAME.store(place(&["arm,gic-v2m-frame"], 0).unwrap_or(0), Ordering::Relaxed);
}

/// Enables the controller, and this processor's interface to it. Interrupts arrive from here on.
pub(crate) fn enable() {
    for (number, vector) in [(0, OWN), (1, PING), (clock::INTERRUPT, TIMER)] {
        give(number, vector);
    }
    // SAFETY: the registers of the controller, which hold no Rust object. No priority is masked.
    unsafe {
        distributor(CONTROL).write_volatile(1);
        interface(CPU_PRIORITY_MASK).write_volatile(0xff);
        interface(CPU_CONTROL).write_volatile(1);
    }
}

/// Gives interrupt `number` its vector, and lets it through.
fn give(number: u32, vector: u8) {
    VECTORS[number as usize].store(vector, Ordering::Relaxed);
    let byte = |register: usize| (distributor(register).addr() + number as usize) as *mut u8;
    // SAFETY: as in `enable`; priority and target of an interrupt are a byte each, the bit of its word enables it.
    unsafe {
        byte(PRIORITY).write_volatile(0x80);
        if number >= FIRST_SHARED {
            byte(TARGETS).write_volatile(1);
        }
        distributor(SET_ENABLE + 4 * (number as usize / 32)).write_volatile(1 << (number % 32));
    }
}

/// Whether interrupt `number` is an edge, as against a level.
fn configure(number: u32, edge: bool) {
    let register = distributor(CONFIGURATION + 4 * (number as usize / 16));
    let bit = 2 << (2 * (number % 16));
    // SAFETY: as in `enable`; there is one processor, so that nobody changes the word in between.
    unsafe {
        let others = register.read_volatile() & !bit;
        register.write_volatile(others | if edge { bit } else { 0 });
    }
}

/// An interrupt in the words of a device tree: kind, number, flags. `None` if it is none that devices have.
pub(crate) fn line(mut words: impl Iterator<Item = u32>) -> Option<u32> {
    let [kind, number, flags] = [words.next()?, words.next()?, words.next()?];
    let edge = if flags & 1 != 0 { EDGE } else { 0 };
    (kind == 0 && number < NONE - FIRST_SHARED).then_some((FIRST_SHARED + number) | edge)
}

/// Routes a line to the vector of device `device`, and says which one that is.
pub(crate) fn route(line: u32, device: usize) -> u8 {
    let vector = (FIRST_VECTOR as usize + device) as u8;
    connect(line, vector);
    vector
}

/// Routes a line of PCI functions, which several may share, to its vector.
pub(crate) fn route_level(line: u32) -> u8 {
    let vector = FIRST_LEVEL + (line % u32::from(LAST_LEVEL - FIRST_LEVEL + 1)) as u8;
    connect(line, vector);
    vector
}

fn connect(line: u32, vector: u8) {
    let number = line & !EDGE;
    configure(number, line & EDGE != 0);
    give(number, vector);
}

/// Where a device's message interrupts on `vector`: address and data. `None` if there is no interrupt left for it.
pub(crate) fn message(_: usize, vector: u8) -> Option<(u64, u32)> {
    let frame = match FRAME.load(Ordering::Relaxed) {
        0 => return None,
        frame => frame,
    };
    // SAFETY: as in `enable`; a register that says which interrupts belong to messages.
    let (first, count) = unsafe {
        let kind = ((frame + FRAME_TYPE) as *const u32).read_volatile();
        (kind >> 16 & 0x3ff, kind & 0x3ff)
    };
    let index = u32::from(vector).checked_sub(FIRST_VECTOR).filter(|&index| index < count)?;
    connect((first + index) | EDGE, vector);
    Some(((frame + FRAME_SEND) as u64, first + index))
}

/// Interrupts this processor.
pub(crate) fn interrupt_self(vector: u8) {
    interrupt(cpu::index(), vector);
}

/// Interrupts processor `index`, which may be this one, on one of the vectors that processors have for that.
pub(crate) fn interrupt(index: usize, vector: u8) {
    let Some(number) = OWN_VECTORS.iter().position(|&own| own == vector) else { return };
    // SAFETY: as in `enable`. The list of targets is a bit for each processor.
    unsafe { distributor(SOFTWARE).write_volatile(1 << (16 + index) | number as u32) }
}

/// Takes an interrupt: counts it, and does what keeps it from coming again at once.
pub(super) extern "C" fn take() {
    let counters = cpu::this();
    // SAFETY: as in `enable`. The read takes the interrupt of the highest priority.
    let acknowledged = unsafe { interface(CPU_ACKNOWLEDGE).read_volatile() };
    let number = acknowledged & 0x3ff;
    if number >= NONE {
        counters.count(SPURIOUS);
        return;
    }
    if number == clock::INTERRUPT {
        clock::stop_timer();
    } else if number >= FIRST_SHARED && !is_edge(number) {
        // Still asserted here: it would come again at once. It may again when the processor waits for the next one, which is
        // after the driver has looked at the device.
        let (word, bit) = (number as usize / 32, 1 << (number % 32));
        TAKEN[word].fetch_or(bit, Ordering::Relaxed);
        // SAFETY: as in `enable`.
        unsafe { distributor(CLEAR_ENABLE + 4 * word).write_volatile(bit) };
    }
    counters.count(match VECTORS[number as usize].load(Ordering::Relaxed) {
        0 => SPURIOUS,
        vector => vector,
    });
    // SAFETY: as in `enable`.
    unsafe { interface(CPU_END).write_volatile(acknowledged) };
}

fn is_edge(number: u32) -> bool {
    // SAFETY: as in `enable`.
    let configuration = unsafe { distributor(CONFIGURATION + 4 * (number as usize / 16)).read_volatile() };
    configuration >> (2 * (number % 16)) & 2 != 0
}

/// Lets the level-triggered interrupts that were taken come again, as they do if their line is still asserted.
pub(crate) fn end_level() {
    for (word, taken) in TAKEN.iter().enumerate() {
        match taken.swap(0, Ordering::Relaxed) {
            0 => {}
            // SAFETY: as in `enable`.
            bits => unsafe { distributor(SET_ENABLE + 4 * word).write_volatile(bits) },
        }
    }
}
