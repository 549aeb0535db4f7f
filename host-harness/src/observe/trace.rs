//! Traces: the events of one or more runs in a file, a line of JSON each, to be judged again later.
//!
//! The first line names the format and its version; each run is a line with what it was, its events, and a line that counts
//! them; the last line counts the runs. So a file that was cut off anywhere is known to be.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::event::Event;
use crate::placed::PlacedFile;
use serde::{Deserialize, Serialize};

/// Version of the format; another one is not read.
pub const VERSION: u32 = 1;

/// Longest line that is read, in bytes: more than the largest event takes.
const LONGEST_LINE: u64 = 32 << 20;

/// What a run was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunHeader {
    /// Name of the scenario.
    pub scenario: String,
    /// What ran it: `kvm` or `loopback`.
    pub backend: String,
    /// The guest: a kernel by its path, or the test guest.
    pub kernel: String,
    /// Seed of the run's random choices.
    pub seed: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    ParakitTrace { version: u32 },
    Run(RunHeader),
    Event(&'a Event),
    RunEnd { events: u64 },
    End { runs: u64 },
}

/// A line as it is read: an event owns what it has.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Found {
    ParakitTrace { version: u32 },
    Run(RunHeader),
    Event(Box<Event>),
    RunEnd { events: u64 },
    End { runs: u64 },
}

/// What is wrong with a trace, in one sentence with what to do.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The file cannot be made.
    #[error("cannot create the trace {}: {source}; choose another place with --trace", path.display())]
    Create {
        /// The trace.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written to its end, as when the disk is full.
    #[error(
        "cannot write the trace {}: {source}; no part of it was kept: free some space or choose another place with --trace",
        path.display()
    )]
    Write {
        /// The trace.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error("cannot read the trace {}: {source}; record one with --trace FILE", path.display())]
    Read {
        /// The trace.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{} is not a trace of Parakit; record one with --trace FILE", path.display())]
    NotATrace {
        /// The file.
        path: PathBuf,
    },
    /// The file is of another version.
    #[error(
        "the trace {} has version {found}, and this harness reads version {VERSION}; record it again, or replay it with the harness that made it",
        path.display()
    )]
    OtherVersion {
        /// The trace.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// The file ends too early.
    #[error("the trace {} is cut off after line {line}; record it again", path.display())]
    Truncated {
        /// The trace.
        path: PathBuf,
        /// Its last line, from 1.
        line: u64,
    },
    /// A line means nothing.
    #[error("line {line} of the trace {} is damaged ({why}); record it again", path.display())]
    Damaged {
        /// The trace.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
}

/// Writes a trace. Nothing is seen at its place before [`TraceWriter::finish`]; a writer that is dropped leaves nothing behind.
#[derive(Debug)]
pub struct TraceWriter {
    path: PathBuf,
    out: PlacedFile,
    runs: u64,
}

impl TraceWriter {
    /// Begins a trace that will be at `path`.
    ///
    /// # Errors
    /// [`TraceError::Create`] when no file can be made there, [`TraceError::Write`] when nothing can be written.
    pub fn create(path: &Path) -> Result<Self, TraceError> {
        let out = PlacedFile::create(path).map_err(|source| TraceError::Create { path: path.to_owned(), source })?;
        let mut writer = Self { path: path.to_owned(), out, runs: 0 };
        writer.line(&Line::ParakitTrace { version: VERSION })?;
        Ok(writer)
    }

    /// Adds a run.
    ///
    /// # Errors
    /// [`TraceError::Write`].
    pub fn run(&mut self, run: &RunHeader, events: &[Event]) -> Result<(), TraceError> {
        self.line(&Line::Run(run.clone()))?;
        for event in events {
            self.line(&Line::Event(event))?;
        }
        self.runs += 1;
        self.line(&Line::RunEnd { events: events.len() as u64 })
    }

    /// Completes the trace and puts it in its place.
    ///
    /// # Errors
    /// [`TraceError::Write`]; what was at the place before is still there then.
    pub fn finish(mut self) -> Result<(), TraceError> {
        let runs = self.runs;
        self.line(&Line::End { runs })?;
        let Self { path, out, .. } = self;
        out.finish().map_err(|source| TraceError::Write { path, source })
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), TraceError> {
        let written = serde_json::to_writer(&mut self.out, line).map_err(io::Error::from);
        written
            .and_then(|()| self.out.write_all(b"\n"))
            .map_err(|source| TraceError::Write { path: self.path.clone(), source })
    }
}

/// Reads a trace, run by run: `run` is called at the begin of a run, `event` for each of its events.
///
/// # Errors
/// See [`TraceError`]. What was read until then has been handed out; believe it only when this returns `Ok`.
pub fn read(path: &Path, visitor: &mut dyn Visitor) -> Result<(), TraceError> {
    let unreadable = |source| TraceError::Read { path: path.to_owned(), source };
    // A pipe may have no end and no writer, and a trace is read more than once.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::other("not a regular file")));
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut lines = Lines { path, input: BufReader::new(file), buffer: Vec::new(), number: 0 };
    match lines.next()? {
        Some(Found::ParakitTrace { version: VERSION }) => {}
        Some(Found::ParakitTrace { version }) => {
            return Err(TraceError::OtherVersion { path: path.to_owned(), found: version });
        }
        _ => return Err(TraceError::NotATrace { path: path.to_owned() }),
    }
    let (mut runs, mut events) = (0, None);
    loop {
        match (lines.next()?, events) {
            (None, _) => return Err(lines.truncated()),
            (Some(Found::Run(header)), None) => {
                visitor.run(header);
                events = Some(0);
            }
            (Some(Found::Event(event)), Some(count)) => {
                visitor.event(*event);
                events = Some(count + 1);
            }
            (Some(Found::RunEnd { events: count }), Some(seen)) if count == seen => {
                visitor.run_end();
                runs += 1;
                events = None;
            }
            (Some(Found::End { runs: count }), None) if count == runs => return lines.at_end(),
            (Some(_), _) => return Err(lines.damaged("it does not belong here")),
        }
    }
}

/// Takes what [`read`] finds.
pub trait Visitor {
    /// A run begins.
    fn run(&mut self, header: RunHeader);
    /// The next event of the run.
    fn event(&mut self, event: Event);
    /// The run is complete.
    fn run_end(&mut self);
}

struct Lines<'a> {
    path: &'a Path,
    input: BufReader<File>,
    buffer: Vec<u8>,
    number: u64,
}

