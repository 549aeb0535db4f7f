//! Addresses for BARs before a guest starts, as firmware assigns them. No driver did it, so that there are no events of it.

use std::ops::Range;

use parakit_abi::transport::pci::{bar, command, header};

use crate::transport::device::core::Core;

/// The smallest distance between two BARs: a page, so that a guest can map them apart.
const PAGE: u64 = 0x1000;

/// The address ranges behind a host bridge that nobody has yet.
#[derive(Clone, Debug)]
pub struct BarWindows {
    low: Range<u64>,
    high: Range<u64>,
}

impl BarWindows {
    /// Ranges of which nothing is given away: one that 32-bit BARs reach, and another.
    #[must_use]
    pub fn new(low: Range<u64>, high: Range<u64>) -> Self {
        Self { low, high }
    }

    /// An address for a BAR of `size` bytes, a power of two; 64-bit BARs get one above only when there is no room below, since
    /// kernels that map the first 4 GiB are many.
    #[must_use]
    pub fn take(&mut self, size: u64, wide: bool) -> Option<u64> {
        take(&mut self.low, size).or_else(|| if wide { take(&mut self.high, size) } else { None })
    }
}

fn take(range: &mut Range<u64>, size: u64) -> Option<u64> {
    let start = range.start.checked_next_multiple_of(size.max(PAGE))?;
    let end = start.checked_add(size).filter(|end| *end <= range.end)?;
    range.start = end;
    Some(start)
}

impl Core {
    /// Gives each BAR of the function an address, and switches memory decoding on if there was one for each.
    pub(crate) fn pci_assign(&mut self, windows: &mut BarWindows) -> bool {
        let Some(port) = self.pci_mut() else { return false };
        let mut complete = true;
        for (i, place) in port.layout.bars.iter().enumerate().filter(|(_, b)| b.size > 0) {
            let Some(address) = windows.take(place.size, place.wide) else {
                complete = false;
                continue;
            };
            let register = header::BAR0 + 4 * i as u16;
            let kind = port.space.word32(register) & (bar::TYPE_MASK | bar::PREFETCHABLE);
            port.space.put(register, &(address as u32 | kind).to_le_bytes());
            if place.wide {
                port.space.put(register + 4, &((address >> 32) as u32).to_le_bytes());
            }
        }
        if complete {
            let command = port.space.command() | command::MEMORY;
            port.space.put(header::COMMAND, &command.to_le_bytes());
            self.decode();
        }
        complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_aligned_apart_and_below_where_they_fit() {
        let mut windows = BarWindows::new(0xc000_0000..0xc001_0000, 0x40_0000_0000..0x40_0010_0000);
        assert_eq!(windows.take(0x100, false), Some(0xc000_0000));
        assert_eq!(windows.take(0x4000, true), Some(0xc000_4000));
        assert_eq!(windows.take(0x10000, false), None);
        assert_eq!(windows.take(0x10000, true), Some(0x40_0000_0000));
        assert_eq!(windows.take(0x8000, false), Some(0xc000_8000));
        assert_eq!(windows.take(0x10, false), None);
        assert_eq!(windows.take(u64::MAX, true), None);
    }
}
