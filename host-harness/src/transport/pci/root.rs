//! The PCI root: bus 0 with its functions, reached through ECAM, through the ports of mechanism 1, and in memory behind their BARs.

use std::sync::{Arc, Mutex, PoisonError};

use parakit_abi::transport::pci::{FunctionAddress, mechanism1};

use super::BarWindows;

/// Device numbers of a bus.
const SLOTS: usize = 32;
/// Bytes of a function's configuration space.
const CONFIG_SPACE: u64 = 4096;

/// A function on the bus. Any offset, address and width may come.
pub trait PciFunction: Send + Sync {
    /// The guest reads `data.len()` bytes at `offset` of configuration space, all within its 4096 bytes.
    fn config_read(&self, offset: u16, data: &mut [u8]);
    /// The guest writes `data` at `offset` of configuration space, all within its 4096 bytes.
    fn config_write(&self, offset: u16, data: &[u8]);
    /// The guest reads memory at `address` (guest-physical); false, and nothing done, when that is not behind a BAR of the function.
    fn memory_read(&self, address: u64, data: &mut [u8]) -> bool;
    /// The guest writes memory at `address`; false, and nothing done, when that is not behind a BAR of the function.
    fn memory_write(&self, address: u64, data: &[u8]) -> bool;
    /// What firmware does before a guest starts: gives the BARs addresses and has them answer. False if there was not room for all, and
    /// then none answers.
    fn assign(&self, _windows: &mut BarWindows) -> bool {
        true
    }
}

/// There is no device number left on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bus 0 has {} places for devices, and all are taken", SLOTS - 1)]
pub struct BusFull;

/// Bus 0: a host bridge at 00:00.0, and the functions that were attached, at 00:01.0 and so on.
pub struct PciRoot {
    functions: Vec<Arc<dyn PciFunction>>,
    /// What was last written to the address port of mechanism 1.
    selected: Mutex<u32>,
}

impl Default for PciRoot {
    fn default() -> Self {
        Self { functions: vec![Arc::new(HostBridge)], selected: Mutex::new(0) }
    }
}

impl PciRoot {
    /// A bus with nothing but the host bridge.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a function into the next place, and says where that is.
    ///
    /// # Errors
    /// All 31 places are taken.
    pub fn attach(&mut self, function: Arc<dyn PciFunction>) -> Result<FunctionAddress, BusFull> {
        let device = self.functions.len();
        if device >= SLOTS {
            return Err(BusFull);
        }
        self.functions.push(function);
        Ok(FunctionAddress { bus: 0, device: device as u8, function: 0 })
    }

    fn function(&self, at: FunctionAddress) -> Option<&dyn PciFunction> {
        let there = at.bus == 0 && at.function == 0;
        self.functions.get(usize::from(at.device)).filter(|_| there).map(AsRef::as_ref)
    }

    /// The guest reads configuration space; where there is no function, all bits are ones. An access over the end of the 4096 bytes reaches nobody.
    pub fn config_read(&self, at: FunctionAddress, offset: u16, data: &mut [u8]) {
        data.fill(0xff);
        if let Some(function) = self.function(at).filter(|_| fits(u64::from(offset), data.len())) {
            function.config_read(offset, data);
        }
    }

    /// The guest writes configuration space; where there is no function, nothing happens.
    pub fn config_write(&self, at: FunctionAddress, offset: u16, data: &[u8]) {
        if let Some(function) = self.function(at).filter(|_| fits(u64::from(offset), data.len())) {
            function.config_write(offset, data);
        }
    }

    /// The guest reads at `offset` of the ECAM region, which begins with bus 0.
    pub fn ecam_read(&self, offset: u64, data: &mut [u8]) {
        match ecam(offset) {
            Some((at, register)) => self.config_read(at, register, data),
            None => data.fill(0xff),
        }
    }

    /// The guest writes at `offset` of the ECAM region.
    pub fn ecam_write(&self, offset: u64, data: &[u8]) {
        if let Some((at, register)) = ecam(offset) {
            self.config_write(at, register, data);
        }
    }

