//! Reset of single queues, and suspension.

use parakit::transport::raw::RawAccess;
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{CONFIG, Register};

use super::{Bus, DeviceMutant, Fault, View};

const STATUS: u64 = Register::Status.offset();
const READY: u64 = Register::QueueReady.offset();
const QUEUE_RESET: u64 = Register::QueueReset.offset();
const REASONS: u64 = Register::InterruptStatus.offset();
const WRITEBACK: u64 = CONFIG + 32;
const SUSPEND: u32 = DeviceStatus::SUSPEND.0 as u32;
const DRIVER_OK: u32 = DeviceStatus::DRIVER_OK.0 as u32;
const LIVE: u32 = 0x0f;

/// The device goes on with a queue that it says it has reset.
pub(super) const RESET_IGNORED: Fault = Fault {
    read: |view, _, at, value| if at == READY && view.flag { 0 } else { value },
    write: |view, _, at, value| {
        view.flag |= at == QUEUE_RESET;
        view.flag &= at != STATUS && !(at == READY && value == 1);
        (at != QUEUE_RESET).then_some(value)
    },
    ..Fault::NONE
};

/// Whether the device was asked to suspend, and not to resume since.
fn is_suspended(view: &View) -> bool {
    view.status & SUSPEND != 0 && view.status & DRIVER_OK != 0
}

/// The device shows that it is suspended, and goes on.
const SHAM: Fault = Fault {
    read: |view, _, at, value| {
        if at == STATUS && is_suspended(view) { value & !DRIVER_OK | SUSPEND } else { value }
    },
    write: |_, _, at, value| (at != STATUS || value & SUSPEND == 0).then_some(value),
    ..Fault::NONE
};

/// Counts an interrupt for each change of the configuration, while the device is suspended.
fn tell_changes(view: &mut View, device: &dyn RawAccess, _at: u64, value: u32) -> u32 {
    let generation = device.read(Register::ConfigGeneration.offset(), 4);
    if is_suspended(view) && view.flag && generation != view.n as u32 {
        view.list.push(generation.into());
    }
    view.n = generation.into();
    view.flag = true;
    value
}

pub(super) const MUTANTS: &[DeviceMutant] = &[
    DeviceMutant {
        requirement: id::CORE_DEV_QRESET_1,
        probe: "probe-queue-reset",
        bus: Bus::Mmio,
        what: "requests of a queue that was reset are executed",
        fault: RESET_IGNORED,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_QRESET_2,
        probe: "probe-queue-reset",
        bus: Bus::Mmio,
        what: "a queue that was reset goes on where it was",
        fault: RESET_IGNORED,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_QREENABLE_1,
        probe: "probe-queue-reset",
        bus: Bus::Mmio,
        what: "a queue that is enabled again keeps its first size",
        fault: Fault {
            write: |view, _, at, value| {
                view.flag |= at == QUEUE_RESET;
                Some(if at == Register::QueueSize.offset() && view.flag { 64 } else { value })
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_1,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "SUSPEND sticks before DRIVER_OK",
        fault: Fault::read(|view, _, at, value| if at == STATUS { value | view.status & SUSPEND } else { value }),
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_2,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "a field of the configuration is written while the device is suspended",
        fault: Fault {
            read: |view, _, at, value| if at == WRITEBACK && view.flag { view.n as u32 } else { value },
            write: |view, _, at, value| {
                if at == WRITEBACK && is_suspended(view) {
                    (view.flag, view.n) = (true, value.into());
                }
                Some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_3,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "a suspended device goes on with its queues",
        fault: SHAM,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_4,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "a suspended device tells a change of its configuration",
        fault: Fault { read: tell_changes, interrupts: |view, count| count + view.list.len() as u32, ..Fault::NONE },
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_5,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "a change that came during the suspension is never told",
        fault: Fault::read(|_, _, at, value| if at == REASONS { value & !2 } else { value }),
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_6,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "SUSPEND is ignored",
        fault: Fault {
            write: |_, _, at, value| Some(if at == STATUS { value & !SUSPEND } else { value }),
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_7,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "a suspended device stays so",
        fault: Fault {
            write: |view, _, at, value| (at != STATUS || value != LIVE || view.status & SUSPEND == 0).then_some(value),
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_9,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "what was executed is not used before the device shows that it is suspended",
        fault: Fault {
            read: |view, _, at, value| {
                if at == STATUS && is_suspended(view) && value & SUSPEND != 0 && !view.flag {
                    view.flag = true;
                    view.n = view.used_idx().into();
                    view.store(view.areas[2] + 2, &[0, 0]);
                }
                value
            },
            write: |view, _, at, value| {
                if at == STATUS && view.flag {
                    view.flag = false;
                    view.store(view.areas[2] + 2, &(view.n as u16).to_le_bytes());
                }
                Some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::CORE_DEV_SUSPEND_10,
        probe: "probe-suspend",
        bus: Bus::Mmio,
        what: "the interrupt for what was used comes when the device resumes",
        fault: Fault {
            write: |view, _, at, value| {
                view.flag |= at == STATUS && value == LIVE && is_suspended(view);
                Some(value)
            },
            // Of what was published at once nothing is told before the device has resumed.
            interrupts: |view, count| {
                if view.load16(view.areas[1] + 2) < 4 || view.flag {
                    view.n = count.into();
                }
                view.n as u32
            },
            ..Fault::NONE
        },
    },
];
