//! The guest kernel on KVM: both ways in, interrupts awake and asleep, and a report for everything that ends it.

use std::sync::Arc;
use std::time::Duration;

use parakit_abi::boot::MAILBOX_ADDRESS;
use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::{PARAMS, signal};
use parakit_harness::device::Entropy;
use parakit_harness::observe::EventLog;
use parakit_harness::transport::device::{DeviceOptions, VirtioDevice};
use parakit_harness::transport::{InterruptLine, IntxLine, Message, MsiSink};
use parakit_harness::vmm::{
    Boot, End, Hooks, Kernel, KvmHost, KvmOptions, Machine, MachineConfig, MachineReport, MailboxInit,
};
use vm_memory::{Bytes, GuestAddress};

/// Far more than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

struct RaiseOnSignal(Vec<Arc<dyn InterruptLine>>);

impl Hooks for RaiseOnSignal {
    fn signal(&mut self, code: u32, argument: u64) -> u64 {
        if code == signal::SPURIOUS_INTERRUPT {
            self.0[usize::try_from(argument).unwrap()].raise();
        }
        0
    }

    fn log(&mut self, _text: &str) {}

    fn cancelled(&self) -> bool {
        false
    }
}

fn run(boot: Boot, scenario: &str, param: u64, deadline: Duration) -> MachineReport {
    let machine = machine(boot, 1, scenario, [param, 0], DeviceType::BLOCK, deadline);
    let lines = (0..2).map(|i| machine.interrupt_line(i).unwrap()).collect();
    machine.run(&mut RaiseOnSignal(lines))
}

fn machine(
    boot: Boot,
    cpus: u16,
    scenario: &str,
    first_params: [u64; 2],
    device: DeviceType,
    deadline: Duration,
) -> Machine {
    let host = KvmHost::open(&KvmOptions::from_env()).unwrap();
    let mut params = [0; PARAMS];
    params[..2].copy_from_slice(&first_params);
    let devices = vec![device.0; 2];
    let config = MachineConfig {
        memory_bytes: 64 << 20,
        cpus,
        kernel: Kernel::read(&parakit_tests::kernel_path()).unwrap(),
        boot,
        mailbox: MailboxInit { scenario: scenario.into(), params, devices, ..MailboxInit::default() },
        deadline,
    };
    Machine::new(&host, config).unwrap()
}

fn both_ways(scenario: &str, param: u64, deadline: Duration, check: impl Fn(&MachineReport) -> bool) {
    for boot in [Boot::Direct, Boot::Pvh] {
        let report = run(boot, scenario, param, deadline);
        assert!(check(&report), "{scenario} {param}, {boot:?}: {}\n{}", report.end, report.log);
    }
}

/// Boot is counted from the vCPU's first instruction, with the device's first chain at its end. The best of some runs,
/// because other work of this machine comes in between.
#[test]
fn kvm_boot_reaches_the_first_queue_operation_within_50_ms() {
    for boot in [Boot::Direct, Boot::Pvh] {
        let best = (0..5).map(|_| boot_with_entropy_device(boot)).min().unwrap();
        assert!(best <= Duration::from_millis(50), "{boot:?}: {best:?}");
    }
}

fn boot_with_entropy_device(boot: Boot) -> Duration {
    let mut machine = machine(boot, 1, "entropy", [0; 2], DeviceType::ENTROPY, PATIENCE);
    let (memory, line) = (machine.memory().clone(), machine.interrupt_line(0).unwrap());
    let mut options = DeviceOptions::new(0, "entropy0", Box::new(Entropy::default()), memory, EventLog::off(), line);
    options.doorbells = Some(machine.doorbells());
    let device = VirtioDevice::new(options).unwrap();
    let worker = device.start().unwrap();
    assert!(machine.attach(0, Arc::new(device)));
    let report = machine.run(&mut RaiseOnSignal(Vec::new()));
    drop(worker);
    assert_eq!(report.end, End::Passed, "{}", report.log);
    report.boot_to_first_queue.expect("the guest says when it made its first chain available")
}

#[test]
fn kvm_interrupts_arrive_awake_and_asleep() {
    both_ways("interrupt-self-test", 200, PATIENCE, |report| {
        report.end == End::Passed && report.records.iter().any(|record| record.name() == "timer_wake_ns")
    });
}

#[test]
fn kvm_a_panic_says_what_and_where() {
    both_ways("panic", 0, PATIENCE, |report| match &report.end {
        End::Panicked(why) => why.starts_with("the scenario asked for a panic at ") && why.contains("selftest.rs:"),
        _ => false,
    });
}

