use parakit_abi::requirement::id;

use crate::script::Script;

#[test]
fn status_names_each_step_after_the_ones_before() {
    Script::block().start().passes(id::CORE_DRV_STATUS_1);
    Script::block().identify().reset().status_write(1).status_write(9).caught(
        id::CORE_DRV_STATUS_1,
        &[id::INIT_DRV_SEQ_3, id::INIT_DRV_SEQ_4, id::MMIO_DRV_INIT_6, id::CORE_DRV_RESFEAT_1],
    );
}

#[test]
fn status_bits_are_not_cleared() {
    Script::block().start().passes(id::CORE_DRV_STATUS_2);
    Script::block().start().status_write(11).caught(id::CORE_DRV_STATUS_2, &[]);
    // Cleared on the way, and written anew.
    Script::block().identify().reset().status_write(1).status_write(2).caught(id::CORE_DRV_STATUS_2, &[]);
    Script::block().start().status_read(15).status_write(0x84).caught(id::CORE_DRV_STATUS_2, &[]);
    // A device that needs a reset keeps saying so.
    Script::block().start().status_read(0x4f).status_write(0x8f).caught(id::CORE_DRV_STATUS_2, &[]);
    // FEATURES_OK that the device refused was never set.
    let mut refused = Script::block();
    refused.negotiate(parakit_abi::feature::Features::bit(32)).status_read(3);
    refused.status_write(0x83);
    assert!(!refused.violated().contains(&id::CORE_DRV_STATUS_2));
}

#[test]
fn failed_is_followed_by_a_reset() {
    Script::block().start().status_write(0x8f).reset().status_write(1).passes(id::CORE_DRV_STATUS_3);
    Script::block().start().status_write(0x8f).status_write(1).caught(id::CORE_DRV_STATUS_3, &[id::CORE_DRV_STATUS_2]);
    Script::block().start().status_write(0x8f).silent(id::CORE_DRV_STATUS_3);
}

#[test]
fn reset_is_waited_for() {
    Script::block().start().reset().passes(id::CORE_DRV_RESET_1);
    Script::block().identify().status_write(0).status_write(1).caught(id::CORE_DRV_RESET_1, &[]);
    Script::block().identify().status_write(0).status_read(15).status_write(1).caught(id::CORE_DRV_RESET_1, &[]);
}

#[test]
fn a_reset_that_never_ends_may_be_given_up() {
    let mut script = Script::block();
    script.identify().status_write(0);
    for _ in 0..100 {
        script.status_read(15);
    }
    script.status_write(0x80).finish().silent(id::CORE_DRV_RESET_1);
    // No bit was set, so none was kept.
    script.silent(id::CORE_DRV_STATUS_2);
    // FAILED is no reset: a second attempt waits for one.
    script.status_write(0x81).status_write(0x83);
    assert!(script.violated().contains(&id::CORE_DRV_STATUS_3));
}
