//! A virtio device behind a PCI function, driven through its modern interface (VIRTIO 1.4 §4.1).

use core::{cell::Cell, marker::PhantomData};

use parakit_abi::{
    device::DeviceType,
    feature::{self, Features},
    ring::MAX_QUEUE_SIZE,
    status::DeviceStatus,
    transport::pci::{CfgType, Common, FunctionAddress, ISR_CONFIG, ISR_QUEUE, NO_VECTOR, command},
};

use super::{
    AddressRanges, BarWindows, ConfigAccess, Event, Function, Message, PciError, Space, VectorError,
    bar::{Bars, DECODE, Header},
    capability::{MAX_SHARED, Part, Structures},
    common::CommonConfig,
    msix::Vectors,
};
use crate::transport::{
    Interrupt, NotifyWidth, PCI_FEATURES, QueueAddresses, QueueSetupError, RegisterWindow, SharedMemory,
    SharedMemoryError, Transport,
};

/// How a function interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterruptMode {
    /// Through its pin; why, says the ISR status register.
    Intx,
    /// With messages.
    Msix {
        /// How many of the OS's messages it was given: those of vectors 0 to `vectors` - 1.
        vectors: u16,
    },
}

/// A device behind a PCI function.
#[derive(Debug)]
pub struct PciTransport<W: RegisterWindow> {
    function: FunctionAddress,
    device_type: DeviceType,
    common: CommonConfig<W>,
    notify: W,
    /// Bytes from one queue's notification address to the next one's, times the difference of their `queue_notify_off`.
    multiplier: u32,
    /// The ISR status; only there without MSI-X, with which it is not accessed (§4.1.4.5.2).
    isr: Option<W>,
    /// The device-specific configuration, if there is any.
    device: Option<W>,
    vectors: Option<Vectors>,
    features: Features,
    shared: [Option<(u8, Result<SharedMemory, SharedMemoryError>)>; MAX_SHARED],
    /// Queue registers are selected first: no two threads may do that at a time.
    of_one_thread: PhantomData<Cell<()>>,
}

impl<W: RegisterWindow> PciTransport<W> {
    /// Takes a function into use: measures its BARs, gives addresses to those that have none in `ranges`, finds the device's
    /// register structures, gives `messages` to its MSI-X table, and lets it answer and access memory (§4.1.5.1).
    ///
    /// `messages` are what the OS has for the device, in the order of [`Transport::vector_of`]: one for
    /// configuration changes, then one for each queue. The device uses as many as it has vectors; with none, or
    /// without MSI-X, it interrupts through its pin.
    ///
    /// Functions behind bridges are where firmware put them: the ranges have to be those that the bridge forwards.
    ///
    /// # Errors
    /// [`PciError`], which names what is impossible. The function then does not access memory.
    ///
    /// # Safety
    /// Nothing else uses the function or has a window on its BARs while the value exists, nor while this runs.
    pub unsafe fn new<A: ConfigAccess, B: BarWindows<Window = W>>(
        config: &A,
        function: &Function,
        ranges: &mut AddressRanges,
        windows: &B,
        messages: &[Message],
    ) -> Result<Self, PciError> {
        let (vendor, device) = (function.vendor, function.device);
        let device_type = function.device_type().ok_or(PciError::NotVirtio { vendor, device })?;
        if function.header != 0 {
            return Err(PciError::Header { header: function.header });
        }
        let header = Header { config, function: function.address };
        let before = header.command();
        // SAFETY: nothing is switched on.
        unsafe { header.set_command(before & !(DECODE | command::BUS_MASTER)) };
        // SAFETY: decoding is off.
        let bars = unsafe { Self::place(&header, ranges, windows) }?;
        let found = Structures::find(config, function.address, &bars, windows.reaches(Space::Io));
        let in_use = |space| windows.by_address() && bars.iter().flatten().any(|b| b.space == space && b.placed);
        let mut command = before & !(DECODE | command::BUS_MASTER | command::INTX_DISABLE);
        command |= if in_use(Space::Memory) { command::MEMORY } else { 0 };
        command |= if in_use(Space::Io) { command::IO } else { 0 };
        // SAFETY: the BARs that decode have addresses of the ranges, where nothing else answers.
        unsafe { header.set_command(command) };

        let map = |part: Option<Part>, structure| {
            let missing = PciError::Missing { structure, fault: found.fault(structure) };
            let region = part.and_then(|part| part.region(function.address, &bars)).ok_or(missing)?;
            // SAFETY: the structure is inside a BAR that has its place, and overlaps no other one that is in use.
            unsafe { windows.window(&region) }.map_err(|error| PciError::Map { region, error })
        };
        let common = CommonConfig(map(found.common, CfgType::Common)?);
        let notify = map(found.notify, CfgType::Notify)?;
        let device_config = found.device.is_some().then(|| map(found.device, CfgType::Device)).transpose()?;
        let mut vectors = None;
        if let Some(capability) = &found.msix {
            if windows.by_address() && !messages.is_empty() {
                let count = header.enable_msix(capability, &found, &bars, windows, messages)?;
                vectors = Some(Vectors::new(count));
            } else {
                header.disable_msix(capability);
            }
        }
        let isr = if vectors.is_none() { Some(map(found.isr, CfgType::Isr)?) } else { None };
        command |= command::BUS_MASTER | if vectors.is_some() { command::INTX_DISABLE } else { 0 };
        // SAFETY: as above. What the device may access is what it is given later, after a reset.
        unsafe { header.set_command(command) };
        let read = header.command();
        if read & (DECODE | command::BUS_MASTER) != command & (DECODE | command::BUS_MASTER) {
            // SAFETY: less is switched on than before.
            unsafe { header.set_command(command & !command::BUS_MASTER) };
            return Err(PciError::Command { wrote: command, read });
        }
        Ok(Self {
            function: function.address,
            device_type,
            common,
            notify,
            multiplier: found.multiplier,
            isr,
            device: device_config,
            vectors,
            features: Features::NONE,
            shared: found.shared.map(|entry| entry.map(|(id, part)| (id, shared_memory(part, &bars)))),
            of_one_thread: PhantomData,
        })
    }