#[test]
fn kvm_an_exception_says_which_and_shows_the_registers() {
    let exceptions = [
        "invalid opcode (vector 6, error code 0x0)",
        "page fault (vector 14, error code 0x4)",
        "page fault (vector 14, error code 0x6)",
        "divide error (vector 0, error code 0x0)",
        "breakpoint (vector 3, error code 0x0)",
        "general protection fault (vector 13, error code 0x0)",
        "page fault (vector 14, ",
    ];
    for (kind, start) in (0..).zip(exceptions) {
        both_ways("exception", kind, PATIENCE, |report| {
            let End::Exception(text) = &report.end else { return false };
            let access = match kind {
                1 => text.contains("read of 0x0, page not present, ring 3\n"),
                2 => text.contains("write of 0x10cff8, page not present, ring 3\n"), // the page below the stack
                6 => text.contains("of 0x10, page not present, ring 3\n") && text.contains("rip 0x10,"),
                _ => text.contains(", ring 3\n"),
            };
            text.starts_with(start) && access && text.contains("\nrax ") && text.contains("\ncr2 ")
        });
    }
}

#[test]
fn kvm_a_triple_fault_ends_the_run() {
    both_ways("triple-fault", 0, PATIENCE, |report| matches!(report.end, End::TripleFault(_)));
}

#[test]
fn kvm_a_guest_that_never_finishes_is_ended_busy_or_asleep() {
    for scenario in ["hang", "idle"] {
        both_ways(scenario, 0, Duration::from_millis(300), |report| {
            // The report names the function, too: the loop itself, or whatever of the kernel it sleeps in.
            let place = report.end.registers().and_then(|r| r.function.as_deref()).unwrap_or("");
            let there = if scenario == "hang" {
                place.starts_with("parakit_kernel::selftest::End::come+0x")
            } else {
                !place.is_empty()
            };
            matches!(report.end, End::Deadline { .. }) && there
        });
    }
}

#[test]
fn kvm_an_unknown_scenario_is_no_failure_of_a_known_one() {
    both_ways("no-such-scenario", 0, PATIENCE, |report| report.end == End::UnknownScenario);
}

#[test]
fn kvm_a_log_many_times_the_ring_arrives_whole() {
    let lines = 5000;
    both_ways("log-flood", lines, PATIENCE, |report| {
        let expected: Vec<_> = (0..lines).map(|i| format!("line {i} of the flood")).collect();
        report.end == End::Passed
            && report.log.lines().count() == expected.len()
            && report.log.lines().zip(&expected).all(|(line, end)| line.ends_with(end))
    });
}

/// Runs the scenario on a machine with two CPUs; what happens, happens on the second.
fn on_second(scenario: &str, param: u64, deadline: Duration) -> MachineReport {
    machine(Boot::Direct, 2, scenario, [param, 1], DeviceType::BLOCK, deadline).run(&mut RaiseOnSignal(Vec::new()))
}

#[test]
fn kvm_cpus_run_jobs_and_interrupt_each_other() {
    for cpus in 1..=4 {
        let report = machine(Boot::Direct, cpus, "cpus", [20, 0], DeviceType::BLOCK, PATIENCE)
            .run(&mut RaiseOnSignal(Vec::new()));
        assert_eq!(report.end, End::Passed, "{cpus} CPUs: {}", report.log);
        let count = report.records.iter().filter(|record| record.name() == "ping_pong_ns").count();
        assert_eq!(count, usize::from(cpus) - 1, "{:?}", report.records);
    }
}

#[test]
fn kvm_what_ends_the_second_cpu_ends_the_run_and_is_reported() {
    let report = on_second("panic", 0, PATIENCE);
    let End::Panicked(why) = &report.end else { panic!("{}", report.end) };
    assert!(why.starts_with("the scenario asked for a panic at ") && why.contains(" on CPU 1\n"), "{why}");

    let report = on_second("exception", 3, PATIENCE);
    let End::Exception(why) = &report.end else { panic!("{}", report.end) };
    assert!(why.starts_with("on CPU 1: divide error") && why.contains(", ring 3\n"), "{why}");

    // The page below the second stack.
    let report = on_second("exception", 2, PATIENCE);
    let End::Exception(why) = &report.end else { panic!("{}", report.end) };
    assert!(why.contains("write of 0x14dff8, page not present"), "{why}");

    let report = on_second("triple-fault", 0, PATIENCE);
    assert!(matches!(report.end, End::TripleFault(_)), "{}", report.end);
}

#[test]
fn kvm_the_deadline_holds_with_two_cpus_busy_or_asleep() {
    for scenario in ["hang", "idle"] {
        let report = on_second(scenario, 0, Duration::from_millis(500));
        let End::Deadline { registers, .. } = &report.end else { panic!("{scenario}: {}", report.end) };
        assert_eq!(registers.iter().map(|r| r.cpu).collect::<Vec<_>>(), [0, 1], "{}", report.end);
        let place = registers[1].function.as_deref().unwrap_or("");
        assert!(scenario == "idle" || place.starts_with("parakit_kernel::selftest::End::come+0x"), "{place}");
    }
}

/// Sets a line to the level that the guest asks for.
struct SetLine(Arc<dyn IntxLine>);

