//! Interrupt gates, waiting, and exception reports; the stubs are in `asm/trap.s`.

use core::fmt;
use core::hint::spin_loop;
use core::mem::offset_of;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parakit_abi::boot::{self, KERNEL_CODE, USER_CODE};

use super::cpu::{self, CpuData};
use super::registers::General;
use super::{apic, port};
use crate::outcome;
use crate::vectors::{FIRST_LEVEL, LAST_LEVEL, SPURIOUS};

const GENERAL_PROTECTION: u8 = 13;
const BREAKPOINT: u8 = 3;
const NMI: u8 = 2;
const DOUBLE_FAULT: u8 = 8;

core::arch::global_asm!(
    include_str!("asm/trap.s"),
    counts = const offset_of!(CpuData, counters.counts),
    total = const offset_of!(CpuData, counters.total),
    pending = const offset_of!(CpuData, pending),
    report_stack = const offset_of!(CpuData, report_stack),
    first_level = const FIRST_LEVEL,
    last_level = const LAST_LEVEL,
    exception_report = sym exception_report,
    user_data = const boot::USER_DATA,
    user_code = const boot::USER_CODE,
);

/// The 16 bytes of an interrupt gate; written only while no interrupt can arrive.
type Gate = [AtomicU64; 2];

unsafe extern "C" {
    safe static idt: [Gate; 256];
    safe static halt_idt: [Gate; 256];
    safe static exception_stubs: [[u8; 16]; 32];
    safe static interrupt_stubs: [[u8; 16]; 224];
    safe static spurious_stub: u8;
    safe static general_protection_stub: u8;
    safe fn wait_interrupt(total: u32);
}

/// What a gate leads to.
#[derive(Clone, Copy)]
enum Kind {
    /// Ring 0, with interrupts off, on the stack of ring 0.
    Ring0,
    /// Ring 0, which ring 3 may also enter by an instruction of its own (`int3`).
    Ring0ByInstruction,
    /// Ring 0, on a stack that nothing else uses.
    Ring0OwnStack,
    /// Ring 3. A trap gate: interrupts stay on, because ring 3 could not turn them on again.
    Ring3,
}

fn set_gate(gate: &Gate, handler: *const u8, kind: Kind) {
    let (selector, attributes) = match kind {
        Kind::Ring0 => (KERNEL_CODE, 0x8e00),
        Kind::Ring0ByInstruction => (KERNEL_CODE, 0xee00),
        Kind::Ring0OwnStack => (KERNEL_CODE, 0x8e01),
        Kind::Ring3 => (USER_CODE, 0x8f00),
    };
    let offset = handler.addr() as u64;
    let low = offset & 0xffff | u64::from(selector) << 16 | attributes << 32 | (offset >> 16 & 0xffff) << 48;
    gate[0].store(low, Ordering::Relaxed);
    gate[1].store(offset >> 32, Ordering::Relaxed);
}

/// Fills both interrupt descriptor tables.
pub(crate) fn fill_gates() {
    for (table, interrupts) in [(&idt, Kind::Ring3), (&halt_idt, Kind::Ring0)] {
        for (vector, stub) in (0u8..).zip(&exception_stubs) {
            let kind = match vector {
                NMI | DOUBLE_FAULT => Kind::Ring0OwnStack,
                BREAKPOINT => Kind::Ring0ByInstruction,
                _ => Kind::Ring0,
            };
            set_gate(&table[usize::from(vector)], stub.as_ptr(), kind);
        }
        for (gate, stub) in table[32..].iter().zip(&interrupt_stubs) {
            set_gate(gate, stub.as_ptr(), interrupts);
        }
        set_gate(&table[usize::from(SPURIOUS)], &raw const spurious_stub, interrupts);
        set_gate(&table[usize::from(GENERAL_PROTECTION)], &raw const general_protection_stub, Kind::Ring0);
    }
}

/// Empties both interrupt descriptor tables: the next exception or interrupt is a triple fault.
pub(crate) fn clear_gates() {
    for gate in idt.iter().chain(&halt_idt) {
        gate[0].store(0, Ordering::Relaxed);
        gate[1].store(0, Ordering::Relaxed);
    }
}

/// Ends the level-triggered interrupt that was taken last. If its line is still asserted, it comes again.
pub(crate) fn end_level() {
    // The swap is one instruction, so that no interrupt comes in between; relaxed, since only this processor has it.
    if cpu::data().pending.swap(0, Ordering::Relaxed) != 0 {
        apic::end_of_interrupt();
    }
}

/// Sleeps this processor until its [`total`](crate::vectors::total) differs from `seen`; returns at once if it does already. Never misses an interrupt that
/// came between the caller's look and the halt.
pub(crate) fn sleep(seen: u32) {
    wait_interrupt(seen);
}

/// What the stub of an exception saves, in the order of its addresses.
#[repr(C)]
pub(crate) struct ExceptionFrame {
    cr2: u64,
    general: General,
    vector: u64,
    error: u64,
    rip: u64,
    cs: u64,
    rflags: u64,
    rsp: u64,
    ss: u64,
}

impl ExceptionFrame {
    fn name(&self) -> &'static str {
        match self.vector {
            0 => "divide error",
            1 => "debug",
            2 => "NMI",
            3 => "breakpoint",
            4 => "overflow",
            5 => "bound range",
            6 => "invalid opcode",
            7 => "device not available",
            8 => "double fault",
            10 => "invalid TSS",
            11 => "segment not present",
            12 => "stack segment fault",
            13 => "general protection fault",
            14 => "page fault",
            16 => "x87 error",
            17 => "alignment check",
            18 => "machine check",
            19 => "SIMD error",
            20 => "virtualization exception",
            21 => "control protection",
            _ => "exception",
        }
    }
}

impl fmt::Display for ExceptionFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (vector {}, error code {:#x}) at rip {:#x}", self.name(), self.vector, self.error, self.rip)?;
        if self.vector == 14 {
            let access = match self.error {
                e if e & 0x10 != 0 => "execute",
                e if e & 2 != 0 => "write",
                _ => "read",
            };
            let page = if self.error & 1 == 0 { "not present" } else { "protected" };
            write!(f, ", {access} of {:#x}, page {page}", self.cr2)?;
        }
        writeln!(f, ", ring {}", self.cs & 3)?;
        writeln!(f, "{}", self.general.with_stack(self.rsp))?;
        write!(f, "cr2 {:016x} rflags {:08x} cs {:02x} ss {:02x}", self.cr2, self.rflags, self.cs, self.ss)
    }
}

/// Reports an exception in ring 3, and ends the run. Called by the stub, on the report stack.
extern "C" fn exception_report(frame: *const ExceptionFrame) -> ! {
    /// Number of the processor that writes a report, plus one.
    static REPORTING: AtomicUsize = AtomicUsize::new(0);
    let me = cpu::index() + 1;
    match REPORTING.compare_exchange(0, me, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => {}
        // An exception in this function: the first report is the one that matters.
        Err(first) if first == me => port::end(boot::exit::EXCEPTION),
        // Another processor's report ends the run.
        Err(_) => loop {
            spin_loop();
        },
    }
    // SAFETY: the stub passes the address of the frame that it built on the stack of ring 0, which nothing writes to
    // until the next exception, and that one does not return here.
    let frame = unsafe { &*frame };
    match me {
        1 => outcome::exception(format_args!("{frame}")),
        _ => outcome::exception(format_args!("on CPU {}: {frame}", me - 1)),
    }
}
