//! The events: everything that passes between a driver and a device, as the harness saw it.
//!
//! Events come from two places only: the device-side transport (register accesses, notifications, interrupts) and the
//! ring observer, which reads ring memory for itself. A device model never reports on the driver that it serves.

use parakit_abi::ring::split::Desc;
use serde::{Deserialize, Serialize};

/// One thing that happened, at a place in the global order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Place in the global order, over all devices and threads of a run, from 0.
    pub seq: u64,
    /// Nanoseconds since the run began.
    pub time_ns: u64,
    /// Index of the device in the run.
    pub device: u16,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
///
/// Register accesses appear twice: once raw ([`EventKind::Register`]), for the rules of the transport, and, directly after, once by
/// meaning, for the rules that hold on every transport.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum EventKind {
    /// First event of every device: what the driver will find.
    Device(DeviceInfo),
    /// A raw access to the device's register block, configuration space included. `offset` and `width` are as the CPU
    /// made them, in bytes. A notification that was taken by a doorbell appears here too, in its place among the events of its queue.
    Register { write: bool, offset: u64, width: u8, value: u64 },

    /// A raw access to the configuration space of a PCI function; `offset` and `width` in bytes. An access through mechanism 1 and
    /// one through ECAM look the same here.
    PciConfig { write: bool, offset: u16, width: u8, value: u64 },
    /// A raw access to memory behind a BAR of a PCI function (through the configuration access capability too: then it comes directly after
    /// the [`EventKind::PciConfig`] that made it). What [`EventKind::Register`] is for MMIO.
    PciBar { write: bool, bar: u8, offset: u64, width: u8, value: u64 },

    /// The driver read the device status.
    StatusRead { value: u8 },
    /// The driver wrote the device status; 0 is a reset.
    StatusWrite { value: u8 },
    /// The device reports the reset as complete from now on (the next status read shows 0).
    ResetDone,
    /// The driver read word `word` (32 bits each) of the offered features.
    DeviceFeaturesRead { word: u32, value: u32 },
    /// The driver wrote word `word` of the features it accepts.
    DriverFeaturesWrite { word: u32, value: u32 },
    /// The driver read configuration space: offset from its start, width in bytes.
    ConfigRead { offset: u32, width: u8, value: u64 },
    /// The driver wrote configuration space.
    ConfigWrite { offset: u32, width: u8, value: u64 },
    /// The driver read the configuration generation.
    ConfigGenerationRead { value: u32 },
    /// The device changed its configuration space; `bytes` is the whole of it afterwards.
    ConfigChanged {
        generation: u32,
        #[serde(with = "super::hex")]
        bytes: Vec<u8>,
    },

    /// The driver read the largest size of a queue.
    QueueSizeMaxRead { queue: u32, value: u32 },
    /// The driver chose the size of a queue.
    QueueSizeWrite { queue: u32, value: u32 },
    /// The driver read whether a queue is enabled.
    QueueReadyRead { queue: u32, value: u32 },
    /// The driver enabled (1) or disabled (0) a queue.
    QueueReadyWrite { queue: u32, value: u32 },
    /// The driver read the reset state of a queue.
    QueueResetRead { queue: u32, value: u32 },
    /// The driver asked for the reset of a queue.
    QueueResetWrite { queue: u32, value: u32 },
    /// A queue became enabled; what it was configured as, and what its rings held at that moment.
    QueueEnabled(QueueInfo),
    /// Over vhost-user: the front end starts a device of which no queue was running, for a driver that begins anew. By then the driver has
    /// set `DRIVER_OK`, which the front end keeps to itself, and has accepted these features (low half, high half), as far as the front
    /// end passes them on. [`EventKind::QueueEnabled`] of its queues follows.
    Started { features: [u64; 2] },
    /// Over vhost-user: the front end stops a queue. Whether the driver has reset the device, or the guest only pauses, it does not say.
    Stopped { queue: u16 },
    /// Over vhost-user: the front end has a queue that it had stopped go on where it was, so that its guest had only paused.
    Resumed { queue: u16 },

    /// The driver mapped configuration changes (`queue` is `None`) or a queue to an MSI-X vector; 0xffff unmaps.
    VectorWrite { queue: Option<u32>, value: u16 },
    /// The driver read a vector mapping back.
    VectorRead { queue: Option<u32>, value: u16 },
    /// MSI-X of the function was switched: what its control register says now.
    MsixControl { enabled: bool, masked: bool },
    /// The driver read `notify_off` of a queue.
    NotifyOffRead { queue: u32, value: u16 },
    /// The driver read `queue_notif_config_data` of a queue.
    NotifConfigDataRead { queue: u32, value: u16 },

    /// The driver notified the device of available buffers. `count` doorbells rang since the last look at this queue
    /// (at least 1; more than 1 only where the kernel counted them). `queue` is the written queue index.
    Notify { queue: u32, count: u64 },
    /// What the notification just told carried besides the queue, with `VIRTIO_F_NOTIFICATION_DATA`: the high 16 bits. For split rings the
    /// available index, for packed ones offset and wrap counter of the next descriptor ([`Position`](parakit_abi::ring::packed::Position)).
    NotifyData { queue: u32, next: u16 },
    /// The device asserts its interrupt for these reasons (bit 0 used buffer, bit 1 configuration change).
    Interrupt { reasons: u32, spurious: bool },
    /// How the interrupt just told went out over PCI: as the message of an MSI-X vector, or (`None`) on the INTx line.
    Vector { vector: Option<u16> },
    /// The driver read the reasons. Over PCI (the ISR status) this also clears them.
    InterruptStatusRead { value: u32 },
    /// The driver acknowledged reasons.
    InterruptAck { value: u32 },

    /// Observer, packed rings: the event suppression structures as they stand; emitted whenever one of them differs from the last such event of
    /// the queue. `flags` whole, offset and wrap as in [`Position`](parakit_abi::ring::packed::Position).
    PackedSuppression { queue: u16, driver_off_wrap: u16, driver_flags: u16, device_off_wrap: u16, device_flags: u16 },
    /// Observer, packed rings: the device wrote a used descriptor: at `position` (offset and wrap counter as in
    /// [`Position`](parakit_abi::ring::packed::Position)). [`EventKind::Used`] follows directly, with the same position as its `slot`. The
    /// next one is to be as many descriptors further as the chains that this one stands for have in the ring.
    PackedUsed { queue: u16, position: u16, id: u16, len: u32, flags: u16 },
    /// Observer, split rings: `idx` of the available ring moved from `old` to `new` (free-running). Not every step is seen: several entries
    /// may appear at once. A move that publishes more entries than the queue has appears too; [`EventKind::Available`] then follows for none.
    AvailIdx { queue: u16, old: u16, new: u16 },
    /// Observer: a chain that the driver made available, as found when first seen.
    Available(Chain),
    /// Observer, split rings: the suppression words as they stand; emitted whenever one of them differs from the last such event of the queue.
    Suppression { queue: u16, avail_flags: u16, used_event: u16, used_flags: u16, avail_event: u16 },
    /// Observer: the device used a chain: entry `slot` (free-running) of the used ring says head `id`, `len` bytes.
    ///
    /// With `VIRTIO_F_IN_ORDER` one used element may stand for a batch (§2.7.9, §2.8.8), and this event appears once for it: `id` is the last
    /// chain of the batch, `slot` the place of the first. Every chain of the queue that was made available before that one and has not been
    /// used is used by this event too, and completely: only for the named chain `len` says something. In a split ring the next event has the
    /// `slot` behind the batch. With an `id` of no chain in flight nothing follows from the event, and entries of the used ring between it and
    /// `idx` are left out.
    Used { queue: u16, slot: u16, id: u32, len: u32 },
    /// Observer: something that belongs to a chain in flight is no longer what it was when the chain was made available. Packed rings: a
    /// descriptor of the ring is the device's until the device has gone past its place, also where the chain in it has been used before;
    /// `head` is the buffer id of that chain.
    Altered { queue: u16, head: u16, what: Alteration },
    /// Observer: for `waited_ns` there was no notification although entries from `seen` to `avail_idx` (free-running)
    /// had been published; the device then went on by itself. (Packed rings: both are positions, `avail_idx` behind the last available
    /// descriptor that was found.)
    Quiet { queue: u16, seen: u16, avail_idx: u16, waited_ns: u64 },

    /// The harness departs from the plain device here, so that a rule is put to the test.
    Provoke { what: String },
    /// What a probe of the guest found of a rule for devices, by its id: how often the device kept it and how often it broke it, and of the first
    /// times what was expected and what was seen. A run with such an event is a probe's, whose driver means to break rules.
    Finding { requirement: String, passed: u32, violated: u32, evidence: Vec<(String, String)> },
    /// The guest sent a signal through the mailbox.
    Signal { code: u32, argument: u64 },
    /// Last event of a trace whose log was full: this many later events, of any device, were not recorded. What stands
    /// before it is unbroken.
    Dropped { events: u64 },
    /// Last event of a device: why the run ended. Chains in flight at the end are no fault. The reason is
    /// [`EventKind::FINISHED`] when the guest came to the end of its work by itself.
    End { reason: String },
}

