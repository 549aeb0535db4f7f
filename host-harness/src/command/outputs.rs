//! The files that a run leaves: opened before it begins, fed run by run, put in their places when all is done.

use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use parakit_harness::judge::{Verdicts, coverage};
use parakit_harness::observe::Event;
use parakit_harness::observe::trace::{RunHeader, TraceWriter};
use parakit_harness::placed::PlacedFile;
use parakit_harness::report::html::HtmlWriter;
use parakit_harness::report::{self, PerfettoWriter, Report};
use parakit_harness::scenario::RunRecord;
use parakit_harness::scenario::foreign::Device;

use super::output::{Troubles, put_with};
use crate::cli::OutputArguments;

/// A file that the run reads: what it is, and where, if it was given.
pub(crate) type Input<'a> = (&'static str, Option<&'a Path>);

/// The files that the arguments ask for. Dropped without [`Outputs::finish`], it leaves none of them.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    trace: Option<TraceWriter>,
    perfetto: Option<PerfettoWriter<PlacedFile>>,
    html: Option<HtmlWriter>,
    documents: Vec<Document>,
    /// Files that could not be gone on with; they are not among the others any more.
    troubles: Troubles,
    any: bool,
}

/// What is written of the whole report at once.
#[derive(Debug)]
struct Document {
    format: &'static Format,
    to: To,
}

#[derive(Debug)]
enum To {
    StandardOutput,
    File(PlacedFile),
}

/// A form of the report.
#[derive(Debug)]
struct Format {
    option: &'static str,
    name: &'static str,
    path: fn(&OutputArguments) -> Option<&Path>,
    write: fn(&Report, &mut dyn io::Write) -> io::Result<()>,
}

/// An option, and what it asks for.
type Named = (&'static str, &'static str);

/// What a picture of a GPU is called among the outputs.
const PICTURE: &str = "png= of --device";
const JSON: &str = "--json";
const HTML: &str = "--html";
const PERFETTO: Named = ("--perfetto", "trace for Perfetto");

/// Every form that is made of the whole report.
const FORMATS: &[Format] = &[
    Format {
        option: JSON,
        name: "JSON report",
        path: |arguments| arguments.json.as_deref(),
        write: |report, out| report.write_json(out),
    },
    Format {
        option: "--junit",
        name: "JUnit report",
        path: |arguments| arguments.junit.as_deref(),
        write: |report, out| report.write_junit(out),
    },
    Format {
        option: "--coverage",
        name: "coverage table",
        path: |arguments| arguments.coverage.as_deref(),
        write: |report, out| out.write_all(coverage_of(&report.runs).as_bytes()),
    },
];

/// The table of coverage: rules for drivers, then rules for devices.
pub(crate) fn coverage_of(runs: &[RunRecord]) -> String {
    let mut verdicts = Verdicts::default();
    runs.iter().for_each(|run| verdicts.merge(&run.verdicts));
    let drivers = report::coverage(&coverage::coverage(&verdicts));
    format!("{drivers}\n{}", report::coverage(&coverage::device_coverage(&verdicts)))
}

impl Outputs {
    /// Opens them, so that a bad place is known before anything runs. The `devices` write pictures themselves.
    ///
    /// # Errors
    /// One cannot be made, or would replace one of the `inputs`, another output or a picture.
    pub(crate) fn open<'d>(
        arguments: &OutputArguments,
        trace: Option<&Path>,
        inputs: &[Input<'_>],
        devices: impl IntoIterator<Item = &'d Device>,
    ) -> anyhow::Result<Self> {
        let documents = FORMATS.iter().filter_map(|format| Some((format, (format.path)(arguments)?)));
        let documents: Vec<_> = documents.collect();
        let places = documents.iter().filter(|(format, path)| !is_standard_output(format, path));
        let perfetto = arguments.perfetto.as_deref();
        let html = arguments.html.as_deref();
        let streamed = [("--trace", trace), (PERFETTO.0, perfetto), (HTML, html)];
        let streamed = streamed.into_iter().filter_map(|(option, path)| Some((option, path?)));
        let places = places.map(|(format, path)| (format.option, *path)).chain(streamed);
        let pictures = devices.into_iter().filter_map(|device| Some((PICTURE, device.picture_file()?)));
        apart(&pictures.chain(places).collect::<Vec<_>>(), inputs)?;
        let trace = trace.map(TraceWriter::create).transpose()?;
        let perfetto = perfetto.map(|path| create(PERFETTO, path)).transpose()?;
        let html = html.map(HtmlWriter::create).transpose()?;
        let begun = perfetto.map(|file| {
            let path = file.path().to_owned();
            PerfettoWriter::new(file).map_err(|e| not_written(PERFETTO, &path, &e))
        });
        let documents = documents.into_iter().map(|(format, path)| Document::open(format, path));
        let documents: Vec<_> = documents.collect::<Result<_, _>>()?;
        let (perfetto, troubles) = (begun.transpose()?, Troubles::default());
        let any = trace.is_some() || perfetto.is_some() || html.is_some() || !documents.is_empty();
        Ok(Self { trace, perfetto, html, documents, troubles, any })
    }

