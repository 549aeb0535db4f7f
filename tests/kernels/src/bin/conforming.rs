//! Drives a block device as VIRTIO 1.4 has it, and exits.
#![cfg_attr(target_os = "none", no_std, no_main)]

parakit_test_kernels::test_kernel!(kernel);

#[cfg(target_os = "none")]
fn kernel() -> ! {
    use parakit_test_kernels::driver::{Faults, exercise, with_block};
    use parakit_test_kernels::{console::print, port::exit};
    match with_block(Faults::default(), &mut exercise) {
        Ok(()) => {
            print(format_args!("all well\n"));
            exit(0)
        }
        Err(why) => {
            print(format_args!("failed: {why}\n"));
            exit(1)
        }
    }
}
