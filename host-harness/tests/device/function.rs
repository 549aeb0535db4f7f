//! A device as a PCI function on a bus of its own, found and driven by hand.

use std::sync::{Arc, Mutex};

use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{CAP_MSIX, CAP_VENDOR, CfgType, Common, FunctionAddress, cap, command, header, msix};
use parakit_harness::device::DeviceModel;
use parakit_harness::transport::device::{DeviceOptions, TransportOptions};
use parakit_harness::transport::pci::{PciOptions, PciRoot};
use parakit_harness::transport::{IntxLine, Message, MsiSink};

use crate::rig::Rig;

/// Where BAR `i` is put: far apart, and high where it is wide.
pub(crate) const BARS: [u64; 6] = [0x40_0000_0000, 0, 0xc100_0000, 0, 0x40_1000_0000, 0];

/// What a function did with its interrupts.
#[derive(Default)]
pub(crate) struct Signals {
    pub(crate) configured: Mutex<Vec<(u16, Option<Message>)>>,
    pub(crate) raised: Mutex<Vec<u16>>,
    pub(crate) levels: Mutex<Vec<bool>>,
}

impl MsiSink for Signals {
    fn configure(&self, vector: u16, message: Option<Message>) {
        self.configured.lock().unwrap().push((vector, message));
    }
    fn raise(&self, vector: u16) {
        self.raised.lock().unwrap().push(vector);
    }
}

impl IntxLine for Signals {
    fn set(&self, asserted: bool) {
        self.levels.lock().unwrap().push(asserted);
    }
}

impl Signals {
    pub(crate) fn raised(&self) -> Vec<u16> {
        std::mem::take(&mut *self.raised.lock().unwrap())
    }

    pub(crate) fn configured(&self) -> Vec<(u16, Option<Message>)> {
        std::mem::take(&mut *self.configured.lock().unwrap())
    }

    pub(crate) fn levels(&self) -> Vec<bool> {
        std::mem::take(&mut *self.levels.lock().unwrap())
    }
}

/// A function at 00:01.0.
pub(crate) struct Function {
    pub(crate) root: PciRoot,
    pub(crate) at: FunctionAddress,
    pub(crate) signals: Arc<Signals>,
}

/// A capability as it stands in configuration space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Capability {
    pub(crate) at: u16,
    pub(crate) id: u8,
    pub(crate) body: Vec<u8>,
}

impl Capability {
    pub(crate) fn word(&self, offset: u16) -> u32 {
        let at = usize::from(offset);
        u32::from_le_bytes(self.body[at..at + 4].try_into().unwrap())
    }
}

impl Rig {
    /// A device over PCI; its BARs are placed, and it may access memory.
    pub(crate) fn pci(model: impl DeviceModel + 'static, oddities: &[&str]) -> Self {
        Self::pci_with(model, oddities, |_| {}, |_| {})
    }

    pub(crate) fn pci_with(
        model: impl DeviceModel + 'static,
        oddities: &[&str],
        device: impl FnOnce(&mut DeviceOptions),
        function: impl FnOnce(&mut PciOptions),
    ) -> Self {
        let signals = Arc::new(Signals::default());
        let mut options = PciOptions::new(signals.clone(), signals.clone());
        function(&mut options);
        let mut rig = Self::with(model, oddities, |o| {
            o.transport = TransportOptions::Pci(options);
            device(o);
        });
        let mut root = PciRoot::new();
        let at = root.attach(Arc::new(rig.device.clone())).unwrap();
        let function = Function { root, at, signals };
        function.place();
        rig.pci = Some(function);
        rig
    }

    pub(crate) fn function(&self) -> &Function {
        self.pci.as_ref().unwrap()
    }
}

impl Function {
    /// Writes the addresses of the BARs that are there, and lets the function answer and access memory.
    pub(crate) fn place(&self) {
        for (i, base) in BARS.iter().enumerate().filter(|(_, base)| **base != 0) {
            let register = header::BAR0 + 4 * i as u16;
            self.config_write32(register, *base as u32);
            if base >> 32 != 0 {
                self.config_write32(register + 4, (base >> 32) as u32);
            }
        }
        self.config_write16(header::COMMAND, command::MEMORY | command::BUS_MASTER);
    }

