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
        /// Of what kind the reason is.
        why: Unjudged,
        /// Why, as a part of a sentence.
        reason: &'static str,
    },
}

/// Why no checker judges a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unjudged {
    /// Whether it is kept cannot be seen from outside.
    Unobservable,
    /// It permits something: there is nothing to violate.
    Permission,
    /// It could be seen; there is no checker for it.
    NoChecker,
    /// It is about what a modern driver for a guest does not meet; there is no checker for it.
    OutOfScope,
}

impl Unjudged {
    /// The kind in a word, for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unobservable => "unobservable",
            Self::Permission => "permission",
            Self::NoChecker => "no_checker",
            Self::OutOfScope => "out_of_scope",
        }
    }
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
        _ => {
            let (why, reason) = unjudged(id);
            Verdict::NotObservable { why, reason }
        }
    }
}

/// Why no checker judges the requirement `id`: the kind of reason, and the reason as a part of a sentence.
///
/// ```
/// use parakit_abi::requirement::id;
/// use parakit_harness::judge::ledger::{Unjudged, unjudged};
/// assert_eq!(unjudged(id::CORE_DRV_CONFIG_1).0, Unjudged::Unobservable);
/// assert_eq!(unjudged(id::NET_DRV_TX_1).0, Unjudged::NoChecker);
/// ```
#[must_use]
pub fn unjudged(id: RequirementId) -> (Unjudged, &'static str) {
    let row = id.get();
    if let Some(reason) = not_checked::reason(id) {
        let why = match row.observability {
            Observability::Permission => Unjudged::Permission,
            _ if not_checked::could_be_checked(id) => Unjudged::NoChecker,
            _ => Unjudged::Unobservable,
        };
        return (why, reason);
    }
    match row.observability {
        Observability::Permission => (Unjudged::Permission, "a permission: there is nothing to violate"),
        Observability::None => {
            (Unjudged::Unobservable, "about what one side assumes or intends, which leaves no trace")
        }
        _ if !row.kit_scope => {
            (Unjudged::OutOfScope, "outside what a modern driver for a guest meets; no checker looks at it")
        }
        _ => (Unjudged::NoChecker, "no checker looks at this part of the specification"),
    }
}
