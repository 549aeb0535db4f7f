//! Linux with busybox under QEMU, an instruction at a time: a guest and a VMM that are not ours.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use xtask::initramfs::Archive;
use xtask::programs::on_path;

/// Time that a guest gets: many times what it needs, since machines differ.
pub const DEADLINE: Duration = Duration::from_secs(300);

/// What it takes.
#[derive(Clone, Debug)]
pub struct Linux {
    qemu: PathBuf,
    kernel: PathBuf,
    modules: PathBuf,
    busybox: PathBuf,
}

impl Linux {
    /// QEMU on `PATH`, and Linux and busybox where `PARAKIT_LINUX`, `PARAKIT_LINUX_MODULES` and `PARAKIT_BUSYBOX` say that they are. Where one is
    /// missing it says so, and the test is left out.
    ///
    /// # Panics
    /// If one is missing and `PARAKIT_REQUIRE_QEMU` is 1.
    #[must_use]
    pub fn found() -> Option<Self> {
        let named = |name: &str| {
            let path = std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
            path.filter(|path| path.exists()).ok_or_else(|| format!("{name} names nothing that is there"))
        };
        let found = (|| {
            Ok::<_, String>(Self {
                qemu: on_path("qemu-system-x86_64").ok_or("there is no qemu-system-x86_64 on PATH")?,
                kernel: named("PARAKIT_LINUX")?,
                modules: named("PARAKIT_LINUX_MODULES")?,
                busybox: named("PARAKIT_BUSYBOX")?,
            })
        })();
        match found {
            Ok(linux) => Some(linux),
            Err(why) => {
                assert!(std::env::var_os("PARAKIT_REQUIRE_QEMU").is_none_or(|v| v != "1"), "needed here: {why}");
                println!("LEFT OUT: {why}; `cargo xtask ci tools` fetches it, `cargo xtask test` finds it then");
                None
            }
        }
    }

    /// Makes an initial RAM disk in `folder`: busybox, these modules and what they depend on, loaded, then `script`, then the end of the machine.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn initrd(&self, folder: &Path, modules: &[&str], script: &str) -> PathBuf {
        let init = format!(
            "#!/bin/busybox sh\n/bin/busybox --install -s /bin\nmount -t proc p /proc\nmount -t sysfs s /sys\n\
             mount -t devtmpfs d /dev\n. /modules/load\n{script}\nsync\npoweroff -f\n"
        );
        let archive = || {
            let mut archive = Archive::new()?;
            archive.program("bin/busybox", &fs::read(&self.busybox)?)?;
            archive.program("init", init.as_bytes())?;
            archive.modules(&self.modules, modules)?;
            let file = folder.join("initrd");
            fs::write(&file, archive.finish()?)?;
            Ok::<_, std::io::Error>(file)
        };
        archive().unwrap_or_else(|error| panic!("no initial RAM disk: {error}"))
    }

    /// Starts QEMU with this initial RAM disk and these arguments besides; guest memory is shared, so that back ends can have it.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start(&self, folder: &Path, initrd: &Path, arguments: &[String]) -> Vm {
        let output = folder.join("console");
        let said = File::create(&output).expect("a file for what it says");
        let errors = said.try_clone().expect("the file again");
        let mut command = Command::new(&self.qemu);
        command
            .args(["-M", "q35,memory-backend=mem", "-accel", "tcg", "-nodefaults", "-display", "none", "-no-reboot"])
            .args(["-object", "memory-backend-memfd,id=mem,size=256M,share=on", "-serial", "stdio"])
            .arg("-kernel")
            .arg(&self.kernel)
            .arg("-initrd")
            .arg(initrd)
            .args(["-append", "console=ttyS0 quiet panic=-1 tsc=unstable nokaslr mitigations=off random.trust_cpu=on"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(said)
            .stderr(errors);
        // SAFETY: between fork and exec the closure makes one system call, which touches no memory.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
        Vm { child: command.spawn().expect("QEMU starts"), output }
    }
}

/// A running QEMU; dropping it ends it.
#[derive(Debug)]
pub struct Vm {
    child: Child,
    output: PathBuf,
}

impl Vm {
    /// What it has said so far.
    #[must_use]
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.output).unwrap_or_default()).into_owned()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// If it cannot be sent.
    pub fn signal(&self, signal: i32) {
        let pid = i32::try_from(self.child.id()).expect("a process id");
        // SAFETY: the call sends a signal to a child that has not been waited for.
        assert_eq!(unsafe { libc::kill(pid, signal) }, 0, "signal {signal}");
    }

    /// Waits until it has ended, and returns what it said.
    ///
    /// # Panics
    /// If it does not within [`DEADLINE`].
    #[must_use]
    pub fn finish(mut self) -> String {
        let begun = Instant::now();
        while self.child.try_wait().expect("QEMU can be waited for").is_none() {
            assert!(begun.elapsed() < DEADLINE, "QEMU does not end: {}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
        self.said()
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}
