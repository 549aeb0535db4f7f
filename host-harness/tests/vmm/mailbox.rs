//! What a guest finds in the mailbox, and what is made of what it writes there.

use parakit_abi::boot::MAILBOX_ADDRESS;
use parakit_abi::mailbox::{self as abi, DeviceEntry, Record, Value};
use parakit_harness::vmm::{Boot, Machine, placement};
use vm_memory::{Bytes, GuestAddress};

use super::guest::{exit, ring3};
use super::support::{Hooks, config, kvm, machine};

fn at(offset: usize) -> GuestAddress {
    GuestAddress(MAILBOX_ADDRESS + offset as u64)
}

/// A guest that ends at once; the test writes to the mailbox in its place.
fn short_lived(devices: Vec<u32>) -> Option<Machine> {
    let mut config = config(ring3(&exit(0)), Boot::Direct);
    config.mailbox.scenario = "a-name".into();
    config.mailbox.seed = 42;
    config.mailbox.params[7] = 7;
    config.mailbox.devices = devices;
    Some(machine(kvm()?, config))
}

#[test]
fn kvm_the_harness_fills_its_half() {
    let Some(machine) = short_lived(vec![2, 3]) else { return };
    let memory = machine.memory();
    let u64_at = |offset| memory.read_obj::<u64>(at(offset)).unwrap();
    let u32_at = |offset| memory.read_obj::<u32>(at(offset)).unwrap();
    assert_eq!(u64_at(abi::OFF_MAGIC), abi::MAGIC);
    assert_eq!(u32_at(abi::OFF_VERSION), abi::VERSION);
    assert_eq!(u32_at(abi::OFF_DEVICE_COUNT), 2);
    assert_eq!(u64_at(abi::OFF_MEMORY_SIZE), 64 << 20);
    assert_eq!(u64_at(abi::OFF_SEED), 42);
    assert_eq!(u64_at(abi::OFF_PARAMS + 56), 7);
    let mut name = [0xaa; 8];
    memory.read_slice(&mut name, at(abi::OFF_SCENARIO)).unwrap();
    assert_eq!(&name, b"a-name\0\0");
    for (i, kind) in [2, 3].into_iter().enumerate() {
        let mut bytes = [0; DeviceEntry::SIZE];
        memory.read_slice(&mut bytes, at(abi::OFF_DEVICES + i * DeviceEntry::SIZE)).unwrap();
        assert_eq!(DeviceEntry::from_le_bytes(&bytes), placement(i, kind));
    }
    assert_eq!(u32_at(abi::OFF_STATE), 0);
}

#[test]
fn kvm_records_are_clamped_and_checked() {
    let Some(machine) = short_lived(vec![]) else { return };
    let memory = machine.memory().clone();
    let put = |i: usize, bytes: &[u8; 64]| memory.write_slice(bytes, at(abi::OFF_RECORDS + 64 * i)).unwrap();
    let good = Record::new("requests", Value::U64(9));
    put(0, &good.to_le_bytes());
    put(1, &[0xff; 64]);
    put(2, &Record::new("esc\x1b[2J", Value::U64(1)).to_le_bytes());
    put(127, &good.to_le_bytes());
    memory.write_obj(u32::MAX, at(abi::OFF_RECORD_COUNT)).unwrap();
    let report = machine.run(&mut Hooks::default());
    assert_eq!(report.records, [good, good]);
    // 126 of 128 are none, and the rest of the claim lies outside.
    assert_eq!(report.bad_records, 126 + (u32::MAX - 128));
}

#[test]
fn kvm_the_log_ring_wraps_and_says_what_was_lost() {
    let Some(machine) = short_lived(vec![]) else { return };
    let memory = machine.memory().clone();
    // The harness starts at 0 and the guest claims to be a ring and some bytes ahead: it did not wait.
    memory.write_slice(&vec![b'.'; abi::LOG_SIZE], at(abi::OFF_LOG)).unwrap();
    memory.write_slice(b"end\n", at(abi::OFF_LOG + 6)).unwrap();
    memory.write_obj(abi::LOG_SIZE as u32 + 10, at(abi::OFF_LOG_WRITTEN)).unwrap();
    let mut hooks = Hooks::default();
    let report = machine.run(&mut hooks);
    assert!(report.log.starts_with("[10 bytes of the log were lost]\n...."), "{:?}", &report.log[..60]);
    assert!(report.log.ends_with("..end\n"));
    assert_eq!(report.log.len(), "[10 bytes of the log were lost]\n".len() + abi::LOG_SIZE);
    assert_eq!(report.log, hooks.log);
    assert_eq!(memory.read_obj::<u32>(at(abi::OFF_LOG_TAKEN)).unwrap(), abi::LOG_SIZE as u32 + 10);
}

#[test]
fn kvm_time_stamps_that_make_no_sense_are_no_result() {
    for (entry, first) in [(0, 5), (5, 0), (9, 5), (1, u64::MAX)] {
        let Some(machine) = short_lived(vec![]) else { return };
        let memory = machine.memory().clone();
        memory.write_obj::<u64>(entry, at(abi::OFF_TSC_ENTRY)).unwrap();
        memory.write_obj::<u64>(first, at(abi::OFF_TSC_FIRST_QUEUE)).unwrap();
        assert_eq!(machine.run(&mut Hooks::default()).boot_to_first_queue, None, "{entry} {first}");
    }
}

#[test]
fn kvm_the_time_to_the_first_queue_operation_is_part_of_the_run() {
    // rdtsc; shl rdx, 32; or rax, rdx; mov [rdi + OFF], rax
    let stamp = |offset: usize| {
        let mut code = vec![0x0f, 0x31, 0x48, 0xc1, 0xe2, 0x20, 0x48, 0x09, 0xd0, 0x48, 0x89, 0x87];
        code.extend((offset as u32).to_le_bytes());
        code
    };
    // mov ecx, 1000000; again: dec ecx; jnz again
    let delay = vec![0xb9, 0x40, 0x42, 0x0f, 0x00, 0xff, 0xc9, 0x75, 0xfc];
    let code = [stamp(abi::OFF_TSC_ENTRY), delay, stamp(abi::OFF_TSC_FIRST_QUEUE), exit(0)].concat();
    let Some(host) = kvm() else { return };
    let report = machine(host, config(ring3(&code), Boot::Direct)).run(&mut Hooks::default());
    let time = report.boot_to_first_queue.expect("both stamps are there");
    println!("first queue operation after {time:?} of {:?}", report.elapsed);
    assert!(!time.is_zero() && time <= report.elapsed + std::time::Duration::from_millis(2));
}
