//! `--vmm`, `--vmm-command`: scenarios under another VMM.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use parakit_abi::device::DeviceType;
use parakit_harness::other_vmm::{OtherVmm, Qemu};
use parakit_harness::report::{Report, Skipped, skipped};
use parakit_harness::scenario::{self, Bus, Ground, Mechanism, Pci, Scenario};

use super::output::put;
use super::outputs::Outputs;
use super::run::{self, Job};
use super::screen::Screen;
use crate::cli::{Arguments, BusChoice, DeviceChoice, RunArguments, VmmArguments};

/// Guests there run on an emulator, on however slow a machine.
const SLOWER: u32 = 2;

/// Runs the scenarios that were asked for, and reports on them.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { run: arguments, vmm: choice, .. } = arguments;
    if arguments.list {
        // What there is, whatever the VMM at hand has.
        let all = match choice.vmm_command {
            Some(_) => as_offered(choice),
            None => listed(arguments, choice),
        };
        for scenario in chosen(arguments, all, &[])? {
            put(format_args!("{:<40} {}\n", scenario.name, scenario.summary))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let vmm = open(choice)?;
    let kernel = arguments.kernel.as_deref().ok_or_else(|| {
        anyhow!("no guest kernel was given; use `cargo xtask harness`, which builds one, or give `--kernel FILE`")
    })?;
    let guest = vmm.guest(kernel)?;
    let (all, lacking) = match &vmm {
        OtherVmm::Qemu(qemu) => {
            let (mut all, lacking) = scenario::under_vmm(arguments.full, &|scenario| qemu.lacks(scenario));
            if !arguments.scenarios.is_empty() {
                // Of a QEMU that lacks something other combinations make the pairs. Those that are listed can be asked for all the same.
                let mut listed = listed(arguments, choice);
                listed.retain(|one| qemu.lacks(one).is_none() && all.iter().all(|other| other.name != one.name));
                all.append(&mut listed);
            }
            (all, lacking)
        }
        OtherVmm::Template { .. } => (as_offered(choice), Vec::new()),
    };
    let mut scenarios = chosen(arguments, all, &lacking)?;
    scenarios.iter_mut().for_each(|scenario| scenario.deadline = deadline(choice, scenario.deadline));
    let mut left_out = asked_for(arguments, &lacking);

    let screen = Screen::new(&arguments.output);
    let inputs = [("kernel", arguments.kernel.as_deref())];
    let mut outputs = Outputs::open(&arguments.output, arguments.trace.as_deref(), &inputs, [])?;
    let mut session = run::session(arguments, Ground::Vmm { vmm, guest })?;
    session.keep_events = outputs.take_events();
    let Ground::Vmm { vmm, .. } = &session.ground else { bail!("the harness lost the VMM that it was given") };
    scenarios.retain(|scenario| {
        let why = match vmm.lacks(scenario) {
            None if session.can_run(scenario) => return true,
            None => format!("the kernel has no workload {}", scenario.workload),
            Some(why) => why,
        };
        left_out.push(Skipped { scenario: scenario.name.clone(), why });
        false
    });
    if let (true, Some(first)) = (scenarios.is_empty(), left_out.first()) {
        bail!("none of the scenarios asked for can run, such as `{}`: {}", first.scenario, first.why);
    }
    if !arguments.output.quiet {
        let (count, subject, seed) = (scenarios.len(), session.subject(), session.seed);
        screen.put(format_args!("{subject}: {count} scenarios under {}, seed {seed}\n", vmm.name()));
    }
    let started = Instant::now();
    let jobs: Vec<_> = scenarios.iter().map(Job::Scenario).collect();
    let (runs, trouble) = run::perform(&session, &jobs, arguments, &mut outputs);
    let report = Report { skipped: left_out, ..run::report_of(&session, runs, started) };
    screen.runs(&report.runs, arguments.output.verbose);
    screen.put(skipped(&report.skipped, screen.look()));
    trouble?;
    run::conclude(&session, scenarios.len(), &report, &screen, outputs)
}

/// What `--list` shows for QEMU.
fn listed(arguments: &RunArguments, choice: &VmmArguments) -> Vec<Scenario> {
    scenario::under_vmm(arguments.full, &|scenario| Qemu::lacks_on(choice.arch, scenario)).0
}

/// The VMM that was asked for.
fn open(choice: &VmmArguments) -> anyhow::Result<OtherVmm> {
    Ok(match &choice.vmm_command {
        Some(template) => OtherVmm::Template { template: template.clone(), arch: choice.arch },
        None => OtherVmm::Qemu(Qemu::find(choice.qemu.as_deref(), choice.arch, said_deadline(choice))?),
    })
}

fn deadline(choice: &VmmArguments, usual: Duration) -> Duration {
    said_deadline(choice).unwrap_or(usual * SLOWER)
}

/// The deadline that the user has set.
fn said_deadline(choice: &VmmArguments) -> Option<Duration> {
    choice.deadline.map(|seconds| Duration::from_secs(seconds.into()))
}

/// The scenarios that the arguments ask for. One that exists and does not run here is told with the reason.
fn chosen(
    arguments: &RunArguments,
    all: Vec<Scenario>,
    lacking: &[(Scenario, String)],
) -> anyhow::Result<Vec<Scenario>> {
    let named: Vec<_> = arguments.scenarios.clone();
    // What the VMM lacks was asked for all the same, and is told with what was skipped.
    let (wanted, skipped): (Vec<_>, Vec<_>) = named.into_iter().partition(|name| {
        let name = std::slice::from_ref(name);
        scenario::select(all.clone(), name).is_ok()
            || !lacking.iter().any(|(s, _)| scenario::select(vec![s.clone()], name).is_ok())
    });
    let mut scenarios = if wanted.is_empty() && !skipped.is_empty() {
        Vec::new()
    } else {
        match scenario::select(all, &wanted) {
            Ok(scenarios) => scenarios,
            Err(unknown) => {
                let known = || scenario::all().into_iter().chain(scenario::on_request()).chain(scenario::others());
                if let Some(ours) = known().find(|s| s.name == unknown.name) {
                    bail!("the scenario `{}` does not run under another VMM: {}", ours.name, scenario::beyond(&ours));
                }
                return Err(unknown.into());
            }
        }
    };
    if let Some((filter, text)) = &arguments.filter {
        scenarios.retain(|scenario| filter.takes(scenario));
        // Where all that fits is lacking, that is told.
        if scenarios.is_empty() && asked_for(arguments, lacking).is_empty() {
            bail!(
                "no scenario that was asked for fits --filter {text}; `--list` shows what there is, with `--full` all of it"
            );
        }
    }
    run::set_params(arguments, &mut scenarios);
    Ok(scenarios)
}

/// Of what the VMM lacks, that which was asked for.
fn asked_for(arguments: &RunArguments, lacking: &[(Scenario, String)]) -> Vec<Skipped> {
    let named = |scenario: &Scenario| {
        let is = |name| scenario::select(vec![scenario.clone()], std::slice::from_ref(name)).is_ok();
        arguments.scenarios.is_empty() || arguments.scenarios.iter().any(is)
    };
    let fits = |scenario: &Scenario| arguments.filter.as_ref().is_none_or(|(filter, _)| filter.takes(scenario));
    let asked = lacking.iter().filter(|(scenario, _)| named(scenario) && fits(scenario));
    asked.map(|(scenario, why)| Skipped { scenario: scenario.name.clone(), why: why.clone() }).collect()
}

/// The scenarios for a VMM of which nothing is known: each workload once, on the devices that there are said to be, whatever they offer.
fn as_offered(choice: &VmmArguments) -> Vec<Scenario> {
    let pci = |mechanism| Bus::Pci(Pci { mechanism, ..Pci::PLAIN });
    let bus = match choice.vmm_bus {
        BusChoice::Mmio => Bus::Mmio,
        BusChoice::Pci => pci(Mechanism::Ecam),
        BusChoice::PciPorts => pci(Mechanism::Ports),
    };
    let has = |device_type: DeviceType| {
        choice.vmm_devices.iter().any(|device| match device {
            DeviceChoice::Block => device_type == DeviceType::BLOCK,
            DeviceChoice::Console => device_type == DeviceType::CONSOLE,
            DeviceChoice::Entropy => device_type == DeviceType::ENTROPY,
        })
    };
    scenario::as_offered(bus, &|device_type| has(device_type))
}
