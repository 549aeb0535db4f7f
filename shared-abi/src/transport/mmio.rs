//! Virtio over MMIO, version 2 (VIRTIO 1.4 §4.2.2).

/// What `MagicValue` reads: "virt" in little-endian.
pub const MAGIC: u32 = 0x7472_6976;
/// What `Version` reads for this register layout; 1 is the legacy layout.
pub const VERSION: u32 = 2;
/// Offset of the device-specific configuration space.
pub const CONFIG: u64 = 0x100;
/// Bit of `InterruptStatus` and `InterruptACK`: a buffer was used.
pub const INTERRUPT_USED_BUFFER: u32 = 1;
/// Bit of `InterruptStatus` and `InterruptACK`: the configuration changed.
pub const INTERRUPT_CONFIG_CHANGE: u32 = 2;

/// What the legacy layout (version 1, §4.2.4) has in place of the registers for queue addresses and their readiness. All others
/// are where version 2 has them; `ConfigGeneration`, `QueueReset` and shared memory are not there.
pub mod legacy {
    /// What `Version` reads.
    pub const VERSION: u32 = 1;
    /// Write-only: bytes of a page, in which `QueuePFN` counts.
    pub const GUEST_PAGE_SIZE: u64 = 0x028;
    /// Write-only: alignment of the used ring.
    pub const QUEUE_ALIGN: u64 = 0x03c;
    /// Number of the page at which the queue begins; 0 when it is not in use.
    pub const QUEUE_PFN: u64 = 0x040;
}

/// Who may do what with a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The driver may only read it.
    ReadOnly,
    /// The driver may only write it.
    WriteOnly,
    /// The driver may read and write it.
    ReadWrite,
}

macro_rules! registers {
    ($($(#[$doc:meta])* $name:ident = $offset:literal, $dir:ident;)*) => {
        /// A control register; each is 32 bits wide. The discriminant is the offset in bytes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Register { $($(#[$doc])* $name = $offset,)* }

        impl Register {
            /// Every register, by offset.
            pub const ALL: &[Register] = &[$(Register::$name,)*];

            /// The register at `offset`, if there is one.
            #[must_use]
            pub const fn at(offset: u64) -> Option<Self> {
                match offset { $($offset => Some(Self::$name),)* _ => None }
            }

            /// What the driver may do with it.
            #[must_use]
            pub const fn direction(self) -> Direction {
                match self { $(Self::$name => Direction::$dir,)* }
            }

            /// Its name in the specification.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

registers! {
    /// Magic value, [`MAGIC`].
    MagicValue = 0x000, ReadOnly;
    /// Device version, [`VERSION`].
    Version = 0x004, ReadOnly;
    /// Device type; 0 is a placeholder without a device.
    DeviceID = 0x008, ReadOnly;
    /// Vendor.
    VendorID = 0x00c, ReadOnly;
    /// 32 offered feature bits, chosen by `DeviceFeaturesSel`.
    DeviceFeatures = 0x010, ReadOnly;
    /// Chooses the word of `DeviceFeatures`.
    DeviceFeaturesSel = 0x014, WriteOnly;
    /// 32 accepted feature bits, chosen by `DriverFeaturesSel`.
    DriverFeatures = 0x020, WriteOnly;
    /// Chooses the word of `DriverFeatures`.
    DriverFeaturesSel = 0x024, WriteOnly;
    /// Chooses the queue that the queue registers act on.
    QueueSel = 0x030, WriteOnly;
    /// Largest size of the queue; 0 when there is none. `QueueNumMax` before 1.3.
    QueueSizeMax = 0x034, ReadOnly;
    /// Size of the queue. `QueueNum` before 1.3.
    QueueSize = 0x038, WriteOnly;
    /// Whether the device may use the queue.
    QueueReady = 0x044, ReadWrite;
    /// Available buffer notification.
    QueueNotify = 0x050, WriteOnly;
    /// Why the device interrupts.
    InterruptStatus = 0x060, ReadOnly;
    /// Which of the reasons were handled.
    InterruptACK = 0x064, WriteOnly;
    /// Device status; writing 0 resets.
    Status = 0x070, ReadWrite;
    /// Descriptor area, low half.
    QueueDescLow = 0x080, WriteOnly;
    /// Descriptor area, high half.
    QueueDescHigh = 0x084, WriteOnly;
    /// Driver area (available ring), low half.
    QueueDriverLow = 0x090, WriteOnly;
    /// Driver area (available ring), high half.
    QueueDriverHigh = 0x094, WriteOnly;
    /// Device area (used ring), low half.
    QueueDeviceLow = 0x0a0, WriteOnly;
    /// Device area (used ring), high half.
    QueueDeviceHigh = 0x0a4, WriteOnly;
    /// Chooses a shared memory region.
    SHMSel = 0x0ac, WriteOnly;
    /// Length of the shared memory region, low half.
    SHMLenLow = 0x0b0, ReadOnly;
    /// Length of the shared memory region, high half.
    SHMLenHigh = 0x0b4, ReadOnly;
    /// Address of the shared memory region, low half.
    SHMBaseLow = 0x0b8, ReadOnly;
    /// Address of the shared memory region, high half.
    SHMBaseHigh = 0x0bc, ReadOnly;
    /// Resets one queue, with `VIRTIO_F_RING_RESET`.
    QueueReset = 0x0c0, ReadWrite;
    /// Changes whenever the configuration space may have changed.
    ConfigGeneration = 0x0fc, ReadOnly;
}

impl Register {
    /// Offset from the base of the register block, in bytes.
    #[inline]
    #[must_use]
    pub const fn offset(self) -> u64 {
        self as u64
    }

    /// Whether it acts on the queue chosen by `QueueSel` and is off limits while `QueueReady` is set (§4.2.2.2).
    #[must_use]
    pub const fn is_queue_setup(self) -> bool {
        matches!(
            self,
            Self::QueueSize
                | Self::QueueDescLow
                | Self::QueueDescHigh
                | Self::QueueDriverLow
                | Self::QueueDriverHigh
                | Self::QueueDeviceLow
                | Self::QueueDeviceHigh
        )
    }
}
