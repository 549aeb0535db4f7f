//! The PCI bus of the machine, with guests of a few instructions and functions that only remember.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use parakit_abi::boot::{PCI_ECAM, PCI_MEMORY32};
use parakit_abi::mailbox::bus;
use parakit_abi::transport::pci::{FunctionAddress, mechanism1};
use parakit_harness::transport::Message;
use parakit_harness::transport::pci::PciFunction;
use parakit_harness::vmm::{Boot, CpuLimit, End, Kernel, Machine, StartError};

use super::guest::{exit, move_rcx, out32, ring0, ring3, store32};
use super::support::{Hooks, config, kvm, machine};

/// What was accessed, where, and in how many bytes.
type Access = (char, u64, usize);

/// Remembers accesses: 'c' and 'C' of configuration space, 'm' and 'M' of memory. Answers in one page of memory.
#[derive(Default)]
struct Function(Mutex<Vec<Access>>);

impl Function {
    fn note(&self, kind: char, at: u64, data: &[u8]) {
        self.0.lock().unwrap().push((kind, at, data.len()));
    }
}

impl PciFunction for Function {
    fn config_read(&self, offset: u16, data: &mut [u8]) {
        self.note('c', offset.into(), data);
        data.fill(0x21);
    }

    fn config_write(&self, offset: u16, data: &[u8]) {
        self.note('C', offset.into(), data);
    }

    fn memory_read(&self, address: u64, data: &mut [u8]) -> bool {
        let ours = (PCI_MEMORY32..PCI_MEMORY32 + 4096).contains(&address);
        if ours {
            self.note('m', address - PCI_MEMORY32, data);
            data.fill(0x43);
        }
        ours
    }

    fn memory_write(&self, address: u64, data: &[u8]) -> bool {
        let ours = (PCI_MEMORY32..PCI_MEMORY32 + 4096).contains(&address);
        if ours {
            self.note('M', address - PCI_MEMORY32, data);
        }
        ours
    }
}

/// `mov rcx, address; mov eax, [rcx]; out PORT_EXIT, eax`
fn exit_with(address: u64) -> Vec<u8> {
    [move_rcx(address), vec![0x8b, 0x01, 0xe7, 0xf4]].concat()
}

/// Runs a guest on a machine with two functions; what the second one, at 00:02.0, saw.
fn run(kernel: Kernel) -> Option<(End, Vec<Access>)> {
    let mut config = config(kernel, Boot::Direct);
    config.mailbox.bus = bus::PCI;
    config.mailbox.devices = vec![1, 2];
    let mut machine = machine(kvm()?, config);
    let functions = [(); 2].map(|()| Arc::new(Function::default()));
    let places = functions.clone().map(|function| machine.attach_pci(function).unwrap());
    assert_eq!(places.map(|at| (at.bus, at.device, at.function)), [(0, 1, 0), (0, 2, 0)]);
    let end = machine.run(&mut Hooks::default()).end;
    let seen = functions[1].0.lock().unwrap().clone();
    Some((end, seen))
}

const AT: FunctionAddress = FunctionAddress { bus: 0, device: 2, function: 0 };

#[test]
fn kvm_configuration_space_is_reached_both_ways_and_in_every_width() {
    let ecam = PCI_ECAM + AT.ecam_offset();
    let mut code = store32(ecam + 0x104, 7);
    code.extend([0xc6, 0x01, 0x09]); // mov byte [rcx], 9
    code.extend([0x66, 0xc7, 0x01, 0x08, 0x07]); // mov word [rcx], 0x0708
    // A bus that is not there, and the end of the region.
    code.extend(store32(PCI_ECAM + (1 << 20) + AT.ecam_offset(), 7));
    code.extend(store32(PCI_ECAM + (255 << 20), 7));
    code.extend(out32(mechanism1::PORT_ADDRESS, AT.mechanism1(0x34)));
    code.extend(out32(mechanism1::PORT_DATA, 5));
    // in eax, dx of the second byte: in al, dx; then all of it to the exit port.
    code.extend([0x66, 0xff, 0xc2, 0xec]); // inc dx; in al, dx
    code.extend([0x66, 0xff, 0xca, 0xed, 0xe7, 0xf4]); // dec dx; in eax, dx; out PORT_EXIT, eax
    let Some((end, seen)) = run(ring3(&code)) else { return };
    assert_eq!(end, End::NoVerdict { code: 0x2121_2121, state: 0 });
    let expected = [('C', 0x104, 4), ('C', 0x104, 1), ('C', 0x104, 2), ('C', 0x34, 4), ('c', 0x35, 1), ('c', 0x34, 4)];
    assert_eq!(seen, expected);
}

