//! What is known of QEMU's devices; the evidence is in docs/other-vmms.md and docs/architectures.md.

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
    let letters = scenario.rsplit('.').next().unwrap_or_default();
    // Requests in flight are lost in the ring in order, and end in the wrong ring after a queue reset.
    let lost = letters.contains('o') && (end.contains("no interrupt in") || end.contains("no random bytes"));
    // What the driver sees of that differs from run to run: it is refused, fails a read, or never comes back. It is never a panic.
    let reset = scenario.starts_with("blk-queue-reset.") && end.starts_with("the scenario failed: ");
    lost || reset
}
