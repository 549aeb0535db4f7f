//! PCI devices that are impossible, one way each: what they get is an error that names it.

mod support;

use parakit::{
    Device,
    abi::{feature::Features, transport::pci::CfgType},
    queue::{QueueOptions, Readable, Slot},
    transport::{
        FeatureError, PciTransport, QueueResetError, QueueSetupError, SUPPORTED, SharedMemoryError, SuspendError,
        pci::{AddressRanges, BarFault, CapabilityFault as Fault, InterruptMode, MsixFault, PciError},
    },
};
use support::{
    pci::{self, BarWindow, COMMON, DEVICE, ISR, MSIX, NOTIFY, Pci, SHARED, messages, put},
    platform::Tracked,
    registers::State,
    window::Window,
};

type Chain = Readable<Box<[u8]>>;
const VERSION_1: u128 = 1 << 32;

fn front(change: impl FnOnce(&mut pci::State<State>)) -> Pci<State> {
    let front = Pci::new(Window::new(2, VERSION_1 | 1 << 40 | 1 << 43, &[4]), 2, 2);
    front.with(change);
    front
}

fn open(front: &Pci<State>, vectors: u16) -> Result<PciTransport<BarWindow<State>>, PciError> {
    let function = front.function();
    // SAFETY: the test uses the function through this transport only.
    unsafe { PciTransport::new(front, &function, &mut pci::ranges(), front, &messages(vectors)) }
}

/// The error for a function that was changed so. It must not be able to access memory then.
fn error(change: impl FnOnce(&mut pci::State<State>)) -> PciError {
    let front = front(change);
    let error = open(&front, 2).map(|_| ()).unwrap_err();
    assert_eq!(front.with(|s| s.command()) & 4, 0, "bus master after: {error}");
    assert!(!error.to_string().is_empty());
    error
}

fn missing(structure: CfgType, fault: Fault) -> PciError {
    PciError::Missing { structure, fault: Some(fault) }
}

#[test]
fn structures_that_are_missing_or_impossible() {
    let at = COMMON as u8;
    let kind = |at: usize, kind: u8| move |s: &mut pci::State<State>| s.config[at + 3] = kind;
    // A reserved type, or a reserved BAR, is as good as not there.
    assert_eq!(error(kind(COMMON, 6)), PciError::Missing { structure: CfgType::Common, fault: None });
    assert_eq!(error(kind(NOTIFY, 0)), PciError::Missing { structure: CfgType::Notify, fault: None });
    let reserved = error(|s| s.config[COMMON + 4] = 6);
    assert_eq!(reserved, PciError::Missing { structure: CfgType::Common, fault: None });
    assert!(reserved.to_string().contains("legacy"));
    // No capability list at all.
    assert_eq!(error(|s| s.config[6] = 0), PciError::Missing { structure: CfgType::Common, fault: None });

    let fault = Fault::Short { at, len: 15, needed: 16 };
    assert_eq!(error(|s| s.config[COMMON + 2] = 15), missing(CfgType::Common, fault));
    let fault = Fault::Short { at: NOTIFY as u8, len: 16, needed: 20 };
    assert_eq!(error(|s| s.config[NOTIFY + 2] = 16), missing(CfgType::Notify, fault));
    assert_eq!(error(|s| s.config[COMMON + 4] = 5), missing(CfgType::Common, Fault::NoBar { at, bar: 5 }));
    assert_eq!(error(|s| s.config[COMMON + 4] = 0), missing(CfgType::Common, Fault::Unreachable { at, bar: 0 }));
    let (bar, bar_len) = (4, 0x4000);
    let outside = Fault::Outside { at, bar, offset: 0x3ffc, len: 0x1000, bar_len };
    assert_eq!(error(|s| put(&mut s.config, COMMON + 8, [0xfc, 0x3f])), missing(CfgType::Common, outside));
    let outside = Fault::Outside { at, bar, offset: 0xffff_fff0, len: 0xffff_fff0, bar_len };
    let error_of = error(|s| put(&mut s.config, COMMON + 8, [0xf0, 0xff, 0xff, 0xff, 0xf0, 0xff, 0xff, 0xff]));
    assert_eq!(error_of, missing(CfgType::Common, outside));
    let small = Fault::TooSmall { at, len: 0x37, needed: 0x38 };
    assert_eq!(error(|s| put(&mut s.config, COMMON + 12, [0x37, 0])), missing(CfgType::Common, small));
    let empty = Fault::TooSmall { at: NOTIFY as u8, len: 0, needed: 2 };
    assert_eq!(error(|s| put(&mut s.config, NOTIFY + 12, [0, 0])), missing(CfgType::Notify, empty));
    let empty = Fault::TooSmall { at: DEVICE as u8, len: 0, needed: 1 };
    // Not a device's fault that matters, if the driver reads no configuration: there is none then.
    assert!(open(&front(|s| put(&mut s.config, DEVICE + 12, [0, 0])), 2).is_ok(), "{empty}");
    let unaligned = Fault::Unaligned { at, offset: 2, align: 4 };
    assert_eq!(error(|s| s.config[COMMON + 8] = 2), missing(CfgType::Common, unaligned));
    let multiplier = Fault::Multiplier { at: NOTIFY as u8, multiplier: 6 };
    assert_eq!(error(|s| s.config[NOTIFY + 16] = 6), missing(CfgType::Notify, multiplier));
    let overlap = Fault::Overlap { at: NOTIFY as u8, bar, offset: 0x20 };
    assert_eq!(error(|s| put(&mut s.config, NOTIFY + 8, [0x20, 0])), missing(CfgType::Notify, overlap));

    // The ISR status is needed without MSI-X only.
    assert!(open(&front(kind(ISR, 6)), 2).is_ok());
    let without = open(&front(kind(ISR, 6)), 0).map(|_| ()).unwrap_err();
    assert_eq!(without, PciError::Missing { structure: CfgType::Isr, fault: None });
}

