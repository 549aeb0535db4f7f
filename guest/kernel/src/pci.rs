//! The PCI bus: finding functions, giving them addresses and interrupts.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt;
use core::ops::Range;

#[cfg(target_arch = "x86_64")]
use parakit::transport::pci::Mechanism1;
use parakit::transport::pci::{
    AddressRanges, CfgWindows, ConfigAccess, Ecam, Function, MapBars, Message, PciError, PciTransport, scan,
};
use parakit::transport::raw::{RawAccess, RawFunction, RawPci, RawWindow};
use parakit::transport::{AnyTransport, ProbeError, RegisterWindow, VolatileWindow};
use parakit_abi::mailbox::DeviceEntry;
use parakit_abi::transport::pci::{FunctionAddress, bar, command, header};

use crate::arch;
#[cfg(target_arch = "x86_64")]
use crate::arch::Ports;
use crate::platform::KernelPlatform;

/// Base address registers of a function.
const BARS: usize = 6;

/// Where a machine has its PCI bus.
pub(crate) struct Host {
    /// Configuration space, in memory.
    pub(crate) ecam: Range<u64>,
    /// Addresses for 32-bit BARs.
    pub(crate) memory32: Range<u64>,
    /// Addresses for 64-bit BARs.
    pub(crate) memory64: Range<u64>,
}

/// The virtio devices on the bus.
pub(crate) struct Pci {
    config: Config,
    /// In the order of their places on the bus.
    functions: Vec<Function>,
    ranges: RefCell<AddressRanges>,
}

/// How configuration space is reached.
enum Config {
    Memory(Ecam<VolatileWindow>),
    #[cfg(target_arch = "x86_64")]
    Ports(Mechanism1<Ports>),
}

impl Config {
    fn memory(host: &Host) -> Self {
        let Range { start, end } = host.ecam;
        // SAFETY: configuration space is there. A second window on it (`Pci::list`) makes accesses of its own, which do not disturb
        // those of the first.
        match unsafe { VolatileWindow::map(&KernelPlatform, start, (end - start) as usize) } {
            Ok(window) => Self::Memory(Ecam::new(window)),
            Err(error) => panic!("configuration space: {error}"),
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn ports() -> Self {
        // SAFETY: only CPU 0 uses these ports, through this value, and interrupt stubs use none.
        Self::Ports(unsafe { Mechanism1::new(Ports) })
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn ports() -> Self {
        panic!("this machine has no ports; configuration space is in memory")
    }
}

/// Why there is no transport.
#[derive(Debug)]
pub enum NoTransport {
    /// The register block is none that the kit can drive.
    Mmio(ProbeError),
    /// The function is none that the kit can drive.
    Pci(PciError),
    /// The bus has fewer devices than the table.
    NotFound {
        /// How many it has.
        found: usize,
    },
}

impl fmt::Display for NoTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mmio(error) => error.fmt(f),
            Self::Pci(error) => error.fmt(f),
            Self::NotFound { found } => write!(f, "the PCI bus has {found} virtio devices"),
        }
    }
}

impl core::error::Error for NoTransport {}

impl Pci {
    /// Looks for functions, through ports, or through memory at `ecam`, where 0 stands for the usual place.
    pub(crate) fn find(ports: bool, ecam: u64) -> Self {
        let Some(host) = arch::pci::host(ecam) else { panic!("this machine has no PCI bus") };
        let config = if ports { Config::ports() } else { Config::memory(&host) };
        let functions = scan(&config).filter(|function| function.device_type().is_some()).collect();
        // SAFETY: the host keeps these addresses for BARs; the heap ends below them.
        let ranges = RefCell::new(unsafe { AddressRanges::new(host.memory32, host.memory64, 0..0) });
        Self { config, functions, ranges }
    }

    /// Every function on the bus with its ids, through memory or through ports: for a comparison of the two.
    pub(crate) fn list(ports: bool) -> Vec<Function> {
        let Self { config, .. } = Self::find(ports, 0);
        scan(&config).collect()
    }

