//! MMIO: probing (VIRTIO 1.4 §4.2.2.2, §4.2.3.1.1).

use parakit_abi::device::DeviceType;
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{MAGIC, Register, VERSION};

use super::transport::is_mmio;
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::DeviceInfo;
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[
    CheckerKind {
        name: "mmio_identity::order",
        requirements: &[id::MMIO_DRV_INIT_1, id::MMIO_DRV_INIT_2],
        make: |info| is_mmio(info).then(|| Box::new(Order { valid: valid(info), read: [false; 3], over: false }) as _),
    },
    CheckerKind {
        name: "mmio_identity::not_ours",
        requirements: &[
            id::MMIO_DRV_REGS_6,
            id::MMIO_DRV_REGS_8,
            id::MMIO_DRV_REGS_10,
            id::MMIO_DRV_INIT_3,
            id::MMIO_DRV_INIT_4,
        ],
        make: |info| NotOurs::new(info).map(|checker| Box::new(checker) as _),
    },
    CheckerKind {
        name: "mmio_identity::shared_memory",
        requirements: &[id::MMIO_DRV_INIT_5],
        make: |info| without_shared_memory(info).then(|| Box::new(SharedMemory::default()) as _),
    },
];

fn valid(info: &DeviceInfo) -> bool {
    is_mmio(info) && info.identity[0] == MAGIC && info.identity[1] == VERSION
}

/// An access to the register block: the register, if it is one.
fn access(event: &Event) -> Option<(bool, Option<Register>)> {
    match event.kind {
        EventKind::Register { write, offset, .. } => Some((write, Register::at(offset))),
        _ => None,
    }
}

/// The first accesses of a trace read MagicValue and Version; if both are valid, DeviceID is read before anything else.
///
/// VendorID belongs to the identity too and is let pass. Later attempts with the same device need not ask again.
struct Order {
    valid: bool,
    read: [bool; 3],
    over: bool,
}

impl Order {
    const EXPECTED: &str = "MagicValue and Version are read first, then DeviceID";
}

impl Checker for Order {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let Some((write, register)) = access(event).filter(|_| !self.over) else { return };
        let both = self.read[0] && self.read[1];
        match (write, register) {
            (false, Some(Register::MagicValue)) => self.read[0] = true,
            (false, Some(Register::Version)) => self.read[1] = true,
            (false, Some(Register::DeviceID)) if both => {
                self.read[2] = true;
                if self.valid {
                    verdicts.pass(id::MMIO_DRV_INIT_2);
                }
                self.over = true;
            }
            (false, Some(Register::VendorID)) if both => {}
            _ => {
                let name = register.map_or("an unknown register", Register::name);
                let seen = format!("{name} {} before", if write { "written" } else { "read" });
                if !both {
                    verdicts.violate(id::MMIO_DRV_INIT_1, event, Self::EXPECTED, seen);
                } else if self.valid {
                    verdicts.violate(id::MMIO_DRV_INIT_2, event, Self::EXPECTED, seen);
                }
                self.over = true;
            }
        }
        if !both && self.read[0] && self.read[1] && !self.over {
            verdicts.pass(id::MMIO_DRV_INIT_1);
        }
    }
}

/// A device that is none for this driver is left alone: nothing but its identity is read.
///
/// With DeviceID 0, nothing but the three registers that lead there. A device of version 1 may be driven through the legacy interface (§4.2.4):
/// what it must not be taken for is a device of version 2.
struct NotOurs {
    rules: &'static [RequirementId],
    what: String,
    zero: bool,
    legacy: bool,
    /// Whether the value that says so was read.
    read: bool,
    told: [bool; 2],
}

/// `Version` of the legacy interface.
const LEGACY: u32 = 1;

/// Whether the legacy interface has nothing where this register is.
fn only_in_version_2(register: Register) -> bool {
    register.is_queue_setup() && register != Register::QueueSize
        || matches!(
            register,
            Register::QueueReady
                | Register::QueueReset
                | Register::ConfigGeneration
                | Register::SHMSel
                | Register::SHMLenLow
                | Register::SHMLenHigh
                | Register::SHMBaseLow
                | Register::SHMBaseHigh
        )
}

