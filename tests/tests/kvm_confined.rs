//! The threads that run a guest on KVM, confined: what has a filter, and what a run ends with when somebody wants more than is his.

use std::fs::File;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::feature::Features;
use parakit_abi::mailbox::PARAMS;
use parakit_harness::device::{Counters, DeviceModel, Entropy, Outcome};
use parakit_harness::observe::EventLog;
use parakit_harness::queue::Request;
use parakit_harness::transport::RegisterBlock;
use parakit_harness::transport::device::{DeviceOptions, VirtioDevice};
use parakit_harness::vmm::{
    Boot, End, Hooks, Kernel, KvmHost, KvmOptions, Machine, MachineConfig, MachineReport, MailboxInit,
};

/// Far more than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Notes the threads of this process that run guests, and how they are confined.
#[derive(Default)]
struct Threads(Vec<(String, String)>);

impl Threads {
    fn look(&mut self) {
        for task in std::fs::read_dir("/proc/self/task").unwrap() {
            let path = task.unwrap().path();
            // A thread may end while it is looked at.
            let (Ok(name), Ok(status)) =
                (std::fs::read_to_string(path.join("comm")), std::fs::read_to_string(path.join("status")))
            else {
                continue;
            };
            let name = name.trim().to_owned();
            let mode = status.lines().find_map(|line| line.strip_prefix("Seccomp:")).unwrap_or("").trim().to_owned();
            if !self.0.contains(&(name.clone(), mode.clone())) {
                self.0.push((name, mode));
            }
        }
    }
}

impl Hooks for Threads {
    fn signal(&mut self, _code: u32, _argument: u64) -> u64 {
        0
    }

    fn log(&mut self, _text: &str) {}

    fn cancelled(&self) -> bool {
        false
    }
}

fn machine(workload: &str, cpus: u16, param: u64) -> Machine {
    let host = KvmHost::open(&KvmOptions::from_env()).unwrap();
    let mut params = [0; PARAMS];
    params[0] = param;
    let config = MachineConfig {
        memory_bytes: 64 << 20,
        cpus,
        kernel: Kernel::read(&parakit_tests::kernel_path()).unwrap(),
        boot: Boot::Direct,
        mailbox: MailboxInit {
            scenario: workload.into(),
            params,
            devices: vec![DeviceType::ENTROPY.0],
            ..MailboxInit::default()
        },
        deadline: PATIENCE,
    };
    Machine::new(&host, config).unwrap()
}

/// Runs the entropy workload with this model.
fn entropy(model: impl DeviceModel + 'static) -> MachineReport {
    let mut machine = machine("entropy", 1, 0);
    let (memory, line) = (machine.memory().clone(), machine.interrupt_line(0).unwrap());
    let mut options = DeviceOptions::new(0, "entropy0", Box::new(model), memory, EventLog::off(), line);
    options.doorbells = Some(machine.doorbells());
    let device = VirtioDevice::new(options).unwrap();
    let worker = device.start().unwrap();
    machine.depend_on(&worker);
    assert!(machine.attach(0, Arc::new(device)));
    let report = machine.run(&mut Threads::default());
    drop(worker);
    report
}

/// An entropy source that does something else as well.
struct Odd(Entropy, fn());

impl DeviceModel for Odd {
    fn device_type(&self) -> DeviceType {
        self.0.device_type()
    }

    fn features(&self) -> Features {
        self.0.features()
    }

    fn queues(&self) -> Vec<u16> {
        self.0.queues()
    }

    fn config(&self) -> Vec<u8> {
        self.0.config()
    }

    fn write_config(&mut self, offset: usize, data: &[u8]) {
        self.0.write_config(offset, data);
    }

    fn reset(&mut self) {
        self.0.reset();
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        (self.1)();
        self.0.process(queue, request)
    }

    fn counters(&self) -> Counters {
        self.0.counters()
    }
}

/// Registers whose reader opens a file.
struct Opens(AtomicBool);