impl EventKind {
    /// The reason of an [`EventKind::End`] after which nothing was to follow. With any other (a deadline, a panic, ctrl-C) nothing can be
    /// concluded from what did not happen.
    pub const FINISHED: &'static str = "finished";
}

/// What the driver will find.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Name within the run, such as `block0`.
    pub name: String,
    /// Device type id (chapter 5).
    pub device_type: u32,
    /// The transport.
    pub transport: TransportKind,
    /// Offered feature bits: low half, high half.
    pub offered: [u64; 2],
    /// Largest size of each queue; 0 for one that does not exist.
    pub queue_max: Vec<u16>,
    /// The whole configuration space at the start.
    #[serde(with = "super::hex")]
    pub config: Vec<u8>,
    /// What the `MagicValue`, `Version` and `DeviceID` registers show (they may be wrong on purpose). Over PCI, where there are none: 0, 0 and the type.
    pub identity: [u32; 3],
    /// The PCI function, over PCI.
    #[serde(default)]
    pub pci: Option<PciInfo>,
    /// Whether the guest was told to drive it. Of any other device a guest may have no driver, or no use for it.
    #[serde(default)]
    pub assigned: bool,
}

/// A virtio device's PCI function, as the driver will find it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PciInfo {
    /// The whole configuration space at the start: 256 or 4096 bytes.
    #[serde(with = "super::hex")]
    pub config: Vec<u8>,
    /// Bytes of each BAR's memory; 0 where there is none (or where it is the high half of the one before).
    pub bars: [u64; 6],
    /// Which BARs are 64 bits wide.
    pub wide: [bool; 6],
    /// The structures that the device really has, whatever its capabilities say.
    pub structures: Vec<PciStructure>,
    /// Entries of its MSI-X table; 0 without MSI-X.
    pub msix_vectors: u16,
    /// BAR and offset of its MSI-X table.
    pub msix_table: (u8, u64),
}

