//! Drivers: MMIO and PCI.

use parakit_abi::requirement::id;

use super::How;

pub(super) const HOW: &[How] = &[
    // MMIO
    (
        id::MMIO_DRV_REGS_1,
        "Each access to the register block must begin in a register, or in the configuration fields of the device's type.",
    ),
    (id::MMIO_DRV_REGS_2, "No write may go to a register that is read-only."),
    (id::MMIO_DRV_REGS_3, "No read may go to a register that is write-only."),
    (id::MMIO_DRV_REGS_4, "Each access below offset 0x100 must have 4 bytes and be aligned."),
    (
        id::MMIO_DRV_REGS_5,
        "Each access to a configuration field must have the width of the field and begin where it does; one of 64 bits is reached by halves.",
    ),
    (
        id::MMIO_DRV_REGS_6,
        "Where MagicValue is wrong, nothing but the identity registers may be read, and nothing written.",
    ),
    (
        id::MMIO_DRV_REGS_8,
        "Where Version is not 2, nothing but the identity registers may be read, and nothing written; of version 1 the registers of the legacy interface may be used.",
    ),
    (id::MMIO_DRV_REGS_10, "Where DeviceID is 0, nothing but the identity registers may be read, and nothing written."),
    (id::MMIO_DRV_REGS_12, "When DeviceFeatures is read, DeviceFeaturesSel must have been written since the reset."),
    (id::MMIO_DRV_REGS_13, "When DriverFeatures is written, DriverFeaturesSel must have been written since the reset."),
    (
        id::MMIO_DRV_REGS_14,
        "The size that is written for a queue must be no more than the QueueSizeMax that was read, or that the queue has.",
    ),
    (id::MMIO_DRV_REGS_15, "Size and address registers of a queue must not be accessed while its QueueReady is 1."),
    (
        id::MMIO_DRV_REGS_16,
        "A queue that is given another set-up and is enabled again must have had 0 written to QueueReady in between.",
    ),
    (
        id::MMIO_DRV_REGS_17,
        "After 0 was written to QueueReady, it must have been read before the queue is set up or enabled again, and before the driver comes to its end; a device reset excuses.",
    ),
    (
        id::MMIO_DRV_REGS_18,
        "Where InterruptStatus shows bits without a meaning, they must not be acknowledged, and FAILED must not be the next status.",
    ),
    (
        id::MMIO_DRV_REGS_19,
        "Where a reason was read since the last acknowledgement: those that are acknowledged must be among the ones that were read, or the used buffers that are in the ring. Who polls may acknowledge unread.",
    ),
    (id::MMIO_DRV_REGS_20, "Only bits 0 and 1 may be written to InterruptACK."),
    (
        id::MMIO_DRV_REGS_21,
        "A queue whose reset was read as going on must not be set up or enabled before QueueReset reads 0.",
    ),
    (id::MMIO_DRV_INIT_1, "The first accesses to the device must read MagicValue and Version."),
    (
        id::MMIO_DRV_INIT_2,
        "Where MagicValue and Version are right, DeviceID must be read before any other register, VendorID aside.",
    ),
    (id::MMIO_DRV_INIT_3, "Where DeviceID is 0, nothing but the identity registers may be read, and nothing written."),
    (id::MMIO_DRV_INIT_4, "After DeviceID read 0, nothing but MagicValue and Version may be accessed."),
    (id::MMIO_DRV_INIT_5, "The registers of shared memory must not be accessed on a device whose type has none."),
    (
        id::MMIO_DRV_INIT_6,
        "The rules INIT-DRV-SEQ are judged for the device: one of the MUSTs that is broken breaks this rule too.",
    ),
    (
        id::MMIO_DRV_IRQ_1,
        "Kept by reading InterruptStatus after an interrupt. When a guest takes an interrupt cannot be seen, and a driver that polls may acknowledge unread. Violated by one that acknowledges after six interrupts that announced nothing, unread, and never without an interrupt.",
    ),
    (
        id::MMIO_DRV_IRQ_3,
        "A reason that was read three times, each time after an interrupt, must have been acknowledged before the device is reset or the driver comes to its end.",
    ),
    // PCI: ids and capabilities
    (
        id::PCI_DRV_DISCOVERY_1,
        "Kept by a driver that brings a plain function with a modern id to DRIVER_OK. Violated only by a guest that was told to drive the function, has read its ids, came to the end of its work, and has driven no device at all.",
    ),
    (
        id::PCI_DRV_DISCOVERY_2,
        "The function has a transitional id. Kept by DRIVER_OK; violated only by a guest that was told to drive it, has read its ids, came to the end of its work, and has driven no device at all.",
    ),
    (
        id::PCI_DRV_DISCOVERY_3,
        "The function has another revision than usual. Kept by DRIVER_OK; violated only by a guest that was told to drive it, has read its ids, came to the end of its work, and has driven no device at all.",
    ),
    (
        id::PCI_DRV_LAYOUT_1,
        "Each access to the common or device configuration must have the width of the field and begin where it does; one of 64 bits is reached by halves.",
    ),
    (
        id::PCI_DRV_CAP_1,
        "The function has a capability of a reserved type: memory that only this describes must not be accessed, and the device must be driven all the same, as for DISCOVERY-1.",
    ),
    (
        id::PCI_DRV_CAP_2,
        "The function has several structures of a type: no access should go to a later one that the first does not cover.",
    ),
    (
        id::PCI_DRV_CAP_3,
        "The function has capabilities that are longer than their type: it must be driven all the same, as for DISCOVERY-1.",
    ),
    (
        id::PCI_DRV_CAP_4,
        "The function has a capability with a reserved BAR: it must be driven all the same, as for DISCOVERY-1.",
    ),
    (
        id::PCI_DRV_CAP_6,
        "The function has a structure of more than 4096 bytes: it must be driven all the same, as for DISCOVERY-1.",
    ),
    (
        id::PCI_DRV_CAP_8,
        "No write of configuration space may touch a virtio capability; bar, offset, length and data of the configuration access capability, and a vendor's own, are excepted.",
    ),
    // PCI: common configuration
    (
        id::PCI_DRV_COMMON_1,
        "No write may touch device_feature, num_queues, config_generation, queue_notify_off or queue_notif_config_data.",
    ),
    (id::PCI_DRV_COMMON_2, "With VIRTIO_F_RING_PACKED agreed on, queue_size must not be written as 0."),
    (id::PCI_DRV_COMMON_3, "Without VIRTIO_F_RING_PACKED, queue_size must be written as a power of two."),
    (
        id::PCI_DRV_COMMON_4,
        "When queue_enable is written, the three addresses of the queue must have been written since the reset, and none of them nor the size may be written afterwards.",
    ),
    (
        id::PCI_DRV_COMMON_5,
        "After 0 was written to device_status, it must have read 0 before the driver writes another status (FAILED aside), accepts features or enables a queue.",
    ),
    (id::PCI_DRV_COMMON_6, "Every write of queue_enable must be 1."),
    (
        id::PCI_DRV_COMMON_7,
        "A queue whose reset was read as going on must not be set up or enabled before queue_reset reads 0.",
    ),
    (
        id::PCI_DRV_ISR_1,
        "With MSI-X on, the ISR status should not be read directly after the interrupt of a queue that came by a vector of its own; told when that happens twice.",
    ),
    (
        id::PCI_DRV_CFGACCESS_1,
        "When pci_cfg_data is accessed and the window's length is 1, 2 or 4, its offset must be a multiple of that.",
    ),
    (
        id::PCI_DRV_CFGACCESS_2,
        "When pci_cfg_data is accessed and the window's length is 1, 2 or 4, its offset must be a multiple of that.",
    ),
    (
        id::PCI_DRV_CFGACCESS_3,
        "When pci_cfg_data is accessed, the window must address 1, 2 or 4 bytes within a structure of another capability. A read while the window was never set is no use of it.",
    ),
    // PCI: interrupts and notifications
    (
        id::PCI_DRV_MSIX_1,
        "The MSI-X table is smaller than queues and configuration together, and nothing else is unusual: a guest that was told to drive the device must not write FAILED after FEATURES_OK when it has looked at nothing else. DRIVER_OK keeps the rule.",
    ),
    (id::PCI_DRV_MSIX_4, "Each vector that is mapped must be below the size of the MSI-X table, or be 0xffff."),
    (
        id::PCI_DRV_MSIX_5,
        "With MSI-X on, each mapping must have been read back before DRIVER_OK, or, of a device that is live, before the driver comes to its end; one that is taken back or ends in FAILED or a reset is excused.",
    ),
    (
        id::PCI_DRV_KICK_1,
        "Without VIRTIO_F_NOTIFICATION_DATA each write to the notification structure must have 2 bytes.",
    ),
    (id::PCI_DRV_KICK_2, "With VIRTIO_F_NOTIFICATION_DATA each write to the notification structure must have 4 bytes."),
    (
        id::PCI_DRV_KICK_3,
        "Each notification must name, by its index, an enabled queue that is notified at that place by the queue_notify_off that was read.",
    ),
    (
        id::PCI_DRV_KICK_4,
        "With VIRTIO_F_NOTIFICATION_DATA the low half of each notification must be the index of an enabled queue that is notified at that place.",
    ),
    (
        id::PCI_DRV_KICK_5,
        "With VIRTIO_F_NOTIF_CONFIG_DATA each notification must be the queue_notif_config_data that was read of a queue that is notified at that place.",
    ),
    (
        id::PCI_DRV_KICK_6,
        "With both features the low half of each notification must be the queue_notif_config_data that was read of a queue that is notified at that place.",
    ),
    (
        id::PCI_DRV_CFGNOTIF_1,
        "Where the ISR status showed used buffers and a change together, the configuration must be looked at before the device is reset or the driver comes to its end; told only of a driver that looks at once when a change comes alone.",
    ),
];
