//! A device on MMIO: brought up, given one queue, reset. Through the crate's registers.

use alloc::format;
use core::ptr::NonNull;

use parakit_abi::device::DeviceType;
use parakit_exercise::{Env, PATIENCE_MS, ensure, find};
use parakit_kernel::{Failure, KernelEnv};
use virtio_spec::mmio::{
    DeviceRegisters, DeviceRegistersVolatileFieldAccess as _, DeviceRegistersVolatileWideFieldAccess as _, MAGIC_VALUE,
};
use virtio_spec::{DeviceStatus, Id, le16, le32, le64};
use volatile::VolatilePtr;

use super::ring::{NotInFlight, Piece, Ring};

/// Entries of the queue, where the device has as many.
const QUEUE_SIZE: u16 = 32;
/// `VIRTIO_F_EVENT_IDX` and `VIRTIO_F_VERSION_1`.
const EVENT_IDX: u64 = virtio_spec::F::EVENT_IDX.bits().to_ne() as u64;
const VERSION_1: u64 = virtio_spec::F::VERSION_1.bits().to_ne() as u64;

/// A device that is live, with one queue.
pub(crate) struct Device<'e> {
    env: &'e KernelEnv,
    index: usize,
    pub(crate) registers: VolatilePtr<'static, DeviceRegisters>,
    pub(crate) features: u64,
    ring: Option<Ring>,
}

impl<'e> Device<'e> {
    /// Brings up the first device of this type, accepting those of the features `wanted`, and `EVENT_IDX`, that it offers.
    pub(crate) fn open(env: &'e KernelEnv, kind: DeviceType, id: Id, wanted: u64) -> Result<Self, Failure> {
        let index = find(env, kind)?;
        let base = NonNull::new(env.devices()[index].base as *mut DeviceRegisters);
        let base = base.ok_or_else(|| Failure::new("a register block at address 0"))?;
        // SAFETY: the harness put a register block there, which a workload has one device on at a time.
        let registers = unsafe { VolatilePtr::new(base) };
        let (magic, version) = (registers.magic_value().read(), registers.version().read().to_ne());
        ensure(magic == MAGIC_VALUE && version == 2, || format!("magic value {magic:?}, version {version}"))?;
        let found = registers.device_id().read();
        ensure(found == id, || format!("a device of type {found:?}"))?;
        let mut device = Self { env, index, registers, features: 0, ring: None };
        // No bit is cleared but by a reset.
        let give_up = || registers.status().write(registers.status().read() | DeviceStatus::FAILED);
        device.start(wanted).inspect_err(|_| give_up())?;
        Ok(device)
    }

    fn start(&mut self, wanted: u64) -> Result<(), Failure> {
        let registers = self.registers;
        ensure(self.reset(), || "the device does not complete its reset")?;
        let mut status = DeviceStatus::ACKNOWLEDGE;
        registers.status().write(status);
        status |= DeviceStatus::DRIVER;
        registers.status().write(status);
        let offered = [0u32, 1].map(|word| {
            registers.device_features_sel().write(le32::from_ne(word));
            registers.device_features().read().to_ne()
        });
        self.features = (u64::from(offered[0]) | u64::from(offered[1]) << 32) & (wanted | EVENT_IDX | VERSION_1);
        ensure(self.features & VERSION_1 != 0, || "the device does not offer VERSION_1")?;
        for (word, bits) in [(0u32, self.features as u32), (1, (self.features >> 32) as u32)] {
            registers.driver_features_sel().write(le32::from_ne(word));
            registers.driver_features().write(le32::from_ne(bits));
        }
        status |= DeviceStatus::FEATURES_OK;
        registers.status().write(status);
        ensure(registers.status().read().contains(DeviceStatus::FEATURES_OK), || "the features are refused")?;
        registers.queue_sel().write(le16::from_ne(0));
        ensure(!registers.queue_ready().read(), || "the queue is in use after a reset")?;
        let most = registers.queue_size_max().read().to_ne();
        ensure(most >= 4, || format!("a queue of {most} entries at most"))?;
        // The largest power of two that both have room for.
        let size = 1 << most.min(QUEUE_SIZE).ilog2();
        let ring = Ring::new(size, self.features & EVENT_IDX != 0);
        let [desc, driver, device] = ring.addresses().map(le64::from_ne);
        registers.queue_size().write(le16::from_ne(size));
        registers.queue_desc().write(desc);
        registers.queue_driver().write(driver);
        registers.queue_device().write(device);
        registers.queue_ready().write(true);
        self.ring = Some(ring);
        status |= DeviceStatus::DRIVER_OK;
        registers.status().write(status);
        self.env.first_queue_operation();
        Ok(())
    }

    /// Resets the device; whether it has completed that.
    fn reset(&self) -> bool {
        self.registers.status().write(DeviceStatus::empty());
        let give_up = self.env.now_ns() + 1_000_000_000;
        while !self.registers.status().read().is_empty() {
            if self.env.now_ns() > give_up {
                return false;
            }
        }
        true
    }

    fn ring(&mut self) -> &mut Ring {
        // There from `start` to `drop`.
        self.ring.as_mut().unwrap_or_else(|| unreachable!())
    }

    /// Makes a chain available and tells the device, if it wants to be told.
    pub(crate) fn submit(&mut self, pieces: &[Piece]) -> Option<u16> {
        let head = self.ring().add(pieces)?;
        if self.ring().wants_notification() {
            self.registers.queue_notify().write(le32::from_ne(0));
        }
        Some(head)
    }

    /// The next used chain, waiting for an interrupt when there is none; `None` if none comes in time.
    pub(crate) fn next(&mut self, patience_ms: u64) -> Option<Result<(u16, u32), NotInFlight>> {
        loop {
            let seen = self.env.interrupts(self.index);
            if let Some(used) = self.ring().take() {
                return Some(used);
            }
            if self.ring().arm() {
                continue;
            }
            if !self.env.wait_interrupt(self.index, seen, patience_ms) {
                return self.ring().take();
            }
            self.acknowledge();
        }
    }

    /// Reads why the device interrupted, and says that it was heard.
    pub(crate) fn acknowledge(&self) {
        let reasons = self.registers.interrupt_status().read();
        self.registers.interrupt_ack().write(reasons);
    }

    /// The same for a workload that wants each chain to come back.
    pub(crate) fn next_used(&mut self) -> Result<(u16, u32), Failure> {
        match self.next(PATIENCE_MS) {
            Some(Ok(used)) => Ok(used),
            Some(Err(NotInFlight(id))) => Err(Failure::new(format!("the device used the chain {id}, not in flight"))),
            None => Err(Failure::new("no chain came back in time")),
        }
    }
}

impl Drop for Device<'_> {
    fn drop(&mut self) {
        // A device that does not complete its reset keeps the memory.
        if self.reset()
            && let Some(ring) = self.ring.take()
        {
            // SAFETY: the device has completed its reset.
            unsafe { ring.free() };
        }
    }
}
