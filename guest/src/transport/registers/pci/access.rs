//! Access to PCI configuration space: ECAM and configuration mechanism 1.

use core::{cell::Cell, marker::PhantomData};

use parakit_abi::transport::pci::{FunctionAddress, mechanism1};

use crate::transport::RegisterWindow;

/// Configuration space of the functions on the buses of one host bridge.
///
/// Values are in host byte order (the space is little-endian). An access that is not aligned to its width, or beyond
/// [`size`](Self::size), reads all ones and writes nothing, as for a function that is not there.
///
/// # Safety
/// Each call is exactly one access of that width to that function, made when it is called.
pub unsafe trait ConfigAccess {
    /// Bytes of a function's space that can be reached: 256, or 4096 with ECAM.
    fn size(&self) -> u16;
    /// Reads 8 bits.
    fn read8(&self, function: FunctionAddress, offset: u16) -> u8;
    /// Reads 16 bits.
    fn read16(&self, function: FunctionAddress, offset: u16) -> u16;
    /// Reads 32 bits.
    fn read32(&self, function: FunctionAddress, offset: u16) -> u32;
    /// Writes 8 bits.
    ///
    /// # Safety
    /// The write does not make the function answer at, or access, memory that it must not.
    unsafe fn write8(&self, function: FunctionAddress, offset: u16, value: u8);
    /// Writes 16 bits.
    ///
    /// # Safety
    /// As for [`write8`](Self::write8).
    unsafe fn write16(&self, function: FunctionAddress, offset: u16, value: u16);
    /// Writes 32 bits.
    ///
    /// # Safety
    /// As for [`write8`](Self::write8).
    unsafe fn write32(&self, function: FunctionAddress, offset: u16, value: u32);
}

// SAFETY: every method goes to the same access.
unsafe impl<A: ConfigAccess + ?Sized> ConfigAccess for &A {
    fn size(&self) -> u16 {
        (**self).size()
    }
    fn read8(&self, function: FunctionAddress, offset: u16) -> u8 {
        (**self).read8(function, offset)
    }
    fn read16(&self, function: FunctionAddress, offset: u16) -> u16 {
        (**self).read16(function, offset)
    }
    fn read32(&self, function: FunctionAddress, offset: u16) -> u32 {
        (**self).read32(function, offset)
    }
    unsafe fn write8(&self, function: FunctionAddress, offset: u16, value: u8) {
        // SAFETY: the caller's promise is about the same access.
        unsafe { (**self).write8(function, offset, value) }
    }
    unsafe fn write16(&self, function: FunctionAddress, offset: u16, value: u16) {
        // SAFETY: as above.
        unsafe { (**self).write16(function, offset, value) }
    }
    unsafe fn write32(&self, function: FunctionAddress, offset: u16, value: u32) {
        // SAFETY: as above.
        unsafe { (**self).write32(function, offset, value) }
    }
}

/// Configuration space in memory (PCI Express enhanced configuration access, ECAM).
#[derive(Debug)]
pub struct Ecam<W: RegisterWindow> {
    window: W,
}

impl<W: RegisterWindow> Ecam<W> {
    /// The space in `window`, which begins with bus 0. Buses beyond its end are not there.
    #[must_use]
    pub const fn new(window: W) -> Self {
        Self { window }
    }

    fn at(function: FunctionAddress, offset: u16) -> u64 {
        // An offset beyond the function's part must not reach the next function.
        if offset < ECAM_SIZE { function.ecam_offset() + u64::from(offset) } else { u64::MAX }
    }
}

/// Bytes of a function's configuration space in ECAM.
const ECAM_SIZE: u16 = 4096;

// SAFETY: each call is one access of the window, which makes it one access of the function.
unsafe impl<W: RegisterWindow> ConfigAccess for Ecam<W> {
    fn size(&self) -> u16 {
        ECAM_SIZE
    }
    fn read8(&self, function: FunctionAddress, offset: u16) -> u8 {
        self.window.read8(Self::at(function, offset))
    }
    fn read16(&self, function: FunctionAddress, offset: u16) -> u16 {
        self.window.read16(Self::at(function, offset))
    }
    fn read32(&self, function: FunctionAddress, offset: u16) -> u32 {
        self.window.read32(Self::at(function, offset))
    }
    unsafe fn write8(&self, function: FunctionAddress, offset: u16, value: u8) {
        // SAFETY: the caller's promise.
        unsafe { self.window.write8(Self::at(function, offset), value) }
    }
    unsafe fn write16(&self, function: FunctionAddress, offset: u16, value: u16) {
        // SAFETY: the caller's promise.
        unsafe { self.window.write16(Self::at(function, offset), value) }
    }
    unsafe fn write32(&self, function: FunctionAddress, offset: u16, value: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.window.write32(Self::at(function, offset), value) }
    }
}

