//! Register blocks of models: one access a call, whichever the model is.

use std::{cell::RefCell, rc::Rc};

use parakit::{Notify, RegisterWindow, queue::Notification, transport::NotifyWidth};

/// The registers of a model. It has memory of the driver between DRIVER_OK and the reset only, when the kit keeps it.
pub trait Model {
    /// Bytes of the block.
    const LEN: u64;
    fn read(&mut self, offset: u64, width: usize) -> u32;
    fn write(&mut self, offset: u64, width: usize, value: u32);
    /// Whatever else a notification does.
    fn notified(&mut self) {}
}

/// A model that the test shares with the driver.
#[derive(Debug)]
pub struct Window<M>(pub Rc<RefCell<M>>);

impl<M> Clone for Window<M> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<M> Window<M> {
    pub fn of(model: M) -> Self {
        Self(Rc::new(RefCell::new(model)))
    }

    pub fn with<R>(&self, f: impl FnOnce(&mut M) -> R) -> R {
        f(&mut self.0.borrow_mut())
    }
}

// SAFETY: one access a call, to a model that keeps the promise of `Model`.
unsafe impl<M: Model> RegisterWindow for Window<M> {
    type Notifier = Doorbell<M>;

    fn len(&self) -> u64 {
        M::LEN
    }
    fn read8(&self, offset: u64) -> u8 {
        self.with(|m| m.read(offset, 1)) as u8
    }
    fn read16(&self, offset: u64) -> u16 {
        self.with(|m| m.read(offset, 2)) as u16
    }
    fn read32(&self, offset: u64) -> u32 {
        self.with(|m| m.read(offset, 4))
    }
    unsafe fn write8(&self, offset: u64, value: u8) {
        self.with(|m| m.write(offset, 1, value.into()));
    }
    unsafe fn write16(&self, offset: u64, value: u16) {
        self.with(|m| m.write(offset, 2, value.into()));
    }
    unsafe fn write32(&self, offset: u64, value: u32) {
        self.with(|m| m.write(offset, 4, value));
    }
    unsafe fn notifier(&self, offset: u64, value: u16, width: NotifyWidth) -> Doorbell<M> {
        Doorbell { window: self.clone(), offset, value, width }
    }
}

/// Notifies a model.
pub struct Doorbell<M> {
    window: Window<M>,
    offset: u64,
    value: u16,
    width: NotifyWidth,
}

impl<M: Model> Notify for Doorbell<M> {
    fn notify(&self, what: Notification) {
        self.window.with(|m| {
            m.write(self.offset, self.width.bytes() as usize, self.width.word(self.value, what));
            m.notified();
        });
    }
}
