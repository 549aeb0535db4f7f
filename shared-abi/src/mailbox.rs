//! The mailbox: how the harness tells a test guest what to do, and hears back.
//!
//! A block of shared memory of [`SIZE`] bytes at [`crate::boot::MAILBOX_ADDRESS`]. The first half of the header
//! is written by the harness before the guest starts; the rest is written by the guest. All integers are little-endian.
//! Offsets are in bytes from the start of the mailbox.
//!
//! Under another VMM the same things are said by the command line ([`command_line`]) and as lines on the debug console
//! ([`mod@line`]); that form has the same meaning.

use crate::requirement::RequirementId;

/// Bytes of the mailbox.
pub const SIZE: usize = 0x1_0000;
/// First eight bytes: "PARAKIT\0".
pub const MAGIC: u64 = u64::from_le_bytes(*b"PARAKIT\0");
/// Version of this layout.
pub const VERSION: u32 = 1;

// Harness to guest.
/// u64, [`MAGIC`].
pub const OFF_MAGIC: usize = 0x00;
/// u32, [`VERSION`].
pub const OFF_VERSION: usize = 0x08;
/// u32, devices in the table.
pub const OFF_DEVICE_COUNT: usize = 0x0c;
/// u64, bytes of RAM from address 0.
pub const OFF_MEMORY_SIZE: usize = 0x10;
/// u64, frequency of the time stamp counter in kHz; 0 when unknown.
pub const OFF_TSC_KHZ: usize = 0x18;
/// u64, seed of the run's random choices.
pub const OFF_SEED: usize = 0x20;
/// [`PARAMS`] u64s whose meaning is the scenario's.
pub const OFF_PARAMS: usize = 0x30;
/// NUL-padded UTF-8, [`NAME_LEN`] bytes.
pub const OFF_SCENARIO: usize = 0x70;
/// [`MAX_DEVICES`] entries of [`DeviceEntry::SIZE`] bytes.
pub const OFF_DEVICES: usize = 0xb0;
/// u32, virtual CPUs that the guest may start.
pub const OFF_CPUS: usize = 0x230;
/// u32, one of [`bus`]: how the guest finds its devices.
pub const OFF_BUS: usize = 0x234;
/// u64, address of the PCI configuration space in memory; 0 for [`crate::boot::PCI_ECAM`].
pub const OFF_ECAM: usize = 0x238;

// Guest to harness.
/// u32, one of [`state`].
pub const OFF_STATE: usize = 0x400;
/// u32, records written.
pub const OFF_RECORD_COUNT: usize = 0x404;
/// u32, bytes ever written to the log, free-running.
pub const OFF_LOG_WRITTEN: usize = 0x408;
/// u32, bytes of the log that the harness has taken, free-running (written by the harness).
pub const OFF_LOG_TAKEN: usize = 0x40c;
/// u64, argument of the last signal.
pub const SIGNAL_ARG: usize = 0x410;
/// u64, answer of the harness to the last signal (written by the harness).
pub const SIGNAL_ANSWER: usize = 0x418;
/// u64, time stamp counter at the kernel's ring 3 entry.
pub const OFF_TSC_ENTRY: usize = 0x420;
/// u64, time stamp counter at the first virtqueue operation; 0 before.
pub const OFF_TSC_FIRST_QUEUE: usize = 0x428;
/// u32, bytes of [`OFF_MESSAGE`].
pub const OFF_MESSAGE_LEN: usize = 0x430;
/// UTF-8: why the scenario failed, the panic message, or the exception report.
pub const OFF_MESSAGE: usize = 0x440;
/// Most bytes of the message.
pub const MESSAGE_MAX: usize = 0x1000 - OFF_MESSAGE;
/// [`MAX_RECORDS`] entries of [`Record::SIZE`] bytes.
pub const OFF_RECORDS: usize = 0x1000;
/// [`LOG_SIZE`] bytes, used as a ring.
pub const OFF_LOG: usize = 0x4000;
/// Bytes of the log ring, a power of two.
pub const LOG_SIZE: usize = 0x8000;

/// u32, bytes of [`OFF_EVIDENCE`] that are written.
pub const OFF_EVIDENCE_LEN: usize = 0x434;
/// UTF-8: what the guest's probes saw of rules that the device broke, a line each: requirement id, what was expected, what was
/// seen, with the character U+001F between them.
pub const OFF_EVIDENCE: usize = 0xc000;
/// Most bytes of the evidence.
pub const EVIDENCE_MAX: usize = 0x4000;
/// Between the parts of a line of evidence.
pub const EVIDENCE_SEPARATOR: char = '\u{1f}';
/// Parameters of a scenario.
pub const PARAMS: usize = 8;
/// Most bytes of a scenario's name.
pub const NAME_LEN: usize = 64;
/// Most devices of a run.
pub const MAX_DEVICES: usize = 16;
/// Most records of a run.
pub const MAX_RECORDS: usize = 192;