    pub(crate) fn config<const N: usize>(&self, offset: u16) -> [u8; N] {
        let mut bytes = [0; N];
        self.root.config_read(self.at, offset, &mut bytes);
        bytes
    }

    pub(crate) fn config16(&self, offset: u16) -> u16 {
        u16::from_le_bytes(self.config(offset))
    }

    pub(crate) fn config32(&self, offset: u16) -> u32 {
        u32::from_le_bytes(self.config(offset))
    }

    pub(crate) fn config_write16(&self, offset: u16, value: u16) {
        self.root.config_write(self.at, offset, &value.to_le_bytes());
    }

    pub(crate) fn config_write32(&self, offset: u16, value: u32) {
        self.root.config_write(self.at, offset, &value.to_le_bytes());
    }

    /// The capabilities in the order of the list; at most 64.
    pub(crate) fn capabilities(&self) -> Vec<Capability> {
        let mut list = Vec::new();
        let [mut next] = self.config::<1>(header::CAPABILITIES);
        while next != 0 && list.len() < 64 {
            let at = u16::from(next);
            let [id, following, len] = self.config::<3>(at);
            let len = if id == CAP_VENDOR { len } else { msix::CAP_SIZE };
            let body = (0..u16::from(len)).map(|i| self.config::<1>(at + i)[0]).collect();
            list.push(Capability { at, id, body });
            next = following;
        }
        list
    }

    /// The last virtio capability of a type: the right one, where oddities put others in front.
    pub(crate) fn virtio(&self, kind: CfgType) -> Capability {
        let right = |c: &Capability| c.id == CAP_VENDOR && c.body.get(3) == Some(&(kind as u8)) && c.body.len() >= 16;
        self.capabilities().into_iter().rfind(right).unwrap_or_else(|| panic!("no capability {kind:?}"))
    }

    pub(crate) fn msix(&self) -> Capability {
        self.capabilities().into_iter().find(|c| c.id == CAP_MSIX).expect("MSI-X")
    }

    /// Address of a structure.
    pub(crate) fn base(&self, kind: CfgType) -> u64 {
        let capability = self.virtio(kind);
        BARS[usize::from(capability.body[usize::from(cap::BAR)])] + u64::from(capability.word(cap::OFFSET))
    }

    pub(crate) fn read(&self, kind: CfgType, offset: u64, data: &mut [u8]) {
        assert!(self.root.memory_read(self.base(kind) + offset, data), "{kind:?} is not behind a BAR");
    }

    pub(crate) fn write(&self, kind: CfgType, offset: u64, data: &[u8]) {
        assert!(self.root.memory_write(self.base(kind) + offset, data), "{kind:?} is not behind a BAR");
    }

    /// Reads a field of the common configuration, a 64-bit one by its halves.
    pub(crate) fn common(&self, field: Common) -> u64 {
        let width = usize::from(field.width());
        let mut bytes = [0; 8];
        for at in (0..width).step_by(4) {
            self.read(CfgType::Common, field.offset() + at as u64, &mut bytes[at..width.min(at + 4)]);
        }
        u64::from_le_bytes(bytes)
    }

    /// Writes a field of the common configuration, a 64-bit one by its halves.
    pub(crate) fn set(&self, field: Common, value: u64) {
        let (width, bytes) = (usize::from(field.width()), value.to_le_bytes());
        for at in (0..width).step_by(4) {
            self.write(CfgType::Common, field.offset() + at as u64, &bytes[at..width.min(at + 4)]);
        }
    }

    /// Where a queue is notified, from the beginning of the notification structure.
    pub(crate) fn notify_place(&self, queue: u16) -> u64 {
        self.set(Common::QueueSelect, u64::from(queue));
        let multiplier = self.virtio(CfgType::Notify).word(cap::NOTIFY_OFF_MULTIPLIER);
        self.common(Common::QueueNotifyOff) * u64::from(multiplier)
    }

