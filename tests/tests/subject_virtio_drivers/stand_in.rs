//! A register-for-register stand-in for the MMIO transport of `virtio-drivers`, which wants real memory-mapped registers.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ptr::NonNull;

use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::transport::mmio::{CONFIG, MAGIC, Register, VERSION};
use parakit_harness::device::DeviceModel;
use parakit_harness::judge::{self, Verdicts};
use parakit_tests::raw::{Machine, Setting};
use virtio_drivers::transport::{DeviceStatus, DeviceType, InterruptStatus, Transport};
use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE, PhysAddr};
use zerocopy::{FromBytes, Immutable, IntoBytes};

thread_local! {
    /// The machine of the test on this thread: `Hal` has no instances.
    static MACHINE: RefCell<Option<Machine>> = const { RefCell::new(None) };
}

/// Does something with the machine of the test.
pub(crate) fn machine<R>(act: impl FnOnce(&mut Machine) -> R) -> R {
    MACHINE.with_borrow_mut(|machine| act(machine.as_mut().expect("a machine")))
}

/// Memory of the machine, into and out of which buffers are copied.
pub(crate) struct Bounce;

// SAFETY: memory comes from the machine's, whose pieces are handed out once; it lives until the test ends.
unsafe impl Hal for Bounce {
    fn dma_alloc(pages: usize, _direction: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        machine(|m| {
            let at = m.allocate(pages * PAGE_SIZE, PAGE_SIZE as u64);
            (at, NonNull::new(m.pointer(at)).expect("mapped memory"))
        })
    }

    unsafe fn dma_dealloc(_paddr: PhysAddr, _vaddr: NonNull<u8>, _pages: usize) -> i32 {
        0
    }

    unsafe fn mmio_phys_to_virt(_paddr: PhysAddr, _size: usize) -> NonNull<u8> {
        unreachable!("the stand-in transport maps nothing")
    }

    unsafe fn share(buffer: NonNull<[u8]>, _direction: BufferDirection) -> PhysAddr {
        machine(|m| {
            let at = m.allocate(buffer.len(), 16);
            // SAFETY: the caller promises a valid buffer; the piece of memory is as long, and new.
            unsafe { m.pointer(at).copy_from_nonoverlapping(buffer.cast().as_ptr(), buffer.len()) };
            at
        })
    }

    unsafe fn unshare(paddr: PhysAddr, buffer: NonNull<[u8]>, direction: BufferDirection) {
        if direction != BufferDirection::DriverToDevice {
            // SAFETY: `paddr` came from `share` for the same buffer.
            machine(|m| unsafe {
                buffer.cast::<u8>().as_ptr().copy_from_nonoverlapping(m.pointer(paddr), buffer.len());
            });
        }
    }
}

/// What `virtio_drivers::transport::mmio::MmioTransport` does with the registers of a version 2 device.
pub(crate) struct StandIn(DeviceType);

impl StandIn {
    /// Puts a model behind registers, and finds the device there.
    pub(crate) fn of(model: Box<dyn DeviceModel>) -> Self {
        MACHINE.set(Some(Machine::new(&Setting::block(), model)));
        assert_eq!((read(Register::MagicValue), read(Register::Version)), (MAGIC, VERSION));
        Self(DeviceType::try_from(read(Register::DeviceID)).expect("a device type that the crate knows"))
    }
}

/// Ends the run and judges the driver.
pub(crate) fn verdicts() -> Verdicts {
    judge::judge(&MACHINE.take().expect("a machine").finish()).verdicts
}

/// What `Transport::begin_init` does wrong with every device: it neither waits for the reset, nor sets `ACKNOWLEDGE` and `DRIVER` one after
/// the other, nor reads `FEATURES_OK` back. The last is told twice: MMIO-DRV-INIT-6 has MMIO devices follow the sequence.
pub(crate) const BRING_UP: [RequirementId; 4] =
    [id::CORE_DRV_RESET_1, id::INIT_DRV_SEQ_3, id::INIT_DRV_SEQ_9, id::MMIO_DRV_INIT_6];

