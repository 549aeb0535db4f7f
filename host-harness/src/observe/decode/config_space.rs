//! The configuration space of a PCI function: what lies at an offset.

use parakit_abi::transport::pci::{CAP_MSIX, CAP_VENDOR, CfgType, cap, command, header, msix, pci_status};

use super::words;

/// A capability of the function, by the offset where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Capability {
    pub(super) at: u16,
    pub(super) id: u8,
    /// `cfg_type`, of vendor-specific ones.
    pub(super) cfg_type: u8,
    pub(super) length: u16,
}

/// The capability list of a configuration space. A list that runs in circles ends where it does.
pub(super) fn capabilities(config: &[u8]) -> Vec<Capability> {
    let byte = |at: u16| config.get(usize::from(at)).copied().unwrap_or(0);
    let mut found: Vec<Capability> = Vec::new();
    let mut at = u16::from(byte(header::CAPABILITIES) & !3);
    while at >= 0x40 && found.iter().all(|c| c.at != at) {
        let id = byte(at);
        let length = match id {
            CAP_MSIX => u16::from(msix::CAP_SIZE),
            CAP_VENDOR => u16::from(byte(at + cap::LEN)).max(4),
            _ => 4,
        };
        found.push(Capability { at, id, cfg_type: byte(at + cap::CFG_TYPE), length });
        at = u16::from(byte(at + cap::NEXT) & !3);
    }
    found
}

/// Where the window of the configuration access capability is, which reaches behind BARs.
pub(super) fn window(capabilities: &[Capability]) -> Option<u16> {
    let is_window = |c: &&Capability| c.id == CAP_VENDOR && c.cfg_type == CfgType::Pci as u8;
    capabilities.iter().find(is_window).map(|c| c.at + cap::PCI_CFG_DATA)
}

/// What lies at an offset of configuration space.
pub(super) fn name(offset: u16, capabilities: &[Capability]) -> String {
    if let Some(capability) = capabilities.iter().find(|c| (c.at..c.at.saturating_add(c.length)).contains(&offset)) {
        return within(capability, offset - capability.at);
    }
    match offset {
        header::VENDOR_ID => "vendor id".to_owned(),
        header::DEVICE_ID => "device id".to_owned(),
        header::COMMAND => "command".to_owned(),
        header::STATUS => "PCI status".to_owned(),
        header::REVISION_ID => "revision id".to_owned(),
        header::CLASS_CODE..0x0c => "class code".to_owned(),
        header::HEADER_TYPE => "header type".to_owned(),
        header::BAR0..0x28 => format!("BAR {}", (offset - header::BAR0) / 4),
        header::SUBSYSTEM_VENDOR_ID => "subsystem vendor id".to_owned(),
        header::SUBSYSTEM_ID => "subsystem id".to_owned(),
        header::CAPABILITIES => "capabilities pointer".to_owned(),
        header::INTERRUPT_LINE => "interrupt line".to_owned(),
        header::INTERRUPT_PIN => "interrupt pin".to_owned(),
        _ => "configuration space".to_owned(),
    }
}

fn within(capability: &Capability, at: u16) -> String {
    let Capability { id, cfg_type, .. } = *capability;
    let owner = match id {
        CAP_MSIX => "MSI-X capability".to_owned(),
        CAP_VENDOR => format!("{} capability", cfg(cfg_type)),
        _ => format!("capability {id:#04x}"),
    };
    let field = match (id, at) {
        (_, 0) => "id",
        (_, 1) => "next",
        (CAP_MSIX, msix::CONTROL) => "control",
        (CAP_MSIX, msix::TABLE) => "table",
        (CAP_MSIX, msix::PBA) => "pending bits",
        (CAP_VENDOR, cap::LEN) => "length of the capability",
        (CAP_VENDOR, cap::CFG_TYPE) => "cfg_type",
        (CAP_VENDOR, cap::BAR) => "bar",
        (CAP_VENDOR, cap::ID) => "id of the structure",
        (CAP_VENDOR, cap::OFFSET) => "offset",
        (CAP_VENDOR, cap::LENGTH) => "length",
        (CAP_VENDOR, cap::NOTIFY_OFF_MULTIPLIER..) => match CfgType::from_u8(cfg_type) {
            Some(CfgType::Notify) => "notify_off_multiplier",
            Some(CfgType::Pci) => "pci_cfg_data",
            Some(CfgType::SharedMemory) if at < cap::LENGTH_HI => "offset_hi",
            Some(CfgType::SharedMemory) => "length_hi",
            _ => "data",
        },
        _ => "data",
    };
    format!("{owner}, {field}")
}

/// A structure by its `cfg_type`.
pub(super) const fn cfg(cfg_type: u8) -> &'static str {
    match CfgType::from_u8(cfg_type) {
        Some(CfgType::Common) => "common configuration",
        Some(CfgType::Notify) => "notification",
        Some(CfgType::Isr) => "ISR",
        Some(CfgType::Device) => "device configuration",
        Some(CfgType::Pci) => "configuration access",
        Some(CfgType::SharedMemory) => "shared memory",
        Some(CfgType::Vendor) => "vendor data",
        None => "reserved",
    }
}

/// A value of configuration space, with its bits by their names where it has any.
pub(super) fn value(offset: u16, width: u8, value: u64, capabilities: &[Capability]) -> String {
    let is_control = |c: &Capability| c.id == CAP_MSIX && offset == c.at + msix::CONTROL;
    let short = value as u32 & 0xffff;
    if offset == header::COMMAND && width >= 2 {
        let known = [
            (u32::from(command::IO), "IO"),
            (u32::from(command::MEMORY), "MEMORY"),
            (u32::from(command::BUS_MASTER), "BUS_MASTER"),
            (u32::from(command::INTX_DISABLE), "INTX_DISABLE"),
        ];
        let words = words::bits(short, &known);
        return if width == 2 { words } else { format!("{} (command {words})", words::hex(value, width)) };
    }
    if offset == header::STATUS && width == 2 {
        let known =
            [(u32::from(pci_status::INTERRUPT), "INTERRUPT"), (u32::from(pci_status::CAPABILITIES), "CAPABILITIES")];
        return words::bits(short, &known);
    }
    if width == 2 && capabilities.iter().any(is_control) {
        let size = (short & u32::from(msix::CONTROL_SIZE)) + 1;
        let known = [(u32::from(msix::CONTROL_ENABLE), "ENABLE"), (u32::from(msix::CONTROL_MASKED), "MASK_ALL")];
        let switches = words::bits(short & !u32::from(msix::CONTROL_SIZE), &known);
        return format!("{} ({switches}, {size} vectors)", words::hex(value, width));
    }
    words::hex(value, width)
}
