//! The legacy interface of MMIO, version 1.

use parakit_abi::device::block::feature as block;
use parakit_abi::feature::{EVENT_IDX, Features, INDIRECT_DESC};
use parakit_abi::ring::split::SplitLayout;
use parakit_abi::transport::mmio::{MAGIC, Register, legacy};
use parakit_harness::device::{Block, BlockOptions, Entropy, MemoryDisk};
use parakit_harness::observe::EventKind;
use parakit_harness::observe::event::TransportKind;
use parakit_harness::transport::RegisterBlock as _;
use parakit_harness::transport::device::{DeviceOptions, TransportOptions};
use vm_memory::{Bytes as _, GuestAddress};

use crate::rig::{BUFFERS, Rig};

const PAGE: u32 = 4096;

fn over_legacy(options: &mut DeviceOptions) {
    if let TransportOptions::Mmio { base, interrupt } = options.transport.clone() {
        options.transport = TransportOptions::MmioLegacy { base, interrupt };
    }
}

fn entropy() -> Rig {
    Rig::with(Entropy::default(), &[], over_legacy)
}

fn read(rig: &Rig, offset: u64) -> u32 {
    let mut bytes = [0; 4];
    rig.device.read(offset, &mut bytes);
    u32::from_le_bytes(bytes)
}

fn write(rig: &Rig, offset: u64, value: u32) {
    rig.device.write(offset, &value.to_le_bytes());
}

/// Hands queue 0 over at page 16, in the layout that follows from `align`, and lets the device begin.
fn start(rig: &mut Rig, size: u16, align: u32) {
    rig.write(Register::Status, 0);
    rig.write(Register::Status, 3);
    rig.write(Register::DriverFeaturesSel, 0);
    rig.write(Register::DriverFeatures, 0);
    write(rig, legacy::GUEST_PAGE_SIZE, PAGE);
    rig.write(Register::QueueSel, 0);
    rig.write(Register::QueueSize, u32::from(size));
    write(rig, legacy::QUEUE_ALIGN, align);
    write(rig, legacy::QUEUE_PFN, 16);
    rig.write(Register::Status, 7);
}

#[test]
fn a_legacy_device_says_what_it_is() {
    let rig =
        Rig::with(Block::new(Box::new(MemoryDisk::new(vec![7; 512 * 16])), BlockOptions::default()), &[], over_legacy);
    assert_eq!([0, 4, 8].map(|at| read(&rig, at)), [MAGIC, 1, 2]);
    let offered = rig.offered();
    assert_eq!(offered.0 >> 32, 0, "a legacy device has 32 bits: {offered:?}");
    assert!([EVENT_IDX, INDIRECT_DESC, block::FLUSH].iter().all(|bit| offered.has(*bit)));
    assert!(rig.saw(|e| matches!(e, EventKind::Device(info)
        if info.transport == TransportKind::MmioLegacy && info.identity == [MAGIC, 1, 2])));
    assert_eq!(rig.config::<8>(0), 16_u64.to_le_bytes());
}

/// As Linux does it: the page size once, then the reset.
#[test]
fn the_page_size_outlasts_a_reset() {
    let rig = entropy();
    write(&rig, legacy::GUEST_PAGE_SIZE, PAGE);
    rig.write(Register::Status, 0);
    rig.write(Register::Status, 3);
    rig.write(Register::QueueSel, 0);
    rig.write(Register::QueueSize, 8);
    write(&rig, legacy::QUEUE_ALIGN, PAGE);
    write(&rig, legacy::QUEUE_PFN, 16);
    rig.write(Register::Status, 7);
    assert!(rig.saw(|e| matches!(e, EventKind::QueueEnabled(info) if info.desc == 16 * u64::from(PAGE))));
    assert_eq!(rig.device.trouble(), None);
}

#[test]
fn a_queue_begins_at_its_page() {
    for (size, align) in [(8_u16, 4096_u32), (8, 64), (64, 8192), (2, 4)] {
        let mut rig = entropy();
        start(&mut rig, size, align);
        assert_eq!(read(&rig, legacy::QUEUE_PFN), 16);
        let layout = SplitLayout::new(size).unwrap();
        let desc = 16 * u64::from(PAGE);
        let driver = desc + 16 * u64::from(size);
        let device = (driver + layout.avail_size() as u64).next_multiple_of(align.into());
        let info = rig.events().into_iter().find_map(|e| match e.kind {
            EventKind::QueueEnabled(info) => Some(info),
            _ => None,
        });
        let info = info.expect("the queue was handed over");
        assert_eq!((info.size, info.desc, info.driver, info.device), (size, desc, driver, device));

        // One buffer of 16 bytes, by hand.
        let put = |at: u64, bytes: &[u8]| rig.memory.write_slice(bytes, GuestAddress(at)).unwrap();
        put(desc, &BUFFERS.to_le_bytes());
        put(desc + 8, &[16, 0, 0, 0, 2, 0, 0, 0]);
        put(driver + 2, &[1, 0, 0, 0]);
        rig.kick(0);
        let mut used = [0; 12];
        rig.memory.read_slice(&mut used, GuestAddress(device)).unwrap();
        assert_eq!(used[2..], [1, 0, 0, 0, 0, 0, 16, 0, 0, 0], "{size} entries aligned to {align}");
        assert_eq!(rig.interrupts(), 1);
        assert_eq!(rig.read(Register::InterruptStatus), 1);
    }
}

