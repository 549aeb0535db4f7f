use parakit_abi::feature::SUSPEND;
use parakit_abi::requirement::id;
use parakit_harness::observe::event::EventKind;

use crate::script::Script;

/// A live device that can be suspended.
fn live() -> Script {
    let mut script = Script::offering(&[SUSPEND]);
    script.start_with(&[SUSPEND]);
    script
}

/// A suspended one.
fn suspended() -> Script {
    let mut script = live();
    script.status_write(0x1f).status_read(0x1f).status_read(0x1b);
    script
}

fn resumed() -> Script {
    let mut script = suspended();
    script.status_write(0x1f).status_read(0x1b).status_read(0x0f);
    script
}

fn available(script: &mut Script) -> &mut Script {
    script.push(EventKind::AvailIdx { queue: 0, old: 0, new: 1 })
}

#[test]
fn only_live_devices_are_suspended() {
    suspended().passes(id::CORE_DRV_SUSPEND_1);
    Script::block().start().status_write(0x1f).caught(id::CORE_DRV_SUSPEND_1, &[]);
}

#[test]
fn suspension_is_verified() {
    suspended().passes(id::CORE_DRV_SUSPEND_2);
    live().status_write(0x1f).finish().caught(id::CORE_DRV_SUSPEND_2, &[]);
    // Told to go on without a look.
    live().status_write(0x1f).status_write(0x0f).caught(id::CORE_DRV_SUSPEND_2, &[id::CORE_DRV_STATUS_2]);
    let mut twice = live();
    twice.status_write(0x1f).status_write(0x1f);
    let mut went_on = twice.clone();
    available(went_on.status_read(0x1f).status_read(0x0f)).silent(id::CORE_DRV_SUSPEND_2);
    went_on.push(EventKind::AvailIdx { queue: 0, old: 1, new: 2 }).caught(id::CORE_DRV_SUSPEND_2, &[]);
    // The same value says SUSPEND once more; and who gives up has nothing to verify.
    twice.status_read(0x1f).status_read(0x1b).finish().passes(id::CORE_DRV_SUSPEND_2);
    live().status_write(0x1f).status_write(0x9f).finish().silent(id::CORE_DRV_SUSPEND_2);
}

#[test]
fn a_suspended_device_is_left_alone() {
    for rule in [id::CORE_DRV_SUSPEND_3, id::CORE_DRV_SUSPEND_4, id::CORE_DRV_SUSPEND_5] {
        resumed().passes(rule);
    }
    available(&mut suspended()).caught(id::CORE_DRV_SUSPEND_3, &[]);
    suspended().notify(0).caught(id::CORE_DRV_SUSPEND_4, &[]);
    suspended().config_write(92, 1, 0).caught(id::CORE_DRV_SUSPEND_5, &[id::CORE_DRV_CONFIG_3]);
    live().status_write(0x1f).config_write(92, 1, 0).caught(id::CORE_DRV_SUSPEND_5, &[id::CORE_DRV_CONFIG_3]);
    // Published before SUSPEND was written, and seen after it.
    available(live().status_write(0x1f)).silent(id::CORE_DRV_SUSPEND_3);
    // At the second look it was published after it.
    let more = EventKind::AvailIdx { queue: 0, old: 1, new: 2 };
    available(live().status_write(0x1f)).status_read(0x1f).push(more.clone()).caught(id::CORE_DRV_SUSPEND_3, &[]);
    available(live().status_write(0x1f))
        .status_read(0x1b)
        .status_write(0x1f)
        .status_read(0x0f)
        .push(more)
        .passes(id::CORE_DRV_SUSPEND_3);
}

/// What one look at a packed ring finds is one publication, also with a signal of the guest in its midst.
#[test]
fn a_signal_does_not_end_a_look() {
    let mut script = Script::packed(&[SUSPEND]);
    script.status_write(0x1f).list(0, 1, &[0]).push(EventKind::Signal { code: 1, argument: 0 }).list(1, 2, &[0]);
    script.clone().silent(id::CORE_DRV_SUSPEND_3);
    script.notify(0).list(2, 3, &[0]).caught(id::CORE_DRV_SUSPEND_3, &[]);
}

#[test]
fn resumption_is_waited_for() {
    resumed().notify(0).passes(id::CORE_DRV_SUSPEND_6);
    suspended().status_write(0x1f).notify(0).caught(id::CORE_DRV_SUSPEND_6, &[]);
    suspended().status_write(0x1f).status_read(0x1b).notify(0).caught(id::CORE_DRV_SUSPEND_6, &[]);
}
