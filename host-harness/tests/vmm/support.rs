//! What the tests share: KVM or a loud excuse, hooks that remember, machines that are ready to run.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parakit_harness::vmm::{Boot, Kernel, KvmHost, KvmOptions, Machine, MachineConfig, MailboxInit};

/// Long enough for anything that ends by itself, on a busy machine.
pub(crate) const PLENTY: Duration = Duration::from_secs(60);
/// For guests that never end.
pub(crate) const SOON: Duration = Duration::from_millis(200);

/// KVM, or `None` and a line that says what is left out. With `PARAKIT_REQUIRE_KVM` set, its absence is a failure.
pub(crate) fn kvm() -> Option<&'static KvmHost> {
    static HOST: OnceLock<Option<KvmHost>> = OnceLock::new();
    let host = HOST.get_or_init(|| match KvmHost::open(&KvmOptions::from_env()) {
        Ok(host) => Some(host),
        Err(e) => {
            assert!(std::env::var_os("PARAKIT_REQUIRE_KVM").is_none(), "{e}");
            eprintln!("LEFT OUT: {e}");
            None
        }
    });
    if host.is_none() {
        eprintln!("LEFT OUT: {} needs KVM", std::thread::current().name().unwrap_or("a test"));
    }
    host.as_ref()
}

/// A configuration with 64 MiB, no devices and plenty of time.
pub(crate) fn config(kernel: Kernel, boot: Boot) -> MachineConfig {
    MachineConfig { memory_bytes: 64 << 20, cpus: 1, kernel, boot, mailbox: MailboxInit::default(), deadline: PLENTY }
}

/// Builds a machine.
pub(crate) fn machine(host: &KvmHost, config: MachineConfig) -> Machine {
    Machine::new(host, config).expect("the machine starts")
}

/// Remembers what the guest said.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) signals: Vec<(u32, u64)>,
    pub(crate) log: String,
    pub(crate) cancel: AtomicBool,
    /// Called at each signal; its result is the answer.
    pub(crate) on_signal: Option<Box<dyn FnMut(u32, u64) -> u64>>,
}

impl parakit_harness::vmm::Hooks for Hooks {
    fn signal(&mut self, code: u32, argument: u64) -> u64 {
        self.signals.push((code, argument));
        self.on_signal.as_mut().map_or(0, |f| f(code, argument))
    }
    fn log(&mut self, text: &str) {
        self.log += text;
    }
    fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}
