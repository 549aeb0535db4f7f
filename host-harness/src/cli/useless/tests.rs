use clap::Arg;

use super::super::refused::checked;
use super::*;

const OUTPUTS: &[&str] = &["json", "junit", "perfetto", "html", "coverage", "quiet", "verbose"];
const RUN: &[&str] = &[
    "scenarios",
    "filter",
    "full",
    "backend",
    "kernel",
    "disk",
    "disk_write",
    "trace",
    "console",
    "list",
    "seed",
    "patience",
    "params",
];

/// Each way of running, and the options that act there. What a kernel of one's own has to do with is for the command, which
/// reads it.
fn ways() -> Vec<(&'static [&'static str], Vec<&'static str>)> {
    let run_without = |without: &[&str]| {
        let all = RUN.iter().chain(OUTPUTS).filter(|id| !without.contains(id));
        all.copied().collect::<Vec<_>>()
    };
    let and = |mut ids: Vec<&'static str>, more: &[&'static str]| {
        ids.extend(more);
        ids
    };
    // Together with `--console` and `--list` most act on nothing.
    let modes = &["console", "list"];
    let on_vmm = &["list", "console", "disk", "disk_write", "backend", "trace", "perfetto"];
    vec![
        (&[], and(and(run_without(&[]), FOREIGN), &["vmm", "vmm_command"])),
        (&["--backend", "kvm"], and(run_without(&["list"]), FOREIGN)),
        (&["--backend", "loopback"], run_without(&["kernel", "list"])),
        (&["--kernel", "k"], and(and(run_without(&["list"]), FOREIGN), &["vmm", "vmm_command"])),
        (&["--disk", "i", "blk-read"], and(run_without(&["console"]), FOREIGN)),
        (&["--list"], vec!["scenarios", "filter", "full", "disk", "vmm", "vmm_command"]),
        (&["--list", "--vmm", "qemu"], vec!["scenarios", "filter", "full", "arch"]),
        (&["--list", "--vmm-command", "v {kernel} {cmdline}"], vec!["scenarios", "filter", "vmm_bus", "vmm_devices"]),
        (&["--console"], vec!["kernel", "backend", "seed", "verbose"]),
        (&["--vmm", "qemu"], and(run_without(&on_vmm[1..]), &["qemu", "arch", "deadline"])),
        (
            &["--vmm", "qemu", "--deadline", "9"],
            and(run_without(&[&on_vmm[..], &["patience"]].concat()), &["qemu", "arch"]),
        ),
        (
            &["--vmm-command", "v {kernel} {cmdline}"],
            and(run_without(&[&on_vmm[1..], &["full"]].concat()), &["vmm_bus", "vmm_devices", "arch", "deadline"]),
        ),
        (
            &["coverage"],
            run_without(
                &[&["trace", "disk", "disk_write", "json", "junit", "perfetto", "html", "coverage"], &modes[..]]
                    .concat(),
            ),
        ),
        (
            &["coverage", "--backend", "loopback"],
            vec!["scenarios", "filter", "full", "seed", "patience", "params", "quiet", "verbose"],
        ),
        (&["replay", "t"], OUTPUTS.to_vec()),
        (&["probe"], Vec::new()),
        (
            &["serve"],
            and(
                OUTPUTS.to_vec(),
                &["devices", "sockets", "offer", "wait", "run_for", "once", "again", "trace", "seed"],
            ),
        ),
    ]
}

/// What is wrong with the arguments: by the parser, or as a sentence; `None` if the command takes them.
fn said(arguments: &[&str]) -> Option<String> {
    let given = [&["x"], arguments].concat();
    checked(&given, Arguments::command().try_get_matches_from(&given)).err()
}

