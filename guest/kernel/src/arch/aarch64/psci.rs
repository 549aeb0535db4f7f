//! The end of the run, by the firmware's call for switching off (PSCI).

use core::arch::asm;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::arch::device_tree;

const SYSTEM_OFF: u32 = 0x8400_0008;

/// The firmware is called as a secure monitor rather than as a hypervisor.
static BY_MONITOR: AtomicBool = AtomicBool::new(false);

/// Finds out how the firmware is called.
pub(super) fn start() {
    let node = device_tree::find(&["arm,psci-1.0", "arm,psci-0.2"]);
    let method = node.and_then(|node| device_tree::text(node, "method"));
    BY_MONITOR.store(method == Some("smc"), Ordering::Relaxed);
}

/// Ends the run. There is nothing in the call for a code: the lines on the console have said how it ended.
pub(crate) extern "C" fn end(_: u8) -> ! {
    loop {
        // SAFETY: switches the machine off; where that fails, only registers that the call may change are changed.
        unsafe {
            if BY_MONITOR.load(Ordering::Relaxed) {
                asm!("smc #0", inout("x0") u64::from(SYSTEM_OFF) => _, clobber_abi("C"));
            } else {
                asm!("hvc #0", inout("x0") u64::from(SYSTEM_OFF) => _, clobber_abi("C"));
            }
        }
    }
}
