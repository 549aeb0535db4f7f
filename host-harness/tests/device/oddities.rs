//! Each oddity does what its name says, and says that it did.

use std::collections::BTreeSet;
use std::time::Duration;

use parakit_abi::device::block::{RequestHeader, request};
use parakit_abi::feature::{EVENT_IDX, Features, VERSION_1};
use parakit_abi::transport::mmio::{MAGIC, Register};
use parakit_harness::device::{Block, BlockOptions, Entropy, MemoryDisk};
use parakit_harness::observe::EventKind;
use parakit_harness::oddity::{Needs, Oddity, OddityKind};
use vm_memory::Bytes as _;

use crate::rig::{BUFFERS, Rig, readable, writable};

const STATUS: u64 = BUFFERS + 0x20;
const DATA: u64 = BUFFERS + 0x1000;

fn odd(name: &str) -> Rig {
    Rig::odd(Block::new(Box::new(MemoryDisk::new(vec![7; 512 * 16])), BlockOptions::default()), &[name])
}

/// A live disk of that oddity, acting from the first completion on.
fn live(name: &str) -> Rig {
    let mut rig = odd(&format!("{name}@0"));
    rig.start(Features::NONE, 1, 16);
    rig.put(BUFFERS, &RequestHeader { request_type: request::IN, sector: 0 }.to_le_bytes());
    rig
}

/// Publishes a read of one sector.
fn push(rig: &mut Rig) -> u16 {
    rig.push(0, &[readable(BUFFERS, 16), writable(DATA, 512), writable(STATUS, 1)])
}

fn read(rig: &mut Rig) -> Vec<(u32, u32)> {
    push(rig);
    rig.kick(0);
    rig.used(0).iter().map(|u| (u.id, u.len)).collect()
}

fn provoked(rig: &Rig, name: &str) -> bool {
    rig.saw(|e| matches!(e, EventKind::Provoke { what } if what == name))
}

#[test]
fn names_are_unique_and_come_back() {
    let names: BTreeSet<_> = OddityKind::ALL.iter().map(|k| k.name()).collect();
    assert_eq!(names.len(), OddityKind::ALL.len());
    for kind in OddityKind::ALL {
        assert_eq!(kind.name().parse::<Oddity>(), Ok(Oddity::from(*kind)));
        let later = Oddity { kind: *kind, after: 9 };
        assert_eq!(later.to_string().parse::<Oddity>(), Ok(later));
    }
    let error = "reset-slwo".parse::<Oddity>().unwrap_err();
    assert_eq!(error.nearest, Some("reset-slow"));
    assert!("reset-slow@x".parse::<Oddity>().is_err());
}

#[test]
fn each_oddity_says_when_it_acts() {
    // The others are in `pci_oddities` and `packed`, or need a driver that asks for more.
    let here = |k: &&OddityKind| matches!(k.needs(), Needs::Anything | Needs::Mmio | Needs::Modern | Needs::Reasons);
    for kind in OddityKind::ALL.iter().filter(here) {
        let mut rig = odd(&format!("{kind}@0"));
        rig.config::<4>(0);
        rig.read(Register::ConfigGeneration);
        let version_1 = rig.offered().and(Features::of(&[VERSION_1]));
        if rig.negotiate(version_1) && rig.read(Register::QueueSizeMax) > 0 {
            rig.describe(0, 4);
            rig.write(Register::QueueReady, 1);
            rig.write(Register::Status, 15);
            rig.put(BUFFERS, &RequestHeader { request_type: request::IN, sector: 0 }.to_le_bytes());
            // As many as the queue takes: what is overwritten or kept back must not stand in the way of the rest.
            push(&mut rig);
            rig.push(0, &[writable(STATUS, 1)]);
            rig.kick(0);
            rig.read(Register::InterruptStatus);
            rig.device.tick(Duration::ZERO);
            rig.device.tick(Duration::from_millis(5));
            rig.settle();
        }
        assert!(provoked(&rig, kind.name()), "{kind}");
        // What the plain device would do is not announced.
        assert_eq!(
            rig.events()
                .iter()
                .filter(|e| matches!(&e.kind, EventKind::Provoke { what } if what != kind.name()))
                .count(),
            0
        );
    }
}

