//! The vCPU's registers, as far as they help to see what a guest was doing.

use std::fmt;

use kvm_bindings::{kvm_regs, kvm_sregs};

/// The registers at the end of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the architecture names them")]
pub struct Registers {
    /// Number of the vCPU.
    pub cpu: u16,
    pub rip: u64,
    pub rflags: u64,
    pub rsp: u64,
    pub rax: u64,
    pub rbx: u64,
    pub rcx: u64,
    pub rdx: u64,
    pub rsi: u64,
    pub rdi: u64,
    pub rbp: u64,
    /// `r8` to `r15`.
    pub r8_to_r15: [u64; 8],
    pub cr0: u64,
    pub cr2: u64,
    pub cr3: u64,
    pub cr4: u64,
    pub efer: u64,
    pub cs: u16,
    pub ss: u16,
    /// The kernel's function that `rip` is in, and how far, where the image has symbols.
    pub function: Option<String>,
}

impl Registers {
    pub(super) fn new(cpu: u16, r: &kvm_regs, s: &kvm_sregs) -> Self {
        Self {
            cpu,
            rip: r.rip,
            rflags: r.rflags,
            rsp: r.rsp,
            rax: r.rax,
            rbx: r.rbx,
            rcx: r.rcx,
            rdx: r.rdx,
            rsi: r.rsi,
            rdi: r.rdi,
            rbp: r.rbp,
            r8_to_r15: [r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15],
            cr0: s.cr0,
            cr2: s.cr2,
            cr3: s.cr3,
            cr4: s.cr4,
            efer: s.efer,
            cs: s.cs.selector,
            ss: s.ss.selector,
            function: None,
        }
    }

    /// The privilege level: 0 or 3 (or 1, 2).
    #[must_use]
    pub fn ring(&self) -> u16 {
        self.cs & 3
    }
}

impl fmt::Display for Registers {
    /// Several lines, without one at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r8, r9, r10, r11, r12, r13, r14, r15] = self.r8_to_r15;
        if self.cpu != 0 {
            writeln!(f, "CPU {}", self.cpu)?;
        }
        if let Some(function) = &self.function {
            writeln!(f, "in {function}")?;
        }
        writeln!(f, "rip {:016x} cs {:04x} (ring {}) rflags {:08x}", self.rip, self.cs, self.ring(), self.rflags)?;
        writeln!(f, "rsp {:016x} ss {:04x} rbp {:016x}", self.rsp, self.ss, self.rbp)?;
        writeln!(f, "rax {:016x} rbx {:016x} rcx {:016x} rdx {:016x}", self.rax, self.rbx, self.rcx, self.rdx)?;
        writeln!(f, "rsi {:016x} rdi {:016x} r8  {r8:016x} r9  {r9:016x}", self.rsi, self.rdi)?;
        writeln!(f, "r10 {r10:016x} r11 {r11:016x} r12 {r12:016x} r13 {r13:016x}")?;
        writeln!(f, "r14 {r14:016x} r15 {r15:016x}")?;
        write!(
            f,
            "cr0 {:08x} cr2 {:016x} cr3 {:016x} cr4 {:08x} efer {:x}",
            self.cr0, self.cr2, self.cr3, self.cr4, self.efer
        )
    }
}
