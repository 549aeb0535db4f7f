//! Guests that do anything: the harness ends each of them, and it is never the harness that is at fault.

use std::sync::Arc;
use std::time::Duration;

use parakit_abi::boot::MAILBOX_ADDRESS;
use parakit_abi::mailbox::{self as abi, OFF_STATE};
use parakit_harness::transport::RegisterBlock;
use parakit_harness::vmm::{Boot, End, Kernel};
use vm_memory::{Bytes, GuestAddress};

use super::guest::{exit, ring0, ring3, ring3_with_handler};
use super::support::{Hooks, config, kvm, machine};

/// Long enough to do harm.
const MOMENT: Duration = Duration::from_millis(10);

/// Splitmix64: the same bytes from the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

struct Echo;

impl RegisterBlock for Echo {
    fn read(&self, offset: u64, data: &mut [u8]) {
        data.fill(offset as u8);
    }
    fn write(&self, _offset: u64, _data: &[u8]) {}
}

#[test]
fn kvm_random_code_ends_one_way_or_another() {
    let Some(host) = kvm() else { return };
    let mut random = Random(1);
    let mut ends = std::collections::BTreeMap::new();
    for round in 0..120 {
        let (code, handler) = (random.bytes(256), random.bytes(64));
        let kernel: Kernel = match round % 3 {
            0 => ring3(&code),
            1 => ring3_with_handler(&code, &handler),
            _ => ring0(&code),
        };
        let boot = kernel.preferred_boot();
        let mut config = config(kernel, boot);
        config.deadline = MOMENT;
        config.mailbox.devices = vec![2, 3];
        let mut machine = machine(host, config);
        assert!(machine.attach(0, Arc::new(Echo)));
        let line = machine.interrupt_line(1).expect("two devices");
        line.raise();
        let report = machine.run(&mut Hooks::default());
        assert!(!matches!(report.end, End::HarnessFault(_)), "round {round}: {}", report.end);
        *ends.entry(report.end.summary()).or_insert(0) += 1;
    }
    println!("{ends:?}");
}

#[test]
fn kvm_any_bytes_in_the_mailbox_make_a_report() {
    let Some(host) = kvm() else { return };
    let mut random = Random(2);
    let start = OFF_STATE;
    for round in 0..40u8 {
        let machine = machine(host, config(ring3(&exit(round % 4)), Boot::Direct));
        let memory = machine.memory().clone();
        let at = |offset: usize| GuestAddress(MAILBOX_ADDRESS + offset as u64);
        memory.write_slice(&random.bytes(abi::SIZE - start), at(start)).unwrap();
        let id = parakit_abi::requirement::RequirementId::all().nth(round.into()).unwrap();
        let line = format!("{id}\u{1f}\u{1b}[2J\u{1f}\u{7}seen\nnonsense\u{1f}\n");
        memory.write_slice(line.as_bytes(), at(abi::OFF_EVIDENCE)).unwrap();
        // A state that is one, so that messages are read, too.
        memory.write_obj(u32::from(round % 8), at(OFF_STATE)).unwrap();
        let report = machine.run(&mut Hooks::default());
        assert!(!matches!(report.end, End::HarnessFault(_)), "round {round}: {}", report.end);
        let shown = format!("{}{}", report.end, report.log);
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "round {round}");
        assert!(report.records.len() <= abi::MAX_RECORDS);
        assert!(report.evidence.first().is_none_or(|e| e.requirement == id), "round {round}");
        assert!(report.evidence.iter().all(|e| !format!("{}{}", e.expected, e.seen).chars().any(char::is_control)));
    }
}
