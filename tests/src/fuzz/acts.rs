//! What a driver can do to a device's registers, over any transport.

use std::time::Duration;

use parakit_abi::boot::PCI_MEMORY32;
use parakit_abi::device::DeviceType;
use parakit_abi::device::input::InputEvent;
use parakit_abi::transport::mmio::{Register, legacy};
use parakit_abi::transport::pci::{CfgType, Common, FunctionAddress, cap, command, header, mechanism1, msix};
use parakit_harness::device::Control;

use super::bytes::Bytes;
use super::rig::Rig;
use super::ring::{place, size};

/// How long devices wait for a notification, and more.
const LONG: Duration = Duration::from_millis(500);

/// Where BAR `bar` is put.
pub(super) fn bar_address(bar: usize) -> u64 {
    PCI_MEMORY32 + ((bar as u64) << 24)
}

/// A value as a register may be given one.
fn value(bytes: &mut Bytes<'_>) -> u32 {
    match bytes.below(8) {
        0 | 1 => u32::from(bytes.u8() % 4),
        2 => u32::from(bytes.u8()),
        3 => u32::from(bytes.u16()),
        4 => place(bytes) as u32 & !0xfff,
        5 => u32::from(size(bytes, true)),
        6 => 0x1000 * u32::from(bytes.u8() % 4),
        _ => bytes.u32(),
    }
}

/// The status as a driver brings it on, or any.
fn status(bytes: &mut Bytes<'_>) -> u32 {
    match bytes.below(8) {
        7 => u32::from(bytes.u8()),
        step => [0, 1, 3, 0xb, 0xf, 0x1f, 0x8f][step],
    }
}

/// Accesses to registers over MMIO.
pub(super) fn mmio(rig: &mut Rig, bytes: &mut Bytes<'_>) {
    match bytes.below(8) {
        0 => {
            let (offset, width) = (u64::from(bytes.u16() % 0x1100), bytes.pick(&[1, 2, 4, 8, 3]));
            rig.watched(|rig| rig.read(offset, width));
        }
        1 => {
            let (offset, width) = (u64::from(bytes.u16() % 0x1100), bytes.pick(&[1, 2, 4, 8, 3]));
            let value = bytes.u64();
            rig.watched(|rig| rig.write(offset, width, value));
        }
        2 => {
            let register = bytes.pick(Register::ALL).offset();
            rig.watched(|rig| rig.read(register, 4));
        }
        3 => {
            let status = status(bytes);
            rig.watched(|rig| rig.write(Register::Status.offset(), 4, status.into()));
        }
        4 => {
            let old = [legacy::GUEST_PAGE_SIZE, legacy::QUEUE_ALIGN, legacy::QUEUE_PFN];
            let (register, value) = (bytes.pick(&old), value(bytes));
            let value = if register == legacy::QUEUE_PFN { value >> 12 } else { value };
            rig.watched(|rig| rig.write(register, 4, value.into()));
        }
        _ => {
            let (register, value) = (bytes.pick(Register::ALL).offset(), value(bytes));
            rig.watched(|rig| rig.write(register, 4, value.into()));
        }
    }
}

/// Accesses to a function: configuration space both ways, memory behind BARs.
pub(super) fn pci(rig: &mut Rig, bytes: &mut Bytes<'_>) {
    match bytes.below(12) {
        0 => config(rig, bytes, false),
        1 => config(rig, bytes, true),
        2 => bar(rig, bytes, false),
        3 => bar(rig, bytes, true),
        4 => {
            let field = bytes.pick(Common::ALL);
            let place = common(rig, field);
            rig.watched(|rig| access(rig, place, field.width().into(), None));
        }
        5 => {
            let (place, status) = (common(rig, Common::DeviceStatus), status(bytes));
            rig.watched(|rig| access(rig, place, 1, Some(status.into())));
        }
        6 => {
            // A BAR somewhere, perhaps where another one is.
            let (which, other) = (bytes.below(6), bytes.below(6));
            let at = if bytes.bool() { bar_address(other) } else { bytes.u64() };
            let register = header::BAR0 + 4 * which as u16;
            rig.watched(|rig| rig.root.config_write(rig.at, register, &(at as u32).to_le_bytes()));
        }
        7 => {
            let on = [0, command::MEMORY, command::MEMORY | command::BUS_MASTER, 0x7ff];
            let on = bytes.pick(&on);
            rig.watched(|rig| rig.root.config_write(rig.at, header::COMMAND, &on.to_le_bytes()));
        }
        8 => table(rig, bytes),
        9 => window(rig, bytes),
        10 => ports(rig, bytes),
        _ => {
            let (field, value) = (bytes.pick(Common::ALL), value(bytes));
            let place = common(rig, field);
            rig.watched(|rig| access(rig, place, field.width().into(), Some(value.into())));
        }
    }
}

