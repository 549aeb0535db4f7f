//! Register access: the one place that touches device registers in memory.

use core::ptr::NonNull;

use crate::{
    platform::{MapError, Platform, order},
    queue::Notification,
};

/// A block of device registers.
///
/// Offsets are in bytes from its start; values are in host byte order (the block itself is little-endian). An access
/// that is not aligned to its width or not inside the block reads all ones and writes nothing, as on a bus.
///
/// # Safety
/// The block is reached through this value alone while it exists (notifiers apart), and each call is exactly one
/// access of that width, made when it is called: writes, and what notifiers write, after all memory accesses before them, as the
/// device sees it, and reads before all memory accesses after them. [`order`](crate::platform::order) has what that takes.
pub unsafe trait RegisterWindow {
    /// What [`notifier`](Self::notifier) returns.
    type Notifier: Notify;

    /// Bytes of the block.
    fn len(&self) -> u64;
    /// Whether the block has no registers.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Reads 8 bits.
    fn read8(&self, offset: u64) -> u8;
    /// Reads 16 bits.
    fn read16(&self, offset: u64) -> u16;
    /// Reads 32 bits.
    fn read32(&self, offset: u64) -> u32;
    /// Writes 8 bits.
    ///
    /// # Safety
    /// The write does not make the device access memory that it must not access.
    unsafe fn write8(&self, offset: u64, value: u8);
    /// Writes 16 bits.
    ///
    /// # Safety
    /// As for [`write8`](Self::write8).
    unsafe fn write16(&self, offset: u64, value: u16);
    /// Writes 32 bits.
    ///
    /// # Safety
    /// As for [`write8`](Self::write8).
    unsafe fn write32(&self, offset: u64, value: u32);
    /// Something that writes once at `offset`, and does nothing else: [`NotifyWidth::word`] of `value` and what
    /// [`Notify::notify`] is given.
    ///
    /// # Safety
    /// As for [`write8`](Self::write8), whenever and wherever the notifier is used.
    unsafe fn notifier(&self, offset: u64, value: u16, width: NotifyWidth) -> Self::Notifier;
}

/// Width of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotifyWidth {
    /// PCI without `VIRTIO_F_NOTIFICATION_DATA` (VIRTIO 1.4 §4.1.5.2).
    Bits16,
    /// All others.
    Bits32,
}

impl NotifyWidth {
    /// The width in bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Bits16 => 2,
            Self::Bits32 => 4,
        }
    }

    /// What is written: what names the queue in the lower half, what it has to say in the upper one, if that is written.
    #[inline]
    #[must_use]
    pub const fn word(self, value: u16, what: Notification) -> u32 {
        match self {
            Self::Bits16 => value as u32,
            Self::Bits32 => value as u32 | (what.0 as u32) << 16,
        }
    }
}

/// Tells a device that a queue has new available buffers.
pub trait Notify {
    /// Does so with what [`publish`](crate::queue::Queue::publish) returned: one store to an address looked up before.
    /// What was published earlier is visible to the device first.
    fn notify(&self, what: Notification);
}

/// Registers in mapped memory.
#[derive(Debug)]
pub struct VolatileWindow {
    base: NonNull<u8>,
    len: u64,
}

// SAFETY: device registers belong to no thread.
unsafe impl Send for VolatileWindow {}
// SAFETY: shared access only makes single volatile accesses, whose order matters to callers but not to memory safety.
unsafe impl Sync for VolatileWindow {}

impl VolatileWindow {
    /// The `len` bytes of registers mapped at `base`.
    ///
    /// # Safety
    /// `base` maps `len` bytes of device registers until the program ends, and there is no other window on them while this one
    /// exists.
    #[must_use]
    pub const unsafe fn new(base: NonNull<u8>, len: usize) -> Self {
        Self { base, len: len as u64 }
    }

