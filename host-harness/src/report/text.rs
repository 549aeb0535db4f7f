//! A report as text: what the terminal shows of it, for messages of tests.

use std::collections::BTreeSet;
use std::fmt;

use super::{Look, Report, failures, skipped, table, violations};
use crate::judge;

impl fmt::Display for Report {
    /// The table, then what failed and what was violated; 100 columns, no colours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checked: BTreeSet<_> = judge::kinds().flat_map(|kind| kind.requirements.iter().copied()).collect();
        f.write_str(&table(&self.runs, &checked, Look::PLAIN))?;
        f.write_str(&skipped(&self.skipped, Look::PLAIN))?;
        f.write_str(&failures(&self.runs, Look::PLAIN))?;
        f.write_str(&violations(&self.runs, Look::PLAIN))
    }
}
