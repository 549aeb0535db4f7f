//! Registers behind I/O BARs.

use super::{BarRegion, BarWindows, MapBars, Ports, Space};
use crate::{
    platform::{MapError, Platform, order},
    queue::Notification,
    transport::{Notify, NotifyWidth, RegisterWindow, VolatileNotifier, VolatileWindow},
};

/// Windows on memory BARs, mapped by the platform, and on I/O BARs, reached through ports: for machines on which a notification
/// through a port is the faster one (§4.1.4), or the only one.
#[derive(Clone, Copy, Debug)]
pub struct MapBarsAndPorts<P: Platform, I: Ports + Clone> {
    /// The platform.
    pub platform: P,
    /// The ports.
    pub ports: I,
}

impl<P: Platform, I: Ports + Clone> BarWindows for MapBarsAndPorts<P, I> {
    type Window = BarWindow<I>;

    fn reaches(&self, _: Space) -> bool {
        true
    }

    unsafe fn window(&self, region: &BarRegion) -> Result<BarWindow<I>, MapError> {
        match region.space {
            // SAFETY: the caller vouches for the region.
            Space::Memory => unsafe { MapBars(&self.platform).window(region) }.map(BarWindow::Memory),
            Space::Io => {
                let error = MapError { address: region.address };
                let first = u16::try_from(region.address).map_err(|_| error)?;
                let fits = region.len.checked_add(first.into()).is_some_and(|end| end <= 1 << 16);
                let window = PortWindow { ports: self.ports.clone(), first, len: region.len };
                if fits { Ok(BarWindow::Io(window)) } else { Err(error) }
            }
        }
    }
}

/// Registers in memory, or behind ports.
#[derive(Debug)]
pub enum BarWindow<I: Ports> {
    /// In memory.
    Memory(VolatileWindow),
    /// Behind ports.
    Io(PortWindow<I>),
}

/// Registers behind consecutive ports.
#[derive(Debug)]
pub struct PortWindow<I: Ports> {
    ports: I,
    first: u16,
    len: u64,
}

impl<I: Ports> PortWindow<I> {
    /// The port of the register at `offset`, if it is aligned and inside.
    fn port(&self, offset: u64, width: u64) -> Option<u16> {
        let inside = offset.checked_add(width).is_some_and(|end| end <= self.len);
        let port = inside.then(|| self.first.checked_add(offset as u16)).flatten()?;
        u64::from(port).is_multiple_of(width).then_some(port)
    }
}

macro_rules! access {
    ($($read:ident, $write:ident: $ty:ty;)*) => {$(
        fn $read(&self, offset: u64) -> $ty {
            match self {
                Self::Memory(window) => window.$read(offset),
                Self::Io(window) => {
                    let port = window.port(offset, size_of::<$ty>() as u64);
                    let value = port.map_or(<$ty>::MAX, |port| window.ports.$read(port));
                    order::after_register_read();
                    value
                }
            }
        }
        unsafe fn $write(&self, offset: u64, value: $ty) {
            match self {
                // SAFETY: the caller's promise.
                Self::Memory(window) => unsafe { window.$write(offset, value) },
                Self::Io(window) => {
                    if let Some(port) = window.port(offset, size_of::<$ty>() as u64) {
                        order::before_register_write();
                        // SAFETY: as above.
                        unsafe { window.ports.$write(port, value) }
                    }
                }
            }
        }
    )*};
}

// SAFETY: each call is one access of the mapped window or of one port, which nobody else accesses (promised to `window`).
unsafe impl<I: Ports + Clone> RegisterWindow for BarWindow<I> {
    type Notifier = BarNotifier<I>;

    fn len(&self) -> u64 {
        match self {
            Self::Memory(window) => window.len(),
            Self::Io(window) => window.len,
        }
    }

    access! {
        read8, write8: u8;
        read16, write16: u16;
        read32, write32: u32;
    }

    unsafe fn notifier(&self, offset: u64, value: u16, width: NotifyWidth) -> BarNotifier<I> {
        match self {
            // SAFETY: the caller's promise.
            Self::Memory(window) => BarNotifier::Memory(unsafe { window.notifier(offset, value, width) }),
            Self::Io(window) => {
                let (ports, port) = (window.ports.clone(), window.port(offset, width.bytes()));
                BarNotifier::Io(PortNotifier { ports, port, value, width })
            }
        }
    }
}

/// [`BarWindow`]'s notifier: one store, or one write of a port.
#[derive(Clone, Debug)]
pub enum BarNotifier<I: Ports> {
    /// In memory.
    Memory(VolatileNotifier),
    /// Behind a port.
    Io(PortNotifier<I>),
}

/// Writes one port.
#[derive(Clone, Debug)]
pub struct PortNotifier<I: Ports> {
    ports: I,
    port: Option<u16>,
    value: u16,
    width: NotifyWidth,
}

impl<I: Ports> Notify for BarNotifier<I> {
    #[inline]
    fn notify(&self, what: Notification) {
        match self {
            Self::Memory(notifier) => notifier.notify(what),
            Self::Io(PortNotifier { ports, port: Some(port), value, width }) => {
                let word = width.word(*value, what);
                // What was published is visible before: partner is the device's read of the ring on being notified.
                order::before_register_write();
                // SAFETY: a notification gives the device no memory (promised to `notifier`).
                unsafe {
                    match width {
                        NotifyWidth::Bits16 => ports.write16(*port, word as u16),
                        NotifyWidth::Bits32 => ports.write32(*port, word),
                    }
                }
            }
            Self::Io(PortNotifier { port: None, .. }) => {}
        }
    }
}
