use parakit_abi::device::block::feature::{SEG_MAX, SIZE_MAX};
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

use crate::script::Script;

const V1: Features = Features::bit(feature::VERSION_1);

/// Bring-up to FEATURES_OK.
fn negotiated() -> Script {
    let mut script = Script::block();
    script.negotiate(V1);
    script
}

#[test]
fn wide_fields_are_read_between_equal_generations() {
    let id = id::CORE_DRV_CONFIG_2;
    negotiated().generation(0).config_read(0, 4, 9).config_read(4, 4, 0).generation(0).status_write(15).passes(id);
    let mut retry = negotiated();
    retry.generation(0).config_read(0, 4, 9).config_read(4, 4, 0).generation(1);
    retry.clone().config_read(0, 4, 9).config_read(4, 4, 0).generation(1).status_write(15).passes(id);
    // Torn, and believed.
    retry.status_write(15).caught(id, &[]);
    // No generation, only before, only after.
    negotiated().config_read(0, 4, 9).config_read(4, 4, 0).status_write(15).caught(id, &[]);
    negotiated().generation(0).config_read(0, 4, 9).config_read(4, 4, 0).status_write(15).caught(id, &[]);
    negotiated().config_read(0, 4, 9).config_read(4, 4, 0).generation(0).status_write(15).caught(id, &[]);
    // Again and again while the device is live.
    let mut live = negotiated();
    live.status_write(15).config_read(0, 4, 9).config_read(4, 4, 0);
    live.config_read(0, 4, 9).config_read(4, 4, 0).caught(id, &[]);
}

#[test]
fn narrow_fields_need_no_generation() {
    let mut script = Script::offering(&[SEG_MAX]);
    script.negotiate(V1).config_read(12, 4, 126).status_write(15).finish().silent(id::CORE_DRV_CONFIG_2);
    // Half of a wide field is no value yet; given up, nothing was believed.
    negotiated().config_read(0, 4, 9).status_write(15).finish().silent(id::CORE_DRV_CONFIG_2);
    negotiated().config_read(0, 4, 9).config_read(4, 4, 0).status_write(0x8b).silent(id::CORE_DRV_CONFIG_2);
}

#[test]
fn optional_fields_are_there_when_offered() {
    let id = id::CORE_DRV_CONFIG_3;
    let mut script = Script::offering(&[SIZE_MAX]);
    script.negotiate(V1).config_read(8, 4, 0x1000).passes(id);
    negotiated().config_read(8, 4, 0).caught(id, &[]);
    // Offered, and the driver has not looked.
    let mut blind = Script::offering(&[SIZE_MAX]);
    blind.identify().reset().status_write(1).config_read(8, 4, 0x1000).caught(id, &[]);
    negotiated().generation(0).config_read(0, 4, 9).config_read(4, 4, 0).generation(0).silent(id);
}

#[test]
fn larger_spaces_are_accepted() {
    let larger = || {
        let mut info = crate::script::info(parakit_abi::device::DeviceType::BLOCK);
        info.config.resize(info.config.len() + 64, 0);
        Script::new(info)
    };
    larger().start().passes(id::CORE_DRV_CONFIG_4);
    larger().negotiate(V1).status_write(0x8b).caught(id::CORE_DRV_CONFIG_4, &[]);
    negotiated().status_write(0x8b).silent(id::CORE_DRV_CONFIG_4);
    // A device in trouble is another reason.
    let needs_reset = DeviceStatus::DEVICE_NEEDS_RESET.0;
    larger().negotiate(V1).status_read(11 | needs_reset).status_write(0x8b | needs_reset).silent(id::CORE_DRV_CONFIG_4);
}
