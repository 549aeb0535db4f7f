//! The interrupts of devices on register blocks, for kernels that know a PC: each is a pin of both interrupt controllers, as
//! a kernel may use either, and may take it for edge-triggered or for level-triggered.

use std::sync::Arc;

use kvm_ioctls::VmFd;

use crate::transport::InterruptLine;

/// A pin that one device has for itself. It is asserted as long as the device has a reason to interrupt, and let go for a moment at each new
/// one: so a kernel sees an edge for each, and a level until it has acknowledged them all.
pub(super) struct Wire {
    pub(super) vm: Arc<VmFd>,
    pub(super) gsi: u32,
}

impl Wire {
    fn set(&self, asserted: bool) {
        // The pin was there when the controllers were made: only a machine that is gone refuses it.
        let _ = self.vm.set_irq_line(self.gsi, asserted);
    }
}

impl InterruptLine for Wire {
    fn raise(&self) {
        self.set(false);
        self.set(true);
    }

    fn acknowledged(&self) {
        self.set(false);
    }
}
