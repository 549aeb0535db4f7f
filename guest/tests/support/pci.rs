//! A PCI function with the register structures of a virtio device, in front of a model that has virtio-mmio registers.
//!
//! Written from VIRTIO 1.4 §4.1 and the PCI header; uses nothing of the kit but the traits that it implements. It notes each
//! access, and panics at what no driver may do.

use std::{cell::RefCell, collections::BTreeMap, ops::Range, rc::Rc};

use parakit::{
    Notify, RegisterWindow,
    platform::MapError,
    queue::Notification,
    transport::{
        NotifyWidth,
        pci::{AddressRanges, BarRegion, BarWindows, ConfigAccess, Function, FunctionAddress, Message, Space},
    },
};

use super::window::{Model, Window};

/// Where the function is.
pub const AT: FunctionAddress = FunctionAddress { bus: 0, device: 3, function: 0 };
/// Addresses for BARs.
pub const MEMORY32: Range<u64> = 0xc000_0000..0xc010_0000;
pub const PORTS: Range<u64> = 0xc000..0xd000;
pub const MEMORY64: Range<u64> = 0x40_0000_0000..0x40_0100_0000;

/// Positions of the capabilities.
pub const COMMON: usize = 0x40;
pub const NOTIFY: usize = 0x50;
pub const ISR: usize = 0x64;
pub const DEVICE: usize = 0x74;
pub const PCI_CFG: usize = 0x84;
pub const MSIX: usize = 0x98;
pub const SHARED: usize = 0xa4;
/// BAR of the structures, and of the MSI-X table.
pub const STRUCTURES: u8 = 4;
pub const TABLE: u8 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Config { offset: u16, width: u8, write: Option<u32> },
    Bar { bar: u8, offset: u64, width: u8, write: Option<u32> },
}

/// A register of the common configuration read, or written.
pub const fn read(offset: u64, width: u8) -> Access {
    Access::Bar { bar: STRUCTURES, offset, width, write: None }
}
pub const fn write(offset: u64, width: u8, value: u32) -> Access {
    Access::Bar { bar: STRUCTURES, offset, width, write: Some(value) }
}

pub struct State<M> {
    pub config: [u8; 256],
    /// Which bits of each BAR register can be written, and what the others read.
    pub bars: [(u32, u32); 6],
    /// Which bits of the command register can be written.
    pub command_bits: u16,
    /// Whether MSI-X can be switched on.
    pub msix_works: bool,
    pub model: Window<M>,
    pub log: Vec<Access>,
    pub notify_off: fn(u16) -> u16,
    pub notif_config_data: fn(u16) -> u16,
    pub queue_size: Option<u16>,
    /// Vectors that cannot be mapped.
    pub refused: Vec<u16>,
    pub config_vector: u16,
    pub queue_vectors: BTreeMap<u16, u16>,
    pub table: Vec<u32>,
    select: u16,
}

/// Shares a [`State`] with the test.
pub struct Pci<M>(pub Rc<RefCell<State<M>>>);

impl<M> Clone for Pci<M> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

pub fn put<const N: usize>(config: &mut [u8], at: usize, bytes: [u8; N]) {
    config[at..at + N].copy_from_slice(&bytes);
}

/// Writes a virtio capability: where it and the next one are, its length and type, and where its structure is.
fn capability(c: &mut [u8], [at, next]: [usize; 2], [len, kind, bar]: [u8; 3], [offset, length]: [u32; 2]) {
    put(c, at, [9, next as u8, len, kind, bar, 0, 0, 0]);
    put(c, at + 8, offset.to_le_bytes());
    put(c, at + 12, length.to_le_bytes());
}

