use parakit_abi::device::{DeviceType, console};
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::{RequirementId, id};
use parakit_harness::observe::event::EventKind;

use crate::script::{Script, info};

const V1: Features = Features::bit(feature::VERSION_1);
/// Whatever is wrong with the sequence is wrong with the bring-up of an MMIO device.
const MMIO: RequirementId = id::MMIO_DRV_INIT_6;

/// A device that was found and reset.
fn found() -> Script {
    let mut script = Script::block();
    script.identify().reset();
    script
}

/// Up to the features that were written.
fn written() -> Script {
    let mut script = found();
    script.status_write(1).status_write(3).read_features().write_features(V1);
    script
}

#[test]
fn the_whole_sequence() {
    use id::*;
    let mut script = Script::block();
    script.start().notify(0).reset().status_write(1).status_write(3);
    for rule in [
        INIT_DRV_SEQ_1,
        INIT_DRV_SEQ_2,
        INIT_DRV_SEQ_3,
        INIT_DRV_SEQ_4,
        INIT_DRV_SEQ_6,
        INIT_DRV_SEQ_7,
        INIT_DRV_SEQ_8,
        INIT_DRV_SEQ_9,
        INIT_DRV_SEQ_10,
        INIT_DRV_SEQ_11,
        INIT_DRV_SEQ_14,
        MMIO_DRV_INIT_6,
    ] {
        script.passes(rule);
    }
    script.silent(INIT_DRV_SEQ_12);
    script.silent(INIT_DRV_SEQ_13);
}

#[test]
fn begins_with_a_reset() {
    Script::block().identify().status_write(1).caught(id::INIT_DRV_SEQ_1, &[MMIO]);
}

#[test]
fn acknowledges() {
    found().status_write(2).caught(id::INIT_DRV_SEQ_2, &[MMIO, id::CORE_DRV_STATUS_1]);
}

#[test]
fn sets_driver_by_itself() {
    found().status_write(3).caught(id::INIT_DRV_SEQ_3, &[MMIO]);
    found()
        .status_write(1)
        .status_write(9)
        .caught(id::INIT_DRV_SEQ_3, &[MMIO, id::CORE_DRV_STATUS_1, id::INIT_DRV_SEQ_4, id::CORE_DRV_RESFEAT_1]);
}

#[test]
fn reads_and_writes_features() {
    let mut unread = found();
    unread.status_write(1).status_write(3).write_features(V1).status_write(11);
    unread.caught(id::INIT_DRV_SEQ_4, &[MMIO]);
    let mut unwritten = found();
    unwritten.status_write(1).status_write(3).read_features().status_write(11);
    unwritten.caught(id::INIT_DRV_SEQ_4, &[MMIO, id::CORE_DRV_RESFEAT_1]);
    let mut early = found();
    early.read_features().write_features(V1).status_write(1).status_write(3).status_write(11);
    early.caught(id::INIT_DRV_SEQ_4, &[MMIO]);
}

#[test]
fn leaves_the_configuration_alone() {
    let mut script = Script::offering(&[11]);
    script.identify().reset().status_write(1).status_write(3).read_features().config_write(32, 1, 0);
    script.caught(id::INIT_DRV_SEQ_6, &[MMIO]);
    // The emergency write is made for that time.
    let mut console_info = info(DeviceType::CONSOLE);
    console_info.offered[0] |= 1 << console::feature::EMERG_WRITE;
    let mut emergency = Script::new(console_info);
    emergency.identify().reset().status_write(1).status_write(3).read_features();
    emergency.config_write(console::config::EMERG_WR, 4, 0x21).write_features(V1).status_write(11);
    emergency.passes(id::INIT_DRV_SEQ_6);
}

#[test]
fn sets_features_ok() {
    written().queue_registers(0, 256).status_write(7).caught(id::INIT_DRV_SEQ_7, &[MMIO, id::CORE_DRV_STATUS_1]);
}

#[test]
fn freezes_the_features() {
    let more = V1.with(Features::bit(feature::EVENT_IDX));
    written().status_write(11).status_read(11).write_features(more).caught(id::INIT_DRV_SEQ_8, &[MMIO]);
    // Writing the same set again accepts nothing new.
    written()
        .status_write(11)
        .status_read(11)
        .write_features(V1)
        .queue(0, 64)
        .status_write(15)
        .passes(id::INIT_DRV_SEQ_8);
}

#[test]
fn reads_features_ok_back() {
    written().status_write(11).queue(0, 256).caught(id::INIT_DRV_SEQ_9, &[MMIO]);
    written().status_write(11).status_write(15).caught(id::INIT_DRV_SEQ_9, &[MMIO]);
    written().status_write(11).status_read(3).queue(0, 256).caught(id::INIT_DRV_SEQ_9, &[MMIO, id::INIT_DRV_SEQ_13]);
}

#[test]
fn sets_queues_up_in_between() {
    written().queue(0, 256).caught(id::INIT_DRV_SEQ_10, &[MMIO]);
    Script::block().start().queue(1, 256).caught(id::INIT_DRV_SEQ_10, &[MMIO]);
    // With RING_RESET queues come later too.
    let mut later = Script::offering(&[feature::RING_RESET]);
    later.start_with(&[feature::RING_RESET]).queue(1, 256).passes(id::INIT_DRV_SEQ_10);
}

#[test]
fn sets_driver_ok_last() {
    written().status_write(15).caught(id::INIT_DRV_SEQ_11, &[MMIO]);
    let also = [MMIO, id::CORE_DRV_STATUS_1, id::INIT_DRV_SEQ_7];
    written().status_write(7).status_write(15).caught(id::INIT_DRV_SEQ_11, &also);
}

#[test]
fn tells_of_failure_and_stops() {
    let refused = || {
        let mut script = written();
        script.status_write(11).status_read(3);
        script
    };
    refused().status_write(0x83).reset().passes(id::INIT_DRV_SEQ_12);
    refused().status_write(0x83).finish().passes(id::INIT_DRV_SEQ_13);
    refused().reset().caught(id::INIT_DRV_SEQ_12, &[]);
    refused().finish().caught(id::INIT_DRV_SEQ_12, &[]);
    refused().status_write(15).caught(id::INIT_DRV_SEQ_13, &[MMIO, id::INIT_DRV_SEQ_9]);
    written().status_write(0x83).write_features(V1).caught(id::INIT_DRV_SEQ_13, &[MMIO, id::CORE_DRV_STATUS_3]);
    // Cut off, it proves nothing.
    refused().push(EventKind::End { reason: "cancelled".to_owned() }).silent(id::INIT_DRV_SEQ_12);
}

#[test]
fn does_not_notify_before_the_device_is_live() {
    let mut early = written();
    early.status_write(11).status_read(11).queue(0, 256).notify(0).status_write(15);
    early.caught(id::INIT_DRV_SEQ_14, &[MMIO]);
    // A doorbell that rang before the reset, and is told after it.
    let mut late = Script::block();
    late.start().status_write(0).notify(0).push(EventKind::ResetDone).status_read(0).silent(id::INIT_DRV_SEQ_14);
}

#[test]
fn features_are_read_after_driver() {
    found()
        .status_write(1)
        .read_features()
        .status_write(3)
        .write_features(V1)
        .status_write(11)
        .status_read(11)
        .caught(id::INIT_DRV_SEQ_4, &[MMIO]);
    // Before as well is no harm.
    found()
        .read_features()
        .status_write(1)
        .status_write(3)
        .read_features()
        .write_features(V1)
        .status_write(11)
        .passes(id::INIT_DRV_SEQ_4);
}
