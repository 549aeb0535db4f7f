//! Lives of the [loose](super::loose) driver's guest that kernels by others have: firmware that drove the device before, a bus that is looked
//! through again, a device without a driver, drivers that poll.

use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{Common, NO_VECTOR, header};

use super::Function;
use super::loose::Loose;

/// Bytes of configuration space that a list of it shows.
const LISTED: usize = 256;

impl Loose {
    /// Looks through the bus again, as a kernel does after its firmware: the identity, or all that a function shows, its BARs given away anew.
    pub(super) fn enumerate(&mut self) {
        if !self.d.setting.pci {
            for register in [Register::MagicValue, Register::Version, Register::DeviceID, Register::VendorID] {
                let _value = self.d.read(register);
            }
            return;
        }
        if self.chance.once_in(2) {
            let width = self.chance.pick(&[1, 2, 4]);
            for offset in (0..LISTED).step_by(width) {
                let _value = self.d.machine.config_read(offset as u16, width);
            }
        }
        if self.chance.once_in(2) {
            // No memory is answered while the BARs are sized.
            let command = self.d.machine.config_read(header::COMMAND, 2);
            self.d.machine.config_write(header::COMMAND, 2, command & !6);
            self.d.function = Function::find(&mut self.d.machine);
            self.d.machine.config_write(header::COMMAND, 2, command | 6);
        }
    }

    /// A guest that has no driver for the device: it finds it, and leaves it alone.
    pub(super) fn without_driver(&mut self) {
        for _ in 0..1 + self.chance.below(2) {
            self.enumerate();
        }
    }

    /// Waits for a reset that takes its time, and perhaps not to its end: it gives the device up, by adding FAILED to what the status shows.
    pub(super) fn lose_patience(&mut self) {
        if !self.chance.once_in(8) {
            return;
        }
        self.d.set_status(0);
        for _ in 0..1 + self.chance.below(3) {
            let shown = self.d.status();
            if shown == 0 {
                return;
            }
            if self.chance.once_in(2) {
                self.d.set_status(shown | 0x80);
            }
        }
    }

    /// Leaves the selected queue, or changes of the configuration, without a vector, or gives them one that others have.
    pub(super) fn map_otherwise(&mut self, field: Common) {
        if !self.d.setting.msix || !self.chance.once_in(3) {
            return;
        }
        let vector = self.chance.pick(&[0, u64::from(NO_VECTOR)]);
        self.d.set_common(field, vector);
        for _ in 0..1 + self.chance.below(2) {
            let _mapped = self.d.common(field);
        }
    }
}
