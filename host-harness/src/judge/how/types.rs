//! Drivers: block, console and entropy devices.

use parakit_abi::requirement::id;

use super::How;

pub(super) const HOW: &[How] = &[
    (id::BLK_DRV_INIT_4, "When the field writeback is read, FEATURES_OK must be set."),
    (
        id::BLK_DRV_OP_1,
        "After an interrupt for a change of the configuration, whose reasons were read, was acknowledged and the driver has published twice more, it should have read capacity before the device is reset or the driver comes to its end.",
    ),
    (
        id::BLK_DRV_OP_2,
        "The header of each read, write and write-zeroes request is decoded: its sectors must lie within the largest capacity that the driver could know of.",
    ),
    (
        id::BLK_DRV_OP_3,
        "Where VIRTIO_BLK_F_RO is offered, it should be among the accepted bits when FEATURES_OK is written.",
    ),
    (id::BLK_DRV_OP_4, "The header of each flush request is decoded: its sector must be 0."),
    (id::BLK_DRV_OP_5, "A flush request should have no bytes besides header and status."),
    (id::BLK_DRV_OP_6, "The data of each read and write request must be a multiple of 512 bytes."),
    (
        id::BLK_DRV_OP_7,
        "The data of each discard, write-zeroes and secure-erase request must be a multiple of 16 bytes.",
    ),
    (id::BLK_DRV_OP_8, "A request for the device id must have 20 writable bytes of data."),
    (
        id::BLK_DRV_OP_9,
        "The segments of each discard request are counted and held against the largest max_discard_seg that the device has shown.",
    ),
    (
        id::BLK_DRV_OP_10,
        "The segments of each secure-erase request are counted and held against the largest max_secure_erase_seg that the device has shown.",
    ),
    (
        id::BLK_DRV_OP_11,
        "The segments of each write-zeroes request are counted and held against the largest max_write_zeroes_seg that the device has shown.",
    ),
    (id::BLK_DRV_OP_14, "In the segments of each discard request the bit unmap must be clear."),
    (
        id::CONSOLE_DRV_OP_1,
        "Every buffer that becomes available in an even queue of a console, which receives, must be device-writable.",
    ),
    (
        id::CONSOLE_DRV_OP_2,
        "Every buffer that becomes available in an odd queue of a console, which transmits, must be device-readable.",
    ),
    (
        id::CONSOLE_DRV_MULTIPORT_1,
        "A driver that accepted VIRTIO_CONSOLE_F_MULTIPORT and went live must have sent DEVICE_READY in the control queue before it resets the device; one that wrote FAILED is excused.",
    ),
    (id::RNG_DRV_OP_1, "Every buffer that becomes available to an entropy device must be device-writable."),
];
