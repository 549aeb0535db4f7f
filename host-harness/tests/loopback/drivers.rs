//! Every driver, unchanged, over each kind of ring and each mixture of features, on one CPU and on two.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parakit_abi::feature::{self, Features};
use parakit_abi::mailbox::{Record, Value};
use parakit_harness::loopback::Scheduler;
use parakit_harness::scenario::{self, BlockSpec, Bus, DeviceKind, DeviceSpec, Ground, Pci, Scenario, Session};

const SPLIT: Features = Features::bit(feature::VERSION_1);
const PACKED: Features = Features::of(&[feature::VERSION_1, feature::RING_PACKED]);

/// A run of `workload` on `device`.
struct Case {
    workload: &'static str,
    device: DeviceSpec,
    bus: Bus,
    cpus: u8,
    requests: u64,
}

impl Case {
    fn scenario(&self) -> Scenario {
        let mut all = scenario::all().into_iter();
        let mut scenario = all.find(|s| s.name == "blk-rw").unwrap();
        scenario.name = format!("{} on {:?}, features {:#x}", self.workload, self.bus, self.device.features.0);
        scenario.workload = self.workload;
        scenario.devices = vec![self.device.clone()];
        (scenario.bus, scenario.cpus) = (self.bus, self.cpus);
        scenario.params[0] = self.requests;
        scenario.checks.clear();
        scenario
    }

    /// Runs it without a violation, and returns what it recorded.
    #[track_caller]
    fn run(&self, scheduler: Scheduler, seed: u64) -> Vec<Record> {
        let session = Session {
            ground: Ground::Loopback(scheduler),
            image: None,
            input: None,
            seed,
            keep_events: false,
            cancelled: Arc::new(AtomicBool::new(false)),
            log: |_| {},
        };
        let scenario = self.scenario();
        let run = session.run(&scenario).unwrap();
        assert!(run.end.passed(), "{} with seed {seed}: {}", scenario.name, run.end);
        assert!(run.troubles.is_empty(), "{} with seed {seed}: {:?}", scenario.name, run.troubles);
        let broken: Vec<_> = run.violations().map(|(id, e)| format!("{id}: {:?}", e.evidence.first())).collect();
        assert!(broken.is_empty(), "{} with seed {seed}: {broken:#?}", scenario.name);
        run.records.clone()
    }
}

#[track_caller]
fn number(records: &[Record], name: &str) -> u64 {
    match records.iter().find(|record| record.name() == name).map(|record| record.value) {
        Some(Value::U64(number)) => number,
        other => panic!("record {name}: {other:?}"),
    }
}

fn disk(features: Features, queues: u16) -> DeviceSpec {
    let spec = BlockSpec { queues, ..BlockSpec::plain(8192) };
    DeviceSpec { kind: DeviceKind::Block(spec), features, ..DeviceSpec::block("block0", 8192) }
}

/// What the two formats are combined with.
fn mixtures() -> Vec<Features> {
    let extras = [
        Features::NONE,
        Features::bit(feature::EVENT_IDX),
        Features::bit(feature::INDIRECT_DESC),
        Features::bit(feature::IN_ORDER),
        Features::bit(feature::NOTIFICATION_DATA),
        Features::of(&[feature::EVENT_IDX, feature::INDIRECT_DESC, feature::IN_ORDER, feature::NOTIFICATION_DATA]),
    ];
    [SPLIT, PACKED].into_iter().flat_map(|ring| extras.map(|extra| ring.with(extra))).collect()
}

#[test]
fn block_workloads_over_every_kind_of_ring() {
    for features in mixtures() {
        for (workload, requests) in [("blk-read", 1024), ("blk-rw", 150), ("blk-sg", 12), ("blk-timeout-reset", 4)] {
            let case = Case { workload, device: disk(features, 1), bus: Bus::Mmio, cpus: 1, requests };
            case.run(Scheduler::Stepped, 7);
        }
    }
}

#[test]
fn consoles_and_entropy_sources_over_every_kind_of_ring() {
    for features in mixtures() {
        let console = DeviceSpec { features, ..DeviceSpec::console("console0") };
        Case { workload: "console-echo", device: console, bus: Bus::Mmio, cpus: 1, requests: 1500 }
            .run(Scheduler::Stepped, 3);
        let entropy = DeviceSpec { features, ..DeviceSpec::entropy("entropy0") };
        Case { workload: "entropy", device: entropy, bus: Bus::Mmio, cpus: 1, requests: 4096 }
            .run(Scheduler::Stepped, 3);
    }
}

#[test]
fn a_queue_is_reset_alone_and_goes_on_with_another_size() {
    for ring in [SPLIT, PACKED] {
        let features = ring.with(Features::of(&[feature::RING_RESET, feature::EVENT_IDX]));
        for scheduler in [Scheduler::Stepped, Scheduler::Threads] {
            let case =
                Case { workload: "blk-queue-reset", device: disk(features, 1), bus: Bus::Mmio, cpus: 1, requests: 12 };
            let records = case.run(scheduler, 5);
            assert_eq!(number(&records, "negotiated"), 1);
            assert!(number(&records, "reset") > 0, "no request was in flight when the queue was reset");
        }
        let case = Case { workload: "blk-queue-reset", device: disk(ring, 1), bus: Bus::Mmio, cpus: 1, requests: 12 };
        assert_eq!(number(&case.run(Scheduler::Stepped, 5), "negotiated"), 0);
    }
}

