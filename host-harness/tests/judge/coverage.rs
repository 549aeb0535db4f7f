//! Every driver rule of the areas worked on is checked or has its reason, and every checker is honest about its ids.

use std::collections::BTreeSet;

use parakit_abi::requirement::{Observability, RequirementId, Side};
use parakit_harness::judge::{kinds, not_checked};

fn checked() -> BTreeSet<RequirementId> {
    kinds().flat_map(|kind| kind.requirements.iter().copied()).collect()
}

#[test]
fn every_rule_is_checked_or_has_a_reason() {
    let checked = checked();
    for id in RequirementId::all() {
        let row = id.get();
        if not_checked::AREAS.contains(&row.area) && row.side == Side::Driver && row.kit_scope {
            let reason = not_checked::reason(id);
            assert_ne!(checked.contains(&id), reason.is_some(), "{id} ({:?}): {reason:?}", row.observability);
        }
    }
}

#[test]
fn reasons_are_about_rules_that_need_one() {
    for id in not_checked::listed() {
        let row = id.get();
        assert!(not_checked::AREAS.contains(&row.area), "{id}: its area is not worked on");
        assert!(row.side == Side::Driver && row.kit_scope, "{id}: not a rule of the kit's scope");
        assert!(!matches!(row.observability, Observability::Permission | Observability::None), "{id}: reason enough");
    }
}

#[test]
fn no_permission_is_checked_and_no_rule_twice() {
    let mut seen = BTreeSet::new();
    for kind in kinds() {
        for id in kind.requirements {
            assert_ne!(id.get().observability, Observability::Permission, "{}: {id}", kind.name);
            assert_eq!(id.get().side, Side::Driver, "{}: {id}", kind.name);
            assert!(seen.insert(*id), "{id} is checked twice, the second time by {}", kind.name);
        }
    }
}
