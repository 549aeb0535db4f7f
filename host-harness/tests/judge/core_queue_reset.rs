use parakit_abi::feature::RING_RESET;
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::Register;
use parakit_harness::observe::event::EventKind;

use crate::script::Script;

/// A live device with RING_RESET, whose queue 0 is being reset.
fn reset() -> Script {
    let mut script = Script::offering(&[RING_RESET]);
    script.start_with(&[RING_RESET]).write(Register::QueueSel, 0).write(Register::QueueReset, 1);
    script.push(EventKind::QueueResetWrite { queue: 0, value: 1 });
    script
}

fn read(script: &mut Script, value: u32) -> &mut Script {
    script.read(Register::QueueReset, value).push(EventKind::QueueResetRead { queue: 0, value })
}

#[test]
fn a_reset_is_verified() {
    read(&mut reset(), 0).finish().passes(id::CORE_DRV_QRESET_1);
    reset().finish().caught(id::CORE_DRV_QRESET_1, &[]);
    reset().queue(0, 128).caught(id::CORE_DRV_QRESET_1, &[]);
    // Without the feature, the register means nothing.
    let mut without = Script::block();
    without.start().push(EventKind::QueueResetWrite { queue: 0, value: 1 }).finish();
    without.silent(id::CORE_DRV_QRESET_1);
}

#[test]
fn a_reset_is_complete_at_zero() {
    let mut slow = reset();
    read(read(&mut slow, 1), 0).queue(0, 128).passes(id::MMIO_DRV_REGS_21);
    read(&mut reset(), 1).queue(0, 128).caught(id::MMIO_DRV_REGS_21, &[]);
}

#[test]
fn a_queue_is_set_up_again() {
    read(&mut reset(), 0).queue(0, 64).passes(id::CORE_DRV_QREENABLE_1);
    read(&mut reset(), 0).ready(0, true).caught(id::CORE_DRV_QREENABLE_1, &[]);
    let mut partly = reset();
    read(&mut partly, 0).queue_size(0, 64).ready(0, true).caught(id::CORE_DRV_QREENABLE_1, &[]);
}