    /// # Safety
    /// Decoding is off.
    unsafe fn place<A: ConfigAccess>(
        header: &Header<'_, A>,
        ranges: &mut AddressRanges,
        windows: &impl BarWindows,
    ) -> Result<Bars, PciError> {
        // SAFETY: the caller's promise, here and below.
        let mut bars = unsafe { header.size_bars() }?;
        for space in [Space::Memory, Space::Io] {
            if windows.by_address() && windows.reaches(space) {
                // SAFETY: as above.
                unsafe { header.place(&mut bars, space, ranges) }?;
            }
        }
        Ok(bars)
    }

    /// Where the function is.
    #[must_use]
    pub fn function(&self) -> FunctionAddress {
        self.function
    }

    /// How it interrupts.
    #[must_use]
    pub fn interrupt_mode(&self) -> InterruptMode {
        self.vectors.map_or(InterruptMode::Intx, |vectors| InterruptMode::Msix { vectors: vectors.count })
    }

    /// Maps an event to the first of its vectors that the device takes.
    fn map(&self, vectors: &Vectors, event: Event, field: Common) -> Result<u16, VectorError> {
        let mut result = Err(VectorError { event, vector: 0, read: NO_VECTOR });
        for vector in vectors.candidates(event) {
            if matches!(result, Err(VectorError { vector: tried, .. }) if tried == vector && vector != 0) {
                continue;
            }
            let read = self.common.map_vector(field, vector);
            if read == vector {
                return Ok(vector);
            }
            result = Err(VectorError { event, vector, read });
        }
        result
    }

    /// Width of notifications, and where queue `queue`, which is selected, takes them.
    fn notify_place(&self, queue: u16) -> Result<(u64, NotifyWidth), QueueSetupError> {
        let width =
            if self.features.has(feature::NOTIFICATION_DATA) { NotifyWidth::Bits32 } else { NotifyWidth::Bits16 };
        let offset = u64::from(self.common.read16(Common::QueueNotifyOff)) * u64::from(self.multiplier);
        let len = self.notify.len();
        if !offset.is_multiple_of(width.bytes()) || offset + width.bytes() > len {
            return Err(QueueSetupError::NotifyOffset { queue, offset, len });
        }
        Ok((offset, width))
    }
}

