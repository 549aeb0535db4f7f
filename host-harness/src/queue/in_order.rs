//! `VIRTIO_F_IN_ORDER`: chains that are done, collected until one used element tells of all of them (VIRTIO 1.4 §2.7.9, §2.8.8).

use std::collections::VecDeque;

use super::{Done, Token};

/// The chains in the device's hands, in the order in which they came; the first of them may be done.
#[derive(Debug, Default)]
pub(super) struct InOrder {
    held: VecDeque<Token>,
    done: usize,
    last: (u16, u32),
}

/// Chains that go back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    /// How many.
    pub(super) chains: u16,
    /// Entries of the ring that they take together.
    pub(super) entries: u16,
    /// Id of the last one.
    pub(super) id: u16,
    /// Length of the last one.
    pub(super) len: u32,
}

impl InOrder {
    /// The device has fetched a chain.
    pub(super) fn fetched(&mut self, token: Token) {
        self.held.push_back(token);
    }

    /// Adds a chain to the batch; false when it is not its turn.
    pub(super) fn add(&mut self, done: Done) -> bool {
        let next = self.held.get(self.done).is_some_and(|token| *token == done.token);
        if next {
            self.done += 1;
            self.last = (done.token.id, done.len);
        }
        next
    }

    /// A chain goes back out of turn, which only odd devices do. The batch has been ended before.
    pub(super) fn forget(&mut self, token: Token) {
        debug_assert_eq!(self.done, 0);
        if let Some(at) = self.held.iter().position(|held| *held == token) {
            self.held.remove(at);
        }
    }

    /// Ends the batch, if there is one.
    pub(super) fn take(&mut self) -> Option<Batch> {
        let chains = u16::try_from(std::mem::take(&mut self.done)).ok().filter(|count| *count > 0)?;
        let entries = self.held.drain(..usize::from(chains)).map(|token| token.entries).sum();
        let (id, len) = self.last;
        Some(Batch { chains, entries, id, len })
    }
}
