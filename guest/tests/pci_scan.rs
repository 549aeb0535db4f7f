//! Configuration space: how it is accessed, and which functions a scan of the buses finds.

mod support;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use parakit::{
    Notify, RegisterWindow,
    queue::Notification,
    transport::{
        NotifyWidth,
        pci::{
            AddressRanges, BarRegion, BarWindows, ConfigAccess, Ecam, Function, FunctionAddress, MapBarsAndPorts,
            Mechanism1, Ports, Space, reserve_bars, scan,
        },
    },
};
use proptest::prelude::*;
use support::platform::Tracked;

const fn at(bus: u8, device: u8, function: u8) -> FunctionAddress {
    FunctionAddress { bus, device, function }
}

/// Functions by address, 64 bytes of header each.
#[derive(Default)]
struct Tree {
    functions: BTreeMap<FunctionAddress, [u8; 64]>,
    looks: RefCell<BTreeMap<FunctionAddress, u32>>,
}

impl Tree {
    fn put(&mut self, address: FunctionAddress, header_type: u8) -> &mut [u8; 64] {
        let header = self.functions.entry(address).or_insert([0; 64]);
        header[..4].copy_from_slice(&[0xf4, 0x1a, 0x42, 0x10]);
        header[0x0e] = header_type;
        header
    }

    /// A bridge to bus `secondary`.
    fn bridge(&mut self, address: FunctionAddress, secondary: u8) {
        self.put(address, 1)[0x19] = secondary;
    }

    fn found(&self) -> Vec<FunctionAddress> {
        scan(self).map(|function| function.address).collect()
    }

    fn get<const N: usize>(&self, function: FunctionAddress, offset: u16) -> [u8; N] {
        if offset == 0 {
            *self.looks.borrow_mut().entry(function).or_default() += 1;
        }
        let header = self.functions.get(&function);
        header.map_or([0xff; N], |header| header[offset.into()..usize::from(offset) + N].try_into().unwrap())
    }
}

// SAFETY: a model.
unsafe impl ConfigAccess for Tree {
    fn size(&self) -> u16 {
        256
    }
    fn read8(&self, function: FunctionAddress, offset: u16) -> u8 {
        u8::from_le_bytes(self.get(function, offset))
    }
    fn read16(&self, function: FunctionAddress, offset: u16) -> u16 {
        u16::from_le_bytes(self.get(function, offset))
    }
    fn read32(&self, function: FunctionAddress, offset: u16) -> u32 {
        u32::from_le_bytes(self.get(function, offset))
    }
    unsafe fn write8(&self, _: FunctionAddress, _: u16, _: u8) {
        panic!("a scan writes nothing");
    }
    unsafe fn write16(&self, _: FunctionAddress, _: u16, _: u16) {
        panic!("a scan writes nothing");
    }
    unsafe fn write32(&self, _: FunctionAddress, _: u16, _: u32) {
        panic!("a scan writes nothing");
    }
}

#[test]
fn several_functions_are_looked_for_where_a_device_says_so() {
    let mut tree = Tree::default();
    tree.put(at(0, 0, 0), 0);
    tree.put(at(0, 0, 1), 0);
    tree.put(at(0, 4, 0), 0x80);
    tree.put(at(0, 4, 1), 0);
    tree.put(at(0, 4, 7), 0);
    tree.put(at(0, 5, 3), 0);
    tree.put(at(0, 31, 0), 0x80);
    tree.put(at(0, 31, 7), 0);
    let expected = [at(0, 0, 0), at(0, 4, 0), at(0, 4, 1), at(0, 4, 7), at(0, 31, 0), at(0, 31, 7)];
    assert_eq!(tree.found(), expected);
}

#[test]
fn buses_behind_bridges_are_searched_once() {
    let mut tree = Tree::default();
    tree.bridge(at(0, 2, 0), 1);
    tree.bridge(at(0, 31, 0), 7);
    tree.bridge(at(1, 0, 0), 2);
    tree.put(at(2, 9, 0), 0);
    tree.put(at(7, 1, 0), 0);
    // Not numbered by firmware; back to where it is; back to the root; a second way to the same bus.
    tree.bridge(at(0, 3, 0), 0);
    tree.bridge(at(2, 1, 0), 2);
    tree.bridge(at(2, 2, 0), 1);
    tree.bridge(at(1, 1, 0), 7);
    tree.put(at(3, 0, 0), 0);
    let expected = [
        at(0, 2, 0),
        at(0, 3, 0),
        at(0, 31, 0),
        at(1, 0, 0),
        at(1, 1, 0),
        at(2, 1, 0),
        at(2, 2, 0),
        at(2, 9, 0),
        at(7, 1, 0),
    ];
    assert_eq!(tree.found(), expected);
    // Of 256 buses that are all bridges to one another, each is searched once.
    let mut tree = Tree::default();
    for bus in 0..=255_u8 {
        for device in 0..32 {
            tree.bridge(at(bus, device, 0), bus.wrapping_add(1 + device));
        }
    }
    assert_eq!(tree.found().len(), 256 * 32);
    assert!(tree.looks.borrow().values().all(|&looks| looks == 1));
}

