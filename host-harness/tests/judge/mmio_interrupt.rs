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
    // A driver that polls takes no interrupts.
    live().interrupt(1).interrupt(1).interrupt(1).finish().silent(id::MMIO_DRV_IRQ_1);
}

fn empty(script: &mut Script) -> &mut Script {
    script.push(EventKind::Interrupt { reasons: 0, spurious: true })
}

fn used(script: &mut Script) -> &mut Script {
    script.push(EventKind::Used { queue: 0, slot: 0, id: 0, len: 0 })
}

/// Nothing but the interrupt can have led to an acknowledgement after one that announces nothing.
#[test]
fn who_takes_interrupts_without_reading_is_caught() {
    let mut taken = live();
    for _ in 0..5 {
        empty(&mut taken).interrupt_ack(1);
    }
    taken.silent(id::MMIO_DRV_IRQ_1);
    empty(&mut taken).interrupt_ack(1).caught(id::MMIO_DRV_IRQ_1, &[]);
    // Among others.
    let mut among = live();
    for _ in 0..6 {
        used(&mut among).interrupt(1).interrupt_ack(1);
        empty(&mut among).interrupt_ack(3);
    }
    among.caught(id::MMIO_DRV_IRQ_1, &[]);
    // Who reads finds no reason, and acknowledges none.
    let mut reads = live();
    for _ in 0..5 {
        empty(&mut reads).interrupt_status(0).interrupt(1).interrupt_status(1).interrupt_ack(1);
    }
    reads.passes(id::MMIO_DRV_IRQ_1);
}

/// With interrupts masked, a driver may find used buffers in the ring and changes in the configuration, and acknowledge at any time whatever there
/// may be.
#[test]
fn who_polls_may_acknowledge_unread() {
    for bits in [1, 2, 3] {
        let mut polls = live();
        for round in 0..20 {
            used(&mut polls).interrupt(1);
            if round % 3 == 0 {
                polls.interrupt(2);
            }
            polls.interrupt_ack(bits);
        }
        polls.clone().reset();
        assert!(polls.violated().is_empty(), "{bits}: {:?}", polls.violated());
        // As often as it looks at the ring, whether there is something or not; now and then an interrupt announces nothing.
        let mut always = live();
        for round in 0..60 {
            if round % 4 == 1 {
                used(&mut always).interrupt(1);
            }
            if round % 4 < 3 {
                empty(&mut always);
            }
            always.interrupt_ack(bits);
        }
        assert!(always.violated().is_empty(), "{bits}: {:?}", always.violated());
        // Once for each buffer, although they came together.
        let mut each = live();
        for _ in 0..20 {
            used(used(used(&mut each))).interrupt(1);
            empty(&mut each).interrupt_ack(bits).interrupt_ack(bits).interrupt_ack(bits);
        }
        assert!(each.violated().is_empty(), "{bits}: {:?}", each.violated());
    }
    // It takes interrupts for one thing and polls for another.
    let mut both = live();
    for _ in 0..20 {
        used(&mut both).interrupt(1).interrupt_status(1).interrupt_ack(1);
        used(&mut both).interrupt(1).interrupt_ack(3);
    }
    both.passes(id::MMIO_DRV_IRQ_1);
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
    let mut polls = live();
    used(&mut polls).interrupt_ack(1);
    used(&mut polls).interrupt_ack(1).passes(id::MMIO_DRV_REGS_19);
    used(&mut polls).interrupt_status(0).interrupt_ack(3).passes(id::MMIO_DRV_REGS_19);
    // It goes by the reasons, and names one that it has neither read nor found.
    polls.interrupt_status(1).interrupt_ack(2).caught(id::MMIO_DRV_REGS_19, &[]);
}
