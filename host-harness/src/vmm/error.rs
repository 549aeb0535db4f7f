//! Why a machine could not be started: one sentence each, with what to do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use parakit_abi::boot;
use parakit_abi::mailbox;
use thiserror::Error;

use super::foreign::{ForeignBus, LOW_MEMORY};
use super::kernel::Boot;

/// KVM cannot be used.
#[derive(Debug, Error)]
pub enum KvmError {
    /// There is no such device node.
    #[error(
        "there is no {}: this machine has no KVM, or its module is not loaded; load kvm_intel or kvm_amd",
        device.display()
    )]
    Missing {
        /// The device node.
        device: PathBuf,
    },
    /// The device node may not be opened by this user.
    #[error(
        "no permission to open {}: add your user to the group that owns it (often `kvm`)",
        device.display()
    )]
    Permission {
        /// The device node.
        device: PathBuf,
    },
    /// Opening failed in another way.
    #[error("{} cannot be opened ({source}): check that KVM works here", device.display())]
    Open {
        /// The device node.
        device: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It opens, and is something else.
    #[error("{} is not a KVM device: point PARAKIT_KVM_DEVICE at the right one, or unset it", device.display())]
    NotKvm {
        /// The device node.
        device: PathBuf,
    },
    /// Another version of the API.
    #[error("{} speaks version {found} of the KVM API and this harness speaks 12: use a newer Linux", device.display())]
    Version {
        /// The device node.
        device: PathBuf,
        /// Its version.
        found: i32,
    },
    /// A capability that the machine is built on is missing.
    #[error("KVM on this host lacks {capability}, which the harness needs: use a newer Linux")]
    Capability {
        /// Its name in the KVM API.
        capability: &'static str,
    },
    /// An operation on KVM failed.
    #[error("KVM could not {what} ({source}): see the kernel's log")]
    Operation {
        /// What was asked of it, to be read after "could not".
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl KvmError {
    /// For `map_err`: an operation on KVM failed.
    pub(super) fn operation<E: Into<io::Error>>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Operation { what, source: source.into() }
    }

    /// Does an operation on KVM, again where a signal interrupted it. Ctrl-C ends a run in order, by its flag, and not by what
    /// it happens to interrupt; creating a machine is the commonest.
    pub(super) fn uninterrupted<T, E: Into<io::Error>>(
        what: &'static str,
        mut operation: impl FnMut() -> Result<T, E>,
    ) -> Result<T, Self> {
        let mut tries = 0;
        loop {
            let source = match operation() {
                Ok(value) => return Ok(value),
                Err(error) => error.into(),
            };
            tries += 1;
            if source.kind() != io::ErrorKind::Interrupted || tries == Self::MAX_TRIES {
                return Err(Self::Operation { what, source });
            }
        }
    }

    /// Signals in a row that an operation outlasts: far more than a user sends, and not without end.
    const MAX_TRIES: u32 = 1000;
}

/// A kernel cannot be used.
#[derive(Debug, Error)]
pub enum KernelError {
    /// There is no such file.
    #[error("there is no kernel at {}: check the path, or leave it out to use Parakit's own", path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("the kernel {} cannot be read ({source}): give an ELF file or a Linux bzImage that can be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Neither an ELF file nor a bzImage.
    #[error("{name} is no kernel that the harness knows: give an ELF file (such as vmlinux) or a Linux bzImage")]
    UnknownFormat {
        /// The file, or what else names it.
        name: String,
    },
    /// A bzImage that ends too early.
    #[error("{name} is a truncated bzImage of {bytes} bytes: copy or build it again")]
    Truncated {
        /// The file, or what else names it.
        name: String,
        /// What there is of it.
        bytes: usize,
    },
    /// A bzImage without the 64-bit entry.
    #[error(
        "{name} is a bzImage of boot protocol {}.{:02} without a 64-bit entry: give a 64-bit Linux from 3.8 on",
        version >> 8,
        version & 0xff
    )]
    NoLinux64 {
        /// The file, or what else names it.
        name: String,
        /// The version of the boot protocol that it speaks.
        version: u16,
    },
    /// A multiboot header with flags that this loader does not know.
    #[error(
        "{name} has a multiboot header with flags {flags:#x}, of which the harness knows 0 to 2: build it without the others"
    )]
    MultibootFlags {
        /// The file, or what else names it.
        name: String,
        /// Its flags.
        flags: u32,
    },
    /// An ELF file for another machine.
    #[error("{name} is built for {machine}: build it for 64-bit x86-64 (such as --target x86_64-unknown-none)")]
    WrongMachine {
        /// The file, or what else names it.
        name: String,
        /// What it is built for.
        machine: String,
    },
    /// No way in.
    #[error(
        "{name} has no entry that the harness can use ({why}): give it a PVH note (owner \"Xen\", type 18), a multiboot 1 header, \
         a 64-bit entry at a physical address, or a Parakit boot note"
    )]
    NoEntry {
        /// The file, or what else names it.
        name: String,
        /// What there is instead.
        why: NoEntry,
    },
    /// Not the way in that was asked for.
    #[error("{name} has no entry for {boot} boot: boot it {other}")]
    WrongEntry {
        /// The file, or what else names it.
        name: String,
        /// What was asked for.
        boot: Boot,
        /// What it has.
        other: Boot,
    },
    /// The ELF structures contradict one another.
    #[error("{name} is a damaged ELF file ({what}): build it again")]
    Malformed {
        /// The file, or what else names it.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// It does not fit.
    #[error("{name} needs memory up to {needed:#x} and the guest has {available:#x} bytes: give the guest more memory")]
    TooLarge {
        /// The file, or what else names it.
        name: String,
        /// First address above the kernel.
        needed: u64,
        /// Bytes of guest memory.
        available: u64,
    },
    /// It is linked where the harness puts boot data and the mailbox.
    #[error("{name} has a segment at {start:#x}: link it above {limit:#x}, which the harness uses itself")]
    TooLow {
        /// The file, or what else names it.
        name: String,
        /// Where the segment starts.
        start: u64,
        /// First address for kernels.
        limit: u64,
    },
    /// It is linked where a PC has no memory for it.
    #[error(
        "{name} has a segment from {start:#x} to {end:#x}: link it at 1 MiB or above, or below {:#x}, since boot data and firmware lie between",
        LOW_MEMORY.end
    )]
    InTheWay {
        /// The file, or what else names it.
        name: String,
        /// Where the segment starts.
        start: u64,
        /// The first address after it.
        end: u64,
    },
    /// Parakit's boot note wants the mailbox, which a foreign machine has not.
    #[error(
        "{name} is not to be started by its Parakit boot note here: boot it another way, or run it as a subject of scenarios"
    )]
    NotForeign {
        /// The file, or what else names it.
        name: String,
    },
    /// The initial RAM disk does not fit beside the kernel.
    #[error(
        "the initrd of {bytes} bytes does not fit below {top:#x} beside {name}: give the guest more memory, or a smaller initrd"
    )]
    InitrdTooLarge {
        /// The file, or what else names it.
        name: String,
        /// Its size.
        bytes: usize,
        /// Where it has to end: the end of memory, or what the kernel says.
        top: u64,
    },
    /// The command line is longer than there is room for.
    #[error(
        "a command line of {bytes} bytes is too long for {name}: {boot} boot has room for {most}, what tells of the devices included"
    )]
    CommandLineTooLong {
        /// The file, or what else names it.
        name: String,
        /// Its length, with what the harness adds.
        bytes: usize,
        /// The way in.
        boot: Boot,
        /// The most.
        most: usize,
    },
    /// A NUL in the command line.
    #[error("the command line has a NUL at byte {at}, which would end it there: leave it out")]
    CommandLineNul {
        /// Where.
        at: usize,
    },
}

