//! Virtio over PCI: ids, capabilities and register structures (VIRTIO 1.4 §4.1).

use crate::device::DeviceType;

/// Vendor id of every virtio device (§4.1.2).
pub const VENDOR: u16 = 0x1af4;
/// Device id of type 0 in modern numbering; a device of type `t` has `MODERN_DEVICE + t` (§4.1.2).
pub const MODERN_DEVICE: u16 = 0x1040;
/// Last device id of modern numbering.
pub const MODERN_DEVICE_LAST: u16 = 0x107f;

/// Device ids of transitional devices, with their types (§4.1.2.1).
pub const TRANSITIONAL: &[(u16, DeviceType)] = &[
    (0x1000, DeviceType(1)),
    (0x1001, DeviceType(2)),
    (0x1002, DeviceType(5)),
    (0x1003, DeviceType(3)),
    (0x1004, DeviceType(8)),
    (0x1005, DeviceType(4)),
    (0x1009, DeviceType(9)),
];

/// The device type behind PCI ids, modern or transitional; `None` when it is no virtio device (§4.1.2).
///
/// ```
/// use parakit_abi::{device::DeviceType, transport::pci};
/// assert_eq!(pci::device_type(0x1af4, 0x1042), Some(DeviceType::BLOCK));
/// assert_eq!(pci::device_type(0x1af4, 0x1001), Some(DeviceType::BLOCK));
/// assert_eq!(pci::device_type(0x8086, 0x1042), None);
/// ```
#[must_use]
pub const fn device_type(vendor: u16, device: u16) -> Option<DeviceType> {
    if vendor != VENDOR {
        return None;
    }
    if device > MODERN_DEVICE && device <= MODERN_DEVICE_LAST {
        return Some(DeviceType((device - MODERN_DEVICE) as u32));
    }
    let mut i = 0;
    while i < TRANSITIONAL.len() {
        if TRANSITIONAL[i].0 == device {
            return Some(TRANSITIONAL[i].1);
        }
        i += 1;
    }
    None
}

/// Standard configuration space header (PCI Local Bus 3.0, chapter 6): offsets in bytes.
pub mod header {
    /// u16.
    pub const VENDOR_ID: u16 = 0x00;
    /// u16.
    pub const DEVICE_ID: u16 = 0x02;
    /// u16, [`super::command`].
    pub const COMMAND: u16 = 0x04;
    /// u16, [`super::pci_status`].
    pub const STATUS: u16 = 0x06;
    /// u8.
    pub const REVISION_ID: u16 = 0x08;
    /// u24: programming interface, sub-class, class.
    pub const CLASS_CODE: u16 = 0x09;
    /// u8; bit 7: the device has several functions.
    pub const HEADER_TYPE: u16 = 0x0e;
    /// Six u32.
    pub const BAR0: u16 = 0x10;
    /// u8 (bridges).
    pub const SECONDARY_BUS: u16 = 0x19;
    /// u16.
    pub const SUBSYSTEM_VENDOR_ID: u16 = 0x2c;
    /// u16.
    pub const SUBSYSTEM_ID: u16 = 0x2e;
    /// u8: offset of the first capability.
    pub const CAPABILITIES: u16 = 0x34;
    /// u8.
    pub const INTERRUPT_LINE: u16 = 0x3c;
    /// u8; 1 is INTA#, 0 none.
    pub const INTERRUPT_PIN: u16 = 0x3d;
}

/// Bits of the command register.
pub mod command {
    /// The function answers I/O accesses.
    pub const IO: u16 = 1;
    /// The function answers memory accesses.
    pub const MEMORY: u16 = 1 << 1;
    /// The function may access memory.
    pub const BUS_MASTER: u16 = 1 << 2;
    /// The function does not assert INTx.
    pub const INTX_DISABLE: u16 = 1 << 10;
}

/// Bits of the status register.
pub mod pci_status {
    /// The function asserts INTx (or would, were it not disabled).
    pub const INTERRUPT: u16 = 1 << 3;
    /// There is a capability list.
    pub const CAPABILITIES: u16 = 1 << 4;
}

/// Bits of a base address register.
pub mod bar {
    /// The BAR is in I/O space.
    pub const IO: u32 = 1;
    /// Mask of the memory type.
    pub const TYPE_MASK: u32 = 6;
    /// Memory type: 64 bits wide, together with the next BAR.
    pub const TYPE_64: u32 = 4;
    /// Memory without side effects.
    pub const PREFETCHABLE: u32 = 8;
}

/// Capability id of MSI-X.
pub const CAP_MSIX: u8 = 0x11;
/// Capability id of vendor-specific capabilities: virtio's.
pub const CAP_VENDOR: u8 = 0x09;

