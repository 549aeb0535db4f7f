//! Devices of other types than block: what all devices owe, and what each type does.

use parakit_abi::device::{console, input, net, vsock};
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{CONFIG, Register};

use super::core::{
    EARLY, GOES_ON, INSISTS, LOST_QUIETLY, NO_VERSION_1, OFFER, ONLY_ONCE, RESERVED_BIT, TAKES_ALL, offer,
};
use super::{Bus, DeviceMutant, Fault, View};

const STATUS: u64 = Register::Status.offset();
const NEEDS_RESET: u32 = DeviceStatus::DEVICE_NEEDS_RESET.0 as u32;

/// A broken device on MMIO.
const fn mmio(requirement: RequirementId, probe: &'static str, what: &'static str, fault: Fault) -> DeviceMutant {
    DeviceMutant { requirement, probe, bus: Bus::Mmio, what, fault }
}

/// A broken device on PCI.
const fn pci(requirement: RequirementId, probe: &'static str, what: &'static str, fault: Fault) -> DeviceMutant {
    DeviceMutant { requirement, probe, bus: Bus::Pci, what, fault }
}

/// Where a field of the configuration space is.
const fn field(offset: u32) -> u64 {
    CONFIG + offset as u64
}

/// A field of the configuration space is read as this value.
macro_rules! shows {
    ($offset:expr, $value:expr) => {
        Fault::read(|_, _, at, value| if at == field($offset) { $value } else { value })
    };
}

/// The first 32 features on offer are what becomes of those of the plain device.
macro_rules! offers {
    (|$plain:ident| $changed:expr) => {
        offer(|view, _, at, $plain| if at == OFFER && view.n == 0 { $changed } else { $plain })
    };
}

/// Used entries say that nothing was written.
const NOTHING_WRITTEN: Fault = Fault::after(|view| {
    if let Some(idx) = view.used() {
        view.store(view.entry_before(idx) + 4, &[0; 4]);
    }
});

/// Changes the answer to the GPU request that was last used.
fn answer(view: &mut View, change: fn(&View, u64)) {
    if let Some(idx) = view.used()
        && let Some(&(addr, _, _)) = view.chain_before(idx).get(1)
    {
        change(view, addr);
    }
}

/// Answers without the flag of a fence.
const NO_FENCE: Fault = Fault::after(|view| answer(view, |view, at| view.store(at + 4, &[0; 4])));

/// Answers with the low half of a fence's id alone.
const HALF_A_FENCE: Fault = Fault::after(|view| answer(view, |view, at| view.store(at + 12, &[0; 4])));

