//! A PCI function as a driver finds it: its capabilities, its BARs, its vectors (§4.1.2, §4.1.4).

use parakit_abi::transport::pci::{
    CAP_MSIX, CAP_VENDOR, CfgType, VENDOR, bar, cap, command, device_type, header, msix,
};

use super::Machine;

/// A place behind a BAR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// BAR.
    pub bar: u8,
    /// Offset in the BAR, in bytes.
    pub offset: u64,
}

impl Place {
    /// So many bytes further.
    #[must_use]
    pub const fn plus(self, bytes: u64) -> Self {
        Self { bar: self.bar, offset: self.offset + bytes }
    }
}

/// The function, and where its structures are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Function {
    /// Device type, from the ids; 0 for none.
    pub device_type: u32,
    /// Common configuration.
    pub common: Option<Place>,
    /// Notifications.
    pub notify: Option<Place>,
    /// `notify_off_multiplier`.
    pub multiplier: u32,
    /// ISR status.
    pub isr: Option<Place>,
    /// Device-specific configuration.
    pub device: Option<Place>,
    /// Where the configuration access capability is.
    pub window: Option<u16>,
    /// Where the MSI-X capability is.
    pub msix: Option<u16>,
}

/// Capabilities that fit into configuration space.
const MOST: usize = 48;
/// Bytes that each BAR gets.
const ROOM: u64 = 1 << 24;

impl Function {
    /// Looks at ids and capabilities, and gives the BARs addresses.
    #[must_use]
    pub fn find(machine: &mut Machine) -> Self {
        let mut function = Self::default();
        let vendor = machine.config_read(header::VENDOR_ID, 2) as u16;
        let device = machine.config_read(header::DEVICE_ID, 2) as u16;
        let Some(kind) = device_type(vendor, device).filter(|_| vendor == VENDOR) else { return function };
        function.device_type = kind.0;
        function.scan(machine);
        assign(machine);
        function
    }

    fn scan(&mut self, machine: &Machine) {
        let byte = |at: u16| machine.config_read(at, 1) as u8;
        let word = |at: u16| machine.config_read(at, 4) as u32;
        let mut at = u16::from(byte(header::CAPABILITIES)) & 0xfc;
        for _ in 0..MOST {
            if at < 0x40 {
                return;
            }
            match byte(at + cap::VNDR) {
                CAP_MSIX => self.msix = Some(at),
                CAP_VENDOR => {
                    let place = Place { bar: byte(at + cap::BAR), offset: word(at + cap::OFFSET).into() };
                    // Reserved BARs and types are ignored, the first of each type is taken.
                    let usable = place.bar <= cap::LAST_BAR;
                    match CfgType::from_u8(byte(at + cap::CFG_TYPE)) {
                        Some(CfgType::Common) if usable => drop(self.common.get_or_insert(place)),
                        Some(CfgType::Notify) if usable && self.notify.is_none() => {
                            self.notify = Some(place);
                            self.multiplier = word(at + cap::NOTIFY_OFF_MULTIPLIER);
                        }
                        Some(CfgType::Isr) if usable => drop(self.isr.get_or_insert(place)),
                        Some(CfgType::Device) if usable => drop(self.device.get_or_insert(place)),
                        Some(CfgType::Pci) => drop(self.window.get_or_insert(at)),
                        _ => {}
                    }
                }
                _ => {}
            }
            at = u16::from(byte(at + cap::NEXT)) & 0xfc;
        }
    }

    /// Entries of the MSI-X table.
    #[must_use]
    pub fn vectors(&self, machine: &Machine) -> u16 {
        self.msix.map_or(0, |at| (machine.config_read(at + msix::CONTROL, 2) as u16 & msix::CONTROL_SIZE) + 1)
    }

    /// Fills the MSI-X table and switches MSI-X on.
    pub fn enable_msix(&self, machine: &Machine) {
        let Some(at) = self.msix else { return };
        let table = machine.config_read(at + msix::TABLE, 4) as u32;
        let (bar, offset) = ((table & msix::BIR_MASK) as u8, u64::from(table & !msix::BIR_MASK));
        for vector in 0..self.vectors(machine) {
            let entry = offset + msix::ENTRY_SIZE * u64::from(vector);
            for (i, word) in [0xfee0_0000, 0, 0x40 + u64::from(vector), 0].into_iter().enumerate() {
                machine.bar_write(Place { bar, offset: entry + 4 * i as u64 }, 4, word);
            }
        }
        let control = machine.config_read(at + msix::CONTROL, 2) | u64::from(msix::CONTROL_ENABLE);
        machine.config_write(at + msix::CONTROL, 2, control);
    }
}

/// Gives each BAR that there is an address, and lets the function answer and access memory.
fn assign(machine: &Machine) {
    let mut number = 0;
    while number <= u16::from(cap::LAST_BAR) {
        let register = header::BAR0 + 4 * number;
        machine.config_write(register, 4, 0xffff_ffff);
        let shown = machine.config_read(register, 4) as u32;
        let wide = shown & (bar::IO | bar::TYPE_MASK) == bar::TYPE_64;
        if shown != 0 {
            machine.config_write(register, 4, bar_address(number as u8));
            if wide {
                machine.config_write(register + 4, 4, 0);
            }
        }
        number += if wide { 2 } else { 1 };
    }
    machine.config_write(header::COMMAND, 2, u64::from(command::MEMORY | command::BUS_MASTER));
}

/// Where a BAR is put.
#[must_use]
pub(super) const fn bar_address(bar: u8) -> u64 {
    0xe000_0000 + ROOM * bar as u64
}