#[test]
fn identities() {
    let show = |name| {
        let rig = odd(name);
        [Register::MagicValue, Register::Version, Register::DeviceID].map(|r| rig.read(r))
    };
    assert_eq!(show("wrong-magic"), [!MAGIC, 2, 2]);
    assert_eq!(show("wrong-version"), [MAGIC, 3, 2]);
    assert_eq!(show("device-id-zero"), [MAGIC, 2, 0]);
}

#[test]
fn features() {
    assert!(!odd("version-1-missing").offered().has(VERSION_1));
    let offered = odd("unknown-features-offered").offered();
    assert!([41, 37, 44, 49, 63, 100, 127, 0].iter().all(|b| offered.has(*b)), "{offered:?}");
    let rig = odd("features-ok-refused");
    assert!(!rig.negotiate(Features::bit(VERSION_1)));
    assert!(provoked(&rig, "features-ok-refused"));
}

#[test]
fn queue_sizes() {
    for (name, expected) in [("queue-max-zero", 0), ("queue-max-small", 4), ("queue-max-odd", 24)] {
        assert_eq!(odd(name).read(Register::QueueSizeMax), expected);
    }
}

#[test]
fn resets() {
    let rig = odd("reset-slow");
    rig.write(Register::Status, 0);
    let shown: Vec<_> = (0..7).map(|_| rig.status()).collect();
    assert_eq!(shown, [15, 15, 15, 15, 15, 0, 0]);
    let events = rig.events();
    let done = events.iter().position(|e| e.kind == EventKind::ResetDone).unwrap();
    assert_eq!(events[done + 2].kind, EventKind::StatusRead { value: 0 });

    let rig = odd("reset-never");
    rig.write(Register::Status, 0);
    assert!((0..1000).all(|_| rig.status() != 0));
    assert!(!rig.saw(|e| *e == EventKind::ResetDone));
}

#[test]
fn configurations() {
    assert_eq!(odd("capacity-zero").config::<8>(0), [0; 8]);
    assert_eq!(odd("capacity-huge").config::<8>(0), [0xff; 8]);
    assert_eq!(odd("larger-config-space").config::<4>(96 + 60), [0xa5; 4]);
    let rig = odd("config-generation-never-stable");
    assert_ne!(rig.read(Register::ConfigGeneration), rig.read(Register::ConfigGeneration));

    let rig = odd("config-changes-between-reads");
    let (mut torn, mut last) = (0, 0);
    for _ in 0..8 {
        let before = rig.read(Register::ConfigGeneration);
        let value = [rig.config::<4>(0), rig.config::<4>(4)].concat();
        if rig.read(Register::ConfigGeneration) != before {
            torn += 1;
        } else {
            last = u64::from_le_bytes(value.try_into().unwrap());
        }
    }
    assert_eq!((torn, last), (4, 16));
}

#[test]
fn used_entries() {
    let mut rig = live("used-id-out-of-range");
    assert_eq!(read(&mut rig), [(16 + 444, 513)]);
    let mut rig = live("used-id-not-in-flight");
    let used = read(&mut rig);
    assert!(used.len() == 1 && used[0].0 != 0 && used[0].0 < 16);
    assert_eq!(read(&mut live("used-id-twice")), [(0, 513), (0, 513)]);
    assert_eq!(read(&mut live("used-len-too-long")), [(0, 513 + 4096)]);
    assert_eq!(read(&mut live("short-read")), [(0, 256)]);
    let mut rig = live("never-complete");
    assert!(read(&mut rig).is_empty());
    assert!(provoked(&rig, "never-complete"));
}

#[test]
fn oddities_of_the_ring_wait_for_their_turn() {
    let mut rig = odd("used-len-too-long");
    rig.start(Features::NONE, 1, 16);
    rig.put(BUFFERS, &RequestHeader { request_type: request::IN, sector: 0 }.to_le_bytes());
    let lens: Vec<_> = (0..3).map(|_| read(&mut rig)[0].1).collect();
    assert_eq!(lens, [513, 513, 513 + 4096]);
}

#[test]
fn used_indices() {
    let idx = |name| {
        let mut rig = live(name);
        push(&mut rig);
        rig.kick(0);
        rig.memory.read_obj::<u16>(rig.ring(0, rig.layout(0).used_offset() + 2)).unwrap()
    };
    assert_eq!(idx("used-idx-jump"), 0x8001);
    assert_eq!(idx("used-idx-backwards"), 1_u16.wrapping_sub(17));
}

