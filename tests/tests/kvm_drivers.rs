//! Several queues, queue resets and suspension on KVM: over MMIO and PCI, over both rings, on two CPUs.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parakit_abi::feature::{self, Features};
use parakit_abi::mailbox::Value;
use parakit_harness::scenario::{self, BlockSpec, Bus, DeviceKind, DeviceSpec, Ground, Pci, RunRecord, Session};
use parakit_harness::vmm::{Kernel, KvmHost, KvmOptions};

const RINGS: [Features; 2] =
    [Features::bit(feature::VERSION_1), Features::of(&[feature::VERSION_1, feature::RING_PACKED])];

#[track_caller]
fn run(workload: &'static str, bus: Bus, cpus: u8, queues: u16, features: Features, requests: u64) -> RunRecord {
    let ground = Ground::Kvm {
        host: KvmHost::open(&KvmOptions::from_env()).unwrap(),
        kernel: Kernel::read(&parakit_tests::kernel_path()).unwrap(),
    };
    let cancelled = Arc::new(AtomicBool::new(false));
    let session = Session { ground, image: None, seed: 4, keep_events: false, cancelled, log: |_| {}, input: None };
    let mut scenario = scenario::all().into_iter().find(|s| s.name == "blk-rw").unwrap();
    scenario.name = format!("{workload} on {bus:?}, {cpus} CPUs, features {:#x}", features.0);
    scenario.workload = workload;
    (scenario.bus, scenario.cpus, scenario.params[0]) = (bus, cpus, requests);
    scenario.checks.clear();
    let spec = BlockSpec { queues, ..BlockSpec::plain(8192) };
    scenario.devices =
        vec![DeviceSpec { kind: DeviceKind::Block(spec), features, ..DeviceSpec::block("block0", 8192) }];
    let record = session.run(&scenario).unwrap();
    assert!(record.end.passed(), "{}: {}\n{}", scenario.name, record.end, record.log);
    assert!(record.troubles.is_empty(), "{}: {:?}", scenario.name, record.troubles);
    let broken: Vec<_> = record.violations().map(|(id, e)| format!("{id}: {:?}", e.evidence.first())).collect();
    assert!(broken.is_empty(), "{}: {broken:#?}", scenario.name);
    record
}

#[track_caller]
fn number(record: &RunRecord, name: &str) -> u64 {
    match record.records.iter().find(|record| record.name() == name).map(|record| record.value) {
        Some(Value::U64(number)) => number,
        other => panic!("record {name}: {other:?}"),
    }
}

#[test]
fn kvm_queues_side_by_side_on_two_cpus() {
    for ring in RINGS {
        let features = ring.with(Features::of(&[feature::EVENT_IDX, feature::INDIRECT_DESC]));
        for (bus, vectors) in
            [(Bus::Mmio, 0), (Bus::Pci(Pci::PLAIN), 2), (Bus::Pci(Pci { vectors: 0, ..Pci::PLAIN }), 0)]
        {
            let record = run("blk-mq", bus, 2, 2, features, 400);
            assert_eq!(["cpus", "queues", "vectors"].map(|name| number(&record, name)), [2, 2, vectors]);
            run("smp-share", bus, 2, 2, features, 8);
        }
    }
}

#[test]
fn kvm_queues_are_reset_and_devices_suspended() {
    for ring in RINGS {
        let features = ring.with(Features::of(&[feature::EVENT_IDX, feature::RING_RESET, feature::SUSPEND]));
        for bus in [Bus::Mmio, Bus::Pci(Pci::PLAIN)] {
            assert_eq!(number(&run("blk-queue-reset", bus, 1, 1, features, 20), "negotiated"), 1);
            assert_eq!(number(&run("blk-suspend", bus, 1, 1, features, 20), "suspensions"), 20);
        }
    }
}