impl<M: Model> Pci<M> {
    /// A well-behaved function with `vectors` MSI-X vectors, whose BARs have no addresses yet.
    pub fn new(model: Window<M>, device_type: u16, vectors: u16) -> Self {
        let mut config = [0; 256];
        let c = &mut config[..];
        put(c, 0, 0x1af4_u16.to_le_bytes());
        put(c, 2, (0x1040 + device_type).to_le_bytes());
        put(c, 6, 0x10_u16.to_le_bytes());
        put(c, 8, [1]);
        put(c, 0x34, [COMMON as u8]);
        put(c, 0x3d, [1]);
        capability(c, [COMMON, NOTIFY], [16, 1, STRUCTURES], [0, 0x1000]);
        capability(c, [NOTIFY, ISR], [20, 2, STRUCTURES], [0x3000, 0x1000]);
        put(c, NOTIFY + 16, 4_u32.to_le_bytes());
        capability(c, [ISR, DEVICE], [16, 3, STRUCTURES], [0x1000, 0x1000]);
        capability(c, [DEVICE, PCI_CFG], [16, 4, STRUCTURES], [0x2000, 0x1000]);
        capability(c, [PCI_CFG, if vectors > 0 { MSIX } else { SHARED }], [20, 5, 0], [0, 0]);
        if vectors > 0 {
            put(c, MSIX, [0x11, SHARED as u8]);
            put(c, MSIX + 2, (vectors - 1).to_le_bytes());
            put(c, MSIX + 4, u32::from(TABLE).to_le_bytes());
            put(c, MSIX + 8, (0x800 | u32::from(TABLE)).to_le_bytes());
        }
        capability(c, [SHARED, 0], [24, 8, 2], [0x1000, 0x2000]);
        put(c, SHARED + 5, [7]);
        let bars =
            [(0xffff_ff80, 1), (0xffff_f000, 0), (0xffff_0000, 12), (u32::MAX, 0), (0xffff_c000, 4), (u32::MAX, 0)];
        for (i, &(_, flags)) in bars.iter().enumerate() {
            put(c, 0x10 + 4 * i, u32::to_le_bytes(flags));
        }
        Self(Rc::new(RefCell::new(State {
            config,
            bars,
            command_bits: 0x407,
            msix_works: true,
            model,
            log: Vec::new(),
            notify_off: |queue| queue,
            notif_config_data: |queue| queue,
            queue_size: None,
            refused: Vec::new(),
            config_vector: 0xffff,
            queue_vectors: BTreeMap::new(),
            table: vec![0; usize::from(vectors) * 4],
            select: 0,
        })))
    }

    pub fn with<R>(&self, f: impl FnOnce(&mut State<M>) -> R) -> R {
        f(&mut self.0.borrow_mut())
    }

    pub fn function(&self) -> Function {
        Function::read(self, AT).expect("a function")
    }

    pub fn take_log(&self) -> Vec<Access> {
        self.with(|s| std::mem::take(&mut s.log))
    }

    /// Accesses of registers, as against configuration space.
    pub fn take_register_log(&self) -> Vec<Access> {
        self.take_log().into_iter().filter(|access| matches!(access, Access::Bar { .. })).collect()
    }
}

pub fn ranges() -> AddressRanges {
    // SAFETY: nothing is mapped anywhere: the addresses are made up.
    unsafe { AddressRanges::new(MEMORY32, MEMORY64, 0..0) }
}

pub fn messages(count: u16) -> Vec<Message> {
    // SAFETY: the model writes nowhere.
    (0..count).map(|i| unsafe { Message::new(0xfee0_1000, 0x40 + u32::from(i)) }).collect()
}

fn all_ones(width: u8) -> u32 {
    u32::MAX >> (32 - 8 * width)
}

