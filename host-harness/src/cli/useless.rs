//! Options that a way of running has no use for. Each is refused: taken without a word, it would seem to act.

use clap::CommandFactory as _;
use clap::parser::ValueSource;

use super::{Arguments, BackendChoice, Command, RunArguments};

/// What the arguments ask for, as far as it decides which options act.
#[derive(Debug, Default)]
struct Way {
    coverage: bool,
    list: bool,
    console: bool,
    loopback: bool,
    /// `--vmm`.
    qemu: bool,
    /// `--vmm-command`.
    template: bool,
    deadline: bool,
}

/// Options, by what clap calls them, that have no use where `holds`, and the sentence on one of them.
struct Rule {
    holds: fn(&Way) -> bool,
    options: &'static [&'static str],
    says: fn(&str) -> String,
}

/// Options of runs of one's own kernel.
const FOREIGN: &[&str] = &[
    "devices",
    "transport",
    "vectors",
    "offer",
    "ring",
    "run_for",
    "memory",
    "cpus",
    "initrd",
    "cmdline",
    "input",
    "expect_exit",
];

/// All of them; the first that is broken is told.
const RULES: &[Rule] = &[
    Rule {
        holds: |way| way.coverage,
        options: &["list", "console", "disk", "disk_write", "trace", "json", "junit", "coverage", "perfetto", "html"],
        says: |option| format!("coverage is of the scenarios by themselves and has no use for {option}; leave it out"),
    },
    Rule {
        holds: |way| way.console,
        options: &[
            "list",
            "disk",
            "disk_write",
            "filter",
            "full",
            "scenarios",
            "patience",
            "params",
            "quiet",
            "trace",
            "json",
            "junit",
            "coverage",
            "perfetto",
            "html",
        ],
        says: |option| {
            format!(
                "--console boots one guest whose console is this terminal and has no use for {option}; leave one of them out"
            )
        },
    },
    Rule {
        holds: |way| way.console,
        options: FOREIGN,
        says: |option| format!("--console runs a scenario, which has no use for {option}; leave one of them out"),
    },
    Rule {
        holds: |way| way.list,
        options: &["trace", "json", "junit", "coverage", "perfetto", "html"],
        says: |option| format!("--list runs nothing that {option} could tell of; leave one of them out"),
    },
    Rule {
        holds: |way| way.list && !way.qemu && !way.template,
        options: FOREIGN,
        says: |option| format!("--list shows scenarios and has no use for {option}; leave one of them out"),
    },
    Rule {
        holds: |way| way.list,
        options: &["backend"],
        says: |option| {
            format!(
                "--list shows scenarios wherever they run; leave out {option}, and choose with --filter '!needs:kvm' those that loopback runs"
            )
        },
    },
    Rule {
        holds: |way| way.list,
        options: &["kernel"],
        says: |option| {
            format!(
                "--list shows scenarios, and a kernel of your own runs no scenarios or some of them; leave out {option}"
            )
        },
    },
    Rule {
        holds: |way| !way.qemu && !way.template,
        options: &["arch"],
        says: |option| {
            format!("{option} is for runs under another VMM; add --vmm qemu or --vmm-command, or leave {option} out")
        },
    },
    Rule {
        holds: |way| !way.qemu && !way.template,
        options: &["deadline"],
        says: |option| {
            format!(
                "{option} is for runs under another VMM; add --vmm qemu or --vmm-command, or multiply deadlines with --patience N"
            )
        },
    },
    Rule {
        holds: |way| !way.qemu && !way.template,
        options: &["qemu"],
        says: |option| format!("{option} says which QEMU --vmm qemu runs; add --vmm qemu, or leave {option} out"),
    },
    Rule {
        holds: |way| !way.template && !way.qemu,
        options: &["vmm_bus", "vmm_devices"],
        says: |option| {
            format!(
                "{option} describes the machine of --vmm-command; add --vmm-command TEMPLATE, or leave {option} out"
            )
        },
    },
    Rule {
        holds: |way| way.qemu,
        options: &["vmm_bus"],
        says: |option| {
            format!(
                "{option} is for --vmm-command; leave it out, and choose with --filter transport:pci or transport:mmio"
            )
        },
    },
    Rule {
        holds: |way| way.qemu,
        options: &["vmm_devices"],
        says: |option| format!("{option} is for --vmm-command; leave it out, and choose with --filter device:block"),
    },
    Rule {
        holds: |way| way.template,
        options: &["qemu"],
        says: |option| format!("{option} is for --vmm qemu; leave it out, and name the program in --vmm-command"),
    },
    Rule {
        holds: |way| way.qemu || way.template,
        options: FOREIGN,
        says: |option| {
            format!("{option} is for a kernel of your own under this harness; leave it out, or leave out the other VMM")
        },
    },
    Rule {
        holds: |way| way.qemu || way.template,
        options: &["trace", "perfetto"],
        says: |option| {
            format!(
                "{option} takes what passes through registers and rings, which another VMM does not show; leave {option} out"
            )
        },
    },
    Rule {
        holds: |way| way.list,
        options: &["seed", "patience", "params", "quiet", "verbose", "disk_write", "qemu", "deadline"],
        says: runs_nothing,
    },
    Rule { holds: |way| way.list && way.template, options: &["arch"], says: runs_nothing },
    Rule {
        holds: |way| way.deadline,
        options: &["patience"],
        says: |option| format!("--deadline says how long each run gets, whatever {option} is; leave one of them out"),
    },
    Rule {
        holds: |way| way.loopback,
        options: &["kernel"],
        says: |option| {
            format!(
                "{option} names a kernel to boot, and loopback has no guest; leave out --backend loopback or {option}"
            )
        },
    },
    Rule {
        holds: |way| way.loopback,
        options: FOREIGN,
        says: |option| {
            format!(
                "{option} is for a kernel of your own, and loopback has no guest; leave out --backend loopback or {option}"
            )
        },
    },
];