/// The option, with a value that the parser takes.
fn written(argument: &Arg) -> Vec<&'static str> {
    match argument.get_id().as_str() {
        "scenarios" => vec!["blk-rw"],
        "filter" => vec!["--filter", "ring:packed"],
        "backend" => vec!["--backend", "kvm"],
        "params" => vec!["--param", "0=1"],
        "vmm" => vec!["--vmm", "qemu"],
        "vmm_command" => vec!["--vmm-command", "v {kernel} {cmdline}"],
        "vmm_bus" => vec!["--vmm-bus", "pci"],
        "vmm_devices" => vec!["--vmm-devices", "block"],
        "arch" => vec!["--arch", "x86_64"],
        // It needs an image and a scenario, which `--disk` and its own test have.
        "disk_write" => vec!["--disk-write"],
        _ => {
            let long: &'static str = format!("--{}", argument.get_long().unwrap()).leak();
            if argument.get_action().takes_values() { vec![long, "7"] } else { vec![long] }
        }
    }
}

#[test]
fn every_option_acts_or_is_refused_in_every_way_of_running() {
    let root = Arguments::command();
    let (mut pairs, mut wrong) = (0, Vec::new());
    for (way, acts) in ways() {
        let command = way.first().and_then(|name| root.find_subcommand(name)).unwrap_or(&root);
        for argument in command.get_arguments().filter(|a| a.get_id() != "help" && a.get_id() != "version") {
            let id = argument.get_id().as_str();
            if id == "file" {
                continue;
            }
            let option = written(argument);
            if way.contains(&option[0]) {
                continue;
            }
            let said = said(&[way, &option].concat());
            // Refused for a reason of its own: what it needs is not there.
            let lacks = id == "disk_write" && !way.contains(&"--disk") || id == "disk" && way.contains(&"--console");
            let well = match &said {
                None => acts.contains(&id),
                Some(said) => {
                    let names_it = said.contains(option[0]) || said.contains("a scenario");
                    let one_sentence = said.lines().count() == 1 && said.contains("; ");
                    (!acts.contains(&id) || lacks) && names_it && one_sentence
                }
            };
            if !well {
                wrong.push(format!("{way:?} {option:?}: {}", said.as_deref().unwrap_or("taken, and does nothing")));
            }
            pairs += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(pairs > 300, "{pairs}");
}

#[test]
fn what_has_no_use_is_told_with_what_to_do() {
    for (arguments, parts) in [
        (&["--vmm", "qemu", "--vmm-bus", "pci"][..], &["--vmm-bus is for --vmm-command", "--filter transport:pci"][..]),
        (&["--vmm", "qemu", "--vmm-devices", "block"], &["--vmm-devices", "--filter device:block"]),
        (&["--vmm-bus", "pci"], &["--vmm-bus describes", "add --vmm-command"]),
        (&["--vmm-command", "v {kernel} {cmdline}", "--qemu", "q"], &["--qemu is for --vmm qemu", "--vmm-command"]),
        (&["--qemu", "q"], &["add --vmm qemu"]),
        (&["--arch", "x86_64"], &["--arch is for runs under another VMM"]),
        (&["--deadline", "3"], &["--deadline is for runs under another VMM", "--patience"]),
        (&["--vmm", "qemu", "--trace", "t"], &["--trace takes", "leave --trace out"]),
        (&["--vmm", "qemu", "--perfetto", "t"], &["--perfetto takes", "leave --perfetto out"]),
        (&["--vmm", "qemu", "--deadline", "3", "--patience", "2"], &["--deadline", "--patience", "leave one"]),
        (&["--vmm", "qemu", "--ring", "packed"], &["--ring is for a kernel of your own", "other VMM"]),
        (&["--backend", "loopback", "--kernel", "k"], &["loopback has no guest", "--kernel"]),
        (&["--backend", "loopback", "--device", "net"], &["loopback has no guest", "--device"]),
        (&["--list", "--backend", "loopback"], &["--filter '!needs:kvm'"]),
        (&["--list", "--seed", "1"], &["--list runs nothing", "--seed"]),
        (&["--console", "--param", "0=1"], &["--console", "--param"]),
        (&["coverage", "--disk-write"], &["coverage is of the scenarios", "--disk-write"]),
    ] {
        let said = said(arguments).expect("it is refused");
        assert!(parts.iter().all(|part| said.contains(part)), "{arguments:?}: {said}");
    }
}