/// MSI-X capability and table (PCI Local Bus 3.0 §6.8.2).
pub mod msix {
    /// Offset of the control register (u16) in the capability.
    pub const CONTROL: u16 = 2;
    /// Offset of table offset and BIR (u32) in the capability.
    pub const TABLE: u16 = 4;
    /// Offset of PBA offset and BIR (u32) in the capability.
    pub const PBA: u16 = 8;
    /// Bytes of the capability.
    pub const CAP_SIZE: u8 = 12;
    /// Control: table size - 1.
    pub const CONTROL_SIZE: u16 = 0x7ff;
    /// Control: all vectors are masked.
    pub const CONTROL_MASKED: u16 = 1 << 14;
    /// Control: MSI-X is on.
    pub const CONTROL_ENABLE: u16 = 1 << 15;
    /// Mask of the BAR number in [`TABLE`] and [`PBA`].
    pub const BIR_MASK: u32 = 7;
    /// Bytes of a table entry: address (u64), data (u32), vector control (u32).
    pub const ENTRY_SIZE: u64 = 16;
    /// Offset of the vector control in an entry.
    pub const ENTRY_CONTROL: u64 = 12;
    /// Vector control: masked.
    pub const ENTRY_MASKED: u32 = 1;
    /// Largest table, in entries.
    pub const MAX_VECTORS: u16 = 2048;
}

/// `VIRTIO_MSI_NO_VECTOR`: no vector is mapped (§4.1.5.1.2).
pub const NO_VECTOR: u16 = 0xffff;

/// The virtio capability (`struct virtio_pci_cap`, §4.1.4): offsets in bytes.
pub mod cap {
    /// u8, [`super::CAP_VENDOR`].
    pub const VNDR: u16 = 0;
    /// u8: offset of the next capability.
    pub const NEXT: u16 = 1;
    /// u8: bytes of this capability, all of it.
    pub const LEN: u16 = 2;
    /// u8, [`super::CfgType`].
    pub const CFG_TYPE: u16 = 3;
    /// u8: 0 to 5; others are reserved.
    pub const BAR: u16 = 4;
    /// u8: tells capabilities of the same type apart.
    pub const ID: u16 = 5;
    /// u32: offset of the structure in the BAR.
    pub const OFFSET: u16 = 8;
    /// u32: bytes of the structure.
    pub const LENGTH: u16 = 12;
    /// Bytes of the plain capability.
    pub const SIZE: u8 = 16;
    /// u32, notification capability: `notify_off_multiplier` (§4.1.4.4).
    pub const NOTIFY_OFF_MULTIPLIER: u16 = 16;
    /// Bytes of the notification capability.
    pub const NOTIFY_SIZE: u8 = 20;
    /// u32, shared memory capability: high half of the offset (§4.1.4.7).
    pub const OFFSET_HI: u16 = 16;
    /// u32, shared memory capability: high half of the length.
    pub const LENGTH_HI: u16 = 20;
    /// Bytes of the shared memory capability.
    pub const SHM_SIZE: u8 = 24;
    /// Four bytes, configuration access capability: the window (§4.1.4.9).
    pub const PCI_CFG_DATA: u16 = 16;
    /// Bytes of the configuration access capability.
    pub const PCI_CFG_SIZE: u8 = 20;
    /// The highest BAR number that is not reserved.
    pub const LAST_BAR: u8 = 5;
}

/// `cfg_type` of a virtio capability (§4.1.4). Other values are reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum CfgType {
    /// Common configuration.
    Common = 1,
    /// Notifications.
    Notify = 2,
    /// ISR status.
    Isr = 3,
    /// Device-specific configuration.
    Device = 4,
    /// PCI configuration access.
    Pci = 5,
    /// A shared memory region.
    SharedMemory = 8,
    /// Vendor-specific data.
    Vendor = 9,
}

impl CfgType {
    /// The type with this number, unless it is reserved.
    #[must_use]
    pub const fn from_u8(value: u8) -> Option<Self> {
        Some(match value {
            1 => Self::Common,
            2 => Self::Notify,
            3 => Self::Isr,
            4 => Self::Device,
            5 => Self::Pci,
            8 => Self::SharedMemory,
            9 => Self::Vendor,
            _ => return None,
        })
    }
}

/// Bit of the ISR status: a buffer was used (§4.1.4.5).
pub const ISR_QUEUE: u8 = 1;
/// Bit of the ISR status: the configuration changed.
pub const ISR_CONFIG: u8 = 2;

