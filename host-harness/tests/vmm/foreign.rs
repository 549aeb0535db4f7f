//! Machines for kernels that do not know Parakit: the ends they come to, and what they are refused for.

use std::time::Duration;

use parakit_harness::vmm::{Boot, Discovery, End, ForeignBus, ForeignConfig, Kernel, Machine};

use super::guest::ring0;
use super::support::{Hooks, PLENTY, kvm};

fn config(kernel: Kernel, boot: Boot) -> ForeignConfig {
    ForeignConfig {
        memory_bytes: 64 << 20,
        cpus: 1,
        kernel,
        boot,
        initrd: None,
        command_line: String::new(),
        transport: ForeignBus::Mmio,
        devices: 0,
        discovery: Discovery::default(),
        run_for: PLENTY,
    }
}

/// `mov dx, port; mov al, value; out dx, al`
fn out(port: u16, value: u8) -> Vec<u8> {
    let [low, high] = port.to_le_bytes();
    vec![0x66, 0xba, low, high, 0xb0, value, 0xee]
}

#[test]
fn kvm_a_foreign_kernel_prints_and_ends_as_it_likes() {
    let Some(host) = kvm() else { return };
    let forever = vec![0xeb, 0xfe];
    for (port, value, end) in [
        (0xf4, 42, Some(End::Exited(42))),
        (0x64, 0xfe, Some(End::Reset)),
        (0xcf9, 6, Some(End::Reset)),
        (0x605, 0x20, Some(End::PowerOff)),
        (0x80, 0, None),
    ] {
        let code = [out(0x3f8, b'h'), out(0xe9, b'i'), out(port, value), forever.clone()].concat();
        let run_for = if end.is_some() { PLENTY } else { Duration::from_millis(200) };
        let machine = Machine::foreign(host, ForeignConfig { run_for, ..config(ring0(&code), Boot::Pvh) });
        let mut hooks = Hooks::default();
        let report = machine.expect("the machine starts").run(&mut hooks);
        assert_eq!(report.end, end.unwrap_or(End::TimeUp), "{port:#x}");
        assert!(report.end.orderly() && !report.end.passed());
        assert_eq!((report.log.as_str(), hooks.log.as_str()), ("hi", "hi"));
    }
}
