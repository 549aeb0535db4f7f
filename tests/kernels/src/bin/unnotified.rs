//! Brings a block device up and never notifies it. The command line says what it does besides: `publish` some requests, and wait until the device
//! has come to them by itself; notify of the first of them `once`; accept `event_idx`; and `reset` the device before it exits.
#![cfg_attr(target_os = "none", no_std, no_main)]

parakit_test_kernels::test_kernel!(kernel);

#[cfg(target_os = "none")]
fn kernel() -> ! {
    use parakit_test_kernels::driver::{Faults, data, with_block};
    use parakit_test_kernels::{command_line, console::print, port};
    let asked = |what: &str| command_line().split(' ').any(|word| word == what);
    let notifies_of = Some(u16::from(asked("once")));
    let faults = Faults { notifies_of, event_idx: asked("event_idx"), ..Faults::default() };
    let outcome = with_block(faults, &mut |disk| {
        for _ in 0..3 {
            if asked("publish") {
                // A read of nothing: header and status. Flags: 1 another follows, 2 the device writes.
                disk.publish(0, &[(data(), 16, 1, 1), (data() + 16, 1, 2, 0)]);
                while !disk.is_done() {}
            }
        }
        if !asked("reset") {
            port::exit(0)
        }
        Ok(())
    });
    print(format_args!("{outcome:?}\n"));
    port::exit(u32::from(outcome.is_err()))
}
