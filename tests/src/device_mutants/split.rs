//! The split ring.

use parakit_abi::feature;
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::Register;

use super::{Bus, DeviceMutant, Fault, View};

const EVENT_IDX: u32 = 1 << feature::EVENT_IDX;

/// Whether `VIRTIO_F_EVENT_IDX` was accepted.
fn by_index(view: &View) -> bool {
    view.accepted[0] & EVENT_IDX != 0
}

/// Counts used entries for which `tells` holds, in place of the interrupts: given `flags`, `used_event` and the entry.
fn tell(view: &mut View, tells: fn(u16, u16, u16) -> bool) {
    if let Some(idx) = view.used() {
        let event = view.load16(view.areas[1] + 4 + 2 * u64::from(view.size));
        if tells(view.load16(view.areas[1]), event, idx.wrapping_sub(1)) {
            view.list.push(u64::from(idx));
        }
    }
}

/// Interrupts by what [`tell`] counts.
const fn telling(after: fn(&mut View)) -> Fault {
    Fault { after, interrupts: |view, _| view.list.len() as u32, ..Fault::NONE }
}

/// Makes the request of the used entry before `idx` fail: its last byte is the status.
fn spoil(view: &View, idx: u16) {
    if let Some(&(addr, len, _)) = view.chain_before(idx).last() {
        view.store(addr + u64::from(len.max(1)) - 1, &[1]);
    }
}

pub(super) const MUTANTS: &[DeviceMutant] = &[
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_FRAME_1,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "the header of a request has to be one buffer",
        fault: Fault::after(|view| {
            if let Some(idx) = view.used()
                && view.chain_before(idx).first().is_some_and(|&(_, len, flags)| len != 16 && flags & 4 == 0)
            {
                spoil(view, idx);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_DESC_1,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "the device writes into the header of a request",
        fault: Fault::after(|view| {
            if let Some(idx) = view.used()
                && let Some(&(addr, _, _)) = view.chain_before(idx).first()
            {
                view.store(addr + 4, &[0xff]);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_DESC_4,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "the device clears the length of the descriptors that it has used",
        fault: Fault::after(|view| {
            if let Some(idx) = view.used() {
                let head = u64::from(view.load32(view.entry_before(idx)));
                view.store(view.areas[0] + 16 * head + 8, &[0; 4]);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_INDIRECT_1,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "an indirect descriptor with the flag WRITE is taken amiss",
        fault: Fault::after(|view| {
            if let Some(idx) = view.used()
                && view.chain_before(idx).first().is_some_and(|&(_, _, flags)| flags & 6 == 6)
            {
                spoil(view, idx);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_INDIRECT_2,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "an indirect descriptor behind a direct one is taken amiss",
        fault: Fault::after(|view| {
            if let Some(idx) = view.used()
                && view.chain_before(idx).get(1).is_some_and(|&(_, _, flags)| flags & 4 != 0)
            {
                spoil(view, idx);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USEDNOTIF_1,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "used_event suppresses interrupts without VIRTIO_F_EVENT_IDX",
        fault: telling(|view| tell(view, |flags, event, entry| flags == 0 && event == entry)),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USEDNOTIF_2,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "flags of the available ring means nothing",
        fault: telling(|view| tell(view, |_, _, _| true)),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USEDNOTIF_3,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "no interrupt ever comes",
        fault: Fault::interrupts(|_, _| 0),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USEDNOTIF_4,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "flags suppresses interrupts with VIRTIO_F_EVENT_IDX",
        fault: telling(|view| tell(view, |flags, event, entry| flags == 0 && event == entry)),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USEDNOTIF_5,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "the interrupt comes one entry after that of used_event",
        fault: telling(|view| tell(view, |_, event, entry| event.wrapping_add(1) == entry)),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USEDNOTIF_6,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "used_event means nothing",
        fault: telling(|view| tell(view, |_, _, _| true)),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USED_1,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "the index moves before the entry is written",
        fault: Fault::after(|view| {
            if let Some(idx) = view.used() {
                view.store(view.entry_before(idx), &[0xee; 8]);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USED_2,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "the index moves before the last byte of the data is written",
        fault: Fault::after(|view| {
            if let Some(idx) = view.used()
                && let Some(&(addr, len, _)) = view.chain_before(idx).get(1)
                && len > 1
            {
                view.store(addr + u64::from(len) - 1, &[idx as u8]);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_USED_2,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "the index moves before the status byte is written",
        fault: Fault::after(|view| {
            if let Some(idx) = view.used()
                && let Some(&(addr, _, _)) = view.chain_before(idx).last()
            {
                view.store(addr, &[0xd7]);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_AVAILNOTIF_1,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "flags of the used ring has undefined bits",
        fault: Fault::after(|view| {
            if view.used().is_some() && !by_index(view) {
                view.store(view.areas[2], &[2, 0]);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_AVAILNOTIF_3,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "flags of the used ring is 1 with VIRTIO_F_EVENT_IDX",
        fault: Fault::after(|view| {
            if view.used().is_some() && by_index(view) {
                view.store(view.areas[2], &[1, 0]);
            }
        }),
    },
    DeviceMutant {
        requirement: id::VQ_SPLIT_DEV_AVAILNOTIF_5,
        probe: "probe-split",
        bus: Bus::Mmio,
        what: "a device that was notified for nothing needs a reset",
        fault: Fault {
            read: |view, _, at, value| {
                let lost = at == Register::Status.offset() && view.n > 4;
                if lost { value | u32::from(DeviceStatus::DEVICE_NEEDS_RESET.0) } else { value }
            },
            write: |view, _, at, value| {
                if at == Register::Status.offset() && value == 0 {
                    view.n = 0;
                }
                if at == Register::QueueNotify.offset() {
                    let idle = view.load16(view.areas[1] + 2) == view.used_idx();
                    view.n = if idle { view.n + 1 } else { view.n };
                }
                Some(value)
            },
            ..Fault::NONE
        },
    },
];
