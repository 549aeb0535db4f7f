//! What both transports have, driven by hand.

use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::{
    mmio::Register,
    pci::{CfgType, Common},
};

use super::{RawMmio, RawPci};
use crate::transport::QueueAddresses;

/// Registers, by what they lie behind. What safe functions write gives the device no memory.
pub enum RawRegisters<'a> {
    /// Virtio over MMIO.
    Mmio(RawMmio<'a>),
    /// Virtio over PCI.
    Pci(RawPci<'a>),
}

impl<'a> RawRegisters<'a> {
    /// The MMIO registers, if these are such.
    #[must_use]
    pub fn mmio(&self) -> Option<&RawMmio<'a>> {
        match self {
            Self::Mmio(mmio) => Some(mmio),
            Self::Pci(_) => None,
        }
    }

    /// The PCI function, if there is one.
    #[must_use]
    pub fn pci(&self) -> Option<&RawPci<'a>> {
        match self {
            Self::Mmio(_) => None,
            Self::Pci(pci) => Some(pci),
        }
    }

    pub(super) fn status(&self) -> DeviceStatus {
        DeviceStatus(match self {
            Self::Mmio(mmio) => mmio.read(Register::Status) as u8,
            Self::Pci(pci) => pci.common(Common::DeviceStatus) as u8,
        })
    }

    pub(super) fn set_status(&self, status: DeviceStatus) {
        // SAFETY: a status gives the device no memory.
        unsafe {
            match self {
                Self::Mmio(mmio) => mmio.write_any(Register::Status, status.0.into()),
                Self::Pci(pci) => pci.write_common(Common::DeviceStatus, status.0.into()),
            }
        }
    }

    pub(super) fn device_feature(&self, word: u32) -> u32 {
        match self {
            Self::Mmio(mmio) => {
                mmio.write(Register::DeviceFeaturesSel, word);
                mmio.read(Register::DeviceFeatures)
            }
            Self::Pci(pci) => {
                pci.set_common(Common::DeviceFeatureSelect, word);
                pci.common(Common::DeviceFeature)
            }
        }
    }

    pub(super) fn accept(&self, word: u32, value: u32) {
        match self {
            Self::Mmio(mmio) => mmio.accept(word, value),
            Self::Pci(pci) => pci.accept(word, value),
        }
    }

    /// # Safety
    /// As for [`Transport::enable_queue`](crate::transport::Transport::enable_queue).
    pub(super) unsafe fn enable(&self, queue: u16, size: u16, addresses: QueueAddresses) {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Self::Mmio(mmio) => mmio.enable(queue, size, addresses),
                Self::Pci(pci) => pci.enable(queue, size, addresses),
            }
        }
    }

    /// Reads the largest size of queue `queue` (over PCI: its size, the largest unless another was written); 0: there is none.
    #[must_use]
    pub fn queue_max(&self, queue: u16) -> u32 {
        match self {
            Self::Mmio(mmio) => {
                mmio.select(queue);
                mmio.read(Register::QueueSizeMax)
            }
            Self::Pci(pci) => {
                pci.set_common(Common::QueueSelect, queue.into());
                pci.common(Common::QueueSize)
            }
        }
    }

    /// Reads whether queue `queue` is enabled: 1 or 0.
    #[must_use]
    pub fn queue_enabled(&self, queue: u16) -> u32 {
        match self {
            Self::Mmio(mmio) => {
                mmio.select(queue);
                mmio.read(Register::QueueReady)
            }
            Self::Pci(pci) => {
                pci.set_common(Common::QueueSelect, queue.into());
                pci.common(Common::QueueEnable)
            }
        }
    }

    /// Asks for the reset of queue `queue`.
    pub fn reset_queue(&self, queue: u16) {
        match self {
            Self::Mmio(mmio) => {
                mmio.select(queue);
                mmio.write(Register::QueueReset, 1);
            }
            Self::Pci(pci) => {
                pci.set_common(Common::QueueSelect, queue.into());
                pci.set_common(Common::QueueReset, 1);
            }
        }
    }

    /// Reads whether a reset of queue `queue` is under way.
    #[must_use]
    pub fn queue_reset(&self, queue: u16) -> u32 {
        match self {
            Self::Mmio(mmio) => {
                mmio.select(queue);
                mmio.read(Register::QueueReset)
            }
            Self::Pci(pci) => {
                pci.set_common(Common::QueueSelect, queue.into());
                pci.common(Common::QueueReset)
            }
        }
    }

    /// Notifies queue `queue`. `next` is the high half of the notification, with `VIRTIO_F_NOTIFICATION_DATA`.
    pub fn notify(&self, queue: u16, next: Option<u16>) {
        let value = u32::from(queue) | u32::from(next.unwrap_or(0)) << 16;
        match self {
            Self::Mmio(mmio) => {
                mmio.write(Register::QueueNotify, value);
            }
            Self::Pci(pci) => pci.notify(queue, if next.is_some() { 4 } else { 2 }, value),
        }
    }

    /// Reads the generation of the configuration space.
    #[must_use]
    pub fn config_generation(&self) -> u32 {
        match self {
            Self::Mmio(mmio) => mmio.read(Register::ConfigGeneration),
            Self::Pci(pci) => pci.common(Common::ConfigGeneration),
        }
    }

    /// Reads `width` bytes (1, 2 or 4) of the device's configuration, aligned.
    #[must_use]
    pub fn config_read(&self, offset: u32, width: u8) -> u32 {
        match self {
            Self::Mmio(mmio) => mmio.config_read(offset, width),
            Self::Pci(pci) => pci.read(CfgType::Device, offset.into(), width),
        }
    }

    /// Writes `width` bytes (1, 2 or 4) of the device's configuration, aligned.
    pub fn config_write(&self, offset: u32, width: u8, value: u32) {
        match self {
            Self::Mmio(mmio) => mmio.config_write(offset, width, value),
            Self::Pci(pci) => pci.config_write(offset, width, value),
        }
    }

    /// Reads why the device interrupts: bit 0 used buffers, bit 1 a configuration change. Over PCI this also acknowledges it.
    #[must_use]
    pub fn interrupt_reasons(&self) -> u32 {
        match self {
            Self::Mmio(mmio) => mmio.read(Register::InterruptStatus),
            Self::Pci(pci) => pci.isr().into(),
        }
    }

    /// Acknowledges reasons, where that takes a write.
    pub fn acknowledge(&self, reasons: u32) {
        if let Self::Mmio(mmio) = self {
            mmio.write(Register::InterruptACK, reasons);
        }
    }
}
