//! Whatever a guest does to configuration space and behind the BARs: no panic, no endless work, and a device that still works after a reset.

use parakit_abi::feature::{EVENT_IDX, Features, RING_PACKED, RING_RESET, SUSPEND, VERSION_1};
use parakit_abi::transport::mmio::Register;
use parakit_harness::device::{Block, BlockOptions, Console, ConsoleBuffer, ConsoleOptions, Entropy, MemoryDisk};
use parakit_harness::oddity::OddityKind;
use parakit_harness::transport::pci::{PciFunction as _, SharedMemory};
use proptest::prelude::*;
use vm_memory::GuestAddress;

use crate::function::BARS;
use crate::rig::{BUFFERS, MEMORY, Rig, writable};

#[derive(Clone, Debug)]
enum Act {
    Config(u16, Vec<u8>),
    ReadConfig(u16, usize),
    Port(u16, Vec<u8>),
    ReadPort(u16, usize),
    Ecam(u64, Vec<u8>),
    /// BAR, offset.
    Bar(usize, u64, Vec<u8>),
    ReadBar(usize, u64, usize),
    Memory(u32, Vec<u8>),
    Step,
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(vec![1_usize, 2, 4, 8, 3, 0, 16])
        .prop_flat_map(|len| prop::collection::vec(prop_oneof![Just(0_u8), Just(0xff), 0..16_u8, any::<u8>()], len))
}

fn act() -> impl Strategy<Value = Act> {
    let config = || prop_oneof![0..0x50_u16, 0..0x100_u16, any::<u16>()];
    let bar = || (prop::sample::select(vec![0_usize, 2, 4]), prop_oneof![0..0x48_u64, 0..0x4010_u64]);
    let width = 0..17_usize;
    prop_oneof![
        2 => (config(), bytes()).prop_map(|(at, data)| Act::Config(at, data)),
        1 => (config(), width.clone()).prop_map(|(at, width)| Act::ReadConfig(at, width)),
        1 => (0xcf0..0xd08_u16, bytes()).prop_map(|(port, data)| Act::Port(port, data)),
        1 => (0xcf0..0xd08_u16, 0..9_usize).prop_map(|(port, width)| Act::ReadPort(port, width)),
        1 => (0..0x1_0000_u64, bytes()).prop_map(|(at, data)| Act::Ecam(at, data)),
        4 => (bar(), bytes()).prop_map(|((bar, at), data)| Act::Bar(bar, at, data)),
        2 => (bar(), width).prop_map(|((bar, at), width)| Act::ReadBar(bar, at, width)),
        1 => (0..MEMORY as u32, bytes()).prop_map(|(at, data)| Act::Memory(at, data)),
        2 => Just(Act::Step),
    ]
}

fn rig(device: u8, oddity: Option<OddityKind>) -> Rig {
    let odd = oddity.map(|o| o.name());
    let names: Vec<&str> = odd.into_iter().collect();
    let features = Features::of(&[VERSION_1, EVENT_IDX, RING_PACKED, RING_RESET, SUSPEND]);
    let shared = |o: &mut parakit_harness::transport::pci::PciOptions| {
        o.shared_memory = vec![SharedMemory { id: 1, len: 0x1000 }];
    };
    let offer = |o: &mut parakit_harness::transport::device::DeviceOptions| o.features = features;
    match device {
        0 => {
            let disk = Box::new(MemoryDisk::new(vec![7; 512 * 16]));
            Rig::pci_with(Block::new(disk, BlockOptions::default()), &names, offer, shared)
        }
        1 => {
            let console = Console::new(ConsoleOptions::default(), Box::new(ConsoleBuffer::default()));
            Rig::pci_with(console, &names, offer, shared)
        }
        _ => Rig::pci_with(Entropy::default(), &names, offer, shared),
    }
}

fn perform(rig: &Rig, act: &Act) {
    let function = rig.function();
    match act {
        Act::Config(at, data) => function.root.config_write(function.at, *at, data),
        Act::ReadConfig(at, width) => function.root.config_read(function.at, *at, &mut vec![0; *width]),
        Act::Port(port, data) => drop(function.root.port_write(*port, data)),
        Act::ReadPort(port, width) => drop(function.root.port_read(*port, &mut vec![0; *width])),
        Act::Ecam(at, data) => function.root.ecam_write(*at, data),
        Act::Bar(bar, at, data) => drop(function.root.memory_write(BARS[*bar] + at, data)),
        Act::ReadBar(bar, at, width) => drop(function.root.memory_read(BARS[*bar] + at, &mut vec![0; *width])),
        Act::Memory(at, data) => {
            // At the end of memory the write is refused, as a store to nowhere would be lost.
            let _outside = vm_memory::Bytes::write_slice(&rig.memory, data, GuestAddress(u64::from(*at)));
        }
        Act::Step => drop(rig.device.step(1)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_function_survives_its_guest(
        device in 0..3_u8,
        oddity in prop::option::of(prop::sample::select(OddityKind::ALL)),
        live in any::<bool>(),
        acts in prop::collection::vec(act(), 0..150),
    ) {
        let mut rig = rig(device, oddity);
        let reachable = oddity.is_none();
        if live && reachable && rig.negotiate(Features::of(&[VERSION_1, EVENT_IDX])) {
            rig.describe(0, 8);
            rig.write(Register::QueueReady, 1);
            rig.write(Register::Status, 15);
        }
        for act in &acts {
            perform(&rig, act);
        }
        rig.settle();
        if reachable {
            // Wherever it was moved to, it comes back and works.
            rig.function().place();
            rig.start(Features::NONE, if device == 1 { 2 } else { 1 }, 4);
            if device == 1 {
                rig.device.control(&parakit_harness::device::Control::ConsoleInput(vec![0; 8]));
            }
            let used = rig.request(0, &[writable(BUFFERS, 8)]);
            prop_assert!(used.len > 0);
        }
    }

    #[test]
    fn a_function_by_itself_takes_any_access(offset in any::<u16>(), address in any::<u64>(), data in bytes()) {
        let rig = rig(0, None);
        let mut copy = data.clone();
        rig.device.config_read(offset, &mut copy);
        rig.device.config_write(offset, &data);
        rig.device.memory_read(address, &mut copy);
        rig.device.memory_write(address, &data);
        rig.device.memory_read(BARS[0] + address % 0x5000, &mut copy);
    }
}
