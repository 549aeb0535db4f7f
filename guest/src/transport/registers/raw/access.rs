//! What lies under a device driven by hand: registers, and a PCI function.

use parakit_abi::transport::pci::FunctionAddress;

use crate::transport::RegisterWindow;

/// Registers under the hands of a probe.
///
/// As a [`RegisterWindow`], each call is one access, and one that is not aligned to its width or not inside reads all ones and
/// writes nothing. `width` is in bytes: 1, 2 or 4.
///
/// # Safety
/// Each access is to the registers of one device, the same for as long as the value lives, and does nothing else: what a probe relies on
/// when it gives a device memory and takes it back after a reset that it saw.
pub unsafe trait RawAccess {
    /// Bytes of the block.
    fn size(&self) -> u64;

    /// Reads.
    fn read(&self, offset: u64, width: u8) -> u32;

    /// Writes.
    ///
    /// # Safety
    /// The write does not make the device access memory that it must not access.
    unsafe fn write(&self, offset: u64, width: u8, value: u32);
}

/// A PCI function under the hands of a probe. Its BARs have addresses, and it answers there.
///
/// # Safety
/// Configuration space and BARs are those of one function, the one at [`RawFunction::address`], for as long as the value lives.
pub unsafe trait RawFunction {
    /// Where it is.
    fn address(&self) -> FunctionAddress;

    /// Its configuration space.
    fn config(&self) -> &dyn RawAccess;

    /// What base address register `index` leads to; `None` if it has none, or no address.
    fn bar(&self, index: u8) -> Option<&dyn RawAccess>;
}

/// A register window under the hands of a probe.
#[derive(Debug)]
pub struct RawWindow<W: RegisterWindow>(
    /// The window.
    pub W,
);

// SAFETY: a register window is one device's, and each access is one access of the window.
unsafe impl<W: RegisterWindow> RawAccess for RawWindow<W> {
    fn size(&self) -> u64 {
        self.0.len()
    }

    fn read(&self, offset: u64, width: u8) -> u32 {
        match width {
            1 => self.0.read8(offset).into(),
            2 => self.0.read16(offset).into(),
            4 => self.0.read32(offset),
            _ => u32::MAX,
        }
    }

    unsafe fn write(&self, offset: u64, width: u8, value: u32) {
        // SAFETY: the caller's promise.
        unsafe {
            match width {
                1 => self.0.write8(offset, value as u8),
                2 => self.0.write16(offset, value as u16),
                4 => self.0.write32(offset, value),
                _ => {}
            }
        }
    }
}
