//! Platforms that are wrong in one way each, and callers that are: the wrapper names it.

mod support;

use std::{cell::Cell, ptr::NonNull};

use parakit::{
    platform::{
        DeviceAddress, Direction, DmaBox, DmaError, DmaMemory, MapError, Platform, ShareError,
        check::{Checked, Fault},
    },
    queue::{QueueOptions, Readable, Slot, SplitQueue},
    transport::ResetProof,
};
use support::platform::Tracked;

/// One way to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Nothing,
    Unaligned,
    DeviceUnaligned,
    Short,
    Dirty,
    SameAgain,
    SameShare,
    ShareInAllocation,
    ChangesBuffer,
    MapsUnaligned,
    Wraps,
}

/// Wraps a right platform.
struct Broken {
    wrong: Wrong,
    inner: Tracked,
    last: Cell<Option<DmaMemory>>,
}

impl Broken {
    fn new(wrong: Wrong) -> Self {
        Self { wrong, inner: Tracked::new(), last: Cell::new(None) }
    }
}

// SAFETY: wrong on purpose; nothing in these tests relies on what is wrong.
unsafe impl Platform for Broken {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        if let (Wrong::SameAgain, Some(last)) = (self.wrong, self.last.get()) {
            return Ok(DmaMemory { len, ..last });
        }
        let memory = self.inner.dma_alloc(2 * len + 2 * align, align)?;
        let memory = DmaMemory { len, ..memory };
        self.last.set(Some(memory));
        Ok(match self.wrong {
            // SAFETY: within the larger allocation.
            Wrong::Unaligned => DmaMemory { ptr: unsafe { memory.ptr.add(align / 2) }, ..memory },
            Wrong::DeviceUnaligned => DmaMemory { device: memory.device + align as u64 / 2, ..memory },
            Wrong::Short => DmaMemory { len: len - 1, ..memory },
            Wrong::Wraps => DmaMemory { device: 0u64.wrapping_sub(align as u64), ..memory },
            Wrong::Dirty => {
                // SAFETY: within the allocation.
                unsafe { memory.ptr.add(len - 1).write(1) };
                memory
            }
            _ => memory,
        })
    }
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        let memory = DmaMemory { len: 2 * memory.len + 2 * align, ..memory };
        // SAFETY: the allocation as it was made.
        unsafe { self.inner.dma_free(memory, align) }
    }
    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
        if self.wrong == Wrong::SameShare {
            return Ok(0); // an address as good as any, but not for two buffers
        }
        if let (Wrong::ShareInAllocation, Some(last)) = (self.wrong, self.last.get()) {
            return Ok(last.device);
        }
        // SAFETY: the caller's promise.
        unsafe { self.inner.share(buffer, direction) }
    }
    unsafe fn unshare(&self, device: DeviceAddress, mut buffer: NonNull<[u8]>, direction: Direction) {
        if matches!(self.wrong, Wrong::SameShare | Wrong::ShareInAllocation) {
            return;
        }
        if self.wrong == Wrong::ChangesBuffer {
            // A bounce buffer that is copied back although the device only reads it.
            // SAFETY: the caller's promise; the test's buffer is writable.
            let bytes = unsafe { buffer.as_mut() };
            bytes[0] ^= 1;
        }
        // SAFETY: the caller's promise.
        unsafe { self.inner.unshare(device, buffer, direction) }
    }
    unsafe fn map_mmio(&self, _: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        let offset = usize::from(self.wrong == Wrong::MapsUnaligned);
        Ok(NonNull::new(std::ptr::without_provenance_mut(0x1000 + offset)).unwrap())
    }
}

fn checked(wrong: Wrong) -> Checked<Broken, 16> {
    Checked::new(Broken::new(wrong))
}

#[test]
fn a_buffer_shared_where_memory_is_allocated_is_reported_unless_it_is_that_memory() {
    for own in [false, true] {
        let platform = checked(Wrong::ShareInAllocation);
        let mut memory = DmaBox::new(&platform, 64, 64).unwrap();
        let mut other = [0u8; 64];
        let buffer = NonNull::from(if own { &mut *memory } else { &mut other[..] });
        // SAFETY: borrowed here until it is unshared, and nobody touches it meanwhile.
        let device = unsafe { platform.share(buffer, Direction::Both) }.unwrap();
        assert_eq!(device, memory.device_address());
        let fault = (!own).then_some(Fault::SharedTwice { device, len: 64 });
        assert_eq!(platform.first_fault(), fault);
        // SAFETY: shared just now.
        unsafe { platform.unshare(device, buffer, Direction::Both) };
    }
}

