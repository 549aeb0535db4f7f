//! The same workloads over every transport and with every form of ring: the drivers do not notice, and the judge finds nothing.

use parakit_abi::feature::{
    EVENT_IDX, Features, IN_ORDER, INDIRECT_DESC, NOTIF_CONFIG_DATA, NOTIFICATION_DATA, RING_PACKED, RING_RESET,
    VERSION_1,
};
use parakit_harness::loopback::Scheduler;
use parakit_harness::observe::accesses::LiveAccesses;
use parakit_harness::observe::event::TransportKind;
use parakit_harness::oddity::{Needs, OddityKind};
use parakit_harness::scenario::{self, Bus, Mechanism, Pci, Place, Scenario, Session};
use parakit_harness::transport::device::DeviceOptions;

use crate::scenarios::{session, trouble};

/// The scenarios that are about drivers and not about one transport, over this bus and with these features on offer.
fn scenarios(bus: Bus, offer: Option<Features>) -> Vec<Scenario> {
    let general = |s: &Scenario| {
        s.place == Place::Anywhere
            && s.bus == Bus::Mmio
            && !s.workload.starts_with("probe")
            && s.workload != "hostile"
            && s.devices.iter().all(|d| d.features == DeviceOptions::FEATURES)
    };
    let (transport, vectors) = match bus {
        Bus::Mmio => (TransportKind::Mmio, 0),
        Bus::MmioLegacy => (TransportKind::MmioLegacy, 0),
        Bus::Pci(pci) => (TransportKind::Pci, pci.vectors),
    };
    let offers = |bit| offer.is_some_and(|bits| bits.has(bit));
    let acts = |kind: OddityKind| match (kind, kind.needs()) {
        (OddityKind::CompleteOutOfOrder, _) => !offers(IN_ORDER),
        (OddityKind::VectorsScarce, _) => vectors > 1,
        (_, Needs::Packed) => offers(RING_PACKED),
        (_, Needs::QueueReset | Needs::Suspend) => false,
        (_, needs) => needs.is_met(transport, vectors),
    };
    let odd = OddityKind::ALL.iter().filter(|kind| acts(**kind));
    let odd = odd.map(|kind| scenario::odd(*kind, bus, offer.unwrap_or_default()));
    let mut list: Vec<_> = scenario::all().into_iter().filter(general).chain(odd).collect();
    for scenario in &mut list {
        scenario.bus = bus;
        if let Some(bits) = offer {
            scenario.devices.iter_mut().for_each(|d| d.features = bits);
        }
    }
    list
}

fn run_all(scheduler: Scheduler, bus: Bus, offer: Option<Features>) {
    let session = session(scheduler, 1);
    // What a device does at its own time is better seen where time is counted.
    let list = scenarios(bus, offer);
    let list = list.iter().filter(|s| scheduler == Scheduler::Stepped || s.workload != "hostile");
    let troubles: Vec<_> = list.filter_map(|scenario| trouble(&session, scenario)).collect();
    assert!(troubles.is_empty(), "{offer:?}: {troubles:#?}");
}

fn pci(vectors: u16, mechanism: Mechanism) -> Bus {
    Bus::Pci(Pci { vectors, mechanism })
}

#[test]
fn over_pci_with_a_vector_for_each_queue() {
    run_all(Scheduler::Stepped, pci(8, Mechanism::Ecam), None);
    run_all(Scheduler::Threads, pci(8, Mechanism::Ecam), None);
}

#[test]
fn over_pci_through_ports_with_shared_vectors() {
    run_all(Scheduler::Stepped, pci(2, Mechanism::Ports), None);
    run_all(Scheduler::Stepped, pci(1, Mechanism::Ports), None);
}

#[test]
fn over_pci_with_a_level_triggered_line() {
    run_all(Scheduler::Stepped, pci(0, Mechanism::Ecam), None);
    run_all(Scheduler::Threads, pci(0, Mechanism::Ecam), None);
}

#[test]
fn over_the_legacy_interface() {
    run_all(Scheduler::Stepped, Bus::MmioLegacy, None);
    run_all(Scheduler::Threads, Bus::MmioLegacy, None);
}

#[test]
fn with_other_rings_and_notifications() {
    let (mmio, pci) = (Bus::Mmio, pci(8, Mechanism::Ecam));
    for (bus, bits) in [
        (mmio, &[VERSION_1, RING_PACKED][..]),
        (pci, &[VERSION_1, RING_PACKED, EVENT_IDX, INDIRECT_DESC]),
        (mmio, &[VERSION_1, RING_PACKED, IN_ORDER, EVENT_IDX, RING_RESET]),
        (pci, &[VERSION_1, IN_ORDER]),
        (mmio, &[VERSION_1, NOTIFICATION_DATA, EVENT_IDX]),
        (pci, &[VERSION_1, RING_PACKED, NOTIFICATION_DATA, NOTIF_CONFIG_DATA]),
        (pci, &[VERSION_1, NOTIF_CONFIG_DATA]),
    ] {
        run_all(Scheduler::Stepped, bus, Some(Features::of(bits)));
    }
}

/// What a run of random writes and reads accesses while the device is live.
fn accesses(bus: Bus, more: Features) -> LiveAccesses {
    let mut scenario = scenario::all().into_iter().find(|s| s.name == "blk-rw").unwrap();
    scenario.bus = bus;
    scenario.devices.iter_mut().for_each(|d| d.features = d.features.with(more));
    let session = Session { keep_events: true, ..session(Scheduler::Threads, 1) };
    LiveAccesses::of(&session.run(&scenario).unwrap().events)
}

#[test]
fn a_notification_over_pci_is_one_access_and_nothing_is_read_for_it() {
    for more in [&[][..], &[RING_PACKED], &[NOTIFICATION_DATA], &[RING_PACKED, NOTIFICATION_DATA, NOTIF_CONFIG_DATA]] {
        let seen = accesses(pci(8, Mechanism::Ecam), Features::of(more));
        assert!(seen.one_each(), "{more:?}: {seen:?}");
    }
    // Without vectors the driver has to ask why it is interrupted.
    for bus in [pci(0, Mechanism::Ecam), Bus::Mmio] {
        let seen = accesses(bus, Features::NONE);
        assert!(seen.notifications > 0 && seen.notifying == seen.notifications, "{seen:?}");
        assert!(seen.reads > 0 && !seen.one_each(), "{seen:?}");
    }
}
