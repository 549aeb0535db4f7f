//! The scenarios of the default run.

use std::time::Duration;

use parakit_abi::feature::{self, Features};
use parakit_abi::mailbox::PARAMS;

use super::{BlockSpec, Bus, Check, DeviceKind, DeviceSpec, Medium, Pci, Place, Scenario, hostile, matrix, probes};
use crate::oddity::OddityKind;
use crate::vmm::Boot;

const PCI: Bus = Bus::Pci(Pci::PLAIN);

/// Deadline of a plain scenario: some hundred times what it takes on a slow machine.
pub(super) const DEADLINE: Duration = Duration::from_secs(30);

/// Sectors of a disk where nothing depends on its size: 4 MiB.
pub(super) const SECTORS: u64 = 8192;

/// All scenarios of the default run, in the order in which they are run.
#[must_use]
pub fn all() -> Vec<Scenario> {
    with_matrix(matrix::pairs())
}

/// Those and every other combination of transport, ring and features.
#[must_use]
pub fn full() -> Vec<Scenario> {
    with_matrix(matrix::full())
}

fn with_matrix(matrix: Vec<Scenario>) -> Vec<Scenario> {
    let mut list = plain_ones();
    list.extend(matrix);
    list.extend(probes::all());
    list.extend(hostile::all());
    list
}

fn plain_ones() -> Vec<Scenario> {
    vec![
        plain("blk-read", "the whole disk in order, many reads in flight", "blk-read", block(SECTORS))
            .check(Check::Sha256),
        plain("boot-pvh", "the same after a PVH boot in ring 0", "blk-read", block(SECTORS)).pvh().check(Check::Sha256),
        plain("blk-read-file", "a disk in a file, under an overlay", "blk-read", vec![on_file(SECTORS)])
            .check(Check::Sha256),
        plain("blk-read-no-event-idx", "the same by flags alone", "blk-read", without_event_idx(block(SECTORS)))
            .check(Check::Sha256),
        plain("blk-rw", "random writes and reads, each verified", "blk-rw", block(SECTORS)).param(0, 1000),
        plain("blk-rw-file", "the same on a file, under an overlay", "blk-rw", vec![on_file(SECTORS)]).param(0, 1000),
        plain("blk-rw-no-event-idx", "the same by flags alone", "blk-rw", without_event_idx(block(SECTORS)))
            .param(0, 1000),
        plain(
            "blk-rw-spurious",
            "the same, with interrupts that announce nothing",
            "blk-rw",
            odd(block(SECTORS), OddityKind::SpuriousInterrupts),
        )
        .param(0, 300),
        plain(
            "blk-rw-garbage-flags",
            "the same, with garbage in the used ring's flags",
            "blk-rw",
            odd(block(SECTORS), OddityKind::UsedFlagsGarbage),
        )
        .param(0, 300),
        plain("blk-queue-4", "a queue of 4 entries", "blk-rw", with_queue(block(SECTORS), 4)).param(0, 300),
        plain("blk-queue-1024", "a queue of 1024 entries", "blk-rw", with_queue(block(SECTORS), 1024)).param(0, 1000),
        plain("blk-sg", "scattered buffers", "blk-sg", block(SECTORS)),
        plain("blk-flush-discard", "flush, discard, write zeroes, device id", "blk-flush-discard", block(SECTORS)),
        plain("blk-readonly", "a read-only disk", "blk-readonly", read_only(block(SECTORS))),
        plain("blk-resize", "the capacity changes while in use", "blk-resize", block(SECTORS)),
        plain("blk-qd32", "depth 32: exits and doorbells a request", "blk-qd32", block(SECTORS))
            .check(Check::ExitsPerRequest(0.1))
            .check(Check::DoorbellsPerRequest(0.2)),
        plain("blk-qd32.pci", "the same over PCI: one access a notification", "blk-qd32", block(SECTORS))
            .over(PCI)
            .check(Check::ExitsPerRequest(0.1))
            .check(Check::DoorbellsPerRequest(0.2))
            .check(Check::OneAccessPerNotification),
        plain("blk-qd32.pci.packed", "the same with a packed ring", "blk-qd32", packed(block(SECTORS)))
            .over(PCI)
            .check(Check::ExitsPerRequest(0.1))
            .check(Check::DoorbellsPerRequest(0.2))
            .check(Check::OneAccessPerNotification),
        plain("blk-wce", "the cache is switched between its modes", "blk-wce", switchable(block(SECTORS))),
        plain("smp-share.mmio", "queues wander between CPUs", "smp-share", queues(2)).on_cpus(2),
        plain("smp-share.pci", "the same over PCI", "smp-share", queues(2)).over(PCI).on_cpus(2),
        plain("blk-timeout-reset", "reset with requests in flight", "blk-timeout-reset", block(SECTORS)),
        plain("console-echo", "bytes in and out", "console-echo", vec![DeviceSpec::console("console0")])
            .check(Check::Echoes("aaabbbcccddd")),
        plain("console-size", "the window is resized", "console-size", vec![DeviceSpec::console("console0")]),
        plain("console-emergency", "emergency write", "console-emergency", vec![DeviceSpec::console("console0")])
            .check(Check::Prints("early\nlate\n")),
        plain("entropy", "random bytes", "entropy", vec![DeviceSpec::entropy("entropy0")]),
        plain("many-inits", "initialisation and reset, over and over", "many-inits", everything(SECTORS)),
    ]
}

