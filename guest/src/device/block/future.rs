//! Futures that may be dropped at any time.

use core::future::Future;
use core::ops::DerefMut;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::complete::Outcome;
use super::{
    Answer, BlockError, BlockStorage, Control, Failed, Finished, Operation, Rejected, RequestError, RequestId,
};
use super::{RequestQueue, SectorRange, SubmitError};
use crate::device::Share;
use crate::device::table::{Aftermath, Fetcher, Look, NoRequest};
use crate::platform::Platform;
use crate::queue::Buffers;
use crate::transport::{Interrupt, Transport};
use core::task::Waker;

mod sealed {
    /// What a future needs of a block driver.
    pub trait Steps {
        type Buffer;
        type Platform: crate::platform::Platform;

        fn start(
            &mut self,
            operation: super::Operation<Self::Buffer>,
        ) -> Result<super::RequestId, super::Rejected<super::Operation<Self::Buffer>>>;
        fn kick(&mut self);
        fn arm(&mut self) -> bool;
        #[expect(private_interfaces, reason = "the trait is sealed")]
        fn step(&mut self) -> Option<super::Aftermath<super::Outcome<Self::Platform, Self::Buffer>>>;
        #[expect(private_interfaces, reason = "the trait is sealed")]
        fn look(
            &mut self,
            id: super::RequestId,
            waker: &super::Waker,
        ) -> super::Look<super::Outcome<Self::Platform, Self::Buffer>>;
        #[expect(private_interfaces, reason = "the trait is sealed")]
        fn abandon(&mut self, id: super::RequestId) -> super::Aftermath<super::Outcome<Self::Platform, Self::Buffer>>;
        #[expect(private_interfaces, reason = "the trait is sealed")]
        fn wait_for_space(&mut self, waker: &super::Waker) -> Result<Option<super::Waker>, super::NoRequest>;
        fn acknowledge(&mut self, vector: Option<u16>) -> super::Interrupt;
    }
}

use sealed::Steps;

/// A [`Block`](super::Block) or [`BlockQueue`](super::BlockQueue), whatever its parameters.
pub trait BlockDriver: Steps {}

impl<D: Steps> BlockDriver for D {}

#[expect(private_interfaces, reason = "the trait is sealed")]
impl<T, P, B, S, K> Steps for RequestQueue<T, P, B, S, K>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
    K: Control<T, P>,
{
    type Buffer = B;
    type Platform = P;

    fn start(&mut self, operation: Operation<B>) -> Result<RequestId, Rejected<Operation<B>>> {
        RequestQueue::start(self, operation, Fetcher::Holder)
    }
    fn kick(&mut self) {
        RequestQueue::kick(self);
    }
    fn arm(&mut self) -> bool {
        // Not `arm`: it also tells of results that wait for `poll`, which no future fetches.
        self.arm_queue(1)
    }
    fn step(&mut self) -> Option<Aftermath<Outcome<P, B>>> {
        RequestQueue::step(self)
    }
    fn look(&mut self, id: RequestId, waker: &Waker) -> Look<Outcome<P, B>> {
        self.table.look(id, Some(waker))
    }
    fn abandon(&mut self, id: RequestId) -> Aftermath<Outcome<P, B>> {
        self.table.abandon(id)
    }
    fn wait_for_space(&mut self, waker: &Waker) -> Result<Option<Waker>, NoRequest> {
        self.table.wait_for_space(waker)
    }
    fn acknowledge(&mut self, vector: Option<u16>) -> Interrupt {
        RequestQueue::acknowledge(self, vector)
    }
}

/// Those that lead to a request queue.
#[expect(private_interfaces, reason = "the trait is sealed")]
impl<D: DerefMut<Target: Steps>> Steps for D {
    type Buffer = <D::Target as Steps>::Buffer;
    type Platform = <D::Target as Steps>::Platform;

    fn start(&mut self, operation: Operation<Self::Buffer>) -> Result<RequestId, Rejected<Operation<Self::Buffer>>> {
        (**self).start(operation)
    }
    fn kick(&mut self) {
        (**self).kick();
    }
    fn arm(&mut self) -> bool {
        (**self).arm()
    }
    fn step(&mut self) -> Option<Aftermath<Outcome<Self::Platform, Self::Buffer>>> {
        (**self).step()
    }
    fn look(&mut self, id: RequestId, waker: &Waker) -> Look<Outcome<Self::Platform, Self::Buffer>> {
        (**self).look(id, waker)
    }
    fn abandon(&mut self, id: RequestId) -> Aftermath<Outcome<Self::Platform, Self::Buffer>> {
        (**self).abandon(id)
    }
    fn wait_for_space(&mut self, waker: &Waker) -> Result<Option<Waker>, NoRequest> {
        (**self).wait_for_space(waker)
    }
    fn acknowledge(&mut self, vector: Option<u16>) -> Interrupt {
        (**self).acknowledge(vector)
    }
}

