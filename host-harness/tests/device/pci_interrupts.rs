//! Interrupts of a function: MSI-X with its masks and pending bits, and INTx with the ISR status.

use parakit_abi::feature::Features;
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{CfgType, Common, NO_VECTOR, command, header, msix, pci_status};
use parakit_harness::device::{Block, BlockOptions, Control, Entropy, MemoryDisk};
use parakit_harness::observe::EventKind;
use parakit_harness::transport::Message;

use crate::rig::{BUFFERS, Rig, writable};

const ON: u16 = msix::CONTROL_ENABLE;
const MASKED: u16 = msix::CONTROL_ENABLE | msix::CONTROL_MASKED;

fn message(vector: u32) -> Message {
    Message { address: 0x1_fee0_1000, data: 0x40 + vector }
}

/// A live source of random bytes whose queue interrupts at vector 1; configuration changes at vector 0.
fn msix() -> Rig {
    let mut rig = Rig::pci(Entropy::default(), &[]);
    assert!(rig.negotiate(Features::bit(32)));
    let function = rig.function();
    function.msix_control(ON);
    for vector in 0..2 {
        function.entry(vector, message(vector as u32), false);
    }
    function.set(Common::ConfigMsixVector, 0);
    rig.describe(0, 8);
    rig.function().set(Common::QueueMsixVector, 1);
    rig.write(Register::QueueReady, 1);
    rig.write(Register::Status, 15);
    rig
}

fn work(rig: &mut Rig) {
    rig.request(0, &[writable(BUFFERS, 16)]);
}

/// The interrupts told: reasons and vector.
fn told(rig: &Rig) -> Vec<(u32, Option<u16>)> {
    let mut list = Vec::new();
    let mut reasons = None;
    for event in rig.events() {
        match event.kind {
            EventKind::Interrupt { reasons: why, .. } => reasons = Some(why),
            EventKind::Vector { vector } => list.push((reasons.take().expect("an interrupt before"), vector)),
            _ => assert_eq!(reasons, None, "the vector follows directly"),
        }
    }
    list
}

#[test]
fn a_message_goes_out_on_the_vector_of_the_queue() {
    let mut rig = msix();
    work(&mut rig);
    assert_eq!(rig.function().signals.raised(), [1]);
    assert_eq!(told(&rig), [(1, Some(1))]);
    assert_eq!(rig.function().signals.configured().last(), Some(&(1, Some(message(1)))));
    // Nobody needs the ISR status then, nor the line.
    assert_eq!(rig.read(Register::InterruptStatus), 0);
    assert!(rig.function().signals.levels().is_empty());
    assert_eq!(rig.function().config16(header::STATUS) & pci_status::INTERRUPT, 0);
}

#[test]
fn a_masked_vector_waits_and_is_pending() {
    let mut rig = msix();
    let control = msix::ENTRY_SIZE + msix::ENTRY_CONTROL;
    rig.function().table_write(control, 1);
    assert_eq!(rig.function().signals.configured().last(), Some(&(1, None)));
    work(&mut rig);
    work(&mut rig);
    assert_eq!((rig.function().signals.raised(), rig.function().pending()), (vec![], 1 << 1));
    rig.function().table_write(control, 0);
    assert_eq!((rig.function().signals.raised(), rig.function().pending()), (vec![1], 0));
    assert_eq!(told(&rig), [(1, Some(1))], "one message for both");
}

#[test]
fn the_whole_function_can_be_masked() {
    let mut rig = msix();
    rig.function().msix_control(MASKED);
    work(&mut rig);
    assert_eq!((rig.function().signals.raised(), rig.function().pending()), (vec![], 1 << 1));
    rig.function().msix_control(ON);
    assert_eq!((rig.function().signals.raised(), rig.function().pending()), (vec![1], 0));
    let seen: Vec<_> = (rig.events().iter())
        .filter_map(|e| match e.kind {
            EventKind::MsixControl { enabled, masked } => Some((enabled, masked)),
            _ => None,
        })
        .collect();
    assert_eq!(seen, [(true, false), (true, true), (true, false)]);
}

