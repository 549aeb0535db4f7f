//! What is said where KVM is missing or lacks something.

use std::path::PathBuf;

use parakit_harness::vmm::{KvmError, KvmHost, KvmOptions};

use super::support::kvm;

fn open(device: &str, without: &[&str]) -> Result<KvmHost, KvmError> {
    KvmHost::open(&KvmOptions {
        device: PathBuf::from(device),
        without: without.iter().map(ToString::to_string).collect(),
    })
}

/// One sentence, with something to do after the colon.
fn sentence(error: &KvmError) -> String {
    let text = error.to_string();
    assert!(!text.contains('\n') && text.contains(": "), "{text}");
    text
}

#[test]
fn no_device() {
    let error = open("/nonexistent/kvm", &[]).unwrap_err();
    assert!(matches!(error, KvmError::Missing { .. }));
    assert!(sentence(&error).starts_with("there is no /nonexistent/kvm"));
}

#[test]
fn no_permission() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    let mut permissions = file.as_file().metadata().unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0);
    file.as_file().set_permissions(permissions).unwrap();
    let attempt = std::thread::spawn(move || {
        // Root may open anything, so this thread opens as nobody. SAFETY: the call takes two numbers, and concerns this thread alone.
        unsafe { libc::syscall(libc::SYS_setfsuid, 65534) };
        open(&path, &[]).unwrap_err()
    });
    let error = attempt.join().unwrap();
    assert!(matches!(error, KvmError::Permission { .. }), "{error}");
    assert!(sentence(&error).starts_with("no permission to open "));
}

#[test]
fn not_kvm() {
    let error = open("/dev/null", &[]).unwrap_err();
    assert!(matches!(error, KvmError::NotKvm { .. }), "{error}");
    assert!(sentence(&error).starts_with("/dev/null is not a KVM device"));
    assert!(matches!(open("/dev/kvm\0", &[]).unwrap_err(), KvmError::Open { .. }));
}

#[test]
fn another_version() {
    let error = KvmError::Version { device: "/dev/kvm".into(), found: 13 };
    assert!(sentence(&error).contains("version 13"));
}

#[test]
fn kvm_a_missing_capability_is_named() {
    if kvm().is_none() {
        return;
    }
    for name in
        ["USER_MEMORY", "SET_TSS_ADDR", "EXT_CPUID", "IRQCHIP", "IRQ_ROUTING", "IRQFD", "IOEVENTFD", "IMMEDIATE_EXIT"]
    {
        let full = format!("KVM_CAP_{name}");
        for spelling in [name, &full] {
            let error = open("/dev/kvm", &[spelling]).unwrap_err();
            assert!(matches!(error, KvmError::Capability { capability } if capability == full), "{error}");
            assert!(sentence(&error).contains(&full));
        }
    }
}

#[test]
fn kvm_the_speed_of_ring_0_is_measured_once() {
    let Some(host) = kvm() else { return };
    let speed = host.ring0_speed().unwrap();
    println!("ring 0: {} ns an iteration, emulated: {}", speed.nanoseconds_per_iteration(), speed.emulated());
    assert_eq!(host.ring0_speed().unwrap(), speed);
    assert_eq!(host.deadline_scale(), speed.deadline_scale());
    assert_eq!(speed.emulated(), speed.deadline_scale() > 1);
    assert!((1..=30).contains(&speed.deadline_scale()));
}
