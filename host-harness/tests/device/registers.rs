//! The register file of the device side, access by access (VIRTIO 1.4 §4.2.2, §2.1, §2.2, §2.4, §2.5, §3.4).

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::rig::{BUFFERS, Rig, writable};
use parakit_abi::feature::{self, EVENT_IDX, Features, RING_RESET, SUSPEND, VERSION_1};
use parakit_abi::transport::mmio::{MAGIC, Register};
use parakit_harness::device::{
    Block, BlockOptions, Console, ConsoleBuffer, ConsoleOptions, Control, Entropy, MemoryDisk,
};
use parakit_harness::observe::EventKind;
use parakit_harness::transport::device::DeviceOptions;
use parakit_harness::transport::{Doorbell, DoorbellBinder, RegisterBlock};
use vmm_sys_util::eventfd::EventFd;

fn disk(sectors: usize) -> Block {
    Block::new(Box::new(MemoryDisk::new(vec![0; 512 * sectors])), BlockOptions::default())
}

fn console() -> Console {
    Console::new(ConsoleOptions::default(), Box::new(ConsoleBuffer::default()))
}

#[test]
fn a_fresh_device_says_what_it_is() {
    let rig = Rig::new(Entropy::default());
    assert_eq!(rig.read(Register::MagicValue), MAGIC);
    assert_eq!(rig.read(Register::Version), 2);
    assert_eq!(rig.read(Register::DeviceID), 4);
    assert_eq!(rig.status(), 0);
    assert_eq!(rig.read(Register::InterruptStatus), 0);
    assert!(rig.offered().contains(Features::of(&[VERSION_1, EVENT_IDX])));
    assert!(
        matches!(&rig.events()[0].kind, EventKind::Device(info) if info.device_type == 4 && info.queue_max == [64])
    );
}

#[test]
fn feature_words_beyond_the_fourth_are_zero() {
    let rig = Rig::new(Entropy::default());
    for word in [4, 5, 1000, u32::MAX] {
        rig.write(Register::DeviceFeaturesSel, word);
        assert_eq!(rig.read(Register::DeviceFeatures), 0);
    }
}

#[test]
fn features_ok_sticks_for_valid_subsets_only() {
    let rig = Rig::with(Entropy::default(), &[], |o| o.features = o.features.with(Features::bit(RING_RESET)));
    let version_1 = Features::bit(VERSION_1);
    assert!(rig.negotiate(version_1));
    assert!(rig.negotiate(version_1.with(Features::of(&[EVENT_IDX, RING_RESET]))));
    assert!(!rig.negotiate(Features::NONE), "a driver that knows no VERSION_1");
    assert!(!rig.negotiate(Features::bit(RING_RESET)), "RING_RESET needs VERSION_1");
    assert!(!rig.negotiate(version_1.with(Features::bit(feature::RING_PACKED))), "not offered");
    assert!(!rig.negotiate(version_1.with(Features::bit(5))), "not offered, device-specific");
}

#[test]
fn features_are_fixed_after_features_ok() {
    let mut rig = Rig::new(Entropy::default());
    rig.start(Features::NONE, 1, 8);
    // With EVENT_IDX accepted so late, this flag would no longer be heeded.
    rig.write(Register::DriverFeaturesSel, 0);
    rig.write(Register::DriverFeatures, 1 << EVENT_IDX);
    let layout = rig.layout(0);
    vm_memory::Bytes::write_obj(&rig.memory, 1_u16, rig.ring(0, layout.avail_offset())).unwrap();
    rig.request(0, &[writable(BUFFERS, 64)]);
    assert_eq!(rig.interrupts(), 0);
}

#[test]
fn queue_registers_hold_until_the_queue_is_enabled() {
    let mut rig = Rig::new(Entropy::default());
    rig.negotiate(Features::bit(VERSION_1));
    rig.write(Register::QueueSel, 0);
    assert_eq!(rig.read(Register::QueueSizeMax), 64);
    rig.write(Register::QueueSel, 1);
    assert_eq!(rig.read(Register::QueueSizeMax), 0, "no second queue");
    rig.write(Register::QueueReady, 1);
    assert_eq!(rig.read(Register::QueueReady), 0);
    rig.describe(0, 16);
    assert_eq!(rig.read(Register::QueueReady), 0);
    rig.write(Register::QueueReady, 1);
    assert_eq!(rig.read(Register::QueueReady), 1);
    rig.write(Register::QueueSize, 4);
    rig.write(Register::QueueDescLow, 0x40);
    rig.write(Register::Status, 15);
    // Both writes were ignored: the queue works as it was set up.
    assert_eq!(rig.request(0, &[writable(BUFFERS, 64)]).len, 64);
    rig.write(Register::QueueReady, 0);
    assert_eq!(rig.read(Register::QueueReady), 0);
}