#[test]
fn lists_that_loop_or_lead_astray_are_survived() {
    // What comes before the fault is used; a loop that leaves nothing out does no harm.
    assert!(open(&front(|s| s.config[SHARED + 1] = COMMON as u8), 2).is_ok());
    let looped = error(|s| s.config[COMMON + 1] = COMMON as u8);
    assert_eq!(looped, missing(CfgType::Notify, Fault::Loop { at: COMMON as u8 }));
    let astray = error(|s| s.config[COMMON + 1] = 0x13);
    assert_eq!(astray, missing(CfgType::Notify, Fault::Pointer { at: 0x10 }));
    // The last bytes of the space.
    let end = error(|s| {
        s.config[0x34] = 0xf8;
        put(&mut s.config, 0xf8, [9, 0, 16, 1, 4]);
    });
    assert_eq!(end, missing(CfgType::Common, Fault::Short { at: 0xf8, len: 16, needed: 16 }));
    // Capabilities of other kinds, and longer ones, are in order. So is a capability that overlaps the one before.
    let strange = front(|s| {
        s.config[0x34] = 0xc0;
        put(&mut s.config, 0xc0, [5, 0xc4, 0, 0, 9, 0xc8, 255, 200, 9, COMMON as u8, 255, 255]);
        s.config[COMMON + 2] = 255;
    });
    assert!(open(&strange, 2).is_ok());
}

#[test]
fn the_first_usable_structure_is_taken() {
    // Before the one that works: one too short, one in an I/O BAR, one that is not inside its BAR.
    let first = front(|s| {
        s.config[0x34] = 0xc0;
        for (at, len, bar, offset, length) in
            [(0xc0, 12, 4, 0, 64), (0xd0, 16, 0, 0, 64), (0xe0, 16, 4, 0x3fc4, 64_u32)]
        {
            put(&mut s.config, at, [9, at as u8 + 16, len, 1, bar, 0, 0, 0]);
            put(&mut s.config, at + 8, u32::to_le_bytes(offset));
            put(&mut s.config, at + 12, length.to_le_bytes());
        }
        s.config[0xe1] = COMMON as u8;
    });
    assert!(open(&first, 2).is_ok());
}

#[test]
fn bars_that_are_impossible_or_have_no_place() {
    let bar = |fault| PciError::Bar(fault);
    assert_eq!(error(|s| s.bars[1].0 = 0xff0f_f000), bar(BarFault::Mask { bar: 1, mask: 0xff0f_f000 }));
    assert_eq!(error(|s| s.bars[5].0 = 0), bar(BarFault::Mask { bar: 4, mask: 0xffff_c000 }));
    assert_eq!(error(|s| (s.bars[1].1, s.config[0x14]) = (2, 2)), bar(BarFault::Type { bar: 1, value: 2 }));
    assert_eq!(error(|s| (s.bars[1].1, s.config[0x14]) = (6, 6)), bar(BarFault::Type { bar: 1, value: 6 }));
    // A bit that cannot be cleared.
    let lost = BarFault::Lost { bar: 4, address: 0x40_0001_0000, read: 0x44_0001_0000 };
    assert_eq!(error(|s| (s.bars[5].1, s.config[0x24]) = (4, 4)), bar(lost));
    assert_eq!(error(|s| s.bars[1].0 = 0xfe00_0000), bar(BarFault::NoRoom { bar: 1, len: 0x200_0000 }));
    assert_eq!(error(|s| s.bars[3].0 = 0xffff_0000).to_string().get(..5), Some("BAR 2"));
    let wide = |s: &mut pci::State<State>| (s.bars[4].0, s.bars[5].0) = (0, 0xffff_ff00);
    assert_eq!(error(wide), bar(BarFault::NoRoom { bar: 4, len: 1 << 40 }));
    // Memory decoding or bus mastering that cannot be switched on.
    assert!(matches!(error(|s| s.command_bits = 0x403), PciError::Command { wrote: 0x406, read: 0x402 }));
    let header = error(|s| s.config[0x0e] = 1);
    assert_eq!(header, PciError::Header { header: 1 });
}

