//! What a device's thread may not do, and what becomes of it when its model panics.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use parakit_abi::device::DeviceType;
use parakit_abi::feature::Features;
use parakit_abi::transport::mmio::Register;
use parakit_harness::device::{Counters, DeviceModel, Outcome};
use parakit_harness::queue::Request;
use parakit_harness::transport::device::Health;
use parakit_harness::vmm::confine;

use crate::rig::{BUFFERS, Rig, writable};

/// Does something when it gets a request.
struct Model<F>(F);

impl<F: FnMut() + Send> DeviceModel for Model<F> {
    fn device_type(&self) -> DeviceType {
        DeviceType::ENTROPY
    }

    fn features(&self) -> Features {
        Features::NONE
    }

    fn queues(&self) -> Vec<u16> {
        vec![8]
    }

    fn config(&self) -> Vec<u8> {
        Vec::new()
    }

    fn write_config(&mut self, _offset: usize, _data: &[u8]) {}

    fn reset(&mut self) {}

    fn process(&mut self, _queue: u16, _request: &mut Request<'_>) -> Outcome {
        (self.0)();
        Outcome::Used(0)
    }

    fn counters(&self) -> Counters {
        Counters::default()
    }
}

/// What the model's thread says of its end, after one request.
fn fault(model: impl FnMut() + Send + 'static) -> Option<String> {
    let mut rig = Rig::new(Model(model));
    rig.start(Features::NONE, 1, 8);
    let worker = rig.device.start().unwrap();
    let health: Health = worker.health();
    rig.push(0, &[writable(BUFFERS, 16)]);
    rig.write(Register::QueueNotify, 0);
    let begin = Instant::now();
    // The chain is used, or the thread is at its end.
    while health.fault().is_none() && rig.used(0).is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(20), "nothing comes of a request");
        std::thread::yield_now();
    }
    drop(worker);
    health.fault().map(str::to_owned)
}

/// Whether there are filters here; where there are none, says so.
fn confined() -> bool {
    let available = confine::available();
    if let Err(why) = &available {
        eprintln!("LEFT OUT: {why}");
    }
    available.is_ok()
}

#[test]
fn files_sockets_and_programs_are_refused_and_said_to_have_been() {
    if !confined() {
        return;
    }
    type Try = fn() -> io::Result<()>;
    let tries: [(Try, &str); 3] = [
        (|| File::open("/proc/self/status").map(drop), "the system call open"),
        (|| File::create("/tmp/parakit-confined-test").map(drop), "the system call open"),
        (|| TcpStream::connect("127.0.0.1:9").map(drop), "the system call socket"),
    ];
    for (attempt, what) in tries {
        let seen = Arc::new(Mutex::new(None));
        let theirs = Arc::clone(&seen);
        let fault = fault(move || *theirs.lock().unwrap() = Some(attempt().map_err(|e| e.kind())));
        assert_eq!(seen.lock().unwrap().take(), Some(Err(ErrorKind::PermissionDenied)), "{what}");
        let fault = fault.unwrap_or_default();
        assert!(fault.starts_with("the thread of device device0 was stopped: it was refused"), "{fault}");
        assert!(fault.contains(what), "{fault}");
    }
    // These fail without more: around them, no signal can come.
    let tries: [Try; 2] =
        [|| Command::new("/bin/true").status().map(drop), || std::thread::Builder::new().spawn(|| ()).map(drop)];
    for attempt in tries {
        let seen = Arc::new(Mutex::new(None));
        let theirs = Arc::clone(&seen);
        let fault = fault(move || *theirs.lock().unwrap() = Some(attempt().map_err(|e| e.kind())));
        assert_eq!(seen.lock().unwrap().take(), Some(Err(ErrorKind::PermissionDenied)));
        assert_eq!(fault, None);
    }
}

#[test]
fn memory_to_run_and_signals_to_others_are_refused() {
    if !confined() {
        return;
    }
    type Try = fn() -> i64;
    let tries: [(Try, &str); 3] = [
        (
            || {
                // SAFETY: a new mapping at an address of the system's choice; it is not used.
                let at = unsafe {
                    libc::mmap(
                        std::ptr::null_mut(),
                        4096,
                        libc::PROT_READ | libc::PROT_EXEC,
                        libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                        -1,
                        0,
                    )
                };
                if at == libc::MAP_FAILED { -1 } else { 0 }
            },
            "mmap",
        ),
        (
            // SAFETY: signal 0 asks whether there is such a process, and does nothing.
            || i64::from(unsafe { libc::kill(1, 0) }),
            "kill",
        ),
        (
            // SAFETY: asks for the size of a terminal that is none; nothing is written through the null pointer.
            || i64::from(unsafe { libc::ioctl(0, libc::TIOCGWINSZ, std::ptr::null_mut::<libc::winsize>()) }),
            "ioctl",
        ),
    ];
    for (attempt, what) in tries {
        let seen = Arc::new(Mutex::new(None));
        let theirs = Arc::clone(&seen);
        let fault = fault(move || {
            let answer = attempt();
            *theirs.lock().unwrap() = Some((answer, io::Error::last_os_error().raw_os_error()));
        });
        assert_eq!(seen.lock().unwrap().take(), Some((-1, Some(libc::EPERM))), "{what}");
        assert!(fault.unwrap_or_default().ends_with(&format!("it was refused the system call {what}")), "{what}");
    }
}

#[test]
fn the_thread_has_a_filter_and_the_one_that_started_it_has_none() {
    if !confined() {
        return;
    }
    let ours = mode(gettid());
    let seen = Arc::new(Mutex::new(0));
    let theirs = Arc::clone(&seen);
    let (mut rig, worker, begin);
    rig = Rig::new(Model(move || *theirs.lock().unwrap() = gettid()));
    rig.start(Features::NONE, 1, 8);
    worker = rig.device.start().unwrap();
    rig.push(0, &[writable(BUFFERS, 16)]);
    rig.write(Register::QueueNotify, 0);
    begin = Instant::now();
    while *seen.lock().unwrap() == 0 {
        assert!(begin.elapsed() < Duration::from_secs(20), "nothing comes of a request");
        std::thread::yield_now();
    }
    let tid = *seen.lock().unwrap();
    assert_eq!(mode(tid), "2", "a filter");
    assert_eq!(mode(gettid()), ours, "nobody else has a new one");
    drop(worker);
}

fn gettid() -> i32 {
    // SAFETY: it has no arguments and cannot fail.
    unsafe { libc::gettid() }
}

/// The seccomp mode of a thread of this process.
fn mode(tid: i32) -> String {
    let status = std::fs::read_to_string(format!("/proc/self/task/{tid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("Seccomp:")).unwrap();
    line.trim().to_owned()
}

#[test]
fn a_panic_of_a_model_is_told() {
    let why = fault(|| panic!("chain {} is too much", 3)).unwrap_or_default();
    assert_eq!(why, "the thread of device device0 panicked: chain 3 is too much");
}

#[test]
fn what_models_do_all_the_time_is_no_fault() {
    let usual: [fn(); 4] = [
        || {
            // So much that the allocator gives some of it back.
            let blocks: Vec<Vec<u8>> = (0..200).map(|i| vec![1; i * 1000]).collect();
            assert!(blocks.iter().all(|block| block.iter().all(|byte| *byte == 1)));
        },
        || std::thread::sleep(Duration::from_millis(1)),
        || getrandom::fill(&mut [0; 64]).unwrap(),
        || print!(""),
    ];
    for (i, act) in usual.into_iter().enumerate() {
        assert_eq!(fault(act), None, "act {i}");
    }
}