    /// Maps the `len` bytes of registers at physical `address` through the platform.
    ///
    /// # Errors
    /// [`MapError`] when the platform cannot map them, or maps them at an address that is not aligned as the physical one is.
    ///
    /// # Safety
    /// The range holds device registers, and there is no other window on them while this one exists.
    pub unsafe fn map(platform: &impl Platform, address: u64, len: usize) -> Result<Self, MapError> {
        // SAFETY: the caller vouches for the range.
        let base = unsafe { platform.map_mmio(address, len) }?;
        // What is aligned in the device is to be aligned in memory. Not all is: over PCI, the ISR status may lie at any address and
        // the notifications at an even one (VIRTIO 1.4 §4.1.4.4.1, §4.1.4.5.1).
        if !(base.addr().get() as u64 ^ address).is_multiple_of(4) {
            return Err(MapError { address });
        }
        // SAFETY: the platform mapped it for ever; the caller promised that the window is the only one.
        Ok(unsafe { Self::new(base, len) })
    }

    /// The register at `offset`, if it is aligned and inside.
    #[inline]
    fn register<T>(&self, offset: u64) -> Option<NonNull<T>> {
        let inside = offset.checked_add(size_of::<T>() as u64).is_some_and(|end| end <= self.len);
        // SAFETY: `offset` is inside the mapping.
        let register: NonNull<T> = inside.then(|| unsafe { self.base.add(offset as usize) }.cast())?;
        register.is_aligned().then_some(register)
    }
}

macro_rules! access {
    ($($read:ident, $write:ident: $ty:ty;)*) => {$(
        #[inline]
        fn $read(&self, offset: u64) -> $ty {
            // SAFETY: `register` returns aligned addresses inside the mapping, which is there until the program ends.
            let value = self.register::<$ty>(offset).map_or(<$ty>::MAX, |r| <$ty>::from_le(unsafe { r.read_volatile() }));
            // What the device wrote to memory before it had the register read like that is read after it. Partner: the device's
            // order of the two.
            order::after_register_read();
            value
        }
        #[inline]
        unsafe fn $write(&self, offset: u64, value: $ty) {
            if let Some(register) = self.register::<$ty>(offset) {
                // What the device does about it finds memory as it is now. Partner: its reads of memory after the write.
                order::before_register_write();
                // SAFETY: as above; a device register may be written at any time as far as memory is concerned.
                unsafe { register.write_volatile(value.to_le()) }
            }
        }
    )*};
}

// SAFETY: the window is the only one on its registers (promised to `new`); each method is one volatile access,
// with the barrier that orders it with memory.
unsafe impl RegisterWindow for VolatileWindow {
    type Notifier = VolatileNotifier;

    fn len(&self) -> u64 {
        self.len
    }

    access! {
        read8, write8: u8;
        read16, write16: u16;
        read32, write32: u32;
    }

    unsafe fn notifier(&self, offset: u64, value: u16, width: NotifyWidth) -> VolatileNotifier {
        let register = match width {
            NotifyWidth::Bits16 => self.register::<u16>(offset).map(NonNull::cast),
            NotifyWidth::Bits32 => self.register::<u32>(offset).map(NonNull::cast),
        };
        VolatileNotifier { register, value, width }
    }
}

/// [`VolatileWindow`]'s notifier: one volatile store.
#[derive(Clone, Debug)]
pub struct VolatileNotifier {
    /// Aligned to the width.
    register: Option<NonNull<()>>,
    value: u16,
    width: NotifyWidth,
}

// SAFETY: device registers belong to no thread.
unsafe impl Send for VolatileNotifier {}
// SAFETY: a notification from any thread is a single store.
unsafe impl Sync for VolatileNotifier {}

impl Notify for VolatileNotifier {
    #[inline]
    fn notify(&self, what: Notification) {
        if let Some(register) = self.register {
            // Partner: the device's read of the available index, or of the descriptor's flags, on being notified.
            order::before_register_write();
            let word = self.width.word(self.value, what);
            // SAFETY: the register is aligned and its mapping is there until the program ends (`VolatileWindow::new`).
            unsafe {
                match self.width {
                    NotifyWidth::Bits16 => register.cast::<u16>().write_volatile((word as u16).to_le()),
                    NotifyWidth::Bits32 => register.cast::<u32>().write_volatile(word.to_le()),
                }
            }
        }
    }
}
