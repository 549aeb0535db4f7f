//! From an operation to a chain on the ring.

use parakit_abi::device::block::{DiscardWriteZeroes, ID_BYTES, RequestHeader, request};

use super::complete::{Kind, Tag};
use super::limits::{BadRequest, MAX_RANGES};
use super::status::UNWRITTEN;
use super::storage::Body;
use super::{BlockStorage, Control, Operation, Rejected, RequestId, RequestQueue, SubmitError};
use crate::device::table::Fetcher;
use crate::platform::{DmaBox, Platform};
use crate::queue::{AddErrorKind, Buffers, Directed, Either, Prefix, Tagged};
use crate::transport::Transport;

/// Bytes that hold the data of any request that is not a read or a write.
const SMALL: usize = MAX_RANGES * DiscardWriteZeroes::SIZE;

const _: () = assert!(SMALL >= ID_BYTES);

/// A request in the form in which it goes on the ring.
pub(super) struct Launch<P: Platform, B> {
    pub(super) header: RequestHeader,
    pub(super) data: Directed<Body<P, B>>,
    /// Bytes that the device has to write into the data.
    pub(super) expected: u32,
    pub(super) kind: Kind,
}

impl<T, P, B, S, K> RequestQueue<T, P, B, S, K>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
    K: Control<T, P>,
{
    /// Moves a request to the driver. The device hears of it with the next [`kick`](Self::kick), or when the driver
    /// waits, polls or arms. Its result comes from [`poll`](Self::poll).
    ///
    /// # Errors
    /// [`Rejected`], with the request: the device does not take such a request, there is no room for it now, or
    /// the device is down.
    pub fn submit(&mut self, operation: Operation<B>) -> Result<RequestId, Rejected<Operation<B>>> {
        self.start(operation, Fetcher::Poll)
    }

    /// Tells the device of the requests submitted since the last time, with one notification at most.
    pub fn kick(&mut self) {
        // What was added when another handle took the device down ends with it, and nobody is notified.
        self.sync();
        self.show();
    }

    /// Moves a request to the driver, whose result `fetcher` will fetch.
    pub(super) fn start(
        &mut self,
        mut operation: Operation<B>,
        fetcher: Fetcher,
    ) -> Result<RequestId, Rejected<Operation<B>>> {
        let bytes = match self.check(&mut operation) {
            Ok(bytes) => bytes,
            Err(error) => return Err(Rejected { operation, error }),
        };
        let (shape, buffer) = operation.split();
        let launch = match self.prepare(&shape) {
            Ok((header, small, kind)) => {
                let own = buffer.map(Either::Left).or(small.map(Either::Right));
                // Only reads and id requests are written to by the device, apart from the status.
                match shape {
                    Operation::Read { .. } => {
                        Launch { header, data: Directed::Writable(own), expected: bytes as u32, kind }
                    }
                    Operation::DeviceId => {
                        Launch { header, data: Directed::Writable(own), expected: ID_BYTES as u32, kind }
                    }
                    _ => Launch { header, data: Directed::Readable(own), expected: 0, kind },
                }
            }
            Err(error) => return Err(Rejected { operation: Operation::join(shape, buffer), error }),
        };
        self.launch(launch, fetcher).map_err(|(data, error)| {
            let (Directed::Readable(body) | Directed::Writable(body)) = data;
            Rejected { operation: Operation::join(shape, self.keep_small(body)), error }
        })
    }

    /// Whether the queue takes requests.
    #[inline]
    pub(super) fn ready(&mut self) -> Result<(), SubmitError> {
        self.sync();
        match self.down {
            Some(down) => Err(SubmitError::Down(down.fault)),
            None if self.suspended => Err(SubmitError::Suspended),
            None if self.halted.is_some() => Err(SubmitError::Halted),
            None => Ok(()),
        }
    }

    /// Whether the device takes such a request; the bytes of a read's or write's buffer.
    fn check(&mut self, operation: &mut Operation<B>) -> Result<u64, SubmitError> {
        fn segments<B: Buffers>(buffer: &mut B) -> impl Iterator<Item = usize> {
            (0..buffer.count()).map(|i| buffer.get(i).len())
        }
        self.ready()?;
        Ok(match operation {
            Operation::Read { sector, buffer } => self.limits.data(false, *sector, segments(buffer))?,
            Operation::Write { sector, buffer } => self.limits.data(true, *sector, segments(buffer))?,
            Operation::Flush if !self.limits.flush => return Err(BadRequest::NotOffered { feature: "FLUSH" }.into()),
            Operation::Flush | Operation::DeviceId => 0,
            Operation::Discard(ranges) => ranges.check(false, &self.limits).map(|()| 0)?,
            Operation::WriteZeroes { ranges, .. } => ranges.check(true, &self.limits).map(|()| 0)?,
        })
    }

    /// The header of a request, and memory with its own data if it has any.
    #[expect(clippy::type_complexity, reason = "three parts of a chain, named where they are used")]
    fn prepare(
        &mut self,
        shape: &Operation<()>,
    ) -> Result<(RequestHeader, Option<Prefix<DmaBox<P>>>, Kind), SubmitError> {
        // §5.2.6: `sector` is 0 for everything but reads and writes.
        let header = |request_type, sector| RequestHeader { request_type, sector };
        let mut ranges_data = [0; SMALL];
        Ok(match shape {
            Operation::Read { sector, .. } => (header(request::IN, *sector), None, Kind::Data),
            Operation::Write { sector, .. } => (header(request::OUT, *sector), None, Kind::Data),
            Operation::Flush => (header(request::FLUSH, 0), None, Kind::Data),
            Operation::DeviceId => {
                let mut memory = self.small(ID_BYTES)?;
                memory.buffer[..ID_BYTES].fill(0);
                (header(request::GET_ID, 0), Some(memory), Kind::DeviceId)
            }
            Operation::Discard(ranges) => {
                // §5.2.6.1: `unmap` is clear.
                let len = ranges.encode(0, &mut ranges_data);
                (header(request::DISCARD, 0), Some(self.small_with(&ranges_data[..len])?), Kind::Data)
            }
            Operation::WriteZeroes { ranges, unmap } => {
                let len = ranges.encode(if *unmap { DiscardWriteZeroes::UNMAP } else { 0 }, &mut ranges_data);
                (header(request::WRITE_ZEROES, 0), Some(self.small_with(&ranges_data[..len])?), Kind::Data)
            }
        })
    }

    /// `len` (at most [`SMALL`]) bytes of the driver's own memory.
    fn small(&mut self, len: usize) -> Result<Prefix<DmaBox<P>>, SubmitError> {
        let buffer = match self.small.take() {
            Some(memory) => memory,
            None => DmaBox::new(self.platform.clone(), SMALL, 64).map_err(SubmitError::Dma)?,
        };
        Ok(Prefix { buffer, len })
    }

    /// `data` in the driver's own memory.
    fn small_with(&mut self, data: &[u8]) -> Result<Prefix<DmaBox<P>>, SubmitError> {
        let mut memory = self.small(data.len())?;
        memory.buffer[..data.len()].copy_from_slice(data);
        Ok(memory)
    }

    /// Keeps memory of the driver's own that is no longer needed for the next request of its kind; the caller's passes.
    pub(super) fn keep_small(&mut self, body: Body<P, B>) -> Option<B> {
        match body {
            Some(Either::Left(buffer)) => Some(buffer),
            Some(Either::Right(Prefix { buffer, .. })) => {
                self.small = Some(buffer);
                None
            }
            None => None,
        }
    }

    /// Puts a request on the ring, unpublished.
    ///
    /// # Errors
    /// Its data, and why not.
    pub(super) fn launch(
        &mut self,
        launch: Launch<P, B>,
        fetcher: Fetcher,
    ) -> Result<RequestId, (Directed<Body<P, B>>, SubmitError)> {
        let Launch { header, data, expected, kind } = launch;
        let Some(id) = self.table.claim(fetcher) else { return Err((data, SubmitError::Full)) };
        // The status byte is behind the data.
        let tag = Tag { index: id.index(), kind, expected: expected.saturating_add(1) };
        match self.queue.add_framed(&header.to_le_bytes(), Tagged { chain: data, tag }, &[UNWRITTEN]) {
            Ok(_) => {
                self.counters.requests += 1;
                Ok(id)
            }
            Err(refused) => {
                self.table.unclaim(id);
                let error = match refused.kind {
                    AddErrorKind::Share(e) => SubmitError::Share(e),
                    AddErrorKind::BadSegment { len, .. } => SubmitError::BadSegment { len },
                    AddErrorKind::Queue(e) => SubmitError::Down(super::Fault::Queue(e)),
                    // A chain longer than the queue was refused before (`BadRequest::TooManySegments`).
                    _ => SubmitError::Full,
                };
                Err((refused.chain.chain, error))
            }
        }
    }
}
