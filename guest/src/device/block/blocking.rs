//! Calls that wait.

use parakit_abi::device::block::{RequestHeader, SECTOR_SIZE, request};

use super::complete::{Kind, Outcome};
use super::limits::BadRequest;
use super::submit::Launch;
use super::{Answer, BlockError, BlockStorage, Control, Failed, Fault, Operation, RequestError, RequestId};
use super::{RequestQueue, SectorRange, SubmitError};
use crate::device::table::{Fetcher, Look};
use crate::platform::{DmaBox, Platform, Wait};
use crate::queue::{Buffers, Directed, Either, Prefix};
use crate::transport::Transport;

/// Looks at the ring between two calls of [`Platform::wait`]: a look is cheap next to what a platform may do there.
const LOOKS: u32 = 64;

impl<T, P, B, S, K> RequestQueue<T, P, B, S, K>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
    K: Control<T, P>,
{
    /// Reads `data`, a whole number of sectors, from `sector` on, and waits for it.
    ///
    /// The data is copied from memory of the driver; see [`read_owned`](Self::read_owned) for a call that does not copy.
    ///
    /// # Errors
    /// [`BlockError`]. When the device does not finish in the time that [`Platform::wait`] gives it, it is reset and
    /// down. What `data` holds is arbitrary then.
    pub fn read(&mut self, sector: u64, data: &mut [u8]) -> Result<(), BlockError> {
        self.check_len(false, sector, data.len())?;
        let (chunk, mut sector) = (self.chunk()?, sector);
        for part in data.chunks_mut(chunk) {
            let memory = self.copy_memory(chunk)?;
            let header = RequestHeader { request_type: request::IN, sector };
            let data = Directed::Writable(Some(Either::Right(Prefix { buffer: memory, len: part.len() })));
            let launch = Launch { header, data, expected: part.len() as u32, kind: Kind::Copy };
            let outcome = self.run_launch(launch)?;
            let result = outcome.result;
            if let (Ok(_), Some(Either::Right(memory))) = (&result, &outcome.body) {
                part.copy_from_slice(&memory.buffer[..part.len()]);
            }
            self.keep_copy(outcome.body);
            self.explain(result)?;
            sector += (part.len() / SECTOR_SIZE) as u64;
        }
        Ok(())
    }

    /// Writes `data`, a whole number of sectors, from `sector` on, and waits for it. It may then still be in a
    /// volatile cache: see [`flush`](Self::flush).
    ///
    /// # Errors
    /// As for [`read`](Self::read). How much was written is unknown then.
    pub fn write(&mut self, sector: u64, data: &[u8]) -> Result<(), BlockError> {
        self.check_len(true, sector, data.len())?;
        let (chunk, mut sector) = (self.chunk()?, sector);
        for part in data.chunks(chunk) {
            let mut memory = self.copy_memory(chunk)?;
            memory[..part.len()].copy_from_slice(part);
            let header = RequestHeader { request_type: request::OUT, sector };
            let data = Directed::Readable(Some(Either::Right(Prefix { buffer: memory, len: part.len() })));
            let outcome = self.run_launch(Launch { header, data, expected: 0, kind: Kind::Copy })?;
            self.keep_copy(outcome.body);
            self.explain(outcome.result)?;
            sector += (part.len() / SECTOR_SIZE) as u64;
        }
        Ok(())
    }

    /// Reads `buffer` from `sector` on without copying, and waits for it.
    ///
    /// # Errors
    /// [`Failed`], with the buffer unless the device would not let go of it.
    pub fn read_owned(&mut self, sector: u64, buffer: B) -> Result<B, Failed<B>> {
        self.run_owned(Operation::Read { sector, buffer })
    }

    /// Writes `buffer` from `sector` on without copying, and waits for it.
    ///
    /// # Errors
    /// As for [`read_owned`](Self::read_owned).
    pub fn write_owned(&mut self, sector: u64, buffer: B) -> Result<B, Failed<B>> {
        self.run_owned(Operation::Write { sector, buffer })
    }

    /// Makes all writes that have finished durable, and waits for it.
    ///
    /// # Errors
    /// [`BadRequest::NotOffered`] when the device offers no FLUSH: its writes are durable when they finish, as far as one
    /// can know; otherwise as for [`read`](Self::read).
    pub fn flush(&mut self) -> Result<(), BlockError> {
        self.run(Operation::Flush).map(drop)
    }

    /// Tells the device that the contents of `ranges` are of no more use, and waits for it. What they read as
    /// afterwards is undefined; after an I/O error, so is which of them were discarded (§5.2.6.1).
    ///
    /// # Errors
    /// As for [`read`](Self::read); [`BadRequest`] when there are more or longer ranges than device or driver take.
    pub fn discard(&mut self, ranges: &[SectorRange]) -> Result<(), BlockError> {
        self.run(Operation::discard(ranges)).map(drop)
    }

    /// Makes `ranges` read as zeroes, and waits for it; with `unmap` the device may free the space behind them.
    ///
    /// # Errors
    /// As for [`discard`](Self::discard).
    pub fn write_zeroes(&mut self, ranges: &[SectorRange], unmap: bool) -> Result<(), BlockError> {
        self.run(Operation::write_zeroes(ranges, unmap)).map(drop)
    }

    /// The device's id string: ASCII, padded with NULs.
    ///
    /// # Errors
    /// As for [`read`](Self::read); [`RequestError::Unsupported`] when the device has none.
    pub fn device_id(&mut self) -> Result<[u8; 20], BlockError> {
        match self.run(Operation::DeviceId)? {
            Answer::DeviceId(id) => Ok(id),
            Answer::Done => Ok([0; 20]),
        }
    }

    /// Whether a blocking call on `len` bytes is to be had, before any part of it is done.
    fn check_len(&mut self, write: bool, sector: u64, len: usize) -> Result<(), SubmitError> {
        self.ready()?;
        Ok(self.limits.whole(write, sector, len as u64)?)
    }

    /// Bytes of one request of a blocking call.
    fn chunk(&self) -> Result<usize, SubmitError> {
        let max = self.limits.segment_bytes;
        match self.options.copy_bytes.min(max as usize) / SECTOR_SIZE * SECTOR_SIZE {
            0 => Err(SubmitError::Bad(BadRequest::SegmentTooLong { len: SECTOR_SIZE as u64, max })),
            bytes => Ok(bytes),
        }
    }

    /// At least `bytes` bytes of memory for a blocking call. What there was may be too short: the device can change the
    /// length of its segments.
    fn copy_memory(&mut self, bytes: usize) -> Result<DmaBox<P>, SubmitError> {
        match self.copy.take_if(|memory| memory.len() >= bytes) {
            Some(memory) => Ok(memory),
            None => DmaBox::new(self.platform.clone(), bytes, SECTOR_SIZE).map_err(SubmitError::Dma),
        }
    }

    fn run(&mut self, operation: Operation<B>) -> Result<Answer, BlockError> {
        let mut operation = operation;
        let mut polls = 0;
        let id = loop {
            match self.start(operation, Fetcher::Holder) {
                Ok(id) => break id,
                Err(rejected) if rejected.error == SubmitError::Full => {
                    operation = rejected.operation;
                    self.make_room(&mut polls)?;
                }
                Err(rejected) => return Err(rejected.error.into()),
            }
        };
        let outcome = self.wait(id)?;
        self.explain(outcome.result)
    }

    fn run_owned(&mut self, operation: Operation<B>) -> Result<B, Failed<B>> {
        let mut operation = operation;
        let mut polls = 0;
        let id = loop {
            match self.start(operation, Fetcher::Holder) {
                Ok(id) => break id,
                Err(rejected) => {
                    operation = rejected.operation;
                    let error = match rejected.error {
                        SubmitError::Full => self.make_room(&mut polls).err(),
                        error => Some(error.into()),
                    };
                    if let Some(error) = error {
                        return Err(Failed { buffer: operation.split().1, error });
                    }
                }
            }
        };
        let finished = self.wait(id).map_err(|error| Failed { buffer: None, error })?.finished();
        match (self.explain(finished.result), finished.buffer) {
            (Ok(_), Some(buffer)) => Ok(buffer),
            (Ok(_), None) => Err(Failed { buffer: None, error: BlockError::Request(RequestError::Reset) }),
            (Err(error), buffer) => Err(Failed { buffer, error }),
        }
    }

    fn run_launch(&mut self, launch: Launch<P, B>) -> Result<Outcome<P, B>, BlockError> {
        let Launch { header, mut data, expected, kind } = launch;
        let mut polls = 0;
        let id = loop {
            match self.launch(Launch { header, data, expected, kind }, Fetcher::Holder) {
                Ok(id) => break id,
                Err((back, error)) => {
                    data = back;
                    let error = match error {
                        SubmitError::Full => self.make_room(&mut polls).err(),
                        error => Some(error.into()),
                    };
                    if let Some(error) = error {
                        let (Directed::Readable(body) | Directed::Writable(body)) = data;
                        self.keep_copy(body);
                        return Err(error);
                    }
                }
            }
        };
        self.wait(id)
    }

    /// Waits until there may be room for another request.
    ///
    /// # Errors
    /// [`SubmitError::Full`] when all the room is taken by results that nobody has fetched: waiting does not help;
    /// [`BlockError::Timeout`] when nothing finishes.
    fn make_room(&mut self, polls: &mut u64) -> Result<(), BlockError> {
        if self.table.flying() == 0 {
            return Err(SubmitError::Full.into());
        }
        self.look_for_a_while(polls, None).map(drop)
    }

    /// Waits for the result of `id`.
    fn wait(&mut self, id: RequestId) -> Result<Outcome<P, B>, BlockError> {
        let mut polls = 0;
        loop {
            // When the time is up the device is taken down, which ends the request; the next look fetches it.
            if let Ok(Some(outcome)) = self.look_for_a_while(&mut polls, Some(id)) {
                return Ok(outcome);
            }
            if self.down.is_some() && self.table.flying() == 0 {
                if let Look::Finished(outcome, waiting) = self.table.look(id, None) {
                    if let Some(waiting) = waiting {
                        waiting.wake();
                    }
                    return Ok(outcome);
                }
                return Err(BlockError::Request(RequestError::Reset));
            }
        }
    }

    /// Looks at the ring some times, then lets the platform wait. Stops when `id` has finished, or, without one, when
    /// anything has.
    fn look_for_a_while(
        &mut self,
        polls: &mut u64,
        id: Option<RequestId>,
    ) -> Result<Option<Outcome<P, B>>, BlockError> {
        self.kick();
        for _ in 0..LOOKS {
            let mut any = false;
            while let Some(aftermath) = self.step() {
                aftermath.settle();
                any = true;
            }
            match id.map(|id| self.table.look(id, None)) {
                Some(Look::Finished(outcome, waiting)) => {
                    if let Some(waiting) = waiting {
                        waiting.wake();
                    }
                    return Ok(Some(outcome));
                }
                None if any => return Ok(None),
                _ => core::hint::spin_loop(),
            }
        }
        *polls += 1;
        if self.platform.wait(*polls) == Wait::GiveUp {
            self.take_down(Fault::Timeout { polls: *polls });
            return Err(BlockError::Timeout { polls: *polls });
        }
        Ok(None)
    }

    /// A request that ended because its device was taken down says what for.
    fn explain(&self, result: Result<Answer, RequestError>) -> Result<Answer, BlockError> {
        result.map_err(|error| match (error, self.fault()) {
            (RequestError::Reset, Some(Fault::Timeout { polls })) => BlockError::Timeout { polls },
            (RequestError::Reset, Some(fault)) if fault != Fault::Reset => BlockError::Down(fault),
            _ => BlockError::Request(error),
        })
    }
}
