//! How each requirement is checked, in a sentence or two.

mod core;
mod device_core;
mod device_transport;
mod device_types;
mod rings;
mod transport;
mod types;

use parakit_abi::requirement::RequirementId;

/// A requirement, and how it is checked.
type How = (RequirementId, &'static str);

/// How the requirement `id` is checked; `None` when no checker judges it.
///
/// ```
/// use parakit_abi::requirement::id;
/// use parakit_harness::judge::how;
/// assert!(how(id::VQ_SPLIT_DRV_AVAIL_1).unwrap().contains("available index"));
/// assert_eq!(how(id::VQ_SPLIT_DRV_KICK_1), None);
/// ```
#[must_use]
pub fn how(id: RequirementId) -> Option<&'static str> {
    all().find(|(known, _)| *known == id).map(|(_, how)| *how)
}

fn all() -> impl Iterator<Item = &'static How> {
    [core::HOW, rings::HOW, transport::HOW, types::HOW, device_core::HOW, device_transport::HOW, device_types::HOW]
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::judge::kinds;

    #[test]
    fn every_requirement_that_is_checked_says_how_and_no_other() {
        let checked: BTreeSet<_> = kinds().flat_map(|kind| kind.requirements).copied().collect();
        let said: BTreeSet<_> = all().map(|(id, _)| *id).collect();
        assert_eq!(checked.difference(&said).collect::<Vec<_>>(), Vec::<&RequirementId>::new(), "do not say how");
        assert_eq!(said.difference(&checked).collect::<Vec<_>>(), Vec::<&RequirementId>::new(), "are not checked");
        assert_eq!(all().count(), said.len(), "some say it twice");
    }

    #[test]
    fn each_is_a_sentence() {
        for (id, how) in all() {
            assert!(how.ends_with('.') && how.starts_with(|c: char| c.is_uppercase()), "{id}: {how}");
            assert!((20..500).contains(&how.len()), "{id}: {how}");
        }
    }
}
