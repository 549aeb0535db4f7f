//! The map (`asm/tables.s`): registers are added where somebody asks for them.

use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering};

/// RAM beyond this is not mapped.
pub(crate) const RAM_LIMIT: u64 = 0x8000_0000;
/// RAM ends here when nobody said where: 16 MiB.
pub(crate) const ASSUMED_RAM_END: u64 = 0x4100_0000;
/// From an address in RAM to the same memory past the caches.
pub(super) const UNCACHED: u64 = 128 << 30;

const GIB: u64 = 1 << 30;
/// A GiB of registers, in a table of the first level: as `DEVICE` in `asm/tables.s`.
const DEVICE: u64 = 0x60_0000_0000_0409;

unsafe extern "C" {
    safe static table1: [AtomicU64; 512];
    safe static table1_high: [AtomicU64; 512];
}

/// Maps the registers from `address` on, uncached, onto themselves; says whether they are mapped.
pub(crate) fn map_registers(address: u64, len: u64) -> bool {
    let Some(last) = address.checked_add(len.max(1) - 1) else { return false };
    // Not what is kept free for null pointers, and not RAM.
    address >= 2 << 20 && (address / GIB..=last / GIB).all(map)
}

/// Maps GiB number `gib`; false if it is RAM, or out of reach.
fn map(gib: u64) -> bool {
    let table = if gib < 512 { &table1 } else { &table1_high };
    let entry = match gib {
        0 => return true,
        1 => return false,
        2..1024 => &table[gib as usize % 512],
        _ => return false,
    };
    let block = (gib * GIB) | DEVICE;
    // Relaxed: one processor; the barrier below is for its walks of the tables.
    match entry.compare_exchange(0, block, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => {
            // SAFETY: only makes the new entry seen.
            unsafe { asm!("dsb ishst", "isb", options(nostack, preserves_flags)) };
            true
        }
        Err(held) => held == block,
    }
}