#[test]
fn a_wide_bar_in_the_last_place() {
    let error = error(|s| {
        (s.bars[4], s.bars[5]) = ((0xffff_c000, 0), (0xffff_c000, 4));
        (s.config[0x20], s.config[0x24]) = (0, 4);
    });
    assert_eq!(error, PciError::Bar(BarFault::NoUpperHalf { bar: 5 }));
}

#[test]
fn tables_of_vectors_that_are_impossible() {
    let msix = |fault| PciError::Msix(fault);
    assert_eq!(error(|s| s.config[MSIX + 4] = 5), msix(MsixFault::NoBar { bar: 5 }));
    assert_eq!(error(|s| s.config[MSIX + 4] = 7), msix(MsixFault::NoBar { bar: 7 }));
    assert_eq!(error(|s| s.config[MSIX + 4] = 0), msix(MsixFault::NotMemory { bar: 0 }));
    let outside = MsixFault::Outside { bar: 1, offset: 0xff8, len: 32, bar_len: 0x1000 };
    assert_eq!(error(|s| put(&mut s.config, MSIX + 4, [0xf9, 0x0f])), msix(outside));
    // As many vectors as there can be, in a BAR for fewer.
    let outside = MsixFault::Outside { bar: 1, offset: 0, len: 0x8000, bar_len: 0x1000 };
    assert_eq!(error(|s| put(&mut s.config, MSIX + 2, [0xff, 0x07])), msix(outside));
    let pending = MsixFault::Outside { bar: 1, offset: 0x1000, len: 8, bar_len: 0x1000 };
    assert_eq!(error(|s| put(&mut s.config, MSIX + 8, [0x01, 0x10])), msix(pending));
    let overlap = MsixFault::Overlap { bar: 4, offset: 0x20 };
    assert_eq!(error(|s| put(&mut s.config, MSIX + 4, [0x24, 0])), msix(overlap));
    assert_eq!(error(|s| s.msix_works = false), msix(MsixFault::Off { control: 1 }));
    // Without messages for it, the table does not matter.
    let front = front(|s| s.config[MSIX + 4] = 5);
    assert_eq!(open(&front, 0).unwrap().interrupt_mode(), InterruptMode::Intx);
}

#[test]
fn queues_that_are_impossible() {
    let queue = |change: fn(&mut pci::State<State>)| {
        let front = front(change);
        let device = Device::start(Tracked::new(), open(&front, 2).unwrap()).unwrap();
        let mut device = device.negotiate(SUPPORTED, Features::NONE).unwrap();
        let error = device.queue::<Chain, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap_err();
        assert_eq!(device.platform().allocated(), 0, "nothing is left after: {error}");
        assert!(!front.take_log().contains(&pci::write(0x1c, 2, 1)), "never enabled");
        error
    };
    assert_eq!(queue(|s| s.queue_size = Some(0)), QueueSetupError::Absent { queue: 0 });
    assert_eq!(queue(|s| s.queue_size = Some(3)), QueueSetupError::Size { queue: 0, size: 3 });
    assert_eq!(queue(|s| s.queue_size = Some(0xffff)), QueueSetupError::Size { queue: 0, size: 0xffff });
    let outside = QueueSetupError::NotifyOffset { queue: 0, offset: 0x1000, len: 0x1000 };
    assert_eq!(queue(|s| s.notify_off = |_| 0x400), outside);
    let far = QueueSetupError::NotifyOffset { queue: 0, offset: 0xffff << 31, len: 0x1000 };
    let overflow = queue(|s| {
        put(&mut s.config, NOTIFY + 16, [0, 0, 0, 0x80]);
        s.notify_off = |_| 0xffff;
    });
    assert_eq!(overflow, far);
    let in_use = queue(|s| s.model.with(|m| m.ready_after_reset = vec![1]));
    assert_eq!(in_use, QueueSetupError::InUse { queue: 0 });
}

