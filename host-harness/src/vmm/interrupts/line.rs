//! INTx: level-triggered lines, of which several may share a pin of the I/O APIC.

use std::sync::{Arc, Mutex, PoisonError};

use kvm_ioctls::VmFd;

use crate::transport::IntxLine;

/// The first pin of those that PCI functions have: above the ones that a PC uses for other things.
const FIRST: u32 = 16;
/// How many pins they share.
pub(super) const SHARED: u32 = 8;

/// The global system interrupt of the line of PCI function `i`, which is a pin of the I/O APIC.
pub(in crate::vmm) fn intx_gsi(i: usize) -> u8 {
    (FIRST + (i % SHARED as usize) as u32) as u8
}

/// A pin, asserted while any of its lines is.
pub(super) struct Pin {
    vm: Arc<VmFd>,
    gsi: u32,
    /// Lines that assert it.
    asserting: Mutex<u32>,
}

/// The pins.
pub(super) fn pins(vm: &Arc<VmFd>) -> [Arc<Pin>; SHARED as usize] {
    std::array::from_fn(|i| Arc::new(Pin { vm: Arc::clone(vm), gsi: FIRST + i as u32, asserting: Mutex::default() }))
}

impl Pin {
    fn add(&self, asserted: bool) {
        let mut asserting = self.asserting.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *asserting;
        *asserting = if asserted { before.saturating_add(1) } else { before.saturating_sub(1) };
        if (before == 0) != (*asserting == 0) {
            // Under the lock, so that the level that is set last is the one that holds. The pin was there when the routes were set, and
            // only a machine that is gone refuses it.
            let _ = self.vm.set_irq_line(self.gsi, *asserting != 0);
        }
    }
}

/// The line of a function.
pub(super) struct Line {
    pin: Arc<Pin>,
    asserted: Mutex<bool>,
}

impl Line {
    pub(super) fn new(pin: Arc<Pin>) -> Self {
        Self { pin, asserted: Mutex::default() }
    }
}

impl IntxLine for Line {
    fn set(&self, asserted: bool) {
        let mut is = self.asserted.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *is, asserted) != asserted {
            self.pin.add(asserted);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.set(false);
    }
}
