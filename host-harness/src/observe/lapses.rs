//! What drivers did that no rule forbids and that keeps a run from having passed.

use super::Event;
use super::unnotified::Unnotified;
use super::unusable::Unusable;

/// Finds it in the events of a run.
#[derive(Default)]
pub struct Lapses {
    unusable: Unusable,
    unnotified: Unnotified,
}

impl Lapses {
    /// A sentence for each.
    #[must_use]
    pub fn of(events: &[Event]) -> Vec<String> {
        let mut lapses = Self::default();
        events.iter().for_each(|event| lapses.event(event));
        lapses.finish()
    }

    /// Takes the next event of the run.
    pub fn event(&mut self, event: &Event) {
        self.unusable.event(event);
        self.unnotified.event(event);
    }

    /// The run is over: the sentences.
    #[must_use]
    pub fn finish(self) -> Vec<String> {
        [self.unusable.finish(), self.unnotified.finish()].concat()
    }
}
