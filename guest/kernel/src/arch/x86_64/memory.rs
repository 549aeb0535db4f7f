//! What is mapped: the first 4 GiB, and the addresses of 64-bit BARs, by the tables in the image.

use core::ops::Range;

use parakit_abi::boot::{PCI_MEMORY64, PCI_MEMORY64_SIZE};

/// RAM beyond this is not used: devices are there.
pub(crate) const RAM_LIMIT: u64 = 0xc000_0000;
/// RAM ends here when nobody said where.
pub(crate) const ASSUMED_RAM_END: u64 = 16 << 20;

const MAPPED: [Range<u64>; 2] = [0..1 << 32, PCI_MEMORY64..PCI_MEMORY64 + PCI_MEMORY64_SIZE];

/// Whether the registers from `address` on can be reached there, uncached.
pub(crate) fn map_registers(address: u64, len: u64) -> bool {
    let end = address.checked_add(len);
    end.is_some_and(|end| MAPPED.iter().any(|range| range.start <= address && end <= range.end))
}