    /// Writes an entry of the MSI-X table.
    pub(crate) fn entry(&self, vector: u64, message: Message, masked: bool) {
        let words = [message.address as u32, (message.address >> 32) as u32, message.data, u32::from(masked)];
        for (i, word) in words.iter().enumerate() {
            self.table_write(vector * msix::ENTRY_SIZE + 4 * i as u64, *word);
        }
    }

    pub(crate) fn table_write(&self, offset: u64, value: u32) {
        assert!(self.root.memory_write(self.table() + offset, &value.to_le_bytes()));
    }

    pub(crate) fn table_read(&self, offset: u64) -> u32 {
        let mut bytes = [0; 4];
        assert!(self.root.memory_read(self.table() + offset, &mut bytes));
        u32::from_le_bytes(bytes)
    }

    fn table(&self) -> u64 {
        let word = self.msix().word(msix::TABLE);
        BARS[(word & msix::BIR_MASK) as usize] + u64::from(word & !msix::BIR_MASK)
    }

    /// The first 64 pending bits.
    pub(crate) fn pending(&self) -> u64 {
        let word = self.msix().word(msix::PBA);
        let mut bytes = [0; 8];
        let at = BARS[(word & msix::BIR_MASK) as usize] + u64::from(word & !msix::BIR_MASK);
        assert!(self.root.memory_read(at, &mut bytes));
        u64::from_le_bytes(bytes)
    }

    pub(crate) fn msix_control(&self, value: u16) {
        self.config_write16(self.msix().at + msix::CONTROL, value);
    }

    /// What the register of MMIO is over PCI: a field, and a half of it.
    fn field(register: Register) -> (Common, u64) {
        match register {
            Register::DeviceFeatures => (Common::DeviceFeature, 0),
            Register::DeviceFeaturesSel => (Common::DeviceFeatureSelect, 0),
            Register::DriverFeatures => (Common::DriverFeature, 0),
            Register::DriverFeaturesSel => (Common::DriverFeatureSelect, 0),
            Register::QueueSel => (Common::QueueSelect, 0),
            Register::QueueSizeMax | Register::QueueSize => (Common::QueueSize, 0),
            Register::QueueReady => (Common::QueueEnable, 0),
            Register::Status => (Common::DeviceStatus, 0),
            Register::QueueDescLow => (Common::QueueDesc, 0),
            Register::QueueDescHigh => (Common::QueueDesc, 4),
            Register::QueueDriverLow => (Common::QueueDriver, 0),
            Register::QueueDriverHigh => (Common::QueueDriver, 4),
            Register::QueueDeviceLow => (Common::QueueDevice, 0),
            Register::QueueDeviceHigh => (Common::QueueDevice, 4),
            Register::QueueReset => (Common::QueueReset, 0),
            Register::ConfigGeneration => (Common::ConfigGeneration, 0),
            other => panic!("{} has no like over PCI", other.name()),
        }
    }

    pub(crate) fn read_as(&self, register: Register) -> u32 {
        let mut bytes = [0; 4];
        if register == Register::InterruptStatus {
            self.read(CfgType::Isr, 0, &mut bytes[..1]);
        } else {
            let (field, half) = Self::field(register);
            let width = usize::from(field.width().min(4));
            self.read(CfgType::Common, field.offset() + half, &mut bytes[..width]);
        }
        u32::from_le_bytes(bytes)
    }

    pub(crate) fn write_as(&self, register: Register, value: u32) {
        let bytes = value.to_le_bytes();
        match register {
            Register::QueueNotify => self.write(CfgType::Notify, self.notify_place(value as u16), &bytes[..2]),
            // A read of the status did that.
            Register::InterruptACK => {}
            _ => {
                let (field, half) = Self::field(register);
                let width = usize::from(field.width().min(4));
                self.write(CfgType::Common, field.offset() + half, &bytes[..width]);
            }
        }
    }
}
