//! Devices: what the guest's probes look at on every transport, and in the rings.

use parakit_abi::requirement::id;

use super::How;

pub(super) const HOW: &[How] = &[
    // Status and features
    (
        id::CORE_DEV_STATUS_1,
        "A probe publishes a request and enables the queue without DRIVER_OK, waits, and looks for used buffers and interrupts.",
    ),
    (
        id::CORE_DEV_STATUS_2,
        "A probe sets the available index further on than the queue is long and waits for DEVICE_NEEDS_RESET.",
    ),
    (
        id::CORE_DEV_STATUS_3,
        "Where the device shows DEVICE_NEEDS_RESET, the probe waits for an interrupt whose reasons show a configuration change.",
    ),
    (id::CORE_DEV_FEAT_1, "A probe reads the offer: each bit that requires others must come with them."),
    (
        id::CORE_DEV_FEAT_2,
        "A probe accepts the whole offer, the offer without each bit in turn (and what needs it), and almost nothing: FEATURES_OK must stay each time.",
    ),
    (id::CORE_DEV_FEAT_3, "A probe accepts a bit that is not offered: FEATURES_OK must not stay."),
    (id::CORE_DEV_FEAT_4, "A probe reads the offer: each bit must be described for the device's type or for all."),
    (
        id::CORE_DEV_FEAT_5,
        "A probe resets the device and accepts again what was accepted before: FEATURES_OK must stay.",
    ),
    (
        id::CORE_DEV_RESET_1,
        "A probe writes 0 to the status, of a fresh device and of one in use, and waits for it to read 0.",
    ),
    (
        id::CORE_DEV_RESET_2,
        "After a reset is complete a probe publishes a request in the old ring and notifies: no buffer may be used and no interrupt come.",
    ),
    (
        id::CORE_DEV_CONFIG_1,
        "A probe reads the configuration before FEATURES_OK and after it, with everything accepted: it must be the same, and not empty.",
    ),
    (id::CORE_DEV_RESFEAT_1, "A probe reads the offer: VERSION_1 must be in it."),
    (
        id::CORE_DEV_RESFEAT_5,
        "With VIRTIO_F_IN_ORDER a probe publishes requests of falling length at once: the used entries must name them in order, alone or in batches.",
    ),
    // Queue reset
    (
        id::CORE_DEV_QRESET_1,
        "A probe resets a queue, publishes a request in its ring and notifies: nothing may be used and no interrupt come.",
    ),
    (
        id::CORE_DEV_QRESET_2,
        "A probe uses a queue, resets it and enables it with new rings: a request in the first entry must be served in the first entry.",
    ),
    (
        id::CORE_DEV_QREENABLE_1,
        "A probe enables a queue with fewer entries after its reset and comes around it: every request must be served where the smaller ring has it.",
    ),
    // Suspension
    (
        id::CORE_DEV_SUSPEND_1,
        "A probe writes SUSPEND before DRIVER_OK: the status must not show it, and the device must work afterwards.",
    ),
    (
        id::CORE_DEV_SUSPEND_2,
        "A probe writes the field writeback of a suspended disk and reads it back: it must be what it was.",
    ),
    (
        id::CORE_DEV_SUSPEND_3,
        "A probe publishes a request for a suspended device and notifies: nothing may be used, no interrupt come, and the configuration stay.",
    ),
    (id::CORE_DEV_SUSPEND_4, "The harness changes the capacity of a suspended disk: no interrupt may come."),
    (
        id::CORE_DEV_SUSPEND_5,
        "The harness changes the capacity of a suspended disk, the probe resumes it: an interrupt for a change must come then.",
    ),
    (
        id::CORE_DEV_SUSPEND_6,
        "A probe writes SUSPEND and waits: the status must show SUSPEND without DRIVER_OK, or DEVICE_NEEDS_RESET.",
    ),
    (
        id::CORE_DEV_SUSPEND_7,
        "A probe resumes the device and waits: the status must show DRIVER_OK without SUSPEND, or DEVICE_NEEDS_RESET, and requests be served as before.",
    ),
    (
        id::CORE_DEV_SUSPEND_9,
        "A probe suspends the device with requests in flight: those whose buffers were written must be used when it shows the suspension.",
    ),
    (
        id::CORE_DEV_SUSPEND_10,
        "A probe suspends the device with requests in flight: where some were used, their interrupt must have come when it shows the suspension.",
    ),
    // Split rings
    (
        id::VQ_SPLIT_DEV_FRAME_1,
        "A probe reads the same sector with header and data cut into buffers in three ways: each must be served and give the same bytes.",
    ),
    (
        id::VQ_SPLIT_DEV_DESC_1,
        "A probe compares the readable buffers of reads and writes before and after: they must not change.",
    ),
    (id::VQ_SPLIT_DEV_DESC_4, "A probe compares the descriptor table before and after requests: it must not change."),
    (
        id::VQ_SPLIT_DEV_INDIRECT_1,
        "A probe sets WRITE on the descriptor of an indirect table: the request must be served all the same.",
    ),
    (
        id::VQ_SPLIT_DEV_INDIRECT_2,
        "A probe puts an indirect table behind a direct descriptor: the request must be served.",
    ),
    (
        id::VQ_SPLIT_DEV_USEDNOTIF_1,
        "Without VIRTIO_F_EVENT_IDX a probe gives used_event values that ask for the opposite of flags: interrupts must come by flags.",
    ),
    (
        id::VQ_SPLIT_DEV_USEDNOTIF_2,
        "Without VIRTIO_F_EVENT_IDX a probe sets flags to 1, waits after a used buffer, and counts interrupts: none should come.",
    ),
    (
        id::VQ_SPLIT_DEV_USEDNOTIF_3,
        "Without VIRTIO_F_EVENT_IDX a probe sets flags to 0 and waits for the interrupt of a used buffer.",
    ),
    (
        id::VQ_SPLIT_DEV_USEDNOTIF_4,
        "With VIRTIO_F_EVENT_IDX a probe sets flags to 1 and used_event to the next entry: the interrupt must come.",
    ),
    (
        id::VQ_SPLIT_DEV_USEDNOTIF_5,
        "With VIRTIO_F_EVENT_IDX a probe sets used_event to the next entry: the interrupt must come.",
    ),
    (
        id::VQ_SPLIT_DEV_USEDNOTIF_6,
        "With VIRTIO_F_EVENT_IDX a probe sets used_event further on, waits after a used buffer, and counts interrupts: none should come.",
    ),
    (
        id::VQ_SPLIT_DEV_USED_1,
        "A probe marks the used entries beforehand: when the index has moved, id and length must be written.",
    ),
    (
        id::VQ_SPLIT_DEV_USED_2,
        "A probe marks the buffers beforehand: when the used index has moved, all bytes that the length counts must be written, the status byte too.",
    ),
    (
        id::VQ_SPLIT_DEV_AVAILNOTIF_1,
        "Without VIRTIO_F_EVENT_IDX a probe reads the flags of the used ring after requests: they must be 0 or 1.",
    ),
    (
        id::VQ_SPLIT_DEV_AVAILNOTIF_3,
        "With VIRTIO_F_EVENT_IDX a probe reads the flags of the used ring after requests: they must be 0.",
    ),
    (
        id::VQ_SPLIT_DEV_AVAILNOTIF_5,
        "A probe notifies eight times for nothing: a request must be served afterwards, and DEVICE_NEEDS_RESET not show.",
    ),
    // Packed rings
    (
        id::VQ_PACKED_DEV_ORDER_2,
        "A probe publishes several requests at once, around the ring: used descriptors must lie one behind the other until all are back.",
    ),
    (
        id::VQ_PACKED_DEV_DESC_1,
        "A probe compares the readable buffers of reads and writes before and after, around a packed ring: they must not change.",
    ),
    (
        id::VQ_PACKED_DEV_DESC_3,
        "A probe writes descriptors without marking them available and notifies: descriptor and buffer must stay as they are.",
    ),
    (
        id::VQ_PACKED_DEV_DESC_4,
        "A probe keeps a used descriptor and compares it after the next request: it must not change.",
    ),
    (
        id::VQ_PACKED_DEV_SG_1,
        "A probe reads a sector into three buffers of a list: the bytes must be those of one buffer, in order.",
    ),
];