impl<M: Model> State<M> {
    fn word(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.config[at..at + 4].try_into().unwrap())
    }

    pub fn command(&self) -> u16 {
        self.word(4) as u16
    }

    pub fn address(&self, bar: u8) -> u64 {
        let at = 0x10 + 4 * usize::from(bar);
        let value = self.word(at);
        let upper = if value & 7 == 4 { self.word(at + 4) } else { 0 };
        u64::from(upper) << 32 | u64::from(value & if value & 1 == 1 { !3 } else { !15 })
    }

    fn msix_control(&self) -> u16 {
        if self.table.is_empty() { 0 } else { (self.word(MSIX) >> 16) as u16 }
    }

    fn config_read(&mut self, offset: u16, width: u8) -> u32 {
        self.log.push(Access::Config { offset, width, write: None });
        let at = usize::from(offset);
        assert!(at.is_multiple_of(width.into()) && at + usize::from(width) <= 256, "{width} bytes at {offset:#x}");
        if at == PCI_CFG + 16 {
            return self.pci_cfg(width, None);
        }
        let mut bytes = [0; 4];
        bytes[..width.into()].copy_from_slice(&self.config[at..at + usize::from(width)]);
        u32::from_le_bytes(bytes)
    }

    fn pci_cfg(&mut self, width: u8, write: Option<u32>) -> u32 {
        let (bar, offset, len) = (self.config[PCI_CFG + 4], self.word(PCI_CFG + 8), self.word(PCI_CFG + 12));
        assert!(
            len == u32::from(width) && offset.is_multiple_of(len),
            "{len} bytes at {offset:#x}, accessed with {width}"
        );
        self.access(bar, offset.into(), width, write)
    }

    fn config_write(&mut self, offset: u16, width: u8, value: u32) {
        self.log.push(Access::Config { offset, width, write: Some(value) });
        let at = usize::from(offset);
        assert!(at.is_multiple_of(width.into()) && at + usize::from(width) <= 256, "{width} bytes at {offset:#x}");
        match at {
            0x04 => put(&mut self.config, at, (value as u16 & self.command_bits).to_le_bytes()),
            0x10..0x28 => {
                assert_eq!(self.command() & 3, 0, "a BAR written while it decodes");
                let (mask, flags) = self.bars[(at - 0x10) / 4];
                put(&mut self.config, at, (value & mask | flags).to_le_bytes());
            }
            _ if at == PCI_CFG + 16 => {
                self.pci_cfg(width, Some(value));
            }
            _ if (PCI_CFG + 4..PCI_CFG + 16).contains(&at) => {
                let width = usize::from(width);
                self.config[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
            }
            _ if at == MSIX + 2 && !self.table.is_empty() => {
                let bits = if self.msix_works { 0xc000 } else { 0 };
                let control = self.msix_control() & !bits | value as u16 & bits;
                put(&mut self.config, at, control.to_le_bytes());
            }
            _ => panic!("configuration space written at {offset:#x}"),
        }
    }

    fn access(&mut self, bar: u8, offset: u64, width: u8, write: Option<u32>) -> u32 {
        self.log.push(Access::Bar { bar, offset, width, write });
        assert!(offset.is_multiple_of(width.into()), "{width} bytes at {offset:#x}");
        match (bar, offset) {
            (TABLE, _) => {
                assert_eq!(width, 4);
                let entry = &mut self.table[offset as usize / 4];
                write.map_or(*entry, |value| std::mem::replace(entry, value))
            }
            (STRUCTURES, 0..0x40) => self.common(offset, width, write),
            (STRUCTURES, 0x1000) => {
                assert!(width == 1 && write.is_none() && self.msix_control() & 0x8000 == 0, "ISR status with MSI-X");
                self.model.with(|m| {
                    let status = m.read(0x060, 4);
                    if status != 0 {
                        m.write(0x064, 4, status);
                    }
                    status
                })
            }
            (STRUCTURES, 0x2000..0x3000) => self.model.with(|m| {
                let offset = 0x100 + offset - 0x2000;
                match write {
                    None => m.read(offset, width.into()),
                    Some(value) => {
                        m.write(offset, width.into(), value);
                        0
                    }
                }
            }),
            (0, _) | (STRUCTURES, 0x3000..0x4000) => {
                let value = write.expect("notifications are written");
                let queue = (offset & 0xfff) as u32 / 4;
                self.model.with(|m| {
                    m.write(0x050, 4, queue | value & 0xffff_0000);
                    m.notified();
                });
                0
            }
            _ => panic!("{width} bytes at {offset:#x} of BAR {bar}"),
        }
    }

    fn common(&mut self, offset: u64, width: u8, write: Option<u32>) -> u32 {
        let natural = match offset {
            0x14 | 0x15 => 1,
            0x10 | 0x12 | 0x16..0x20 | 0x38.. => 2,
            _ => 4,
        };
        assert_eq!(width, natural, "field {offset:#x}");
        let mmio = match offset {
            0x00 => 0x014,
            0x04 => 0x010,
            0x08 => 0x024,
            0x0c => 0x020,
            0x14 => 0x070,
            0x15 => 0x0fc,
            0x16 => 0x030,
            0x18 => 0x034,
            0x1c => 0x044,
            0x20..0x28 => 0x080 + offset - 0x20,
            0x28..0x30 => 0x090 + offset - 0x28,
            0x30..0x38 => 0x0a0 + offset - 0x30,
            0x3a => 0x0c0,
            _ => 0,
        };
        let select = self.select;
        let (refused, size) = (&self.refused, self.queue_size);
        let map = |vector: u16| {
            assert!(
                vector == 0xffff || usize::from(vector) < self.table.len() / 4,
                "vector {vector} outside the table"
            );
            if refused.contains(&vector) { 0xffff } else { vector }
        };
        match (offset, write) {
            (0x10, Some(vector)) => self.config_vector = map(vector as u16),
            (0x10, None) => return self.config_vector.into(),
            (0x1a, Some(vector)) => {
                let vector = map(vector as u16);
                self.queue_vectors.insert(select, vector);
            }
            (0x1a, None) => return (*self.queue_vectors.get(&select).unwrap_or(&0xffff)).into(),
            (0x1e, None) => return (self.notify_off)(select).into(),
            (0x38, None) => return (self.notif_config_data)(select).into(),
            (0x18, None) if size.is_some() => return size.unwrap_or_default().into(),
            (0x18, Some(value)) => self.model.with(|m| m.write(0x038, 4, value)),
            (_, None) => return self.model.with(|m| m.read(mmio, 4)) & all_ones(width),
            (_, Some(value)) => {
                match offset {
                    0x16 => self.select = value as u16,
                    0x1c => assert_eq!(value, 1, "queue_enable"),
                    0x14 if value == 0 => {
                        self.config_vector = 0xffff;
                        self.queue_vectors.clear();
                    }
                    0x04 | 0x12 | 0x15 => panic!("field {offset:#x} is read-only"),
                    _ => {}
                }
                self.model.with(|m| m.write(mmio, 4, value));
            }
        }
        0
    }
}