#[test]
fn shared_memory_that_is_impossible() {
    let region = |change: fn(&mut pci::State<State>)| {
        let device = Device::start(Tracked::new(), open(&front(change), 2).unwrap()).unwrap();
        device.negotiate(SUPPORTED, Features::NONE).unwrap().shared_memory(7)
    };
    let at = SHARED as u8;
    let outside = Fault::Outside { at, bar: 2, offset: 0x1_0000_1000, len: 0x2000, bar_len: 0x1_0000 };
    assert_eq!(region(|s| s.config[SHARED + 16] = 1), Err(SharedMemoryError::Capability(outside)));
    let small = Fault::TooSmall { at, len: 0, needed: 1 };
    assert_eq!(region(|s| s.config[SHARED + 13] = 0), Err(SharedMemoryError::Capability(small)));
    let short = Fault::Short { at, len: 16, needed: 24 };
    assert_eq!(region(|s| s.config[SHARED + 2] = 16), Err(SharedMemoryError::Capability(short)));
    assert_eq!(region(|s| s.config[SHARED + 4] = 9), Ok(None), "a reserved BAR");
}

/// Opens a function where ports are reached, too.
fn open_with_ports(front: &Pci<State>) -> Result<PciTransport<BarWindow<State>>, PciError> {
    // SAFETY: nothing is mapped anywhere.
    let mut ranges = unsafe { AddressRanges::new(pci::MEMORY32, pci::MEMORY64, pci::PORTS) };
    let (function, windows) = (front.function(), pci::WithPorts(front.clone()));
    // SAFETY: the test uses the function through this transport only.
    unsafe { PciTransport::new(front, &function, &mut ranges, &windows, &[]) }
}

#[test]
fn a_function_that_does_not_answer_at_its_ports_cannot_access_memory() {
    let front = front(|s| s.command_bits = 0x406);
    let error = open_with_ports(&front).map(|_| ()).unwrap_err();
    assert_eq!(error, PciError::Command { wrote: 0x7, read: 0x6 });
    assert_eq!(front.with(|s| s.command()) & 4, 0);
}

#[test]
fn ports_are_no_shared_memory() {
    let front = front(|s| {
        put(&mut s.config, SHARED + 4, [0]);
        put(&mut s.config, SHARED + 8, [0x10, 0, 0, 0, 0x20, 0, 0, 0]);
    });
    let device = Device::start(Tracked::new(), open_with_ports(&front).unwrap()).unwrap();
    let region = device.negotiate(SUPPORTED, Features::NONE).unwrap().shared_memory(7);
    assert_eq!(region, Err(SharedMemoryError::NoAddress { bar: 0 }));
}

#[test]
fn features_that_are_impossible() {
    let legacy = Pci::new(Window::new(2, 1 << 29, &[4]), 2, 2);
    let device = Device::start(Tracked::new(), open(&legacy, 2).unwrap()).unwrap();
    let error = device.negotiate(SUPPORTED, Features::NONE).unwrap_err();
    assert_eq!(error, FeatureError::Legacy { offered: Features(1 << 29) });
    assert_eq!(legacy.with(|s| s.model.with(|m| m.status)), 0x83, "FAILED");
}

#[test]
fn resets_of_queues_and_suspensions_that_never_end() {
    let front = front(|_| {});
    let device = Device::start(Tracked::new(), open(&front, 2).unwrap()).unwrap();
    let mut device = device.negotiate(SUPPORTED, Features::NONE).unwrap();
    let mut queue = device.queue::<Chain, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap();
    let mut device = device.driver_ok();
    front.with(|s| s.model.with(|m| m.queue_reset_reads = Some(1)));
    assert_eq!(device.reset_queue(0), Err(QueueResetError::Stuck { queue: 0, reads: 1, polls: 100 }));
    front.with(|s| s.model.with(|m| m.queue_reset_reads = Some(0)));
    assert_eq!(device.reset_queue(0), Err(QueueResetError::StillEnabled { queue: 0 }));
    front.with(|s| s.model.with(|m| m.suspends = false));
    let (device, error) = device.suspend().map(|_| ()).unwrap_err();
    assert!(matches!(error, SuspendError::Stuck { polls: 100, .. }), "{error}");
    assert!(queue.retire(&device.reset().map(|device| device.proof()).map_err(|_| ()).unwrap()).is_ok());
}
