//! Layouts and constants, held against the crate `virtio-spec`, an independent reading of the specification.

use std::mem::size_of;

use parakit_abi::device::{DeviceType, block, config_fields, console, entropy};
use parakit_abi::feature::{self, Features};
use parakit_abi::ring::split;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{self, Register};
use virtio_spec::mmio::{DeviceRegisters, DeviceRegistersVolatileFieldAccess as _};
use virtio_spec::{Id, virtq};
use volatile::VolatileRef;

/// Offset in bytes of a field from `$base`, through the crate's field accessors.
macro_rules! offset {
    ($base:expr, $pointer:expr) => {
        $pointer.as_raw_ptr().as_ptr() as *const () as usize - $base
    };
}

#[test]
fn mmio_registers() {
    // SAFETY: an array of integers, for which all zeros is a value; nothing but addresses is taken from it.
    let mut registers: DeviceRegisters = unsafe { std::mem::zeroed() };
    let base = &raw const registers as usize;
    let mut volatile = VolatileRef::from_mut_ref(&mut registers);
    let at = volatile.as_mut_ptr();
    // The accessors of fields typed more narrowly than their 32-bit register hand out no pointer: those are held
    // against Linux's headers only.
    let plain = [
        (Register::MagicValue, offset!(base, at.magic_value())),
        (Register::Version, offset!(base, at.version())),
        (Register::VendorID, offset!(base, at.vendor_id())),
        (Register::DeviceFeatures, offset!(base, at.device_features())),
        (Register::DeviceFeaturesSel, offset!(base, at.device_features_sel())),
        (Register::DriverFeatures, offset!(base, at.driver_features())),
        (Register::DriverFeaturesSel, offset!(base, at.driver_features_sel())),
        (Register::QueueNotify, offset!(base, at.queue_notify())),
        (Register::QueueDescLow, offset!(base, at.queue_desc_low())),
        (Register::QueueDescHigh, offset!(base, at.queue_desc_high())),
        (Register::QueueDriverLow, offset!(base, at.queue_driver_low())),
        (Register::QueueDriverHigh, offset!(base, at.queue_driver_high())),
        (Register::QueueDeviceLow, offset!(base, at.queue_device_low())),
        (Register::QueueDeviceHigh, offset!(base, at.queue_device_high())),
        (Register::SHMSel, offset!(base, at.shm_sel())),
        (Register::SHMLenLow, offset!(base, at.shm_len_low())),
        (Register::SHMLenHigh, offset!(base, at.shm_len_high())),
        (Register::SHMBaseLow, offset!(base, at.shm_base_low())),
        (Register::SHMBaseHigh, offset!(base, at.shm_base_high())),
        (Register::QueueReset, offset!(base, at.queue_reset())),
        (Register::ConfigGeneration, offset!(base, at.config_generation())),
    ];
    for (ours, theirs) in plain {
        assert_eq!(ours.offset() as usize, theirs, "{}", ours.name());
    }
    assert_eq!(mmio::CONFIG as usize, offset!(base, at.config()));
    assert_eq!(mmio::MAGIC, virtio_spec::mmio::MAGIC_VALUE.to_ne());
}

#[test]
fn status_ids_and_features() {
    let theirs: Vec<_> = virtio_spec::DeviceStatus::all().iter_names().map(|(n, s)| (n, s.bits())).collect();
    let ours: Vec<_> = DeviceStatus::NAMES.iter().map(|(s, n)| (*n, s.0)).collect();
    assert_eq!(theirs, ours);

    assert_eq!(DeviceType::INVALID.0, u32::from(u8::from(Id::Reserved)));
    assert_eq!(DeviceType::NET.0, u32::from(u8::from(Id::Net)));
    assert_eq!(DeviceType::BLOCK.0, u32::from(u8::from(Id::Block)));
    assert_eq!(DeviceType::CONSOLE.0, u32::from(u8::from(Id::Console)));
    assert_eq!(DeviceType::ENTROPY.0, u32::from(u8::from(Id::Rng)));
    assert_eq!(entropy::REQUEST_QUEUE, 0);

    let all = virtio_spec::F::all().iter_names().map(|(n, f)| (f.bits().to_ne().trailing_zeros(), n)).collect();
    assert_eq!(sorted(all), (0..128).filter_map(|b| Some((b, feature::name(b)?))).collect::<Vec<_>>());
    assert!((0..128).all(|b| feature::is_device_independent(b) == feature::name(b).is_some()));

    // Their device types repeat the device-independent bits; only the bits of the type itself are compared.
    let blk = virtio_spec::blk::F::all().iter_names().map(|(n, f)| (f.bits().to_ne().trailing_zeros(), n));
    assert_eq!(sorted(blk.filter(|(b, _)| *b < 24).collect()), named(block::DEFINED_FEATURES, block::feature_name));
    let con = virtio_spec::console::F::all().iter_names().map(|(n, f)| (f.bits().to_ne().trailing_zeros(), n));
    assert_eq!(sorted(con.filter(|(b, _)| *b < 24).collect()), named(console::DEFINED_FEATURES, console::feature_name));
}

