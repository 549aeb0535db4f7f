//! PCI: functions of every kind are taken for what they are.

use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::transport::pci::{CfgType, MODERN_DEVICE, cap};
use parakit_harness::judge::judge;
use parakit_harness::observe::event::{DeviceInfo, EventKind, PciInfo};

use crate::pci_script::{Cap, PLAIN, Pci, disk, function};
use crate::script::Script;

fn showing(pci: PciInfo) -> DeviceInfo {
    DeviceInfo { pci: Some(pci), ..disk() }
}

fn with(caps: &[Cap]) -> DeviceInfo {
    showing(function(MODERN_DEVICE + 2, 1, caps, 8))
}

/// A capability that leads the list.
fn first(cap: Cap) -> DeviceInfo {
    with(&[&[cap], &PLAIN[..]].concat())
}

/// What a function shows, and the rule about it.
fn unusual() -> Vec<(DeviceInfo, RequirementId)> {
    let reserved = Cap { cfg_type: 6, ..PLAIN[0] };
    let long = Cap { len: 28, ..PLAIN[0] };
    let far = Cap { bar: 6, ..PLAIN[0] };
    let large = Cap { length: 0x8_0000, offset: 0x1_0000, ..PLAIN[2] };
    let modern = MODERN_DEVICE + 2;
    vec![
        (disk(), id::PCI_DRV_DISCOVERY_1),
        (showing(function(0x1001, 0, &PLAIN, 8)), id::PCI_DRV_DISCOVERY_2),
        (showing(function(modern, 0x5a, &PLAIN, 8)), id::PCI_DRV_DISCOVERY_3),
        (first(reserved), id::PCI_DRV_CAP_1),
        (with(&[&[long], &PLAIN[1..]].concat()), id::PCI_DRV_CAP_3),
        (first(far), id::PCI_DRV_CAP_4),
        (with(&[PLAIN[0], PLAIN[1], large, PLAIN[3], PLAIN[4]]), id::PCI_DRV_CAP_6),
    ]
}

#[test]
fn functions_are_brought_up() {
    for (info, rule) in unusual() {
        Script::new(info.clone()).up(&[]).finish().passes(rule);
        Script::new(info.clone()).find().finish().caught(rule, &[]);
        // Nobody has asked for the ids, or the run was cut off.
        Script::new(info.clone()).finish().silent(rule);
        // Nobody has told the guest to drive it: it may have no driver for such a device.
        Script::new(DeviceInfo { assigned: false, ..info.clone() }).find().finish().silent(rule);
        Script::new(info).find().push(EventKind::End { reason: "deadline".to_owned() }).silent(rule);
    }
}

#[test]
fn a_guest_with_other_work_may_leave_a_device_alone() {
    let mut idle = Script::new(disk());
    idle.find().finish();
    let mut used = Script::new(disk());
    used.up(&[]);
    let others = used.events.into_iter().map(|mut event| {
        event.device = 1;
        event
    });
    let events: Vec<_> = others.chain(idle.events).collect();
    let verdicts = judge(&events).verdicts;
    assert!(verdicts.entries.values().all(|entry| entry.violated == 0));
}

#[test]
fn a_function_that_cannot_work_is_left_alone() {
    let beyond = Cap { offset: 0x20_0000, ..PLAIN[0] };
    for info in [
        with(&PLAIN[1..]),
        with(&[&[beyond], &PLAIN[1..]].concat()),
        with(&[]),
        showing(function(0x1111, 1, &PLAIN, 8)),
    ] {
        let mut script = Script::new(info);
        assert!(script.find().finish().violated().is_empty());
    }
}

#[test]
fn reserved_structures_are_not_used() {
    let info = first(Cap { cfg_type: 6, offset: 0x1_0000, ..PLAIN[0] });
    let mut script = Script::new(info);
    script.find().push(EventKind::PciBar { write: false, bar: 0, offset: 0x1_0014, width: 1, value: 0 });
    script.caught(id::PCI_DRV_CAP_1, &[]);
}

#[test]
fn the_first_instance_is_used() {
    let second = Cap { offset: 0x1_0000, ..PLAIN[0] };
    let several = || with(&[&PLAIN[..], &[second]].concat());
    Script::new(several()).up(&[]).passes(id::PCI_DRV_CAP_2);
    let other = EventKind::PciBar { write: false, bar: 0, offset: 0x1_0014, width: 1, value: 0 };
    Script::new(several()).up(&[]).push(other.clone()).caught(id::PCI_DRV_CAP_2, &[]);
    // The first is not there, so that the second is the first that can be used.
    let gone = Cap { bar: 3, ..PLAIN[0] };
    Script::new(with(&[&[gone], &PLAIN[1..], &[second]].concat())).find().push(other).silent(id::PCI_DRV_CAP_2);
    assert_eq!(PLAIN[0].cfg_type, CfgType::Common as u8);
    assert_eq!(PLAIN[0].len, cap::SIZE);
}