fn shared_memory(part: Result<Part, super::CapabilityFault>, bars: &Bars) -> Result<SharedMemory, SharedMemoryError> {
    let part = part.map_err(SharedMemoryError::Capability)?;
    match bars.get(usize::from(part.bar)).copied().flatten() {
        // Ports are no memory.
        Some(bar) if bar.placed && bar.space == Space::Memory => {
            Ok(SharedMemory { address: bar.address + part.offset, len: part.len })
        }
        _ => Err(SharedMemoryError::NoAddress { bar: part.bar }),
    }
}

// SAFETY: the windows are the only ones on the device's registers (promised to `new`); the methods access them and keep no
// copies; queue addresses are written by `enable_queue` only.
unsafe impl<W: RegisterWindow> Transport for PciTransport<W> {
    type Notifier = W::Notifier;

    fn device_type(&self) -> DeviceType {
        self.device_type
    }

    fn supported(&self) -> Features {
        // Fields that a device's structure does not have are of features that it should not offer.
        let without = |field, bit| if self.common.has(field) { Features::NONE } else { Features::bit(bit) };
        PCI_FEATURES
            .without(without(Common::QueueReset, feature::RING_RESET))
            .without(without(Common::QueueNotifConfigData, feature::NOTIF_CONFIG_DATA))
    }

    fn status(&self) -> DeviceStatus {
        DeviceStatus(self.common.read(Common::DeviceStatus) as u8)
    }

    fn set_status(&mut self, status: DeviceStatus) {
        // SAFETY: a status gives the device no memory; what queues it had was given by `enable_queue`.
        unsafe { self.common.write(Common::DeviceStatus, status.0.into()) }
    }

    fn offered_features(&mut self) -> Features {
        (0..4).fold(Features::NONE, |features, i| {
            // SAFETY: a selector gives the device no memory.
            unsafe { self.common.write(Common::DeviceFeatureSelect, i) };
            features.with_word(i, self.common.read(Common::DeviceFeature))
        })
    }

    fn accept_features(&mut self, features: Features) {
        for i in 0..4 {
            // SAFETY: features give the device no memory.
            unsafe {
                self.common.write(Common::DriverFeatureSelect, i);
                self.common.write(Common::DriverFeature, features.word(i));
            }
        }
        self.features = features;
    }

    fn map_config_interrupt(&mut self) -> Result<(), VectorError> {
        let Some(vectors) = self.vectors else { return Ok(()) };
        let config = self.map(&vectors, Event::Config, Common::ConfigMsixVector)?;
        self.vectors = Some(Vectors { config, shared: vectors.count == 1, ..vectors });
        Ok(())
    }

    fn config_generation(&self) -> Option<u32> {
        Some(self.common.read(Common::ConfigGeneration))
    }

    fn config_len(&self) -> u32 {
        self.device.as_ref().map_or(0, |window| u32::try_from(window.len()).unwrap_or(u32::MAX))
    }

    fn config_read8(&self, offset: u32) -> u8 {
        self.device.as_ref().map_or(u8::MAX, |window| window.read8(offset.into()))
    }

    fn config_read16(&self, offset: u32) -> u16 {
        self.device.as_ref().map_or(u16::MAX, |window| window.read16(offset.into()))
    }

    fn config_read32(&self, offset: u32) -> u32 {
        self.device.as_ref().map_or(u32::MAX, |window| window.read32(offset.into()))
    }

    fn config_write8(&mut self, offset: u32, value: u8) {
        if let Some(window) = &self.device {
            // SAFETY: no configuration space of VIRTIO 1.4 holds addresses of memory.
            unsafe { window.write8(offset.into(), value) }
        }
    }

    fn config_write16(&mut self, offset: u32, value: u16) {
        if let Some(window) = &self.device {
            // SAFETY: as above.
            unsafe { window.write16(offset.into(), value) }
        }
    }

    fn config_write32(&mut self, offset: u32, value: u32) {
        if let Some(window) = &self.device {
            // SAFETY: as above.
            unsafe { window.write32(offset.into(), value) }
        }
    }

