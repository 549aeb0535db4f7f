//! Multiboot 1: the header that a kernel shows in its first 8 KiB.

/// Where the header is looked for.
const SEARCHED: usize = 8192;
const MAGIC: u32 = 0x1bad_b002;
/// Flags that a loader has to know: pages for modules (0), memory (1), video (2) and the rest of the low half.
const REQUIRED: u32 = 0xffff;
/// The ones known here. A screen is asked for (2) and not had, of which the kernel is told.
const KNOWN: u32 = 0b111;
/// Its successor's header, in the first 32 KiB.
const MAGIC2: u32 = 0xe852_50d6;
const SEARCHED2: usize = 32768;

/// A multiboot header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) flags: u32,
}

impl Header {
    /// It insists on something that no loader here knows.
    pub(super) fn is_refused(self) -> bool {
        self.flags & REQUIRED & !KNOWN != 0
    }
}

/// The header, if the image has one.
pub(super) fn find(bytes: &[u8]) -> Option<Header> {
    let words = |at: usize| bytes.get(at..at + 12).map(|b| [word(b, 0), word(b, 4), word(b, 8)]);
    (0..SEARCHED.min(bytes.len())).step_by(4).filter_map(words).find_map(|[magic, flags, checksum]| {
        let sum = magic.wrapping_add(flags).wrapping_add(checksum);
        (magic == MAGIC && sum == 0).then_some(Header { flags })
    })
}

/// Whether the image has a header of multiboot 2.
pub(super) fn is_multiboot2(bytes: &[u8]) -> bool {
    let words = |at: usize| bytes.get(at..at + 16).map(|b| [word(b, 0), word(b, 4), word(b, 8), word(b, 12)]);
    (0..SEARCHED2.min(bytes.len())).step_by(8).filter_map(words).any(|[magic, architecture, length, checksum]| {
        let sum = magic.wrapping_add(architecture).wrapping_add(length).wrapping_add(checksum);
        magic == MAGIC2 && sum == 0
    })
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}
