use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::{RequirementId, id};
use parakit_harness::observe::event::EventKind;

use crate::script::{Script, info};

const V1: Features = Features::bit(feature::VERSION_1);

/// A bring-up on a device that offers `offered` too, in which `accepted` are accepted beside VERSION_1.
fn accepting(offered: &[u32], accepted: &[u32]) -> Script {
    let mut script = Script::offering(offered);
    script.negotiate(V1.with(Features::of(accepted)));
    script
}

#[test]
fn only_what_is_offered() {
    accepting(&[], &[feature::EVENT_IDX]).passes(id::CORE_DRV_FEAT_1);
    accepting(&[], &[feature::IN_ORDER]).caught(id::CORE_DRV_FEAT_1, &[]);
}

#[test]
fn what_was_read_is_what_is_offered() {
    let mut script = Script::block();
    script.identify().reset().status_write(1).status_write(3).read_features();
    script.push(EventKind::DeviceFeaturesRead { word: 1, value: 9 });
    script.write_features(V1.with(Features::bit(feature::IN_ORDER))).status_write(11).status_read(11);
    script.passes(id::CORE_DRV_FEAT_1);
}

#[test]
fn dependencies() {
    let mut net = info(DeviceType::NET);
    net.offered[0] |= 0b11 | 1 << 7 | 1 << 8 | 1 << 9;
    let mut good = Script::new(net.clone());
    good.negotiate(V1.with(Features::of(&[1, 7, 9])));
    good.passes(id::CORE_DRV_FEAT_2);
    let mut bad = Script::new(net);
    bad.negotiate(V1.with(Features::of(&[1, 9])));
    bad.caught(id::CORE_DRV_FEAT_2, &[]);
}

#[test]
fn bits_that_may_not_be_accepted() {
    let also: &[RequirementId] = &[id::CORE_DRV_FEAT_3, id::CORE_DRV_FEAT_4];
    for (bit, rule, more) in [
        (25, id::CORE_DRV_FEAT_5, None),
        (100, id::CORE_DRV_FEAT_5, Some(id::CORE_DRV_FEAT_8)),
        (46, id::CORE_DRV_FEAT_6, None),
        (feature::SR_IOV, id::CORE_DRV_FEAT_7, None),
        (feature::ADMIN_VQ, id::CORE_DRV_FEAT_7, None),
        (3, id::CORE_DRV_FEAT_8, None),
    ] {
        accepting(&[bit], &[]).passes(rule);
        accepting(&[bit], &[]).passes(id::CORE_DRV_FEAT_3);
        accepting(&[bit], &[]).passes(id::CORE_DRV_FEAT_4);
        let also: Vec<_> = also.iter().copied().chain(more).collect();
        accepting(&[bit], &[bit]).caught(rule, &also);
        let also: Vec<_> = also.iter().copied().chain([rule]).collect();
        accepting(&[bit], &[bit]).caught(id::CORE_DRV_FEAT_3, &also);
        accepting(&[bit], &[bit]).caught(id::CORE_DRV_FEAT_4, &also);
    }
    accepting(&[], &[]).silent(id::CORE_DRV_FEAT_3);
}

#[test]
fn bits_from_128_on_are_reserved() {
    let mut script = Script::block();
    script.identify().reset().status_write(1).status_write(3).read_features().write_features(V1);
    script.push(EventKind::DriverFeaturesWrite { word: 4, value: 1 });
    script.status_write(11).status_read(11).caught(id::CORE_DRV_FEAT_6, &[id::CORE_DRV_FEAT_1]);
}

#[test]
fn what_is_to_be_accepted() {
    Script::block().start().passes(id::CORE_DRV_RESFEAT_1);
    Script::block().negotiate(Features::bit(feature::EVENT_IDX)).caught(id::CORE_DRV_RESFEAT_1, &[]);
    for (bit, rule) in [
        (feature::ACCESS_PLATFORM, id::CORE_DRV_RESFEAT_3),
        (feature::RING_PACKED, id::CORE_DRV_RESFEAT_6),
        (feature::ORDER_PLATFORM, id::CORE_DRV_RESFEAT_7),
    ] {
        accepting(&[bit], &[bit]).passes(rule);
        accepting(&[bit], &[]).caught(rule, &[]);
        accepting(&[], &[]).silent(rule);
    }
}

/// A device without VERSION_1, up to the reading of its features.
fn without_version_1() -> Script {
    let mut info = info(DeviceType::BLOCK);
    info.offered = [1 << feature::EVENT_IDX, 0];
    let mut script = Script::new(info);
    script.identify().reset().status_write(1).status_write(3).read_features();
    script
}

#[test]
fn no_fallback_means_failed() {
    without_version_1().status_write(0x83).reset().finish().passes(id::CORE_DRV_FEAT_10);
    without_version_1().reset().finish().caught(id::CORE_DRV_FEAT_10, &[]);
    without_version_1().finish().caught(id::CORE_DRV_FEAT_10, &[]);
    let also = [id::INIT_DRV_SEQ_4, id::MMIO_DRV_INIT_6];
    without_version_1()
        .status_write(0x83)
        .status_write(0x8b)
        .caught(id::CORE_DRV_FEAT_10, &[also[0], also[1], id::CORE_DRV_STATUS_3]);
    // Cut off, it proves nothing.
    without_version_1().push(EventKind::End { reason: "deadline".to_owned() }).silent(id::CORE_DRV_FEAT_10);
}

#[test]
fn unknown_features_are_no_reason_to_fail() {
    accepting(&[100], &[]).passes(id::CORE_DRV_FEAT_11);
    let mut gives_up = Script::offering(&[100]);
    gives_up.identify().reset().status_write(1).status_write(3).read_features().status_write(0x83);
    gives_up.caught(id::CORE_DRV_FEAT_11, &[]);
    let mut other_reason = Script::offering(&[100]);
    other_reason.identify().reset().status_write(1).status_write(3).read_features();
    other_reason.config_read(8, 4, 0).status_write(0x83);
    other_reason.silent(id::CORE_DRV_FEAT_11);
}

#[test]
fn the_set_is_complete_with_driver_ok_too() {
    let mut script = Script::block();
    script.identify().reset().status_write(1).status_write(3).read_features();
    script.write_features(V1.with(Features::bit(feature::IN_ORDER))).status_write(7);
    let sequence = [id::CORE_DRV_STATUS_1, id::INIT_DRV_SEQ_7, id::MMIO_DRV_INIT_6];
    script.caught(id::CORE_DRV_FEAT_1, &sequence);
}

#[test]
fn what_comes_after_features_ok_is_not_accepted() {
    use parakit_harness::observe::event::EventKind::Suppression;
    // Without EVENT_IDX the flags may be 1, whatever the driver writes afterwards.
    let mut script = Script::block();
    script.negotiate(V1).write_features(Features::bit(feature::EVENT_IDX)).queue(0, 256).status_write(15);
    script.push(Suppression { queue: 0, avail_flags: 1, used_event: 0, used_flags: 0, avail_event: 0 });
    script.caught(id::INIT_DRV_SEQ_8, &[id::MMIO_DRV_INIT_6]);
    // The same set once more adds nothing.
    let mut again = Script::block();
    again.negotiate(V1).write_features(V1).queue(0, 256).status_write(15).passes(id::INIT_DRV_SEQ_8);
}