    /// Whether there are any.
    pub(crate) fn any(&self) -> bool {
        self.any
    }

    /// Whether any of them has a use for the events of runs.
    pub(crate) fn take_events(&self) -> bool {
        self.trace.is_some() || self.perfetto.is_some() || self.html.is_some()
    }

    /// Adds a run and its events. A file that they cannot be written to is given up, and the others go on.
    pub(crate) fn run(&mut self, header: &RunHeader, run: &RunRecord, events: &[Event]) {
        let Self { trace, perfetto, html, troubles, .. } = self;
        *trace = trace.take().and_then(|mut trace| {
            troubles.keep(trace.run(header, events))?;
            Some(trace)
        });
        *perfetto = perfetto.take().and_then(|mut perfetto| {
            let written = perfetto.run(run, events);
            troubles.keep(written.map_err(|e| not_written(PERFETTO, perfetto.get_ref().path(), &e)))?;
            Some(perfetto)
        });
        *html = html.take().and_then(|mut html| {
            troubles.keep(html.run(run, events))?;
            Some(html)
        });
    }

    /// Completes the files and puts them in their places: each that can be written, whatever becomes of the others. What could not be.
    pub(crate) fn finish(self, report: &Report) -> Troubles {
        let Self { trace, perfetto, html, documents, mut troubles, .. } = self;
        for document in documents {
            troubles.keep(document.finish(report));
        }
        if let Some(perfetto) = perfetto {
            let path = perfetto.get_ref().path().to_owned();
            let written = perfetto.finish().map_err(|e| not_written(PERFETTO, &path, &e));
            troubles.keep(written.and_then(|file| place(PERFETTO, file)));
        }
        if let Some(html) = html {
            troubles.keep(html.finish(report));
        }
        if let Some(trace) = trace {
            troubles.keep(trace.finish());
        }
        troubles
    }
}

impl Document {
    fn open(format: &'static Format, path: &Path) -> anyhow::Result<Self> {
        if is_standard_output(format, path) {
            return Ok(Self { format, to: To::StandardOutput });
        }
        let file = create((format.option, format.name), path)?;
        Ok(Self { format, to: To::File(file) })
    }

    fn finish(self, report: &Report) -> anyhow::Result<()> {
        let Format { option, name, write, .. } = *self.format;
        match self.to {
            To::StandardOutput => put_with(name, |out| write(report, out)),
            To::File(mut file) => {
                let written = write(report, &mut file).and_then(|()| file.flush());
                written.map_err(|e| not_written((option, name), file.path(), &e))?;
                place((option, name), file)
            }
        }
    }
}

fn create((option, name): Named, path: &Path) -> anyhow::Result<PlacedFile> {
    let created = PlacedFile::create(path);
    created.map_err(|e| anyhow!("cannot create the {name} {}: {e}; choose another place with {option}", path.display()))
}

fn place(named: Named, file: PlacedFile) -> anyhow::Result<()> {
    let path = file.path().to_owned();
    file.finish().map_err(|e| not_written(named, &path, &e))
}

fn not_written((option, name): Named, path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!(
        "cannot write the {name} {}: {error}; no part of it was kept: free some space or choose another place with {option}",
        path.display()
    )
}

/// `-` stands for it where a program may read the report from there.
fn is_standard_output(format: &Format, path: &Path) -> bool {
    format.option == JSON && path == Path::new("-")
}

/// Holds that the places are none of the inputs, and each another.
fn apart(places: &[(&str, &Path)], inputs: &[Input<'_>]) -> anyhow::Result<()> {
    for (i, (option, path)) in places.iter().enumerate() {
        for (what, input) in inputs {
            if input.is_some_and(|input| same_place(input, path)) {
                bail!("{} is the {what} of this run; give {option} a file of its own", path.display());
            }
        }
        if let Some((other, _)) = places[..i].iter().find(|(_, other)| same_place(other, path)) {
            bail!("{} is where {other} goes; give {option} a file of its own", path.display());
        }
    }
    Ok(())
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
