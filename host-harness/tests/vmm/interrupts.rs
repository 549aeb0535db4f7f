//! Registers, doorbells and interrupts, seen from the guest and from a device.

use std::sync::{Arc, Mutex};

use parakit_abi::boot::{MMIO_BASE, MMIO_STRIDE, PORT_SIGNAL};
use parakit_harness::transport::{Doorbell, RegisterBlock};
use parakit_harness::vmm::{Boot, End, placement};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use super::guest::{exit, move_rcx, out32, ring3, ring3_with_handler, store32};
use super::support::{Hooks, config, kvm, machine};

/// Remembers accesses; reads give the bytes 1, 2, 3 ...
#[derive(Default)]
struct Block(Mutex<Vec<(char, u64, Vec<u8>)>>);

impl RegisterBlock for Block {
    fn read(&self, offset: u64, data: &mut [u8]) {
        for (i, byte) in data.iter_mut().enumerate() {
            *byte = i as u8 + 1;
        }
        self.0.lock().unwrap().push(('r', offset, data.to_vec()));
    }
    fn write(&self, offset: u64, data: &[u8]) {
        self.0.lock().unwrap().push(('w', offset, data.to_vec()));
    }
}

#[test]
fn kvm_accesses_of_every_width_reach_the_device() {
    let Some(host) = kvm() else { return };
    let base = placement(1, 2).base;
    let mut code = store32(base + 0x70, 0x0403_0201);
    code.extend([0xc6, 0x01, 0x09]); // mov byte [rcx], 9
    code.extend([0x66, 0xc7, 0x01, 0x08, 0x07]); // mov word [rcx], 0x0708
    code.extend([0x48, 0x89, 0x09]); // mov [rcx], rcx
    // Over the end of the block: the two halves reach two places, of which one is empty.
    code.extend(store32(base + MMIO_STRIDE - 2, 0x0d0c_0b0a));
    // Nobody there: 0xffffffff.
    code.extend(move_rcx(MMIO_BASE + 8 * MMIO_STRIDE));
    code.extend([0x8b, 0x11]); // mov edx, [rcx]
    code.extend([0xff, 0xc2]); // inc edx
    // The device: 0x04030201, plus 0 from above; to the exit port.
    code.extend(move_rcx(base));
    code.extend([0x8b, 0x01, 0x01, 0xd0, 0xe7, 0xf4]); // mov eax, [rcx]; add eax, edx; out PORT_EXIT, eax

    let mut config = config(ring3(&code), Boot::Direct);
    config.mailbox.devices = vec![0, 2];
    let mut machine = machine(host, config);
    let block = Arc::new(Block::default());
    assert!(machine.attach(1, block.clone()));
    assert!(!machine.attach(2, block.clone()));
    let report = machine.run(&mut Hooks::default());
    assert_eq!(report.end, End::NoVerdict { code: 0x0403_0201, state: 0 });

    let seen = block.0.lock().unwrap();
    let expected = [
        ('w', 0x70, vec![1, 2, 3, 4]),
        ('w', 0x70, vec![9]),
        ('w', 0x70, vec![8, 7]),
        ('w', 0x70, (base + 0x70).to_le_bytes().to_vec()),
        ('w', MMIO_STRIDE - 2, vec![0x0a, 0x0b]),
        ('r', 0, vec![1, 2, 3, 4]),
    ];
    assert_eq!(*seen, expected);
    assert_eq!((report.exits.mmio_write, report.exits.mmio_read, report.exits.unclaimed), (5, 1, 2));
}

#[test]
fn kvm_a_doorbell_takes_only_its_queue_and_only_while_armed() {
    let Some(host) = kvm() else { return };
    let notify = placement(0, 2).base + 0x50;
    // Notify queues 0 and 1, disarm by signal, notify queue 1 again.
    let ring = |queue| store32(notify, queue);
    let bell = Doorbell { address: notify, width: 4, value: Some(1) };
    let code = [ring(0), ring(1), ring(1), out32(PORT_SIGNAL, 1), ring(1), exit(0)].concat();
    let mut config = config(ring3(&code), Boot::Direct);
    config.mailbox.devices = vec![2];
    let mut machine = machine(host, config);
    let block = Arc::new(Block::default());
    assert!(machine.attach(0, block.clone()));
    let binder = machine.doorbells();
    let doorbell = Arc::new(EventFd::new(EFD_NONBLOCK).unwrap());
    binder.arm(&bell, &doorbell).unwrap();
    assert!(binder.arm(&bell, &doorbell).is_err(), "armed twice");
    let for_signal = doorbell.clone();
    let disarm = move |_, _| {
        binder.disarm(&bell, &for_signal).unwrap();
        0
    };
    let report = machine.run(&mut Hooks { on_signal: Some(Box::new(disarm)), ..Hooks::default() });
    assert_eq!(report.end, End::NoVerdict { code: 0, state: 0 });
    assert_eq!(doorbell.read().unwrap(), 2);
    let notified: Vec<_> = block.0.lock().unwrap().iter().map(|(_, _, data)| data[0]).collect();
    assert_eq!(notified, [0, 1]);
    assert_eq!(report.exits.mmio_write, 2);
}

#[test]
fn kvm_an_interrupt_reaches_ring_3_as_its_vector_each_time() {
    let Some(host) = kvm() else { return };
    const LAPIC: u64 = 0xfee0_0000;
    // push rax; push rcx; inc ebx; signal end of interrupt; pop; pop; iretq
    let handler = [vec![0x50, 0x51, 0xff, 0xc3], store32(LAPIC + 0xb0, 0), vec![0x59, 0x58, 0x48, 0xcf]].concat();
    let mut code = store32(LAPIC + 0xf0, 0x1ff); // enable
    code.extend([0x31, 0xdb]); // xor ebx, ebx
    // again: signal; wait: pause; cmp ebx, esi; je wait ... done three times
    for round in 0..3u8 {
        code.extend(out32(PORT_SIGNAL, 1));
        code.extend([0xf3, 0x90, 0x83, 0xfb, round, 0x74, 0xf9]); // wait: pause; cmp ebx, round; je wait
    }
    code.extend([0x89, 0xd8, 0xe7, 0xf4]); // mov eax, ebx; out PORT_EXIT, eax
    let mut config = config(ring3_with_handler(&code, &handler), Boot::Direct);
    config.mailbox.devices = vec![2];
    let machine = machine(host, config);
    let line = machine.interrupt_line(0).expect("the device's line");
    assert!(machine.interrupt_line(1).is_none());
    let raise = move |_, _| {
        line.raise();
        0
    };
    let report = machine.run(&mut Hooks { on_signal: Some(Box::new(raise)), ..Hooks::default() });
    assert_eq!(report.end, End::NoVerdict { code: 3, state: 0 }, "{}", report.end);
}
