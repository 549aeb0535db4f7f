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

/// A device that was driven, was reset, and still shows `status`.
fn lingers(status: u8) -> Script {
    let mut script = Script::block();
    script.start().status_write(0);
    for _ in 0..3 {
        script.status_read(status);
    }
    script
}

#[test]
fn who_waits_for_a_reset_in_vain_adds_failed_to_what_the_status_shows() {
    for shown in [0x01, 0x03, 0x0b, 0x0f, 0x4f, 0x8f, 0x1b, 0xff] {
        let mut script = lingers(shown);
        // Once more, and in another attempt.
        script.status_write(shown | 0x80).status_read(shown | 0x80).status_write(shown | 0x80);
        script.status_write(0).status_read(0x83).status_write(0x83).finish();
        assert!(script.violated().is_empty(), "{shown:#x}: {:?}", script.violated());
    }
    // With or without the bits that it did not clear itself.
    let mut script = lingers(0x0f);
    script.status_write(0x80).status_read(0x8f).status_write(0x8f).finish();
    assert!(script.violated().is_empty(), "{:?}", script.violated());
}

#[test]
fn failed_may_be_written_at_any_step() {
    let steps = [0, 1, 3, 0xb, 0xf];
    for last in 0..steps.len() {
        let mut script = Script::block();
        script.identify().reset();
        for &status in &steps[1..=last] {
            if status == 0xb {
                let offered = script.offered();
                script.read_features().write_features(offered);
            }
            script.status_write(status).status_read(status);
        }
        script.status_write(steps[last] | 0x80).status_read(steps[last] | 0x80).reset().finish();
        assert!(script.violated().is_empty(), "after {:#x}: {:?}", steps[last], script.violated());
    }
}

#[test]
fn who_does_not_wait_and_writes_back_what_it_reads_is_told_of_that_alone() {
    // A reset that takes a while, and a driver that adds its bits to what it reads.
    for last_stale in 0..4 {
        let mut script = lingers(0x0f);
        let shown = |script: &mut Script, step: usize, status: u8| {
            let now = if step <= last_stale { 0x0f } else { status };
            script.status_read(now);
            now
        };
        let now = shown(&mut script, 0, 0);
        script.status_write(now | 1);
        let now = shown(&mut script, 1, 1);
        script.status_write(now | 2);
        let offered = script.offered();
        script.read_features().write_features(offered);
        let now = shown(&mut script, 2, 3);
        script.status_write(now | 8);
        let now = shown(&mut script, 3, 0xb);
        script.queue(0, 8).status_write(now | 4).notify(0).finish();
        let violated: Vec<_> = script.violated().into_iter().filter(|id| id.get().strength.is_must()).collect();
        assert!(violated.is_empty(), "{last_stale}: {violated:?}");
        script.caught(id::CORE_DRV_RESET_1, &[]);
    }
}

#[test]
fn a_status_of_its_own_is_judged_whatever_the_reset_still_shows() {
    // All steps at once, after the reset was done.
    let mut script = lingers(0x0f);
    script.status_read(0).status_write(0x0f);
    assert!(script.violated().contains(&id::INIT_DRV_SEQ_3));
    // While it was not, in steps of its own, two of them at once.
    let mut script = lingers(0x0f);
    script.status_write(1).status_read(0x0f).status_write(0x0b);
    assert!(script.violated().contains(&id::INIT_DRV_SEQ_3));
    // Given up, and on without a reset.
    let mut script = lingers(0x0f);
    script.status_write(0x8f).status_write(0x0f);
    assert!(script.violated().contains(&id::CORE_DRV_STATUS_3));
}