#[test]
fn a_queue_that_cannot_be_asks_for_a_reset() {
    for (size, area) in
        [(24, 0x1_0000), (0, 0x1_0000), (128, 0x1_0000), (16, 0x1_0008), (16, 0xffff_fff0), (16, MEMORY_END)]
    {
        let mut rig = Rig::new(Entropy::default());
        rig.negotiate(Features::bit(VERSION_1));
        rig.describe(0, 16);
        rig.write(Register::QueueSize, size);
        rig.write(Register::QueueDescLow, area);
        rig.write(Register::QueueReady, 1);
        assert_eq!(rig.status() & 0x40, 0x40, "size {size}, descriptors at {area:#x}");
        assert!(rig.device.trouble().is_some());
        rig.write(Register::Status, 0);
        assert_eq!(rig.status(), 0, "a reset heals it");
    }
}

const MEMORY_END: u32 = (crate::rig::MEMORY - 16) as u32;

#[test]
fn interrupt_status_holds_until_acknowledged() {
    let mut rig = Rig::new(disk(8));
    rig.start(Features::NONE, 1, 16);
    assert!(rig.device.control(&Control::Capacity(4)));
    assert_eq!((rig.read(Register::InterruptStatus), rig.interrupts()), (2, 1));
    rig.write(Register::InterruptACK, 1);
    assert_eq!(rig.read(Register::InterruptStatus), 2);
    rig.write(Register::InterruptACK, 2);
    assert_eq!(rig.read(Register::InterruptStatus), 0);
}

#[test]
fn a_reset_clears_everything() {
    let mut rig = Rig::new(disk(8));
    rig.start(Features::NONE, 1, 16);
    rig.device.control(&Control::Capacity(4));
    rig.push(0, &[writable(BUFFERS, 1)]);
    rig.write(Register::QueueNotify, 0);
    rig.write(Register::Status, 0);
    assert_eq!((rig.status(), rig.read(Register::InterruptStatus)), (0, 0));
    rig.write(Register::QueueSel, 0);
    assert_eq!(rig.read(Register::QueueReady), 0);
    rig.settle();
    assert!(rig.used(0).is_empty(), "no access to the queue after the reset");
    assert!(rig.saw(|e| *e == EventKind::ResetDone));
    // And it comes up again.
    rig.start(Features::NONE, 1, 16);
    assert_eq!(rig.request(0, &[writable(BUFFERS, 1)]).len, 1);
}

#[test]
fn nothing_is_used_before_driver_ok() {
    let mut rig = Rig::new(Entropy::default());
    rig.negotiate(Features::bit(VERSION_1));
    rig.describe(0, 8);
    rig.write(Register::QueueReady, 1);
    rig.push(0, &[writable(BUFFERS, 32)]);
    rig.kick(0);
    assert!(rig.used(0).is_empty() && rig.interrupts() == 0);
    rig.write(Register::Status, 15);
    rig.settle();
    assert_eq!(rig.used(0).len(), 1, "the early notification is not lost");
}

#[test]
fn config_generation_moves_with_the_configuration() {
    let mut rig = Rig::new(disk(8));
    rig.start(Features::NONE, 1, 8);
    let before = rig.read(Register::ConfigGeneration);
    assert_eq!(u64::from_le_bytes(rig.config(0)), 8);
    assert_eq!(rig.read(Register::ConfigGeneration), before);
    rig.device.control(&Control::Capacity(6));
    assert_ne!(rig.read(Register::ConfigGeneration), before);
    assert_eq!(u64::from_le_bytes(rig.config(0)), 6);
    assert!(!rig.device.control(&Control::ConsoleSize { cols: 1, rows: 1 }), "not for a disk");
}

#[test]
fn there_is_no_shared_memory() {
    let rig = Rig::new(Entropy::default());
    rig.write(Register::SHMSel, 0);
    for register in [Register::SHMLenLow, Register::SHMLenHigh, Register::SHMBaseLow, Register::SHMBaseHigh] {
        assert_eq!(rig.read(register), u32::MAX);
    }
}

#[test]
fn accesses_that_no_register_has_do_nothing() {
    let rig = Rig::new(disk(8));
    for width in [1, 2, 3, 8, 16] {
        for offset in [0, 1, 2, 0x70, 0x18, 0xfc, 0x100, 0x15f, 0x7f0, u64::MAX - 3] {
            let mut bytes = vec![0xff; width];
            rig.device.write(offset, &vec![0; width]);
            rig.device.read(offset, &mut bytes);
            if offset < 0x100 {
                assert!(bytes.iter().all(|b| *b == 0), "{width} bytes at {offset:#x}");
            }
        }
    }
    // Write-only registers read as zero, read-only ones do not change.
    assert_eq!(rig.read(Register::QueueNotify), 0);
    rig.write(Register::MagicValue, 7);
    assert_eq!(rig.read(Register::MagicValue), MAGIC);
    assert_eq!(rig.config::<4>(4096), [0; 4]);
}

