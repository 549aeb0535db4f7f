//! The legacy interface over MMIO: what it has no words for is not asked of its drivers.

use parakit_abi::device::DeviceType;
use parakit_abi::device::block::config;
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::{MAGIC, Register};
use parakit_harness::observe::event::{DeviceInfo, EventKind, TransportKind};

use crate::script::{Script, info};

/// A disk of version 1: no VERSION_1, and nothing beyond the first word of features.
fn disk() -> DeviceInfo {
    let block = info(DeviceType::BLOCK);
    DeviceInfo {
        transport: TransportKind::MmioLegacy,
        identity: [MAGIC, 1, block.device_type],
        offered: [Features::of(&[feature::EVENT_IDX, feature::INDIRECT_DESC]).0 as u64, 0],
        ..block
    }
}

/// The bring-up that it takes: without FEATURES_OK, pages for addresses (GuestPageSize, QueueAlign, QueuePFN).
fn live() -> Script {
    let mut script = Script::new(disk());
    script.identify().reset().status_write(1).status_write(3);
    let value = script.offered().word(0);
    script.write(Register::DeviceFeaturesSel, 0).read(Register::DeviceFeatures, value);
    script.push(EventKind::DeviceFeaturesRead { word: 0, value });
    script.write(Register::DriverFeaturesSel, 0).write(Register::DriverFeatures, 1 << feature::EVENT_IDX);
    script.push(EventKind::DriverFeaturesWrite { word: 0, value: 1 << feature::EVENT_IDX });
    script.raw(true, 0x28, 4, 4096).write(Register::QueueSel, 0).queue_size(0, 256);
    script.raw(true, 0x3c, 4, 4096).raw(true, 0x40, 4, 0x10);
    script.push(EventKind::QueueReadyWrite { queue: 0, value: 1 });
    script.push(EventKind::QueueEnabled(Script::queue_info(0, 256))).config_read(config::CAPACITY, 4, 2048);
    script.config_read(config::CAPACITY + 4, 4, 0).status_write(7);
    script
}

#[test]
fn a_legacy_driver_is_accused_of_nothing() {
    let mut script = live();
    script.notify(0).interrupt(1).interrupt_status(1).interrupt_ack(1).finish();
    let violated = script.violated();
    assert!(violated.is_empty(), "{violated:?}");
    for modern in [id::CORE_DRV_STATUS_1, id::INIT_DRV_SEQ_7, id::MMIO_DRV_REGS_8, id::MMIO_DRV_REGS_1] {
        script.silent(modern);
    }
}

#[test]
fn what_holds_there_too_is_judged() {
    live().passes(id::CORE_DRV_FEAT_1);
    live().passes(id::VQ_SPLIT_DRV_LAYOUT_1);
    live().status_write(4).caught(id::CORE_DRV_STATUS_2, &[]);
    live().status_write(0x87).status_write(7).caught(id::CORE_DRV_STATUS_3, &[id::CORE_DRV_STATUS_2]);
}
