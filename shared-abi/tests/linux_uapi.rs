//! Layouts and constants, held against Linux's UAPI headers (as bound by `virtio-bindings`).
//!
//! `virtio_console.h` is not among the bound headers; the console is held against `virtio-spec` alone.

use std::mem::{offset_of, size_of};

use parakit_abi::device::{DeviceType, block, config_fields};
use parakit_abi::feature;
use parakit_abi::ring::{event_passed, split};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{self, Register};
use virtio_bindings::{virtio_blk as blk, virtio_config as config, virtio_ids, virtio_mmio, virtio_ring as ring};

#[test]
fn mmio_registers() {
    use virtio_mmio::*;
    let linux = [
        (Register::MagicValue, VIRTIO_MMIO_MAGIC_VALUE),
        (Register::Version, VIRTIO_MMIO_VERSION),
        (Register::DeviceID, VIRTIO_MMIO_DEVICE_ID),
        (Register::VendorID, VIRTIO_MMIO_VENDOR_ID),
        (Register::DeviceFeatures, VIRTIO_MMIO_DEVICE_FEATURES),
        (Register::DeviceFeaturesSel, VIRTIO_MMIO_DEVICE_FEATURES_SEL),
        (Register::DriverFeatures, VIRTIO_MMIO_DRIVER_FEATURES),
        (Register::DriverFeaturesSel, VIRTIO_MMIO_DRIVER_FEATURES_SEL),
        (Register::QueueSel, VIRTIO_MMIO_QUEUE_SEL),
        (Register::QueueSizeMax, VIRTIO_MMIO_QUEUE_NUM_MAX),
        (Register::QueueSize, VIRTIO_MMIO_QUEUE_NUM),
        (Register::QueueReady, VIRTIO_MMIO_QUEUE_READY),
        (Register::QueueNotify, VIRTIO_MMIO_QUEUE_NOTIFY),
        (Register::InterruptStatus, VIRTIO_MMIO_INTERRUPT_STATUS),
        (Register::InterruptACK, VIRTIO_MMIO_INTERRUPT_ACK),
        (Register::Status, VIRTIO_MMIO_STATUS),
        (Register::QueueDescLow, VIRTIO_MMIO_QUEUE_DESC_LOW),
        (Register::QueueDescHigh, VIRTIO_MMIO_QUEUE_DESC_HIGH),
        (Register::QueueDriverLow, VIRTIO_MMIO_QUEUE_AVAIL_LOW),
        (Register::QueueDriverHigh, VIRTIO_MMIO_QUEUE_AVAIL_HIGH),
        (Register::QueueDeviceLow, VIRTIO_MMIO_QUEUE_USED_LOW),
        (Register::QueueDeviceHigh, VIRTIO_MMIO_QUEUE_USED_HIGH),
        (Register::SHMSel, VIRTIO_MMIO_SHM_SEL),
        (Register::SHMLenLow, VIRTIO_MMIO_SHM_LEN_LOW),
        (Register::SHMLenHigh, VIRTIO_MMIO_SHM_LEN_HIGH),
        (Register::SHMBaseLow, VIRTIO_MMIO_SHM_BASE_LOW),
        (Register::SHMBaseHigh, VIRTIO_MMIO_SHM_BASE_HIGH),
        (Register::ConfigGeneration, VIRTIO_MMIO_CONFIG_GENERATION),
    ];
    for (ours, theirs) in linux {
        assert_eq!(ours.offset(), u64::from(theirs), "{}", ours.name());
        assert_eq!(Register::at(u64::from(theirs)), Some(ours));
    }
    // Linux's header has every register of §4.2.2 but QueueReset.
    let missing: Vec<_> = Register::ALL.iter().filter(|r| !linux.iter().any(|(l, _)| l == *r)).collect();
    assert_eq!(missing, [&Register::QueueReset]);
    assert_eq!(mmio::CONFIG, u64::from(VIRTIO_MMIO_CONFIG));
    assert_eq!(mmio::INTERRUPT_USED_BUFFER, VIRTIO_MMIO_INT_VRING);
    assert_eq!(mmio::INTERRUPT_CONFIG_CHANGE, VIRTIO_MMIO_INT_CONFIG);
}

