//! There is no map: machine mode sees every address as it is, with or without caches as the machine has it.

/// RAM beyond this is not used.
pub(crate) const RAM_LIMIT: u64 = 1 << 38;
/// RAM ends here when nobody said where: 16 MiB.
pub(crate) const ASSUMED_RAM_END: u64 = 0x8100_0000;

/// Whether the registers from `address` on can be reached there, uncached.
pub(crate) fn map_registers(address: u64, len: u64) -> bool {
    // Not what is kept free for null pointers.
    address >= 0x1000 && address.checked_add(len).is_some()
}