/// Where a field of the common configuration is in memory, if its BAR is where the driver put it.
pub(super) fn common(rig: &Rig, field: Common) -> u64 {
    structure(rig, CfgType::Common) + field.offset()
}

/// Where a structure is in memory.
pub(super) fn structure(rig: &Rig, kind: CfgType) -> u64 {
    let structures = rig.pci.as_ref().map_or(&[][..], |pci| &pci.structures);
    let found = structures.iter().find(|s| s.cfg_type == kind as u8);
    found.map_or(0, |s| bar_address(s.bar.into()) + s.offset)
}

/// Reads or writes memory on the bus; 64 bits by halves, as drivers do.
pub(super) fn access(rig: &Rig, at: u64, width: usize, value: Option<u64>) -> u64 {
    let mut bytes = value.unwrap_or(0).to_le_bytes();
    for (i, part) in bytes[..width].chunks_mut(4).enumerate() {
        let at = at + 4 * i as u64;
        match value {
            Some(_) => drop(rig.root.memory_write(at, part)),
            None => drop(rig.root.memory_read(at, part)),
        }
    }
    u64::from_le_bytes(bytes)
}

fn config(rig: &mut Rig, bytes: &mut Bytes<'_>, write: bool) {
    let offset = if bytes.bool() { u16::from(bytes.u8()) } else { bytes.u16() };
    let width = bytes.pick(&[1, 2, 4, 8]);
    let value = bytes.u64();
    config_at(rig, offset, width, write.then_some(value));
}

fn config_at(rig: &mut Rig, offset: u16, width: usize, value: Option<u64>) {
    let mut data = value.unwrap_or(0).to_le_bytes();
    rig.watched(|rig| match value {
        Some(_) => rig.root.config_write(rig.at, offset, &data[..width]),
        None => rig.root.config_read(rig.at, offset, &mut data[..width]),
    });
}

fn bar(rig: &mut Rig, bytes: &mut Bytes<'_>, write: bool) {
    let at = bar_address(bytes.below(6)) + u64::from(bytes.u16());
    let width = bytes.pick(&[1, 2, 4, 8]);
    let mut data = bytes.u64().to_le_bytes();
    rig.watched(|rig| {
        if write { rig.root.memory_write(at, &data[..width]) } else { rig.root.memory_read(at, &mut data[..width]) }
    });
}

/// The MSI-X table, its control register, and the vectors of queues.
fn table(rig: &mut Rig, bytes: &mut Bytes<'_>) {
    let Some(info) = &rig.pci else { return };
    let at = bar_address(info.msix_table.0.into()) + info.msix_table.1 + 4 * u64::from(bytes.u8());
    let capability = capability(&info.config, parakit_abi::transport::pci::CAP_MSIX, None);
    let word = value(bytes);
    match bytes.below(3) {
        0 => drop(rig.watched(|rig| access(rig, at, 4, Some(word.into())))),
        1 => drop(rig.watched(|rig| access(rig, at, 4, None))),
        _ => {
            if let Some(at) = capability {
                config_at(rig, at + msix::CONTROL, 2, Some(u64::from(word) << 14));
            }
        }
    }
}

/// An access through the configuration access capability.
fn window(rig: &mut Rig, bytes: &mut Bytes<'_>) {
    let Some(info) = &rig.pci else { return };
    let window = capability(&info.config, parakit_abi::transport::pci::CAP_VENDOR, Some(CfgType::Pci as u8));
    let Some(window) = window else { return };
    match bytes.below(4) {
        0 => config_at(rig, window + cap::BAR, 1, Some(bytes.u8().into())),
        1 => {
            let offset = if bytes.bool() { u32::from(bytes.u16()) } else { bytes.u32() };
            config_at(rig, window + cap::OFFSET, 4, Some(offset.into()));
            config_at(rig, window + cap::LENGTH, 4, Some(bytes.pick(&[1_u64, 2, 4, 8, 0, 0xffff_ffff])));
        }
        choice => {
            let value = bytes.u32();
            config_at(rig, window + cap::PCI_CFG_DATA, bytes.pick(&[1, 2, 4]), (choice == 2).then_some(value.into()));
        }
    }
}