#[test]
fn status_and_features() {
    use config::*;
    let pairs = [
        (u32::from(DeviceStatus::ACKNOWLEDGE.0), VIRTIO_CONFIG_S_ACKNOWLEDGE),
        (u32::from(DeviceStatus::DRIVER.0), VIRTIO_CONFIG_S_DRIVER),
        (u32::from(DeviceStatus::DRIVER_OK.0), VIRTIO_CONFIG_S_DRIVER_OK),
        (u32::from(DeviceStatus::FEATURES_OK.0), VIRTIO_CONFIG_S_FEATURES_OK),
        (u32::from(DeviceStatus::DEVICE_NEEDS_RESET.0), VIRTIO_CONFIG_S_NEEDS_RESET),
        (u32::from(DeviceStatus::FAILED.0), VIRTIO_CONFIG_S_FAILED),
        (feature::INDIRECT_DESC, ring::VIRTIO_RING_F_INDIRECT_DESC),
        (feature::EVENT_IDX, ring::VIRTIO_RING_F_EVENT_IDX),
        (feature::VERSION_1, VIRTIO_F_VERSION_1),
        (feature::ACCESS_PLATFORM, VIRTIO_F_ACCESS_PLATFORM),
        (feature::RING_PACKED, VIRTIO_F_RING_PACKED),
        (feature::IN_ORDER, VIRTIO_F_IN_ORDER),
        (feature::ORDER_PLATFORM, VIRTIO_F_ORDER_PLATFORM),
        (feature::SR_IOV, VIRTIO_F_SR_IOV),
        (feature::NOTIFICATION_DATA, VIRTIO_F_NOTIFICATION_DATA),
        (feature::NOTIF_CONFIG_DATA, VIRTIO_F_NOTIF_CONFIG_DATA),
        (feature::RING_RESET, VIRTIO_F_RING_RESET),
        (feature::ADMIN_VQ, VIRTIO_F_ADMIN_VQ),
        (DeviceType::NET.0, virtio_ids::VIRTIO_ID_NET),
        (DeviceType::BLOCK.0, virtio_ids::VIRTIO_ID_BLOCK),
        (DeviceType::CONSOLE.0, virtio_ids::VIRTIO_ID_CONSOLE),
        (DeviceType::ENTROPY.0, virtio_ids::VIRTIO_ID_RNG),
    ];
    for (ours, theirs) in pairs {
        assert_eq!(ours, theirs);
    }
}

