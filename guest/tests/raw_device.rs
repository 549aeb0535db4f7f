//! A device driven by hand cannot be led out of the memory that it was given, and keeps that until it has confirmed a reset.
#![cfg(feature = "probe")]

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::rc::Rc;

use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError, Wait};
use parakit::transport::raw::{
    Area, DATA, LEN, MAX_SIZE, Piece, RawAccess, RawDevice, RawFunction, RawMmio, RawPci, RawRegisters,
    TABLE_DESCRIPTORS,
};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{CfgType, FunctionAddress};

const INDIRECT_DESC: u32 = 1 << 28;
const PACKED: u32 = 1 << 2;
const NEGOTIATED: DeviceStatus = DeviceStatus(0x0b);

/// Counts what is allocated.
#[derive(Clone, Default)]
struct Counting(Rc<Cell<usize>>);

// SAFETY: heap memory, exclusive until freed.
unsafe impl Platform for Counting {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        let layout = Layout::from_size_align(len, align).ok().filter(|l| l.size() > 0);
        let layout = layout.ok_or(DmaError::Invalid { len, align })?;
        // SAFETY: not 0 bytes.
        let ptr = NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or(DmaError::OutOfMemory { len, align })?;
        self.0.set(self.0.get() + 1);
        Ok(DmaMemory { ptr, device: ptr.expose_provenance().get() as u64, len })
    }
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        self.0.set(self.0.get() - 1);
        // SAFETY: the layout of the allocation.
        unsafe { dealloc(memory.ptr.as_ptr(), Layout::from_size_align_unchecked(memory.len, align)) }
    }
    unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
        Err(ShareError::Unreachable { address: buffer.addr().get(), len: buffer.len() })
    }
    unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }
    fn wait(&self, polls: u64) -> Wait {
        if polls > 10 { Wait::GiveUp } else { Wait::Continue }
    }
}

/// Registers that hold what was written last; the status holds on to a bit if it is a stubborn one.
#[derive(Clone, Default)]
struct Registers {
    held: Rc<RefCell<BTreeMap<u64, u32>>>,
    stubborn: bool,
}

// SAFETY: a model without a device: nothing accesses memory.
unsafe impl RawAccess for Registers {
    fn size(&self) -> u64 {
        0x200
    }
    fn read(&self, offset: u64, _: u8) -> u32 {
        let stuck = u32::from(self.stubborn && offset == Register::Status.offset());
        self.held.borrow().get(&offset).copied().unwrap_or(0) | stuck
    }
    unsafe fn write(&self, offset: u64, _: u8, value: u32) {
        self.held.borrow_mut().insert(offset, value);
    }
}

impl Registers {
    fn device(&self, platform: &Counting) -> RawDevice<'static, Counting> {
        let registers = RawRegisters::Mmio(RawMmio::new(Box::new(self.clone())));
        RawDevice::new(platform.clone(), registers).expect("there is memory")
    }

    fn at(&self, register: Register) -> u32 {
        self.at_offset(register.offset())
    }

    fn at_offset(&self, offset: u64) -> u32 {
        self.read(offset, 4)
    }
}

/// A device that has negotiated words 0 and 1 of features.
fn negotiated(words: [u32; 2]) -> (Registers, RawDevice<'static, Counting>) {
    let registers = Registers::default();
    let device = registers.device(&Counting::default());
    assert!(device.reset());
    words.into_iter().enumerate().for_each(|(i, word)| device.accept(i as u32, word));
    device.set_status(NEGOTIATED);
    assert_eq!(device.refused(), 0);
    (registers, device)
}

const BUFFER: Area = Area::Buffer(Piece { offset: DATA, len: 64 });

#[test]
fn memory_is_freed_after_a_reset_and_leaked_without_one() {
    let platform = Counting::default();
    drop(Registers::default().device(&platform));
    assert_eq!(platform.0.get(), 0);
    drop(Registers { stubborn: true, ..Registers::default() }.device(&platform));
    assert_eq!(platform.0.get(), 1, "the device may still use it");
}

