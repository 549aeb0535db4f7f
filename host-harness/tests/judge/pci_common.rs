//! PCI: the common configuration structure, access widths, reset of devices and queues.

use parakit_abi::feature::{Features, NOTIF_CONFIG_DATA, RING_PACKED, RING_RESET, VERSION_1};
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::Common;
use parakit_harness::observe::event::EventKind;

use crate::pci_script::{Pci, disk, disk_offering, field, live};
use crate::script::Script;

#[test]
fn a_bring_up_keeps_the_rules_of_every_transport() {
    live().passes(id::INIT_DRV_SEQ_10);
    live().passes(id::CORE_DRV_STATUS_1);
    live().silent(id::MMIO_DRV_INIT_6);
    let mut early = Script::new(disk());
    early.find().reset_pci().status(1).status(3).status(7);
    early.caught(id::CORE_DRV_STATUS_1, &[id::INIT_DRV_SEQ_7, id::CORE_DRV_RESFEAT_1]);
}

#[test]
fn read_only_fields_are_read_only() {
    live().passes(id::PCI_DRV_COMMON_1);
    for read_only in [
        Common::DeviceFeature,
        Common::NumQueues,
        Common::ConfigGeneration,
        Common::QueueNotifyOff,
        Common::QueueNotifConfigData,
    ] {
        live().common(true, read_only, 0).caught(id::PCI_DRV_COMMON_1, &[]);
    }
    // With a neighbour, by one wide write.
    let offset = Common::ConfigMsixVector.offset();
    let wide = EventKind::PciBar { write: true, bar: 0, offset, width: 4, value: 0 };
    live().push(wide).caught(id::PCI_DRV_COMMON_1, &[id::PCI_DRV_LAYOUT_1]);
}

#[test]
fn sizes_suit_the_ring() {
    let sized = |bits: &[u32], size| {
        let mut script = Script::new(disk_offering(bits));
        script.agree(Features::bit(VERSION_1).with(Features::of(bits))).select(0).size(0, size);
        script
    };
    sized(&[], 64).passes(id::PCI_DRV_COMMON_3);
    for size in [0, 48, 65535] {
        sized(&[], size).caught(id::PCI_DRV_COMMON_3, &[]);
    }
    sized(&[RING_PACKED], 48).passes(id::PCI_DRV_COMMON_2);
    sized(&[RING_PACKED], 0).caught(id::PCI_DRV_COMMON_2, &[]);
}

#[test]
fn a_queue_is_set_up_before_it_is_enabled() {
    live().passes(id::PCI_DRV_COMMON_4);
    let agreed = || {
        let mut script = Script::new(disk());
        script.agree(Features::bit(VERSION_1)).select(0);
        script
    };
    // The size may stay as it is.
    agreed().addresses().enable(0, 1).passes(id::PCI_DRV_COMMON_4);
    agreed().size(0, 64).enable(0, 1).caught(id::PCI_DRV_COMMON_4, &[]);
    agreed().addresses().enable(0, 1).size(0, 64).caught(id::PCI_DRV_COMMON_4, &[]);
    // Another queue may be set up meanwhile.
    agreed().addresses().enable(0, 1).select(1).addresses().enable(1, 1).passes(id::PCI_DRV_COMMON_4);
}

#[test]
fn queues_are_not_disabled_by_a_write() {
    live().passes(id::PCI_DRV_COMMON_6);
    live().enable(0, 0).caught(id::PCI_DRV_COMMON_6, &[]);
}

#[test]
fn a_reset_is_waited_for() {
    live().passes(id::PCI_DRV_COMMON_5);
    let mut script = Script::new(disk());
    script.find().status(0).status(1).caught(id::PCI_DRV_COMMON_5, &[id::CORE_DRV_RESET_1]);
}

fn queue_reset() -> Script {
    let mut script = Script::new(disk_offering(&[RING_RESET]));
    script.up(&[RING_RESET]).select(0).common(true, Common::QueueReset, 1);
    script.push(EventKind::QueueResetWrite { queue: 0, value: 1 });
    script
}

fn reset_is(script: &mut Script, value: u32) -> &mut Script {
    script.common(false, Common::QueueReset, value.into()).push(EventKind::QueueResetRead { queue: 0, value })
}

#[test]
fn a_queue_reset_is_waited_for() {
    reset_is(reset_is(&mut queue_reset(), 1), 0).addresses().enable(0, 1).passes(id::PCI_DRV_COMMON_7);
    reset_is(&mut queue_reset(), 0).addresses().enable(0, 1).passes(id::CORE_DRV_QREENABLE_1);
    reset_is(&mut queue_reset(), 1).addresses().enable(0, 1).caught(id::PCI_DRV_COMMON_7, &[]);
    queue_reset().addresses().enable(0, 1).caught(id::CORE_DRV_QRESET_1, &[]);
    // The addresses are forgotten.
    reset_is(&mut queue_reset(), 0).enable(0, 1).caught(id::CORE_DRV_QREENABLE_1, &[id::PCI_DRV_COMMON_4]);
}

#[test]
fn fields_have_their_width() {
    let capacity = field("capacity");
    live().config_pci(capacity.offset, 4).config_pci(capacity.offset + 4, 4).passes(id::PCI_DRV_LAYOUT_1);
    live().config_pci(capacity.offset, 8).caught(id::PCI_DRV_LAYOUT_1, &[]);
    live().config_pci(capacity.offset + 2, 2).caught(id::PCI_DRV_LAYOUT_1, &[]);
    let at = |field: Common, width| EventKind::PciBar { write: false, bar: 0, offset: field.offset(), width, value: 0 };
    live().push(at(Common::DeviceStatus, 4)).caught(id::PCI_DRV_LAYOUT_1, &[]);
    live().push(at(Common::QueueSize, 1)).caught(id::PCI_DRV_LAYOUT_1, &[]);
    live().push(at(Common::QueueDesc, 8)).caught(id::PCI_DRV_LAYOUT_1, &[]);
    // What lies between and behind the structures has no width.
    live()
        .push(EventKind::PciBar { write: false, bar: 0, offset: 0x9000, width: 1, value: 0 })
        .passes(id::PCI_DRV_LAYOUT_1);
}

#[test]
fn notification_data_of_the_device_is_accepted() {
    let offered = || Script::new(disk_offering(&[NOTIF_CONFIG_DATA]));
    offered().up(&[NOTIF_CONFIG_DATA]).passes(id::CORE_DRV_RESFEAT_13);
    offered().up(&[]).caught(id::CORE_DRV_RESFEAT_13, &[]);
    // Over MMIO there is no place for it.
    Script::offering(&[NOTIF_CONFIG_DATA]).start().silent(id::CORE_DRV_RESFEAT_13);
}