    /// The functions as entries of a device table: their types.
    pub(crate) fn entries(&self) -> impl Iterator<Item = DeviceEntry> {
        let types = self.functions.iter().filter_map(Function::device_type);
        types.map(|device_type| DeviceEntry { device_type: device_type.0, ..DeviceEntry::default() })
    }

    /// Where the pin of function `i` goes, if it has one: a global system interrupt.
    pub(crate) fn line(&self, i: usize) -> Option<u32> {
        let at = self.functions.get(i)?.address;
        let pin = self.config.read8(at, header::INTERRUPT_PIN);
        let line = self.config.read8(at, header::INTERRUPT_LINE);
        arch::pci::line(at, pin, line)
    }

    /// Takes function `i` into use, with these messages.
    pub(crate) fn transport(
        &self,
        i: usize,
        messages: &[Message],
    ) -> Result<PciTransport<VolatileWindow>, NoTransport> {
        let function = self.functions.get(i).ok_or(NoTransport::NotFound { found: self.functions.len() })?;
        let windows = MapBars(KernelPlatform);
        // SAFETY: workloads have one transport on a device at a time, and nothing beside.
        unsafe { PciTransport::new(&self.config, function, &mut self.ranges.borrow_mut(), &windows, messages) }
            .map_err(NoTransport::Pci)
    }

    /// Takes function `i` into use through configuration space alone.
    pub(crate) fn transport_through_config(
        &self,
        i: usize,
    ) -> Result<PciTransport<impl RegisterWindow + '_>, NoTransport> {
        let function = self.functions.get(i).ok_or(NoTransport::NotFound { found: self.functions.len() })?;
        // SAFETY: as for `transport`; nothing answers in empty ranges.
        let transport = unsafe {
            let windows = CfgWindows::new(&self.config, function).map_err(NoTransport::Pci)?;
            let mut none = AddressRanges::new(0..0, 0..0, 0..0);
            PciTransport::new(&self.config, function, &mut none, &windows, &[])
        };
        transport.map_err(NoTransport::Pci)
    }

    /// Function `i` for a probe. Its BARs were placed, and its vectors given messages, by [`Pci::transport`].
    pub(crate) fn raw(&self, i: usize) -> Option<RawPci<'_>> {
        let address = self.functions.get(i)?.address;
        let bars = self.bars(address);
        Some(RawPci::new(Box::new(Hands { config: HandsOnConfig { config: &self.config, address }, bars })))
    }

    /// Windows on the memory BARs that have addresses in the ranges.
    fn bars(&self, at: FunctionAddress) -> [Option<RawWindow<VolatileWindow>>; BARS] {
        let mut windows = [const { None }; BARS];
        let enabled = self.config.read16(at, header::COMMAND);
        // SAFETY: the function does not answer while its BARs are measured; they get back what they held.
        unsafe { self.config.write16(at, header::COMMAND, enabled & !(command::MEMORY | command::IO)) };
        let mut i = 0;
        while i < BARS {
            let low = self.measure(at, i);
            let wide = low.0 & (bar::IO | bar::TYPE_MASK) == bar::TYPE_64;
            let high = if wide && i + 1 < BARS { self.measure(at, i + 1) } else { (0, u32::MAX) };
            let address = u64::from(low.0 & !0xf) | u64::from(high.0) << 32;
            let len = (!(u64::from(low.1 & !0xf) | u64::from(high.1) << 32)).wrapping_add(1);
            if low.0 & bar::IO == 0 && low.1 & !0xf != 0 && self.is_ours(address, len) {
                // SAFETY: a BAR answers there, and the probe's is the only window on it.
                let window = unsafe { VolatileWindow::map(&KernelPlatform, address, len as usize) };
                windows[i] = window.ok().map(RawWindow);
            }
            i += if wide { 2 } else { 1 };
        }
        // SAFETY: as it was before.
        unsafe { self.config.write16(at, header::COMMAND, enabled) };
        windows
    }

    /// What a BAR holds, and what it holds after ones were written.
    fn measure(&self, at: FunctionAddress, i: usize) -> (u32, u32) {
        let register = header::BAR0 + 4 * i as u16;
        let held = self.config.read32(at, register);
        // SAFETY: the function does not answer at its BARs, which get back what they held.
        unsafe {
            self.config.write32(at, register, u32::MAX);
            let mask = self.config.read32(at, register);
            self.config.write32(at, register, held);
            (held, mask)
        }
    }

    fn is_ours(&self, address: u64, len: u64) -> bool {
        use parakit::transport::pci::Space;
        address != 0 && self.ranges.borrow().contains(Space::Memory, address, len)
    }
}

