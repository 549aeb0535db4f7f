//! A device driven by hand, for probes that put its rules to the test (feature `probe`).
//!
//! A probe has to do what no driver does: read any register, leave steps of the bring-up out, write rings one word at a time. It
//! does so in safe code, and what the device can be made to write to is confined to memory that is accessed by atomic loads and stores
//! alone: [`RawDevice`] owns that memory, checks each address and each size that the device is given, and frees the memory only
//! when the device has confirmed a reset.
//!
//! What it refuses has no effect and is counted ([`RawDevice::refused`]).

mod access;
mod memory;
mod mmio;
mod pci;
mod registers;

use core::cell::Cell;
use core::mem::ManuallyDrop;

use parakit_abi::feature::{self, Features};
use parakit_abi::status::DeviceStatus;

use crate::platform::{DmaError, DmaWords, Platform, Wait};

pub use access::{RawAccess, RawFunction, RawWindow};
pub use memory::{Area, DATA, LEN, MAX_SIZE, Piece, RingForm, TABLE_DESCRIPTORS};
pub use mmio::RawMmio;
pub use pci::{RawCap, RawPci};
pub use registers::RawRegisters;

/// A device driven by hand, and the memory that it is given.
///
/// ```no_run
/// use parakit::{Platform, RegisterWindow};
/// use parakit::transport::raw::{RawDevice, RawMmio, RawRegisters, RawWindow};
///
/// fn offers_version_1<P: Platform, W: RegisterWindow>(platform: P, window: W) -> bool {
///     let registers = RawRegisters::Mmio(RawMmio::new(Box::new(RawWindow(window))));
///     let Ok(device) = RawDevice::new(platform, registers) else { return false };
///     device.reset() && device.device_feature(1) & 1 != 0
/// }
/// ```
pub struct RawDevice<'a, P: Platform> {
    registers: RawRegisters<'a>,
    memory: ManuallyDrop<DmaWords<P>>,
    /// What was written as accepted since the last reset.
    accepted: Cell<Features>,
    /// The device may have taken the features: they stay until it was reset.
    settled: Cell<bool>,
    /// The device was reset: nothing of what came before is agreed on.
    known: Cell<bool>,
    refused: Cell<u32>,
}

impl<'a, P: Platform> RawDevice<'a, P> {
    /// Takes the device over. Nothing is written to it.
    ///
    /// # Errors
    /// [`DmaError`] when there is no memory for it.
    pub fn new(platform: P, registers: RawRegisters<'a>) -> Result<Self, DmaError> {
        Ok(Self {
            registers,
            memory: ManuallyDrop::new(DmaWords::new(platform, LEN)?),
            accepted: Cell::new(Features::NONE),
            settled: Cell::new(true),
            known: Cell::new(false),
            refused: Cell::new(0),
        })
    }

    /// How often something was refused since the device was taken over.
    #[must_use]
    pub fn refused(&self) -> u32 {
        self.refused.get()
    }

    fn refuse(&self) {
        self.refused.set(self.refused.get().saturating_add(1));
    }

    /// Reads the status.
    #[must_use]
    pub fn status(&self) -> DeviceStatus {
        self.registers.status()
    }

    /// Writes the status. After 0, no queue is enabled before a [`reset`](Self::reset).
    pub fn set_status(&self, status: DeviceStatus) {
        if status.contains(DeviceStatus::FEATURES_OK) {
            self.settled.set(true);
        }
        if status == DeviceStatus::RESET {
            // The device forgets the features; only `reset` makes this value forget them too.
            self.known.set(false);
        }
        self.registers.set_status(status);
    }

    /// Writes 0 to the status and waits until it reads 0, as long as the platform has patience. The tables are zero afterwards.
    #[must_use]
    pub fn reset(&self) -> bool {
        self.registers.set_status(DeviceStatus::RESET);
        let mut polls = 0;
        while self.registers.status() != DeviceStatus::RESET {
            polls += 1;
            if self.memory.platform().wait(polls) == Wait::GiveUp {
                return false;
            }
        }
        // What was written for one set of features may mean something else with another.
        (0..DATA).step_by(8).for_each(|offset| {
            self.memory.store64(offset, 0);
        });
        self.accepted.set(Features::NONE);
        self.settled.set(false);
        self.known.set(true);
        true
    }

    /// Reads word `word` of the offered features.
    #[must_use]
    pub fn device_feature(&self, word: u32) -> u32 {
        self.registers.device_feature(word)
    }

    /// Writes word `word` of the accepted features. Refused from the first write of `FEATURES_OK` until a [`reset`](Self::reset): what the
    /// device takes the rings for depends on it.
    pub fn accept(&self, word: u32, value: u32) {
        if self.settled.get() {
            return self.refuse();
        }
        self.accepted.set(self.accepted.get().with_word(word, value));
        self.registers.accept(word, value);
    }

    /// What was written as accepted since the last reset.
    #[must_use]
    pub fn accepted(&self) -> Features {
        self.accepted.get()
    }

    /// Which form the rings have, by the accepted features.
    #[must_use]
    pub fn form(&self) -> RingForm {
        if self.accepted.get().has(feature::RING_PACKED) { RingForm::Packed } else { RingForm::Split }
    }

    /// Sets up queue `queue` and enables it: `size` entries, the descriptors from descriptor `table` of the tables of its
    /// [`form`](Self::form) on, driver area and device area at these offsets of the data. The status must show `FEATURES_OK`.
    ///
    /// False when that was refused.
    pub fn enable(&self, queue: u16, size: u16, table: usize, driver: usize, device: usize) -> bool {
        let form = self.form();
        let (driver_len, device_len) = form.areas(size);
        let fits = size <= MAX_SIZE
            && form.holds(table, size.into())
            && Piece { offset: driver, len: driver_len }.is_data()
            && Piece { offset: device, len: device_len }.is_data();
        if !fits || !self.known.get() || !self.settled.get() || !self.status().contains(DeviceStatus::FEATURES_OK) {
            self.refuse();
            return false;
        }
        let addresses = crate::transport::QueueAddresses {
            descriptor: self.memory.address(form.offset(table)),
            driver: self.memory.address(driver),
            device: self.memory.address(device),
        };
        // SAFETY: the ring lies in this value's memory, which is not freed before the device was reset; what its descriptors point to does
        // too, since they are written by `descriptor` alone, and it has the form that the device takes it for.
        unsafe { self.registers.enable(queue, size, addresses) };
        true
    }

    /// The registers. What they write gives the device no memory.
    #[must_use]
    pub fn registers(&self) -> &RawRegisters<'a> {
        &self.registers
    }
}

impl<P: Platform> Drop for RawDevice<'_, P> {
    fn drop(&mut self) {
        if self.reset() {
            // SAFETY: this is the one place that takes it.
            let memory = unsafe { ManuallyDrop::take(&mut self.memory) };
            // SAFETY: the device has confirmed that it was reset; it uses no memory until it is given some again.
            unsafe { memory.free() };
        }
    }
}
