//! Registers of MMIO.

use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::Register;

use super::{Bus, DeviceMutant, Fault};

const MAGIC: u64 = Register::MagicValue.offset();
const VERSION: u64 = Register::Version.offset();
const REASONS: u64 = Register::InterruptStatus.offset();
const READY: u64 = Register::QueueReady.offset();
const QUEUE_RESET: u64 = Register::QueueReset.offset();
const GENERATION: u64 = Register::ConfigGeneration.offset();

pub(super) const MUTANTS: &[DeviceMutant] = &[
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_1,
        probe: "probe-mmio",
        bus: Bus::Mmio,
        what: "MagicValue has its bytes the other way round",
        fault: Fault::read(|_, _, at, value| if at == MAGIC { value.swap_bytes() } else { value }),
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_2,
        probe: "probe-mmio",
        bus: Bus::Mmio,
        what: "Version is 1",
        fault: Fault::read(|_, _, at, value| if at == VERSION { 1 } else { value }),
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_3,
        probe: "probe-mmio",
        bus: Bus::Mmio,
        what: "reading InterruptStatus clears it",
        fault: Fault {
            read: |view, _, at, value| {
                let shown = if at == REASONS && view.flag { 0 } else { value };
                view.flag |= at == REASONS && value != 0;
                shown
            },
            write: |view, _, at, value| {
                view.flag &= at != Register::QueueNotify.offset();
                Some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_4,
        probe: "probe-mmio",
        bus: Bus::Mmio,
        what: "InterruptStatus always shows a configuration change",
        fault: Fault::read(|_, _, at, value| if at == REASONS { value | 2 } else { value }),
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_5,
        probe: "probe-mmio",
        bus: Bus::Mmio,
        what: "InterruptStatus survives a reset",
        fault: Fault::read(|view, _, at, value| {
            if at == REASONS {
                view.n |= u64::from(value);
                return if view.status == 0 { view.n as u32 } else { value };
            }
            value
        }),
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_5,
        probe: "probe-mmio",
        bus: Bus::Mmio,
        what: "QueueReady survives a reset",
        fault: Fault::read(
            |view, _, at, value| {
                if at == READY && view.status == 0 && view.size != 0 { 1 } else { value }
            },
        ),
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_6,
        probe: "probe-config",
        bus: Bus::Mmio,
        what: "ConfigGeneration never moves",
        fault: Fault::read(|_, _, at, value| if at == GENERATION { 0 } else { value }),
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_7,
        probe: "probe-mmio",
        bus: Bus::Mmio,
        what: "a queue whose QueueReady was cleared is worked on",
        fault: Fault {
            read: |view, _, at, value| if at == READY && view.flag { 0 } else { value },
            write: |view, _, at, value| {
                let stop = at == READY && value == 0;
                view.flag |= stop;
                view.flag &= at != Register::Status.offset();
                (!stop).then_some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_8,
        probe: "probe-queue-reset",
        bus: Bus::Mmio,
        what: "QueueReset is 1 after a device reset",
        fault: Fault::read(|view, _, at, value| if at == QUEUE_RESET && view.status == 0 { 1 } else { value }),
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_9,
        probe: "probe-queue-reset",
        bus: Bus::Mmio,
        what: "QueueReset is 1 from the enabling of the queue on",
        fault: Fault {
            read: |view, _, at, value| if at == QUEUE_RESET && !view.flag { 1 } else { value },
            write: |view, _, at, value| {
                view.flag |= at == QUEUE_RESET;
                Some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_10,
        probe: "probe-queue-reset",
        bus: Bus::Mmio,
        what: "QueueReset says that the queue is reset, and the device goes on",
        fault: super::queues::RESET_IGNORED,
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_12,
        probe: "probe-queue-reset",
        bus: Bus::Mmio,
        what: "QueueReady is 1 after the reset of the queue",
        fault: Fault::read(|view, _, at, value| if at == READY && view.status != 0 { 1 } else { value }),
    },
    DeviceMutant {
        requirement: id::MMIO_DEV_REGS_12,
        probe: "probe-queue-reset",
        bus: Bus::Mmio,
        what: "the reset of a queue is never finished",
        fault: Fault {
            read: |view, _, at, value| if at == QUEUE_RESET && view.flag { 1 } else { value },
            write: |view, _, at, value| {
                view.flag |= at == QUEUE_RESET;
                Some(value)
            },
            ..Fault::NONE
        },
    },
];
