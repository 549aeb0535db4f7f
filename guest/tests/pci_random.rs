//! PCI functions of any bytes: never a panic, never an access outside, never more than so many.

mod support;

use std::cell::{Cell, RefCell};

use parakit::{
    Device, Notify, RegisterWindow,
    abi::feature::Features,
    platform::MapError,
    queue::{Notification, QueueOptions, Readable, Slot},
    transport::{
        NotifyWidth, PciTransport, SUPPORTED,
        pci::{AddressRanges, BarRegion, BarWindows, ConfigAccess, Function, FunctionAddress},
    },
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use support::{
    pci::{Pci, messages},
    platform::Tracked,
    registers::State,
    window::Window,
};

type Chain = Readable<Box<[u8]>>;

/// Configuration space and registers of any bytes; BARs of any masks.
#[derive(Debug)]
struct Any {
    config: RefCell<[u8; 256]>,
    masks: [u32; 6],
    registers: Cell<u64>,
    accesses: Cell<u32>,
}

const AT: FunctionAddress = FunctionAddress { bus: 0, device: 0, function: 0 };
const RANGE: std::ops::Range<u64> = 0x1000_0000..0x2000_0000;

impl Any {
    fn get<const N: usize>(&self, offset: u16) -> [u8; N] {
        self.accesses.set(self.accesses.get() + 1);
        let at = usize::from(offset);
        assert!(at + N <= 256 && at.is_multiple_of(N), "{N} bytes at {at:#x}");
        self.config.borrow()[at..at + N].try_into().unwrap()
    }

    fn set<const N: usize>(&self, offset: u16, bytes: [u8; N]) {
        self.accesses.set(self.accesses.get() + 1);
        let (at, mut config) = (usize::from(offset), self.config.borrow_mut());
        assert!(at + N <= 256 && at.is_multiple_of(N), "{N} bytes at {at:#x}");
        for (i, byte) in bytes.into_iter().enumerate() {
            let mask = match at + i {
                at @ 0x10..0x28 => self.masks[(at - 0x10) / 4].to_le_bytes()[(at - 0x10) % 4],
                _ => 0xff,
            };
            config[at + i] = config[at + i] & !mask | byte & mask;
        }
    }
}

// SAFETY: a model.
unsafe impl ConfigAccess for Any {
    fn size(&self) -> u16 {
        256
    }
    fn read8(&self, _: FunctionAddress, offset: u16) -> u8 {
        u8::from_le_bytes(self.get(offset))
    }
    fn read16(&self, _: FunctionAddress, offset: u16) -> u16 {
        u16::from_le_bytes(self.get(offset))
    }
    fn read32(&self, _: FunctionAddress, offset: u16) -> u32 {
        u32::from_le_bytes(self.get(offset))
    }
    unsafe fn write8(&self, _: FunctionAddress, offset: u16, value: u8) {
        self.set(offset, value.to_le_bytes());
    }
    unsafe fn write16(&self, _: FunctionAddress, offset: u16, value: u16) {
        self.set(offset, value.to_le_bytes());
    }
    unsafe fn write32(&self, _: FunctionAddress, offset: u16, value: u32) {
        self.set(offset, value.to_le_bytes());
    }
}

struct AnyRegisters<'a> {
    any: &'a Any,
    len: u64,
}

impl AnyRegisters<'_> {
    fn next(&self, offset: u64, width: u64) -> u64 {
        self.any.accesses.set(self.any.accesses.get() + 1);
        assert!(offset.checked_add(width).is_some(), "{offset:#x}");
        let next = self.any.registers.get().wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        self.any.registers.set(next);
        next >> 32
    }
}

struct Silent;
impl Notify for Silent {
    fn notify(&self, _: Notification) {}
}

