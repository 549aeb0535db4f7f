//! The configuration space of a function: header, capabilities, BARs, and the window in it.

use parakit_abi::device::DeviceType;
use parakit_abi::transport::pci::{
    CAP_VENDOR, CfgType, Common, VENDOR, bar, cap, command, device_type, header, msix, pci_status,
};
use parakit_harness::device::{Block, BlockOptions, Console, ConsoleBuffer, ConsoleOptions, Entropy, MemoryDisk};
use parakit_harness::observe::EventKind;
use parakit_harness::transport::pci::SharedMemory;

use crate::function::{BARS, Function};
use crate::rig::Rig;

fn block() -> Block {
    Block::new(Box::new(MemoryDisk::new(vec![7; 512 * 16])), BlockOptions::default())
}

fn console() -> Console {
    Console::new(ConsoleOptions::default(), Box::new(ConsoleBuffer::default()))
}

#[test]
fn the_ids_are_those_of_the_device_type() {
    for (rig, ty, class) in [
        (Rig::pci(block(), &[]), DeviceType::BLOCK, 0x01),
        (Rig::pci(console(), &[]), DeviceType::CONSOLE, 0x07),
        (Rig::pci(Entropy::default(), &[]), DeviceType::ENTROPY, 0xff),
    ] {
        let function = rig.function();
        assert_eq!(function.config16(header::VENDOR_ID), VENDOR);
        assert_eq!(function.config16(header::DEVICE_ID), 0x1040 + ty.0 as u16);
        assert_eq!(device_type(VENDOR, function.config16(header::DEVICE_ID)), Some(ty));
        assert_eq!(function.config::<1>(header::REVISION_ID), [1]);
        assert_eq!(function.config::<3>(header::CLASS_CODE)[2], class);
        assert_eq!(function.config16(header::SUBSYSTEM_VENDOR_ID), VENDOR);
        assert!(function.config16(header::SUBSYSTEM_ID) >= 0x40);
        assert_eq!(function.config::<1>(header::HEADER_TYPE), [0]);
        assert_eq!(function.config::<1>(header::INTERRUPT_PIN), [1]);
        assert_eq!(function.config16(header::STATUS), pci_status::CAPABILITIES);
    }
}

#[test]
fn a_transitional_device_has_the_old_ids() {
    let rig = Rig::pci_with(block(), &[], |_| {}, |o| o.transitional = true);
    let function = rig.function();
    assert_eq!(function.config16(header::DEVICE_ID), 0x1001);
    assert_eq!(function.config16(header::SUBSYSTEM_ID), 2, "the device type (§4.1.2.3)");
    assert_eq!(function.config::<1>(header::REVISION_ID), [0]);
}

#[test]
fn only_what_is_meant_to_be_written_is_written() {
    let rig = Rig::pci(block(), &[]);
    let function = rig.function();
    let before: Vec<u8> = (0..256).map(|at| function.config::<1>(at)[0]).collect();
    let window = function.virtio(CfgType::Pci).at;
    let control = function.msix().at + msix::CONTROL;
    for at in 0..4096 {
        function.root.config_write(function.at, at, &[0xff]);
    }
    for (at, old) in before.iter().enumerate() {
        let at = at as u16;
        let expected = match at {
            header::INTERRUPT_LINE => 0xff,
            0x04 => (command::MEMORY | command::BUS_MASTER) as u8,
            0x05 => (command::INTX_DISABLE >> 8) as u8,
            // Sizes: 16 KiB (64 bits wide) and 4 KiB; nothing else.
            0x10..=0x17 => [0x04, 0xc0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][usize::from(at - 0x10)],
            0x18..=0x1b => [0x00, 0xf0, 0xff, 0xff][usize::from(at - 0x18)],
            _ if at == control + 1 => old | 0xc0,
            _ if at == window + cap::BAR || (window + cap::OFFSET..window + 20).contains(&at) => 0xff,
            _ => *old,
        };
        assert_eq!(function.config::<1>(at), [expected], "{at:#x}");
    }
    assert_eq!(function.config::<1>(4095), [0]);
}