impl Lines<'_> {
    /// The next line; `None` at the end of the file or where it breaks off in a line.
    fn next(&mut self) -> Result<Option<Found>, TraceError> {
        self.buffer.clear();
        let mut limited = (&mut self.input).take(LONGEST_LINE);
        limited
            .read_until(b'\n', &mut self.buffer)
            .map_err(|source| TraceError::Read { path: self.path.to_owned(), source })?;
        if self.buffer.last() != Some(&b'\n') {
            let long = self.buffer.len() as u64 == LONGEST_LINE;
            self.number += u64::from(long);
            return if long { Err(self.wrong("it is too long")) } else { Ok(None) };
        }
        self.number += 1;
        serde_json::from_slice(&self.buffer).map(Some).map_err(|e| self.wrong(&e.to_string()))
    }

    fn at_end(&mut self) -> Result<(), TraceError> {
        let mut rest = [0];
        match self.input.read(&mut rest) {
            Ok(0) => Ok(()),
            Ok(_) => {
                self.number += 1;
                Err(self.damaged("it comes after the end"))
            }
            Err(source) => Err(TraceError::Read { path: self.path.to_owned(), source }),
        }
    }

    /// The first line tells whether it is a trace at all.
    fn wrong(&self, why: &str) -> TraceError {
        if self.number == 1 { TraceError::NotATrace { path: self.path.to_owned() } } else { self.damaged(why) }
    }

    fn damaged(&self, why: &str) -> TraceError {
        TraceError::Damaged { path: self.path.to_owned(), line: self.number, why: why.to_owned() }
    }

    fn truncated(&self) -> TraceError {
        TraceError::Truncated { path: self.path.to_owned(), line: self.number }
    }
}
