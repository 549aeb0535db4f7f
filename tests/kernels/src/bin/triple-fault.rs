//! Has a block device live, and faults without a way to report it.
#![cfg_attr(target_os = "none", no_std, no_main)]

parakit_test_kernels::test_kernel!(kernel);

#[cfg(target_os = "none")]
fn kernel() -> ! {
    use parakit_test_kernels::driver::{Faults, with_block};
    use parakit_test_kernels::{console::print, port};
    let outcome = with_block(Faults::default(), &mut |disk| {
        disk.read(0)?;
        print(format_args!("a triple fault follows\n"));
        port::triple_fault()
    });
    print(format_args!("{outcome:?}\n"));
    port::exit(1)
}
