//! Our devices under Linux's drivers: QEMU runs a guest of Debian's, an instruction at a time, and has its devices from here over vhost-user.
//!
//! What the judge says of Linux is a test of the judge: it is to say nothing against it.

use std::fs;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parakit_abi::requirement::{RequirementId, id};
use parakit_harness::scenario::foreign::Device;
use parakit_harness::scenario::serve::{Serve, ServeError, Served};
use parakit_harness::scenario::{Outcome, RunRecord};
use parakit_harness::vmm::End;
use parakit_tests::linux::{DEADLINE, Linux, Vm};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// Devices that are being served, in a folder of their own.
struct Serving {
    folder: TempDir,
    cancelled: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<RunRecord, ServeError>>>,
}

impl Serving {
    /// Serves these devices at the sockets `0`, `1` and so on.
    fn begin(folder: TempDir, devices: &[&str], offer: &str) -> Self {
        let socket = |i: usize| folder.path().join(i.to_string());
        let served = devices.iter().enumerate().map(|(i, spec)| Served {
            device: Device::for_front_end(spec).unwrap_or_else(|e| panic!("{spec}: {e}")),
            socket: socket(i),
        });
        let mut serve = Serve::new(served.collect(), 7);
        serve.offer = offer.parse().expect("an offer");
        (serve.wait, serve.run_for) = (DEADLINE, Some(DEADLINE));
        let cancelled = Arc::clone(&serve.cancelled);
        let thread = std::thread::spawn(move || serve.run());
        let begun = Instant::now();
        while !(0..devices.len()).all(|i| socket(i).exists()) {
            assert!(!thread.is_finished() && begun.elapsed() < DEADLINE, "the sockets are made");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { folder, cancelled, thread: Some(thread) }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A socket as an argument of QEMU's.
    fn chardev(&self, i: usize) -> String {
        format!("socket,id=c{i},path={}", self.path().join(i.to_string()).display())
    }

    /// What the guest said and what was judged, once QEMU has ended; and the folder.
    fn finish(mut self, vm: Vm) -> (String, RunRecord, TempDir) {
        let said = vm.finish();
        let run = self.thread.take().expect("served once").join().expect("serving does not panic");
        let run = run.unwrap_or_else(|error| panic!("{error}; the guest said: {said}"));
        assert!(!self.path().join("0").exists(), "the socket is gone");
        (said, run, std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder")))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _run = thread.join();
        }
    }
}

/// Holds that the run went through and that nothing is said against Linux, and that these rules were seen to be kept.
#[track_caller]
fn assert_clean(run: &RunRecord, said: &str, kept: &[RequirementId]) {
    let violations: Vec<_> = run.violations().map(|(id, entry)| (id.get().id, &entry.evidence)).collect();
    assert!(violations.is_empty(), "{violations:#?}");
    // Nothing was left running.
    let end = End::Disconnected { running: Vec::new() };
    assert_eq!((run.outcome(), &run.end), (Outcome::Passed, &end), "{:?}\n{said}", run.troubles);
    let passed: Vec<_> = run.passed().collect();
    for id in kept {
        assert!(passed.contains(id), "{} is not exercised; passed: {passed:?}", id.get().id);
    }
}

/// What follows `key` on the first line that begins with it.
#[track_caller]
fn value<'t>(said: &'t str, key: &str) -> &'t str {
    let line = said.lines().find_map(|line| line.trim_end().strip_prefix(key)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("the guest says nothing of {key}: {said}"))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that differ everywhere.
fn pattern(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let words = (0..len / 8).flat_map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.collect()
}

const DISK: &str = "
echo BEFORE $(dd if=/dev/vda bs=64k iflag=direct 2>/dev/null | sha256sum)
dd if=/dev/vda of=/half bs=1M count=4 2>/dev/null
dd if=/half of=/dev/vda bs=256k seek=16 oflag=direct 2>/dev/null &
dd if=/dev/vda of=/dev/null bs=4k count=256 iflag=direct 2>/dev/null
wait
sync
echo AFTER $(dd if=/dev/vda bs=1M iflag=direct 2>/dev/null | sha256sum)
echo QUEUES $(ls /sys/block/vda/mq | wc -l)
echo ENTROPY $(cat /sys/class/misc/hw_random/rng_current) $(dd if=/dev/hwrng bs=512 count=8 2>/dev/null | wc -c)
";

/// Waits until the guest has said this.
#[track_caller]
fn wait_for(vm: &Vm, word: &str) {
    let begun = Instant::now();
    while !vm.said().contains(word) {
        assert!(begun.elapsed() < DEADLINE, "the guest does not say {word}: {}", vm.said());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The guest pauses three times while it works on its disk: its rings go on where they were.
fn pause(vm: &Vm, monitor: &Path) {
    wait_for(vm, "BEFORE");
    let mut monitor = UnixStream::connect(monitor).expect("QEMU's monitor");
    for command in ["stop\n", "cont\n"].repeat(3) {
        // The guest may have come to its end.
        if monitor.write_all(command.as_bytes()).is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(150));
    }
}

/// Linux reads and writes a disk, and reads entropy, with these features and so many queues.
fn disk(packed: bool, more: bool, queues: usize) {
    let Some(linux) = Linux::found() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let image = folder.path().join("disk.img");
    let before = pattern(8 << 20);
    fs::write(&image, &before).expect("an image");
    let mut offer = if packed { "+packed" } else { "-packed" }.to_owned();
    if !more {
        offer.push_str(",-event_idx,-indirect");
    }
    let block = format!("block={},write", image.display());
    let served = Serving::begin(folder, &[&block, "entropy"], &offer);
    let initrd = linux.initrd(served.path(), &["virtio_pci", "virtio_blk", "virtio-rng"], DISK);
    let ring = if packed { ",packed=on" } else { "" };
    let arguments = [
        ["-smp".to_owned(), queues.to_string()],
        ["-chardev".to_owned(), served.chardev(0)],
        ["-device".to_owned(), format!("vhost-user-blk-pci,chardev=c0,num-queues={queues}{ring}")],
        ["-chardev".to_owned(), served.chardev(1)],
        ["-device".to_owned(), format!("vhost-user-rng-pci,chardev=c1{ring}")],
        ["-monitor".to_owned(), format!("unix:{},server,nowait", served.path().join("monitor").display())],
    ];
    let vm = linux.start(served.path(), &initrd, arguments.as_flattened());
    if queues > 1 {
        pause(&vm, &served.path().join("monitor"));
    }
    let (said, run, folder) = served.finish(vm);
    let after = fs::read(folder.path().join("disk.img")).expect("the image");
    assert_eq!(value(&said, "BEFORE"), format!("{} -", sha256(&before)));
    assert_eq!(value(&said, "AFTER"), format!("{} -", sha256(&after)));
    assert_eq!(after[..4 << 20], before[..4 << 20], "the first half stays");
    assert_eq!(after[4 << 20..], before[..4 << 20], "the second half is the first");
    assert_eq!(value(&said, "QUEUES"), queues.to_string());
    assert_eq!(value(&said, "ENTROPY"), "virtio_rng.0 4096");
    let agreed: Vec<_> = run.negotiated.iter().map(|agreed| agreed.short()).collect();
    let expected = format!("vhost-user {} {}", if packed { "packed" } else { "split" }, if more { "ei" } else { "-" });
    assert_eq!(agreed, [expected.clone(), expected]);
    let ring = match (packed, more) {
        (false, true) => vec![id::VQ_SPLIT_DRV_AVAIL_1, id::VQ_SPLIT_DRV_DESC_1, id::VQ_SPLIT_DRV_AVAILNOTIF_6],
        (false, false) => vec![id::VQ_SPLIT_DRV_INDIRECT_1, id::VQ_SPLIT_DRV_AVAILNOTIF_4],
        (true, true) => vec![id::VQ_PACKED_DRV_DESC_2, id::VQ_PACKED_DRV_KICK_1, id::VQ_PACKED_DRV_INDIRECT_3],
        (true, false) => vec![id::VQ_PACKED_DRV_DESC_1, id::VQ_PACKED_DRV_SG_5, id::VQ_PACKED_DRV_KICK_1],
    };
    let devices = vec![id::BLK_DRV_OP_2, id::BLK_DRV_OP_6, id::RNG_DRV_OP_1, id::INIT_DRV_CLEANUP_1];
    assert_clean(&run, &said, &[ring, devices].concat());
}

#[test]
fn qemu_serve_split() {
    disk(false, true, 1);
}

#[test]
fn qemu_serve_packed_two_queues() {
    disk(true, true, 2);
}

#[test]
fn qemu_serve_split_plain_two_queues() {
    disk(false, false, 2);
}

#[test]
fn qemu_serve_packed_plain() {
    disk(true, false, 1);
}

const NET: &str = "
ip link set eth0 up
udhcpc -i eth0 -n -q -s /bin/true 2>&1 | grep lease
ip addr add 10.0.2.15/24 dev eth0
ping -c 3 10.0.2.2 | grep received
echo ECHO $(echo through the rings | nc -w 5 10.0.2.2 7)
";

#[test]
fn qemu_serve_net() {
    let Some(linux) = Linux::found() else { return };
    let served = Serving::begin(tempfile::tempdir().expect("a folder"), &["net"], "+packed");
    let initrd = linux.initrd(served.path(), &["virtio_pci", "virtio_net"], NET);
    let arguments = [
        ["-chardev".to_owned(), served.chardev(0)],
        ["-netdev".to_owned(), "vhost-user,id=n,chardev=c0,queues=2".to_owned()],
        ["-device".to_owned(), "virtio-net-pci,netdev=n,mq=on,vectors=6,packed=on,romfile=".to_owned()],
    ];
    let vm = linux.start(served.path(), &initrd, arguments.as_flattened());
    let (said, run, _folder) = served.finish(vm);
    assert!(said.contains("lease of 10.0.2.15 obtained from 10.0.2.2"), "{said}");
    assert!(said.contains("3 packets received"), "{said}");
    assert_eq!(value(&said, "ECHO"), "through the rings");
    assert_clean(&run, &said, &[id::VQ_PACKED_DRV_DESC_2, id::VQ_PACKED_DRV_KICK_1, id::INIT_DRV_CLEANUP_1]);
}

const INPUT: &str = "
grep -q 'parakit keyboard' /proc/bus/input/devices && echo KEYBOARD found
for led in /sys/class/leds/*capslock/brightness; do echo 1 > $led; done
ls -d /dev/vsock
";

/// A keyboard, whose lights the guest switches, and sockets, for which it makes buffers available.
#[test]
fn qemu_serve_input_and_sockets() {
    let Some(linux) = Linux::found() else { return };
    let served = Serving::begin(tempfile::tempdir().expect("a folder"), &["input", "vsock"], "-packed");
    let modules = ["virtio_pci", "evdev", "virtio_input", "vmw_vsock_virtio_transport"];
    let initrd = linux.initrd(served.path(), &modules, INPUT);
    let arguments = [
        ["-chardev".to_owned(), served.chardev(0)],
        ["-device".to_owned(), "vhost-user-input-pci,chardev=c0".to_owned()],
        ["-chardev".to_owned(), served.chardev(1)],
        ["-device".to_owned(), "vhost-user-vsock-pci,chardev=c1".to_owned()],
    ];
    let vm = linux.start(served.path(), &initrd, arguments.as_flattened());
    let (said, run, _folder) = served.finish(vm);
    assert_eq!(value(&said, "KEYBOARD"), "found");
    assert!(said.contains("/dev/vsock"), "{said}");
    let agreed: Vec<_> = run.negotiated.iter().map(|agreed| agreed.device.as_str()).collect();
    assert_eq!(agreed, ["input0", "vsock0"]);
    assert!(run.traffic.requests >= 1, "the lights are told to the keyboard: {:?}", run.traffic);
    assert_clean(&run, &said, &[id::VQ_SPLIT_DRV_LAYOUT_1, id::VQ_SPLIT_DRV_AVAIL_1]);
}

/// How QEMU is brought to its end.
enum Way {
    Quit,
    Signal(i32),
}

/// What is left running by a QEMU that ends so while its guest has its device.
fn left_running(linux: &Linux, way: &Way) -> Vec<String> {
    let served = Serving::begin(tempfile::tempdir().expect("a folder"), &["entropy"], "");
    let script = "dd if=/dev/hwrng of=/dev/null bs=64 count=1 2>/dev/null\necho ITS DEVICE WORKS\nsleep 100000";
    let initrd = linux.initrd(served.path(), &["virtio_pci", "virtio-rng"], script);
    let monitor = served.path().join("monitor");
    let arguments = [
        ["-chardev".to_owned(), served.chardev(0)],
        ["-device".to_owned(), "vhost-user-rng-pci,chardev=c0".to_owned()],
        ["-monitor".to_owned(), format!("unix:{},server,nowait", monitor.display())],
    ];
    let vm = linux.start(served.path(), &initrd, arguments.as_flattened());
    wait_for(&vm, "ITS DEVICE WORKS");
    match way {
        Way::Quit => {
            let mut monitor = UnixStream::connect(monitor).expect("QEMU's monitor");
            monitor.write_all(b"quit\n").expect("QEMU listens");
        }
        Way::Signal(signal) => vm.signal(*signal),
    }
    let (said, run, _folder) = served.finish(vm);
    assert_eq!(run.outcome(), Outcome::Passed, "{:?}\n{said}", run.troubles);
    match run.end {
        End::Disconnected { running } => running,
        end => panic!("{end}"),
    }
}

/// QEMU stops its queues before it goes, whatever its guest is doing, unless it is killed.
#[test]
fn qemu_serve_ends_of_qemu() {
    let Some(linux) = Linux::found() else { return };
    assert_eq!(left_running(&linux, &Way::Quit), [""; 0]);
    assert_eq!(left_running(&linux, &Way::Signal(libc::SIGTERM)), [""; 0]);
    assert_eq!(left_running(&linux, &Way::Signal(libc::SIGKILL)), ["queue 0 of entropy0"]);
}