pub(super) const MUTANTS: &[DeviceMutant] = &[
    // Console
    mmio(
        id::CONSOLE_DEV_INIT_1,
        "probe-console",
        "a character before the bring-up is more than the console can take",
        Fault {
            read: |view, _, at, value| if at == STATUS && view.flag { value | NEEDS_RESET } else { value },
            write: |view, _, at, value| {
                view.flag |= at == field(console::config::EMERG_WR) && view.status == 0;
                view.flag &= at != STATUS || value != 0;
                Some(value)
            },
            ..Fault::NONE
        },
    ),
    mmio(
        id::CORE_DEV_FEAT_4,
        "probe-console",
        "a console offers a bit that consoles do not have",
        offers!(|value| value | 1 << 5),
    ),
    mmio(id::CORE_DEV_FEAT_3, "probe-console", "a console accepts what it does not offer", TAKES_ALL),
    mmio(id::CORE_DEV_RESFEAT_1, "probe-console", "a console does not offer VIRTIO_F_VERSION_1", NO_VERSION_1),
    // Entropy
    mmio(id::RNG_DEV_OP_1, "probe-entropy", "an entropy device gives buffers back empty", NOTHING_WRITTEN),
    pci(id::RNG_DEV_OP_1, "probe-entropy", "an entropy device on PCI gives buffers back empty", NOTHING_WRITTEN),
    mmio(id::CORE_DEV_STATUS_1, "probe-entropy", "an entropy device begins when its queue is enabled", EARLY),
    mmio(id::CORE_DEV_STATUS_2, "probe-entropy", "an entropy device never shows DEVICE_NEEDS_RESET", LOST_QUIETLY),
    mmio(id::CORE_DEV_FEAT_2, "probe-entropy", "an entropy device insists on VIRTIO_F_EVENT_IDX", INSISTS),
    mmio(
        id::CORE_DEV_FEAT_4,
        "probe-entropy",
        "an entropy device offers a bit of its own, of which it has none",
        offers!(|value| value | 1),
    ),
    mmio(id::CORE_DEV_RESET_2, "probe-entropy", "an entropy device goes on after a reset", GOES_ON),
    // Network
    mmio(id::NET_DEV_CONFIG_1, "probe-net", "max_virtqueue_pairs is 0", shows!(net::config::MAX_VIRTQUEUE_PAIRS, 0)),
    mmio(id::NET_DEV_CONFIG_2, "probe-net", "mtu is 67", shows!(net::config::MTU, 67)),
    mmio(id::NET_DEV_CONFIG_3, "probe-net", "mtu is 1279", shows!(net::config::MTU, 1279)),
    mmio(id::NET_DEV_CONFIG_10, "probe-net", "speed is 0x80000000", shows!(net::config::SPEED, 0x8000_0000)),
    mmio(id::NET_DEV_CONFIG_11, "probe-net", "duplex is 2", shows!(net::config::DUPLEX, 2)),
    mmio(
        id::NET_DEV_CONFIG_14,
        "probe-net",
        "CTRL_RX_EXTRA is the only one of the features of the control queue that is left on offer, CTRL_VQ too is missing",
        offers!(|value| value & !CONTROL | 1 << net::feature::CTRL_RX_EXTRA),
    ),
    mmio(
        id::CORE_DEV_FEAT_1,
        "probe-net",
        "a network device offers MQ without CTRL_VQ",
        offers!(|value| value & !CONTROL | 1 << net::feature::MQ),
    ),
    mmio(id::CORE_DEV_FEAT_5, "probe-net", "a network device takes the same features only once", ONLY_ONCE),
    // Input
    mmio(
        id::INPUT_DEV_INIT_1,
        "probe-input",
        "size stays what it was when something unsupported is asked for",
        Fault {
            read: |view, _, at, value| {
                if at != field(input::config::SIZE_OF_ANSWER) || value != 0 { value } else { view.n as u32 }
            },
            write: |view, device, at, value| {
                if at == field(input::config::SELECT) {
                    view.n = view.n.max(device.read(field(input::config::SIZE_OF_ANSWER), 1).into());
                }
                Some(value)
            },
            ..Fault::NONE
        },
    ),
    mmio(id::CORE_DEV_FEAT_3, "probe-input", "an input device accepts what it does not offer", TAKES_ALL),
    mmio(id::CORE_DEV_FEAT_4, "probe-input", "an input device offers a reserved bit", RESERVED_BIT),
    // GPU
    mmio(id::GPU_DEV_TXTHDR_1, "probe-gpu", "the answer to a request with a fence has no flag", NO_FENCE),
    pci(id::GPU_DEV_TXTHDR_1, "probe-gpu", "over PCI the answer to a request with a fence has no flag", NO_FENCE),
    mmio(id::GPU_DEV_TXTHDR_2, "probe-gpu", "of a fence's id only the low half comes back", HALF_A_FENCE),
    pci(id::GPU_DEV_TXTHDR_2, "probe-gpu", "over PCI only the low half of a fence's id comes back", HALF_A_FENCE),
    mmio(id::CORE_DEV_STATUS_1, "probe-gpu", "a GPU begins when its first queue is enabled", EARLY),
    mmio(id::CORE_DEV_RESET_2, "probe-gpu", "a GPU goes on after a reset", GOES_ON),
    // Sockets
    mmio(
        id::VSOCK_DEV_FEAT_1,
        "probe-vsock",
        "NO_IMPLIED_STREAM is not offered",
        offers!(|value| value & !(1 << vsock::feature::NO_IMPLIED_STREAM)),
    ),
    mmio(
        id::VSOCK_DEV_RXTX_1,
        "probe-vsock",
        "the guest gets the context id of the host",
        shows!(vsock::config::GUEST_CID, vsock::HOST_CID as u32),
    ),
    mmio(id::CORE_DEV_FEAT_4, "probe-vsock", "a socket device offers a reserved bit", RESERVED_BIT),
];

/// Features of network devices that need the control queue, and that one.
const CONTROL: u32 = 0x7f << 17;
