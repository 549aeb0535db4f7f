//! The probes of devices, in the guest on KVM, through the built command.

use parakit_tests::command::{harness, kvm_or_left_out, run};

#[test]
fn kvm_our_devices_keep_the_rules_that_probes_look_at() {
    if kvm_or_left_out("kvm_our_devices_keep_the_rules_that_probes_look_at") {
        run(&mut harness(&["--backend", "kvm", "probe-*"])).assert_success();
    }
}
