//! The device tree that a loader leaves in memory: what the machine has, and where.

pub(crate) mod pci;

use core::ops::Range;

use fdt::Fdt;
use fdt::node::FdtNode;
use parakit_abi::mailbox::DeviceEntry;
use parakit_abi::transport::mmio::Register;
use spin::Once;

use super::interrupts;
use crate::command_line::CommandLine;
use crate::entry::Boot;
use crate::memory;

type Node<'b> = FdtNode<'b, 'static>;

static TREE: Once<Fdt<'static>> = Once::new();

/// Takes the tree at `address` into use.
///
/// # Safety
/// The loader left a device tree there, and nothing writes to it from here on.
pub(super) unsafe fn open(address: usize) {
    // SAFETY: the caller's promise.
    match unsafe { Fdt::from_ptr(address as *const u8) } {
        Ok(tree) => _ = TREE.call_once(|| tree),
        Err(error) => panic!("no device tree at {address:#x}: {error}"),
    }
}

fn tree() -> &'static Fdt<'static> {
    match TREE.get() {
        Some(tree) => tree,
        None => panic!("the device tree was not opened"),
    }
}

/// What the tree at `address`, which was opened, says to a kernel that was entered at `entered`.
pub(super) fn boot(entered: u64, address: usize) -> Boot {
    Boot {
        entered,
        mailbox: None,
        command_line: command_line(),
        ram_end: ram_end(memory::image_end(), address as u64),
        devices: mmio_device,
    }
}

/// What the loader was given as the command line.
fn command_line() -> CommandLine {
    CommandLine(tree().chosen().bootargs().unwrap_or("").as_bytes())
}

/// End of the RAM that holds `address`, or the address of the tree at `tree_address` if that comes first.
fn ram_end(address: u64, tree_address: u64) -> Option<u64> {
    let nodes = tree().all_nodes().filter(|node| text(*node, "device_type") == Some("memory"));
    let ranges = nodes.flat_map(|node| node.reg().into_iter().flatten());
    let mut ends = ranges.filter_map(|range| {
        let start = range.starting_address.addr() as u64;
        let end = start + range.size? as u64;
        (start..end).contains(&address).then_some(end)
    });
    ends.next().map(|end| if tree_address > address { end.min(tree_address) } else { end })
}

/// The first node that is compatible with one of `names`.
pub(super) fn find(names: &[&str]) -> Option<Node<'static>> {
    tree().find_compatible(names)
}

/// Range `i` of the registers of a node.
pub(super) fn registers(node: Node<'_>, i: usize) -> Option<Range<u64>> {
    let range = node.reg()?.nth(i)?;
    let start = range.starting_address.addr() as u64;
    Some(start..start + range.size? as u64)
}

/// The big-endian words of a property; none if it is not there.
pub(super) fn words(node: Node<'_>, name: &str) -> impl Iterator<Item = u32> + Clone + 'static {
    let value: &'static [u8] = node.property(name).map_or(&[], |property| property.value);
    value.chunks_exact(4).map(|word| word.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte)))
}

/// The text of a property.
pub(super) fn text(node: Node<'_>, name: &str) -> Option<&'static str> {
    node.property(name)?.as_str()
}

/// A property of the node with the processors, or of the first of them.
#[cfg(target_arch = "riscv64")]
pub(super) fn of_processors(name: &str) -> Option<u32> {
    let nodes = ["/cpus", "/cpus/cpu"];
    nodes.iter().filter_map(|path| tree().find_node(path)).find_map(|node| words(node, name).next())
}

/// Register block `i` of those that have a device behind them, in the order of their addresses.
fn mmio_device(i: usize) -> Option<DeviceEntry> {
    let mut previous = 0;
    for _ in 0..i {
        previous = next_block(previous)?.base;
    }
    next_block(previous)
}

/// The first register block with a device at a higher address than `previous`.
fn next_block(previous: u64) -> Option<DeviceEntry> {
    let nodes = tree().all_nodes().filter(|node| is(*node, "virtio,mmio"));
    let entries = nodes.filter_map(|node| {
        let range = registers(node, 0)?;
        let device_type = (range.start > previous).then(|| device_type(&range))?;
        let gsi = interrupts::line(words(node, "interrupts"))?;
        let size = (range.end - range.start).try_into().ok()?;
        (device_type != 0).then_some(DeviceEntry { base: range.start, size, device_type, vector: 0, gsi })
    });
    entries.min_by_key(|entry| entry.base)
}

/// Type of the device at a register block; 0 where there is none.
fn device_type(range: &Range<u64>) -> u32 {
    let register = range.start + Register::DeviceID.offset();
    if !super::memory::map_registers(range.start, range.end - range.start) {
        return 0;
    }
    // SAFETY: the tree says that a register block is there, and it was mapped. The type may be read at any time.
    unsafe { (register as *const u32).read_volatile() }
}

fn is(node: Node<'_>, name: &str) -> bool {
    node.compatible().is_some_and(|all| all.all().any(|one| one == name))
}
