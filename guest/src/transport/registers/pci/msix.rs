//! MSI-X: a table of messages, and which event sends which (VIRTIO 1.4 §4.1.5.1.2).

use core::fmt;

use parakit_abi::transport::pci::msix;

use super::{
    BarWindows, ConfigAccess, Space,
    bar::{Bar, Bars, Header},
    capability::{MsixCapability, Part, Structures},
    error::PciError,
};
use crate::transport::RegisterWindow;

/// What a device writes to interrupt: the OS takes it from its interrupt controller, one for each vector that it gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    address: u64,
    data: u32,
}

impl Message {
    /// A write of `data` to `address`.
    ///
    /// # Safety
    /// Such a write by a device raises an interrupt, or does nothing, until the device was reset or the machine is: the
    /// address is an interrupt controller's and no memory.
    #[must_use]
    pub const unsafe fn new(address: u64, data: u32) -> Self {
        Self { address, data }
    }

    /// Where the device writes.
    #[must_use]
    pub const fn address(self) -> u64 {
        self.address
    }

    /// What the device writes.
    #[must_use]
    pub const fn data(self) -> u32 {
        self.data
    }
}

/// What is wrong with the MSI-X table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MsixFault {
    /// Table or pending bits are in a BAR that the function does not have.
    NoBar {
        /// Number of the BAR.
        bar: u8,
    },
    /// Table or pending bits are in an I/O BAR.
    NotMemory {
        /// Number of the BAR.
        bar: u8,
    },
    /// Table or pending bits are not inside their BAR.
    Outside {
        /// Number of the BAR.
        bar: u8,
        /// Offset in the BAR.
        offset: u64,
        /// Bytes.
        len: u64,
        /// Bytes that the BAR decodes.
        bar_len: u64,
    },
    /// The table overlaps a register structure.
    Overlap {
        /// Number of the BAR.
        bar: u8,
        /// Offset of the table in the BAR.
        offset: u64,
    },
    /// MSI-X does not stay on, or all vectors stay masked.
    Off {
        /// What the control register reads.
        control: u16,
    },
}

impl fmt::Display for MsixFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoBar { bar } => write!(f, "MSI-X table or pending bits in BAR {bar}, which is not there"),
            Self::NotMemory { bar } => write!(f, "MSI-X table or pending bits in I/O BAR {bar}"),
            Self::Outside { bar, offset, len, bar_len } => {
                write!(f, "MSI-X: {len:#x} bytes at {offset:#x} of BAR {bar}, which has {bar_len:#x}")
            }
            Self::Overlap { bar, offset } => {
                write!(f, "the MSI-X table at {offset:#x} of BAR {bar} overlaps a register structure")
            }
            Self::Off { control } => write!(f, "MSI-X does not stay on: its control register reads {control:#06x}"),
        }
    }
}

impl core::error::Error for MsixFault {}

fn check(part: &Part, bars: &Bars) -> Result<(), MsixFault> {
    let Part { bar, offset, len } = *part;
    let Bar { space, len: bar_len, .. } =
        bars.get(usize::from(bar)).copied().flatten().ok_or(MsixFault::NoBar { bar })?;
    if space != Space::Memory {
        return Err(MsixFault::NotMemory { bar });
    }
    if offset + len > bar_len { Err(MsixFault::Outside { bar, offset, len, bar_len }) } else { Ok(()) }
}