#[test]
fn a_device_is_suspended_with_requests_in_flight_and_goes_on() {
    for ring in [SPLIT, PACKED] {
        let features = ring.with(Features::of(&[feature::SUSPEND, feature::EVENT_IDX]));
        for scheduler in [Scheduler::Stepped, Scheduler::Threads] {
            let case =
                Case { workload: "blk-suspend", device: disk(features, 1), bus: Bus::Mmio, cpus: 1, requests: 10 };
            assert_eq!(number(&case.run(scheduler, 5), "suspensions"), 10);
        }
        let case = Case { workload: "blk-suspend", device: disk(ring, 1), bus: Bus::Mmio, cpus: 1, requests: 3 };
        assert_eq!(number(&case.run(Scheduler::Stepped, 5), "negotiated"), 0);
    }
}

#[test]
fn indirect_tables_take_more_than_the_ring_has_entries() {
    for ring in [SPLIT, PACKED] {
        for extra in [Features::NONE, Features::bit(feature::IN_ORDER), Features::bit(feature::EVENT_IDX)] {
            let with = ring.with(extra).with(Features::bit(feature::INDIRECT_DESC));
            let run = |features| {
                let case =
                    Case { workload: "blk-indirect", device: disk(features, 1), bus: Bus::Mmio, cpus: 1, requests: 6 };
                case.run(Scheduler::Stepped, 9)
            };
            let (with, without) = (run(with), run(ring.with(extra)));
            assert_eq!((number(&with, "negotiated"), number(&without, "negotiated")), (1, 0));
            assert!(number(&with, "at-once") > number(&without, "at-once"));
        }
    }
}

#[test]
fn the_cache_mode_is_switched() {
    let case = Case { workload: "blk-wce", device: disk(PACKED, 1), bus: Bus::Mmio, cpus: 1, requests: 0 };
    assert_eq!(number(&case.run(Scheduler::Stepped, 1), "negotiated"), 1);
}

#[test]
fn queues_side_by_side_on_two_cpus() {
    for ring in [SPLIT, PACKED] {
        let features = ring.with(Features::of(&[feature::EVENT_IDX, feature::INDIRECT_DESC]));
        for (workload, requests) in [("blk-mq", 300), ("smp-share", 6)] {
            for (scheduler, cpus, queues) in
                [(Scheduler::Threads, 2, 2), (Scheduler::Threads, 2, 4), (Scheduler::Stepped, 1, 2)]
            {
                let case = Case { workload, device: disk(features, queues), bus: Bus::Mmio, cpus, requests };
                let records = case.run(scheduler, 11);
                assert_eq!(number(&records, "cpus"), u64::from(cpus));
                let expected = if workload == "blk-mq" { u64::from(cpus) } else { 2 };
                assert_eq!(number(&records, "queues"), expected.min(u64::from(queues)));
            }
        }
    }
}

#[test]
fn over_pci_with_vectors_few_vectors_and_none() {
    for vectors in [0, 1, 8] {
        let bus = Bus::Pci(Pci { vectors, ..Pci::PLAIN });
        for ring in [SPLIT, PACKED] {
            let features = ring.with(Features::of(&[feature::EVENT_IDX, feature::RING_RESET, feature::SUSPEND]));
            let run = |workload, device, cpus, requests, scheduler| {
                Case { workload, device, bus, cpus, requests }.run(scheduler, 2)
            };
            for (workload, requests) in [("blk-rw", 100), ("blk-queue-reset", 6), ("blk-suspend", 6), ("blk-resize", 0)]
            {
                run(workload, disk(features, 1), 1, requests, Scheduler::Stepped);
            }
            let console = DeviceSpec { features, ..DeviceSpec::console("console0") };
            run("console-echo", console.clone(), 1, 600, Scheduler::Stepped);
            run("console-size", console, 1, 0, Scheduler::Stepped);
            run("entropy", DeviceSpec { features, ..DeviceSpec::entropy("entropy0") }, 1, 4096, Scheduler::Stepped);
            let records = run("blk-mq", disk(features, 2), 2, 200, Scheduler::Threads);
            assert_eq!((number(&records, "queues"), number(&records, "vectors")), (2, vectors.min(2).into()));
            run("smp-share", disk(features, 2), 2, 4, Scheduler::Threads);
        }
    }
}

#[test]
fn over_the_legacy_interface() {
    let features = Features::of(&[feature::EVENT_IDX, feature::INDIRECT_DESC]);
    let bus = Bus::MmioLegacy;
    for (workload, requests) in [("blk-rw", 100), ("blk-sg", 8), ("blk-read", 1024), ("blk-timeout-reset", 4)] {
        Case { workload, device: disk(features, 1), bus, cpus: 1, requests }.run(Scheduler::Stepped, 2);
    }
    let console = DeviceSpec { features, ..DeviceSpec::console("console0") };
    Case { workload: "console-echo", device: console, bus, cpus: 1, requests: 600 }.run(Scheduler::Stepped, 2);
    let entropy = DeviceSpec { features, ..DeviceSpec::entropy("entropy0") };
    Case { workload: "entropy", device: entropy, bus, cpus: 1, requests: 4096 }.run(Scheduler::Stepped, 2);
}
