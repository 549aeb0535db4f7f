//! How fast guest code runs in ring 0. Some hosts emulate it, instruction by instruction.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vm_memory::{Bytes, GuestAddress};

use super::boot;
use super::bus::Bus;
use super::error::KvmError;
use super::host::KvmHost;
use super::interrupts::Layout;
use super::load::KERNEL_FLOOR;
use super::log::Log;
use super::machine::{Bare, Hooks};
use super::mailbox::Mailbox;
use super::memory;
use super::outcome::{End, ExitCounter};
use super::vcpu::VcpuParts;
use super::watchdog::{self, Peer, Vcpus};

/// Iterations of the timed loop, of two instructions each.
const ITERATIONS: u32 = 8000;
/// A native CPU needs about a nanosecond an iteration; starting the vCPU adds some tens. Emulation needs above a thousand.
const EMULATED_ABOVE_NS: u64 = 200;
/// A slower ring 0 than this many native iterations' time is not waited for.
const LARGEST_SCALE: u64 = 30;

/// The speed of ring 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring0Speed {
    nanoseconds: u64,
}

impl Ring0Speed {
    /// Times a short loop, again if the host may just have been busy.
    pub(super) fn measure(host: &KvmHost) -> Result<Self, KvmError> {
        let mut best = Self { nanoseconds: u64::MAX };
        for _ in 0..3 {
            best.nanoseconds = best.nanoseconds.min(Self::measure_once(host)?.nanoseconds);
            if !best.emulated() {
                break;
            }
        }
        Ok(best)
    }

    /// Times a short loop in a machine of its own.
    fn measure_once(host: &KvmHost) -> Result<Self, KvmError> {
        let lacking = |e: &dyn std::fmt::Display| {
            KvmError::operation("give memory to a test guest")(std::io::Error::other(e.to_string()))
        };
        let memory = memory::allocate(2 << 20).map_err(|e| lacking(&e))?;
        // mov ecx, ITERATIONS; again: dec ecx; jnz again; out PORT_EXIT, al
        let mut code = vec![0xb9];
        code.extend(ITERATIONS.to_le_bytes());
        code.extend([0x49, 0x75, 0xfd, 0xe6, parakit_abi::boot::PORT_EXIT as u8]);
        memory.write_slice(&code, GuestAddress(KERNEL_FLOOR)).map_err(|e| lacking(&e))?;

        let Bare { vm: _vm, vcpus, .. } = Bare::new(host, &memory, 1, Layout::Own)?;
        vcpus.iter().try_for_each(|vcpu| boot::protected_mode(vcpu, 0, KERNEL_FLOOR, 0, 0))?;
        let mut mailbox = Mailbox::new(memory.clone());
        let parts = vcpus.into_iter().map(|vcpu| VcpuParts {
            index: 0,
            vcpu,
            run_size: host.run_size(),
            memory: memory.clone(),
            bus: Arc::new(Bus::default()),
            pc: None,
            exits: ExitCounter::default(),
        });
        let started = Instant::now();
        let limit = Duration::from_secs(2);
        let vcpus = Vcpus::start(parts, Vec::new())?;
        match watchdog::supervise(
            vcpus,
            &mut Peer::Mailbox(&mut mailbox),
            &mut Log::default(),
            &mut Unheard,
            started,
            limit,
        ) {
            End::NoVerdict { .. } | End::Deadline { .. } => {}
            other => return Err(KvmError::operation("run a test guest")(std::io::Error::other(other.to_string()))),
        }
        let nanoseconds = started.elapsed().as_nanos() / u128::from(ITERATIONS);
        Ok(Self { nanoseconds: u64::try_from(nanoseconds).unwrap_or(u64::MAX) })
    }

    /// Whether ring 0 is emulated here.
    #[must_use]
    pub fn emulated(self) -> bool {
        self.nanoseconds > EMULATED_ABOVE_NS
    }

    /// Nanoseconds of an iteration of two instructions; start-up included, so that small values only say "fast".
    #[must_use]
    pub fn nanoseconds_per_iteration(self) -> u64 {
        self.nanoseconds
    }

    /// By how much to multiply the deadline of a guest that runs in ring 0: 1 where it is native, at most 30.
    #[must_use]
    pub fn deadline_scale(self) -> u32 {
        if !self.emulated() {
            return 1;
        }
        (self.nanoseconds / 50).clamp(2, LARGEST_SCALE) as u32
    }
}

struct Unheard;

impl Hooks for Unheard {
    fn signal(&mut self, _code: u32, _argument: u64) -> u64 {
        0
    }
    fn log(&mut self, _text: &str) {}
    fn cancelled(&self) -> bool {
        false
    }
}
