//! Requests of a probe: those to block devices (VIRTIO 1.4 §5.2.6), and what others do at once.

use alloc::{format, vec, vec::Vec};

use parakit::transport::raw::Piece;
use parakit_abi::device::DeviceType;
use parakit_abi::device::block::{RequestHeader, request};
use parakit_abi::device::gpu;

use super::subject::Subject;
use crate::{Env, Failure};

/// What no device leaves where it has written: neither a status nor the marks of the data.
pub(super) const POISON: u8 = 0xd7;

/// The buffers of a request.
#[derive(Clone, Copy)]
pub(super) struct Request {
    /// What to do: readable.
    pub(super) header: Piece,
    /// Data: writable for a read, readable for a write.
    pub(super) data: Piece,
    /// Writable.
    pub(super) status: Piece,
    /// Whether it writes to the disk.
    pub(super) write: bool,
}

/// What a driver makes available at once: buffers, each with whether it is writable.
pub(super) trait Buffers {
    /// The buffers, in order.
    fn list(&self) -> Vec<(Piece, bool)>;
}

impl Buffers for Request {
    fn list(&self) -> Vec<(Piece, bool)> {
        self.pieces().to_vec()
    }
}

impl Buffers for Vec<(Piece, bool)> {
    fn list(&self) -> Vec<(Piece, bool)> {
        self.clone()
    }
}

impl Request {
    /// Buffers in the order of the request, each with whether it is writable.
    pub(super) fn pieces(&self) -> [(Piece, bool); 3] {
        [(self.header, false), (self.data, !self.write), (self.status, true)]
    }

    /// Bytes that a device writes into it.
    pub(super) fn written(&self) -> u32 {
        if self.write { 1 } else { self.data.len as u32 + 1 }
    }
}

impl<E: Env> Subject<'_, E> {
    /// A request for queue 0 that the device uses at once, whatever it is: a read, random bytes, the displays.
    pub(super) fn any(&self) -> Result<Vec<(Piece, bool)>, Failure> {
        match self.opened_as {
            DeviceType::BLOCK => Ok(self.read(0, 1)?.list()),
            DeviceType::ENTROPY => Ok(vec![(self.buffer(64)?, true)]),
            DeviceType::GPU => {
                let header = gpu::Header { header_type: gpu::command::GET_DISPLAY_INFO, ..gpu::Header::default() };
                Ok(self.gpu_request(header)?.to_vec())
            }
            other => Err(Failure::new(format!("the probe knows no request to a device of type {}", other.0))),
        }
    }

    /// A GPU request that is a header alone, with room for the displays in the answer.
    pub(super) fn gpu_request(&self, header: gpu::Header) -> Result<[(Piece, bool); 2], Failure> {
        let (request, answer) = (self.buffer(gpu::Header::SIZE)?, self.buffer(gpu::layout::DISPLAY_INFO)?);
        self.put_bytes(request, &header.to_le_bytes());
        self.fill(answer, POISON);
        Ok([(request, false), (answer, true)])
    }

    fn put_bytes(&self, piece: Piece, bytes: &[u8]) {
        bytes.iter().enumerate().for_each(|(i, byte)| self.raw.store8(piece.offset + i, *byte));
    }

    /// A read of `sectors` sectors from `sector` on; what is to be written is poison.
    pub(super) fn read(&self, sector: u64, sectors: usize) -> Result<Request, Failure> {
        let request = self.request(request::IN, sector, sectors)?;
        self.fill(request.data, POISON);
        Ok(request)
    }

    /// A write of `sectors` sectors of `byte`.
    pub(super) fn write(&self, sector: u64, sectors: usize, byte: u8) -> Result<Request, Failure> {
        let request = self.request(request::OUT, sector, sectors)?;
        self.fill(request.data, byte);
        Ok(Request { write: true, ..request })
    }

    fn request(&self, request_type: u32, sector: u64, sectors: usize) -> Result<Request, Failure> {
        let request = Request {
            header: self.buffer(RequestHeader::SIZE)?,
            data: self.buffer(512 * sectors)?,
            status: self.buffer(1)?,
            write: false,
        };
        let header = RequestHeader { request_type, sector }.to_le_bytes();
        self.put_bytes(request.header, &header);
        self.fill(request.status, POISON);
        Ok(request)
    }

    /// Whether the request succeeded, by its status byte.
    pub(super) fn succeeded(&self, request: &Request) -> bool {
        self.raw.load8(request.status.offset) == 0
    }
}
