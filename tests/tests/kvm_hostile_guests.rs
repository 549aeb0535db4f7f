//! Guests that mean harm, on KVM: each costs its own run, which ends at its deadline at the latest, and the next run is none the worse.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use parakit_abi::boot::{MMIO_BASE, PORT_DEBUG};
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::mechanism1;
use parakit_harness::observe::event::TransportKind;
use parakit_harness::scenario::foreign::Foreign;
use parakit_harness::scenario::{Ground, RunRecord, Session};
use parakit_harness::vmm::{End, Kernel, KvmHost, KvmOptions};
use parakit_tests::code::{Code, EXIT};

/// How long guests run that do not end by themselves.
const RUN_FOR: Duration = Duration::from_millis(700);
/// When they have ended, on the slowest machine: the harness gives up on threads that do not stop after 3 seconds, and says so.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of this process's memory that a run may add: the log of events, the guest's own memory, and some.
const ROOM: u64 = 1 << 30;
/// The first serial port.
const SERIAL: u16 = 0x3f8;
/// Where rings are, when there are any.
const RING: u32 = 0x20_0000;

fn run(code: &Code, transport: TransportKind) -> RunRecord {
    let kernel = Kernel::parse("hostile", code.kernel()).unwrap();
    let mut foreign = Foreign::new(&kernel);
    foreign.transport = transport;
    foreign.devices = Foreign::default_devices();
    foreign.run_for = RUN_FOR;
    foreign.memory_bytes = 16 << 20;
    let session = Session {
        ground: Ground::Kvm { host: KvmHost::open(&KvmOptions::from_env()).unwrap(), kernel },
        image: None,
        seed: 1,
        keep_events: false,
        cancelled: Arc::new(AtomicBool::new(false)),
        log: |_| {},
        input: None,
    };
    session.run_foreign(&foreign).unwrap()
}

/// Resident memory of this process, in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// Runs the guest, which ends so, and after it one that does no harm.
#[track_caller]
fn costs_its_own_run(code: &Code, transport: TransportKind, expected: impl Fn(&End) -> bool) -> RunRecord {
    let before = resident();
    let record = run(code, transport);
    assert!(expected(&record.end), "{transport:?}: {}", record.end);
    assert!(record.elapsed < RUN_FOR + PATIENCE, "{transport:?}: {:?}", record.elapsed);
    assert!(resident() < before + ROOM, "{transport:?}: from {before} to {} bytes", resident());
    let next = run(&Code::new(0).out_byte(EXIT, 42), transport);
    assert_eq!(next.end, End::Exited(42), "the run after it");
    record
}

fn time_up(end: &End) -> bool {
    matches!(end, End::TimeUp)
}

#[test]
fn kvm_hostile_guests_that_never_answer() {
    let busy = Code::new(0);
    let begin = busy.label();
    costs_its_own_run(&busy.jump(begin), TransportKind::Mmio, time_up);
    // cli; hlt: no interrupt wakes it.
    let asleep = Code::new(0);
    let begin = asleep.label();
    costs_its_own_run(&asleep.raw(&[0xfa, 0xf4]).jump(begin), TransportKind::Pci, time_up);
}

#[test]
fn kvm_hostile_guests_that_triple_fault() {
    // An interrupt table of no entries, then an instruction that is none: lidt [RING]; ud2
    let code = Code::new(0).raw(&[0x0f, 0x01, 0x1d]).raw(&RING.to_le_bytes()).raw(&[0x0f, 0x0b]);
    costs_its_own_run(&code, TransportKind::Mmio, |end| matches!(end, End::TripleFault(_)));
}

#[test]
fn kvm_hostile_guests_that_write_anything_to_every_register() {
    for transport in [TransportKind::Mmio, TransportKind::MmioLegacy] {
        let code = Code::new(7);
        let begin = code.label();
        // Three devices of 0x1000 bytes each, of which the first 0x200 are registers and configuration.
        let code = code.random().somewhere(MMIO_BASE as u32, 0x31fc).store_random().load().jump(begin);
        let record = costs_its_own_run(&code, transport, time_up);
        assert!(record.exits.unwrap().mmio_write > 0, "{:?}", record.exits);
    }
}

