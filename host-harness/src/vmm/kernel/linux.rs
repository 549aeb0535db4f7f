//! Linux bzImages, of which the setup header is read and the rest is loaded as it is.

use std::ops::Range;

use crate::vmm::error::KernelError;

/// The setup header in the file and in the zero page.
pub(in crate::vmm) const HEADER: usize = 0x1f1;
/// The header's end is this and the byte before `HdrS`.
const HEADER_END: usize = 0x202;
/// Where the zero page has room for the header.
const HEADER_ROOM: usize = 0x290;
/// The version of the boot protocol that brought 64-bit entries.
const OLDEST: u16 = 0x20c;
/// `loadflags`: the kernel is loaded high.
const LOADED_HIGH: u8 = 1;
/// `xloadflags`: there is a 64-bit entry.
const KERNEL_64: u16 = 1;
/// What the 64-bit entry is above the load address.
const ENTRY_64: u64 = 0x200;
const MIB: u64 = 1 << 20;

/// What is to be known of a bzImage to start it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::vmm) struct Linux {
    /// The setup header in the file.
    pub(in crate::vmm) header: Range<usize>,
    /// What is loaded, in the file.
    pub(in crate::vmm) payload: Range<usize>,
    /// Where it is loaded.
    pub(in crate::vmm) load: u64,
    /// The memory that it needs from there on before it knows about any other.
    pub(in crate::vmm) init_size: u64,
    /// The longest command line, without its NUL.
    pub(in crate::vmm) command_line: usize,
    /// The highest address of the last byte of the initial RAM disk.
    pub(in crate::vmm) initrd_top: u64,
}

impl Linux {
    /// The kernel that the image is, `None` if it is something else.
    pub(super) fn find(name: &str, bytes: &[u8]) -> Result<Option<Self>, KernelError> {
        if bytes.get(0x202..0x206) != Some(b"HdrS") {
            return Ok(None);
        }
        let truncated = || KernelError::Truncated { name: name.into(), bytes: bytes.len() };
        let head: &[u8; HEADER_ROOM] = bytes.first_chunk().ok_or_else(truncated)?;
        let half = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let word = |at: usize| u64::from(half(at)) | u64::from(half(at + 2)) << 16;

        let version = half(0x206);
        if version < OLDEST || head[0x211] & LOADED_HIGH == 0 || half(0x236) & KERNEL_64 == 0 {
            return Err(KernelError::NoLinux64 { name: name.into(), version });
        }
        let sectors = match head[HEADER] {
            0 => 4,
            sectors => usize::from(sectors),
        };
        let payload = (sectors + 1) * 512;
        // In units of 16 bytes: the file may be longer, and must not be shorter.
        let size = usize::try_from(word(0x1f4)).ok().and_then(|size| size.checked_mul(16));
        let end = size.and_then(|size| size.checked_add(payload)).ok_or_else(truncated)?;
        if end > bytes.len() || end == payload {
            return Err(truncated());
        }
        Ok(Some(Self {
            header: HEADER..(HEADER_END + usize::from(head[0x201])).min(HEADER_ROOM),
            payload: payload..bytes.len(),
            load: (word(0x258) | word(0x25c) << 32).max(MIB),
            init_size: word(0x260),
            command_line: usize::try_from(word(0x238)).unwrap_or(usize::MAX),
            initrd_top: word(0x22c),
        }))
    }

    /// Where the first CPU begins.
    pub(in crate::vmm) fn entry(&self) -> u64 {
        self.load.saturating_add(ENTRY_64)
    }

    /// The first address above what it needs.
    pub(in crate::vmm) fn end(&self) -> u64 {
        let payload = (self.payload.end - self.payload.start) as u64;
        self.load.saturating_add(payload.max(self.init_size))
    }
}