/// The lines of a text of evidence ([`OFF_EVIDENCE`]): requirement, what was expected, what was seen. What is no such line is left out.
///
/// ```
/// use parakit_abi::mailbox::evidence;
/// let mut lines = evidence("nonsense\nCORE-DRV-STATUS-1\u{1f}kept\u{1f}lost\n");
/// let (requirement, expected, seen) = lines.next().unwrap();
/// assert_eq!((requirement.get().id, expected, seen), ("CORE-DRV-STATUS-1", "kept", "lost"));
/// assert_eq!(lines.next(), None);
/// ```
pub fn evidence(text: &str) -> impl Iterator<Item = (RequirementId, &str, &str)> {
    text.lines().filter_map(|line| {
        let mut parts = line.splitn(3, EVIDENCE_SEPARATOR);
        Some((RequirementId::parse(parts.next()?)?, parts.next()?, parts.next()?))
    })
}

/// Values of [`OFF_BUS`].
pub mod bus {
    /// The device table says where the register blocks are.
    pub const TABLE: u32 = 0;
    /// The devices are functions on the PCI bus, for the guest to find; the table says only which types to expect, in the order of
    /// their device numbers. Configuration space is in memory ([`crate::boot::PCI_ECAM`]).
    pub const PCI: u32 = 1;
    /// As [`PCI`], and configuration space is reached through ports ([`crate::transport::pci::mechanism1`]).
    pub const PCI_PORTS: u32 = 2;

    /// The bus of a name on the command line ([`super::command_line::BUS`]).
    ///
    /// ```
    /// use parakit_abi::mailbox::bus;
    /// assert_eq!(bus::named("pci-ports"), Some(bus::PCI_PORTS));
    /// assert_eq!(bus::named("isa"), None);
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<u32> {
        match name {
            "table" => Some(TABLE),
            "pci" => Some(PCI),
            "pci-ports" => Some(PCI_PORTS),
            _ => None,
        }
    }
}

/// Values of [`OFF_STATE`].
pub mod state {
    /// The guest has not reached the scenario.
    pub const STARTING: u32 = 0;
    /// The scenario is running.
    pub const RUNNING: u32 = 1;
    /// The scenario finished as it should.
    pub const PASSED: u32 = 2;
    /// The scenario failed; the message says why.
    pub const FAILED: u32 = 3;
    /// The kernel panicked.
    pub const PANICKED: u32 = 4;
    /// The kernel took an exception.
    pub const EXCEPTION: u32 = 5;
    /// The guest knows no scenario of that name.
    pub const UNKNOWN_SCENARIO: u32 = 6;
}

/// Where a device is and how it interrupts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceEntry {
    /// Guest-physical address of the register block.
    pub base: u64,
    /// Bytes of the register block.
    pub size: u32,
    /// Device type id that the harness put there ([`crate::device::DeviceType`]).
    pub device_type: u32,
    /// Interrupt vector on CPU 0 when the harness delivers by MSI; 0 when the guest has to route [`DeviceEntry::gsi`].
    pub vector: u32,
    /// Global system interrupt.
    pub gsi: u32,
}

impl DeviceEntry {
    /// Bytes of an entry.
    pub const SIZE: usize = 24;

    /// Encodes the entry.
    #[must_use]
    pub fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let mut b = [0; Self::SIZE];
        b[0..8].copy_from_slice(&self.base.to_le_bytes());
        b[8..12].copy_from_slice(&self.size.to_le_bytes());
        b[12..16].copy_from_slice(&self.device_type.to_le_bytes());
        b[16..20].copy_from_slice(&self.vector.to_le_bytes());
        b[20..24].copy_from_slice(&self.gsi.to_le_bytes());
        b
    }

    /// Decodes an entry.
    ///
    /// ```
    /// use parakit_abi::mailbox::DeviceEntry;
    /// let e = DeviceEntry { base: 0xd000_0000, size: 0x1000, device_type: 2, vector: 0x40, gsi: 5 };
    /// assert_eq!(DeviceEntry::from_le_bytes(&e.to_le_bytes()), e);
    /// ```
    #[must_use]
    pub fn from_le_bytes(b: &[u8; Self::SIZE]) -> Self {
        let u32_at = |i: usize| u32::from_le_bytes([b[i], b[i + 1], b[i + 2], b[i + 3]]);
        Self {
            base: u64::from(u32_at(0)) | u64::from(u32_at(4)) << 32,
            size: u32_at(8),
            device_type: u32_at(12),
            vector: u32_at(16),
            gsi: u32_at(20),
        }
    }
}

