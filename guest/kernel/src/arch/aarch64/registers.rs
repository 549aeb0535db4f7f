//! The general registers, for reports.

use core::{arch::asm, fmt};

/// The general registers and the stack pointer, in the order in which the stub of an exception saves them.
#[repr(C)]
pub(crate) struct General {
    x: [u64; 31],
    sp: u64,
}

impl General {
    /// The registers as they are here, for a report. What a caller kept in them is there as far as the compiler has not used them
    /// for something else on the way; `x9` is used for this.
    #[inline(always)]
    pub(crate) fn here() -> Self {
        let mut general = Self { x: [0; 31], sp: 0 };
        // SAFETY: stores 32 words to the 32 words of `general`, and changes no register but the one that it says.
        unsafe {
            asm!(
                "stp x0, x1, [x9, #0x00]",
                "stp x2, x3, [x9, #0x10]",
                "stp x4, x5, [x9, #0x20]",
                "stp x6, x7, [x9, #0x30]",
                "stp x8, x9, [x9, #0x40]",
                "stp x10, x11, [x9, #0x50]",
                "stp x12, x13, [x9, #0x60]",
                "stp x14, x15, [x9, #0x70]",
                "stp x16, x17, [x9, #0x80]",
                "stp x18, x19, [x9, #0x90]",
                "stp x20, x21, [x9, #0xa0]",
                "stp x22, x23, [x9, #0xb0]",
                "stp x24, x25, [x9, #0xc0]",
                "stp x26, x27, [x9, #0xd0]",
                "stp x28, x29, [x9, #0xe0]",
                "str x30, [x9, #0xf0]",
                "mov x10, sp",
                "str x10, [x9, #0xf8]",
                in("x9") &raw mut general,
                out("x10") _,
                options(nostack, preserves_flags),
            );
        }
        general
    }
}

/// Eight lines with all of them.
impl fmt::Display for General {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, value) in self.x.iter().enumerate() {
            let end = if i % 4 == 3 { '\n' } else { ' ' };
            write!(f, "x{i:<2} {value:016x}{end}")?;
        }
        write!(f, "sp  {:016x}", self.sp)
    }
}
