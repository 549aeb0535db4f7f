//! The PCI function of a device driven by hand.

use alloc::{boxed::Box, vec::Vec};

use parakit_abi::transport::pci::{self, CfgType, Common, cap, command, header, msix, pci_status};

use super::{RawAccess, RawFunction};
use crate::transport::QueueAddresses;

/// Most capabilities that are followed: as many as there is room for.
const MOST_CAPS: usize = 48;
/// Where the capabilities of configuration space may lie.
const CAPS_START: u16 = 0x40;

/// A virtio capability, as its bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawCap {
    /// Its offset in configuration space.
    pub at: u16,
    /// `cap_len`.
    pub len: u8,
    /// `cfg_type`.
    pub cfg_type: u8,
    /// `bar`.
    pub bar: u8,
    /// `offset`, of the structure in the BAR.
    pub offset: u32,
    /// `length` of the structure.
    pub length: u32,
    /// `notify_off_multiplier`; 0 unless it is a notification capability.
    pub multiplier: u32,
}

/// Virtio over PCI (VIRTIO 1.4 §4.1), by hand. What safe functions write gives the device no memory.
///
/// The structures are where the first capability of each type says that they are.
pub struct RawPci<'a> {
    function: Box<dyn RawFunction + 'a>,
    caps: Vec<RawCap>,
    msix: Option<u16>,
}

impl<'a> RawPci<'a> {
    /// The device in this function. Its capabilities are read.
    #[must_use]
    pub fn new(function: Box<dyn RawFunction + 'a>) -> Self {
        let mut this = Self { function, caps: Vec::new(), msix: None };
        if this.config(header::STATUS, 2) & u32::from(pci_status::CAPABILITIES) == 0 {
            return this;
        }
        let mut at = this.config(header::CAPABILITIES, 1) as u16 & 0xfc;
        for _ in 0..MOST_CAPS {
            if at < CAPS_START {
                break;
            }
            match this.config(at, 1) as u8 {
                pci::CAP_VENDOR => {
                    let cap = this.cap(at);
                    this.caps.push(cap);
                }
                pci::CAP_MSIX if this.msix.is_none() => this.msix = Some(at),
                _ => {}
            }
            at = this.config(at + 1, 1) as u16 & 0xfc;
        }
        this
    }

    fn cap(&self, at: u16) -> RawCap {
        let cfg_type = self.config(at + cap::CFG_TYPE, 1) as u8;
        let is_notify = cfg_type == CfgType::Notify as u8;
        RawCap {
            at,
            len: self.config(at + cap::LEN, 1) as u8,
            cfg_type,
            bar: self.config(at + cap::BAR, 1) as u8,
            offset: self.config(at + cap::OFFSET, 4),
            length: self.config(at + cap::LENGTH, 4),
            multiplier: if is_notify { self.config(at + cap::NOTIFY_OFF_MULTIPLIER, 4) } else { 0 },
        }
    }

    /// Reads `width` bytes (1, 2 or 4) of configuration space.
    #[must_use]
    pub fn config(&self, offset: u16, width: u8) -> u32 {
        self.function.config().read(offset.into(), width)
    }

