//! What KVM says when it cannot go on with a guest.

use std::fmt;

use super::registers::Registers;

/// KVM gave up on an instruction (KVM_EXIT_INTERNAL_ERROR).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InternalError {
    /// 1: emulation failed, 2: simultaneous exceptions, 3: event delivery, 4: unexpected exit reason.
    pub suberror: u32,
    /// What KVM adds; meaning depends on the suberror.
    pub data: Vec<u64>,
    /// The instruction, as far as its bytes could be had.
    pub instruction: Vec<u8>,
    /// Whether this host emulates what a kernel does in ring 0, instead of letting the CPU do it.
    pub emulated: bool,
    /// Where.
    pub registers: Option<Registers>,
}

impl InternalError {
    /// Decodes what KVM left in the shared state: after an emulation failure the instruction's bytes may be part of it.
    pub(super) fn new(suberror: u32, data: &[u64]) -> Self {
        const EMULATION: u32 = 1;
        const HAS_INSTRUCTION: u64 = 1;
        let mut instruction = Vec::new();
        if suberror == EMULATION && data.len() >= 3 && data[0] & HAS_INSTRUCTION != 0 {
            let bytes: Vec<u8> = data[1..3].iter().flat_map(|w| w.to_le_bytes()).collect();
            let size = usize::from(bytes[0]).min(15);
            instruction = bytes[1..=size].to_vec();
        }
        Self { suberror, data: data.to_vec(), instruction, emulated: false, registers: None }
    }

    fn reason(&self) -> &'static str {
        match self.suberror {
            1 => "it could not emulate an instruction",
            2 => "exceptions came at the same time",
            3 => "it could not deliver an event",
            4 => "the CPU reported something unexpected",
            _ => "for a reason unknown to the harness",
        }
    }
}

impl fmt::Display for InternalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KVM gave up on the guest: {} (internal error {})", self.reason(), self.suberror)?;
        if !self.instruction.is_empty() {
            write!(f, ", instruction bytes")?;
            for byte in &self.instruction {
                write!(f, " {byte:02x}")?;
            }
        }
        if self.emulated {
            write!(
                f,
                "; KVM on this host has no hardware to run ring 0 and emulates it, a part of the instructions only"
            )?;
        }
        if let Some(r) = &self.registers {
            write!(f, "\n{r}")?;
        }
        Ok(())
    }
}
