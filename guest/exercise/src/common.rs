//! What the workloads share: finding devices, bringing them up, waiting, checking.

use alloc::{format, string::String, vec, vec::Vec};

use parakit::{
    device::block::{Block, BlockOptions, Finished, HeapStorage, Operation, RequestId},
    platform::DmaBox,
    transport::{Device, Negotiating},
};
use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::Value;

use crate::{Env, Failure};

/// Milliseconds that a device gets for one interrupt. Generous: it only decides when a run is called hung.
pub const PATIENCE_MS: u64 = 10_000;

/// Memory of a request: pieces that the device reaches where they are.
pub(crate) type Pieces<E> = Vec<DmaBox<<E as Env>::Platform>>;

/// A block device as the workloads drive it.
pub(crate) type Disk<E> =
    Block<<E as Env>::Transport, <E as Env>::Platform, Pieces<E>, HeapStorage<<E as Env>::Platform, Pieces<E>>>;

/// The index of the first device of `device_type`.
///
/// # Errors
/// The scenario has none.
pub fn find<E: Env>(env: &E, device_type: DeviceType) -> Result<usize, Failure> {
    env.devices()
        .iter()
        .position(|entry| entry.device_type == device_type.0)
        .ok_or_else(|| Failure::new(format!("the scenario has no {} device", device_type.name().unwrap_or("such"))))
}

/// A device whose bring-up has begun.
type Fresh<E> = Device<<E as Env>::Platform, <E as Env>::Transport, Negotiating>;

/// Probes device `device` and starts its bring-up.
pub(crate) fn start<E: Env>(env: &E, device: usize) -> Result<Fresh<E>, Failure> {
    let transport = env
        .transport(device)
        .map_err(|e| Failure::of("probe", e))?
        .ok_or_else(|| Failure::new(format!("there is no device {device}")))?;
    Device::start(env.platform(), transport).map_err(|e| Failure::of("start", e))
}

/// A disk and what a workload needs in order to wait for it.
pub(crate) struct Drive<'e, E: Env> {
    pub(crate) env: &'e E,
    pub(crate) device: usize,
    pub(crate) disk: Disk<E>,
    interrupts_at_start: u32,
    /// Interrupts when the last one was acknowledged. A line that nobody has acknowledged stays asserted, and where it is an edge that
    /// interrupts, none comes any more: whoever waits looks first whether one came since.
    handled: u32,
    /// Interrupts on the vector of configuration changes, when they were last acknowledged.
    config_interrupts: u32,
    /// The vector of configuration changes, where there are vectors.
    config_vector: Option<u16>,
}

impl<'e, E: Env> Drive<'e, E> {
    /// Brings up the first block device.
    pub(crate) fn open(env: &'e E, options: BlockOptions) -> Result<Self, Failure> {
        Self::open_device(env, find(env, DeviceType::BLOCK)?, options)
    }

    /// Brings up block device `device`.
    pub(crate) fn open_device(env: &'e E, device: usize, options: BlockOptions) -> Result<Self, Failure> {
        let interrupts_at_start = env.interrupts(device);
        let started = start(env, device)?;
        let storage = HeapStorage::new(options.queue_size);
        let disk = Block::new(started, storage, options).map_err(|e| Failure::of("block device", e))?;
        env.first_queue_operation();
        env.agreed(device, disk.accepted());
        let mut drive = Self::adopt(env, device, disk);
        drive.interrupts_at_start = interrupts_at_start;
        drive.handled = interrupts_at_start;
        Ok(drive)
    }

    /// Takes over a disk that was brought up already.
    pub(crate) fn adopt(env: &'e E, device: usize, mut disk: Disk<E>) -> Self {
        // Asked once: the answer is a register.
        let config_vector = disk.config_vector();
        let config_interrupts = config_vector.map_or(0, |vector| env.vector_interrupts(device, vector));
        let interrupts = env.interrupts(device);
        Self {
            env,
            device,
            disk,
            interrupts_at_start: interrupts,
            handled: interrupts,
            config_vector,
            config_interrupts,
        }
    }

    /// `len` bytes in one piece.
    pub(crate) fn piece(&self, len: usize) -> Result<DmaBox<E::Platform>, Failure> {
        DmaBox::new(self.env.platform(), len, 512).map_err(|e| Failure::of("buffer", e))
    }

    /// `len` bytes as a request's memory.
    pub(crate) fn buffer(&self, len: usize) -> Result<Pieces<E>, Failure> {
        Ok(vec![self.piece(len)?])
    }

    /// Hands a request to the driver.
    pub(crate) fn submit(&mut self, operation: Operation<Pieces<E>>) -> Result<RequestId, Failure> {
        self.disk.submit(operation).map_err(|rejected| Failure::of("submit", rejected.error))
    }

    /// The next finished request, waiting for an interrupt when there is none.
    pub(crate) fn next(&mut self) -> Result<Finished<Pieces<E>>, Failure> {
        loop {
            if let Some(finished) = self.disk.poll() {
                return Ok(finished);
            }
            if let Some(fault) = self.disk.fault() {
                return Err(Failure::of("block device", fault));
            }
            if self.disk.arm() {
                continue;
            }
            if !self.wait() {
                let flying = self.disk.in_flight();
                return Err(Failure::new(format!("no interrupt in {PATIENCE_MS} ms with {flying} requests in flight")));
            }
        }
    }

    /// Waits for an interrupt, unless one came since the last that was acknowledged, and acknowledges it. Whether there was one.
    pub(crate) fn wait(&mut self) -> bool {
        let came = self.env.wait_interrupt(self.device, self.handled, PATIENCE_MS);
        if came {
            self.acknowledge();
        }
        came
    }

    /// What to do on an interrupt. With vectors, the device is accessed only if that of configuration changes has interrupted.
    pub(crate) fn acknowledge(&mut self) {
        // Read first: one that comes in between is then seen to have come.
        self.handled = self.env.interrupts(self.device);
        let Some(config) = self.config_vector else {
            self.disk.handle_interrupt();
            return;
        };
        let count = self.env.vector_interrupts(self.device, config);
        if core::mem::replace(&mut self.config_interrupts, count) == count {
            self.disk.collect();
        } else {
            self.disk.handle_vector(config);
        }
    }

    /// The next finished request, which must have succeeded. Its memory.
    pub(crate) fn next_done(&mut self) -> Result<(RequestId, Pieces<E>), Failure> {
        let finished = self.next()?;
        finished.result.map_err(|e| Failure::of("request", e))?;
        Ok((finished.id, finished.buffer.unwrap_or_default()))
    }

    /// Reports the counts of the run: requests, doorbells, interrupts, nanoseconds since `began`, bytes.
    pub(crate) fn report(&self, began: u64, bytes: u64) {
        let counters = self.disk.counters();
        record(self.env, "requests", counters.requests);
        record(self.env, "doorbells", counters.notifications);
        record(self.env, "interrupts", self.env.interrupts(self.device).wrapping_sub(self.interrupts_at_start).into());
        record(self.env, "bytes", bytes);
        record(self.env, "ns", self.env.now_ns().saturating_sub(began));
    }
}

/// Reports a number.
pub fn record<E: Env>(env: &E, name: &str, value: u64) {
    env.record(name, Value::U64(value));
}

/// An error when `condition` does not hold; the text is only made then.
///
/// # Errors
/// The condition does not hold.
pub fn ensure<S: Into<String>>(condition: bool, text: impl FnOnce() -> S) -> Result<(), Failure> {
    if condition { Ok(()) } else { Err(Failure::new(text())) }
}