impl<A: ConfigAccess> Header<'_, A> {
    fn control(&self, capability: &MsixCapability) -> u16 {
        self.config.read16(self.function, u16::from(capability.at) + msix::CONTROL)
    }

    fn set_control(&self, capability: &MsixCapability, value: u16) {
        // SAFETY: what the table's entries say, unmasked ones, are messages whose makers vouch for them.
        unsafe { self.config.write16(self.function, u16::from(capability.at) + msix::CONTROL, value) }
    }

    /// Switches MSI-X off, if firmware left it on.
    pub(super) fn disable_msix(&self, capability: &MsixCapability) {
        let control = self.control(capability);
        if control & msix::CONTROL_ENABLE != 0 {
            self.set_control(capability, control & !(msix::CONTROL_ENABLE | msix::CONTROL_MASKED));
        }
    }

    /// Writes messages to the first entries of the table, masks the others, and switches MSI-X on. How many entries have one.
    pub(super) fn enable_msix<B: BarWindows>(
        &self,
        capability: &MsixCapability,
        structures: &Structures,
        bars: &Bars,
        windows: &B,
        messages: &[Message],
    ) -> Result<u16, PciError> {
        let MsixCapability { table, pending, vectors, .. } = *capability;
        check(&table, bars).and_then(|()| check(&pending, bars)).map_err(PciError::Msix)?;
        if structures.overlap(&table) {
            return Err(PciError::Msix(MsixFault::Overlap { bar: table.bar, offset: table.offset }));
        }
        let region = table.region(self.function, bars).ok_or(PciError::Msix(MsixFault::NoBar { bar: table.bar }))?;
        // SAFETY: the table is inside a BAR that has its place, and overlaps no other structure.
        let window = unsafe { windows.window(&region) }.map_err(|error| PciError::Map { region, error })?;
        let control = self.control(capability) & !(msix::CONTROL_ENABLE | msix::CONTROL_MASKED);
        self.set_control(capability, control | msix::CONTROL_ENABLE | msix::CONTROL_MASKED);
        for vector in 0..vectors {
            let entry = u64::from(vector) * msix::ENTRY_SIZE;
            // SAFETY: an entry is masked until it holds a message, whose maker vouches for it; all vectors are masked still.
            unsafe {
                match messages.get(usize::from(vector)) {
                    Some(message) => {
                        window.write32(entry + msix::ENTRY_CONTROL, msix::ENTRY_MASKED);
                        window.write32(entry, message.address as u32);
                        window.write32(entry + 4, (message.address >> 32) as u32);
                        window.write32(entry + 8, message.data);
                        window.write32(entry + msix::ENTRY_CONTROL, 0);
                    }
                    None => window.write32(entry + msix::ENTRY_CONTROL, msix::ENTRY_MASKED),
                }
            }
        }
        self.set_control(capability, control | msix::CONTROL_ENABLE);
        let control = self.control(capability);
        if control & (msix::CONTROL_ENABLE | msix::CONTROL_MASKED) != msix::CONTROL_ENABLE {
            return Err(PciError::Msix(MsixFault::Off { control }));
        }
        Ok(vectors.min(u16::try_from(messages.len()).unwrap_or(u16::MAX)))
    }
}

/// Something that interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The configuration changes.
    Config,
    /// A buffer of this queue is used.
    Queue(
        /// Index of the queue.
        u16,
    ),
}

/// An event that the device maps to none of the vectors that were tried (VIRTIO 1.4 §4.1.5.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VectorError {
    /// The event.
    pub event: Event,
    /// The vector tried last.
    pub vector: u16,
    /// What was read back instead; 0xffff is `NO_VECTOR`.
    pub read: u16,
}

impl fmt::Display for VectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event {
            Event::Config => f.write_str("configuration changes")?,
            Event::Queue(queue) => write!(f, "queue {queue}")?,
        }
        write!(f, " cannot be mapped to MSI-X vector {}: {:#06x} was read back", self.vector, self.read)
    }
}

impl core::error::Error for VectorError {}

/// Which vector is for what, of as many as there are.
///
/// The first one is for configuration changes. Queue `i` has vector 1 + `i`; where there are fewer, several queues share one,
/// in turn. With a single vector, everything has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vectors {
    /// Vectors, at least 1.
    pub(super) count: u16,
    /// What configuration changes have.
    pub(super) config: u16,
    /// Whether a queue has it too.
    pub(super) shared: bool,
}

impl Vectors {
    pub(super) fn new(count: u16) -> Self {
        Self { count, config: 0, shared: count == 1 }
    }

    /// The vectors to try for an event, best first: its own, then those that other events have already.
    pub(super) fn candidates(&self, event: Event) -> [u16; 3] {
        let last = self.count - 1;
        match event {
            Event::Config => [0, 1.min(last), last],
            Event::Queue(queue) if last > 0 => [1 + queue % last, 1, self.config],
            Event::Queue(_) => [0; 3],
        }
    }
}
