//! What is known of QEMU's devices; the evidence is in docs/other-vmms.md and docs/architectures.md.

use std::collections::BTreeMap;

use serde_json::Value;

/// Rules that QEMU's devices break, up to version 10.0 at least.
pub const BROKEN: &[&str] = &[
    // Any feature word but the first is the second, over MMIO.
    "CORE-DEV-FEAT-1",
    "CORE-DEV-FEAT-4",
    // FEATURES_OK stays whatever was accepted.
    "CORE-DEV-FEAT-3",
    // RING_RESET is offered over MMIO, and there is no register for it.
    "CORE-DEV-QRESET-1",
    "CORE-DEV-QRESET-2",
    "CORE-DEV-QREENABLE-1",
    "MMIO-DEV-REGS-10",
    "MMIO-DEV-REGS-12",
    // QueueReady is not looked at.
    "MMIO-DEV-REGS-7",
    // An indirect table behind direct descriptors.
    "VQ-SPLIT-DEV-INDIRECT-2",
    // Selecting a queue beyond 1023 selects nothing.
    "PCI-DEV-COMMON-14",
];

/// Whether a run is known to fail on QEMU's devices, and in these words: the rows of docs/other-vmms.md about `in_order` and about queues
/// that are reset. Any other failure may be a fault of ours.
#[must_use]
pub fn known_to_fail(scenario: &str, end: &str) -> bool {
    // Only the matrix names its scenarios by workload, transport, ring and the letters of the features.
    let parts: Vec<_> = scenario.split('.').collect();
    let [workload, bus, _, letters] = parts[..] else { return false };
    let Some(why) = end.strip_prefix("the scenario failed: ") else {
        // QEMU itself goes round without an end, looking for a request of a ring in order that is no more.
        let hangs = end.starts_with("the guest did not finish within ") && end.ends_with(" (the scenario was running)");
        return workload == "blk-queue-reset" && bus.starts_with("pci") && letters.contains('o') && hangs;
    };
    match workload {
        // Of the workloads with rings in order, only this one has so many requests in flight that some are done before older ones.
        "blk-rw" => {
            letters.contains('o') && why.starts_with("no interrupt in ") && why.ends_with(" requests in flight")
        }
        // RING_RESET is offered, and there is no register for it.
        "blk-queue-reset" if bus == "mmio" => why == "queue reset: queue 0 was reset, and is still in use",
        // What was in flight ends in the ring that takes the place of its own, of which the driver knows nothing.
        "blk-queue-reset" if bus.starts_with("pci") => STRAYS.iter().any(|words| why.contains(words)),
        _ => false,
    }
}

/// What the driver says of a used entry for which there is no request, or that has the place of another.
const STRAYS: &[&str] = &[
    "used index ",
    "used id ",
    "used length ",
    "used the request without writing its status",
    "did not finish in ",
    "request: the device was reset before",
];

/// Holds a report on QEMU's devices against what is known of them: each run passes, is known to fail, is `excused` by its name and its end,
/// or is a probe that finds what is in [`BROKEN`]; over each transport, five workloads pass at least. The workloads that
/// passed, by transport.
///
/// # Panics
/// If there is anything else.
pub fn check<'r>(report: &'r Value, excused: impl Fn(&str, &str) -> bool) -> BTreeMap<&'r str, usize> {
    let mut passed = BTreeMap::<_, usize>::new();
    for run in report["runs"].as_array().expect("runs") {
        let text = |value: &'r Value| value.as_str().expect("a text");
        let (scenario, outcome, end) = (text(&run["scenario"]), text(&run["outcome"]), text(&run["end"]["text"]));
        let is_probe = scenario.starts_with("probe-");
        let well = outcome == "passed"
            || is_probe && outcome == "violated"
            || known_to_fail(scenario, end)
            || excused(scenario, end);
        assert!(well, "{scenario} {outcome}: {end}; {}", run["troubles"]);
        assert_eq!(run["backend"], "vmm");
        if outcome == "passed" && !is_probe {
            assert!(run["devices"].as_array().is_some_and(|d| !d.is_empty()), "{scenario}: nothing was negotiated");
            *passed.entry(text(&run["transport"])).or_default() += 1;
        }
    }
    assert!(["mmio", "mmio-legacy", "pci"].iter().all(|&way| passed.get(way).is_some_and(|&n| n >= 5)), "{passed:?}");
    let verdicts = report["requirements"].as_array().expect("requirements").iter();
    let violated = verdicts.filter(|r| r["verdict"] == "violated").filter_map(|r| r["id"].as_str());
    let surprising: Vec<_> = violated.filter(|id| !BROKEN.contains(id)).collect();
    assert!(surprising.is_empty(), "found nowhere else: {surprising:?}");
    passed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_documented_is_excused() {
        let stuck = "the scenario failed: no interrupt in 10000 ms with 24 requests in flight";
        let refused = "the scenario failed: queue reset: queue 0 was reset, and is still in use";
        let hang = "the guest did not finish within 60s (the scenario was running)";
        let stray = "the scenario failed: read: used index 8 is not within 1 chains in flight after 0";
        for (name, end) in [
            ("blk-rw.pci.packed.eioar", stuck),
            ("blk-rw.pci-ports.split.eor", stuck),
            ("blk-rw.mmio.split.o", stuck),
            ("blk-queue-reset.mmio.split.r", refused),
            ("blk-queue-reset.pci-2v.split.r", stray),
            ("blk-queue-reset.pci.packed.or", hang),
            ("blk-queue-reset.pci.split.r", "the scenario failed: read: used id 12 outside the queue of 8"),
            (
                "blk-queue-reset.pci.packed.ir",
                "the scenario failed: read: the device used the request without writing its status",
            ),
        ] {
            assert!(known_to_fail(name, end), "{name}: {end}");
        }
        for (name, end) in [
            // The letter is not there, or it is another workload, which passes.
            ("blk-rw.pci.packed.eiar", stuck),
            ("blk-sg.pci-2v.packed.eor", stuck),
            ("console-echo.pci.packed.eioar", stuck),
            ("entropy.pci.packed.eioar", "the scenario failed: no random bytes"),
            ("blk-readonly", stuck),
            ("blk-rw-no-event-idx", stuck),
            ("probe-mmio", stuck),
            // Other words, or those of the other transport.
            ("blk-rw.pci.packed.eioar", stray),
            ("blk-rw.pci.packed.eioar", "the scenario failed: read: sector 3 holds other bytes"),
            ("blk-queue-reset.mmio.split.r", stray),
            ("blk-queue-reset.mmio.split.r", "the scenario failed: negotiation: no features"),
            ("blk-queue-reset.pci.split.r", refused),
            ("blk-queue-reset.pci.split.r", "the scenario failed: round 3: 9 of 10 requests came back"),
            ("blk-queue-reset.pci.split.r", "the guest kernel panicked: used index "),
            ("blk-queue-reset.pci.split.r", hang),
            ("blk-queue-reset.mmio.split.or", hang),
            ("blk-queue-reset.pci.split.or", "the guest did not finish within 60s (it had not reached the scenario)"),
            ("blk-rw.pci.packed.eioar", hang),
        ] {
            assert!(!known_to_fail(name, end), "{name}: {end}");
        }
    }
}