    /// # Safety
    /// As for [`RawAccess::write`].
    unsafe fn write_config(&self, offset: u16, width: u8, value: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.function.config().write(offset.into(), width, value) }
    }

    /// Switches INTx off or on, in the command register.
    pub fn set_intx(&self, on: bool) {
        let old = self.config(header::COMMAND, 2);
        let bit = u32::from(command::INTX_DISABLE);
        // SAFETY: the bit is about the interrupt alone; the others stay.
        unsafe { self.write_config(header::COMMAND, 2, if on { old & !bit } else { old | bit }) }
    }

    /// Whether the interrupt status bit of configuration space is set.
    #[must_use]
    pub fn intx_pending(&self) -> bool {
        self.config(header::STATUS, 2) & u32::from(pci_status::INTERRUPT) != 0
    }

    /// All virtio capabilities, in the order of the list.
    #[must_use]
    pub fn caps(&self) -> &[RawCap] {
        &self.caps
    }

    /// The first capability of a type.
    #[must_use]
    pub fn first(&self, cfg_type: CfgType) -> Option<RawCap> {
        self.caps.iter().copied().find(|c| c.cfg_type == cfg_type as u8)
    }

    /// Offset of the MSI-X capability.
    #[must_use]
    pub fn msix(&self) -> Option<u16> {
        self.msix
    }

    /// Reads the MSI-X control register; 0 without MSI-X.
    #[must_use]
    pub fn msix_control(&self) -> u16 {
        self.msix.map_or(0, |at| self.config(at + msix::CONTROL, 2) as u16)
    }

    /// Switches MSI-X on or off. What its vectors do is the platform's affair, which has written the table.
    pub fn set_msix(&self, on: bool) {
        let Some(at) = self.msix else { return };
        let (old, bits) = (self.msix_control(), msix::CONTROL_ENABLE | msix::CONTROL_MASKED);
        let new = if on { old & !bits | msix::CONTROL_ENABLE } else { old & !bits };
        // SAFETY: the messages are those that the platform has put into the table; no function here writes there.
        unsafe { self.write_config(at + msix::CONTROL, 2, new.into()) }
    }

    fn structure(&self, cfg_type: CfgType) -> Option<(&dyn RawAccess, RawCap)> {
        let cap = self.first(cfg_type)?;
        Some((self.function.bar(cap.bar)?, cap))
    }

    /// Reads `width` bytes at `offset` of a structure; all ones where it does not reach.
    #[must_use]
    pub fn read(&self, cfg_type: CfgType, offset: u64, width: u8) -> u32 {
        match self.structure(cfg_type) {
            Some((bar, cap)) if offset.saturating_add(width.into()) <= cap.length.into() => {
                bar.read(u64::from(cap.offset) + offset, width)
            }
            _ => u32::MAX,
        }
    }

    /// # Safety
    /// As for [`RawAccess::write`].
    unsafe fn write_any(&self, cfg_type: CfgType, offset: u64, width: u8, value: u32) {
        if let Some((bar, cap)) = self.structure(cfg_type)
            && offset.saturating_add(width.into()) <= cap.length.into()
        {
            // SAFETY: the caller's promise.
            unsafe { bar.write(u64::from(cap.offset) + offset, width, value) }
        }
    }

    /// Reads a field of the common configuration (the low half of one of 64 bits).
    #[must_use]
    pub fn common(&self, field: Common) -> u32 {
        self.read(CfgType::Common, field.offset(), field.width().min(4))
    }

    /// Writes a field of the common configuration, unless it is one that gives the device memory, or that says what the memory is
    /// taken for. Whether it was written.
    pub fn set_common(&self, field: Common, value: u32) -> bool {
        let free = matches!(
            field,
            Common::DeviceFeatureSelect
                | Common::DriverFeatureSelect
                | Common::ConfigMsixVector
                | Common::QueueSelect
                | Common::QueueMsixVector
                | Common::QueueReset
        );
        if free {
            // SAFETY: none of these fields gives the device memory.
            unsafe { self.write_common(field, value) };
        }
        free
    }

    /// # Safety
    /// As for [`RawAccess::write`].
    pub(super) unsafe fn write_common(&self, field: Common, value: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.write_any(CfgType::Common, field.offset(), field.width().min(4), value) }
    }

    /// # Safety
    /// As for [`Transport::enable_queue`](crate::transport::Transport::enable_queue).
    pub(super) unsafe fn enable(&self, queue: u16, size: u16, addresses: QueueAddresses) {
        self.set_common(Common::QueueSelect, queue.into());
        // SAFETY: the caller gives a ring of that size.
        unsafe { self.write_common(Common::QueueSize, size.into()) };
        self.write_addresses(addresses);
        // SAFETY: the caller lets the device use the queue.
        unsafe { self.write_common(Common::QueueEnable, 1) };
    }

    /// Writes the addresses of the selected queue, half by half. They give the device memory once the queue is enabled.
    fn write_addresses(&self, addresses: QueueAddresses) {
        let fields = [
            (Common::QueueDesc, addresses.descriptor),
            (Common::QueueDriver, addresses.driver),
            (Common::QueueDevice, addresses.device),
        ];
        for (field, address) in fields {
            // SAFETY: nothing is enabled by this; `enable` is called for this memory alone.
            unsafe {
                self.write_any(CfgType::Common, field.offset(), 4, address as u32);
                self.write_any(CfgType::Common, field.offset() + 4, 4, (address >> 32) as u32);
            }
        }
    }

    pub(super) fn accept(&self, word: u32, value: u32) {
        self.set_common(Common::DriverFeatureSelect, word);
        // SAFETY: features give the device no memory.
        unsafe { self.write_common(Common::DriverFeature, value) }
    }

    /// Writes a notification of `width` bytes (2 or 4) where queue `queue` has its place; the queue is selected.
    pub fn notify(&self, queue: u16, width: u8, value: u32) {
        self.set_common(Common::QueueSelect, queue.into());
        let off = u64::from(self.common(Common::QueueNotifyOff));
        let multiplier = self.first(CfgType::Notify).map_or(0, |c| u64::from(c.multiplier));
        // SAFETY: a notification gives the device no memory.
        unsafe { self.write_any(CfgType::Notify, off * multiplier, width, value) }
    }

    /// Reads the ISR status, which clears it.
    #[must_use]
    pub fn isr(&self) -> u8 {
        self.read(CfgType::Isr, 0, 1) as u8
    }

    /// Writes `width` bytes of the device's configuration.
    pub fn config_write(&self, offset: u32, width: u8, value: u32) {
        // SAFETY: no configuration space of VIRTIO 1.4 holds addresses of memory.
        unsafe { self.write_any(CfgType::Device, offset.into(), width, value) }
    }

    /// Reads `width` bytes at `offset` of a structure through the configuration access capability (§4.1.4.9). `None`
    /// where there is no such capability.
    #[must_use]
    pub fn read_through_window(&self, cfg_type: CfgType, offset: u32, width: u8) -> Option<u32> {
        let at = self.aim(cfg_type, offset, width)?;
        Some(self.config(at + cap::PCI_CFG_DATA, width))
    }

    /// Writes a byte of the device's configuration through the configuration access capability. False where there is none.
    pub fn config_write_through_window(&self, offset: u32, value: u8) -> bool {
        self.write_through_window(CfgType::Device, offset, 1, value.into())
    }

    /// As [`set_common`](Self::set_common), through the configuration access capability.
    pub fn set_common_through_window(&self, field: Common, value: u32) -> bool {
        let free = matches!(field, Common::DeviceFeatureSelect | Common::DriverFeatureSelect | Common::QueueSelect);
        free && self.write_through_window(CfgType::Common, field.offset() as u32, field.width(), value)
    }

    fn write_through_window(&self, cfg_type: CfgType, offset: u32, width: u8, value: u32) -> bool {
        let Some(at) = self.aim(cfg_type, offset, width) else { return false };
        // SAFETY: the window leads to a field that gives the device no memory: callers are about such fields only.
        unsafe { self.write_config(at + cap::PCI_CFG_DATA, width, value) };
        true
    }

    /// Points the window at a place in a structure; offset of the capability. `None` where the structure does not reach.
    fn aim(&self, cfg_type: CfgType, offset: u32, width: u8) -> Option<u16> {
        let (window, target) = (self.first(CfgType::Pci)?, self.first(cfg_type)?);
        let inside = offset.checked_add(width.into()).is_some_and(|end| end <= target.length);
        let at = inside.then(|| target.offset.checked_add(offset)).flatten()?;
        // SAFETY: pointing the window somewhere accesses nothing.
        unsafe {
            self.write_config(window.at + cap::BAR, 1, target.bar.into());
            self.write_config(window.at + cap::OFFSET, 4, at);
            self.write_config(window.at + cap::LENGTH, 4, width.into());
        }
        Some(window.at)
    }
}
