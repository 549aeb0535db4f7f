//! MMIO: how registers and configuration space are accessed (VIRTIO 1.4 §4.2.2.2).

use parakit_abi::device::{ConfigField, DeviceType, config_fields};
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::{CONFIG, Direction, MAGIC, Register, VERSION};

use super::core_config::touched;
use super::transport::is_mmio;
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::DeviceInfo;
use crate::observe::{Event, EventKind};

/// The checkers of this file. A device that shows the legacy version, or no virtio device, has other registers: only the rule to
/// leave it alone applies then.
pub(super) const KINDS: &[CheckerKind] = &[
    CheckerKind {
        name: "mmio_registers::access",
        requirements: &[
            id::MMIO_DRV_REGS_1,
            id::MMIO_DRV_REGS_2,
            id::MMIO_DRV_REGS_3,
            id::MMIO_DRV_REGS_4,
            id::MMIO_DRV_REGS_5,
        ],
        make: |info| {
            modern(info).then(|| Box::new(Access { fields: config_fields(DeviceType(info.device_type)) }) as _)
        },
    },
    CheckerKind {
        name: "mmio_registers::select",
        requirements: &[id::MMIO_DRV_REGS_12, id::MMIO_DRV_REGS_13],
        make: |info| modern(info).then(|| Box::new(Select::default()) as _),
    },
];

fn modern(info: &DeviceInfo) -> bool {
    is_mmio(info) && info.identity[0] == MAGIC && info.identity[1] == VERSION
}

/// Only what is described is accessed, in the direction and at the width that it is made for.
struct Access {
    /// Of the device type, if it is known; empty where it has none.
    fields: Option<&'static [ConfigField]>,
}

impl Access {
    fn control(event: &Event, write: bool, offset: u64, width: u8, verdicts: &mut Verdicts) {
        // An access belongs to the register whose four bytes it begins in; its width is a rule of its own.
        let Some(register) = Register::at(offset & !3) else {
            let expected = "only described registers are accessed";
            let seen = format!("a {} of {width} bytes at {offset:#x}", if write { "write" } else { "read" });
            verdicts.violate(id::MMIO_DRV_REGS_1, event, expected, seen);
            return;
        };
        verdicts.pass(id::MMIO_DRV_REGS_1);
        match (write, register.direction()) {
            (true, Direction::ReadOnly) => {
                let seen = format!("{} written", register.name());
                verdicts.violate(id::MMIO_DRV_REGS_2, event, "read-only registers are not written", seen);
            }
            (true, _) => verdicts.pass(id::MMIO_DRV_REGS_2),
            (false, Direction::WriteOnly) => {
                let seen = format!("{} read", register.name());
                verdicts.violate(id::MMIO_DRV_REGS_3, event, "write-only registers are not read", seen);
            }
            (false, _) => verdicts.pass(id::MMIO_DRV_REGS_3),
        }
        if width == 4 && offset.is_multiple_of(4) {
            verdicts.pass(id::MMIO_DRV_REGS_4);
        } else {
            let seen = format!("{} accessed with {width} bytes at {offset:#x}", register.name());
            verdicts.violate(
                id::MMIO_DRV_REGS_4,
                event,
                "control registers are accessed as aligned 32-bit words",
                seen,
            );
        }
    }

    fn config(&self, event: &Event, offset: u64, width: u8, verdicts: &mut Verdicts) {
        let Some(fields) = self.fields else { return };
        let end = fields.iter().map(|f| f.offset + f.width).max().unwrap_or(0);
        let Some(offset) = u32::try_from(offset).ok().filter(|o| *o < end) else {
            let expected = "only described configuration fields are accessed";
            let seen = format!("offset {offset} of the configuration space, whose fields end at {end}");
            verdicts.violate(id::MMIO_DRV_REGS_1, event, expected, seen);
            return;
        };
        verdicts.pass(id::MMIO_DRV_REGS_1);
        // Bytes between the fields are described as unused, without a width.
        for field in touched(fields, offset, width) {
            let word = field.width.min(4);
            let right =
                u32::from(width) == word && (offset == field.offset || field.width == 8 && offset == field.offset + 4);
            if right {
                verdicts.pass(id::MMIO_DRV_REGS_5);
            } else {
                let seen = format!("{} ({} bytes) accessed with {width} bytes at {offset}", field.name, field.width);
                let expected = "a configuration field is accessed at its own width, one of 64 bits by halves";
                verdicts.violate(id::MMIO_DRV_REGS_5, event, expected, seen);
                return;
            }
        }
    }
}

impl Checker for Access {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if let EventKind::Register { write, offset, width, .. } = event.kind {
            match offset.checked_sub(CONFIG) {
                Some(offset) => self.config(event, offset, width, verdicts),
                None => Self::control(event, write, offset, width, verdicts),
            }
        }
    }
}

/// A word of the features is chosen before it is read or written. A reset takes the choice back.
#[derive(Default)]
struct Select {
    device: bool,
    driver: bool,
}

impl Checker for Select {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let EventKind::Register { write, offset, value, .. } = event.kind else { return };
        let (rule, chosen, names) = match (Register::at(offset), write) {
            (Some(Register::Status), true) if value == 0 => {
                *self = Self::default();
                return;
            }
            (Some(Register::DeviceFeaturesSel), true) => {
                self.device = true;
                return;
            }
            (Some(Register::DriverFeaturesSel), true) => {
                self.driver = true;
                return;
            }
            (Some(Register::DeviceFeatures), false) => {
                (id::MMIO_DRV_REGS_12, self.device, "DeviceFeaturesSel is written before DeviceFeatures is read")
            }
            (Some(Register::DriverFeatures), true) => {
                (id::MMIO_DRV_REGS_13, self.driver, "DriverFeaturesSel is written before DriverFeatures is")
            }
            _ => return,
        };
        if chosen {
            verdicts.pass(rule);
        } else {
            verdicts.violate(rule, event, names, "no word was selected since the device was reset");
        }
    }
}
