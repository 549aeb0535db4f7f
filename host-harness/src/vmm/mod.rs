//! The KVM machine: vCPUs, memory, an in-kernel interrupt controller, and devices on register blocks or on a PCI bus.
//!
//! A run is: open KVM ([`KvmHost`]), read a kernel ([`Kernel`]), build a [`Machine`], attach the devices, [`Machine::run`].
//! The guest is not trusted: nothing that it writes or does crashes the harness or outlives the deadline; every end has its
//! own value in [`End`].
//!
//! ```no_run
//! use std::time::Duration;
//! use parakit_harness::vmm::{Boot, Hooks, Kernel, KvmHost, KvmOptions, Machine, MachineConfig, MailboxInit};
//!
//! struct Quiet;
//! impl Hooks for Quiet {
//!     fn signal(&mut self, _code: u32, _argument: u64) -> u64 { 0 }
//!     fn log(&mut self, text: &str) { print!("{text}") }
//!     fn cancelled(&self) -> bool { false }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let host = KvmHost::open(&KvmOptions::from_env())?;
//! let kernel = Kernel::read("kernel.elf".as_ref())?;
//! let machine = Machine::new(&host, MachineConfig {
//!     memory_bytes: 64 << 20,
//!     cpus: 1,
//!     kernel,
//!     boot: Boot::Direct,
//!     mailbox: MailboxInit { scenario: "console-echo".into(), ..MailboxInit::default() },
//!     deadline: Duration::from_secs(10),
//! })?;
//! let report = machine.run(&mut Quiet);
//! println!("{} after {:?}, {} exits", report.end, report.elapsed, report.exits.total());
//! # Ok(()) }
//! ```

mod boot;
mod bus;
pub mod confine;
mod doorbell;
mod error;
mod fault;
mod foreign;
mod host;
mod interrupts;
mod kernel;
mod load;
mod log;
mod machine;
mod mailbox;
mod memory;
mod outcome;
mod pc;
mod registers;
mod speed;
mod vcpu;
mod watchdog;

pub use self::error::{CpuLimit, KernelError, KvmError, NoEntry, StartError};
pub use self::fault::InternalError;
pub use self::foreign::{Discovery, ForeignBus, ForeignConfig};
pub use self::host::{KvmHost, KvmOptions};
pub use self::kernel::{Boot, Kernel};
pub(crate) use self::log::{Log, printable};
pub use self::machine::{Hooks, Machine, MachineConfig, placement};
pub use self::mailbox::{Evidence, MailboxInit, Reported};
pub use self::outcome::{End, ExitCounter, ExitCounts, MachineReport};
pub use self::registers::Registers;
pub use self::speed::Ring0Speed;

/// What a guest's memory is: private anonymous memory, backed by huge pages where the host has them.
pub type GuestMemory = vm_memory::GuestMemoryMmap<()>;
