//! Every way in which a run can end, each by a guest that does just that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parakit_abi::boot::{PORT_DEBUG, PORT_SIGNAL, exit as code};
use parakit_abi::mailbox::{self as abi, state};
use parakit_harness::transport::RegisterBlock;
use parakit_harness::vmm::{Boot, End, Kernel, MachineReport, placement};

use super::guest::{SUPERVISOR_PAGE, exit, out32, ring0, ring3, set_mailbox, store32};
use super::support::{Hooks, PLENTY, SOON, config, kvm, machine};

/// Runs `kernel` to its end; `None` where there is no KVM.
fn run(kernel: Kernel, hooks: &mut Hooks, deadline: Duration) -> Option<MachineReport> {
    let boot = kernel.preferred_boot();
    let mut config = config(kernel, boot);
    config.deadline = deadline;
    Some(machine(kvm()?, config).run(hooks))
}

fn end_of(kernel: Kernel) -> Option<End> {
    run(kernel, &mut Hooks::default(), PLENTY).map(|r| r.end)
}

#[test]
fn kvm_verdicts_come_from_the_mailbox() {
    let with_state = |s: u32| ring3(&[set_mailbox(abi::OFF_STATE, s), exit(code::DONE)].concat());
    let Some(end) = end_of(with_state(state::PASSED)) else { return };
    assert_eq!(end, End::Passed);
    assert_eq!(end_of(with_state(state::FAILED)), Some(End::Failed(String::new())));
    assert_eq!(end_of(with_state(state::UNKNOWN_SCENARIO)), Some(End::UnknownScenario));
    assert_eq!(end_of(with_state(77)), Some(End::NoVerdict { code: 0, state: 77 }));
    assert_eq!(end_of(ring3(&exit(9))), Some(End::NoVerdict { code: 9, state: state::STARTING }));
    // 0x100 is not DONE, although its lowest byte is.
    let wide = ring3(&[set_mailbox(abi::OFF_STATE, state::PASSED), out32(0xf4, 0x100)].concat());
    assert_eq!(end_of(wide), Some(End::NoVerdict { code: 0x100, state: state::PASSED }));
}

#[test]
fn kvm_a_panic_and_an_exception_bring_their_message_cut_and_printable() {
    let message = u32::from_le_bytes(*b"a\x1bb\xff");
    let guest = |how: u8| {
        // A length that no mailbox can hold.
        let text = [set_mailbox(abi::OFF_MESSAGE, message), set_mailbox(abi::OFF_MESSAGE_LEN, u32::MAX)].concat();
        ring3(&[text, exit(how)].concat())
    };
    let Some(end) = end_of(guest(code::PANIC)) else { return };
    let End::Panicked(text) = end else { panic!("{end}") };
    assert!(text.starts_with("a\u{fffd}b\u{fffd}"), "{text:?}");
    assert!(text.chars().count() <= abi::MESSAGE_MAX);
    assert!(matches!(end_of(guest(code::EXCEPTION)), Some(End::Exception(_))));
}

#[test]
fn kvm_a_triple_fault_is_reported_with_registers() {
    // ud2, with an empty interrupt table.
    let Some(end) = end_of(ring3(&[0x0f, 0x0b])) else { return };
    let End::TripleFault(Some(registers)) = &end else { panic!("{end}") };
    assert_eq!(registers.ring(), 3);
    assert!(end.to_string().contains("rip"));
}

#[test]
fn kvm_what_kvm_cannot_execute_is_reported() {
    // jmp to where no memory and no device is: the instruction cannot be fetched.
    let Some(end) = end_of(ring0(&[0xb8, 0x00, 0x00, 0x00, 0xd8, 0xff, 0xe0])) else { return };
    let End::InternalError(error) = &end else { panic!("{end}") };
    assert_eq!(error.registers.as_ref().map(|r| (r.rip, r.ring())), Some((0xd800_0000, 0)));
    assert!(end.to_string().starts_with("KVM gave up on the guest"), "{end}");
}

