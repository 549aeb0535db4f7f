//! The harness's half of the mailbox ([`parakit_abi::mailbox`]). What the guest wrote is clamped where it is read.

use std::sync::atomic::Ordering;
use std::time::Duration;

use parakit_abi::boot::MAILBOX_ADDRESS;
use parakit_abi::mailbox::{self as abi, DeviceEntry, Record};
use parakit_abi::requirement::RequirementId;
use vm_memory::{Bytes, GuestAddress, GuestMemoryError};

use super::GuestMemory;
use super::log::printable;

/// What a guest is told to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailboxInit {
    /// Name of the workload.
    pub scenario: String,
    /// Parameters, whose meaning is the workload's.
    pub params: [u64; abi::PARAMS],
    /// Seed of the run's random choices.
    pub seed: u64,
    /// How the guest finds its devices ([`abi::bus`]).
    pub bus: u32,
    /// Device type id of each device ([`parakit_abi::device::DeviceType`]); where they are follows from their order ([`super::placement`]).
    pub devices: Vec<u32>,
}

/// Values that a guest reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// In the guest's order.
    pub records: Vec<Record>,
    /// Entries that are no records, or more than the mailbox holds.
    pub bad: u32,
}

/// What a guest's probe saw of a requirement that a device broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The requirement.
    pub requirement: RequirementId,
    /// What was expected, in the probe's words.
    pub expected: String,
    /// What was seen, in the probe's words.
    pub seen: String,
}

impl Evidence {
    /// The evidence in a text of the form of [`abi::OFF_EVIDENCE`]; lines that are none are left out.
    #[must_use]
    pub fn parse(text: &str) -> Vec<Self> {
        let clean = |part: &str| printable(part.as_bytes());
        let one = |(requirement, expected, seen)| Self { requirement, expected: clean(expected), seen: clean(seen) };
        abi::evidence(text).map(one).collect()
    }
}

/// The mailbox of a machine.
pub(super) struct Mailbox {
    memory: GuestMemory,
    /// Bytes of the log that were taken, free-running. Kept here, since the guest can write the mailbox's copy.
    taken: u32,
}

impl Mailbox {
    pub(super) fn new(memory: GuestMemory) -> Self {
        Self { memory, taken: 0 }
    }

    /// Writes the harness's half. `init.scenario` and `init.devices` have been checked for length.
    pub(super) fn write(
        &self,
        init: &MailboxInit,
        devices: &[DeviceEntry],
        memory_bytes: u64,
        tsc_khz: u64,
        cpus: u16,
    ) -> Result<(), GuestMemoryError> {
        let count = u32::try_from(devices.len()).unwrap_or(u32::MAX);
        self.set_u64(abi::OFF_MAGIC, abi::MAGIC)?;
        self.set_u32(abi::OFF_VERSION, abi::VERSION)?;
        self.set_u32(abi::OFF_DEVICE_COUNT, count)?;
        self.set_u64(abi::OFF_MEMORY_SIZE, memory_bytes)?;
        self.set_u64(abi::OFF_TSC_KHZ, tsc_khz)?;
        self.set_u64(abi::OFF_SEED, init.seed)?;
        self.set_u32(abi::OFF_CPUS, cpus.into())?;
        self.set_u32(abi::OFF_BUS, init.bus)?;
        for (i, param) in init.params.iter().enumerate() {
            self.set_u64(abi::OFF_PARAMS + 8 * i, *param)?;
        }
        self.memory.write_slice(init.scenario.as_bytes(), at(abi::OFF_SCENARIO))?;
        for (i, device) in devices.iter().enumerate() {
            self.memory.write_slice(&device.to_le_bytes(), at(abi::OFF_DEVICES + DeviceEntry::SIZE * i))?;
        }
        Ok(())
    }

    /// One of [`abi::state`], or whatever the guest wrote.
    pub(super) fn state(&self) -> u32 {
        self.u32(abi::OFF_STATE)
    }

    /// The message, bounded and printable.
    pub(super) fn message(&self) -> String {
        let len = (self.u32(abi::OFF_MESSAGE_LEN) as usize).min(abi::MESSAGE_MAX);
        printable(&self.bytes(abi::OFF_MESSAGE, len))
    }

    /// The argument of a signal.
    pub(super) fn signal_argument(&self) -> u64 {
        self.u64(abi::SIGNAL_ARG)
    }

    /// Answers a signal. The guest reads it after its port write returns.
    pub(super) fn answer_signal(&self, answer: u64) {
        // The mailbox is inside the memory: `Machine::new` wrote all of its header.
        let _ = self.set_u64(abi::SIGNAL_ANSWER, answer);
    }

