//! Whatever a guest writes, to registers and to memory: no panic, no hang, no access outside guest memory, and the device
//! works again after a reset.

use std::time::Duration;

use parakit_abi::feature::{EVENT_IDX, Features, VERSION_1};
use parakit_abi::transport::mmio::Register;
use parakit_harness::device::{
    Block, BlockOptions, Console, ConsoleBuffer, ConsoleOptions, Control, Entropy, MemoryDisk,
};
use parakit_harness::oddity::OddityKind;
use parakit_harness::transport::RegisterBlock as _;
use proptest::prelude::*;

use crate::rig::{BUFFERS, MEMORY, Rig, writable};

fn rig(device: u8, oddity: Option<OddityKind>) -> Rig {
    let names: Vec<String> = oddity.iter().map(|k| format!("{k}@0")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match device % 3 {
        0 => {
            let options = BlockOptions { queue_size: 16, ..BlockOptions::default() };
            Rig::odd(Block::new(Box::new(MemoryDisk::new(vec![0; 64 * 512])), options), &names)
        }
        1 => Rig::odd(Console::new(ConsoleOptions::default(), Box::new(ConsoleBuffer::default())), &names),
        _ => Rig::odd(Entropy::default(), &names),
    }
}

/// Something that a guest, or the world, does.
#[derive(Clone, Debug)]
enum Act {
    Register(usize, u32),
    Raw(u64, Vec<u8>),
    Read(u64, usize),
    Memory(u32, Vec<u8>),
    Notify(u8),
    Step,
    Tick,
    Control(u8, u16),
}

fn act() -> impl Strategy<Value = Act> {
    let value = prop_oneof![0..64_u32, any::<u32>(), Just(0x1_0000), Just(11), Just(15), Just(1)];
    // Mostly the page where the ring of `describe` is.
    let address = prop_oneof![0x1_0000..0x1_0400_u32, 0..MEMORY as u32 + 64];
    prop_oneof![
        3 => (0..Register::ALL.len(), value).prop_map(|(r, v)| Act::Register(r, v)),
        1 => (any::<u64>(), prop::collection::vec(any::<u8>(), 0..9)).prop_map(|(o, d)| Act::Raw(o % 0x400, d)),
        1 => (0..0x400_u64, 0..9_usize).prop_map(|(o, w)| Act::Read(o, w)),
        6 => (address, prop::collection::vec(prop_oneof![Just(0_u8), 0..20_u8, any::<u8>()], 1..40))
            .prop_map(|(a, d)| Act::Memory(a, d)),
        4 => any::<u8>().prop_map(|q| Act::Notify(q % 3)),
        6 => Just(Act::Step),
        1 => Just(Act::Tick),
        1 => any::<(u8, u16)>().prop_map(|(k, v)| Act::Control(k, v)),
    ]
}

fn perform(rig: &Rig, act: &Act, now: &mut Duration) {
    match act {
        Act::Register(register, value) => rig.write(Register::ALL[*register], *value),
        Act::Raw(offset, data) => rig.device.write(*offset, data),
        Act::Read(offset, width) => rig.device.read(*offset, &mut vec![0; *width]),
        Act::Memory(address, data) => {
            // At the end of memory the write is refused, as a store to nowhere would be lost.
            let _outside =
                vm_memory::Bytes::write_slice(&rig.memory, data, vm_memory::GuestAddress(u64::from(*address)));
        }
        Act::Notify(queue) => rig.write(Register::QueueNotify, u32::from(*queue)),
        Act::Step => drop(rig.device.step(1)),
        Act::Tick => {
            *now += Duration::from_millis(250);
            rig.device.tick(*now);
        }
        Act::Control(kind, value) => {
            rig.device.control(&match kind % 3 {
                0 => Control::Capacity(u64::from(*value)),
                1 => Control::ConsoleSize { cols: *value, rows: 1 },
                _ => Control::ConsoleInput(vec![1; usize::from(*value % 300)]),
            });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_device_survives_its_guest(
        device in 0..3_u8,
        oddity in prop::option::of(prop::sample::select(OddityKind::ALL)),
        live in any::<bool>(),
        acts in prop::collection::vec(act(), 0..120),
    ) {
        let mut rig = rig(device, oddity);
        let mut now = Duration::ZERO;
        if live && rig.negotiate(Features::of(&[VERSION_1, EVENT_IDX])) {
            let queues = if device == 1 { 2 } else { 1 };
            for queue in 0..queues {
                rig.describe(queue, 8);
                rig.write(Register::QueueReady, 1);
            }
            rig.write(Register::Status, 15);
        }
        for act in &acts {
            perform(&rig, act, &mut now);
        }
        rig.settle();
        if oddity.is_none() {
            rig.start(Features::NONE, if device == 1 { 2 } else { 1 }, 4);
            if device == 1 {
                rig.device.control(&Control::ConsoleInput(vec![0; 8]));
            }
            let used = rig.request(0, &[writable(BUFFERS, 8)]);
            prop_assert!(used.len > 0);
        }
    }

    #[test]
    fn a_queue_survives_any_memory(
        device in 0..3_u8,
        descriptors in prop::collection::vec((0..0x20_0000_u64, 0..9000_u32, 0..8_u16, 0..18_u16), 8),
        heads in prop::collection::vec(0..10_u16, 0..8),
        bytes in prop::collection::vec(prop_oneof![Just(0_u8), 0..15_u8, any::<u8>()], 64),
    ) {
        let mut rig = rig(device, None);
        let queues = if device == 1 { 2 } else { 1 };
        rig.start(Features::NONE, queues, 8);
        rig.put(BUFFERS, &bytes);
        rig.device.control(&Control::ConsoleInput(vec![2; 50_000]));
        for queue in 0..queues {
            for (index, &(addr, len, flags, next)) in descriptors.iter().enumerate() {
                // Headers lie where the bytes are, so that some requests are nearly right.
                let (addr, len) = if index % 2 == 0 { (BUFFERS + addr % 48, 16) } else { (addr, len) };
                rig.desc(queue, index as u16, parakit_abi::ring::split::Desc { addr, len, flags, next });
            }
            for &head in &heads {
                rig.publish(queue, head);
            }
            rig.kick(queue);
            // Every chain comes back, or the device says that it cannot go on: writes may have hit the ring itself.
            let used = rig.used(queue).len();
            prop_assert!(used == heads.len() || rig.status() & 0x40 != 0 || device == 1 || overlaps(&descriptors));
        }
    }
}

/// Whether a descriptor lets the device write to the rings.
fn overlaps(descriptors: &[(u64, u32, u16, u16)]) -> bool {
    descriptors.iter().any(|&(addr, len, ..)| addr < 0x3_0000 && addr + u64::from(len) > 0x1_0000)
}
