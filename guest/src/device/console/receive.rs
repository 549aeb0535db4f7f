//! Receiving.

use super::{Console, ConsoleError, ConsoleFault, ConsoleStorage, ReceiveChain};
use crate::platform::{DmaBox, Platform};
use crate::queue::{Buffers, Queue, Slots, Writable};
use crate::transport::{Notify, Transport};

/// Input that was not read to its end, or an empty buffer that could not be given back to the device yet.
pub(super) struct Input<P: Platform> {
    memory: DmaBox<P>,
    /// Where the rest starts and ends.
    from: usize,
    to: usize,
}

/// Fills the receive queue with buffers of `bytes` bytes, unpublished.
pub(super) fn fill<P: Platform + Clone, S: Slots<ReceiveChain<P>>>(
    platform: &P,
    queue: &mut Queue<P, ReceiveChain<P>, S>,
    bytes: usize,
) -> Result<(), ConsoleError> {
    for _ in 0..queue.size() {
        let memory = DmaBox::new(platform.clone(), bytes, 64).map_err(ConsoleError::Dma)?;
        queue.add(Writable(memory)).map_err(|refused| ConsoleError::Add(refused.kind))?;
    }
    Ok(())
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: ConsoleStorage<P, B>> Console<T, P, B, S> {
    /// Copies input to `out`, as much as there is and fits. Returns how much: 0 when there is none now. Does not wait.
    ///
    /// # Errors
    /// [`ConsoleError::Down`] when the device broke the rules of the queue, now or earlier; [`ConsoleError::Add`] when the
    /// platform cannot share a buffer with the device again: it is kept, and the next call tries once more. No input
    /// is lost by that.
    pub fn receive(&mut self, out: &mut [u8]) -> Result<usize, ConsoleError> {
        self.up()?;
        let mut copied = 0;
        while copied < out.len() {
            let input = match self.next_input() {
                Ok(Some(input)) => input,
                Err(e) if copied == 0 => return Err(e),
                // What was copied is told first; the error comes again.
                Ok(None) | Err(_) => break,
            };
            let len = (input.to - input.from).min(out.len() - copied);
            out[copied..copied + len].copy_from_slice(&input.memory[input.from..input.from + len]);
            copied += len;
            let rest = Input { from: input.from + len, ..input };
            if rest.from < rest.to {
                self.current = Some(rest);
            } else if self.give_back(rest.memory).is_err() {
                break;
            }
        }
        self.show_receive_buffers();
        Ok(copied)
    }

    /// The input to read next.
    fn next_input(&mut self) -> Result<Option<Input<P>>, ConsoleError> {
        if let Some(input) = self.current.take() {
            if input.from < input.to {
                return Ok(Some(input));
            }
            self.give_back(input.memory)?;
        }
        match self.receive.poll() {
            Ok(Some(used)) => {
                let memory = used.chain.0;
                // The queue has checked that the used length is no more than the buffer's.
                let to = (used.written as usize).min(memory.len());
                Ok(Some(Input { memory, from: 0, to }))
            }
            Ok(None) => Ok(None),
            Err(e) => Err(ConsoleError::Down(self.take_down(ConsoleFault::Queue(e)))),
        }
    }

    /// Puts a receive buffer back on the ring, or keeps it to try again.
    fn give_back(&mut self, memory: DmaBox<P>) -> Result<(), ConsoleError> {
        self.receive.add(Writable(memory)).map(drop).map_err(|refused| {
            self.current = Some(Input { memory: refused.chain.0, from: 0, to: 0 });
            ConsoleError::Add(refused.kind)
        })
    }

    /// Shows the device the receive buffers that were put on the ring.
    pub(super) fn show_receive_buffers(&mut self) {
        // §3.4.1: nothing is made available to a device that is suspended.
        if self.device.is_suspended() {
            return;
        }
        if let Some(notification) = self.receive.publish() {
            self.receive_notifier.notify(notification);
        }
    }
}
