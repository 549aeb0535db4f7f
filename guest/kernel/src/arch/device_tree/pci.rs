//! The PCI host of a device tree.

use parakit_abi::transport::pci::FunctionAddress;

use super::Node;
use crate::arch::interrupts;
use crate::pci::Host;

/// The node of the PCI host.
fn node() -> Option<Node<'static>> {
    super::find(&["pci-host-ecam-generic"])
}

/// The PCI host: configuration space, at `ecam` unless that is 0, and addresses that are the same on either side of it.
pub(crate) fn host(ecam: u64) -> Option<Host> {
    /// Which space an address is in, in the first word of a range: memory below 4 GiB, or anywhere.
    const MEMORY32: u32 = 2;
    const MEMORY64: u32 = 3;
    let node = node()?;
    let there = super::registers(node, 0)?;
    let ecam = if ecam == 0 { there } else { ecam..ecam.saturating_add(there.end - there.start) };
    let ranges = super::words(node, "ranges");
    let of_space = |space: u32| {
        let mut rest = ranges.clone();
        let mut next = move || {
            Some([rest.next()?, rest.next()?, rest.next()?, rest.next()?, rest.next()?, rest.next()?, rest.next()?])
        };
        let found =
            core::iter::from_fn(&mut next).find_map(|[flags, bus_high, bus_low, high, low, size_high, size_low]| {
                let start = wide(high, low);
                let same = start == wide(bus_high, bus_low);
                (flags >> 24 & 3 == space && same).then(|| start..start + wide(size_high, size_low))
            });
        found.unwrap_or(0..0)
    };
    Some(Host { ecam, memory32: of_space(MEMORY32), memory64: of_space(MEMORY64) })
}

fn wide(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// Where pin `pin` (1 for A) of a function goes, as [`interrupts::line`] has it; `None` if it has none, or goes nowhere. Firmware
/// that would have noted it in the function has not run.
pub(crate) fn line(function: FunctionAddress, pin: u8, _: u8) -> Option<u32> {
    let node = node()?;
    // What a function is called in the map: its place, in the form of the address of its configuration space, and its pin.
    let place = u32::from(function.bus) << 16 | u32::from(function.device) << 11 | u32::from(function.function) << 8;
    let called = [place, 0, 0, pin.into()];
    let mut mask = [0; 4];
    mask.iter_mut().zip(super::words(node, "interrupt-map-mask")).for_each(|(to, from)| *to = from);
    let mut map = super::words(node, "interrupt-map");
    loop {
        let entry = [map.next()?, map.next()?, map.next()?, map.next()?];
        let controller = super::tree().find_phandle(map.next()?)?;
        let count = |name| super::words(controller, name).next().unwrap_or(0) as usize;
        let (address, cells) = (count("#address-cells"), count("#interrupt-cells"));
        let mut rest = map.clone();
        if address != 0 {
            rest.nth(address - 1)?;
        }
        let matches = (0..4).all(|i| called[i] & mask[i] == entry[i] & mask[i]);
        if matches && pin != 0 {
            return interrupts::line(rest.take(cells));
        }
        if address + cells != 0 {
            map.nth(address + cells - 1)?;
        }
    }
}
