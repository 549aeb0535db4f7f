//! Makes a chain available that no device can use, and waits for nothing. The command line says what is wrong with it.
#![cfg_attr(target_os = "none", no_std, no_main)]

parakit_test_kernels::test_kernel!(kernel);

#[cfg(target_os = "none")]
fn kernel() -> ! {
    use parakit_test_kernels::driver::{Faults, QUEUE_SIZE, data, with_block};
    use parakit_test_kernels::{command_line, console::print, port};
    let asked = |what: &str| command_line().split(' ').any(|word| word == what);
    let outcome = with_block(Faults::default(), &mut |disk| {
        disk.read(0)?;
        // Flags: 1 another follows, 2 the device writes.
        let (header, status) = ((data(), 16, 1, 1), (data() + 16, 1, 2, 0));
        if asked("next") {
            disk.publish(0, &[(data(), 16, 1, 77)]);
        } else if asked("head") {
            disk.publish(QUEUE_SIZE, &[header, status]);
        } else if asked("nowhere") {
            disk.publish(0, &[header, (0x7fff_ffff_f000, 512, 3, 2), status]);
        } else if asked("short") {
            disk.publish(0, &[(data(), 8, 1, 1), status]);
        } else if asked("type") {
            // Nobody knows this request, which is for the device to say.
            disk.publish(0, &[(data() + 256, 16, 1, 1), status]);
        }
        Ok(())
    });
    print(format_args!("{outcome:?}\n"));
    port::exit(u32::from(outcome.is_err()))
}