/// A register structure behind a BAR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PciStructure {
    /// `cfg_type` ([`CfgType`](parakit_abi::transport::pci::CfgType)).
    pub cfg_type: u8,
    /// `id` (of shared memory regions).
    pub id: u8,
    /// BAR.
    pub bar: u8,
    /// Offset in the BAR, in bytes.
    pub offset: u64,
    /// Bytes.
    pub length: u64,
    /// `notify_off_multiplier`, for notifications.
    pub multiplier: u32,
}

/// How the driver reaches the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportKind {
    /// Virtio over MMIO, version 2 (§4.2).
    Mmio,
    /// Virtio over MMIO, version 1: the legacy interface (§4.2.4).
    MmioLegacy,
    /// Virtio over PCI (§4.1).
    Pci,
    /// vhost-user: a VMM that is not ours has the driver's end, and passes on what of it concerns the rings.
    VhostUser,
}

impl TransportKind {
    /// `mmio`, `mmio-legacy`, `pci` or `vhost-user`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mmio => "mmio",
            Self::MmioLegacy => "mmio-legacy",
            Self::Pci => "pci",
            Self::VhostUser => "vhost-user",
        }
    }
}

/// A queue as it was enabled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueInfo {
    /// Index of the queue.
    pub queue: u16,
    /// Entries.
    pub size: u16,
    /// Device address of the descriptor area.
    pub desc: u64,
    /// Device address of the driver area (available ring).
    pub driver: u64,
    /// Device address of the device area (used ring).
    pub device: u64,
    /// Whether it is a packed ring; the four words below are `None` then.
    #[serde(default)]
    pub packed: bool,
    /// `flags` of the available ring, as found; `None` where the address lies outside guest memory.
    pub avail_flags: Option<u16>,
    /// `idx` of the available ring, as found.
    pub avail_idx: Option<u16>,
    /// `flags` of the used ring, as found.
    pub used_flags: Option<u16>,
    /// `idx` of the used ring, as found.
    pub used_idx: Option<u16>,
}

