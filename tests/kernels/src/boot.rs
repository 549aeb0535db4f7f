//! The way in, and what the loader says.

use core::panic::PanicInfo;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::{console, port};

core::arch::global_asm!(include_str!("boot.s"), start_info = sym START_INFO);

/// Address of `hvm_start_info`; written by the first instructions.
static START_INFO: AtomicU32 = AtomicU32::new(0);
/// What `hvm_start_info` begins with.
const MAGIC: u32 = 0x336e_c578;
/// Offset of `cmdline_paddr`.
const COMMAND_LINE: usize = 24;
/// Most bytes of a command line that are looked at.
const LONGEST: usize = 2048;

/// The kernel's command line; empty where there is none.
pub fn command_line() -> &'static str {
    let info = START_INFO.load(Ordering::Relaxed) as *const u8;
    // SAFETY: the loader passes the address of its structure, below 4 GiB, which is mapped as it is; nothing writes it.
    let (magic, text) = unsafe {
        (info.cast::<u32>().read_unaligned(), info.add(COMMAND_LINE).cast::<u64>().read_unaligned() as *const u8)
    };
    if magic != MAGIC || text.is_null() {
        return "";
    }
    // SAFETY: the loader's command line ends with a zero; no more than what it has room for is read.
    let bytes = unsafe {
        let len = (0..LONGEST).find(|&i| *text.add(i) == 0).unwrap_or(0);
        core::slice::from_raw_parts(text, len)
    };
    core::str::from_utf8(bytes).unwrap_or_default()
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    console::print(format_args!("panic: {info}\n"));
    port::exit(0xff)
}