/// I/O ports, where the CPU has them.
///
/// # Safety
/// Each call is exactly one access of that width to that port, made when it is called.
pub unsafe trait Ports {
    /// Reads 8 bits.
    fn read8(&self, port: u16) -> u8;
    /// Reads 16 bits.
    fn read16(&self, port: u16) -> u16;
    /// Reads 32 bits.
    fn read32(&self, port: u16) -> u32;
    /// Writes 8 bits.
    ///
    /// # Safety
    /// The write does not make a device access memory that it must not access.
    unsafe fn write8(&self, port: u16, value: u8);
    /// Writes 16 bits.
    ///
    /// # Safety
    /// As for [`write8`](Self::write8).
    unsafe fn write16(&self, port: u16, value: u16);
    /// Writes 32 bits.
    ///
    /// # Safety
    /// As for [`write8`](Self::write8).
    unsafe fn write32(&self, port: u16, value: u32);
}

/// Configuration space through I/O ports 0xCF8 and 0xCFC (configuration mechanism 1): the first 256 bytes.
///
/// An access takes two port accesses, so the value is of one thread.
#[derive(Debug)]
pub struct Mechanism1<P: Ports> {
    ports: P,
    of_one_thread: PhantomData<Cell<()>>,
}

impl<P: Ports> Mechanism1<P> {
    /// The space behind the ports.
    ///
    /// # Safety
    /// While the value exists, nobody else uses ports 0xCF8 to 0xCFF, interrupt handlers and other CPUs included.
    #[must_use]
    pub const unsafe fn new(ports: P) -> Self {
        Self { ports, of_one_thread: PhantomData }
    }

    /// Selects the register; the port where `offset` of it is. `None` when the access is impossible.
    fn select(&self, function: FunctionAddress, offset: u16, width: u16) -> Option<u16> {
        if offset >= MECHANISM1_SIZE || !offset.is_multiple_of(width) {
            return None;
        }
        // SAFETY: choosing a register makes no device access memory.
        unsafe { self.ports.write32(mechanism1::PORT_ADDRESS, function.mechanism1(offset)) };
        Some(mechanism1::PORT_DATA + offset % 4)
    }
}

/// Bytes of a function's configuration space that mechanism 1 reaches.
const MECHANISM1_SIZE: u16 = 256;

// SAFETY: each call selects one register and makes one access of its data port; nobody else uses the ports (promised to
// `new`).
unsafe impl<P: Ports> ConfigAccess for Mechanism1<P> {
    fn size(&self) -> u16 {
        MECHANISM1_SIZE
    }
    fn read8(&self, function: FunctionAddress, offset: u16) -> u8 {
        self.select(function, offset, 1).map_or(u8::MAX, |port| self.ports.read8(port))
    }
    fn read16(&self, function: FunctionAddress, offset: u16) -> u16 {
        self.select(function, offset, 2).map_or(u16::MAX, |port| self.ports.read16(port))
    }
    fn read32(&self, function: FunctionAddress, offset: u16) -> u32 {
        self.select(function, offset, 4).map_or(u32::MAX, |port| self.ports.read32(port))
    }
    unsafe fn write8(&self, function: FunctionAddress, offset: u16, value: u8) {
        if let Some(port) = self.select(function, offset, 1) {
            // SAFETY: the caller's promise.
            unsafe { self.ports.write8(port, value) }
        }
    }
    unsafe fn write16(&self, function: FunctionAddress, offset: u16, value: u16) {
        if let Some(port) = self.select(function, offset, 2) {
            // SAFETY: the caller's promise.
            unsafe { self.ports.write16(port, value) }
        }
    }
    unsafe fn write32(&self, function: FunctionAddress, offset: u16, value: u32) {
        if let Some(port) = self.select(function, offset, 4) {
            // SAFETY: the caller's promise.
            unsafe { self.ports.write32(port, value) }
        }
    }
}