#[test]
fn kvm_a_guest_that_hangs_is_ended_at_its_deadline() {
    // jmp self in ring 3 and in ring 0; cli; hlt in ring 0: a CPU that nothing will ever wake.
    let guests = [
        ("ring 3", ring3(&[0xeb, 0xfe])),
        ("ring 0", ring0(&[0xeb, 0xfe])),
        ("halted", ring0(&[0xfa, 0xf4, 0xeb, 0xfd])),
    ];
    for (what, kernel) in guests {
        let Some(report) = run(kernel, &mut Hooks::default(), SOON) else { return };
        let End::Deadline { after, state: state::STARTING, registers } = &report.end else {
            panic!("{what}: {}", report.end)
        };
        let [registers] = registers.as_slice() else { panic!("{what}: {registers:?}") };
        assert_eq!(*after, SOON);
        assert!((0x10_0000..0x11_0000).contains(&registers.rip), "{what}: {registers}");
        assert!(report.elapsed >= SOON, "{what}: {:?}", report.elapsed);
        assert!(report.end.to_string().contains("did not finish within 200ms"), "{}", report.end);
    }
}

#[test]
fn kvm_no_guest_keeps_the_harness_busy_inside_kvm() {
    // vmcall in ring 3, for ever; a write to a page that is the supervisor's, with no handler for the fault. On some hosts the
    // vCPU never leaves the kernel again by itself.
    let hypercall = ring3(&[0x0f, 0x01, 0xc1, 0xeb, 0xfb]);
    let forbidden = ring3(&store32(SUPERVISOR_PAGE, 1));
    for (what, kernel) in [("vmcall", hypercall), ("supervisor page", forbidden)] {
        let Some(report) = run(kernel, &mut Hooks::default(), SOON) else { return };
        let ended = matches!(report.end, End::Deadline { .. } | End::TripleFault(_) | End::InternalError(_));
        assert!(ended, "{what}: {}", report.end);
        println!("{what}: {} after {:?}", report.end.summary(), report.elapsed);
    }
}

/// A device whose registers do what they should not.
struct Bad(fn());

impl RegisterBlock for Bad {
    fn read(&self, _offset: u64, _data: &mut [u8]) {
        (self.0)();
    }
    fn write(&self, _offset: u64, _data: &[u8]) {
        (self.0)();
    }
}

#[test]
fn kvm_a_device_that_panics_or_never_returns_is_the_harness_s_fault() {
    let Some(host) = kvm() else { return };
    let bad: [(fn(), &str); 2] =
        [(|| panic!("broken model"), "broken model"), (|| std::thread::sleep(PLENTY), "its thread was left behind")];
    for (act, says) in bad {
        let mut config = config(ring3(&store32(placement(0, 0).base, 1)), Boot::Direct);
        config.mailbox.devices = vec![0];
        config.deadline = SOON;
        let mut machine = machine(host, config);
        assert!(machine.attach(0, Arc::new(Bad(act))));
        let end = machine.run(&mut Hooks::default()).end;
        assert!(matches!(&end, End::HarnessFault(what) if what.contains(says)), "{end}");
    }
}

#[test]
fn kvm_a_hook_that_panics_leaves_no_guest_running() {
    struct Broken;
    impl parakit_harness::vmm::Hooks for Broken {
        fn signal(&mut self, _code: u32, _argument: u64) -> u64 {
            0
        }
        fn log(&mut self, _text: &str) {
            panic!("broken hook");
        }
        fn cancelled(&self) -> bool {
            false
        }
    }
    // mov al, newline; again: out PORT_DEBUG, al; jmp again
    let kernel = ring3(&[0xb0, b'\n', 0xe6, PORT_DEBUG as u8, 0xeb, 0xfc]);
    let Some(host) = kvm() else { return };
    let machine = machine(host, config(kernel, Boot::Direct));
    let exits = machine.exit_counter();
    let run = std::panic::AssertUnwindSafe(|| machine.run(&mut Broken));
    assert!(std::panic::catch_unwind(run).is_err());
    // The thread may be on its way out; once it is, nothing counts any more.
    let still = || {
        let before = exits.snapshot();
        std::thread::sleep(SOON);
        before == exits.snapshot()
    };
    assert!((0..100).any(|_| still()), "the guest runs on");
}

#[test]
fn kvm_a_guest_that_floods_the_harness_with_exits_is_ended_too() {
    // again: out PORT_DEBUG, al; jmp again
    let Some(report) = run(ring3(&[0xe6, PORT_DEBUG as u8, 0xeb, 0xfc]), &mut Hooks::default(), SOON * 5) else {
        return;
    };
    assert!(matches!(report.end, End::Deadline { .. }), "{}", report.end);
    assert!(report.exits.debug > 0);
    // again: signal; jmp again
    let signal = out32(PORT_SIGNAL, 1);
    let back = (-(signal.len() as i8) - 2) as u8;
    let mut hooks = Hooks::default();
    let Some(report) = run(ring3(&[signal, vec![0xeb, back]].concat()), &mut hooks, SOON) else { return };
    assert!(matches!(report.end, End::Deadline { .. }), "{}", report.end);
    // One more signal may have come when the deadline had passed.
    assert!(report.exits.signal.abs_diff(hooks.signals.len() as u64) <= 1);
}

