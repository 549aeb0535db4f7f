//! Scenarios on devices for which drivers by others have workloads and the kit has none yet: network, input, GPU, sockets.

use parakit_abi::feature::Features;

use super::builtin::plain;
use super::{Bus, Check, DeviceKind, DeviceSpec, GpuSpec, Pci, Scenario};

/// A workload, what it shows, and its device.
type Row = (&'static str, &'static str, fn() -> DeviceSpec);

const WORKLOADS: &[Row] = &[
    ("net-echo", "frames out and back", || DeviceSpec::net("net0")),
    ("input-keys", "keys are pressed", || DeviceSpec::input("input0")),
    ("gpu-draw", "a picture is drawn and shown", display),
    ("vsock-echo", "bytes out and back over a socket", || DeviceSpec::vsock("vsock0")),
];

/// A display whose picture is hashed in no time.
fn display() -> DeviceSpec {
    let mut spec = DeviceSpec::gpu("gpu0");
    spec.kind = DeviceKind::Gpu(GpuSpec { width: 320, height: 200, png: None });
    spec
}

/// Scenarios for which the kit of this tree has no drivers yet, but subjects by others may: network, input, GPU and sockets, each over MMIO and PCI, with the usual features of rings and without.
#[must_use]
pub fn all() -> Vec<Scenario> {
    let usual = display().features;
    let grounds = [
        ("", Bus::Mmio, usual),
        (".pci", Bus::Pci(Pci::PLAIN), usual),
        (".mmio.split.-", Bus::Mmio, Features::NONE),
        (".pci.split.-", Bus::Pci(Pci::PLAIN), Features::NONE),
    ];
    let over = |&(workload, summary, device): &(&'static str, &str, fn() -> DeviceSpec)| {
        grounds.map(|(end, bus, features)| {
            let device = DeviceSpec { features, ..device() };
            let scenario = plain(&format!("{workload}{end}"), summary, workload, vec![device]).over(bus);
            if workload == "gpu-draw" { scenario.check(Check::Picture) } else { scenario }
        })
    };
    WORKLOADS.iter().flat_map(over).collect()
}