/// A value that the guest reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number: a count, nanoseconds, bytes; the name says which.
    U64(u64),
    /// 32 bytes, such as a SHA-256.
    Bytes([u8; 32]),
    /// What a probe found of the requirement whose id is the name: how often the device kept it, and how often it broke it.
    Verdict {
        /// Times kept.
        passed: u32,
        /// Times broken.
        violated: u32,
    },
}

/// A named value that the guest reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    name: [u8; Self::NAME_LEN],
    /// The value.
    pub value: Value,
}

impl Record {
    /// Bytes of a record in the mailbox.
    pub const SIZE: usize = 64;
    /// Most bytes of its name.
    pub const NAME_LEN: usize = 28;

    /// A record; a name longer than [`Record::NAME_LEN`] bytes is cut at a character boundary.
    ///
    /// ```
    /// use parakit_abi::mailbox::{Record, Value};
    /// let r = Record::new("requests", Value::U64(4096));
    /// assert_eq!(Record::from_le_bytes(&r.to_le_bytes()), Some(r));
    /// assert_eq!(r.name(), "requests");
    /// ```
    #[must_use]
    pub fn new(name: &str, value: Value) -> Self {
        let mut end = name.len().min(Self::NAME_LEN);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let mut bytes = [0; Self::NAME_LEN];
        bytes[..end].copy_from_slice(&name.as_bytes()[..end]);
        Self { name: bytes, value }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        let end = self.name.iter().position(|&b| b == 0).unwrap_or(Self::NAME_LEN);
        core::str::from_utf8(&self.name[..end]).unwrap_or("")
    }

    /// Encodes the record.
    #[must_use]
    pub fn to_le_bytes(&self) -> [u8; Self::SIZE] {
        let mut b = [0; Self::SIZE];
        match self.value {
            Value::U64(v) => {
                b[0] = 1;
                b[32..40].copy_from_slice(&v.to_le_bytes());
            }
            Value::Bytes(v) => {
                b[0] = 2;
                b[32..64].copy_from_slice(&v);
            }
            Value::Verdict { passed, violated } => {
                b[0] = 3;
                b[32..36].copy_from_slice(&passed.to_le_bytes());
                b[36..40].copy_from_slice(&violated.to_le_bytes());
            }
        }
        b[4..4 + Self::NAME_LEN].copy_from_slice(&self.name);
        b
    }

    /// Decodes a record; `None` if its kind is unknown or its name is no UTF-8.
    #[must_use]
    pub fn from_le_bytes(b: &[u8; Self::SIZE]) -> Option<Self> {
        let mut name = [0; Self::NAME_LEN];
        name.copy_from_slice(&b[4..4 + Self::NAME_LEN]);
        core::str::from_utf8(&name).ok()?;
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&b[32..64]);
        let value = match b[0] {
            1 => {
                let mut word = [0; 8];
                word.copy_from_slice(&b[32..40]);
                Value::U64(u64::from_le_bytes(word))
            }
            2 => Value::Bytes(bytes),
            3 => {
                let word = |i: usize| u32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]);
                Value::Verdict { passed: word(0), violated: word(4) }
            }
            _ => return None,
        };
        Some(Self { name, value })
    }
}

/// Keys of the words `key=value` on the command line of a guest that was booted through PVH. Numbers are decimal, or
/// hexadecimal after `0x`.
pub mod command_line {
    /// Address of a mailbox; everything else is then said there.
    pub const MAILBOX: &str = "parakit.mailbox";
    /// Name of the scenario.
    pub const SCENARIO: &str = "parakit.scenario";
    /// Parameters of the scenario, with commas between them.
    pub const PARAMS: &str = "parakit.params";
    /// Seed of the run's random choices.
    pub const SEED: &str = "parakit.seed";
    /// Frequency of the time stamp counter in kHz.
    pub const TSC_KHZ: &str = "parakit.tsc_khz";
    /// A device, once each, in Linux's words: `SIZE@BASE:INTERRUPT`, as in `4K@0xd0000000:5`.
    pub const DEVICE: &str = "virtio_mmio.device";
    /// How the guest finds its devices: `table` (the devices of [`DEVICE`], the default), `pci` or `pci-ports`
    /// ([`super::bus`]). On the bus, the devices of the run are the virtio functions that the guest finds, in the order of
    /// their places.
    pub const BUS: &str = "parakit.bus";
    /// Address of the PCI configuration space in memory, bus 0 first.
    pub const ECAM: &str = "parakit.ecam";
    /// `0` has the guest treat devices as if they did not see through the caches, as on machines where they do not: for a look at that
    /// code where it makes no difference. Nothing changes on a machine that is always coherent, such as x86.
    pub const COHERENT: &str = "parakit.coherent";
    /// Where the guest writes its lines on x86: `debug`, the debug console ([`crate::boot::PORT_DEBUG`], the default), or
    /// `serial`, the first serial port.
    pub const CONSOLE: &str = "parakit.console";
}

