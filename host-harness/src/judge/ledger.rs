//! The ledger: a verdict on every requirement of the catalogue.

use std::collections::BTreeSet;

use parakit_abi::requirement::{Observability, RequirementId};

use super::{Verdicts, kinds, not_checked};

/// The verdict on a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It applied and was kept, every time.
    Pass {
        /// How often.
        count: u64,
    },
    /// It was broken.
    Violated {
        /// How often.
        count: u64,
        /// How often it was kept.
        passed: u64,
    },
    /// A checker judges it, and it did not apply: nothing is known of it.
    NotExercised,
    /// No checker judges it.
    NotObservable {
        /// Why, as a part of a sentence.
        reason: &'static str,
    },
}

impl Verdict {
    /// The verdict in a word, or three.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "pass",
            Self::Violated { .. } => "violated",
            Self::NotExercised => "not exercised",
            Self::NotObservable { .. } => "not observable",
        }
    }
}

/// A verdict on every requirement of the catalogue, in its order.
///
/// ```
/// use parakit_abi::requirement::id;
/// use parakit_harness::judge::{Verdict, Verdicts, ledger};
/// let mut verdicts = Verdicts::default();
/// verdicts.pass(id::CORE_DRV_STATUS_1);
/// let of = |wanted| ledger(&verdicts).into_iter().find(|(id, _)| *id == wanted).unwrap().1;
/// assert_eq!(of(id::CORE_DRV_STATUS_1), Verdict::Pass { count: 1 });
/// assert_eq!(of(id::CORE_DRV_STATUS_2), Verdict::NotExercised);
/// assert!(matches!(of(id::CORE_DRV_CONFIG_1), Verdict::NotObservable { .. }));
/// ```
#[must_use]
pub fn ledger(verdicts: &Verdicts) -> Vec<(RequirementId, Verdict)> {
    let judged: BTreeSet<RequirementId> = kinds().flat_map(|kind| kind.requirements).copied().collect();
    RequirementId::all().map(|id| (id, verdict(id, verdicts, &judged))).collect()
}

fn verdict(id: RequirementId, verdicts: &Verdicts, judged: &BTreeSet<RequirementId>) -> Verdict {
    match verdicts.entries.get(&id) {
        Some(entry) if entry.violated > 0 => Verdict::Violated { count: entry.violated, passed: entry.passed },
        Some(entry) if entry.passed > 0 => Verdict::Pass { count: entry.passed },
        _ if judged.contains(&id) => Verdict::NotExercised,
        _ => Verdict::NotObservable { reason: unjudged(id) },
    }
}

/// Why no checker judges the requirement `id`, as a part of a sentence.
#[must_use]
pub fn unjudged(id: RequirementId) -> &'static str {
    if let Some(reason) = not_checked::reason(id) {
        return reason;
    }
    match id.get().observability {
        Observability::Permission => "a permission: there is nothing to violate",
        Observability::None => "about what one side assumes or intends, which leaves no trace",
        _ if !id.get().kit_scope => "outside what a modern driver for a guest meets; no checker looks at it",
        _ => "no checker looks at this part of the specification",
    }
}
