//! Finding functions on the buses.
#![forbid(unsafe_code)]

use parakit_abi::{
    device::DeviceType,
    transport::pci::{self, FunctionAddress, header},
};

use super::ConfigAccess;

/// What a read of a function that is not there returns as its vendor.
const NO_VENDOR: u16 = 0xffff;
/// Header type: the device has several functions.
const MULTI_FUNCTION: u8 = 0x80;
/// Header type of a PCI-to-PCI bridge.
const BRIDGE: u8 = 1;

/// A function that answered: where it is and what it says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Where it is.
    pub address: FunctionAddress,
    /// Vendor id.
    pub vendor: u16,
    /// Device id.
    pub device: u16,
    /// Revision; VIRTIO gives it no meaning for the kit, which takes any (§4.1.2.2).
    pub revision: u8,
    /// Layout of the header, without the bit for several functions; 0 for devices.
    pub header: u8,
    /// Subsystem vendor id (of devices; VIRTIO leaves it to the platform).
    pub subsystem_vendor: u16,
    /// Subsystem id.
    pub subsystem: u16,
}

impl Function {
    /// Reads the ids of the function at `address`; `None` when there is none.
    pub fn read(config: &impl ConfigAccess, address: FunctionAddress) -> Option<Self> {
        let vendor = config.read16(address, header::VENDOR_ID);
        (vendor != NO_VENDOR).then(|| Self {
            address,
            vendor,
            device: config.read16(address, header::DEVICE_ID),
            revision: config.read8(address, header::REVISION_ID),
            header: config.read8(address, header::HEADER_TYPE) & !MULTI_FUNCTION,
            subsystem_vendor: config.read16(address, header::SUBSYSTEM_VENDOR_ID),
            subsystem: config.read16(address, header::SUBSYSTEM_ID),
        })
    }

    /// The type of virtio device that it is, by its ids: modern ones, and those of transitional devices, which the kit
    /// drives in modern mode (§4.1.2). `None` when it is no virtio device.
    #[must_use]
    pub fn device_type(&self) -> Option<DeviceType> {
        pci::device_type(self.vendor, self.device)
    }
}

/// Looks for functions, beginning with bus 0: each device of a bus, each function of a device that says it has several,
/// and the buses behind bridges as far as firmware has numbered them.
///
/// Whatever bridges claim, a bus is searched once: there are at most 65536 looks.
///
/// ```
/// # use parakit::transport::pci::*;
/// # fn demo(config: &impl ConfigAccess) {
/// for function in scan(config) {
///     if let Some(device_type) = function.device_type() {
///         println!("{}: virtio device of type {}", function.address, device_type.0);
///     }
/// }
/// # }
/// ```
pub fn scan<A: ConfigAccess>(config: &A) -> Scan<'_, A> {
    let mut scan = Scan { config, found: [0; 4], at: FunctionAddress::default(), done: false };
    scan.mark(0);
    scan
}

/// Functions found so far and to come; see [`scan`].
#[derive(Debug)]
pub struct Scan<'a, A: ConfigAccess> {
    config: &'a A,
    /// Buses to search, searched ones included: a bit each.
    found: [u64; 4],
    /// What is looked at next.
    at: FunctionAddress,
    done: bool,
}

impl<A: ConfigAccess> Scan<'_, A> {
    fn mark(&mut self, bus: u8) {
        self.found[usize::from(bus / 64)] |= 1 << (bus % 64);
    }

    /// Goes on with the next device, or the next bus.
    fn next_device(&mut self) {
        self.at.function = 0;
        self.at.device += 1;
        if self.at.device < 32 {
            return;
        }
        self.at.device = 0;
        // A bridge's buses have higher numbers than its own.
        let next = (self.at.bus..u8::MAX)
            .map(|bus| bus + 1)
            .find(|bus| self.found[usize::from(bus / 64)] >> (bus % 64) & 1 != 0);
        match next {
            Some(bus) => self.at.bus = bus,
            None => self.done = true,
        }
    }
}

impl<A: ConfigAccess> Iterator for Scan<'_, A> {
    type Item = Function;

    fn next(&mut self) -> Option<Function> {
        while !self.done {
            let at = self.at;
            let function = Function::read(self.config, at);
            let several = at.function != 0
                || function.is_some() && self.config.read8(at, header::HEADER_TYPE) & MULTI_FUNCTION != 0;
            if function.is_some_and(|f| f.header == BRIDGE) {
                let secondary = self.config.read8(at, header::SECONDARY_BUS);
                // One that firmware has not numbered says 0; one that says a bus already searched leads in a circle.
                if secondary > at.bus {
                    self.mark(secondary);
                }
            }
            if several && at.function < 7 {
                self.at.function += 1;
            } else {
                self.next_device();
            }
            if function.is_some() {
                return function;
            }
        }
        None
    }
}
