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
    live().status_write(0x1f).status_write(0x1f).caught(id::CORE_DRV_SUSPEND_2, &[]);
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
}

#[test]
fn resumption_is_waited_for() {
    resumed().notify(0).passes(id::CORE_DRV_SUSPEND_6);
    suspended().status_write(0x1f).notify(0).caught(id::CORE_DRV_SUSPEND_6, &[]);
    suspended().status_write(0x1f).status_read(0x1b).notify(0).caught(id::CORE_DRV_SUSPEND_6, &[]);
}
