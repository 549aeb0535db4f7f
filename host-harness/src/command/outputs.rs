//! The files that a run leaves: opened before it begins, fed run by run, put in their places when all is done.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::bail;
use parakit_harness::observe::Event;
use parakit_harness::observe::trace::{RunHeader, TraceWriter};
use parakit_harness::report::Report;
use parakit_harness::scenario::RunRecord;

/// A file that the run reads: what it is, and where, if it was given.
pub(crate) type Input<'a> = (&'static str, Option<&'a Path>);

/// The files that the arguments ask for. Dropped without [`Outputs::finish`], it leaves none of them.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    trace: Option<TraceWriter>,
}

impl Outputs {
    /// Opens them, so that a bad place is known before anything runs.
    ///
    /// # Errors
    /// One cannot be made, or would replace one of the `inputs` or another output.
    pub(crate) fn open(trace: Option<&Path>, inputs: &[Input<'_>]) -> anyhow::Result<Self> {
        let wanted: Vec<(&str, &Path)> = [("--trace", trace)].into_iter().filter_map(|(o, p)| Some((o, p?))).collect();
        for (i, (option, path)) in wanted.iter().enumerate() {
            for (what, input) in inputs {
                if input.is_some_and(|input| same_place(input, path)) {
                    bail!("{} is the {what} of this run; give {option} a file of its own", path.display());
                }
            }
            if let Some((other, _)) = wanted[..i].iter().find(|(_, other)| same_place(other, path)) {
                bail!("{} is where {other} goes; give {option} a file of its own", path.display());
            }
        }
        Ok(Self { trace: trace.map(TraceWriter::create).transpose()? })
    }

    /// Whether any of them has a use for the events of runs.
    pub(crate) fn take_events(&self) -> bool {
        self.trace.is_some()
    }

    /// Adds a run and its events.
    ///
    /// # Errors
    /// Something cannot be written.
    pub(crate) fn run(&mut self, header: &RunHeader, _run: &RunRecord, events: &[Event]) -> anyhow::Result<()> {
        if let Some(trace) = &mut self.trace {
            trace.run(header, events)?;
        }
        Ok(())
    }

    /// Completes the files and puts them in their places.
    ///
    /// # Errors
    /// Something cannot be written, or not be put there.
    pub(crate) fn finish(self, _report: &Report) -> anyhow::Result<()> {
        if let Some(trace) = self.trace {
            trace.finish()?;
        }
        Ok(())
    }
}

/// Whether both paths lead to one file, by whatever names and links, or would if it were made. Devices and pipes take what they are given.
fn same_place(one: &Path, other: &Path) -> bool {
    match (one.metadata(), other.metadata()) {
        (Ok(one), Ok(other)) => one.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino()),
        (Err(_), Err(_)) => future(one).is_some_and(|one| future(other) == Some(one)),
        _ => false,
    }
}

/// Where a file that does not exist yet would be made.
fn future(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}
