//! Oddities of PCI functions: what a driver finds.

use parakit_abi::feature::{Features, IN_ORDER, NOTIF_CONFIG_DATA, RING_PACKED, RING_RESET, SUSPEND, VERSION_1};
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{CAP_VENDOR, CfgType, Common, NO_VECTOR, cap, header, msix};
use parakit_harness::device::{Block, BlockOptions, Entropy, MemoryDisk};
use parakit_harness::observe::EventKind;
use parakit_harness::oddity::{Needs, OddityKind};

use crate::function::Capability;
use crate::rig::{BUFFERS, Rig, writable};

fn odd(name: &str) -> Rig {
    Rig::pci(Block::new(Box::new(MemoryDisk::new(vec![7; 512 * 16])), BlockOptions::default()), &[name])
}

fn provoked(rig: &Rig, name: &str) -> bool {
    rig.saw(|e| matches!(e, EventKind::Provoke { what } if what == name))
}

#[test]
fn each_says_when_it_acts() {
    for kind in OddityKind::ALL.iter().filter(|k| matches!(k.needs(), Needs::Pci | Needs::MsiX)) {
        let rig = odd(kind.name());
        if kind.needs() == Needs::MsiX {
            rig.function().set(Common::ConfigMsixVector, 1);
        }
        assert!(provoked(&rig, kind.name()), "{kind}");
    }
}

fn of_type(rig: &Rig, kind: CfgType) -> Vec<Capability> {
    rig.function().capabilities().into_iter().filter(|c| c.id == CAP_VENDOR && c.body[3] == kind as u8).collect()
}

#[test]
fn the_list_that_does_not_end() {
    let rig = odd("cap-list-loop");
    let list = rig.function().capabilities();
    assert_eq!(list.len(), 64, "the walk gave up");
    assert_eq!(list[0], list[6]);
}

#[test]
fn capabilities_in_front_of_the_right_ones() {
    for (name, wrong) in [
        ("cap-reserved-bar", (|c| c.body[4] == 7) as fn(&Capability) -> bool),
        ("cap-first-broken", |c| c.word(cap::OFFSET) == 0x4000_0000),
        ("cap-too-short", |c| c.body.len() == 4),
    ] {
        let rig = odd(name);
        for kind in [CfgType::Common, CfgType::Notify, CfgType::Isr, CfgType::Device] {
            let list = of_type(&rig, kind);
            assert_eq!(list.len(), 2, "{name}: {kind:?}");
            assert!(wrong(&list[0]) && !wrong(&list[1]), "{name}: {list:?}");
        }
        assert_eq!(rig.function().common(Common::NumQueues), 1);
    }
    let rig = odd("cap-reserved-type");
    let first: Vec<_> = rig.function().capabilities().into_iter().take(4).map(|c| (c.id, c.body[3])).collect();
    assert_eq!(first, [(0x7e, 0), (9, 0), (9, 6), (9, 0x7f)]);
    let rig = odd("cap-too-long");
    assert_eq!(of_type(&rig, CfgType::Common)[0].body.len(), 20);
    assert_eq!(of_type(&rig, CfgType::Notify)[0].body.len(), 24);
}

#[test]
fn structures_that_are_not_there() {
    assert!(of_type(&odd("cap-common-missing"), CfgType::Common).is_empty());
    let common = |name| of_type(&odd(name), CfgType::Common).remove(0);
    assert!(common("structure-too-short").word(cap::LENGTH) < Common::MIN_SIZE);
    assert_eq!(common("structure-outside-bar").word(cap::OFFSET), 0x4000_0000);
    assert_eq!(common("structure-bar-missing").body[4], 5);
    let rig = odd("notify-offset-outside");
    let length = rig.function().virtio(CfgType::Notify).word(cap::LENGTH);
    assert!(rig.function().notify_place(0) > u64::from(length));
}

#[test]
fn vectors() {
    for (name, size) in [("msix-one-vector", 0), ("msix-two-vectors", 1)] {
        let rig = odd(name);
        let control = rig.function().config16(rig.function().msix().at + msix::CONTROL);
        assert_eq!(control & msix::CONTROL_SIZE, size, "{name}");
    }
    for (name, first) in [("vectors-unmappable", u64::from(NO_VECTOR)), ("vectors-scarce", 0)] {
        let rig = odd(name);
        for (vector, expected) in [(0, first), (1, u64::from(NO_VECTOR))] {
            rig.function().set(Common::QueueMsixVector, vector);
            assert_eq!(rig.function().common(Common::QueueMsixVector), expected, "{name}: {vector}");
        }
    }
}

#[test]
fn ids_and_bars() {
    assert_eq!(odd("transitional-ids").function().config16(header::DEVICE_ID), 0x1001);
    let rig = odd("revision-zero");
    assert_eq!(rig.function().config16(header::DEVICE_ID), 0x1042);
    assert_eq!(rig.function().config::<1>(header::REVISION_ID), [0]);
    assert_eq!(odd("narrow-bars").function().config32(header::BAR0) & 0xf, 0);
}

#[test]
fn feature_offers() {
    let general = |name| odd(name).offered().0 >> 24;
    let of = |bits: &[u32]| Features::of(bits).0 >> 24;
    assert_eq!(general("offers-in-order-alone"), of(&[VERSION_1, IN_ORDER]));
    assert_eq!(general("offers-packed-alone"), of(&[VERSION_1, RING_PACKED]));
    assert!(odd("offers-notif-config-data").offered().has(NOTIF_CONFIG_DATA));
}

/// Over both transports alike: a rig that offers these features, with an oddity.
fn both(name: &str, features: Features) -> [Rig; 2] {
    let features = features.with(Features::bit(VERSION_1));
    [
        Rig::with(Entropy::default(), &[name], |o| o.features = features),
        Rig::pci_with(Entropy::default(), &[name], |o| o.features = features, |_| {}),
    ]
}

#[test]
fn a_queue_reset_that_takes_its_time_or_never_ends() {
    for (name, looks) in [("queue-reset-slow", Some(5)), ("queue-reset-never", None)] {
        for mut rig in both(name, Features::bit(RING_RESET)) {
            rig.start(Features::bit(RING_RESET), 1, 8);
            rig.write(Register::QueueReset, 1);
            assert!(provoked(&rig, name));
            for _ in 0..looks.unwrap_or(50) {
                assert_eq!(rig.read(Register::QueueReset), 1);
                assert_eq!(rig.read(Register::QueueReady), 1);
            }
            if looks.is_some() {
                assert_eq!(rig.read(Register::QueueReset), 0);
                assert_eq!(rig.read(Register::QueueReady), 0);
                rig.describe(0, 4);
                rig.write(Register::QueueReady, 1);
                rig.request(0, &[writable(BUFFERS, 8)]);
            }
            rig.write(Register::Status, 0);
            assert_eq!(rig.read(Register::QueueReset), 0, "a reset of the device ends it");
        }
    }
}

#[test]
fn a_suspension_that_takes_its_time_or_never_comes() {
    for (name, looks) in [("suspend-slow", Some(5)), ("suspend-never", None)] {
        for mut rig in both(name, Features::bit(SUSPEND)) {
            rig.start(Features::bit(SUSPEND), 1, 8);
            rig.write(Register::Status, 15 | 16);
            assert!(provoked(&rig, name));
            for _ in 0..looks.unwrap_or(50) {
                assert_eq!(rig.status(), 15);
            }
            rig.request(0, &[writable(BUFFERS, 8)]);
            if looks.is_some() {
                assert_eq!(rig.status(), 11 | 16);
            }
        }
    }
}
