//! Devices: what the guest's probes look at over MMIO and PCI.

use parakit_abi::requirement::id;

use super::How;

pub(super) const HOW: &[How] = &[
    // MMIO
    (id::MMIO_DEV_REGS_1, "A probe reads MagicValue."),
    (id::MMIO_DEV_REGS_2, "A probe reads Version."),
    (
        id::MMIO_DEV_REGS_3,
        "After a used buffer a probe reads InterruptStatus several times and acknowledges another bit: bit 0 must stay.",
    ),
    (
        id::MMIO_DEV_REGS_4,
        "A probe reads InterruptStatus before anything happened, after a used buffer, and after it was acknowledged: no other bit may show.",
    ),
    (
        id::MMIO_DEV_REGS_5,
        "A probe resets a device in use with an interrupt open: InterruptStatus and QueueReady must read 0.",
    ),
    (
        id::MMIO_DEV_REGS_6,
        "The harness changes the capacity while a probe watches: ConfigGeneration must read otherwise than before.",
    ),
    (id::MMIO_DEV_REGS_7, "A probe clears QueueReady, publishes a request and notifies: the used index must not move."),
    (id::MMIO_DEV_REGS_8, "A probe resets the device after a queue reset: QueueReset must read 0."),
    (id::MMIO_DEV_REGS_9, "A probe enables a queue: QueueReset must read 0."),
    (
        id::MMIO_DEV_REGS_10,
        "A probe resets a queue, publishes a request in its ring and notifies: nothing may be used and no interrupt come.",
    ),
    (id::MMIO_DEV_REGS_12, "A probe resets a queue and waits until QueueReset reads 0: QueueReady must read 0 then."),
    // PCI: function and capabilities
    (id::PCI_DEV_BUS_1, "A probe reads header type, interrupt pin and vendor id: they must be those of a device."),
    (id::PCI_DEV_DISCOVERY_2, "A probe reads the device id: it must be one of virtio's, modern or transitional."),
    (
        id::PCI_DEV_DISCOVERY_4,
        "Where BAR 0 is no I/O space, so that there is no legacy interface, the device id should be from 0x1040 to 0x107f.",
    ),
    (id::PCI_DEV_DISCOVERY_5, "Where there is no legacy interface, the revision should be 1 or more."),
    (id::PCI_DEV_DISCOVERY_6, "Where there is no legacy interface, the subsystem id should be 0x40 or more."),
    (id::PCI_DEV_LAYOUT_1, "A probe writes the 64-bit addresses of a queue by halves and reads both halves back."),
    (
        id::PCI_DEV_CAP_1,
        "A probe walks the capabilities: each must be as long as its type at least, and end within the first 256 bytes.",
    ),
    (id::PCI_DEV_COMMON_1, "A probe reads the offset of the common configuration: it must be a multiple of 4."),
    (id::PCI_DEV_COMMON_2, "A probe walks the capabilities for the common configuration."),
    (id::PCI_DEV_NOTIFYCAP_1, "A probe walks the capabilities for notifications."),
    (id::PCI_DEV_ISR_1, "A probe walks the capabilities for the ISR status."),
    (id::PCI_DEV_TXTDEVCFG_1, "A probe walks the capabilities of a disk for the device configuration."),
    (id::PCI_DEV_DEVCFG_1, "A probe reads the offset of the device configuration: it must be a multiple of 4."),
    (id::PCI_DEV_CFGACCESS_1, "A probe walks the capabilities for configuration access."),
    (id::PCI_DEV_CFGACCESS_2, "A probe writes three selectors through pci_cfg_data and reads them directly."),
    (
        id::PCI_DEV_CFGACCESS_3,
        "A probe reads five fields directly and through pci_cfg_data: the values must be the same.",
    ),
    // PCI: common configuration
    (
        id::PCI_DEV_COMMON_3,
        "A probe selects words 0, 1, 0, 1 and one that no device has: device_feature must follow, with VERSION_1 in word 1.",
    ),
    (id::PCI_DEV_COMMON_4, "A probe accepts the offer and reads driver_feature back for both words."),
    (
        id::PCI_DEV_COMMON_6,
        "The harness changes the capacity while a probe watches: config_generation must read otherwise than before.",
    ),
    (id::PCI_DEV_COMMON_7, "A probe writes 0 to the status of a device in use and waits for it to read 0."),
    (id::PCI_DEV_COMMON_8, "A probe resets a device in use: queue_enable must read 0 for every queue."),
    (id::PCI_DEV_COMMON_9, "A probe resets the device after a queue reset: queue_reset must read 0."),
    (id::PCI_DEV_COMMON_10, "A probe enables a queue: queue_reset must read 0."),
    (
        id::PCI_DEV_COMMON_11,
        "A probe resets a queue, publishes a request in its ring and notifies: nothing may be used and no interrupt come.",
    ),
    (
        id::PCI_DEV_COMMON_13,
        "A probe resets a queue and waits until queue_reset reads 0: queue_enable must read 0 then.",
    ),
    (id::PCI_DEV_COMMON_14, "A probe selects a queue that no device has: queue_size must read 0."),
    (
        id::PCI_DEV_COMMON_15,
        "A probe that has not accepted packed rings reads queue_size of each queue: it must be 0 or a power of two.",
    ),
    // PCI: notifications
    (
        id::PCI_DEV_NOTIFYCAP_2,
        "Where VIRTIO_F_NOTIFICATION_DATA is not offered, a probe reads the offset of the notification structure: it must be a multiple of 2.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_3,
        "Where VIRTIO_F_NOTIFICATION_DATA is not offered, notify_off_multiplier must be 0 or an even power of two.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_4,
        "Where VIRTIO_F_NOTIFICATION_DATA is not offered, the notification structure must have 2 bytes at least.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_5,
        "Where VIRTIO_F_NOTIFICATION_DATA is not offered, a probe reads queue_notify_off of each queue: 2 bytes at its place must lie within the structure.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_6,
        "Where VIRTIO_F_NOTIFICATION_DATA is not offered, a probe computes queue_notify_off times multiplier plus 2 for each queue: the length must be no less.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_7,
        "Where VIRTIO_F_NOTIFICATION_DATA is offered, notify_off_multiplier must be 0 or a power of two that is a multiple of 4.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_8,
        "Where VIRTIO_F_NOTIFICATION_DATA is offered, the offset of the notification structure must be a multiple of 4.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_9,
        "Where VIRTIO_F_NOTIFICATION_DATA is offered, the notification structure must have 4 bytes at least.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_10,
        "Where VIRTIO_F_NOTIFICATION_DATA is offered, a probe reads queue_notify_off of each queue: 4 bytes at its place must lie within the structure.",
    ),
    (
        id::PCI_DEV_NOTIFYCAP_11,
        "Where VIRTIO_F_NOTIFICATION_DATA is offered, a probe computes queue_notify_off times multiplier plus 4 for each queue: the length must be no less.",
    ),
    // PCI: interrupts
    (
        id::PCI_DEV_ISR_2,
        "The harness changes the capacity; when its interrupt has come, the ISR status must show bit 1.",
    ),
    (id::PCI_DEV_ISR_3, "With MSI-X off, the ISR status must show bit 0 after a used buffer."),
    (
        id::PCI_DEV_ISR_4,
        "With MSI-X off, a probe compares the interrupt bit of the PCI status with the ISR status before a used buffer, after it, and after the ISR status was read.",
    ),
    (id::PCI_DEV_ISR_5, "A probe reads the ISR status twice: the second read must show 0."),
    (id::PCI_DEV_MSIX_1, "A probe reads the size of the MSI-X table: it should be from 2 to 2048."),
    (
        id::PCI_DEV_MSIX_2,
        "A probe maps events to the last vector that the table size promises: the register must read it back.",
    ),
    (
        id::PCI_DEV_MSIX_4,
        "A probe maps both events to each vector (the first 64 and the last) and reads back; then it counts on which vector interrupts come.",
    ),
    (id::PCI_DEV_MSIX_5, "A probe writes NO_VECTOR for each event: the register must read that."),
    (
        id::PCI_DEV_MSIX_6,
        "After each mapping the register must read the vector or NO_VECTOR, and NO_VECTOR after an unmapping.",
    ),
    (id::PCI_DEV_MSIX_7, "A probe maps both events and resets the device: both registers must read NO_VECTOR."),
    (
        id::PCI_DEV_MSIX_8,
        "A probe maps both events to each vector (the first 64 and the last): no mapping should read NO_VECTOR.",
    ),
    (id::PCI_DEV_MSIX_9, "A probe maps an event to the vector behind the table: the register must read NO_VECTOR."),
    (
        id::PCI_DEV_USEDNOTIF_1,
        "A probe unmaps a queue, waits after a used buffer, and counts interrupts: none may come.",
    ),
    (
        id::PCI_DEV_CFGNOTIF_1,
        "A probe unmaps configuration changes, the harness changes the capacity, the probe waits and counts interrupts: none may come.",
    ),
];