#[test]
fn a_right_platform_passes_and_address_0_is_right() {
    let platform = checked(Wrong::Nothing);
    assert!(platform.self_test());
    assert_eq!((platform.faults(), platform.first_fault()), (0, None));
    assert_eq!((platform.allocations(), platform.shares()), (0, 0));

    let fresh = checked(Wrong::Nothing);
    assert_eq!(fresh.dma_alloc(16, 16).unwrap().device, 0);
    assert_eq!((fresh.faults(), fresh.allocations()), (0, 1), "an allocation that was not freed is seen");

    // A whole queue on it.
    let mut queue =
        SplitQueue::detached(&platform, Slot::boxed(4), QueueOptions::default(), support::event_idx(false)).unwrap();
    queue.add(Readable(vec![1u8; 9])).unwrap();
    assert_eq!((platform.allocations(), platform.shares()), (1, 1));
    // SAFETY: nothing ever knew of the queue.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    queue.retire(&proof).unwrap();
    drop(queue);
    assert_eq!((platform.allocations(), platform.shares(), platform.faults()), (0, 0, 0));
}

#[test]
fn memory_that_is_not_as_asked_for_is_not_handed_out() {
    for (wrong, test) in [
        (Wrong::Unaligned, (|f| matches!(f, Fault::Misaligned { align: 64, .. })) as fn(Fault) -> bool),
        (Wrong::DeviceUnaligned, |f| matches!(f, Fault::Misaligned { align: 64, .. })),
        (Wrong::Short, |f| f == Fault::Length { asked: 100, got: 99 }),
        (Wrong::Wraps, |f| matches!(f, Fault::Wraps { len: 100, .. })),
    ] {
        let platform = checked(wrong);
        assert!(platform.dma_alloc(100, 64).is_err(), "{wrong:?}");
        let fault = platform.first_fault().unwrap();
        assert!(test(fault), "{wrong:?}: {fault}");
        assert_eq!((platform.faults(), platform.allocations()), (1, 0));
        if wrong != Wrong::Wraps {
            assert!(!platform.self_test(), "{wrong:?}");
        }
    }
    let platform = checked(Wrong::SameAgain);
    let first = platform.dma_alloc(100, 64).unwrap();
    assert!(platform.dma_alloc(10, 64).is_err());
    let expected = Fault::Overlap { device: first.device, len: 10, other: first.device, other_len: 100 };
    assert_eq!(platform.first_fault(), Some(expected));
}

#[test]
fn memory_that_is_not_zero_is_reported() {
    let platform = checked(Wrong::Dirty);
    let memory = DmaBox::new(&platform, 100, 64).unwrap();
    let device = memory.device_address();
    assert_eq!(platform.first_fault(), Some(Fault::NotZeroed { device, offset: 99 }));
    assert!(memory.iter().all(|&byte| byte == 0), "reported, and handed out as it was");
    assert!(!checked(Wrong::Dirty).self_test());
}

#[test]
fn an_address_for_two_buffers_and_a_buffer_that_changes() {
    let platform = checked(Wrong::SameShare);
    let (mut a, mut b) = ([0u8; 4], [0u8; 8]);
    let (a, b) = (NonNull::from(&mut a[..]), NonNull::from(&mut b[..]));
    // SAFETY: nobody touches the buffers.
    unsafe {
        platform.share(a, Direction::Both).unwrap();
        assert_eq!(platform.faults(), 0);
        platform.share(b, Direction::Both).unwrap();
        assert_eq!(platform.first_fault(), Some(Fault::SharedTwice { device: 0, len: 8 }));
        platform.unshare(0, b, Direction::Both);
        platform.unshare(0, a, Direction::Both);
    }
    assert_eq!((platform.faults(), platform.shares()), (1, 0));

    let platform = checked(Wrong::ChangesBuffer);
    // SAFETY: nobody touches the buffers.
    unsafe {
        let device = platform.share(b, Direction::DeviceToDriver).unwrap();
        platform.unshare(device, b, Direction::DeviceToDriver);
        assert_eq!(platform.faults(), 0, "the device may have written it");
        let device = platform.share(b, Direction::DriverToDevice).unwrap();
        platform.unshare(device, b, Direction::DriverToDevice);
        assert_eq!(platform.first_fault(), Some(Fault::BufferChanged { device, len: 8 }));
    }
}