/// A descriptor chain as the observer found it: of a packed ring, a list of descriptors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// Queue.
    pub queue: u16,
    /// Free-running index of the available ring entry. Packed: offset and wrap counter of the first descriptor, as in
    /// [`Position`](parakit_abi::ring::packed::Position).
    pub slot: u16,
    /// Head descriptor, as the entry says it (it may lie outside the table). Packed: the buffer id, which the last descriptor has.
    pub head: u16,
    /// The descriptors in chain order, those of an indirect table included; at most [`Chain::MAX_LINKS`].
    pub links: Vec<Link>,
    /// Why the walk stopped before the end of the chain.
    pub broken: Option<ChainFault>,
    /// First bytes of the device-readable part, at most [`Chain::MAX_READABLE`].
    #[serde(with = "super::hex")]
    pub readable: Vec<u8>,
}

impl Chain {
    /// Most bytes of the readable part that are kept.
    pub const MAX_READABLE: usize = 512;
    /// Most descriptors that are kept.
    pub const MAX_LINKS: usize = 65536 + 1;

    /// Bytes of the device-readable part, by the descriptors.
    #[must_use]
    pub fn readable_len(&self) -> u64 {
        self.buffers().filter(|d| !d.is_writable()).map(|d| u64::from(d.len)).sum()
    }

    /// Bytes of the device-writable part, by the descriptors.
    #[must_use]
    pub fn writable_len(&self) -> u64 {
        self.buffers().filter(|d| d.is_writable()).map(|d| u64::from(d.len)).sum()
    }

    /// The descriptors that describe buffers, in order (those that refer to an indirect table left out).
    pub fn buffers(&self) -> impl Iterator<Item = Desc> {
        self.links.iter().map(|l| l.desc()).filter(|d| !d.is_indirect())
    }
}

/// One descriptor of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Whether it is in the queue's table (false) or an indirect one (true).
    pub indirect: bool,
    /// Its index within that table.
    pub index: u16,
    /// Device address of the buffer.
    pub addr: u64,
    /// Bytes of the buffer.
    pub len: u32,
    /// `VIRTQ_DESC_F_*`.
    pub flags: u16,
    /// Next descriptor. Packed: the descriptor's buffer id.
    pub next: u16,
}

impl Link {
    /// The descriptor itself.
    #[must_use]
    pub fn desc(&self) -> Desc {
        Desc { addr: self.addr, len: self.len, flags: self.flags, next: self.next }
    }
}

/// Why a chain cannot be walked to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum ChainFault {
    /// The head or a `next` lies outside the table.
    IndexOutside { index: u16, entries: u32 },
    /// The chain comes back to a descriptor that it already has.
    Loop { index: u16 },
    /// An indirect table whose length is no multiple of 16, or zero.
    BadIndirectLength { len: u32 },
    /// A table or buffer that is not in guest memory.
    Unmapped { addr: u64, len: u32 },
    /// Packed: the head is available, but this descriptor of its list is not. The links go on to the end of the list all the same, as `NEXT`
    /// leads; this is the first one.
    NotAvailable { index: u16 },
    /// Packed: the list runs into this descriptor, which the device still has.
    NotFree { index: u16 },
    /// The observer had done its share of work and left this chain (or its rest) unread: nothing is known of it. Only a
    /// guest that publishes absurdly long chains gets here.
    NotWalked,
}

/// What changed under a chain in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum Alteration {
    /// A descriptor of the chain.
    Descriptor { was: Link, is: Link },
    /// The entry of the available ring.
    AvailableEntry { slot: u16, was: u16, is: u16 },
}
