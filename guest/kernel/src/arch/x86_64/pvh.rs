//! What a PVH loader leaves in memory: `hvm_start_info`, and through it the command line and the memory map.

use core::ptr::NonNull;

/// Value of the structure's first field.
const MAGIC: u32 = 0x336e_c578;
/// Bytes of the command line that are looked at.
const COMMAND_LINE_MAX: usize = 4096;
/// Entries of the memory map that are looked at.
const MEMORY_MAP_MAX: u32 = 128;
/// Type of an entry of the memory map that is RAM.
const RAM: u32 = 1;

/// The structure, as the loader passed it. Valid until the heap starts: it may be anywhere in RAM.
#[derive(Clone, Copy)]
pub(super) struct StartInfo {
    base: NonNull<u8>,
}

impl StartInfo {
    /// Finds the structure at `address`; `None` if there is none.
    ///
    /// # Safety
    /// `address` is 0 or what a PVH loader passed, and nothing writes to the memory that it leads to.
    pub(super) unsafe fn new(address: u32) -> Option<Self> {
        let info = Self { base: readable(u64::from(address))? };
        (info.u32(0) == MAGIC).then_some(info)
    }

    fn u32(self, offset: usize) -> u32 {
        // SAFETY: the loader's structure is in RAM, which is mapped (`new`), and the offset is inside it.
        unsafe { self.base.add(offset).cast::<u32>().read_unaligned() }
    }

    fn u64(self, offset: usize) -> u64 {
        // SAFETY: as for `u32`.
        unsafe { self.base.add(offset).cast::<u64>().read_unaligned() }
    }

    /// The command line without its terminating NUL; empty if there is none.
    pub(super) fn command_line(self) -> &'static [u8] {
        let Some(text) = readable(self.u64(24)) else { return &[] };
        // SAFETY: the loader put a string there, and everything up to 4 GiB is mapped (`readable` keeps the distance).
        let len = (0..COMMAND_LINE_MAX).take_while(|&i| unsafe { text.add(i).read() } != 0).count();
        // SAFETY: those bytes were just read, and nothing writes to them (`new`).
        unsafe { core::slice::from_raw_parts(text.as_ptr(), len) }
    }

    /// End of the RAM that holds `address`; `None` if the loader did not say.
    pub(super) fn ram_end(self, address: u64) -> Option<u64> {
        if self.u32(4) == 0 {
            return None; // version 0 ends before the map
        }
        let map = readable(self.u64(40))?;
        let entries = self.u32(48).min(MEMORY_MAP_MAX);
        (0..entries as usize).find_map(|i| {
            // SAFETY: the loader put that many entries of 24 bytes there: address, size, type.
            let (start, size, kind) = unsafe {
                let entry = map.add(24 * i);
                let words = entry.cast::<u64>();
                (words.read_unaligned(), words.add(1).read_unaligned(), entry.add(16).cast::<u32>().read_unaligned())
            };
            let end = start.saturating_add(size);
            (kind == RAM && (start..end).contains(&address)).then_some(end)
        })
    }
}

/// A pointer to what the loader left at `address`: in the part of memory that is mapped, with some room behind it.
fn readable(address: u64) -> Option<NonNull<u8>> {
    if (0x1000..0xffff_0000).contains(&address) { NonNull::new(address as *mut u8) } else { None }
}
