//! Parakit's own kernel, by both ways in, and each of its self-tests that ends a run in its own way.

use parakit_abi::mailbox::{MAX_DEVICES, state};
use parakit_harness::vmm::{Boot, End, MachineReport};

use super::support::{Hooks, PLENTY, SOON, config, kvm, machine, parakit_kernel};

/// Runs a self-test of the kernel on a machine with devices, to nothing of which anything answers.
fn run(boot: Boot, scenario: &str, param: u64) -> Option<MachineReport> {
    let (host, kernel) = (kvm()?, parakit_kernel()?);
    let mut config = config(kernel, boot);
    config.mailbox.scenario = scenario.into();
    config.mailbox.params[0] = param;
    config.mailbox.devices = vec![0; 3];
    if matches!(scenario, "hang" | "idle") {
        config.deadline = SOON * host.deadline_scale();
    }
    let machine = machine(host, config);
    let lines: Vec<_> = (0..MAX_DEVICES).map_while(|i| machine.interrupt_line(i)).collect();
    let raise = move |_, argument: u64| {
        lines.get(argument as usize).map_or(1, |line| {
            line.raise();
            0
        })
    };
    Some(machine.run(&mut Hooks { on_signal: Some(Box::new(raise)), ..Hooks::default() }))
}

#[test]
fn both_ways_in() {
    for boot in [Boot::Direct, Boot::Pvh] {
        let Some(report) = run(boot, "log-flood", 5000) else { return };
        assert_eq!(report.end, End::Passed, "{boot}: {}\n{}", report.end, report.log);
        let lines: Vec<_> = report.log.lines().filter(|l| l.ends_with("of the flood")).collect();
        assert_eq!(lines.len(), 5000, "{boot}");
        assert!(lines[4999].ends_with("line 4999 of the flood"), "{boot}");
        println!("{boot}: set-up {:?}, run {:?}, {:?}", report.setup, report.elapsed, report.exits);
    }
}

#[test]
fn interrupts_awake_and_asleep() {
    for boot in [Boot::Direct, Boot::Pvh] {
        let Some(report) = run(boot, "interrupt-self-test", 20) else { return };
        assert_eq!(report.end, End::Passed, "{boot}: {}\n{}", report.end, report.log);
    }
}

#[test]
fn a_panic_and_exceptions_reach_the_report() {
    let Some(report) = run(Boot::Direct, "panic", 0) else { return };
    assert!(matches!(&report.end, End::Panicked(m) if m.contains("asked for a panic")), "{}", report.end);
    for kind in [0, 1, 2, 3, 4, 5, 6] {
        let Some(report) = run(Boot::Direct, "exception", kind) else { return };
        let End::Exception(text) = &report.end else { panic!("{kind}: {}\n{}", report.end, report.log) };
        assert!(text.contains("rip"), "{kind}: {text}");
    }
}

#[test]
fn what_does_not_end_is_ended() {
    for scenario in ["hang", "idle"] {
        let Some(report) = run(Boot::Direct, scenario, 0) else { return };
        assert!(
            matches!(report.end, End::Deadline { state: state::RUNNING, registers: Some(_), .. }),
            "{scenario}: {}",
            report.end
        );
    }
    let Some(report) = run(Boot::Direct, "triple-fault", 0) else { return };
    assert!(matches!(report.end, End::TripleFault(_)), "{}", report.end);
    let Some(report) = run(Boot::Direct, "no-such-scenario", 0) else { return };
    assert_eq!(report.end, End::UnknownScenario);
    assert!(report.elapsed < PLENTY);
}