    fn queue_max_size(&mut self, queue: u16) -> Result<u16, QueueSetupError> {
        self.common.select(queue);
        if self.common.read16(Common::QueueEnable) != 0 {
            return Err(QueueSetupError::InUse { queue });
        }
        // This is the queue's size, which the driver may lower: it has to be a possible one.
        let size = self.common.read16(Common::QueueSize);
        let possible = size <= MAX_QUEUE_SIZE && (size.is_power_of_two() || self.features.has(feature::RING_PACKED));
        match size {
            0 => Err(QueueSetupError::Absent { queue }),
            _ if possible => Ok(size),
            _ => Err(QueueSetupError::Size { queue, size }),
        }
    }

    unsafe fn enable_queue(&mut self, queue: u16, size: u16, addresses: QueueAddresses) -> Result<(), QueueSetupError> {
        self.common.select(queue);
        self.notify_place(queue)?;
        // SAFETY: a size is used when the queue is enabled.
        unsafe { self.common.write(Common::QueueSize, size.into()) };
        if let Some(vectors) = &mut self.vectors {
            let taken = *vectors;
            let vector = self.map(&taken, Event::Queue(queue), Common::QueueMsixVector)?;
            if let Some(vectors) = &mut self.vectors {
                vectors.shared |= vector == vectors.config;
            }
        }
        // SAFETY: the caller gives this memory to the device.
        unsafe {
            self.common.write64(Common::QueueDesc, addresses.descriptor);
            self.common.write64(Common::QueueDriver, addresses.driver);
            self.common.write64(Common::QueueDevice, addresses.device);
            self.common.write(Common::QueueEnable, 1);
        }
        Ok(())
    }

    fn start_queue_reset(&mut self, queue: u16) {
        self.common.select(queue);
        // SAFETY: takes memory away from the device.
        unsafe { self.common.write(Common::QueueReset, 1) }
    }

    fn queue_reset_reads(&self) -> u32 {
        self.common.read(Common::QueueReset)
    }

    fn queue_enabled_reads(&self) -> u32 {
        self.common.read(Common::QueueEnable)
    }

    fn notifier(&self, queue: u16) -> W::Notifier {
        self.common.select(queue);
        // `enable_queue` has refused a place outside; if the device has changed its mind since, the window drops what is
        // written there.
        let (offset, width) = self.notify_place(queue).unwrap_or((u64::MAX, NotifyWidth::Bits16));
        let named = self.features.has(feature::NOTIF_CONFIG_DATA);
        let value = if named { self.common.read16(Common::QueueNotifConfigData) } else { queue };
        // SAFETY: a notification gives the device no memory.
        unsafe { self.notify.notifier(offset, value, width) }
    }

    fn vector_of(&self, event: Event) -> Option<u16> {
        let vectors = self.vectors?;
        let field = match event {
            Event::Config => Common::ConfigMsixVector,
            Event::Queue(queue) => {
                self.common.select(queue);
                Common::QueueMsixVector
            }
        };
        Some(self.common.read16(field)).filter(|&vector| vector < vectors.count)
    }

    fn acknowledge_interrupt(&self) -> Interrupt {
        let Some(isr) = &self.isr else {
            // Which vector it was is not known here, so it may have been any. There is nothing to acknowledge.
            return Interrupt { used_buffer: true, config_change: true };
        };
        // Reading clears it, and lets go of the pin (§4.1.4.5). The partner is the device, which writes the used index and then
        // the status: the read that clears what it set comes before the driver's look at that index, as any read of a window
        // comes before memory accesses behind it.
        let status = isr.read8(0);
        Interrupt { used_buffer: status & ISR_QUEUE != 0, config_change: status & ISR_CONFIG != 0 }
    }

    fn acknowledge_vector(&self, vector: u16) -> Interrupt {
        let Some(vectors) = self.vectors else { return self.acknowledge_interrupt() };
        let config_change = vector == vectors.config;
        Interrupt { used_buffer: !config_change || vectors.shared, config_change }
    }

    fn shared_memory(&mut self, id: u8) -> Result<Option<SharedMemory>, SharedMemoryError> {
        self.shared.iter().flatten().find(|(known, _)| *known == id).map(|(_, region)| *region).transpose()
    }
}