#[test]
fn one_queue_can_be_reset_alone() {
    let mut rig = Rig::with(console(), &[], |o| o.features = o.features.with(Features::bit(RING_RESET)));
    rig.start(Features::bit(RING_RESET), 2, 8);
    rig.push(0, &[writable(BUFFERS, 16)]);
    rig.kick(0);
    rig.write(Register::QueueSel, 0);
    assert_eq!(rig.read(Register::QueueReset), 0);
    rig.write(Register::QueueReset, 1);
    assert_eq!((rig.read(Register::QueueReset), rig.read(Register::QueueReady)), (0, 0));
    rig.device.control(&Control::ConsoleInput(b"late".to_vec()));
    rig.settle();
    assert!(rig.used(0).is_empty());
    rig.describe(0, 16);
    rig.write(Register::QueueReady, 1);
    assert_eq!(rig.request(0, &[writable(BUFFERS, 16)]).len, 4);
}

#[test]
fn a_suspended_device_is_silent() {
    let mut rig = Rig::with(console(), &[], |o| o.features = o.features.with(Features::bit(SUSPEND)));
    rig.start(Features::bit(SUSPEND), 2, 8);
    rig.push(0, &[writable(BUFFERS, 16)]);
    rig.write(Register::QueueNotify, 0);
    rig.write(Register::Status, 15 | 16);
    assert_eq!(rig.status() & (16 | 4), 16);
    rig.device.control(&Control::ConsoleInput(b"x".to_vec()));
    rig.device.control(&Control::ConsoleSize { cols: 100, rows: 30 });
    rig.settle();
    assert!(rig.used(0).is_empty() && rig.interrupts() == 0);
    rig.write(Register::Status, 15);
    assert_eq!(rig.status() & (16 | 4), 4);
    rig.settle();
    assert_eq!(rig.used(0).len(), 1);
    assert_eq!(rig.read(Register::InterruptStatus), 3, "the change of size is told now");
}

#[test]
fn suspend_needs_its_feature() {
    let mut rig = Rig::new(Entropy::default());
    rig.start(Features::NONE, 1, 8);
    rig.write(Register::Status, 15 | 16);
    assert_eq!(rig.status(), 15);
}

#[derive(Default)]
struct Binder(Mutex<Vec<(bool, Doorbell)>>);

impl DoorbellBinder for Binder {
    fn arm(&self, doorbell: &Doorbell, _: &EventFd) -> io::Result<()> {
        self.0.lock().unwrap().push((true, *doorbell));
        Ok(())
    }
    fn disarm(&self, doorbell: &Doorbell, _: &EventFd) -> io::Result<()> {
        self.0.lock().unwrap().push((false, *doorbell));
        Ok(())
    }
}

#[test]
fn doorbells_are_armed_while_the_device_is_live_only() {
    let binder = Arc::new(Binder::default());
    let theirs = Arc::clone(&binder);
    let mut rig = Rig::with(console(), &[], |o| o.doorbells = Some(theirs));
    let seen = || std::mem::take(&mut *binder.0.lock().unwrap());
    // The first device's register block is where `DeviceOptions::new` says.
    let bell = |queue| Doorbell { address: 0xd000_0050, width: 4, value: Some(queue) };
    rig.negotiate(Features::bit(VERSION_1));
    for queue in 0..2 {
        rig.describe(queue, 8);
        rig.write(Register::QueueReady, 1);
    }
    assert!(seen().is_empty());
    rig.write(Register::Status, 15);
    assert_eq!(seen(), [(true, bell(0)), (true, bell(1))]);
    rig.write(Register::Status, 0);
    assert_eq!(seen(), [(false, bell(0)), (false, bell(1))]);
}

#[test]
fn silence_over_published_chains_is_noted_and_ended() {
    let mut rig = Rig::new(Entropy::default());
    rig.start(Features::NONE, 1, 8);
    rig.push(0, &[writable(BUFFERS, 16)]);
    rig.settle();
    rig.device.tick(Duration::from_millis(0));
    rig.device.tick(DeviceOptions::QUIET - Duration::from_millis(1));
    rig.settle();
    assert!(rig.used(0).is_empty());
    rig.device.tick(DeviceOptions::QUIET);
    rig.settle();
    assert_eq!(rig.used(0).len(), 1);
    assert!(rig.saw(|e| matches!(e, EventKind::Quiet { queue: 0, seen: 0, avail_idx: 1, .. })));
}

#[test]
fn accesses_are_told_raw_and_by_meaning_in_order() {
    let mut rig = Rig::new(Entropy::default());
    rig.start(Features::NONE, 1, 8);
    rig.request(0, &[writable(BUFFERS, 16)]);
    let kinds: Vec<_> = rig.events().into_iter().map(|e| e.kind).collect();
    let at = |wanted: &dyn Fn(&EventKind) -> bool| kinds.iter().position(wanted).unwrap();
    let raw = at(&|e| matches!(e, EventKind::Register { write: true, offset: 0x50, width: 4, value: 0 }));
    assert_eq!(kinds[raw + 1], EventKind::Notify { queue: 0, count: 1 });
    let available = at(&|e| matches!(e, EventKind::Available(_)));
    let used = at(&|e| matches!(e, EventKind::Used { id: 0, len: 16, .. }));
    let interrupt = at(&|e| matches!(e, EventKind::Interrupt { reasons: 1, spurious: false }));
    assert!(raw < available && available < used && used < interrupt);
    rig.device.end("done");
    assert!(matches!(rig.events().last().unwrap().kind, EventKind::End { .. }));
}
