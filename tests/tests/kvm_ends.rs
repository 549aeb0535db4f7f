//! Guests that fail: each end is told from the others, with what the user needs to find the fault. On KVM, through the built command.

use parakit_tests::command::{Ran, harness, kvm_or_left_out, run};

#[track_caller]
fn failed(scenario: &str, parts: &[&str]) -> Option<Ran> {
    if !kvm_or_left_out(scenario) {
        return None;
    }
    let ran = run(&mut harness(&["--backend", "kvm", scenario]));
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    for part in parts {
        assert!(ran.stdout.contains(part), "`{part}` in {}", ran.stdout);
    }
    Some(ran)
}

#[test]
fn kvm_a_panic_shows_its_message_place_and_registers() {
    failed("self-panic", &["panicked: the scenario asked for a panic", "selftest.rs:", "rax ", "rsp ", "r15 "]);
}

#[test]
fn kvm_an_exception_shows_its_name_and_the_registers() {
    failed("self-exception", &["exception: invalid opcode", "rip 0x", "rsp "]);
}

#[test]
fn kvm_a_hang_ends_at_the_deadline_and_shows_where() {
    failed("self-hang", &["did not finish within 2s", "rip "]);
}

#[test]
fn kvm_a_triple_fault_shows_the_registers() {
    failed("self-triple-fault", &["triple-faulted", "rip "]);
}

#[test]
fn kvm_interrupts_of_every_kind_arrive() {
    if kvm_or_left_out("kvm_interrupts_of_every_kind_arrive") {
        run(&mut harness(&["--backend", "kvm", "self-interrupts"])).assert_success();
    }
}
