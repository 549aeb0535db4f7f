//! The kit on aarch64 and riscv64: QEMU's devices under its drivers and probes there. `cargo xtask test --only other-cpus` builds the kernels,
//! and names them by `PARAKIT_KERNEL_AARCH64` and `PARAKIT_KERNEL_RISCV64`.

use std::path::PathBuf;
use std::process::Command;

use parakit_tests::command::{harness, qemu_for_or_left_out, run};
use parakit_tests::qemu::check;
use serde_json::Value;

/// On machines whose PCI memory is an alias, the window in configuration space ends QEMU.
const WINDOW: (&str, &str) = ("probe-pci", "virtio_address_space_lookup: Assertion `mrs.mr' failed");

/// The kernel for a processor.
fn kernel(arch: &str) -> PathBuf {
    let variable = format!("PARAKIT_KERNEL_{}", arch.to_uppercase());
    let path = std::env::var_os(&variable).unwrap_or_else(|| {
        panic!("{variable} does not name the built kernel: run this test with `cargo xtask test --only other-cpus`")
    });
    path.into()
}

/// The harness on the kernel for `arch`; `None` if there is no QEMU for it.
fn on(arch: &str, arguments: &[&str], test: &str) -> Option<Command> {
    let there = qemu_for_or_left_out(arch, test);
    there.then(|| {
        let mut command = harness(&[&["--arch", arch], arguments].concat());
        command.env("PARAKIT_KERNEL", kernel(arch));
        command
    })
}

/// Every scenario passes but those in which QEMU's devices fail on x86-64, too.
fn matrix(arch: &str, probed: &[&str], test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("report.json");
    let to = json.display().to_string();
    let Some(mut command) = on(arch, &["--vmm", "qemu", "--json", &to, "-q"], test) else { return };
    let ran = run(&mut command);
    assert!(matches!(ran.status, Some(0 | 1)), "{ran:#?}");
    let report: Value = serde_json::from_slice(&std::fs::read(&json).expect("the report was written")).unwrap();
    let runs = report["runs"].as_array().unwrap();
    let passed = check(&report, |scenario, end| scenario == WINDOW.0 && end.contains(WINDOW.1));
    println!("{arch}: {} scenarios; workloads that passed: {passed:?}", runs.len());
    for way in probed {
        let name = format!("probe-core.{way}");
        assert!(runs.iter().any(|run| run["scenario"] == name.as_str()), "{name} was not run");
    }
    let verdicts = report["requirements"].as_array().unwrap();
    let kept = verdicts.iter().filter(|r| r["verdict"] == "pass").count();
    assert!(kept > 20, "{kept}");
}

#[test]
fn qemu_aarch64_scenarios_do_what_they_do_on_x86() {
    matrix("aarch64", &["mmio", "pci"], "qemu_aarch64_scenarios_do_what_they_do_on_x86");
}

#[test]
fn qemu_riscv64_scenarios_do_what_they_do_on_x86() {
    // Its machine takes no messages, by which probes over PCI tell interrupts apart.
    matrix("riscv64", &["mmio"], "qemu_riscv64_scenarios_do_what_they_do_on_x86");
}

/// With all that a machine needs whose devices do not see the caches.
fn past_the_caches(arch: &str, machine: &str, test: &str) {
    for (bus, device) in [("mmio", "virtio-blk-device"), ("pci", "virtio-blk-pci")] {
        let words = if bus == "pci" { "parakit.bus=pci " } else { "" };
        let template = format!(
            "qemu-system-{arch} {machine} -m 64 -nodefaults -no-user-config -display none -no-reboot -accel tcg \
             -global virtio-mmio.force-legacy=false -serial stdio -kernel {{kernel}} \
             -append 'parakit.coherent=0 {words}{{cmdline}}' \
             -drive file={{disk}},format=raw,discard=unmap,if=none,id=d -device {device},drive=d"
        );
        let arguments = ["--vmm-command", &template, "--vmm-bus", bus, "blk-read", "blk-rw", "blk-flush-discard", "-v"];
        let Some(mut command) = on(arch, &arguments, test) else { return };
        let ran = run(&mut command);
        ran.assert_success();
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains("buffers are written back and dropped, in lines of 64 bytes"), "{said}");
        assert!(said.contains("3 passed"), "{said}");
    }
}

#[test]
fn qemu_aarch64_drivers_work_past_the_caches() {
    past_the_caches("aarch64", "-M virt -cpu cortex-a57", "qemu_aarch64_drivers_work_past_the_caches");
}

#[test]
fn qemu_riscv64_drivers_work_past_the_caches() {
    past_the_caches("riscv64", "-M virt -bios none", "qemu_riscv64_drivers_work_past_the_caches");
}

/// EL2 is left for EL1, and the firmware is then called by another instruction.
#[test]
fn qemu_aarch64_kernel_comes_down_from_el2() {
    let template = "qemu-system-aarch64 -M virt,virtualization=on -cpu cortex-a57 -m 64 -nodefaults -no-user-config \
                    -display none -no-reboot -accel tcg -global virtio-mmio.force-legacy=false -serial stdio \
                    -kernel {kernel} -append {cmdline} -drive file={disk},format=raw,if=none,id=d \
                    -device virtio-blk-device,drive=d";
    let test = "qemu_aarch64_kernel_comes_down_from_el2";
    let Some(mut command) = on("aarch64", &["--vmm-command", template, "blk-read"], test) else { return };
    run(&mut command).assert_success();
}

#[test]
fn qemu_is_not_given_the_kernel_of_another_processor() {
    let Some(mut command) =
        on("riscv64", &["--vmm", "qemu", "blk-read"], "qemu_is_not_given_the_kernel_of_another_processor")
    else {
        return;
    };
    let ran = run(command.env("PARAKIT_KERNEL", kernel("aarch64")));
    ran.assert_refused(&["aarch64", "riscv64"]);
}

#[test]
fn qemu_of_another_processor_is_told_from_what_is_no_qemu() {
    let test = "qemu_of_another_processor_is_told_from_what_is_no_qemu";
    for (arch, other) in [("aarch64", "riscv64"), ("riscv64", "aarch64")] {
        // The same name of a machine, `virt`, and another processor.
        let program = format!("qemu-system-{other}");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let Some(program) = std::env::split_paths(&path).map(|folder| folder.join(&program)).find(|p| p.exists())
        else {
            continue;
        };
        let program = program.display().to_string();
        let Some(mut command) = on(arch, &["--vmm", "qemu", "--qemu", &program], test) else { return };
        run(&mut command).assert_refused(&[&format!("for {other}, and this run needs {arch}"), "--qemu", "--arch"]);
    }
}
