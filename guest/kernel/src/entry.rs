//! From the entry of the architecture to the scenario.

use parakit_abi::mailbox::{self as layout, DeviceEntry};
use parakit_exercise::Failure;

use crate::arch::{interrupts, outside};
use crate::command_line::CommandLine;
use crate::env::KernelEnv;
use crate::mailbox::Mailbox;
use crate::{console, memory, outcome, platform, smp, subject, time};

/// What the loader said, as far as it did.
pub(crate) struct Boot {
    /// When the kernel was entered, in ticks.
    pub(crate) entered: u64,
    /// Where a mailbox is.
    pub(crate) mailbox: Option<usize>,
    pub(crate) command_line: CommandLine,
    /// End of the RAM that holds the image.
    pub(crate) ram_end: Option<u64>,
    /// Devices on MMIO, besides those of the command line: the first one, and so on.
    pub(crate) devices: fn(usize) -> Option<DeviceEntry>,
}

/// The first function that all architectures have in common: on the stack of the first processor, ready for exceptions, with
/// interrupts that are taken once there are any.
pub(crate) fn main(boot: Boot) -> ! {
    let mailbox = open_mailbox(&boot);
    mailbox.set_u64(layout::OFF_TSC_ENTRY, boot.entered);
    time::set_frequency(mailbox.u64(layout::OFF_TSC_KHZ));
    // SAFETY: the harness says how much RAM there is; this is the only call.
    unsafe { memory::start_heap(mailbox.u64(layout::OFF_MEMORY_SIZE)) };
    console::start();
    platform::start(boot.command_line.coherent());
    interrupts::enable();
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

/// Finds the mailbox: where the loader or the command line says; else the kernel's own, filled from what they say.
fn open_mailbox(boot: &Boot) -> Mailbox {
    let Some(address) = boot.mailbox.or_else(|| boot.command_line.mailbox()) else {
        outside::choose_console(boot.command_line.console());
        let mailbox = Mailbox::own();
        let on_command_line = boot.command_line.fill(mailbox);
        for (i, device) in (0..layout::MAX_DEVICES - on_command_line).map_while(boot.devices).enumerate() {
            mailbox.set_device(on_command_line + i, device);
        }
        mailbox.set_u64(layout::OFF_MEMORY_SIZE, boot.ram_end.unwrap_or(0));
        return mailbox;
    };
    // SAFETY: the harness put the mailbox there, outside the image and the heap.
    match unsafe { Mailbox::open(address) } {
        Some(mailbox) => mailbox,
        None => panic!("there is no mailbox of version {} at {address:#x}", layout::VERSION),
    }
}
