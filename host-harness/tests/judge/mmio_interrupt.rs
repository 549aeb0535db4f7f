use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_harness::observe::EventKind;

use crate::script::Script;

fn live() -> Script {
    let mut script = Script::block();
    script.start();
    script
}

#[test]
fn reasons_are_read() {
    live().interrupt(1).interrupt_status(1).interrupt_ack(1).passes(id::MMIO_DRV_IRQ_1);
    live().interrupt(1).interrupt_ack(1).caught(id::MMIO_DRV_IRQ_1, &[]);
    let mut second = live();
    second.interrupt(1).interrupt_status(1).interrupt_ack(1).interrupt(1).interrupt_ack(1);
    second.caught(id::MMIO_DRV_IRQ_1, &[]);
    // A driver that polls takes no interrupts.
    live().interrupt(1).interrupt(1).interrupt(1).finish().silent(id::MMIO_DRV_IRQ_1);
}

#[test]
fn races_are_no_fault() {
    // The device interrupts again before the first acknowledgement.
    live().interrupt(1).interrupt_status(1).interrupt(1).interrupt_ack(1).passes(id::MMIO_DRV_IRQ_1);
    // One reading, two acknowledgements.
    live().interrupt(3).interrupt_status(3).interrupt_ack(1).interrupt(1).interrupt_ack(2).passes(id::MMIO_DRV_REGS_19);
}

#[test]
fn what_was_handled_is_acknowledged() {
    live().interrupt(1).interrupt_status(1).interrupt_ack(1).passes(id::MMIO_DRV_REGS_19);
    live().interrupt(1).interrupt_status(1).interrupt_ack(3).caught(id::MMIO_DRV_REGS_19, &[]);
}

#[test]
fn nothing_undefined_is_acknowledged() {
    live().interrupt(1).interrupt_status(1).interrupt_ack(1).passes(id::MMIO_DRV_REGS_20);
    live().interrupt(1).interrupt_status(1).interrupt_ack(5).caught(id::MMIO_DRV_REGS_20, &[]);
}

#[test]
fn everything_handled_is_acknowledged() {
    live().interrupt(1).interrupt_status(1).interrupt_ack(1).passes(id::MMIO_DRV_IRQ_3);
    let mut never = live();
    for _ in 0..3 {
        never.interrupt(1).interrupt_status(1);
    }
    never.clone().finish().caught(id::MMIO_DRV_IRQ_3, &[]);
    never.clone().reset().caught(id::MMIO_DRV_IRQ_3, &[]);
    // Cut off, or acknowledged after all.
    never.silent(id::MMIO_DRV_IRQ_3);
    never.interrupt_ack(1).finish().passes(id::MMIO_DRV_IRQ_3);
    // Read twice by two processors, then acknowledged.
    let mut twice = live();
    twice.interrupt(1).interrupt_status(1).interrupt(1).interrupt_status(1).interrupt_ack(1);
    twice.passes(id::MMIO_DRV_IRQ_3);
}

#[test]
fn undefined_reasons_are_ignored() {
    live().interrupt(1).interrupt_status(0x1_0001).interrupt_ack(1).passes(id::MMIO_DRV_REGS_18);
    live()
        .interrupt(1)
        .interrupt_status(0x1_0001)
        .interrupt_ack(0x1_0001)
        .caught(id::MMIO_DRV_REGS_18, &[id::MMIO_DRV_REGS_20]);
    let failed = DeviceStatus::FAILED.0 | 15;
    live().interrupt(1).interrupt_status(4).status_write(failed).caught(id::MMIO_DRV_REGS_18, &[]);
}

#[test]
fn a_reason_may_be_handled_much_later() {
    // Used buffers are handled at once, a configuration change when there is time.
    let mut deferred = live();
    deferred.interrupt(2);
    for _ in 0..300 {
        deferred.interrupt(1).interrupt_status(3).interrupt_ack(1);
    }
    deferred.interrupt_ack(2).finish().passes(id::MMIO_DRV_IRQ_3);
}

#[test]
fn who_polls_the_ring_has_handled_what_was_used() {
    let used = |script: &mut Script| {
        script.push(EventKind::Used { queue: 0, slot: 0, id: 0, len: 0 });
    };
    let mut polls = live();
    used(&mut polls);
    polls.interrupt_ack(1).passes(id::MMIO_DRV_REGS_19);
    used(&mut polls);
    polls.interrupt_ack(1).passes(id::MMIO_DRV_REGS_19);
    // Nothing was used, or it was not the configuration.
    polls.clone().reset().status_write(1).interrupt_ack(1).caught(id::MMIO_DRV_REGS_19, &[]);
    used(&mut polls);
    polls.interrupt_ack(3).caught(id::MMIO_DRV_REGS_19, &[]);
}