#[test]
fn a_bar_shows_its_size_and_its_address() {
    let rig = Rig::pci_with(block(), &[], |_| {}, |o| o.shared_memory = vec![SharedMemory { id: 3, len: 0x5000 }]);
    let function = rig.function();
    // Number, whether it is 64 bits wide, bytes.
    for (i, wide, size) in [(0, true, 0x4000_u64), (2, false, 0x1000), (4, true, 0x8000)] {
        let register = header::BAR0 + 4 * i;
        assert_eq!(u64::from(function.config32(register) & !0xf), BARS[usize::from(i)] & 0xffff_ffff);
        assert_eq!(function.config32(register) & 0xf, if wide { bar::TYPE_64 } else { 0 });
        function.config_write32(register, u32::MAX);
        let mut mask = u64::from(function.config32(register) & !0xf) | !0 << 32;
        if wide {
            function.config_write32(register + 4, u32::MAX);
            mask = mask & 0xffff_ffff | u64::from(function.config32(register + 4)) << 32;
        }
        assert_eq!(!mask + 1, size, "BAR {i}");
    }
}

#[test]
fn memory_follows_the_bars_and_the_command_register() {
    let rig = Rig::pci(block(), &[]);
    let function = rig.function();
    let status = |base: u64| {
        let mut byte = [0];
        function.root.memory_read(base + Common::NumQueues.offset(), &mut byte).then_some(byte[0])
    };
    let (old, new) = (BARS[0], 0x40_2000_0000);
    assert_eq!(status(old), Some(0), "not a whole field");
    function.config_write32(header::BAR0, new as u32);
    assert_eq!((status(old), status(new)), (None, Some(0)));
    function.config_write16(header::COMMAND, command::BUS_MASTER);
    assert_eq!(status(new), None);
    function.config_write16(header::COMMAND, command::MEMORY | command::BUS_MASTER);
    assert_eq!(status(new), Some(0));
    // No part of an access belongs to the BAR if not all of it does.
    let mut word = [0; 4];
    assert!(!function.root.memory_read(new + 0x4000 - 2, &mut word));
    assert!(!function.root.memory_write(new - 2, &word));
}

#[test]
fn each_structure_is_announced_where_it_is() {
    let shared = vec![SharedMemory { id: 3, len: 0x5000 }, SharedMemory { id: 9, len: 0x1000 }];
    let rig = Rig::pci_with(block(), &[], |_| {}, |o| o.shared_memory = shared);
    let function = rig.function();
    let info = rig.events().into_iter().find_map(|e| match e.kind {
        EventKind::Device(info) => info.pci,
        _ => None,
    });
    let info = info.expect("the function");
    assert_eq!(info.config.len(), 4096);
    assert_eq!(info.bars, [0x4000, 0, 0x1000, 0, 0x8000, 0]);
    assert_eq!(info.wide, [true, false, false, false, true, false]);
    assert_eq!((info.msix_vectors, info.msix_table), (8, (2, 0)));
    let list: Vec<_> = function.capabilities().into_iter().filter(|c| c.id == CAP_VENDOR).collect();
    for structure in &info.structures {
        let found = list.iter().find(|c| c.body[3] == structure.cfg_type && c.body[5] == structure.id);
        let found = found.unwrap_or_else(|| panic!("{structure:?} is not announced"));
        assert_eq!(usize::from(found.body[2]), found.body.len());
        assert_eq!(found.body[4], structure.bar);
        assert_eq!(u64::from(found.word(cap::OFFSET)), structure.offset);
        assert_eq!(u64::from(found.word(cap::LENGTH)), structure.length);
        assert!(structure.offset.is_multiple_of(4));
        assert!(structure.offset + structure.length <= info.bars[usize::from(structure.bar)]);
        if structure.cfg_type == CfgType::Notify as u8 {
            assert_eq!(found.word(cap::NOTIFY_OFF_MULTIPLIER), structure.multiplier);
        }
    }
    // All of these and the window.
    assert_eq!(list.len(), info.structures.len() + 1);
    assert_eq!(info.structures.len(), 6);
    // A device without configuration space has no structure for it.
    let plain = Rig::pci(Entropy::default(), &[]);
    let kinds: Vec<u8> =
        plain.function().capabilities().iter().filter(|c| c.id == CAP_VENDOR).map(|c| c.body[3]).collect();
    assert!(!kinds.contains(&(CfgType::Device as u8)), "{kinds:?}");
}

