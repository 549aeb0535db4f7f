//! From the two entries of `asm/entry.s` to the kernel's.

use core::sync::atomic::{AtomicU32, Ordering};

use parakit_abi::boot;

use super::pvh::StartInfo;
use super::{clock, trap};
use crate::command_line::CommandLine;
use crate::entry::{self, Boot};
use crate::{memory, smp};

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

unsafe extern "C" {
    fn pvh_entry();
}

/// Named by [`kernel!`](crate::kernel), so that the linker takes the entries into the image.
#[doc(hidden)]
pub const ENTRY: unsafe extern "C" fn() = pvh_entry;

/// The first Rust function, in ring 3. `mailbox` is 0 after a boot through PVH.
extern "C" fn kernel_main(mailbox: usize) -> ! {
    let entered = clock::ticks();
    trap::fill_gates();
    let boot = match mailbox {
        // SAFETY: written by the PVH entry, from the register in which the loader passes it; nothing writes memory yet.
        0 => match unsafe { StartInfo::new(START_INFO.load(Ordering::Relaxed)) } {
            Some(info) => Boot {
                entered,
                mailbox: None,
                command_line: CommandLine(info.command_line()),
                ram_end: info.ram_end(memory::image_end()),
                devices: |_| None,
            },
            None => panic!("neither a mailbox nor the start information of PVH"),
        },
        address => {
            Boot { entered, mailbox: Some(address), command_line: CommandLine(b""), ram_end: None, devices: |_| None }
        }
    };
    entry::main(boot)
}
