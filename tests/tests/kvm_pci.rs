//! Devices on the PCI bus of the KVM machine, driven by the guest kernel, which finds them itself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use parakit_abi::device::block;
use parakit_abi::feature::{self, Features};
use parakit_abi::mailbox::{PARAMS, Value, bus};
use parakit_harness::device::{Block, BlockOptions, Counters, DeviceModel, Entropy, MemoryDisk};
use parakit_harness::observe::EventLog;
use parakit_harness::transport::device::{DeviceOptions, TransportOptions, VirtioDevice};
use parakit_harness::transport::pci::PciOptions;
use parakit_harness::vmm::{
    Boot, End, Hooks, Kernel, KvmHost, KvmOptions, Machine, MachineConfig, MachineReport, MailboxInit,
};

/// Far more than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

struct Quiet;

impl Hooks for Quiet {
    fn signal(&mut self, _code: u32, _argument: u64) -> u64 {
        0
    }

    fn log(&mut self, _text: &str) {}

    fn cancelled(&self) -> bool {
        false
    }
}

/// What a machine is like.
#[derive(Clone, Copy, Debug)]
struct Setup {
    boot: Boot,
    cpus: u16,
    ports: bool,
    vectors: u16,
    wide: bool,
    /// Whether KVM takes notifications for the device.
    doorbells: bool,
    features: Features,
}

const PLAIN: Setup = Setup {
    boot: Boot::Direct,
    cpus: 1,
    ports: false,
    vectors: 8,
    wide: true,
    doorbells: true,
    features: DeviceOptions::FEATURES,
};

/// Runs a workload with these devices on the bus.
fn run(
    setup: Setup,
    workload: &str,
    params: &[u64],
    models: Vec<Box<dyn DeviceModel>>,
) -> (MachineReport, Vec<Counters>) {
    let host = KvmHost::open(&KvmOptions::from_env()).unwrap();
    let mut all = [0; PARAMS];
    all[..params.len()].copy_from_slice(params);
    let config = MachineConfig {
        memory_bytes: 64 << 20,
        cpus: setup.cpus,
        kernel: Kernel::read(&parakit_tests::kernel_path()).unwrap(),
        boot: setup.boot,
        mailbox: MailboxInit {
            scenario: workload.into(),
            params: all,
            bus: if setup.ports { bus::PCI_PORTS } else { bus::PCI },
            devices: models.iter().map(|model| model.device_type().0).collect(),
            ..MailboxInit::default()
        },
        deadline: PATIENCE,
    };
    let mut machine = Machine::new(&host, config).unwrap();
    let mut devices = Vec::new();
    let mut workers = Vec::new();
    for (i, model) in models.into_iter().enumerate() {
        let pci = PciOptions {
            vectors: setup.vectors,
            wide: setup.wide,
            interrupt_line: Machine::intx_pin(i),
            ..PciOptions::new(machine.messages(), machine.intx(i))
        };
        let memory = machine.memory().clone();
        let transport = TransportOptions::Pci(pci);
        let mut options =
            DeviceOptions::over(transport, i as u16, format!("device{i}"), model, memory, EventLog::off());
        options.features = setup.features;
        options.doorbells = setup.doorbells.then(|| machine.doorbells());
        let device = VirtioDevice::new(options).unwrap();
        machine.attach_pci(Arc::new(device.clone())).unwrap();
        workers.push(device.start().unwrap());
        devices.push(device);
    }
    let report = machine.run(&mut Quiet);
    drop(workers);
    (report, devices.iter().map(VirtioDevice::counters).collect())
}

fn entropy() -> Box<dyn DeviceModel> {
    Box::new(Entropy::default())
}

fn numbers(report: &MachineReport, name: &str) -> Vec<u64> {
    let number = |value| if let Value::U64(number) = value { number } else { panic!("{name} is {value:?}") };
    report.records.iter().filter(|r| r.name() == name).map(|r| number(r.value)).collect()
}