#[test]
fn a_function_that_may_not_access_memory_sends_no_message() {
    let mut rig = msix();
    rig.push(0, &[writable(BUFFERS, 16)]);
    rig.kick(0);
    rig.function().signals.raised();
    rig.function().config_write16(header::COMMAND, command::MEMORY);
    rig.device.control(&Control::Capacity(3));
    rig.device.raise_spurious();
    assert!(rig.function().signals.raised().is_empty());
    rig.function().config_write16(header::COMMAND, command::MEMORY | command::BUS_MASTER);
    assert_eq!(rig.function().signals.raised(), [0]);
}

#[test]
fn what_is_not_mapped_does_not_interrupt() {
    let mut rig = msix();
    rig.function().set(Common::QueueMsixVector, u64::from(NO_VECTOR));
    assert_eq!(rig.function().common(Common::QueueMsixVector), u64::from(NO_VECTOR));
    work(&mut rig);
    assert!(rig.function().signals.raised().is_empty());
    assert!(told(&rig).is_empty());
    assert_eq!(rig.function().pending(), 0);
}

#[test]
fn a_vector_can_be_shared_and_one_behind_the_table_cannot_be_mapped() {
    let mut rig = msix();
    for vector in [8, 9, 0x7ff, 0x800, 0xfffe] {
        rig.function().set(Common::QueueMsixVector, vector);
        assert_eq!(rig.function().common(Common::QueueMsixVector), u64::from(NO_VECTOR), "{vector}");
        rig.function().set(Common::ConfigMsixVector, vector);
        assert_eq!(rig.function().common(Common::ConfigMsixVector), u64::from(NO_VECTOR), "{vector}");
    }
    for vector in 0..8 {
        rig.function().set(Common::ConfigMsixVector, vector);
        rig.function().set(Common::QueueMsixVector, vector);
        assert_eq!(rig.function().common(Common::ConfigMsixVector), vector);
        assert_eq!(rig.function().common(Common::QueueMsixVector), vector);
    }
    rig.function().entry(7, message(7), false);
    work(&mut rig);
    assert_eq!(rig.function().signals.raised(), [7]);
}

#[test]
fn a_reset_unmaps_everything_and_leaves_the_table() {
    let mut rig = msix();
    rig.function().table_write(msix::ENTRY_SIZE + msix::ENTRY_CONTROL, 1);
    work(&mut rig);
    assert_eq!(rig.function().pending(), 2);
    rig.write(Register::Status, 0);
    let function = rig.function();
    assert_eq!(function.common(Common::ConfigMsixVector), u64::from(NO_VECTOR));
    assert_eq!(function.common(Common::QueueMsixVector), u64::from(NO_VECTOR));
    assert_eq!(function.pending(), 0);
    assert_eq!(function.table_read(msix::ENTRY_SIZE + 8), message(1).data);
    assert_eq!(function.config16(function.msix().at + msix::CONTROL), ON | 7);
}

#[test]
fn configuration_changes_have_a_vector_of_their_own() {
    let disk = MemoryDisk::new(vec![0; 512 * 8]);
    let mut rig = Rig::pci(Block::new(Box::new(disk), BlockOptions::default()), &[]);
    let function = rig.function();
    function.msix_control(ON);
    function.entry(5, message(5), false);
    rig.start(Features::NONE, 1, 8);
    rig.function().set(Common::ConfigMsixVector, 5);
    rig.device.control(&Control::Capacity(3));
    assert_eq!(rig.function().signals.raised(), [5]);
    assert_eq!(told(&rig), [(2, Some(5))]);
    assert_eq!(rig.read(Register::InterruptStatus), 2, "set with MSI-X too (§4.1.4.5.1)");
}

