//! Progress while scenarios run: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use parakit_harness::scenario::RunRecord;

use super::output::tell;
use super::terminal;

/// Shows how far the run is, on standard error.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    quiet: bool,
    done: usize,
    total: usize,
}

impl Progress {
    /// For `total` scenarios.
    pub(crate) fn new(total: usize, quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal() && !terminal::is_dumb()).then(|| {
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) = ProgressStyle::with_template("[{pos}/{len}] {bar:30} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { bar, quiet, done: 0, total }
    }

    /// The scenario begins.
    pub(crate) fn begin(&self, scenario: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(scenario.to_owned());
        }
    }

    /// The scenario came to its end.
    pub(crate) fn end(&mut self, run: &RunRecord) {
        self.done += 1;
        match &self.bar {
            Some(bar) => bar.inc(1),
            None if !self.quiet => {
                let outcome = run.outcome().name();
                tell(format_args!("[{}/{}] {}: {outcome}\n", self.done, self.total, run.scenario));
            }
            None => {}
        }
    }

    /// Leaves the terminal as it was.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
