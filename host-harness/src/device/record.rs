//! What a device keeps of what it saw, for whoever looks at it later.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The last things that a device saw, for whoever has a clone. Bounded by number and by bytes: the oldest go first.
#[derive(Debug)]
pub struct Recorder<T>(Arc<Mutex<Kept<T>>>);

#[derive(Debug)]
struct Kept<T> {
    items: VecDeque<(T, usize)>,
    bytes: usize,
    total: u64,
}

impl<T> Clone for Recorder<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Recorder<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Kept { items: VecDeque::new(), bytes: 0, total: 0 })))
    }
}

impl<T: Clone> Recorder<T> {
    /// Most things that are kept.
    pub const MAX_ITEMS: usize = 4096;
    /// Most bytes that are kept.
    pub const MAX_BYTES: usize = 4 << 20;

    /// What is kept, oldest first.
    #[must_use]
    pub fn items(&self) -> Vec<T> {
        self.lock().items.iter().map(|(item, _)| item.clone()).collect()
    }

    /// Things ever seen.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.lock().total
    }

    /// Keeps `item`, which takes `bytes` bytes.
    pub(crate) fn push(&self, item: T, bytes: usize) {
        let mut kept = self.lock();
        kept.total += 1;
        kept.bytes += bytes;
        kept.items.push_back((item, bytes));
        while kept.items.len() > Self::MAX_ITEMS || kept.bytes > Self::MAX_BYTES {
            let Some((_, gone)) = kept.items.pop_front() else { break };
            kept.bytes -= gone;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
