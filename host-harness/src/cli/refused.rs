//! What is wrong with a command line, in one sentence.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::anyhow;
use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use super::useless::useless;
use super::{Arguments, Command, OutputArguments, RunArguments};

/// The arguments of this process. Where help or the version is asked for, it is shown and the process ends.
///
/// # Errors
/// What cannot be read, or what contradicts itself; nothing has been run or written then.
pub(crate) fn parse() -> anyhow::Result<Arguments> {
    let given: Vec<_> = std::env::args_os().collect();
    match Arguments::command().try_get_matches_from(&given) {
        Err(error) if !error.use_stderr() => error.exit(),
        matches => checked(&given, matches).map_err(|sentence| anyhow!(sentence)),
    }
}

/// The arguments, or the sentence on what is wrong with them. `given`: as they were typed.
pub(super) fn checked(
    given: &[impl AsRef<OsStr>],
    matches: Result<ArgMatches, clap::Error>,
) -> Result<Arguments, String> {
    let told = |error: clap::Error| sentence(&error, given);
    let matches = matches.map_err(told)?;
    let arguments = Arguments::from_arg_matches(&matches).map_err(told)?;
    contradiction(&arguments, &matches).map_or(Ok(arguments), Err)
}

/// What the parser has to say: its first paragraph, and what it thinks was meant. That it would go on about usage helps nobody who has
/// just typed it.
fn sentence(error: &clap::Error, given: &[impl AsRef<OsStr>]) -> String {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n").map(|paragraph| {
        let lines: Vec<_> = paragraph.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.join(" ")
    });
    let first = paragraphs.next().unwrap_or_default();
    let what = first.strip_prefix("error: ").unwrap_or(&first);
    let meant = paragraphs.find_map(|paragraph| {
        let tip = paragraph.strip_prefix("tip: ")?.split(" tip: ").next()?.to_owned();
        tip.contains("similar").then_some(tip)
    });
    match (meant, error.kind()) {
        (Some(meant), _) => format!("{what}; {meant}"),
        (None, ErrorKind::ArgumentConflict) if what.ends_with("multiple times") => format!("{what}; give it once"),
        (None, _) => {
            let serves = given.iter().any(|argument| argument.as_ref() == "serve");
            let command = if serves { "serve" } else { "harness" };
            format!("{what}; `cargo xtask {command} --help` shows what there is")
        }
    }
}

/// What contradicts itself whatever it is that is run, if anything.
fn contradiction(arguments: &Arguments, matches: &ArgMatches) -> Option<String> {
    let plain = match &arguments.command {
        None => of_run(&arguments.run),
        Some(Command::Coverage(run)) => of_output(&run.output).or_else(|| of_parameters(run)),
        Some(Command::Replay { output, .. }) => of_output(output),
        Some(Command::Serve(serve)) => of_output(&serve.output).or_else(|| of_trace(serve.trace.as_deref())),
        Some(Command::Probe) => None,
    };
    plain.or_else(|| useless(arguments, matches)).or_else(|| of_disk_write(&arguments.run))
}

fn of_run(run: &RunArguments) -> Option<String> {
    of_output(&run.output).or_else(|| of_parameters(run)).or_else(|| of_trace(run.trace.as_deref()))
}

fn of_disk_write(run: &RunArguments) -> Option<String> {
    if run.disk_write && run.disk.is_none() {
        return Some("--disk-write lets writes reach the image of --disk; give one with --disk IMAGE".to_owned());
    }
    if run.disk_write && run.scenarios.is_empty() {
        return Some(
            "--disk-write needs to know which SCENARIO may write to the image; name those that may".to_owned(),
        );
    }
    None
}

fn of_parameters(run: &RunArguments) -> Option<String> {
    let twice = |(i, (index, _)): (usize, &(usize, u64))| run.params[..i].iter().any(|(other, _)| other == index);
    let (_, (index, _)) = run.params.iter().enumerate().find(|one| twice(*one))?;
    Some(format!("--param gives parameter {index} twice; leave one of them out"))
}

