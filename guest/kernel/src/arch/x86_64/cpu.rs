//! The processors: what each has for itself.

use core::arch::asm;
use core::sync::atomic::{AtomicU32, AtomicU64};

use crate::vectors::Counters;

/// Processors that the tables of the image are made for (`asm/tables.s`).
pub(crate) const MAX: usize = 4;

/// A processor's own page: the first part is the processor's (descriptor table, task state), the second, at which gs points, is ours.
#[repr(C, align(4096))]
pub(super) struct CpuPage {
    _tables: [u8; 0x400],
    data: CpuData,
}

/// What the stubs of interrupts and exceptions find at gs. The first words are set in the image.
#[repr(C)]
pub(super) struct CpuData {
    /// Number of the processor.
    index: AtomicU32,
    /// A level-triggered interrupt waits for its end.
    pub(super) pending: AtomicU32,
    /// Top of the stack on which the report of an exception is written.
    pub(super) report_stack: AtomicU64,
    pub(super) counters: Counters,
}

unsafe extern "C" {
    safe static cpu_pages: [CpuPage; MAX];
}

/// What processor `index` counts; `None` if the image has no room for so many.
pub(crate) fn get(index: usize) -> Option<&'static Counters> {
    cpu_pages.get(index).map(|page| &page.data.counters)
}

/// Number of this processor.
pub(crate) fn index() -> usize {
    let index: u32;
    // SAFETY: gs points to this processor's `CpuData`, whose first word is the number; both entries see to that.
    unsafe { asm!("mov {0:e}, gs:[0]", out(reg) index, options(nostack, preserves_flags, readonly, pure)) }
    index as usize
}

/// What this processor counts.
pub(crate) fn this() -> &'static Counters {
    &data().counters
}

/// The data of this processor.
pub(super) fn data() -> &'static CpuData {
    &cpu_pages[index()].data
}