#[test]
fn split_ring() {
    use ring::*;
    assert_eq!(u32::from(split::DESC_F_NEXT), VRING_DESC_F_NEXT);
    assert_eq!(u32::from(split::DESC_F_WRITE), VRING_DESC_F_WRITE);
    assert_eq!(u32::from(split::DESC_F_INDIRECT), VRING_DESC_F_INDIRECT);
    assert_eq!(u32::from(split::AVAIL_F_NO_INTERRUPT), VRING_AVAIL_F_NO_INTERRUPT);
    assert_eq!(u32::from(split::USED_F_NO_NOTIFY), VRING_USED_F_NO_NOTIFY);
    assert_eq!(split::DESC_ALIGN, VRING_DESC_ALIGN_SIZE as usize);
    assert_eq!(split::AVAIL_ALIGN, VRING_AVAIL_ALIGN_SIZE as usize);
    assert_eq!(split::USED_ALIGN, VRING_USED_ALIGN_SIZE as usize);
    assert_eq!(split::DESC_SIZE, size_of::<vring_desc>());
    assert_eq!(split::USED_ELEM_SIZE, size_of::<vring_used_elem>());
    for idx in [offset_of!(vring_avail, idx), offset_of!(vring_used, idx)] {
        assert_eq!(split::RING_IDX, idx);
    }
    for entries in [offset_of!(vring_avail, ring), offset_of!(vring_used, ring)] {
        assert_eq!(split::RING_ENTRIES, entries);
    }

    // The wire form of a descriptor, field by field.
    let d = split::Desc { addr: 0x1122_3344_5566_7788, len: 0x99aa_bbcc, flags: 0x0102, next: 0x0304 };
    let bytes = d.to_le_bytes();
    assert_eq!(bytes[offset_of!(vring_desc, addr)..][..8], d.addr.to_le_bytes());
    assert_eq!(bytes[offset_of!(vring_desc, len)..][..4], d.len.to_le_bytes());
    assert_eq!(bytes[offset_of!(vring_desc, flags)..][..2], d.flags.to_le_bytes());
    assert_eq!(bytes[offset_of!(vring_desc, next)..][..2], d.next.to_le_bytes());
    let u = split::UsedElem { id: 0x0102_0304, len: 0x0506_0708 };
    assert_eq!(u.to_le_bytes()[offset_of!(vring_used_elem, id)..][..4], u.id.to_le_bytes());
    assert_eq!(u.to_le_bytes()[offset_of!(vring_used_elem, len)..][..4], u.len.to_le_bytes());
}

#[test]
fn block_constants() {
    use blk::*;
    let pairs = [
        (block::feature::BARRIER, VIRTIO_BLK_F_BARRIER),
        (block::feature::SIZE_MAX, VIRTIO_BLK_F_SIZE_MAX),
        (block::feature::SEG_MAX, VIRTIO_BLK_F_SEG_MAX),
        (block::feature::GEOMETRY, VIRTIO_BLK_F_GEOMETRY),
        (block::feature::RO, VIRTIO_BLK_F_RO),
        (block::feature::BLK_SIZE, VIRTIO_BLK_F_BLK_SIZE),
        (block::feature::SCSI, VIRTIO_BLK_F_SCSI),
        (block::feature::FLUSH, VIRTIO_BLK_F_FLUSH),
        (block::feature::TOPOLOGY, VIRTIO_BLK_F_TOPOLOGY),
        (block::feature::CONFIG_WCE, VIRTIO_BLK_F_CONFIG_WCE),
        (block::feature::MQ, VIRTIO_BLK_F_MQ),
        (block::feature::DISCARD, VIRTIO_BLK_F_DISCARD),
        (block::feature::WRITE_ZEROES, VIRTIO_BLK_F_WRITE_ZEROES),
        (block::feature::SECURE_ERASE, VIRTIO_BLK_F_SECURE_ERASE),
        (block::feature::ZONED, VIRTIO_BLK_F_ZONED),
        (block::request::IN, VIRTIO_BLK_T_IN),
        (block::request::OUT, VIRTIO_BLK_T_OUT),
        (block::request::FLUSH, VIRTIO_BLK_T_FLUSH),
        (block::request::GET_ID, VIRTIO_BLK_T_GET_ID),
        (block::request::DISCARD, VIRTIO_BLK_T_DISCARD),
        (block::request::WRITE_ZEROES, VIRTIO_BLK_T_WRITE_ZEROES),
        (block::request::SECURE_ERASE, VIRTIO_BLK_T_SECURE_ERASE),
        (u32::from(block::status::OK), VIRTIO_BLK_S_OK),
        (u32::from(block::status::IOERR), VIRTIO_BLK_S_IOERR),
        (u32::from(block::status::UNSUPP), VIRTIO_BLK_S_UNSUPP),
        (block::ID_BYTES as u32, VIRTIO_BLK_ID_BYTES),
        (block::DiscardWriteZeroes::UNMAP, VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP),
    ];
    for (ours, theirs) in pairs {
        assert_eq!(ours, theirs);
    }
    assert_eq!(block::RequestHeader::SIZE, size_of::<virtio_blk_outhdr>());
    assert_eq!(block::DiscardWriteZeroes::SIZE, size_of::<virtio_blk_discard_write_zeroes>());
}