/// What there is instead of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEntry {
    /// It is a program for an operating system.
    Program,
    /// It is an object file or a core dump.
    Unlinked,
    /// It waits for a loader of multiboot 2.
    Multiboot2,
    /// Its entry is nowhere in what it loads, by physical addresses.
    Outside(u64),
}

impl fmt::Display for NoEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program => f.write_str("it is a program that wants a dynamic linker"),
            Self::Unlinked => {
                f.write_str("it is an object file or a core dump, and nothing that a linker made to be started")
            }
            Self::Multiboot2 => f.write_str("it has a multiboot 2 header and no other"),
            Self::Outside(entry) => write!(f, "its entry {entry:#x} is at no physical address that it loads"),
        }
    }
}

/// A machine cannot be started.
#[derive(Debug, Error)]
pub enum StartError {
    /// KVM cannot be used.
    #[error(transparent)]
    Kvm(#[from] KvmError),
    /// The kernel cannot be used.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// The memory size makes no sense.
    #[error(
        "guest memory of {bytes} bytes is not possible: give a multiple of 4096 from 2 MiB to {} MiB, where the devices begin",
        boot::MMIO_BASE >> 20
    )]
    MemorySize {
        /// Asked for.
        bytes: u64,
    },
    /// The host has no memory for the guest.
    #[error("the host could not give the guest {bytes} bytes of memory ({why}): ask for less, or free some")]
    Memory {
        /// Asked for.
        bytes: u64,
        /// What the system said.
        why: String,
    },
    /// More devices than the mailbox has room for.
    #[error("{count} devices are too many: a run has at most {}", mailbox::MAX_DEVICES)]
    TooManyDevices {
        /// Asked for.
        count: usize,
    },
    /// More CPUs than KVM, the kernel or the way in has room for, or none.
    #[error("a machine with {cpus} CPUs is not possible here: {limit}")]
    Cpus {
        /// Asked for.
        cpus: u16,
        /// What is possible.
        limit: CpuLimit,
    },
    /// A way in that leaves no place for the mailbox.
    #[error("a kernel that runs scenarios cannot be started by {boot} boot: boot it direct or PVH")]
    NoMailbox {
        /// The way in.
        boot: Boot,
    },
    /// More devices than a bus has places.
    #[error("{count} devices are too many: {bus} has room for {most}")]
    BusFull {
        /// Asked for.
        count: usize,
        /// How they are reached.
        bus: ForeignBus,
        /// The most.
        most: usize,
    },
    /// The ACPI tables or the device tree could not be made.
    #[error("the harness could not describe the machine to its guest ({what}): use fewer devices or CPUs")]
    Description {
        /// What is in the way.
        what: String,
    },
    /// The scenario's name does not fit into the mailbox.
    #[error("the scenario name of {bytes} bytes is too long: it may have {}", mailbox::NAME_LEN)]
    NameTooLong {
        /// Its length.
        bytes: usize,
    },
}

