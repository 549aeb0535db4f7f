//! Transmitting.

use super::{Console, ConsoleError, ConsoleFault, ConsoleStorage, SendRejected, TransmitChain};
use crate::device::table::{Fetcher, RequestId, RequestSlot, Table};
use crate::platform::{Platform, Wait};
use crate::queue::{AddErrorKind, Buffers, Either, Prefix, Queue, Readable, Slots, Tagged};
use crate::transport::{Notify, ResetProof, Transport};

/// Looks at the ring between two calls of [`Platform::wait`].
const LOOKS: u32 = 64;

/// A buffer of [`Console::send`] that came back.
#[derive(Debug)]
#[non_exhaustive]
pub struct Sent<B> {
    /// What `send` returned for it.
    pub id: RequestId,
    /// The buffer; `None` when the device would not let go of it.
    pub buffer: Option<B>,
    /// Whether the device has taken the contents.
    pub result: Result<(), ConsoleFault>,
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: ConsoleStorage<P, B>> Console<T, P, B, S> {
    /// Gives the device a copy of the front of `bytes`, as much as the driver has memory for. Returns how much: 0 while
    /// the device has not taken what was written before. Does not wait.
    ///
    /// # Errors
    /// [`ConsoleError::Empty`] without bytes; [`ConsoleError`] when the device is down or the ring does not take it.
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize, ConsoleError> {
        if bytes.is_empty() {
            return Err(ConsoleError::Empty);
        }
        self.collect()?;
        if self.device.is_suspended() {
            return Err(ConsoleError::Suspended);
        }
        let Some(mut buffer) = self.transmit_memory.take() else { return Ok(0) };
        let len = bytes.len().min(buffer.len());
        buffer[..len].copy_from_slice(&bytes[..len]);
        let chain = Tagged { chain: Readable(Either::Right(Prefix { buffer, len })), tag: None };
        match self.transmit.add(chain) {
            Ok(_) => {
                self.notify();
                Ok(len)
            }
            Err(refused) => {
                if let Either::Right(Prefix { buffer, .. }) = refused.chain.chain.0 {
                    self.transmit_memory = Some(buffer);
                }
                // Full of buffers of `send`.
                if let AddErrorKind::Full { .. } = refused.kind { Ok(0) } else { Err(ConsoleError::Add(refused.kind)) }
            }
        }
    }

    /// Gives the device a copy of all of `bytes`, and waits until it has taken them.
    ///
    /// # Errors
    /// [`ConsoleError`]. When the device takes nothing while the platform waits, it is reset and down.
    pub fn write_all(&mut self, bytes: &[u8]) -> Result<(), ConsoleError> {
        let mut rest = bytes;
        let mut polls = 0;
        while !rest.is_empty() || self.transmit_memory.is_none() {
            let mut progress = false;
            for _ in 0..LOOKS {
                let len = if rest.is_empty() { self.collect().map(|()| 0)? } else { self.write(rest)? };
                rest = &rest[len..];
                progress = len > 0 || (rest.is_empty() && self.transmit_memory.is_some());
                if progress {
                    break;
                }
                core::hint::spin_loop();
            }
            polls = if progress { 0 } else { polls + 1 };
            if polls > 0 && self.platform.wait(polls) == Wait::GiveUp {
                return Err(ConsoleError::Down(self.take_down(ConsoleFault::Timeout { polls })));
            }
        }
        Ok(())
    }

    /// Moves a buffer to the device, which reads it where it is. It comes back from [`poll_sent`](Self::poll_sent).
    ///
    /// # Errors
    /// [`SendRejected`], with the buffer.
    pub fn send(&mut self, buffer: B) -> Result<RequestId, SendRejected<B>> {
        if let Err(error) = self.collect() {
            return Err(SendRejected { buffer, error });
        }
        if self.device.is_suspended() {
            return Err(SendRejected { buffer, error: ConsoleError::Suspended });
        }
        let Some(id) = self.sends.claim(Fetcher::Poll) else {
            return Err(SendRejected { buffer, error: ConsoleError::Full });
        };
        let chain = Tagged { chain: Readable(Either::Left(buffer)), tag: Some(id.index()) };
        match self.transmit.add(chain) {
            Ok(_) => {
                self.notify();
                Ok(id)
            }
            Err(refused) => {
                self.sends.unclaim(id);
                let error = match refused.kind {
                    AddErrorKind::Full { .. } => ConsoleError::Full,
                    AddErrorKind::NoSegments => ConsoleError::Empty,
                    kind => ConsoleError::Add(kind),
                };
                match refused.chain.chain.0 {
                    Either::Left(buffer) => Err(SendRejected { buffer, error }),
                    Either::Right(_) => unreachable!("the chain comes back as it was"),
                }
            }
        }
    }

    /// The next buffer of [`send`](Self::send) that came back; `None` when there is none now. Does not wait.
    pub fn poll_sent(&mut self) -> Option<Sent<B>> {
        // An error takes the device down, which ends all that was in flight.
        let _ = self.collect();
        self.sends.next_finished().map(|(sent, _)| sent)
    }

    /// Buffers of [`send`](Self::send) in flight.
    #[must_use]
    pub fn sends_in_flight(&self) -> u16 {
        self.sends.flying()
    }

    fn notify(&mut self) {
        if let Some(notification) = self.transmit.publish() {
            self.transmit_notifier.notify(notification);
        }
    }

    /// Takes back what the device has sent.
    fn collect(&mut self) -> Result<(), ConsoleError> {
        self.up()?;
        loop {
            match self.transmit.poll() {
                Ok(Some(used)) => match (used.chain.chain.0, used.chain.tag) {
                    (Either::Left(buffer), Some(index)) => end(&mut self.sends, index, Some(buffer), Ok(())),
                    (Either::Right(Prefix { buffer, .. }), _) => self.transmit_memory = Some(buffer),
                    (Either::Left(_), None) => {}
                },
                Ok(None) => return Ok(()),
                Err(e) => return Err(ConsoleError::Down(self.take_down(ConsoleFault::Queue(e)))),
            }
        }
    }
}

fn end<B, R: AsMut<[RequestSlot<Sent<B>>]>>(
    sends: &mut Table<Sent<B>, R>,
    index: u16,
    buffer: Option<B>,
    result: Result<(), ConsoleFault>,
) {
    sends.finish(index, |id| Sent { id, buffer, result }).settle();
}

/// Ends everything in flight after a reset.
pub(super) fn end_all<P: Platform, B: Buffers, S: Slots<TransmitChain<P, B>>, R: AsMut<[RequestSlot<Sent<B>>]>>(
    queue: &mut Queue<P, TransmitChain<P, B>, S>,
    sends: &mut Table<Sent<B>, R>,
    proof: &ResetProof,
) {
    let Ok(chains) = queue.retire(proof) else { return };
    for (_, chain) in chains {
        if let (Either::Left(buffer), Some(index)) = (chain.chain.0, chain.tag) {
            end(sends, index, Some(buffer), Err(ConsoleFault::Reset));
        }
    }
}

/// Ends everything in flight whose memory the device does not let go of.
pub(super) fn end_without_memory<B, R: AsMut<[RequestSlot<Sent<B>>]>>(sends: &mut Table<Sent<B>, R>) {
    while let Some(index) = sends.any_flying() {
        end(sends, index, None, Err(ConsoleFault::Reset));
    }
}
