//! Fills the memory of a live queue with garbage, and notifies the device, and never stops.
#![cfg_attr(target_os = "none", no_std, no_main)]

parakit_test_kernels::test_kernel!(kernel);

#[cfg(target_os = "none")]
fn kernel() -> ! {
    use parakit_test_kernels::driver::{Faults, ring_memory, with_block};
    use parakit_test_kernels::{console::print, port};
    let outcome = with_block(Faults::default(), &mut |disk| {
        disk.read(0)?;
        print(format_args!("garbage follows\n"));
        let (memory, words) = ring_memory();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        loop {
            for i in 0..words {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                // SAFETY: the memory has so many words; the device may write it as well, which is the point.
                unsafe { memory.add(i).write_volatile(state as u32) };
            }
            disk.notify();
        }
    });
    print(format_args!("{outcome:?}\n"));
    port::exit(1)
}