/// What sets the number of CPUs of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpuLimit {
    /// The machine: KVM lets it have so many.
    Kvm(u64),
    /// The kernel: its boot note has room for so many.
    Kernel(u64),
    /// The way in: a kernel that is booted through PVH begins with one CPU, and starts no others here.
    Pvh,
}

impl fmt::Display for CpuLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kvm(most) => write!(f, "KVM on this host lets it have 1 to {most}"),
            Self::Kernel(most) => write!(f, "the kernel has room for 1 to {most}"),
            Self::Pvh => write!(f, "a kernel that is booted through PVH has one"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_signal_interrupted_is_done_again() {
        let mut left = 3;
        let done = KvmError::uninterrupted("count", || {
            left -= 1;
            if left > 0 { Err(io::Error::from_raw_os_error(libc::EINTR)) } else { Ok(left) }
        });
        assert_eq!(done.unwrap(), 0);

        let mut tries = 0;
        let refused: Result<(), _> = KvmError::uninterrupted("be refused", || {
            tries += 1;
            Err(io::Error::from_raw_os_error(libc::EPERM))
        });
        assert!(refused.is_err());
        assert_eq!(tries, 1);

        let mut tries = 0;
        let always: Result<(), _> = KvmError::uninterrupted("get through", || {
            tries += 1;
            Err(io::Error::from_raw_os_error(libc::EINTR))
        });
        assert!(always.is_err());
        assert_eq!(tries, KvmError::MAX_TRIES);
    }
}
