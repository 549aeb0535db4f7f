//! The processor of architectures on which this kernel starts one alone.

use crate::vectors::Counters;

/// Processors that this kernel starts.
pub(crate) const MAX: usize = 1;

static COUNTERS: Counters = Counters::new();

/// What processor `index` counts; `None` if there is none of that number.
pub(crate) fn get(index: usize) -> Option<&'static Counters> {
    (index < MAX).then_some(&COUNTERS)
}

/// Number of this processor.
pub(crate) fn index() -> usize {
    0
}

/// What this processor counts.
pub(crate) fn this() -> &'static Counters {
    &COUNTERS
}