fn runs_nothing(option: &str) -> String {
    format!("--list runs nothing and has no use for {option}; leave one of them out")
}

/// The first option on the command line that has no use there, as a sentence. `matches` is what the arguments were made of.
pub(super) fn useless(arguments: &Arguments, matches: &clap::ArgMatches) -> Option<String> {
    let (run, matches) = match (&arguments.command, matches.subcommand()) {
        (None, _) => (&arguments.run, matches),
        (Some(Command::Coverage(run)), Some((_, matches))) => (run, matches),
        (Some(_), _) => return None,
    };
    let way = Way::of(arguments, run);
    let broken = |rule: &&Rule| (rule.holds)(&way);
    RULES.iter().filter(broken).find_map(|rule| {
        let option = rule.options.iter().find(|id| given(matches, id))?;
        Some((rule.says)(&named(option)))
    })
}

impl Way {
    fn of(arguments: &Arguments, run: &RunArguments) -> Self {
        let (list, console) = (run.list, run.console);
        let loopback = run.backend == BackendChoice::Loopback;
        if arguments.command.is_some() {
            return Self { coverage: true, list, console, loopback, ..Self::default() };
        }
        let vmm = &arguments.vmm;
        let (qemu, template) = (vmm.vmm.is_some(), vmm.vmm_command.is_some());
        Self { coverage: false, list, console, loopback, qemu, template, deadline: vmm.deadline.is_some() }
    }
}

/// Whether it stands on the command line: not so a default, or what is taken from the environment.
fn given(matches: &clap::ArgMatches, id: &str) -> bool {
    matches!(matches.try_contains_id(id), Ok(true)) && matches.value_source(id) == Some(ValueSource::CommandLine)
}

/// An option as users write it.
fn named(id: &str) -> String {
    let command = Arguments::command();
    let long = command.get_arguments().find(|argument| argument.get_id() == id).and_then(clap::Arg::get_long);
    long.map_or_else(|| "a scenario".to_owned(), |long| format!("--{long}"))
}

#[cfg(test)]
mod tests;