#[test]
fn what_a_function_says_that_it_is() {
    let mut tree = Tree::default();
    let header = tree.put(at(0, 1, 0), 0x80);
    header[8] = 5;
    header[0x2c..0x30].copy_from_slice(&[1, 2, 3, 4]);
    let function = Function::read(&tree, at(0, 1, 0)).unwrap();
    assert_eq!((function.vendor, function.device, function.revision, function.header), (0x1af4, 0x1042, 5, 0));
    assert_eq!((function.subsystem_vendor, function.subsystem), (0x0201, 0x0403));
    assert_eq!(function.device_type().map(|t| t.0), Some(2));
    assert_eq!(Function::read(&tree, at(0, 2, 0)), None);
}

/// Registers that note the accesses, and read as their own offset.
#[derive(Default)]
struct Notes(RefCell<Vec<(u64, u8, Option<u32>)>>);

impl Notes {
    fn note(&self, offset: u64, width: u8, write: Option<u32>) -> u32 {
        self.0.borrow_mut().push((offset, width, write));
        offset as u32
    }
}

struct Silent;
impl Notify for Silent {
    fn notify(&self, _: Notification) {}
}

// SAFETY: a model.
unsafe impl RegisterWindow for &Notes {
    type Notifier = Silent;
    fn len(&self) -> u64 {
        1 << 28
    }
    fn read8(&self, offset: u64) -> u8 {
        self.note(offset, 1, None) as u8
    }
    fn read16(&self, offset: u64) -> u16 {
        self.note(offset, 2, None) as u16
    }
    fn read32(&self, offset: u64) -> u32 {
        self.note(offset, 4, None)
    }
    unsafe fn write8(&self, offset: u64, value: u8) {
        self.note(offset, 1, Some(value.into()));
    }
    unsafe fn write16(&self, offset: u64, value: u16) {
        self.note(offset, 2, Some(value.into()));
    }
    unsafe fn write32(&self, offset: u64, value: u32) {
        self.note(offset, 4, Some(value));
    }
    unsafe fn notifier(&self, _: u64, _: u16, _: NotifyWidth) -> Silent {
        Silent
    }
}

// SAFETY: a model.
unsafe impl Ports for &Notes {
    fn read8(&self, port: u16) -> u8 {
        self.note(port.into(), 1, None) as u8
    }
    fn read16(&self, port: u16) -> u16 {
        self.note(port.into(), 2, None) as u16
    }
    fn read32(&self, port: u16) -> u32 {
        self.note(port.into(), 4, None)
    }
    unsafe fn write8(&self, port: u16, value: u8) {
        self.note(port.into(), 1, Some(value.into()));
    }
    unsafe fn write16(&self, port: u16, value: u16) {
        self.note(port.into(), 2, Some(value.into()));
    }
    unsafe fn write32(&self, port: u16, value: u32) {
        self.note(port.into(), 4, Some(value));
    }
}

#[test]
fn ecam_is_one_access_at_the_function_s_place() {
    let notes = Notes::default();
    let ecam = Ecam::new(&notes);
    ecam.read16(at(2, 3, 4), 0x10);
    ecam.read8(at(0, 0, 0), 0xfff);
    // SAFETY: a model.
    unsafe { ecam.write32(at(255, 31, 7), 4, 0x1234) };
    assert_eq!(*notes.0.borrow(), [(0x21_c010, 2, None), (0xfff, 1, None), (0xfff_f004, 4, Some(0x1234))]);
    // The next function's space is not this one's.
    notes.0.borrow_mut().clear();
    ecam.read32(at(0, 0, 0), 4096);
    assert!(notes.0.borrow()[0].0 >= 1 << 28, "where the window reads all ones");
}

#[test]
fn mechanism_1_selects_the_register_and_accesses_its_bytes() {
    let notes = Notes::default();
    // SAFETY: a model.
    let access = unsafe { Mechanism1::new(&notes) };
    access.read16(at(2, 3, 4), 0x36);
    assert_eq!(*notes.0.borrow(), [(0xcf8, 4, Some(0x8002_1c34)), (0xcfe, 2, None)]);
    notes.0.borrow_mut().clear();
    // SAFETY: a model.
    unsafe { access.write8(at(0, 0, 0), 0x3d, 9) };
    assert_eq!(*notes.0.borrow(), [(0xcf8, 4, Some(0x8000_003c)), (0xcfd, 1, Some(9))]);
    notes.0.borrow_mut().clear();
    assert_eq!((access.read32(at(0, 0, 0), 0x100), access.read16(at(0, 0, 0), 1)), (u32::MAX, u16::MAX));
    assert_eq!(*notes.0.borrow(), []);
}

