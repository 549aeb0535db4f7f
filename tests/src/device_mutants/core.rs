//! Offer, negotiation, status, reset, configuration.

use parakit_abi::feature;
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{CONFIG, Register};

use super::{Bus, DeviceMutant, Fault, View};

const STATUS: u64 = Register::Status.offset();
pub(super) const OFFER: u64 = Register::DeviceFeatures.offset();
const OFFER_SEL: u64 = Register::DeviceFeaturesSel.offset();
const ACCEPT: u64 = Register::DriverFeatures.offset();
const READY: u64 = Register::QueueReady.offset();
const FEATURES_OK: u32 = DeviceStatus::FEATURES_OK.0 as u32;
const NEEDS_RESET: u32 = DeviceStatus::DEVICE_NEEDS_RESET.0 as u32;

/// Which word of the offer is selected, kept in `n`.
fn select(view: &mut View, at: u64, value: u32) {
    if at == OFFER_SEL {
        view.n = value.into();
    }
}

/// Changes a word of the offer.
pub(super) const fn offer(read: fn(&mut View, &dyn parakit::transport::raw::RawAccess, u64, u32) -> u32) -> Fault {
    Fault {
        read,
        write: |view, _, at, value| {
            select(view, at, value);
            Some(value)
        },
        ..Fault::NONE
    }
}

/// The device begins when its first queue is enabled.
pub(super) const EARLY: Fault = Fault {
    write: |_, device, at, value| {
        if at != READY || value != 1 {
            return Some(value);
        }
        // SAFETY: the queue has been set up; these registers give no memory.
        unsafe {
            device.write(READY, 4, 1);
            device.write(STATUS, 4, 0x0f);
            device.write(Register::QueueNotify.offset(), 4, 0);
        }
        None
    },
    ..Fault::NONE
};

/// DEVICE_NEEDS_RESET is never shown.
pub(super) const LOST_QUIETLY: Fault =
    Fault::read(|_, _, at, value| if at == STATUS { value & !NEEDS_RESET } else { value });

/// The device insists on `VIRTIO_F_EVENT_IDX`.
pub(super) const INSISTS: Fault = Fault::read(|view, _, at, value| {
    let without = view.accepted[0] & 1 << feature::EVENT_IDX == 0;
    if at == STATUS && without { value & !FEATURES_OK } else { value }
});

/// The device accepts what it does not offer.
pub(super) const TAKES_ALL: Fault = Fault {
    write: |view, device, at, value| {
        if at != ACCEPT {
            return Some(value);
        }
        // SAFETY: a selector gives the device no memory.
        unsafe { device.write(OFFER_SEL, 4, view.word as u32) };
        Some(value & device.read(OFFER, 4))
    },
    ..Fault::NONE
};

/// A reserved bit is offered.
pub(super) const RESERVED_BIT: Fault =
    offer(|view, _, at, value| if at == OFFER && view.n == 1 { value | 1 << 14 } else { value });

/// Features that were accepted once are refused the next time.
pub(super) const ONLY_ONCE: Fault = Fault {
    read: |view, _, at, value| if at == STATUS && view.flag { value & !FEATURES_OK } else { value },
    write: |view, _, at, value| {
        if at == STATUS && value & FEATURES_OK != 0 && view.status & FEATURES_OK == 0 {
            let proposal = u64::from(view.accepted[0]) | u64::from(view.accepted[1]) << 32;
            view.flag = view.list.contains(&proposal);
            view.list.push(proposal);
        }
        Some(value)
    },
    ..Fault::NONE
};

/// The device goes on after a reset that it shows as complete.
pub(super) const GOES_ON: Fault = Fault {
    read: |view, _, at, value| if at == STATUS && view.flag { view.status } else { value },
    write: |view, _, at, value| {
        if at != STATUS {
            return Some(value);
        }
        let live = view.status == 0x0f && view.used_idx() == 1;
        view.n += u64::from(value == 0 && live);
        // The second time that a device is reset which has used one buffer.
        view.flag = value == 0 && live && view.n == 2;
        (!view.flag).then_some(value)
    },
    ..Fault::NONE
};

/// `VIRTIO_F_VERSION_1` is not offered.
pub(super) const NO_VERSION_1: Fault =
    offer(|view, _, at, value| if at == OFFER && view.n == 1 { value & !1 } else { value });

pub(super) const MUTANTS: &[DeviceMutant] = &[
    DeviceMutant {
        requirement: id::CORE_DEV_STATUS_1,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "the device begins when its first queue is enabled",
        fault: EARLY,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_STATUS_2,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "DEVICE_NEEDS_RESET is never shown",
        fault: LOST_QUIETLY,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_STATUS_3,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "DEVICE_NEEDS_RESET is not told",
        fault: Fault::read(|_, _, at, value| if at == Register::InterruptStatus.offset() { value & !2 } else { value }),
    },
    DeviceMutant {
        requirement: id::CORE_DEV_FEAT_1,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "a network device offers CTRL_VLAN without CTRL_VQ",
        fault: offer(|view, _, at, value| match at {
            OFFER if view.n == 0 => value & !(1 << 17) | 1 << 19,
            at if at == Register::DeviceID.offset() => 1,
            _ => value,
        }),
    },
    DeviceMutant {
        requirement: id::CORE_DEV_FEAT_2,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "the device insists on VIRTIO_F_EVENT_IDX",
        fault: INSISTS,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_FEAT_3,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "the device accepts what it does not offer",
        fault: TAKES_ALL,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_FEAT_4,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "a reserved bit is offered",
        fault: RESERVED_BIT,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_FEAT_5,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "features that were accepted once are refused the next time",
        fault: ONLY_ONCE,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_RESET_1,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "the status never reads 0",
        fault: Fault::read(|_, _, at, value| if at == STATUS { value | 1 } else { value }),
    },
    DeviceMutant {
        requirement: id::CORE_DEV_RESET_2,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "the device goes on after a reset that it shows as complete",
        fault: GOES_ON,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_CONFIG_1,
        probe: "probe-config",
        bus: Bus::Mmio,
        what: "the configuration reads 0 before FEATURES_OK",
        fault: Fault::read(|view, _, at, value| if at >= CONFIG && view.status & FEATURES_OK == 0 { 0 } else { value }),
    },
    DeviceMutant {
        requirement: id::CORE_DEV_RESFEAT_1,
        probe: "probe-core",
        bus: Bus::Mmio,
        what: "VIRTIO_F_VERSION_1 is not offered",
        fault: NO_VERSION_1,
    },
    DeviceMutant {
        requirement: id::CORE_DEV_RESFEAT_5,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "with VIRTIO_F_IN_ORDER the last buffer of a batch is used first",
        fault: Fault::after(|view| {
            let in_order = view.accepted[1] & 1 << (feature::IN_ORDER - 32) != 0;
            if view.used() == Some(8) && in_order {
                let (first, last) = (view.load16(view.areas[1] + 4), view.load16(view.areas[1] + 4 + 14));
                view.store(view.areas[2] + 4, &u32::from(last).to_le_bytes());
                view.store(view.areas[2] + 4 + 56, &u32::from(first).to_le_bytes());
                (1..7).for_each(|i| view.store(view.areas[2] + 4 + 8 * i, &u32::from(first).to_le_bytes()));
                view.store(view.areas[2] + 2, &9_u16.to_le_bytes());
            }
        }),
    },
];