/// A block driver that many tasks use, through futures. `L` gives one task at a time the driver: a `RefCell`, or your
/// kernel's mutex (see [`Share`]).
///
/// Call [`handle_interrupt`](Self::handle_interrupt) when the device interrupts: it wakes the tasks whose requests have
/// finished. A future also looks at the ring itself whenever it is polled.
///
/// ```
/// # use parakit::{device::block::*, platform::Platform, transport::*};
/// # use core::cell::RefCell;
/// # async fn demo<T: Transport, P: Platform + Clone>(disk: Block<T, P, Vec<u8>, HeapStorage<P, Vec<u8>>>) -> Result<(), Failed<Vec<u8>>> {
/// let disk = AsyncBlock::new(RefCell::new(disk));
/// let first = disk.read(0, vec![0; 512]);
/// let second = disk.read(8, vec![0; 512]);
/// // Requests go to the device when their futures are first polled; join the two to have both in flight.
/// let (first, second) = (first.await?, second.await?);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct AsyncBlock<L> {
    driver: L,
}

impl<L: Share<Driver: BlockDriver>> AsyncBlock<L> {
    /// Futures over a shared driver.
    pub const fn new(driver: L) -> Self {
        Self { driver }
    }

    /// The shared driver, for everything that does not wait.
    pub const fn driver(&self) -> &L {
        &self.driver
    }

    /// The driver back.
    pub fn into_inner(self) -> L {
        self.driver
    }

    /// Any request. Nothing happens before the future is polled.
    pub fn request(&self, operation: Operation<<L::Driver as Steps>::Buffer>) -> RequestFuture<'_, L> {
        RequestFuture { driver: &self.driver, state: State::Waiting(operation) }
    }

    /// Reads `buffer` from `sector` on.
    ///
    /// # Errors
    /// [`Failed`], with the buffer unless the device would not let go of it.
    pub async fn read(
        &self,
        sector: u64,
        buffer: <L::Driver as Steps>::Buffer,
    ) -> Result<<L::Driver as Steps>::Buffer, Failed<<L::Driver as Steps>::Buffer>> {
        owned(self.request(Operation::Read { sector, buffer }).await)
    }

    /// Writes `buffer` from `sector` on.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub async fn write(
        &self,
        sector: u64,
        buffer: <L::Driver as Steps>::Buffer,
    ) -> Result<<L::Driver as Steps>::Buffer, Failed<<L::Driver as Steps>::Buffer>> {
        owned(self.request(Operation::Write { sector, buffer }).await)
    }

    /// Makes writes that have finished durable.
    ///
    /// # Errors
    /// [`BlockError`].
    pub async fn flush(&self) -> Result<(), BlockError> {
        self.request(Operation::Flush).await.result.map(drop)
    }

    /// Discards ranges; see [`RequestQueue::discard`].
    ///
    /// # Errors
    /// [`BlockError`].
    pub async fn discard(&self, ranges: &[SectorRange]) -> Result<(), BlockError> {
        self.request(Operation::discard(ranges)).await.result.map(drop)
    }

    /// Zeroes ranges; see [`RequestQueue::write_zeroes`].
    ///
    /// # Errors
    /// [`BlockError`].
    pub async fn write_zeroes(&self, ranges: &[SectorRange], unmap: bool) -> Result<(), BlockError> {
        self.request(Operation::write_zeroes(ranges, unmap)).await.result.map(drop)
    }

    /// What to do on an interrupt; see [`RequestQueue::handle_interrupt`]. Wakes tasks while nobody has the driver.
    pub fn handle_interrupt(&self) -> Interrupt {
        let interrupt = self.driver.with(|driver| driver.acknowledge(None));
        drain(&self.driver);
        interrupt
    }

    /// What to do on an interrupt on MSI-X vector `vector`; see [`RequestQueue::handle_vector`].
    pub fn handle_vector(&self, vector: u16) -> Interrupt {
        let interrupt = self.driver.with(|driver| driver.acknowledge(Some(vector)));
        drain(&self.driver);
        interrupt
    }
}