impl NotOurs {
    fn new(info: &DeviceInfo) -> Option<Self> {
        if !is_mmio(info) {
            return None;
        }
        let [magic, version, device] = info.identity;
        let (rules, what): (&'static [_], _) = if magic != MAGIC {
            (&[id::MMIO_DRV_REGS_6], format!("MagicValue is {magic:#x}"))
        } else if version != VERSION {
            (&[id::MMIO_DRV_REGS_8], format!("Version is {version}"))
        } else if device == 0 {
            (&[id::MMIO_DRV_REGS_10, id::MMIO_DRV_INIT_3], "DeviceID is 0".to_owned())
        } else {
            return None;
        };
        let zero = magic == MAGIC && version == VERSION;
        let legacy = magic == MAGIC && version == LEGACY;
        Some(Self { rules, what, zero, legacy, read: false, told: [false; 2] })
    }
}

impl Checker for NotOurs {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let Some((write, register)) = access(event) else { return };
        let telling = match self.rules[0] {
            id::MMIO_DRV_REGS_6 => Register::MagicValue,
            id::MMIO_DRV_REGS_8 => Register::Version,
            _ => Register::DeviceID,
        };
        let identity = matches!(
            register,
            Some(Register::MagicValue | Register::Version | Register::DeviceID | Register::VendorID)
        );
        if !write && register == Some(telling) {
            self.read = true;
            return;
        }
        if self.legacy && !register.is_some_and(only_in_version_2) {
            return;
        }
        let name = register.map_or("a place that is no register", Register::name);
        let seen = format!("{}, and {name} is {}", self.what, if write { "written" } else { "read" });
        if (write || !identity) && !std::mem::replace(&mut self.told[0], true) {
            for rule in self.rules {
                verdicts.violate(*rule, event, "a device that is not for this driver is left alone", &seen);
            }
        }
        let other = write || !matches!(register, Some(Register::MagicValue | Register::Version));
        if self.zero && self.read && other && !std::mem::replace(&mut self.told[1], true) {
            verdicts.violate(id::MMIO_DRV_INIT_4, event, "after DeviceID 0 no other register is accessed", seen);
        }
    }

    fn end(&mut self, verdicts: &mut Verdicts) {
        if self.read && !self.told[0] {
            self.rules.iter().for_each(|rule| verdicts.pass(*rule));
        }
        if self.zero && self.read && !self.told[1] {
            verdicts.pass(id::MMIO_DRV_INIT_4);
        }
    }
}

/// Device types of chapter 5 that have no shared memory region: whoever drives them does not expect one.
fn without_shared_memory(info: &DeviceInfo) -> bool {
    let type_ = DeviceType(info.device_type);
    valid(info) && [DeviceType::NET, DeviceType::BLOCK, DeviceType::CONSOLE, DeviceType::ENTROPY].contains(&type_)
}

/// The shared memory registers are left alone. Kept where a bring-up came to DRIVER_OK without them.
#[derive(Default)]
struct SharedMemory {
    used: bool,
}

impl Checker for SharedMemory {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if let EventKind::StatusWrite { value } = event.kind
            && DeviceStatus(value).contains(DeviceStatus::DRIVER_OK)
            && !self.used
        {
            verdicts.pass(id::MMIO_DRV_INIT_5);
        }
        let shared =
            [Register::SHMSel, Register::SHMLenLow, Register::SHMLenHigh, Register::SHMBaseLow, Register::SHMBaseHigh];
        if let Some((_, Some(register))) = access(event)
            && shared.contains(&register)
        {
            self.used = true;
            let seen = format!("{} accessed, of a device type without shared memory", register.name());
            let expected = "a driver that expects no shared memory leaves its registers alone";
            verdicts.violate(id::MMIO_DRV_INIT_5, event, expected, seen);
        }
    }
}