fn sorted(mut bits: Vec<(u32, &str)>) -> Vec<(u32, &str)> {
    bits.sort_unstable();
    bits
}

fn named(defined: Features, name: fn(u32) -> Option<&'static str>) -> Vec<(u32, &'static str)> {
    defined.iter().map(|b| (b, name(b).expect("a defined bit has a name"))).collect()
}

#[test]
fn split_ring() {
    assert_eq!(split::DESC_F_NEXT, virtq::DescF::NEXT.bits().to_ne());
    assert_eq!(split::DESC_F_WRITE, virtq::DescF::WRITE.bits().to_ne());
    assert_eq!(split::DESC_F_INDIRECT, virtq::DescF::INDIRECT.bits().to_ne());
    assert_eq!(split::AVAIL_F_NO_INTERRUPT, virtq::AvailF::NO_INTERRUPT.bits().to_ne());
    assert_eq!(split::USED_F_NO_NOTIFY, virtq::UsedF::NO_NOTIFY.bits().to_ne());
    assert_eq!(split::DESC_SIZE, size_of::<virtq::Desc>());
    assert_eq!(split::USED_ELEM_SIZE, size_of::<virtq::UsedElem>());
    for shift in 0..=15 {
        let layout = split::SplitLayout::new(1 << shift).unwrap();
        assert_eq!(layout.avail_size(), virtq::Avail::layout(1 << shift, true).size());
        // Theirs may be padded to the used ring's alignment; ours ends with `avail_event`.
        let theirs = virtq::Used::layout(1 << shift, true).size();
        assert_eq!(layout.used_size().next_multiple_of(4), theirs.next_multiple_of(4));
        assert!(
            layout.used_offset().is_multiple_of(64) && layout.used_offset() >= layout.desc_size() + layout.avail_size()
        );
        assert_eq!(layout.total_size(), layout.used_offset() + layout.used_size());
    }
    for bad in [0, 3, 32769, 65535] {
        assert_eq!(split::SplitLayout::new(bad), Err(split::BadQueueSize(bad)));
    }
}

