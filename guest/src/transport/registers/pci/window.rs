//! Where the registers behind a BAR are reached.

use core::fmt;

use parakit_abi::transport::pci::FunctionAddress;

use crate::{
    platform::{MapError, Platform},
    transport::{RegisterWindow, VolatileWindow},
};

/// The address space that a BAR is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Memory.
    Memory,
    /// I/O ports.
    Io,
}

/// A part of what a BAR decodes: one register structure, or the MSI-X table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarRegion {
    /// The function.
    pub function: FunctionAddress,
    /// Number of the BAR, 0 to 5.
    pub bar: u8,
    /// Where its addresses are.
    pub space: Space,
    /// Address of the region's first byte (a port, in [`Space::Io`]); what the BAR holds plus [`offset`](Self::offset).
    pub address: u64,
    /// Offset of the region in the BAR, in bytes.
    pub offset: u64,
    /// Bytes of the region, at least 1.
    pub len: u64,
}

impl fmt::Display for BarRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BAR {} of {} + {:#x}, {:#x} bytes", self.bar, self.function, self.offset, self.len)
    }
}

/// Makes windows on what BARs decode; the OS provides it, or uses [`MapBars`].
pub trait BarWindows {
    /// A window.
    type Window: RegisterWindow;

    /// Whether registers in `space` can be reached: I/O BARs are left alone otherwise.
    fn reaches(&self, space: Space) -> bool {
        space == Space::Memory
    }

    /// Whether windows are at the BARs' addresses, which is the usual case. If they are not, BARs need no addresses and the
    /// function is not made to answer there.
    fn by_address(&self) -> bool {
        true
    }

    /// A window on `region`, whose first byte is at offset 0 of the window.
    ///
    /// # Errors
    /// [`MapError`] when the region cannot be reached.
    ///
    /// # Safety
    /// The region is decoded by a BAR of the function, and there is no other window on it while this one exists.
    unsafe fn window(&self, region: &BarRegion) -> Result<Self::Window, MapError>;
}

/// Windows on memory BARs, mapped by the platform. I/O BARs cannot be reached.
#[derive(Clone, Copy, Debug)]
pub struct MapBars<P: Platform>(
    /// The platform.
    pub P,
);

impl<P: Platform> BarWindows for MapBars<P> {
    type Window = VolatileWindow;

    unsafe fn window(&self, region: &BarRegion) -> Result<VolatileWindow, MapError> {
        let error = MapError { address: region.address };
        let len = usize::try_from(region.len).map_err(|_| error)?;
        match region.space {
            // SAFETY: the caller vouches for the region.
            Space::Memory => unsafe { VolatileWindow::map(&self.0, region.address, len) },
            Space::Io => Err(error),
        }
    }
}