#[test]
fn registers_mapped_unaligned() {
    let platform = checked(Wrong::MapsUnaligned);
    // SAFETY: nothing is accessed.
    assert!(unsafe { platform.map_mmio(0x1000, 0x200) }.is_err());
    assert!(matches!(platform.first_fault(), Some(Fault::Misaligned { align: 4, .. })));
    // What is not aligned in the device need not be in memory: an ISR status may lie anywhere (VIRTIO 1.4 §4.1.4.5.1).
    let platform = checked(Wrong::MapsUnaligned);
    // SAFETY: nothing is accessed.
    assert!(unsafe { platform.map_mmio(0x1001, 1) }.is_ok());
    assert_eq!(platform.faults(), 0);
}

#[test]
fn wrong_callers_do_no_harm() {
    let faults_of = |misuse: &dyn Fn(&Checked<Broken, 16>)| {
        let platform = checked(Wrong::Nothing);
        misuse(&platform); // would panic in `Tracked` if it got there
        assert_eq!(platform.faults(), 1);
        platform.first_fault().unwrap()
    };
    let somewhere = DmaMemory { ptr: NonNull::dangling(), device: 0x5000, len: 8 };
    let mut bytes = [0u8; 8];
    let buffer = NonNull::from(&mut bytes[..]);
    let half = NonNull::slice_from_raw_parts(buffer.cast::<u8>(), 4);
    // SAFETY: misuse on purpose; the wrapper passes none of it on.
    unsafe {
        let fault = faults_of(&|p| {
            let memory = p.dma_alloc(8, 8).unwrap();
            p.dma_free(memory, 8);
            p.dma_free(memory, 8);
        });
        assert_eq!(fault, Fault::DoubleFree { device: 0 });
        assert_eq!(faults_of(&|p| p.dma_free(somewhere, 8)), Fault::UnknownFree { device: 0x5000 });
        let fault = faults_of(&|p| {
            let memory = p.dma_alloc(8, 8).unwrap();
            p.dma_free(memory, 16);
        });
        assert_eq!(fault, Fault::FreeMismatch { device: 0 });
        let fault = faults_of(&|p| {
            let memory = p.dma_alloc(8, 8).unwrap();
            p.dma_free(DmaMemory { len: 4, ..memory }, 8);
        });
        assert_eq!(fault, Fault::FreeMismatch { device: 0 });
        assert_eq!(faults_of(&|p| assert!(p.dma_alloc(0, 8).is_err())), Fault::BadRequest { len: 0, align: 8 });
        assert_eq!(faults_of(&|p| assert!(p.dma_alloc(8, 3).is_err())), Fault::BadRequest { len: 8, align: 3 });

        let empty = NonNull::slice_from_raw_parts(buffer.cast::<u8>(), 0);
        assert_eq!(faults_of(&|p| assert!(p.share(empty, Direction::Both).is_err())), Fault::EmptyShare);
        let unknown = faults_of(&|p| p.unshare(3, buffer, Direction::Both));
        assert_eq!(unknown, Fault::UnknownUnshare { device: 3 });
        let fault = faults_of(&|p| {
            let device = p.share(buffer, Direction::DriverToDevice).unwrap();
            p.unshare(device, buffer, Direction::DeviceToDriver);
        });
        assert_eq!(fault, Fault::Direction { device: 0, direction: Direction::DeviceToDriver });
        let fault = faults_of(&|p| {
            let device = p.share(buffer, Direction::Both).unwrap();
            p.unshare(device, half, Direction::Both);
        });
        assert_eq!(fault, Fault::UnshareMismatch { device: 0, len: 4, shared: 8 });
        let twice = faults_of(&|p| {
            let device = p.share(buffer, Direction::Both).unwrap();
            p.unshare(device, buffer, Direction::Both);
            p.unshare(device, buffer, Direction::Both);
        });
        assert_eq!(twice, Fault::UnknownUnshare { device: 0 });
    }
}

#[test]
fn more_than_it_can_remember_is_said_once_and_not_mistaken() {
    let platform: Checked<_, 2> = Checked::new(Tracked::new());
    let boxes: Vec<_> = (0..4).map(|_| DmaBox::new(&platform, 8, 8).unwrap()).collect();
    assert_eq!(platform.first_fault(), Some(Fault::TableFull { entries: 2 }));
    let faults = platform.faults();
    drop(boxes);
    assert_eq!((platform.faults(), platform.allocations()), (faults, 0));
    assert_eq!(platform.inner().allocated(), 0, "what was forgotten is freed all the same");
}

#[test]
#[should_panic(expected = "freed but never allocated")]
fn the_report_function_may_panic() {
    let platform: Checked<_> = Checked::with_report(Tracked::new(), |fault| panic!("{fault}"));
    // SAFETY: misuse on purpose; the wrapper passes it not on.
    unsafe { platform.dma_free(DmaMemory { ptr: NonNull::dangling(), device: 1, len: 8 }, 8) };
}