#[test]
fn the_table_reads_back_and_takes_aligned_words_only() {
    let rig = msix();
    let function = rig.function();
    assert_eq!(function.table_read(16), 0xfee0_1000);
    assert_eq!(function.table_read(16 + 4), 1);
    assert_eq!(function.table_read(2 * 16 + 12), 1, "masked at first");
    function.table_write(3 * 16, 0xfee0_2003);
    function.table_write(3 * 16 + 12, 0xffff_fffe);
    assert_eq!((function.table_read(3 * 16), function.table_read(3 * 16 + 12)), (0xfee0_2000, 0));
    let table = crate::function::BARS[2];
    assert!(function.root.memory_write(table + 3 * 16 + 8, &[1, 2]));
    assert!(function.root.memory_write(table + 3 * 16 + 9, &[1, 2, 3, 4]));
    assert_eq!(function.table_read(3 * 16 + 8), 0);
    assert!(function.root.memory_write(table + 3 * 16 + 8, &0x1_0000_0055_u64.to_le_bytes()));
    assert_eq!((function.table_read(3 * 16 + 8), function.table_read(3 * 16 + 12)), (0x55, 1));
    // Behind the last entry.
    assert!(function.root.memory_write(table + 8 * 16, &[1; 4]));
    assert_eq!(function.table_read(8 * 16), 0);
}

/// A live source of random bytes without MSI-X.
fn intx() -> Rig {
    let mut rig = Rig::pci(Entropy::default(), &[]);
    rig.start(Features::NONE, 1, 8);
    rig
}

#[test]
fn the_line_stays_asserted_until_the_status_is_read() {
    let mut rig = intx();
    work(&mut rig);
    work(&mut rig);
    assert_eq!(rig.function().signals.levels(), [true]);
    assert_eq!(rig.function().config16(header::STATUS) & pci_status::INTERRUPT, pci_status::INTERRUPT);
    assert_eq!(rig.read(Register::InterruptStatus), 1);
    assert_eq!(rig.function().signals.levels(), [false]);
    assert_eq!(rig.function().config16(header::STATUS) & pci_status::INTERRUPT, 0);
    assert_eq!(rig.read(Register::InterruptStatus), 0);
    assert_eq!(told(&rig), [(1, None), (1, None)]);
    assert!(rig.function().signals.raised().is_empty());
    assert!(rig.saw(|e| matches!(e, EventKind::InterruptStatusRead { value: 1 })));
}

#[test]
fn the_line_can_be_disabled() {
    let mut rig = intx();
    let on = command::MEMORY | command::BUS_MASTER;
    rig.function().config_write16(header::COMMAND, on | command::INTX_DISABLE);
    work(&mut rig);
    assert!(rig.function().signals.levels().is_empty());
    assert_eq!(rig.function().config16(header::STATUS) & pci_status::INTERRUPT, pci_status::INTERRUPT);
    rig.function().config_write16(header::COMMAND, on);
    assert_eq!(rig.function().signals.levels(), [true]);
    assert_eq!(told(&rig), [(1, None)]);
    rig.function().config_write16(header::COMMAND, on | command::INTX_DISABLE);
    assert_eq!(rig.function().signals.levels(), [false]);
}

#[test]
fn a_reset_lets_go_of_the_line() {
    let mut rig = intx();
    work(&mut rig);
    rig.write(Register::Status, 0);
    assert_eq!(rig.function().signals.levels(), [true, false]);
    assert_eq!(rig.read(Register::InterruptStatus), 0);
}

#[test]
fn msix_takes_the_place_of_the_line() {
    let mut rig = intx();
    work(&mut rig);
    rig.function().msix_control(ON);
    assert_eq!(rig.function().signals.levels(), [true, false]);
    work(&mut rig);
    assert!(rig.function().signals.levels().is_empty() && rig.function().signals.raised().is_empty());
}

#[test]
fn the_status_is_one_byte() {
    let rig = intx();
    let mut word = [0xff; 4];
    rig.function().read(CfgType::Isr, 0, &mut word);
    assert_eq!(word, [0; 4], "more than the structure has");
}

#[test]
fn without_a_table_there_is_no_capability() {
    let rig = Rig::pci_with(Entropy::default(), &[], |_| {}, |o| o.vectors = 0);
    let ids: Vec<u8> = rig.function().capabilities().iter().map(|c| c.id).collect();
    assert!(!ids.contains(&0x11), "{ids:?}");
    assert_eq!(rig.function().config32(header::BAR0 + 8), 0);
    rig.function().set(Common::ConfigMsixVector, 0);
    assert_eq!(rig.function().common(Common::ConfigMsixVector), u64::from(NO_VECTOR));
}