/// The requirements that were violated, and nothing else, are those.
pub(crate) fn assert_violated(verdicts: &Verdicts, expected: &[RequirementId]) {
    let violated = verdicts.entries.iter().filter(|(_, e)| e.violated > 0).map(|(id, _)| *id);
    let violated: BTreeSet<RequirementId> = violated.collect();
    let evidence: Vec<_> = violated.iter().map(|id| (*id, &verdicts.entries[id].evidence)).collect();
    assert_eq!(violated, expected.iter().copied().collect(), "{evidence:#?}");
}

fn read(register: Register) -> u32 {
    machine(|m| m.read(register.offset(), 4) as u32)
}

fn write(register: Register, value: u32) {
    machine(|m| m.write(register.offset(), 4, value.into()));
}

impl Transport for StandIn {
    fn device_type(&self) -> DeviceType {
        self.0
    }

    fn read_device_features(&mut self) -> u64 {
        let word = |i| {
            write(Register::DeviceFeaturesSel, i);
            u64::from(read(Register::DeviceFeatures))
        };
        word(0) | word(1) << 32
    }

    fn write_driver_features(&mut self, features: u64) {
        for word in 0..2 {
            write(Register::DriverFeaturesSel, word);
            write(Register::DriverFeatures, (features >> (32 * word)) as u32);
        }
    }

    fn max_queue_size(&mut self, queue: u16) -> u32 {
        write(Register::QueueSel, queue.into());
        read(Register::QueueSizeMax)
    }

    fn notify(&mut self, queue: u16) {
        write(Register::QueueNotify, queue.into());
        // The driver waits by spinning: the device does its work here.
        machine(|m| m.run());
    }

    fn get_status(&self) -> DeviceStatus {
        DeviceStatus::from_bits_retain(read(Register::Status))
    }

    fn set_status(&mut self, status: DeviceStatus) {
        write(Register::Status, status.bits());
    }

    fn set_guest_page_size(&mut self, _size: u32) {}

    fn requires_legacy_layout(&self) -> bool {
        false
    }

    fn queue_set(&mut self, queue: u16, size: u32, desc: PhysAddr, driver: PhysAddr, device: PhysAddr) {
        write(Register::QueueSel, queue.into());
        write(Register::QueueSize, size);
        for (low, high, address) in [
            (Register::QueueDescLow, Register::QueueDescHigh, desc),
            (Register::QueueDriverLow, Register::QueueDriverHigh, driver),
            (Register::QueueDeviceLow, Register::QueueDeviceHigh, device),
        ] {
            write(low, address as u32);
            write(high, (address >> 32) as u32);
        }
        write(Register::QueueReady, 1);
    }

    fn queue_unset(&mut self, queue: u16) {
        write(Register::QueueSel, queue.into());
        write(Register::QueueReady, 0);
        while read(Register::QueueReady) != 0 {}
    }

    fn queue_used(&mut self, queue: u16) -> bool {
        write(Register::QueueSel, queue.into());
        read(Register::QueueReady) != 0
    }

    fn ack_interrupt(&mut self) -> InterruptStatus {
        let reasons = read(Register::InterruptStatus);
        if reasons != 0 {
            write(Register::InterruptACK, reasons);
        }
        InterruptStatus::from_bits_truncate(reasons)
    }

    fn read_config_generation(&self) -> u32 {
        read(Register::ConfigGeneration)
    }

    fn read_config_space<T: FromBytes + IntoBytes>(&self, offset: usize) -> virtio_drivers::Result<T> {
        let mut value = T::new_zeroed();
        let bytes = value.as_mut_bytes();
        // As the compiler does for values of a packed structure: each part at its own width.
        let word = align_of::<T>();
        for (i, part) in bytes.chunks_mut(word).enumerate() {
            let at = CONFIG + (offset + i * word) as u64;
            let read = machine(|m| m.read(at, part.len()));
            part.copy_from_slice(&read.to_le_bytes()[..part.len()]);
        }
        Ok(value)
    }

    fn write_config_space<T: IntoBytes + Immutable>(&mut self, offset: usize, value: T) -> virtio_drivers::Result<()> {
        let mut bytes = [0; 8];
        bytes[..size_of::<T>()].copy_from_slice(value.as_bytes());
        machine(|m| m.write(CONFIG + offset as u64, size_of::<T>(), u64::from_le_bytes(bytes)));
        Ok(())
    }
}
