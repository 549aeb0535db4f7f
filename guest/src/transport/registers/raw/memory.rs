//! The memory that a device driven by hand is given: descriptors apart from everything else.

use parakit_abi::feature;

use super::RawDevice;
use crate::platform::{DeviceAddress, Platform};

/// Descriptors in the tables of each form.
pub const TABLE_DESCRIPTORS: usize = 1024;
/// Bytes of a descriptor, of either form.
const DESCRIPTOR: usize = 16;
/// Where the data begins: everything before is descriptors.
pub const DATA: usize = 2 * TABLE_DESCRIPTORS * DESCRIPTOR;
/// Bytes of the memory.
pub const LEN: usize = DATA + 0x2_0000;
/// Most entries of a queue.
pub const MAX_SIZE: u16 = 256;
/// `VIRTQ_DESC_F_INDIRECT`, at its place in the flags of both forms.
const INDIRECT: u16 = 4;

/// The form of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RingForm {
    /// VIRTIO 1.4 §2.7.
    Split,
    /// VIRTIO 1.4 §2.8.
    Packed,
}

/// A range of the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Offset in bytes from the start of the memory.
    pub offset: usize,
    /// Bytes.
    pub len: usize,
}

/// What a descriptor points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Data.
    Buffer(Piece),
    /// An indirect table: so many descriptors from this one of the tables of the same form on. The flag `INDIRECT` comes with it.
    Table {
        /// The first.
        first: usize,
        /// How many.
        count: usize,
    },
}

impl RingForm {
    /// Where descriptor `index` of the tables of this form is.
    #[must_use]
    pub const fn offset(self, index: usize) -> usize {
        let base = match self {
            Self::Split => 0,
            Self::Packed => DATA / 2,
        };
        base + index * DESCRIPTOR
    }

    pub(super) fn holds(self, first: usize, count: usize) -> bool {
        first.checked_add(count).is_some_and(|end| end <= TABLE_DESCRIPTORS)
    }

    /// Bytes of the driver area and the device area of a ring of `size` entries.
    pub(super) fn areas(self, size: u16) -> (usize, usize) {
        let size = usize::from(size);
        match self {
            Self::Split => (6 + 2 * size, 6 + 8 * size),
            Self::Packed => (4, 4),
        }
    }
}

impl Piece {
    /// Whether it is data, all of it.
    #[must_use]
    pub fn is_data(self) -> bool {
        self.offset >= DATA && self.offset.checked_add(self.len).is_some_and(|end| end <= LEN)
    }
}

macro_rules! forward {
    ($($load:ident, $store:ident: $ty:ty, $bits:literal;)*) => {$(
        #[doc = concat!("Loads ", $bits, " bits of the memory, anywhere (acquire).")]
        #[must_use]
        pub fn $load(&self, offset: usize) -> $ty {
            self.memory.$load(offset)
        }

        #[doc = concat!("Stores ", $bits, " bits of data (release). Refused outside of the data.")]
        pub fn $store(&self, offset: usize, value: $ty) {
            if offset < DATA || !self.memory.$store(offset, value) {
                self.refuse();
            }
        }
    )*};
}

impl<P: Platform> RawDevice<'_, P> {
    forward! {
        load8, store8: u8, "8";
        load16, store16: u16, "16";
        load32, store32: u32, "32";
        load64, store64: u64, "64";
    }

    /// Where the device sees the byte at `offset`.
    #[must_use]
    pub fn address(&self, offset: usize) -> DeviceAddress {
        self.memory.address(offset)
    }

    /// Writes descriptor `index` of the tables of the present [`form`](Self::form): address and length of `area`, then `id`, then `flags` (release),
    /// where `id` is `next` in a split ring. Refused where `area` is not what it says, for an indirect table without
    /// `VIRTIO_F_INDIRECT_DESC`, and before features have been settled.
    pub fn descriptor(&self, index: usize, area: Area, id: u16, flags: u16) {
        let form = self.form();
        let (piece, flags) = match area {
            Area::Buffer(piece) => (piece, flags),
            Area::Table { first, count } => {
                let piece = Piece { offset: form.offset(first), len: count.saturating_mul(DESCRIPTOR) };
                (piece, flags | INDIRECT)
            }
        };
        let sound = match area {
            Area::Buffer(piece) => piece.is_data() && flags & INDIRECT == 0,
            Area::Table { first, count } => form.holds(first, count) && self.accepted.get().has(feature::INDIRECT_DESC),
        };
        if !sound || !form.holds(index, 1) || !self.settled.get() {
            return self.refuse();
        }
        let at = form.offset(index);
        let (id_at, flags_at) = match form {
            RingForm::Split => (at + 14, at + 12),
            RingForm::Packed => (at + 12, at + 14),
        };
        // Each lies inside the tables: `holds` has said so.
        self.memory.store64(at, self.memory.address(piece.offset));
        self.memory.store32(at + 8, piece.len as u32);
        self.memory.store16(id_at, id);
        self.memory.store16(flags_at, flags);
    }
}
