//! The matrix: workloads over every transport, ring and set of features.
//!
//! By default each two choices that can go together meet in some scenario; in full, all choices meet.

use std::collections::BTreeSet;

use parakit_abi::feature::{self, Features};

use super::builtin::{SECTORS, block, plain, queues};
use super::{Bus, Check, DeviceSpec, Mechanism, Pci, Scenario, pairwise};
use crate::observe::negotiated::letters;

/// What is combined with what.
pub(super) struct Matrix {
    pub(super) workloads: &'static [Workload],
    /// Transports with their names.
    pub(super) buses: &'static [(&'static str, Bus)],
    /// Features that are offered or not, each by itself.
    pub(super) toggles: &'static [Features],
}

/// A workload and what it needs.
pub(super) struct Workload {
    pub(super) name: &'static str,
    pub(super) devices: fn() -> Vec<DeviceSpec>,
    /// Features that have to be on offer.
    pub(super) needs: Features,
    /// Parameter 0.
    pub(super) param: u64,
    /// CPUs of the guest.
    pub(super) cpus: u8,
    pub(super) check: Option<Check>,
}

impl Workload {
    pub(super) const PLAIN: Self =
        Self { name: "blk-rw", devices: || block(SECTORS), needs: Features::NONE, param: 200, cpus: 1, check: None };
    pub(super) const SG: Self = Self { name: "blk-sg", param: 0, ..Self::PLAIN };
    pub(super) const READ: Self = Self { name: "blk-read", param: 0, check: Some(Check::Sha256), ..Self::PLAIN };
    pub(super) const TIMEOUT_RESET: Self = Self { name: "blk-timeout-reset", param: 0, ..Self::PLAIN };
    pub(super) const CONSOLE_ECHO: Self = Self {
        name: "console-echo",
        devices: || vec![DeviceSpec::console("console0")],
        param: 0,
        check: Some(Check::Echoes("aaabbbcccddd")),
        ..Self::PLAIN
    };
    pub(super) const QUEUE_RESET: Self =
        Self { name: "blk-queue-reset", needs: Features::bit(feature::RING_RESET), param: 0, ..Self::PLAIN };
    pub(super) const INDIRECT: Self = Self { name: "blk-indirect", param: 0, ..Self::PLAIN };
    pub(super) const ENTROPY: Self =
        Self { name: "entropy", devices: || vec![DeviceSpec::entropy("entropy0")], param: 0, ..Self::PLAIN };
}

const WORKLOADS: &[Workload] = &[
    Workload::PLAIN,
    Workload::SG,
    Workload::READ,
    Workload::TIMEOUT_RESET,
    Workload::CONSOLE_ECHO,
    Workload::QUEUE_RESET,
    Workload { name: "blk-suspend", needs: Features::bit(feature::SUSPEND), param: 0, ..Workload::PLAIN },
    Workload::INDIRECT,
    Workload { name: "blk-mq", devices: || queues(2), cpus: 2, param: 200, ..Workload::PLAIN },
    Workload::ENTROPY,
];

/// A transport with its name.
pub(super) const BUSES: &[(&str, Bus)] = &[
    ("mmio", Bus::Mmio),
    ("pci", Bus::Pci(Pci::PLAIN)),
    ("pci-ports", Bus::Pci(Pci { mechanism: Mechanism::Ports, ..Pci::PLAIN })),
    ("pci-2v", Bus::Pci(Pci { vectors: 2, ..Pci::PLAIN })),
    ("pci-1v", Bus::Pci(Pci { vectors: 1, ..Pci::PLAIN })),
    ("pci-intx", Bus::Pci(Pci { vectors: 0, ..Pci::PLAIN })),
    ("mmio-legacy", Bus::MmioLegacy),
];

/// Features that are offered or not, each by itself.
const TOGGLES: &[Features] = &[
    Features::bit(feature::RING_PACKED),
    Features::bit(feature::EVENT_IDX),
    Features::bit(feature::INDIRECT_DESC),
    Features::bit(feature::IN_ORDER),
    Features::bit(feature::NOTIFICATION_DATA),
    Features::bit(feature::NOTIF_CONFIG_DATA),
    Features::of(&[feature::ACCESS_PLATFORM, feature::ORDER_PLATFORM]),
    Features::bit(feature::RING_RESET),
    Features::bit(feature::SUSPEND),
];

/// Features that the legacy interface has no place for: all from bit 32 on.
const MODERN: Features = Features(!0xffff_ffff);

/// The matrix of our own devices.
const OURS: Matrix = Matrix { workloads: WORKLOADS, buses: BUSES, toggles: TOGGLES };

impl Matrix {
    /// Levels of workload, bus, and each toggle.
    fn levels(&self) -> Vec<usize> {
        let toggles = self.toggles.iter().map(|_| 2);
        [self.workloads.len(), self.buses.len()].into_iter().chain(toggles).collect()
    }

