//! Probes: the guest puts the rules for devices to the test, over MMIO and over PCI.

use parakit_abi::feature::{self, Features};

use super::builtin::plain;
use super::{Bus, DeviceKind, DeviceSpec, NetSpec, Pci, Scenario};

/// Sectors of the disk.
const SECTORS: u64 = 256;

/// What the devices offer: everything that a probe may ask for.
pub(super) const OFFER: Features = Features::of(&[
    feature::EVENT_IDX,
    feature::INDIRECT_DESC,
    feature::RING_PACKED,
    feature::IN_ORDER,
    feature::RING_RESET,
    feature::SUSPEND,
]);

/// Probes that know any transport, with what they look at.
const ANYWHERE: &[(&str, &str)] = &[
    ("probe-core", "offer, negotiation, status and reset"),
    ("probe-config", "the configuration space"),
    ("probe-split", "the split ring"),
    ("probe-packed", "the packed ring"),
    ("probe-queue-reset", "the reset of one queue"),
    ("probe-suspend", "suspension"),
];

/// Types of devices that have a probe of their own, with what it looks at.
const TYPES: &[(&str, &str)] = &[
    ("probe-console", "a console"),
    ("probe-entropy", "an entropy source"),
    ("probe-net", "a network device"),
    ("probe-input", "an input device"),
    ("probe-gpu", "a GPU"),
    ("probe-vsock", "a socket device"),
];

/// The device that a probe looks at.
fn device(workload: &str) -> DeviceSpec {
    match workload {
        "probe-console" => DeviceSpec::console("console0"),
        "probe-entropy" => DeviceSpec::entropy("entropy0"),
        "probe-net" => {
            let mut device = DeviceSpec::net("net0");
            if let DeviceKind::Net(NetSpec { pairs, .. }) = &mut device.kind {
                *pairs = 2;
            }
            device
        }
        "probe-input" => DeviceSpec::input("input0"),
        "probe-gpu" => DeviceSpec::gpu("gpu0"),
        "probe-vsock" => DeviceSpec::vsock("vsock0"),
        _ => DeviceSpec::block("block0", SECTORS),
    }
}

const PCI: Bus = Bus::Pci(Pci::PLAIN);

/// Each probe on each transport that it knows.
pub(super) fn all() -> Vec<Scenario> {
    let anywhere = ANYWHERE.iter().chain(TYPES).flat_map(|&(workload, what)| {
        let over = |name: &str, bus| probe(&format!("{workload}.{name}"), what, workload, bus, OFFER);
        [over("mmio", Bus::Mmio), over("pci", PCI)]
    });
    let data = OFFER.with(Features::bit(feature::NOTIFICATION_DATA));
    anywhere
        .chain([
            probe("probe-mmio", "the registers over MMIO", "probe-mmio", Bus::Mmio, OFFER),
            probe("probe-pci", "the PCI function", "probe-pci", PCI, OFFER),
            probe("probe-pci.notification-data", "the same with NOTIFICATION_DATA on offer", "probe-pci", PCI, data),
        ])
        .collect()
}

fn probe(name: &str, what: &str, workload: &'static str, bus: Bus, offer: Features) -> Scenario {
    let mut device = device(workload);
    device.features = offer;
    let mut scenario = plain(name, &format!("the device is judged: {what}"), workload, vec![device]);
    scenario.bus = bus;
    scenario
}