/// A register block on MMIO.
pub(crate) fn on_mmio(window: VolatileWindow) -> Result<Option<AnyTransport<VolatileWindow>>, NoTransport> {
    AnyTransport::probe_mmio(window).map_err(NoTransport::Mmio)
}

/// Passes an access on to whichever way there is.
macro_rules! either {
    ($self:ident, $config:ident => $call:expr) => {
        match $self {
            Config::Memory($config) => $call,
            #[cfg(target_arch = "x86_64")]
            Config::Ports($config) => $call,
        }
    };
}

// SAFETY: every call goes to the same one of the two.
unsafe impl ConfigAccess for Config {
    fn size(&self) -> u16 {
        either!(self, c => c.size())
    }

    fn read8(&self, function: FunctionAddress, offset: u16) -> u8 {
        either!(self, c => c.read8(function, offset))
    }

    fn read16(&self, function: FunctionAddress, offset: u16) -> u16 {
        either!(self, c => c.read16(function, offset))
    }

    fn read32(&self, function: FunctionAddress, offset: u16) -> u32 {
        either!(self, c => c.read32(function, offset))
    }

    unsafe fn write8(&self, function: FunctionAddress, offset: u16, value: u8) {
        // SAFETY: the caller's promise, here and below.
        either!(self, c => unsafe { c.write8(function, offset, value) })
    }

    unsafe fn write16(&self, function: FunctionAddress, offset: u16, value: u16) {
        // SAFETY: as above.
        either!(self, c => unsafe { c.write16(function, offset, value) })
    }

    unsafe fn write32(&self, function: FunctionAddress, offset: u16, value: u32) {
        // SAFETY: as above.
        either!(self, c => unsafe { c.write32(function, offset, value) })
    }
}

/// A function under the hands of a probe.
struct Hands<'a> {
    config: HandsOnConfig<'a>,
    bars: [Option<RawWindow<VolatileWindow>>; BARS],
}

// SAFETY: all windows are on the function that the scan found at the address, and nothing moves its BARs.
unsafe impl RawFunction for Hands<'_> {
    fn address(&self) -> FunctionAddress {
        self.config.address
    }

    fn config(&self) -> &dyn RawAccess {
        &self.config
    }

    fn bar(&self, index: u8) -> Option<&dyn RawAccess> {
        Some(self.bars.get(usize::from(index))?.as_ref()?)
    }
}

/// A function's configuration space.
struct HandsOnConfig<'a> {
    config: &'a Config,
    address: FunctionAddress,
}

// SAFETY: each access is one to the configuration space of the function.
unsafe impl RawAccess for HandsOnConfig<'_> {
    fn size(&self) -> u64 {
        self.config.size().into()
    }

    fn read(&self, offset: u64, width: u8) -> u32 {
        let Ok(offset) = u16::try_from(offset) else { return u32::MAX };
        match width {
            1 => self.config.read8(self.address, offset).into(),
            2 => self.config.read16(self.address, offset).into(),
            4 => self.config.read32(self.address, offset),
            _ => u32::MAX,
        }
    }

    unsafe fn write(&self, offset: u64, width: u8, value: u32) {
        let Ok(offset) = u16::try_from(offset) else { return };
        // SAFETY: the caller's promise.
        unsafe {
            match width {
                1 => self.config.write8(self.address, offset, value as u8),
                2 => self.config.write16(self.address, offset, value as u16),
                4 => self.config.write32(self.address, offset, value),
                _ => {}
            }
        }
    }
}