    fn offer(&self, case: &[usize]) -> Features {
        let on = self.toggles.iter().zip(&case[2..]).filter(|(_, on)| **on == 1);
        on.fold(Features::NONE, |all, (bits, _)| all.with(*bits))
    }

    fn allowed(&self, case: &[usize]) -> bool {
        let (workload, bus, offer) = (&self.workloads[case[0]], self.buses[case[1]].1, self.offer(case));
        let has_place = match bus {
            Bus::Mmio => !offer.has(feature::NOTIF_CONFIG_DATA),
            Bus::MmioLegacy => offer.and(MODERN) == Features::NONE,
            Bus::Pci(_) => true,
        };
        has_place && offer.contains(workload.needs)
    }

    /// In full, features that no other one changes the meaning of are offered where a workload uses them, and only there.
    fn allowed_in_full(&self, case: &[usize]) -> bool {
        const BY_THEMSELVES: Features = Features::of(&[feature::RING_RESET, feature::SUSPEND]);
        let needs = self.workloads[case[0]].needs;
        WHOLE.contains(&self.buses[case[1]].0)
            && self.allowed(case)
            && self.offer(case).and(BY_THEMSELVES) == needs.and(BY_THEMSELVES)
    }

    fn scenario(&self, case: &[usize]) -> Scenario {
        let (workload, (bus_name, bus)) = (&self.workloads[case[0]], self.buses[case[1]]);
        let offer = self.offer(case);
        let ring = if offer.has(feature::RING_PACKED) { "packed" } else { "split" };
        let name = format!("{}.{bus_name}.{ring}.{}", workload.name, letters(offer));
        let mut devices = (workload.devices)();
        devices.iter_mut().for_each(|device| device.features = offer);
        let mut scenario = plain(&name, "of the matrix", workload.name, devices);
        scenario.bus = bus;
        scenario.cpus = workload.cpus;
        scenario.params[0] = workload.param;
        scenario.checks.extend(workload.check);
        scenario
    }

    fn few(&self, has: &dyn Fn(&Scenario) -> bool) -> Vec<Vec<usize>> {
        pairwise::cover(&self.levels(), &|case| self.allowed(case) && has(&self.scenario(case)))
    }

    /// Few scenarios in which each two choices that can go together meet, of those that `has` holds of.
    pub(super) fn pairs(&self, has: &dyn Fn(&Scenario) -> bool) -> Vec<Scenario> {
        self.few(has).iter().map(|case| self.scenario(case)).collect()
    }

    /// The [`pairs`](Self::pairs) and, over MMIO and PCI, every combination of workload, ring and features that `has` holds of.
    pub(super) fn full(&self, has: &dyn Fn(&Scenario) -> bool) -> Vec<Scenario> {
        let whole = pairwise::product(&self.levels(), &|case| self.allowed_in_full(case) && has(&self.scenario(case)));
        let cases: BTreeSet<_> = self.few(has).into_iter().chain(whole).collect();
        cases.iter().map(|case| self.scenario(case)).collect()
    }
}

/// Buses that meet everything in full; the others differ from them in how interrupts and configuration space are reached, which
/// no ring knows of.
const WHOLE: &[&str] = &["mmio", "pci", "mmio-legacy"];

/// Few scenarios in which each two choices that can go together meet.
pub(super) fn pairs() -> Vec<Scenario> {
    OURS.pairs(&|_| true)
}

/// The [`pairs`] and, over MMIO and PCI, every combination of workload, ring and features.
pub(super) fn full() -> Vec<Scenario> {
    OURS.full(&|_| true)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn names(scenarios: &[Scenario]) -> BTreeSet<&str> {
        scenarios.iter().map(|s| s.name.as_str()).collect()
    }

    #[test]
    fn names_are_unique() {
        for list in [pairs(), full()] {
            assert_eq!(names(&list).len(), list.len());
        }
    }

    /// Two choices that some allowed case makes together, one of the few makes together.
    #[test]
    fn each_two_choices_that_can_meet_do() {
        let meets = |cases: Vec<Vec<usize>>| -> HashSet<_> {
            let choices = |case: &[usize]| case.iter().copied().enumerate().collect::<Vec<_>>();
            let pairs = |case: &Vec<usize>| {
                let (all, case) = (choices(case), case.clone());
                all.into_iter().flat_map(move |a| choices(&case[..a.0]).into_iter().map(move |b| (a, b)))
            };
            cases.iter().flat_map(pairs).collect()
        };
        let (all, few) = (meets(pairwise::product(&OURS.levels(), &|c| OURS.allowed(c))), meets(OURS.few(&|_| true)));
        let missing: Vec<_> = all.difference(&few).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn the_default_is_a_fraction_of_the_whole() {
        let (few, all) = (pairs().len(), full().len());
        assert!(few < 80 && all > 20 * few, "{few} of {all}");
    }
}