#[test]
fn a_queue_is_enabled_where_it_is_allowed_to_be() {
    let (registers, device) = negotiated([0, 1]);
    assert!(device.enable(0, MAX_SIZE, 0, DATA, DATA + 0x1000));
    assert_eq!(registers.at(Register::QueueReady), 1);
    assert_eq!(registers.at(Register::QueueDriverLow), device.address(DATA) as u32);
    device.descriptor(0, BUFFER, 0, 2);
    assert_eq!((device.load64(0), device.load32(8), device.load16(12)), (device.address(DATA), 64, 2));
    assert_eq!(device.refused(), 0);
    assert!(device.reset());
    assert_eq!(device.load64(0), 0, "a reset leaves no descriptor behind");
}

#[test]
fn what_would_lead_the_device_elsewhere_is_refused() {
    type Step = fn(&RawDevice<'static, Counting>);
    let steps: [(&str, Step); 12] = [
        ("a queue that is too long", |d| _ = d.enable(0, MAX_SIZE + 1, 0, DATA, DATA + 0x1000)),
        ("descriptors over the end of the tables", |d| {
            _ = d.enable(0, 64, TABLE_DESCRIPTORS - 63, DATA, DATA + 0x1000)
        }),
        ("a driver area among the tables", |d| _ = d.enable(0, 64, 0, DATA - 8, DATA + 0x1000)),
        ("a device area over the end", |d| _ = d.enable(0, 64, 0, DATA, LEN - 8)),
        ("other features for the same rings", |d| d.accept(1, PACKED)),
        ("a buffer among the tables", |d| d.descriptor(0, Area::Buffer(Piece { offset: 0, len: 16 }), 0, 2)),
        ("a buffer over the end", |d| d.descriptor(0, Area::Buffer(Piece { offset: LEN - 8, len: 16 }), 0, 2)),
        ("a buffer so long that its end wraps", |d| {
            d.descriptor(0, Area::Buffer(Piece { offset: DATA, len: usize::MAX }), 0, 2);
        }),
        ("data that is taken for a table", |d| d.descriptor(0, BUFFER, 0, 4)),
        ("an indirect table without the feature", |d| d.descriptor(0, Area::Table { first: 8, count: 2 }, 0, 0)),
        ("a descriptor behind the tables", |d| d.descriptor(TABLE_DESCRIPTORS, BUFFER, 0, 2)),
        ("an address in place of a descriptor's", |d| d.store64(0, 0x1000)),
    ];
    for (what, step) in steps {
        let (registers, device) = negotiated([0, 1]);
        step(&device);
        assert_eq!(device.refused(), 1, "{what}");
        assert_eq!(registers.at(Register::QueueReady), 0, "{what}");
        assert!((0..DATA).step_by(8).all(|at| device.load64(at) == 0), "{what}");
    }
}

#[test]
fn registers_that_give_memory_are_written_by_the_device_alone() {
    let (registers, device) = negotiated([0, 1]);
    let mmio = device.registers().mmio().expect("it is on MMIO");
    for register in [
        Register::Status,
        Register::DriverFeatures,
        Register::QueueSize,
        Register::QueueReady,
        Register::QueueDescLow,
        Register::QueueDescHigh,
        Register::QueueDriverLow,
        Register::QueueDriverHigh,
        Register::QueueDeviceLow,
        Register::QueueDeviceHigh,
    ] {
        let before = registers.at(register);
        assert!(!mmio.write(register, 0x55), "{register:?}");
        assert_eq!(registers.at(register), before, "{register:?}");
    }
    assert!(mmio.write(Register::QueueReady, 0) && mmio.write(Register::QueueNotify, 3));
}

#[test]
fn nothing_is_enabled_before_the_device_confirms_the_features() {
    let registers = Registers::default();
    registers.held.borrow_mut().insert(Register::Status.offset(), NEGOTIATED.0.into());
    let device = registers.device(&Counting::default());
    assert!(!device.enable(0, 8, 0, DATA, DATA + 0x1000), "somebody else negotiated, before a reset");
    assert!(device.reset());
    assert!(!device.enable(0, 8, 0, DATA, DATA + 0x1000), "before FEATURES_OK");
    device.descriptor(0, BUFFER, 0, 2);
    assert_eq!(device.refused(), 3, "a descriptor whose form is not settled is refused too");
}

#[test]
fn a_reset_by_hand_forgets_what_was_agreed_on() {
    let (registers, device) = negotiated([INDIRECT_DESC, 1 | PACKED]);
    device.set_status(DeviceStatus::RESET);
    // The device has no features now, and would take packed descriptors for split ones.
    device.set_status(NEGOTIATED);
    assert!(!device.enable(0, 16, 0, DATA, DATA + 0x1000));
    assert_eq!((device.refused(), registers.at(Register::QueueReady)), (1, 0));
    assert!(device.reset());
}

/// A function whose configuration space and whose one BAR hold what was written last.
struct Function {
    config: Registers,
    bar: Registers,
}

// SAFETY: as above, and one function has all of it.
unsafe impl RawFunction for Function {
    fn address(&self) -> FunctionAddress {
        FunctionAddress::default()
    }
    fn config(&self) -> &dyn RawAccess {
        &self.config
    }
    fn bar(&self, _: u8) -> Option<&dyn RawAccess> {
        Some(&self.bar)
    }
}

#[test]
fn the_window_leads_into_the_structure_that_is_named_and_nowhere_else() {
    let config = Registers::default();
    // A list of three capabilities: common configuration at 0, device's at 0x100, and the window.
    let common = [(0x06, 0x10), (0x34, 0x40), (0x40, 9), (0x41, 0x50), (0x42, 16), (0x43, 1), (0x4c, 0x40)];
    let device = [(0x50, 9), (0x51, 0x60), (0x52, 16), (0x53, 4), (0x58, 0x100), (0x5c, 8)];
    let window = [(0x60, 9), (0x62, 20), (0x63, 5)];
    config.held.borrow_mut().extend(common.into_iter().chain(device).chain(window));
    let pci = RawPci::new(Box::new(Function { config: config.clone(), bar: Registers::default() }));
    assert!(pci.config_write_through_window(7, 1));
    assert_eq!(pci.read_through_window(CfgType::Device, 4, 4), Some(1));
    let aimed = || config.at_offset(0x68);
    assert_eq!(aimed(), 0x104);
    // The queue's address, in the common configuration.
    let back = 0x20_u32.wrapping_sub(0x100);
    assert!(!pci.config_write_through_window(back, 0x55) && !pci.config_write_through_window(8, 0x55));
    assert_eq!(pci.read_through_window(CfgType::Device, 5, 4), None);
    assert_eq!(aimed(), 0x104);
}

#[test]
fn packed_and_split_descriptors_are_kept_apart() {
    let (_, device) = negotiated([INDIRECT_DESC, 1 | PACKED]);
    assert!(device.enable(0, 16, 0, DATA, DATA + 0x1000));
    device.descriptor(1, BUFFER, 7, 0x80);
    device.descriptor(2, Area::Table { first: 512, count: 3 }, 8, 0x80);
    let at = DATA / 2 + 16;
    assert_eq!((device.load64(at), device.load16(at + 12), device.load16(at + 14)), (device.address(DATA), 7, 0x80));
    assert_eq!((device.load32(at + 24), device.load16(at + 30)), (48, 0x84));
    assert!((0..DATA / 2).step_by(8).all(|offset| device.load64(offset) == 0), "the split tables are left alone");
    assert_eq!(device.refused(), 0);
}
