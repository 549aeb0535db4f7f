//! Drives a block device as well as the conforming kernel does, but for what a driver has to wait for and to look at.
#![cfg_attr(target_os = "none", no_std, no_main)]

parakit_test_kernels::test_kernel!(kernel);

#[cfg(target_os = "none")]
fn kernel() -> ! {
    use parakit_test_kernels::driver::{Faults, exercise, with_block};
    use parakit_test_kernels::{console::print, port::exit};
    let faults =
        Faults { reset_not_awaited: true, features_ok_unread: true, status_bits_cleared: true, ..Faults::default() };
    match with_block(faults, &mut exercise) {
        Ok(()) => {
            print(format_args!("all well, as far as this kernel can tell\n"));
            exit(0)
        }
        Err(why) => {
            print(format_args!("failed: {why}\n"));
            exit(1)
        }
    }
}