    /// The guest reads the I/O port: of mechanism 1, or (false, and nothing done) another.
    pub fn port_read(&self, port: u16, data: &mut [u8]) -> bool {
        match port_register(port, data.len()) {
            None => false,
            Some(PortRegister::Address) => {
                let selected = self.selected().to_le_bytes();
                if data.len() == 4 {
                    data.copy_from_slice(&selected)
                } else {
                    data.fill(0xff)
                }
                true
            }
            Some(PortRegister::Data(byte)) => {
                match self.selection(byte) {
                    Some((at, register)) => self.config_read(at, register, data),
                    None => data.fill(0xff),
                }
                true
            }
        }
    }

    /// The guest writes the I/O port: of mechanism 1, or (false, and nothing done) another.
    pub fn port_write(&self, port: u16, data: &[u8]) -> bool {
        match port_register(port, data.len()) {
            None => false,
            Some(PortRegister::Address) => {
                // Only a whole address counts.
                if let Ok(address) = <[u8; 4]>::try_from(data) {
                    *self.selected.lock().unwrap_or_else(PoisonError::into_inner) = u32::from_le_bytes(address);
                }
                true
            }
            Some(PortRegister::Data(byte)) => {
                if let Some((at, register)) = self.selection(byte) {
                    self.config_write(at, register, data);
                }
                true
            }
        }
    }

    fn selected(&self) -> u32 {
        *self.selected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an access to byte `byte` of the data port means.
    fn selection(&self, byte: u16) -> Option<(FunctionAddress, u16)> {
        let address = self.selected();
        let at = FunctionAddress {
            bus: (address >> 16) as u8,
            device: (address >> 11) as u8 & 31,
            function: (address >> 8) as u8 & 7,
        };
        (address & mechanism1::ENABLE != 0).then_some((at, (address & 0xfc) as u16 + byte))
    }

    /// The guest reads memory at `address`; false, and `data` all ones, when no BAR is there.
    pub fn memory_read(&self, address: u64, data: &mut [u8]) -> bool {
        data.fill(0xff);
        self.functions.iter().any(|f| f.memory_read(address, data))
    }

    /// The guest writes memory at `address`; false when no BAR is there.
    pub fn memory_write(&self, address: u64, data: &[u8]) -> bool {
        self.functions.iter().any(|f| f.memory_write(address, data))
    }
}

/// Which of the two ports of mechanism 1.
enum PortRegister {
    Address,
    /// A byte of the data port.
    Data(u16),
}

fn port_register(port: u16, width: usize) -> Option<PortRegister> {
    let (address, data) = (mechanism1::PORT_ADDRESS, mechanism1::PORT_DATA);
    let end = usize::from(port) + width;
    if (address..address + 4).contains(&port) && end <= usize::from(address) + 4 {
        Some(PortRegister::Address)
    } else if (data..data + 4).contains(&port) && end <= usize::from(data) + 4 {
        Some(PortRegister::Data(port - data))
    } else {
        None
    }
}

/// What an offset of the ECAM region means; `None` beyond bus 255.
fn ecam(offset: u64) -> Option<(FunctionAddress, u16)> {
    let bus = u8::try_from(offset >> 20).ok()?;
    let at = FunctionAddress { bus, device: (offset >> 15) as u8 & 31, function: (offset >> 12) as u8 & 7 };
    Some((at, (offset % CONFIG_SPACE) as u16))
}

fn fits(offset: u64, width: usize) -> bool {
    offset.checked_add(width as u64).is_some_and(|end| end <= CONFIG_SPACE)
}

/// What a bus begins with: a bridge that ordinary kernels want to find, and that does nothing.
struct HostBridge;

/// Ids of QEMU's generic host bridge, which every kernel knows to be harmless; class 06.00, header type 0.
const BRIDGE: [(u16, u8); 7] =
    [(0x00, 0x36), (0x01, 0x1b), (0x02, 0x08), (0x03, 0x00), (0x0a, 0x00), (0x0b, 0x06), (0x0e, 0x00)];

impl PciFunction for HostBridge {
    fn config_read(&self, offset: u16, data: &mut [u8]) {
        for (at, byte) in (offset..).zip(data) {
            *byte = BRIDGE.iter().find(|(place, _)| *place == at).map_or(0, |(_, value)| *value);
        }
    }

    fn config_write(&self, _offset: u16, _data: &[u8]) {}

    fn memory_read(&self, _address: u64, _data: &mut [u8]) -> bool {
        false
    }

    fn memory_write(&self, _address: u64, _data: &[u8]) -> bool {
        false
    }
}
