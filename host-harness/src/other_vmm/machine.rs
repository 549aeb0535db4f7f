//! QEMU's machines: on which the guest meets its devices, and what it has to be told there.

use super::Arch;
use crate::scenario::{Bus, Mechanism};

/// How the guest reaches the devices of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Virtio over MMIO, version 2.
    Mmio,
    /// Virtio over MMIO, version 1.
    MmioLegacy,
    /// Virtio over PCI, configuration space in memory.
    Pci,
    /// Virtio over PCI, configuration space through ports.
    PciPorts,
}

impl Way {
    /// The way of a scenario's bus.
    #[must_use]
    pub const fn of(bus: Bus) -> Self {
        match bus {
            Bus::Mmio => Self::Mmio,
            Bus::MmioLegacy => Self::MmioLegacy,
            Bus::Pci(pci) => match pci.mechanism {
                Mechanism::Ecam => Self::Pci,
                Mechanism::Ports => Self::PciPorts,
            },
        }
    }

    /// The arguments by which QEMU has the registers of this way: those of version 1 unless it is told.
    #[must_use]
    pub const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Mmio => &["-global", "virtio-mmio.force-legacy=false"],
            Self::MmioLegacy => &["-global", "virtio-mmio.force-legacy=true"],
            Self::Pci | Self::PciPorts => &[],
        }
    }

    /// Whether devices are functions on a PCI bus.
    #[must_use]
    pub const fn is_pci(self) -> bool {
        matches!(self, Self::Pci | Self::PciPorts)
    }
}

/// A machine of QEMU's.
#[derive(Debug)]
pub struct Machine {
    /// The processor.
    pub arch: Arch,
    /// How devices are reached.
    pub way: Way,
    /// What QEMU calls it.
    pub name: &'static str,
    /// The arguments that make it, the debug console on standard output and the port that ends the run included; those of the way, kernel,
    /// command line and devices come behind them.
    pub arguments: &'static [&'static str],
    /// What the guest is told besides scenario, parameters and seed, as words of its command line.
    pub words: &'static str,
}

/// Every machine that there is a row for. Those of x86-64 have two processors, of which the guest uses one: for a single one QEMU
/// translates `xchg` into a load and a store without a barrier, although its devices run beside it, and wake-ups are lost.
static MACHINES: &[Machine] = &[
    Machine { arch: Arch::X86_64, way: Way::Mmio, name: "microvm", arguments: MICROVM, words: "" },
    Machine { arch: Arch::X86_64, way: Way::MmioLegacy, name: "microvm", arguments: MICROVM, words: "" },
    Machine {
        arch: Arch::X86_64,
        way: Way::Pci,
        name: "q35",
        arguments: Q35,
        // Where the machine's firmware puts configuration space.
        words: "parakit.bus=pci parakit.ecam=0xb0000000",
    },
    Machine { arch: Arch::X86_64, way: Way::PciPorts, name: "q35", arguments: Q35, words: "parakit.bus=pci-ports" },
    // On the others the device tree says where everything is; the console is the serial port.
    Machine { arch: Arch::Aarch64, way: Way::Mmio, name: "virt", arguments: AARCH64, words: "" },
    Machine { arch: Arch::Aarch64, way: Way::MmioLegacy, name: "virt", arguments: AARCH64, words: "" },
    Machine { arch: Arch::Aarch64, way: Way::Pci, name: "virt", arguments: AARCH64, words: "parakit.bus=pci" },
    Machine { arch: Arch::Riscv64, way: Way::Mmio, name: "virt", arguments: RISCV64, words: "" },
    Machine { arch: Arch::Riscv64, way: Way::MmioLegacy, name: "virt", arguments: RISCV64, words: "" },
    Machine { arch: Arch::Riscv64, way: Way::Pci, name: "virt", arguments: RISCV64, words: "parakit.bus=pci" },
];

const MICROVM: &[&str] = &[
    "-M",
    "microvm,acpi=off,pit=off,pic=off,rtc=off",
    "-m",
    "64",
    "-smp",
    "2",
    "-debugcon",
    "stdio",
    "-device",
    "isa-debug-exit,iobase=0xf4,iosize=4",
];
const AARCH64: &[&str] = &["-M", "virt", "-cpu", "cortex-a57", "-m", "64", "-serial", "stdio"];
const RISCV64: &[&str] = &["-M", "virt", "-bios", "none", "-m", "64", "-serial", "stdio"];
const Q35: &[&str] =
    &["-M", "q35", "-m", "64", "-smp", "2", "-debugcon", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"];

impl Machine {
    /// Arguments that all machines begin with: nothing but what is asked for, and an end where the guest would start again. What
    /// comes on standard output is the debug console alone.
    pub const COMMON: &[&str] =
        &["-nodefaults", "-no-user-config", "-display", "none", "-monitor", "none", "-no-reboot", "-accel", "tcg"];

    /// The machine for guests on `arch` that reach their devices by `way`, if QEMU has one.
    #[must_use]
    pub fn find(arch: Arch, way: Way) -> Option<&'static Self> {
        MACHINES.iter().find(|machine| machine.arch == arch && machine.way == way)
    }

    /// Every machine for guests on `arch`.
    pub fn all(arch: Arch) -> impl Iterator<Item = &'static Self> {
        MACHINES.iter().filter(move |machine| machine.arch == arch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_machine_for_each_way() {
        for (i, machine) in MACHINES.iter().enumerate() {
            let found = Machine::find(machine.arch, machine.way).unwrap();
            assert!(std::ptr::eq(found, machine), "row {i} is hidden by another");
        }
        assert!(Machine::all(Arch::X86_64).any(|machine| machine.way.is_pci()));
    }
}