#[test]
fn registers_behind_ports_are_one_access_each_and_no_other_ports_are_touched() {
    let notes = Notes::default();
    let windows = MapBarsAndPorts { platform: Tracked::new(), ports: &notes };
    assert!(windows.reaches(Space::Io) && windows.by_address());
    let region = |address, len| BarRegion { function: at(0, 1, 0), bar: 0, space: Space::Io, address, offset: 0, len };
    // SAFETY: a model.
    let window = unsafe { windows.window(&region(0xc010, 0x10)) }.unwrap();
    assert_eq!((window.len(), window.read8(1), window.read16(2), window.read32(0xc)), (0x10, 0x11, 0xc012, 0xc01c));
    // SAFETY: a model.
    unsafe {
        window.write8(3, 4);
        window.write16(0xe, 5);
        window.write32(4, 6);
    }
    let outside = (window.read8(0x10), window.read16(0xf), window.read32(0xe), window.read32(u64::MAX - 1));
    assert_eq!(outside, (u8::MAX, u16::MAX, u32::MAX, u32::MAX));
    // SAFETY: a model.
    let bells = [(8, NotifyWidth::Bits16), (8, NotifyWidth::Bits32), (0xe, NotifyWidth::Bits32)]
        .map(|(offset, width)| unsafe { window.notifier(offset, 7, width) });
    bells.iter().for_each(|bell| bell.notify(Notification(9)));
    let expected = [
        (0xc011, 1, None),
        (0xc012, 2, None),
        (0xc01c, 4, None),
        (0xc013, 1, Some(4)),
        (0xc01e, 2, Some(5)),
        (0xc014, 4, Some(6)),
        (0xc018, 2, Some(7)),
        (0xc018, 4, Some(0x9_0007)),
    ];
    assert_eq!(*notes.0.borrow(), expected);
    for (address, len) in [(0x1_0000, 1), (0xfff0, 0x11), (u64::MAX, u64::MAX)] {
        // SAFETY: a model.
        assert!(unsafe { windows.window(&region(address, len)) }.is_err());
    }
}

/// A function with these BAR registers, whose address bits are as long as they say.
struct OneBar(RefCell<BTreeMap<u16, u32>>);

// SAFETY: a model.
unsafe impl ConfigAccess for OneBar {
    fn size(&self) -> u16 {
        256
    }
    fn read8(&self, _: FunctionAddress, _: u16) -> u8 {
        0
    }
    fn read16(&self, _: FunctionAddress, offset: u16) -> u16 {
        *self.0.borrow().get(&offset).unwrap_or(&0) as u16
    }
    fn read32(&self, _: FunctionAddress, offset: u16) -> u32 {
        *self.0.borrow().get(&offset).unwrap_or(&0)
    }
    unsafe fn write8(&self, _: FunctionAddress, _: u16, _: u8) {}
    unsafe fn write16(&self, _: FunctionAddress, offset: u16, value: u16) {
        self.0.borrow_mut().insert(offset, value.into());
    }
    unsafe fn write32(&self, _: FunctionAddress, offset: u16, value: u32) {
        let value = if offset == 0x10 { value & 0xfff0_0000 } else { 0 };
        self.0.borrow_mut().insert(offset, value);
    }
}

#[test]
fn addresses_of_functions_that_others_drive_are_not_given_away() {
    // SAFETY: nothing is mapped anywhere.
    let ranges = || unsafe { AddressRanges::new(0xc000_0000..0xc100_0000, 0..0, 0xc000..0xd000) };
    let mut free = ranges();
    assert_eq!(free.allocate(Space::Memory, false, 0x1000), Some(0xc000_0000));
    for (command, first) in [(6, 0xc030_0000), (0, 0xc000_0000)] {
        let mut ranges = ranges();
        let function = OneBar(RefCell::new([(4, command), (0x10, 0xc020_0000)].into()));
        reserve_bars(&function, at(0, 1, 0), &mut ranges).unwrap();
        assert_eq!(ranges.allocate(Space::Memory, false, 0x1000), Some(first));
        let after = function.0.borrow();
        assert_eq!((after[&4], after[&0x10]), (command, 0xc020_0000), "as it was");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn addresses_are_inside_aligned_and_given_once(
        start in 0_u64..0x1_0000, len in 0_u64..0x10_0000,
        taken in prop::collection::vec((0_u64..0x12_0000, 0_u64..0x1_0000), 0..4),
        asks in prop::collection::vec((0_u32..20, any::<bool>()), 1..40),
    ) {
        // SAFETY: nothing is mapped anywhere.
        let mut ranges = unsafe { AddressRanges::new(start..start + len, 1 << 40..1 << 41, 0..0) };
        let mut given = BTreeSet::new();
        for (base, len) in taken {
            ranges.reserve(Space::Memory, base, len);
            given.insert((base, base + len));
        }
        for (order, wide) in asks {
            let size = 1 << order;
            let Some(base) = ranges.allocate(Space::Memory, wide, size) else { continue };
            let inside = |low: u64, high: u64| base >= low && base + size <= high;
            prop_assert!(base != 0 && base % size == 0);
            prop_assert!(inside(start, start + len) || wide && inside(1 << 40, 1 << 41));
            prop_assert!(given.iter().all(|&(low, high)| base + size <= low || base >= high || low == high));
            prop_assert!(ranges.contains(Space::Memory, base, size));
            given.insert((base, base + size));
        }
        prop_assert_eq!(ranges.allocate(Space::Memory, true, 3), None);
        prop_assert_eq!(ranges.allocate(Space::Io, false, 4), None);
    }
}
