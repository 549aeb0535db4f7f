use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::Register;

use crate::script::Script;

fn live() -> Script {
    let mut script = Script::block();
    script.start();
    script
}

#[test]
fn size_is_at_most_the_largest() {
    live().passes(id::MMIO_DRV_REGS_14);
    let negotiated = || {
        let mut script = Script::block();
        script.negotiate(parakit_abi::feature::Features::bit(32));
        script
    };
    negotiated().queue_registers(0, 512).caught(id::MMIO_DRV_REGS_14, &[]);
    // A queue that does not exist.
    negotiated().write(Register::QueueSel, 7).queue_size(7, 4).caught(id::MMIO_DRV_REGS_14, &[]);
}

#[test]
fn a_ready_queue_is_left_alone() {
    live().passes(id::MMIO_DRV_REGS_15);
    live().write(Register::QueueSel, 0).write(Register::QueueDescLow, 0x8000).caught(id::MMIO_DRV_REGS_15, &[]);
    // Another queue is another queue.
    live().write(Register::QueueSel, 1).write(Register::QueueDescLow, 0x8000).passes(id::MMIO_DRV_REGS_15);
}

#[test]
fn a_queue_is_stopped_and_read_back() {
    live().ready(0, false).ready_read(0, 0).finish().passes(id::MMIO_DRV_REGS_16);
    live().ready(0, false).ready_read(0, 0).finish().passes(id::MMIO_DRV_REGS_17);
    let mut replaced = live();
    replaced.write(Register::QueueSel, 0).write(Register::QueueDescLow, 0x8000).ready(0, true);
    replaced.caught(id::MMIO_DRV_REGS_16, &[id::MMIO_DRV_REGS_15]);
    live().ready(0, false).finish().caught(id::MMIO_DRV_REGS_17, &[]);
    live().ready(0, false).write(Register::QueueDescLow, 0x8000).caught(id::MMIO_DRV_REGS_17, &[]);
    // A reset stops everything; nothing is left to be read.
    live().ready(0, false).reset().finish().silent(id::MMIO_DRV_REGS_17);
}

#[test]
fn a_queue_under_reset_may_have_stopped() {
    use parakit_abi::feature::RING_RESET;
    use parakit_harness::observe::event::EventKind;
    let reset = |feature: &[u32]| {
        let mut script = Script::offering(&[RING_RESET]);
        script.start_with(feature).write(Register::QueueSel, 0).write(Register::QueueReset, 1);
        script.push(EventKind::QueueResetWrite { queue: 0, value: 1 });
        script
    };
    reset(&[RING_RESET]).write(Register::QueueDescLow, 0x8000).caught(id::CORE_DRV_QRESET_1, &[]);
    // Seen at work, then seen to be over.
    let mut slow = reset(&[RING_RESET]);
    slow.ready_read(0, 1).read(Register::QueueReset, 0).push(EventKind::QueueResetRead { queue: 0, value: 0 });
    slow.write(Register::QueueDescLow, 0x8000).passes(id::MMIO_DRV_REGS_21);
    // Not negotiated, nothing was reset; reading 0 does not make it so.
    let mut none = reset(&[]);
    none.read(Register::QueueReset, 0).push(EventKind::QueueResetRead { queue: 0, value: 0 });
    none.write(Register::QueueDescLow, 0x8000).caught(id::MMIO_DRV_REGS_15, &[]);
}
