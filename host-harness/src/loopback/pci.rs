//! The PCI bus of loopback, reached by calls.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use parakit::platform::MapError;
use parakit::transport::pci::{
    AddressRanges, BarRegion, BarWindows, ConfigAccess, Ecam, FunctionAddress, Mechanism1, Message, PciError, Ports,
    scan,
};
use parakit::transport::raw::{RawAccess, RawFunction, RawPci, RawRegisters, RawWindow};
use parakit::transport::{PciTransport, ProbeError, pci::Space};
use parakit_abi::boot::{PCI_MEMORY32, PCI_MEMORY32_SIZE, PCI_MEMORY64, PCI_MEMORY64_SIZE};
use parakit_abi::transport::pci::{command, header};

use super::World;
use super::line::Line;
use super::window::{LoopbackWindow, Place};
use crate::observe::event::PciInfo;
use crate::scenario::Mechanism;
use crate::transport::pci::PciRoot;

/// Why a device cannot be driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopbackProbeError {
    /// Over MMIO.
    Mmio(ProbeError),
    /// Over PCI.
    Pci(PciError),
}

impl fmt::Display for LoopbackProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mmio(error) => error.fmt(f),
            Self::Pci(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoopbackProbeError {}

/// The bus as drivers see it.
pub(super) struct Bus {
    pub(super) root: Arc<PciRoot>,
    pub(super) world: Arc<World>,
    pub(super) mechanism: Mechanism,
}

impl Bus {
    /// The addresses that BARs may have.
    pub(super) fn ranges() -> AddressRanges {
        let span = |start: u64, len: u64| -> Range<u64> { start..start + len };
        let (low, high) = (span(PCI_MEMORY32, PCI_MEMORY32_SIZE), span(PCI_MEMORY64, PCI_MEMORY64_SIZE));
        // SAFETY: these are addresses of the bus, which are given to `PciRoot` alone and never made pointers.
        unsafe { AddressRanges::new(low, high, 0..0) }
    }

    /// Finds the function at `at` by a scan of the bus, and takes it into use.
    pub(super) fn open(
        &self,
        at: FunctionAddress,
        ranges: &mut AddressRanges,
    ) -> Result<Option<PciTransport<LoopbackWindow>>, LoopbackProbeError> {
        match self.mechanism {
            Mechanism::Ecam => self.open_through(&Ecam::new(self.window(Place::Ecam)), at, ranges),
            Mechanism::Ports => {
                // SAFETY: the ports belong to this bus, and drivers come up one after the other on the workload's thread.
                let ports = unsafe { Mechanism1::new(LoopbackPorts { bus: self }) };
                self.open_through(&ports, at, ranges)
            }
        }
    }

    fn open_through<A: ConfigAccess>(
        &self,
        config: &A,
        at: FunctionAddress,
        ranges: &mut AddressRanges,
    ) -> Result<Option<PciTransport<LoopbackWindow>>, LoopbackProbeError> {
        let Some(function) = scan(config).find(|f| f.address == at && f.device_type().is_some()) else {
            return Ok(None);
        };
        // SAFETY: nothing but a count comes of such a write.
        let message = |(address, data)| unsafe { Message::new(address, data) };
        let messages: Vec<_> = Line::messages().map(message).collect();
        // SAFETY: workloads have one transport on a device at a time (`Env::transport`), and a second one could not break
        // memory: the device takes any accesses in any order.
        let transport = unsafe { PciTransport::new(config, &function, ranges, self, &messages) };
        transport.map(Some).map_err(LoopbackProbeError::Pci)
    }

    /// The function at `at`, its BARs placed, for a probe.
    pub(super) fn raw(&self, at: FunctionAddress, info: &PciInfo, ranges: &mut AddressRanges) -> RawRegisters<'static> {
        let register = |i: usize| header::BAR0 + 4 * i as u16;
        let mut bars: [Option<RawWindow<LoopbackWindow>>; 6] = [const { None }; 6];
        for (i, bar) in bars.iter_mut().enumerate() {
            let (len, wide) = (info.bars[i], info.wide[i]);
            if len == 0 {
                continue;
            }
            let half =
                |i| u64::from(self.config32(at, register(i)) & if i % 2 == 1 && info.wide[i - 1] { !0 } else { !15 });
            let old = half(i) | if wide { half(i + 1) << 32 } else { 0 };
            let base = if old != 0 { Some(old) } else { ranges.allocate(Space::Memory, wide, len) };
            let Some(base) = base else { continue };
            self.root.config_write(at, register(i), &(base as u32).to_le_bytes());
            if wide {
                self.root.config_write(at, register(i + 1), &((base >> 32) as u32).to_le_bytes());
            }
            *bar = Some(RawWindow(self.window(Place::Memory { base, len })));
        }
        let on = command::MEMORY | command::BUS_MASTER;
        self.root.config_write(at, header::COMMAND, &on.to_le_bytes());
        let config = RawWindow(self.window(Place::Config(at)));
        RawRegisters::Pci(RawPci::new(Box::new(LoopbackFunction { at, config, bars })))
    }

    fn config32(&self, at: FunctionAddress, offset: u16) -> u32 {
        let mut bytes = [0; 4];
        self.root.config_read(at, offset, &mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn window(&self, place: Place) -> LoopbackWindow {
        LoopbackWindow::on_bus(place, Arc::clone(&self.root), Arc::clone(&self.world))
    }
}

impl BarWindows for Bus {
    type Window = LoopbackWindow;

    unsafe fn window(&self, region: &BarRegion) -> Result<LoopbackWindow, MapError> {
        Ok(Bus::window(self, Place::Memory { base: region.address, len: region.len }))
    }
}

/// The I/O ports of loopback: those of mechanism 1.
struct LoopbackPorts<'b> {
    bus: &'b Bus,
}

impl LoopbackPorts<'_> {
    fn read<const N: usize>(&self, port: u16) -> [u8; N] {
        let mut bytes = [0xff; N];
        self.bus.world.pace.touch();
        self.bus.root.port_read(port, &mut bytes);
        bytes
    }

    fn write(&self, port: u16, bytes: &[u8]) {
        self.bus.world.pace.touch();
        self.bus.root.port_write(port, bytes);
    }
}

// SAFETY: each call is one access, made at once.
unsafe impl Ports for LoopbackPorts<'_> {
    fn read8(&self, port: u16) -> u8 {
        u8::from_le_bytes(self.read(port))
    }

    fn read16(&self, port: u16) -> u16 {
        u16::from_le_bytes(self.read(port))
    }

    fn read32(&self, port: u16) -> u32 {
        u32::from_le_bytes(self.read(port))
    }

    unsafe fn write8(&self, port: u16, value: u8) {
        self.write(port, &value.to_le_bytes());
    }

    unsafe fn write16(&self, port: u16, value: u16) {
        self.write(port, &value.to_le_bytes());
    }

    unsafe fn write32(&self, port: u16, value: u32) {
        self.write(port, &value.to_le_bytes());
    }
}

/// A function in the hands of a probe.
struct LoopbackFunction {
    at: FunctionAddress,
    config: RawWindow<LoopbackWindow>,
    bars: [Option<RawWindow<LoopbackWindow>>; 6],
}

// SAFETY: all windows are on the function that the scan found at the address.
unsafe impl RawFunction for LoopbackFunction {
    fn address(&self) -> FunctionAddress {
        self.at
    }

    fn config(&self) -> &dyn RawAccess {
        &self.config
    }

    fn bar(&self, index: u8) -> Option<&dyn RawAccess> {
        self.bars.get(usize::from(index))?.as_ref().map(|bar| bar as &dyn RawAccess)
    }
}