/// Files finished requests, settling each while nobody has the driver.
fn drain<L: Share<Driver: BlockDriver>>(driver: &L) {
    while let Some(aftermath) = driver.with(|driver| driver.step()) {
        aftermath.settle();
    }
}

fn owned<B>(done: Done<B>) -> Result<B, Failed<B>> {
    match (done.result, done.buffer) {
        (Ok(_), Some(buffer)) => Ok(buffer),
        (Ok(_), None) => Err(Failed { buffer: None, error: BlockError::Request(RequestError::Reset) }),
        (Err(error), buffer) => Err(Failed { buffer, error }),
    }
}

/// What a [`RequestFuture`] ends with.
#[derive(Debug)]
#[non_exhaustive]
pub struct Done<B> {
    /// The request's buffer: `None` when it had none, and when the device would not let go of it.
    pub buffer: Option<B>,
    /// How it ended.
    pub result: Result<Answer, BlockError>,
}

enum State<B> {
    /// Not with the driver yet.
    Waiting(Operation<B>),
    /// In flight.
    Flying(RequestId),
    /// Nothing more comes.
    Over,
}

/// A request, made by [`AsyncBlock::request`].
///
/// It may be dropped at any time. In flight, it is abandoned: the driver keeps the buffer until the device is done with
/// it, and drops it then. Whether the device carries the request out is unknown.
#[must_use = "futures do nothing unless polled"]
pub struct RequestFuture<'a, L: Share<Driver: BlockDriver>> {
    driver: &'a L,
    state: State<<L::Driver as Steps>::Buffer>,
}

// The buffer is moved, never pinned.
impl<L: Share<Driver: BlockDriver>> Unpin for RequestFuture<'_, L> {}

impl<L: Share<Driver: BlockDriver>> RequestFuture<'_, L> {
    /// Hands the request to the driver, or has the task woken when there may be room.
    fn start(
        &mut self,
        operation: Operation<<L::Driver as Steps>::Buffer>,
        waker: &Waker,
    ) -> Result<(), Done<<L::Driver as Steps>::Buffer>> {
        // In one go: what ends in between would otherwise wake nobody.
        let (rejected, waiting) = match self.driver.with(|driver| match driver.start(operation) {
            Ok(id) => {
                driver.kick();
                Ok(id)
            }
            Err(rejected) if rejected.error == SubmitError::Full => Err((rejected, driver.wait_for_space(waker).ok())),
            Err(rejected) => Err((rejected, None)),
        }) {
            Ok(id) => {
                self.state = State::Flying(id);
                return Ok(());
            }
            Err(why) => why,
        };
        if let Some(displaced) = waiting {
            self.state = State::Waiting(rejected.operation);
            // More tasks wait than there are requests. The one displaced looks again, and queues up again.
            if let Some(displaced) = displaced {
                displaced.wake();
            }
            return Ok(());
        }
        let buffer = rejected.operation.split().1;
        Err(Done { buffer, result: Err(BlockError::Submit(rejected.error)) })
    }
}

impl<L: Share<Driver: BlockDriver>> Future for RequestFuture<'_, L> {
    type Output = Done<<L::Driver as Steps>::Buffer>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let waker = context.waker();
        loop {
            drain(this.driver);
            match core::mem::replace(&mut this.state, State::Over) {
                State::Waiting(operation) => {
                    if let Err(done) = this.start(operation, waker) {
                        return Poll::Ready(done);
                    }
                    if let State::Flying(_) = this.state {
                        // Once more, to store the waker.
                        continue;
                    }
                }
                State::Flying(id) => match this.driver.with(|driver| driver.look(id, waker)) {
                    Look::Finished(outcome, waiting) => {
                        if let Some(waiting) = waiting {
                            waiting.wake();
                        }
                        let finished: Finished<_> = outcome.finished();
                        let result = finished.result.map_err(BlockError::Request);
                        return Poll::Ready(Done { buffer: finished.buffer, result });
                    }
                    Look::Flying(replaced) => {
                        this.state = State::Flying(id);
                        drop(replaced);
                    }
                    Look::Unknown => return Poll::Pending,
                },
                State::Over => return Poll::Pending,
            }
            // The wakers are stored. What finishes from here on interrupts, or is there already: look again then.
            if !this.driver.with(|driver| driver.arm()) {
                return Poll::Pending;
            }
        }
    }
}

impl<L: Share<Driver: BlockDriver>> Drop for RequestFuture<'_, L> {
    fn drop(&mut self) {
        if let State::Flying(id) = self.state {
            let aftermath = self.driver.with(|driver| driver.abandon(id));
            aftermath.settle();
        }
    }
}
