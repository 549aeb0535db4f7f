// @generated from requirements.csv by `cargo xtask catalogue`. Do not edit.

use super::{Observability, Requirement, Side, Strength};

/// One constant a requirement, named as its id with `_` for `-`.
pub mod id {
    use super::super::RequirementId;

    /// §2.1.1: Status bits written by the driver must track which bring-up steps have been finished.
    pub const CORE_DRV_STATUS_1: RequirementId = RequirementId(0);
    /// §2.1.1: Once a status bit is set the driver may not write it back to zero (other than by a full reset).
    pub const CORE_DRV_STATUS_2: RequirementId = RequirementId(1);
    /// §2.1.1: After writing FAILED, a reset has to come before any new bring-up attempt.
    pub const CORE_DRV_STATUS_3: RequirementId = RequirementId(2);
    /// §2.1.1: With DEVICE_NEEDS_RESET raised, the driver should not count on outstanding work finishing.
    pub const CORE_DRV_STATUS_4: RequirementId = RequirementId(3);
    /// §2.1.2: Before DRIVER_OK the device may neither take buffers nor raise used-buffer notifications.
    pub const CORE_DEV_STATUS_1: RequirementId = RequirementId(4);
    /// §2.1.2: A device that hits an unrecoverable error should raise DEVICE_NEEDS_RESET.
    pub const CORE_DEV_STATUS_2: RequirementId = RequirementId(5);
    /// §2.1.2: Raising DEVICE_NEEDS_RESET while DRIVER_OK is set must be accompanied by a config-change notification.
    pub const CORE_DEV_STATUS_3: RequirementId = RequirementId(6);
    /// §2.2.1: Driver's accepted feature set must be a subset of the offered set.
    pub const CORE_DRV_FEAT_1: RequirementId = RequirementId(7);
    /// §2.2.1: Driver may not accept a feature whose prerequisite feature it did not also accept.
    pub const CORE_DRV_FEAT_2: RequirementId = RequirementId(8);
    /// §2.2.1: Driver has to sanity-check the feature bits the device offers.
    pub const CORE_DRV_FEAT_3: RequirementId = RequirementId(9);
    /// §2.2.1: Bits the driver is not allowed to accept are to be ignored rather than acted on.
    pub const CORE_DRV_FEAT_4: RequirementId = RequirementId(10);
    /// §2.2.1: Never accept a bit the spec does not define.
    pub const CORE_DRV_FEAT_5: RequirementId = RequirementId(11);
    /// §2.2.1: Never accept a bit the spec marks reserved.
    pub const CORE_DRV_FEAT_6: RequirementId = RequirementId(12);
    /// §2.2.1: Never accept a bit that the current transport does not support.
    pub const CORE_DRV_FEAT_7: RequirementId = RequirementId(13);
    /// §2.2.1: Never accept a bit that does not belong to this device type.
    pub const CORE_DRV_FEAT_8: RequirementId = RequirementId(14);
    /// §2.2.1: When a known feature is missing from the offer, fall back to running without it.
    pub const CORE_DRV_FEAT_9: RequirementId = RequirementId(15);
    /// §2.2.1: If no fallback exists for a missing feature, write FAILED and stop bring-up.
    pub const CORE_DRV_FEAT_10: RequirementId = RequirementId(16);
    /// §2.2.1: An unknown offered feature alone is no reason for the driver to give up.
    pub const CORE_DRV_FEAT_11: RequirementId = RequirementId(17);
    /// §2.2.2: Every offered feature must come with its prerequisite features offered too.
    pub const CORE_DEV_FEAT_1: RequirementId = RequirementId(18);
    /// §2.2.2: Any valid subset of the offer should be accepted by the device.
    pub const CORE_DEV_FEAT_2: RequirementId = RequirementId(19);
    /// §2.2.2: When the device rejects the written subset it must leave FEATURES_OK clear.
    pub const CORE_DEV_FEAT_3: RequirementId = RequirementId(20);
    /// §2.2.2: Do not offer bits the device could not honour: undefined, reserved, wrong transport or wrong type.
    pub const CORE_DEV_FEAT_4: RequirementId = RequirementId(21);
    /// §2.2.2: A feature set accepted once should be accepted again after a device or system reset.
    pub const CORE_DEV_FEAT_5: RequirementId = RequirementId(22);
    /// §2.2.3: Transitional driver recognises a legacy device by the missing VERSION_1 offer.
    pub const CORE_DRV_LEGFEAT_1: RequirementId = RequirementId(23);
    /// §2.2.3: Transitional device recognises a legacy driver by VERSION_1 not being acknowledged.
    pub const CORE_DEV_LEGFEAT_1: RequirementId = RequirementId(24);
    /// §2.2.3: Supporting the legacy interface is a choice.
    pub const CORE_ANY_LEGFEAT_1: RequirementId = RequirementId(25);
    /// §2.2.3: On the legacy interface, transitional parties follow the legacy sections.
    pub const CORE_ANY_LEGFEAT_2: RequirementId = RequirementId(26);
    /// §2.4.1: Status reads back as zero after a reset.
    pub const CORE_DEV_RESET_1: RequirementId = RequirementId(27);
    /// §2.4.1: Between reset completion and the next bring-up: no notifications, no queue accesses.
    pub const CORE_DEV_RESET_2: RequirementId = RequirementId(28);
    /// §2.4.2: Driver treats its reset as done only once status reads zero.
    pub const CORE_DRV_RESET_1: RequirementId = RequirementId(29);
    /// §2.5.1: Driver may not rely on reads wider than 32 bits, or across several fields, being atomic.
    pub const CORE_DRV_CONFIG_1: RequirementId = RequirementId(30);
    /// §2.5.1: Config reads should be bracketed by equal generation counts, retrying on mismatch.
    pub const CORE_DRV_CONFIG_2: RequirementId = RequirementId(31);
    /// §2.5.1: Touch an optional config field only when its feature bit is offered.
    pub const CORE_DRV_CONFIG_3: RequirementId = RequirementId(32);
    /// §2.5.1: Driver may not insist on an exact or maximal config structure size.
    pub const CORE_DRV_CONFIG_4: RequirementId = RequirementId(33);
    /// §2.5.1: Only a minimum config size should be checked.
    pub const CORE_DRV_CONFIG_5: RequirementId = RequirementId(34);
    /// §2.5.2: Config fields, including those gated by offered features, are readable before FEATURES_OK.
    pub const CORE_DEV_CONFIG_1: RequirementId = RequirementId(35);
    /// §2.5.4: Legacy: without a generation count, re-read capacity/mac until two reads agree.
    pub const CORE_DRV_LEGCONFIG_1: RequirementId = RequirementId(36);
    /// §2.6.1.1.1: No execution and no notifications for a queue that has been individually reset.
    pub const CORE_DEV_QRESET_1: RequirementId = RequirementId(37);
    /// §2.6.1.1.1: A queue reset puts the queue back to default state, both available and used sides.
    pub const CORE_DEV_QRESET_2: RequirementId = RequirementId(38);
    /// §2.6.1.1.2: After asking for a queue reset the driver has to confirm it took effect.
    pub const CORE_DRV_QRESET_1: RequirementId = RequirementId(39);
    /// §2.6.1.1.2: Queue resources may be freed once the reset is confirmed.
    pub const CORE_DRV_QRESET_2: RequirementId = RequirementId(40);
    /// §2.6.1.2.1: On re-enable the device has to honour any changed queue settings, such as size.
    pub const CORE_DEV_QREENABLE_1: RequirementId = RequirementId(41);
    /// §2.6.1.2.2: Re-enabling a queue needs the full configuration again, though values may differ.
    pub const CORE_DRV_QREENABLE_1: RequirementId = RequirementId(42);
    /// §2.7.1: Each of the three split-ring areas starts at its required alignment (16/2/4).
    pub const VQ_SPLIT_DRV_LAYOUT_1: RequirementId = RequirementId(43);
    /// §2.7.2: Legacy: read the queue size from the device.
    pub const VQ_SPLIT_DRV_LEGLAYOUT_1: RequirementId = RequirementId(44);
    /// §2.7.2: Legacy: allocate exactly the bytes given by the legacy size formula.
    pub const VQ_SPLIT_DEV_LEGLAYOUT_1: RequirementId = RequirementId(45);
    /// §2.7.2: Legacy: both sides use the fixed contiguous ring layout.
    pub const VQ_SPLIT_ANY_LEGLAYOUT_1: RequirementId = RequirementId(46);
    /// §2.7.3: Legacy: ring fields are in guest-native byte order.
    pub const VQ_SPLIT_ANY_LEGENDIAN_1: RequirementId = RequirementId(47);
    /// §2.7.4.1: Device must cope with any split of a request over descriptors.
    pub const VQ_SPLIT_DEV_FRAME_1: RequirementId = RequirementId(48);
    /// §2.7.4.1: A sane limit on chain length is permitted.
    pub const VQ_SPLIT_DEV_FRAME_2: RequirementId = RequirementId(49);
    /// §2.7.4.2: In a chain all device-readable elements come before the device-writable ones.
    pub const VQ_SPLIT_DRV_FRAME_1: RequirementId = RequirementId(50);
    /// §2.7.4.2: Driver should keep the number of descriptors per buffer moderate.
    pub const VQ_SPLIT_DRV_FRAME_2: RequirementId = RequirementId(51);
    /// §2.7.5.1: Device must leave readable buffers unmodified.
    pub const VQ_SPLIT_DEV_DESC_1: RequirementId = RequirementId(52);
    /// §2.7.5.1: Device should not read from writable buffers.
    pub const VQ_SPLIT_DEV_DESC_2: RequirementId = RequirementId(53);
    /// §2.7.5.1: Debug reads of writable buffers are tolerated.
    pub const VQ_SPLIT_DEV_DESC_3: RequirementId = RequirementId(54);
    /// §2.7.5.1: Device never modifies the descriptor table.
    pub const VQ_SPLIT_DEV_DESC_4: RequirementId = RequirementId(55);
    /// §2.7.5.2: A chain totals at most 2^32 bytes, hence no loops.
    pub const VQ_SPLIT_DRV_DESC_1: RequirementId = RequirementId(56);
    /// §2.7.5.2: IN_ORDER: chained descriptors use consecutive table slots, wrapping from last to 0.
    pub const VQ_SPLIT_DRV_DESC_2: RequirementId = RequirementId(57);
    /// §2.7.5.3.1: INDIRECT flag only with VIRTIO_F_INDIRECT_DESC negotiated.
    pub const VQ_SPLIT_DRV_INDIRECT_1: RequirementId = RequirementId(58);
    /// §2.7.5.3.1: No INDIRECT flag inside an indirect table.
    pub const VQ_SPLIT_DRV_INDIRECT_2: RequirementId = RequirementId(59);
    /// §2.7.5.3.1: Chain length never exceeds the queue size.
    pub const VQ_SPLIT_DRV_INDIRECT_3: RequirementId = RequirementId(60);
    /// §2.7.5.3.1: INDIRECT and NEXT are mutually exclusive on one descriptor.
    pub const VQ_SPLIT_DRV_INDIRECT_4: RequirementId = RequirementId(61);
    /// §2.7.5.3.1: IN_ORDER: entries of an indirect table are linked sequentially from 0 upwards.
    pub const VQ_SPLIT_DRV_INDIRECT_5: RequirementId = RequirementId(62);
    /// §2.7.5.3.2: The WRITE flag on a descriptor pointing to an indirect table is disregarded.
    pub const VQ_SPLIT_DEV_INDIRECT_1: RequirementId = RequirementId(63);
    /// §2.7.5.3.2: Direct descriptors followed by one final indirect descriptor must be handled.
    pub const VQ_SPLIT_DEV_INDIRECT_2: RequirementId = RequirementId(64);
    /// §2.7.6.1: Available idx never goes backwards.
    pub const VQ_SPLIT_DRV_AVAIL_1: RequirementId = RequirementId(65);
    /// §2.7.7.1: No EVENT_IDX: avail flags is 0 or 1.
    pub const VQ_SPLIT_DRV_USEDNOTIF_1: RequirementId = RequirementId(66);
    /// §2.7.7.1: No EVENT_IDX: setting avail flags to 1 asks the device to stay quiet.
    pub const VQ_SPLIT_DRV_USEDNOTIF_2: RequirementId = RequirementId(67);
    /// §2.7.7.1: EVENT_IDX: avail flags stays 0.
    pub const VQ_SPLIT_DRV_USEDNOTIF_3: RequirementId = RequirementId(68);
    /// §2.7.7.1: EVENT_IDX: used_event may postpone notifications up to a given used index.
    pub const VQ_SPLIT_DRV_USEDNOTIF_4: RequirementId = RequirementId(69);
    /// §2.7.7.1: Driver copes with notifications that announce nothing.
    pub const VQ_SPLIT_DRV_USEDNOTIF_5: RequirementId = RequirementId(70);
    /// §2.7.7.2: No EVENT_IDX: used_event has no influence on the device.
    pub const VQ_SPLIT_DEV_USEDNOTIF_1: RequirementId = RequirementId(71);
    /// §2.7.7.2: No EVENT_IDX: after a used entry, flags=1 should keep the device silent.
    pub const VQ_SPLIT_DEV_USEDNOTIF_2: RequirementId = RequirementId(72);
    /// §2.7.7.2: No EVENT_IDX: after a used entry, flags=0 obliges the device to notify.
    pub const VQ_SPLIT_DEV_USEDNOTIF_3: RequirementId = RequirementId(73);
    /// §2.7.7.2: EVENT_IDX: bit 0 of avail flags has no influence on the device.
    pub const VQ_SPLIT_DEV_USEDNOTIF_4: RequirementId = RequirementId(74);
    /// §2.7.7.2: EVENT_IDX: device notifies when the used slot just filled equals used_event.
    pub const VQ_SPLIT_DEV_USEDNOTIF_5: RequirementId = RequirementId(75);
    /// §2.7.7.2: EVENT_IDX: otherwise the device should not notify.
    pub const VQ_SPLIT_DEV_USEDNOTIF_6: RequirementId = RequirementId(76);
    /// §2.7.8.2: Used-element len is stored before used idx moves.
    pub const VQ_SPLIT_DEV_USED_1: RequirementId = RequirementId(77);
    /// §2.7.8.2: At least len bytes are present in the writable buffers before used idx moves.
    pub const VQ_SPLIT_DEV_USED_2: RequirementId = RequirementId(78);
    /// §2.7.8.2: More than len bytes may have been written.
    pub const VQ_SPLIT_DEV_USED_3: RequirementId = RequirementId(79);
    /// §2.7.8.3: Driver may not rely on writable-buffer contents past the reported len.
    pub const VQ_SPLIT_DRV_USED_1: RequirementId = RequirementId(80);
    /// §2.7.8.3: Driver should disregard contents past the reported len.
    pub const VQ_SPLIT_DRV_USED_2: RequirementId = RequirementId(81);
    /// §2.7.10.1: Driver zeroes used-ring flags when it allocates the ring.
    pub const VQ_SPLIT_DRV_AVAILNOTIF_1: RequirementId = RequirementId(82);
    /// §2.7.10.1: No EVENT_IDX: avail_event has no influence on the driver.
    pub const VQ_SPLIT_DRV_AVAILNOTIF_2: RequirementId = RequirementId(83);
    /// §2.7.10.1: No EVENT_IDX: used flags=1 should keep the driver from kicking.
    pub const VQ_SPLIT_DRV_AVAILNOTIF_3: RequirementId = RequirementId(84);
    /// §2.7.10.1: No EVENT_IDX: used flags=0 obliges a kick after publishing an entry.
    pub const VQ_SPLIT_DRV_AVAILNOTIF_4: RequirementId = RequirementId(85);
    /// §2.7.10.1: EVENT_IDX: bit 0 of used flags has no influence on the driver.
    pub const VQ_SPLIT_DRV_AVAILNOTIF_5: RequirementId = RequirementId(86);
    /// §2.7.10.1: EVENT_IDX: driver kicks when the avail slot just filled equals avail_event.
    pub const VQ_SPLIT_DRV_AVAILNOTIF_6: RequirementId = RequirementId(87);
    /// §2.7.10.1: EVENT_IDX: otherwise the driver should not kick.
    pub const VQ_SPLIT_DRV_AVAILNOTIF_7: RequirementId = RequirementId(88);
    /// §2.7.10.2: No EVENT_IDX: used flags is 0 or 1.
    pub const VQ_SPLIT_DEV_AVAILNOTIF_1: RequirementId = RequirementId(89);
    /// §2.7.10.2: No EVENT_IDX: device may set flags to 1 to ask for no kicks.
    pub const VQ_SPLIT_DEV_AVAILNOTIF_2: RequirementId = RequirementId(90);
    /// §2.7.10.2: EVENT_IDX: used flags stays 0.
    pub const VQ_SPLIT_DEV_AVAILNOTIF_3: RequirementId = RequirementId(91);
    /// §2.7.10.2: EVENT_IDX: avail_event may postpone kicks up to a given avail index.
    pub const VQ_SPLIT_DEV_AVAILNOTIF_4: RequirementId = RequirementId(92);
    /// §2.7.10.2: Device copes with kicks that announce nothing.
    pub const VQ_SPLIT_DEV_AVAILNOTIF_5: RequirementId = RequirementId(93);
    /// §2.7.13: Several chains may be filled and published in one batch.
    pub const VQ_SPLIT_DRV_TXTSUPPLY_1: RequirementId = RequirementId(94);
    /// §2.7.13.2: Simple drivers may publish one entry at a time.
    pub const VQ_SPLIT_DRV_TXTSUPPLY_2: RequirementId = RequirementId(95);
    /// §2.7.13.2: Several chains may be added before a single idx update.
    pub const VQ_SPLIT_DRV_TXTSUPPLY_3: RequirementId = RequirementId(96);
    /// §2.7.13.3: The device may start on a chain as soon as idx covers it.
    pub const VQ_SPLIT_DEV_TXTIDX_1: RequirementId = RequirementId(97);
    /// §2.7.13.3.1: A barrier separates ring writes from the avail idx store.
    pub const VQ_SPLIT_DRV_IDX_1: RequirementId = RequirementId(98);
    /// §2.7.13.4: The device may suppress kicks it has no use for.
    pub const VQ_SPLIT_DEV_TXTKICK_1: RequirementId = RequirementId(99);
    /// §2.7.13.4.1: A barrier separates the avail idx store from reading used flags / avail_event.
    pub const VQ_SPLIT_DRV_KICK_1: RequirementId = RequirementId(100);
    /// §2.8.11: Each packed-ring area starts at its required alignment (16/4/4).
    pub const VQ_PACKED_DRV_LAYOUT_1: RequirementId = RequirementId(101);
    /// §2.8.12: Descriptors are picked up by the device in ring order.
    pub const VQ_PACKED_DEV_ORDER_1: RequirementId = RequirementId(102);
    /// §2.8.12: Used descriptors go into the ring in completion order.
    pub const VQ_PACKED_DEV_ORDER_2: RequirementId = RequirementId(103);
    /// §2.8.12: Once begun, used-descriptor writes may be reordered.
    pub const VQ_PACKED_DEV_ORDER_3: RequirementId = RequirementId(104);
    /// §2.8.15: Packed: device must leave readable buffers unmodified.
    pub const VQ_PACKED_DEV_DESC_1: RequirementId = RequirementId(105);
    /// §2.8.15: Packed: device should not read writable buffers.
    pub const VQ_PACKED_DEV_DESC_2: RequirementId = RequirementId(106);
    /// §2.8.15: Device acts on a slot only after seeing its AVAIL bit flip.
    pub const VQ_PACKED_DEV_DESC_3: RequirementId = RequirementId(107);
    /// §2.8.15: A slot already marked used is not touched again by the device.
    pub const VQ_PACKED_DEV_DESC_4: RequirementId = RequirementId(108);
    /// §2.8.16: Driver rewrites a slot only after its USED bit flipped.
    pub const VQ_PACKED_DRV_DESC_1: RequirementId = RequirementId(109);
    /// §2.8.16: Driver leaves a slot alone once it flipped AVAIL.
    pub const VQ_PACKED_DRV_DESC_2: RequirementId = RequirementId(110);
    /// §2.8.16: Kick data must point at the next not-yet-published slot and its wrap bit.
    pub const VQ_PACKED_DRV_DESC_3: RequirementId = RequirementId(111);
    /// §2.8.16: Redundant kicks are permitted.
    pub const VQ_PACKED_DRV_DESC_4: RequirementId = RequirementId(112);
    /// §2.8.17: List length stays within the device's stated limit.
    pub const VQ_PACKED_DRV_SG_1: RequirementId = RequirementId(113);
    /// §2.8.17: List length never exceeds the ring size.
    pub const VQ_PACKED_DRV_SG_2: RequirementId = RequirementId(114);
    /// §2.8.17: Packed: readable elements come before writable ones.
    pub const VQ_PACKED_DRV_SG_3: RequirementId = RequirementId(115);
    /// §2.8.17: Driver may not expect the device to use up further descriptors in order to complete a list.
    pub const VQ_PACKED_DRV_SG_4: RequirementId = RequirementId(116);
    /// §2.8.17: There is room for the whole list before its head is published.
    pub const VQ_PACKED_DRV_SG_5: RequirementId = RequirementId(117);
    /// §2.8.17: The head of a list is published last.
    pub const VQ_PACKED_DRV_SG_6: RequirementId = RequirementId(118);
    /// §2.8.18: Descriptors of a NEXT-linked list are used in the order published.
    pub const VQ_PACKED_DEV_SG_1: RequirementId = RequirementId(119);
    /// §2.8.18: A limit on buffers per list is permitted.
    pub const VQ_PACKED_DEV_SG_2: RequirementId = RequirementId(120);
    /// §2.8.19: Packed: INDIRECT flag only with VIRTIO_F_INDIRECT_DESC negotiated.
    pub const VQ_PACKED_DRV_INDIRECT_1: RequirementId = RequirementId(121);
    /// §2.8.19: Packed: WRITE is the only flag permitted inside an indirect table.
    pub const VQ_PACKED_DRV_INDIRECT_2: RequirementId = RequirementId(122);
    /// §2.8.19: Packed: indirect chain length stays within the device's limit.
    pub const VQ_PACKED_DRV_INDIRECT_3: RequirementId = RequirementId(123);
    /// §2.8.19: Packed: INDIRECT descriptors are not mixed into a NEXT-linked list.
    pub const VQ_PACKED_DRV_INDIRECT_4: RequirementId = RequirementId(124);
    /// §2.8.21.1: One request may use a batch of descriptors.
    pub const VQ_PACKED_DRV_TXTFLAGS_1: RequirementId = RequirementId(125);
    /// §2.8.21.1: The device may use a published slot and its successors at once.
    pub const VQ_PACKED_DEV_TXTFLAGS_1: RequirementId = RequirementId(126);
    /// §2.8.21.1.1: A barrier separates slot contents from the flags store.
    pub const VQ_PACKED_DRV_FLAGS_1: RequirementId = RequirementId(127);
    /// §2.8.21.2: Kick suppression through the event structure is permitted.
    pub const VQ_PACKED_DEV_TXTKICK_1: RequirementId = RequirementId(128);
    /// §2.8.21.3.1: A barrier precedes reading the device event-suppression area.
    pub const VQ_PACKED_DRV_KICK_1: RequirementId = RequirementId(129);
    /// §2.10.2: Shared memory regions are for neither device control nor data streaming.
    pub const CORE_DEV_SHM_1: RequirementId = RequirementId(130);
    /// §2.11: UUIDs made for exported objects are best version 4.
    pub const CORE_DEV_TXTEXPORT_1: RequirementId = RequirementId(131);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_1: RequirementId = RequirementId(132);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_2: RequirementId = RequirementId(133);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_3: RequirementId = RequirementId(134);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_4: RequirementId = RequirementId(135);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_5: RequirementId = RequirementId(136);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_6: RequirementId = RequirementId(137);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_7: RequirementId = RequirementId(138);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_8: RequirementId = RequirementId(139);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_9: RequirementId = RequirementId(140);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_10: RequirementId = RequirementId(141);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_11: RequirementId = RequirementId(142);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_12: RequirementId = RequirementId(143);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_13: RequirementId = RequirementId(144);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_14: RequirementId = RequirementId(145);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_15: RequirementId = RequirementId(146);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_16: RequirementId = RequirementId(147);
    /// §2.12.1.1.6: 
    pub const ADMIN_DEV_GROUP_17: RequirementId = RequirementId(148);
    /// §2.12.1.1.7: 
    pub const ADMIN_DRV_GROUP_1: RequirementId = RequirementId(149);
    /// §2.12.1.1.7: 
    pub const ADMIN_DRV_GROUP_2: RequirementId = RequirementId(150);
    /// §2.12.1.1.7: 
    pub const ADMIN_DRV_GROUP_3: RequirementId = RequirementId(151);
    /// §2.12.1.1.7: 
    pub const ADMIN_DRV_GROUP_4: RequirementId = RequirementId(152);
    /// §2.12.1.1.7: 
    pub const ADMIN_DRV_GROUP_5: RequirementId = RequirementId(153);
    /// §2.12.1.1.7: 
    pub const ADMIN_DRV_GROUP_6: RequirementId = RequirementId(154);
    /// §2.12.1.1.7: 
    pub const ADMIN_DRV_GROUP_7: RequirementId = RequirementId(155);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_18: RequirementId = RequirementId(156);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_19: RequirementId = RequirementId(157);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_20: RequirementId = RequirementId(158);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_21: RequirementId = RequirementId(159);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_22: RequirementId = RequirementId(160);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_23: RequirementId = RequirementId(161);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_24: RequirementId = RequirementId(162);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_25: RequirementId = RequirementId(163);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_26: RequirementId = RequirementId(164);
    /// §2.12.1.2.4: 
    pub const ADMIN_DEV_GROUP_27: RequirementId = RequirementId(165);
    /// §2.12.1.2.5: 
    pub const ADMIN_DRV_GROUP_8: RequirementId = RequirementId(166);
    /// §2.12.1.2.5: 
    pub const ADMIN_DRV_GROUP_9: RequirementId = RequirementId(167);
    /// §2.12.1.2.5: 
    pub const ADMIN_DRV_GROUP_10: RequirementId = RequirementId(168);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_28: RequirementId = RequirementId(169);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_29: RequirementId = RequirementId(170);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_30: RequirementId = RequirementId(171);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_31: RequirementId = RequirementId(172);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_32: RequirementId = RequirementId(173);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_33: RequirementId = RequirementId(174);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_34: RequirementId = RequirementId(175);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_35: RequirementId = RequirementId(176);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_36: RequirementId = RequirementId(177);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_37: RequirementId = RequirementId(178);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_38: RequirementId = RequirementId(179);
    /// §2.12.1.3.5: 
    pub const ADMIN_DEV_GROUP_39: RequirementId = RequirementId(180);
    /// §2.12.1.3.6: 
    pub const ADMIN_DRV_GROUP_11: RequirementId = RequirementId(181);
    /// §2.12.1.3.6: 
    pub const ADMIN_DRV_GROUP_12: RequirementId = RequirementId(182);
    /// §2.12.1.3.6: 
    pub const ADMIN_DRV_GROUP_13: RequirementId = RequirementId(183);
    /// §2.12.1.3.6: 
    pub const ADMIN_DRV_GROUP_14: RequirementId = RequirementId(184);
    /// §2.12.1.3.6: 
    pub const ADMIN_DRV_GROUP_15: RequirementId = RequirementId(185);
    /// §2.12.1.3.6: 
    pub const ADMIN_DRV_GROUP_16: RequirementId = RequirementId(186);
    /// §2.12.1.3.6: 
    pub const ADMIN_DRV_GROUP_17: RequirementId = RequirementId(187);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_40: RequirementId = RequirementId(188);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_41: RequirementId = RequirementId(189);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_42: RequirementId = RequirementId(190);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_43: RequirementId = RequirementId(191);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_44: RequirementId = RequirementId(192);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_45: RequirementId = RequirementId(193);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_46: RequirementId = RequirementId(194);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_47: RequirementId = RequirementId(195);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_48: RequirementId = RequirementId(196);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_49: RequirementId = RequirementId(197);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_50: RequirementId = RequirementId(198);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_51: RequirementId = RequirementId(199);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_52: RequirementId = RequirementId(200);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_53: RequirementId = RequirementId(201);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_54: RequirementId = RequirementId(202);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_55: RequirementId = RequirementId(203);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_56: RequirementId = RequirementId(204);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_57: RequirementId = RequirementId(205);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_58: RequirementId = RequirementId(206);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_59: RequirementId = RequirementId(207);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_60: RequirementId = RequirementId(208);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_61: RequirementId = RequirementId(209);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_62: RequirementId = RequirementId(210);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_63: RequirementId = RequirementId(211);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_64: RequirementId = RequirementId(212);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_65: RequirementId = RequirementId(213);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_66: RequirementId = RequirementId(214);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_67: RequirementId = RequirementId(215);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_68: RequirementId = RequirementId(216);
    /// §2.12.1.4.4.1: 
    pub const ADMIN_DEV_GROUP_69: RequirementId = RequirementId(217);
    /// §2.12.1.4.4.2: 
    pub const ADMIN_DRV_GROUP_18: RequirementId = RequirementId(218);
    /// §2.12.1.4.4.2: 
    pub const ADMIN_DRV_GROUP_19: RequirementId = RequirementId(219);
    /// §2.12.1.4.4.2: 
    pub const ADMIN_DRV_GROUP_20: RequirementId = RequirementId(220);
    /// §2.12.1.4.4.2: 
    pub const ADMIN_DRV_GROUP_21: RequirementId = RequirementId(221);
    /// §2.12.1.4.4.2: 
    pub const ADMIN_DRV_GROUP_22: RequirementId = RequirementId(222);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_70: RequirementId = RequirementId(223);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_71: RequirementId = RequirementId(224);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_72: RequirementId = RequirementId(225);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_73: RequirementId = RequirementId(226);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_74: RequirementId = RequirementId(227);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_75: RequirementId = RequirementId(228);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_76: RequirementId = RequirementId(229);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_77: RequirementId = RequirementId(230);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_78: RequirementId = RequirementId(231);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_79: RequirementId = RequirementId(232);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_80: RequirementId = RequirementId(233);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_81: RequirementId = RequirementId(234);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_82: RequirementId = RequirementId(235);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_83: RequirementId = RequirementId(236);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_84: RequirementId = RequirementId(237);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_85: RequirementId = RequirementId(238);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_86: RequirementId = RequirementId(239);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_87: RequirementId = RequirementId(240);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_88: RequirementId = RequirementId(241);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_89: RequirementId = RequirementId(242);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_90: RequirementId = RequirementId(243);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_91: RequirementId = RequirementId(244);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_92: RequirementId = RequirementId(245);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_93: RequirementId = RequirementId(246);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_94: RequirementId = RequirementId(247);
    /// §2.12.1.5: 
    pub const ADMIN_DEV_GROUP_95: RequirementId = RequirementId(248);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_23: RequirementId = RequirementId(249);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_24: RequirementId = RequirementId(250);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_25: RequirementId = RequirementId(251);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_26: RequirementId = RequirementId(252);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_27: RequirementId = RequirementId(253);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_28: RequirementId = RequirementId(254);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_29: RequirementId = RequirementId(255);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_30: RequirementId = RequirementId(256);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_31: RequirementId = RequirementId(257);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_32: RequirementId = RequirementId(258);
    /// §2.12.1.6: 
    pub const ADMIN_DRV_GROUP_33: RequirementId = RequirementId(259);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_1: RequirementId = RequirementId(260);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_2: RequirementId = RequirementId(261);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_3: RequirementId = RequirementId(262);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_4: RequirementId = RequirementId(263);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_5: RequirementId = RequirementId(264);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_6: RequirementId = RequirementId(265);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_7: RequirementId = RequirementId(266);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_8: RequirementId = RequirementId(267);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_9: RequirementId = RequirementId(268);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_10: RequirementId = RequirementId(269);
    /// §2.13.1: 
    pub const ADMIN_DEV_VQ_11: RequirementId = RequirementId(270);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_1: RequirementId = RequirementId(271);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_2: RequirementId = RequirementId(272);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_3: RequirementId = RequirementId(273);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_4: RequirementId = RequirementId(274);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_5: RequirementId = RequirementId(275);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_6: RequirementId = RequirementId(276);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_7: RequirementId = RequirementId(277);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_8: RequirementId = RequirementId(278);
    /// §2.13.2: 
    pub const ADMIN_DRV_VQ_9: RequirementId = RequirementId(279);
    /// §3.1.1: Bring-up step 1: reset.
    pub const INIT_DRV_SEQ_1: RequirementId = RequirementId(280);
    /// §3.1.1: Bring-up step 2: set ACKNOWLEDGE.
    pub const INIT_DRV_SEQ_2: RequirementId = RequirementId(281);
    /// §3.1.1: Bring-up step 3: set DRIVER.
    pub const INIT_DRV_SEQ_3: RequirementId = RequirementId(282);
    /// §3.1.1: Bring-up step 4: read the offer, write back a supported subset.
    pub const INIT_DRV_SEQ_4: RequirementId = RequirementId(283);
    /// §3.1.1: Config reads are fine during feature negotiation.
    pub const INIT_DRV_SEQ_5: RequirementId = RequirementId(284);
    /// §3.1.1: No config writes during feature negotiation.
    pub const INIT_DRV_SEQ_6: RequirementId = RequirementId(285);
    /// §3.1.1: Bring-up step 5: set FEATURES_OK.
    pub const INIT_DRV_SEQ_7: RequirementId = RequirementId(286);
    /// §3.1.1: Feature set is frozen after FEATURES_OK.
    pub const INIT_DRV_SEQ_8: RequirementId = RequirementId(287);
    /// §3.1.1: Bring-up step 6: read status back and stop if FEATURES_OK did not stick.
    pub const INIT_DRV_SEQ_9: RequirementId = RequirementId(288);
    /// §3.1.1: Bring-up step 7: device-specific setup and queue configuration.
    pub const INIT_DRV_SEQ_10: RequirementId = RequirementId(289);
    /// §3.1.1: Bring-up step 8: set DRIVER_OK last.
    pub const INIT_DRV_SEQ_11: RequirementId = RequirementId(290);
    /// §3.1.1: An unrecoverable bring-up error should be reported by setting FAILED.
    pub const INIT_DRV_SEQ_12: RequirementId = RequirementId(291);
    /// §3.1.1: No further bring-up steps after such an error.
    pub const INIT_DRV_SEQ_13: RequirementId = RequirementId(292);
    /// §3.1.1: No kicks before DRIVER_OK.
    pub const INIT_DRV_SEQ_14: RequirementId = RequirementId(293);
    /// §3.1.2: Legacy: same sequence without the FEATURES_OK steps.
    pub const INIT_DRV_LEGSEQ_1: RequirementId = RequirementId(294);
    /// §3.1.2: Legacy: config writes before feature negotiation must work.
    pub const INIT_DEV_LEGSEQ_1: RequirementId = RequirementId(295);
    /// §3.1.2: Legacy: use before DRIVER_OK must work.
    pub const INIT_DEV_LEGSEQ_2: RequirementId = RequirementId(296);
    /// §3.3.1: Descriptors of outstanding buffers on a live queue are left untouched.
    pub const INIT_DRV_CLEANUP_1: RequirementId = RequirementId(297);
    /// §3.3.1: Reset (device or queue) comes before withdrawing outstanding buffers.
    pub const INIT_DRV_CLEANUP_2: RequirementId = RequirementId(298);
    /// §3.4.1: SUSPEND should be set only with DRIVER_OK on and VIRTIO_F_SUSPEND negotiated.
    pub const CORE_DRV_SUSPEND_1: RequirementId = RequirementId(299);
    /// §3.4.1: After setting SUSPEND, re-read status until SUSPEND=1 and DRIVER_OK=0.
    pub const CORE_DRV_SUSPEND_2: RequirementId = RequirementId(300);
    /// §3.4.1: No new buffers are published once SUSPEND is set.
    pub const CORE_DRV_SUSPEND_3: RequirementId = RequirementId(301);
    /// §3.4.1: No kicks once SUSPEND is set.
    pub const CORE_DRV_SUSPEND_4: RequirementId = RequirementId(302);
    /// §3.4.1: No config changes once SUSPEND is set, status aside.
    pub const CORE_DRV_SUSPEND_5: RequirementId = RequirementId(303);
    /// §3.4.1: Resume: wait for SUSPEND=0 and DRIVER_OK=1 before normal work.
    pub const CORE_DRV_SUSPEND_6: RequirementId = RequirementId(304);
    /// §3.4.2: SUSPEND writes before bring-up is complete have no effect.
    pub const CORE_DEV_SUSPEND_1: RequirementId = RequirementId(305);
    /// §3.4.2: Config writes while suspended should have no effect, status aside.
    pub const CORE_DEV_SUSPEND_2: RequirementId = RequirementId(306);
    /// §3.4.2: While suspended: no queue notifications, no queue access, no config field changes.
    pub const CORE_DEV_SUSPEND_3: RequirementId = RequirementId(307);
    /// §3.4.2: Config-change notifications are held back while suspended.
    pub const CORE_DEV_SUSPEND_4: RequirementId = RequirementId(308);
    /// §3.4.2: Held-back config-change notification is delivered at resume.
    pub const CORE_DEV_SUSPEND_5: RequirementId = RequirementId(309);
    /// §3.4.2: A suspend request ends in suspension or in DEVICE_NEEDS_RESET.
    pub const CORE_DEV_SUSPEND_6: RequirementId = RequirementId(310);
    /// §3.4.2: A resume request ends in normal running or in DEVICE_NEEDS_RESET.
    pub const CORE_DEV_SUSPEND_7: RequirementId = RequirementId(311);
    /// §3.4.2: Before reporting suspended, the device should stop taking buffers.
    pub const CORE_DEV_SUSPEND_8: RequirementId = RequirementId(312);
    /// §3.4.2: Before reporting suspended, buffers in progress should be finished and used.
    pub const CORE_DEV_SUSPEND_9: RequirementId = RequirementId(313);
    /// §3.4.2: Before reporting suspended, outstanding used-buffer notifications should be sent.
    pub const CORE_DEV_SUSPEND_10: RequirementId = RequirementId(314);
    /// §4.1.1: The function presents a PCI/PCI-X/PCIe compliant interface to the guest.
    pub const PCI_DEV_BUS_1: RequirementId = RequirementId(315);
    /// §4.1.2: Transitional PCI device IDs 0x1000-0x103f may be used.
    pub const PCI_DEV_TXTDISCOVERY_1: RequirementId = RequirementId(316);
    /// §4.1.2.1: PCI vendor ID is 0x1af4.
    pub const PCI_DEV_DISCOVERY_1: RequirementId = RequirementId(317);
    /// §4.1.2.1: PCI device ID is 0x1040 + virtio type, or the type's transitional ID.
    pub const PCI_DEV_DISCOVERY_2: RequirementId = RequirementId(318);
    /// §4.1.2.1: Subsystem IDs may carry environment information.
    pub const PCI_DEV_DISCOVERY_3: RequirementId = RequirementId(319);
    /// §4.1.2.1: Non-transitional: device ID should lie in 0x1040-0x107f.
    pub const PCI_DEV_DISCOVERY_4: RequirementId = RequirementId(320);
    /// §4.1.2.1: Non-transitional: revision should be at least 1.
    pub const PCI_DEV_DISCOVERY_5: RequirementId = RequirementId(321);
    /// §4.1.2.1: Non-transitional: subsystem device ID should be at least 0x40.
    pub const PCI_DEV_DISCOVERY_6: RequirementId = RequirementId(322);
    /// §4.1.2.2: Driver binds to 0x1af4 with device ID 0x1040 + type.
    pub const PCI_DRV_DISCOVERY_1: RequirementId = RequirementId(323);
    /// §4.1.2.2: Driver also binds to the transitional ID where the type has one.
    pub const PCI_DRV_DISCOVERY_2: RequirementId = RequirementId(324);
    /// §4.1.2.2: Driver binds whatever the revision ID.
    pub const PCI_DRV_DISCOVERY_3: RequirementId = RequirementId(325);
    /// §4.1.2.2: Subsystem IDs need not be examined.
    pub const PCI_DRV_DISCOVERY_4: RequirementId = RequirementId(326);
    /// §4.1.2.3: Transitional devices report revision 0.
    pub const PCI_DEV_LEGDISCOVERY_1: RequirementId = RequirementId(327);
    /// §4.1.2.3: Transitional devices put the virtio type in the subsystem device ID.
    pub const PCI_DEV_LEGDISCOVERY_2: RequirementId = RequirementId(328);
    /// §4.1.2.3: Transitional devices use a device ID in 0x1000-0x103f.
    pub const PCI_DEV_LEGDISCOVERY_3: RequirementId = RequirementId(329);
    /// §4.1.3.1: Config accesses use the field's natural width and alignment, 32 bits for 64-bit fields.
    pub const PCI_DRV_LAYOUT_1: RequirementId = RequirementId(330);
    /// §4.1.3.1: Halves of a 64-bit field may be accessed separately.
    pub const PCI_DRV_LAYOUT_2: RequirementId = RequirementId(331);
    /// §4.1.3.2: The device permits separate access to both halves of a 64-bit field.
    pub const PCI_DEV_LAYOUT_1: RequirementId = RequirementId(332);
    /// §4.1.4: cap_len may cover padding or fields the driver does not use.
    pub const PCI_DEV_TXTCAP_1: RequirementId = RequirementId(333);
    /// §4.1.4: Several structures of one type may be offered.
    pub const PCI_DEV_TXTCAP_2: RequirementId = RequirementId(334);
    /// §4.1.4: Structure length may cover padding or future fields.
    pub const PCI_DEV_TXTCAP_3: RequirementId = RequirementId(335);
    /// §4.1.4.1: Virtio capabilities with a reserved cfg_type are skipped.
    pub const PCI_DRV_CAP_1: RequirementId = RequirementId(336);
    /// §4.1.4.1: The first usable instance of each structure type should be chosen.
    pub const PCI_DRV_CAP_2: RequirementId = RequirementId(337);
    /// §4.1.4.1: Oversized cap_len is accepted.
    pub const PCI_DRV_CAP_3: RequirementId = RequirementId(338);
    /// §4.1.4.1: Virtio capabilities with a reserved BAR number are skipped.
    pub const PCI_DRV_CAP_4: RequirementId = RequirementId(339);
    /// §4.1.4.1: Only the needed part of a structure should be mapped.
    pub const PCI_DRV_CAP_5: RequirementId = RequirementId(340);
    /// §4.1.4.1: Oversized length is accepted.
    pub const PCI_DRV_CAP_6: RequirementId = RequirementId(341);
    /// §4.1.4.1: A check that length is sufficient is permitted.
    pub const PCI_DRV_CAP_7: RequirementId = RequirementId(342);
    /// §4.1.4.1: Capability structures are read-only for the driver, apart from the PCI_CFG one.
    pub const PCI_DRV_CAP_8: RequirementId = RequirementId(343);
    /// §4.1.4.2: cap_len counts any additional bytes of the capability.
    pub const PCI_DEV_CAP_1: RequirementId = RequirementId(344);
    /// §4.1.4.2: More bytes may follow a structure.
    pub const PCI_DEV_CAP_2: RequirementId = RequirementId(345);
    /// §4.1.4.2: Multiple instances should be sorted best first.
    pub const PCI_DEV_CAP_3: RequirementId = RequirementId(346);
    /// §4.1.4.3.1: Common-config structure offset is 4-byte aligned.
    pub const PCI_DEV_COMMON_1: RequirementId = RequirementId(347);
    /// §4.1.4.3.1: A common-config capability exists.
    pub const PCI_DEV_COMMON_2: RequirementId = RequirementId(348);
    /// §4.1.4.3.1: device_feature shows the 32-bit window chosen by device_feature_select.
    pub const PCI_DEV_COMMON_3: RequirementId = RequirementId(349);
    /// §4.1.4.3.1: driver_feature reads back valid accepted bits for the chosen window.
    pub const PCI_DEV_COMMON_4: RequirementId = RequirementId(350);
    /// §4.1.4.3.1: Invalid written bits may read back.
    pub const PCI_DEV_COMMON_5: RequirementId = RequirementId(351);
    /// §4.1.4.3.1: config_generation changes once a changed config value has been read since the last read.
    pub const PCI_DEV_COMMON_6: RequirementId = RequirementId(352);
    /// §4.1.4.3.1: Writing status 0 resets the device and reads as 0 when finished.
    pub const PCI_DEV_COMMON_7: RequirementId = RequirementId(353);
    /// §4.1.4.3.1: queue_enable is 0 after reset.
    pub const PCI_DEV_COMMON_8: RequirementId = RequirementId(354);
    /// §4.1.4.3.1: RING_RESET: queue_reset is 0 after device reset.
    pub const PCI_DEV_COMMON_9: RequirementId = RequirementId(355);
    /// §4.1.4.3.1: RING_RESET: queue_reset is 0 after the queue is enabled.
    pub const PCI_DEV_COMMON_10: RequirementId = RequirementId(356);
    /// §4.1.4.3.1: Writing queue_reset=1 resets that queue.
    pub const PCI_DEV_COMMON_11: RequirementId = RequirementId(357);
    /// §4.1.4.3.1: queue_reset stays 1 for as long as the queue reset takes.
    pub const PCI_DEV_COMMON_12: RequirementId = RequirementId(358);
    /// §4.1.4.3.1: queue_reset and queue_enable both read 0 once the queue reset is finished.
    pub const PCI_DEV_COMMON_13: RequirementId = RequirementId(359);
    /// §4.1.4.3.1: queue_size reads 0 for a queue that does not exist.
    pub const PCI_DEV_COMMON_14: RequirementId = RequirementId(360);
    /// §4.1.4.3.1: Split rings: queue_size is zero or a power of two.
    pub const PCI_DEV_COMMON_15: RequirementId = RequirementId(361);
    /// §4.1.4.3.1: Admin queue indices start at or above num_queues.
    pub const PCI_DEV_COMMON_16: RequirementId = RequirementId(362);
    /// §4.1.4.3.1: Admin queue indices fit within 16 bits.
    pub const PCI_DEV_COMMON_17: RequirementId = RequirementId(363);
    /// §4.1.4.3.2: Driver does not write the read-only common-config fields.
    pub const PCI_DRV_COMMON_1: RequirementId = RequirementId(364);
    /// §4.1.4.3.2: Packed: queue_size 0 is not written.
    pub const PCI_DRV_COMMON_2: RequirementId = RequirementId(365);
    /// §4.1.4.3.2: Split: only power-of-two queue sizes are written.
    pub const PCI_DRV_COMMON_3: RequirementId = RequirementId(366);
    /// §4.1.4.3.2: All queue settings precede queue_enable.
    pub const PCI_DRV_COMMON_4: RequirementId = RequirementId(367);
    /// §4.1.4.3.2: After writing status 0, poll until it reads 0 before bring-up.
    pub const PCI_DRV_COMMON_5: RequirementId = RequirementId(368);
    /// §4.1.4.3.2: queue_enable is never written with 0.
    pub const PCI_DRV_COMMON_6: RequirementId = RequirementId(369);
    /// §4.1.4.3.2: RING_RESET: the queue is usable again only after queue_reset reads 0.
    pub const PCI_DRV_COMMON_7: RequirementId = RequirementId(370);
    /// §4.1.4.3.2: A reset queue may be enabled again after being set up.
    pub const PCI_DRV_COMMON_8: RequirementId = RequirementId(371);
    /// §4.1.4.3.2: Queue settings may differ after a queue reset.
    pub const PCI_DRV_COMMON_9: RequirementId = RequirementId(372);
    /// §4.1.4.3.2: Admin queues are configured only at the indices the device assigns.
    pub const PCI_DRV_COMMON_10: RequirementId = RequirementId(373);
    /// §4.1.4.3.2: Fewer admin queues than offered may be used.
    pub const PCI_DRV_COMMON_11: RequirementId = RequirementId(374);
    /// §4.1.4.4.1: A notification capability exists.
    pub const PCI_DEV_NOTIFYCAP_1: RequirementId = RequirementId(375);
    /// §4.1.4.4.1: Notify cap offset is 2-byte aligned (without NOTIFICATION_DATA).
    pub const PCI_DEV_NOTIFYCAP_2: RequirementId = RequirementId(376);
    /// §4.1.4.4.1: notify_off_multiplier is 0 or an even power of two (without NOTIFICATION_DATA).
    pub const PCI_DEV_NOTIFYCAP_3: RequirementId = RequirementId(377);
    /// §4.1.4.4.1: Notify region is at least 2 bytes (without NOTIFICATION_DATA).
    pub const PCI_DEV_NOTIFYCAP_4: RequirementId = RequirementId(378);
    /// §4.1.4.4.1: Notify region is large enough for the offsets of all queues (without NOTIFICATION_DATA).
    pub const PCI_DEV_NOTIFYCAP_5: RequirementId = RequirementId(379);
    /// §4.1.4.4.1: Per-queue formula: cap.length \>= queue_notify_off*multiplier+2 (without NOTIFICATION_DATA).
    pub const PCI_DEV_NOTIFYCAP_6: RequirementId = RequirementId(380);
    /// §4.1.4.4.1: NOTIFICATION_DATA: notify_off_multiplier is 0 or a power of two divisible by 4.
    pub const PCI_DEV_NOTIFYCAP_7: RequirementId = RequirementId(381);
    /// §4.1.4.4.1: NOTIFICATION_DATA: notify cap offset is 4-byte aligned.
    pub const PCI_DEV_NOTIFYCAP_8: RequirementId = RequirementId(382);
    /// §4.1.4.4.1: NOTIFICATION_DATA: notify region is at least 4 bytes.
    pub const PCI_DEV_NOTIFYCAP_9: RequirementId = RequirementId(383);
    /// §4.1.4.4.1: NOTIFICATION_DATA: notify region is large enough for the offsets of all queues.
    pub const PCI_DEV_NOTIFYCAP_10: RequirementId = RequirementId(384);
    /// §4.1.4.4.1: NOTIFICATION_DATA: per-queue formula, cap.length \>= queue_notify_off*multiplier+4.
    pub const PCI_DEV_NOTIFYCAP_11: RequirementId = RequirementId(385);
    /// §4.1.4.5.1: An ISR capability exists.
    pub const PCI_DEV_ISR_1: RequirementId = RequirementId(386);
    /// §4.1.4.5.1: Config-change bit in ISR is set before a config-change notification.
    pub const PCI_DEV_ISR_2: RequirementId = RequirementId(387);
    /// §4.1.4.5.1: INTx: queue bit in ISR is set before a queue interrupt.
    pub const PCI_DEV_ISR_3: RequirementId = RequirementId(388);
    /// §4.1.4.5.1: INTx: PCI Interrupt Status bit follows the OR of the ISR bits.
    pub const PCI_DEV_ISR_4: RequirementId = RequirementId(389);
    /// §4.1.4.5.1: Reading ISR clears it.
    pub const PCI_DEV_ISR_5: RequirementId = RequirementId(390);
    /// §4.1.4.5.2: With MSI-X enabled, queue interrupts should not lead to ISR reads.
    pub const PCI_DRV_ISR_1: RequirementId = RequirementId(391);
    /// §4.1.4.6: A device-config capability exists for types that have config space.
    pub const PCI_DEV_TXTDEVCFG_1: RequirementId = RequirementId(392);
    /// §4.1.4.6.1: Device-config offset is 4-byte aligned.
    pub const PCI_DEV_DEVCFG_1: RequirementId = RequirementId(393);
    /// §4.1.4.7.1: A shared-memory region lies wholly inside its BAR.
    pub const PCI_DEV_SHMCAP_1: RequirementId = RequirementId(394);
    /// §4.1.4.7.1: Shared-memory ids do not repeat within a device.
    pub const PCI_DEV_SHMCAP_2: RequirementId = RequirementId(395);
    /// §4.1.4.8: Reading a vendor-data capability changes nothing.
    pub const PCI_DRV_TXTVENDOR_1: RequirementId = RequirementId(396);
    /// §4.1.4.8.1: vendor_id in a vendor-data capability is not 0x1af4.
    pub const PCI_DEV_VENDOR_1: RequirementId = RequirementId(397);
    /// §4.1.4.8.1: Vendor-data capability size is divisible by 4.
    pub const PCI_DEV_VENDOR_2: RequirementId = RequirementId(398);
    /// §4.1.4.8.1: Reading a vendor-data capability changes nothing (normative form).
    pub const PCI_DEV_VENDOR_3: RequirementId = RequirementId(399);
    /// §4.1.4.8.2: Vendor data should serve only debugging and reporting.
    pub const PCI_DRV_VENDOR_1: RequirementId = RequirementId(400);
    /// §4.1.4.8.2: vendor_id is checked before vendor data is interpreted or written.
    pub const PCI_DRV_VENDOR_2: RequirementId = RequirementId(401);
    /// §4.1.4.9.1: A PCI_CFG access capability exists.
    pub const PCI_DEV_CFGACCESS_1: RequirementId = RequirementId(402);
    /// §4.1.4.9.1: Writing pci_cfg_data performs a BAR write at the chosen bar/offset/length.
    pub const PCI_DEV_CFGACCESS_2: RequirementId = RequirementId(403);
    /// §4.1.4.9.1: Reading pci_cfg_data performs a BAR read at the chosen bar/offset/length.
    pub const PCI_DEV_CFGACCESS_3: RequirementId = RequirementId(404);
    /// §4.1.4.9.2: PCI_CFG window: offset is a multiple of length.
    pub const PCI_DRV_CFGACCESS_1: RequirementId = RequirementId(405);
    /// §4.1.4.9.2: PCI_CFG window: accesses are aligned.
    pub const PCI_DRV_CFGACCESS_2: RequirementId = RequirementId(406);
    /// §4.1.4.9.2: PCI_CFG window: target bytes lie inside a structure described by another virtio capability.
    pub const PCI_DRV_CFGACCESS_3: RequirementId = RequirementId(407);
    /// §4.1.4.10: Transitional: legacy register block sits in BAR0 I/O space.
    pub const PCI_DEV_LEGLAYOUT_1: RequirementId = RequirementId(408);
    /// §4.1.4.10: Legacy use: driver works through the BAR0 I/O block.
    pub const PCI_DRV_LEGLAYOUT_1: RequirementId = RequirementId(409);
    /// §4.1.4.10: Legacy use: any access width to device config is allowed.
    pub const PCI_DRV_LEGLAYOUT_2: RequirementId = RequirementId(410);
    /// §4.1.4.10: Legacy use: results do not depend on the access width.
    pub const PCI_DEV_LEGLAYOUT_2: RequirementId = RequirementId(411);
    /// §4.1.4.10: Legacy use: driver finds device config right after the general header.
    pub const PCI_DRV_LEGLAYOUT_3: RequirementId = RequirementId(412);
    /// §4.1.4.10: Legacy use: device puts device config right after the general header.
    pub const PCI_DEV_LEGLAYOUT_3: RequirementId = RequirementId(413);
    /// §4.1.4.10: Legacy use: feature bits 32-63 count as not accepted.
    pub const PCI_DEV_LEGLAYOUT_4: RequirementId = RequirementId(414);
    /// §4.1.4.11.0.1: Advised for non-transitional devices with legacy-driver IDs: offer an I/O BAR0.
    pub const PCI_DEV_LEGLAYOUT_5: RequirementId = RequirementId(415);
    /// §4.1.4.11.0.1: Advised there too: a zero byte to BAR0+18 switches all BARs to zeros and ignored writes.
    pub const PCI_DEV_LEGLAYOUT_6: RequirementId = RequirementId(416);
    /// §4.1.5.1.1.1: Transitional: legacy interface is exposed in BAR0 I/O space.
    pub const PCI_DEV_LEGDETECT_1: RequirementId = RequirementId(417);
    /// §4.1.5.1.1.1: Transitional drivers look for virtio capabilities.
    pub const PCI_DRV_LEGDETECT_1: RequirementId = RequirementId(418);
    /// §4.1.5.1.1.1: No virtio capabilities: transitional driver assumes legacy and uses that interface.
    pub const PCI_DRV_LEGDETECT_2: RequirementId = RequirementId(419);
    /// §4.1.5.1.1.1: Non-transitional drivers look for virtio capabilities.
    pub const PCI_DRV_LEGDETECT_3: RequirementId = RequirementId(420);
    /// §4.1.5.1.1.1: No virtio capabilities: non-transitional driver gives up cleanly.
    pub const PCI_DRV_LEGDETECT_4: RequirementId = RequirementId(421);
    /// §4.1.5.1.2.1: MSI-X devices should support from 2 to 0x800 vectors.
    pub const PCI_DEV_MSIX_1: RequirementId = RequirementId(422);
    /// §4.1.5.1.2.1: MSI-X Table Size reports the number of supported vectors.
    pub const PCI_DEV_MSIX_2: RequirementId = RequirementId(423);
    /// §4.1.5.1.2.1: MSI-X table size should be no larger than useful.
    pub const PCI_DEV_MSIX_3: RequirementId = RequirementId(424);
    /// §4.1.5.1.2.1: Any event may be mapped to any vector in the table.
    pub const PCI_DEV_MSIX_4: RequirementId = RequirementId(425);
    /// §4.1.5.1.2.1: Any event may be unmapped.
    pub const PCI_DEV_MSIX_5: RequirementId = RequirementId(426);
    /// §4.1.5.1.2.1: Vector registers read back the mapping, NO_VECTOR when unmapped.
    pub const PCI_DEV_MSIX_6: RequirementId = RequirementId(427);
    /// §4.1.5.1.2.1: Reset unmaps all events.
    pub const PCI_DEV_MSIX_7: RequirementId = RequirementId(428);
    /// §4.1.5.1.2.1: Mapping requests should not fail without cause.
    pub const PCI_DEV_MSIX_8: RequirementId = RequirementId(429);
    /// §4.1.5.1.2.1: A failed mapping reads back NO_VECTOR.
    pub const PCI_DEV_MSIX_9: RequirementId = RequirementId(430);
    /// §4.1.5.1.2.2: Driver works with any MSI-X table size.
    pub const PCI_DRV_MSIX_1: RequirementId = RequirementId(431);
    /// §4.1.5.1.2.2: With a single vector the driver may use INTx instead.
    pub const PCI_DRV_MSIX_2: RequirementId = RequirementId(432);
    /// §4.1.5.1.2.2: Table size may be taken as a hint.
    pub const PCI_DRV_MSIX_3: RequirementId = RequirementId(433);
    /// §4.1.5.1.2.2: Driver maps only to vectors inside the table.
    pub const PCI_DRV_MSIX_4: RequirementId = RequirementId(434);
    /// §4.1.5.1.2.2: Every mapping is read back to confirm it.
    pub const PCI_DRV_MSIX_5: RequirementId = RequirementId(435);
    /// §4.1.5.1.2.2: On mapping failure: retry with fewer, drop MSI-X, or report failure.
    pub const PCI_DRV_MSIX_6: RequirementId = RequirementId(436);
    /// §4.1.5.2.1: No NOTIFICATION_DATA: kicks are 16-bit writes.
    pub const PCI_DRV_KICK_1: RequirementId = RequirementId(437);
    /// §4.1.5.2.1: NOTIFICATION_DATA: kicks are 32-bit writes.
    pub const PCI_DRV_KICK_2: RequirementId = RequirementId(438);
    /// §4.1.5.2.1: Plain kick: value is the queue index.
    pub const PCI_DRV_KICK_3: RequirementId = RequirementId(439);
    /// §4.1.5.2.1: NOTIFICATION_DATA kick: vq_index is the queue index.
    pub const PCI_DRV_KICK_4: RequirementId = RequirementId(440);
    /// §4.1.5.2.1: NOTIF_CONFIG_DATA kick: value is queue_notif_config_data.
    pub const PCI_DRV_KICK_5: RequirementId = RequirementId(441);
    /// §4.1.5.2.1: NOTIF_CONFIG_DATA with NOTIFICATION_DATA: index part is queue_notif_config_data.
    pub const PCI_DRV_KICK_6: RequirementId = RequirementId(442);
    /// §4.1.5.3.1: MSI-X with an unmapped queue: no interrupt for that queue.
    pub const PCI_DEV_USEDNOTIF_1: RequirementId = RequirementId(443);
    /// §4.1.5.4: One interrupt may stand for both queue and config events.
    pub const PCI_DEV_TXTCFGNOTIF_1: RequirementId = RequirementId(444);
    /// §4.1.5.4.1: MSI-X with unmapped config event: no config-change interrupt.
    pub const PCI_DEV_CFGNOTIF_1: RequirementId = RequirementId(445);
    /// §4.1.5.4.2: Driver handles one interrupt standing for both event kinds.
    pub const PCI_DRV_CFGNOTIF_1: RequirementId = RequirementId(446);
    /// §4.2.2.1: MagicValue reads 0x74726976.
    pub const MMIO_DEV_REGS_1: RequirementId = RequirementId(447);
    /// §4.2.2.1: Version reads 2.
    pub const MMIO_DEV_REGS_2: RequirementId = RequirementId(448);
    /// §4.2.2.1: InterruptStatus bits stay set from the event until acknowledged.
    pub const MMIO_DEV_REGS_3: RequirementId = RequirementId(449);
    /// §4.2.2.1: InterruptStatus has no bits set for events that did not happen.
    pub const MMIO_DEV_REGS_4: RequirementId = RequirementId(450);
    /// §4.2.2.1: Reset clears InterruptStatus and all QueueReady bits.
    pub const MMIO_DEV_REGS_5: RequirementId = RequirementId(451);
    /// §4.2.2.1: ConfigGeneration changes whenever a torn config read is possible.
    pub const MMIO_DEV_REGS_6: RequirementId = RequirementId(452);
    /// §4.2.2.1: Queue memory is untouched while QueueReady is 0.
    pub const MMIO_DEV_REGS_7: RequirementId = RequirementId(453);
    /// §4.2.2.1: RING_RESET: QueueReset is 0 after device reset.
    pub const MMIO_DEV_REGS_8: RequirementId = RequirementId(454);
    /// §4.2.2.1: RING_RESET: QueueReset is 0 after QueueReady enables the queue.
    pub const MMIO_DEV_REGS_9: RequirementId = RequirementId(455);
    /// §4.2.2.1: Writing QueueReset=1 resets that queue.
    pub const MMIO_DEV_REGS_10: RequirementId = RequirementId(456);
    /// §4.2.2.1: QueueReset stays 1 for as long as the queue reset takes.
    pub const MMIO_DEV_REGS_11: RequirementId = RequirementId(457);
    /// §4.2.2.1: QueueReset and QueueReady both read 0 once the queue reset is finished.
    pub const MMIO_DEV_REGS_12: RequirementId = RequirementId(458);
    /// §4.2.2.2: Only documented registers and config fields are accessed.
    pub const MMIO_DRV_REGS_1: RequirementId = RequirementId(459);
    /// §4.2.2.2: Read-only registers are never written.
    pub const MMIO_DRV_REGS_2: RequirementId = RequirementId(460);
    /// §4.2.2.2: Write-only registers are never read.
    pub const MMIO_DRV_REGS_3: RequirementId = RequirementId(461);
    /// §4.2.2.2: Control registers are accessed with aligned 32-bit operations only.
    pub const MMIO_DRV_REGS_4: RequirementId = RequirementId(462);
    /// §4.2.2.2: Config accesses use natural width and alignment, 32 bits for 64-bit fields.
    pub const MMIO_DRV_REGS_5: RequirementId = RequirementId(463);
    /// §4.2.2.2: Wrong MagicValue: device is left alone.
    pub const MMIO_DRV_REGS_6: RequirementId = RequirementId(464);
    /// §4.2.2.2: Wrong MagicValue may be reported.
    pub const MMIO_DRV_REGS_7: RequirementId = RequirementId(465);
    /// §4.2.2.2: Version other than 2: device is left alone.
    pub const MMIO_DRV_REGS_8: RequirementId = RequirementId(466);
    /// §4.2.2.2: Unsupported Version may be reported.
    pub const MMIO_DRV_REGS_9: RequirementId = RequirementId(467);
    /// §4.2.2.2: DeviceID 0: device is left alone.
    pub const MMIO_DRV_REGS_10: RequirementId = RequirementId(468);
    /// §4.2.2.2: DeviceID 0 is not an error worth reporting.
    pub const MMIO_DRV_REGS_11: RequirementId = RequirementId(469);
    /// §4.2.2.2: DeviceFeaturesSel is written before DeviceFeatures is read.
    pub const MMIO_DRV_REGS_12: RequirementId = RequirementId(470);
    /// §4.2.2.2: DriverFeaturesSel is written before DriverFeatures is written.
    pub const MMIO_DRV_REGS_13: RequirementId = RequirementId(471);
    /// §4.2.2.2: QueueSize written does not exceed QueueSizeMax.
    pub const MMIO_DRV_REGS_14: RequirementId = RequirementId(472);
    /// §4.2.2.2: Queue size and address registers are left alone while QueueReady is set.
    pub const MMIO_DRV_REGS_15: RequirementId = RequirementId(473);
    /// §4.2.2.2: Stopping a queue: write QueueReady=0.
    pub const MMIO_DRV_REGS_16: RequirementId = RequirementId(474);
    /// §4.2.2.2: Stopping a queue: read QueueReady back afterwards.
    pub const MMIO_DRV_REGS_17: RequirementId = RequirementId(475);
    /// §4.2.2.2: Undefined InterruptStatus bits are disregarded.
    pub const MMIO_DRV_REGS_18: RequirementId = RequirementId(476);
    /// §4.2.2.2: InterruptACK gets the mask of handled events after handling.
    pub const MMIO_DRV_REGS_19: RequirementId = RequirementId(477);
    /// §4.2.2.2: InterruptACK never has undefined bits set.
    pub const MMIO_DRV_REGS_20: RequirementId = RequirementId(478);
    /// §4.2.2.2: RING_RESET: the queue is usable again only after QueueReset reads 0.
    pub const MMIO_DRV_REGS_21: RequirementId = RequirementId(479);
    /// §4.2.2.2: A reset queue may be enabled again after being set up.
    pub const MMIO_DRV_REGS_22: RequirementId = RequirementId(480);
    /// §4.2.2.2: Queue settings may differ after a queue reset.
    pub const MMIO_DRV_REGS_23: RequirementId = RequirementId(481);
    /// §4.2.3.1.1: First accesses are MagicValue and Version checks.
    pub const MMIO_DRV_INIT_1: RequirementId = RequirementId(482);
    /// §4.2.3.1.1: DeviceID is read next when both are valid.
    pub const MMIO_DRV_INIT_2: RequirementId = RequirementId(483);
    /// §4.2.3.1.1: DeviceID 0 ends bring-up.
    pub const MMIO_DRV_INIT_3: RequirementId = RequirementId(484);
    /// §4.2.3.1.1: After DeviceID 0 no further register is touched.
    pub const MMIO_DRV_INIT_4: RequirementId = RequirementId(485);
    /// §4.2.3.1.1: Drivers without use for shared memory leave the SHM registers alone.
    pub const MMIO_DRV_INIT_5: RequirementId = RequirementId(486);
    /// §4.2.3.1.1: The rest of bring-up is the common sequence.
    pub const MMIO_DRV_INIT_6: RequirementId = RequirementId(487);
    /// §4.2.3.4.1: On interrupt, InterruptStatus is read for the cause.
    pub const MMIO_DRV_IRQ_1: RequirementId = RequirementId(488);
    /// §4.2.3.4.1: The used-buffer bit should be treated as covering every active queue.
    pub const MMIO_DRV_IRQ_2: RequirementId = RequirementId(489);
    /// §4.2.3.4.1: Handled events are acknowledged through InterruptACK.
    pub const MMIO_DRV_IRQ_3: RequirementId = RequirementId(490);
    /// §4.3.1.3: 
    pub const CCW_DEV_CCW_1: RequirementId = RequirementId(491);
    /// §4.3.1.3: 
    pub const CCW_DEV_CCW_2: RequirementId = RequirementId(492);
    /// §4.3.1.3: 
    pub const CCW_DEV_CCW_3: RequirementId = RequirementId(493);
    /// §4.3.1.3: 
    pub const CCW_DEV_CCW_4: RequirementId = RequirementId(494);
    /// §4.3.1.4: 
    pub const CCW_DRV_CCW_1: RequirementId = RequirementId(495);
    /// §4.3.1.4: 
    pub const CCW_DRV_CCW_2: RequirementId = RequirementId(496);
    /// §4.3.1.4: 
    pub const CCW_DRV_CCW_3: RequirementId = RequirementId(497);
    /// §4.3.2.1.1: 
    pub const CCW_DEV_CCW_5: RequirementId = RequirementId(498);
    /// §4.3.2.1.1: 
    pub const CCW_DEV_CCW_6: RequirementId = RequirementId(499);
    /// §4.3.2.1.1: 
    pub const CCW_DEV_CCW_7: RequirementId = RequirementId(500);
    /// §4.3.2.1.1: 
    pub const CCW_DEV_CCW_8: RequirementId = RequirementId(501);
    /// §4.3.2.1.1: 
    pub const CCW_DEV_CCW_9: RequirementId = RequirementId(502);
    /// §4.3.2.1.1: 
    pub const CCW_DEV_CCW_10: RequirementId = RequirementId(503);
    /// §4.3.2.1.2: 
    pub const CCW_DRV_CCW_4: RequirementId = RequirementId(504);
    /// §4.3.2.1.2: 
    pub const CCW_DRV_CCW_5: RequirementId = RequirementId(505);
    /// §4.3.2.1.2: 
    pub const CCW_DRV_CCW_6: RequirementId = RequirementId(506);
    /// §4.3.2.1.3: 
    pub const CCW_DRV_LEGCCW_1: RequirementId = RequirementId(507);
    /// §4.3.2.1.3: 
    pub const CCW_DRV_LEGCCW_2: RequirementId = RequirementId(508);
    /// §4.3.2.1.3: 
    pub const CCW_DEV_LEGCCW_1: RequirementId = RequirementId(509);
    /// §4.3.2.1.3: 
    pub const CCW_DEV_LEGCCW_2: RequirementId = RequirementId(510);
    /// §4.3.2.1.3: 
    pub const CCW_DEV_LEGCCW_3: RequirementId = RequirementId(511);
    /// §4.3.2.2.1: 
    pub const CCW_DEV_CCW_11: RequirementId = RequirementId(512);
    /// §4.3.2.3.1: 
    pub const CCW_DRV_CCW_7: RequirementId = RequirementId(513);
    /// §4.3.2.3.1: 
    pub const CCW_DRV_CCW_8: RequirementId = RequirementId(514);
    /// §4.3.2.3.1: 
    pub const CCW_DRV_CCW_9: RequirementId = RequirementId(515);
    /// §4.3.2.3.2: 
    pub const CCW_DEV_CCW_12: RequirementId = RequirementId(516);
    /// §4.3.2.3.2: 
    pub const CCW_DEV_CCW_13: RequirementId = RequirementId(517);
    /// §4.3.2.3.2: 
    pub const CCW_DEV_CCW_14: RequirementId = RequirementId(518);
    /// §4.3.2.6.1: 
    pub const CCW_DEV_TXTCCW_1: RequirementId = RequirementId(519);
    /// §4.3.2.6.3: 
    pub const CCW_DEV_TXTCCW_2: RequirementId = RequirementId(520);
    /// §4.3.2.6.3.1: 
    pub const CCW_DEV_CCW_15: RequirementId = RequirementId(521);
    /// §4.3.3.1.2.1: 
    pub const CCW_DEV_CCW_16: RequirementId = RequirementId(522);
    /// §4.3.3.1.2.2: 
    pub const CCW_DRV_CCW_10: RequirementId = RequirementId(523);
    /// §4.3.3.2.1: 
    pub const CCW_DEV_CCW_17: RequirementId = RequirementId(524);
    /// §4.3.3.2.1: 
    pub const CCW_DEV_CCW_18: RequirementId = RequirementId(525);
    /// §4.3.3.2.2: 
    pub const CCW_DRV_CCW_11: RequirementId = RequirementId(526);
    /// §4.3.3.3.1: 
    pub const CCW_DEV_CCW_19: RequirementId = RequirementId(527);
    /// §4.3.3.3.1: 
    pub const CCW_DEV_CCW_20: RequirementId = RequirementId(528);
    /// §4.3.3.3.2: 
    pub const CCW_DRV_CCW_12: RequirementId = RequirementId(529);
    /// §4.3.3.3.2: 
    pub const CCW_DRV_CCW_13: RequirementId = RequirementId(530);
    /// §5.1.3: IPsec offer should come with OUT_NET_HEADER.
    pub const NET_DEV_TXTFEAT_1: RequirementId = RequirementId(531);
    /// §5.1.4.1: MQ: max_virtqueue_pairs lies in 1..0x8000.
    pub const NET_DEV_CONFIG_1: RequirementId = RequirementId(532);
    /// §5.1.4.1: MTU: mtu lies in 68..65535.
    pub const NET_DEV_CONFIG_2: RequirementId = RequirementId(533);
    /// §5.1.4.1: MTU: mtu should be 1280 or more.
    pub const NET_DEV_CONFIG_3: RequirementId = RequirementId(534);
    /// §5.1.4.1: mtu stays constant.
    pub const NET_DEV_CONFIG_4: RequirementId = RequirementId(535);
    /// §5.1.4.1: MTU negotiated: no received non-GSO packet exceeds mtu plus link header.
    pub const NET_DEV_CONFIG_5: RequirementId = RequirementId(536);
    /// §5.1.4.1: MTU negotiated: sent packets up to mtu pass unfragmented.
    pub const NET_DEV_CONFIG_6: RequirementId = RequirementId(537);
    /// §5.1.4.1: RSS/HASH_REPORT: rss_max_key_size is 40 or more.
    pub const NET_DEV_CONFIG_7: RequirementId = RequirementId(538);
    /// §5.1.4.1: RSS: rss_max_indirection_table_length is 128 or more.
    pub const NET_DEV_CONFIG_8: RequirementId = RequirementId(539);
    /// §5.1.4.1: STANDBY: device may back up a primary with the same MAC.
    pub const NET_DEV_CONFIG_9: RequirementId = RequirementId(540);
    /// §5.1.4.1: SPEED_DUPLEX: speed is in range or the unknown marker.
    pub const NET_DEV_CONFIG_10: RequirementId = RequirementId(541);
    /// §5.1.4.1: SPEED_DUPLEX: duplex is 0, 1 or 0xff.
    pub const NET_DEV_CONFIG_11: RequirementId = RequirementId(542);
    /// §5.1.4.1: speed/duplex should not change while the link is up.
    pub const NET_DEV_CONFIG_12: RequirementId = RequirementId(543);
    /// §5.1.4.1: HASH_REPORT should not be offered without CTRL_VQ.
    pub const NET_DEV_CONFIG_13: RequirementId = RequirementId(544);
    /// §5.1.4.1: CTRL_RX_EXTRA should not be offered without CTRL_VQ.
    pub const NET_DEV_CONFIG_14: RequirementId = RequirementId(545);
    /// §5.1.4.2: net config fields are never written.
    pub const NET_DRV_CONFIG_1: RequirementId = RequirementId(546);
    /// §5.1.4.2: MAC should be accepted whenever offered.
    pub const NET_DRV_CONFIG_2: RequirementId = RequirementId(547);
    /// §5.1.4.2: MAC negotiated: the NIC address is the config mac.
    pub const NET_DRV_CONFIG_3: RequirementId = RequirementId(548);
    /// §5.1.4.2: Without MAC, a locally administered address should be used.
    pub const NET_DRV_CONFIG_4: RequirementId = RequirementId(549);
    /// §5.1.4.2: Without STATUS, the link should be presumed up.
    pub const NET_DRV_CONFIG_5: RequirementId = RequirementId(550);
    /// §5.1.4.2: With STATUS, link state should be read from bit 0 of status.
    pub const NET_DRV_CONFIG_6: RequirementId = RequirementId(551);
    /// §5.1.4.2: MTU should be accepted whenever offered.
    pub const NET_DRV_CONFIG_7: RequirementId = RequirementId(552);
    /// §5.1.4.2: MTU: receive buffers can hold one full-size packet.
    pub const NET_DRV_CONFIG_8: RequirementId = RequirementId(553);
    /// §5.1.4.2: MTU: no non-GSO packet larger than mtu plus link header is sent.
    pub const NET_DRV_CONFIG_9: RequirementId = RequirementId(554);
    /// §5.1.4.2: STANDBY should be accepted whenever offered.
    pub const NET_DRV_CONFIG_10: RequirementId = RequirementId(555);
    /// §5.1.4.2: Out-of-range speed/duplex count as unknown.
    pub const NET_DRV_CONFIG_11: RequirementId = RequirementId(556);
    /// §5.1.4.2: speed/duplex should be re-read after a config change.
    pub const NET_DRV_CONFIG_12: RequirementId = RequirementId(557);
    /// §5.1.4.2: HASH_REPORT should not be accepted without CTRL_VQ.
    pub const NET_DRV_CONFIG_13: RequirementId = RequirementId(558);
    /// §5.1.4.2: CTRL_RX_EXTRA should not be accepted without CTRL_VQ.
    pub const NET_DRV_CONFIG_14: RequirementId = RequirementId(559);
    /// §5.1.4.3: Legacy: status and max_virtqueue_pairs are guest-endian.
    pub const NET_ANY_LEGCONFIG_1: RequirementId = RequirementId(560);
    /// §5.1.9.1: Legacy: packet header is guest-endian.
    pub const NET_ANY_LEG_1: RequirementId = RequirementId(561);
    /// §5.1.9.1: Legacy: used length on tx and control should be disregarded.
    pub const NET_DRV_LEG_1: RequirementId = RequirementId(562);
    /// §5.1.9.2: OUT_NET_HEADER: outer_nh_offset may be given.
    pub const NET_DRV_TXTTX_1: RequirementId = RequirementId(563);
    /// §5.1.9.2: Without OUT_NET_HEADER outer_nh_offset is unused.
    pub const NET_DRV_TXTTX_2: RequirementId = RequirementId(564);
    /// §5.1.9.2.1: Tx header size equals rx header size.
    pub const NET_DRV_TX_1: RequirementId = RequirementId(565);
    /// §5.1.9.2.1: Tx num_buffers is 0.
    pub const NET_DRV_TX_2: RequirementId = RequirementId(566);
    /// §5.1.9.2.1: No CSUM: tx flags are 0.
    pub const NET_DRV_TX_3: RequirementId = RequirementId(567);
    /// §5.1.9.2.1: No CSUM: packets should be fully checksummed.
    pub const NET_DRV_TX_4: RequirementId = RequirementId(568);
    /// §5.1.9.2.1: OUT_NET_HEADER: outer_nh_offset may be non-zero.
    pub const NET_DRV_TX_5: RequirementId = RequirementId(569);
    /// §5.1.9.2.1: HOST_TSO4: GSO_TCPV4 allowed.
    pub const NET_DRV_TX_6: RequirementId = RequirementId(570);
    /// §5.1.9.2.1: No HOST_TSO4: GSO_TCPV4 is not used.
    pub const NET_DRV_TX_7: RequirementId = RequirementId(571);
    /// §5.1.9.2.1: HOST_TSO6: GSO_TCPV6 allowed.
    pub const NET_DRV_TX_8: RequirementId = RequirementId(572);
    /// §5.1.9.2.1: No HOST_TSO6: GSO_TCPV6 is not used.
    pub const NET_DRV_TX_9: RequirementId = RequirementId(573);
    /// §5.1.9.2.1: HOST_UFO: GSO_UDP allowed.
    pub const NET_DRV_TX_10: RequirementId = RequirementId(574);
    /// §5.1.9.2.1: No HOST_UFO: GSO_UDP is not used.
    pub const NET_DRV_TX_11: RequirementId = RequirementId(575);
    /// §5.1.9.2.1: HOST_USO: GSO_UDP_L4 allowed.
    pub const NET_DRV_TX_12: RequirementId = RequirementId(576);
    /// §5.1.9.2.1: No HOST_USO: GSO_UDP_L4 is not used.
    pub const NET_DRV_TX_13: RequirementId = RequirementId(577);
    /// §5.1.9.2.1: No HOST_ECN: TCP GSO packets with ECN should not be sent.
    pub const NET_DRV_TX_14: RequirementId = RequirementId(578);
    /// §5.1.9.2.1: HOST_ECN: ECN GSO packets set the ECN bit.
    pub const NET_DRV_TX_15: RequirementId = RequirementId(579);
    /// §5.1.9.2.1: HOST_UDP_TUNNEL_GSO: tunnel gso bits allowed.
    pub const NET_DRV_TX_16: RequirementId = RequirementId(580);
    /// §5.1.9.2.1: No HOST_UDP_TUNNEL_GSO: tunnel gso bits are not used.
    pub const NET_DRV_TX_17: RequirementId = RequirementId(581);
    /// §5.1.9.2.1: Tunnel GSO with inner IPv4 sets the IPv4 tunnel bit.
    pub const NET_DRV_TX_18: RequirementId = RequirementId(582);
    /// §5.1.9.2.1: Tunnel GSO with inner IPv6 sets the IPv6 tunnel bit.
    pub const NET_DRV_TX_19: RequirementId = RequirementId(583);
    /// §5.1.9.2.1: Tunnel GSO with outer checksum needs both tunnel features.
    pub const NET_DRV_TX_20: RequirementId = RequirementId(584);
    /// §5.1.9.2.1: In that case a tunnel bit and the tunnel-checksum flag are set.
    pub const NET_DRV_TX_21: RequirementId = RequirementId(585);
    /// §5.1.9.2.1: No TUNNEL_GSO_CSUM: the tunnel-checksum flag is clear.
    pub const NET_DRV_TX_22: RequirementId = RequirementId(586);
    /// §5.1.9.2.1: No TUNNEL_GSO_CSUM: no tunnel GSO needing outer checksum is sent.
    pub const NET_DRV_TX_23: RequirementId = RequirementId(587);
    /// §5.1.9.2.1: Tunnel bits are not combined with the deprecated GSO_UDP.
    pub const NET_DRV_TX_24: RequirementId = RequirementId(588);
    /// §5.1.9.2.1: The two tunnel bits exclude each other.
    pub const NET_DRV_TX_25: RequirementId = RequirementId(589);
    /// §5.1.9.2.1: Tunnel-checksum flag only with a tunnel bit.
    pub const NET_DRV_TX_26: RequirementId = RequirementId(590);
    /// §5.1.9.2.1: CSUM: NEEDS_CSUM may be set.
    pub const NET_DRV_TX_27: RequirementId = RequirementId(591);
    /// §5.1.9.2.1: NEEDS_CSUM: checksum at the offset and all inner ones are already checked.
    pub const NET_DRV_TX_28: RequirementId = RequirementId(592);
    /// §5.1.9.2.1: NEEDS_CSUM: checksum field holds the pseudo-header sum.
    pub const NET_DRV_TX_29: RequirementId = RequirementId(593);
    /// §5.1.9.2.1: NEEDS_CSUM: csum_start/csum_offset lead to a correct checksum.
    pub const NET_DRV_TX_30: RequirementId = RequirementId(594);
    /// §5.1.9.2.1: No HOST_TSO/USO/UFO: gso_type is NONE.
    pub const NET_DRV_TX_31: RequirementId = RequirementId(595);
    /// §5.1.9.2.1: GSO packets set NEEDS_CSUM.
    pub const NET_DRV_TX_32: RequirementId = RequirementId(596);
    /// §5.1.9.2.1: GSO packets set gso_size.
    pub const NET_DRV_TX_33: RequirementId = RequirementId(597);
    /// §5.1.9.2.1: GUEST_HDRLEN with GSO: hdr_len is exactly the header length.
    pub const NET_DRV_TX_34: RequirementId = RequirementId(598);
    /// §5.1.9.2.1: Otherwise hdr_len should be at least the header length.
    pub const NET_DRV_TX_35: RequirementId = RequirementId(599);
    /// §5.1.9.2.1: HOST_UDP_TUNNEL_GSO: a tunnel bit may be set.
    pub const NET_DRV_TX_36: RequirementId = RequirementId(600);
    /// §5.1.9.2.1: Tunnel GSO: outer transport and inner network offsets are right.
    pub const NET_DRV_TX_37: RequirementId = RequirementId(601);
    /// §5.1.9.2.1: TUNNEL_GSO_CSUM: tunnel-checksum flag may be set.
    pub const NET_DRV_TX_38: RequirementId = RequirementId(602);
    /// §5.1.9.2.1: Tunnel-checksum flag: outer UDP checksum holds the pseudo-header sum.
    pub const NET_DRV_TX_39: RequirementId = RequirementId(603);
    /// §5.1.9.2.1: Tunnel GSO without TUNNEL_GSO_CSUM: outer checksum needs no work.
    pub const NET_DRV_TX_40: RequirementId = RequirementId(604);
    /// §5.1.9.2.1: That is, the outer checksum is 0 or already correct.
    pub const NET_DRV_TX_41: RequirementId = RequirementId(605);
    /// §5.1.9.2.1: No HOST_UDP_TUNNEL_GSO: neither tunnel bit is set (repeat).
    pub const NET_DRV_TX_42: RequirementId = RequirementId(606);
    /// §5.1.9.2.1: No TUNNEL_GSO_CSUM: tunnel-checksum flag is clear (repeat).
    pub const NET_DRV_TX_43: RequirementId = RequirementId(607);
    /// §5.1.9.2.1: GUEST_HDRLEN should be accepted if exact lengths can be given.
    pub const NET_DRV_TX_44: RequirementId = RequirementId(608);
    /// §5.1.9.2.1: Tx flags never include DATA_VALID or RSC_INFO.
    pub const NET_DRV_TX_45: RequirementId = RequirementId(609);
    /// §5.1.9.2.1: Tx DATA_VALID is not combined with a tunnel bit.
    pub const NET_DRV_TX_46: RequirementId = RequirementId(610);
    /// §5.1.9.2.1: SECURITY flag: an outbound SA object exists.
    pub const NET_DRV_TX_47: RequirementId = RequirementId(611);
    /// §5.1.9.2.1: SECURITY flag: resource_id names a valid outbound SA.
    pub const NET_DRV_TX_48: RequirementId = RequirementId(612);
    /// §5.1.9.2.2: Unknown tx flag bits are disregarded.
    pub const NET_DEV_TX_1: RequirementId = RequirementId(613);
    /// §5.1.9.2.2: Without NEEDS_CSUM the csum fields have no influence.
    pub const NET_DEV_TX_2: RequirementId = RequirementId(614);
    /// §5.1.9.2.2: OUT_NET_HEADER: non-zero outer_nh_offset may be used.
    pub const NET_DEV_TX_3: RequirementId = RequirementId(615);
    /// §5.1.9.2.2: Otherwise outer_nh_offset has no influence.
    pub const NET_DEV_TX_4: RequirementId = RequirementId(616);
    /// §5.1.9.2.2: GUEST_HDRLEN with GSO: hdr_len may be trusted.
    pub const NET_DEV_TX_5: RequirementId = RequirementId(617);
    /// §5.1.9.2.2: Otherwise hdr_len is a hint at most.
    pub const NET_DEV_TX_6: RequirementId = RequirementId(618);
    /// §5.1.9.2.2: Device does not depend on hdr_len being right.
    pub const NET_DEV_TX_7: RequirementId = RequirementId(619);
    /// §5.1.9.2.2: Packets with both tunnel bits are refused.
    pub const NET_DEV_TX_8: RequirementId = RequirementId(620);
    /// §5.1.9.2.2: Without tunnel bits the tunnel offsets have no influence.
    pub const NET_DEV_TX_9: RequirementId = RequirementId(621);
    /// §5.1.9.2.2: Tunnel packets with inconsistent flags or gso_type are refused.
    pub const NET_DEV_TX_10: RequirementId = RequirementId(622);
    /// §5.1.9.2.2: Without NEEDS_CSUM, checksum is not presumed right.
    pub const NET_DEV_TX_11: RequirementId = RequirementId(623);
    /// §5.1.9.2.2: Without the SECURITY flag the resource fields have no influence.
    pub const NET_DEV_TX_12: RequirementId = RequirementId(624);
    /// §5.1.9.3.1: No MRG_RXBUF with guest offloads: rx buffers should be 65601/65609 bytes or more.
    pub const NET_DRV_RXBUF_1: RequirementId = RequirementId(625);
    /// §5.1.9.3.1: No MRG_RXBUF otherwise: rx buffers should be 1526/1534 bytes or more.
    pub const NET_DRV_RXBUF_2: RequirementId = RequirementId(626);
    /// §5.1.9.3.1: MRG_RXBUF: each rx buffer holds at least the header.
    pub const NET_DRV_RXBUF_3: RequirementId = RequirementId(627);
    /// §5.1.9.3.1: Header size counts all fields the negotiated features add (12/20/24/32).
    pub const NET_DRV_RXBUF_4: RequirementId = RequirementId(628);
    /// §5.1.9.3.1: MQ: every rx queue in use should be stocked.
    pub const NET_DRV_RXBUF_5: RequirementId = RequirementId(629);
    /// §5.1.9.3.2: num_buffers is the number of buffers holding the packet.
    pub const NET_DEV_RXBUF_1: RequirementId = RequirementId(630);
    /// §5.1.9.3.2: No MRG_RXBUF: one buffer chain per packet.
    pub const NET_DEV_RXBUF_2: RequirementId = RequirementId(631);
    /// §5.1.9.4: OUT_NET_HEADER: rx outer_nh_offset may be set.
    pub const NET_DEV_TXTRX_1: RequirementId = RequirementId(632);
    /// §5.1.9.4: Guest offloads: rx gso_type may differ from NONE.
    pub const NET_DEV_TXTRX_2: RequirementId = RequirementId(633);
    /// §5.1.9.4: GUEST_UDP_TUNNEL_GSO: rx tunnel bits may be set.
    pub const NET_DEV_TXTRX_3: RequirementId = RequirementId(634);
    /// §5.1.9.4.1: No MRG_RXBUF: num_buffers is 1.
    pub const NET_DEV_RX_1: RequirementId = RequirementId(635);
    /// §5.1.9.4.1: MRG_RXBUF: num_buffers is the buffer count.
    pub const NET_DEV_RX_2: RequirementId = RequirementId(636);
    /// §5.1.9.4.1: Multi-buffer packet: all but the last buffer are filled completely.
    pub const NET_DEV_RX_3: RequirementId = RequirementId(637);
    /// §5.1.9.4.1: The buffers of one packet become used together.
    pub const NET_DEV_RX_4: RequirementId = RequirementId(638);
    /// §5.1.9.4.1: No GUEST_CSUM: rx flags are 0.
    pub const NET_DEV_RX_5: RequirementId = RequirementId(639);
    /// §5.1.9.4.1: No GUEST_CSUM: rx packets should be fully checksummed.
    pub const NET_DEV_RX_6: RequirementId = RequirementId(640);
    /// §5.1.9.4.1: No GUEST_TSO4: rx GSO_TCPV4 is not used.
    pub const NET_DEV_RX_7: RequirementId = RequirementId(641);
    /// §5.1.9.4.1: No GUEST_UFO: rx GSO_UDP is not used.
    pub const NET_DEV_RX_8: RequirementId = RequirementId(642);
    /// §5.1.9.4.1: No GUEST_TSO6: rx GSO_TCPV6 is not used.
    pub const NET_DEV_RX_9: RequirementId = RequirementId(643);
    /// §5.1.9.4.1: No GUEST_USO4/6: rx GSO_UDP_L4 is not used.
    pub const NET_DEV_RX_10: RequirementId = RequirementId(644);
    /// §5.1.9.4.1: No GUEST_UDP_TUNNEL_GSO: rx tunnel bits are not used.
    pub const NET_DEV_RX_11: RequirementId = RequirementId(645);
    /// §5.1.9.4.1: No GUEST_UDP_TUNNEL_GSO_CSUM: rx tunnel-checksum flag is clear.
    pub const NET_DEV_RX_12: RequirementId = RequirementId(646);
    /// §5.1.9.4.1: No GUEST_ECN: rx TCP GSO packets with ECN should not appear.
    pub const NET_DEV_RX_13: RequirementId = RequirementId(647);
    /// §5.1.9.4.1: GUEST_ECN: such packets set the ECN bit.
    pub const NET_DEV_RX_14: RequirementId = RequirementId(648);
    /// §5.1.9.4.1: OUT_NET_HEADER: rx outer_nh_offset may be non-zero.
    pub const NET_DEV_RX_15: RequirementId = RequirementId(649);
    /// §5.1.9.4.1: Otherwise rx outer_nh_offset is unused.
    pub const NET_DEV_RX_16: RequirementId = RequirementId(650);
    /// §5.1.9.4.1: GUEST_CSUM: rx NEEDS_CSUM may be set.
    pub const NET_DEV_RX_17: RequirementId = RequirementId(651);
    /// §5.1.9.4.1: rx NEEDS_CSUM: inner checksums are already checked.
    pub const NET_DEV_RX_18: RequirementId = RequirementId(652);
    /// §5.1.9.4.1: rx NEEDS_CSUM: checksum field holds the pseudo-header sum.
    pub const NET_DEV_RX_19: RequirementId = RequirementId(653);
    /// §5.1.9.4.1: rx NEEDS_CSUM: csum_start/csum_offset lead to a correct checksum.
    pub const NET_DEV_RX_20: RequirementId = RequirementId(654);
    /// §5.1.9.4.1: No GUEST_UDP_TUNNEL_GSO: no tunnel GSO packets are received.
    pub const NET_DEV_RX_21: RequirementId = RequirementId(655);
    /// §5.1.9.4.1: Otherwise the tunnel bit fitting the inner protocol is set.
    pub const NET_DEV_RX_22: RequirementId = RequirementId(656);
    /// §5.1.9.4.1: rx tunnel GSO: offsets are set to the right places.
    pub const NET_DEV_RX_23: RequirementId = RequirementId(657);
    /// §5.1.9.4.1: rx tunnel GSO: outer checksum is not left to the driver.
    pub const NET_DEV_RX_24: RequirementId = RequirementId(658);
    /// §5.1.9.4.1: No GUEST_UDP_TUNNEL_GSO_CSUM: no rx tunnel GSO needing outer checksum.
    pub const NET_DEV_RX_25: RequirementId = RequirementId(659);
    /// §5.1.9.4.1: No guest segmentation features: rx gso_type is NONE.
    pub const NET_DEV_RX_26: RequirementId = RequirementId(660);
    /// §5.1.9.4.1: rx GSO packets set NEEDS_CSUM.
    pub const NET_DEV_RX_27: RequirementId = RequirementId(661);
    /// §5.1.9.4.1: rx GSO packets set gso_size.
    pub const NET_DEV_RX_28: RequirementId = RequirementId(662);
    /// §5.1.9.4.1: RSC_EXT: RSC_INFO flag with segment and duplicate-ACK counts.
    pub const NET_DEV_RX_29: RequirementId = RequirementId(663);
    /// §5.1.9.4.1: No RSC_EXT: RSC_INFO flag is clear.
    pub const NET_DEV_RX_30: RequirementId = RequirementId(664);
    /// §5.1.9.4.1: rx hdr_len should be at least the header length.
    pub const NET_DEV_RX_31: RequirementId = RequirementId(665);
    /// §5.1.9.4.1: GUEST_CSUM: DATA_VALID may be set.
    pub const NET_DEV_RX_32: RequirementId = RequirementId(666);
    /// §5.1.9.4.1: DATA_VALID means the checksum was checked.
    pub const NET_DEV_RX_33: RequirementId = RequirementId(667);
    /// §5.1.9.4.1: rx tunnel bits exclude DATA_VALID.
    pub const NET_DEV_RX_34: RequirementId = RequirementId(668);
    /// §5.1.9.4.1: rx tunnel-checksum flag may be set.
    pub const NET_DEV_RX_35: RequirementId = RequirementId(669);
    /// §5.1.9.4.1: rx tunnel-checksum flag: outer checksum holds the pseudo-header sum.
    pub const NET_DEV_RX_36: RequirementId = RequirementId(670);
    /// §5.1.9.4.1: rx tunnel without the flag: outer checksum is 0 or right.
    pub const NET_DEV_RX_37: RequirementId = RequirementId(671);
    /// §5.1.9.4.1: IPsec-processed packets carry the SECURITY flag.
    pub const NET_DEV_RX_38: RequirementId = RequirementId(672);
    /// §5.1.9.4.1: Other packets do not carry it.
    pub const NET_DEV_RX_39: RequirementId = RequirementId(673);
    /// §5.1.9.4.1: SECURITY flag is independent of the error and expiry flags.
    pub const NET_DEV_RX_40: RequirementId = RequirementId(674);
    /// §5.1.9.4.1: IPsec processing errors set the error flag.
    pub const NET_DEV_RX_41: RequirementId = RequirementId(675);
    /// §5.1.9.4.1: Without an error the flag is clear.
    pub const NET_DEV_RX_42: RequirementId = RequirementId(676);
    /// §5.1.9.4.1: Error flag is independent of the expiry flag.
    pub const NET_DEV_RX_43: RequirementId = RequirementId(677);
    /// §5.1.9.4.1: Soft-expiry flag is set once a soft lifetime limit is reached.
    pub const NET_DEV_RX_44: RequirementId = RequirementId(678);
    /// §5.1.9.4.2: Unknown rx flag bits are disregarded.
    pub const NET_DRV_RX_1: RequirementId = RequirementId(679);
    /// §5.1.9.4.2: OUT_NET_HEADER: driver may use rx outer_nh_offset.
    pub const NET_DRV_RX_2: RequirementId = RequirementId(680);
    /// §5.1.9.4.2: Otherwise driver does not use it.
    pub const NET_DRV_RX_3: RequirementId = RequirementId(681);
    /// §5.1.9.4.2: rx csum fields are used only with NEEDS_CSUM and without RSC_INFO.
    pub const NET_DRV_RX_4: RequirementId = RequirementId(682);
    /// §5.1.9.4.2: rx hdr_len is a hint at most.
    pub const NET_DRV_RX_5: RequirementId = RequirementId(683);
    /// §5.1.9.4.2: Driver does not depend on rx hdr_len being right.
    pub const NET_DRV_RX_6: RequirementId = RequirementId(684);
    /// §5.1.9.4.2: Without NEEDS_CSUM/DATA_VALID, checksum is not presumed right.
    pub const NET_DRV_RX_7: RequirementId = RequirementId(685);
    /// §5.1.9.4.2: rx packets with both tunnel bits are refused.
    pub const NET_DRV_RX_8: RequirementId = RequirementId(686);
    /// §5.1.9.4.2: Without tunnel bits the rx tunnel offsets have no influence.
    pub const NET_DRV_RX_9: RequirementId = RequirementId(687);
    /// §5.1.9.4.2: rx tunnel packets with inconsistent flags or gso_type are refused.
    pub const NET_DRV_RX_10: RequirementId = RequirementId(688);
    /// §5.1.9.4.3: HASH_REPORT: at least one MQ command for hash setup is supported.
    pub const NET_DEV_TXTHASH_1: RequirementId = RequirementId(689);
    /// §5.1.9.4.3: With RSS offered: MQ_RSS_CONFIG is supported.
    pub const NET_DEV_TXTHASH_2: RequirementId = RequirementId(690);
    /// §5.1.9.4.3: Otherwise MQ_HASH_CONFIG is supported.
    pub const NET_DEV_TXTHASH_3: RequirementId = RequirementId(691);
    /// §5.1.9.4.4.4: Tunnel types not enabled are hashed over the outer header.
    pub const NET_DEV_INNERHASH_1: RequirementId = RequirementId(692);
    /// §5.1.9.4.4.4: Unsupported enabled_tunnel_types bits should yield ERR.
    pub const NET_DEV_INNERHASH_2: RequirementId = RequirementId(693);
    /// §5.1.9.4.4.4: enabled_tunnel_types 0 or a reset turns inner hashing off.
    pub const NET_DEV_INNERHASH_3: RequirementId = RequirementId(694);
    /// §5.1.9.4.4.5: HASH_TUNNEL_SET only with HASH_TUNNEL negotiated.
    pub const NET_DRV_INNERHASH_1: RequirementId = RequirementId(695);
    /// §5.1.9.4.4.5: enabled_tunnel_types stays within supported_tunnel_types.
    pub const NET_DRV_INNERHASH_2: RequirementId = RequirementId(696);
    /// §5.1.9.4.4.5: Unknown supported_tunnel_types bits are disregarded.
    pub const NET_DRV_INNERHASH_3: RequirementId = RequirementId(697);
    /// §5.1.9.5.1.1: CTRL_RX: PROMISC command works.
    pub const NET_DEV_RXMODE_1: RequirementId = RequirementId(698);
    /// §5.1.9.5.1.1: Promiscuous: all packets should be received.
    pub const NET_DEV_RXMODE_2: RequirementId = RequirementId(699);
    /// §5.1.9.5.1.1: Promiscuous should override the other modes.
    pub const NET_DEV_RXMODE_3: RequirementId = RequirementId(700);
    /// §5.1.9.5.1.1: CTRL_RX: ALLMULTI command works.
    pub const NET_DEV_RXMODE_4: RequirementId = RequirementId(701);
    /// §5.1.9.5.1.1: ALLMULTI: all multicast should be received.
    pub const NET_DEV_RXMODE_5: RequirementId = RequirementId(702);
    /// §5.1.9.5.1.1: CTRL_RX_EXTRA: ALLUNI command works.
    pub const NET_DEV_RXMODE_6: RequirementId = RequirementId(703);
    /// §5.1.9.5.1.1: ALLUNI: all unicast should be received.
    pub const NET_DEV_RXMODE_7: RequirementId = RequirementId(704);
    /// §5.1.9.5.1.1: CTRL_RX_EXTRA: NOMULTI command works.
    pub const NET_DEV_RXMODE_8: RequirementId = RequirementId(705);
    /// §5.1.9.5.1.1: NOMULTI: multicast should not be received.
    pub const NET_DEV_RXMODE_9: RequirementId = RequirementId(706);
    /// §5.1.9.5.1.1: NOMULTI should win over ALLMULTI.
    pub const NET_DEV_RXMODE_10: RequirementId = RequirementId(707);
    /// §5.1.9.5.1.1: NOMULTI should not affect broadcast.
    pub const NET_DEV_RXMODE_11: RequirementId = RequirementId(708);
    /// §5.1.9.5.1.1: CTRL_RX_EXTRA: NOUNI command works.
    pub const NET_DEV_RXMODE_12: RequirementId = RequirementId(709);
    /// §5.1.9.5.1.1: NOUNI: unicast should not be received.
    pub const NET_DEV_RXMODE_13: RequirementId = RequirementId(710);
    /// §5.1.9.5.1.1: NOUNI should win over ALLUNI.
    pub const NET_DEV_RXMODE_14: RequirementId = RequirementId(711);
    /// §5.1.9.5.1.1: CTRL_RX_EXTRA: NOBCAST command works.
    pub const NET_DEV_RXMODE_15: RequirementId = RequirementId(712);
    /// §5.1.9.5.1.1: NOBCAST: broadcast should not be received.
    pub const NET_DEV_RXMODE_16: RequirementId = RequirementId(713);
    /// §5.1.9.5.1.1: NOBCAST should win over ALLMULTI.
    pub const NET_DEV_RXMODE_17: RequirementId = RequirementId(714);
    /// §5.1.9.5.1.2: PROMISC/ALLMULTI only with CTRL_RX negotiated.
    pub const NET_DRV_RXMODE_1: RequirementId = RequirementId(715);
    /// §5.1.9.5.1.2: ALLUNI/NOMULTI/NOUNI/NOBCAST only with CTRL_RX_EXTRA negotiated.
    pub const NET_DRV_RXMODE_2: RequirementId = RequirementId(716);
    /// §5.1.9.5.2.1: MAC filter table is empty after reset.
    pub const NET_DEV_MACFILTER_1: RequirementId = RequirementId(717);
    /// §5.1.9.5.2.1: MAC_TABLE_SET takes effect before it is used.
    pub const NET_DEV_MACFILTER_2: RequirementId = RequirementId(718);
    /// §5.1.9.5.2.1: MAC_ADDR_SET updates config mac before it is used.
    pub const NET_DEV_MACFILTER_3: RequirementId = RequirementId(719);
    /// §5.1.9.5.2.1: Unmatched destination MACs should be dropped.
    pub const NET_DEV_MACFILTER_4: RequirementId = RequirementId(720);
    /// §5.1.9.5.2.2: MAC class commands only with CTRL_RX negotiated.
    pub const NET_DRV_MACFILTER_1: RequirementId = RequirementId(721);
    /// §5.1.9.5.2.2: MAC_ADDR_SET should be sent if the default MAC differs from mac.
    pub const NET_DRV_MACFILTER_2: RequirementId = RequirementId(722);
    /// §5.1.9.5.2.2: MAC_TABLE_SET payload: count and unicast list, then count and multicast list.
    pub const NET_DRV_MACFILTER_3: RequirementId = RequirementId(723);
    /// §5.1.9.5.2.2: Either list may be empty.
    pub const NET_DRV_MACFILTER_4: RequirementId = RequirementId(724);
    /// §5.1.9.5.2.3: Legacy: MAC table entries are guest-endian.
    pub const NET_ANY_LEGMACFILTER_1: RequirementId = RequirementId(725);
    /// §5.1.9.5.2.3: Legacy: MAC update may wait for the last byte.
    pub const NET_DEV_LEGMACFILTER_1: RequirementId = RequirementId(726);
    /// §5.1.9.5.2.3: Legacy: packet handling may wait for the last byte.
    pub const NET_DEV_LEGMACFILTER_2: RequirementId = RequirementId(727);
    /// §5.1.9.5.3.1: No CTRL_VLAN: all tagged packets pass.
    pub const NET_DEV_VLAN_1: RequirementId = RequirementId(728);
    /// §5.1.9.5.3.1: CTRL_VLAN: packets with a listed tag pass.
    pub const NET_DEV_VLAN_2: RequirementId = RequirementId(729);
    /// §5.1.9.5.3.1: CTRL_VLAN: packets with an unlisted tag should be dropped.
    pub const NET_DEV_VLAN_3: RequirementId = RequirementId(730);
    /// §5.1.9.5.3.2: Legacy: VLAN id is guest-endian.
    pub const NET_ANY_LEGVLAN_1: RequirementId = RequirementId(731);
    /// §5.1.9.5.4.1: ANNOUNCE bit: peers should be informed.
    pub const NET_DRV_ANNOUNCE_1: RequirementId = RequirementId(732);
    /// §5.1.9.5.4.1: ANNOUNCE bit: ANNOUNCE_ACK is sent.
    pub const NET_DRV_ANNOUNCE_2: RequirementId = RequirementId(733);
    /// §5.1.9.5.4.2: ANNOUNCE_ACK clears the status bit before it is used.
    pub const NET_DEV_ANNOUNCE_1: RequirementId = RequirementId(734);
    /// §5.1.9.5.5: Automatic receive steering may be offered.
    pub const NET_DEV_TXTMQ_1: RequirementId = RequirementId(735);
    /// §5.1.9.5.5: RSS may be offered.
    pub const NET_DEV_TXTMQ_2: RequirementId = RequirementId(736);
    /// §5.1.9.5.5: Both may be offered.
    pub const NET_DEV_TXTMQ_3: RequirementId = RequirementId(737);
    /// §5.1.9.5.5: Driver may accept any of them.
    pub const NET_DRV_TXTMQ_1: RequirementId = RequirementId(738);
    /// §5.1.9.5.6: MQ: several tx queues may be used.
    pub const NET_DRV_TXTMQ_2: RequirementId = RequirementId(739);
    /// §5.1.9.5.6: MQ: queue pairs up to the set count may be used.
    pub const NET_DRV_TXTMQ_3: RequirementId = RequirementId(740);
    /// §5.1.9.5.6: MQ enabled: packets are steered by flow.
    pub const NET_DEV_TXTMQ_4: RequirementId = RequirementId(741);
    /// §5.1.9.5.6: Replies of a flow should come on the rx queue matching its tx queue.
    pub const NET_DEV_TXTMQ_5: RequirementId = RequirementId(742);
    /// §5.1.9.5.6: Unknown flows may go anywhere.
    pub const NET_DEV_TXTMQ_6: RequirementId = RequirementId(743);
    /// §5.1.9.5.6.1: Queues are configured before VQ_PAIRS_SET.
    pub const NET_DRV_MQ_1: RequirementId = RequirementId(744);
    /// §5.1.9.5.6.1: VQ_PAIRS_SET value lies in 1..max_virtqueue_pairs.
    pub const NET_DRV_MQ_2: RequirementId = RequirementId(745);
    /// §5.1.9.5.6.1: Only transmitq1 is used before VQ_PAIRS_SET.
    pub const NET_DRV_MQ_3: RequirementId = RequirementId(746);
    /// §5.1.9.5.6.1: Tx queues above the set count are unused once VQ_PAIRS_SET is published.
    pub const NET_DRV_MQ_4: RequirementId = RequirementId(747);
    /// §5.1.9.5.6.2: Only receiveq1 is used after reset.
    pub const NET_DEV_MQ_1: RequirementId = RequirementId(748);
    /// §5.1.9.5.6.2: Rx queues above the set count are unused once VQ_PAIRS_SET is used.
    pub const NET_DEV_MQ_2: RequirementId = RequirementId(749);
    /// §5.1.9.5.6.2: A flow whose rx queue is being reset should move elsewhere.
    pub const NET_DEV_MQ_3: RequirementId = RequirementId(750);
    /// §5.1.9.5.6.2: All rx queues in reset: packet is dropped.
    pub const NET_DEV_MQ_4: RequirementId = RequirementId(751);
    /// §5.1.9.5.6.3: Legacy: virtqueue_pairs is guest-endian.
    pub const NET_ANY_LEGMQ_1: RequirementId = RequirementId(752);
    /// §5.1.9.5.6.4: HASH_REPORT with automatic steering: a hash config command is supported.
    pub const NET_DEV_TXTMQ_7: RequirementId = RequirementId(753);
    /// §5.1.9.5.6.4: Hash config reserved field is zero.
    pub const NET_DRV_TXTMQ_4: RequirementId = RequirementId(754);
    /// §5.1.9.5.7.2: MQ_RSS_CONFIG only with RSS negotiated.
    pub const NET_DRV_RSS_1: RequirementId = RequirementId(755);
    /// §5.1.9.5.7.2: Indirection table lists only enabled rx queues.
    pub const NET_DRV_RSS_2: RequirementId = RequirementId(756);
    /// §5.1.9.5.7.2: Indirection table length is a power of two.
    pub const NET_DRV_RSS_3: RequirementId = RequirementId(757);
    /// §5.1.9.5.7.2: indirection_table_mask is below the device's maximum length.
    pub const NET_DRV_RSS_4: RequirementId = RequirementId(758);
    /// §5.1.9.5.7.2: Only supported hash types are requested.
    pub const NET_DRV_RSS_5: RequirementId = RequirementId(759);
    /// §5.1.9.5.7.3: RSS: the packet hash is computed as specified.
    pub const NET_DEV_RSS_1: RequirementId = RequirementId(760);
    /// §5.1.9.5.7.3: RSS: unhashed packets go to unclassified_queue.
    pub const NET_DEV_RSS_2: RequirementId = RequirementId(761);
    /// §5.1.9.5.7.3: RSS: hash and mask select the table entry and hence the queue.
    pub const NET_DEV_RSS_3: RequirementId = RequirementId(762);
    /// §5.1.9.5.7.3: RSS: packets for a queue in reset are dropped.
    pub const NET_DEV_RSS_4: RequirementId = RequirementId(763);
    /// §5.1.9.5.8.3: RSS_CONTEXT: max_rss_contexts is 1 or more.
    pub const NET_DEV_RSSCTX_1: RequirementId = RequirementId(764);
    /// §5.1.9.5.8.3: Reset clears all RSS contexts.
    pub const NET_DEV_RSSCTX_2: RequirementId = RequirementId(765);
    /// §5.1.9.5.8.4: RSS context commands only with RSS_CONTEXT negotiated.
    pub const NET_DRV_RSSCTX_1: RequirementId = RequirementId(766);
    /// §5.1.9.5.8.4: rss_ctx_id lies in 1..max_rss_contexts.
    pub const NET_DRV_RSSCTX_2: RequirementId = RequirementId(767);
    /// §5.1.9.5.8.4: No VQ_PAIRS_SET while an RSS context exists.
    pub const NET_DRV_RSSCTX_3: RequirementId = RequirementId(768);
    /// §5.1.9.5.9.2: Only negotiated guest offloads are enabled.
    pub const NET_DRV_OFFLOAD_1: RequirementId = RequirementId(769);
    /// §5.1.9.5.9.3: Legacy: offloads field is guest-endian.
    pub const NET_ANY_LEGOFFLOAD_1: RequirementId = RequirementId(770);
    /// §5.1.9.5.10.5: VQ coalescing names an enabled tx/rx queue.
    pub const NET_DRV_COAL_1: RequirementId = RequirementId(771);
    /// §5.1.9.5.10.5: TX_SET/RX_SET only with NOTF_COAL negotiated.
    pub const NET_DRV_COAL_2: RequirementId = RequirementId(772);
    /// §5.1.9.5.10.5: VQ_SET/VQ_GET only with VQ_NOTF_COAL negotiated.
    pub const NET_DRV_COAL_3: RequirementId = RequirementId(773);
    /// §5.1.9.5.10.5: VQ_GET results are disregarded on ERR.
    pub const NET_DRV_COAL_4: RequirementId = RequirementId(774);
    /// §5.1.9.5.10.6: Reserved field is disregarded.
    pub const NET_DEV_COAL_1: RequirementId = RequirementId(775);
    /// §5.1.9.5.10.6: TX_SET/RX_SET should yield ERR if not applied.
    pub const NET_DEV_COAL_2: RequirementId = RequirementId(776);
    /// §5.1.9.5.10.6: VQ_SET yields ERR if not applied.
    pub const NET_DEV_COAL_3: RequirementId = RequirementId(777);
    /// §5.1.9.5.10.6: VQ_SET/VQ_GET yield ERR for a queue that is not enabled.
    pub const NET_DEV_COAL_4: RequirementId = RequirementId(778);
    /// §5.1.9.5.10.6: A re-enabled tx queue goes back to TX_SET values or 0.
    pub const NET_DEV_COAL_5: RequirementId = RequirementId(779);
    /// §5.1.9.5.10.6: A re-enabled rx queue goes back to RX_SET values or 0.
    pub const NET_DEV_COAL_6: RequirementId = RequirementId(780);
    /// §5.1.9.5.10.6: Coalescing is best effort.
    pub const NET_DEV_COAL_7: RequirementId = RequirementId(781);
    /// §5.1.9.5.10.6: Suppressed notifications should stay suppressed.
    pub const NET_DEV_COAL_8: RequirementId = RequirementId(782);
    /// §5.1.9.5.10.6: Reset zeroes the coalescing parameters.
    pub const NET_DEV_COAL_9: RequirementId = RequirementId(783);
    /// §5.1.9.5.11.12: DEVICE_STATS: STATS_QUERY lists supported types.
    pub const NET_DEV_STATS_1: RequirementId = RequirementId(784);
    /// §5.1.9.5.11.12: A bad stats request yields ERR.
    pub const NET_DEV_STATS_2: RequirementId = RequirementId(785);
    /// §5.1.9.5.11.12: One bad entry fails the whole stats command.
    pub const NET_DEV_STATS_3: RequirementId = RequirementId(786);
    /// §5.1.9.5.11.12: Reply header size is the bytes really used.
    pub const NET_DEV_STATS_4: RequirementId = RequirementId(787);
    /// §5.1.9.5.11.12: Reply header has type and vq_index.
    pub const NET_DEV_STATS_5: RequirementId = RequirementId(788);
    /// §5.1.9.5.11.12: Only valid bytes are filled.
    pub const NET_DEV_STATS_6: RequirementId = RequirementId(789);
    /// §5.1.9.5.11.12: Counters wrap to zero.
    pub const NET_DEV_STATS_7: RequirementId = RequirementId(790);
    /// §5.1.9.5.11.13: Requested types come from STATS_QUERY.
    pub const NET_DRV_STATS_1: RequirementId = RequirementId(791);
    /// §5.1.9.5.11.13: Requested types suit the named queue.
    pub const NET_DRV_STATS_2: RequirementId = RequirementId(792);
    /// §5.1.9.5.11.13: Result buffer is large enough for the reply.
    pub const NET_DRV_STATS_3: RequirementId = RequirementId(793);
    /// §5.1.9.6.4: Flow filter support is advertised through its three capabilities.
    pub const NET_DEV_FLOW_1: RequirementId = RequirementId(794);
    /// §5.1.9.6.4: Flow filter support includes object create/modify/query/destroy for its three object types.
    pub const NET_DEV_FLOW_2: RequirementId = RequirementId(795);
    /// §5.1.9.6.4: With a flow filter capability off, object commands should yield Q_INVALID_OPCODE.
    pub const NET_DEV_FLOW_3: RequirementId = RequirementId(796);
    /// §5.1.9.6.4: A second group of equal priority should yield EINVAL.
    pub const NET_DEV_FLOW_4: RequirementId = RequirementId(797);
    /// §5.1.9.6.4: Too many groups should yield ENOSPC.
    pub const NET_DEV_FLOW_5: RequirementId = RequirementId(798);
    /// §5.1.9.6.4: Too many classifiers should yield ENOSPC.
    pub const NET_DEV_FLOW_6: RequirementId = RequirementId(799);
    /// §5.1.9.6.4: Destroying a group still holding rules should yield EBUSY.
    pub const NET_DEV_FLOW_7: RequirementId = RequirementId(800);
    /// §5.1.9.6.4: Destroying a classifier still in use should yield EBUSY.
    pub const NET_DEV_FLOW_8: RequirementId = RequirementId(801);
    /// §5.1.9.6.4: Rule creation should fail in the listed invalid cases.
    pub const NET_DEV_FLOW_9: RequirementId = RequirementId(802);
    /// §5.1.9.6.4: Rule pointing at an rx queue in reset: packet is dropped.
    pub const NET_DEV_FLOW_10: RequirementId = RequirementId(803);
    /// §5.1.9.6.4: Once one rule applied, no other rule or steering is consulted.
    pub const NET_DEV_FLOW_11: RequirementId = RequirementId(804);
    /// §5.1.9.6.4: Groups are consulted highest priority first.
    pub const NET_DEV_FLOW_12: RequirementId = RequirementId(805);
    /// §5.1.9.6.4: A hit in one group ends the search.
    pub const NET_DEV_FLOW_13: RequirementId = RequirementId(806);
    /// §5.1.9.6.4: A miss moves on to the next group in priority order.
    pub const NET_DEV_FLOW_14: RequirementId = RequirementId(807);
    /// §5.1.9.6.4: Rules inside a group are tried by falling priority.
    pub const NET_DEV_FLOW_15: RequirementId = RequirementId(808);
    /// §5.1.9.6.4: The first matching rule's action is carried out.
    pub const NET_DEV_FLOW_16: RequirementId = RequirementId(809);
    /// §5.1.9.6.4: At most one action per packet.
    pub const NET_DEV_FLOW_17: RequirementId = RequirementId(810);
    /// §5.1.9.6.4: Equal-priority rules may be tried in any order.
    pub const NET_DEV_FLOW_18: RequirementId = RequirementId(811);
    /// §5.1.9.6.4: Receive pipeline stage 1: rx mode, MAC and VLAN filters.
    pub const NET_DEV_FLOW_19: RequirementId = RequirementId(812);
    /// §5.1.9.6.4: Receive pipeline stage 2: flow filter rules.
    pub const NET_DEV_FLOW_20: RequirementId = RequirementId(813);
    /// §5.1.9.6.4: Receive pipeline stage 3: RSS or automatic steering if no rule applied.
    pub const NET_DEV_FLOW_21: RequirementId = RequirementId(814);
    /// §5.1.9.6.4: A dropped packet sees no later stage.
    pub const NET_DEV_FLOW_22: RequirementId = RequirementId(815);
    /// §5.1.9.6.4: Packets dropped by stage 1 are not looked at by rules.
    pub const NET_DEV_FLOW_23: RequirementId = RequirementId(816);
    /// §5.1.9.6.4: Classifiers with the partial-mask flag are accepted where partial masks are supported.
    pub const NET_DEV_FLOW_24: RequirementId = RequirementId(817);
    /// §5.1.9.6.5: Driver enables all three capabilities before using flow filters.
    pub const NET_DRV_FLOW_1: RequirementId = RequirementId(818);
    /// §5.1.9.6.5: A group with rules should not be destroyed.
    pub const NET_DRV_FLOW_2: RequirementId = RequirementId(819);
    /// §5.1.9.6.5: Rules should be destroyed before their group.
    pub const NET_DRV_FLOW_3: RequirementId = RequirementId(820);
    /// §5.1.9.6.5: A classifier with rules should not be destroyed.
    pub const NET_DRV_FLOW_4: RequirementId = RequirementId(821);
    /// §5.1.9.6.5: Rules should be destroyed before their classifier.
    pub const NET_DRV_FLOW_5: RequirementId = RequirementId(822);
    /// §5.1.9.6.5: Equal rule priorities inside a group should be avoided.
    pub const NET_DRV_FLOW_6: RequirementId = RequirementId(823);
    /// §5.1.9.6.5: Such rules may overlap.
    pub const NET_DRV_FLOW_7: RequirementId = RequirementId(824);
    /// §5.1.9.6.5: Overlapping rules should have distinct priorities.
    pub const NET_DRV_FLOW_8: RequirementId = RequirementId(825);
    /// §5.1.9.6.5: Classifier: first selector is Ethernet.
    pub const NET_DRV_FLOW_9: RequirementId = RequirementId(826);
    /// §5.1.9.6.5: Classifier: second selector, if any, is IPv4 or IPv6.
    pub const NET_DRV_FLOW_10: RequirementId = RequirementId(827);
    /// §5.1.9.6.5: Classifier: third selector, if any, is UDP or TCP.
    pub const NET_DRV_FLOW_11: RequirementId = RequirementId(828);
    /// §5.1.9.6.5: Classifier of two or more: EtherType mask is all ones.
    pub const NET_DRV_FLOW_12: RequirementId = RequirementId(829);
    /// §5.1.9.6.5: Classifier of three: IP protocol mask is all ones.
    pub const NET_DRV_FLOW_13: RequirementId = RequirementId(830);
    /// §5.1.9.6.5: Rule for two or more selectors: EtherType key is that of IPv4/IPv6.
    pub const NET_DRV_FLOW_14: RequirementId = RequirementId(831);
    /// §5.1.9.6.5: Rule for three selectors: protocol key has the IANA number.
    pub const NET_DRV_FLOW_15: RequirementId = RequirementId(832);
    /// §5.1.9.6.5: Without the partial-mask flag, field masks should be all ones.
    pub const NET_DRV_FLOW_16: RequirementId = RequirementId(833);
    /// §5.1.9.7.1: Driver should deal sensibly with the processing-order situation described.
    pub const NET_DRV_TXTIPSEC_1: RequirementId = RequirementId(834);
    /// §5.1.9.7.4: IPsec support is advertised through its two capabilities.
    pub const NET_DEV_IPSEC_1: RequirementId = RequirementId(835);
    /// §5.1.9.7.4: IPsec support includes object create/modify/query/destroy for in- and outbound SAs.
    pub const NET_DEV_IPSEC_2: RequirementId = RequirementId(836);
    /// §5.1.9.7.4: With an IPsec capability off, object commands yield Q_INVALID_OPCODE.
    pub const NET_DEV_IPSEC_3: RequirementId = RequirementId(837);
    /// §5.1.9.7.4: Creating an SA under an existing id yields EEXIST.
    pub const NET_DEV_IPSEC_4: RequirementId = RequirementId(838);
    /// §5.1.9.7.4: Outbound SA creation fails in the listed invalid cases.
    pub const NET_DEV_IPSEC_5: RequirementId = RequirementId(839);
    /// §5.1.9.7.4: Inbound SA creation fails in the listed invalid cases.
    pub const NET_DEV_IPSEC_6: RequirementId = RequirementId(840);
    /// §5.1.9.7.4: An SA lookup table keyed by id should be kept.
    pub const NET_DEV_IPSEC_7: RequirementId = RequirementId(841);
    /// §5.1.9.7.4: A destroyed SA id can be created again without reset.
    pub const NET_DEV_IPSEC_8: RequirementId = RequirementId(842);
    /// §5.1.9.7.4: A duplicate spi may yield EINVAL.
    pub const NET_DEV_IPSEC_9: RequirementId = RequirementId(843);
    /// §5.1.9.7.4: Reset destroys all SA objects.
    pub const NET_DEV_IPSEC_10: RequirementId = RequirementId(844);
    /// §5.1.9.7.5: Driver lists capability ids before using IPsec.
    pub const NET_DRV_IPSEC_1: RequirementId = RequirementId(845);
    /// §5.1.9.7.5: Driver reads both IPsec capabilities if listed.
    pub const NET_DRV_IPSEC_2: RequirementId = RequirementId(846);
    /// §5.1.9.7.5: Driver sets both IPsec capabilities it will use.
    pub const NET_DRV_IPSEC_3: RequirementId = RequirementId(847);
    /// §5.1.9.7.5: Outbound SA: every parameter is filled in.
    pub const NET_DRV_IPSEC_4: RequirementId = RequirementId(848);
    /// §5.1.9.7.5: Inbound SA: every parameter apart from the tunnel ones is filled in.
    pub const NET_DRV_IPSEC_5: RequirementId = RequirementId(849);
    /// §5.1.9.7.5: Inbound SAs should not share an spi.
    pub const NET_DRV_IPSEC_6: RequirementId = RequirementId(850);
    /// §5.1.9.7.5: Outbound packets fit the path MTU.
    pub const NET_DRV_IPSEC_7: RequirementId = RequirementId(851);
    /// §5.1.9.8: Legacy without ANY_LAYOUT: header has its own descriptor.
    pub const NET_DRV_LEGFRAME_1: RequirementId = RequirementId(852);
    /// §5.1.9.8: Legacy without ANY_LAYOUT: class and command share a 2-byte descriptor.
    pub const NET_DRV_LEGFRAME_2: RequirementId = RequirementId(853);
    /// §5.1.9.8: Legacy without ANY_LAYOUT: command data is one unpadded descriptor.
    pub const NET_DRV_LEGFRAME_3: RequirementId = RequirementId(854);
    /// §5.1.9.8: Legacy without ANY_LAYOUT: MAC table uses two descriptors, first one unicast.
    pub const NET_DRV_LEGFRAME_4: RequirementId = RequirementId(855);
    /// §5.1.9.8: Legacy without ANY_LAYOUT: second MAC table descriptor is multicast.
    pub const NET_DRV_LEGFRAME_5: RequirementId = RequirementId(856);
    /// §5.1.9.8: Legacy without ANY_LAYOUT: ack is a 1-byte descriptor.
    pub const NET_DRV_LEGFRAME_6: RequirementId = RequirementId(857);
    /// §5.2.4.1: Legacy: block config fields are guest-endian.
    pub const BLK_ANY_LEGCONFIG_1: RequirementId = RequirementId(858);
    /// §5.2.5.1: FLUSH should be negotiated only by drivers able to send flush commands.
    pub const BLK_DRV_INIT_1: RequirementId = RequirementId(859);
    /// §5.2.5.1: With neither CONFIG_WCE nor FLUSH, writethrough may be presumed.
    pub const BLK_DRV_INIT_2: RequirementId = RequirementId(860);
    /// §5.2.5.1: FLUSH without CONFIG_WCE: presume a writeback cache.
    pub const BLK_DRV_INIT_3: RequirementId = RequirementId(861);
    /// §5.2.5.1: writeback is not read before FEATURES_OK.
    pub const BLK_DRV_INIT_4: RequirementId = RequirementId(862);
    /// §5.2.5.1: ZONED is negotiated only by drivers able to deal with the zone models.
    pub const BLK_DRV_INIT_5: RequirementId = RequirementId(863);
    /// §5.2.5.1: Host-managed zoned device: driver does not accept DISCARD.
    pub const BLK_DRV_INIT_6: RequirementId = RequirementId(864);
    /// §5.2.5.1: Host-aware/none models: ZONED and DISCARD may be accepted separately.
    pub const BLK_DRV_INIT_7: RequirementId = RequirementId(865);
    /// §5.2.5.1: Driver lacking host-managed support sets FAILED, not FEATURES_OK.
    pub const BLK_DRV_INIT_8: RequirementId = RequirementId(866);
    /// §5.2.5.1: A host-aware device may be driven as a plain disk.
    pub const BLK_DRV_INIT_9: RequirementId = RequirementId(867);
    /// §5.2.5.1: In that case the remaining zoned fields should be disregarded.
    pub const BLK_DRV_INIT_10: RequirementId = RequirementId(868);
    /// §5.2.5.2: FLUSH should be offered at all times.
    pub const BLK_DEV_INIT_1: RequirementId = RequirementId(869);
    /// §5.2.5.2: FLUSH must be offered along with CONFIG_WCE.
    pub const BLK_DEV_INIT_2: RequirementId = RequirementId(870);
    /// §5.2.5.2: CONFIG_WCE without FLUSH negotiated: writeback starts at 0.
    pub const BLK_DEV_INIT_3: RequirementId = RequirementId(871);
    /// §5.2.5.2: unused0/unused1 padding reads zero.
    pub const BLK_DEV_INIT_4: RequirementId = RequirementId(872);
    /// §5.2.5.2: Plain disks should not offer ZONED.
    pub const BLK_DEV_INIT_5: RequirementId = RequirementId(873);
    /// §5.2.5.2: Legacy devices do not offer ZONED.
    pub const BLK_DEV_INIT_6: RequirementId = RequirementId(874);
    /// §5.2.5.2: ZONED declined, host-aware/none model: bring-up continues with zoned fields zeroed.
    pub const BLK_DEV_INIT_7: RequirementId = RequirementId(875);
    /// §5.2.5.2: ZONED declined, host-managed model: FEATURES_OK is refused.
    pub const BLK_DEV_INIT_8: RequirementId = RequirementId(876);
    /// §5.2.5.2: ZONED: model field is filled in.
    pub const BLK_DEV_INIT_9: RequirementId = RequirementId(877);
    /// §5.2.5.2: ZONED: zone_sectors holds the zone size.
    pub const BLK_DEV_INIT_10: RequirementId = RequirementId(878);
    /// §5.2.5.2: The last zone may be short.
    pub const BLK_DEV_INIT_11: RequirementId = RequirementId(879);
    /// §5.2.5.2: ZONED: max_open_zones holds the open-zone limit.
    pub const BLK_DEV_INIT_12: RequirementId = RequirementId(880);
    /// §5.2.5.2: ZONED: max_active_zones holds the active-zone limit.
    pub const BLK_DEV_INIT_13: RequirementId = RequirementId(881);
    /// §5.2.5.2: ZONED: max_append_sectors holds the append size limit.
    pub const BLK_DEV_INIT_14: RequirementId = RequirementId(882);
    /// §5.2.5.2: max_append_sectors does not exceed seg_max*size_max.
    pub const BLK_DEV_INIT_15: RequirementId = RequirementId(883);
    /// §5.2.5.2: max_append_sectors 0 means no append support.
    pub const BLK_DEV_INIT_16: RequirementId = RequirementId(884);
    /// §5.2.5.2: ZONED: write_granularity holds the write alignment.
    pub const BLK_DEV_INIT_17: RequirementId = RequirementId(885);
    /// §5.2.5.2: unused2 padding reads zero.
    pub const BLK_DEV_INIT_18: RequirementId = RequirementId(886);
    /// §5.2.5.3: Legacy: feature negotiation works without FEATURES_OK.
    pub const BLK_DEV_LEGINIT_1: RequirementId = RequirementId(887);
    /// §5.2.5.3: Legacy: writeback may be accessed early.
    pub const BLK_DRV_LEGINIT_1: RequirementId = RequirementId(888);
    /// §5.2.5.3: Legacy: status writes do not change the cache mode, DRIVER_OK without CONFIG_WCE excepted.
    pub const BLK_DEV_LEGINIT_2: RequirementId = RequirementId(889);
    /// §5.2.5.3: Legacy: feature writes do not change the cache mode.
    pub const BLK_DEV_LEGINIT_3: RequirementId = RequirementId(890);
    /// §5.2.6.1: capacity should be re-read after a config-change notification.
    pub const BLK_DRV_OP_1: RequirementId = RequirementId(891);
    /// §5.2.6.1: No request reaches past capacity.
    pub const BLK_DRV_OP_2: RequirementId = RequirementId(892);
    /// §5.2.6.1: RO should be accepted whenever offered.
    pub const BLK_DRV_OP_3: RequirementId = RequirementId(893);
    /// §5.2.6.1: FLUSH requests carry sector 0.
    pub const BLK_DRV_OP_4: RequirementId = RequirementId(894);
    /// §5.2.6.1: FLUSH requests should carry no data.
    pub const BLK_DRV_OP_5: RequirementId = RequirementId(895);
    /// §5.2.6.1: IN/OUT data length is divisible by 512.
    pub const BLK_DRV_OP_6: RequirementId = RequirementId(896);
    /// §5.2.6.1: DISCARD/SECURE_ERASE/WRITE_ZEROES data length is a multiple of the segment struct.
    pub const BLK_DRV_OP_7: RequirementId = RequirementId(897);
    /// §5.2.6.1: GET_ID data length is 20.
    pub const BLK_DRV_OP_8: RequirementId = RequirementId(898);
    /// §5.2.6.1: DISCARD holds at most max_discard_seg segments.
    pub const BLK_DRV_OP_9: RequirementId = RequirementId(899);
    /// §5.2.6.1: SECURE_ERASE holds at most max_secure_erase_seg segments.
    pub const BLK_DRV_OP_10: RequirementId = RequirementId(900);
    /// §5.2.6.1: WRITE_ZEROES holds at most max_write_zeroes_seg segments.
    pub const BLK_DRV_OP_11: RequirementId = RequirementId(901);
    /// §5.2.6.1: CONFIG_WCE: writeback may be toggled at runtime.
    pub const BLK_DRV_OP_12: RequirementId = RequirementId(902);
    /// §5.2.6.1: Switching to writethrough does not imply that earlier writes are durable.
    pub const BLK_DRV_OP_13: RequirementId = RequirementId(903);
    /// §5.2.6.1: DISCARD segments have unmap clear.
    pub const BLK_DRV_OP_14: RequirementId = RequirementId(904);
    /// §5.2.6.1: Contents of discarded sectors are not relied on.
    pub const BLK_DRV_OP_15: RequirementId = RequirementId(905);
    /// §5.2.6.1: After IOERR, nothing is presumed about the separate segments.
    pub const BLK_DRV_OP_16: RequirementId = RequirementId(906);
    /// §5.2.6.1: Zone addresses are 512-byte multiples.
    pub const BLK_DRV_OP_17: RequirementId = RequirementId(907);
    /// §5.2.6.1: ZONE_REPORT sector lies within the first zone of interest.
    pub const BLK_DRV_OP_18: RequirementId = RequirementId(908);
    /// §5.2.6.1: That sector need not be the zone start.
    pub const BLK_DRV_OP_19: RequirementId = RequirementId(909);
    /// §5.2.6.1: Zone open/close/finish/reset use the first sector of the zone.
    pub const BLK_DRV_OP_20: RequirementId = RequirementId(910);
    /// §5.2.6.1: ZONE_RESET_ALL carries sector 0.
    pub const BLK_DRV_OP_21: RequirementId = RequirementId(911);
    /// §5.2.6.1: ZONE_APPEND carries the zone start in sector.
    pub const BLK_DRV_OP_22: RequirementId = RequirementId(912);
    /// §5.2.6.1: ZONE_APPEND data is a multiple of write_granularity.
    pub const BLK_DRV_OP_23: RequirementId = RequirementId(913);
    /// §5.2.6.1: ZONE_APPEND data does not exceed max_append_sectors.
    pub const BLK_DRV_OP_24: RequirementId = RequirementId(914);
    /// §5.2.6.1: append_sector may be read after success.
    pub const BLK_DRV_OP_25: RequirementId = RequirementId(915);
    /// §5.2.6.1: Sequential-zone writes: size is a multiple of write_granularity.
    pub const BLK_DRV_OP_26: RequirementId = RequirementId(916);
    /// §5.2.6.1: Sequential-zone writes: sector is aligned to write_granularity.
    pub const BLK_DRV_OP_27: RequirementId = RequirementId(917);
    /// §5.2.6.1: Sequential-zone writes: write pointer plus size stays inside zone capacity.
    pub const BLK_DRV_OP_28: RequirementId = RequirementId(918);
    /// §5.2.6.2: capacity may change at runtime.
    pub const BLK_DEV_OP_1: RequirementId = RequirementId(919);
    /// §5.2.6.2: A capacity change should be announced by a config-change notification.
    pub const BLK_DEV_OP_2: RequirementId = RequirementId(920);
    /// §5.2.6.2: Writes to an RO device complete with IOERR.
    pub const BLK_DEV_OP_3: RequirementId = RequirementId(921);
    /// §5.2.6.2: Writes to an RO device change no data.
    pub const BLK_DEV_OP_4: RequirementId = RequirementId(922);
    /// §5.2.6.2: Unknown flags in discard/erase/write-zeroes yield UNSUPP.
    pub const BLK_DEV_OP_5: RequirementId = RequirementId(923);
    /// §5.2.6.2: DISCARD with unmap set yields UNSUPP.
    pub const BLK_DEV_OP_6: RequirementId = RequirementId(924);
    /// §5.2.6.2: DISCARD may deallocate.
    pub const BLK_DEV_OP_7: RequirementId = RequirementId(925);
    /// §5.2.6.2: WRITE_ZEROES with unmap may deallocate.
    pub const BLK_DEV_OP_8: RequirementId = RequirementId(926);
    /// §5.2.6.2: After WRITE_ZEROES the range reads as zeros.
    pub const BLK_DEV_OP_9: RequirementId = RequirementId(927);
    /// §5.2.6.2: write_zeroes_may_unmap should be clear exactly when deallocation cannot happen.
    pub const BLK_DEV_OP_10: RequirementId = RequirementId(928);
    /// §5.2.6.2: write_zeroes_may_unmap may change at runtime.
    pub const BLK_DEV_OP_11: RequirementId = RequirementId(929);
    /// §5.2.6.2: Its change should be announced by a config-change notification.
    pub const BLK_DEV_OP_12: RequirementId = RequirementId(930);
    /// §5.2.6.2: Stable writes and flushed data are durable before completion is reported.
    pub const BLK_DEV_OP_13: RequirementId = RequirementId(931);
    /// §5.2.6.2: Without FLUSH offered, writes may be committed anyway.
    pub const BLK_DEV_OP_14: RequirementId = RequirementId(932);
    /// §5.2.6.2: LIFETIME should be offered for storage with wear metrics.
    pub const BLK_DEV_OP_15: RequirementId = RequirementId(933);
    /// §5.2.6.2: LIFETIME is not offered without meaningful metrics.
    pub const BLK_DEV_OP_16: RequirementId = RequirementId(934);
    /// §5.2.6.2: Lifetime replies carry no reserved values.
    pub const BLK_DEV_OP_17: RequirementId = RequirementId(935);
    /// §5.2.6.2: Without ZONED, all zone commands yield UNSUPP.
    pub const BLK_DEV_OP_18: RequirementId = RequirementId(936);
    /// §5.2.6.2: Zone state commands on a conventional zone yield ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_19: RequirementId = RequirementId(937);
    /// §5.2.6.2: ZONE_APPEND outside a sequential-write-required zone yields ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_20: RequirementId = RequirementId(938);
    /// §5.2.6.2: ZONE_OPEN on an impossible transition yields ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_21: RequirementId = RequirementId(939);
    /// §5.2.6.2: ZONE_OPEN short of resources yields OPEN_RESOURCE/ACTIVE_RESOURCE, state unchanged.
    pub const BLK_DEV_OP_22: RequirementId = RequirementId(940);
    /// §5.2.6.2: ZONE_CLOSE on an impossible transition yields ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_23: RequirementId = RequirementId(941);
    /// §5.2.6.2: ZONE_FINISH on an impossible transition yields ZONE_INVALID_CMD, state unchanged.
    pub const BLK_DEV_OP_24: RequirementId = RequirementId(942);
    /// §5.2.6.2: ZONE_RESET on an impossible transition yields ZONE_INVALID_CMD, state unchanged.
    pub const BLK_DEV_OP_25: RequirementId = RequirementId(943);
    /// §5.2.6.2: Implicit open short of resources yields OPEN_RESOURCE/ACTIVE_RESOURCE.
    pub const BLK_DEV_OP_26: RequirementId = RequirementId(944);
    /// §5.2.6.2: ZONE_APPEND away from the zone start yields ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_27: RequirementId = RequirementId(945);
    /// §5.2.6.2: Writes past the zone's remaining capacity yield ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_28: RequirementId = RequirementId(946);
    /// §5.2.6.2: Successful ZONE_APPEND reports where data went in append_sector.
    pub const BLK_DEV_OP_29: RequirementId = RequirementId(947);
    /// §5.2.6.2: Oversized append with limit 0 yields UNSUPP.
    pub const BLK_DEV_OP_30: RequirementId = RequirementId(948);
    /// §5.2.6.2: Oversized append with a non-zero limit yields ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_31: RequirementId = RequirementId(949);
    /// §5.2.6.2: Requests on sequential zones spanning two zones yield ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_32: RequirementId = RequirementId(950);
    /// §5.2.6.2: Write off the write pointer yields ZONE_UNALIGNED_WP.
    pub const BLK_DEV_OP_33: RequirementId = RequirementId(951);
    /// §5.2.6.2: Implicitly open zones may be closed automatically.
    pub const BLK_DEV_OP_34: RequirementId = RequirementId(952);
    /// §5.2.6.2: Writes to a read-only zone yield ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_35: RequirementId = RequirementId(953);
    /// §5.2.6.2: Any request to an offline zone yields ZONE_INVALID_CMD.
    pub const BLK_DEV_OP_36: RequirementId = RequirementId(954);
    /// §5.2.6.2: Data beyond the write pointer counts as unwritten.
    pub const BLK_DEV_OP_37: RequirementId = RequirementId(955);
    /// §5.2.6.2: Reads of unwritten data follow one of the permitted behaviours.
    pub const BLK_DEV_OP_38: RequirementId = RequirementId(956);
    /// §5.2.6.2: secure_erase_sector_alignment is a multiple of zone_sectors.
    pub const BLK_DEV_OP_39: RequirementId = RequirementId(957);
    /// §5.2.6.2: SECURE_ERASE size is a multiple of zone_sectors.
    pub const BLK_DEV_OP_40: RequirementId = RequirementId(958);
    /// §5.2.6.2: SECURE_ERASE over zones acts as ZONE_RESET.
    pub const BLK_DEV_OP_41: RequirementId = RequirementId(959);
    /// §5.2.6.3: Legacy: request header is guest-endian.
    pub const BLK_ANY_LEGOP_1: RequirementId = RequirementId(960);
    /// §5.2.6.3: Legacy: used length should be disregarded.
    pub const BLK_DRV_LEGOP_1: RequirementId = RequirementId(961);
    /// §5.2.6.3: Legacy: FLUSH_OUT is equivalent to FLUSH.
    pub const BLK_DRV_LEGOP_2: RequirementId = RequirementId(962);
    /// §5.2.6.3: Legacy BARRIER: earlier requests should be finished first.
    pub const BLK_DEV_LEGOP_1: RequirementId = RequirementId(963);
    /// §5.2.6.3: Legacy BARRIER: later requests should wait.
    pub const BLK_DEV_LEGOP_2: RequirementId = RequirementId(964);
    /// §5.2.6.3: Legacy: driver may switch writeback off.
    pub const BLK_DRV_LEGOP_3: RequirementId = RequirementId(965);
    /// §5.2.6.3: Legacy: or flush after each write.
    pub const BLK_DRV_LEGOP_4: RequirementId = RequirementId(966);
    /// §5.2.6.3: Legacy SCSI: command sits in its own readable buffer.
    pub const BLK_DRV_LEGOP_5: RequirementId = RequirementId(967);
    /// §5.2.6.3: Legacy SCSI: data_len should be disregarded.
    pub const BLK_DRV_LEGOP_6: RequirementId = RequirementId(968);
    /// §5.2.6.4: Legacy without ANY_LAYOUT: header, data and status descriptors are split in the fixed way.
    pub const BLK_DRV_LEGOP_7: RequirementId = RequirementId(969);
    /// §5.2.6.4: Legacy SCSI: sense has its own 96-byte writable descriptor.
    pub const BLK_DRV_LEGOP_8: RequirementId = RequirementId(970);
    /// §5.2.6.4: Legacy SCSI: trailing result fields have their own writable descriptor.
    pub const BLK_DRV_LEGOP_9: RequirementId = RequirementId(971);
    /// §5.3: Any number of ports from one up.
    pub const CONSOLE_DEV_TXTOP_1: RequirementId = RequirementId(972);
    /// §5.3.4.1: Legacy: console config is guest-endian.
    pub const CONSOLE_ANY_LEGCONFIG_1: RequirementId = RequirementId(973);
    /// §5.3.5.1: emerg_wr can be written before bring-up.
    pub const CONSOLE_DEV_INIT_1: RequirementId = RequirementId(974);
    /// §5.3.5.1: The low byte written to emerg_wr should reach a log or output.
    pub const CONSOLE_DEV_INIT_2: RequirementId = RequirementId(975);
    /// §5.3.6.1: Receive queues hold only device-writable buffers.
    pub const CONSOLE_DRV_OP_1: RequirementId = RequirementId(976);
    /// §5.3.6.1: Transmit queues hold only device-readable buffers.
    pub const CONSOLE_DRV_OP_2: RequirementId = RequirementId(977);
    /// §5.3.6.2: More than one console port is possible.
    pub const CONSOLE_DEV_TXTMULTIPORT_1: RequirementId = RequirementId(978);
    /// §5.3.6.2.1: DEVICE_ADD names a new port below max_nr_ports.
    pub const CONSOLE_DEV_MULTIPORT_1: RequirementId = RequirementId(979);
    /// §5.3.6.2.1: DEVICE_REMOVE names only a port added earlier.
    pub const CONSOLE_DEV_MULTIPORT_2: RequirementId = RequirementId(980);
    /// §5.3.6.2.2: MULTIPORT: driver sends DEVICE_READY.
    pub const CONSOLE_DRV_MULTIPORT_1: RequirementId = RequirementId(981);
    /// §5.3.6.2.2: CONSOLE_PORT: port should be treated as a text console.
    pub const CONSOLE_DRV_MULTIPORT_2: RequirementId = RequirementId(982);
    /// §5.3.6.2.2: CONSOLE_PORT is answered with PORT_OPEN.
    pub const CONSOLE_DRV_MULTIPORT_3: RequirementId = RequirementId(983);
    /// §5.3.6.2.2: That PORT_OPEN has value 1.
    pub const CONSOLE_DRV_MULTIPORT_4: RequirementId = RequirementId(984);
    /// §5.3.6.3: Legacy: control messages are guest-endian.
    pub const CONSOLE_ANY_LEGOP_1: RequirementId = RequirementId(985);
    /// §5.3.6.3: Legacy: used length on transmit queues should be disregarded.
    pub const CONSOLE_DRV_LEGOP_1: RequirementId = RequirementId(986);
    /// §5.3.6.4: Legacy without ANY_LAYOUT: control buffers are one descriptor each.
    pub const CONSOLE_DRV_LEGOP_2: RequirementId = RequirementId(987);
    /// §5.4.6.1: Entropy queue holds no device-readable buffers.
    pub const RNG_DRV_OP_1: RequirementId = RequirementId(988);
    /// §5.4.6.1: Driver takes only as many random bytes as the used length says.
    pub const RNG_DRV_OP_2: RequirementId = RequirementId(989);
    /// §5.4.6.2: At least one random byte is delivered per buffer.
    pub const RNG_DEV_OP_1: RequirementId = RequirementId(990);
    /// §5.4.6.2: Partial fill is permitted.
    pub const RNG_DEV_OP_2: RequirementId = RequirementId(991);
    /// §5.5.3.1: MUST_TELL_HOST should be accepted whenever offered.
    pub const BALLOON_DRV_FEAT_1: RequirementId = RequirementId(992);
    /// §5.5.3.1: PAGE_POISON should be declined if deflated pages are not written at once.
    pub const BALLOON_DRV_FEAT_2: RequirementId = RequirementId(993);
    /// §5.5.3.1: Driver needing initialised pages accepts PAGE_REPORTING only with PAGE_POISON.
    pub const BALLOON_DRV_FEAT_3: RequirementId = RequirementId(994);
    /// §5.5.3.2: Refusing FEATURES_OK is allowed when MUST_TELL_HOST is declined.
    pub const BALLOON_DEV_FEAT_1: RequirementId = RequirementId(995);
    /// §5.5.3.2.0.1: Legacy: guests declining MUST_TELL_HOST must be supported.
    pub const BALLOON_DEV_LEGFEAT_1: RequirementId = RequirementId(996);
    /// §5.5.3.2.0.1: Legacy: such guests should be allowed to reuse memory before telling.
    pub const BALLOON_DEV_LEGFEAT_2: RequirementId = RequirementId(997);
    /// §5.5.4.0.0.1: Legacy: balloon config is little-endian all the same.
    pub const BALLOON_ANY_LEGCONFIG_1: RequirementId = RequirementId(998);
    /// §5.5.6.1: Balloon should grow while num_pages exceeds its size.
    pub const BALLOON_DRV_OP_1: RequirementId = RequirementId(999);
    /// §5.5.6.1: Pages may be taken back while num_pages is below the balloon size.
    pub const BALLOON_DRV_OP_2: RequirementId = RequirementId(1000);
    /// §5.5.6.1: Pages may be given while num_pages is at or above the balloon size.
    pub const BALLOON_DRV_OP_3: RequirementId = RequirementId(1001);
    /// §5.5.6.1: As worded: without DEFLATE_ON_OOM no page is taken back while num_pages is at or below the balloon size (clashes with the permission just above it; "at or above" looks intended).
    pub const BALLOON_DRV_OP_4: RequirementId = RequirementId(1002);
    /// §5.5.6.1: DEFLATE_ON_OOM: pages may be taken back for stability.
    pub const BALLOON_DRV_OP_5: RequirementId = RequirementId(1003);
    /// §5.5.6.1: Page reclaim is announced on deflateq.
    pub const BALLOON_DRV_OP_6: RequirementId = RequirementId(1004);
    /// §5.5.6.1: MUST_TELL_HOST: pages are reused only once the deflate request is acknowledged.
    pub const BALLOON_DRV_OP_7: RequirementId = RequirementId(1005);
    /// §5.5.6.1: Without MUST_TELL_HOST: pages may be reused earlier.
    pub const BALLOON_DRV_OP_8: RequirementId = RequirementId(1006);
    /// §5.5.6.1: Pages under an unacknowledged inflate request are not used.
    pub const BALLOON_DRV_OP_9: RequirementId = RequirementId(1007);
    /// §5.5.6.1: No deflate of a page whose inflate is still unacknowledged.
    pub const BALLOON_DRV_OP_10: RequirementId = RequirementId(1008);
    /// §5.5.6.1: actual is updated after the balloon size changes.
    pub const BALLOON_DRV_OP_11: RequirementId = RequirementId(1009);
    /// §5.5.6.1: actual may be updated once per batch.
    pub const BALLOON_DRV_OP_12: RequirementId = RequirementId(1010);
    /// §5.5.6.2: Device may alter a page while its inflate request is pending.
    pub const BALLOON_DEV_OP_1: RequirementId = RequirementId(1011);
    /// §5.5.6.2: MUST_TELL_HOST: device may alter the page until the deflate is acknowledged.
    pub const BALLOON_DEV_OP_2: RequirementId = RequirementId(1012);
    /// §5.5.6.2.1: Legacy: used length should be disregarded.
    pub const BALLOON_DRV_LEGOP_1: RequirementId = RequirementId(1013);
    /// §5.5.6.2.1: Legacy: actual is written as one 4-byte store.
    pub const BALLOON_DRV_LEGOP_2: RequirementId = RequirementId(1014);
    /// §5.5.6.2.1: Legacy: actual should not be consumed until its top byte is written.
    pub const BALLOON_DEV_LEGOP_1: RequirementId = RequirementId(1015);
    /// §5.5.6.3.1: At most one statsq buffer is outstanding.
    pub const BALLOON_DRV_STATS_1: RequirementId = RequirementId(1016);
    /// §5.5.6.3.1: A first stats buffer is supplied after bring-up.
    pub const BALLOON_DRV_STATS_2: RequirementId = RequirementId(1017);
    /// §5.5.6.3.1: Each used stats buffer is replaced by a new one.
    pub const BALLOON_DRV_STATS_3: RequirementId = RequirementId(1018);
    /// §5.5.6.3.1: Stats buffers are filled with one entry per supported statistic.
    pub const BALLOON_DRV_STATS_4: RequirementId = RequirementId(1019);
    /// §5.5.6.3.1: Stats buffer size is a multiple of 6.
    pub const BALLOON_DRV_STATS_5: RequirementId = RequirementId(1020);
    /// §5.5.6.3.1: Stats entries in any order.
    pub const BALLOON_DRV_STATS_6: RequirementId = RequirementId(1021);
    /// §5.5.6.3.1: A subset of statistics is allowed.
    pub const BALLOON_DRV_STATS_7: RequirementId = RequirementId(1022);
    /// §5.5.6.3.1: The same subset appears in every stats buffer.
    pub const BALLOON_DRV_STATS_8: RequirementId = RequirementId(1023);
    /// §5.5.6.3.2: Unknown stats tags are disregarded.
    pub const BALLOON_DEV_STATS_1: RequirementId = RequirementId(1024);
    /// §5.5.6.3.2: Any stats order is accepted.
    pub const BALLOON_DEV_STATS_2: RequirementId = RequirementId(1025);
    /// §5.5.6.3.3: Legacy: stats entries are guest-endian.
    pub const BALLOON_ANY_LEGSTATS_1: RequirementId = RequirementId(1026);
    /// §5.5.6.3.3: Legacy: first stats buffer should be disregarded.
    pub const BALLOON_DEV_LEGSTATS_1: RequirementId = RequirementId(1027);
    /// §5.5.6.5.1: Hint command buffers are 4 bytes.
    pub const BALLOON_DRV_HINT_1: RequirementId = RequirementId(1028);
    /// §5.5.6.5.1: Hinting starts with a buffer carrying the current command ID.
    pub const BALLOON_DRV_HINT_2: RequirementId = RequirementId(1029);
    /// §5.5.6.5.1: The current command ID is sent once only.
    pub const BALLOON_DRV_HINT_3: RequirementId = RequirementId(1030);
    /// §5.5.6.5.1: Command ID of 2 or more: driver should supply hinted pages.
    pub const BALLOON_DRV_HINT_4: RequirementId = RequirementId(1031);
    /// §5.5.6.5.1: STOP or DONE: driver should stop hinting.
    pub const BALLOON_DRV_HINT_5: RequirementId = RequirementId(1032);
    /// §5.5.6.5.1: Unable to supply pages: send a STOP command buffer.
    pub const BALLOON_DRV_HINT_6: RequirementId = RequirementId(1033);
    /// §5.5.6.5.1: Hinted pages may be released at any moment.
    pub const BALLOON_DRV_HINT_7: RequirementId = RequirementId(1034);
    /// §5.5.6.5.1: Hinted pages count as uninitialised.
    pub const BALLOON_DRV_HINT_8: RequirementId = RequirementId(1035);
    /// §5.5.6.5.1: Pages released before DONE are initialised by the driver.
    pub const BALLOON_DRV_HINT_9: RequirementId = RequirementId(1036);
    /// §5.5.6.5.1: DONE: all hinted pages should be released.
    pub const BALLOON_DRV_HINT_10: RequirementId = RequirementId(1037);
    /// §5.5.6.5.2: STOP should be posted whenever hints are of no use.
    pub const BALLOON_DEV_HINT_1: RequirementId = RequirementId(1038);
    /// §5.5.6.5.2: A command ID is not reused before a STOP buffer arrives.
    pub const BALLOON_DEV_HINT_2: RequirementId = RequirementId(1039);
    /// §5.5.6.5.2: Hints under a stale command ID are disregarded.
    pub const BALLOON_DEV_HINT_3: RequirementId = RequirementId(1040);
    /// §5.5.6.5.2: Unmodified hinted pages may be altered.
    pub const BALLOON_DEV_HINT_4: RequirementId = RequirementId(1041);
    /// §5.5.6.5.2: After DONE, hinted pages are not altered.
    pub const BALLOON_DEV_HINT_5: RequirementId = RequirementId(1042);
    /// §5.5.6.5.2: DONE is posted once hinted pages are no longer wanted.
    pub const BALLOON_DEV_HINT_6: RequirementId = RequirementId(1043);
    /// §5.5.6.5.3: Legacy: command ID is guest-endian.
    pub const BALLOON_ANY_LEGHINT_1: RequirementId = RequirementId(1044);
    /// §5.5.6.6.1: Deflated pages are filled with poison_val before reuse.
    pub const BALLOON_DRV_POISON_1: RequirementId = RequirementId(1045);
    /// §5.5.6.6.1: poison_val is written before DRIVER_OK.
    pub const BALLOON_DRV_POISON_2: RequirementId = RequirementId(1046);
    /// §5.5.6.6.1: poison_val is not written after DRIVER_OK.
    pub const BALLOON_DRV_POISON_3: RequirementId = RequirementId(1047);
    /// §5.5.6.6.2: poison_val may serve as a hint.
    pub const BALLOON_DEV_POISON_1: RequirementId = RequirementId(1048);
    /// §5.5.6.7.1: Reporting without PAGE_POISON: reported pages count as uninitialised.
    pub const BALLOON_DRV_REPORT_1: RequirementId = RequirementId(1049);
    /// §5.5.6.7.1: Reporting with PAGE_POISON: pages hold poison_val when reported.
    pub const BALLOON_DRV_REPORT_2: RequirementId = RequirementId(1050);
    /// §5.5.6.7.1: Reported pages are unused until acknowledged.
    pub const BALLOON_DRV_REPORT_3: RequirementId = RequirementId(1051);
    /// §5.5.6.7.1: Reporting may begin any time after DRIVER_OK.
    pub const BALLOON_DRV_REPORT_4: RequirementId = RequirementId(1052);
    /// §5.5.6.7.1: Large pages should be preferred for reporting.
    pub const BALLOON_DRV_REPORT_5: RequirementId = RequirementId(1053);
    /// §5.5.6.7.1: Reported pages should be left alone where possible.
    pub const BALLOON_DRV_REPORT_6: RequirementId = RequirementId(1054);
    /// §5.5.6.7.2: Without PAGE_POISON: reported pages may be altered before acknowledgement.
    pub const BALLOON_DEV_REPORT_1: RequirementId = RequirementId(1055);
    /// §5.5.6.7.2: With PAGE_POISON: reported pages hold poison_val or stay as they were.
    pub const BALLOON_DEV_REPORT_2: RequirementId = RequirementId(1056);
    /// §5.6.3: 
    pub const SCSI_DEV_TXTFEATUREBITS_1: RequirementId = RequirementId(1057);
    /// §5.6.3: 
    pub const SCSI_DRV_TXTFEATUREBITS_1: RequirementId = RequirementId(1058);
    /// §5.6.3: 
    pub const SCSI_DRV_TXTFEATUREBITS_2: RequirementId = RequirementId(1059);
    /// §5.6.4: 
    pub const SCSI_DRV_TXTCONFIGURATIO_1: RequirementId = RequirementId(1060);
    /// §5.6.4: 
    pub const SCSI_DEV_TXTCONFIGURATIO_1: RequirementId = RequirementId(1061);
    /// §5.6.4: 
    pub const SCSI_DEV_TXTCONFIGURATIO_2: RequirementId = RequirementId(1062);
    /// §5.6.4: 
    pub const SCSI_DRV_TXTCONFIGURATIO_2: RequirementId = RequirementId(1063);
    /// §5.6.4: 
    pub const SCSI_DRV_TXTCONFIGURATIO_3: RequirementId = RequirementId(1064);
    /// §5.6.4: 
    pub const SCSI_DRV_TXTCONFIGURATIO_4: RequirementId = RequirementId(1065);
    /// §5.6.4.1: 
    pub const SCSI_DRV_CONFIGURATIO_1: RequirementId = RequirementId(1066);
    /// §5.6.4.1: 
    pub const SCSI_DRV_CONFIGURATIO_2: RequirementId = RequirementId(1067);
    /// §5.6.4.1: 
    pub const SCSI_DRV_CONFIGURATIO_3: RequirementId = RequirementId(1068);
    /// §5.6.4.2: 
    pub const SCSI_DEV_CONFIGURATIO_1: RequirementId = RequirementId(1069);
    /// §5.6.4.3: 
    pub const SCSI_ANY_LEGACYINTERF_1: RequirementId = RequirementId(1070);
    /// §5.6.5: 
    pub const SCSI_DRV_INITIALIZATI_1: RequirementId = RequirementId(1071);
    /// §5.6.5: 
    pub const SCSI_DRV_INITIALIZATI_2: RequirementId = RequirementId(1072);
    /// §5.6.5: 
    pub const SCSI_DRV_INITIALIZATI_3: RequirementId = RequirementId(1073);
    /// §5.6.6.0.1: 
    pub const SCSI_DRV_LEGACYINTERF_1: RequirementId = RequirementId(1074);
    /// §5.6.6.1: 
    pub const SCSI_DEV_TXTREQUESTQUEUE_1: RequirementId = RequirementId(1075);
    /// §5.6.6.1: 
    pub const SCSI_DEV_TXTREQUESTQUEUE_2: RequirementId = RequirementId(1076);
    /// §5.6.6.1: 
    pub const SCSI_DEV_TXTREQUESTQUEUE_3: RequirementId = RequirementId(1077);
    /// §5.6.6.1: 
    pub const SCSI_DEV_TXTREQUESTQUEUE_4: RequirementId = RequirementId(1078);
    /// §5.6.6.1: 
    pub const SCSI_DRV_TXTREQUESTQUEUE_1: RequirementId = RequirementId(1079);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_1: RequirementId = RequirementId(1080);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_2: RequirementId = RequirementId(1081);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_3: RequirementId = RequirementId(1082);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_4: RequirementId = RequirementId(1083);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_5: RequirementId = RequirementId(1084);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_6: RequirementId = RequirementId(1085);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_7: RequirementId = RequirementId(1086);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_8: RequirementId = RequirementId(1087);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_9: RequirementId = RequirementId(1088);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_10: RequirementId = RequirementId(1089);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_11: RequirementId = RequirementId(1090);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_12: RequirementId = RequirementId(1091);
    /// §5.6.6.1.1: 
    pub const SCSI_DEV_REQUESTQUEUE_13: RequirementId = RequirementId(1092);
    /// §5.6.6.1.2: 
    pub const SCSI_DRV_REQUESTQUEUE_1: RequirementId = RequirementId(1093);
    /// §5.6.6.1.2: 
    pub const SCSI_DRV_REQUESTQUEUE_2: RequirementId = RequirementId(1094);
    /// §5.6.6.1.3: 
    pub const SCSI_ANY_LEGACYINTERF_2: RequirementId = RequirementId(1095);
    /// §5.6.6.2: 
    pub const SCSI_DEV_TXTCONTROLQ_1: RequirementId = RequirementId(1096);
    /// §5.6.6.2: 
    pub const SCSI_DEV_TXTCONTROLQ_2: RequirementId = RequirementId(1097);
    /// §5.6.6.2: 
    pub const SCSI_DEV_TXTCONTROLQ_3: RequirementId = RequirementId(1098);
    /// §5.6.6.2: 
    pub const SCSI_DEV_TXTCONTROLQ_4: RequirementId = RequirementId(1099);
    /// §5.6.6.2.1: 
    pub const SCSI_ANY_LEGACYINTERF_3: RequirementId = RequirementId(1100);
    /// §5.6.6.3: 
    pub const SCSI_DEV_TXTEVENTQ_1: RequirementId = RequirementId(1101);
    /// §5.6.6.3: 
    pub const SCSI_DEV_TXTEVENTQ_2: RequirementId = RequirementId(1102);
    /// §5.6.6.3: 
    pub const SCSI_DEV_TXTEVENTQ_3: RequirementId = RequirementId(1103);
    /// §5.6.6.3: 
    pub const SCSI_DEV_TXTEVENTQ_4: RequirementId = RequirementId(1104);
    /// §5.6.6.3.1: 
    pub const SCSI_DRV_EVENTQ_1: RequirementId = RequirementId(1105);
    /// §5.6.6.3.1: 
    pub const SCSI_DRV_EVENTQ_2: RequirementId = RequirementId(1106);
    /// §5.6.6.3.1: 
    pub const SCSI_DRV_EVENTQ_3: RequirementId = RequirementId(1107);
    /// §5.6.6.3.1: 
    pub const SCSI_DRV_EVENTQ_4: RequirementId = RequirementId(1108);
    /// §5.6.6.3.1: 
    pub const SCSI_DRV_EVENTQ_5: RequirementId = RequirementId(1109);
    /// §5.6.6.3.1: 
    pub const SCSI_DRV_EVENTQ_6: RequirementId = RequirementId(1110);
    /// §5.6.6.3.1: 
    pub const SCSI_DRV_EVENTQ_7: RequirementId = RequirementId(1111);
    /// §5.6.6.3.2: 
    pub const SCSI_DEV_EVENTQ_1: RequirementId = RequirementId(1112);
    /// §5.6.6.3.2: 
    pub const SCSI_DEV_EVENTQ_2: RequirementId = RequirementId(1113);
    /// §5.6.6.3.2: 
    pub const SCSI_DEV_EVENTQ_3: RequirementId = RequirementId(1114);
    /// §5.6.6.3.2: 
    pub const SCSI_DEV_EVENTQ_4: RequirementId = RequirementId(1115);
    /// §5.6.6.3.3: 
    pub const SCSI_ANY_LEGACYINTERF_4: RequirementId = RequirementId(1116);
    /// §5.6.6.4: 
    pub const SCSI_DRV_LEGACYINTERF_2: RequirementId = RequirementId(1117);
    /// §5.6.6.4: 
    pub const SCSI_DRV_LEGACYINTERF_3: RequirementId = RequirementId(1118);
    /// §5.7.4.1: events_read is never written by the driver.
    pub const GPU_DRV_TXTCONFIG_1: RequirementId = RequirementId(1119);
    /// §5.7.4.2: Display event should lead to GET_DISPLAY_INFO.
    pub const GPU_DRV_TXTCONFIG_2: RequirementId = RequirementId(1120);
    /// §5.7.4.2: Display event with EDID should lead to GET_EDID (spec text says device, meaning driver).
    pub const GPU_DRV_TXTCONFIG_3: RequirementId = RequirementId(1121);
    /// §5.7.5: GET_DISPLAY_INFO should precede scanout setup.
    pub const GPU_DRV_INIT_1: RequirementId = RequirementId(1122);
    /// §5.7.5: With EDID, GET_EDID should be issued (spec text says device, meaning driver).
    pub const GPU_DRV_INIT_2: RequirementId = RequirementId(1123);
    /// §5.7.5: A fallback mode may be chosen.
    pub const GPU_DRV_INIT_3: RequirementId = RequirementId(1124);
    /// §5.7.5: Shared memory regions should be enumerated.
    pub const GPU_DRV_INIT_4: RequirementId = RequirementId(1125);
    /// §5.7.5: GPU shmids are limited to the listed values.
    pub const GPU_DEV_INIT_1: RequirementId = RequirementId(1126);
    /// §5.7.5: With a host-visible region, MAP_BLOB and UNMAP_BLOB are supported.
    pub const GPU_DEV_INIT_2: RequirementId = RequirementId(1127);
    /// §5.7.6.5: Commands may complete asynchronously.
    pub const GPU_DEV_FENCE_1: RequirementId = RequirementId(1128);
    /// §5.7.6.5: A fenced command is returned only when finished.
    pub const GPU_DEV_FENCE_2: RequirementId = RequirementId(1129);
    /// §5.7.6.6: Cursor resource is created, filled and fenced before use.
    pub const GPU_DRV_TXTCURSOR_1: RequirementId = RequirementId(1130);
    /// §5.7.6.7: Fenced request: reply has FLAG_FENCE.
    pub const GPU_DEV_TXTHDR_1: RequirementId = RequirementId(1131);
    /// §5.7.6.7: Fenced request: reply echoes fence_id.
    pub const GPU_DEV_TXTHDR_2: RequirementId = RequirementId(1132);
    /// §5.7.6.7: Fenced request: reply comes after completion.
    pub const GPU_DEV_TXTHDR_3: RequirementId = RequirementId(1133);
    /// §5.7.6.7: CONTEXT_INIT: ring_idx may be used.
    pub const GPU_DRV_TXTHDR_1: RequirementId = RequirementId(1134);
    /// §5.7.6.7: CONTEXT_INIT: completing a fence also answers lower fences on that timeline.
    pub const GPU_DEV_TXTHDR_4: RequirementId = RequirementId(1135);
    /// §5.7.6.8: capset_index is below num_capsets.
    pub const GPU_DRV_TXTCTRLQ_1: RequirementId = RequirementId(1136);
    /// §5.7.6.8: capset_id is one of the capability-set ids the spec lists.
    pub const GPU_DEV_TXTCTRLQ_1: RequirementId = RequirementId(1137);
    /// §5.7.6.8: blob_mem states the memory type.
    pub const GPU_DRV_TXTCTRLQ_2: RequirementId = RequirementId(1138);
    /// §5.7.6.8: blob_mem is non-zero.
    pub const GPU_DRV_TXTCTRLQ_3: RequirementId = RequirementId(1139);
    /// §5.7.6.8: HOST3D blobs come from the context object named by blob_id.
    pub const GPU_DRV_TXTCTRLQ_4: RequirementId = RequirementId(1140);
    /// §5.7.6.8: blob_flags state mapping and sharing use.
    pub const GPU_DRV_TXTCTRLQ_5: RequirementId = RequirementId(1141);
    /// §5.7.6.8: SET_SCANOUT_BLOB format is a listed format.
    pub const GPU_DRV_TXTCTRLQ_6: RequirementId = RequirementId(1142);
    /// §5.7.6.8: The scanout format may be compressed.
    pub const GPU_DRV_TXTCTRLQ_7: RequirementId = RequirementId(1143);
    /// §5.7.6.8.1: BLOB_ALIGNMENT: create size is aligned to blob_alignment.
    pub const GPU_DRV_CTRLQ_1: RequirementId = RequirementId(1144);
    /// §5.7.6.9: CTX_CREATE makes a context under the given ctx_id.
    pub const GPU_DEV_TXT3D_1: RequirementId = RequirementId(1145);
    /// §5.7.6.9: context_init may carry the capset id.
    pub const GPU_DRV_TXT3D_1: RequirementId = RequirementId(1146);
    /// §5.7.6.9: In that case the context handles that command stream.
    pub const GPU_DEV_TXT3D_2: RequirementId = RequirementId(1147);
    /// §5.7.6.9: A mapped blob is not mapped again.
    pub const GPU_DRV_TXT3D_2: RequirementId = RequirementId(1148);
    /// §5.7.6.9.1: BLOB_ALIGNMENT: map offset is aligned to blob_alignment.
    pub const GPU_DRV_3D_1: RequirementId = RequirementId(1149);
    /// §5.8.5.1: Config query writes both select and subsel.
    pub const INPUT_DRV_INIT_1: RequirementId = RequirementId(1150);
    /// §5.8.5.1: Only select and subsel are written.
    pub const INPUT_DRV_INIT_2: RequirementId = RequirementId(1151);
    /// §5.8.5.1: size should be read before the payload.
    pub const INPUT_DRV_INIT_3: RequirementId = RequirementId(1152);
    /// §5.8.5.2: Unsupported select/subsel pair gives size 0.
    pub const INPUT_DEV_INIT_1: RequirementId = RequirementId(1153);
    /// §5.8.6.1: eventq should be kept stocked.
    pub const INPUT_DRV_OP_1: RequirementId = RequirementId(1154);
    /// §5.8.6.1: eventq buffers are device-writable.
    pub const INPUT_DRV_OP_2: RequirementId = RequirementId(1155);
    /// §5.8.6.1: eventq buffers hold at least one event struct.
    pub const INPUT_DRV_OP_3: RequirementId = RequirementId(1156);
    /// §5.8.6.1: statusq buffers hold at least one event struct.
    pub const INPUT_DRV_OP_4: RequirementId = RequirementId(1157);
    /// §5.8.6.1: Unknown events should be disregarded.
    pub const INPUT_DRV_OP_5: RequirementId = RequirementId(1158);
    /// §5.8.6.2: Events may be dropped when buffers run out.
    pub const INPUT_DEV_OP_1: RequirementId = RequirementId(1159);
    /// §5.8.6.2: A multi-event update should not be dropped in part.
    pub const INPUT_DEV_OP_2: RequirementId = RequirementId(1160);
    /// §5.8.6.2: A whole update should be buffered or dropped.
    pub const INPUT_DEV_OP_3: RequirementId = RequirementId(1161);
    /// §5.9.5: 
    pub const CRYPTO_DRV_TXTCONFIGURATIO_1: RequirementId = RequirementId(1162);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_1: RequirementId = RequirementId(1163);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_2: RequirementId = RequirementId(1164);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_3: RequirementId = RequirementId(1165);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_4: RequirementId = RequirementId(1166);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_5: RequirementId = RequirementId(1167);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_6: RequirementId = RequirementId(1168);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_7: RequirementId = RequirementId(1169);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_8: RequirementId = RequirementId(1170);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_9: RequirementId = RequirementId(1171);
    /// §5.9.5.1: 
    pub const CRYPTO_DEV_CONFIGURATIO_10: RequirementId = RequirementId(1172);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_1: RequirementId = RequirementId(1173);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_2: RequirementId = RequirementId(1174);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_3: RequirementId = RequirementId(1175);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_4: RequirementId = RequirementId(1176);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_5: RequirementId = RequirementId(1177);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_6: RequirementId = RequirementId(1178);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_7: RequirementId = RequirementId(1179);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_8: RequirementId = RequirementId(1180);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_9: RequirementId = RequirementId(1181);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_10: RequirementId = RequirementId(1182);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_11: RequirementId = RequirementId(1183);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_12: RequirementId = RequirementId(1184);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_13: RequirementId = RequirementId(1185);
    /// §5.9.5.2: 
    pub const CRYPTO_DRV_CONFIGURATIO_14: RequirementId = RequirementId(1186);
    /// §5.9.6.1: 
    pub const CRYPTO_DRV_INITIALIZATI_1: RequirementId = RequirementId(1187);
    /// §5.9.6.1: 
    pub const CRYPTO_DRV_INITIALIZATI_2: RequirementId = RequirementId(1188);
    /// §5.9.6.1: 
    pub const CRYPTO_DRV_INITIALIZATI_3: RequirementId = RequirementId(1189);
    /// §5.9.9.1: 
    pub const CRYPTO_DEV_TXTSTATUS_1: RequirementId = RequirementId(1190);
    /// §5.9.9.2.1.3: 
    pub const CRYPTO_DRV_TXTSESSIONSYMME_1: RequirementId = RequirementId(1191);
    /// §5.9.9.2.1.3: 
    pub const CRYPTO_DRV_TXTSESSIONSYMME_2: RequirementId = RequirementId(1192);
    /// §5.9.9.2.1.5: 
    pub const CRYPTO_DRV_TXTSESSIONAKCIP_1: RequirementId = RequirementId(1193);
    /// §5.9.9.2.1.5: 
    pub const CRYPTO_DRV_TXTSESSIONAKCIP_2: RequirementId = RequirementId(1194);
    /// §5.9.9.2.1.5: 
    pub const CRYPTO_DRV_TXTSESSIONAKCIP_3: RequirementId = RequirementId(1195);
    /// §5.9.9.2.1.6: 
    pub const CRYPTO_DRV_SESSIONCREAT_1: RequirementId = RequirementId(1196);
    /// §5.9.9.2.1.6: 
    pub const CRYPTO_DRV_SESSIONCREAT_2: RequirementId = RequirementId(1197);
    /// §5.9.9.2.1.6: 
    pub const CRYPTO_DRV_SESSIONCREAT_3: RequirementId = RequirementId(1198);
    /// §5.9.9.2.1.7: 
    pub const CRYPTO_DEV_SESSIONCREAT_1: RequirementId = RequirementId(1199);
    /// §5.9.9.2.1.7: 
    pub const CRYPTO_DEV_SESSIONCREAT_2: RequirementId = RequirementId(1200);
    /// §5.9.9.2.1.7: 
    pub const CRYPTO_DEV_SESSIONCREAT_3: RequirementId = RequirementId(1201);
    /// §5.9.9.2.1.7: 
    pub const CRYPTO_DEV_SESSIONCREAT_4: RequirementId = RequirementId(1202);
    /// §5.9.9.2.1.7: 
    pub const CRYPTO_DEV_SESSIONCREAT_5: RequirementId = RequirementId(1203);
    /// §5.9.9.2.1.7: 
    pub const CRYPTO_DEV_SESSIONCREAT_6: RequirementId = RequirementId(1204);
    /// §5.9.9.2.1.7: 
    pub const CRYPTO_DEV_SESSIONCREAT_7: RequirementId = RequirementId(1205);
    /// §5.9.9.2.1.8: 
    pub const CRYPTO_DRV_SESSIONDESTR_1: RequirementId = RequirementId(1206);
    /// §5.9.9.2.1.8: 
    pub const CRYPTO_DRV_SESSIONDESTR_2: RequirementId = RequirementId(1207);
    /// §5.9.9.2.1.9: 
    pub const CRYPTO_DEV_SESSIONDESTR_1: RequirementId = RequirementId(1208);
    /// §5.9.9.4.1: 
    pub const CRYPTO_DRV_HASHSERVICE_1: RequirementId = RequirementId(1209);
    /// §5.9.9.4.1: 
    pub const CRYPTO_DRV_HASHSERVICE_2: RequirementId = RequirementId(1210);
    /// §5.9.9.4.1: 
    pub const CRYPTO_DRV_HASHSERVICE_3: RequirementId = RequirementId(1211);
    /// §5.9.9.4.1: 
    pub const CRYPTO_DRV_HASHSERVICE_4: RequirementId = RequirementId(1212);
    /// §5.9.9.4.1: 
    pub const CRYPTO_DRV_HASHSERVICE_5: RequirementId = RequirementId(1213);
    /// §5.9.9.4.2: 
    pub const CRYPTO_DEV_HASHSERVICE_1: RequirementId = RequirementId(1214);
    /// §5.9.9.4.2: 
    pub const CRYPTO_DEV_HASHSERVICE_2: RequirementId = RequirementId(1215);
    /// §5.9.9.4.2: 
    pub const CRYPTO_DEV_HASHSERVICE_3: RequirementId = RequirementId(1216);
    /// §5.9.9.4.2: 
    pub const CRYPTO_DEV_HASHSERVICE_4: RequirementId = RequirementId(1217);
    /// §5.9.9.4.2: 
    pub const CRYPTO_DEV_HASHSERVICE_5: RequirementId = RequirementId(1218);
    /// §5.9.9.4.2: 
    pub const CRYPTO_DEV_HASHSERVICE_6: RequirementId = RequirementId(1219);
    /// §5.9.9.4.2: 
    pub const CRYPTO_DEV_HASHSERVICE_7: RequirementId = RequirementId(1220);
    /// §5.9.9.5.1: 
    pub const CRYPTO_DRV_MACSERVICE_1: RequirementId = RequirementId(1221);
    /// §5.9.9.5.1: 
    pub const CRYPTO_DRV_MACSERVICE_2: RequirementId = RequirementId(1222);
    /// §5.9.9.5.1: 
    pub const CRYPTO_DRV_MACSERVICE_3: RequirementId = RequirementId(1223);
    /// §5.9.9.5.1: 
    pub const CRYPTO_DRV_MACSERVICE_4: RequirementId = RequirementId(1224);
    /// §5.9.9.5.1: 
    pub const CRYPTO_DRV_MACSERVICE_5: RequirementId = RequirementId(1225);
    /// §5.9.9.5.2: 
    pub const CRYPTO_DEV_MACSERVICE_1: RequirementId = RequirementId(1226);
    /// §5.9.9.5.2: 
    pub const CRYPTO_DEV_MACSERVICE_2: RequirementId = RequirementId(1227);
    /// §5.9.9.5.2: 
    pub const CRYPTO_DEV_MACSERVICE_3: RequirementId = RequirementId(1228);
    /// §5.9.9.5.2: 
    pub const CRYPTO_DEV_MACSERVICE_4: RequirementId = RequirementId(1229);
    /// §5.9.9.5.2: 
    pub const CRYPTO_DEV_MACSERVICE_5: RequirementId = RequirementId(1230);
    /// §5.9.9.5.2: 
    pub const CRYPTO_DEV_MACSERVICE_6: RequirementId = RequirementId(1231);
    /// §5.9.9.6: 
    pub const CRYPTO_DRV_TXTSYMMETRICALG_1: RequirementId = RequirementId(1232);
    /// §5.9.9.6: 
    pub const CRYPTO_DRV_TXTSYMMETRICALG_2: RequirementId = RequirementId(1233);
    /// §5.9.9.6: 
    pub const CRYPTO_DRV_TXTSYMMETRICALG_3: RequirementId = RequirementId(1234);
    /// §5.9.9.6: 
    pub const CRYPTO_DRV_TXTSYMMETRICALG_4: RequirementId = RequirementId(1235);
    /// §5.9.9.6.1: 
    pub const CRYPTO_DRV_SYMMETRICALG_1: RequirementId = RequirementId(1236);
    /// §5.9.9.6.1: 
    pub const CRYPTO_DRV_SYMMETRICALG_2: RequirementId = RequirementId(1237);
    /// §5.9.9.6.1: 
    pub const CRYPTO_DRV_SYMMETRICALG_3: RequirementId = RequirementId(1238);
    /// §5.9.9.6.1: 
    pub const CRYPTO_DRV_SYMMETRICALG_4: RequirementId = RequirementId(1239);
    /// §5.9.9.6.1: 
    pub const CRYPTO_DRV_SYMMETRICALG_5: RequirementId = RequirementId(1240);
    /// §5.9.9.6.1: 
    pub const CRYPTO_DRV_SYMMETRICALG_6: RequirementId = RequirementId(1241);
    /// §5.9.9.6.1: 
    pub const CRYPTO_DRV_SYMMETRICALG_7: RequirementId = RequirementId(1242);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_1: RequirementId = RequirementId(1243);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_2: RequirementId = RequirementId(1244);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_3: RequirementId = RequirementId(1245);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_4: RequirementId = RequirementId(1246);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_5: RequirementId = RequirementId(1247);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_6: RequirementId = RequirementId(1248);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_7: RequirementId = RequirementId(1249);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_8: RequirementId = RequirementId(1250);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_9: RequirementId = RequirementId(1251);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_10: RequirementId = RequirementId(1252);
    /// §5.9.9.6.2: 
    pub const CRYPTO_DEV_SYMMETRICALG_11: RequirementId = RequirementId(1253);
    /// §5.9.9.7.1: 
    pub const CRYPTO_DRV_AEADSERVICE_1: RequirementId = RequirementId(1254);
    /// §5.9.9.7.1: 
    pub const CRYPTO_DRV_AEADSERVICE_2: RequirementId = RequirementId(1255);
    /// §5.9.9.7.1: 
    pub const CRYPTO_DRV_AEADSERVICE_3: RequirementId = RequirementId(1256);
    /// §5.9.9.7.1: 
    pub const CRYPTO_DRV_AEADSERVICE_4: RequirementId = RequirementId(1257);
    /// §5.9.9.7.1: 
    pub const CRYPTO_DRV_AEADSERVICE_5: RequirementId = RequirementId(1258);
    /// §5.9.9.7.2: 
    pub const CRYPTO_DEV_AEADSERVICE_1: RequirementId = RequirementId(1259);
    /// §5.9.9.7.2: 
    pub const CRYPTO_DEV_AEADSERVICE_2: RequirementId = RequirementId(1260);
    /// §5.9.9.7.2: 
    pub const CRYPTO_DEV_AEADSERVICE_3: RequirementId = RequirementId(1261);
    /// §5.9.9.7.2: 
    pub const CRYPTO_DEV_AEADSERVICE_4: RequirementId = RequirementId(1262);
    /// §5.9.9.7.2: 
    pub const CRYPTO_DEV_AEADSERVICE_5: RequirementId = RequirementId(1263);
    /// §5.9.9.8: 
    pub const CRYPTO_ANY_TXTAKCIPHERSERV_1: RequirementId = RequirementId(1264);
    /// §5.9.9.8.1: 
    pub const CRYPTO_DRV_AKCIPHERSERV_1: RequirementId = RequirementId(1265);
    /// §5.9.9.8.1: 
    pub const CRYPTO_DRV_AKCIPHERSERV_2: RequirementId = RequirementId(1266);
    /// §5.9.9.8.1: 
    pub const CRYPTO_DRV_AKCIPHERSERV_3: RequirementId = RequirementId(1267);
    /// §5.9.9.8.1: 
    pub const CRYPTO_DRV_AKCIPHERSERV_4: RequirementId = RequirementId(1268);
    /// §5.9.9.8.1: 
    pub const CRYPTO_DRV_AKCIPHERSERV_5: RequirementId = RequirementId(1269);
    /// §5.9.9.8.2: 
    pub const CRYPTO_DEV_AKCIPHERSERV_1: RequirementId = RequirementId(1270);
    /// §5.9.9.8.2: 
    pub const CRYPTO_DEV_AKCIPHERSERV_2: RequirementId = RequirementId(1271);
    /// §5.9.9.8.2: 
    pub const CRYPTO_DEV_AKCIPHERSERV_3: RequirementId = RequirementId(1272);
    /// §5.9.9.8.2: 
    pub const CRYPTO_DEV_AKCIPHERSERV_4: RequirementId = RequirementId(1273);
    /// §5.9.9.8.2: 
    pub const CRYPTO_DEV_AKCIPHERSERV_5: RequirementId = RequirementId(1274);
    /// §5.9.9.8.2: 
    pub const CRYPTO_DEV_AKCIPHERSERV_6: RequirementId = RequirementId(1275);
    /// §5.9.9.8.2: 
    pub const CRYPTO_DEV_AKCIPHERSERV_7: RequirementId = RequirementId(1276);
    /// §5.9.9.8.2: 
    pub const CRYPTO_DEV_AKCIPHERSERV_8: RequirementId = RequirementId(1277);
    /// §5.9.9.9.3: 
    pub const CRYPTO_DRV_TXTDATAPROCESSI_1: RequirementId = RequirementId(1278);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_1: RequirementId = RequirementId(1279);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_2: RequirementId = RequirementId(1280);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_3: RequirementId = RequirementId(1281);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_4: RequirementId = RequirementId(1282);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_5: RequirementId = RequirementId(1283);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_6: RequirementId = RequirementId(1284);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_7: RequirementId = RequirementId(1285);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_8: RequirementId = RequirementId(1286);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_9: RequirementId = RequirementId(1287);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_10: RequirementId = RequirementId(1288);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_11: RequirementId = RequirementId(1289);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_12: RequirementId = RequirementId(1290);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_13: RequirementId = RequirementId(1291);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_14: RequirementId = RequirementId(1292);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_15: RequirementId = RequirementId(1293);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_16: RequirementId = RequirementId(1294);
    /// §5.9.9.9.4: 
    pub const CRYPTO_DEV_IPSECSERVICE_17: RequirementId = RequirementId(1295);
    /// §5.9.9.9.5: 
    pub const CRYPTO_DRV_IPSECSERVICE_1: RequirementId = RequirementId(1296);
    /// §5.9.9.9.5: 
    pub const CRYPTO_DRV_IPSECSERVICE_2: RequirementId = RequirementId(1297);
    /// §5.9.9.9.5: 
    pub const CRYPTO_DRV_IPSECSERVICE_3: RequirementId = RequirementId(1298);
    /// §5.9.9.9.5: 
    pub const CRYPTO_DRV_IPSECSERVICE_4: RequirementId = RequirementId(1299);
    /// §5.9.9.9.5: 
    pub const CRYPTO_DRV_IPSECSERVICE_5: RequirementId = RequirementId(1300);
    /// §5.9.9.9.5: 
    pub const CRYPTO_DRV_IPSECSERVICE_6: RequirementId = RequirementId(1301);
    /// §5.9.9.9.5: 
    pub const CRYPTO_DRV_IPSECSERVICE_7: RequirementId = RequirementId(1302);
    /// §5.10.3.1: NO_IMPLIED_STREAM should be accepted whenever offered.
    pub const VSOCK_DRV_FEAT_1: RequirementId = RequirementId(1303);
    /// §5.10.3.1: No socket feature negotiated: driver should behave as with STREAM.
    pub const VSOCK_DRV_FEAT_2: RequirementId = RequirementId(1304);
    /// §5.10.3.1: SEQPACKET without NO_IMPLIED_STREAM: driver may presume STREAM.
    pub const VSOCK_DRV_FEAT_3: RequirementId = RequirementId(1305);
    /// §5.10.3.2: NO_IMPLIED_STREAM should be offered.
    pub const VSOCK_DEV_FEAT_1: RequirementId = RequirementId(1306);
    /// §5.10.3.2: No socket feature negotiated: device should behave as with STREAM.
    pub const VSOCK_DEV_FEAT_2: RequirementId = RequirementId(1307);
    /// §5.10.3.2: SEQPACKET without NO_IMPLIED_STREAM: device may presume STREAM.
    pub const VSOCK_DEV_FEAT_3: RequirementId = RequirementId(1308);
    /// §5.10.6.1.1: Driver keeps draining rx when tx is full, resources permitting.
    pub const VSOCK_DRV_FLOW_1: RequirementId = RequirementId(1309);
    /// §5.10.6.1.2: Device keeps draining tx when rx is full, resources permitting.
    pub const VSOCK_DEV_FLOW_1: RequirementId = RequirementId(1310);
    /// §5.10.6.3.1: Driver sends payload only within the peer's free credit.
    pub const VSOCK_DRV_CREDIT_1: RequirementId = RequirementId(1311);
    /// §5.10.6.3.1: Every stream packet from the driver has valid buf_alloc and fwd_cnt.
    pub const VSOCK_DRV_CREDIT_2: RequirementId = RequirementId(1312);
    /// §5.10.6.3.2: Device sends payload only within the peer's free credit.
    pub const VSOCK_DEV_CREDIT_1: RequirementId = RequirementId(1313);
    /// §5.10.6.3.2: Every stream packet from the device has valid buf_alloc and fwd_cnt.
    pub const VSOCK_DEV_CREDIT_2: RequirementId = RequirementId(1314);
    /// §5.10.6.4.1: Source CID of outgoing packets is guest_cid.
    pub const VSOCK_DRV_RXTX_1: RequirementId = RequirementId(1315);
    /// §5.10.6.4.1: Packet of unknown type is answered with RST by the driver.
    pub const VSOCK_DRV_RXTX_2: RequirementId = RequirementId(1316);
    /// §5.10.6.4.2: guest_cid is not a reserved CID.
    pub const VSOCK_DEV_RXTX_1: RequirementId = RequirementId(1317);
    /// §5.10.6.4.2: Packet of unknown type is answered with RST by the device.
    pub const VSOCK_DEV_RXTX_2: RequirementId = RequirementId(1318);
    /// §5.10.6.7.1: Event buffers should be replenished promptly.
    pub const VSOCK_DRV_EVENT_1: RequirementId = RequirementId(1319);
    /// §5.10.6.7.1: Transport reset event: guest_cid is read again.
    pub const VSOCK_DRV_EVENT_2: RequirementId = RequirementId(1320);
    /// §5.10.6.7.1: Transport reset event: existing connections are closed.
    pub const VSOCK_DRV_EVENT_3: RequirementId = RequirementId(1321);
    /// §5.10.6.7.1: Transport reset event: listeners continue under the new CID.
    pub const VSOCK_DRV_EVENT_4: RequirementId = RequirementId(1322);
    /// §5.11.4.1: fs config fields are never written.
    pub const FS_DRV_CONFIG_1: RequirementId = RequirementId(1323);
    /// §5.11.4.1: 1..num_request_queues request queues may be used.
    pub const FS_DRV_CONFIG_2: RequirementId = RequirementId(1324);
    /// §5.11.4.2: num_request_queues is at least 1.
    pub const FS_DEV_CONFIG_1: RequirementId = RequirementId(1325);
    /// §5.11.4.2: notify_buf_size fits every notification the device emits.
    pub const FS_DEV_CONFIG_2: RequirementId = RequirementId(1326);
    /// §5.11.6.2.1: hiprio progress does not depend on request-queue activity.
    pub const FS_DEV_HIPRIO_1: RequirementId = RequirementId(1327);
    /// §5.11.6.2.1: Request queues may run concurrently with hiprio.
    pub const FS_DEV_HIPRIO_2: RequirementId = RequirementId(1328);
    /// §5.11.6.2.2: INTERRUPT, FORGET and BATCH_FORGET go only to hiprio.
    pub const FS_DRV_HIPRIO_1: RequirementId = RequirementId(1329);
    /// §5.11.6.2.2: Ordinary requests never go to hiprio.
    pub const FS_DRV_HIPRIO_2: RequirementId = RequirementId(1330);
    /// §5.11.6.2.2: Driver expects concurrency between hiprio and request queues.
    pub const FS_DRV_HIPRIO_3: RequirementId = RequirementId(1331);
    /// §5.11.6.3.1: Notification buffers have at least notify_buf_size bytes.
    pub const FS_DRV_NOTIFY_1: RequirementId = RequirementId(1332);
    /// §5.11.6.3.1: Notification buffers should be replenished promptly.
    pub const FS_DRV_NOTIFY_2: RequirementId = RequirementId(1333);
    /// §5.11.6.4.1: A DAX window may be offered.
    pub const FS_DEV_DAX_1: RequirementId = RequirementId(1334);
    /// §5.11.6.4.1: DAX window is shared memory id 0.
    pub const FS_DEV_DAX_2: RequirementId = RequirementId(1335);
    /// §5.11.6.4.1: READ and WRITE work with or without DAX.
    pub const FS_DEV_DAX_3: RequirementId = RequirementId(1336);
    /// §5.11.6.4.1: Overlapping DAX mappings are accepted.
    pub const FS_DEV_DAX_4: RequirementId = RequirementId(1337);
    /// §5.11.6.4.1: DAX mappings past the window end are refused.
    pub const FS_DEV_DAX_5: RequirementId = RequirementId(1338);
    /// §5.11.6.4.2: Driver should cope with a missing DAX window.
    pub const FS_DRV_DAX_1: RequirementId = RequirementId(1339);
    /// §5.11.6.4.2: READ/WRITE and DAX may be mixed.
    pub const FS_DRV_DAX_2: RequirementId = RequirementId(1340);
    /// §5.11.6.4.2: Unmapped DAX areas are not touched.
    pub const FS_DRV_DAX_3: RequirementId = RequirementId(1341);
    /// §5.12.4: 
    pub const RPMB_DEV_TXTCONFIGURATIO_1: RequirementId = RequirementId(1342);
    /// §5.12.5: 
    pub const RPMB_DEV_INITIALIZATI_1: RequirementId = RequirementId(1343);
    /// §5.12.6.1.1: 
    pub const RPMB_DEV_PROGRAMKEY_1: RequirementId = RequirementId(1344);
    /// §5.12.6.1.1: 
    pub const RPMB_DEV_PROGRAMKEY_2: RequirementId = RequirementId(1345);
    /// §5.12.6.1.1: 
    pub const RPMB_DEV_PROGRAMKEY_3: RequirementId = RequirementId(1346);
    /// §5.12.6.1.1: 
    pub const RPMB_DEV_PROGRAMKEY_4: RequirementId = RequirementId(1347);
    /// §5.12.6.1.1: 
    pub const RPMB_DEV_PROGRAMKEY_5: RequirementId = RequirementId(1348);
    /// §5.12.6.1.2: 
    pub const RPMB_DEV_GETWRITE_1: RequirementId = RequirementId(1349);
    /// §5.12.6.1.2: 
    pub const RPMB_DEV_GETWRITE_2: RequirementId = RequirementId(1350);
    /// §5.12.6.1.2: 
    pub const RPMB_DEV_GETWRITE_3: RequirementId = RequirementId(1351);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_1: RequirementId = RequirementId(1352);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_2: RequirementId = RequirementId(1353);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_3: RequirementId = RequirementId(1354);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_4: RequirementId = RequirementId(1355);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_5: RequirementId = RequirementId(1356);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_6: RequirementId = RequirementId(1357);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_7: RequirementId = RequirementId(1358);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_8: RequirementId = RequirementId(1359);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_9: RequirementId = RequirementId(1360);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_10: RequirementId = RequirementId(1361);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_11: RequirementId = RequirementId(1362);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_12: RequirementId = RequirementId(1363);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_13: RequirementId = RequirementId(1364);
    /// §5.12.6.1.3: 
    pub const RPMB_DEV_DATAWRITE_14: RequirementId = RequirementId(1365);
    /// §5.12.6.1.4: 
    pub const RPMB_DEV_DATAREAD_1: RequirementId = RequirementId(1366);
    /// §5.12.6.1.4: 
    pub const RPMB_DEV_DATAREAD_2: RequirementId = RequirementId(1367);
    /// §5.12.6.1.4: 
    pub const RPMB_DEV_DATAREAD_3: RequirementId = RequirementId(1368);
    /// §5.12.6.1.4: 
    pub const RPMB_DEV_DATAREAD_4: RequirementId = RequirementId(1369);
    /// §5.12.6.1.4: 
    pub const RPMB_DEV_DATAREAD_5: RequirementId = RequirementId(1370);
    /// §5.12.6.1.4: 
    pub const RPMB_DEV_DATAREAD_6: RequirementId = RequirementId(1371);
    /// §5.12.6.1.5: 
    pub const RPMB_DEV_RESULTREAD_1: RequirementId = RequirementId(1372);
    /// §5.12.6.2: 
    pub const RPMB_DRV_OP_1: RequirementId = RequirementId(1373);
    /// §5.12.6.2: 
    pub const RPMB_DRV_OP_2: RequirementId = RequirementId(1374);
    /// §5.12.6.3: 
    pub const RPMB_DEV_OP_1: RequirementId = RequirementId(1375);
    /// §5.12.6.3: 
    pub const RPMB_DEV_OP_2: RequirementId = RequirementId(1376);
    /// §5.12.6.3: 
    pub const RPMB_DEV_OP_3: RequirementId = RequirementId(1377);
    /// §5.12.6.3: 
    pub const RPMB_DEV_OP_4: RequirementId = RequirementId(1378);
    /// §5.12.6.3: 
    pub const RPMB_DEV_OP_5: RequirementId = RequirementId(1379);
    /// §5.12.6.3: 
    pub const RPMB_DEV_OP_6: RequirementId = RequirementId(1380);
    /// §5.12.6.3: 
    pub const RPMB_DEV_OP_7: RequirementId = RequirementId(1381);
    /// §5.13.3.1: 
    pub const IOMMU_DRV_FEATUREBITS_1: RequirementId = RequirementId(1382);
    /// §5.13.3.2: 
    pub const IOMMU_DEV_FEATUREBITS_1: RequirementId = RequirementId(1383);
    /// §5.13.3.2: 
    pub const IOMMU_DEV_FEATUREBITS_2: RequirementId = RequirementId(1384);
    /// §5.13.3.2: 
    pub const IOMMU_DEV_FEATUREBITS_3: RequirementId = RequirementId(1385);
    /// §5.13.4.1: 
    pub const IOMMU_DRV_CONFIGURATIO_1: RequirementId = RequirementId(1386);
    /// §5.13.4.1: 
    pub const IOMMU_DRV_CONFIGURATIO_2: RequirementId = RequirementId(1387);
    /// §5.13.4.1: 
    pub const IOMMU_DRV_CONFIGURATIO_3: RequirementId = RequirementId(1388);
    /// §5.13.4.1: 
    pub const IOMMU_DRV_CONFIGURATIO_4: RequirementId = RequirementId(1389);
    /// §5.13.4.2: 
    pub const IOMMU_DEV_CONFIGURATIO_1: RequirementId = RequirementId(1390);
    /// §5.13.4.2: 
    pub const IOMMU_DEV_CONFIGURATIO_2: RequirementId = RequirementId(1391);
    /// §5.13.4.2: 
    pub const IOMMU_DEV_CONFIGURATIO_3: RequirementId = RequirementId(1392);
    /// §5.13.4.2: 
    pub const IOMMU_DEV_CONFIGURATIO_4: RequirementId = RequirementId(1393);
    /// §5.13.4.2: 
    pub const IOMMU_DEV_CONFIGURATIO_5: RequirementId = RequirementId(1394);
    /// §5.13.4.2: 
    pub const IOMMU_DEV_CONFIGURATIO_6: RequirementId = RequirementId(1395);
    /// §5.13.5.1: 
    pub const IOMMU_DRV_INITIALIZATI_1: RequirementId = RequirementId(1396);
    /// §5.13.5.1: 
    pub const IOMMU_DRV_INITIALIZATI_2: RequirementId = RequirementId(1397);
    /// §5.13.6.1: 
    pub const IOMMU_DRV_OPERATIONS_1: RequirementId = RequirementId(1398);
    /// §5.13.6.1: 
    pub const IOMMU_DRV_OPERATIONS_2: RequirementId = RequirementId(1399);
    /// §5.13.6.1: 
    pub const IOMMU_DRV_OPERATIONS_3: RequirementId = RequirementId(1400);
    /// §5.13.6.1: 
    pub const IOMMU_DRV_OPERATIONS_4: RequirementId = RequirementId(1401);
    /// §5.13.6.1: 
    pub const IOMMU_DRV_OPERATIONS_5: RequirementId = RequirementId(1402);
    /// §5.13.6.2: 
    pub const IOMMU_DEV_OPERATIONS_1: RequirementId = RequirementId(1403);
    /// §5.13.6.2: 
    pub const IOMMU_DEV_OPERATIONS_2: RequirementId = RequirementId(1404);
    /// §5.13.6.2: 
    pub const IOMMU_DEV_OPERATIONS_3: RequirementId = RequirementId(1405);
    /// §5.13.6.2: 
    pub const IOMMU_DEV_OPERATIONS_4: RequirementId = RequirementId(1406);
    /// §5.13.6.2: 
    pub const IOMMU_DEV_OPERATIONS_5: RequirementId = RequirementId(1407);
    /// §5.13.6.2: 
    pub const IOMMU_DEV_OPERATIONS_6: RequirementId = RequirementId(1408);
    /// §5.13.6.3.1: 
    pub const IOMMU_DRV_ATTACHREQUES_1: RequirementId = RequirementId(1409);
    /// §5.13.6.3.1: 
    pub const IOMMU_DRV_ATTACHREQUES_2: RequirementId = RequirementId(1410);
    /// §5.13.6.3.1: 
    pub const IOMMU_DRV_ATTACHREQUES_3: RequirementId = RequirementId(1411);
    /// §5.13.6.3.1: 
    pub const IOMMU_DRV_ATTACHREQUES_4: RequirementId = RequirementId(1412);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_1: RequirementId = RequirementId(1413);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_2: RequirementId = RequirementId(1414);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_3: RequirementId = RequirementId(1415);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_4: RequirementId = RequirementId(1416);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_5: RequirementId = RequirementId(1417);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_6: RequirementId = RequirementId(1418);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_7: RequirementId = RequirementId(1419);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_8: RequirementId = RequirementId(1420);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_9: RequirementId = RequirementId(1421);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_10: RequirementId = RequirementId(1422);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_11: RequirementId = RequirementId(1423);
    /// §5.13.6.3.2: 
    pub const IOMMU_DEV_ATTACHREQUES_12: RequirementId = RequirementId(1424);
    /// §5.13.6.4.1: 
    pub const IOMMU_DRV_DETACHREQUES_1: RequirementId = RequirementId(1425);
    /// §5.13.6.4.2: 
    pub const IOMMU_DEV_DETACHREQUES_1: RequirementId = RequirementId(1426);
    /// §5.13.6.4.2: 
    pub const IOMMU_DEV_DETACHREQUES_2: RequirementId = RequirementId(1427);
    /// §5.13.6.4.2: 
    pub const IOMMU_DEV_DETACHREQUES_3: RequirementId = RequirementId(1428);
    /// §5.13.6.4.2: 
    pub const IOMMU_DEV_DETACHREQUES_4: RequirementId = RequirementId(1429);
    /// §5.13.6.5.1: 
    pub const IOMMU_DRV_MAPREQUEST_1: RequirementId = RequirementId(1430);
    /// §5.13.6.5.1: 
    pub const IOMMU_DRV_MAPREQUEST_2: RequirementId = RequirementId(1431);
    /// §5.13.6.5.1: 
    pub const IOMMU_DRV_MAPREQUEST_3: RequirementId = RequirementId(1432);
    /// §5.13.6.5.1: 
    pub const IOMMU_DRV_MAPREQUEST_4: RequirementId = RequirementId(1433);
    /// §5.13.6.5.1: 
    pub const IOMMU_DRV_MAPREQUEST_5: RequirementId = RequirementId(1434);
    /// §5.13.6.5.1: 
    pub const IOMMU_DRV_MAPREQUEST_6: RequirementId = RequirementId(1435);
    /// §5.13.6.5.1: 
    pub const IOMMU_DRV_MAPREQUEST_7: RequirementId = RequirementId(1436);
    /// §5.13.6.5.2: 
    pub const IOMMU_DEV_MAPREQUEST_1: RequirementId = RequirementId(1437);
    /// §5.13.6.5.2: 
    pub const IOMMU_DEV_MAPREQUEST_2: RequirementId = RequirementId(1438);
    /// §5.13.6.5.2: 
    pub const IOMMU_DEV_MAPREQUEST_3: RequirementId = RequirementId(1439);
    /// §5.13.6.5.2: 
    pub const IOMMU_DEV_MAPREQUEST_4: RequirementId = RequirementId(1440);
    /// §5.13.6.5.2: 
    pub const IOMMU_DEV_MAPREQUEST_5: RequirementId = RequirementId(1441);
    /// §5.13.6.5.2: 
    pub const IOMMU_DEV_MAPREQUEST_6: RequirementId = RequirementId(1442);
    /// §5.13.6.5.2: 
    pub const IOMMU_DEV_MAPREQUEST_7: RequirementId = RequirementId(1443);
    /// §5.13.6.6.1: 
    pub const IOMMU_DRV_UNMAPREQUEST_1: RequirementId = RequirementId(1444);
    /// §5.13.6.6.1: 
    pub const IOMMU_DRV_UNMAPREQUEST_2: RequirementId = RequirementId(1445);
    /// §5.13.6.6.1: 
    pub const IOMMU_DRV_UNMAPREQUEST_3: RequirementId = RequirementId(1446);
    /// §5.13.6.6.1: 
    pub const IOMMU_DRV_UNMAPREQUEST_4: RequirementId = RequirementId(1447);
    /// §5.13.6.6.1: 
    pub const IOMMU_DRV_UNMAPREQUEST_5: RequirementId = RequirementId(1448);
    /// §5.13.6.6.1: 
    pub const IOMMU_DRV_UNMAPREQUEST_6: RequirementId = RequirementId(1449);
    /// §5.13.6.6.2: 
    pub const IOMMU_DEV_UNMAPREQUEST_1: RequirementId = RequirementId(1450);
    /// §5.13.6.6.2: 
    pub const IOMMU_DEV_UNMAPREQUEST_2: RequirementId = RequirementId(1451);
    /// §5.13.6.6.2: 
    pub const IOMMU_DEV_UNMAPREQUEST_3: RequirementId = RequirementId(1452);
    /// §5.13.6.6.2: 
    pub const IOMMU_DEV_UNMAPREQUEST_4: RequirementId = RequirementId(1453);
    /// §5.13.6.6.2: 
    pub const IOMMU_DEV_UNMAPREQUEST_5: RequirementId = RequirementId(1454);
    /// §5.13.6.6.2: 
    pub const IOMMU_DEV_UNMAPREQUEST_6: RequirementId = RequirementId(1455);
    /// §5.13.6.6.2: 
    pub const IOMMU_DEV_UNMAPREQUEST_7: RequirementId = RequirementId(1456);
    /// §5.13.6.7.1: 
    pub const IOMMU_DRV_PROBEREQUEST_1: RequirementId = RequirementId(1457);
    /// §5.13.6.7.1: 
    pub const IOMMU_DRV_PROBEREQUEST_2: RequirementId = RequirementId(1458);
    /// §5.13.6.7.1: 
    pub const IOMMU_DRV_PROBEREQUEST_3: RequirementId = RequirementId(1459);
    /// §5.13.6.7.1: 
    pub const IOMMU_DRV_PROBEREQUEST_4: RequirementId = RequirementId(1460);
    /// §5.13.6.7.1: 
    pub const IOMMU_DRV_PROBEREQUEST_5: RequirementId = RequirementId(1461);
    /// §5.13.6.7.1: 
    pub const IOMMU_DRV_PROBEREQUEST_6: RequirementId = RequirementId(1462);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_1: RequirementId = RequirementId(1463);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_2: RequirementId = RequirementId(1464);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_3: RequirementId = RequirementId(1465);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_4: RequirementId = RequirementId(1466);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_5: RequirementId = RequirementId(1467);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_6: RequirementId = RequirementId(1468);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_7: RequirementId = RequirementId(1469);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_8: RequirementId = RequirementId(1470);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_9: RequirementId = RequirementId(1471);
    /// §5.13.6.7.2: 
    pub const IOMMU_DEV_PROBEREQUEST_10: RequirementId = RequirementId(1472);
    /// §5.13.6.8.1.1: 
    pub const IOMMU_DRV_PROPERTYRESV_1: RequirementId = RequirementId(1473);
    /// §5.13.6.8.1.1: 
    pub const IOMMU_DRV_PROPERTYRESV_2: RequirementId = RequirementId(1474);
    /// §5.13.6.8.1.1: 
    pub const IOMMU_DRV_PROPERTYRESV_3: RequirementId = RequirementId(1475);
    /// §5.13.6.8.1.2: 
    pub const IOMMU_DEV_PROPERTYRESV_1: RequirementId = RequirementId(1476);
    /// §5.13.6.8.1.2: 
    pub const IOMMU_DEV_PROPERTYRESV_2: RequirementId = RequirementId(1477);
    /// §5.13.6.8.1.2: 
    pub const IOMMU_DEV_PROPERTYRESV_3: RequirementId = RequirementId(1478);
    /// §5.13.6.8.1.2: 
    pub const IOMMU_DEV_PROPERTYRESV_4: RequirementId = RequirementId(1479);
    /// §5.13.6.8.1.2: 
    pub const IOMMU_DEV_PROPERTYRESV_5: RequirementId = RequirementId(1480);
    /// §5.13.6.9.1: 
    pub const IOMMU_DRV_FAULTREPORTI_1: RequirementId = RequirementId(1481);
    /// §5.13.6.9.1: 
    pub const IOMMU_DRV_FAULTREPORTI_2: RequirementId = RequirementId(1482);
    /// §5.13.6.9.1: 
    pub const IOMMU_DRV_FAULTREPORTI_3: RequirementId = RequirementId(1483);
    /// §5.13.6.9.1: 
    pub const IOMMU_DRV_FAULTREPORTI_4: RequirementId = RequirementId(1484);
    /// §5.13.6.9.2: 
    pub const IOMMU_DEV_FAULTREPORTI_1: RequirementId = RequirementId(1485);
    /// §5.13.6.9.2: 
    pub const IOMMU_DEV_FAULTREPORTI_2: RequirementId = RequirementId(1486);
    /// §5.13.6.9.2: 
    pub const IOMMU_DEV_FAULTREPORTI_3: RequirementId = RequirementId(1487);
    /// §5.13.6.9.2: 
    pub const IOMMU_DEV_FAULTREPORTI_4: RequirementId = RequirementId(1488);
    /// §5.13.6.9.2: 
    pub const IOMMU_DEV_FAULTREPORTI_5: RequirementId = RequirementId(1489);
    /// §5.13.6.9.2: 
    pub const IOMMU_DEV_FAULTREPORTI_6: RequirementId = RequirementId(1490);
    /// §5.14.5.1: 
    pub const SOUND_DRV_INITIALIZATI_1: RequirementId = RequirementId(1491);
    /// §5.14.5.1: 
    pub const SOUND_DRV_INITIALIZATI_2: RequirementId = RequirementId(1492);
    /// §5.14.5.1: 
    pub const SOUND_DRV_INITIALIZATI_3: RequirementId = RequirementId(1493);
    /// §5.14.6.2: 
    pub const SOUND_DRV_ITEMINFORMAT_1: RequirementId = RequirementId(1494);
    /// §5.14.6.2: 
    pub const SOUND_DRV_ITEMINFORMAT_2: RequirementId = RequirementId(1495);
    /// §5.14.6.4.1.1: 
    pub const SOUND_DEV_JACKINFORMAT_1: RequirementId = RequirementId(1496);
    /// §5.14.6.4.1.1: 
    pub const SOUND_DEV_JACKINFORMAT_2: RequirementId = RequirementId(1497);
    /// §5.14.6.6.2.1: 
    pub const SOUND_DEV_STREAMINFORM_1: RequirementId = RequirementId(1498);
    /// §5.14.6.6.2.1: 
    pub const SOUND_DEV_STREAMINFORM_2: RequirementId = RequirementId(1499);
    /// §5.14.6.6.3: 
    pub const SOUND_DRV_TXTVIRTIOSND_1: RequirementId = RequirementId(1500);
    /// §5.14.6.6.3: 
    pub const SOUND_DRV_TXTVIRTIOSND_2: RequirementId = RequirementId(1501);
    /// §5.14.6.6.3.1: 
    pub const SOUND_DEV_STREAMPARAME_1: RequirementId = RequirementId(1502);
    /// §5.14.6.6.3.2: 
    pub const SOUND_DRV_STREAMPARAME_1: RequirementId = RequirementId(1503);
    /// §5.14.6.6.3.2: 
    pub const SOUND_DRV_STREAMPARAME_2: RequirementId = RequirementId(1504);
    /// §5.14.6.6.3.2: 
    pub const SOUND_DRV_STREAMPARAME_3: RequirementId = RequirementId(1505);
    /// §5.14.6.6.3.2: 
    pub const SOUND_DRV_STREAMPARAME_4: RequirementId = RequirementId(1506);
    /// §5.14.6.6.3.2: 
    pub const SOUND_DRV_STREAMPARAME_5: RequirementId = RequirementId(1507);
    /// §5.14.6.6.3.2: 
    pub const SOUND_DRV_STREAMPARAME_6: RequirementId = RequirementId(1508);
    /// §5.14.6.6.3.2: 
    pub const SOUND_DRV_STREAMPARAME_7: RequirementId = RequirementId(1509);
    /// §5.14.6.6.5.1: 
    pub const SOUND_DEV_STREAMRELEAS_1: RequirementId = RequirementId(1510);
    /// §5.14.6.6.5.1: 
    pub const SOUND_DEV_STREAMRELEAS_2: RequirementId = RequirementId(1511);
    /// §5.14.6.8.1.1: 
    pub const SOUND_DEV_OUTPUTSTREAM_1: RequirementId = RequirementId(1512);
    /// §5.14.6.8.1.2: 
    pub const SOUND_DRV_OUTPUTSTREAM_1: RequirementId = RequirementId(1513);
    /// §5.14.6.8.1.2: 
    pub const SOUND_DRV_OUTPUTSTREAM_2: RequirementId = RequirementId(1514);
    /// §5.14.6.8.2.1: 
    pub const SOUND_DEV_INPUTSTREAM_1: RequirementId = RequirementId(1515);
    /// §5.14.6.8.2.2: 
    pub const SOUND_DRV_INPUTSTREAM_1: RequirementId = RequirementId(1516);
    /// §5.14.6.8.2.2: 
    pub const SOUND_DRV_INPUTSTREAM_2: RequirementId = RequirementId(1517);
    /// §5.14.6.9.1.1: 
    pub const SOUND_DEV_CHANNELMAP_1: RequirementId = RequirementId(1518);
    /// §5.14.6.9.1.1: 
    pub const SOUND_DEV_CHANNELMAP_2: RequirementId = RequirementId(1519);
    /// §5.14.6.10.1.1: 
    pub const SOUND_DEV_CONTROLELEME_1: RequirementId = RequirementId(1520);
    /// §5.14.6.10.1.1: 
    pub const SOUND_DEV_CONTROLELEME_2: RequirementId = RequirementId(1521);
    /// §5.14.6.10.1.1: 
    pub const SOUND_DEV_CONTROLELEME_3: RequirementId = RequirementId(1522);
    /// §5.14.6.10.1.1: 
    pub const SOUND_DEV_CONTROLELEME_4: RequirementId = RequirementId(1523);
    /// §5.14.6.10.2.1: 
    pub const SOUND_DRV_CONTROLELEME_1: RequirementId = RequirementId(1524);
    /// §5.14.6.10.2.1: 
    pub const SOUND_DRV_CONTROLELEME_2: RequirementId = RequirementId(1525);
    /// §5.14.6.10.3.1: 
    pub const SOUND_DEV_CONTROLELEME_5: RequirementId = RequirementId(1526);
    /// §5.14.6.10.3.2: 
    pub const SOUND_DRV_CONTROLELEME_3: RequirementId = RequirementId(1527);
    /// §5.14.6.10.3.2: 
    pub const SOUND_DRV_CONTROLELEME_4: RequirementId = RequirementId(1528);
    /// §5.14.6.10.3.2: 
    pub const SOUND_DRV_CONTROLELEME_5: RequirementId = RequirementId(1529);
    /// §5.14.6.10.3.2: 
    pub const SOUND_DRV_CONTROLELEME_6: RequirementId = RequirementId(1530);
    /// §5.14.6.10.4.1: 
    pub const SOUND_DEV_CONTROLELEME_6: RequirementId = RequirementId(1531);
    /// §5.15.4.1: 
    pub const MEM_DRV_CONFIGURATIO_1: RequirementId = RequirementId(1532);
    /// §5.15.4.1: 
    pub const MEM_DRV_CONFIGURATIO_2: RequirementId = RequirementId(1533);
    /// §5.15.4.1: 
    pub const MEM_DRV_CONFIGURATIO_3: RequirementId = RequirementId(1534);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_1: RequirementId = RequirementId(1535);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_2: RequirementId = RequirementId(1536);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_3: RequirementId = RequirementId(1537);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_4: RequirementId = RequirementId(1538);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_5: RequirementId = RequirementId(1539);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_6: RequirementId = RequirementId(1540);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_7: RequirementId = RequirementId(1541);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_8: RequirementId = RequirementId(1542);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_9: RequirementId = RequirementId(1543);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_10: RequirementId = RequirementId(1544);
    /// §5.15.4.2: 
    pub const MEM_DEV_CONFIGURATIO_11: RequirementId = RequirementId(1545);
    /// §5.15.5.1: 
    pub const MEM_DRV_INITIALIZATI_1: RequirementId = RequirementId(1546);
    /// §5.15.5.1: 
    pub const MEM_DRV_INITIALIZATI_2: RequirementId = RequirementId(1547);
    /// §5.15.5.2: 
    pub const MEM_DEV_INITIALIZATI_1: RequirementId = RequirementId(1548);
    /// §5.15.5.2: 
    pub const MEM_DEV_INITIALIZATI_2: RequirementId = RequirementId(1549);
    /// §5.15.5.2: 
    pub const MEM_DEV_INITIALIZATI_3: RequirementId = RequirementId(1550);
    /// §5.15.5.2: 
    pub const MEM_DEV_INITIALIZATI_4: RequirementId = RequirementId(1551);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_1: RequirementId = RequirementId(1552);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_2: RequirementId = RequirementId(1553);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_3: RequirementId = RequirementId(1554);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_4: RequirementId = RequirementId(1555);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_5: RequirementId = RequirementId(1556);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_6: RequirementId = RequirementId(1557);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_7: RequirementId = RequirementId(1558);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_8: RequirementId = RequirementId(1559);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_9: RequirementId = RequirementId(1560);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_10: RequirementId = RequirementId(1561);
    /// §5.15.6.1: 
    pub const MEM_DRV_OP_11: RequirementId = RequirementId(1562);
    /// §5.15.6.2: 
    pub const MEM_DEV_OP_1: RequirementId = RequirementId(1563);
    /// §5.15.6.2: 
    pub const MEM_DEV_OP_2: RequirementId = RequirementId(1564);
    /// §5.15.6.2: 
    pub const MEM_DEV_OP_3: RequirementId = RequirementId(1565);
    /// §5.15.6.2: 
    pub const MEM_DEV_OP_4: RequirementId = RequirementId(1566);
    /// §5.15.6.2: 
    pub const MEM_DEV_OP_5: RequirementId = RequirementId(1567);
    /// §5.15.6.2: 
    pub const MEM_DEV_OP_6: RequirementId = RequirementId(1568);
    /// §5.15.6.2: 
    pub const MEM_DEV_OP_7: RequirementId = RequirementId(1569);
    /// §5.15.6.2: 
    pub const MEM_DEV_OP_8: RequirementId = RequirementId(1570);
    /// §5.15.6.3.1: 
    pub const MEM_DRV_PLUGREQUEST_1: RequirementId = RequirementId(1571);
    /// §5.15.6.3.2: 
    pub const MEM_DEV_PLUGREQUEST_1: RequirementId = RequirementId(1572);
    /// §5.15.6.3.2: 
    pub const MEM_DEV_PLUGREQUEST_2: RequirementId = RequirementId(1573);
    /// §5.15.6.3.2: 
    pub const MEM_DEV_PLUGREQUEST_3: RequirementId = RequirementId(1574);
    /// §5.15.6.3.2: 
    pub const MEM_DEV_PLUGREQUEST_4: RequirementId = RequirementId(1575);
    /// §5.15.6.3.2: 
    pub const MEM_DEV_PLUGREQUEST_5: RequirementId = RequirementId(1576);
    /// §5.15.6.3.2: 
    pub const MEM_DEV_PLUGREQUEST_6: RequirementId = RequirementId(1577);
    /// §5.15.6.3.2: 
    pub const MEM_DEV_PLUGREQUEST_7: RequirementId = RequirementId(1578);
    /// §5.15.6.4.1: 
    pub const MEM_DRV_UNPLUGREQUES_1: RequirementId = RequirementId(1579);
    /// §5.15.6.4.2: 
    pub const MEM_DEV_UNPLUGREQUES_1: RequirementId = RequirementId(1580);
    /// §5.15.6.4.2: 
    pub const MEM_DEV_UNPLUGREQUES_2: RequirementId = RequirementId(1581);
    /// §5.15.6.4.2: 
    pub const MEM_DEV_UNPLUGREQUES_3: RequirementId = RequirementId(1582);
    /// §5.15.6.4.2: 
    pub const MEM_DEV_UNPLUGREQUES_4: RequirementId = RequirementId(1583);
    /// §5.15.6.4.2: 
    pub const MEM_DEV_UNPLUGREQUES_5: RequirementId = RequirementId(1584);
    /// §5.15.6.4.2: 
    pub const MEM_DEV_UNPLUGREQUES_6: RequirementId = RequirementId(1585);
    /// §5.15.6.4.2: 
    pub const MEM_DEV_UNPLUGREQUES_7: RequirementId = RequirementId(1586);
    /// §5.15.6.5.1: 
    pub const MEM_DRV_UNPLUGREQUES_2: RequirementId = RequirementId(1587);
    /// §5.15.6.5.2: 
    pub const MEM_DEV_UNPLUGREQUES_8: RequirementId = RequirementId(1588);
    /// §5.15.6.5.2: 
    pub const MEM_DEV_UNPLUGREQUES_9: RequirementId = RequirementId(1589);
    /// §5.15.6.5.2: 
    pub const MEM_DEV_UNPLUGREQUES_10: RequirementId = RequirementId(1590);
    /// §5.15.6.5.2: 
    pub const MEM_DEV_UNPLUGREQUES_11: RequirementId = RequirementId(1591);
    /// §5.15.6.5.2: 
    pub const MEM_DEV_UNPLUGREQUES_12: RequirementId = RequirementId(1592);
    /// §5.15.6.5.2: 
    pub const MEM_DEV_UNPLUGREQUES_13: RequirementId = RequirementId(1593);
    /// §5.15.6.6.1: 
    pub const MEM_DRV_STATEREQUEST_1: RequirementId = RequirementId(1594);
    /// §5.15.6.6.1: 
    pub const MEM_DRV_STATEREQUEST_2: RequirementId = RequirementId(1595);
    /// §5.15.6.6.2: 
    pub const MEM_DEV_STATEREQUEST_1: RequirementId = RequirementId(1596);
    /// §5.15.6.6.2: 
    pub const MEM_DEV_STATEREQUEST_2: RequirementId = RequirementId(1597);
    /// §5.15.6.6.2: 
    pub const MEM_DEV_STATEREQUEST_3: RequirementId = RequirementId(1598);
    /// §5.15.6.6.2: 
    pub const MEM_DEV_STATEREQUEST_4: RequirementId = RequirementId(1599);
    /// §5.15.6.6.2: 
    pub const MEM_DEV_STATEREQUEST_5: RequirementId = RequirementId(1600);
    /// §5.15.6.6.2: 
    pub const MEM_DEV_STATEREQUEST_6: RequirementId = RequirementId(1601);
    /// §5.15.6.6.2: 
    pub const MEM_DEV_STATEREQUEST_7: RequirementId = RequirementId(1602);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_1: RequirementId = RequirementId(1603);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_2: RequirementId = RequirementId(1604);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_3: RequirementId = RequirementId(1605);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_4: RequirementId = RequirementId(1606);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_5: RequirementId = RequirementId(1607);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_6: RequirementId = RequirementId(1608);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_7: RequirementId = RequirementId(1609);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_8: RequirementId = RequirementId(1610);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_9: RequirementId = RequirementId(1611);
    /// §5.16.6.3: 
    pub const I2C_DRV_OP_10: RequirementId = RequirementId(1612);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_1: RequirementId = RequirementId(1613);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_2: RequirementId = RequirementId(1614);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_3: RequirementId = RequirementId(1615);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_4: RequirementId = RequirementId(1616);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_5: RequirementId = RequirementId(1617);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_6: RequirementId = RequirementId(1618);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_7: RequirementId = RequirementId(1619);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_8: RequirementId = RequirementId(1620);
    /// §5.16.6.4: 
    pub const I2C_DEV_OP_9: RequirementId = RequirementId(1621);
    /// §5.17.3.1: 
    pub const SCMI_DEV_FEATUREBITS_1: RequirementId = RequirementId(1622);
    /// §5.17.3.1: 
    pub const SCMI_DEV_FEATUREBITS_2: RequirementId = RequirementId(1623);
    /// §5.17.6.1.1: 
    pub const SCMI_DEV_CMDQ_1: RequirementId = RequirementId(1624);
    /// §5.17.6.1.1: 
    pub const SCMI_DEV_CMDQ_2: RequirementId = RequirementId(1625);
    /// §5.17.6.1.1: 
    pub const SCMI_DEV_CMDQ_3: RequirementId = RequirementId(1626);
    /// §5.17.6.1.1: 
    pub const SCMI_DEV_CMDQ_4: RequirementId = RequirementId(1627);
    /// §5.17.6.1.1: 
    pub const SCMI_DEV_CMDQ_5: RequirementId = RequirementId(1628);
    /// §5.17.6.1.1: 
    pub const SCMI_DEV_CMDQ_6: RequirementId = RequirementId(1629);
    /// §5.17.6.1.2: 
    pub const SCMI_DRV_CMDQ_1: RequirementId = RequirementId(1630);
    /// §5.17.6.1.2: 
    pub const SCMI_DRV_CMDQ_2: RequirementId = RequirementId(1631);
    /// §5.17.6.1.2: 
    pub const SCMI_DRV_CMDQ_3: RequirementId = RequirementId(1632);
    /// §5.17.6.2.1: 
    pub const SCMI_DRV_SETTINGUP_1: RequirementId = RequirementId(1633);
    /// §5.17.6.2.1: 
    pub const SCMI_DRV_SETTINGUP_2: RequirementId = RequirementId(1634);
    /// §5.17.6.2.1: 
    pub const SCMI_DRV_SETTINGUP_3: RequirementId = RequirementId(1635);
    /// §5.17.6.3.1: 
    pub const SCMI_DEV_EVENTQ_1: RequirementId = RequirementId(1636);
    /// §5.17.6.3.1: 
    pub const SCMI_DEV_EVENTQ_2: RequirementId = RequirementId(1637);
    /// §5.17.6.3.1: 
    pub const SCMI_DEV_EVENTQ_3: RequirementId = RequirementId(1638);
    /// §5.17.6.3.1: 
    pub const SCMI_DEV_EVENTQ_4: RequirementId = RequirementId(1639);
    /// §5.17.6.3.1: 
    pub const SCMI_DEV_EVENTQ_5: RequirementId = RequirementId(1640);
    /// §5.17.6.3.1: 
    pub const SCMI_DEV_EVENTQ_6: RequirementId = RequirementId(1641);
    /// §5.17.6.4.1: 
    pub const SCMI_DEV_SHAREDMEMORY_1: RequirementId = RequirementId(1642);
    /// §5.17.6.4.1: 
    pub const SCMI_DEV_SHAREDMEMORY_2: RequirementId = RequirementId(1643);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_1: RequirementId = RequirementId(1644);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_2: RequirementId = RequirementId(1645);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_3: RequirementId = RequirementId(1646);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_4: RequirementId = RequirementId(1647);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_5: RequirementId = RequirementId(1648);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_6: RequirementId = RequirementId(1649);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_7: RequirementId = RequirementId(1650);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_8: RequirementId = RequirementId(1651);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_9: RequirementId = RequirementId(1652);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_10: RequirementId = RequirementId(1653);
    /// §5.18.6.8: 
    pub const GPIO_DRV_REQUESTQ_11: RequirementId = RequirementId(1654);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_1: RequirementId = RequirementId(1655);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_2: RequirementId = RequirementId(1656);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_3: RequirementId = RequirementId(1657);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_4: RequirementId = RequirementId(1658);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_5: RequirementId = RequirementId(1659);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_6: RequirementId = RequirementId(1660);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_7: RequirementId = RequirementId(1661);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_8: RequirementId = RequirementId(1662);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_9: RequirementId = RequirementId(1663);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_10: RequirementId = RequirementId(1664);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_11: RequirementId = RequirementId(1665);
    /// §5.18.6.9: 
    pub const GPIO_DEV_REQUESTQ_12: RequirementId = RequirementId(1666);
    /// §5.18.7.2: 
    pub const GPIO_DRV_EVENTQ_1: RequirementId = RequirementId(1667);
    /// §5.18.7.2: 
    pub const GPIO_DRV_EVENTQ_2: RequirementId = RequirementId(1668);
    /// §5.18.7.2: 
    pub const GPIO_DRV_EVENTQ_3: RequirementId = RequirementId(1669);
    /// §5.18.7.2: 
    pub const GPIO_DRV_EVENTQ_4: RequirementId = RequirementId(1670);
    /// §5.18.7.3: 
    pub const GPIO_DEV_EVENTQ_1: RequirementId = RequirementId(1671);
    /// §5.18.7.3: 
    pub const GPIO_DEV_EVENTQ_2: RequirementId = RequirementId(1672);
    /// §5.19.5.1: SHMEM_REGION: range is published as a shared memory region.
    pub const PMEM_DEV_INIT_1: RequirementId = RequirementId(1673);
    /// §5.19.5.1: SHMEM_REGION: that region has id 0.
    pub const PMEM_DEV_INIT_2: RequirementId = RequirementId(1674);
    /// §5.19.5.1: SHMEM_REGION: start and size should be zero.
    pub const PMEM_DEV_INIT_3: RequirementId = RequirementId(1675);
    /// §5.19.5.1: No SHMEM_REGION: range is given as a physical address.
    pub const PMEM_DEV_INIT_4: RequirementId = RequirementId(1676);
    /// §5.19.5.1: No SHMEM_REGION: start and size hold that range in bytes.
    pub const PMEM_DEV_INIT_5: RequirementId = RequirementId(1677);
    /// §5.19.5.2: SHMEM_REGION: driver asks for shared memory id 0.
    pub const PMEM_DRV_INIT_1: RequirementId = RequirementId(1678);
    /// §5.19.5.2: SHMEM_REGION: driver does not use the config range.
    pub const PMEM_DRV_INIT_2: RequirementId = RequirementId(1679);
    /// §5.19.5.2: No SHMEM_REGION: driver reads the config range.
    pub const PMEM_DRV_INIT_3: RequirementId = RequirementId(1680);
    /// §5.19.7.1: Flush completes only after prior writes are durable.
    pub const PMEM_DEV_FLUSH_1: RequirementId = RequirementId(1681);
    /// §5.19.7.3: Flush result is 0 or -1.
    pub const PMEM_DEV_FLUSH_2: RequirementId = RequirementId(1682);
    /// §5.20.4.1: 
    pub const CAN_DRV_INITIALIZATI_1: RequirementId = RequirementId(1683);
    /// §5.20.5.2: 
    pub const CAN_DEV_CANMESSAGE_1: RequirementId = RequirementId(1684);
    /// §5.20.5.2: 
    pub const CAN_DEV_CANMESSAGE_2: RequirementId = RequirementId(1685);
    /// §5.20.5.2: 
    pub const CAN_DEV_CANMESSAGE_3: RequirementId = RequirementId(1686);
    /// §5.20.5.2: 
    pub const CAN_DEV_CANMESSAGE_4: RequirementId = RequirementId(1687);
    /// §5.20.5.2: 
    pub const CAN_DEV_CANMESSAGE_5: RequirementId = RequirementId(1688);
    /// §5.20.5.2: 
    pub const CAN_DEV_CANMESSAGE_6: RequirementId = RequirementId(1689);
    /// §5.21.6.3: 
    pub const SPI_DRV_OP_1: RequirementId = RequirementId(1690);
    /// §5.21.6.3: 
    pub const SPI_DRV_OP_2: RequirementId = RequirementId(1691);
    /// §5.21.6.3: 
    pub const SPI_DRV_OP_3: RequirementId = RequirementId(1692);
    /// §5.21.6.3: 
    pub const SPI_DRV_OP_4: RequirementId = RequirementId(1693);
    /// §5.21.6.3: 
    pub const SPI_DRV_OP_5: RequirementId = RequirementId(1694);
    /// §5.21.6.4: 
    pub const SPI_DEV_OP_1: RequirementId = RequirementId(1695);
    /// §5.21.6.4: 
    pub const SPI_DEV_OP_2: RequirementId = RequirementId(1696);
    /// §5.21.6.4: 
    pub const SPI_DEV_OP_3: RequirementId = RequirementId(1697);
    /// §5.21.6.4: 
    pub const SPI_DEV_OP_4: RequirementId = RequirementId(1698);
    /// §5.21.6.4: 
    pub const SPI_DEV_OP_5: RequirementId = RequirementId(1699);
    /// §5.21.6.4: 
    pub const SPI_DEV_OP_6: RequirementId = RequirementId(1700);
    /// §5.22.6.1.3.1: 
    pub const MEDIA_DEV_OPEN_1: RequirementId = RequirementId(1701);
    /// §5.22.6.1.4.1: 
    pub const MEDIA_DRV_CLOSE_1: RequirementId = RequirementId(1702);
    /// §5.22.6.1.5.2: 
    pub const MEDIA_DEV_V4L2IOCTLS_1: RequirementId = RequirementId(1703);
    /// §5.22.6.1.5.3: 
    pub const MEDIA_DRV_V4L2IOCTLS_1: RequirementId = RequirementId(1704);
    /// §5.22.6.1.5.3: 
    pub const MEDIA_DRV_V4L2IOCTLS_2: RequirementId = RequirementId(1705);
    /// §5.22.6.1.5.5: 
    pub const MEDIA_DEV_HANDLINGPOIN_1: RequirementId = RequirementId(1706);
    /// §5.22.6.1.5.8: 
    pub const MEDIA_DEV_UNSUPPORTEDI_1: RequirementId = RequirementId(1707);
    /// §5.22.6.1.6.1: 
    pub const MEDIA_DEV_MAPPINGMMAP_1: RequirementId = RequirementId(1708);
    /// §5.22.6.1.7.1: 
    pub const MEDIA_DEV_UNMAPPINGMMA_1: RequirementId = RequirementId(1709);
    /// §5.22.6.1.8.3: 
    pub const MEDIA_DEV_SHAREDPAGES_1: RequirementId = RequirementId(1710);
    /// §5.22.6.1.8.3: 
    pub const MEDIA_DEV_SHAREDPAGES_2: RequirementId = RequirementId(1711);
    /// §5.22.6.1.8.5: 
    pub const MEDIA_DEV_VIRTIOOBJECT_1: RequirementId = RequirementId(1712);
    /// §5.22.6.2.2.1: 
    pub const MEDIA_DEV_SIDEERROR_1: RequirementId = RequirementId(1713);
    /// §5.22.6.2.2.2: 
    pub const MEDIA_DRV_SIDEERROR_1: RequirementId = RequirementId(1714);
    /// §5.22.6.2.3.1: 
    pub const MEDIA_DRV_DEQUEUEBUFFE_1: RequirementId = RequirementId(1715);
    /// §5.23.3.1: ALARM should be offered if a clock can do alarms.
    pub const RTC_DEV_FEAT_1: RequirementId = RequirementId(1716);
    /// §5.23.6.1: Other response fields are read only when status is OK.
    pub const RTC_DRV_OP_1: RequirementId = RequirementId(1717);
    /// §5.23.6.1: Reserved request fields are zero.
    pub const RTC_DRV_OP_2: RequirementId = RequirementId(1718);
    /// §5.23.6.1: Only flags allowed by the negotiated features are set.
    pub const RTC_DRV_OP_3: RequirementId = RequirementId(1719);
    /// §5.23.6.1: Reserved response fields are not read.
    pub const RTC_DRV_OP_4: RequirementId = RequirementId(1720);
    /// §5.23.6.1: Only flags allowed by the negotiated features are read.
    pub const RTC_DRV_OP_5: RequirementId = RequirementId(1721);
    /// §5.23.6.1: Response buffer is large enough.
    pub const RTC_DRV_OP_6: RequirementId = RequirementId(1722);
    /// §5.23.6.2: Success yields S_OK.
    pub const RTC_DEV_OP_1: RequirementId = RequirementId(1723);
    /// §5.23.6.2: Failure yields something else than S_OK.
    pub const RTC_DEV_OP_2: RequirementId = RequirementId(1724);
    /// §5.23.6.2: Implementation limits yield EOPNOTSUPP.
    pub const RTC_DEV_OP_3: RequirementId = RequirementId(1725);
    /// §5.23.6.2: Unknown msg_type yields EOPNOTSUPP.
    pub const RTC_DEV_OP_4: RequirementId = RequirementId(1726);
    /// §5.23.6.2: Unknown hw_counter yields EOPNOTSUPP.
    pub const RTC_DEV_OP_5: RequirementId = RequirementId(1727);
    /// §5.23.6.2: Unknown clock_id yields ENODEV.
    pub const RTC_DEV_OP_6: RequirementId = RequirementId(1728);
    /// §5.23.6.2: Other inconsistent values yield EINVAL.
    pub const RTC_DEV_OP_7: RequirementId = RequirementId(1729);
    /// §5.23.6.2: Truncated request yields EINVAL.
    pub const RTC_DEV_OP_8: RequirementId = RequirementId(1730);
    /// §5.23.6.2: Too small response buffer yields EINVAL if status still fits.
    pub const RTC_DEV_OP_9: RequirementId = RequirementId(1731);
    /// §5.23.6.2: No status is written if even status does not fit.
    pub const RTC_DEV_OP_10: RequirementId = RequirementId(1732);
    /// §5.23.6.2: Anything else yields EIO.
    pub const RTC_DEV_OP_11: RequirementId = RequirementId(1733);
    /// §5.23.6.2: Additional request bytes are disregarded.
    pub const RTC_DEV_OP_12: RequirementId = RequirementId(1734);
    /// §5.23.6.2: Additional response space is disregarded.
    pub const RTC_DEV_OP_13: RequirementId = RequirementId(1735);
    /// §5.23.6.2: Reserved response fields are zero.
    pub const RTC_DEV_OP_14: RequirementId = RequirementId(1736);
    /// §5.23.6.2: Only flags allowed by the negotiated features are set in replies.
    pub const RTC_DEV_OP_15: RequirementId = RequirementId(1737);
    /// §5.23.6.2: CFG, CLOCK_CAP and CROSS_CAP replies are stable while live.
    pub const RTC_DEV_OP_16: RequirementId = RequirementId(1738);
    /// §5.23.6.2: They should also be stable across resets under equal features.
    pub const RTC_DEV_OP_17: RequirementId = RequirementId(1739);
    /// §5.23.6.2: Clock ids run from 0 to count-1.
    pub const RTC_DEV_OP_18: RequirementId = RequirementId(1740);
    /// §5.23.6.4.1: CROSS_CAP: hw_counter is a defined id or 0xf0..0xfe.
    pub const RTC_DRV_CTRL_1: RequirementId = RequirementId(1741);
    /// §5.23.6.4.2: UTC clock follows UTC.
    pub const RTC_DEV_CTRL_1: RequirementId = RequirementId(1742);
    /// §5.23.6.4.2: Smeared clocks follow UTC apart from smearing.
    pub const RTC_DEV_CTRL_2: RequirementId = RequirementId(1743);
    /// §5.23.6.4.2: UTC-like clocks count from 1970-01-01 UTC.
    pub const RTC_DEV_CTRL_3: RequirementId = RequirementId(1744);
    /// §5.23.6.4.2: UTC-like clocks count POSIX seconds.
    pub const RTC_DEV_CTRL_4: RequirementId = RequirementId(1745);
    /// §5.23.6.4.2: UTC clock steps back 1 s on a positive leap second.
    pub const RTC_DEV_CTRL_5: RequirementId = RequirementId(1746);
    /// §5.23.6.4.2: UTC clock steps forward 1 s on a negative leap second.
    pub const RTC_DEV_CTRL_6: RequirementId = RequirementId(1747);
    /// §5.23.6.4.2: Smearing clocks never step for a leap second.
    pub const RTC_DEV_CTRL_7: RequirementId = RequirementId(1748);
    /// §5.23.6.4.2: Smearing clocks slow down for a positive leap second.
    pub const RTC_DEV_CTRL_8: RequirementId = RequirementId(1749);
    /// §5.23.6.4.2: Smearing clocks speed up for a negative leap second.
    pub const RTC_DEV_CTRL_9: RequirementId = RequirementId(1750);
    /// §5.23.6.4.2: NOON_LINEAR smears noon to noon.
    pub const RTC_DEV_CTRL_10: RequirementId = RequirementId(1751);
    /// §5.23.6.4.2: NOON_LINEAR slows by 1/86400 on a positive leap second.
    pub const RTC_DEV_CTRL_11: RequirementId = RequirementId(1752);
    /// §5.23.6.4.2: NOON_LINEAR speeds by 1/86400 on a negative leap second.
    pub const RTC_DEV_CTRL_12: RequirementId = RequirementId(1753);
    /// §5.23.6.4.2: UTC_SLS smears the last 1000 s of the day.
    pub const RTC_DEV_CTRL_13: RequirementId = RequirementId(1754);
    /// §5.23.6.4.2: UTC_SLS slows by 0.1% on a positive leap second.
    pub const RTC_DEV_CTRL_14: RequirementId = RequirementId(1755);
    /// §5.23.6.4.2: UTC_SLS speeds by 0.1% on a negative leap second.
    pub const RTC_DEV_CTRL_15: RequirementId = RequirementId(1756);
    /// §5.23.6.4.2: MAYBE_SMEARED may depart from UTC around leap seconds.
    pub const RTC_DEV_CTRL_16: RequirementId = RequirementId(1757);
    /// §5.23.6.4.2: TAI clock follows TAI.
    pub const RTC_DEV_CTRL_17: RequirementId = RequirementId(1758);
    /// §5.23.6.4.2: TAI clock counts from 1970-01-01 TAI.
    pub const RTC_DEV_CTRL_18: RequirementId = RequirementId(1759);
    /// §5.23.6.4.2: Monotonic clock ticks in SI seconds.
    pub const RTC_DEV_CTRL_19: RequirementId = RequirementId(1760);
    /// §5.23.6.4.2: Monotonic epoch is no later than device reset.
    pub const RTC_DEV_CTRL_20: RequirementId = RequirementId(1761);
    /// §5.23.6.4.2: Clocks other than UTC_SMEARED report smearing UNSPECIFIED.
    pub const RTC_DEV_CTRL_21: RequirementId = RequirementId(1762);
    /// §5.23.6.4.2: UTC_SMEARED reports a listed variant or one from 0xf0 up.
    pub const RTC_DEV_CTRL_22: RequirementId = RequirementId(1763);
    /// §5.23.6.4.2: CROSS_CAP flag should agree with READ_CROSS success.
    pub const RTC_DEV_CTRL_23: RequirementId = RequirementId(1764);
    /// §5.23.6.5.1: READ_CROSS: hw_counter is a defined id or 0xf0..0xfe.
    pub const RTC_DRV_READ_1: RequirementId = RequirementId(1765);
    /// §5.23.6.5.2: All clocks should be readable while live.
    pub const RTC_DEV_READ_1: RequirementId = RequirementId(1766);
    /// §5.23.6.5.2: Same-clock reads are taken in the order made available...
    pub const RTC_DEV_READ_2: RequirementId = RequirementId(1767);
    /// §5.23.6.5.2: ...or give equal values.
    pub const RTC_DEV_READ_3: RequirementId = RequirementId(1768);
    /// §5.23.6.5.2: Same-clock reads complete in the order made available.
    pub const RTC_DEV_READ_4: RequirementId = RequirementId(1769);
    /// §5.23.6.5.2: Monotonic readings never decrease.
    pub const RTC_DEV_READ_5: RequirementId = RequirementId(1770);
    /// §5.23.6.5.2: READ works for every clock.
    pub const RTC_DEV_READ_6: RequirementId = RequirementId(1771);
    /// §5.23.6.5.2: READ values are nanoseconds.
    pub const RTC_DEV_READ_7: RequirementId = RequirementId(1772);
    /// §5.23.6.5.2: A reading is taken only after its request is available.
    pub const RTC_DEV_READ_8: RequirementId = RequirementId(1773);
    /// §5.23.6.5.2: READ_CROSS counter value fits the instant of the reading.
    pub const RTC_DEV_READ_9: RequirementId = RequirementId(1774);
    /// §5.23.6.5.2: READ_CROSS should presume the first CPU.
    pub const RTC_DEV_READ_10: RequirementId = RequirementId(1775);
    /// §5.23.6.5.2: READ_CROSS without a usable counter value is not OK.
    pub const RTC_DEV_READ_11: RequirementId = RequirementId(1776);
    /// §5.23.6.5.2: READ_CROSS pairs are ordered consistently.
    pub const RTC_DEV_READ_12: RequirementId = RequirementId(1777);
    /// §5.23.6.5.2: READ_CROSS values are nanoseconds.
    pub const RTC_DEV_READ_13: RequirementId = RequirementId(1778);
    /// §5.23.6.5.2: After an alarm, later readings are not before the alarm time.
    pub const RTC_DEV_READ_14: RequirementId = RequirementId(1779);
    /// §5.23.6.6.1: Alarm state may survive reset.
    pub const RTC_DEV_ALARM_1: RequirementId = RequirementId(1780);
    /// §5.23.6.6.1: If not retained, alarm time is 0.
    pub const RTC_DEV_ALARM_2: RequirementId = RequirementId(1781);
    /// §5.23.6.6.1: If not retained, alarm is off.
    pub const RTC_DEV_ALARM_3: RequirementId = RequirementId(1782);
    /// §5.23.6.6.1: ALARM: alarm messages work for at least one clock.
    pub const RTC_DEV_ALARM_4: RequirementId = RequirementId(1783);
    /// §5.23.6.6.1: No ALARM: alarm messages do not work.
    pub const RTC_DEV_ALARM_5: RequirementId = RequirementId(1784);
    /// §5.23.6.6.1: ALARM_CAP flag tells whether a clock does alarms.
    pub const RTC_DEV_ALARM_6: RequirementId = RequirementId(1785);
    /// §5.23.6.6.1: Crossing the alarm time while enabled is an expiry.
    pub const RTC_DEV_ALARM_7: RequirementId = RequirementId(1786);
    /// §5.23.6.6.1: Setting an enabled alarm in the past is an expiry.
    pub const RTC_DEV_ALARM_8: RequirementId = RequirementId(1787);
    /// §5.23.6.6.1: Enabling an alarm already past is an expiry.
    pub const RTC_DEV_ALARM_9: RequirementId = RequirementId(1788);
    /// §5.23.6.6.1: Reset with a retained past alarm is an expiry.
    pub const RTC_DEV_ALARM_10: RequirementId = RequirementId(1789);
    /// §5.23.6.6.1: An expiry begins to be served.
    pub const RTC_DEV_ALARM_11: RequirementId = RequirementId(1790);
    /// §5.23.6.6.1: Serving an expiry uses one alarm notification as soon as a buffer is there.
    pub const RTC_DEV_ALARM_12: RequirementId = RequirementId(1791);
    /// §5.23.6.6.1: Private alarm actions are allowed.
    pub const RTC_DEV_ALARM_13: RequirementId = RequirementId(1792);
    /// §5.23.6.6.1: They may disregard status.
    pub const RTC_DEV_ALARM_14: RequirementId = RequirementId(1793);
    /// §5.23.6.6.1: They may disregard feature negotiation.
    pub const RTC_DEV_ALARM_15: RequirementId = RequirementId(1794);
    /// §5.23.6.6.1: Disabling an alarm stops serving before the reply.
    pub const RTC_DEV_ALARM_16: RequirementId = RequirementId(1795);
    /// §5.23.6.6.1: Re-arming may stop serving.
    pub const RTC_DEV_ALARM_17: RequirementId = RequirementId(1796);
    /// §5.23.6.6.1: A backward step may stop serving.
    pub const RTC_DEV_ALARM_18: RequirementId = RequirementId(1797);
    /// §5.23.6.6.1: A newer expiry may stop serving the older one.
    pub const RTC_DEV_ALARM_19: RequirementId = RequirementId(1798);
    /// §5.23.6.6.2.1: alarm_time is in nanoseconds.
    pub const RTC_DRV_ALARMREQ_1: RequirementId = RequirementId(1799);
    /// §5.23.6.6.2.2: No ALARM: alarm requests yield ENODEV.
    pub const RTC_DEV_ALARMREQ_1: RequirementId = RequirementId(1800);
    /// §5.23.6.6.2.2: Clock without alarms: alarm requests yield ENODEV.
    pub const RTC_DEV_ALARMREQ_2: RequirementId = RequirementId(1801);
    /// §5.23.6.6.2.2: READ_ALARM returns the alarm time.
    pub const RTC_DEV_ALARMREQ_3: RequirementId = RequirementId(1802);
    /// §5.23.6.6.2.2: READ_ALARM returns the enabled flag.
    pub const RTC_DEV_ALARMREQ_4: RequirementId = RequirementId(1803);
    /// §5.23.6.6.2.2: READ_ALARM time is in nanoseconds.
    pub const RTC_DEV_ALARMREQ_5: RequirementId = RequirementId(1804);
    /// §5.23.6.6.2.2: SET_ALARM takes any time value.
    pub const RTC_DEV_ALARMREQ_6: RequirementId = RequirementId(1805);
    /// §5.23.6.6.2.2: SET_ALARM OK: alarm time is set.
    pub const RTC_DEV_ALARMREQ_7: RequirementId = RequirementId(1806);
    /// §5.23.6.6.2.2: SET_ALARM OK with the flag: alarm on.
    pub const RTC_DEV_ALARMREQ_8: RequirementId = RequirementId(1807);
    /// §5.23.6.6.2.2: SET_ALARM OK without the flag: alarm off.
    pub const RTC_DEV_ALARMREQ_9: RequirementId = RequirementId(1808);
    /// §5.23.6.6.2.2: SET_ALARM_ENABLED OK with the flag: alarm on.
    pub const RTC_DEV_ALARMREQ_10: RequirementId = RequirementId(1809);
    /// §5.23.6.6.2.2: SET_ALARM_ENABLED OK without the flag: alarm off.
    pub const RTC_DEV_ALARMREQ_11: RequirementId = RequirementId(1810);
    /// §5.23.6.6.2.2: SET_ALARM_ENABLED OK: alarm time unchanged.
    pub const RTC_DEV_ALARMREQ_12: RequirementId = RequirementId(1811);
    /// §5.23.6.6.3.1: alarmq should be stocked.
    pub const RTC_DRV_ALARMNOTIF_1: RequirementId = RequirementId(1812);
    /// §5.23.6.6.3.1: alarmq buffers are large enough.
    pub const RTC_DRV_ALARMNOTIF_2: RequirementId = RequirementId(1813);
    /// §5.23.6.6.3.1: After an alarm notification the clock should be read.
    pub const RTC_DRV_ALARMNOTIF_3: RequirementId = RequirementId(1814);
    /// §5.23.6.6.3.2: No notification for a clock without alarms.
    pub const RTC_DEV_ALARMNOTIF_1: RequirementId = RequirementId(1815);
    /// §6.1: VERSION_1 must be accepted whenever offered.
    pub const CORE_DRV_RESFEAT_1: RequirementId = RequirementId(1816);
    /// §6.1: Driver may refuse a device without VERSION_1.
    pub const CORE_DRV_RESFEAT_2: RequirementId = RequirementId(1817);
    /// §6.1: ACCESS_PLATFORM should be accepted whenever offered.
    pub const CORE_DRV_RESFEAT_3: RequirementId = RequirementId(1818);
    /// §6.1: With ACCESS_PLATFORM the IOMMU is either off or set up to translate the bus addresses used.
    pub const CORE_DRV_RESFEAT_4: RequirementId = RequirementId(1819);
    /// §6.1: Without ACCESS_PLATFORM only guest-physical addresses go to the device.
    pub const CORE_DRV_RESFEAT_5: RequirementId = RequirementId(1820);
    /// §6.1: RING_PACKED should be accepted whenever offered.
    pub const CORE_DRV_RESFEAT_6: RequirementId = RequirementId(1821);
    /// §6.1: ORDER_PLATFORM should be accepted whenever offered.
    pub const CORE_DRV_RESFEAT_7: RequirementId = RequirementId(1822);
    /// §6.1: With ORDER_PLATFORM, hardware-strength barriers are used.
    pub const CORE_DRV_RESFEAT_8: RequirementId = RequirementId(1823);
    /// §6.1: With SR_IOV negotiated, VFs may be enabled.
    pub const CORE_DRV_RESFEAT_9: RequirementId = RequirementId(1824);
    /// §6.1: SR_IOV is not negotiated without a PCI SR-IOV capability.
    pub const CORE_DRV_RESFEAT_10: RequirementId = RequirementId(1825);
    /// §6.1: SR_IOV negotiation must be finished before VFs are enabled.
    pub const CORE_DRV_RESFEAT_11: RequirementId = RequirementId(1826);
    /// §6.1: After one successful negotiation VFs may be enabled again following resets.
    pub const CORE_DRV_RESFEAT_12: RequirementId = RequirementId(1827);
    /// §6.1: NOTIF_CONFIG_DATA should be accepted whenever offered.
    pub const CORE_DRV_RESFEAT_13: RequirementId = RequirementId(1828);
    /// §6.2: VERSION_1 must be offered.
    pub const CORE_DEV_RESFEAT_1: RequirementId = RequirementId(1829);
    /// §6.2: Device may refuse a driver that declines VERSION_1.
    pub const CORE_DEV_RESFEAT_2: RequirementId = RequirementId(1830);
    /// §6.2: ACCESS_PLATFORM should be offered when device DMA is translated or restricted.
    pub const CORE_DEV_RESFEAT_3: RequirementId = RequirementId(1831);
    /// §6.2: Device may refuse a driver that declines ACCESS_PLATFORM.
    pub const CORE_DEV_RESFEAT_4: RequirementId = RequirementId(1832);
    /// §6.2: IN_ORDER: buffers are used in the order they were made available.
    pub const CORE_DEV_RESFEAT_5: RequirementId = RequirementId(1833);
    /// §6.2: Device may refuse a driver that declines ORDER_PLATFORM.
    pub const CORE_DEV_RESFEAT_6: RequirementId = RequirementId(1834);
    /// §6.2: Device may run slower when ORDER_PLATFORM is declined.
    pub const CORE_DEV_RESFEAT_7: RequirementId = RequirementId(1835);
    /// §6.2: Add-in PCI cards are advised to offer ACCESS_PLATFORM and ORDER_PLATFORM.
    pub const CORE_DEV_RESFEAT_8: RequirementId = RequirementId(1836);
    /// §6.2: SR_IOV should be offered if the PCI SR-IOV capability is there.
    pub const CORE_DEV_RESFEAT_9: RequirementId = RequirementId(1837);
    /// §6.2: SR_IOV must not be offered without that capability.
    pub const CORE_DEV_RESFEAT_10: RequirementId = RequirementId(1838);
    /// §6.3: Legacy: NOTIFY_ON_EMPTY may be offered by a transitional device.
    pub const CORE_DEV_LEGRESFEAT_1: RequirementId = RequirementId(1839);
    /// §6.3: Legacy NOTIFY_ON_EMPTY: running out of available descriptors triggers a notification even when suppressed.
    pub const CORE_DEV_LEGRESFEAT_2: RequirementId = RequirementId(1840);
    /// §6.3: Legacy: transitional devices offer ANY_LAYOUT (the offer half).
    pub const CORE_DEV_LEGRESFEAT_3: RequirementId = RequirementId(1841);
    /// §6.3: Legacy: transitional drivers accept ANY_LAYOUT when offered (the accept half).
    pub const CORE_DRV_LEGRESFEAT_1: RequirementId = RequirementId(1842);
    /// §6.3: Legacy: bit 30 should stay un-negotiated.
    pub const CORE_ANY_LEGRESFEAT_1: RequirementId = RequirementId(1843);
}

/// The catalogue, in the order of the file.
pub static ALL: &[Requirement] = &[
    row("CORE-DRV-STATUS-1", "CORE", Side::Driver, Strength::Must, "2.1.1", "Status bits written by the driver must track which bring-up steps have been finished.", Observability::Direct, true),
    row("CORE-DRV-STATUS-2", "CORE", Side::Driver, Strength::MustNot, "2.1.1", "Once a status bit is set the driver may not write it back to zero (other than by a full reset).", Observability::Direct, true),
    row("CORE-DRV-STATUS-3", "CORE", Side::Driver, Strength::Must, "2.1.1", "After writing FAILED, a reset has to come before any new bring-up attempt.", Observability::Direct, true),
    row("CORE-DRV-STATUS-4", "CORE", Side::Driver, Strength::ShouldNot, "2.1.1", "With DEVICE_NEEDS_RESET raised, the driver should not count on outstanding work finishing.", Observability::None, true),
    row("CORE-DEV-STATUS-1", "CORE", Side::Device, Strength::MustNot, "2.1.2", "Before DRIVER_OK the device may neither take buffers nor raise used-buffer notifications.", Observability::Direct, true),
    row("CORE-DEV-STATUS-2", "CORE", Side::Device, Strength::Should, "2.1.2", "A device that hits an unrecoverable error should raise DEVICE_NEEDS_RESET.", Observability::Provoked, true),
    row("CORE-DEV-STATUS-3", "CORE", Side::Device, Strength::Must, "2.1.2", "Raising DEVICE_NEEDS_RESET while DRIVER_OK is set must be accompanied by a config-change notification.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-1", "CORE", Side::Driver, Strength::MustNot, "2.2.1", "Driver's accepted feature set must be a subset of the offered set.", Observability::Direct, true),
    row("CORE-DRV-FEAT-2", "CORE", Side::Driver, Strength::MustNot, "2.2.1", "Driver may not accept a feature whose prerequisite feature it did not also accept.", Observability::Direct, true),
    row("CORE-DRV-FEAT-3", "CORE", Side::Driver, Strength::Must, "2.2.1", "Driver has to sanity-check the feature bits the device offers.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-4", "CORE", Side::Driver, Strength::Must, "2.2.1", "Bits the driver is not allowed to accept are to be ignored rather than acted on.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-5", "CORE", Side::Driver, Strength::MustNot, "2.2.1", "Never accept a bit the spec does not define.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-6", "CORE", Side::Driver, Strength::MustNot, "2.2.1", "Never accept a bit the spec marks reserved.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-7", "CORE", Side::Driver, Strength::MustNot, "2.2.1", "Never accept a bit that the current transport does not support.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-8", "CORE", Side::Driver, Strength::MustNot, "2.2.1", "Never accept a bit that does not belong to this device type.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-9", "CORE", Side::Driver, Strength::Should, "2.2.1", "When a known feature is missing from the offer, fall back to running without it.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-10", "CORE", Side::Driver, Strength::Must, "2.2.1", "If no fallback exists for a missing feature, write FAILED and stop bring-up.", Observability::Provoked, true),
    row("CORE-DRV-FEAT-11", "CORE", Side::Driver, Strength::MustNot, "2.2.1", "An unknown offered feature alone is no reason for the driver to give up.", Observability::Provoked, true),
    row("CORE-DEV-FEAT-1", "CORE", Side::Device, Strength::MustNot, "2.2.2", "Every offered feature must come with its prerequisite features offered too.", Observability::Direct, true),
    row("CORE-DEV-FEAT-2", "CORE", Side::Device, Strength::Should, "2.2.2", "Any valid subset of the offer should be accepted by the device.", Observability::Direct, true),
    row("CORE-DEV-FEAT-3", "CORE", Side::Device, Strength::Must, "2.2.2", "When the device rejects the written subset it must leave FEATURES_OK clear.", Observability::Provoked, true),
    row("CORE-DEV-FEAT-4", "CORE", Side::Device, Strength::MustNot, "2.2.2", "Do not offer bits the device could not honour: undefined, reserved, wrong transport or wrong type.", Observability::Partial, true),
    row("CORE-DEV-FEAT-5", "CORE", Side::Device, Strength::ShouldNot, "2.2.2", "A feature set accepted once should be accepted again after a device or system reset.", Observability::Provoked, true),
    row("CORE-DRV-LEGFEAT-1", "CORE", Side::Driver, Strength::Must, "2.2.3", "Transitional driver recognises a legacy device by the missing VERSION_1 offer.", Observability::Provoked, false),
    row("CORE-DEV-LEGFEAT-1", "CORE", Side::Device, Strength::Must, "2.2.3", "Transitional device recognises a legacy driver by VERSION_1 not being acknowledged.", Observability::Provoked, false),
    row("CORE-ANY-LEGFEAT-1", "CORE", Side::Both, Strength::May, "2.2.3", "Supporting the legacy interface is a choice.", Observability::Permission, false),
    row("CORE-ANY-LEGFEAT-2", "CORE", Side::Both, Strength::Must, "2.2.3", "On the legacy interface, transitional parties follow the legacy sections.", Observability::Provoked, false),
    row("CORE-DEV-RESET-1", "CORE", Side::Device, Strength::Must, "2.4.1", "Status reads back as zero after a reset.", Observability::Direct, true),
    row("CORE-DEV-RESET-2", "CORE", Side::Device, Strength::MustNot, "2.4.1", "Between reset completion and the next bring-up: no notifications, no queue accesses.", Observability::Partial, true),
    row("CORE-DRV-RESET-1", "CORE", Side::Driver, Strength::Should, "2.4.2", "Driver treats its reset as done only once status reads zero.", Observability::Direct, true),
    row("CORE-DRV-CONFIG-1", "CORE", Side::Driver, Strength::MustNot, "2.5.1", "Driver may not rely on reads wider than 32 bits, or across several fields, being atomic.", Observability::Partial, true),
    row("CORE-DRV-CONFIG-2", "CORE", Side::Driver, Strength::Should, "2.5.1", "Config reads should be bracketed by equal generation counts, retrying on mismatch.", Observability::Direct, true),
    row("CORE-DRV-CONFIG-3", "CORE", Side::Driver, Strength::Must, "2.5.1", "Touch an optional config field only when its feature bit is offered.", Observability::Direct, true),
    row("CORE-DRV-CONFIG-4", "CORE", Side::Driver, Strength::MustNot, "2.5.1", "Driver may not insist on an exact or maximal config structure size.", Observability::Provoked, true),
    row("CORE-DRV-CONFIG-5", "CORE", Side::Driver, Strength::Should, "2.5.1", "Only a minimum config size should be checked.", Observability::Provoked, true),
    row("CORE-DEV-CONFIG-1", "CORE", Side::Device, Strength::Must, "2.5.2", "Config fields, including those gated by offered features, are readable before FEATURES_OK.", Observability::Direct, true),
    row("CORE-DRV-LEGCONFIG-1", "CORE", Side::Driver, Strength::Should, "2.5.4", "Legacy: without a generation count, re-read capacity/mac until two reads agree.", Observability::Partial, false),
    row("CORE-DEV-QRESET-1", "CORE", Side::Device, Strength::MustNot, "2.6.1.1.1", "No execution and no notifications for a queue that has been individually reset.", Observability::Direct, true),
    row("CORE-DEV-QRESET-2", "CORE", Side::Device, Strength::Must, "2.6.1.1.1", "A queue reset puts the queue back to default state, both available and used sides.", Observability::Direct, true),
    row("CORE-DRV-QRESET-1", "CORE", Side::Driver, Strength::Must, "2.6.1.1.2", "After asking for a queue reset the driver has to confirm it took effect.", Observability::Direct, true),
    row("CORE-DRV-QRESET-2", "CORE", Side::Driver, Strength::May, "2.6.1.1.2", "Queue resources may be freed once the reset is confirmed.", Observability::Permission, true),
    row("CORE-DEV-QREENABLE-1", "CORE", Side::Device, Strength::Must, "2.6.1.2.1", "On re-enable the device has to honour any changed queue settings, such as size.", Observability::Direct, true),
    row("CORE-DRV-QREENABLE-1", "CORE", Side::Driver, Strength::Must, "2.6.1.2.2", "Re-enabling a queue needs the full configuration again, though values may differ.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-LAYOUT-1", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.1", "Each of the three split-ring areas starts at its required alignment (16/2/4).", Observability::Direct, true),
    row("VQ-SPLIT-DRV-LEGLAYOUT-1", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.2", "Legacy: read the queue size from the device.", Observability::Direct, false),
    row("VQ-SPLIT-DEV-LEGLAYOUT-1", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.2", "Legacy: allocate exactly the bytes given by the legacy size formula.", Observability::Direct, false),
    row("VQ-SPLIT-ANY-LEGLAYOUT-1", "VQ-SPLIT", Side::Both, Strength::Must, "2.7.2", "Legacy: both sides use the fixed contiguous ring layout.", Observability::Direct, false),
    row("VQ-SPLIT-ANY-LEGENDIAN-1", "VQ-SPLIT", Side::Both, Strength::Must, "2.7.3", "Legacy: ring fields are in guest-native byte order.", Observability::Direct, false),
    row("VQ-SPLIT-DEV-FRAME-1", "VQ-SPLIT", Side::Device, Strength::MustNot, "2.7.4.1", "Device must cope with any split of a request over descriptors.", Observability::Provoked, true),
    row("VQ-SPLIT-DEV-FRAME-2", "VQ-SPLIT", Side::Device, Strength::May, "2.7.4.1", "A sane limit on chain length is permitted.", Observability::Permission, true),
    row("VQ-SPLIT-DRV-FRAME-1", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.4.2", "In a chain all device-readable elements come before the device-writable ones.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-FRAME-2", "VQ-SPLIT", Side::Driver, Strength::ShouldNot, "2.7.4.2", "Driver should keep the number of descriptors per buffer moderate.", Observability::Partial, true),
    row("VQ-SPLIT-DEV-DESC-1", "VQ-SPLIT", Side::Device, Strength::MustNot, "2.7.5.1", "Device must leave readable buffers unmodified.", Observability::Direct, true),
    row("VQ-SPLIT-DEV-DESC-2", "VQ-SPLIT", Side::Device, Strength::ShouldNot, "2.7.5.1", "Device should not read from writable buffers.", Observability::None, true),
    row("VQ-SPLIT-DEV-DESC-3", "VQ-SPLIT", Side::Device, Strength::May, "2.7.5.1", "Debug reads of writable buffers are tolerated.", Observability::Permission, true),
    row("VQ-SPLIT-DEV-DESC-4", "VQ-SPLIT", Side::Device, Strength::MustNot, "2.7.5.1", "Device never modifies the descriptor table.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-DESC-1", "VQ-SPLIT", Side::Driver, Strength::MustNot, "2.7.5.2", "A chain totals at most 2^32 bytes, hence no loops.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-DESC-2", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.5.2", "IN_ORDER: chained descriptors use consecutive table slots, wrapping from last to 0.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-INDIRECT-1", "VQ-SPLIT", Side::Driver, Strength::MustNot, "2.7.5.3.1", "INDIRECT flag only with VIRTIO_F_INDIRECT_DESC negotiated.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-INDIRECT-2", "VQ-SPLIT", Side::Driver, Strength::MustNot, "2.7.5.3.1", "No INDIRECT flag inside an indirect table.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-INDIRECT-3", "VQ-SPLIT", Side::Driver, Strength::MustNot, "2.7.5.3.1", "Chain length never exceeds the queue size.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-INDIRECT-4", "VQ-SPLIT", Side::Driver, Strength::MustNot, "2.7.5.3.1", "INDIRECT and NEXT are mutually exclusive on one descriptor.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-INDIRECT-5", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.5.3.1", "IN_ORDER: entries of an indirect table are linked sequentially from 0 upwards.", Observability::Direct, true),
    row("VQ-SPLIT-DEV-INDIRECT-1", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.5.3.2", "The WRITE flag on a descriptor pointing to an indirect table is disregarded.", Observability::Provoked, true),
    row("VQ-SPLIT-DEV-INDIRECT-2", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.5.3.2", "Direct descriptors followed by one final indirect descriptor must be handled.", Observability::Provoked, true),
    row("VQ-SPLIT-DRV-AVAIL-1", "VQ-SPLIT", Side::Driver, Strength::MustNot, "2.7.6.1", "Available idx never goes backwards.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-USEDNOTIF-1", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.7.1", "No EVENT_IDX: avail flags is 0 or 1.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-USEDNOTIF-2", "VQ-SPLIT", Side::Driver, Strength::May, "2.7.7.1", "No EVENT_IDX: setting avail flags to 1 asks the device to stay quiet.", Observability::Permission, true),
    row("VQ-SPLIT-DRV-USEDNOTIF-3", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.7.1", "EVENT_IDX: avail flags stays 0.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-USEDNOTIF-4", "VQ-SPLIT", Side::Driver, Strength::May, "2.7.7.1", "EVENT_IDX: used_event may postpone notifications up to a given used index.", Observability::Permission, true),
    row("VQ-SPLIT-DRV-USEDNOTIF-5", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.7.1", "Driver copes with notifications that announce nothing.", Observability::Provoked, true),
    row("VQ-SPLIT-DEV-USEDNOTIF-1", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.7.2", "No EVENT_IDX: used_event has no influence on the device.", Observability::Provoked, true),
    row("VQ-SPLIT-DEV-USEDNOTIF-2", "VQ-SPLIT", Side::Device, Strength::ShouldNot, "2.7.7.2", "No EVENT_IDX: after a used entry, flags=1 should keep the device silent.", Observability::Partial, true),
    row("VQ-SPLIT-DEV-USEDNOTIF-3", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.7.2", "No EVENT_IDX: after a used entry, flags=0 obliges the device to notify.", Observability::Partial, true),
    row("VQ-SPLIT-DEV-USEDNOTIF-4", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.7.2", "EVENT_IDX: bit 0 of avail flags has no influence on the device.", Observability::Provoked, true),
    row("VQ-SPLIT-DEV-USEDNOTIF-5", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.7.2", "EVENT_IDX: device notifies when the used slot just filled equals used_event.", Observability::Direct, true),
    row("VQ-SPLIT-DEV-USEDNOTIF-6", "VQ-SPLIT", Side::Device, Strength::ShouldNot, "2.7.7.2", "EVENT_IDX: otherwise the device should not notify.", Observability::Partial, true),
    row("VQ-SPLIT-DEV-USED-1", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.8.2", "Used-element len is stored before used idx moves.", Observability::Partial, true),
    row("VQ-SPLIT-DEV-USED-2", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.8.2", "At least len bytes are present in the writable buffers before used idx moves.", Observability::Partial, true),
    row("VQ-SPLIT-DEV-USED-3", "VQ-SPLIT", Side::Device, Strength::May, "2.7.8.2", "More than len bytes may have been written.", Observability::Permission, true),
    row("VQ-SPLIT-DRV-USED-1", "VQ-SPLIT", Side::Driver, Strength::MustNot, "2.7.8.3", "Driver may not rely on writable-buffer contents past the reported len.", Observability::Provoked, true),
    row("VQ-SPLIT-DRV-USED-2", "VQ-SPLIT", Side::Driver, Strength::Should, "2.7.8.3", "Driver should disregard contents past the reported len.", Observability::None, true),
    row("VQ-SPLIT-DRV-AVAILNOTIF-1", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.10.1", "Driver zeroes used-ring flags when it allocates the ring.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-AVAILNOTIF-2", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.10.1", "No EVENT_IDX: avail_event has no influence on the driver.", Observability::Provoked, true),
    row("VQ-SPLIT-DRV-AVAILNOTIF-3", "VQ-SPLIT", Side::Driver, Strength::ShouldNot, "2.7.10.1", "No EVENT_IDX: used flags=1 should keep the driver from kicking.", Observability::Partial, true),
    row("VQ-SPLIT-DRV-AVAILNOTIF-4", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.10.1", "No EVENT_IDX: used flags=0 obliges a kick after publishing an entry.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-AVAILNOTIF-5", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.10.1", "EVENT_IDX: bit 0 of used flags has no influence on the driver.", Observability::Provoked, true),
    row("VQ-SPLIT-DRV-AVAILNOTIF-6", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.10.1", "EVENT_IDX: driver kicks when the avail slot just filled equals avail_event.", Observability::Direct, true),
    row("VQ-SPLIT-DRV-AVAILNOTIF-7", "VQ-SPLIT", Side::Driver, Strength::ShouldNot, "2.7.10.1", "EVENT_IDX: otherwise the driver should not kick.", Observability::Partial, true),
    row("VQ-SPLIT-DEV-AVAILNOTIF-1", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.10.2", "No EVENT_IDX: used flags is 0 or 1.", Observability::Direct, true),
    row("VQ-SPLIT-DEV-AVAILNOTIF-2", "VQ-SPLIT", Side::Device, Strength::May, "2.7.10.2", "No EVENT_IDX: device may set flags to 1 to ask for no kicks.", Observability::Permission, true),
    row("VQ-SPLIT-DEV-AVAILNOTIF-3", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.10.2", "EVENT_IDX: used flags stays 0.", Observability::Direct, true),
    row("VQ-SPLIT-DEV-AVAILNOTIF-4", "VQ-SPLIT", Side::Device, Strength::May, "2.7.10.2", "EVENT_IDX: avail_event may postpone kicks up to a given avail index.", Observability::Permission, true),
    row("VQ-SPLIT-DEV-AVAILNOTIF-5", "VQ-SPLIT", Side::Device, Strength::Must, "2.7.10.2", "Device copes with kicks that announce nothing.", Observability::Provoked, true),
    row("VQ-SPLIT-DRV-TXTSUPPLY-1", "VQ-SPLIT", Side::Driver, Strength::May, "2.7.13", "Several chains may be filled and published in one batch.", Observability::Permission, true),
    row("VQ-SPLIT-DRV-TXTSUPPLY-2", "VQ-SPLIT", Side::Driver, Strength::May, "2.7.13.2", "Simple drivers may publish one entry at a time.", Observability::Permission, true),
    row("VQ-SPLIT-DRV-TXTSUPPLY-3", "VQ-SPLIT", Side::Driver, Strength::May, "2.7.13.2", "Several chains may be added before a single idx update.", Observability::Permission, true),
    row("VQ-SPLIT-DEV-TXTIDX-1", "VQ-SPLIT", Side::Device, Strength::May, "2.7.13.3", "The device may start on a chain as soon as idx covers it.", Observability::Permission, true),
    row("VQ-SPLIT-DRV-IDX-1", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.13.3.1", "A barrier separates ring writes from the avail idx store.", Observability::Partial, true),
    row("VQ-SPLIT-DEV-TXTKICK-1", "VQ-SPLIT", Side::Device, Strength::May, "2.7.13.4", "The device may suppress kicks it has no use for.", Observability::Permission, true),
    row("VQ-SPLIT-DRV-KICK-1", "VQ-SPLIT", Side::Driver, Strength::Must, "2.7.13.4.1", "A barrier separates the avail idx store from reading used flags / avail_event.", Observability::Partial, true),
    row("VQ-PACKED-DRV-LAYOUT-1", "VQ-PACKED", Side::Driver, Strength::Must, "2.8.11", "Each packed-ring area starts at its required alignment (16/4/4).", Observability::Direct, true),
    row("VQ-PACKED-DEV-ORDER-1", "VQ-PACKED", Side::Device, Strength::Must, "2.8.12", "Descriptors are picked up by the device in ring order.", Observability::Partial, true),
    row("VQ-PACKED-DEV-ORDER-2", "VQ-PACKED", Side::Device, Strength::Must, "2.8.12", "Used descriptors go into the ring in completion order.", Observability::Direct, true),
    row("VQ-PACKED-DEV-ORDER-3", "VQ-PACKED", Side::Device, Strength::May, "2.8.12", "Once begun, used-descriptor writes may be reordered.", Observability::Permission, true),
    row("VQ-PACKED-DEV-DESC-1", "VQ-PACKED", Side::Device, Strength::MustNot, "2.8.15", "Packed: device must leave readable buffers unmodified.", Observability::Direct, true),
    row("VQ-PACKED-DEV-DESC-2", "VQ-PACKED", Side::Device, Strength::ShouldNot, "2.8.15", "Packed: device should not read writable buffers.", Observability::None, true),
    row("VQ-PACKED-DEV-DESC-3", "VQ-PACKED", Side::Device, Strength::MustNot, "2.8.15", "Device acts on a slot only after seeing its AVAIL bit flip.", Observability::Provoked, true),
    row("VQ-PACKED-DEV-DESC-4", "VQ-PACKED", Side::Device, Strength::MustNot, "2.8.15", "A slot already marked used is not touched again by the device.", Observability::Direct, true),
    row("VQ-PACKED-DRV-DESC-1", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.16", "Driver rewrites a slot only after its USED bit flipped.", Observability::Direct, true),
    row("VQ-PACKED-DRV-DESC-2", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.16", "Driver leaves a slot alone once it flipped AVAIL.", Observability::Direct, true),
    row("VQ-PACKED-DRV-DESC-3", "VQ-PACKED", Side::Driver, Strength::Must, "2.8.16", "Kick data must point at the next not-yet-published slot and its wrap bit.", Observability::Direct, true),
    row("VQ-PACKED-DRV-DESC-4", "VQ-PACKED", Side::Driver, Strength::May, "2.8.16", "Redundant kicks are permitted.", Observability::Permission, true),
    row("VQ-PACKED-DRV-SG-1", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.17", "List length stays within the device's stated limit.", Observability::Provoked, true),
    row("VQ-PACKED-DRV-SG-2", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.17", "List length never exceeds the ring size.", Observability::Direct, true),
    row("VQ-PACKED-DRV-SG-3", "VQ-PACKED", Side::Driver, Strength::Must, "2.8.17", "Packed: readable elements come before writable ones.", Observability::Direct, true),
    row("VQ-PACKED-DRV-SG-4", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.17", "Driver may not expect the device to use up further descriptors in order to complete a list.", Observability::None, true),
    row("VQ-PACKED-DRV-SG-5", "VQ-PACKED", Side::Driver, Strength::Must, "2.8.17", "There is room for the whole list before its head is published.", Observability::Direct, true),
    row("VQ-PACKED-DRV-SG-6", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.17", "The head of a list is published last.", Observability::Direct, true),
    row("VQ-PACKED-DEV-SG-1", "VQ-PACKED", Side::Device, Strength::Must, "2.8.18", "Descriptors of a NEXT-linked list are used in the order published.", Observability::Direct, true),
    row("VQ-PACKED-DEV-SG-2", "VQ-PACKED", Side::Device, Strength::May, "2.8.18", "A limit on buffers per list is permitted.", Observability::Permission, true),
    row("VQ-PACKED-DRV-INDIRECT-1", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.19", "Packed: INDIRECT flag only with VIRTIO_F_INDIRECT_DESC negotiated.", Observability::Direct, true),
    row("VQ-PACKED-DRV-INDIRECT-2", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.19", "Packed: WRITE is the only flag permitted inside an indirect table.", Observability::Direct, true),
    row("VQ-PACKED-DRV-INDIRECT-3", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.19", "Packed: indirect chain length stays within the device's limit.", Observability::Provoked, true),
    row("VQ-PACKED-DRV-INDIRECT-4", "VQ-PACKED", Side::Driver, Strength::MustNot, "2.8.19", "Packed: INDIRECT descriptors are not mixed into a NEXT-linked list.", Observability::Direct, true),
    row("VQ-PACKED-DRV-TXTFLAGS-1", "VQ-PACKED", Side::Driver, Strength::May, "2.8.21.1", "One request may use a batch of descriptors.", Observability::Permission, true),
    row("VQ-PACKED-DEV-TXTFLAGS-1", "VQ-PACKED", Side::Device, Strength::May, "2.8.21.1", "The device may use a published slot and its successors at once.", Observability::Permission, true),
    row("VQ-PACKED-DRV-FLAGS-1", "VQ-PACKED", Side::Driver, Strength::Must, "2.8.21.1.1", "A barrier separates slot contents from the flags store.", Observability::Partial, true),
    row("VQ-PACKED-DEV-TXTKICK-1", "VQ-PACKED", Side::Device, Strength::May, "2.8.21.2", "Kick suppression through the event structure is permitted.", Observability::Permission, true),
    row("VQ-PACKED-DRV-KICK-1", "VQ-PACKED", Side::Driver, Strength::Must, "2.8.21.3.1", "A barrier precedes reading the device event-suppression area.", Observability::Partial, true),
    row("CORE-DEV-SHM-1", "CORE", Side::Device, Strength::MustNot, "2.10.2", "Shared memory regions are for neither device control nor data streaming.", Observability::None, true),
    row("CORE-DEV-TXTEXPORT-1", "CORE", Side::Device, Strength::Should, "2.11", "UUIDs made for exported objects are best version 4.", Observability::None, false),
    row("ADMIN-DEV-GROUP-1", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-2", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-3", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-4", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-5", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-6", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-7", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-8", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-9", "ADMIN", Side::Device, Strength::Should, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-10", "ADMIN", Side::Device, Strength::Should, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-11", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-12", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-13", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-14", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-15", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-16", "ADMIN", Side::Device, Strength::May, "2.12.1.1.6", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-17", "ADMIN", Side::Device, Strength::Must, "2.12.1.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-1", "ADMIN", Side::Driver, Strength::Must, "2.12.1.1.7", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-2", "ADMIN", Side::Driver, Strength::Should, "2.12.1.1.7", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-3", "ADMIN", Side::Driver, Strength::Should, "2.12.1.1.7", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-4", "ADMIN", Side::Driver, Strength::Should, "2.12.1.1.7", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-5", "ADMIN", Side::Driver, Strength::Must, "2.12.1.1.7", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-6", "ADMIN", Side::Driver, Strength::Must, "2.12.1.1.7", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-7", "ADMIN", Side::Driver, Strength::Must, "2.12.1.1.7", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-18", "ADMIN", Side::Device, Strength::Must, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-19", "ADMIN", Side::Device, Strength::Must, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-20", "ADMIN", Side::Device, Strength::Must, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-21", "ADMIN", Side::Device, Strength::May, "2.12.1.2.4", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-22", "ADMIN", Side::Device, Strength::Must, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-23", "ADMIN", Side::Device, Strength::Should, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-24", "ADMIN", Side::Device, Strength::Should, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-25", "ADMIN", Side::Device, Strength::Should, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-26", "ADMIN", Side::Device, Strength::Must, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-27", "ADMIN", Side::Device, Strength::Should, "2.12.1.2.4", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-8", "ADMIN", Side::Driver, Strength::Must, "2.12.1.2.5", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-9", "ADMIN", Side::Driver, Strength::MustNot, "2.12.1.2.5", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-10", "ADMIN", Side::Driver, Strength::MustNot, "2.12.1.2.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-28", "ADMIN", Side::Device, Strength::Should, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-29", "ADMIN", Side::Device, Strength::Should, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-30", "ADMIN", Side::Device, Strength::Should, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-31", "ADMIN", Side::Device, Strength::Should, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-32", "ADMIN", Side::Device, Strength::Must, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-33", "ADMIN", Side::Device, Strength::Should, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-34", "ADMIN", Side::Device, Strength::May, "2.12.1.3.5", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-35", "ADMIN", Side::Device, Strength::May, "2.12.1.3.5", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-36", "ADMIN", Side::Device, Strength::Should, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-37", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-38", "ADMIN", Side::Device, Strength::Must, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-39", "ADMIN", Side::Device, Strength::Must, "2.12.1.3.5", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-11", "ADMIN", Side::Driver, Strength::MustNot, "2.12.1.3.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-12", "ADMIN", Side::Driver, Strength::MustNot, "2.12.1.3.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-13", "ADMIN", Side::Driver, Strength::ShouldNot, "2.12.1.3.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-14", "ADMIN", Side::Driver, Strength::ShouldNot, "2.12.1.3.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-15", "ADMIN", Side::Driver, Strength::Should, "2.12.1.3.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-16", "ADMIN", Side::Driver, Strength::MustNot, "2.12.1.3.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-17", "ADMIN", Side::Driver, Strength::Must, "2.12.1.3.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-40", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-41", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-42", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-43", "ADMIN", Side::Device, Strength::Should, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-44", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-45", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-46", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-47", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-48", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-49", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-50", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-51", "ADMIN", Side::Device, Strength::May, "2.12.1.4.4.1", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-52", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-53", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-54", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-55", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-56", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-57", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-58", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-59", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-60", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-61", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-62", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-63", "ADMIN", Side::Device, Strength::May, "2.12.1.4.4.1", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-64", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-65", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-66", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-67", "ADMIN", Side::Device, Strength::Must, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-68", "ADMIN", Side::Device, Strength::Should, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-69", "ADMIN", Side::Device, Strength::ShouldNot, "2.12.1.4.4.1", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-18", "ADMIN", Side::Driver, Strength::Must, "2.12.1.4.4.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-19", "ADMIN", Side::Driver, Strength::Must, "2.12.1.4.4.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-20", "ADMIN", Side::Driver, Strength::ShouldNot, "2.12.1.4.4.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-21", "ADMIN", Side::Driver, Strength::Should, "2.12.1.4.4.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-22", "ADMIN", Side::Driver, Strength::Should, "2.12.1.4.4.2", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-70", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-71", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-72", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-73", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-74", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-75", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-76", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-77", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-78", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-79", "ADMIN", Side::Device, Strength::ShouldNot, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-80", "ADMIN", Side::Device, Strength::May, "2.12.1.5", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-81", "ADMIN", Side::Device, Strength::May, "2.12.1.5", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-82", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-83", "ADMIN", Side::Device, Strength::May, "2.12.1.5", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-84", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-85", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-86", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-87", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-88", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-89", "ADMIN", Side::Device, Strength::May, "2.12.1.5", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-90", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-91", "ADMIN", Side::Device, Strength::Should, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-92", "ADMIN", Side::Device, Strength::MustNot, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-93", "ADMIN", Side::Device, Strength::May, "2.12.1.5", "", Observability::Permission, false),
    row("ADMIN-DEV-GROUP-94", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DEV-GROUP-95", "ADMIN", Side::Device, Strength::Must, "2.12.1.5", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-23", "ADMIN", Side::Driver, Strength::May, "2.12.1.6", "", Observability::Permission, false),
    row("ADMIN-DRV-GROUP-24", "ADMIN", Side::Driver, Strength::Must, "2.12.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-25", "ADMIN", Side::Driver, Strength::May, "2.12.1.6", "", Observability::Permission, false),
    row("ADMIN-DRV-GROUP-26", "ADMIN", Side::Driver, Strength::MustNot, "2.12.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-27", "ADMIN", Side::Driver, Strength::ShouldNot, "2.12.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-28", "ADMIN", Side::Driver, Strength::MustNot, "2.12.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-29", "ADMIN", Side::Driver, Strength::MustNot, "2.12.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-30", "ADMIN", Side::Driver, Strength::May, "2.12.1.6", "", Observability::Permission, false),
    row("ADMIN-DRV-GROUP-31", "ADMIN", Side::Driver, Strength::Must, "2.12.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-32", "ADMIN", Side::Driver, Strength::Must, "2.12.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DRV-GROUP-33", "ADMIN", Side::Driver, Strength::Must, "2.12.1.6", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-1", "ADMIN", Side::Device, Strength::Must, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-2", "ADMIN", Side::Device, Strength::Must, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-3", "ADMIN", Side::Device, Strength::Must, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-4", "ADMIN", Side::Device, Strength::Must, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-5", "ADMIN", Side::Device, Strength::Should, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-6", "ADMIN", Side::Device, Strength::MustNot, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-7", "ADMIN", Side::Device, Strength::Must, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-8", "ADMIN", Side::Device, Strength::Must, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-9", "ADMIN", Side::Device, Strength::Must, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DEV-VQ-10", "ADMIN", Side::Device, Strength::May, "2.13.1", "", Observability::Permission, false),
    row("ADMIN-DEV-VQ-11", "ADMIN", Side::Device, Strength::MustNot, "2.13.1", "", Observability::Unclassified, false),
    row("ADMIN-DRV-VQ-1", "ADMIN", Side::Driver, Strength::May, "2.13.2", "", Observability::Permission, false),
    row("ADMIN-DRV-VQ-2", "ADMIN", Side::Driver, Strength::Should, "2.13.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-VQ-3", "ADMIN", Side::Driver, Strength::Must, "2.13.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-VQ-4", "ADMIN", Side::Driver, Strength::Must, "2.13.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-VQ-5", "ADMIN", Side::Driver, Strength::May, "2.13.2", "", Observability::Permission, false),
    row("ADMIN-DRV-VQ-6", "ADMIN", Side::Driver, Strength::MustNot, "2.13.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-VQ-7", "ADMIN", Side::Driver, Strength::Must, "2.13.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-VQ-8", "ADMIN", Side::Driver, Strength::Must, "2.13.2", "", Observability::Unclassified, false),
    row("ADMIN-DRV-VQ-9", "ADMIN", Side::Driver, Strength::Should, "2.13.2", "", Observability::Unclassified, false),
    row("INIT-DRV-SEQ-1", "INIT", Side::Driver, Strength::Must, "3.1.1", "Bring-up step 1: reset.", Observability::Direct, true),
    row("INIT-DRV-SEQ-2", "INIT", Side::Driver, Strength::Must, "3.1.1", "Bring-up step 2: set ACKNOWLEDGE.", Observability::Direct, true),
    row("INIT-DRV-SEQ-3", "INIT", Side::Driver, Strength::Must, "3.1.1", "Bring-up step 3: set DRIVER.", Observability::Direct, true),
    row("INIT-DRV-SEQ-4", "INIT", Side::Driver, Strength::Must, "3.1.1", "Bring-up step 4: read the offer, write back a supported subset.", Observability::Direct, true),
    row("INIT-DRV-SEQ-5", "INIT", Side::Driver, Strength::May, "3.1.1", "Config reads are fine during feature negotiation.", Observability::Permission, true),
    row("INIT-DRV-SEQ-6", "INIT", Side::Driver, Strength::MustNot, "3.1.1", "No config writes during feature negotiation.", Observability::Direct, true),
    row("INIT-DRV-SEQ-7", "INIT", Side::Driver, Strength::Must, "3.1.1", "Bring-up step 5: set FEATURES_OK.", Observability::Direct, true),
    row("INIT-DRV-SEQ-8", "INIT", Side::Driver, Strength::MustNot, "3.1.1", "Feature set is frozen after FEATURES_OK.", Observability::Direct, true),
    row("INIT-DRV-SEQ-9", "INIT", Side::Driver, Strength::Must, "3.1.1", "Bring-up step 6: read status back and stop if FEATURES_OK did not stick.", Observability::Direct, true),
    row("INIT-DRV-SEQ-10", "INIT", Side::Driver, Strength::Must, "3.1.1", "Bring-up step 7: device-specific setup and queue configuration.", Observability::Direct, true),
    row("INIT-DRV-SEQ-11", "INIT", Side::Driver, Strength::Must, "3.1.1", "Bring-up step 8: set DRIVER_OK last.", Observability::Direct, true),
    row("INIT-DRV-SEQ-12", "INIT", Side::Driver, Strength::Should, "3.1.1", "An unrecoverable bring-up error should be reported by setting FAILED.", Observability::Provoked, true),
    row("INIT-DRV-SEQ-13", "INIT", Side::Driver, Strength::MustNot, "3.1.1", "No further bring-up steps after such an error.", Observability::Provoked, true),
    row("INIT-DRV-SEQ-14", "INIT", Side::Driver, Strength::MustNot, "3.1.1", "No kicks before DRIVER_OK.", Observability::Direct, true),
    row("INIT-DRV-LEGSEQ-1", "INIT", Side::Driver, Strength::Must, "3.1.2", "Legacy: same sequence without the FEATURES_OK steps.", Observability::Direct, false),
    row("INIT-DEV-LEGSEQ-1", "INIT", Side::Device, Strength::Must, "3.1.2", "Legacy: config writes before feature negotiation must work.", Observability::Provoked, false),
    row("INIT-DEV-LEGSEQ-2", "INIT", Side::Device, Strength::Must, "3.1.2", "Legacy: use before DRIVER_OK must work.", Observability::Provoked, false),
    row("INIT-DRV-CLEANUP-1", "INIT", Side::Driver, Strength::MustNot, "3.3.1", "Descriptors of outstanding buffers on a live queue are left untouched.", Observability::Direct, true),
    row("INIT-DRV-CLEANUP-2", "INIT", Side::Driver, Strength::Must, "3.3.1", "Reset (device or queue) comes before withdrawing outstanding buffers.", Observability::Direct, true),
    row("CORE-DRV-SUSPEND-1", "CORE", Side::Driver, Strength::ShouldNot, "3.4.1", "SUSPEND should be set only with DRIVER_OK on and VIRTIO_F_SUSPEND negotiated.", Observability::Direct, true),
    row("CORE-DRV-SUSPEND-2", "CORE", Side::Driver, Strength::Must, "3.4.1", "After setting SUSPEND, re-read status until SUSPEND=1 and DRIVER_OK=0.", Observability::Direct, true),
    row("CORE-DRV-SUSPEND-3", "CORE", Side::Driver, Strength::MustNot, "3.4.1", "No new buffers are published once SUSPEND is set.", Observability::Direct, true),
    row("CORE-DRV-SUSPEND-4", "CORE", Side::Driver, Strength::MustNot, "3.4.1", "No kicks once SUSPEND is set.", Observability::Direct, true),
    row("CORE-DRV-SUSPEND-5", "CORE", Side::Driver, Strength::MustNot, "3.4.1", "No config changes once SUSPEND is set, status aside.", Observability::Direct, true),
    row("CORE-DRV-SUSPEND-6", "CORE", Side::Driver, Strength::Must, "3.4.1", "Resume: wait for SUSPEND=0 and DRIVER_OK=1 before normal work.", Observability::Direct, true),
    row("CORE-DEV-SUSPEND-1", "CORE", Side::Device, Strength::Must, "3.4.2", "SUSPEND writes before bring-up is complete have no effect.", Observability::Provoked, true),
    row("CORE-DEV-SUSPEND-2", "CORE", Side::Device, Strength::Should, "3.4.2", "Config writes while suspended should have no effect, status aside.", Observability::Provoked, true),
    row("CORE-DEV-SUSPEND-3", "CORE", Side::Device, Strength::MustNot, "3.4.2", "While suspended: no queue notifications, no queue access, no config field changes.", Observability::Direct, true),
    row("CORE-DEV-SUSPEND-4", "CORE", Side::Device, Strength::MustNot, "3.4.2", "Config-change notifications are held back while suspended.", Observability::Provoked, true),
    row("CORE-DEV-SUSPEND-5", "CORE", Side::Device, Strength::Must, "3.4.2", "Held-back config-change notification is delivered at resume.", Observability::Provoked, true),
    row("CORE-DEV-SUSPEND-6", "CORE", Side::Device, Strength::Must, "3.4.2", "A suspend request ends in suspension or in DEVICE_NEEDS_RESET.", Observability::Direct, true),
    row("CORE-DEV-SUSPEND-7", "CORE", Side::Device, Strength::Must, "3.4.2", "A resume request ends in normal running or in DEVICE_NEEDS_RESET.", Observability::Direct, true),
    row("CORE-DEV-SUSPEND-8", "CORE", Side::Device, Strength::Should, "3.4.2", "Before reporting suspended, the device should stop taking buffers.", Observability::Partial, true),
    row("CORE-DEV-SUSPEND-9", "CORE", Side::Device, Strength::Should, "3.4.2", "Before reporting suspended, buffers in progress should be finished and used.", Observability::Direct, true),
    row("CORE-DEV-SUSPEND-10", "CORE", Side::Device, Strength::Should, "3.4.2", "Before reporting suspended, outstanding used-buffer notifications should be sent.", Observability::Direct, true),
    row("PCI-DEV-BUS-1", "PCI", Side::Device, Strength::Must, "4.1.1", "The function presents a PCI/PCI-X/PCIe compliant interface to the guest.", Observability::Direct, true),
    row("PCI-DEV-TXTDISCOVERY-1", "PCI", Side::Device, Strength::May, "4.1.2", "Transitional PCI device IDs 0x1000-0x103f may be used.", Observability::Permission, true),
    row("PCI-DEV-DISCOVERY-1", "PCI", Side::Device, Strength::Must, "4.1.2.1", "PCI vendor ID is 0x1af4.", Observability::Direct, false),
    row("PCI-DEV-DISCOVERY-2", "PCI", Side::Device, Strength::Must, "4.1.2.1", "PCI device ID is 0x1040 + virtio type, or the type's transitional ID.", Observability::Direct, true),
    row("PCI-DEV-DISCOVERY-3", "PCI", Side::Device, Strength::May, "4.1.2.1", "Subsystem IDs may carry environment information.", Observability::Permission, true),
    row("PCI-DEV-DISCOVERY-4", "PCI", Side::Device, Strength::Should, "4.1.2.1", "Non-transitional: device ID should lie in 0x1040-0x107f.", Observability::Direct, true),
    row("PCI-DEV-DISCOVERY-5", "PCI", Side::Device, Strength::Should, "4.1.2.1", "Non-transitional: revision should be at least 1.", Observability::Direct, true),
    row("PCI-DEV-DISCOVERY-6", "PCI", Side::Device, Strength::Should, "4.1.2.1", "Non-transitional: subsystem device ID should be at least 0x40.", Observability::Direct, true),
    row("PCI-DRV-DISCOVERY-1", "PCI", Side::Driver, Strength::Must, "4.1.2.2", "Driver binds to 0x1af4 with device ID 0x1040 + type.", Observability::Provoked, true),
    row("PCI-DRV-DISCOVERY-2", "PCI", Side::Driver, Strength::Must, "4.1.2.2", "Driver also binds to the transitional ID where the type has one.", Observability::Provoked, true),
    row("PCI-DRV-DISCOVERY-3", "PCI", Side::Driver, Strength::Must, "4.1.2.2", "Driver binds whatever the revision ID.", Observability::Provoked, true),
    row("PCI-DRV-DISCOVERY-4", "PCI", Side::Driver, Strength::May, "4.1.2.2", "Subsystem IDs need not be examined.", Observability::Permission, true),
    row("PCI-DEV-LEGDISCOVERY-1", "PCI", Side::Device, Strength::Must, "4.1.2.3", "Transitional devices report revision 0.", Observability::Direct, false),
    row("PCI-DEV-LEGDISCOVERY-2", "PCI", Side::Device, Strength::Must, "4.1.2.3", "Transitional devices put the virtio type in the subsystem device ID.", Observability::Direct, false),
    row("PCI-DEV-LEGDISCOVERY-3", "PCI", Side::Device, Strength::Must, "4.1.2.3", "Transitional devices use a device ID in 0x1000-0x103f.", Observability::Direct, false),
    row("PCI-DRV-LAYOUT-1", "PCI", Side::Driver, Strength::Must, "4.1.3.1", "Config accesses use the field's natural width and alignment, 32 bits for 64-bit fields.", Observability::Direct, true),
    row("PCI-DRV-LAYOUT-2", "PCI", Side::Driver, Strength::May, "4.1.3.1", "Halves of a 64-bit field may be accessed separately.", Observability::Permission, true),
    row("PCI-DEV-LAYOUT-1", "PCI", Side::Device, Strength::Must, "4.1.3.2", "The device permits separate access to both halves of a 64-bit field.", Observability::Direct, true),
    row("PCI-DEV-TXTCAP-1", "PCI", Side::Device, Strength::May, "4.1.4", "cap_len may cover padding or fields the driver does not use.", Observability::Permission, true),
    row("PCI-DEV-TXTCAP-2", "PCI", Side::Device, Strength::May, "4.1.4", "Several structures of one type may be offered.", Observability::Permission, true),
    row("PCI-DEV-TXTCAP-3", "PCI", Side::Device, Strength::May, "4.1.4", "Structure length may cover padding or future fields.", Observability::Permission, true),
    row("PCI-DRV-CAP-1", "PCI", Side::Driver, Strength::Must, "4.1.4.1", "Virtio capabilities with a reserved cfg_type are skipped.", Observability::Provoked, true),
    row("PCI-DRV-CAP-2", "PCI", Side::Driver, Strength::Should, "4.1.4.1", "The first usable instance of each structure type should be chosen.", Observability::Provoked, true),
    row("PCI-DRV-CAP-3", "PCI", Side::Driver, Strength::Must, "4.1.4.1", "Oversized cap_len is accepted.", Observability::Provoked, true),
    row("PCI-DRV-CAP-4", "PCI", Side::Driver, Strength::Must, "4.1.4.1", "Virtio capabilities with a reserved BAR number are skipped.", Observability::Provoked, true),
    row("PCI-DRV-CAP-5", "PCI", Side::Driver, Strength::Should, "4.1.4.1", "Only the needed part of a structure should be mapped.", Observability::None, true),
    row("PCI-DRV-CAP-6", "PCI", Side::Driver, Strength::Must, "4.1.4.1", "Oversized length is accepted.", Observability::Provoked, true),
    row("PCI-DRV-CAP-7", "PCI", Side::Driver, Strength::May, "4.1.4.1", "A check that length is sufficient is permitted.", Observability::Permission, true),
    row("PCI-DRV-CAP-8", "PCI", Side::Driver, Strength::MustNot, "4.1.4.1", "Capability structures are read-only for the driver, apart from the PCI_CFG one.", Observability::Direct, true),
    row("PCI-DEV-CAP-1", "PCI", Side::Device, Strength::Must, "4.1.4.2", "cap_len counts any additional bytes of the capability.", Observability::Direct, true),
    row("PCI-DEV-CAP-2", "PCI", Side::Device, Strength::May, "4.1.4.2", "More bytes may follow a structure.", Observability::Permission, true),
    row("PCI-DEV-CAP-3", "PCI", Side::Device, Strength::Should, "4.1.4.2", "Multiple instances should be sorted best first.", Observability::None, true),
    row("PCI-DEV-COMMON-1", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "Common-config structure offset is 4-byte aligned.", Observability::Direct, true),
    row("PCI-DEV-COMMON-2", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "A common-config capability exists.", Observability::Direct, true),
    row("PCI-DEV-COMMON-3", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "device_feature shows the 32-bit window chosen by device_feature_select.", Observability::Direct, true),
    row("PCI-DEV-COMMON-4", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "driver_feature reads back valid accepted bits for the chosen window.", Observability::Direct, true),
    row("PCI-DEV-COMMON-5", "PCI", Side::Device, Strength::May, "4.1.4.3.1", "Invalid written bits may read back.", Observability::Permission, true),
    row("PCI-DEV-COMMON-6", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "config_generation changes once a changed config value has been read since the last read.", Observability::Provoked, true),
    row("PCI-DEV-COMMON-7", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "Writing status 0 resets the device and reads as 0 when finished.", Observability::Direct, true),
    row("PCI-DEV-COMMON-8", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "queue_enable is 0 after reset.", Observability::Direct, true),
    row("PCI-DEV-COMMON-9", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "RING_RESET: queue_reset is 0 after device reset.", Observability::Direct, true),
    row("PCI-DEV-COMMON-10", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "RING_RESET: queue_reset is 0 after the queue is enabled.", Observability::Direct, true),
    row("PCI-DEV-COMMON-11", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "Writing queue_reset=1 resets that queue.", Observability::Direct, true),
    row("PCI-DEV-COMMON-12", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "queue_reset stays 1 for as long as the queue reset takes.", Observability::Partial, true),
    row("PCI-DEV-COMMON-13", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "queue_reset and queue_enable both read 0 once the queue reset is finished.", Observability::Direct, true),
    row("PCI-DEV-COMMON-14", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "queue_size reads 0 for a queue that does not exist.", Observability::Direct, true),
    row("PCI-DEV-COMMON-15", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "Split rings: queue_size is zero or a power of two.", Observability::Direct, true),
    row("PCI-DEV-COMMON-16", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "Admin queue indices start at or above num_queues.", Observability::Direct, false),
    row("PCI-DEV-COMMON-17", "PCI", Side::Device, Strength::Must, "4.1.4.3.1", "Admin queue indices fit within 16 bits.", Observability::Direct, false),
    row("PCI-DRV-COMMON-1", "PCI", Side::Driver, Strength::MustNot, "4.1.4.3.2", "Driver does not write the read-only common-config fields.", Observability::Direct, true),
    row("PCI-DRV-COMMON-2", "PCI", Side::Driver, Strength::MustNot, "4.1.4.3.2", "Packed: queue_size 0 is not written.", Observability::Direct, true),
    row("PCI-DRV-COMMON-3", "PCI", Side::Driver, Strength::MustNot, "4.1.4.3.2", "Split: only power-of-two queue sizes are written.", Observability::Direct, true),
    row("PCI-DRV-COMMON-4", "PCI", Side::Driver, Strength::Must, "4.1.4.3.2", "All queue settings precede queue_enable.", Observability::Direct, true),
    row("PCI-DRV-COMMON-5", "PCI", Side::Driver, Strength::Must, "4.1.4.3.2", "After writing status 0, poll until it reads 0 before bring-up.", Observability::Direct, true),
    row("PCI-DRV-COMMON-6", "PCI", Side::Driver, Strength::MustNot, "4.1.4.3.2", "queue_enable is never written with 0.", Observability::Direct, true),
    row("PCI-DRV-COMMON-7", "PCI", Side::Driver, Strength::MustNot, "4.1.4.3.2", "RING_RESET: the queue is usable again only after queue_reset reads 0.", Observability::Direct, true),
    row("PCI-DRV-COMMON-8", "PCI", Side::Driver, Strength::May, "4.1.4.3.2", "A reset queue may be enabled again after being set up.", Observability::Permission, true),
    row("PCI-DRV-COMMON-9", "PCI", Side::Driver, Strength::May, "4.1.4.3.2", "Queue settings may differ after a queue reset.", Observability::Permission, true),
    row("PCI-DRV-COMMON-10", "PCI", Side::Driver, Strength::Must, "4.1.4.3.2", "Admin queues are configured only at the indices the device assigns.", Observability::Direct, false),
    row("PCI-DRV-COMMON-11", "PCI", Side::Driver, Strength::May, "4.1.4.3.2", "Fewer admin queues than offered may be used.", Observability::Permission, false),
    row("PCI-DEV-NOTIFYCAP-1", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "A notification capability exists.", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-2", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "Notify cap offset is 2-byte aligned (without NOTIFICATION_DATA).", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-3", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "notify_off_multiplier is 0 or an even power of two (without NOTIFICATION_DATA).", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-4", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "Notify region is at least 2 bytes (without NOTIFICATION_DATA).", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-5", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "Notify region is large enough for the offsets of all queues (without NOTIFICATION_DATA).", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-6", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "Per-queue formula: cap.length >= queue_notify_off*multiplier+2 (without NOTIFICATION_DATA).", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-7", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "NOTIFICATION_DATA: notify_off_multiplier is 0 or a power of two divisible by 4.", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-8", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "NOTIFICATION_DATA: notify cap offset is 4-byte aligned.", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-9", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "NOTIFICATION_DATA: notify region is at least 4 bytes.", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-10", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "NOTIFICATION_DATA: notify region is large enough for the offsets of all queues.", Observability::Direct, true),
    row("PCI-DEV-NOTIFYCAP-11", "PCI", Side::Device, Strength::Must, "4.1.4.4.1", "NOTIFICATION_DATA: per-queue formula, cap.length >= queue_notify_off*multiplier+4.", Observability::Direct, true),
    row("PCI-DEV-ISR-1", "PCI", Side::Device, Strength::Must, "4.1.4.5.1", "An ISR capability exists.", Observability::Direct, true),
    row("PCI-DEV-ISR-2", "PCI", Side::Device, Strength::Must, "4.1.4.5.1", "Config-change bit in ISR is set before a config-change notification.", Observability::Provoked, true),
    row("PCI-DEV-ISR-3", "PCI", Side::Device, Strength::Must, "4.1.4.5.1", "INTx: queue bit in ISR is set before a queue interrupt.", Observability::Direct, true),
    row("PCI-DEV-ISR-4", "PCI", Side::Device, Strength::Must, "4.1.4.5.1", "INTx: PCI Interrupt Status bit follows the OR of the ISR bits.", Observability::Direct, true),
    row("PCI-DEV-ISR-5", "PCI", Side::Device, Strength::Must, "4.1.4.5.1", "Reading ISR clears it.", Observability::Direct, true),
    row("PCI-DRV-ISR-1", "PCI", Side::Driver, Strength::ShouldNot, "4.1.4.5.2", "With MSI-X enabled, queue interrupts should not lead to ISR reads.", Observability::Direct, true),
    row("PCI-DEV-TXTDEVCFG-1", "PCI", Side::Device, Strength::Must, "4.1.4.6", "A device-config capability exists for types that have config space.", Observability::Direct, true),
    row("PCI-DEV-DEVCFG-1", "PCI", Side::Device, Strength::Must, "4.1.4.6.1", "Device-config offset is 4-byte aligned.", Observability::Direct, true),
    row("PCI-DEV-SHMCAP-1", "PCI", Side::Device, Strength::Must, "4.1.4.7.1", "A shared-memory region lies wholly inside its BAR.", Observability::Direct, false),
    row("PCI-DEV-SHMCAP-2", "PCI", Side::Device, Strength::Must, "4.1.4.7.1", "Shared-memory ids do not repeat within a device.", Observability::Direct, false),
    row("PCI-DRV-TXTVENDOR-1", "PCI", Side::Driver, Strength::MustNot, "4.1.4.8", "Reading a vendor-data capability changes nothing.", Observability::Direct, false),
    row("PCI-DEV-VENDOR-1", "PCI", Side::Device, Strength::MustNot, "4.1.4.8.1", "vendor_id in a vendor-data capability is not 0x1af4.", Observability::Direct, false),
    row("PCI-DEV-VENDOR-2", "PCI", Side::Device, Strength::Must, "4.1.4.8.1", "Vendor-data capability size is divisible by 4.", Observability::Direct, false),
    row("PCI-DEV-VENDOR-3", "PCI", Side::Device, Strength::MustNot, "4.1.4.8.1", "Reading a vendor-data capability changes nothing (normative form).", Observability::Direct, false),
    row("PCI-DRV-VENDOR-1", "PCI", Side::Driver, Strength::ShouldNot, "4.1.4.8.2", "Vendor data should serve only debugging and reporting.", Observability::None, false),
    row("PCI-DRV-VENDOR-2", "PCI", Side::Driver, Strength::Must, "4.1.4.8.2", "vendor_id is checked before vendor data is interpreted or written.", Observability::Provoked, false),
    row("PCI-DEV-CFGACCESS-1", "PCI", Side::Device, Strength::Must, "4.1.4.9.1", "A PCI_CFG access capability exists.", Observability::Direct, true),
    row("PCI-DEV-CFGACCESS-2", "PCI", Side::Device, Strength::Must, "4.1.4.9.1", "Writing pci_cfg_data performs a BAR write at the chosen bar/offset/length.", Observability::Direct, true),
    row("PCI-DEV-CFGACCESS-3", "PCI", Side::Device, Strength::Must, "4.1.4.9.1", "Reading pci_cfg_data performs a BAR read at the chosen bar/offset/length.", Observability::Direct, true),
    row("PCI-DRV-CFGACCESS-1", "PCI", Side::Driver, Strength::MustNot, "4.1.4.9.2", "PCI_CFG window: offset is a multiple of length.", Observability::Direct, true),
    row("PCI-DRV-CFGACCESS-2", "PCI", Side::Driver, Strength::Must, "4.1.4.9.2", "PCI_CFG window: accesses are aligned.", Observability::Direct, true),
    row("PCI-DRV-CFGACCESS-3", "PCI", Side::Driver, Strength::MustNot, "4.1.4.9.2", "PCI_CFG window: target bytes lie inside a structure described by another virtio capability.", Observability::Direct, true),
    row("PCI-DEV-LEGLAYOUT-1", "PCI", Side::Device, Strength::Must, "4.1.4.10", "Transitional: legacy register block sits in BAR0 I/O space.", Observability::Direct, false),
    row("PCI-DRV-LEGLAYOUT-1", "PCI", Side::Driver, Strength::Must, "4.1.4.10", "Legacy use: driver works through the BAR0 I/O block.", Observability::Direct, false),
    row("PCI-DRV-LEGLAYOUT-2", "PCI", Side::Driver, Strength::May, "4.1.4.10", "Legacy use: any access width to device config is allowed.", Observability::Permission, false),
    row("PCI-DEV-LEGLAYOUT-2", "PCI", Side::Device, Strength::Must, "4.1.4.10", "Legacy use: results do not depend on the access width.", Observability::Provoked, false),
    row("PCI-DRV-LEGLAYOUT-3", "PCI", Side::Driver, Strength::Must, "4.1.4.10", "Legacy use: driver finds device config right after the general header.", Observability::Direct, false),
    row("PCI-DEV-LEGLAYOUT-3", "PCI", Side::Device, Strength::Must, "4.1.4.10", "Legacy use: device puts device config right after the general header.", Observability::Direct, false),
    row("PCI-DEV-LEGLAYOUT-4", "PCI", Side::Device, Strength::Must, "4.1.4.10", "Legacy use: feature bits 32-63 count as not accepted.", Observability::Provoked, false),
    row("PCI-DEV-LEGLAYOUT-5", "PCI", Side::Device, Strength::Should, "4.1.4.11.0.1", "Advised for non-transitional devices with legacy-driver IDs: offer an I/O BAR0.", Observability::Provoked, true),
    row("PCI-DEV-LEGLAYOUT-6", "PCI", Side::Device, Strength::Should, "4.1.4.11.0.1", "Advised there too: a zero byte to BAR0+18 switches all BARs to zeros and ignored writes.", Observability::Provoked, true),
    row("PCI-DEV-LEGDETECT-1", "PCI", Side::Device, Strength::Must, "4.1.5.1.1.1", "Transitional: legacy interface is exposed in BAR0 I/O space.", Observability::Direct, false),
    row("PCI-DRV-LEGDETECT-1", "PCI", Side::Driver, Strength::Must, "4.1.5.1.1.1", "Transitional drivers look for virtio capabilities.", Observability::Provoked, false),
    row("PCI-DRV-LEGDETECT-2", "PCI", Side::Driver, Strength::Must, "4.1.5.1.1.1", "No virtio capabilities: transitional driver assumes legacy and uses that interface.", Observability::Provoked, false),
    row("PCI-DRV-LEGDETECT-3", "PCI", Side::Driver, Strength::Must, "4.1.5.1.1.1", "Non-transitional drivers look for virtio capabilities.", Observability::Provoked, false),
    row("PCI-DRV-LEGDETECT-4", "PCI", Side::Driver, Strength::Must, "4.1.5.1.1.1", "No virtio capabilities: non-transitional driver gives up cleanly.", Observability::Provoked, false),
    row("PCI-DEV-MSIX-1", "PCI", Side::Device, Strength::Should, "4.1.5.1.2.1", "MSI-X devices should support from 2 to 0x800 vectors.", Observability::Direct, true),
    row("PCI-DEV-MSIX-2", "PCI", Side::Device, Strength::Must, "4.1.5.1.2.1", "MSI-X Table Size reports the number of supported vectors.", Observability::Direct, true),
    row("PCI-DEV-MSIX-3", "PCI", Side::Device, Strength::Should, "4.1.5.1.2.1", "MSI-X table size should be no larger than useful.", Observability::None, true),
    row("PCI-DEV-MSIX-4", "PCI", Side::Device, Strength::Must, "4.1.5.1.2.1", "Any event may be mapped to any vector in the table.", Observability::Direct, true),
    row("PCI-DEV-MSIX-5", "PCI", Side::Device, Strength::Must, "4.1.5.1.2.1", "Any event may be unmapped.", Observability::Direct, true),
    row("PCI-DEV-MSIX-6", "PCI", Side::Device, Strength::Must, "4.1.5.1.2.1", "Vector registers read back the mapping, NO_VECTOR when unmapped.", Observability::Direct, true),
    row("PCI-DEV-MSIX-7", "PCI", Side::Device, Strength::Must, "4.1.5.1.2.1", "Reset unmaps all events.", Observability::Direct, true),
    row("PCI-DEV-MSIX-8", "PCI", Side::Device, Strength::ShouldNot, "4.1.5.1.2.1", "Mapping requests should not fail without cause.", Observability::Direct, true),
    row("PCI-DEV-MSIX-9", "PCI", Side::Device, Strength::Must, "4.1.5.1.2.1", "A failed mapping reads back NO_VECTOR.", Observability::Provoked, true),
    row("PCI-DRV-MSIX-1", "PCI", Side::Driver, Strength::Must, "4.1.5.1.2.2", "Driver works with any MSI-X table size.", Observability::Provoked, true),
    row("PCI-DRV-MSIX-2", "PCI", Side::Driver, Strength::May, "4.1.5.1.2.2", "With a single vector the driver may use INTx instead.", Observability::Permission, true),
    row("PCI-DRV-MSIX-3", "PCI", Side::Driver, Strength::May, "4.1.5.1.2.2", "Table size may be taken as a hint.", Observability::Permission, true),
    row("PCI-DRV-MSIX-4", "PCI", Side::Driver, Strength::MustNot, "4.1.5.1.2.2", "Driver maps only to vectors inside the table.", Observability::Direct, true),
    row("PCI-DRV-MSIX-5", "PCI", Side::Driver, Strength::Must, "4.1.5.1.2.2", "Every mapping is read back to confirm it.", Observability::Direct, true),
    row("PCI-DRV-MSIX-6", "PCI", Side::Driver, Strength::May, "4.1.5.1.2.2", "On mapping failure: retry with fewer, drop MSI-X, or report failure.", Observability::Permission, true),
    row("PCI-DRV-KICK-1", "PCI", Side::Driver, Strength::Must, "4.1.5.2.1", "No NOTIFICATION_DATA: kicks are 16-bit writes.", Observability::Direct, true),
    row("PCI-DRV-KICK-2", "PCI", Side::Driver, Strength::Must, "4.1.5.2.1", "NOTIFICATION_DATA: kicks are 32-bit writes.", Observability::Direct, true),
    row("PCI-DRV-KICK-3", "PCI", Side::Driver, Strength::Must, "4.1.5.2.1", "Plain kick: value is the queue index.", Observability::Direct, true),
    row("PCI-DRV-KICK-4", "PCI", Side::Driver, Strength::Must, "4.1.5.2.1", "NOTIFICATION_DATA kick: vq_index is the queue index.", Observability::Direct, true),
    row("PCI-DRV-KICK-5", "PCI", Side::Driver, Strength::Must, "4.1.5.2.1", "NOTIF_CONFIG_DATA kick: value is queue_notif_config_data.", Observability::Direct, true),
    row("PCI-DRV-KICK-6", "PCI", Side::Driver, Strength::Must, "4.1.5.2.1", "NOTIF_CONFIG_DATA with NOTIFICATION_DATA: index part is queue_notif_config_data.", Observability::Direct, true),
    row("PCI-DEV-USEDNOTIF-1", "PCI", Side::Device, Strength::MustNot, "4.1.5.3.1", "MSI-X with an unmapped queue: no interrupt for that queue.", Observability::Direct, true),
    row("PCI-DEV-TXTCFGNOTIF-1", "PCI", Side::Device, Strength::May, "4.1.5.4", "One interrupt may stand for both queue and config events.", Observability::Permission, true),
    row("PCI-DEV-CFGNOTIF-1", "PCI", Side::Device, Strength::MustNot, "4.1.5.4.1", "MSI-X with unmapped config event: no config-change interrupt.", Observability::Provoked, true),
    row("PCI-DRV-CFGNOTIF-1", "PCI", Side::Driver, Strength::Must, "4.1.5.4.2", "Driver handles one interrupt standing for both event kinds.", Observability::Provoked, true),
    row("MMIO-DEV-REGS-1", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "MagicValue reads 0x74726976.", Observability::Direct, true),
    row("MMIO-DEV-REGS-2", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "Version reads 2.", Observability::Direct, true),
    row("MMIO-DEV-REGS-3", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "InterruptStatus bits stay set from the event until acknowledged.", Observability::Direct, true),
    row("MMIO-DEV-REGS-4", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "InterruptStatus has no bits set for events that did not happen.", Observability::Direct, true),
    row("MMIO-DEV-REGS-5", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "Reset clears InterruptStatus and all QueueReady bits.", Observability::Direct, true),
    row("MMIO-DEV-REGS-6", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "ConfigGeneration changes whenever a torn config read is possible.", Observability::Provoked, true),
    row("MMIO-DEV-REGS-7", "MMIO", Side::Device, Strength::MustNot, "4.2.2.1", "Queue memory is untouched while QueueReady is 0.", Observability::Partial, true),
    row("MMIO-DEV-REGS-8", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "RING_RESET: QueueReset is 0 after device reset.", Observability::Direct, true),
    row("MMIO-DEV-REGS-9", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "RING_RESET: QueueReset is 0 after QueueReady enables the queue.", Observability::Direct, true),
    row("MMIO-DEV-REGS-10", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "Writing QueueReset=1 resets that queue.", Observability::Direct, true),
    row("MMIO-DEV-REGS-11", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "QueueReset stays 1 for as long as the queue reset takes.", Observability::Partial, true),
    row("MMIO-DEV-REGS-12", "MMIO", Side::Device, Strength::Must, "4.2.2.1", "QueueReset and QueueReady both read 0 once the queue reset is finished.", Observability::Direct, true),
    row("MMIO-DRV-REGS-1", "MMIO", Side::Driver, Strength::MustNot, "4.2.2.2", "Only documented registers and config fields are accessed.", Observability::Direct, true),
    row("MMIO-DRV-REGS-2", "MMIO", Side::Driver, Strength::MustNot, "4.2.2.2", "Read-only registers are never written.", Observability::Direct, true),
    row("MMIO-DRV-REGS-3", "MMIO", Side::Driver, Strength::MustNot, "4.2.2.2", "Write-only registers are never read.", Observability::Direct, true),
    row("MMIO-DRV-REGS-4", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "Control registers are accessed with aligned 32-bit operations only.", Observability::Direct, true),
    row("MMIO-DRV-REGS-5", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "Config accesses use natural width and alignment, 32 bits for 64-bit fields.", Observability::Direct, true),
    row("MMIO-DRV-REGS-6", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "Wrong MagicValue: device is left alone.", Observability::Provoked, true),
    row("MMIO-DRV-REGS-7", "MMIO", Side::Driver, Strength::May, "4.2.2.2", "Wrong MagicValue may be reported.", Observability::Permission, true),
    row("MMIO-DRV-REGS-8", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "Version other than 2: device is left alone.", Observability::Provoked, true),
    row("MMIO-DRV-REGS-9", "MMIO", Side::Driver, Strength::May, "4.2.2.2", "Unsupported Version may be reported.", Observability::Permission, true),
    row("MMIO-DRV-REGS-10", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "DeviceID 0: device is left alone.", Observability::Provoked, true),
    row("MMIO-DRV-REGS-11", "MMIO", Side::Driver, Strength::MustNot, "4.2.2.2", "DeviceID 0 is not an error worth reporting.", Observability::Provoked, true),
    row("MMIO-DRV-REGS-12", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "DeviceFeaturesSel is written before DeviceFeatures is read.", Observability::Direct, true),
    row("MMIO-DRV-REGS-13", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "DriverFeaturesSel is written before DriverFeatures is written.", Observability::Direct, true),
    row("MMIO-DRV-REGS-14", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "QueueSize written does not exceed QueueSizeMax.", Observability::Direct, true),
    row("MMIO-DRV-REGS-15", "MMIO", Side::Driver, Strength::MustNot, "4.2.2.2", "Queue size and address registers are left alone while QueueReady is set.", Observability::Direct, true),
    row("MMIO-DRV-REGS-16", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "Stopping a queue: write QueueReady=0.", Observability::Partial, true),
    row("MMIO-DRV-REGS-17", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "Stopping a queue: read QueueReady back afterwards.", Observability::Direct, true),
    row("MMIO-DRV-REGS-18", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "Undefined InterruptStatus bits are disregarded.", Observability::Provoked, true),
    row("MMIO-DRV-REGS-19", "MMIO", Side::Driver, Strength::Must, "4.2.2.2", "InterruptACK gets the mask of handled events after handling.", Observability::Partial, true),
    row("MMIO-DRV-REGS-20", "MMIO", Side::Driver, Strength::MustNot, "4.2.2.2", "InterruptACK never has undefined bits set.", Observability::Direct, true),
    row("MMIO-DRV-REGS-21", "MMIO", Side::Driver, Strength::MustNot, "4.2.2.2", "RING_RESET: the queue is usable again only after QueueReset reads 0.", Observability::Direct, true),
    row("MMIO-DRV-REGS-22", "MMIO", Side::Driver, Strength::May, "4.2.2.2", "A reset queue may be enabled again after being set up.", Observability::Permission, true),
    row("MMIO-DRV-REGS-23", "MMIO", Side::Driver, Strength::May, "4.2.2.2", "Queue settings may differ after a queue reset.", Observability::Permission, true),
    row("MMIO-DRV-INIT-1", "MMIO", Side::Driver, Strength::Must, "4.2.3.1.1", "First accesses are MagicValue and Version checks.", Observability::Direct, true),
    row("MMIO-DRV-INIT-2", "MMIO", Side::Driver, Strength::Must, "4.2.3.1.1", "DeviceID is read next when both are valid.", Observability::Direct, true),
    row("MMIO-DRV-INIT-3", "MMIO", Side::Driver, Strength::Must, "4.2.3.1.1", "DeviceID 0 ends bring-up.", Observability::Provoked, true),
    row("MMIO-DRV-INIT-4", "MMIO", Side::Driver, Strength::MustNot, "4.2.3.1.1", "After DeviceID 0 no further register is touched.", Observability::Provoked, true),
    row("MMIO-DRV-INIT-5", "MMIO", Side::Driver, Strength::MustNot, "4.2.3.1.1", "Drivers without use for shared memory leave the SHM registers alone.", Observability::Direct, true),
    row("MMIO-DRV-INIT-6", "MMIO", Side::Driver, Strength::Must, "4.2.3.1.1", "The rest of bring-up is the common sequence.", Observability::Direct, true),
    row("MMIO-DRV-IRQ-1", "MMIO", Side::Driver, Strength::Must, "4.2.3.4.1", "On interrupt, InterruptStatus is read for the cause.", Observability::Partial, true),
    row("MMIO-DRV-IRQ-2", "MMIO", Side::Driver, Strength::Should, "4.2.3.4.1", "The used-buffer bit should be treated as covering every active queue.", Observability::Provoked, true),
    row("MMIO-DRV-IRQ-3", "MMIO", Side::Driver, Strength::Must, "4.2.3.4.1", "Handled events are acknowledged through InterruptACK.", Observability::Direct, true),
    row("CCW-DEV-CCW-1", "CCW", Side::Device, Strength::Must, "4.3.1.3", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-2", "CCW", Side::Device, Strength::Must, "4.3.1.3", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-3", "CCW", Side::Device, Strength::Must, "4.3.1.3", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-4", "CCW", Side::Device, Strength::Should, "4.3.1.3", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-1", "CCW", Side::Driver, Strength::Must, "4.3.1.4", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-2", "CCW", Side::Driver, Strength::Must, "4.3.1.4", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-3", "CCW", Side::Driver, Strength::Should, "4.3.1.4", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-5", "CCW", Side::Device, Strength::Must, "4.3.2.1.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-6", "CCW", Side::Device, Strength::Must, "4.3.2.1.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-7", "CCW", Side::Device, Strength::Must, "4.3.2.1.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-8", "CCW", Side::Device, Strength::Should, "4.3.2.1.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-9", "CCW", Side::Device, Strength::Must, "4.3.2.1.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-10", "CCW", Side::Device, Strength::Must, "4.3.2.1.1", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-4", "CCW", Side::Driver, Strength::Should, "4.3.2.1.2", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-5", "CCW", Side::Driver, Strength::MustNot, "4.3.2.1.2", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-6", "CCW", Side::Driver, Strength::MustNot, "4.3.2.1.2", "", Observability::Unclassified, false),
    row("CCW-DRV-LEGCCW-1", "CCW", Side::Driver, Strength::Must, "4.3.2.1.3", "", Observability::Unclassified, false),
    row("CCW-DRV-LEGCCW-2", "CCW", Side::Driver, Strength::Must, "4.3.2.1.3", "", Observability::Unclassified, false),
    row("CCW-DEV-LEGCCW-1", "CCW", Side::Device, Strength::Must, "4.3.2.1.3", "", Observability::Unclassified, false),
    row("CCW-DEV-LEGCCW-2", "CCW", Side::Device, Strength::Must, "4.3.2.1.3", "", Observability::Unclassified, false),
    row("CCW-DEV-LEGCCW-3", "CCW", Side::Device, Strength::Must, "4.3.2.1.3", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-11", "CCW", Side::Device, Strength::Must, "4.3.2.2.1", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-7", "CCW", Side::Driver, Strength::Must, "4.3.2.3.1", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-8", "CCW", Side::Driver, Strength::Should, "4.3.2.3.1", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-9", "CCW", Side::Driver, Strength::MustNot, "4.3.2.3.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-12", "CCW", Side::Device, Strength::Must, "4.3.2.3.2", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-13", "CCW", Side::Device, Strength::Must, "4.3.2.3.2", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-14", "CCW", Side::Device, Strength::Must, "4.3.2.3.2", "", Observability::Unclassified, false),
    row("CCW-DEV-TXTCCW-1", "CCW", Side::Device, Strength::Must, "4.3.2.6.1", "", Observability::Unclassified, false),
    row("CCW-DEV-TXTCCW-2", "CCW", Side::Device, Strength::May, "4.3.2.6.3", "", Observability::Permission, false),
    row("CCW-DEV-CCW-15", "CCW", Side::Device, Strength::Must, "4.3.2.6.3.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-16", "CCW", Side::Device, Strength::Should, "4.3.3.1.2.1", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-10", "CCW", Side::Driver, Strength::Must, "4.3.3.1.2.2", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-17", "CCW", Side::Device, Strength::Must, "4.3.3.2.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-18", "CCW", Side::Device, Strength::May, "4.3.3.2.1", "", Observability::Permission, false),
    row("CCW-DRV-CCW-11", "CCW", Side::Driver, Strength::Should, "4.3.3.2.2", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-19", "CCW", Side::Device, Strength::Must, "4.3.3.3.1", "", Observability::Unclassified, false),
    row("CCW-DEV-CCW-20", "CCW", Side::Device, Strength::MustNot, "4.3.3.3.1", "", Observability::Unclassified, false),
    row("CCW-DRV-CCW-12", "CCW", Side::Driver, Strength::May, "4.3.3.3.2", "", Observability::Permission, false),
    row("CCW-DRV-CCW-13", "CCW", Side::Driver, Strength::May, "4.3.3.3.2", "", Observability::Permission, false),
    row("NET-DEV-TXTFEAT-1", "NET", Side::Device, Strength::Should, "5.1.3", "IPsec offer should come with OUT_NET_HEADER.", Observability::Partial, false),
    row("NET-DEV-CONFIG-1", "NET", Side::Device, Strength::Must, "5.1.4.1", "MQ: max_virtqueue_pairs lies in 1..0x8000.", Observability::Direct, true),
    row("NET-DEV-CONFIG-2", "NET", Side::Device, Strength::Must, "5.1.4.1", "MTU: mtu lies in 68..65535.", Observability::Direct, true),
    row("NET-DEV-CONFIG-3", "NET", Side::Device, Strength::Should, "5.1.4.1", "MTU: mtu should be 1280 or more.", Observability::Direct, true),
    row("NET-DEV-CONFIG-4", "NET", Side::Device, Strength::MustNot, "5.1.4.1", "mtu stays constant.", Observability::Direct, true),
    row("NET-DEV-CONFIG-5", "NET", Side::Device, Strength::MustNot, "5.1.4.1", "MTU negotiated: no received non-GSO packet exceeds mtu plus link header.", Observability::Direct, true),
    row("NET-DEV-CONFIG-6", "NET", Side::Device, Strength::Must, "5.1.4.1", "MTU negotiated: sent packets up to mtu pass unfragmented.", Observability::Partial, true),
    row("NET-DEV-CONFIG-7", "NET", Side::Device, Strength::Must, "5.1.4.1", "RSS/HASH_REPORT: rss_max_key_size is 40 or more.", Observability::Direct, false),
    row("NET-DEV-CONFIG-8", "NET", Side::Device, Strength::Must, "5.1.4.1", "RSS: rss_max_indirection_table_length is 128 or more.", Observability::Direct, false),
    row("NET-DEV-CONFIG-9", "NET", Side::Device, Strength::May, "5.1.4.1", "STANDBY: device may back up a primary with the same MAC.", Observability::Permission, true),
    row("NET-DEV-CONFIG-10", "NET", Side::Device, Strength::Must, "5.1.4.1", "SPEED_DUPLEX: speed is in range or the unknown marker.", Observability::Direct, true),
    row("NET-DEV-CONFIG-11", "NET", Side::Device, Strength::Must, "5.1.4.1", "SPEED_DUPLEX: duplex is 0, 1 or 0xff.", Observability::Direct, true),
    row("NET-DEV-CONFIG-12", "NET", Side::Device, Strength::ShouldNot, "5.1.4.1", "speed/duplex should not change while the link is up.", Observability::Partial, true),
    row("NET-DEV-CONFIG-13", "NET", Side::Device, Strength::ShouldNot, "5.1.4.1", "HASH_REPORT should not be offered without CTRL_VQ.", Observability::Direct, false),
    row("NET-DEV-CONFIG-14", "NET", Side::Device, Strength::ShouldNot, "5.1.4.1", "CTRL_RX_EXTRA should not be offered without CTRL_VQ.", Observability::Direct, true),
    row("NET-DRV-CONFIG-1", "NET", Side::Driver, Strength::MustNot, "5.1.4.2", "net config fields are never written.", Observability::Direct, true),
    row("NET-DRV-CONFIG-2", "NET", Side::Driver, Strength::Should, "5.1.4.2", "MAC should be accepted whenever offered.", Observability::Direct, true),
    row("NET-DRV-CONFIG-3", "NET", Side::Driver, Strength::Must, "5.1.4.2", "MAC negotiated: the NIC address is the config mac.", Observability::Partial, true),
    row("NET-DRV-CONFIG-4", "NET", Side::Driver, Strength::Should, "5.1.4.2", "Without MAC, a locally administered address should be used.", Observability::Partial, true),
    row("NET-DRV-CONFIG-5", "NET", Side::Driver, Strength::Should, "5.1.4.2", "Without STATUS, the link should be presumed up.", Observability::None, true),
    row("NET-DRV-CONFIG-6", "NET", Side::Driver, Strength::Should, "5.1.4.2", "With STATUS, link state should be read from bit 0 of status.", Observability::Direct, true),
    row("NET-DRV-CONFIG-7", "NET", Side::Driver, Strength::Should, "5.1.4.2", "MTU should be accepted whenever offered.", Observability::Direct, true),
    row("NET-DRV-CONFIG-8", "NET", Side::Driver, Strength::Must, "5.1.4.2", "MTU: receive buffers can hold one full-size packet.", Observability::Direct, true),
    row("NET-DRV-CONFIG-9", "NET", Side::Driver, Strength::MustNot, "5.1.4.2", "MTU: no non-GSO packet larger than mtu plus link header is sent.", Observability::Direct, true),
    row("NET-DRV-CONFIG-10", "NET", Side::Driver, Strength::Should, "5.1.4.2", "STANDBY should be accepted whenever offered.", Observability::Direct, true),
    row("NET-DRV-CONFIG-11", "NET", Side::Driver, Strength::Must, "5.1.4.2", "Out-of-range speed/duplex count as unknown.", Observability::None, true),
    row("NET-DRV-CONFIG-12", "NET", Side::Driver, Strength::Should, "5.1.4.2", "speed/duplex should be re-read after a config change.", Observability::Provoked, true),
    row("NET-DRV-CONFIG-13", "NET", Side::Driver, Strength::ShouldNot, "5.1.4.2", "HASH_REPORT should not be accepted without CTRL_VQ.", Observability::Direct, false),
    row("NET-DRV-CONFIG-14", "NET", Side::Driver, Strength::ShouldNot, "5.1.4.2", "CTRL_RX_EXTRA should not be accepted without CTRL_VQ.", Observability::Direct, true),
    row("NET-ANY-LEGCONFIG-1", "NET", Side::Both, Strength::Must, "5.1.4.3", "Legacy: status and max_virtqueue_pairs are guest-endian.", Observability::Direct, false),
    row("NET-ANY-LEG-1", "NET", Side::Both, Strength::Must, "5.1.9.1", "Legacy: packet header is guest-endian.", Observability::Direct, false),
    row("NET-DRV-LEG-1", "NET", Side::Driver, Strength::Should, "5.1.9.1", "Legacy: used length on tx and control should be disregarded.", Observability::None, false),
    row("NET-DRV-TXTTX-1", "NET", Side::Driver, Strength::May, "5.1.9.2", "OUT_NET_HEADER: outer_nh_offset may be given.", Observability::Permission, false),
    row("NET-DRV-TXTTX-2", "NET", Side::Driver, Strength::MustNot, "5.1.9.2", "Without OUT_NET_HEADER outer_nh_offset is unused.", Observability::Direct, false),
    row("NET-DRV-TX-1", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "Tx header size equals rx header size.", Observability::Direct, true),
    row("NET-DRV-TX-2", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "Tx num_buffers is 0.", Observability::Direct, true),
    row("NET-DRV-TX-3", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "No CSUM: tx flags are 0.", Observability::Direct, true),
    row("NET-DRV-TX-4", "NET", Side::Driver, Strength::Should, "5.1.9.2.1", "No CSUM: packets should be fully checksummed.", Observability::Direct, true),
    row("NET-DRV-TX-5", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "OUT_NET_HEADER: outer_nh_offset may be non-zero.", Observability::Permission, false),
    row("NET-DRV-TX-6", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "HOST_TSO4: GSO_TCPV4 allowed.", Observability::Permission, true),
    row("NET-DRV-TX-7", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No HOST_TSO4: GSO_TCPV4 is not used.", Observability::Direct, true),
    row("NET-DRV-TX-8", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "HOST_TSO6: GSO_TCPV6 allowed.", Observability::Permission, true),
    row("NET-DRV-TX-9", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No HOST_TSO6: GSO_TCPV6 is not used.", Observability::Direct, true),
    row("NET-DRV-TX-10", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "HOST_UFO: GSO_UDP allowed.", Observability::Permission, true),
    row("NET-DRV-TX-11", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No HOST_UFO: GSO_UDP is not used.", Observability::Direct, true),
    row("NET-DRV-TX-12", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "HOST_USO: GSO_UDP_L4 allowed.", Observability::Permission, true),
    row("NET-DRV-TX-13", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No HOST_USO: GSO_UDP_L4 is not used.", Observability::Direct, true),
    row("NET-DRV-TX-14", "NET", Side::Driver, Strength::ShouldNot, "5.1.9.2.1", "No HOST_ECN: TCP GSO packets with ECN should not be sent.", Observability::Direct, true),
    row("NET-DRV-TX-15", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "HOST_ECN: ECN GSO packets set the ECN bit.", Observability::Direct, true),
    row("NET-DRV-TX-16", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "HOST_UDP_TUNNEL_GSO: tunnel gso bits allowed.", Observability::Permission, false),
    row("NET-DRV-TX-17", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No HOST_UDP_TUNNEL_GSO: tunnel gso bits are not used.", Observability::Direct, false),
    row("NET-DRV-TX-18", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "Tunnel GSO with inner IPv4 sets the IPv4 tunnel bit.", Observability::Direct, false),
    row("NET-DRV-TX-19", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "Tunnel GSO with inner IPv6 sets the IPv6 tunnel bit.", Observability::Direct, false),
    row("NET-DRV-TX-20", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "Tunnel GSO with outer checksum needs both tunnel features.", Observability::Direct, false),
    row("NET-DRV-TX-21", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "In that case a tunnel bit and the tunnel-checksum flag are set.", Observability::Direct, false),
    row("NET-DRV-TX-22", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No TUNNEL_GSO_CSUM: the tunnel-checksum flag is clear.", Observability::Direct, false),
    row("NET-DRV-TX-23", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No TUNNEL_GSO_CSUM: no tunnel GSO needing outer checksum is sent.", Observability::Direct, false),
    row("NET-DRV-TX-24", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "Tunnel bits are not combined with the deprecated GSO_UDP.", Observability::Direct, false),
    row("NET-DRV-TX-25", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "The two tunnel bits exclude each other.", Observability::Direct, false),
    row("NET-DRV-TX-26", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "Tunnel-checksum flag only with a tunnel bit.", Observability::Direct, false),
    row("NET-DRV-TX-27", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "CSUM: NEEDS_CSUM may be set.", Observability::Permission, true),
    row("NET-DRV-TX-28", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "NEEDS_CSUM: checksum at the offset and all inner ones are already checked.", Observability::Partial, true),
    row("NET-DRV-TX-29", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "NEEDS_CSUM: checksum field holds the pseudo-header sum.", Observability::Direct, true),
    row("NET-DRV-TX-30", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "NEEDS_CSUM: csum_start/csum_offset lead to a correct checksum.", Observability::Direct, true),
    row("NET-DRV-TX-31", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "No HOST_TSO/USO/UFO: gso_type is NONE.", Observability::Direct, true),
    row("NET-DRV-TX-32", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "GSO packets set NEEDS_CSUM.", Observability::Direct, true),
    row("NET-DRV-TX-33", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "GSO packets set gso_size.", Observability::Direct, true),
    row("NET-DRV-TX-34", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "GUEST_HDRLEN with GSO: hdr_len is exactly the header length.", Observability::Direct, true),
    row("NET-DRV-TX-35", "NET", Side::Driver, Strength::Should, "5.1.9.2.1", "Otherwise hdr_len should be at least the header length.", Observability::Direct, true),
    row("NET-DRV-TX-36", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "HOST_UDP_TUNNEL_GSO: a tunnel bit may be set.", Observability::Permission, false),
    row("NET-DRV-TX-37", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "Tunnel GSO: outer transport and inner network offsets are right.", Observability::Direct, false),
    row("NET-DRV-TX-38", "NET", Side::Driver, Strength::May, "5.1.9.2.1", "TUNNEL_GSO_CSUM: tunnel-checksum flag may be set.", Observability::Permission, false),
    row("NET-DRV-TX-39", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "Tunnel-checksum flag: outer UDP checksum holds the pseudo-header sum.", Observability::Direct, false),
    row("NET-DRV-TX-40", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "Tunnel GSO without TUNNEL_GSO_CSUM: outer checksum needs no work.", Observability::Direct, false),
    row("NET-DRV-TX-41", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "That is, the outer checksum is 0 or already correct.", Observability::Direct, false),
    row("NET-DRV-TX-42", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No HOST_UDP_TUNNEL_GSO: neither tunnel bit is set (repeat).", Observability::Direct, false),
    row("NET-DRV-TX-43", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "No TUNNEL_GSO_CSUM: tunnel-checksum flag is clear (repeat).", Observability::Direct, false),
    row("NET-DRV-TX-44", "NET", Side::Driver, Strength::Should, "5.1.9.2.1", "GUEST_HDRLEN should be accepted if exact lengths can be given.", Observability::Partial, true),
    row("NET-DRV-TX-45", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "Tx flags never include DATA_VALID or RSC_INFO.", Observability::Direct, false),
    row("NET-DRV-TX-46", "NET", Side::Driver, Strength::MustNot, "5.1.9.2.1", "Tx DATA_VALID is not combined with a tunnel bit.", Observability::Direct, false),
    row("NET-DRV-TX-47", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "SECURITY flag: an outbound SA object exists.", Observability::Direct, false),
    row("NET-DRV-TX-48", "NET", Side::Driver, Strength::Must, "5.1.9.2.1", "SECURITY flag: resource_id names a valid outbound SA.", Observability::Direct, false),
    row("NET-DEV-TX-1", "NET", Side::Device, Strength::Must, "5.1.9.2.2", "Unknown tx flag bits are disregarded.", Observability::Provoked, true),
    row("NET-DEV-TX-2", "NET", Side::Device, Strength::MustNot, "5.1.9.2.2", "Without NEEDS_CSUM the csum fields have no influence.", Observability::Provoked, true),
    row("NET-DEV-TX-3", "NET", Side::Device, Strength::May, "5.1.9.2.2", "OUT_NET_HEADER: non-zero outer_nh_offset may be used.", Observability::Permission, false),
    row("NET-DEV-TX-4", "NET", Side::Device, Strength::MustNot, "5.1.9.2.2", "Otherwise outer_nh_offset has no influence.", Observability::Provoked, false),
    row("NET-DEV-TX-5", "NET", Side::Device, Strength::May, "5.1.9.2.2", "GUEST_HDRLEN with GSO: hdr_len may be trusted.", Observability::Permission, true),
    row("NET-DEV-TX-6", "NET", Side::Device, Strength::May, "5.1.9.2.2", "Otherwise hdr_len is a hint at most.", Observability::Permission, true),
    row("NET-DEV-TX-7", "NET", Side::Device, Strength::MustNot, "5.1.9.2.2", "Device does not depend on hdr_len being right.", Observability::Provoked, true),
    row("NET-DEV-TX-8", "NET", Side::Device, Strength::MustNot, "5.1.9.2.2", "Packets with both tunnel bits are refused.", Observability::Provoked, false),
    row("NET-DEV-TX-9", "NET", Side::Device, Strength::MustNot, "5.1.9.2.2", "Without tunnel bits the tunnel offsets have no influence.", Observability::Provoked, false),
    row("NET-DEV-TX-10", "NET", Side::Device, Strength::MustNot, "5.1.9.2.2", "Tunnel packets with inconsistent flags or gso_type are refused.", Observability::Provoked, false),
    row("NET-DEV-TX-11", "NET", Side::Device, Strength::MustNot, "5.1.9.2.2", "Without NEEDS_CSUM, checksum is not presumed right.", Observability::None, true),
    row("NET-DEV-TX-12", "NET", Side::Device, Strength::MustNot, "5.1.9.2.2", "Without the SECURITY flag the resource fields have no influence.", Observability::Provoked, false),
    row("NET-DRV-RXBUF-1", "NET", Side::Driver, Strength::Should, "5.1.9.3.1", "No MRG_RXBUF with guest offloads: rx buffers should be 65601/65609 bytes or more.", Observability::Direct, true),
    row("NET-DRV-RXBUF-2", "NET", Side::Driver, Strength::Should, "5.1.9.3.1", "No MRG_RXBUF otherwise: rx buffers should be 1526/1534 bytes or more.", Observability::Direct, true),
    row("NET-DRV-RXBUF-3", "NET", Side::Driver, Strength::Must, "5.1.9.3.1", "MRG_RXBUF: each rx buffer holds at least the header.", Observability::Direct, true),
    row("NET-DRV-RXBUF-4", "NET", Side::Driver, Strength::Must, "5.1.9.3.1", "Header size counts all fields the negotiated features add (12/20/24/32).", Observability::Direct, true),
    row("NET-DRV-RXBUF-5", "NET", Side::Driver, Strength::Should, "5.1.9.3.1", "MQ: every rx queue in use should be stocked.", Observability::Direct, true),
    row("NET-DEV-RXBUF-1", "NET", Side::Device, Strength::Must, "5.1.9.3.2", "num_buffers is the number of buffers holding the packet.", Observability::Direct, true),
    row("NET-DEV-RXBUF-2", "NET", Side::Device, Strength::Must, "5.1.9.3.2", "No MRG_RXBUF: one buffer chain per packet.", Observability::Direct, true),
    row("NET-DEV-TXTRX-1", "NET", Side::Device, Strength::May, "5.1.9.4", "OUT_NET_HEADER: rx outer_nh_offset may be set.", Observability::Permission, false),
    row("NET-DEV-TXTRX-2", "NET", Side::Device, Strength::May, "5.1.9.4", "Guest offloads: rx gso_type may differ from NONE.", Observability::Permission, true),
    row("NET-DEV-TXTRX-3", "NET", Side::Device, Strength::May, "5.1.9.4", "GUEST_UDP_TUNNEL_GSO: rx tunnel bits may be set.", Observability::Permission, false),
    row("NET-DEV-RX-1", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "No MRG_RXBUF: num_buffers is 1.", Observability::Direct, true),
    row("NET-DEV-RX-2", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "MRG_RXBUF: num_buffers is the buffer count.", Observability::Direct, true),
    row("NET-DEV-RX-3", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "Multi-buffer packet: all but the last buffer are filled completely.", Observability::Direct, true),
    row("NET-DEV-RX-4", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "The buffers of one packet become used together.", Observability::Partial, true),
    row("NET-DEV-RX-5", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "No GUEST_CSUM: rx flags are 0.", Observability::Direct, true),
    row("NET-DEV-RX-6", "NET", Side::Device, Strength::Should, "5.1.9.4.1", "No GUEST_CSUM: rx packets should be fully checksummed.", Observability::Direct, true),
    row("NET-DEV-RX-7", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No GUEST_TSO4: rx GSO_TCPV4 is not used.", Observability::Direct, true),
    row("NET-DEV-RX-8", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No GUEST_UFO: rx GSO_UDP is not used.", Observability::Direct, true),
    row("NET-DEV-RX-9", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No GUEST_TSO6: rx GSO_TCPV6 is not used.", Observability::Direct, true),
    row("NET-DEV-RX-10", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No GUEST_USO4/6: rx GSO_UDP_L4 is not used.", Observability::Direct, true),
    row("NET-DEV-RX-11", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No GUEST_UDP_TUNNEL_GSO: rx tunnel bits are not used.", Observability::Direct, false),
    row("NET-DEV-RX-12", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No GUEST_UDP_TUNNEL_GSO_CSUM: rx tunnel-checksum flag is clear.", Observability::Direct, false),
    row("NET-DEV-RX-13", "NET", Side::Device, Strength::ShouldNot, "5.1.9.4.1", "No GUEST_ECN: rx TCP GSO packets with ECN should not appear.", Observability::Direct, true),
    row("NET-DEV-RX-14", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "GUEST_ECN: such packets set the ECN bit.", Observability::Direct, true),
    row("NET-DEV-RX-15", "NET", Side::Device, Strength::May, "5.1.9.4.1", "OUT_NET_HEADER: rx outer_nh_offset may be non-zero.", Observability::Permission, false),
    row("NET-DEV-RX-16", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "Otherwise rx outer_nh_offset is unused.", Observability::Direct, false),
    row("NET-DEV-RX-17", "NET", Side::Device, Strength::May, "5.1.9.4.1", "GUEST_CSUM: rx NEEDS_CSUM may be set.", Observability::Permission, true),
    row("NET-DEV-RX-18", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "rx NEEDS_CSUM: inner checksums are already checked.", Observability::Partial, true),
    row("NET-DEV-RX-19", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "rx NEEDS_CSUM: checksum field holds the pseudo-header sum.", Observability::Direct, true),
    row("NET-DEV-RX-20", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "rx NEEDS_CSUM: csum_start/csum_offset lead to a correct checksum.", Observability::Direct, true),
    row("NET-DEV-RX-21", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No GUEST_UDP_TUNNEL_GSO: no tunnel GSO packets are received.", Observability::Direct, false),
    row("NET-DEV-RX-22", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "Otherwise the tunnel bit fitting the inner protocol is set.", Observability::Direct, false),
    row("NET-DEV-RX-23", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "rx tunnel GSO: offsets are set to the right places.", Observability::Direct, false),
    row("NET-DEV-RX-24", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "rx tunnel GSO: outer checksum is not left to the driver.", Observability::Direct, false),
    row("NET-DEV-RX-25", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No GUEST_UDP_TUNNEL_GSO_CSUM: no rx tunnel GSO needing outer checksum.", Observability::Direct, false),
    row("NET-DEV-RX-26", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "No guest segmentation features: rx gso_type is NONE.", Observability::Direct, true),
    row("NET-DEV-RX-27", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "rx GSO packets set NEEDS_CSUM.", Observability::Direct, true),
    row("NET-DEV-RX-28", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "rx GSO packets set gso_size.", Observability::Direct, true),
    row("NET-DEV-RX-29", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "RSC_EXT: RSC_INFO flag with segment and duplicate-ACK counts.", Observability::Direct, false),
    row("NET-DEV-RX-30", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "No RSC_EXT: RSC_INFO flag is clear.", Observability::Direct, false),
    row("NET-DEV-RX-31", "NET", Side::Device, Strength::Should, "5.1.9.4.1", "rx hdr_len should be at least the header length.", Observability::Direct, true),
    row("NET-DEV-RX-32", "NET", Side::Device, Strength::May, "5.1.9.4.1", "GUEST_CSUM: DATA_VALID may be set.", Observability::Permission, true),
    row("NET-DEV-RX-33", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "DATA_VALID means the checksum was checked.", Observability::Partial, true),
    row("NET-DEV-RX-34", "NET", Side::Device, Strength::MustNot, "5.1.9.4.1", "rx tunnel bits exclude DATA_VALID.", Observability::Direct, false),
    row("NET-DEV-RX-35", "NET", Side::Device, Strength::May, "5.1.9.4.1", "rx tunnel-checksum flag may be set.", Observability::Permission, false),
    row("NET-DEV-RX-36", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "rx tunnel-checksum flag: outer checksum holds the pseudo-header sum.", Observability::Direct, false),
    row("NET-DEV-RX-37", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "rx tunnel without the flag: outer checksum is 0 or right.", Observability::Direct, false),
    row("NET-DEV-RX-38", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "IPsec-processed packets carry the SECURITY flag.", Observability::Partial, false),
    row("NET-DEV-RX-39", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "Other packets do not carry it.", Observability::Partial, true),
    row("NET-DEV-RX-40", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "SECURITY flag is independent of the error and expiry flags.", Observability::Partial, false),
    row("NET-DEV-RX-41", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "IPsec processing errors set the error flag.", Observability::Partial, false),
    row("NET-DEV-RX-42", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "Without an error the flag is clear.", Observability::Partial, true),
    row("NET-DEV-RX-43", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "Error flag is independent of the expiry flag.", Observability::Partial, false),
    row("NET-DEV-RX-44", "NET", Side::Device, Strength::Must, "5.1.9.4.1", "Soft-expiry flag is set once a soft lifetime limit is reached.", Observability::Partial, false),
    row("NET-DRV-RX-1", "NET", Side::Driver, Strength::Must, "5.1.9.4.2", "Unknown rx flag bits are disregarded.", Observability::Provoked, true),
    row("NET-DRV-RX-2", "NET", Side::Driver, Strength::May, "5.1.9.4.2", "OUT_NET_HEADER: driver may use rx outer_nh_offset.", Observability::Permission, false),
    row("NET-DRV-RX-3", "NET", Side::Driver, Strength::MustNot, "5.1.9.4.2", "Otherwise driver does not use it.", Observability::None, true),
    row("NET-DRV-RX-4", "NET", Side::Driver, Strength::MustNot, "5.1.9.4.2", "rx csum fields are used only with NEEDS_CSUM and without RSC_INFO.", Observability::Provoked, false),
    row("NET-DRV-RX-5", "NET", Side::Driver, Strength::May, "5.1.9.4.2", "rx hdr_len is a hint at most.", Observability::Permission, true),
    row("NET-DRV-RX-6", "NET", Side::Driver, Strength::MustNot, "5.1.9.4.2", "Driver does not depend on rx hdr_len being right.", Observability::Provoked, true),
    row("NET-DRV-RX-7", "NET", Side::Driver, Strength::MustNot, "5.1.9.4.2", "Without NEEDS_CSUM/DATA_VALID, checksum is not presumed right.", Observability::None, true),
    row("NET-DRV-RX-8", "NET", Side::Driver, Strength::MustNot, "5.1.9.4.2", "rx packets with both tunnel bits are refused.", Observability::Provoked, false),
    row("NET-DRV-RX-9", "NET", Side::Driver, Strength::MustNot, "5.1.9.4.2", "Without tunnel bits the rx tunnel offsets have no influence.", Observability::Provoked, false),
    row("NET-DRV-RX-10", "NET", Side::Driver, Strength::MustNot, "5.1.9.4.2", "rx tunnel packets with inconsistent flags or gso_type are refused.", Observability::Provoked, false),
    row("NET-DEV-TXTHASH-1", "NET", Side::Device, Strength::Must, "5.1.9.4.3", "HASH_REPORT: at least one MQ command for hash setup is supported.", Observability::Direct, false),
    row("NET-DEV-TXTHASH-2", "NET", Side::Device, Strength::Must, "5.1.9.4.3", "With RSS offered: MQ_RSS_CONFIG is supported.", Observability::Direct, false),
    row("NET-DEV-TXTHASH-3", "NET", Side::Device, Strength::Must, "5.1.9.4.3", "Otherwise MQ_HASH_CONFIG is supported.", Observability::Direct, false),
    row("NET-DEV-INNERHASH-1", "NET", Side::Device, Strength::Must, "5.1.9.4.4.4", "Tunnel types not enabled are hashed over the outer header.", Observability::Direct, false),
    row("NET-DEV-INNERHASH-2", "NET", Side::Device, Strength::Should, "5.1.9.4.4.4", "Unsupported enabled_tunnel_types bits should yield ERR.", Observability::Direct, false),
    row("NET-DEV-INNERHASH-3", "NET", Side::Device, Strength::Must, "5.1.9.4.4.4", "enabled_tunnel_types 0 or a reset turns inner hashing off.", Observability::Direct, false),
    row("NET-DRV-INNERHASH-1", "NET", Side::Driver, Strength::Must, "5.1.9.4.4.5", "HASH_TUNNEL_SET only with HASH_TUNNEL negotiated.", Observability::Direct, false),
    row("NET-DRV-INNERHASH-2", "NET", Side::Driver, Strength::MustNot, "5.1.9.4.4.5", "enabled_tunnel_types stays within supported_tunnel_types.", Observability::Direct, false),
    row("NET-DRV-INNERHASH-3", "NET", Side::Driver, Strength::Must, "5.1.9.4.4.5", "Unknown supported_tunnel_types bits are disregarded.", Observability::Provoked, false),
    row("NET-DEV-RXMODE-1", "NET", Side::Device, Strength::Must, "5.1.9.5.1.1", "CTRL_RX: PROMISC command works.", Observability::Direct, true),
    row("NET-DEV-RXMODE-2", "NET", Side::Device, Strength::Should, "5.1.9.5.1.1", "Promiscuous: all packets should be received.", Observability::Partial, true),
    row("NET-DEV-RXMODE-3", "NET", Side::Device, Strength::Should, "5.1.9.5.1.1", "Promiscuous should override the other modes.", Observability::Partial, true),
    row("NET-DEV-RXMODE-4", "NET", Side::Device, Strength::Must, "5.1.9.5.1.1", "CTRL_RX: ALLMULTI command works.", Observability::Direct, true),
    row("NET-DEV-RXMODE-5", "NET", Side::Device, Strength::Should, "5.1.9.5.1.1", "ALLMULTI: all multicast should be received.", Observability::Partial, true),
    row("NET-DEV-RXMODE-6", "NET", Side::Device, Strength::Must, "5.1.9.5.1.1", "CTRL_RX_EXTRA: ALLUNI command works.", Observability::Direct, true),
    row("NET-DEV-RXMODE-7", "NET", Side::Device, Strength::Should, "5.1.9.5.1.1", "ALLUNI: all unicast should be received.", Observability::Partial, true),
    row("NET-DEV-RXMODE-8", "NET", Side::Device, Strength::Must, "5.1.9.5.1.1", "CTRL_RX_EXTRA: NOMULTI command works.", Observability::Direct, true),
    row("NET-DEV-RXMODE-9", "NET", Side::Device, Strength::ShouldNot, "5.1.9.5.1.1", "NOMULTI: multicast should not be received.", Observability::Partial, true),
    row("NET-DEV-RXMODE-10", "NET", Side::Device, Strength::Should, "5.1.9.5.1.1", "NOMULTI should win over ALLMULTI.", Observability::Partial, true),
    row("NET-DEV-RXMODE-11", "NET", Side::Device, Strength::ShouldNot, "5.1.9.5.1.1", "NOMULTI should not affect broadcast.", Observability::Partial, true),
    row("NET-DEV-RXMODE-12", "NET", Side::Device, Strength::Must, "5.1.9.5.1.1", "CTRL_RX_EXTRA: NOUNI command works.", Observability::Direct, true),
    row("NET-DEV-RXMODE-13", "NET", Side::Device, Strength::ShouldNot, "5.1.9.5.1.1", "NOUNI: unicast should not be received.", Observability::Partial, true),
    row("NET-DEV-RXMODE-14", "NET", Side::Device, Strength::Should, "5.1.9.5.1.1", "NOUNI should win over ALLUNI.", Observability::Partial, true),
    row("NET-DEV-RXMODE-15", "NET", Side::Device, Strength::Must, "5.1.9.5.1.1", "CTRL_RX_EXTRA: NOBCAST command works.", Observability::Direct, true),
    row("NET-DEV-RXMODE-16", "NET", Side::Device, Strength::ShouldNot, "5.1.9.5.1.1", "NOBCAST: broadcast should not be received.", Observability::Partial, true),
    row("NET-DEV-RXMODE-17", "NET", Side::Device, Strength::Should, "5.1.9.5.1.1", "NOBCAST should win over ALLMULTI.", Observability::Partial, true),
    row("NET-DRV-RXMODE-1", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.1.2", "PROMISC/ALLMULTI only with CTRL_RX negotiated.", Observability::Direct, true),
    row("NET-DRV-RXMODE-2", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.1.2", "ALLUNI/NOMULTI/NOUNI/NOBCAST only with CTRL_RX_EXTRA negotiated.", Observability::Direct, true),
    row("NET-DEV-MACFILTER-1", "NET", Side::Device, Strength::Must, "5.1.9.5.2.1", "MAC filter table is empty after reset.", Observability::Partial, true),
    row("NET-DEV-MACFILTER-2", "NET", Side::Device, Strength::Must, "5.1.9.5.2.1", "MAC_TABLE_SET takes effect before it is used.", Observability::Partial, true),
    row("NET-DEV-MACFILTER-3", "NET", Side::Device, Strength::Must, "5.1.9.5.2.1", "MAC_ADDR_SET updates config mac before it is used.", Observability::Direct, true),
    row("NET-DEV-MACFILTER-4", "NET", Side::Device, Strength::Should, "5.1.9.5.2.1", "Unmatched destination MACs should be dropped.", Observability::Partial, true),
    row("NET-DRV-MACFILTER-1", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.2.2", "MAC class commands only with CTRL_RX negotiated.", Observability::Direct, true),
    row("NET-DRV-MACFILTER-2", "NET", Side::Driver, Strength::Should, "5.1.9.5.2.2", "MAC_ADDR_SET should be sent if the default MAC differs from mac.", Observability::Partial, true),
    row("NET-DRV-MACFILTER-3", "NET", Side::Driver, Strength::Must, "5.1.9.5.2.2", "MAC_TABLE_SET payload: count and unicast list, then count and multicast list.", Observability::Direct, true),
    row("NET-DRV-MACFILTER-4", "NET", Side::Driver, Strength::May, "5.1.9.5.2.2", "Either list may be empty.", Observability::Permission, true),
    row("NET-ANY-LEGMACFILTER-1", "NET", Side::Both, Strength::Must, "5.1.9.5.2.3", "Legacy: MAC table entries are guest-endian.", Observability::Direct, false),
    row("NET-DEV-LEGMACFILTER-1", "NET", Side::Device, Strength::May, "5.1.9.5.2.3", "Legacy: MAC update may wait for the last byte.", Observability::Permission, false),
    row("NET-DEV-LEGMACFILTER-2", "NET", Side::Device, Strength::May, "5.1.9.5.2.3", "Legacy: packet handling may wait for the last byte.", Observability::Permission, false),
    row("NET-DEV-VLAN-1", "NET", Side::Device, Strength::Must, "5.1.9.5.3.1", "No CTRL_VLAN: all tagged packets pass.", Observability::Direct, true),
    row("NET-DEV-VLAN-2", "NET", Side::Device, Strength::Must, "5.1.9.5.3.1", "CTRL_VLAN: packets with a listed tag pass.", Observability::Direct, true),
    row("NET-DEV-VLAN-3", "NET", Side::Device, Strength::Should, "5.1.9.5.3.1", "CTRL_VLAN: packets with an unlisted tag should be dropped.", Observability::Partial, true),
    row("NET-ANY-LEGVLAN-1", "NET", Side::Both, Strength::Must, "5.1.9.5.3.2", "Legacy: VLAN id is guest-endian.", Observability::Direct, false),
    row("NET-DRV-ANNOUNCE-1", "NET", Side::Driver, Strength::Should, "5.1.9.5.4.1", "ANNOUNCE bit: peers should be informed.", Observability::Partial, true),
    row("NET-DRV-ANNOUNCE-2", "NET", Side::Driver, Strength::Must, "5.1.9.5.4.1", "ANNOUNCE bit: ANNOUNCE_ACK is sent.", Observability::Provoked, true),
    row("NET-DEV-ANNOUNCE-1", "NET", Side::Device, Strength::Must, "5.1.9.5.4.2", "ANNOUNCE_ACK clears the status bit before it is used.", Observability::Provoked, true),
    row("NET-DEV-TXTMQ-1", "NET", Side::Device, Strength::May, "5.1.9.5.5", "Automatic receive steering may be offered.", Observability::Permission, true),
    row("NET-DEV-TXTMQ-2", "NET", Side::Device, Strength::May, "5.1.9.5.5", "RSS may be offered.", Observability::Permission, false),
    row("NET-DEV-TXTMQ-3", "NET", Side::Device, Strength::May, "5.1.9.5.5", "Both may be offered.", Observability::Permission, true),
    row("NET-DRV-TXTMQ-1", "NET", Side::Driver, Strength::May, "5.1.9.5.5", "Driver may accept any of them.", Observability::Permission, true),
    row("NET-DRV-TXTMQ-2", "NET", Side::Driver, Strength::May, "5.1.9.5.6", "MQ: several tx queues may be used.", Observability::Permission, true),
    row("NET-DRV-TXTMQ-3", "NET", Side::Driver, Strength::May, "5.1.9.5.6", "MQ: queue pairs up to the set count may be used.", Observability::Permission, true),
    row("NET-DEV-TXTMQ-4", "NET", Side::Device, Strength::Must, "5.1.9.5.6", "MQ enabled: packets are steered by flow.", Observability::Partial, true),
    row("NET-DEV-TXTMQ-5", "NET", Side::Device, Strength::Should, "5.1.9.5.6", "Replies of a flow should come on the rx queue matching its tx queue.", Observability::Partial, true),
    row("NET-DEV-TXTMQ-6", "NET", Side::Device, Strength::May, "5.1.9.5.6", "Unknown flows may go anywhere.", Observability::Permission, true),
    row("NET-DRV-MQ-1", "NET", Side::Driver, Strength::Must, "5.1.9.5.6.1", "Queues are configured before VQ_PAIRS_SET.", Observability::Direct, true),
    row("NET-DRV-MQ-2", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.6.1", "VQ_PAIRS_SET value lies in 1..max_virtqueue_pairs.", Observability::Direct, true),
    row("NET-DRV-MQ-3", "NET", Side::Driver, Strength::Must, "5.1.9.5.6.1", "Only transmitq1 is used before VQ_PAIRS_SET.", Observability::Direct, true),
    row("NET-DRV-MQ-4", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.6.1", "Tx queues above the set count are unused once VQ_PAIRS_SET is published.", Observability::Direct, true),
    row("NET-DEV-MQ-1", "NET", Side::Device, Strength::Must, "5.1.9.5.6.2", "Only receiveq1 is used after reset.", Observability::Direct, true),
    row("NET-DEV-MQ-2", "NET", Side::Device, Strength::MustNot, "5.1.9.5.6.2", "Rx queues above the set count are unused once VQ_PAIRS_SET is used.", Observability::Direct, true),
    row("NET-DEV-MQ-3", "NET", Side::Device, Strength::Should, "5.1.9.5.6.2", "A flow whose rx queue is being reset should move elsewhere.", Observability::Provoked, true),
    row("NET-DEV-MQ-4", "NET", Side::Device, Strength::Must, "5.1.9.5.6.2", "All rx queues in reset: packet is dropped.", Observability::Provoked, true),
    row("NET-ANY-LEGMQ-1", "NET", Side::Both, Strength::Must, "5.1.9.5.6.3", "Legacy: virtqueue_pairs is guest-endian.", Observability::Direct, false),
    row("NET-DEV-TXTMQ-7", "NET", Side::Device, Strength::Must, "5.1.9.5.6.4", "HASH_REPORT with automatic steering: a hash config command is supported.", Observability::Direct, false),
    row("NET-DRV-TXTMQ-4", "NET", Side::Driver, Strength::Must, "5.1.9.5.6.4", "Hash config reserved field is zero.", Observability::Direct, false),
    row("NET-DRV-RSS-1", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.7.2", "MQ_RSS_CONFIG only with RSS negotiated.", Observability::Direct, false),
    row("NET-DRV-RSS-2", "NET", Side::Driver, Strength::Must, "5.1.9.5.7.2", "Indirection table lists only enabled rx queues.", Observability::Direct, false),
    row("NET-DRV-RSS-3", "NET", Side::Driver, Strength::Must, "5.1.9.5.7.2", "Indirection table length is a power of two.", Observability::Direct, false),
    row("NET-DRV-RSS-4", "NET", Side::Driver, Strength::Must, "5.1.9.5.7.2", "indirection_table_mask is below the device's maximum length.", Observability::Direct, false),
    row("NET-DRV-RSS-5", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.7.2", "Only supported hash types are requested.", Observability::Direct, false),
    row("NET-DEV-RSS-1", "NET", Side::Device, Strength::Must, "5.1.9.5.7.3", "RSS: the packet hash is computed as specified.", Observability::Partial, false),
    row("NET-DEV-RSS-2", "NET", Side::Device, Strength::Must, "5.1.9.5.7.3", "RSS: unhashed packets go to unclassified_queue.", Observability::Direct, false),
    row("NET-DEV-RSS-3", "NET", Side::Device, Strength::Must, "5.1.9.5.7.3", "RSS: hash and mask select the table entry and hence the queue.", Observability::Direct, false),
    row("NET-DEV-RSS-4", "NET", Side::Device, Strength::Must, "5.1.9.5.7.3", "RSS: packets for a queue in reset are dropped.", Observability::Provoked, false),
    row("NET-DEV-RSSCTX-1", "NET", Side::Device, Strength::Must, "5.1.9.5.8.3", "RSS_CONTEXT: max_rss_contexts is 1 or more.", Observability::Direct, false),
    row("NET-DEV-RSSCTX-2", "NET", Side::Device, Strength::Must, "5.1.9.5.8.3", "Reset clears all RSS contexts.", Observability::Partial, false),
    row("NET-DRV-RSSCTX-1", "NET", Side::Driver, Strength::Must, "5.1.9.5.8.4", "RSS context commands only with RSS_CONTEXT negotiated.", Observability::Direct, false),
    row("NET-DRV-RSSCTX-2", "NET", Side::Driver, Strength::Must, "5.1.9.5.8.4", "rss_ctx_id lies in 1..max_rss_contexts.", Observability::Direct, false),
    row("NET-DRV-RSSCTX-3", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.8.4", "No VQ_PAIRS_SET while an RSS context exists.", Observability::Direct, false),
    row("NET-DRV-OFFLOAD-1", "NET", Side::Driver, Strength::MustNot, "5.1.9.5.9.2", "Only negotiated guest offloads are enabled.", Observability::Direct, true),
    row("NET-ANY-LEGOFFLOAD-1", "NET", Side::Both, Strength::Must, "5.1.9.5.9.3", "Legacy: offloads field is guest-endian.", Observability::Direct, false),
    row("NET-DRV-COAL-1", "NET", Side::Driver, Strength::Must, "5.1.9.5.10.5", "VQ coalescing names an enabled tx/rx queue.", Observability::Direct, false),
    row("NET-DRV-COAL-2", "NET", Side::Driver, Strength::Must, "5.1.9.5.10.5", "TX_SET/RX_SET only with NOTF_COAL negotiated.", Observability::Direct, false),
    row("NET-DRV-COAL-3", "NET", Side::Driver, Strength::Must, "5.1.9.5.10.5", "VQ_SET/VQ_GET only with VQ_NOTF_COAL negotiated.", Observability::Direct, false),
    row("NET-DRV-COAL-4", "NET", Side::Driver, Strength::Must, "5.1.9.5.10.5", "VQ_GET results are disregarded on ERR.", Observability::None, false),
    row("NET-DEV-COAL-1", "NET", Side::Device, Strength::Must, "5.1.9.5.10.6", "Reserved field is disregarded.", Observability::Provoked, false),
    row("NET-DEV-COAL-2", "NET", Side::Device, Strength::Should, "5.1.9.5.10.6", "TX_SET/RX_SET should yield ERR if not applied.", Observability::Partial, false),
    row("NET-DEV-COAL-3", "NET", Side::Device, Strength::Must, "5.1.9.5.10.6", "VQ_SET yields ERR if not applied.", Observability::Partial, false),
    row("NET-DEV-COAL-4", "NET", Side::Device, Strength::Must, "5.1.9.5.10.6", "VQ_SET/VQ_GET yield ERR for a queue that is not enabled.", Observability::Direct, false),
    row("NET-DEV-COAL-5", "NET", Side::Device, Strength::Must, "5.1.9.5.10.6", "A re-enabled tx queue goes back to TX_SET values or 0.", Observability::Direct, false),
    row("NET-DEV-COAL-6", "NET", Side::Device, Strength::Must, "5.1.9.5.10.6", "A re-enabled rx queue goes back to RX_SET values or 0.", Observability::Direct, false),
    row("NET-DEV-COAL-7", "NET", Side::Device, Strength::May, "5.1.9.5.10.6", "Coalescing is best effort.", Observability::Permission, false),
    row("NET-DEV-COAL-8", "NET", Side::Device, Strength::ShouldNot, "5.1.9.5.10.6", "Suppressed notifications should stay suppressed.", Observability::Partial, false),
    row("NET-DEV-COAL-9", "NET", Side::Device, Strength::Must, "5.1.9.5.10.6", "Reset zeroes the coalescing parameters.", Observability::Direct, false),
    row("NET-DEV-STATS-1", "NET", Side::Device, Strength::Must, "5.1.9.5.11.12", "DEVICE_STATS: STATS_QUERY lists supported types.", Observability::Direct, false),
    row("NET-DEV-STATS-2", "NET", Side::Device, Strength::Must, "5.1.9.5.11.12", "A bad stats request yields ERR.", Observability::Direct, false),
    row("NET-DEV-STATS-3", "NET", Side::Device, Strength::Must, "5.1.9.5.11.12", "One bad entry fails the whole stats command.", Observability::Direct, false),
    row("NET-DEV-STATS-4", "NET", Side::Device, Strength::Must, "5.1.9.5.11.12", "Reply header size is the bytes really used.", Observability::Direct, false),
    row("NET-DEV-STATS-5", "NET", Side::Device, Strength::Must, "5.1.9.5.11.12", "Reply header has type and vq_index.", Observability::Direct, false),
    row("NET-DEV-STATS-6", "NET", Side::Device, Strength::Must, "5.1.9.5.11.12", "Only valid bytes are filled.", Observability::Direct, false),
    row("NET-DEV-STATS-7", "NET", Side::Device, Strength::Must, "5.1.9.5.11.12", "Counters wrap to zero.", Observability::None, false),
    row("NET-DRV-STATS-1", "NET", Side::Driver, Strength::Must, "5.1.9.5.11.13", "Requested types come from STATS_QUERY.", Observability::Direct, false),
    row("NET-DRV-STATS-2", "NET", Side::Driver, Strength::Must, "5.1.9.5.11.13", "Requested types suit the named queue.", Observability::Direct, false),
    row("NET-DRV-STATS-3", "NET", Side::Driver, Strength::Must, "5.1.9.5.11.13", "Result buffer is large enough for the reply.", Observability::Direct, false),
    row("NET-DEV-FLOW-1", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Flow filter support is advertised through its three capabilities.", Observability::Direct, false),
    row("NET-DEV-FLOW-2", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Flow filter support includes object create/modify/query/destroy for its three object types.", Observability::Direct, false),
    row("NET-DEV-FLOW-3", "NET", Side::Device, Strength::Should, "5.1.9.6.4", "With a flow filter capability off, object commands should yield Q_INVALID_OPCODE.", Observability::Direct, false),
    row("NET-DEV-FLOW-4", "NET", Side::Device, Strength::Should, "5.1.9.6.4", "A second group of equal priority should yield EINVAL.", Observability::Direct, false),
    row("NET-DEV-FLOW-5", "NET", Side::Device, Strength::Should, "5.1.9.6.4", "Too many groups should yield ENOSPC.", Observability::Direct, false),
    row("NET-DEV-FLOW-6", "NET", Side::Device, Strength::Should, "5.1.9.6.4", "Too many classifiers should yield ENOSPC.", Observability::Direct, false),
    row("NET-DEV-FLOW-7", "NET", Side::Device, Strength::Should, "5.1.9.6.4", "Destroying a group still holding rules should yield EBUSY.", Observability::Direct, false),
    row("NET-DEV-FLOW-8", "NET", Side::Device, Strength::Should, "5.1.9.6.4", "Destroying a classifier still in use should yield EBUSY.", Observability::Direct, false),
    row("NET-DEV-FLOW-9", "NET", Side::Device, Strength::Should, "5.1.9.6.4", "Rule creation should fail in the listed invalid cases.", Observability::Direct, false),
    row("NET-DEV-FLOW-10", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Rule pointing at an rx queue in reset: packet is dropped.", Observability::Provoked, false),
    row("NET-DEV-FLOW-11", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Once one rule applied, no other rule or steering is consulted.", Observability::Partial, false),
    row("NET-DEV-FLOW-12", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Groups are consulted highest priority first.", Observability::Partial, false),
    row("NET-DEV-FLOW-13", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "A hit in one group ends the search.", Observability::Partial, false),
    row("NET-DEV-FLOW-14", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "A miss moves on to the next group in priority order.", Observability::Partial, false),
    row("NET-DEV-FLOW-15", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Rules inside a group are tried by falling priority.", Observability::Partial, false),
    row("NET-DEV-FLOW-16", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "The first matching rule's action is carried out.", Observability::Partial, false),
    row("NET-DEV-FLOW-17", "NET", Side::Device, Strength::MustNot, "5.1.9.6.4", "At most one action per packet.", Observability::Partial, false),
    row("NET-DEV-FLOW-18", "NET", Side::Device, Strength::May, "5.1.9.6.4", "Equal-priority rules may be tried in any order.", Observability::Permission, false),
    row("NET-DEV-FLOW-19", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Receive pipeline stage 1: rx mode, MAC and VLAN filters.", Observability::Partial, false),
    row("NET-DEV-FLOW-20", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Receive pipeline stage 2: flow filter rules.", Observability::Partial, false),
    row("NET-DEV-FLOW-21", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Receive pipeline stage 3: RSS or automatic steering if no rule applied.", Observability::Partial, false),
    row("NET-DEV-FLOW-22", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "A dropped packet sees no later stage.", Observability::Partial, false),
    row("NET-DEV-FLOW-23", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Packets dropped by stage 1 are not looked at by rules.", Observability::Partial, false),
    row("NET-DEV-FLOW-24", "NET", Side::Device, Strength::Must, "5.1.9.6.4", "Classifiers with the partial-mask flag are accepted where partial masks are supported.", Observability::Direct, false),
    row("NET-DRV-FLOW-1", "NET", Side::Driver, Strength::Must, "5.1.9.6.5", "Driver enables all three capabilities before using flow filters.", Observability::Direct, false),
    row("NET-DRV-FLOW-2", "NET", Side::Driver, Strength::ShouldNot, "5.1.9.6.5", "A group with rules should not be destroyed.", Observability::Direct, false),
    row("NET-DRV-FLOW-3", "NET", Side::Driver, Strength::Should, "5.1.9.6.5", "Rules should be destroyed before their group.", Observability::Direct, false),
    row("NET-DRV-FLOW-4", "NET", Side::Driver, Strength::ShouldNot, "5.1.9.6.5", "A classifier with rules should not be destroyed.", Observability::Direct, false),
    row("NET-DRV-FLOW-5", "NET", Side::Driver, Strength::Should, "5.1.9.6.5", "Rules should be destroyed before their classifier.", Observability::Direct, false),
    row("NET-DRV-FLOW-6", "NET", Side::Driver, Strength::ShouldNot, "5.1.9.6.5", "Equal rule priorities inside a group should be avoided.", Observability::Direct, false),
    row("NET-DRV-FLOW-7", "NET", Side::Driver, Strength::May, "5.1.9.6.5", "Such rules may overlap.", Observability::Permission, false),
    row("NET-DRV-FLOW-8", "NET", Side::Driver, Strength::Should, "5.1.9.6.5", "Overlapping rules should have distinct priorities.", Observability::Direct, false),
    row("NET-DRV-FLOW-9", "NET", Side::Driver, Strength::Must, "5.1.9.6.5", "Classifier: first selector is Ethernet.", Observability::Direct, false),
    row("NET-DRV-FLOW-10", "NET", Side::Driver, Strength::Must, "5.1.9.6.5", "Classifier: second selector, if any, is IPv4 or IPv6.", Observability::Direct, false),
    row("NET-DRV-FLOW-11", "NET", Side::Driver, Strength::Must, "5.1.9.6.5", "Classifier: third selector, if any, is UDP or TCP.", Observability::Direct, false),
    row("NET-DRV-FLOW-12", "NET", Side::Driver, Strength::Must, "5.1.9.6.5", "Classifier of two or more: EtherType mask is all ones.", Observability::Direct, false),
    row("NET-DRV-FLOW-13", "NET", Side::Driver, Strength::Must, "5.1.9.6.5", "Classifier of three: IP protocol mask is all ones.", Observability::Direct, false),
    row("NET-DRV-FLOW-14", "NET", Side::Driver, Strength::Must, "5.1.9.6.5", "Rule for two or more selectors: EtherType key is that of IPv4/IPv6.", Observability::Direct, false),
    row("NET-DRV-FLOW-15", "NET", Side::Driver, Strength::Must, "5.1.9.6.5", "Rule for three selectors: protocol key has the IANA number.", Observability::Direct, false),
    row("NET-DRV-FLOW-16", "NET", Side::Driver, Strength::Should, "5.1.9.6.5", "Without the partial-mask flag, field masks should be all ones.", Observability::Direct, false),
    row("NET-DRV-TXTIPSEC-1", "NET", Side::Driver, Strength::Should, "5.1.9.7.1", "Driver should deal sensibly with the processing-order situation described.", Observability::None, false),
    row("NET-DEV-IPSEC-1", "NET", Side::Device, Strength::Must, "5.1.9.7.4", "IPsec support is advertised through its two capabilities.", Observability::Direct, false),
    row("NET-DEV-IPSEC-2", "NET", Side::Device, Strength::Must, "5.1.9.7.4", "IPsec support includes object create/modify/query/destroy for in- and outbound SAs.", Observability::Direct, false),
    row("NET-DEV-IPSEC-3", "NET", Side::Device, Strength::Must, "5.1.9.7.4", "With an IPsec capability off, object commands yield Q_INVALID_OPCODE.", Observability::Direct, false),
    row("NET-DEV-IPSEC-4", "NET", Side::Device, Strength::Must, "5.1.9.7.4", "Creating an SA under an existing id yields EEXIST.", Observability::Direct, false),
    row("NET-DEV-IPSEC-5", "NET", Side::Device, Strength::Must, "5.1.9.7.4", "Outbound SA creation fails in the listed invalid cases.", Observability::Direct, false),
    row("NET-DEV-IPSEC-6", "NET", Side::Device, Strength::Must, "5.1.9.7.4", "Inbound SA creation fails in the listed invalid cases.", Observability::Direct, false),
    row("NET-DEV-IPSEC-7", "NET", Side::Device, Strength::Should, "5.1.9.7.4", "An SA lookup table keyed by id should be kept.", Observability::None, false),
    row("NET-DEV-IPSEC-8", "NET", Side::Device, Strength::Must, "5.1.9.7.4", "A destroyed SA id can be created again without reset.", Observability::Direct, false),
    row("NET-DEV-IPSEC-9", "NET", Side::Device, Strength::May, "5.1.9.7.4", "A duplicate spi may yield EINVAL.", Observability::Permission, false),
    row("NET-DEV-IPSEC-10", "NET", Side::Device, Strength::Must, "5.1.9.7.4", "Reset destroys all SA objects.", Observability::Direct, false),
    row("NET-DRV-IPSEC-1", "NET", Side::Driver, Strength::Must, "5.1.9.7.5", "Driver lists capability ids before using IPsec.", Observability::Direct, false),
    row("NET-DRV-IPSEC-2", "NET", Side::Driver, Strength::Must, "5.1.9.7.5", "Driver reads both IPsec capabilities if listed.", Observability::Direct, false),
    row("NET-DRV-IPSEC-3", "NET", Side::Driver, Strength::Must, "5.1.9.7.5", "Driver sets both IPsec capabilities it will use.", Observability::Direct, false),
    row("NET-DRV-IPSEC-4", "NET", Side::Driver, Strength::Must, "5.1.9.7.5", "Outbound SA: every parameter is filled in.", Observability::Partial, false),
    row("NET-DRV-IPSEC-5", "NET", Side::Driver, Strength::Must, "5.1.9.7.5", "Inbound SA: every parameter apart from the tunnel ones is filled in.", Observability::Partial, false),
    row("NET-DRV-IPSEC-6", "NET", Side::Driver, Strength::ShouldNot, "5.1.9.7.5", "Inbound SAs should not share an spi.", Observability::Direct, false),
    row("NET-DRV-IPSEC-7", "NET", Side::Driver, Strength::Must, "5.1.9.7.5", "Outbound packets fit the path MTU.", Observability::Partial, false),
    row("NET-DRV-LEGFRAME-1", "NET", Side::Driver, Strength::Must, "5.1.9.8", "Legacy without ANY_LAYOUT: header has its own descriptor.", Observability::Direct, false),
    row("NET-DRV-LEGFRAME-2", "NET", Side::Driver, Strength::Must, "5.1.9.8", "Legacy without ANY_LAYOUT: class and command share a 2-byte descriptor.", Observability::Direct, false),
    row("NET-DRV-LEGFRAME-3", "NET", Side::Driver, Strength::Must, "5.1.9.8", "Legacy without ANY_LAYOUT: command data is one unpadded descriptor.", Observability::Direct, false),
    row("NET-DRV-LEGFRAME-4", "NET", Side::Driver, Strength::Must, "5.1.9.8", "Legacy without ANY_LAYOUT: MAC table uses two descriptors, first one unicast.", Observability::Direct, false),
    row("NET-DRV-LEGFRAME-5", "NET", Side::Driver, Strength::Must, "5.1.9.8", "Legacy without ANY_LAYOUT: second MAC table descriptor is multicast.", Observability::Direct, false),
    row("NET-DRV-LEGFRAME-6", "NET", Side::Driver, Strength::Must, "5.1.9.8", "Legacy without ANY_LAYOUT: ack is a 1-byte descriptor.", Observability::Direct, false),
    row("BLK-ANY-LEGCONFIG-1", "BLK", Side::Both, Strength::Must, "5.2.4.1", "Legacy: block config fields are guest-endian.", Observability::Direct, false),
    row("BLK-DRV-INIT-1", "BLK", Side::Driver, Strength::ShouldNot, "5.2.5.1", "FLUSH should be negotiated only by drivers able to send flush commands.", Observability::None, true),
    row("BLK-DRV-INIT-2", "BLK", Side::Driver, Strength::May, "5.2.5.1", "With neither CONFIG_WCE nor FLUSH, writethrough may be presumed.", Observability::Permission, true),
    row("BLK-DRV-INIT-3", "BLK", Side::Driver, Strength::Should, "5.2.5.1", "FLUSH without CONFIG_WCE: presume a writeback cache.", Observability::None, true),
    row("BLK-DRV-INIT-4", "BLK", Side::Driver, Strength::MustNot, "5.2.5.1", "writeback is not read before FEATURES_OK.", Observability::Direct, true),
    row("BLK-DRV-INIT-5", "BLK", Side::Driver, Strength::MustNot, "5.2.5.1", "ZONED is negotiated only by drivers able to deal with the zone models.", Observability::None, false),
    row("BLK-DRV-INIT-6", "BLK", Side::Driver, Strength::MustNot, "5.2.5.1", "Host-managed zoned device: driver does not accept DISCARD.", Observability::Direct, false),
    row("BLK-DRV-INIT-7", "BLK", Side::Driver, Strength::May, "5.2.5.1", "Host-aware/none models: ZONED and DISCARD may be accepted separately.", Observability::Permission, false),
    row("BLK-DRV-INIT-8", "BLK", Side::Driver, Strength::MustNot, "5.2.5.1", "Driver lacking host-managed support sets FAILED, not FEATURES_OK.", Observability::Provoked, true),
    row("BLK-DRV-INIT-9", "BLK", Side::Driver, Strength::May, "5.2.5.1", "A host-aware device may be driven as a plain disk.", Observability::Permission, true),
    row("BLK-DRV-INIT-10", "BLK", Side::Driver, Strength::Should, "5.2.5.1", "In that case the remaining zoned fields should be disregarded.", Observability::None, false),
    row("BLK-DEV-INIT-1", "BLK", Side::Device, Strength::Should, "5.2.5.2", "FLUSH should be offered at all times.", Observability::Direct, true),
    row("BLK-DEV-INIT-2", "BLK", Side::Device, Strength::Must, "5.2.5.2", "FLUSH must be offered along with CONFIG_WCE.", Observability::Direct, true),
    row("BLK-DEV-INIT-3", "BLK", Side::Device, Strength::Must, "5.2.5.2", "CONFIG_WCE without FLUSH negotiated: writeback starts at 0.", Observability::Direct, true),
    row("BLK-DEV-INIT-4", "BLK", Side::Device, Strength::Must, "5.2.5.2", "unused0/unused1 padding reads zero.", Observability::Direct, true),
    row("BLK-DEV-INIT-5", "BLK", Side::Device, Strength::ShouldNot, "5.2.5.2", "Plain disks should not offer ZONED.", Observability::Direct, false),
    row("BLK-DEV-INIT-6", "BLK", Side::Device, Strength::MustNot, "5.2.5.2", "Legacy devices do not offer ZONED.", Observability::Provoked, false),
    row("BLK-DEV-INIT-7", "BLK", Side::Device, Strength::Should, "5.2.5.2", "ZONED declined, host-aware/none model: bring-up continues with zoned fields zeroed.", Observability::Direct, false),
    row("BLK-DEV-INIT-8", "BLK", Side::Device, Strength::Must, "5.2.5.2", "ZONED declined, host-managed model: FEATURES_OK is refused.", Observability::Direct, false),
    row("BLK-DEV-INIT-9", "BLK", Side::Device, Strength::Must, "5.2.5.2", "ZONED: model field is filled in.", Observability::Direct, false),
    row("BLK-DEV-INIT-10", "BLK", Side::Device, Strength::Must, "5.2.5.2", "ZONED: zone_sectors holds the zone size.", Observability::Direct, false),
    row("BLK-DEV-INIT-11", "BLK", Side::Device, Strength::May, "5.2.5.2", "The last zone may be short.", Observability::Permission, false),
    row("BLK-DEV-INIT-12", "BLK", Side::Device, Strength::Must, "5.2.5.2", "ZONED: max_open_zones holds the open-zone limit.", Observability::Partial, false),
    row("BLK-DEV-INIT-13", "BLK", Side::Device, Strength::Must, "5.2.5.2", "ZONED: max_active_zones holds the active-zone limit.", Observability::Partial, false),
    row("BLK-DEV-INIT-14", "BLK", Side::Device, Strength::Must, "5.2.5.2", "ZONED: max_append_sectors holds the append size limit.", Observability::Partial, false),
    row("BLK-DEV-INIT-15", "BLK", Side::Device, Strength::MustNot, "5.2.5.2", "max_append_sectors does not exceed seg_max*size_max.", Observability::Direct, false),
    row("BLK-DEV-INIT-16", "BLK", Side::Device, Strength::May, "5.2.5.2", "max_append_sectors 0 means no append support.", Observability::Permission, false),
    row("BLK-DEV-INIT-17", "BLK", Side::Device, Strength::Must, "5.2.5.2", "ZONED: write_granularity holds the write alignment.", Observability::Partial, false),
    row("BLK-DEV-INIT-18", "BLK", Side::Device, Strength::Must, "5.2.5.2", "unused2 padding reads zero.", Observability::Direct, true),
    row("BLK-DEV-LEGINIT-1", "BLK", Side::Device, Strength::Must, "5.2.5.3", "Legacy: feature negotiation works without FEATURES_OK.", Observability::Provoked, false),
    row("BLK-DRV-LEGINIT-1", "BLK", Side::Driver, Strength::May, "5.2.5.3", "Legacy: writeback may be accessed early.", Observability::Permission, false),
    row("BLK-DEV-LEGINIT-2", "BLK", Side::Device, Strength::MustNot, "5.2.5.3", "Legacy: status writes do not change the cache mode, DRIVER_OK without CONFIG_WCE excepted.", Observability::Provoked, false),
    row("BLK-DEV-LEGINIT-3", "BLK", Side::Device, Strength::MustNot, "5.2.5.3", "Legacy: feature writes do not change the cache mode.", Observability::Provoked, false),
    row("BLK-DRV-OP-1", "BLK", Side::Driver, Strength::Should, "5.2.6.1", "capacity should be re-read after a config-change notification.", Observability::Provoked, true),
    row("BLK-DRV-OP-2", "BLK", Side::Driver, Strength::MustNot, "5.2.6.1", "No request reaches past capacity.", Observability::Direct, true),
    row("BLK-DRV-OP-3", "BLK", Side::Driver, Strength::Should, "5.2.6.1", "RO should be accepted whenever offered.", Observability::Direct, true),
    row("BLK-DRV-OP-4", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "FLUSH requests carry sector 0.", Observability::Direct, true),
    row("BLK-DRV-OP-5", "BLK", Side::Driver, Strength::ShouldNot, "5.2.6.1", "FLUSH requests should carry no data.", Observability::Direct, true),
    row("BLK-DRV-OP-6", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "IN/OUT data length is divisible by 512.", Observability::Direct, true),
    row("BLK-DRV-OP-7", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "DISCARD/SECURE_ERASE/WRITE_ZEROES data length is a multiple of the segment struct.", Observability::Direct, true),
    row("BLK-DRV-OP-8", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "GET_ID data length is 20.", Observability::Direct, true),
    row("BLK-DRV-OP-9", "BLK", Side::Driver, Strength::MustNot, "5.2.6.1", "DISCARD holds at most max_discard_seg segments.", Observability::Direct, true),
    row("BLK-DRV-OP-10", "BLK", Side::Driver, Strength::MustNot, "5.2.6.1", "SECURE_ERASE holds at most max_secure_erase_seg segments.", Observability::Direct, true),
    row("BLK-DRV-OP-11", "BLK", Side::Driver, Strength::MustNot, "5.2.6.1", "WRITE_ZEROES holds at most max_write_zeroes_seg segments.", Observability::Direct, true),
    row("BLK-DRV-OP-12", "BLK", Side::Driver, Strength::May, "5.2.6.1", "CONFIG_WCE: writeback may be toggled at runtime.", Observability::Permission, true),
    row("BLK-DRV-OP-13", "BLK", Side::Driver, Strength::MustNot, "5.2.6.1", "Switching to writethrough does not imply that earlier writes are durable.", Observability::None, true),
    row("BLK-DRV-OP-14", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "DISCARD segments have unmap clear.", Observability::Direct, true),
    row("BLK-DRV-OP-15", "BLK", Side::Driver, Strength::MustNot, "5.2.6.1", "Contents of discarded sectors are not relied on.", Observability::None, true),
    row("BLK-DRV-OP-16", "BLK", Side::Driver, Strength::MustNot, "5.2.6.1", "After IOERR, nothing is presumed about the separate segments.", Observability::None, true),
    row("BLK-DRV-OP-17", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "Zone addresses are 512-byte multiples.", Observability::Direct, false),
    row("BLK-DRV-OP-18", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "ZONE_REPORT sector lies within the first zone of interest.", Observability::Direct, false),
    row("BLK-DRV-OP-19", "BLK", Side::Driver, Strength::May, "5.2.6.1", "That sector need not be the zone start.", Observability::Permission, false),
    row("BLK-DRV-OP-20", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "Zone open/close/finish/reset use the first sector of the zone.", Observability::Direct, false),
    row("BLK-DRV-OP-21", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "ZONE_RESET_ALL carries sector 0.", Observability::Direct, false),
    row("BLK-DRV-OP-22", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "ZONE_APPEND carries the zone start in sector.", Observability::Direct, false),
    row("BLK-DRV-OP-23", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "ZONE_APPEND data is a multiple of write_granularity.", Observability::Direct, false),
    row("BLK-DRV-OP-24", "BLK", Side::Driver, Strength::MustNot, "5.2.6.1", "ZONE_APPEND data does not exceed max_append_sectors.", Observability::Direct, false),
    row("BLK-DRV-OP-25", "BLK", Side::Driver, Strength::May, "5.2.6.1", "append_sector may be read after success.", Observability::Permission, false),
    row("BLK-DRV-OP-26", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "Sequential-zone writes: size is a multiple of write_granularity.", Observability::Direct, false),
    row("BLK-DRV-OP-27", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "Sequential-zone writes: sector is aligned to write_granularity.", Observability::Direct, false),
    row("BLK-DRV-OP-28", "BLK", Side::Driver, Strength::Must, "5.2.6.1", "Sequential-zone writes: write pointer plus size stays inside zone capacity.", Observability::Partial, false),
    row("BLK-DEV-OP-1", "BLK", Side::Device, Strength::May, "5.2.6.2", "capacity may change at runtime.", Observability::Permission, true),
    row("BLK-DEV-OP-2", "BLK", Side::Device, Strength::Should, "5.2.6.2", "A capacity change should be announced by a config-change notification.", Observability::Provoked, true),
    row("BLK-DEV-OP-3", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Writes to an RO device complete with IOERR.", Observability::Direct, true),
    row("BLK-DEV-OP-4", "BLK", Side::Device, Strength::MustNot, "5.2.6.2", "Writes to an RO device change no data.", Observability::Direct, true),
    row("BLK-DEV-OP-5", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Unknown flags in discard/erase/write-zeroes yield UNSUPP.", Observability::Direct, true),
    row("BLK-DEV-OP-6", "BLK", Side::Device, Strength::Must, "5.2.6.2", "DISCARD with unmap set yields UNSUPP.", Observability::Direct, true),
    row("BLK-DEV-OP-7", "BLK", Side::Device, Strength::May, "5.2.6.2", "DISCARD may deallocate.", Observability::Permission, true),
    row("BLK-DEV-OP-8", "BLK", Side::Device, Strength::May, "5.2.6.2", "WRITE_ZEROES with unmap may deallocate.", Observability::Permission, true),
    row("BLK-DEV-OP-9", "BLK", Side::Device, Strength::Must, "5.2.6.2", "After WRITE_ZEROES the range reads as zeros.", Observability::Direct, true),
    row("BLK-DEV-OP-10", "BLK", Side::Device, Strength::Should, "5.2.6.2", "write_zeroes_may_unmap should be clear exactly when deallocation cannot happen.", Observability::None, true),
    row("BLK-DEV-OP-11", "BLK", Side::Device, Strength::May, "5.2.6.2", "write_zeroes_may_unmap may change at runtime.", Observability::Permission, true),
    row("BLK-DEV-OP-12", "BLK", Side::Device, Strength::Should, "5.2.6.2", "Its change should be announced by a config-change notification.", Observability::Provoked, true),
    row("BLK-DEV-OP-13", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Stable writes and flushed data are durable before completion is reported.", Observability::Partial, true),
    row("BLK-DEV-OP-14", "BLK", Side::Device, Strength::May, "5.2.6.2", "Without FLUSH offered, writes may be committed anyway.", Observability::Permission, true),
    row("BLK-DEV-OP-15", "BLK", Side::Device, Strength::Should, "5.2.6.2", "LIFETIME should be offered for storage with wear metrics.", Observability::None, false),
    row("BLK-DEV-OP-16", "BLK", Side::Device, Strength::MustNot, "5.2.6.2", "LIFETIME is not offered without meaningful metrics.", Observability::None, false),
    row("BLK-DEV-OP-17", "BLK", Side::Device, Strength::MustNot, "5.2.6.2", "Lifetime replies carry no reserved values.", Observability::Direct, false),
    row("BLK-DEV-OP-18", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Without ZONED, all zone commands yield UNSUPP.", Observability::Direct, false),
    row("BLK-DEV-OP-19", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Zone state commands on a conventional zone yield ZONE_INVALID_CMD.", Observability::Direct, false),
    row("BLK-DEV-OP-20", "BLK", Side::Device, Strength::Must, "5.2.6.2", "ZONE_APPEND outside a sequential-write-required zone yields ZONE_INVALID_CMD.", Observability::Direct, false),
    row("BLK-DEV-OP-21", "BLK", Side::Device, Strength::Must, "5.2.6.2", "ZONE_OPEN on an impossible transition yields ZONE_INVALID_CMD.", Observability::Direct, false),
    row("BLK-DEV-OP-22", "BLK", Side::Device, Strength::Must, "5.2.6.2", "ZONE_OPEN short of resources yields OPEN_RESOURCE/ACTIVE_RESOURCE, state unchanged.", Observability::Direct, false),
    row("BLK-DEV-OP-23", "BLK", Side::Device, Strength::Must, "5.2.6.2", "ZONE_CLOSE on an impossible transition yields ZONE_INVALID_CMD.", Observability::Direct, false),
    row("BLK-DEV-OP-24", "BLK", Side::Device, Strength::Must, "5.2.6.2", "ZONE_FINISH on an impossible transition yields ZONE_INVALID_CMD, state unchanged.", Observability::Direct, false),
    row("BLK-DEV-OP-25", "BLK", Side::Device, Strength::Must, "5.2.6.2", "ZONE_RESET on an impossible transition yields ZONE_INVALID_CMD, state unchanged.", Observability::Direct, false),
    row("BLK-DEV-OP-26", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Implicit open short of resources yields OPEN_RESOURCE/ACTIVE_RESOURCE.", Observability::Direct, true),
    row("BLK-DEV-OP-27", "BLK", Side::Device, Strength::Must, "5.2.6.2", "ZONE_APPEND away from the zone start yields ZONE_INVALID_CMD.", Observability::Direct, false),
    row("BLK-DEV-OP-28", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Writes past the zone's remaining capacity yield ZONE_INVALID_CMD.", Observability::Direct, false),
    row("BLK-DEV-OP-29", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Successful ZONE_APPEND reports where data went in append_sector.", Observability::Direct, false),
    row("BLK-DEV-OP-30", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Oversized append with limit 0 yields UNSUPP.", Observability::Direct, false),
    row("BLK-DEV-OP-31", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Oversized append with a non-zero limit yields ZONE_INVALID_CMD.", Observability::Direct, false),
    row("BLK-DEV-OP-32", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Requests on sequential zones spanning two zones yield ZONE_INVALID_CMD.", Observability::Direct, false),
    row("BLK-DEV-OP-33", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Write off the write pointer yields ZONE_UNALIGNED_WP.", Observability::Direct, false),
    row("BLK-DEV-OP-34", "BLK", Side::Device, Strength::May, "5.2.6.2", "Implicitly open zones may be closed automatically.", Observability::Permission, false),
    row("BLK-DEV-OP-35", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Writes to a read-only zone yield ZONE_INVALID_CMD.", Observability::Provoked, false),
    row("BLK-DEV-OP-36", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Any request to an offline zone yields ZONE_INVALID_CMD.", Observability::Provoked, false),
    row("BLK-DEV-OP-37", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Data beyond the write pointer counts as unwritten.", Observability::Partial, true),
    row("BLK-DEV-OP-38", "BLK", Side::Device, Strength::Must, "5.2.6.2", "Reads of unwritten data follow one of the permitted behaviours.", Observability::Direct, true),
    row("BLK-DEV-OP-39", "BLK", Side::Device, Strength::Must, "5.2.6.2", "secure_erase_sector_alignment is a multiple of zone_sectors.", Observability::Direct, false),
    row("BLK-DEV-OP-40", "BLK", Side::Device, Strength::Must, "5.2.6.2", "SECURE_ERASE size is a multiple of zone_sectors.", Observability::Direct, false),
    row("BLK-DEV-OP-41", "BLK", Side::Device, Strength::Must, "5.2.6.2", "SECURE_ERASE over zones acts as ZONE_RESET.", Observability::Direct, false),
    row("BLK-ANY-LEGOP-1", "BLK", Side::Both, Strength::Must, "5.2.6.3", "Legacy: request header is guest-endian.", Observability::Direct, false),
    row("BLK-DRV-LEGOP-1", "BLK", Side::Driver, Strength::Should, "5.2.6.3", "Legacy: used length should be disregarded.", Observability::None, false),
    row("BLK-DRV-LEGOP-2", "BLK", Side::Driver, Strength::Must, "5.2.6.3", "Legacy: FLUSH_OUT is equivalent to FLUSH.", Observability::Direct, false),
    row("BLK-DEV-LEGOP-1", "BLK", Side::Device, Strength::Should, "5.2.6.3", "Legacy BARRIER: earlier requests should be finished first.", Observability::Partial, false),
    row("BLK-DEV-LEGOP-2", "BLK", Side::Device, Strength::ShouldNot, "5.2.6.3", "Legacy BARRIER: later requests should wait.", Observability::Partial, false),
    row("BLK-DRV-LEGOP-3", "BLK", Side::Driver, Strength::May, "5.2.6.3", "Legacy: driver may switch writeback off.", Observability::Permission, false),
    row("BLK-DRV-LEGOP-4", "BLK", Side::Driver, Strength::May, "5.2.6.3", "Legacy: or flush after each write.", Observability::Permission, false),
    row("BLK-DRV-LEGOP-5", "BLK", Side::Driver, Strength::Must, "5.2.6.3", "Legacy SCSI: command sits in its own readable buffer.", Observability::Direct, false),
    row("BLK-DRV-LEGOP-6", "BLK", Side::Driver, Strength::Should, "5.2.6.3", "Legacy SCSI: data_len should be disregarded.", Observability::None, false),
    row("BLK-DRV-LEGOP-7", "BLK", Side::Driver, Strength::Must, "5.2.6.4", "Legacy without ANY_LAYOUT: header, data and status descriptors are split in the fixed way.", Observability::Direct, false),
    row("BLK-DRV-LEGOP-8", "BLK", Side::Driver, Strength::Must, "5.2.6.4", "Legacy SCSI: sense has its own 96-byte writable descriptor.", Observability::Direct, false),
    row("BLK-DRV-LEGOP-9", "BLK", Side::Driver, Strength::Must, "5.2.6.4", "Legacy SCSI: trailing result fields have their own writable descriptor.", Observability::Direct, false),
    row("CONSOLE-DEV-TXTOP-1", "CONSOLE", Side::Device, Strength::May, "5.3", "Any number of ports from one up.", Observability::Permission, true),
    row("CONSOLE-ANY-LEGCONFIG-1", "CONSOLE", Side::Both, Strength::Must, "5.3.4.1", "Legacy: console config is guest-endian.", Observability::Direct, false),
    row("CONSOLE-DEV-INIT-1", "CONSOLE", Side::Device, Strength::Must, "5.3.5.1", "emerg_wr can be written before bring-up.", Observability::Direct, true),
    row("CONSOLE-DEV-INIT-2", "CONSOLE", Side::Device, Strength::Should, "5.3.5.1", "The low byte written to emerg_wr should reach a log or output.", Observability::Partial, true),
    row("CONSOLE-DRV-OP-1", "CONSOLE", Side::Driver, Strength::MustNot, "5.3.6.1", "Receive queues hold only device-writable buffers.", Observability::Direct, true),
    row("CONSOLE-DRV-OP-2", "CONSOLE", Side::Driver, Strength::MustNot, "5.3.6.1", "Transmit queues hold only device-readable buffers.", Observability::Direct, true),
    row("CONSOLE-DEV-TXTMULTIPORT-1", "CONSOLE", Side::Device, Strength::May, "5.3.6.2", "More than one console port is possible.", Observability::Permission, true),
    row("CONSOLE-DEV-MULTIPORT-1", "CONSOLE", Side::Device, Strength::MustNot, "5.3.6.2.1", "DEVICE_ADD names a new port below max_nr_ports.", Observability::Direct, true),
    row("CONSOLE-DEV-MULTIPORT-2", "CONSOLE", Side::Device, Strength::MustNot, "5.3.6.2.1", "DEVICE_REMOVE names only a port added earlier.", Observability::Direct, true),
    row("CONSOLE-DRV-MULTIPORT-1", "CONSOLE", Side::Driver, Strength::Must, "5.3.6.2.2", "MULTIPORT: driver sends DEVICE_READY.", Observability::Direct, true),
    row("CONSOLE-DRV-MULTIPORT-2", "CONSOLE", Side::Driver, Strength::Should, "5.3.6.2.2", "CONSOLE_PORT: port should be treated as a text console.", Observability::None, true),
    row("CONSOLE-DRV-MULTIPORT-3", "CONSOLE", Side::Driver, Strength::Must, "5.3.6.2.2", "CONSOLE_PORT is answered with PORT_OPEN.", Observability::Provoked, true),
    row("CONSOLE-DRV-MULTIPORT-4", "CONSOLE", Side::Driver, Strength::Must, "5.3.6.2.2", "That PORT_OPEN has value 1.", Observability::Provoked, true),
    row("CONSOLE-ANY-LEGOP-1", "CONSOLE", Side::Both, Strength::Must, "5.3.6.3", "Legacy: control messages are guest-endian.", Observability::Direct, false),
    row("CONSOLE-DRV-LEGOP-1", "CONSOLE", Side::Driver, Strength::Should, "5.3.6.3", "Legacy: used length on transmit queues should be disregarded.", Observability::None, false),
    row("CONSOLE-DRV-LEGOP-2", "CONSOLE", Side::Driver, Strength::Must, "5.3.6.4", "Legacy without ANY_LAYOUT: control buffers are one descriptor each.", Observability::Direct, false),
    row("RNG-DRV-OP-1", "RNG", Side::Driver, Strength::MustNot, "5.4.6.1", "Entropy queue holds no device-readable buffers.", Observability::Direct, true),
    row("RNG-DRV-OP-2", "RNG", Side::Driver, Strength::Must, "5.4.6.1", "Driver takes only as many random bytes as the used length says.", Observability::Provoked, true),
    row("RNG-DEV-OP-1", "RNG", Side::Device, Strength::Must, "5.4.6.2", "At least one random byte is delivered per buffer.", Observability::Direct, true),
    row("RNG-DEV-OP-2", "RNG", Side::Device, Strength::May, "5.4.6.2", "Partial fill is permitted.", Observability::Permission, true),
    row("BALLOON-DRV-FEAT-1", "BALLOON", Side::Driver, Strength::Should, "5.5.3.1", "MUST_TELL_HOST should be accepted whenever offered.", Observability::Direct, true),
    row("BALLOON-DRV-FEAT-2", "BALLOON", Side::Driver, Strength::Should, "5.5.3.1", "PAGE_POISON should be declined if deflated pages are not written at once.", Observability::Partial, true),
    row("BALLOON-DRV-FEAT-3", "BALLOON", Side::Driver, Strength::MustNot, "5.5.3.1", "Driver needing initialised pages accepts PAGE_REPORTING only with PAGE_POISON.", Observability::Partial, true),
    row("BALLOON-DEV-FEAT-1", "BALLOON", Side::Device, Strength::May, "5.5.3.2", "Refusing FEATURES_OK is allowed when MUST_TELL_HOST is declined.", Observability::Permission, true),
    row("BALLOON-DEV-LEGFEAT-1", "BALLOON", Side::Device, Strength::Must, "5.5.3.2.0.1", "Legacy: guests declining MUST_TELL_HOST must be supported.", Observability::Provoked, false),
    row("BALLOON-DEV-LEGFEAT-2", "BALLOON", Side::Device, Strength::Should, "5.5.3.2.0.1", "Legacy: such guests should be allowed to reuse memory before telling.", Observability::Partial, false),
    row("BALLOON-ANY-LEGCONFIG-1", "BALLOON", Side::Both, Strength::Must, "5.5.4.0.0.1", "Legacy: balloon config is little-endian all the same.", Observability::Direct, false),
    row("BALLOON-DRV-OP-1", "BALLOON", Side::Driver, Strength::Should, "5.5.6.1", "Balloon should grow while num_pages exceeds its size.", Observability::Provoked, true),
    row("BALLOON-DRV-OP-2", "BALLOON", Side::Driver, Strength::May, "5.5.6.1", "Pages may be taken back while num_pages is below the balloon size.", Observability::Permission, true),
    row("BALLOON-DRV-OP-3", "BALLOON", Side::Driver, Strength::May, "5.5.6.1", "Pages may be given while num_pages is at or above the balloon size.", Observability::Permission, true),
    row("BALLOON-DRV-OP-4", "BALLOON", Side::Driver, Strength::MustNot, "5.5.6.1", "As worded: without DEFLATE_ON_OOM no page is taken back while num_pages is at or below the balloon size (clashes with the permission just above it; \"at or above\" looks intended).", Observability::Provoked, true),
    row("BALLOON-DRV-OP-5", "BALLOON", Side::Driver, Strength::May, "5.5.6.1", "DEFLATE_ON_OOM: pages may be taken back for stability.", Observability::Permission, true),
    row("BALLOON-DRV-OP-6", "BALLOON", Side::Driver, Strength::Must, "5.5.6.1", "Page reclaim is announced on deflateq.", Observability::Partial, true),
    row("BALLOON-DRV-OP-7", "BALLOON", Side::Driver, Strength::MustNot, "5.5.6.1", "MUST_TELL_HOST: pages are reused only once the deflate request is acknowledged.", Observability::Partial, true),
    row("BALLOON-DRV-OP-8", "BALLOON", Side::Driver, Strength::May, "5.5.6.1", "Without MUST_TELL_HOST: pages may be reused earlier.", Observability::Permission, true),
    row("BALLOON-DRV-OP-9", "BALLOON", Side::Driver, Strength::MustNot, "5.5.6.1", "Pages under an unacknowledged inflate request are not used.", Observability::Partial, true),
    row("BALLOON-DRV-OP-10", "BALLOON", Side::Driver, Strength::MustNot, "5.5.6.1", "No deflate of a page whose inflate is still unacknowledged.", Observability::Direct, true),
    row("BALLOON-DRV-OP-11", "BALLOON", Side::Driver, Strength::Must, "5.5.6.1", "actual is updated after the balloon size changes.", Observability::Direct, true),
    row("BALLOON-DRV-OP-12", "BALLOON", Side::Driver, Strength::May, "5.5.6.1", "actual may be updated once per batch.", Observability::Permission, true),
    row("BALLOON-DEV-OP-1", "BALLOON", Side::Device, Strength::May, "5.5.6.2", "Device may alter a page while its inflate request is pending.", Observability::Permission, true),
    row("BALLOON-DEV-OP-2", "BALLOON", Side::Device, Strength::May, "5.5.6.2", "MUST_TELL_HOST: device may alter the page until the deflate is acknowledged.", Observability::Permission, true),
    row("BALLOON-DRV-LEGOP-1", "BALLOON", Side::Driver, Strength::Should, "5.5.6.2.1", "Legacy: used length should be disregarded.", Observability::None, false),
    row("BALLOON-DRV-LEGOP-2", "BALLOON", Side::Driver, Strength::Must, "5.5.6.2.1", "Legacy: actual is written as one 4-byte store.", Observability::Direct, false),
    row("BALLOON-DEV-LEGOP-1", "BALLOON", Side::Device, Strength::ShouldNot, "5.5.6.2.1", "Legacy: actual should not be consumed until its top byte is written.", Observability::None, false),
    row("BALLOON-DRV-STATS-1", "BALLOON", Side::Driver, Strength::Must, "5.5.6.3.1", "At most one statsq buffer is outstanding.", Observability::Direct, true),
    row("BALLOON-DRV-STATS-2", "BALLOON", Side::Driver, Strength::Must, "5.5.6.3.1", "A first stats buffer is supplied after bring-up.", Observability::Direct, true),
    row("BALLOON-DRV-STATS-3", "BALLOON", Side::Driver, Strength::Must, "5.5.6.3.1", "Each used stats buffer is replaced by a new one.", Observability::Direct, true),
    row("BALLOON-DRV-STATS-4", "BALLOON", Side::Driver, Strength::Must, "5.5.6.3.1", "Stats buffers are filled with one entry per supported statistic.", Observability::Direct, true),
    row("BALLOON-DRV-STATS-5", "BALLOON", Side::Driver, Strength::Must, "5.5.6.3.1", "Stats buffer size is a multiple of 6.", Observability::Direct, true),
    row("BALLOON-DRV-STATS-6", "BALLOON", Side::Driver, Strength::May, "5.5.6.3.1", "Stats entries in any order.", Observability::Permission, true),
    row("BALLOON-DRV-STATS-7", "BALLOON", Side::Driver, Strength::May, "5.5.6.3.1", "A subset of statistics is allowed.", Observability::Permission, true),
    row("BALLOON-DRV-STATS-8", "BALLOON", Side::Driver, Strength::Must, "5.5.6.3.1", "The same subset appears in every stats buffer.", Observability::Direct, true),
    row("BALLOON-DEV-STATS-1", "BALLOON", Side::Device, Strength::Must, "5.5.6.3.2", "Unknown stats tags are disregarded.", Observability::Provoked, true),
    row("BALLOON-DEV-STATS-2", "BALLOON", Side::Device, Strength::Must, "5.5.6.3.2", "Any stats order is accepted.", Observability::Provoked, true),
    row("BALLOON-ANY-LEGSTATS-1", "BALLOON", Side::Both, Strength::Must, "5.5.6.3.3", "Legacy: stats entries are guest-endian.", Observability::Direct, false),
    row("BALLOON-DEV-LEGSTATS-1", "BALLOON", Side::Device, Strength::Should, "5.5.6.3.3", "Legacy: first stats buffer should be disregarded.", Observability::None, false),
    row("BALLOON-DRV-HINT-1", "BALLOON", Side::Driver, Strength::Must, "5.5.6.5.1", "Hint command buffers are 4 bytes.", Observability::Direct, true),
    row("BALLOON-DRV-HINT-2", "BALLOON", Side::Driver, Strength::Must, "5.5.6.5.1", "Hinting starts with a buffer carrying the current command ID.", Observability::Direct, true),
    row("BALLOON-DRV-HINT-3", "BALLOON", Side::Driver, Strength::MustNot, "5.5.6.5.1", "The current command ID is sent once only.", Observability::Direct, true),
    row("BALLOON-DRV-HINT-4", "BALLOON", Side::Driver, Strength::Should, "5.5.6.5.1", "Command ID of 2 or more: driver should supply hinted pages.", Observability::Provoked, true),
    row("BALLOON-DRV-HINT-5", "BALLOON", Side::Driver, Strength::Should, "5.5.6.5.1", "STOP or DONE: driver should stop hinting.", Observability::Provoked, true),
    row("BALLOON-DRV-HINT-6", "BALLOON", Side::Driver, Strength::Must, "5.5.6.5.1", "Unable to supply pages: send a STOP command buffer.", Observability::Provoked, true),
    row("BALLOON-DRV-HINT-7", "BALLOON", Side::Driver, Strength::May, "5.5.6.5.1", "Hinted pages may be released at any moment.", Observability::Permission, true),
    row("BALLOON-DRV-HINT-8", "BALLOON", Side::Driver, Strength::Must, "5.5.6.5.1", "Hinted pages count as uninitialised.", Observability::None, true),
    row("BALLOON-DRV-HINT-9", "BALLOON", Side::Driver, Strength::Must, "5.5.6.5.1", "Pages released before DONE are initialised by the driver.", Observability::None, true),
    row("BALLOON-DRV-HINT-10", "BALLOON", Side::Driver, Strength::Should, "5.5.6.5.1", "DONE: all hinted pages should be released.", Observability::None, true),
    row("BALLOON-DEV-HINT-1", "BALLOON", Side::Device, Strength::Should, "5.5.6.5.2", "STOP should be posted whenever hints are of no use.", Observability::None, true),
    row("BALLOON-DEV-HINT-2", "BALLOON", Side::Device, Strength::MustNot, "5.5.6.5.2", "A command ID is not reused before a STOP buffer arrives.", Observability::Direct, true),
    row("BALLOON-DEV-HINT-3", "BALLOON", Side::Device, Strength::Must, "5.5.6.5.2", "Hints under a stale command ID are disregarded.", Observability::None, true),
    row("BALLOON-DEV-HINT-4", "BALLOON", Side::Device, Strength::May, "5.5.6.5.2", "Unmodified hinted pages may be altered.", Observability::Permission, true),
    row("BALLOON-DEV-HINT-5", "BALLOON", Side::Device, Strength::MustNot, "5.5.6.5.2", "After DONE, hinted pages are not altered.", Observability::Partial, true),
    row("BALLOON-DEV-HINT-6", "BALLOON", Side::Device, Strength::Must, "5.5.6.5.2", "DONE is posted once hinted pages are no longer wanted.", Observability::Partial, true),
    row("BALLOON-ANY-LEGHINT-1", "BALLOON", Side::Both, Strength::Must, "5.5.6.5.3", "Legacy: command ID is guest-endian.", Observability::Direct, false),
    row("BALLOON-DRV-POISON-1", "BALLOON", Side::Driver, Strength::Must, "5.5.6.6.1", "Deflated pages are filled with poison_val before reuse.", Observability::Partial, true),
    row("BALLOON-DRV-POISON-2", "BALLOON", Side::Driver, Strength::Must, "5.5.6.6.1", "poison_val is written before DRIVER_OK.", Observability::Direct, true),
    row("BALLOON-DRV-POISON-3", "BALLOON", Side::Driver, Strength::MustNot, "5.5.6.6.1", "poison_val is not written after DRIVER_OK.", Observability::Direct, true),
    row("BALLOON-DEV-POISON-1", "BALLOON", Side::Device, Strength::May, "5.5.6.6.2", "poison_val may serve as a hint.", Observability::Permission, true),
    row("BALLOON-DRV-REPORT-1", "BALLOON", Side::Driver, Strength::Must, "5.5.6.7.1", "Reporting without PAGE_POISON: reported pages count as uninitialised.", Observability::None, true),
    row("BALLOON-DRV-REPORT-2", "BALLOON", Side::Driver, Strength::Must, "5.5.6.7.1", "Reporting with PAGE_POISON: pages hold poison_val when reported.", Observability::Direct, true),
    row("BALLOON-DRV-REPORT-3", "BALLOON", Side::Driver, Strength::MustNot, "5.5.6.7.1", "Reported pages are unused until acknowledged.", Observability::Partial, true),
    row("BALLOON-DRV-REPORT-4", "BALLOON", Side::Driver, Strength::May, "5.5.6.7.1", "Reporting may begin any time after DRIVER_OK.", Observability::Permission, true),
    row("BALLOON-DRV-REPORT-5", "BALLOON", Side::Driver, Strength::Should, "5.5.6.7.1", "Large pages should be preferred for reporting.", Observability::Partial, true),
    row("BALLOON-DRV-REPORT-6", "BALLOON", Side::Driver, Strength::Should, "5.5.6.7.1", "Reported pages should be left alone where possible.", Observability::None, true),
    row("BALLOON-DEV-REPORT-1", "BALLOON", Side::Device, Strength::May, "5.5.6.7.2", "Without PAGE_POISON: reported pages may be altered before acknowledgement.", Observability::Permission, true),
    row("BALLOON-DEV-REPORT-2", "BALLOON", Side::Device, Strength::MustNot, "5.5.6.7.2", "With PAGE_POISON: reported pages hold poison_val or stay as they were.", Observability::Partial, true),
    row("SCSI-DEV-TXTFEATUREBITS-1", "SCSI", Side::Device, Strength::Should, "5.6.3", "", Observability::Unclassified, false),
    row("SCSI-DRV-TXTFEATUREBITS-1", "SCSI", Side::Driver, Strength::Should, "5.6.3", "", Observability::Unclassified, false),
    row("SCSI-DRV-TXTFEATUREBITS-2", "SCSI", Side::Driver, Strength::Should, "5.6.3", "", Observability::Unclassified, false),
    row("SCSI-DRV-TXTCONFIGURATIO-1", "SCSI", Side::Driver, Strength::May, "5.6.4", "", Observability::Permission, false),
    row("SCSI-DEV-TXTCONFIGURATIO-1", "SCSI", Side::Device, Strength::Must, "5.6.4", "", Observability::Unclassified, false),
    row("SCSI-DEV-TXTCONFIGURATIO-2", "SCSI", Side::Device, Strength::Must, "5.6.4", "", Observability::Unclassified, false),
    row("SCSI-DRV-TXTCONFIGURATIO-2", "SCSI", Side::Driver, Strength::Should, "5.6.4", "", Observability::Unclassified, false),
    row("SCSI-DRV-TXTCONFIGURATIO-3", "SCSI", Side::Driver, Strength::Should, "5.6.4", "", Observability::Unclassified, false),
    row("SCSI-DRV-TXTCONFIGURATIO-4", "SCSI", Side::Driver, Strength::Should, "5.6.4", "", Observability::Unclassified, false),
    row("SCSI-DRV-CONFIGURATIO-1", "SCSI", Side::Driver, Strength::MustNot, "5.6.4.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-CONFIGURATIO-2", "SCSI", Side::Driver, Strength::MustNot, "5.6.4.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-CONFIGURATIO-3", "SCSI", Side::Driver, Strength::MustNot, "5.6.4.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-CONFIGURATIO-1", "SCSI", Side::Device, Strength::Must, "5.6.4.2", "", Observability::Unclassified, false),
    row("SCSI-ANY-LEGACYINTERF-1", "SCSI", Side::Both, Strength::Must, "5.6.4.3", "", Observability::Unclassified, false),
    row("SCSI-DRV-INITIALIZATI-1", "SCSI", Side::Driver, Strength::Should, "5.6.5", "", Observability::Unclassified, false),
    row("SCSI-DRV-INITIALIZATI-2", "SCSI", Side::Driver, Strength::Should, "5.6.5", "", Observability::Unclassified, false),
    row("SCSI-DRV-INITIALIZATI-3", "SCSI", Side::Driver, Strength::May, "5.6.5", "", Observability::Permission, false),
    row("SCSI-DRV-LEGACYINTERF-1", "SCSI", Side::Driver, Strength::Should, "5.6.6.0.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-TXTREQUESTQUEUE-1", "SCSI", Side::Device, Strength::Should, "5.6.6.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-TXTREQUESTQUEUE-2", "SCSI", Side::Device, Strength::May, "5.6.6.1", "", Observability::Permission, false),
    row("SCSI-DEV-TXTREQUESTQUEUE-3", "SCSI", Side::Device, Strength::May, "5.6.6.1", "", Observability::Permission, false),
    row("SCSI-DEV-TXTREQUESTQUEUE-4", "SCSI", Side::Device, Strength::May, "5.6.6.1", "", Observability::Permission, false),
    row("SCSI-DRV-TXTREQUESTQUEUE-1", "SCSI", Side::Driver, Strength::ShouldNot, "5.6.6.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-1", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-2", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-3", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-4", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-5", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-6", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-7", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-8", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-9", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-10", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-11", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-REQUESTQUEUE-12", "SCSI", Side::Device, Strength::May, "5.6.6.1.1", "", Observability::Permission, false),
    row("SCSI-DEV-REQUESTQUEUE-13", "SCSI", Side::Device, Strength::Must, "5.6.6.1.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-REQUESTQUEUE-1", "SCSI", Side::Driver, Strength::Should, "5.6.6.1.2", "", Observability::Unclassified, false),
    row("SCSI-DRV-REQUESTQUEUE-2", "SCSI", Side::Driver, Strength::ShouldNot, "5.6.6.1.2", "", Observability::Unclassified, false),
    row("SCSI-ANY-LEGACYINTERF-2", "SCSI", Side::Both, Strength::Must, "5.6.6.1.3", "", Observability::Unclassified, false),
    row("SCSI-DEV-TXTCONTROLQ-1", "SCSI", Side::Device, Strength::Must, "5.6.6.2", "", Observability::Unclassified, false),
    row("SCSI-DEV-TXTCONTROLQ-2", "SCSI", Side::Device, Strength::Must, "5.6.6.2", "", Observability::Unclassified, false),
    row("SCSI-DEV-TXTCONTROLQ-3", "SCSI", Side::Device, Strength::Must, "5.6.6.2", "", Observability::Unclassified, false),
    row("SCSI-DEV-TXTCONTROLQ-4", "SCSI", Side::Device, Strength::Must, "5.6.6.2", "", Observability::Unclassified, false),
    row("SCSI-ANY-LEGACYINTERF-3", "SCSI", Side::Both, Strength::Must, "5.6.6.2.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-TXTEVENTQ-1", "SCSI", Side::Device, Strength::May, "5.6.6.3", "", Observability::Permission, false),
    row("SCSI-DEV-TXTEVENTQ-2", "SCSI", Side::Device, Strength::May, "5.6.6.3", "", Observability::Permission, false),
    row("SCSI-DEV-TXTEVENTQ-3", "SCSI", Side::Device, Strength::May, "5.6.6.3", "", Observability::Permission, false),
    row("SCSI-DEV-TXTEVENTQ-4", "SCSI", Side::Device, Strength::Should, "5.6.6.3", "", Observability::Unclassified, false),
    row("SCSI-DRV-EVENTQ-1", "SCSI", Side::Driver, Strength::Should, "5.6.6.3.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-EVENTQ-2", "SCSI", Side::Driver, Strength::Must, "5.6.6.3.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-EVENTQ-3", "SCSI", Side::Driver, Strength::Should, "5.6.6.3.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-EVENTQ-4", "SCSI", Side::Driver, Strength::Must, "5.6.6.3.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-EVENTQ-5", "SCSI", Side::Driver, Strength::Should, "5.6.6.3.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-EVENTQ-6", "SCSI", Side::Driver, Strength::Should, "5.6.6.3.1", "", Observability::Unclassified, false),
    row("SCSI-DRV-EVENTQ-7", "SCSI", Side::Driver, Strength::Should, "5.6.6.3.1", "", Observability::Unclassified, false),
    row("SCSI-DEV-EVENTQ-1", "SCSI", Side::Device, Strength::Must, "5.6.6.3.2", "", Observability::Unclassified, false),
    row("SCSI-DEV-EVENTQ-2", "SCSI", Side::Device, Strength::May, "5.6.6.3.2", "", Observability::Permission, false),
    row("SCSI-DEV-EVENTQ-3", "SCSI", Side::Device, Strength::MustNot, "5.6.6.3.2", "", Observability::Unclassified, false),
    row("SCSI-DEV-EVENTQ-4", "SCSI", Side::Device, Strength::MustNot, "5.6.6.3.2", "", Observability::Unclassified, false),
    row("SCSI-ANY-LEGACYINTERF-4", "SCSI", Side::Both, Strength::Must, "5.6.6.3.3", "", Observability::Unclassified, false),
    row("SCSI-DRV-LEGACYINTERF-2", "SCSI", Side::Driver, Strength::Must, "5.6.6.4", "", Observability::Unclassified, false),
    row("SCSI-DRV-LEGACYINTERF-3", "SCSI", Side::Driver, Strength::Must, "5.6.6.4", "", Observability::Unclassified, false),
    row("GPU-DRV-TXTCONFIG-1", "GPU", Side::Driver, Strength::MustNot, "5.7.4.1", "events_read is never written by the driver.", Observability::Direct, true),
    row("GPU-DRV-TXTCONFIG-2", "GPU", Side::Driver, Strength::Should, "5.7.4.2", "Display event should lead to GET_DISPLAY_INFO.", Observability::Provoked, true),
    row("GPU-DRV-TXTCONFIG-3", "GPU", Side::Driver, Strength::Should, "5.7.4.2", "Display event with EDID should lead to GET_EDID (spec text says device, meaning driver).", Observability::Provoked, true),
    row("GPU-DRV-INIT-1", "GPU", Side::Driver, Strength::Should, "5.7.5", "GET_DISPLAY_INFO should precede scanout setup.", Observability::Direct, true),
    row("GPU-DRV-INIT-2", "GPU", Side::Driver, Strength::Should, "5.7.5", "With EDID, GET_EDID should be issued (spec text says device, meaning driver).", Observability::Direct, true),
    row("GPU-DRV-INIT-3", "GPU", Side::Driver, Strength::May, "5.7.5", "A fallback mode may be chosen.", Observability::Permission, true),
    row("GPU-DRV-INIT-4", "GPU", Side::Driver, Strength::Should, "5.7.5", "Shared memory regions should be enumerated.", Observability::Partial, true),
    row("GPU-DEV-INIT-1", "GPU", Side::Device, Strength::Must, "5.7.5", "GPU shmids are limited to the listed values.", Observability::Direct, true),
    row("GPU-DEV-INIT-2", "GPU", Side::Device, Strength::Must, "5.7.5", "With a host-visible region, MAP_BLOB and UNMAP_BLOB are supported.", Observability::Direct, false),
    row("GPU-DEV-FENCE-1", "GPU", Side::Device, Strength::May, "5.7.6.5", "Commands may complete asynchronously.", Observability::Permission, true),
    row("GPU-DEV-FENCE-2", "GPU", Side::Device, Strength::Must, "5.7.6.5", "A fenced command is returned only when finished.", Observability::Partial, true),
    row("GPU-DRV-TXTCURSOR-1", "GPU", Side::Driver, Strength::Must, "5.7.6.6", "Cursor resource is created, filled and fenced before use.", Observability::Direct, true),
    row("GPU-DEV-TXTHDR-1", "GPU", Side::Device, Strength::Must, "5.7.6.7", "Fenced request: reply has FLAG_FENCE.", Observability::Direct, true),
    row("GPU-DEV-TXTHDR-2", "GPU", Side::Device, Strength::Must, "5.7.6.7", "Fenced request: reply echoes fence_id.", Observability::Direct, true),
    row("GPU-DEV-TXTHDR-3", "GPU", Side::Device, Strength::Must, "5.7.6.7", "Fenced request: reply comes after completion.", Observability::Partial, true),
    row("GPU-DRV-TXTHDR-1", "GPU", Side::Driver, Strength::May, "5.7.6.7", "CONTEXT_INIT: ring_idx may be used.", Observability::Permission, false),
    row("GPU-DEV-TXTHDR-4", "GPU", Side::Device, Strength::Must, "5.7.6.7", "CONTEXT_INIT: completing a fence also answers lower fences on that timeline.", Observability::Partial, false),
    row("GPU-DRV-TXTCTRLQ-1", "GPU", Side::Driver, Strength::Must, "5.7.6.8", "capset_index is below num_capsets.", Observability::Direct, false),
    row("GPU-DEV-TXTCTRLQ-1", "GPU", Side::Device, Strength::Must, "5.7.6.8", "capset_id is one of the capability-set ids the spec lists.", Observability::Direct, false),
    row("GPU-DRV-TXTCTRLQ-2", "GPU", Side::Driver, Strength::Must, "5.7.6.8", "blob_mem states the memory type.", Observability::Direct, false),
    row("GPU-DRV-TXTCTRLQ-3", "GPU", Side::Driver, Strength::Must, "5.7.6.8", "blob_mem is non-zero.", Observability::Direct, false),
    row("GPU-DRV-TXTCTRLQ-4", "GPU", Side::Driver, Strength::Must, "5.7.6.8", "HOST3D blobs come from the context object named by blob_id.", Observability::None, false),
    row("GPU-DRV-TXTCTRLQ-5", "GPU", Side::Driver, Strength::Must, "5.7.6.8", "blob_flags state mapping and sharing use.", Observability::Partial, false),
    row("GPU-DRV-TXTCTRLQ-6", "GPU", Side::Driver, Strength::Must, "5.7.6.8", "SET_SCANOUT_BLOB format is a listed format.", Observability::Direct, false),
    row("GPU-DRV-TXTCTRLQ-7", "GPU", Side::Driver, Strength::May, "5.7.6.8", "The scanout format may be compressed.", Observability::Permission, true),
    row("GPU-DRV-CTRLQ-1", "GPU", Side::Driver, Strength::Must, "5.7.6.8.1", "BLOB_ALIGNMENT: create size is aligned to blob_alignment.", Observability::Direct, false),
    row("GPU-DEV-TXT3D-1", "GPU", Side::Device, Strength::Must, "5.7.6.9", "CTX_CREATE makes a context under the given ctx_id.", Observability::Partial, false),
    row("GPU-DRV-TXT3D-1", "GPU", Side::Driver, Strength::May, "5.7.6.9", "context_init may carry the capset id.", Observability::Permission, false),
    row("GPU-DEV-TXT3D-2", "GPU", Side::Device, Strength::Must, "5.7.6.9", "In that case the context handles that command stream.", Observability::Partial, false),
    row("GPU-DRV-TXT3D-2", "GPU", Side::Driver, Strength::MustNot, "5.7.6.9", "A mapped blob is not mapped again.", Observability::Direct, false),
    row("GPU-DRV-3D-1", "GPU", Side::Driver, Strength::Must, "5.7.6.9.1", "BLOB_ALIGNMENT: map offset is aligned to blob_alignment.", Observability::Direct, false),
    row("INPUT-DRV-INIT-1", "INPUT", Side::Driver, Strength::Must, "5.8.5.1", "Config query writes both select and subsel.", Observability::Direct, true),
    row("INPUT-DRV-INIT-2", "INPUT", Side::Driver, Strength::MustNot, "5.8.5.1", "Only select and subsel are written.", Observability::Direct, true),
    row("INPUT-DRV-INIT-3", "INPUT", Side::Driver, Strength::Should, "5.8.5.1", "size should be read before the payload.", Observability::Direct, true),
    row("INPUT-DEV-INIT-1", "INPUT", Side::Device, Strength::Must, "5.8.5.2", "Unsupported select/subsel pair gives size 0.", Observability::Direct, true),
    row("INPUT-DRV-OP-1", "INPUT", Side::Driver, Strength::Should, "5.8.6.1", "eventq should be kept stocked.", Observability::Partial, true),
    row("INPUT-DRV-OP-2", "INPUT", Side::Driver, Strength::Must, "5.8.6.1", "eventq buffers are device-writable.", Observability::Direct, true),
    row("INPUT-DRV-OP-3", "INPUT", Side::Driver, Strength::Must, "5.8.6.1", "eventq buffers hold at least one event struct.", Observability::Direct, true),
    row("INPUT-DRV-OP-4", "INPUT", Side::Driver, Strength::Must, "5.8.6.1", "statusq buffers hold at least one event struct.", Observability::Direct, true),
    row("INPUT-DRV-OP-5", "INPUT", Side::Driver, Strength::Should, "5.8.6.1", "Unknown events should be disregarded.", Observability::Provoked, true),
    row("INPUT-DEV-OP-1", "INPUT", Side::Device, Strength::May, "5.8.6.2", "Events may be dropped when buffers run out.", Observability::Permission, true),
    row("INPUT-DEV-OP-2", "INPUT", Side::Device, Strength::ShouldNot, "5.8.6.2", "A multi-event update should not be dropped in part.", Observability::Provoked, true),
    row("INPUT-DEV-OP-3", "INPUT", Side::Device, Strength::Should, "5.8.6.2", "A whole update should be buffered or dropped.", Observability::Provoked, true),
    row("CRYPTO-DRV-TXTCONFIGURATIO-1", "CRYPTO", Side::Driver, Strength::May, "5.9.5", "", Observability::Permission, false),
    row("CRYPTO-DEV-CONFIGURATIO-1", "CRYPTO", Side::Device, Strength::Must, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-2", "CRYPTO", Side::Device, Strength::Must, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-3", "CRYPTO", Side::Device, Strength::MustNot, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-4", "CRYPTO", Side::Device, Strength::Must, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-5", "CRYPTO", Side::Device, Strength::Must, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-6", "CRYPTO", Side::Device, Strength::Must, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-7", "CRYPTO", Side::Device, Strength::MustNot, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-8", "CRYPTO", Side::Device, Strength::Must, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-9", "CRYPTO", Side::Device, Strength::Must, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-CONFIGURATIO-10", "CRYPTO", Side::Device, Strength::Must, "5.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-3", "CRYPTO", Side::Driver, Strength::MustNot, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-4", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-5", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-6", "CRYPTO", Side::Driver, Strength::Should, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-7", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-8", "CRYPTO", Side::Driver, Strength::Should, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-9", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-10", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-11", "CRYPTO", Side::Driver, Strength::Should, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-12", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-13", "CRYPTO", Side::Driver, Strength::Should, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-CONFIGURATIO-14", "CRYPTO", Side::Driver, Strength::Must, "5.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-INITIALIZATI-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-INITIALIZATI-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-INITIALIZATI-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-TXTSTATUS-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSESSIONSYMME-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.3", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSESSIONSYMME-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.3", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSESSIONAKCIP-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSESSIONAKCIP-2", "CRYPTO", Side::Driver, Strength::MustNot, "5.9.9.2.1.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSESSIONAKCIP-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SESSIONCREAT-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.6", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SESSIONCREAT-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.6", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SESSIONCREAT-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.6", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SESSIONCREAT-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.2.1.7", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SESSIONCREAT-2", "CRYPTO", Side::Device, Strength::Must, "5.9.9.2.1.7", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SESSIONCREAT-3", "CRYPTO", Side::Device, Strength::Must, "5.9.9.2.1.7", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SESSIONCREAT-4", "CRYPTO", Side::Device, Strength::Must, "5.9.9.2.1.7", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SESSIONCREAT-5", "CRYPTO", Side::Device, Strength::Must, "5.9.9.2.1.7", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SESSIONCREAT-6", "CRYPTO", Side::Device, Strength::Must, "5.9.9.2.1.7", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SESSIONCREAT-7", "CRYPTO", Side::Device, Strength::Must, "5.9.9.2.1.7", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SESSIONDESTR-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.8", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SESSIONDESTR-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.2.1.8", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SESSIONDESTR-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.2.1.9", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-HASHSERVICE-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.4.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-HASHSERVICE-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.4.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-HASHSERVICE-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.4.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-HASHSERVICE-4", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.4.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-HASHSERVICE-5", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.4.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-HASHSERVICE-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.4.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-HASHSERVICE-2", "CRYPTO", Side::Device, Strength::Must, "5.9.9.4.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-HASHSERVICE-3", "CRYPTO", Side::Device, Strength::Must, "5.9.9.4.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-HASHSERVICE-4", "CRYPTO", Side::Device, Strength::Must, "5.9.9.4.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-HASHSERVICE-5", "CRYPTO", Side::Device, Strength::Must, "5.9.9.4.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-HASHSERVICE-6", "CRYPTO", Side::Device, Strength::Must, "5.9.9.4.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-HASHSERVICE-7", "CRYPTO", Side::Device, Strength::Must, "5.9.9.4.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-MACSERVICE-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-MACSERVICE-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-MACSERVICE-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-MACSERVICE-4", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-MACSERVICE-5", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.5.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-MACSERVICE-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-MACSERVICE-2", "CRYPTO", Side::Device, Strength::Must, "5.9.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-MACSERVICE-3", "CRYPTO", Side::Device, Strength::Must, "5.9.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-MACSERVICE-4", "CRYPTO", Side::Device, Strength::Must, "5.9.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-MACSERVICE-5", "CRYPTO", Side::Device, Strength::Must, "5.9.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-MACSERVICE-6", "CRYPTO", Side::Device, Strength::Must, "5.9.9.5.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSYMMETRICALG-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSYMMETRICALG-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSYMMETRICALG-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTSYMMETRICALG-4", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SYMMETRICALG-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SYMMETRICALG-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SYMMETRICALG-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SYMMETRICALG-4", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SYMMETRICALG-5", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SYMMETRICALG-6", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-SYMMETRICALG-7", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.6.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-2", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-3", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-4", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-5", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-6", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-7", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-8", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-9", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-10", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-SYMMETRICALG-11", "CRYPTO", Side::Device, Strength::Must, "5.9.9.6.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AEADSERVICE-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.7.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AEADSERVICE-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.7.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AEADSERVICE-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.7.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AEADSERVICE-4", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.7.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AEADSERVICE-5", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.7.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AEADSERVICE-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.7.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AEADSERVICE-2", "CRYPTO", Side::Device, Strength::Must, "5.9.9.7.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AEADSERVICE-3", "CRYPTO", Side::Device, Strength::Must, "5.9.9.7.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AEADSERVICE-4", "CRYPTO", Side::Device, Strength::Must, "5.9.9.7.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AEADSERVICE-5", "CRYPTO", Side::Device, Strength::Must, "5.9.9.7.2", "", Observability::Unclassified, false),
    row("CRYPTO-ANY-TXTAKCIPHERSERV-1", "CRYPTO", Side::Both, Strength::Must, "5.9.9.8", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AKCIPHERSERV-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.8.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AKCIPHERSERV-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.8.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AKCIPHERSERV-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.8.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AKCIPHERSERV-4", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.8.1", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-AKCIPHERSERV-5", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.8.1", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AKCIPHERSERV-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.8.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AKCIPHERSERV-2", "CRYPTO", Side::Device, Strength::Must, "5.9.9.8.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AKCIPHERSERV-3", "CRYPTO", Side::Device, Strength::Must, "5.9.9.8.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AKCIPHERSERV-4", "CRYPTO", Side::Device, Strength::Must, "5.9.9.8.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AKCIPHERSERV-5", "CRYPTO", Side::Device, Strength::Must, "5.9.9.8.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AKCIPHERSERV-6", "CRYPTO", Side::Device, Strength::Must, "5.9.9.8.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AKCIPHERSERV-7", "CRYPTO", Side::Device, Strength::Must, "5.9.9.8.2", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-AKCIPHERSERV-8", "CRYPTO", Side::Device, Strength::Must, "5.9.9.8.2", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-TXTDATAPROCESSI-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.9.3", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-1", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-2", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-3", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-4", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-5", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-6", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-7", "CRYPTO", Side::Device, Strength::Should, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-8", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-9", "CRYPTO", Side::Device, Strength::May, "5.9.9.9.4", "", Observability::Permission, false),
    row("CRYPTO-DEV-IPSECSERVICE-10", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-11", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-12", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-13", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-14", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-15", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-16", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DEV-IPSECSERVICE-17", "CRYPTO", Side::Device, Strength::Must, "5.9.9.9.4", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-IPSECSERVICE-1", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.9.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-IPSECSERVICE-2", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.9.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-IPSECSERVICE-3", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.9.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-IPSECSERVICE-4", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.9.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-IPSECSERVICE-5", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.9.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-IPSECSERVICE-6", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.9.5", "", Observability::Unclassified, false),
    row("CRYPTO-DRV-IPSECSERVICE-7", "CRYPTO", Side::Driver, Strength::Must, "5.9.9.9.5", "", Observability::Unclassified, false),
    row("VSOCK-DRV-FEAT-1", "VSOCK", Side::Driver, Strength::Should, "5.10.3.1", "NO_IMPLIED_STREAM should be accepted whenever offered.", Observability::Direct, true),
    row("VSOCK-DRV-FEAT-2", "VSOCK", Side::Driver, Strength::Should, "5.10.3.1", "No socket feature negotiated: driver should behave as with STREAM.", Observability::Provoked, true),
    row("VSOCK-DRV-FEAT-3", "VSOCK", Side::Driver, Strength::May, "5.10.3.1", "SEQPACKET without NO_IMPLIED_STREAM: driver may presume STREAM.", Observability::Permission, true),
    row("VSOCK-DEV-FEAT-1", "VSOCK", Side::Device, Strength::Should, "5.10.3.2", "NO_IMPLIED_STREAM should be offered.", Observability::Direct, true),
    row("VSOCK-DEV-FEAT-2", "VSOCK", Side::Device, Strength::Should, "5.10.3.2", "No socket feature negotiated: device should behave as with STREAM.", Observability::Direct, true),
    row("VSOCK-DEV-FEAT-3", "VSOCK", Side::Device, Strength::May, "5.10.3.2", "SEQPACKET without NO_IMPLIED_STREAM: device may presume STREAM.", Observability::Permission, true),
    row("VSOCK-DRV-FLOW-1", "VSOCK", Side::Driver, Strength::Must, "5.10.6.1.1", "Driver keeps draining rx when tx is full, resources permitting.", Observability::Provoked, true),
    row("VSOCK-DEV-FLOW-1", "VSOCK", Side::Device, Strength::Must, "5.10.6.1.2", "Device keeps draining tx when rx is full, resources permitting.", Observability::Provoked, true),
    row("VSOCK-DRV-CREDIT-1", "VSOCK", Side::Driver, Strength::Must, "5.10.6.3.1", "Driver sends payload only within the peer's free credit.", Observability::Direct, true),
    row("VSOCK-DRV-CREDIT-2", "VSOCK", Side::Driver, Strength::Must, "5.10.6.3.1", "Every stream packet from the driver has valid buf_alloc and fwd_cnt.", Observability::Direct, true),
    row("VSOCK-DEV-CREDIT-1", "VSOCK", Side::Device, Strength::Must, "5.10.6.3.2", "Device sends payload only within the peer's free credit.", Observability::Direct, true),
    row("VSOCK-DEV-CREDIT-2", "VSOCK", Side::Device, Strength::Must, "5.10.6.3.2", "Every stream packet from the device has valid buf_alloc and fwd_cnt.", Observability::Direct, true),
    row("VSOCK-DRV-RXTX-1", "VSOCK", Side::Driver, Strength::Must, "5.10.6.4.1", "Source CID of outgoing packets is guest_cid.", Observability::Direct, true),
    row("VSOCK-DRV-RXTX-2", "VSOCK", Side::Driver, Strength::Must, "5.10.6.4.1", "Packet of unknown type is answered with RST by the driver.", Observability::Provoked, true),
    row("VSOCK-DEV-RXTX-1", "VSOCK", Side::Device, Strength::MustNot, "5.10.6.4.2", "guest_cid is not a reserved CID.", Observability::Direct, true),
    row("VSOCK-DEV-RXTX-2", "VSOCK", Side::Device, Strength::Must, "5.10.6.4.2", "Packet of unknown type is answered with RST by the device.", Observability::Provoked, true),
    row("VSOCK-DRV-EVENT-1", "VSOCK", Side::Driver, Strength::Should, "5.10.6.7.1", "Event buffers should be replenished promptly.", Observability::Partial, true),
    row("VSOCK-DRV-EVENT-2", "VSOCK", Side::Driver, Strength::Must, "5.10.6.7.1", "Transport reset event: guest_cid is read again.", Observability::Provoked, true),
    row("VSOCK-DRV-EVENT-3", "VSOCK", Side::Driver, Strength::Must, "5.10.6.7.1", "Transport reset event: existing connections are closed.", Observability::Provoked, true),
    row("VSOCK-DRV-EVENT-4", "VSOCK", Side::Driver, Strength::Must, "5.10.6.7.1", "Transport reset event: listeners continue under the new CID.", Observability::Provoked, true),
    row("FS-DRV-CONFIG-1", "FS", Side::Driver, Strength::MustNot, "5.11.4.1", "fs config fields are never written.", Observability::Direct, false),
    row("FS-DRV-CONFIG-2", "FS", Side::Driver, Strength::May, "5.11.4.1", "1..num_request_queues request queues may be used.", Observability::Permission, false),
    row("FS-DEV-CONFIG-1", "FS", Side::Device, Strength::Must, "5.11.4.2", "num_request_queues is at least 1.", Observability::Direct, false),
    row("FS-DEV-CONFIG-2", "FS", Side::Device, Strength::Must, "5.11.4.2", "notify_buf_size fits every notification the device emits.", Observability::Direct, false),
    row("FS-DEV-HIPRIO-1", "FS", Side::Device, Strength::MustNot, "5.11.6.2.1", "hiprio progress does not depend on request-queue activity.", Observability::Provoked, false),
    row("FS-DEV-HIPRIO-2", "FS", Side::Device, Strength::May, "5.11.6.2.1", "Request queues may run concurrently with hiprio.", Observability::Permission, false),
    row("FS-DRV-HIPRIO-1", "FS", Side::Driver, Strength::Must, "5.11.6.2.2", "INTERRUPT, FORGET and BATCH_FORGET go only to hiprio.", Observability::Direct, false),
    row("FS-DRV-HIPRIO-2", "FS", Side::Driver, Strength::MustNot, "5.11.6.2.2", "Ordinary requests never go to hiprio.", Observability::Direct, false),
    row("FS-DRV-HIPRIO-3", "FS", Side::Driver, Strength::Must, "5.11.6.2.2", "Driver expects concurrency between hiprio and request queues.", Observability::None, false),
    row("FS-DRV-NOTIFY-1", "FS", Side::Driver, Strength::Must, "5.11.6.3.1", "Notification buffers have at least notify_buf_size bytes.", Observability::Direct, false),
    row("FS-DRV-NOTIFY-2", "FS", Side::Driver, Strength::Should, "5.11.6.3.1", "Notification buffers should be replenished promptly.", Observability::Partial, false),
    row("FS-DEV-DAX-1", "FS", Side::Device, Strength::May, "5.11.6.4.1", "A DAX window may be offered.", Observability::Permission, false),
    row("FS-DEV-DAX-2", "FS", Side::Device, Strength::Must, "5.11.6.4.1", "DAX window is shared memory id 0.", Observability::Direct, false),
    row("FS-DEV-DAX-3", "FS", Side::Device, Strength::Must, "5.11.6.4.1", "READ and WRITE work with or without DAX.", Observability::Direct, false),
    row("FS-DEV-DAX-4", "FS", Side::Device, Strength::Must, "5.11.6.4.1", "Overlapping DAX mappings are accepted.", Observability::Direct, false),
    row("FS-DEV-DAX-5", "FS", Side::Device, Strength::Must, "5.11.6.4.1", "DAX mappings past the window end are refused.", Observability::Direct, false),
    row("FS-DRV-DAX-1", "FS", Side::Driver, Strength::Should, "5.11.6.4.2", "Driver should cope with a missing DAX window.", Observability::Provoked, false),
    row("FS-DRV-DAX-2", "FS", Side::Driver, Strength::May, "5.11.6.4.2", "READ/WRITE and DAX may be mixed.", Observability::Permission, false),
    row("FS-DRV-DAX-3", "FS", Side::Driver, Strength::MustNot, "5.11.6.4.2", "Unmapped DAX areas are not touched.", Observability::Partial, false),
    row("RPMB-DEV-TXTCONFIGURATIO-1", "RPMB", Side::Device, Strength::Must, "5.12.4", "", Observability::Unclassified, false),
    row("RPMB-DEV-INITIALIZATI-1", "RPMB", Side::Device, Strength::Must, "5.12.5", "", Observability::Unclassified, false),
    row("RPMB-DEV-PROGRAMKEY-1", "RPMB", Side::Device, Strength::Should, "5.12.6.1.1", "", Observability::Unclassified, false),
    row("RPMB-DEV-PROGRAMKEY-2", "RPMB", Side::Device, Strength::Should, "5.12.6.1.1", "", Observability::Unclassified, false),
    row("RPMB-DEV-PROGRAMKEY-3", "RPMB", Side::Device, Strength::Should, "5.12.6.1.1", "", Observability::Unclassified, false),
    row("RPMB-DEV-PROGRAMKEY-4", "RPMB", Side::Device, Strength::Should, "5.12.6.1.1", "", Observability::Unclassified, false),
    row("RPMB-DEV-PROGRAMKEY-5", "RPMB", Side::Device, Strength::Should, "5.12.6.1.1", "", Observability::Unclassified, false),
    row("RPMB-DEV-GETWRITE-1", "RPMB", Side::Device, Strength::Should, "5.12.6.1.2", "", Observability::Unclassified, false),
    row("RPMB-DEV-GETWRITE-2", "RPMB", Side::Device, Strength::Should, "5.12.6.1.2", "", Observability::Unclassified, false),
    row("RPMB-DEV-GETWRITE-3", "RPMB", Side::Device, Strength::Should, "5.12.6.1.2", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-1", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-2", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-3", "RPMB", Side::Device, Strength::Must, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-4", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-5", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-6", "RPMB", Side::Device, Strength::Must, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-7", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-8", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-9", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-10", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-11", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-12", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-13", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAWRITE-14", "RPMB", Side::Device, Strength::Should, "5.12.6.1.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAREAD-1", "RPMB", Side::Device, Strength::Should, "5.12.6.1.4", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAREAD-2", "RPMB", Side::Device, Strength::Should, "5.12.6.1.4", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAREAD-3", "RPMB", Side::Device, Strength::Should, "5.12.6.1.4", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAREAD-4", "RPMB", Side::Device, Strength::Should, "5.12.6.1.4", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAREAD-5", "RPMB", Side::Device, Strength::Should, "5.12.6.1.4", "", Observability::Unclassified, false),
    row("RPMB-DEV-DATAREAD-6", "RPMB", Side::Device, Strength::Should, "5.12.6.1.4", "", Observability::Unclassified, false),
    row("RPMB-DEV-RESULTREAD-1", "RPMB", Side::Device, Strength::Should, "5.12.6.1.5", "", Observability::Unclassified, false),
    row("RPMB-DRV-OP-1", "RPMB", Side::Driver, Strength::MustNot, "5.12.6.2", "", Observability::Unclassified, false),
    row("RPMB-DRV-OP-2", "RPMB", Side::Driver, Strength::Must, "5.12.6.2", "", Observability::Unclassified, false),
    row("RPMB-DEV-OP-1", "RPMB", Side::Device, Strength::Should, "5.12.6.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-OP-2", "RPMB", Side::Device, Strength::Must, "5.12.6.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-OP-3", "RPMB", Side::Device, Strength::Must, "5.12.6.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-OP-4", "RPMB", Side::Device, Strength::Must, "5.12.6.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-OP-5", "RPMB", Side::Device, Strength::Must, "5.12.6.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-OP-6", "RPMB", Side::Device, Strength::Must, "5.12.6.3", "", Observability::Unclassified, false),
    row("RPMB-DEV-OP-7", "RPMB", Side::Device, Strength::Must, "5.12.6.3", "", Observability::Unclassified, false),
    row("IOMMU-DRV-FEATUREBITS-1", "IOMMU", Side::Driver, Strength::Should, "5.13.3.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-FEATUREBITS-1", "IOMMU", Side::Device, Strength::Should, "5.13.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-FEATUREBITS-2", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-FEATUREBITS-3", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DRV-CONFIGURATIO-1", "IOMMU", Side::Driver, Strength::May, "5.13.4.1", "", Observability::Permission, false),
    row("IOMMU-DRV-CONFIGURATIO-2", "IOMMU", Side::Driver, Strength::MustNot, "5.13.4.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-CONFIGURATIO-3", "IOMMU", Side::Driver, Strength::MustNot, "5.13.4.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-CONFIGURATIO-4", "IOMMU", Side::Driver, Strength::Should, "5.13.4.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-CONFIGURATIO-1", "IOMMU", Side::Device, Strength::Must, "5.13.4.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-CONFIGURATIO-2", "IOMMU", Side::Device, Strength::May, "5.13.4.2", "", Observability::Permission, false),
    row("IOMMU-DEV-CONFIGURATIO-3", "IOMMU", Side::Device, Strength::May, "5.13.4.2", "", Observability::Permission, false),
    row("IOMMU-DEV-CONFIGURATIO-4", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.4.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-CONFIGURATIO-5", "IOMMU", Side::Device, Strength::Should, "5.13.4.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-CONFIGURATIO-6", "IOMMU", Side::Device, Strength::MustNot, "5.13.4.2", "", Observability::Unclassified, false),
    row("IOMMU-DRV-INITIALIZATI-1", "IOMMU", Side::Driver, Strength::MustNot, "5.13.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-INITIALIZATI-2", "IOMMU", Side::Driver, Strength::Should, "5.13.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-OPERATIONS-1", "IOMMU", Side::Driver, Strength::Should, "5.13.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-OPERATIONS-2", "IOMMU", Side::Driver, Strength::Must, "5.13.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-OPERATIONS-3", "IOMMU", Side::Driver, Strength::Should, "5.13.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-OPERATIONS-4", "IOMMU", Side::Driver, Strength::MustNot, "5.13.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-OPERATIONS-5", "IOMMU", Side::Driver, Strength::MustNot, "5.13.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-OPERATIONS-1", "IOMMU", Side::Device, Strength::Should, "5.13.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-OPERATIONS-2", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-OPERATIONS-3", "IOMMU", Side::Device, Strength::Should, "5.13.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-OPERATIONS-4", "IOMMU", Side::Device, Strength::Must, "5.13.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-OPERATIONS-5", "IOMMU", Side::Device, Strength::Should, "5.13.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-OPERATIONS-6", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DRV-ATTACHREQUES-1", "IOMMU", Side::Driver, Strength::Should, "5.13.6.3.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-ATTACHREQUES-2", "IOMMU", Side::Driver, Strength::Should, "5.13.6.3.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-ATTACHREQUES-3", "IOMMU", Side::Driver, Strength::Should, "5.13.6.3.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-ATTACHREQUES-4", "IOMMU", Side::Driver, Strength::ShouldNot, "5.13.6.3.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-1", "IOMMU", Side::Device, Strength::Must, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-2", "IOMMU", Side::Device, Strength::Must, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-3", "IOMMU", Side::Device, Strength::Must, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-4", "IOMMU", Side::Device, Strength::May, "5.13.6.3.2", "", Observability::Permission, false),
    row("IOMMU-DEV-ATTACHREQUES-5", "IOMMU", Side::Device, Strength::Must, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-6", "IOMMU", Side::Device, Strength::Should, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-7", "IOMMU", Side::Device, Strength::Should, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-8", "IOMMU", Side::Device, Strength::Should, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-9", "IOMMU", Side::Device, Strength::Must, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-10", "IOMMU", Side::Device, Strength::Should, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-11", "IOMMU", Side::Device, Strength::Should, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-ATTACHREQUES-12", "IOMMU", Side::Device, Strength::Must, "5.13.6.3.2", "", Observability::Unclassified, false),
    row("IOMMU-DRV-DETACHREQUES-1", "IOMMU", Side::Driver, Strength::Should, "5.13.6.4.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-DETACHREQUES-1", "IOMMU", Side::Device, Strength::Must, "5.13.6.4.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-DETACHREQUES-2", "IOMMU", Side::Device, Strength::Must, "5.13.6.4.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-DETACHREQUES-3", "IOMMU", Side::Device, Strength::May, "5.13.6.4.2", "", Observability::Permission, false),
    row("IOMMU-DEV-DETACHREQUES-4", "IOMMU", Side::Device, Strength::Must, "5.13.6.4.2", "", Observability::Unclassified, false),
    row("IOMMU-DRV-MAPREQUEST-1", "IOMMU", Side::Driver, Strength::Should, "5.13.6.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-MAPREQUEST-2", "IOMMU", Side::Driver, Strength::ShouldNot, "5.13.6.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-MAPREQUEST-3", "IOMMU", Side::Driver, Strength::Must, "5.13.6.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-MAPREQUEST-4", "IOMMU", Side::Driver, Strength::Should, "5.13.6.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-MAPREQUEST-5", "IOMMU", Side::Driver, Strength::Should, "5.13.6.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-MAPREQUEST-6", "IOMMU", Side::Driver, Strength::Must, "5.13.6.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-MAPREQUEST-7", "IOMMU", Side::Driver, Strength::MustNot, "5.13.6.5.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-MAPREQUEST-1", "IOMMU", Side::Device, Strength::Should, "5.13.6.5.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-MAPREQUEST-2", "IOMMU", Side::Device, Strength::Should, "5.13.6.5.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-MAPREQUEST-3", "IOMMU", Side::Device, Strength::Must, "5.13.6.5.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-MAPREQUEST-4", "IOMMU", Side::Device, Strength::Should, "5.13.6.5.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-MAPREQUEST-5", "IOMMU", Side::Device, Strength::Should, "5.13.6.5.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-MAPREQUEST-6", "IOMMU", Side::Device, Strength::MustNot, "5.13.6.5.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-MAPREQUEST-7", "IOMMU", Side::Device, Strength::May, "5.13.6.5.2", "", Observability::Permission, false),
    row("IOMMU-DRV-UNMAPREQUEST-1", "IOMMU", Side::Driver, Strength::Should, "5.13.6.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-UNMAPREQUEST-2", "IOMMU", Side::Driver, Strength::Should, "5.13.6.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-UNMAPREQUEST-3", "IOMMU", Side::Driver, Strength::May, "5.13.6.6.1", "", Observability::Permission, false),
    row("IOMMU-DRV-UNMAPREQUEST-4", "IOMMU", Side::Driver, Strength::Must, "5.13.6.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-UNMAPREQUEST-5", "IOMMU", Side::Driver, Strength::Must, "5.13.6.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-UNMAPREQUEST-6", "IOMMU", Side::Driver, Strength::ShouldNot, "5.13.6.6.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-UNMAPREQUEST-1", "IOMMU", Side::Device, Strength::May, "5.13.6.6.2", "", Observability::Permission, false),
    row("IOMMU-DEV-UNMAPREQUEST-2", "IOMMU", Side::Device, Strength::May, "5.13.6.6.2", "", Observability::Permission, false),
    row("IOMMU-DEV-UNMAPREQUEST-3", "IOMMU", Side::Device, Strength::Should, "5.13.6.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-UNMAPREQUEST-4", "IOMMU", Side::Device, Strength::Should, "5.13.6.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-UNMAPREQUEST-5", "IOMMU", Side::Device, Strength::Should, "5.13.6.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-UNMAPREQUEST-6", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-UNMAPREQUEST-7", "IOMMU", Side::Device, Strength::Should, "5.13.6.6.2", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROBEREQUEST-1", "IOMMU", Side::Driver, Strength::Must, "5.13.6.7.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROBEREQUEST-2", "IOMMU", Side::Driver, Strength::Should, "5.13.6.7.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROBEREQUEST-3", "IOMMU", Side::Driver, Strength::Should, "5.13.6.7.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROBEREQUEST-4", "IOMMU", Side::Driver, Strength::ShouldNot, "5.13.6.7.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROBEREQUEST-5", "IOMMU", Side::Driver, Strength::Must, "5.13.6.7.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROBEREQUEST-6", "IOMMU", Side::Driver, Strength::Should, "5.13.6.7.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-1", "IOMMU", Side::Device, Strength::Must, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-2", "IOMMU", Side::Device, Strength::Should, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-3", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-4", "IOMMU", Side::Device, Strength::Should, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-5", "IOMMU", Side::Device, Strength::Should, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-6", "IOMMU", Side::Device, Strength::Must, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-7", "IOMMU", Side::Device, Strength::Must, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-8", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-9", "IOMMU", Side::Device, Strength::Should, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROBEREQUEST-10", "IOMMU", Side::Device, Strength::Should, "5.13.6.7.2", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROPERTYRESV-1", "IOMMU", Side::Driver, Strength::ShouldNot, "5.13.6.8.1.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROPERTYRESV-2", "IOMMU", Side::Driver, Strength::Must, "5.13.6.8.1.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-PROPERTYRESV-3", "IOMMU", Side::Driver, Strength::Should, "5.13.6.8.1.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROPERTYRESV-1", "IOMMU", Side::Device, Strength::Should, "5.13.6.8.1.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROPERTYRESV-2", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.8.1.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROPERTYRESV-3", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.8.1.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROPERTYRESV-4", "IOMMU", Side::Device, Strength::Should, "5.13.6.8.1.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-PROPERTYRESV-5", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.8.1.2", "", Observability::Unclassified, false),
    row("IOMMU-DRV-FAULTREPORTI-1", "IOMMU", Side::Driver, Strength::Must, "5.13.6.9.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-FAULTREPORTI-2", "IOMMU", Side::Driver, Strength::Must, "5.13.6.9.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-FAULTREPORTI-3", "IOMMU", Side::Driver, Strength::Must, "5.13.6.9.1", "", Observability::Unclassified, false),
    row("IOMMU-DRV-FAULTREPORTI-4", "IOMMU", Side::Driver, Strength::Should, "5.13.6.9.1", "", Observability::Unclassified, false),
    row("IOMMU-DEV-FAULTREPORTI-1", "IOMMU", Side::Device, Strength::Should, "5.13.6.9.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-FAULTREPORTI-2", "IOMMU", Side::Device, Strength::Should, "5.13.6.9.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-FAULTREPORTI-3", "IOMMU", Side::Device, Strength::Should, "5.13.6.9.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-FAULTREPORTI-4", "IOMMU", Side::Device, Strength::May, "5.13.6.9.2", "", Observability::Permission, false),
    row("IOMMU-DEV-FAULTREPORTI-5", "IOMMU", Side::Device, Strength::ShouldNot, "5.13.6.9.2", "", Observability::Unclassified, false),
    row("IOMMU-DEV-FAULTREPORTI-6", "IOMMU", Side::Device, Strength::May, "5.13.6.9.2", "", Observability::Permission, false),
    row("SOUND-DRV-INITIALIZATI-1", "SOUND", Side::Driver, Strength::MustNot, "5.14.5.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-INITIALIZATI-2", "SOUND", Side::Driver, Strength::Must, "5.14.5.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-INITIALIZATI-3", "SOUND", Side::Driver, Strength::MustNot, "5.14.5.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-ITEMINFORMAT-1", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-ITEMINFORMAT-2", "SOUND", Side::Driver, Strength::Must, "5.14.6.2", "", Observability::Unclassified, false),
    row("SOUND-DEV-JACKINFORMAT-1", "SOUND", Side::Device, Strength::MustNot, "5.14.6.4.1.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-JACKINFORMAT-2", "SOUND", Side::Device, Strength::Must, "5.14.6.4.1.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-STREAMINFORM-1", "SOUND", Side::Device, Strength::MustNot, "5.14.6.6.2.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-STREAMINFORM-2", "SOUND", Side::Device, Strength::Must, "5.14.6.6.2.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-TXTVIRTIOSND-1", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.6.3", "", Observability::Unclassified, false),
    row("SOUND-DRV-TXTVIRTIOSND-2", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.6.3", "", Observability::Unclassified, false),
    row("SOUND-DEV-STREAMPARAME-1", "SOUND", Side::Device, Strength::Must, "5.14.6.6.3.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-STREAMPARAME-1", "SOUND", Side::Driver, Strength::Must, "5.14.6.6.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-STREAMPARAME-2", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.6.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-STREAMPARAME-3", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.6.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-STREAMPARAME-4", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.6.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-STREAMPARAME-5", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.6.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-STREAMPARAME-6", "SOUND", Side::Driver, Strength::Must, "5.14.6.6.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-STREAMPARAME-7", "SOUND", Side::Driver, Strength::Must, "5.14.6.6.3.2", "", Observability::Unclassified, false),
    row("SOUND-DEV-STREAMRELEAS-1", "SOUND", Side::Device, Strength::Must, "5.14.6.6.5.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-STREAMRELEAS-2", "SOUND", Side::Device, Strength::MustNot, "5.14.6.6.5.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-OUTPUTSTREAM-1", "SOUND", Side::Device, Strength::MustNot, "5.14.6.8.1.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-OUTPUTSTREAM-1", "SOUND", Side::Driver, Strength::Should, "5.14.6.8.1.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-OUTPUTSTREAM-2", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.8.1.2", "", Observability::Unclassified, false),
    row("SOUND-DEV-INPUTSTREAM-1", "SOUND", Side::Device, Strength::MustNot, "5.14.6.8.2.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-INPUTSTREAM-1", "SOUND", Side::Driver, Strength::Should, "5.14.6.8.2.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-INPUTSTREAM-2", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.8.2.2", "", Observability::Unclassified, false),
    row("SOUND-DEV-CHANNELMAP-1", "SOUND", Side::Device, Strength::MustNot, "5.14.6.9.1.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-CHANNELMAP-2", "SOUND", Side::Device, Strength::MustNot, "5.14.6.9.1.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-CONTROLELEME-1", "SOUND", Side::Device, Strength::MustNot, "5.14.6.10.1.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-CONTROLELEME-2", "SOUND", Side::Device, Strength::Must, "5.14.6.10.1.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-CONTROLELEME-3", "SOUND", Side::Device, Strength::Must, "5.14.6.10.1.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-CONTROLELEME-4", "SOUND", Side::Device, Strength::Must, "5.14.6.10.1.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-CONTROLELEME-1", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.10.2.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-CONTROLELEME-2", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.10.2.1", "", Observability::Unclassified, false),
    row("SOUND-DEV-CONTROLELEME-5", "SOUND", Side::Device, Strength::Should, "5.14.6.10.3.1", "", Observability::Unclassified, false),
    row("SOUND-DRV-CONTROLELEME-3", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.10.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-CONTROLELEME-4", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.10.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-CONTROLELEME-5", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.10.3.2", "", Observability::Unclassified, false),
    row("SOUND-DRV-CONTROLELEME-6", "SOUND", Side::Driver, Strength::MustNot, "5.14.6.10.3.2", "", Observability::Unclassified, false),
    row("SOUND-DEV-CONTROLELEME-6", "SOUND", Side::Device, Strength::MustNot, "5.14.6.10.4.1", "", Observability::Unclassified, false),
    row("MEM-DRV-CONFIGURATIO-1", "MEM", Side::Driver, Strength::MustNot, "5.15.4.1", "", Observability::Unclassified, false),
    row("MEM-DRV-CONFIGURATIO-2", "MEM", Side::Driver, Strength::Must, "5.15.4.1", "", Observability::Unclassified, false),
    row("MEM-DRV-CONFIGURATIO-3", "MEM", Side::Driver, Strength::Must, "5.15.4.1", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-1", "MEM", Side::Device, Strength::May, "5.15.4.2", "", Observability::Permission, false),
    row("MEM-DEV-CONFIGURATIO-2", "MEM", Side::Device, Strength::MustNot, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-3", "MEM", Side::Device, Strength::Must, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-4", "MEM", Side::Device, Strength::Must, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-5", "MEM", Side::Device, Strength::Must, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-6", "MEM", Side::Device, Strength::Must, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-7", "MEM", Side::Device, Strength::Must, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-8", "MEM", Side::Device, Strength::MustNot, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-9", "MEM", Side::Device, Strength::Must, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-10", "MEM", Side::Device, Strength::ShouldNot, "5.15.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-CONFIGURATIO-11", "MEM", Side::Device, Strength::May, "5.15.4.2", "", Observability::Permission, false),
    row("MEM-DRV-INITIALIZATI-1", "MEM", Side::Driver, Strength::Should, "5.15.5.1", "", Observability::Unclassified, false),
    row("MEM-DRV-INITIALIZATI-2", "MEM", Side::Driver, Strength::Should, "5.15.5.1", "", Observability::Unclassified, false),
    row("MEM-DEV-INITIALIZATI-1", "MEM", Side::Device, Strength::May, "5.15.5.2", "", Observability::Permission, false),
    row("MEM-DEV-INITIALIZATI-2", "MEM", Side::Device, Strength::MustNot, "5.15.5.2", "", Observability::Unclassified, false),
    row("MEM-DEV-INITIALIZATI-3", "MEM", Side::Device, Strength::MustNot, "5.15.5.2", "", Observability::Unclassified, false),
    row("MEM-DEV-INITIALIZATI-4", "MEM", Side::Device, Strength::Should, "5.15.5.2", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-1", "MEM", Side::Driver, Strength::MustNot, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-2", "MEM", Side::Driver, Strength::MustNot, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-3", "MEM", Side::Driver, Strength::MustNot, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-4", "MEM", Side::Driver, Strength::ShouldNot, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-5", "MEM", Side::Driver, Strength::MustNot, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-6", "MEM", Side::Driver, Strength::MustNot, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-7", "MEM", Side::Driver, Strength::Should, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-8", "MEM", Side::Driver, Strength::Should, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-9", "MEM", Side::Driver, Strength::Should, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-OP-10", "MEM", Side::Driver, Strength::May, "5.15.6.1", "", Observability::Permission, false),
    row("MEM-DRV-OP-11", "MEM", Side::Driver, Strength::MustNot, "5.15.6.1", "", Observability::Unclassified, false),
    row("MEM-DEV-OP-1", "MEM", Side::Device, Strength::Must, "5.15.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-OP-2", "MEM", Side::Device, Strength::May, "5.15.6.2", "", Observability::Permission, false),
    row("MEM-DEV-OP-3", "MEM", Side::Device, Strength::MustNot, "5.15.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-OP-4", "MEM", Side::Device, Strength::Must, "5.15.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-OP-5", "MEM", Side::Device, Strength::Must, "5.15.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-OP-6", "MEM", Side::Device, Strength::May, "5.15.6.2", "", Observability::Permission, false),
    row("MEM-DEV-OP-7", "MEM", Side::Device, Strength::Should, "5.15.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-OP-8", "MEM", Side::Device, Strength::MustNot, "5.15.6.2", "", Observability::Unclassified, false),
    row("MEM-DRV-PLUGREQUEST-1", "MEM", Side::Driver, Strength::Must, "5.15.6.3.1", "", Observability::Unclassified, false),
    row("MEM-DEV-PLUGREQUEST-1", "MEM", Side::Device, Strength::Must, "5.15.6.3.2", "", Observability::Unclassified, false),
    row("MEM-DEV-PLUGREQUEST-2", "MEM", Side::Device, Strength::Must, "5.15.6.3.2", "", Observability::Unclassified, false),
    row("MEM-DEV-PLUGREQUEST-3", "MEM", Side::Device, Strength::Must, "5.15.6.3.2", "", Observability::Unclassified, false),
    row("MEM-DEV-PLUGREQUEST-4", "MEM", Side::Device, Strength::Must, "5.15.6.3.2", "", Observability::Unclassified, false),
    row("MEM-DEV-PLUGREQUEST-5", "MEM", Side::Device, Strength::May, "5.15.6.3.2", "", Observability::Permission, false),
    row("MEM-DEV-PLUGREQUEST-6", "MEM", Side::Device, Strength::Must, "5.15.6.3.2", "", Observability::Unclassified, false),
    row("MEM-DEV-PLUGREQUEST-7", "MEM", Side::Device, Strength::Must, "5.15.6.3.2", "", Observability::Unclassified, false),
    row("MEM-DRV-UNPLUGREQUES-1", "MEM", Side::Driver, Strength::Must, "5.15.6.4.1", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-1", "MEM", Side::Device, Strength::Must, "5.15.6.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-2", "MEM", Side::Device, Strength::Must, "5.15.6.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-3", "MEM", Side::Device, Strength::Must, "5.15.6.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-4", "MEM", Side::Device, Strength::Must, "5.15.6.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-5", "MEM", Side::Device, Strength::May, "5.15.6.4.2", "", Observability::Permission, false),
    row("MEM-DEV-UNPLUGREQUES-6", "MEM", Side::Device, Strength::Must, "5.15.6.4.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-7", "MEM", Side::Device, Strength::Must, "5.15.6.4.2", "", Observability::Unclassified, false),
    row("MEM-DRV-UNPLUGREQUES-2", "MEM", Side::Driver, Strength::Must, "5.15.6.5.1", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-8", "MEM", Side::Device, Strength::Must, "5.15.6.5.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-9", "MEM", Side::Device, Strength::Must, "5.15.6.5.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-10", "MEM", Side::Device, Strength::May, "5.15.6.5.2", "", Observability::Permission, false),
    row("MEM-DEV-UNPLUGREQUES-11", "MEM", Side::Device, Strength::Must, "5.15.6.5.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-12", "MEM", Side::Device, Strength::Must, "5.15.6.5.2", "", Observability::Unclassified, false),
    row("MEM-DEV-UNPLUGREQUES-13", "MEM", Side::Device, Strength::May, "5.15.6.5.2", "", Observability::Permission, false),
    row("MEM-DRV-STATEREQUEST-1", "MEM", Side::Driver, Strength::Must, "5.15.6.6.1", "", Observability::Unclassified, false),
    row("MEM-DRV-STATEREQUEST-2", "MEM", Side::Driver, Strength::Must, "5.15.6.6.1", "", Observability::Unclassified, false),
    row("MEM-DEV-STATEREQUEST-1", "MEM", Side::Device, Strength::Must, "5.15.6.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-STATEREQUEST-2", "MEM", Side::Device, Strength::Must, "5.15.6.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-STATEREQUEST-3", "MEM", Side::Device, Strength::Must, "5.15.6.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-STATEREQUEST-4", "MEM", Side::Device, Strength::Must, "5.15.6.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-STATEREQUEST-5", "MEM", Side::Device, Strength::Must, "5.15.6.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-STATEREQUEST-6", "MEM", Side::Device, Strength::Must, "5.15.6.6.2", "", Observability::Unclassified, false),
    row("MEM-DEV-STATEREQUEST-7", "MEM", Side::Device, Strength::Must, "5.15.6.6.2", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-1", "I2C", Side::Driver, Strength::Must, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-2", "I2C", Side::Driver, Strength::Must, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-3", "I2C", Side::Driver, Strength::Must, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-4", "I2C", Side::Driver, Strength::Must, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-5", "I2C", Side::Driver, Strength::MustNot, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-6", "I2C", Side::Driver, Strength::MustNot, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-7", "I2C", Side::Driver, Strength::Must, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-8", "I2C", Side::Driver, Strength::MustNot, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-9", "I2C", Side::Driver, Strength::Must, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DRV-OP-10", "I2C", Side::Driver, Strength::Must, "5.16.6.3", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-1", "I2C", Side::Device, Strength::Must, "5.16.6.4", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-2", "I2C", Side::Device, Strength::Must, "5.16.6.4", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-3", "I2C", Side::Device, Strength::Should, "5.16.6.4", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-4", "I2C", Side::Device, Strength::MustNot, "5.16.6.4", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-5", "I2C", Side::Device, Strength::MustNot, "5.16.6.4", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-6", "I2C", Side::Device, Strength::Must, "5.16.6.4", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-7", "I2C", Side::Device, Strength::Must, "5.16.6.4", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-8", "I2C", Side::Device, Strength::Must, "5.16.6.4", "", Observability::Unclassified, false),
    row("I2C-DEV-OP-9", "I2C", Side::Device, Strength::May, "5.16.6.4", "", Observability::Permission, false),
    row("SCMI-DEV-FEATUREBITS-1", "SCMI", Side::Device, Strength::Must, "5.17.3.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-FEATUREBITS-2", "SCMI", Side::Device, Strength::Must, "5.17.3.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-CMDQ-1", "SCMI", Side::Device, Strength::May, "5.17.6.1.1", "", Observability::Permission, false),
    row("SCMI-DEV-CMDQ-2", "SCMI", Side::Device, Strength::Must, "5.17.6.1.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-CMDQ-3", "SCMI", Side::Device, Strength::Must, "5.17.6.1.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-CMDQ-4", "SCMI", Side::Device, Strength::Should, "5.17.6.1.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-CMDQ-5", "SCMI", Side::Device, Strength::Must, "5.17.6.1.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-CMDQ-6", "SCMI", Side::Device, Strength::MustNot, "5.17.6.1.1", "", Observability::Unclassified, false),
    row("SCMI-DRV-CMDQ-1", "SCMI", Side::Driver, Strength::Must, "5.17.6.1.2", "", Observability::Unclassified, false),
    row("SCMI-DRV-CMDQ-2", "SCMI", Side::Driver, Strength::Must, "5.17.6.1.2", "", Observability::Unclassified, false),
    row("SCMI-DRV-CMDQ-3", "SCMI", Side::Driver, Strength::MustNot, "5.17.6.1.2", "", Observability::Unclassified, false),
    row("SCMI-DRV-SETTINGUP-1", "SCMI", Side::Driver, Strength::Should, "5.17.6.2.1", "", Observability::Unclassified, false),
    row("SCMI-DRV-SETTINGUP-2", "SCMI", Side::Driver, Strength::MustNot, "5.17.6.2.1", "", Observability::Unclassified, false),
    row("SCMI-DRV-SETTINGUP-3", "SCMI", Side::Driver, Strength::MustNot, "5.17.6.2.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-EVENTQ-1", "SCMI", Side::Device, Strength::May, "5.17.6.3.1", "", Observability::Permission, false),
    row("SCMI-DEV-EVENTQ-2", "SCMI", Side::Device, Strength::May, "5.17.6.3.1", "", Observability::Permission, false),
    row("SCMI-DEV-EVENTQ-3", "SCMI", Side::Device, Strength::May, "5.17.6.3.1", "", Observability::Permission, false),
    row("SCMI-DEV-EVENTQ-4", "SCMI", Side::Device, Strength::May, "5.17.6.3.1", "", Observability::Permission, false),
    row("SCMI-DEV-EVENTQ-5", "SCMI", Side::Device, Strength::Must, "5.17.6.3.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-EVENTQ-6", "SCMI", Side::Device, Strength::Must, "5.17.6.3.1", "", Observability::Unclassified, false),
    row("SCMI-DEV-SHAREDMEMORY-1", "SCMI", Side::Device, Strength::May, "5.17.6.4.1", "", Observability::Permission, false),
    row("SCMI-DEV-SHAREDMEMORY-2", "SCMI", Side::Device, Strength::Must, "5.17.6.4.1", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-1", "GPIO", Side::Driver, Strength::Must, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-2", "GPIO", Side::Driver, Strength::Must, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-3", "GPIO", Side::Driver, Strength::Must, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-4", "GPIO", Side::Driver, Strength::Must, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-5", "GPIO", Side::Driver, Strength::Must, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-6", "GPIO", Side::Driver, Strength::Must, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-7", "GPIO", Side::Driver, Strength::May, "5.18.6.8", "", Observability::Permission, false),
    row("GPIO-DRV-REQUESTQ-8", "GPIO", Side::Driver, Strength::MustNot, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-9", "GPIO", Side::Driver, Strength::MustNot, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-10", "GPIO", Side::Driver, Strength::Must, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DRV-REQUESTQ-11", "GPIO", Side::Driver, Strength::Must, "5.18.6.8", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-1", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-2", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-3", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-4", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-5", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-6", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-7", "GPIO", Side::Device, Strength::May, "5.18.6.9", "", Observability::Permission, false),
    row("GPIO-DEV-REQUESTQ-8", "GPIO", Side::Device, Strength::May, "5.18.6.9", "", Observability::Permission, false),
    row("GPIO-DEV-REQUESTQ-9", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-10", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-11", "GPIO", Side::Device, Strength::MustNot, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DEV-REQUESTQ-12", "GPIO", Side::Device, Strength::Must, "5.18.6.9", "", Observability::Unclassified, false),
    row("GPIO-DRV-EVENTQ-1", "GPIO", Side::Driver, Strength::Must, "5.18.7.2", "", Observability::Unclassified, false),
    row("GPIO-DRV-EVENTQ-2", "GPIO", Side::Driver, Strength::Must, "5.18.7.2", "", Observability::Unclassified, false),
    row("GPIO-DRV-EVENTQ-3", "GPIO", Side::Driver, Strength::Must, "5.18.7.2", "", Observability::Unclassified, false),
    row("GPIO-DRV-EVENTQ-4", "GPIO", Side::Driver, Strength::MustNot, "5.18.7.2", "", Observability::Unclassified, false),
    row("GPIO-DEV-EVENTQ-1", "GPIO", Side::Device, Strength::MustNot, "5.18.7.3", "", Observability::Unclassified, false),
    row("GPIO-DEV-EVENTQ-2", "GPIO", Side::Device, Strength::Must, "5.18.7.3", "", Observability::Unclassified, false),
    row("PMEM-DEV-INIT-1", "PMEM", Side::Device, Strength::Must, "5.19.5.1", "SHMEM_REGION: range is published as a shared memory region.", Observability::Direct, false),
    row("PMEM-DEV-INIT-2", "PMEM", Side::Device, Strength::Must, "5.19.5.1", "SHMEM_REGION: that region has id 0.", Observability::Direct, false),
    row("PMEM-DEV-INIT-3", "PMEM", Side::Device, Strength::Should, "5.19.5.1", "SHMEM_REGION: start and size should be zero.", Observability::Direct, false),
    row("PMEM-DEV-INIT-4", "PMEM", Side::Device, Strength::Must, "5.19.5.1", "No SHMEM_REGION: range is given as a physical address.", Observability::Direct, false),
    row("PMEM-DEV-INIT-5", "PMEM", Side::Device, Strength::Must, "5.19.5.1", "No SHMEM_REGION: start and size hold that range in bytes.", Observability::Direct, false),
    row("PMEM-DRV-INIT-1", "PMEM", Side::Driver, Strength::Must, "5.19.5.2", "SHMEM_REGION: driver asks for shared memory id 0.", Observability::Direct, false),
    row("PMEM-DRV-INIT-2", "PMEM", Side::Driver, Strength::MustNot, "5.19.5.2", "SHMEM_REGION: driver does not use the config range.", Observability::Direct, false),
    row("PMEM-DRV-INIT-3", "PMEM", Side::Driver, Strength::Must, "5.19.5.2", "No SHMEM_REGION: driver reads the config range.", Observability::Direct, false),
    row("PMEM-DEV-FLUSH-1", "PMEM", Side::Device, Strength::Must, "5.19.7.1", "Flush completes only after prior writes are durable.", Observability::Partial, false),
    row("PMEM-DEV-FLUSH-2", "PMEM", Side::Device, Strength::Must, "5.19.7.3", "Flush result is 0 or -1.", Observability::Direct, false),
    row("CAN-DRV-INITIALIZATI-1", "CAN", Side::Driver, Strength::Must, "5.20.4.1", "", Observability::Unclassified, false),
    row("CAN-DEV-CANMESSAGE-1", "CAN", Side::Device, Strength::Must, "5.20.5.2", "", Observability::Unclassified, false),
    row("CAN-DEV-CANMESSAGE-2", "CAN", Side::Device, Strength::MustNot, "5.20.5.2", "", Observability::Unclassified, false),
    row("CAN-DEV-CANMESSAGE-3", "CAN", Side::Device, Strength::Must, "5.20.5.2", "", Observability::Unclassified, false),
    row("CAN-DEV-CANMESSAGE-4", "CAN", Side::Device, Strength::MustNot, "5.20.5.2", "", Observability::Unclassified, false),
    row("CAN-DEV-CANMESSAGE-5", "CAN", Side::Device, Strength::Must, "5.20.5.2", "", Observability::Unclassified, false),
    row("CAN-DEV-CANMESSAGE-6", "CAN", Side::Device, Strength::May, "5.20.5.2", "", Observability::Permission, false),
    row("SPI-DRV-OP-1", "SPI", Side::Driver, Strength::Must, "5.21.6.3", "", Observability::Unclassified, false),
    row("SPI-DRV-OP-2", "SPI", Side::Driver, Strength::Must, "5.21.6.3", "", Observability::Unclassified, false),
    row("SPI-DRV-OP-3", "SPI", Side::Driver, Strength::Must, "5.21.6.3", "", Observability::Unclassified, false),
    row("SPI-DRV-OP-4", "SPI", Side::Driver, Strength::Must, "5.21.6.3", "", Observability::Unclassified, false),
    row("SPI-DRV-OP-5", "SPI", Side::Driver, Strength::MustNot, "5.21.6.3", "", Observability::Unclassified, false),
    row("SPI-DEV-OP-1", "SPI", Side::Device, Strength::Must, "5.21.6.4", "", Observability::Unclassified, false),
    row("SPI-DEV-OP-2", "SPI", Side::Device, Strength::MustNot, "5.21.6.4", "", Observability::Unclassified, false),
    row("SPI-DEV-OP-3", "SPI", Side::Device, Strength::Must, "5.21.6.4", "", Observability::Unclassified, false),
    row("SPI-DEV-OP-4", "SPI", Side::Device, Strength::Must, "5.21.6.4", "", Observability::Unclassified, false),
    row("SPI-DEV-OP-5", "SPI", Side::Device, Strength::Must, "5.21.6.4", "", Observability::Unclassified, false),
    row("SPI-DEV-OP-6", "SPI", Side::Device, Strength::Must, "5.21.6.4", "", Observability::Unclassified, false),
    row("MEDIA-DEV-OPEN-1", "MEDIA", Side::Device, Strength::Must, "5.22.6.1.3.1", "", Observability::Unclassified, false),
    row("MEDIA-DRV-CLOSE-1", "MEDIA", Side::Driver, Strength::MustNot, "5.22.6.1.4.1", "", Observability::Unclassified, false),
    row("MEDIA-DEV-V4L2IOCTLS-1", "MEDIA", Side::Device, Strength::Must, "5.22.6.1.5.2", "", Observability::Unclassified, false),
    row("MEDIA-DRV-V4L2IOCTLS-1", "MEDIA", Side::Driver, Strength::Must, "5.22.6.1.5.3", "", Observability::Unclassified, false),
    row("MEDIA-DRV-V4L2IOCTLS-2", "MEDIA", Side::Driver, Strength::Must, "5.22.6.1.5.3", "", Observability::Unclassified, false),
    row("MEDIA-DEV-HANDLINGPOIN-1", "MEDIA", Side::Device, Strength::Must, "5.22.6.1.5.5", "", Observability::Unclassified, false),
    row("MEDIA-DEV-UNSUPPORTEDI-1", "MEDIA", Side::Device, Strength::Must, "5.22.6.1.5.8", "", Observability::Unclassified, false),
    row("MEDIA-DEV-MAPPINGMMAP-1", "MEDIA", Side::Device, Strength::Must, "5.22.6.1.6.1", "", Observability::Unclassified, false),
    row("MEDIA-DEV-UNMAPPINGMMA-1", "MEDIA", Side::Device, Strength::Must, "5.22.6.1.7.1", "", Observability::Unclassified, false),
    row("MEDIA-DEV-SHAREDPAGES-1", "MEDIA", Side::Device, Strength::MustNot, "5.22.6.1.8.3", "", Observability::Unclassified, false),
    row("MEDIA-DEV-SHAREDPAGES-2", "MEDIA", Side::Device, Strength::Must, "5.22.6.1.8.3", "", Observability::Unclassified, false),
    row("MEDIA-DEV-VIRTIOOBJECT-1", "MEDIA", Side::Device, Strength::Must, "5.22.6.1.8.5", "", Observability::Unclassified, false),
    row("MEDIA-DEV-SIDEERROR-1", "MEDIA", Side::Device, Strength::MustNot, "5.22.6.2.2.1", "", Observability::Unclassified, false),
    row("MEDIA-DRV-SIDEERROR-1", "MEDIA", Side::Driver, Strength::Must, "5.22.6.2.2.2", "", Observability::Unclassified, false),
    row("MEDIA-DRV-DEQUEUEBUFFE-1", "MEDIA", Side::Driver, Strength::Must, "5.22.6.2.3.1", "", Observability::Unclassified, false),
    row("RTC-DEV-FEAT-1", "RTC", Side::Device, Strength::Should, "5.23.3.1", "ALARM should be offered if a clock can do alarms.", Observability::Partial, false),
    row("RTC-DRV-OP-1", "RTC", Side::Driver, Strength::Must, "5.23.6.1", "Other response fields are read only when status is OK.", Observability::None, false),
    row("RTC-DRV-OP-2", "RTC", Side::Driver, Strength::Must, "5.23.6.1", "Reserved request fields are zero.", Observability::Direct, false),
    row("RTC-DRV-OP-3", "RTC", Side::Driver, Strength::MustNot, "5.23.6.1", "Only flags allowed by the negotiated features are set.", Observability::Direct, false),
    row("RTC-DRV-OP-4", "RTC", Side::Driver, Strength::MustNot, "5.23.6.1", "Reserved response fields are not read.", Observability::None, false),
    row("RTC-DRV-OP-5", "RTC", Side::Driver, Strength::Must, "5.23.6.1", "Only flags allowed by the negotiated features are read.", Observability::None, false),
    row("RTC-DRV-OP-6", "RTC", Side::Driver, Strength::Must, "5.23.6.1", "Response buffer is large enough.", Observability::Direct, false),
    row("RTC-DEV-OP-1", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Success yields S_OK.", Observability::Direct, false),
    row("RTC-DEV-OP-2", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Failure yields something else than S_OK.", Observability::Direct, false),
    row("RTC-DEV-OP-3", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Implementation limits yield EOPNOTSUPP.", Observability::Partial, false),
    row("RTC-DEV-OP-4", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Unknown msg_type yields EOPNOTSUPP.", Observability::Direct, false),
    row("RTC-DEV-OP-5", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Unknown hw_counter yields EOPNOTSUPP.", Observability::Direct, false),
    row("RTC-DEV-OP-6", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Unknown clock_id yields ENODEV.", Observability::Direct, false),
    row("RTC-DEV-OP-7", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Other inconsistent values yield EINVAL.", Observability::Direct, false),
    row("RTC-DEV-OP-8", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Truncated request yields EINVAL.", Observability::Direct, false),
    row("RTC-DEV-OP-9", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Too small response buffer yields EINVAL if status still fits.", Observability::Direct, false),
    row("RTC-DEV-OP-10", "RTC", Side::Device, Strength::MustNot, "5.23.6.2", "No status is written if even status does not fit.", Observability::Direct, false),
    row("RTC-DEV-OP-11", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Anything else yields EIO.", Observability::Partial, false),
    row("RTC-DEV-OP-12", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Additional request bytes are disregarded.", Observability::Direct, false),
    row("RTC-DEV-OP-13", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Additional response space is disregarded.", Observability::Direct, false),
    row("RTC-DEV-OP-14", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Reserved response fields are zero.", Observability::Direct, false),
    row("RTC-DEV-OP-15", "RTC", Side::Device, Strength::MustNot, "5.23.6.2", "Only flags allowed by the negotiated features are set in replies.", Observability::Direct, false),
    row("RTC-DEV-OP-16", "RTC", Side::Device, Strength::Must, "5.23.6.2", "CFG, CLOCK_CAP and CROSS_CAP replies are stable while live.", Observability::Direct, false),
    row("RTC-DEV-OP-17", "RTC", Side::Device, Strength::Should, "5.23.6.2", "They should also be stable across resets under equal features.", Observability::Direct, false),
    row("RTC-DEV-OP-18", "RTC", Side::Device, Strength::Must, "5.23.6.2", "Clock ids run from 0 to count-1.", Observability::Direct, false),
    row("RTC-DRV-CTRL-1", "RTC", Side::Driver, Strength::Must, "5.23.6.4.1", "CROSS_CAP: hw_counter is a defined id or 0xf0..0xfe.", Observability::Direct, false),
    row("RTC-DEV-CTRL-1", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC clock follows UTC.", Observability::Partial, false),
    row("RTC-DEV-CTRL-2", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "Smeared clocks follow UTC apart from smearing.", Observability::Partial, false),
    row("RTC-DEV-CTRL-3", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC-like clocks count from 1970-01-01 UTC.", Observability::Partial, false),
    row("RTC-DEV-CTRL-4", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC-like clocks count POSIX seconds.", Observability::Partial, false),
    row("RTC-DEV-CTRL-5", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC clock steps back 1 s on a positive leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-6", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC clock steps forward 1 s on a negative leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-7", "RTC", Side::Device, Strength::MustNot, "5.23.6.4.2", "Smearing clocks never step for a leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-8", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "Smearing clocks slow down for a positive leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-9", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "Smearing clocks speed up for a negative leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-10", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "NOON_LINEAR smears noon to noon.", Observability::None, false),
    row("RTC-DEV-CTRL-11", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "NOON_LINEAR slows by 1/86400 on a positive leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-12", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "NOON_LINEAR speeds by 1/86400 on a negative leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-13", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC_SLS smears the last 1000 s of the day.", Observability::None, false),
    row("RTC-DEV-CTRL-14", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC_SLS slows by 0.1% on a positive leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-15", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC_SLS speeds by 0.1% on a negative leap second.", Observability::None, false),
    row("RTC-DEV-CTRL-16", "RTC", Side::Device, Strength::May, "5.23.6.4.2", "MAYBE_SMEARED may depart from UTC around leap seconds.", Observability::Permission, false),
    row("RTC-DEV-CTRL-17", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "TAI clock follows TAI.", Observability::Partial, false),
    row("RTC-DEV-CTRL-18", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "TAI clock counts from 1970-01-01 TAI.", Observability::Partial, false),
    row("RTC-DEV-CTRL-19", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "Monotonic clock ticks in SI seconds.", Observability::Partial, false),
    row("RTC-DEV-CTRL-20", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "Monotonic epoch is no later than device reset.", Observability::Partial, false),
    row("RTC-DEV-CTRL-21", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "Clocks other than UTC_SMEARED report smearing UNSPECIFIED.", Observability::Direct, false),
    row("RTC-DEV-CTRL-22", "RTC", Side::Device, Strength::Must, "5.23.6.4.2", "UTC_SMEARED reports a listed variant or one from 0xf0 up.", Observability::Direct, false),
    row("RTC-DEV-CTRL-23", "RTC", Side::Device, Strength::Should, "5.23.6.4.2", "CROSS_CAP flag should agree with READ_CROSS success.", Observability::Direct, false),
    row("RTC-DRV-READ-1", "RTC", Side::Driver, Strength::Must, "5.23.6.5.1", "READ_CROSS: hw_counter is a defined id or 0xf0..0xfe.", Observability::Direct, false),
    row("RTC-DEV-READ-1", "RTC", Side::Device, Strength::Should, "5.23.6.5.2", "All clocks should be readable while live.", Observability::Direct, false),
    row("RTC-DEV-READ-2", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "Same-clock reads are taken in the order made available...", Observability::Direct, false),
    row("RTC-DEV-READ-3", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "...or give equal values.", Observability::Direct, false),
    row("RTC-DEV-READ-4", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "Same-clock reads complete in the order made available.", Observability::Direct, false),
    row("RTC-DEV-READ-5", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "Monotonic readings never decrease.", Observability::Direct, false),
    row("RTC-DEV-READ-6", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "READ works for every clock.", Observability::Direct, false),
    row("RTC-DEV-READ-7", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "READ values are nanoseconds.", Observability::Partial, false),
    row("RTC-DEV-READ-8", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "A reading is taken only after its request is available.", Observability::Partial, false),
    row("RTC-DEV-READ-9", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "READ_CROSS counter value fits the instant of the reading.", Observability::Partial, false),
    row("RTC-DEV-READ-10", "RTC", Side::Device, Strength::Should, "5.23.6.5.2", "READ_CROSS should presume the first CPU.", Observability::None, false),
    row("RTC-DEV-READ-11", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "READ_CROSS without a usable counter value is not OK.", Observability::Partial, false),
    row("RTC-DEV-READ-12", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "READ_CROSS pairs are ordered consistently.", Observability::Direct, false),
    row("RTC-DEV-READ-13", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "READ_CROSS values are nanoseconds.", Observability::Partial, false),
    row("RTC-DEV-READ-14", "RTC", Side::Device, Strength::Must, "5.23.6.5.2", "After an alarm, later readings are not before the alarm time.", Observability::Direct, false),
    row("RTC-DEV-ALARM-1", "RTC", Side::Device, Strength::May, "5.23.6.6.1", "Alarm state may survive reset.", Observability::Permission, false),
    row("RTC-DEV-ALARM-2", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "If not retained, alarm time is 0.", Observability::Direct, false),
    row("RTC-DEV-ALARM-3", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "If not retained, alarm is off.", Observability::Direct, false),
    row("RTC-DEV-ALARM-4", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "ALARM: alarm messages work for at least one clock.", Observability::Direct, false),
    row("RTC-DEV-ALARM-5", "RTC", Side::Device, Strength::MustNot, "5.23.6.6.1", "No ALARM: alarm messages do not work.", Observability::Direct, false),
    row("RTC-DEV-ALARM-6", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "ALARM_CAP flag tells whether a clock does alarms.", Observability::Direct, false),
    row("RTC-DEV-ALARM-7", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "Crossing the alarm time while enabled is an expiry.", Observability::Direct, false),
    row("RTC-DEV-ALARM-8", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "Setting an enabled alarm in the past is an expiry.", Observability::Direct, false),
    row("RTC-DEV-ALARM-9", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "Enabling an alarm already past is an expiry.", Observability::Direct, false),
    row("RTC-DEV-ALARM-10", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "Reset with a retained past alarm is an expiry.", Observability::Partial, false),
    row("RTC-DEV-ALARM-11", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "An expiry begins to be served.", Observability::Direct, false),
    row("RTC-DEV-ALARM-12", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "Serving an expiry uses one alarm notification as soon as a buffer is there.", Observability::Direct, false),
    row("RTC-DEV-ALARM-13", "RTC", Side::Device, Strength::May, "5.23.6.6.1", "Private alarm actions are allowed.", Observability::Permission, false),
    row("RTC-DEV-ALARM-14", "RTC", Side::Device, Strength::May, "5.23.6.6.1", "They may disregard status.", Observability::Permission, false),
    row("RTC-DEV-ALARM-15", "RTC", Side::Device, Strength::May, "5.23.6.6.1", "They may disregard feature negotiation.", Observability::Permission, false),
    row("RTC-DEV-ALARM-16", "RTC", Side::Device, Strength::Must, "5.23.6.6.1", "Disabling an alarm stops serving before the reply.", Observability::Direct, false),
    row("RTC-DEV-ALARM-17", "RTC", Side::Device, Strength::May, "5.23.6.6.1", "Re-arming may stop serving.", Observability::Permission, false),
    row("RTC-DEV-ALARM-18", "RTC", Side::Device, Strength::May, "5.23.6.6.1", "A backward step may stop serving.", Observability::Permission, false),
    row("RTC-DEV-ALARM-19", "RTC", Side::Device, Strength::May, "5.23.6.6.1", "A newer expiry may stop serving the older one.", Observability::Permission, false),
    row("RTC-DRV-ALARMREQ-1", "RTC", Side::Driver, Strength::Must, "5.23.6.6.2.1", "alarm_time is in nanoseconds.", Observability::None, false),
    row("RTC-DEV-ALARMREQ-1", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "No ALARM: alarm requests yield ENODEV.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-2", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "Clock without alarms: alarm requests yield ENODEV.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-3", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "READ_ALARM returns the alarm time.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-4", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "READ_ALARM returns the enabled flag.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-5", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "READ_ALARM time is in nanoseconds.", Observability::Partial, false),
    row("RTC-DEV-ALARMREQ-6", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "SET_ALARM takes any time value.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-7", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "SET_ALARM OK: alarm time is set.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-8", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "SET_ALARM OK with the flag: alarm on.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-9", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "SET_ALARM OK without the flag: alarm off.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-10", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "SET_ALARM_ENABLED OK with the flag: alarm on.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-11", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "SET_ALARM_ENABLED OK without the flag: alarm off.", Observability::Direct, false),
    row("RTC-DEV-ALARMREQ-12", "RTC", Side::Device, Strength::Must, "5.23.6.6.2.2", "SET_ALARM_ENABLED OK: alarm time unchanged.", Observability::Direct, false),
    row("RTC-DRV-ALARMNOTIF-1", "RTC", Side::Driver, Strength::Should, "5.23.6.6.3.1", "alarmq should be stocked.", Observability::Direct, false),
    row("RTC-DRV-ALARMNOTIF-2", "RTC", Side::Driver, Strength::Must, "5.23.6.6.3.1", "alarmq buffers are large enough.", Observability::Direct, false),
    row("RTC-DRV-ALARMNOTIF-3", "RTC", Side::Driver, Strength::Should, "5.23.6.6.3.1", "After an alarm notification the clock should be read.", Observability::Provoked, false),
    row("RTC-DEV-ALARMNOTIF-1", "RTC", Side::Device, Strength::MustNot, "5.23.6.6.3.2", "No notification for a clock without alarms.", Observability::Direct, false),
    row("CORE-DRV-RESFEAT-1", "CORE", Side::Driver, Strength::Must, "6.1", "VERSION_1 must be accepted whenever offered.", Observability::Direct, true),
    row("CORE-DRV-RESFEAT-2", "CORE", Side::Driver, Strength::May, "6.1", "Driver may refuse a device without VERSION_1.", Observability::Permission, true),
    row("CORE-DRV-RESFEAT-3", "CORE", Side::Driver, Strength::Should, "6.1", "ACCESS_PLATFORM should be accepted whenever offered.", Observability::Direct, true),
    row("CORE-DRV-RESFEAT-4", "CORE", Side::Driver, Strength::Must, "6.1", "With ACCESS_PLATFORM the IOMMU is either off or set up to translate the bus addresses used.", Observability::Partial, true),
    row("CORE-DRV-RESFEAT-5", "CORE", Side::Driver, Strength::Must, "6.1", "Without ACCESS_PLATFORM only guest-physical addresses go to the device.", Observability::Partial, true),
    row("CORE-DRV-RESFEAT-6", "CORE", Side::Driver, Strength::Should, "6.1", "RING_PACKED should be accepted whenever offered.", Observability::Direct, true),
    row("CORE-DRV-RESFEAT-7", "CORE", Side::Driver, Strength::Should, "6.1", "ORDER_PLATFORM should be accepted whenever offered.", Observability::Direct, true),
    row("CORE-DRV-RESFEAT-8", "CORE", Side::Driver, Strength::Must, "6.1", "With ORDER_PLATFORM, hardware-strength barriers are used.", Observability::None, true),
    row("CORE-DRV-RESFEAT-9", "CORE", Side::Driver, Strength::May, "6.1", "With SR_IOV negotiated, VFs may be enabled.", Observability::Permission, false),
    row("CORE-DRV-RESFEAT-10", "CORE", Side::Driver, Strength::MustNot, "6.1", "SR_IOV is not negotiated without a PCI SR-IOV capability.", Observability::Provoked, false),
    row("CORE-DRV-RESFEAT-11", "CORE", Side::Driver, Strength::Must, "6.1", "SR_IOV negotiation must be finished before VFs are enabled.", Observability::Direct, false),
    row("CORE-DRV-RESFEAT-12", "CORE", Side::Driver, Strength::May, "6.1", "After one successful negotiation VFs may be enabled again following resets.", Observability::Permission, false),
    row("CORE-DRV-RESFEAT-13", "CORE", Side::Driver, Strength::Should, "6.1", "NOTIF_CONFIG_DATA should be accepted whenever offered.", Observability::Direct, true),
    row("CORE-DEV-RESFEAT-1", "CORE", Side::Device, Strength::Must, "6.2", "VERSION_1 must be offered.", Observability::Direct, true),
    row("CORE-DEV-RESFEAT-2", "CORE", Side::Device, Strength::May, "6.2", "Device may refuse a driver that declines VERSION_1.", Observability::Permission, true),
    row("CORE-DEV-RESFEAT-3", "CORE", Side::Device, Strength::Should, "6.2", "ACCESS_PLATFORM should be offered when device DMA is translated or restricted.", Observability::Partial, true),
    row("CORE-DEV-RESFEAT-4", "CORE", Side::Device, Strength::May, "6.2", "Device may refuse a driver that declines ACCESS_PLATFORM.", Observability::Permission, true),
    row("CORE-DEV-RESFEAT-5", "CORE", Side::Device, Strength::Must, "6.2", "IN_ORDER: buffers are used in the order they were made available.", Observability::Direct, true),
    row("CORE-DEV-RESFEAT-6", "CORE", Side::Device, Strength::May, "6.2", "Device may refuse a driver that declines ORDER_PLATFORM.", Observability::Permission, true),
    row("CORE-DEV-RESFEAT-7", "CORE", Side::Device, Strength::May, "6.2", "Device may run slower when ORDER_PLATFORM is declined.", Observability::Permission, true),
    row("CORE-DEV-RESFEAT-8", "CORE", Side::Device, Strength::Should, "6.2", "Add-in PCI cards are advised to offer ACCESS_PLATFORM and ORDER_PLATFORM.", Observability::Partial, true),
    row("CORE-DEV-RESFEAT-9", "CORE", Side::Device, Strength::Should, "6.2", "SR_IOV should be offered if the PCI SR-IOV capability is there.", Observability::Direct, false),
    row("CORE-DEV-RESFEAT-10", "CORE", Side::Device, Strength::MustNot, "6.2", "SR_IOV must not be offered without that capability.", Observability::Direct, false),
    row("CORE-DEV-LEGRESFEAT-1", "CORE", Side::Device, Strength::May, "6.3", "Legacy: NOTIFY_ON_EMPTY may be offered by a transitional device.", Observability::Permission, false),
    row("CORE-DEV-LEGRESFEAT-2", "CORE", Side::Device, Strength::Must, "6.3", "Legacy NOTIFY_ON_EMPTY: running out of available descriptors triggers a notification even when suppressed.", Observability::Provoked, false),
    row("CORE-DEV-LEGRESFEAT-3", "CORE", Side::Device, Strength::Must, "6.3", "Legacy: transitional devices offer ANY_LAYOUT (the offer half).", Observability::Provoked, false),
    row("CORE-DRV-LEGRESFEAT-1", "CORE", Side::Driver, Strength::Must, "6.3", "Legacy: transitional drivers accept ANY_LAYOUT when offered (the accept half).", Observability::Provoked, false),
    row("CORE-ANY-LEGRESFEAT-1", "CORE", Side::Both, Strength::ShouldNot, "6.3", "Legacy: bit 30 should stay un-negotiated.", Observability::Provoked, false),
];

#[allow(clippy::too_many_arguments)]
const fn row(
    id: &'static str,
    area: &'static str,
    side: Side,
    strength: Strength,
    section: &'static str,
    text: &'static str,
    observability: Observability,
    kit_scope: bool,
) -> Requirement {
    Requirement { id, area, side, strength, section, text, observability, kit_scope }
}