macro_rules! common {
    ($($(#[$doc:meta])* $name:ident = $offset:literal, $width:literal, $write:literal, $spec:literal;)*) => {
        /// A field of the common configuration structure (`struct virtio_pci_common_cfg`, §4.1.4.3). The discriminant is the
        /// offset in bytes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Common { $($(#[$doc])* $name = $offset,)* }

        impl Common {
            /// Every field, by offset.
            pub const ALL: &[Common] = &[$(Common::$name,)*];

            /// Bytes of the field.
            #[must_use]
            pub const fn width(self) -> u8 {
                match self { $(Self::$name => $width,)* }
            }

            /// Whether the driver may write it.
            #[must_use]
            pub const fn is_writable(self) -> bool {
                match self { $(Self::$name => $write,)* }
            }

            /// Its name in the specification.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $spec,)* }
            }
        }
    };
}

common! {
    /// Chooses the word of `device_feature`.
    DeviceFeatureSelect = 0x00, 4, true, "device_feature_select";
    /// 32 offered feature bits.
    DeviceFeature = 0x04, 4, false, "device_feature";
    /// Chooses the word of `driver_feature`.
    DriverFeatureSelect = 0x08, 4, true, "driver_feature_select";
    /// 32 accepted feature bits.
    DriverFeature = 0x0c, 4, true, "driver_feature";
    /// MSI-X vector of configuration changes.
    ConfigMsixVector = 0x10, 2, true, "config_msix_vector";
    /// Queues that the device has, the administration queues left out.
    NumQueues = 0x12, 2, false, "num_queues";
    /// Device status; writing 0 resets.
    DeviceStatus = 0x14, 1, true, "device_status";
    /// Changes whenever the configuration space may have changed.
    ConfigGeneration = 0x15, 1, false, "config_generation";
    /// Chooses the queue that the fields below act on.
    QueueSelect = 0x16, 2, true, "queue_select";
    /// Size of the queue: the largest at first, 0 when there is none.
    QueueSize = 0x18, 2, true, "queue_size";
    /// MSI-X vector of the queue.
    QueueMsixVector = 0x1a, 2, true, "queue_msix_vector";
    /// Whether the device may use the queue; the driver only ever writes 1.
    QueueEnable = 0x1c, 2, true, "queue_enable";
    /// Where in the notification structure the queue is notified, in units of the multiplier.
    QueueNotifyOff = 0x1e, 2, false, "queue_notify_off";
    /// Descriptor area.
    QueueDesc = 0x20, 8, true, "queue_desc";
    /// Driver area.
    QueueDriver = 0x28, 8, true, "queue_driver";
    /// Device area.
    QueueDevice = 0x30, 8, true, "queue_device";
    /// What notifications carry in place of the queue index, with `VIRTIO_F_NOTIF_CONFIG_DATA`.
    QueueNotifConfigData = 0x38, 2, false, "queue_notif_config_data";
    /// Resets one queue, with `VIRTIO_F_RING_RESET`.
    QueueReset = 0x3a, 2, true, "queue_reset";
    /// Index of the first administration queue.
    AdminQueueIndex = 0x3c, 2, false, "admin_queue_index";
    /// Administration queues.
    AdminQueueNum = 0x3e, 2, false, "admin_queue_num";
}

impl Common {
    /// Bytes of the structure up to `queue_device`: what every device has.
    pub const MIN_SIZE: u32 = 0x38;
    /// Bytes of the whole structure.
    pub const SIZE: u32 = 0x40;

    /// Offset in the structure, in bytes.
    #[inline]
    #[must_use]
    pub const fn offset(self) -> u64 {
        self as u64
    }

    /// The field that byte `offset` of the structure belongs to.
    ///
    /// ```
    /// use parakit_abi::transport::pci::Common;
    /// assert_eq!(Common::at(0x24), Some(Common::QueueDesc));
    /// assert_eq!(Common::at(0x40), None);
    /// ```
    #[must_use]
    pub fn at(offset: u64) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| (f.offset()..f.offset() + u64::from(f.width())).contains(&offset))
    }
}

/// Ports of configuration mechanism 1: address (u32), then data (4 bytes).
pub mod mechanism1 {
    /// u32: bit 31 enable, bus 23:16, device 15:11, function 10:8, register 7:2.
    pub const PORT_ADDRESS: u16 = 0xcf8;
    /// The four bytes of the register.
    pub const PORT_DATA: u16 = 0xcfc;
    /// The enable bit of the address.
    pub const ENABLE: u32 = 1 << 31;
}

/// Bus, device and function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionAddress {
    /// Bus.
    pub bus: u8,
    /// Device on the bus, below 32.
    pub device: u8,
    /// Function of the device, below 8.
    pub function: u8,
}

impl FunctionAddress {
    /// Offset of the function's 4096 bytes of configuration space in an ECAM region that begins with bus 0.
    #[must_use]
    pub const fn ecam_offset(self) -> u64 {
        (self.bus as u64) << 20 | (self.device as u64 & 31) << 15 | (self.function as u64 & 7) << 12
    }

    /// The address word of mechanism 1 for the 32-bit register that holds `offset` (below 256).
    ///
    /// ```
    /// use parakit_abi::transport::pci::FunctionAddress;
    /// let f = FunctionAddress { bus: 0, device: 3, function: 0 };
    /// assert_eq!((f.mechanism1(0x34), f.ecam_offset()), (0x8000_1834, 0x1_8000));
    /// ```
    #[must_use]
    pub const fn mechanism1(self, offset: u16) -> u32 {
        mechanism1::ENABLE
            | (self.bus as u32) << 16
            | (self.device as u32 & 31) << 11
            | (self.function as u32 & 7) << 8
            | offset as u32 & 0xfc
    }
}

impl core::fmt::Display for FunctionAddress {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:02x}:{:02x}.{}", self.bus, self.device, self.function)
    }
}
