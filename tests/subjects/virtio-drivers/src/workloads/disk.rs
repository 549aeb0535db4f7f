//! A disk with requests in flight, which are waited for by interrupt.

use alloc::{boxed::Box, format, vec, vec::Vec};
use core::fmt;

use parakit_abi::device::DeviceType;
use parakit_exercise::{Env, PATIENCE_MS, record};
use parakit_kernel::{Failure, KernelEnv};
use virtio_drivers::Error;
use virtio_drivers::device::blk::{BlkReq, BlkResp, VirtIOBlk};

use super::hal::KernelHal;
use super::transport::{Transport, first};

/// Milliseconds after which the ring is looked at without an interrupt.
const LOOK_MS: u64 = 200;

/// A read or a write. Boxed while it is in flight: the device knows its addresses.
pub(crate) struct Request {
    pub(crate) sector: u64,
    pub(crate) write: bool,
    pub(crate) data: Vec<u8>,
    header: BlkReq,
    status: BlkResp,
}

impl Request {
    /// A read of `len` bytes.
    pub(crate) fn read(sector: u64, len: usize) -> Box<Self> {
        let (header, status) = (BlkReq::default(), BlkResp::default());
        Box::new(Self { sector, write: false, data: vec![0; len], header, status })
    }
}

/// Why there is no finished request.
#[derive(Debug)]
pub(crate) enum NotDone {
    /// The device failed it.
    Failed(Error),
    /// The crate does not accept what the device put into the ring.
    Fault(Error),
    /// The device named a chain that is not in flight.
    NotInFlight(u16),
    /// None came back in time.
    TimedOut,
}

impl fmt::Display for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "the device failed it: {error}"),
            Self::Fault(error) => write!(f, "not accepted: {error}"),
            Self::NotInFlight(token) => write!(f, "no request in flight has the token {token}"),
            Self::TimedOut => f.write_str("it did not come back in time"),
        }
    }
}

/// A block device of the crate's, and the requests that it has.
pub(crate) struct Disk<'e> {
    env: &'e KernelEnv,
    device: usize,
    pub(crate) blk: VirtIOBlk<KernelHal, Transport>,
    /// By the token that the crate gave them.
    flights: Vec<Option<Box<Request>>>,
    requests: u64,
    /// Completions that no interrupt announced.
    late: u64,
    interrupts_at_start: u32,
}

impl<'e> Disk<'e> {
    /// Brings up the first block device.
    pub(crate) fn open(env: &'e KernelEnv) -> Result<Self, Failure> {
        let (device, transport) = first(env, DeviceType::BLOCK)?;
        let interrupts_at_start = env.interrupts(device);
        let blk = VirtIOBlk::new(transport).map_err(|e| Failure::of("block device", e))?;
        env.first_queue_operation();
        let flights = (0..blk.virt_queue_size()).map(|_| None).collect();
        Ok(Self { env, device, blk, flights, requests: 0, late: 0, interrupts_at_start })
    }

    /// Sectors of the disk.
    pub(crate) fn capacity(&self) -> u64 {
        self.blk.capacity()
    }

    /// Requests that the device has.
    pub(crate) fn in_flight(&self) -> usize {
        self.flights.iter().flatten().count()
    }

    /// Hands a request over. The request comes back if the crate's queue has no room for it.
    pub(crate) fn submit(&mut self, mut request: Box<Request>) -> Result<Option<Box<Request>>, Failure> {
        let Request { sector, write, data, header, status } = &mut *request;
        // SAFETY: the request stays where it is, and is not touched, until its token came back, or, when the disk is closed before,
        // for ever (`Disk::abandon`).
        let token = unsafe {
            match *write {
                true => self.blk.write_blocks_nb(*sector as usize, header, data, status),
                false => self.blk.read_blocks_nb(*sector as usize, header, data, status),
            }
        };
        match token {
            Ok(token) => {
                let place = self.flights.get_mut(usize::from(token));
                *place.ok_or_else(|| Failure::new(format!("the crate gave out the token {token}")))? = Some(request);
                self.requests += 1;
                Ok(None)
            }
            Err(Error::QueueFull) => Ok(Some(request)),
            Err(error) => Err(Failure::of("submit", error)),
        }
    }

    /// The next finished request, if there is one.
    pub(crate) fn poll(&mut self) -> Result<Option<Box<Request>>, NotDone> {
        let Some(token) = self.blk.peek_used() else { return Ok(None) };
        let place = self.flights.get_mut(usize::from(token)).and_then(Option::take);
        let mut request = place.ok_or(NotDone::NotInFlight(token))?;
        let Request { write, data, header, status, .. } = &mut *request;
        // SAFETY: the same request as was given to the crate for this token.
        let result = unsafe {
            match *write {
                true => self.blk.complete_write_blocks(token, header, data, status),
                false => self.blk.complete_read_blocks(token, header, data, status),
            }
        };
        match result {
            Ok(()) => Ok(Some(request)),
            Err(error @ (Error::WrongToken | Error::NotReady)) => {
                // The device still has it.
                self.flights[usize::from(token)] = Some(request);
                Err(NotDone::Fault(error))
            }
            Err(error) => Err(NotDone::Failed(error)),
        }
    }

    /// The next finished request, waiting for an interrupt when there is none.
    pub(crate) fn next(&mut self, patience_ms: u64) -> Result<Box<Request>, NotDone> {
        let mut left = patience_ms;
        let mut announced = true;
        loop {
            // Read before the ring is: an interrupt that comes in between is then seen to have come.
            let seen = self.env.interrupts(self.device);
            if let Some(done) = self.poll()? {
                self.late += u64::from(!announced);
                return Ok(done);
            }
            let slice = left.min(LOOK_MS);
            announced = self.env.wait_interrupt(self.device, seen, slice);
            self.blk.ack_interrupt();
            if !announced {
                left -= slice;
            }
            if left == 0 {
                return self.poll()?.ok_or(NotDone::TimedOut);
            }
        }
    }

    /// The next finished request, which must have succeeded.
    pub(crate) fn next_done(&mut self) -> Result<Box<Request>, Failure> {
        self.next(PATIENCE_MS).map_err(|why| Failure::of("request", why))
    }

    /// Closes the device with requests in flight. Their memory is given up: whether the device is done with it is not known.
    pub(crate) fn abandon(mut self) -> usize {
        let flights: Vec<_> = self.flights.drain(..).flatten().collect();
        let count = flights.len();
        core::mem::forget(flights);
        count
    }

    /// Reports the counts of the run: requests in flight at a time, completions that no interrupt announced, interrupts,
    /// nanoseconds since `began`, bytes.
    pub(crate) fn report(&self, began: u64, bytes: u64) {
        record(self.env, "requests", self.requests);
        record(self.env, "late", self.late);
        let interrupts = self.env.interrupts(self.device).wrapping_sub(self.interrupts_at_start);
        record(self.env, "interrupts", interrupts.into());
        record(self.env, "bytes", bytes);
        record(self.env, "ns", self.env.now_ns().saturating_sub(began));
    }
}