/// Where a capability is, by what the function shows.
fn capability(config: &[u8], id: u8, kind: Option<u8>) -> Option<u16> {
    let byte = |at: u16| config.get(usize::from(at)).copied().unwrap_or(0);
    let mut at = u16::from(byte(header::CAPABILITIES));
    for _ in 0..48 {
        if at < 0x40 {
            return None;
        }
        if byte(at) == id && kind.is_none_or(|kind| byte(at + cap::CFG_TYPE) == kind) {
            return Some(at);
        }
        at = u16::from(byte(at + cap::NEXT));
    }
    None
}

/// Mechanism 1, ECAM, and places where no function is.
fn ports(rig: &mut Rig, bytes: &mut Bytes<'_>) {
    let mut data = bytes.u32().to_le_bytes();
    let width = bytes.pick(&[1, 2, 4]);
    let port = mechanism1::PORT_ADDRESS + bytes.u16() % 8;
    let at = FunctionAddress { bus: bytes.u8() % 2, device: bytes.u8() % 32, function: bytes.u8() % 8 };
    let own = rig.at.mechanism1(u16::from(bytes.u8() & 0xfc));
    match bytes.below(6) {
        0 => drop(rig.watched(|rig| rig.root.port_write(port, &data[..width]))),
        1 => drop(rig.watched(|rig| rig.root.port_read(port, &mut data[..width]))),
        2 => drop(rig.watched(|rig| rig.root.port_write(mechanism1::PORT_ADDRESS, &own.to_le_bytes()))),
        3 => rig.watched(|rig| rig.root.config_read(at, u16::from(data[0]), &mut data[..width])),
        4 => rig.watched(|rig| rig.root.config_write(at, u16::from(data[1]), &data[..width])),
        _ => {
            let offset = u64::from(bytes.u32());
            rig.watched(|rig| rig.root.ecam_read(offset, &mut data[..width]));
            rig.watched(|rig| rig.root.ecam_write(offset, &data[..width]));
        }
    }
}

/// What happens beside registers: time, work, memory, and the outside.
pub(super) fn beside(rig: &mut Rig, bytes: &mut Bytes<'_>) {
    match bytes.below(8) {
        0 | 1 => {
            for choice in 0..bytes.below(8) {
                rig.step(choice);
            }
        }
        2 => rig.run(64),
        3 => rig.tick(Duration::from_millis(bytes.u8().into())),
        4 => rig.tick(LONG),
        5 => {
            let at = place(bytes);
            let count = bytes.below(32);
            let data = bytes.slice(count);
            rig.store(at, data);
        }
        6 => rig.ring_bell(bytes.below(4)),
        _ => {
            let control = control(bytes, None);
            rig.watched(|rig| rig.device.control(&control));
            if bytes.bool() {
                rig.watched(|rig| rig.device.raise_spurious());
            }
        }
    }
}

/// Something from outside the guest, for a device of this type or any.
pub(super) fn control(bytes: &mut Bytes<'_>, device: Option<DeviceType>) -> Control {
    let devices = [
        DeviceType::BLOCK,
        DeviceType::CONSOLE,
        DeviceType::NET,
        DeviceType::INPUT,
        DeviceType::GPU,
        DeviceType::VSOCK,
    ];
    let text = |bytes: &mut Bytes<'_>| {
        let count = usize::from(bytes.u8());
        bytes.slice(count).to_vec()
    };
    match device.unwrap_or_else(|| bytes.pick(&devices)) {
        DeviceType::BLOCK => Control::Capacity(if bytes.bool() { u64::from(bytes.u8()) } else { bytes.u64() }),
        DeviceType::CONSOLE if bytes.bool() => Control::ConsoleSize { cols: bytes.u16(), rows: bytes.u16() },
        DeviceType::NET => match bytes.below(4) {
            0 => Control::Link(bytes.bool()),
            1 => Control::Announce,
            _ => Control::Frame(text(bytes)),
        },
        DeviceType::INPUT => {
            let event = |bytes: &mut Bytes<'_>| InputEvent {
                event_type: u16::from(bytes.u8() % 32),
                code: bytes.u16(),
                value: bytes.u32(),
            };
            Control::Input((0..bytes.below(6)).map(|_| event(bytes)).collect())
        }
        DeviceType::GPU => {
            Control::Display { scanout: u32::from(bytes.u8() % 3), width: bytes.u16().into(), height: bytes.u32() }
        }
        DeviceType::VSOCK if bytes.bool() => Control::TransportReset { guest_cid: bytes.u32() },
        DeviceType::VSOCK => Control::Connect { port: if bytes.bool() { 1024 } else { bytes.u32() } },
        _ => Control::ConsoleInput(text(bytes)),
    }
}
