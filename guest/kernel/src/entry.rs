//! From the two entries of `asm/entry.s` to the scenario.

use core::sync::atomic::{AtomicU32, Ordering};

use parakit_abi::boot;
use parakit_abi::mailbox as layout;
use parakit_exercise::Failure;

use crate::command_line::CommandLine;
use crate::env::KernelEnv;
use crate::mailbox::Mailbox;
use crate::pvh::StartInfo;
use crate::{apic, console, memory, outcome, smp, subject, time, trap};

/// Address of `hvm_start_info` when the boot came through PVH; written by the first instructions.
static START_INFO: AtomicU32 = AtomicU32::new(0);

core::arch::global_asm!(include_str!("asm/tables.s"));
core::arch::global_asm!(
    include_str!("asm/entry.s"),
    start_info = sym START_INFO,
    kernel_main = sym kernel_main,
    processor_main = sym smp::processor_main,
    kernel_code = const boot::KERNEL_CODE,
    kernel_data = const boot::KERNEL_DATA,
    user_code = const boot::USER_CODE,
    user_data = const boot::USER_DATA,
    tss_selector = const boot::TSS,
    note_size = const boot::BootNote::SIZE,
    note_type = const boot::NOTE_TYPE,
    note_version = const boot::NOTE_VERSION,
);

/// The first Rust function, in ring 3. `mailbox` is 0 after a boot through PVH.
extern "C" fn kernel_main(mailbox: usize) -> ! {
    let entered = time::ticks();
    trap::fill_gates();
    let mailbox = open_mailbox(mailbox);
    mailbox.set_u64(layout::OFF_TSC_ENTRY, entered);
    time::set_frequency(mailbox.u64(layout::OFF_TSC_KHZ));
    // SAFETY: the harness says how much RAM there is; this is the only call.
    unsafe { memory::start_heap(mailbox.u64(layout::OFF_MEMORY_SIZE)) };
    console::start();
    apic::enable();
    smp::start_others();

    let (name, len) = mailbox.scenario();
    let Ok(name) = core::str::from_utf8(&name[..len]) else {
        outcome::unknown_scenario("(no UTF-8)");
    };
    mailbox.running(name);
    let env = KernelEnv::new(mailbox);
    let result = subject::run(&env, name).and(env.check_strays());
    env.report_verdicts();
    match result {
        Ok(()) => outcome::passed(),
        Err(Failure::Failed(why)) => outcome::failed(format_args!("{why}")),
        Err(Failure::Unknown) => outcome::unknown_scenario(name),
    }
}

/// Finds the mailbox: at `address`, or where the command line of a PVH loader says; else the kernel's own, filled
/// from the command line.
fn open_mailbox(address: usize) -> Mailbox {
    let address = match address {
        // SAFETY: written by the PVH entry, from the register in which the loader passes it; nothing writes memory yet.
        0 => match unsafe { StartInfo::new(START_INFO.load(Ordering::Relaxed)) } {
            Some(info) => {
                let command_line = CommandLine(info.command_line());
                let Some(address) = command_line.mailbox() else {
                    console::choose(command_line.console());
                    let mailbox = Mailbox::own();
                    command_line.fill(mailbox);
                    mailbox.set_u64(layout::OFF_MEMORY_SIZE, info.ram_end(memory::image_end()).unwrap_or(0));
                    return mailbox;
                };
                address as usize
            }
            None => panic!("neither a mailbox nor the start information of PVH"),
        },
        address => address,
    };
    // SAFETY: the harness put the mailbox there, outside the image and the heap.
    match unsafe { Mailbox::open(address) } {
        Some(mailbox) => mailbox,
        None => panic!("there is no mailbox of version {} at {address:#x}", layout::VERSION),
    }
}
