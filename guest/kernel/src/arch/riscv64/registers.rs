//! The general registers, for reports.

use core::{arch::asm, fmt};

/// The general registers without zero, in the order in which the stub of a trap saves them.
#[repr(C)]
pub(crate) struct General {
    ra: u64,
    pub(super) sp: u64,
    /// `x3` to `x31`.
    others: [u64; 29],
}

/// What programs call them.
const NAMES: [&str; 31] = [
    "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3",
    "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];

impl General {
    /// The registers as they are here, for a report. What a caller kept in them is there as far as the compiler has not used them
    /// for something else on the way; `t0` is used for this.
    #[inline(always)]
    pub(crate) fn here() -> Self {
        let mut general = Self { ra: 0, sp: 0, others: [0; 29] };
        // SAFETY: stores 31 words to the 31 words of `general`, and changes no register.
        unsafe {
            asm!(
                "sd x1, 0x00(t0)",
                "sd x2, 0x08(t0)",
                "sd x3, 0x10(t0)",
                "sd x4, 0x18(t0)",
                "sd x5, 0x20(t0)",
                "sd x6, 0x28(t0)",
                "sd x7, 0x30(t0)",
                "sd x8, 0x38(t0)",
                "sd x9, 0x40(t0)",
                "sd x10, 0x48(t0)",
                "sd x11, 0x50(t0)",
                "sd x12, 0x58(t0)",
                "sd x13, 0x60(t0)",
                "sd x14, 0x68(t0)",
                "sd x15, 0x70(t0)",
                "sd x16, 0x78(t0)",
                "sd x17, 0x80(t0)",
                "sd x18, 0x88(t0)",
                "sd x19, 0x90(t0)",
                "sd x20, 0x98(t0)",
                "sd x21, 0xa0(t0)",
                "sd x22, 0xa8(t0)",
                "sd x23, 0xb0(t0)",
                "sd x24, 0xb8(t0)",
                "sd x25, 0xc0(t0)",
                "sd x26, 0xc8(t0)",
                "sd x27, 0xd0(t0)",
                "sd x28, 0xd8(t0)",
                "sd x29, 0xe0(t0)",
                "sd x30, 0xe8(t0)",
                "sd x31, 0xf0(t0)",
                in("t0") &raw mut general,
                options(nostack, preserves_flags),
            );
        }
        general
    }
}

/// Eight lines with all of them.
impl fmt::Display for General {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = [self.ra, self.sp].into_iter().chain(self.others);
        for (i, (name, value)) in NAMES.iter().zip(values).enumerate() {
            let end = match i {
                30 => "",
                i if i % 4 == 3 => "\n",
                _ => " ",
            };
            write!(f, "{name:<3} {value:016x}{end}")?;
        }
        Ok(())
    }
}
