//! Values of registers in words: each with the number itself.

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::ring::packed::{self, Position};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{INTERRUPT_CONFIG_CHANGE, INTERRUPT_USED_BUFFER};
use parakit_abi::transport::pci::NO_VECTOR;

/// A status: `0x0b ACKNOWLEDGE|DRIVER|FEATURES_OK`.
pub(super) fn status(value: u8) -> String {
    if value == 0 { "0x00".to_owned() } else { format!("{value:#04x} {}", DeviceStatus(value)) }
}

/// A word of feature bits: `0x00000001 VERSION_1`; bits without a name by their number.
pub(super) fn features(device: DeviceType, word: u32, value: u32) -> String {
    let bits = (0..32).filter(|bit| value >> bit & 1 != 0);
    let names: Vec<String> = bits.map(|bit| feature_name(device, word, bit)).collect();
    let gap = if names.is_empty() { "" } else { " " };
    format!("{value:#010x}{gap}{}", names.join("|"))
}

/// The names of feature bits, lowest first.
pub(super) fn feature_names(device: DeviceType, features: Features) -> Vec<String> {
    let bits = (0..128).filter(|bit| features.has(*bit));
    bits.map(|bit| feature_name(device, bit / 32, bit % 32)).collect()
}

fn feature_name(device: DeviceType, word: u32, bit: u32) -> String {
    let Some(bit) = word.checked_mul(32).and_then(|first| first.checked_add(bit)) else {
        return format!("bit {bit} of word {word}");
    };
    let named = feature::name(bit).or_else(|| device.feature_name(bit));
    named.map_or_else(|| format!("bit {bit}"), str::to_owned)
}

/// Reasons of an interrupt: `0x1 used buffer`.
pub(super) fn reasons(value: u32) -> String {
    let known = [(INTERRUPT_USED_BUFFER, "used buffer"), (INTERRUPT_CONFIG_CHANGE, "configuration change")];
    bits(value, &known)
}

/// A set of bits with their names; those without one in hexadecimal.
pub(super) fn bits(value: u32, known: &[(u32, &str)]) -> String {
    let mut names: Vec<String> =
        known.iter().filter(|(bit, _)| value & bit == *bit).map(|(_, name)| (*name).to_owned()).collect();
    let rest = known.iter().fold(value, |rest, (bit, _)| rest & !bit);
    if rest != 0 && !names.is_empty() {
        names.push(format!("{rest:#x}"));
    }
    let gap = if names.is_empty() { "" } else { " " };
    format!("{value:#x}{gap}{}", names.join("|"))
}

/// An MSI-X vector: `2`, or `0xffff, none`.
pub(super) fn vector(value: u16) -> String {
    if value == NO_VECTOR { format!("{NO_VECTOR:#x}, none") } else { value.to_string() }
}

/// A place in a packed ring: `5 (wrap 1)`.
pub(super) fn position(value: u16) -> String {
    let at = Position::from_bits(value);
    format!("{} (wrap {})", at.index, u8::from(at.wrap))
}

/// The flags of an event suppression structure, and the place that goes with them.
pub(super) fn suppression(flags: u16, off_wrap: u16) -> String {
    let meaning = match flags & packed::EVENT_FLAGS_MASK {
        packed::EVENT_FLAGS_ENABLE => "always".to_owned(),
        packed::EVENT_FLAGS_DISABLE => "never".to_owned(),
        packed::EVENT_FLAGS_DESC => format!("at descriptor {}", position(off_wrap)),
        _ => "reserved".to_owned(),
    };
    format!("{flags:#x} {meaning}")
}

/// Flags of a descriptor, `split` or packed: `R` or `W`, then the others.
pub(super) fn descriptor_flags(flags: u16, is_packed: bool) -> String {
    let mut names = vec![if flags & packed::DESC_F_WRITE == 0 { "R" } else { "W" }.to_owned()];
    let mut rest = flags & !packed::DESC_F_WRITE;
    let known = [
        (packed::DESC_F_NEXT, "NEXT"),
        (packed::DESC_F_INDIRECT, "INDIRECT"),
        (packed::DESC_F_AVAIL, "AVAIL"),
        (packed::DESC_F_USED, "USED"),
    ];
    for (bit, name) in known.into_iter().take(if is_packed { 4 } else { 2 }) {
        if rest & bit != 0 {
            names.push(name.to_owned());
            rest &= !bit;
        }
    }
    if rest != 0 {
        names.push(format!("{rest:#x}"));
    }
    names.join("|")
}

/// A value as wide as its access.
pub(super) fn hex(value: u64, width: u8) -> String {
    format!("{value:#0digits$x}", digits = 2 + 2 * usize::from(width.clamp(1, 8)))
}

/// `1 byte`, `4 bytes`.
pub(super) fn bytes(count: u64) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}
