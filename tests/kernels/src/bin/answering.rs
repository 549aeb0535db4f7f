//! Asks who is there on the serial port, drives a block device once it is told, and exits with the number of letters of the answer.
#![cfg_attr(target_os = "none", no_std, no_main)]

parakit_test_kernels::test_kernel!(kernel);

#[cfg(target_os = "none")]
fn kernel() -> ! {
    use parakit_test_kernels::console::{print, read};
    use parakit_test_kernels::driver::{Faults, exercise, with_block};
    use parakit_test_kernels::port::exit;
    print(format_args!("who is there? "));
    let mut letters = 0;
    while read() != b'\n' {
        letters += 1;
    }
    print(format_args!("welcome\n"));
    match with_block(Faults::default(), &mut exercise) {
        Ok(()) => exit(letters),
        Err(why) => {
            print(format_args!("failed: {why}\n"));
            exit(0xff)
        }
    }
}
