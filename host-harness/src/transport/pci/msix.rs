//! The MSI-X table of a function and its pending bits.

use parakit_abi::transport::pci::msix::{ENTRY_CONTROL, ENTRY_MASKED, ENTRY_SIZE};

use crate::transport::Message;

/// A table with what each vector is up to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Msix {
    entries: Vec<Entry>,
    /// MSI-X is on.
    pub(crate) enabled: bool,
    /// All vectors are masked.
    pub(crate) masked: bool,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    message: Message,
    control: u32,
    /// Why a message is owed.
    pending: Option<u32>,
    /// What the machine was told last.
    told: Option<Message>,
}

impl Default for Entry {
    fn default() -> Self {
        Self { message: Message::default(), control: ENTRY_MASKED, pending: None, told: None }
    }
}

impl Msix {
    pub(crate) fn new(vectors: u16) -> Self {
        Self { entries: vec![Entry::default(); usize::from(vectors)], ..Self::default() }
    }

    pub(crate) fn len(&self) -> u16 {
        self.entries.len() as u16
    }

    /// What `vector` sends now; `None` while it is masked, MSI-X off, or there is no such vector.
    pub(crate) fn message(&self, vector: u16) -> Option<Message> {
        let entry = self.entries.get(usize::from(vector))?;
        (self.enabled && !self.masked && entry.control & ENTRY_MASKED == 0).then_some(entry.message)
    }

    /// What `vector` sends now, if that is not what the machine was told last.
    pub(crate) fn news(&mut self, vector: u16) -> Option<Option<Message>> {
        let now = self.message(vector);
        let entry = self.entries.get_mut(usize::from(vector))?;
        (std::mem::replace(&mut entry.told, now) != now).then_some(now)
    }

    /// A message of `vector` is owed, for these reasons.
    pub(crate) fn owe(&mut self, vector: u16, reasons: u32) {
        if let Some(entry) = self.entries.get_mut(usize::from(vector)) {
            *entry.pending.get_or_insert(0) |= reasons;
        }
    }

    /// The reasons of a message that is owed; it is to be sent now.
    pub(crate) fn take_pending(&mut self, vector: u16) -> Option<u32> {
        self.entries.get_mut(usize::from(vector))?.pending.take()
    }

    /// No message is owed any more.
    pub(crate) fn forget(&mut self) {
        self.entries.iter_mut().for_each(|e| e.pending = None);
    }

    /// Reads the table; any offset and width within it.
    pub(crate) fn read_table(&self, offset: u64, data: &mut [u8]) {
        for (at, byte) in (offset..).zip(data) {
            let entry = self.entries.get((at / ENTRY_SIZE) as usize);
            *byte = entry.map_or(0, |e| e.bytes()[(at % ENTRY_SIZE) as usize]);
        }
    }

    /// Writes the table, in aligned pieces of 4 or 8 bytes: others are undefined (PCI 3.0 §6.8.2) and ignored. Returns the vector that it touched.
    pub(crate) fn write_table(&mut self, offset: u64, data: &[u8]) -> Option<u16> {
        let width = data.len() as u64;
        if !matches!(width, 4 | 8) || !offset.is_multiple_of(width) {
            return None;
        }
        let vector = u16::try_from(offset / ENTRY_SIZE).ok()?;
        let entry = self.entries.get_mut(usize::from(vector))?;
        let mut bytes = entry.bytes();
        let at = (offset % ENTRY_SIZE) as usize;
        bytes[at..at + data.len()].copy_from_slice(data);
        entry.set(bytes);
        Some(vector)
    }

    /// Reads the pending bits.
    pub(crate) fn read_pending(&self, offset: u64, data: &mut [u8]) {
        for (at, byte) in (offset..).zip(data) {
            let bit = |i: u64| self.entries.get((at * 8 + i) as usize).is_some_and(|e| e.pending.is_some());
            *byte = (0..8).map(|i| u8::from(bit(i)) << i).sum();
        }
    }
}

impl Entry {
    fn bytes(&self) -> [u8; ENTRY_SIZE as usize] {
        let mut bytes = [0; ENTRY_SIZE as usize];
        bytes[..8].copy_from_slice(&self.message.address.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.message.data.to_le_bytes());
        bytes[ENTRY_CONTROL as usize..].copy_from_slice(&self.control.to_le_bytes());
        bytes
    }

    fn set(&mut self, bytes: [u8; ENTRY_SIZE as usize]) {
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        // The two lowest bits of the address are always zero.
        let address = u64::from(word(0) & !3) | u64::from(word(4)) << 32;
        self.message = Message { address, data: word(8) };
        self.control = word(12) & ENTRY_MASKED;
    }
}
