use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

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
    never.caught(id::MMIO_DRV_IRQ_3, &[]);
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
