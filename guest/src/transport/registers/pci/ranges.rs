//! Addresses that BARs may have.

use core::ops::Range;

use super::Space;

/// Addresses that BARs may have: where firmware put them inside of these ranges they stay, all others are placed here.
///
/// Addresses on the bus and addresses of the CPU are the same here, as on every machine with ECAM or ports that the kit
/// knows of.
#[derive(Clone, Debug)]
pub struct AddressRanges {
    memory32: Span,
    memory64: Span,
    io: Span,
}

impl AddressRanges {
    /// The ranges for 32-bit memory BARs (clipped to 4 GiB), for 64-bit ones (which take the others' when this is full or
    /// empty), and for I/O BARs (clipped to 64 KiB). Address 0 is never given out.
    ///
    /// # Safety
    /// Nothing but BARs answers there, and the program has no memory there.
    #[must_use]
    pub const unsafe fn new(memory32: Range<u64>, memory64: Range<u64>, io: Range<u64>) -> Self {
        Self {
            memory32: Span::new(memory32, 1 << 32),
            memory64: Span::new(memory64, u64::MAX),
            io: Span::new(io, 1 << 16),
        }
    }

    /// Whether `len` bytes at `base` lie in one of the ranges.
    #[must_use]
    pub fn contains(&self, space: Space, base: u64, len: u64) -> bool {
        match space {
            Space::Memory => self.memory32.contains(base, len) || self.memory64.contains(base, len),
            Space::Io => self.io.contains(base, len),
        }
    }

    /// Notes that `len` bytes at `base` are taken, as far as they lie in the ranges.
    pub fn reserve(&mut self, space: Space, base: u64, len: u64) {
        match space {
            Space::Memory => {
                self.memory32.reserve(base, len);
                self.memory64.reserve(base, len);
            }
            Space::Io => self.io.reserve(base, len),
        }
    }

    /// Takes `len` bytes, a power of two, aligned to their length. `wide`: a 64-bit BAR. `None` when there are none left.
    #[must_use]
    pub fn allocate(&mut self, space: Space, wide: bool, len: u64) -> Option<u64> {
        match space {
            Space::Memory if wide => self.memory64.allocate(len).or_else(|| self.memory32.allocate(len)),
            Space::Memory => self.memory32.allocate(len),
            Space::Io => self.io.allocate(len),
        }
    }
}

/// A range of addresses, and the smallest part of it that holds all that is taken: firmware places BARs from one end.
#[derive(Clone, Debug)]
struct Span {
    start: u64,
    end: u64,
    taken: Range<u64>,
}

impl Span {
    const fn new(range: Range<u64>, limit: u64) -> Self {
        let start = if range.start == 0 { 1 } else { range.start };
        let end = if range.end < limit { range.end } else { limit };
        Self { start, end, taken: start..start }
    }

    fn contains(&self, base: u64, len: u64) -> bool {
        base >= self.start && base.checked_add(len).is_some_and(|end| end <= self.end)
    }

    fn reserve(&mut self, base: u64, len: u64) {
        let (base, end) = (base.max(self.start), base.saturating_add(len).min(self.end));
        if base >= end {
            return;
        }
        self.taken =
            if self.taken.is_empty() { base..end } else { self.taken.start.min(base)..self.taken.end.max(end) };
    }

    fn allocate(&mut self, len: u64) -> Option<u64> {
        if !len.is_power_of_two() {
            return None;
        }
        let above = self.taken.end.checked_next_multiple_of(len).filter(|&base| self.contains(base, len));
        let below = || {
            let base = self.taken.start.checked_sub(len)? & !(len - 1);
            self.contains(base, len).then_some(base)
        };
        let base = above.or_else(below)?;
        self.reserve(base, len);
        Some(base)
    }
}
