//! Block requests of a probe (VIRTIO 1.4 §5.2.6).

use parakit::transport::raw::Piece;
use parakit_abi::device::block::{RequestHeader, request};

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
        header.iter().enumerate().for_each(|(i, byte)| self.raw.store8(request.header.offset + i, *byte));
        self.fill(request.status, POISON);
        Ok(request)
    }

    /// Whether the request succeeded, by its status byte.
    pub(super) fn succeeded(&self, request: &Request) -> bool {
        self.raw.load8(request.status.offset) == 0
    }
}