    /// Takes what the guest logged since the last time.
    pub(super) fn take_log(&mut self) -> Vec<u8> {
        // Acquire: pairs with the guest's release store of the count after the bytes.
        let written: u32 = self.memory.load(at(abi::OFF_LOG_WRITTEN), Ordering::Acquire).unwrap_or(self.taken);
        let pending = written.wrapping_sub(self.taken) as usize;
        if pending == 0 {
            return Vec::new();
        }
        let mut out = Vec::new();
        let mut from = self.taken;
        if pending > abi::LOG_SIZE {
            out.extend_from_slice(format!("[{} bytes of the log were lost]\n", pending - abi::LOG_SIZE).as_bytes());
            from = written.wrapping_sub(abi::LOG_SIZE as u32);
        }
        let len = pending.min(abi::LOG_SIZE);
        let start = from as usize % abi::LOG_SIZE;
        let first = len.min(abi::LOG_SIZE - start);
        out.extend(self.bytes(abi::OFF_LOG + start, first));
        out.extend(self.bytes(abi::OFF_LOG, len - first));
        self.taken = written;
        // Release: the bytes were read before the guest may write over them.
        let _ = self.memory.store(written, at(abi::OFF_LOG_TAKEN), Ordering::Release);
        out
    }

    /// The guest's records.
    pub(super) fn records(&self) -> Reported {
        let claimed = self.u32(abi::OFF_RECORD_COUNT);
        let count = claimed.min(abi::MAX_RECORDS as u32);
        let mut reported = Reported { records: Vec::new(), bad: claimed - count };
        for i in 0..count as usize {
            let bytes = self.bytes(abi::OFF_RECORDS + Record::SIZE * i, Record::SIZE);
            match bytes.first_chunk().and_then(Record::from_le_bytes) {
                Some(record) if !record.name().chars().any(char::is_control) => reported.records.push(record),
                _ => reported.bad += 1,
            }
        }
        reported
    }

    /// What the guest's probes saw; bounded by the room that there is for it.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let len = (self.u32(abi::OFF_EVIDENCE_LEN) as usize).min(abi::EVIDENCE_MAX);
        Evidence::parse(&String::from_utf8_lossy(&self.bytes(abi::OFF_EVIDENCE, len)))
    }

    /// From `start` (time stamp counter values that may be the guest's at its first instruction) to the guest's first virtqueue
    /// operation, if the guest's stamps make sense for a run of `elapsed`.
    pub(super) fn boot_to_first_queue(&self, start: &[u64], tsc_khz: u64, elapsed: Duration) -> Option<Duration> {
        let (entry, first) = (self.u64(abi::OFF_TSC_ENTRY), self.u64(abi::OFF_TSC_FIRST_QUEUE));
        let to_time = |ticks: u64| {
            (tsc_khz != 0).then(|| Duration::from_nanos((u128::from(ticks) * 1_000_000 / u128::from(tsc_khz)) as u64))
        };
        // A millisecond of slack: the clocks are read one after the other.
        let plausible = |from: u64, to: u64| {
            to.checked_sub(from).and_then(to_time).filter(|d| *d <= elapsed + Duration::from_millis(1))
        };
        if entry == 0 || first == 0 {
            return None;
        }
        let inside = plausible(entry, first)?;
        let before = start.iter().find_map(|&s| plausible(s, entry)).unwrap_or_default();
        Some(before + inside)
    }

    fn bytes(&self, offset: usize, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        // Inside the memory, as above; were it not, the zeroes stand.
        let _ = self.memory.read_slice(&mut bytes, at(offset));
        bytes
    }

    // Acquire: pairs with the guest's release store of the same word, so that what it announces is seen.
    fn u32(&self, offset: usize) -> u32 {
        self.memory.load::<u32>(at(offset), Ordering::Acquire).unwrap_or(0)
    }

    fn u64(&self, offset: usize) -> u64 {
        self.memory.load::<u64>(at(offset), Ordering::Acquire).unwrap_or(0)
    }

    // Release: pairs with the guest's acquire load of the same word; what was written before is seen with it.
    fn set_u32(&self, offset: usize, value: u32) -> Result<(), GuestMemoryError> {
        self.memory.store(value, at(offset), Ordering::Release)
    }

    fn set_u64(&self, offset: usize, value: u64) -> Result<(), GuestMemoryError> {
        self.memory.store(value, at(offset), Ordering::Release)
    }
}

fn at(offset: usize) -> GuestAddress {
    GuestAddress(MAILBOX_ADDRESS + offset as u64)
}