#[test]
fn kvm_the_user_ends_a_run_at_once() {
    let hooks = &mut Hooks::default();
    hooks.cancel.store(true, std::sync::atomic::Ordering::Relaxed);
    let begun = Instant::now();
    let Some(report) = run(ring3(&[0xeb, 0xfe]), hooks, PLENTY) else { return };
    assert_eq!(report.end, End::Cancelled);
    assert!(begun.elapsed() < PLENTY / 2);
}

#[test]
fn kvm_a_signal_is_answered_before_the_guest_goes_on() {
    // The signal's argument is 5; the answer is written to the exit port.
    let argument = set_mailbox(abi::SIGNAL_ARG, 5);
    // mov eax, [rdi + SIGNAL_ANSWER]; out PORT_EXIT, eax
    let mut answer = vec![0x8b, 0x87];
    answer.extend((abi::SIGNAL_ANSWER as u32).to_le_bytes());
    answer.extend([0xe7, 0xf4]);
    let mut hooks =
        Hooks { on_signal: Some(Box::new(|code, argument| u64::from(code) * argument)), ..Hooks::default() };
    let Some(report) = run(ring3(&[argument, out32(PORT_SIGNAL, 7), answer].concat()), &mut hooks, PLENTY) else {
        return;
    };
    assert_eq!(report.end, End::NoVerdict { code: 35, state: 0 });
    assert_eq!(hooks.signals, [(7, 5)]);
    assert_eq!((report.exits.signal, report.exits.io, report.exits.total()), (1, 1, 2));
}

#[test]
fn kvm_the_debug_console_and_empty_ports() {
    // 'h', 'i' and no newline; then in al, PORT_DEBUG; out PORT_EXIT, al
    let text = [[0xb0, b'h', 0xe6, 0xe9], [0xb0, b'i', 0xe6, 0xe9]].concat();
    let mut hooks = Hooks::default();
    let Some(report) = run(ring3(&[text, vec![0xe4, 0xe9, 0xe6, 0xf4]].concat()), &mut hooks, PLENTY) else { return };
    assert_eq!(report.end, End::NoVerdict { code: 0xe9, state: 0 });
    assert_eq!((hooks.log.as_str(), report.log.as_str()), ("hi\n", "hi\n"));
    // in eax, 0x70; out PORT_EXIT, eax
    assert_eq!(end_of(ring3(&[0xe5, 0x70, 0xe7, 0xf4])), Some(End::NoVerdict { code: u32::MAX, state: 0 }));
}

#[test]
fn kvm_pvh_finds_the_start_info_and_the_command_line() {
    // eax = [ebx] (magic); ecx = [ebx + 24] (command line); edx = [ecx]; eax ^= edx; out PORT_EXIT, eax
    let code = [0x8b, 0x03, 0x8b, 0x4b, 0x18, 0x8b, 0x11, 0x31, 0xd0, 0xe7, 0xf4];
    let expected = 0x336e_c578 ^ u32::from_le_bytes(*b"para");
    let Some(report) = run(ring0(&code), &mut Hooks::default(), PLENTY) else { return };
    assert_eq!(report.end, End::NoVerdict { code: expected, state: 0 });
}

#[test]
fn kvm_many_machines_one_after_another() {
    let Some(host) = kvm() else { return };
    let kernel = ring3(&[set_mailbox(abi::OFF_STATE, state::PASSED), exit(0)].concat());
    let (mut setups, mut runs) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    const ROUNDS: u32 = 50;
    for _ in 0..ROUNDS {
        let mut config = config(kernel.clone(), Boot::Direct);
        config.mailbox.devices = vec![2, 3, 4];
        let report = machine(host, config).run(&mut Hooks::default());
        assert!(report.end.passed(), "{}", report.end);
        setups.push(report.setup);
        runs.push(report.elapsed);
    }
    let all = begun.elapsed() / ROUNDS;
    setups.sort();
    runs.sort();
    println!(
        "set-up: median {:?}, worst {:?}; run: median {:?}; all, tear-down included: {all:?}",
        setups[25], setups[49], runs[25]
    );
}
