//! Drivers: status, features, configuration, bring-up, clean-up, suspension.

use parakit_abi::requirement::id;

use super::How;

pub(super) const HOW: &[How] = &[
    // Status
    (
        id::CORE_DRV_STATUS_1,
        "At each write of the status, all step bits written since the reset are put together: a step that stands there without the steps before it breaks the rule.",
    ),
    (
        id::CORE_DRV_STATUS_2,
        "At each write of the status, no bit may be missing that was set before. FEATURES_OK counts as set once it was read back, because the device may refuse it; DRIVER_OK and SUSPEND are left out once the driver has used SUSPEND.",
    ),
    (
        id::CORE_DRV_STATUS_3,
        "After FAILED was written, a write of the status that leaves FAILED out or names a new step, of features, or one that enables a queue breaks the rule unless 0 was written before.",
    ),
    // Features
    (
        id::CORE_DRV_FEAT_1,
        "When FEATURES_OK is written (DRIVER_OK, where FEATURES_OK is left out), the accepted bits are held against the offer.",
    ),
    (
        id::CORE_DRV_FEAT_2,
        "When FEATURES_OK is written, each accepted bit that requires others is held against the accepted set.",
    ),
    (
        id::CORE_DRV_FEAT_3,
        "Where bits are on offer that no driver may accept, the driver must not have accepted one of them when it writes FEATURES_OK.",
    ),
    (
        id::CORE_DRV_FEAT_4,
        "Where bits are on offer that no driver may accept, none of them may be among the accepted ones when FEATURES_OK is written.",
    ),
    (
        id::CORE_DRV_FEAT_5,
        "When FEATURES_OK is written, no accepted bit may be one that the specification does not describe; it counts as kept only where such a bit was on offer.",
    ),
    (
        id::CORE_DRV_FEAT_6,
        "When FEATURES_OK is written, no accepted bit may be from 44 to 49 or beyond 127; it counts as kept only where a reserved bit was on offer.",
    ),
    (
        id::CORE_DRV_FEAT_7,
        "When FEATURES_OK is written, no accepted bit may be one that works on another transport only; it counts as kept only where such a bit was on offer.",
    ),
    (
        id::CORE_DRV_FEAT_8,
        "When FEATURES_OK is written, no accepted bit of the device's own range may be one that its type does not define; it counts as kept only where such a bit was on offer.",
    ),
    (
        id::CORE_DRV_FEAT_10,
        "Where VERSION_1 is not offered, a driver that has read the offer and then resets, or comes to the end of its work, before FEATURES_OK must have written FAILED, and must not go on after it.",
    ),
    (
        id::CORE_DRV_FEAT_11,
        "Where unknown bits are on offer, and a guest was told to drive the device, FAILED must not follow when nothing but features was read; FEATURES_OK in spite of such bits keeps the rule.",
    ),
    (
        id::CORE_DRV_RESFEAT_1,
        "Where VERSION_1 is offered, it must be among the accepted bits when FEATURES_OK is written.",
    ),
    (
        id::CORE_DRV_RESFEAT_3,
        "Where ACCESS_PLATFORM is offered, it should be among the accepted bits when FEATURES_OK is written.",
    ),
    (
        id::CORE_DRV_RESFEAT_6,
        "Where RING_PACKED is offered, it should be among the accepted bits when FEATURES_OK is written.",
    ),
    (
        id::CORE_DRV_RESFEAT_7,
        "Where ORDER_PLATFORM is offered, it should be among the accepted bits when FEATURES_OK is written.",
    ),
    (
        id::CORE_DRV_RESFEAT_13,
        "Over PCI, where NOTIF_CONFIG_DATA is offered, it should be among the accepted bits when FEATURES_OK is written.",
    ),
    // Reset
    (
        id::CORE_DRV_RESET_1,
        "After 0 was written to the status, it must have read 0 before the driver writes another status (FAILED aside), accepts features or enables a queue.",
    ),
    // Configuration
    (
        id::CORE_DRV_CONFIG_2,
        "A field of 64 bits that is read in halves must lie between two equal generations, or be read again; that is decided when the driver reads it again, writes another status or comes to its end.",
    ),
    (
        id::CORE_DRV_CONFIG_3,
        "An access to a field that depends on a feature must come after the word of the offer that has the feature was read, and only where it is offered.",
    ),
    (
        id::CORE_DRV_CONFIG_4,
        "The device shows a configuration space larger than its fields, and nothing else that is unusual: a guest that was told to drive it must not write FAILED before DRIVER_OK. DRIVER_OK keeps the rule.",
    ),
    // Queue reset
    (
        id::CORE_DRV_QRESET_1,
        "After a queue reset was asked for, its state must have been read before the queue is set up or enabled again, and before the driver comes to its end.",
    ),
    (
        id::CORE_DRV_QREENABLE_1,
        "When a queue is enabled after its reset, all parts of its configuration that were written before it was first enabled must have been written again; the size may stay as it is.",
    ),
    // Bring-up
    (id::INIT_DRV_SEQ_1, "At the first status bit that is set, the driver must have written 0 to the status before."),
    (id::INIT_DRV_SEQ_2, "Each attempt must set ACKNOWLEDGE before, or with, the first other step."),
    (id::INIT_DRV_SEQ_3, "DRIVER must be set by a write of its own, after ACKNOWLEDGE and before the later steps."),
    (
        id::INIT_DRV_SEQ_4,
        "When FEATURES_OK is written, the offer must have been read and features written since DRIVER was set.",
    ),
    (
        id::INIT_DRV_SEQ_6,
        "Between DRIVER and FEATURES_OK no write may go to the configuration space; the emergency field of a console is excepted.",
    ),
    (id::INIT_DRV_SEQ_7, "When DRIVER_OK is written, FEATURES_OK must be set, or be written with it."),
    (
        id::INIT_DRV_SEQ_8,
        "After FEATURES_OK no feature may be written that was not accepted before; writing the same set again is let pass.",
    ),
    (
        id::INIT_DRV_SEQ_9,
        "When a queue is enabled or DRIVER_OK is written after FEATURES_OK, the status must have been read since and have shown FEATURES_OK.",
    ),
    (
        id::INIT_DRV_SEQ_10,
        "A queue must be enabled after FEATURES_OK and, the first time, before DRIVER_OK; with RING_RESET queues may come later.",
    ),
    (id::INIT_DRV_SEQ_11, "DRIVER_OK must be set by a write that sets no other step, and no step may be set after it."),
    (
        id::INIT_DRV_SEQ_12,
        "Where FEATURES_OK read as clear and the attempt ends before DRIVER_OK, FAILED should have been written.",
    ),
    (
        id::INIT_DRV_SEQ_13,
        "After FAILED, or after FEATURES_OK read as clear, no features may be written, no queue enabled and no DRIVER_OK set in the same attempt.",
    ),
    (
        id::INIT_DRV_SEQ_14,
        "A notification must come after DRIVER_OK; one that may have been under way when the device was reset is let pass.",
    ),
    // Clean-up
    (
        id::INIT_DRV_CLEANUP_1,
        "The observer keeps a copy of each chain that was made available and compares descriptors and ring entry at every later look, until the device uses the chain or is reset.",
    ),
    (
        id::INIT_DRV_CLEANUP_2,
        "A chain in flight must not be taken back by an available index that goes backwards, nor by a descriptor of it that is made available again; a reset, or that of its queue, gives all back.",
    ),
    // Suspension
    (id::CORE_DRV_SUSPEND_1, "When SUSPEND is written, DRIVER_OK must be set and VIRTIO_F_SUSPEND agreed on."),
    (
        id::CORE_DRV_SUSPEND_2,
        "After SUSPEND the status must be read before another status is written, or the driver comes to its end, until it shows SUSPEND without DRIVER_OK.",
    ),
    (
        id::CORE_DRV_SUSPEND_3,
        "From SUSPEND on no buffer may become available. What the first look finds may be older; what a second look finds, or one after the driver saw the suspension, is not.",
    ),
    (
        id::CORE_DRV_SUSPEND_4,
        "Once the driver has seen the device suspended, no notification may come until it resumes; one that was under way before cannot be told apart and is let pass.",
    ),
    (id::CORE_DRV_SUSPEND_5, "From SUSPEND on no write may go to the configuration space until the device resumes."),
    (
        id::CORE_DRV_SUSPEND_6,
        "After the driver wrote DRIVER_OK to resume, the status must have shown DRIVER_OK without SUSPEND before buffers, notifications or configuration writes come.",
    ),
];