// SAFETY: a model.
unsafe impl RegisterWindow for AnyRegisters<'_> {
    type Notifier = Silent;
    fn len(&self) -> u64 {
        self.len
    }
    fn read8(&self, offset: u64) -> u8 {
        self.next(offset, 1) as u8
    }
    fn read16(&self, offset: u64) -> u16 {
        self.next(offset, 2) as u16
    }
    fn read32(&self, offset: u64) -> u32 {
        self.next(offset, 4) as u32
    }
    unsafe fn write8(&self, offset: u64, _: u8) {
        self.next(offset, 1);
    }
    unsafe fn write16(&self, offset: u64, _: u16) {
        self.next(offset, 2);
    }
    unsafe fn write32(&self, offset: u64, _: u32) {
        self.next(offset, 4);
    }
    unsafe fn notifier(&self, offset: u64, _: u16, width: NotifyWidth) -> Silent {
        assert!(offset == u64::MAX || offset + width.bytes() <= self.len, "a notification at {offset:#x}");
        Silent
    }
}

impl<'a> BarWindows for &'a Any {
    type Window = AnyRegisters<'a>;

    unsafe fn window(&self, region: &BarRegion) -> Result<AnyRegisters<'a>, MapError> {
        let BarRegion { address, len, .. } = *region;
        assert!(len > 0 && address >= RANGE.start && address + len <= RANGE.end, "{region} at {address:#x}");
        Ok(AnyRegisters { any: self, len })
    }
}

/// A function that is well-formed but for some bytes, of which those that matter most are the likeliest; or one of any bytes.
fn any_function() -> impl Strategy<Value = Any> {
    let position = prop_oneof![0x04_usize..0x40, 0x40_usize..0xc0, Just(0x34), 0_usize..256];
    let value = prop_oneof![any::<u8>(), 0_u8..8, (0_u8..64).prop_map(|n| 4 * n)];
    let changes = prop::collection::vec((position, value), 0..8);
    let masks = prop::collection::vec((0_usize..6, any::<u32>(), any::<bool>()), 0..2);
    let all = prop::collection::vec(any::<u8>(), 252);
    (changes, masks, prop::option::weighted(0.1, all), any::<u64>()).prop_map(|(changes, odd_masks, all, registers)| {
        let good = Pci::<State>::new(Window::new(2, 0, &[]), 2, 4);
        let (mut config, bars) = good.with(|s| (s.config, s.bars));
        if let Some(bytes) = all {
            config[4..].copy_from_slice(&bytes);
        }
        for (at, value) in changes {
            // Not the ids, by which it would be passed over.
            if at >= 4 {
                config[at] = value;
            }
        }
        let mut masks = bars.map(|(mask, _)| mask);
        for (bar, mask, shift) in odd_masks {
            masks[bar] = if shift { u32::MAX << (mask % 32) } else { mask };
        }
        Any { config: RefCell::new(config), masks, registers: Cell::new(registers), accesses: Cell::new(0) }
    })
}

#[test]
fn any_bytes_are_driven_or_refused_within_bounds() {
    let cases = if cfg!(miri) { 32 } else { 4096 };
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let opened = Cell::new(0);
    let result = runner.run(&(any_function(), 0_u16..5), |(function, vectors)| {
        drive(&function, vectors, &opened);
        Ok(())
    });
    result.unwrap();
    // Enough of them are good enough to be taken into use for a while.
    assert!(opened.get() > cases / 10, "{} of {cases}", opened.get());
}

fn drive(function: &Any, vectors: u16, opened: &Cell<u32>) {
    let found = Function::read(function, AT).unwrap();
    // SAFETY: nothing is mapped anywhere.
    let mut ranges = unsafe { AddressRanges::new(RANGE, 0..0, 0..0) };
    // SAFETY: a model.
    let transport = unsafe { PciTransport::new(function, &found, &mut ranges, &function, &messages(vectors)) };
    assert!(function.accesses.get() < 20_000, "{} accesses", function.accesses.get());
    let Ok(transport) = transport else { return };
    opened.set(opened.get() + 1);
    let Ok(device) = Device::start(Tracked::new(), transport) else { return };
    let Ok(mut device) = device.negotiate(SUPPORTED, Features::NONE) else { return };
    for id in 0..=8 {
        if let Ok(Some(region)) = device.shared_memory(id) {
            assert!(region.address >= RANGE.start && region.address + region.len <= RANGE.end);
        }
    }
    let platform = device.platform().clone();
    for queue in 0..3 {
        drop(device.queue::<Chain, _>(queue, Slot::boxed(4), QueueOptions::default()));
    }
    drop(device);
    // SAFETY: there is no device.
    unsafe { platform.forget_leaked_rings() };
}
