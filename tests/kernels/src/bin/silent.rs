//! Says a word, touches no device, and never does anything again.
#![cfg_attr(target_os = "none", no_std, no_main)]

parakit_test_kernels::test_kernel!(kernel);

#[cfg(target_os = "none")]
fn kernel() -> ! {
    use parakit_test_kernels::{console::print, port};
    print(format_args!("silence follows\n"));
    port::halt()
}