#[test]
fn kvm_both_ways_into_configuration_space_show_the_same_bus() {
    for vectors in [0, 3, 8] {
        let setup = Setup { vectors, ..PLAIN };
        let (report, _) = run(setup, "pci", &[], vec![entropy(), entropy()]);
        assert_eq!(report.end, End::Passed, "{}", report.log);
        assert_eq!(numbers(&report, "functions"), [3], "the host bridge and two devices");
        assert_eq!(numbers(&report, "vectors"), [u64::from(vectors); 2]);
        // Each device was driven through configuration space alone, too, reached in both ways.
        assert_eq!(numbers(&report, "config_only"), [1; 4]);
    }
}

#[test]
fn kvm_a_driver_works_over_every_bus_access_interrupt_and_way_to_boot() {
    for ports in [false, true] {
        for vectors in [0, 1, 2, 8] {
            for (boot, wide) in [(Boot::Direct, true), (Boot::Direct, false), (Boot::Pvh, true)] {
                let setup = Setup { boot, ports, vectors, wide, ..PLAIN };
                // Two functions, whose lines go to two pins.
                let (report, _) = run(setup, "entropy", &[], vec![entropy(), entropy()]);
                assert_eq!(report.end, End::Passed, "{setup:?}: {}", report.log);
                assert_eq!(report.log, "", "{setup:?}");
            }
        }
    }
}

/// A disk with as many request queues.
fn disk(queues: u16) -> Box<dyn DeviceModel> {
    let mut options = BlockOptions { queues, ..BlockOptions::default() };
    options.features = options.features.with(Features::bit(block::feature::MQ));
    Box::new(Block::new(Box::new(MemoryDisk::new(vec![0; 4 << 20])), options))
}

/// A queue for each CPU, and its interrupts at that CPU alone: the kernel fails a run in which one came elsewhere.
#[test]
fn kvm_each_queue_interrupts_its_cpu() {
    for (cpus, vectors) in [(2, 8), (4, 8), (2, 2), (2, 1), (2, 0)] {
        let (report, counters) = run(Setup { cpus, vectors, ..PLAIN }, "blk-mq", &[], vec![disk(cpus)]);
        assert_eq!(report.end, End::Passed, "{cpus} CPUs, {vectors} vectors: {}", report.log);
        assert_eq!(report.log, "", "{cpus} CPUs, {vectors} vectors");
        let requests = &counters[0].requests;
        assert!(requests.len() == usize::from(cpus) && requests.iter().all(|&count| count > 0), "{requests:?}");
    }
}

/// Three times the requests, with as many notifications more, and not one exit more.
#[test]
fn kvm_notifications_and_messages_over_pci_are_no_exits() {
    let runs = [200, 600].map(|requests| {
        let (report, counters) = run(PLAIN, "blk-rw", &[requests], vec![disk(1)]);
        assert_eq!(report.end, End::Passed, "{}", report.log);
        let notifications = numbers(&report, "doorbells");
        assert!(notifications[0] > 0 && counters[0].requests[0] >= requests, "{notifications:?} {counters:?}");
        (report.exits.mmio_read, report.exits.mmio_write, report.exits.unclaimed)
    });
    assert_eq!(runs[0], runs[1]);
}

/// Where the device takes notifications itself, the machine sees each access of the driver: runs with different numbers of them
/// differ by one write each, and nothing is read.
#[test]
fn kvm_a_notification_over_pci_is_exactly_one_write_and_no_read() {
    for more in [&[][..], &[feature::RING_PACKED, feature::NOTIFICATION_DATA]] {
        let setup = Setup { doorbells: false, features: PLAIN.features.with(Features::of(more)), ..PLAIN };
        // How often the device wants to be notified depends on who is quicker.
        let mut counts = BTreeSet::new();
        let mut beside = None;
        for round in 0..50 {
            let (report, _) = run(setup, "blk-rw", &[200 + 100 * round], vec![disk(1)]);
            assert_eq!(report.end, End::Passed, "{}", report.log);
            let notifications = numbers(&report, "doorbells")[0];
            counts.insert(notifications);
            let exits = &report.exits;
            let seen = (exits.mmio_write.checked_sub(notifications), exits.mmio_read, exits.unclaimed);
            assert_eq!(*beside.get_or_insert(seen), seen, "{notifications} notifications");
            if counts.len() >= 4 {
                break;
            }
        }
        assert!(counts.len() >= 4, "{counts:?}");
    }
}
