//! The report as one HTML file, which needs nothing but a browser: summary, requirements, runs, and a timeline of the virtqueues of each run.
//!
//! The page is a fixed script and style, and data that is deflated and in base64: nothing that a guest said is in the page as text, the script shows it as text
//! only, and the page's content security policy lets no other script run and nothing be fetched. The events of a run are unpacked when the run is opened.

mod blob;
mod columns;
mod facts;
mod kept;
mod text;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Report;
use crate::observe::Event;
use crate::observe::decode::Decoder;
use crate::placed::PlacedFile;
use crate::scenario::RunRecord;

/// Bytes of a guest's log in the page, at most: its end.
const LOG: usize = 256 << 10;

const CSS: &str = include_str!("assets/style.css");
const HEAD: &str = include_str!("assets/head.html");
const BODY: &str = include_str!("assets/body.html");
/// One script of several files: they share names, and nothing of them is seen from outside.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("assets/base.js"),
    include_str!("assets/model.js"),
    include_str!("assets/timeline.js"),
    include_str!("assets/drawing.js"),
    include_str!("assets/pointer.js"),
    include_str!("assets/ring.js"),
    include_str!("assets/list.js"),
    include_str!("assets/run.js"),
    include_str!("assets/tables.js"),
    include_str!("assets/main.js"),
    "})();\n",
);

/// The page cannot be made, in one sentence with what to do.
#[derive(Debug, thiserror::Error)]
pub enum HtmlError {
    /// The file cannot be made.
    #[error("cannot create the report {}: {source}; choose another place with --html", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written to its end, as when the disk is full.
    #[error("cannot write the report {}: {source}; no part of it was kept: free some space or choose another place with --html", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// How many of a run's events the page has.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    events: usize,
    of: usize,
}

/// Writes the page, run by run. Nothing is seen at its place before [`HtmlWriter::finish`]; a writer that is dropped leaves nothing behind.
///
/// ```
/// # use parakit_harness::report::{HostInfo, HostKind, Report, SubjectInfo, html::HtmlWriter};
/// # fn main() -> Result<(), parakit_harness::report::html::HtmlError> {
/// # let folder = tempfile::tempdir().expect("a temporary folder");
/// # let path = folder.path().join("report.html");
/// let mut html = HtmlWriter::create(&path)?;
/// // for each run: html.run(&record, &events)?;
/// let report = Report {
///     host: HostInfo::here(HostKind::Loopback),
///     subject: SubjectInfo::parakit(),
///     seed: 7,
///     runs: Vec::new(),
///     skipped: Vec::new(),
///     elapsed: std::time::Duration::ZERO,
/// };
/// html.finish(&report)?;
/// assert!(std::fs::read_to_string(&path).unwrap().starts_with("<!doctype html>"));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct HtmlWriter {
    path: PathBuf,
    out: PlacedFile,
    most: usize,
    runs: Vec<Kept>,
}

/// The data of a run, in an element of its own.
#[derive(Serialize)]
struct RunData<'a> {
    events: columns::Columns,
    log: &'a str,
}

impl HtmlWriter {
    /// Events of a run that the page has at most, unless [`HtmlWriter::keep`] says otherwise.
    pub const EVENTS: usize = 200_000;

    /// Begins a page that will be at `path`.
    ///
    /// # Errors
    /// [`HtmlError::Create`] when no file can be made there, [`HtmlError::Write`] when nothing can be written.
    pub fn create(path: &Path) -> Result<Self, HtmlError> {
        let out = PlacedFile::create(path).map_err(|source| HtmlError::Create { path: path.to_owned(), source })?;
        let mut writer = Self { path: path.to_owned(), out, most: Self::EVENTS, runs: Vec::new() };
        let head = HEAD.replace("{script}", &blob::csp_hash(SCRIPT)).replace("{style}", &blob::csp_hash(CSS));
        writer.write(|out| {
            out.write_all(head.replace("{css}", CSS).as_bytes())?;
            out.write_all(BODY.as_bytes())
        })?;
        Ok(writer)
    }

    /// Keeps at most `events` of each run from here on. Of a longer run the page has the beginning, what is around violations, and the end.
    #[must_use]
    pub fn keep(mut self, events: usize) -> Self {
        self.most = events;
        self
    }

    /// Adds a run with its events; the runs of the report that completes the page come in this order.
    ///
    /// # Errors
    /// [`HtmlError::Write`].
    pub fn run(&mut self, run: &RunRecord, events: &[Event]) -> Result<(), HtmlError> {
        let proofs: Vec<usize> = run
            .violations()
            .flat_map(|(_, entry)| entry.evidence.iter())
            .filter_map(|violation| events.binary_search_by_key(&violation.seq, |event| event.seq).ok())
            .collect();
        let parts = kept::parts(events.len(), self.most, &proofs);
        let mut columns = columns::Columns::default();
        let mut decoder = Decoder::default();
        let (mut next, mut left_out, mut count) = (0, 0, 0);
        for (i, event) in events.iter().enumerate() {
            decoder.event(event);
            while parts.get(next).is_some_and(|part| part.end <= i) {
                next += 1;
            }
            if parts.get(next).is_some_and(|part| part.contains(&i)) {
                if left_out > 0 {
                    columns.gap(left_out);
                    left_out = 0;
                }
                columns.push(event, &decoder);
                count += 1;
            } else {
                left_out += 1;
            }
        }
        let id = format!("run-{}", self.runs.len());
        self.runs.push(Kept { events: count, of: events.len() });
        let data = RunData { events: columns, log: end_of(&run.log, LOG) };
        self.write(|out| blob::write(out, &id, &data))
    }

    /// Completes the page and puts it in its place.
    ///
    /// # Errors
    /// [`HtmlError::Write`]; what was at the place before is still there then.
    pub fn finish(mut self, report: &Report) -> Result<(), HtmlError> {
        let kept = std::mem::take(&mut self.runs);
        self.write(|out| {
            blob::write(out, "report", &facts::Facts::of(report, &kept))?;
            write!(out, "<script>{SCRIPT}</script>\n</body>\n</html>\n")
        })?;
        let Self { path, out, .. } = self;
        out.finish().map_err(|source| HtmlError::Write { path, source })
    }

    fn write(&mut self, work: impl FnOnce(&mut PlacedFile) -> io::Result<()>) -> Result<(), HtmlError> {
        work(&mut self.out).map_err(|source| HtmlError::Write { path: self.path.clone(), source })
    }
}

/// The last `most` bytes of a text, from a line's begin where there is one.
fn end_of(text: &str, most: usize) -> &str {
    let Some(from) = text.len().checked_sub(most).filter(|from| *from > 0) else { return text };
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text[from..].split_once('\n').map_or(&text[from..], |(_, rest)| rest)
}
