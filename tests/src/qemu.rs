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

/// Why a run is known to fail on QEMU's devices; the text has to be in how it ended.
#[must_use]
pub fn known_to_fail(scenario: &str, end: &str) -> bool {
    // Only the matrix names its scenarios by workload, transport, ring and the letters of the features.
    let letters = scenario.split('.').nth(3).unwrap_or_default();
    // Requests in flight are lost in the ring in order, and end in the wrong ring after a queue reset.
    let lost = letters.contains('o') && (end.contains("no interrupt in") || end.contains("no random bytes"));
    // What the driver sees of that differs from run to run: it is refused, fails a read, or never comes back. It is never a panic.
    let reset = scenario.starts_with("blk-queue-reset.") && end.starts_with("the scenario failed: ");
    lost || reset
}

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
    fn only_rings_in_order_lose_requests() {
        let end = "the scenario failed: no interrupt in 10000 ms";
        assert!(known_to_fail("blk-rw.pci.packed.eioar", end));
        for name in ["blk-rw.pci.packed.eiar", "blk-readonly", "console-emergency", "probe-mmio", "blk-rw-no-event-idx"]
        {
            assert!(!known_to_fail(name, end), "{name}");
        }
    }
}
