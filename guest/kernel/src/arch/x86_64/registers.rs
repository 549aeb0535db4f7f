//! The general registers, for reports.

use core::{arch::asm, fmt};

/// The general registers but the stack pointer, in the order in which the stub of an exception saves them.
#[derive(Default)]
#[repr(C)]
pub(crate) struct General {
    r15: u64,
    r14: u64,
    r13: u64,
    r12: u64,
    r11: u64,
    r10: u64,
    r9: u64,
    r8: u64,
    rdi: u64,
    rsi: u64,
    rbp: u64,
    rbx: u64,
    rdx: u64,
    rcx: u64,
    rax: u64,
}

impl General {
    /// The registers as they are here, for a report. What a caller kept in them is there as far as the compiler
    /// has not used them for something else on the way; `rdi` is used for this.
    #[inline(always)]
    pub(crate) fn here() -> impl fmt::Display {
        let mut general = Self::default();
        let stack: u64;
        // SAFETY: stores 15 words to the 15 words of `general`, and changes no register but the one it returns.
        unsafe {
            asm!(
                "mov [rdi + 0x00], r15",
                "mov [rdi + 0x08], r14",
                "mov [rdi + 0x10], r13",
                "mov [rdi + 0x18], r12",
                "mov [rdi + 0x20], r11",
                "mov [rdi + 0x28], r10",
                "mov [rdi + 0x30], r9",
                "mov [rdi + 0x38], r8",
                "mov [rdi + 0x40], rdi",
                "mov [rdi + 0x48], rsi",
                "mov [rdi + 0x50], rbp",
                "mov [rdi + 0x58], rbx",
                "mov [rdi + 0x60], rdx",
                "mov [rdi + 0x68], rcx",
                "mov [rdi + 0x70], rax",
                "mov rdi, rsp",
                inout("rdi") &raw mut general => stack,
                options(nostack, preserves_flags),
            );
        }
        fmt::from_fn(move |f| write!(f, "{}", general.with_stack(stack)))
    }

    /// Four lines with all of them and the stack pointer.
    pub(super) fn with_stack(&self, rsp: u64) -> impl fmt::Display {
        fmt::from_fn(move |f| {
            writeln!(f, "rax {:016x} rbx {:016x} rcx {:016x} rdx {:016x}", self.rax, self.rbx, self.rcx, self.rdx)?;
            writeln!(f, "rsi {:016x} rdi {:016x} rbp {:016x} rsp {:016x}", self.rsi, self.rdi, self.rbp, rsp)?;
            writeln!(f, "r8  {:016x} r9  {:016x} r10 {:016x} r11 {:016x}", self.r8, self.r9, self.r10, self.r11)?;
            write!(f, "r12 {:016x} r13 {:016x} r14 {:016x} r15 {:016x}", self.r12, self.r13, self.r14, self.r15)
        })
    }
}
