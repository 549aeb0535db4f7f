//! The scenarios of a guest under another VMM: what makes sense on devices that are not ours.
//!
//! What a scenario asks of the harness while it runs (another size, an interrupt that announces nothing) cannot be had there, nor
//! can a second processor: a boot through PVH has one. So these are left out by name.

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};

use super::builtin::{
    SECTORS, block, everything, packed, plain, queues, read_only, switchable, with_queue, without_event_idx,
};
use super::matrix::{BUSES, Matrix, Workload};
use super::{Bus, Check, DeviceSpec, Pci, Scenario, probes};

const PCI: Bus = Bus::Pci(Pci::PLAIN);

const WORKLOADS: &[Workload] = &[
    Workload::PLAIN,
    Workload::SG,
    Workload::READ,
    Workload::TIMEOUT_RESET,
    Workload::CONSOLE_ECHO,
    Workload::QUEUE_RESET,
    Workload::INDIRECT,
    // Two queues on one processor.
    Workload { name: "smp-share", devices: || queues(2), param: 0, ..Workload::PLAIN },
    Workload::ENTROPY,
];

/// Features that VMMs offer or not, each by itself.
const TOGGLES: &[Features] = &[
    Features::bit(feature::RING_PACKED),
    Features::bit(feature::EVENT_IDX),
    Features::bit(feature::INDIRECT_DESC),
    Features::bit(feature::IN_ORDER),
    Features::bit(feature::ACCESS_PLATFORM),
    Features::bit(feature::RING_RESET),
];

const MATRIX: Matrix = Matrix { workloads: WORKLOADS, buses: BUSES, toggles: TOGGLES };

/// What probes may ask for, of what VMMs have.
const OFFER: Features = probes::OFFER.without(Features::bit(feature::SUSPEND));

/// The scenarios for a guest under another VMM, in the order in which they are run. `lacks` says what a scenario asks for and the
/// VMM does not have; behind those that can run, with their reasons, come those that would be there without it.
///
/// With `full`, every combination of transport, ring and features; else each two of them meet in some scenario.
#[must_use]
pub fn under_vmm(full: bool, lacks: &dyn Fn(&Scenario) -> Option<String>) -> (Vec<Scenario>, Vec<(Scenario, String)>) {
    let has = |scenario: &Scenario| lacks(scenario).is_none();
    let matrix = |has: &dyn Fn(&Scenario) -> bool| if full { MATRIX.full(has) } else { MATRIX.pairs(has) };
    // A probe makes do with what is offered.
    let probes = probes().into_iter().map(|mut probe| {
        while let Some(bit) = probe.devices[0].features.iter().find(|bit| {
            let mut one = probe.clone();
            one.devices[0].features = Features::bit(*bit);
            !has(&one)
        }) {
            probe.devices[0].features = probe.devices[0].features.without(Features::bit(bit));
        }
        probe
    });
    let all = plain_ones().into_iter().chain(matrix(&has)).chain(probes);
    let (runs, mut not): (Vec<_>, Vec<_>) =
        all.map(|scenario| (lacks(&scenario), scenario)).partition(|(why, _)| why.is_none());
    // Those of the whole matrix that fell to what is lacking.
    not.extend(matrix(&|_| true).into_iter().map(|scenario| (lacks(&scenario), scenario)));
    let not = not.into_iter().filter_map(|(why, scenario)| Some((scenario, why?))).collect();
    (runs.into_iter().map(|(_, scenario)| scenario).collect(), not)
}

/// The scenarios for a VMM of which nothing is known but how devices are reached: each workload whose devices `has` says are there, and
/// each probe, once, on what is offered.
#[must_use]
pub fn as_offered(bus: Bus, has: &dyn Fn(DeviceType) -> bool) -> Vec<Scenario> {
    // These change something of the device that a template has no place for.
    const SPECIAL: &[&str] = &["blk-readonly", "blk-wce"];
    let mut scenarios: Vec<Scenario> = Vec::new();
    let console = plain("console-echo", "bytes in and out", "console-echo", vec![DeviceSpec::console("console0")])
        .check(Check::Echoes("aaabbbcccddd"));
    let entropy = plain("entropy", "random bytes", "entropy", vec![DeviceSpec::entropy("entropy0")]);
    for mut scenario in plain_ones().into_iter().chain([console, entropy]).chain(probes()) {
        let reached = scenario.bus.name() == bus.name() || !scenario.is_probe();
        let there = scenario.devices.iter().all(|device| has(device.kind.device_type()));
        let first = scenarios.iter().all(|other| other.workload != scenario.workload);
        if reached && there && first && !SPECIAL.contains(&scenario.workload) {
            scenario.name = scenario.workload.to_owned();
            scenario.bus = bus;
            scenario.devices.iter_mut().for_each(|device| device.features = Features::NONE);
            scenarios.push(scenario);
        }
    }
    scenarios
}

