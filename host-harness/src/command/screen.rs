//! The terminal: what people read of runs, and how it looks there.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::{self, IsTerminal as _};
use std::path::Path;

use parakit_abi::mailbox::Value;
use parakit_abi::requirement::RequirementId;
use parakit_harness::judge;
use parakit_harness::report::{self, Look};
use parakit_harness::scenario::{self, RunRecord};

use super::output::{Troubles, put, tell};
use super::terminal;
use crate::cli::OutputArguments;

/// Where people read. That they do not any more is kept until the end: the reports in files are written nevertheless.
#[derive(Debug)]
pub(crate) struct Screen {
    /// Standard output belongs to a program: people read standard error.
    aside: bool,
    look: Look,
    trouble: RefCell<Troubles>,
}

impl Screen {
    /// For these arguments and this terminal.
    pub(crate) fn new(arguments: &OutputArguments) -> Self {
        let aside = arguments.json.as_deref() == Some(Path::new("-"));
        let terminal = if aside { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
        let look = if terminal {
            Look { columns: terminal::size().0.min(Look::PLAIN.columns), colours: colours() }
        } else {
            Look::PLAIN
        };
        Self { aside, look, trouble: RefCell::default() }
    }

    /// How it looks there.
    pub(crate) fn look(&self) -> Look {
        self.look
    }

    /// Shows a text. Once that failed, nothing more is shown.
    pub(crate) fn put(&self, text: impl Display) {
        if self.aside {
            return tell(text);
        }
        let mut trouble = self.trouble.borrow_mut();
        if trouble.is_empty() {
            trouble.keep(put(text));
        }
    }

    /// What went wrong, once.
    pub(crate) fn trouble(&self) -> Troubles {
        self.trouble.take()
    }

    /// Shows the table of the runs, what failed and what was violated; what guests reported too where that was asked for.
    pub(crate) fn runs(&self, runs: &[RunRecord], with_records: bool) {
        if runs.is_empty() {
            return;
        }
        if with_records {
            runs.iter().for_each(|run| self.put(records(run)));
        }
        self.put(report::table(runs, &checked(), self.look));
        self.findings(runs);
    }

    /// Shows what failed and what was violated.
    pub(crate) fn findings(&self, runs: &[RunRecord]) {
        self.put(report::failures(runs, self.look));
        self.put(report::violations(runs, self.look));
    }
}

/// Whether a terminal may be given colours (<https://no-color.org>).
fn colours() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("NO_COLOR") && !terminal::is_dumb()
}

/// When the guest was ready and what it reported, a line a value.
fn records(run: &RunRecord) -> String {
    let mut text = String::new();
    if let Some(boot) = run.boot {
        text.push_str(&format!("{}: from start to first virtqueue operation = {boot:.1?}\n", run.scenario));
    }
    for agreed in &run.negotiated {
        text.push_str(&format!("{}: {agreed}\n", run.scenario));
    }
    let traffic = run.traffic;
    text.push_str(&format!(
        "{}: {} requests, {} doorbells, {} interrupts\n",
        run.scenario, traffic.requests, traffic.doorbells, traffic.interrupts
    ));
    for record in &run.records {
        let value = match record.value {
            Value::U64(number) => number.to_string(),
            Value::Bytes(bytes) => scenario::hex(&bytes),
            Value::Verdict { passed, violated } => format!("kept {passed}, broken {violated}"),
        };
        text.push_str(&format!("{}: {} = {value}\n", run.scenario, record.name()));
    }
    text
}

/// Every requirement that some checker judges.
fn checked() -> BTreeSet<RequirementId> {
    judge::kinds().flat_map(|kind| kind.requirements.iter().copied()).collect()
}
