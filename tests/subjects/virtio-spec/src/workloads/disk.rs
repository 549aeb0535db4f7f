//! A disk: requests in flight, by the heads of their chains.

use alloc::{boxed::Box, vec, vec::Vec};

use parakit_abi::device::DeviceType;
use parakit_kernel::{Failure, KernelEnv};
use virtio_spec::blk::{Config, ConfigVolatileFieldAccess as _, F, S, T};
use virtio_spec::mmio::DeviceRegistersVolatileFieldAccess as _;
use virtio_spec::{DeviceConfigSpace as _, Id, le32, le64};

use super::device::Device;
use super::ring::Piece;

/// What the device reads first (`virtio_blk_req`).
#[repr(C)]
struct Header {
    kind: le32,
    reserved: le32,
    sector: le64,
}

/// A read or a write. Boxed while it is in flight: the device knows its addresses.
pub(crate) struct Request {
    pub(crate) sector: u64,
    pub(crate) write: bool,
    pub(crate) data: Vec<u8>,
    header: Header,
    status: u8,
}

impl Request {
    pub(crate) fn new(sector: u64, len: usize, write: bool) -> Box<Self> {
        let kind = if write { T::Out } else { T::In };
        let header =
            Header { kind: le32::from_ne(kind.into()), reserved: le32::from_ne(0), sector: le64::from_ne(sector) };
        Box::new(Self { sector, write, data: vec![0; len], header, status: 0xff })
    }
}

/// Why there is no finished request.
#[derive(Debug)]
pub(crate) enum NotDone {
    Failed,
    Fault,
    TimedOut,
}

/// A block device and its requests.
pub(crate) struct Disk<'e> {
    pub(crate) device: Device<'e>,
    pub(crate) capacity: u64,
    flights: Vec<(u16, Box<Request>)>,
}

impl<'e> Disk<'e> {
    pub(crate) fn open(env: &'e KernelEnv) -> Result<Self, Failure> {
        let wanted = F::RO.bits().to_ne() as u64;
        let device = Device::open(env, DeviceType::BLOCK, Id::Block, wanted)?;
        let registers = device.registers;
        // SAFETY: the configuration of a block device is there.
        let config = unsafe { registers.config().map(|at| at.cast::<Config>()) };
        let capacity = registers.read_config_with(|| config.capacity().read()).to_ne();
        Ok(Self { device, capacity, flights: Vec::new() })
    }

    pub(crate) fn read_only(&self) -> bool {
        self.device.features & F::RO.bits().to_ne() as u64 != 0
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.flights.len()
    }

    /// Hands a request over; it comes back if the queue is full.
    pub(crate) fn submit(&mut self, mut request: Box<Request>) -> Option<Box<Request>> {
        let header = (&raw const request.header).addr() as u64;
        let data = Piece {
            address: request.data.as_mut_ptr().addr() as u64,
            len: request.data.len() as u32,
            writable: !request.write,
        };
        let status = (&raw mut request.status).addr() as u64;
        let pieces = [
            Piece { address: header, len: size_of::<Header>() as u32, writable: false },
            data,
            Piece { address: status, len: 1, writable: true },
        ];
        match self.device.submit(&pieces) {
            Some(head) => {
                self.flights.push((head, request));
                None
            }
            None => Some(request),
        }
    }

    /// The next finished request.
    pub(crate) fn next(&mut self, patience_ms: u64) -> Result<Box<Request>, NotDone> {
        let (head, _) = self.device.next(patience_ms).ok_or(NotDone::TimedOut)?.map_err(|_| NotDone::Fault)?;
        let place = self.flights.iter().position(|(flight, _)| *flight == head).ok_or(NotDone::Fault)?;
        let request = self.flights.swap_remove(place).1;
        // SAFETY: a byte of the request; the device wrote it.
        let status = unsafe { (&raw const request.status).read_volatile() };
        if status == u8::from(S::Ok) { Ok(request) } else { Err(NotDone::Failed) }
    }

    pub(crate) fn next_done(&mut self) -> Result<Box<Request>, Failure> {
        self.next(parakit_exercise::PATIENCE_MS)
            .map_err(|why| Failure::new(alloc::format!("a request ended with {why:?}")))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        // The device is reset after this, and until then it has the memory of what is in flight.
        core::mem::forget(core::mem::take(&mut self.flights));
    }
}