#[test]
fn block_configuration() {
    use blk::virtio_blk_config as c;
    use blk::virtio_blk_config_virtio_blk_geometry as g;
    use blk::virtio_blk_config_virtio_blk_zoned_characteristics as z;
    let linux = [
        ("capacity", offset_of!(c, capacity)),
        ("size_max", offset_of!(c, size_max)),
        ("seg_max", offset_of!(c, seg_max)),
        ("geometry.cylinders", offset_of!(c, geometry) + offset_of!(g, cylinders)),
        ("geometry.heads", offset_of!(c, geometry) + offset_of!(g, heads)),
        ("geometry.sectors", offset_of!(c, geometry) + offset_of!(g, sectors)),
        ("blk_size", offset_of!(c, blk_size)),
        ("topology.physical_block_exp", offset_of!(c, physical_block_exp)),
        ("topology.alignment_offset", offset_of!(c, alignment_offset)),
        ("topology.min_io_size", offset_of!(c, min_io_size)),
        ("topology.opt_io_size", offset_of!(c, opt_io_size)),
        ("writeback", offset_of!(c, wce)),
        ("num_queues", offset_of!(c, num_queues)),
        ("max_discard_sectors", offset_of!(c, max_discard_sectors)),
        ("max_discard_seg", offset_of!(c, max_discard_seg)),
        ("discard_sector_alignment", offset_of!(c, discard_sector_alignment)),
        ("max_write_zeroes_sectors", offset_of!(c, max_write_zeroes_sectors)),
        ("max_write_zeroes_seg", offset_of!(c, max_write_zeroes_seg)),
        ("write_zeroes_may_unmap", offset_of!(c, write_zeroes_may_unmap)),
        ("max_secure_erase_sectors", offset_of!(c, max_secure_erase_sectors)),
        ("max_secure_erase_seg", offset_of!(c, max_secure_erase_seg)),
        ("secure_erase_sector_alignment", offset_of!(c, secure_erase_sector_alignment)),
        ("zoned.zone_sectors", offset_of!(c, zoned) + offset_of!(z, zone_sectors)),
        ("zoned.max_open_zones", offset_of!(c, zoned) + offset_of!(z, max_open_zones)),
        ("zoned.max_active_zones", offset_of!(c, zoned) + offset_of!(z, max_active_zones)),
        ("zoned.max_append_sectors", offset_of!(c, zoned) + offset_of!(z, max_append_sectors)),
        ("zoned.write_granularity", offset_of!(c, zoned) + offset_of!(z, write_granularity)),
        ("zoned.model", offset_of!(c, zoned) + offset_of!(z, model)),
    ];
    let ours: Vec<_> = config_fields(DeviceType::BLOCK).unwrap().iter().map(|f| (f.name, f.offset as usize)).collect();
    assert_eq!(ours, linux);
    assert_eq!(block::config::SIZE as usize, size_of::<c>());
}

/// `event_passed`, against the definition spelled out: some entry from `old` up to, not including, `new` is `event`.
#[test]
fn event_window() {
    for old in [0_u16, 1, 5, 32767, 32768, 65530, 65535] {
        for published in [0_u16, 1, 2, 9, 255, 32768] {
            let new = old.wrapping_add(published);
            for ahead in [0_u16, 1, 2, 8, 254, 255, 256, 32767, 32768, 65535] {
                let event = old.wrapping_add(ahead);
                let expected = (0..published).any(|i| old.wrapping_add(i) == event);
                assert_eq!(event_passed(event, old, new), expected, "event {event} old {old} new {new}");
            }
        }
    }
}