/// What a guest without a mailbox writes to the debug console ([`crate::boot::PORT_DEBUG`]), a line each, after
/// [`line::PREFIX`]:
///
/// - `running NAME`: the scenario begins ([`state::RUNNING`]);
/// - `record NAME VALUE`: a decimal number, 64 hexadecimal digits, or `KEPT/BROKEN` of a verdict;
/// - `evidence TEXT`: a line of evidence, in the form of [`OFF_EVIDENCE`];
/// - `agreed TYPE FEATURES`: a device of that type went live with these features, the last time of several; both hexadecimal;
/// - `signal CODE ARGUMENT`: a signal ([`mod@signal`]), to which there is no answer: the guest reads 0;
/// - and, last, `OUTCOME` or `OUTCOME: MESSAGE` ([`line::outcome`]), where the message may go on in further lines.
///
/// Every other line is log. The exit port ends the run as always.
pub mod line {
    use super::state;

    /// Start of a line that means something.
    pub const PREFIX: &str = "parakit: ";
    /// First word of the line that says that the scenario begins, after the prefix.
    pub const RUNNING: &str = "running";
    /// First word of a record.
    pub const RECORD: &str = "record";
    /// First word of a line of evidence.
    pub const EVIDENCE: &str = "evidence";
    /// First word of what driver and device agreed on.
    pub const AGREED: &str = "agreed";
    /// First word of a signal.
    pub const SIGNAL: &str = "signal";

    /// The word for a final state ([`state`]); `None` for a state that does not end a run.
    ///
    /// ```
    /// use parakit_abi::mailbox::{line, state};
    /// assert_eq!(line::outcome(state::PASSED), Some("passed"));
    /// assert_eq!(line::outcome(state::RUNNING), None);
    /// ```
    #[must_use]
    pub const fn outcome(state: u32) -> Option<&'static str> {
        match state {
            state::PASSED => Some("passed"),
            state::FAILED => Some("failed"),
            state::PANICKED => Some("panicked"),
            state::EXCEPTION => Some("exception"),
            state::UNKNOWN_SCENARIO => Some("unknown scenario"),
            _ => None,
        }
    }

    /// The final state and the message of a line without its prefix; `None` if it says none.
    ///
    /// ```
    /// use parakit_abi::mailbox::{line, state};
    /// assert_eq!(line::end("failed: no interrupt: 3"), Some((state::FAILED, "no interrupt: 3")));
    /// assert_eq!(line::end("passed"), Some((state::PASSED, "")));
    /// assert_eq!(line::end("passedly"), None);
    /// ```
    #[must_use]
    pub fn end(text: &str) -> Option<(u32, &str)> {
        let (word, message) = text.split_once(": ").unwrap_or((text, ""));
        (state::PASSED..=state::UNKNOWN_SCENARIO)
            .find(|&state| outcome(state) == Some(word))
            .map(|state| (state, message))
    }
}

/// Signals that a guest sends to the harness in the middle of a scenario; each returns once the harness has acted.
pub mod signal {
    /// The scenario reached the phase given by the argument.
    pub const PHASE: u32 = 1;
    /// Block: set the capacity of the device to the argument, in sectors, and notify.
    pub const BLOCK_RESIZE: u32 = 2;
    /// Console: set the size to `cols | rows << 16` and notify.
    pub const CONSOLE_RESIZE: u32 = 3;
    /// Console: send the argument's number of bytes of the pattern `i as u8` to the guest.
    pub const CONSOLE_INPUT: u32 = 4;
    /// Raise the interrupt of the device whose index is the argument, with nothing to announce.
    pub const SPURIOUS_INTERRUPT: u32 = 5;
    /// The log ring is full: take what is in it. The guest overwrites its oldest text after this signal.
    pub const TAKE_LOG: u32 = 6;
    /// Input: press and let go of as many keys as the argument says, up to [`MAX_KEYS`], one after the other ([`key_code`]); each press and each release
    /// is an update of its own.
    pub const INPUT_KEYS: u32 = 7;

    /// Most keys of one signal [`INPUT_KEYS`]: as many as a device keeps events for.
    pub const MAX_KEYS: u64 = 200;

    /// Code of key `i` of the keys that [`INPUT_KEYS`] has pressed: the digits from 1 to 0, again and again.
    #[must_use]
    pub const fn key_code(i: u64) -> u16 {
        2 + (i % 10) as u16
    }
}