impl RegisterBlock for Opens {
    fn read(&self, _offset: u64, data: &mut [u8]) {
        data.fill(0);
        let refused = File::open("/proc/self/maps").is_err_and(|e| e.kind() == ErrorKind::PermissionDenied);
        self.0.store(refused, Ordering::Relaxed);
    }

    fn write(&self, _offset: u64, _data: &[u8]) {}
}

/// Looks at the threads from the device's thread... which may not; so from one that watches from outside while the guest idles.
#[test]
fn kvm_vcpus_and_devices_have_filters_and_the_supervisor_has_none() {
    let mut machine = machine("hang", 2, 0);
    let (memory, line) = (machine.memory().clone(), machine.interrupt_line(0).unwrap());
    let options = DeviceOptions::new(0, "entropy0", Box::new(Entropy::default()), memory, EventLog::off(), line);
    let device = VirtioDevice::new(options).unwrap();
    let worker = device.start().unwrap();
    assert!(machine.attach(0, Arc::new(device)));
    // Such a line has a thread of its own.
    let intx = machine.intx(0);
    let seen = Arc::new(std::sync::Mutex::new(Threads::default()));
    let mut hooks = Watch(Arc::clone(&seen), std::cell::Cell::new(0));
    let report = machine.run(&mut hooks);
    drop((worker, intx));
    assert_eq!(report.end, End::Cancelled, "{}", report.end);
    let seen = &seen.lock().unwrap().0;
    let modes = |name: &str| seen.iter().filter(|(n, _)| n == name).map(|(_, mode)| mode.as_str()).collect::<Vec<_>>();
    // Threads of other tests of this process are among them, and these may be about to be confined.
    for name in ["vcpu0", "vcpu1", "device", "pin16"] {
        assert!(modes(name).contains(&"2"), "{name}: {seen:?}");
    }
    let own = std::thread::current();
    let own: String = own.name().unwrap_or("").chars().take(15).collect();
    assert_eq!(modes(&own), ["0"], "{own}: {seen:?}");
}

/// Looks at the threads some times, then ends the run.
struct Watch(Arc<std::sync::Mutex<Threads>>, std::cell::Cell<u32>);

impl Hooks for Watch {
    fn signal(&mut self, _code: u32, _argument: u64) -> u64 {
        0
    }

    fn log(&mut self, _text: &str) {}

    fn cancelled(&self) -> bool {
        self.0.lock().unwrap().look();
        self.1.set(self.1.get() + 1);
        self.1.get() > 20
    }
}

#[test]
fn kvm_a_device_thread_that_opens_a_file_ends_its_run() {
    let report = entropy(Odd(Entropy::default(), || {
        let error = File::open("/proc/self/maps").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    }));
    let End::HarnessFault(why) = &report.end else { panic!("{}", report.end) };
    assert!(why.starts_with("the thread of device entropy0 was stopped: it was refused the system call open"), "{why}");
    // The next run is none the worse for it.
    assert_eq!(entropy(Entropy::default()).end, End::Passed);
}

#[test]
fn kvm_a_device_thread_that_panics_ends_its_run() {
    let report = entropy(Odd(Entropy::default(), || panic!("no more entropy")));
    assert_eq!(report.end, End::HarnessFault("the thread of device entropy0 panicked: no more entropy".into()));
    assert_eq!(entropy(Entropy::default()).end, End::Passed);
}

#[test]
fn kvm_a_vcpu_thread_that_opens_a_file_ends_its_run() {
    let mut machine = machine("entropy", 1, 0);
    let block = Arc::new(Opens(AtomicBool::new(false)));
    assert!(machine.attach(0, block.clone()));
    let report = machine.run(&mut Threads::default());
    assert!(block.0.load(Ordering::Relaxed), "the file was not opened");
    let End::HarnessFault(why) = &report.end else { panic!("{}", report.end) };
    assert!(why.starts_with("the thread of vCPU 0 was stopped: it was refused the system call open"), "{why}");
}
