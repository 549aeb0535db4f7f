//! Registers reached through configuration space (VIRTIO 1.4 §4.1.4.9).

use core::marker::PhantomData;

use parakit_abi::transport::pci::{FunctionAddress, cap};

use super::{BarRegion, BarWindows, ConfigAccess, Function, PciError, Space, capability::Structures};
use crate::{
    platform::{MapError, order},
    queue::Notification,
    transport::{Notify, NotifyWidth, RegisterWindow},
};

/// Windows on a device's registers through its PCI configuration access capability: slow, but it takes no addresses. For
/// machines where BARs cannot be mapped yet, or at all.
///
/// There is no MSI-X this way: the capability reaches register structures only (§4.1.4.9.2).
#[derive(Clone, Copy, Debug)]
pub struct CfgWindows<A: ConfigAccess + Clone> {
    capability: Capability<A>,
}

#[derive(Clone, Copy, Debug)]
struct Capability<A: ConfigAccess> {
    config: A,
    function: FunctionAddress,
    /// Its position in configuration space.
    at: u16,
    /// An access takes four of configuration space.
    of_one_thread: PhantomData<*const ()>,
}

impl<A: ConfigAccess + Clone> CfgWindows<A> {
    /// Windows through the capability of `function`.
    ///
    /// # Errors
    /// [`PciError::NoConfigAccess`] when it has none.
    ///
    /// # Safety
    /// While the value, a window of it or a notifier of that exists, nobody else uses the capability: no other CPU, no
    /// interrupt handler.
    pub unsafe fn new(config: A, function: &Function) -> Result<Self, PciError> {
        let at = Structures::pci_cfg(&config, function.address).ok_or(PciError::NoConfigAccess)?;
        let capability = Capability { config, function: function.address, at, of_one_thread: PhantomData };
        Ok(Self { capability })
    }
}

impl<A: ConfigAccess + Clone> BarWindows for CfgWindows<A> {
    type Window = CfgWindow<A>;

    fn reaches(&self, _: Space) -> bool {
        true
    }

    fn by_address(&self) -> bool {
        false
    }

    unsafe fn window(&self, region: &BarRegion) -> Result<CfgWindow<A>, MapError> {
        let error = MapError { address: region.offset };
        // Offsets are 32 bits wide here.
        let end = region.offset.checked_add(region.len).filter(|&end| end <= 1 << 32);
        if region.function != self.capability.function || end.is_none() {
            return Err(error);
        }
        let offset = region.offset as u32;
        Ok(CfgWindow { capability: self.capability.clone(), bar: region.bar, offset, len: region.len })
    }
}

/// One register structure, reached through configuration space. All windows of a device are of one thread.
#[derive(Debug)]
pub struct CfgWindow<A: ConfigAccess> {
    capability: Capability<A>,
    bar: u8,
    offset: u32,
    len: u64,
}

impl<A: ConfigAccess + Clone> CfgWindow<A> {
    /// The same window, for a notifier: there is no other one for anybody else.
    fn again(&self) -> Self {
        Self { capability: self.capability.clone(), ..*self }
    }
}

impl<A: ConfigAccess> CfgWindow<A> {
    /// Points the capability at `width` bytes at `offset`; where they can be accessed. `None` when they are not aligned in the
    /// BAR or not inside the structure.
    fn select(&self, offset: u64, width: u32) -> Option<u16> {
        if offset.checked_add(width.into()).is_none_or(|end| end > self.len) {
            return None;
        }
        let offset = self.offset.checked_add(offset as u32).filter(|offset| offset.is_multiple_of(width))?;
        let Capability { config, function, at, .. } = &self.capability;
        // SAFETY: these fields choose what the next access of the data is about.
        unsafe {
            config.write8(*function, at + cap::BAR, self.bar);
            config.write32(*function, at + cap::OFFSET, offset);
            config.write32(*function, at + cap::LENGTH, width);
        }
        Some(at + cap::PCI_CFG_DATA)
    }
}

macro_rules! access {
    ($($read:ident, $write:ident: $ty:ty;)*) => {$(
        fn $read(&self, offset: u64) -> $ty {
            let Some(data) = self.select(offset, <$ty>::BITS / 8) else { return <$ty>::MAX };
            let value = self.capability.config.$read(self.capability.function, data);
            order::after_register_read();
            value
        }
        unsafe fn $write(&self, offset: u64, value: $ty) {
            if let Some(data) = self.select(offset, <$ty>::BITS / 8) {
                order::before_register_write();
                // SAFETY: the caller's promise, since the device does this write.
                unsafe { self.capability.config.$write(self.capability.function, data, value) }
            }
        }
    )*};
}

// SAFETY: the structure is one that nobody else has a window on (promised to `window`); each call makes the device access the
// register once, because nobody else selects between (promised to `new`).
unsafe impl<A: ConfigAccess + Clone> RegisterWindow for CfgWindow<A> {
    type Notifier = CfgNotifier<A>;

    fn len(&self) -> u64 {
        self.len
    }

    access! {
        read8, write8: u8;
        read16, write16: u16;
        read32, write32: u32;
    }

    unsafe fn notifier(&self, offset: u64, value: u16, width: NotifyWidth) -> CfgNotifier<A> {
        CfgNotifier { window: self.again(), offset, value, width }
    }
}

/// [`CfgWindow`]'s notifier.
#[derive(Debug)]
pub struct CfgNotifier<A: ConfigAccess> {
    window: CfgWindow<A>,
    offset: u64,
    value: u16,
    width: NotifyWidth,
}

impl<A: ConfigAccess + Clone> Clone for CfgNotifier<A> {
    fn clone(&self) -> Self {
        Self { window: self.window.again(), ..*self }
    }
}

impl<A: ConfigAccess + Clone> Notify for CfgNotifier<A> {
    fn notify(&self, what: Notification) {
        let word = self.width.word(self.value, what);
        // What was published is visible before, as it is before any write of the window.
        // SAFETY: a notification gives the device no memory (promised to `notifier`).
        unsafe {
            match self.width {
                NotifyWidth::Bits16 => self.window.write16(self.offset, word as u16),
                NotifyWidth::Bits32 => self.window.write32(self.offset, word),
            }
        }
    }
}
