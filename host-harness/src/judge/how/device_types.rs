//! Devices of other types than block.

use parakit_abi::requirement::id;

use super::How;

pub(super) const HOW: &[How] = &[
    (
        id::CONSOLE_DEV_INIT_1,
        "Where VIRTIO_CONSOLE_F_EMERG_WRITE is offered, a probe writes emerg_wr after a reset: the status must still read 0, and FEATURES_OK stay afterwards.",
    ),
    (
        id::RNG_DEV_OP_1,
        "A probe makes buffers of several sizes available to an entropy device: the used length of each must not be 0.",
    ),
    (
        id::NET_DEV_CONFIG_1,
        "Where VIRTIO_NET_F_MQ is offered, a probe reads max_virtqueue_pairs, which must lie between 1 and 0x8000.",
    ),
    (id::NET_DEV_CONFIG_2, "Where VIRTIO_NET_F_MTU is offered, a probe reads mtu, which must be at least 68."),
    (id::NET_DEV_CONFIG_3, "Where VIRTIO_NET_F_MTU is offered, a probe reads mtu, which should be at least 1280."),
    (
        id::NET_DEV_CONFIG_10,
        "Where VIRTIO_NET_F_SPEED_DUPLEX is offered, a probe reads speed, which must be at most 0x7fffffff, or 0xffffffff.",
    ),
    (
        id::NET_DEV_CONFIG_11,
        "Where VIRTIO_NET_F_SPEED_DUPLEX is offered, a probe reads duplex, which must be 0, 1 or 0xff.",
    ),
    (
        id::NET_DEV_CONFIG_14,
        "Where VIRTIO_NET_F_CTRL_RX_EXTRA is among the offered bits, VIRTIO_NET_F_CTRL_VQ should be too.",
    ),
    (
        id::INPUT_DEV_INIT_1,
        "A probe asks an input device for its name, then with a select and with a subsel that no device supports: size must read 0.",
    ),
    (
        id::GPU_DEV_TXTHDR_1,
        "A probe asks a GPU for its displays with a fence: the flags of the answer must have FENCE.",
    ),
    (
        id::GPU_DEV_TXTHDR_2,
        "A probe asks a GPU for its displays with several fences: each answer must have the id of its fence.",
    ),
    (id::VSOCK_DEV_FEAT_1, "VIRTIO_VSOCK_F_NO_IMPLIED_STREAM should be among the bits that a socket device offers."),
    (
        id::VSOCK_DEV_RXTX_1,
        "A probe reads guest_cid of a socket device, which must not be 0, 1, 2, 0xffffffff or longer than 32 bits.",
    ),
];