#[test]
fn scribbles() {
    let mut rig = live("scribble-descriptors");
    read(&mut rig);
    assert_eq!(rig.memory.read_obj::<u64>(rig.ring(0, 0)).unwrap(), u64::from_le_bytes([0xa5; 8]));
    let mut rig = live("scribble-avail");
    push(&mut rig);
    rig.kick(0);
    let flags: u16 = rig.memory.read_obj(rig.ring(0, rig.layout(0).avail_offset())).unwrap();
    assert_eq!(flags, 0xa5a5);
}

#[test]
fn completions_in_another_order_and_at_another_time() {
    let mut rig = live("complete-out-of-order");
    let heads: Vec<_> = (0..4).map(|_| u32::from(push(&mut rig))).collect();
    rig.kick(0);
    let order: Vec<_> = rig.used(0).iter().map(|u| u.id).collect();
    assert_eq!(order, heads.into_iter().rev().collect::<Vec<_>>());

    let mut rig = live("batch-completions");
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(read(&mut rig).len());
    }
    assert_eq!(seen, [0, 0, 0, 4, 0]);
    rig.device.tick(Duration::ZERO);
    rig.device.tick(Duration::from_millis(5));
    rig.settle();
    assert_eq!(rig.used(0).len(), 1);

    let mut rig = live("complete-late");
    assert!(read(&mut rig).is_empty());
    rig.device.tick(Duration::ZERO);
    rig.device.tick(Duration::from_millis(5));
    rig.settle();
    assert_eq!(rig.used(0).len(), 1);
    assert_eq!(rig.interrupts(), 1);
}

#[test]
fn interrupts() {
    let mut rig = live("no-interrupts");
    read(&mut rig);
    assert_eq!((rig.interrupts(), rig.read(Register::InterruptStatus)), (0, 1));
    let mut rig = live("spurious-interrupts");
    read(&mut rig);
    assert_eq!(rig.interrupts(), 2);
    assert!(rig.saw(|e| matches!(e, EventKind::Interrupt { spurious: true, reasons: 0 })));
    let mut rig = live("interrupt-status-undefined-bits");
    read(&mut rig);
    assert_eq!(rig.read(Register::InterruptStatus) & 3, 1);
    assert_ne!(rig.read(Register::InterruptStatus) & !3, 0);
}

#[test]
fn suppression() {
    let mut rig = odd("avail-event-stale");
    rig.start(Features::bit(EVENT_IDX), 1, 16);
    rig.put(BUFFERS, &RequestHeader { request_type: request::IN, sector: 0 }.to_le_bytes());
    let layout = rig.layout(0);
    for _ in 0..3 {
        read(&mut rig);
    }
    let event = rig.ring(0, layout.used_offset() + layout.avail_event());
    assert_eq!(rig.memory.read_obj::<u16>(event).unwrap(), 0);
    push(&mut rig);
    rig.device.tick(Duration::ZERO);
    rig.settle();
    assert_eq!(rig.used(0).len(), 1, "it polls");
    assert!(!rig.saw(|e| matches!(e, EventKind::Quiet { .. })), "and blames nobody");

    let mut rig = live("used-flags-garbage");
    read(&mut rig);
    let flags: u16 = rig.memory.read_obj(rig.ring(0, layout.used_offset())).unwrap();
    assert_eq!(flags, 0xfffe);
}

#[test]
fn needs_reset_and_shrinking() {
    let mut rig = live("needs-reset-midway");
    push(&mut rig);
    assert_eq!(read(&mut rig).len(), 1, "the rest is never worked on");
    assert_eq!(rig.status(), 15 | 0x40);
    assert_eq!(rig.read(Register::InterruptStatus) & 2, 2);
    let mut rig = live("config-capacity-shrinks");
    read(&mut rig);
    assert_eq!(u64::from_le_bytes(rig.config(0)), 8);
    assert_eq!(rig.read(Register::InterruptStatus) & 2, 2);
}

#[test]
fn the_status_byte() {
    let mut rig = live("status-byte-garbage");
    read(&mut rig);
    assert_eq!(rig.get(STATUS, 1), [0x7f]);
    // Other devices have no status byte.
    let mut rig = Rig::odd(Entropy::default(), &["status-byte-garbage"]);
    rig.start(Features::NONE, 1, 8);
    rig.request(0, &[writable(DATA, 64)]);
    assert!(!provoked(&rig, "status-byte-garbage"));
}