/// Scenarios that run only when named: they need parameters, an image, or are meant to fail.
#[must_use]
pub fn on_request() -> Vec<Scenario> {
    let kernel_test = |name: &str, summary: &str, workload| {
        let mut scenario = plain(name, summary, workload, block(SECTORS));
        scenario.place = Place::Kvm;
        scenario
    };
    let mut hang = kernel_test("self-hang", "a guest that never ends (fails on purpose)", "hang");
    hang.deadline = Duration::from_secs(2);
    vec![
        plain("fat-touch", "changes a marked sector of a disk image", "fat-touch", block(SECTORS)),
        kernel_test("self-panic", "a guest that panics (fails on purpose)", "panic"),
        kernel_test("self-exception", "a guest that takes an exception (fails on purpose)", "exception"),
        kernel_test("self-triple-fault", "a guest that triple-faults (fails on purpose)", "triple-fault"),
        kernel_test("self-interrupts", "interrupts of every kind, awake and asleep", "interrupt-self-test"),
        hang,
    ]
}

/// A guest whose console, of this many columns and rows, the user types at. It ends when the user wants.
#[must_use]
pub fn interactive((cols, rows): (u16, u16)) -> Scenario {
    let console = DeviceSpec { kind: DeviceKind::Console { cols, rows }, ..DeviceSpec::console("console0") };
    let mut scenario = plain("console-terminal", "a guest to type at", "console-terminal", vec![console]);
    scenario.deadline = Duration::from_secs(24 * 3600);
    scenario
}

/// A scenario with the defaults.
pub(super) fn plain(name: &str, summary: &str, workload: &'static str, devices: Vec<DeviceSpec>) -> Scenario {
    Scenario {
        name: name.to_owned(),
        summary: summary.to_owned(),
        workload,
        params: [0; PARAMS],
        devices,
        bus: Bus::Mmio,
        cpus: 1,
        boot: Boot::Direct,
        deadline: DEADLINE,
        checks: Vec::new(),
        place: Place::Anywhere,
    }
}

impl Scenario {
    pub(super) fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    pub(super) fn param(mut self, index: usize, value: u64) -> Self {
        self.params[index] = value;
        self
    }

    pub(super) fn over(mut self, bus: Bus) -> Self {
        self.bus = bus;
        self
    }

    fn on_cpus(mut self, cpus: u8) -> Self {
        self.cpus = cpus;
        self
    }

    fn pvh(mut self) -> Self {
        self.boot = Boot::Pvh;
        self.place = Place::Kvm;
        self
    }
}

pub(super) fn block(sectors: u64) -> Vec<DeviceSpec> {
    vec![DeviceSpec::block("block0", sectors)]
}

fn on_file(sectors: u64) -> DeviceSpec {
    let spec = BlockSpec { medium: Medium::File { sectors }, ..BlockSpec::plain(sectors) };
    DeviceSpec { kind: DeviceKind::Block(spec), ..DeviceSpec::block("block0", sectors) }
}

pub(super) fn everything(sectors: u64) -> Vec<DeviceSpec> {
    vec![DeviceSpec::block("block0", sectors), DeviceSpec::console("console0"), DeviceSpec::entropy("entropy0")]
}

pub(super) fn without_event_idx(mut devices: Vec<DeviceSpec>) -> Vec<DeviceSpec> {
    devices.iter_mut().for_each(|d| d.features = d.features.without(Features::bit(feature::EVENT_IDX)));
    devices
}

pub(super) fn with_queue(mut devices: Vec<DeviceSpec>, size: u16) -> Vec<DeviceSpec> {
    devices.iter_mut().for_each(|d| d.queue_size = size);
    devices
}

fn odd(mut devices: Vec<DeviceSpec>, kind: OddityKind) -> Vec<DeviceSpec> {
    devices.iter_mut().for_each(|d| d.oddities.push(kind.into()));
    devices
}

pub(super) fn packed(mut devices: Vec<DeviceSpec>) -> Vec<DeviceSpec> {
    devices.iter_mut().for_each(|d| d.features = d.features.with(Features::bit(feature::RING_PACKED)));
    devices
}

/// A disk with this many queues.
pub(super) fn queues(count: u16) -> Vec<DeviceSpec> {
    let mut devices = block(SECTORS);
    disks(&mut devices).for_each(|disk| disk.queues = count);
    devices
}

pub(super) fn switchable(mut devices: Vec<DeviceSpec>) -> Vec<DeviceSpec> {
    disks(&mut devices).for_each(|disk| disk.config_wce = true);
    devices
}

fn disks(devices: &mut [DeviceSpec]) -> impl Iterator<Item = &mut BlockSpec> {
    devices.iter_mut().filter_map(|device| match &mut device.kind {
        DeviceKind::Block(spec) => Some(spec),
        _ => None,
    })
}

pub(super) fn read_only(mut devices: Vec<DeviceSpec>) -> Vec<DeviceSpec> {
    disks(&mut devices).for_each(|disk| disk.read_only = true);
    devices
}
