//! Scenarios that could not be run, with what was lacking.

use std::collections::BTreeMap;

use super::{Look, Skipped, folded};

/// The scenarios by what was lacking, each by its name; empty when there are none.
///
/// ```
/// use parakit_harness::report::{Look, Skipped, skipped};
/// let skip = |name: &str| Skipped { scenario: name.into(), why: "this QEMU has no in_order".into() };
/// let text = skipped(&[skip("blk-rw.mmio.split.o"), skip("entropy.pci.packed.eo")], Look::PLAIN);
/// assert_eq!(text, "skipped: this QEMU has no in_order (2 scenarios)\n  blk-rw.mmio.split.o entropy.pci.packed.eo\n");
/// ```
#[must_use]
pub fn skipped(skipped: &[Skipped], look: Look) -> String {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Skipped { scenario, why } in skipped {
        by_reason.entry(why).or_default().push(scenario);
    }
    let mut text = String::new();
    for (why, names) in by_reason {
        let scenarios = if names.len() == 1 { "1 scenario".to_owned() } else { format!("{} scenarios", names.len()) };
        text.push_str(&format!("skipped: {why} ({scenarios})\n"));
        text.push_str(&folded(&names.join(" "), "  ", look.columns));
    }
    text
}
