//! Drivers: split and packed virtqueues.

use parakit_abi::requirement::id;

use super::How;

pub(super) const HOW: &[How] = &[
    // Split
    (
        id::VQ_SPLIT_DRV_LAYOUT_1,
        "When a queue is enabled, the addresses of its three areas must be multiples of 16, 2 and 4.",
    ),
    (
        id::VQ_SPLIT_DRV_FRAME_1,
        "In each chain that becomes available, no device-readable buffer may follow a device-writable one; chains that have both kinds count.",
    ),
    (
        id::VQ_SPLIT_DRV_DESC_1,
        "Each chain that becomes available is walked: its buffers must have no more than 2^32 bytes together, and it must not come back to itself.",
    ),
    (
        id::VQ_SPLIT_DRV_DESC_2,
        "With VIRTIO_F_IN_ORDER the observer follows each chain: the descriptor after x must be x + 1, and 0 after the last of the table.",
    ),
    (
        id::VQ_SPLIT_DRV_INDIRECT_1,
        "Where VIRTIO_F_INDIRECT_DESC is not accepted, no descriptor of an available chain may have the flag INDIRECT.",
    ),
    (id::VQ_SPLIT_DRV_INDIRECT_2, "No entry of an indirect table may have the flag INDIRECT."),
    (
        id::VQ_SPLIT_DRV_INDIRECT_3,
        "Each chain that becomes available, its indirect table included, must have no more buffers than the queue has entries.",
    ),
    (id::VQ_SPLIT_DRV_INDIRECT_4, "No descriptor of an available chain may have the flags INDIRECT and NEXT together."),
    (
        id::VQ_SPLIT_DRV_INDIRECT_5,
        "With VIRTIO_F_IN_ORDER the entries of an indirect table must be linked 0, 1, 2 and so on.",
    ),
    (
        id::VQ_SPLIT_DRV_AVAIL_1,
        "Each move of the available index is looked at: one by more than the queue has entries is one backwards.",
    ),
    (
        id::VQ_SPLIT_DRV_USEDNOTIF_1,
        "Without VIRTIO_F_EVENT_IDX the flags of the available ring must be 0 or 1 at each change that the observer finds.",
    ),
    (
        id::VQ_SPLIT_DRV_USEDNOTIF_3,
        "With VIRTIO_F_EVENT_IDX the flags of the available ring must be 0 at each change that the observer finds.",
    ),
    (
        id::VQ_SPLIT_DRV_USEDNOTIF_5,
        "After an interrupt that announces nothing, a driver that finds no reason and does nothing else must not write FAILED; a buffer that becomes available afterwards keeps the rule.",
    ),
    (
        id::VQ_SPLIT_DRV_AVAILNOTIF_1,
        "When a queue is enabled with a used ring at a place where none was before, the flags in it must be 0.",
    ),
    (
        id::VQ_SPLIT_DRV_AVAILNOTIF_2,
        "Without VIRTIO_F_EVENT_IDX: violated only by a driver whose notifications came wherever avail_event asked for them, nowhere else, and that let the device wait in vain twice or more (200 ms each, or what the verdict says) and notified no more up to the end, as for AVAILNOTIF-4.",
    ),
    (
        id::VQ_SPLIT_DRV_AVAILNOTIF_4,
        "Without VIRTIO_F_EVENT_IDX, with used flags 0: where new entries and no notification are found, the device waits (200 ms, the verdict says how long) and then goes on by itself. Violated if no notification comes, however late and for however many publications, before the driver resets the device or ends its work.",
    ),
    (
        id::VQ_SPLIT_DRV_AVAILNOTIF_5,
        "With VIRTIO_F_EVENT_IDX, while used flags is 1 all the same: a notification that avail_event asks for must not be missing, as for AVAILNOTIF-6; a driver that never notifies is not held to be distracted.",
    ),
    (
        id::VQ_SPLIT_DRV_AVAILNOTIF_6,
        "With VIRTIO_F_EVENT_IDX: where the new entries pass avail_event and no notification came, the device waits (200 ms, the verdict says how long) and then goes on by itself. Violated if no notification comes, however late and for however many publications, before the driver resets the device or ends its work.",
    ),
    // Packed
    (
        id::VQ_PACKED_DRV_LAYOUT_1,
        "When a packed queue is enabled, the addresses of its ring and its two event suppression structures must be multiples of 16, 4 and 4.",
    ),
    (
        id::VQ_PACKED_DRV_DESC_1,
        "The judge keeps account of the descriptors in flight: a list must find as many free ones as it has, and a descriptor that the device still has must not be marked anew.",
    ),
    (
        id::VQ_PACKED_DRV_DESC_2,
        "The observer keeps a copy of each descriptor that was made available: it must read the same at every later look until the device has used it.",
    ),
    (
        id::VQ_PACKED_DRV_DESC_3,
        "With VIRTIO_F_NOTIFICATION_DATA the place in a notification is held against what the next look finds. One behind that, or at no boundary between lists, breaks the rule at once; an older boundary may be a late notification, and does so only when eight come in a row.",
    ),
    (
        id::VQ_PACKED_DRV_SG_1,
        "Where a disk states seg_max, a list must have no more data elements than that, header and status aside.",
    ),
    (
        id::VQ_PACKED_DRV_SG_2,
        "Each list that becomes available is walked: it must have no more descriptors than the ring, and not come back to itself.",
    ),
    (
        id::VQ_PACKED_DRV_SG_3,
        "In each list that becomes available, no device-readable element may follow a device-writable one; lists that have both kinds count.",
    ),
    (
        id::VQ_PACKED_DRV_SG_5,
        "When a list of several descriptors becomes available, as many must be free by the judge's account, and it must not run into a descriptor that the device has.",
    ),
    (
        id::VQ_PACKED_DRV_SG_6,
        "When the observer finds the first descriptor of a list available, all others must be available too.",
    ),
    (
        id::VQ_PACKED_DRV_INDIRECT_1,
        "Where VIRTIO_F_INDIRECT_DESC is not accepted, no descriptor of an available list may have the flag INDIRECT.",
    ),
    (id::VQ_PACKED_DRV_INDIRECT_2, "No entry of an indirect table may have a flag other than WRITE."),
    (
        id::VQ_PACKED_DRV_INDIRECT_3,
        "An indirect table must have no more entries than the device allows: seg_max of a disk with header and status, else the size of the queue.",
    ),
    (id::VQ_PACKED_DRV_INDIRECT_4, "A descriptor with the flag INDIRECT must be the only one of its list."),
    (
        id::VQ_PACKED_DRV_KICK_1,
        "A barrier cannot be seen; what it is for can. Where the device area asks for a notification of new descriptors and none came, the device waits (200 ms, the verdict says how long) and goes on by itself. Violated if no notification comes, however late and for however many publications, before the driver resets the device or ends its work.",
    ),
];