fn of_output(output: &OutputArguments) -> Option<String> {
    if output.quiet && output.verbose {
        return Some("--quiet and --verbose contradict each other; leave one of them out".to_owned());
    }
    let files = output.files().into_iter().filter(|(option, _)| *option != "--json");
    let dash = files.filter_map(|(option, path)| Some((option, path?))).find(|(_, path)| path.as_os_str() == "-");
    dash.map(|(option, _)| no_file(option))
}

fn of_trace(path: Option<&Path>) -> Option<String> {
    path.is_some_and(|path| path.as_os_str() == "-").then(|| no_file("--trace"))
}

fn no_file(option: &str) -> String {
    format!("{option} - names no file, and only --json goes to standard output; give {option} a file, such as ./-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of these arguments.
    fn said(arguments: &[&str]) -> String {
        let given = [&["x"], arguments].concat();
        checked(&given, Arguments::command().try_get_matches_from(&given)).err().unwrap_or_default()
    }

    #[test]
    fn help_is_that_of_the_command() {
        for (arguments, help) in
            [(&["--seed", "x"][..], "harness --help`"), (&["serve", "--seed", "x"], "serve --help`")]
        {
            assert!(said(arguments).contains(&format!("`cargo xtask {help}")), "{}", said(arguments));
        }
    }

    #[test]
    fn what_is_wrong_is_one_sentence() {
        for (arguments, parts) in [
            (&["--list", "--json", "x"][..], &["--list", "--json", "leave one of them out"][..]),
            (&["--list", "--trace", "x"], &["--list", "--trace"]),
            (&["--console", "--html", "x"], &["--console", "--html"]),
            (&["--console", "blk-read"], &["--console", "a scenario"]),
            (&["-q", "-v"], &["--quiet and --verbose"]),
            (&["replay", "t", "-q", "-v"], &["--quiet and --verbose"]),
            (&["--seed", "-1"], &["'-1'", "--seed", "whole number from 0"]),
            (&["--param", "0=1", "--param", "0=2"], &["parameter 0 twice"]),
            (&["--param", "x"], &["--param", "INDEX=VALUE"]),
            (&["--ring", "packed", "--ring", "split"], &["--ring", "multiple times", "give it once"]),
            (&["--filter", "ring:round"], &["--filter", "split or packed"]),
            (&["--filter", "-x"], &["--filter"]),
            (&["--disk-write", "--disk", "d"], &["--disk-write", "SCENARIO"]),
            (&["--disk-write", "blk-rw"], &["--disk IMAGE"]),
            (&["--jsn", "x"], &["--jsn", "similar", "--json"]),
            (&["--backend", "kvn"], &["kvn", "similar", "'kvm'"]),
            (&["--no-such-thing-at-all"], &["--no-such-thing-at-all", "--help"]),
            (&["replay"], &["<FILE>", "--help"]),
            (&["--html", "-"], &["--html -", "standard output"]),
            (&["--json", "-", "--junit", "-"], &["--junit -"]),
            (&["--trace", "-"], &["--trace -"]),
            (&["serve", "--once", "--again"], &["--once", "--again"]),
            (&["serve", "--seed", "x"], &["--seed", "whole number"]),
            (&["serve", "--trace", "-"], &["--trace -"]),
            (&["replay", "t", "--perfetto", "-"], &["--perfetto -"]),
        ] {
            let said = said(arguments);
            assert!(parts.iter().all(|part| said.contains(part)), "{arguments:?}: {said}");
            let lines = said.lines().count();
            assert!(lines == 1 && !said.contains("Usage"), "{arguments:?}: {said}");
        }
        for fine in [&["--json", "-", "--junit", "x"][..], &["--disk", "i", "--disk-write", "fat-touch"], &["--list"]] {
            assert_eq!(said(fine), "", "{fine:?}");
        }
        // What is no number or size is for the command to say, which knows what would be one.
        for values in [["--for", "-3s"], ["--memory", "-5M"], ["--cpus", "-1"], ["--expect-exit", "-1"]] {
            assert_eq!(said(&values), "", "{values:?}");
        }
    }
}