#[test]
fn kvm_memory_behind_bars_is_reached_and_what_is_nobodys_is_not() {
    let code = [store32(PCI_MEMORY32 + 8, 1), store32(PCI_MEMORY32 + 4096, 1), exit_with(PCI_MEMORY32)].concat();
    let Some((_, seen)) = run(ring3(&code)) else { return };
    // The first function answers first: it is at the same addresses.
    assert_eq!(seen, []);
    let Some((end, _)) = run(ring3(&exit_with(PCI_MEMORY32 + 16))) else { return };
    assert_eq!(end, End::NoVerdict { code: 0x4343_4343, state: 0 });
    let Some((end, _)) = run(ring3(&exit_with(PCI_MEMORY32 + 4096))) else { return };
    assert_eq!(end, End::NoVerdict { code: u32::MAX, state: 0 });
}

#[test]
fn kvm_a_machine_without_the_bus_has_neither_configuration_space_nor_ports() {
    let Some(host) = kvm() else { return };
    let ports = [out32(mechanism1::PORT_ADDRESS, AT.mechanism1(0)), vec![0xed, 0xe7, 0xf4]].concat();
    for code in [exit_with(PCI_ECAM), ports] {
        let end = machine(host, config(ring3(&code), Boot::Direct)).run(&mut Hooks::default()).end;
        assert_eq!(end, End::NoVerdict { code: u32::MAX, state: 0 });
    }
}

/// A guest may put anything into its MSI-X tables, at any time.
#[test]
fn kvm_no_message_harms_the_harness() {
    let Some(host) = kvm() else { return };
    let mut config = config(ring3(&[0xeb, 0xfe]), Boot::Direct);
    config.deadline = Duration::from_millis(100);
    let machine = machine(host, config);
    let sinks = [(); 3].map(|()| machine.messages());
    let mut random = 1u64;
    let mut next = || {
        random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        random >> 20
    };
    for _ in 0..2000 {
        let (sink, vector) = (&sinks[next() as usize % 3], next() as u16 % 150);
        let address = if next() % 2 == 0 { 0xfee0_0000 | next() & 0xf_ffff } else { next() };
        match next() % 4 {
            0 => sink.configure(vector, None),
            1 => sink.configure(vector, Some(Message { address, data: next() as u32 })),
            _ => sink.raise(vector),
        }
    }
    let end = machine.run(&mut Hooks::default()).end;
    assert!(!matches!(end, End::HarnessFault(_)), "{end}");
    sinks.iter().for_each(|sink| sink.raise(0));
}

#[test]
fn kvm_an_impossible_number_of_cpus_is_refused() {
    let Some(host) = kvm() else { return };
    let limit = |kernel: Kernel, cpus| {
        let boot = kernel.preferred_boot();
        let config = parakit_harness::vmm::MachineConfig { cpus, ..config(kernel, boot) };
        match Machine::new(host, config) {
            Err(StartError::Cpus { cpus: asked, limit }) if asked == cpus => Some(limit),
            Err(other) => panic!("{other}"),
            Ok(_) => None,
        }
    };
    assert_eq!(limit(ring3(&exit(0)), 1), None);
    assert_eq!(limit(ring3(&exit(0)), 2), Some(CpuLimit::Kernel(1)));
    assert_eq!(limit(ring0(&exit(0)), 1), None);
    assert_eq!(limit(ring0(&exit(0)), 2), Some(CpuLimit::Pvh));
    for cpus in [0, u16::MAX] {
        assert!(matches!(limit(ring3(&exit(0)), cpus), Some(CpuLimit::Kvm(1..))));
    }
    let error = StartError::Cpus { cpus: 2, limit: CpuLimit::Pvh }.to_string();
    assert!(error.contains("2 CPUs") && error.contains("PVH"), "{error}");
}