// SAFETY: one access a call, to a model.
unsafe impl<M: Model> ConfigAccess for Pci<M> {
    fn size(&self) -> u16 {
        256
    }
    fn read8(&self, function: FunctionAddress, offset: u16) -> u8 {
        if function == AT { self.with(|s| s.config_read(offset, 1)) as u8 } else { u8::MAX }
    }
    fn read16(&self, function: FunctionAddress, offset: u16) -> u16 {
        if function == AT { self.with(|s| s.config_read(offset, 2)) as u16 } else { u16::MAX }
    }
    fn read32(&self, function: FunctionAddress, offset: u16) -> u32 {
        if function == AT { self.with(|s| s.config_read(offset, 4)) } else { u32::MAX }
    }
    unsafe fn write8(&self, _: FunctionAddress, offset: u16, value: u8) {
        self.with(|s| s.config_write(offset, 1, value.into()));
    }
    unsafe fn write16(&self, _: FunctionAddress, offset: u16, value: u16) {
        self.with(|s| s.config_write(offset, 2, value.into()));
    }
    unsafe fn write32(&self, _: FunctionAddress, offset: u16, value: u32) {
        self.with(|s| s.config_write(offset, 4, value));
    }
}

impl<M: Model> BarWindows for Pci<M> {
    type Window = BarWindow<M>;

    unsafe fn window(&self, region: &BarRegion) -> Result<BarWindow<M>, MapError> {
        let BarRegion { bar, address, offset, len, space, .. } = *region;
        self.with(|s| {
            let on = if space == Space::Memory { 2 } else { 1 };
            assert_eq!(s.command() & on, on, "a window on a BAR that does not decode");
            assert_eq!(s.address(bar) + offset, address);
        });
        assert!([MEMORY32, MEMORY64, PORTS].iter().any(|range| range.start <= address && address + len <= range.end));
        Ok(BarWindow { pci: self.clone(), bar, offset, len })
    }
}

/// Windows that reach I/O BARs, too.
pub struct WithPorts<M>(pub Pci<M>);

impl<M: Model> BarWindows for WithPorts<M> {
    type Window = BarWindow<M>;

    fn reaches(&self, _: Space) -> bool {
        true
    }

    unsafe fn window(&self, region: &BarRegion) -> Result<BarWindow<M>, MapError> {
        // SAFETY: the caller's promise.
        unsafe { self.0.window(region) }
    }
}

/// A part of a BAR.
pub struct BarWindow<M> {
    pci: Pci<M>,
    bar: u8,
    offset: u64,
    len: u64,
}

impl<M: Model> BarWindow<M> {
    fn access(&self, offset: u64, width: u8, write: Option<u32>) -> u32 {
        if offset.checked_add(width.into()).is_none_or(|end| end > self.len) {
            return all_ones(width);
        }
        self.pci.with(|s| s.access(self.bar, self.offset + offset, width, write))
    }
}

// SAFETY: one access a call, to a model that has memory of the driver between DRIVER_OK and the reset only.
unsafe impl<M: Model> RegisterWindow for BarWindow<M> {
    type Notifier = Doorbell<M>;

    fn len(&self) -> u64 {
        self.len
    }
    fn read8(&self, offset: u64) -> u8 {
        self.access(offset, 1, None) as u8
    }
    fn read16(&self, offset: u64) -> u16 {
        self.access(offset, 2, None) as u16
    }
    fn read32(&self, offset: u64) -> u32 {
        self.access(offset, 4, None)
    }
    unsafe fn write8(&self, offset: u64, value: u8) {
        self.access(offset, 1, Some(value.into()));
    }
    unsafe fn write16(&self, offset: u64, value: u16) {
        self.access(offset, 2, Some(value.into()));
    }
    unsafe fn write32(&self, offset: u64, value: u32) {
        self.access(offset, 4, Some(value));
    }
    unsafe fn notifier(&self, offset: u64, value: u16, width: NotifyWidth) -> Doorbell<M> {
        let Self { ref pci, bar, offset: start, len } = *self;
        Doorbell { window: Self { pci: pci.clone(), bar, offset: start, len }, offset, value, width }
    }
}

pub struct Doorbell<M> {
    window: BarWindow<M>,
    offset: u64,
    value: u16,
    width: NotifyWidth,
}

impl<M: Model> Notify for Doorbell<M> {
    fn notify(&self, what: Notification) {
        self.window.access(self.offset, self.width.bytes() as u8, Some(self.width.word(self.value, what)));
    }
}