#[test]
fn a_queue_stays_where_it_is_until_it_is_taken_back() {
    let mut rig = entropy();
    start(&mut rig, 8, PAGE);
    write(&rig, legacy::QUEUE_PFN, 32);
    assert_eq!(read(&rig, legacy::QUEUE_PFN), 16);
    write(&rig, legacy::QUEUE_PFN, 0);
    assert_eq!(read(&rig, legacy::QUEUE_PFN), 0);
    write(&rig, legacy::QUEUE_PFN, 32);
    assert_eq!(read(&rig, legacy::QUEUE_PFN), 32);
    rig.write(Register::Status, 0);
    assert_eq!((rig.status(), read(&rig, legacy::QUEUE_PFN)), (0, 0));
    let told: Vec<_> = rig
        .events()
        .iter()
        .filter_map(|e| match e.kind {
            EventKind::QueueReadyWrite { value, .. } => Some(value),
            _ => None,
        })
        .collect();
    assert_eq!(told, [1, 1, 0, 1]);
}

#[test]
fn a_queue_that_cannot_be_is_not_used() {
    // Size, page size, alignment: no power of two, or none at all; memory that is not there.
    for (size, page, align, number) in [
        (3, PAGE, PAGE, 16),
        (8, 0, PAGE, 16),
        (8, 3000, PAGE, 16),
        (8, PAGE, 0, 16),
        (8, PAGE, 24, 16),
        (8, PAGE, PAGE, !0),
    ] {
        let rig = entropy();
        rig.write(Register::Status, 3);
        write(&rig, legacy::GUEST_PAGE_SIZE, page);
        rig.write(Register::QueueSize, size);
        write(&rig, legacy::QUEUE_ALIGN, align);
        write(&rig, legacy::QUEUE_PFN, number);
        rig.write(Register::Status, 7);
        assert!(rig.device.trouble().is_some(), "{size} entries, pages of {page}, aligned to {align}, page {number}");
        rig.kick(0);
    }
}

#[test]
fn registers_of_version_2_are_not_there() {
    let mut rig = entropy();
    start(&mut rig, 8, PAGE);
    for register in [
        Register::QueueReady,
        Register::QueueReset,
        Register::ConfigGeneration,
        Register::QueueDescLow,
        Register::SHMLenLow,
        Register::SHMBaseHigh,
    ] {
        rig.write(register, 1);
        assert_eq!(rig.read(register), 0, "{}", register.name());
    }
    assert_eq!(read(&rig, legacy::QUEUE_PFN), 16);
    // The status has no FEATURES_OK.
    rig.write(Register::Status, 15);
    assert_eq!(rig.status(), 7);
}

#[test]
fn features_are_settled_by_the_first_use() {
    let rig = entropy();
    rig.write(Register::Status, 3);
    rig.write(Register::DriverFeatures, Features::bit(EVENT_IDX).0 as u32 | 1 << 5);
    write(&rig, legacy::GUEST_PAGE_SIZE, PAGE);
    rig.write(Register::QueueSize, 8);
    write(&rig, legacy::QUEUE_ALIGN, PAGE);
    write(&rig, legacy::QUEUE_PFN, 16);
    rig.write(Register::DriverFeatures, 0);
    // EVENT_IDX holds: with the event index at 5, the first buffer does not interrupt.
    let layout = SplitLayout::new(8).unwrap();
    let (desc, driver) = (16 * u64::from(PAGE), 16 * u64::from(PAGE) + 128);
    let put = |at: u64, bytes: &[u8]| rig.memory.write_slice(bytes, GuestAddress(at)).unwrap();
    put(desc, &BUFFERS.to_le_bytes());
    put(desc + 8, &[16, 0, 0, 0, 2, 0, 0, 0]);
    put(driver + layout.avail_size() as u64 - 2, &[5, 0]);
    put(driver + 2, &[1, 0, 0, 0]);
    // The device works before it is told that the driver is ready (§3.1.2).
    rig.kick(0);
    assert_eq!(rig.get(17 * u64::from(PAGE) + 2, 2), [1, 0]);
    assert_eq!(rig.interrupts(), 0);
}
