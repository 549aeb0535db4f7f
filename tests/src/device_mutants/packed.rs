//! The packed ring.

use parakit_abi::feature;
use parakit_abi::requirement::id;
use parakit_abi::ring::packed::{DESC_F_AVAIL, DESC_F_NEXT, DESC_F_USED, DESC_F_WRITE};

use super::{Bus, DeviceMutant, Fault, View};

const BOTH: u16 = DESC_F_AVAIL | DESC_F_USED;
const WRITE_AND_MORE: u16 = DESC_F_WRITE | DESC_F_NEXT;

/// Address of descriptor `slot`.
fn at(view: &View, slot: u64) -> u64 {
    view.areas[0] + 16 * (slot % u64::from(view.size.max(1)))
}

fn flags(view: &View, slot: u64) -> u16 {
    view.load16(at(view, slot) + 14)
}

fn is_used(flags: u16) -> bool {
    matches!(flags & BOTH, 0 | BOTH)
}

/// Acts on each descriptor that the device has marked as used since the last look.
fn each_used(view: &mut View, act: fn(&mut View, u64)) {
    let packed = view.accepted[1] & 1 << (feature::RING_PACKED - 32) != 0;
    if !packed || view.status != 0x0f {
        return view.list.clear();
    }
    view.list.resize(view.size as usize, 0);
    for slot in 0..u64::from(view.size) {
        let (before, now) = (view.list[slot as usize] as u16, flags(view, slot));
        view.list[slot as usize] = now.into();
        if before != now && is_used(now) && now & BOTH != before & BOTH && view.load16(at(view, slot) + 12) != 0 {
            act(view, slot);
        }
    }
}

pub(super) const MUTANTS: &[DeviceMutant] = &[
    DeviceMutant {
        requirement: id::VQ_PACKED_DEV_DESC_1,
        probe: "probe-packed",
        bus: Bus::Mmio,
        what: "the device writes into the header of a request",
        fault: Fault::after(|view| {
            each_used(view, |view, slot| view.store(view.load64(at(view, slot)) + 4, &[0xff]));
        }),
    },
    DeviceMutant {
        requirement: id::VQ_PACKED_DEV_DESC_3,
        probe: "probe-packed",
        bus: Bus::Pci,
        what: "a device that is notified uses what is there, available or not",
        fault: Fault {
            write: |view, _, _, value| {
                if view.load64(view.areas[0]) != 0 && view.load16(view.areas[0] + 14) & BOTH == 0 {
                    view.store(view.areas[0] + 14, &(BOTH | DESC_F_WRITE).to_le_bytes());
                }
                Some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::VQ_PACKED_DEV_DESC_4,
        probe: "probe-packed",
        bus: Bus::Mmio,
        what: "the device clears the length of what it used before",
        fault: Fault::after(|view| {
            each_used(view, |view, slot| {
                if view.n != slot && is_used(flags(view, view.n)) {
                    view.store(at(view, view.n) + 8, &[0; 4]);
                }
                view.n = slot;
            });
        }),
    },
    DeviceMutant {
        requirement: id::VQ_PACKED_DEV_ORDER_2,
        probe: "probe-packed",
        bus: Bus::Mmio,
        what: "a used descriptor is written one place further on",
        fault: Fault::after(|view| {
            each_used(view, |view, slot| {
                // Once: what follows is out of step.
                if !std::mem::replace(&mut view.flag, view.n == 40) && view.n == 40 {
                    let bits = flags(view, slot) ^ DESC_F_USED;
                    view.store(at(view, slot) + 14, &bits.to_le_bytes());
                }
                view.n += 1;
            });
        }),
    },
    DeviceMutant {
        requirement: id::VQ_PACKED_DEV_SG_1,
        probe: "probe-packed",
        bus: Bus::Mmio,
        what: "the first two of several writable descriptors are filled in the wrong order",
        fault: Fault::after(|view| {
            each_used(view, |view, slot| {
                let writable = |i| flags(view, slot + i) & WRITE_AND_MORE == WRITE_AND_MORE;
                if writable(1) && writable(2) {
                    let [first, second] = [1, 2].map(|i| view.load64(at(view, slot + i)));
                    let [a, b] = [first, second].map(|byte| [view.load16(byte) as u8]);
                    view.store(first, &b);
                    view.store(second, &a);
                }
            });
        }),
    },
];