#[test]
fn block_and_console_configuration() {
    use virtio_spec::blk::{ConfigVolatileFieldAccess as _, GeometryVolatileFieldAccess as _};
    use virtio_spec::blk::{TopologyVolatileFieldAccess as _, ZonedCharacteristicsVolatileFieldAccess as _};
    // SAFETY: a structure of integers, for which all zeros is a value; nothing but addresses is taken from it.
    let mut config: virtio_spec::blk::Config = unsafe { std::mem::zeroed() };
    let base = &raw const config as usize;
    let mut volatile = VolatileRef::from_mut_ref(&mut config);
    let at = volatile.as_mut_ptr();
    let theirs = [
        ("capacity", offset!(base, at.capacity())),
        ("size_max", offset!(base, at.size_max())),
        ("seg_max", offset!(base, at.seg_max())),
        ("geometry.cylinders", offset!(base, at.geometry().cylinders())),
        ("geometry.heads", offset!(base, at.geometry().heads())),
        ("geometry.sectors", offset!(base, at.geometry().sectors())),
        ("blk_size", offset!(base, at.blk_size())),
        ("topology.physical_block_exp", offset!(base, at.topology().physical_block_exp())),
        ("topology.alignment_offset", offset!(base, at.topology().alignment_offset())),
        ("topology.min_io_size", offset!(base, at.topology().min_io_size())),
        ("topology.opt_io_size", offset!(base, at.topology().opt_io_size())),
        ("writeback", offset!(base, at.writeback())),
        // virtio-spec 0.4.0 types it u8 where VIRTIO 1.4 says le16; the place is the same.
        ("num_queues", offset!(base, at.num_queues())),
        ("max_discard_sectors", offset!(base, at.max_discard_sectors())),
        ("max_discard_seg", offset!(base, at.max_discard_seg())),
        ("discard_sector_alignment", offset!(base, at.discard_sector_alignment())),
        ("max_write_zeroes_sectors", offset!(base, at.max_write_zeroes_sectors())),
        ("max_write_zeroes_seg", offset!(base, at.max_write_zeroes_seg())),
        ("write_zeroes_may_unmap", offset!(base, at.write_zeroes_may_unmap())),
        ("max_secure_erase_sectors", offset!(base, at.max_secure_erase_sectors())),
        ("max_secure_erase_seg", offset!(base, at.max_secure_erase_seg())),
        ("secure_erase_sector_alignment", offset!(base, at.secure_erase_sector_alignment())),
        ("zoned.zone_sectors", offset!(base, at.zoned().zone_sectors())),
        ("zoned.max_open_zones", offset!(base, at.zoned().max_open_zones())),
        ("zoned.max_active_zones", offset!(base, at.zoned().max_active_zones())),
        ("zoned.max_append_sectors", offset!(base, at.zoned().max_append_sectors())),
        ("zoned.write_granularity", offset!(base, at.zoned().write_granularity())),
        ("zoned.model", offset!(base, at.zoned().model())),
    ];
    assert_eq!(theirs.to_vec(), fields(DeviceType::BLOCK));
    assert_eq!(block::config::SIZE as usize, size_of::<virtio_spec::blk::Config>());

    use virtio_spec::console::ConfigVolatileFieldAccess as _;
    // SAFETY: as above.
    let mut config: virtio_spec::console::Config = unsafe { std::mem::zeroed() };
    let base = &raw const config as usize;
    let mut volatile = VolatileRef::from_mut_ref(&mut config);
    let at = volatile.as_mut_ptr();
    let theirs = [
        ("cols", offset!(base, at.cols())),
        ("rows", offset!(base, at.rows())),
        ("max_nr_ports", offset!(base, at.max_nr_ports())),
        ("emerg_wr", offset!(base, at.emerg_wr())),
    ];
    assert_eq!(theirs.to_vec(), fields(DeviceType::CONSOLE));
    assert_eq!(console::config::SIZE as usize, size_of::<virtio_spec::console::Config>());
}

fn fields(device: DeviceType) -> Vec<(&'static str, usize)> {
    config_fields(device).expect("a known device type").iter().map(|f| (f.name, f.offset as usize)).collect()
}

#[test]
fn requests_and_events() {
    use virtio_spec::blk::{S, T};
    use virtio_spec::console::Device;
    assert_eq!(block::request::IN, T::In as u32);
    assert_eq!(block::request::OUT, T::Out as u32);
    assert_eq!(block::request::FLUSH, T::Flush as u32);
    assert_eq!(block::request::GET_ID, T::GetId as u32);
    assert_eq!(block::request::GET_LIFETIME, T::GetLifetime as u32);
    assert_eq!(block::request::DISCARD, T::Discard as u32);
    assert_eq!(block::request::WRITE_ZEROES, T::WriteZeroes as u32);
    assert_eq!(block::request::SECURE_ERASE, T::SecureErase as u32);
    assert_eq!(block::status::OK, S::Ok as u8);
    assert_eq!(block::status::IOERR, S::Ioerr as u8);
    assert_eq!(block::status::UNSUPP, S::Unsupp as u8);
    assert_eq!(console::event::DEVICE_READY, Device::DeviceReady as u16);
    assert_eq!(console::event::PORT_ADD, Device::DeviceAdd as u16);
    assert_eq!(console::event::PORT_REMOVE, Device::DeviceRemove as u16);
    assert_eq!(console::event::PORT_READY, Device::PortReady as u16);
    assert_eq!(console::event::CONSOLE_PORT, Device::ConsolePort as u16);
    assert_eq!(console::event::RESIZE, Device::Resize as u16);
    assert_eq!(console::event::PORT_OPEN, Device::PortOpen as u16);
    assert_eq!(console::event::PORT_NAME, Device::PortName as u16);
}
