//! Runs: the descriptors that one look at a packed ring found available.

use std::collections::BTreeMap;

use parakit_abi::ring::packed::Position;

use crate::observe::event::EventKind;

/// Newly available descriptors, from the first to behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) queue: u16,
    pub(super) from: Position,
    pub(super) to: Position,
    /// Descriptors.
    pub(super) count: u64,
}

/// Puts the available lists that directly follow one another together.
#[derive(Debug, Default)]
pub(super) struct Runs {
    sizes: BTreeMap<u16, u16>,
    open: Option<Run>,
}

impl Runs {
    /// Takes an event in; the run that it ends.
    pub(super) fn event(&mut self, kind: &EventKind) -> Option<Run> {
        match kind {
            EventKind::Available(chain) => {
                let from = Position::from_bits(chain.slot);
                let count = chain.links.iter().filter(|l| !l.indirect).count().max(1);
                let size = self.size(chain.queue);
                let count = count.min(usize::from(size)) as u16;
                let to = from.after(count, size);
                match &mut self.open {
                    Some(run) if run.queue == chain.queue => {
                        run.to = to;
                        run.count += u64::from(count);
                        None
                    }
                    open => open.replace(Run { queue: chain.queue, from, to, count: count.into() }),
                }
            }
            EventKind::QueueEnabled(info) => {
                self.sizes.insert(info.queue, info.size);
                self.open.take()
            }
            // A signal comes from the mailbox, in the middle of whatever the device is at.
            EventKind::Signal { .. } => None,
            _ => self.open.take(),
        }
    }

    /// Entries of a queue.
    pub(super) fn size(&self, queue: u16) -> u16 {
        self.sizes.get(&queue).copied().unwrap_or(1).max(1)
    }
}