#[test]
fn shared_memory_is_memory() {
    let rig = Rig::pci_with(block(), &[], |_| {}, |o| o.shared_memory = vec![SharedMemory { id: 3, len: 0x5000 }]);
    let function = rig.function();
    function.write(CfgType::SharedMemory, 0x4ffc, &[1, 2, 3, 4]);
    let mut bytes = [0; 8];
    function.read(CfgType::SharedMemory, 0x4ff8, &mut bytes);
    assert_eq!(bytes, [0, 0, 0, 0, 1, 2, 3, 4]);
    rig.write(parakit_abi::transport::mmio::Register::Status, 0);
    function.read(CfgType::SharedMemory, 0x4ff8, &mut bytes);
    assert_eq!(bytes, [0, 0, 0, 0, 1, 2, 3, 4], "a reset is not for it");
}

fn aim(function: &Function, bar: u8, offset: u32, length: u32) -> u16 {
    let window = function.virtio(CfgType::Pci).at;
    function.root.config_write(function.at, window + cap::BAR, &[bar]);
    function.config_write32(window + cap::OFFSET, offset);
    function.config_write32(window + cap::LENGTH, length);
    window + cap::PCI_CFG_DATA
}

#[test]
fn the_window_reaches_what_is_behind_the_bars() {
    let rig = Rig::pci(block(), &[]);
    let function = rig.function();
    // Not even memory decoding is needed.
    function.config_write16(header::COMMAND, 0);
    let data = aim(function, 0, Common::DeviceStatus as u32, 1);
    function.root.config_write(function.at, data, &[3]);
    assert_eq!(function.config::<1>(data), [3]);
    let data = aim(function, 0, Common::NumQueues as u32, 2);
    assert_eq!(function.config16(data), 1);
    let data = aim(function, 0, 0x2000, 4);
    assert_eq!(function.config32(data), 16, "capacity in sectors");
    // What it cannot reach: a misaligned place, another width, behind the end, BARs that are not there.
    for (bar, offset, length) in [(0, 2, 4), (0, 0, 3), (0, 0, 0), (0, 0, 8), (0, 0x4000, 4), (5, 0, 4), (255, 0, 4)] {
        let data = aim(function, bar, offset, length);
        let before = rig.events().len();
        function.config_write32(data, 0x55aa_55aa);
        assert_eq!(function.config32(data), 0x55aa_55aa, "{bar} {offset:#x} {length}: as written");
        let bars = rig.events()[before..].iter().filter(|e| matches!(e.kind, EventKind::PciBar { .. })).count();
        assert_eq!(bars, 0);
    }
}

#[test]
fn an_access_through_the_window_is_told_twice() {
    let rig = Rig::pci(block(), &["reset-slow"]);
    let function = rig.function();
    let data = aim(function, 0, Common::DeviceStatus as u32, 1);
    let begin = rig.events().len();
    function.root.config_write(function.at, data, &[0]);
    for _ in 0..6 {
        function.config::<1>(data);
    }
    let kinds: Vec<_> = rig.events()[begin..].iter().map(|e| e.kind.clone()).collect();
    let config = |write, value| EventKind::PciConfig { write, offset: data, width: 1, value };
    let at = u64::from(Common::DeviceStatus as u8);
    let behind = |write, value| EventKind::PciBar { write, bar: 0, offset: at, width: 1, value };
    assert_eq!(kinds[..3], [config(true, 0), behind(true, 0), EventKind::StatusWrite { value: 0 }]);
    let read = |value: u8| [config(false, value.into()), behind(false, value.into()), EventKind::StatusRead { value }];
    assert_eq!(kinds[4..7], read(0x0f));
    let end = kinds.len();
    assert_eq!(kinds[end - 4], EventKind::ResetDone);
    assert_eq!(kinds[end - 3..], read(0));
}