fn plain_ones() -> Vec<Scenario> {
    let console = || vec![DeviceSpec::console("console0")];
    vec![
        plain("blk-read", "the whole disk in order, many reads in flight", "blk-read", block(SECTORS))
            .check(Check::Sha256),
        plain("blk-read.pci", "the same over PCI", "blk-read", block(SECTORS)).over(PCI).check(Check::Sha256),
        plain("blk-rw", "random writes and reads, each verified; the file afterwards too", "blk-rw", block(SECTORS))
            .param(0, 1000),
        plain("blk-rw.pci", "the same over PCI", "blk-rw", block(SECTORS)).over(PCI).param(0, 1000),
        plain("blk-rw-no-event-idx", "the same by flags alone", "blk-rw", without_event_idx(block(SECTORS)))
            .param(0, 1000),
        plain("blk-queue-4", "a queue of 4 entries", "blk-rw", with_queue(block(SECTORS), 4)).param(0, 300),
        plain("blk-queue-1024", "a queue of 1024 entries", "blk-rw", with_queue(block(SECTORS), 1024)).param(0, 1000),
        plain("blk-flush-discard", "flush, discard, write zeroes, device id", "blk-flush-discard", block(SECTORS)),
        plain("blk-readonly", "a read-only disk", "blk-readonly", read_only(block(SECTORS))),
        plain("blk-qd32", "depth 32", "blk-qd32", block(SECTORS)),
        plain("blk-qd32.pci", "the same over PCI", "blk-qd32", block(SECTORS)).over(PCI),
        plain("blk-qd32.pci.packed", "the same with a packed ring", "blk-qd32", packed(block(SECTORS))).over(PCI),
        plain("blk-wce", "the cache is switched between its modes", "blk-wce", switchable(block(SECTORS))),
        plain("console-emergency", "emergency write", "console-emergency", console())
            .check(Check::Prints("early\nlate\n")),
        plain("many-inits", "initialisation and reset, over and over", "many-inits", everything(SECTORS)),
        plain("many-inits.pci", "the same over PCI", "many-inits", everything(SECTORS)).over(PCI),
    ]
}

fn probes() -> Vec<Scenario> {
    // QEMU's sockets need the host's kernel.
    const BEYOND: &[&str] = &["probe-suspend", "probe-vsock"];
    let fits = |probe: &Scenario| !BEYOND.contains(&probe.workload) && !probe.name.ends_with(".notification-data");
    let with_offer = |mut probe: Scenario| {
        probe.devices.iter_mut().for_each(|device| device.features = OFFER);
        probe
    };
    probes::all().into_iter().filter(fits).map(with_offer).collect()
}

/// Why a scenario that runs on our own devices does not run under another VMM, as a part of a sentence.
#[must_use]
pub fn beyond(scenario: &Scenario) -> &'static str {
    if scenario.devices.iter().any(|device| !device.oddities.is_empty()) {
        return "only the harness's own devices can be made to depart from the plain one";
    }
    match scenario.workload {
        "blk-resize" | "console-size" => "it asks the harness for another size of the device while it runs",
        "blk-suspend" | "probe-suspend" => "no other VMM offers SUSPEND yet",
        "probe-vsock" => "QEMU's socket device needs the host's kernel",
        _ if scenario.cpus > 1 => "the kernel has one processor after a boot through PVH",
        _ => "it is about the harness's own machine and devices",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        for full in [false, true] {
            let (runs, not) = under_vmm(full, &|_| None);
            let names: BTreeSet<_> = runs.iter().map(|scenario| &scenario.name).collect();
            assert_eq!((names.len(), not.len()), (runs.len(), 0));
        }
    }

    #[test]
    fn what_a_vmm_lacks_is_left_out_and_everything_else_still_meets() {
        let lacks = |scenario: &Scenario| {
            let has = scenario.devices.iter().all(|device| !device.features.has(feature::IN_ORDER));
            (!has).then(|| "no in_order".to_owned())
        };
        let (runs, not) = under_vmm(false, &lacks);
        assert!(runs.iter().all(|scenario| lacks(scenario).is_none()));
        assert!(!not.is_empty() && not.iter().all(|(scenario, _)| scenario.name.contains('o')));
        // Probes ask for less instead.
        assert!(runs.iter().any(|scenario| scenario.name == "probe-packed.pci"));
        let packed_reset = |scenario: &&Scenario| {
            let offer = scenario.devices[0].features;
            scenario.workload == "blk-queue-reset" && offer.has(feature::RING_PACKED)
        };
        assert!(runs.iter().any(|scenario| packed_reset(&scenario)));
    }
}
