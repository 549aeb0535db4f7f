//! The processors: what each has for itself.

use core::arch::asm;
use core::sync::atomic::{AtomicU32, AtomicU64};

/// Processors that the tables of the image are made for (`asm/tables.s`).
pub(crate) const MAX: usize = 4;

/// A processor's own page: the first part is the processor's (descriptor table, task state), the second, at which gs points, is ours.
#[repr(C, align(4096))]
pub(crate) struct CpuPage {
    _tables: [u8; 0x400],
    pub(crate) data: CpuData,
}

/// What the stubs of interrupts and exceptions find at gs. The first words are set in the image.
#[repr(C)]
pub(crate) struct CpuData {
    /// Number of the processor.
    index: AtomicU32,
    /// Interrupts taken; wrapping.
    pub(crate) total: AtomicU32,
    /// Top of the stack on which the report of an exception is written.
    pub(crate) report_stack: AtomicU64,
    /// A level-triggered interrupt waits for its end.
    pub(crate) pending: AtomicU32,
    /// Interrupts taken, by vector; wrapping.
    pub(crate) counts: [AtomicU32; 256],
    /// Time stamp at which the timer interrupts, if it is running.
    pub(crate) timer_due: AtomicU64,
    /// Timer interrupts taken when it was started, plus one: what the count is once it has interrupted.
    pub(crate) timer_next: AtomicU32,
    /// Whether the processor takes interrupts and jobs.
    pub(crate) online: AtomicU32,
}

unsafe extern "C" {
    safe static cpu_pages: [CpuPage; MAX];
}

/// The data of every processor, by its number.
pub(crate) fn all() -> impl Iterator<Item = &'static CpuData> {
    cpu_pages.iter().map(|page| &page.data)
}

/// The data of processor `index`; `None` if the image has no room for so many.
pub(crate) fn get(index: usize) -> Option<&'static CpuData> {
    cpu_pages.get(index).map(|page| &page.data)
}

/// Number of this processor.
pub(crate) fn index() -> usize {
    let index: u32;
    // SAFETY: gs points to this processor's `CpuData`, whose first word is the number; both entries see to that.
    unsafe { asm!("mov {0:e}, gs:[0]", out(reg) index, options(nostack, preserves_flags, readonly, pure)) }
    index as usize
}

/// The data of this processor.
pub(crate) fn this() -> &'static CpuData {
    &cpu_pages[index()].data
}