#[test]
fn kvm_hostile_guests_that_write_anything_to_configuration_space() {
    let code = Code::new(9);
    let begin = code.label();
    // Any register of the first four functions: BARs over each other, commands, capabilities, MSI-X on and off. Now and then behind a BAR.
    let code = code
        .random()
        .somewhere(0x8000_0800, 0x18fc)
        .out_place(mechanism1::PORT_ADDRESS)
        .out_random(mechanism1::PORT_DATA)
        .somewhere(0xc000_0000, 0xffff)
        .store_random()
        .load()
        .jump(begin);
    let record = costs_its_own_run(&code, TransportKind::Pci, time_up);
    assert!(record.exits.unwrap().io > 0, "{:?}", record.exits);
}

#[test]
fn kvm_hostile_guests_that_fill_every_log() {
    for port in [PORT_DEBUG, SERIAL] {
        let code = Code::new(0);
        let begin = code.label();
        let record = costs_its_own_run(&code.out_byte(port, b'x').jump(begin), TransportKind::Pci, time_up);
        assert!(record.log.len() <= 1 << 20, "{} bytes of log", record.log.len());
    }
}

/// Writes a register of the first device.
fn put(code: Code, register: Register, value: u32) -> Code {
    code.store(MMIO_BASE as u32 + register.offset() as u32, value)
}

/// The first device over MMIO, live, with a queue of 16 entries whose descriptors are read and written anywhere in its rings.
fn live(seed: u32) -> Code {
    use Register as R;
    let steps = [
        (R::Status, 0),
        (R::Status, 1),
        (R::Status, 3),
        (R::DriverFeaturesSel, 1),
        (R::DriverFeatures, 1),
        (R::Status, 0xb),
        (R::QueueSel, 0),
        (R::QueueSize, 16),
        (R::QueueDescLow, RING),
        (R::QueueDriverLow, RING + 0x100),
        (R::QueueDeviceLow, RING + 0x200),
        (R::QueueReady, 1),
        (R::Status, 0xf),
    ];
    let mut code = steps.into_iter().fold(Code::new(seed), |code, (register, value)| put(code, register, value));
    for i in 0..16 {
        let at = RING + 16 * i;
        // A buffer in the rings themselves, writable; each leads to the next, the last to the first.
        code = code.store(at, RING).store(at + 8, 0x300).store(at + 12, 3 | ((i + 1) % 16) << 16);
    }
    code
}

#[test]
fn kvm_hostile_guests_that_scribble_on_rings_while_the_device_works() {
    for seed in [1, 2, 3] {
        let code = live(seed);
        let begin = code.label();
        let code = code.random().somewhere(RING, 0x3fc).store_random();
        let record = costs_its_own_run(&put(code, Register::QueueNotify, 0).jump(begin), TransportKind::Mmio, time_up);
        assert!(record.traffic.doorbells > 0, "{:?}", record.traffic);
    }
}

#[test]
fn kvm_hostile_guests_that_flood_with_notifications() {
    // With nothing to do behind them, through the doorbell; and of a queue that there is not, as accesses.
    for queue in [0, 5] {
        let code = live(0);
        let begin = code.label();
        let code = put(code, Register::QueueNotify, queue).jump(begin);
        costs_its_own_run(&code, TransportKind::Mmio, time_up);
    }
}

#[test]
fn kvm_hostile_guests_that_take_queues_away_while_they_are_in_use() {
    use Register as R;
    let code = live(5);
    let begin = code.label();
    let code = code.random().store(RING + 0x102, 0x10).somewhere(RING + 0x100, 0x1c).store_random();
    let code = put(put(code, R::QueueNotify, 0), R::QueueReady, 0);
    // Shorter, and then where no memory is.
    let code = put(put(put(code, R::QueueSize, 2), R::QueueReady, 1), R::QueueNotify, 0);
    let code = put(put(put(code, R::QueueReady, 0), R::QueueDescLow, 0xfff0_0000), R::QueueReady, 1);
    let code = put(put(code, R::QueueNotify, 0), R::Status, 0);
    // And all over again.
    let code = put(put(put(code, R::Status, 1), R::Status, 3), R::DriverFeatures, 1);
    let code = put(put(put(code, R::Status, 0xb), R::QueueDescLow, RING), R::QueueDriverLow, RING + 0x100);
    let code = put(put(put(code, R::QueueDeviceLow, RING + 0x200), R::QueueSize, 16), R::QueueReady, 1);
    costs_its_own_run(&put(code, R::Status, 0xf).jump(begin), TransportKind::Mmio, time_up);
}
