//! The command line, for loaders that write no mailbox: says where one is, or what would be in it.

use parakit_abi::mailbox::{
    DeviceEntry, MAX_DEVICES, OFF_BUS, OFF_ECAM, OFF_SEED, OFF_TSC_KHZ, PARAMS, bus, command_line as key,
};
use parakit_abi::transport::mmio::Register;

use crate::arch::memory;
use crate::mailbox::Mailbox;

/// A command line: words between spaces, as bytes.
#[derive(Clone, Copy)]
pub(crate) struct CommandLine(pub(crate) &'static [u8]);

impl CommandLine {
    fn values(self, key: &str) -> impl Iterator<Item = &'static str> {
        self.0
            .split(u8::is_ascii_whitespace)
            .filter_map(move |word| word.strip_prefix(key.as_bytes())?.strip_prefix(b"="))
            .filter_map(|value| core::str::from_utf8(value).ok())
    }

    /// Address of the mailbox, if there is one.
    pub(crate) fn mailbox(self) -> Option<usize> {
        self.values(key::MAILBOX).find_map(number).map(|address| address as usize)
    }

    /// Where lines go.
    pub(crate) fn console(self) -> Option<&'static str> {
        self.values(key::CONSOLE).next()
    }

    /// Whether devices see through the caches, as far as this is about it.
    pub(crate) fn coherent(self) -> bool {
        self.values(key::COHERENT).next() != Some("0")
    }

    /// Writes into a mailbox what the command line says: scenario, parameters, seed, bus, devices; how many devices.
    pub(crate) fn fill(self, mailbox: Mailbox) -> usize {
        mailbox.set_scenario(self.values(key::SCENARIO).next().unwrap_or(""));
        mailbox.set_u64(OFF_SEED, self.values(key::SEED).find_map(number).unwrap_or(0));
        mailbox.set_u64(OFF_TSC_KHZ, self.values(key::TSC_KHZ).find_map(number).unwrap_or(0));
        mailbox.set_u64(OFF_ECAM, self.values(key::ECAM).find_map(number).unwrap_or(0));
        mailbox.set_u32(OFF_BUS, self.values(key::BUS).find_map(bus::named).unwrap_or(bus::TABLE));
        let params = self.values(key::PARAMS).flat_map(|values| values.split(',')).filter_map(number);
        for (i, value) in params.take(PARAMS).enumerate() {
            mailbox.set_param(i, value);
        }
        let devices = self.values(key::DEVICE).filter_map(device).take(MAX_DEVICES);
        for (i, entry) in devices.enumerate() {
            mailbox.set_device(i, entry);
        }
        mailbox.device_count()
    }
}

/// A number in decimal, or in hexadecimal after `0x`.
fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// A size: a number, with `K` or `M` behind it or without.
fn size(text: &str) -> Option<u64> {
    let (digits, unit) = match text.as_bytes().last()?.to_ascii_uppercase() {
        b'K' => (&text[..text.len() - 1], 1 << 10),
        b'M' => (&text[..text.len() - 1], 1 << 20),
        _ => (text, 1),
    };
    number(digits)?.checked_mul(unit)
}

/// `SIZE@BASE:INTERRUPT`, as Linux has it, with more after another colon or without.
fn device(text: &str) -> Option<DeviceEntry> {
    let (len, place) = text.split_once('@')?;
    let mut place = place.split(':');
    let base = number(place.next()?)?;
    let gsi = number(place.next()?)?;
    if base == 0 || !base.is_multiple_of(4) || !memory::map_registers(base, 0x200) {
        return None;
    }
    // SAFETY: the command line says that a register block is there, and it was mapped. The type of the device may be read at any time.
    let device_type = unsafe { ((base + Register::DeviceID.offset()) as *const u32).read_volatile() };
    Some(DeviceEntry { base, size: size(len)?.try_into().ok()?, device_type, vector: 0, gsi: gsi.try_into().ok()? })
}