impl Hooks for SetLine {
    fn signal(&mut self, code: u32, argument: u64) -> u64 {
        if code == signal::PHASE {
            self.0.set(argument != 0);
        }
        0
    }

    fn log(&mut self, _text: &str) {}

    fn cancelled(&self) -> bool {
        false
    }
}

#[test]
fn kvm_a_line_interrupts_as_long_as_it_is_asserted() {
    for boot in [Boot::Direct, Boot::Pvh] {
        for function in [0, 3] {
            let pin = u64::from(Machine::intx_pin(function));
            let machine = machine(boot, 1, "level", [pin, 0], DeviceType::BLOCK, PATIENCE);
            let mut line = SetLine(machine.intx(function));
            let report = machine.run(&mut line);
            assert_eq!(report.end, End::Passed, "{boot:?} {function}: {}", report.log);
        }
    }
}

/// Sends the messages that the guest asks for, each as another vector of one function.
struct Send {
    messages: Arc<dyn MsiSink>,
    vectors: u16,
    next: u16,
}

impl Hooks for Send {
    fn signal(&mut self, code: u32, argument: u64) -> u64 {
        if code == signal::PHASE {
            let message = Message { address: argument >> 32, data: argument as u32 };
            self.messages.configure(self.next, Some(message));
            self.messages.raise(self.next);
            // Not one of these is to arrive: a vector without a message, one that writes to memory, one whose message was taken away.
            self.messages.raise(u16::MAX);
            self.messages.configure(u16::MAX - 1, Some(Message { address: 0x20_0000, ..message }));
            self.messages.raise(u16::MAX - 1);
            self.messages.configure(u16::MAX - 2, Some(message));
            self.messages.configure(u16::MAX - 2, None);
            self.messages.raise(u16::MAX - 2);
            self.next = (self.next + 1) % self.vectors;
        }
        0
    }

    fn log(&mut self, _text: &str) {}

    fn cancelled(&self) -> bool {
        false
    }
}

#[test]
fn kvm_messages_reach_the_cpu_that_they_name() {
    // More vectors than there are routes: those beyond take another way.
    for (cpus, vectors, rounds) in [(1, 1, 50), (2, 3, 100), (3, 400, 600)] {
        let machine = machine(Boot::Direct, cpus, "message", [rounds, 0], DeviceType::BLOCK, PATIENCE);
        let mut send = Send { messages: machine.messages(), vectors, next: 0 };
        let report = machine.run(&mut send);
        assert_eq!(report.end, End::Passed, "{cpus} CPUs, {vectors} vectors: {}", report.log);
        println!("{cpus} CPUs, {vectors} vectors: {:?}", report.elapsed);
    }
}

/// Runs the kernel as another VMM would, which writes no mailbox: with this command line instead of the harness's own.
fn without_mailbox(command_line: &str) -> MachineReport {
    let machine = machine(Boot::Pvh, 1, "", [0; 2], DeviceType::BLOCK, PATIENCE);
    let memory = machine.memory().clone();
    let mut low = vec![0; usize::try_from(MAILBOX_ADDRESS).unwrap()];
    memory.read_slice(&mut low, GuestAddress(0)).unwrap();
    let key = b"parakit.mailbox=";
    let at = low.windows(key.len()).position(|window| window == key).unwrap();
    memory.write_slice(format!("{command_line}\0").as_bytes(), GuestAddress(at as u64)).unwrap();
    machine.run(&mut RaiseOnSignal(Vec::new()))
}

#[test]
fn kvm_without_a_mailbox_command_line_and_debug_console_say_the_same() {
    let report = without_mailbox("console=ttyS0 parakit.scenario=interrupt-self-test parakit.params=0x14,1");
    let lines: Vec<_> = report.log.lines().collect();
    let [running, record, end] = lines[..] else { panic!("{lines:?}") };
    assert_eq!((running, end), ("parakit: running interrupt-self-test", "parakit: passed"));
    assert!(record.starts_with("parakit: record timer_wake_ns "), "{record}");
    assert!(matches!(report.end, End::NoVerdict { code: 0, .. }), "{}", report.end);

    let report = without_mailbox("parakit.scenario=log-flood parakit.params=3");
    assert_eq!(report.log.lines().count(), 5, "{}", report.log);

    let report = without_mailbox("parakit.scenario=exception parakit.params=3");
    assert!(report.log.contains("\nparakit: exception: divide error"), "{}", report.log);
    assert!(matches!(report.end, End::Exception(_)), "{}", report.end);

    let report = without_mailbox("quiet");
    assert!(report.log.contains("\nparakit: unknown scenario: "), "{}", report.log);

    let report = without_mailbox("parakit.mailbox=0x100000000000");
    assert!(
        report.log.starts_with("parakit: panicked: there is no mailbox of version 1 at 0x1000000"),
        "{}",
        report.log
    );
    assert!(matches!(report.end, End::Panicked(_)), "{}", report.end);
}
