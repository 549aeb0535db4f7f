//! Shared memory regions of a device, found by the kit (VIRTIO 1.4 §2.10, §4.1.4.7).

use std::cell::RefCell;

use parakit::Device;
use parakit::transport::SharedMemory as Region;
use parakit_abi::boot::{PCI_MEMORY64, PCI_MEMORY64_SIZE};
use parakit_abi::feature::Features;
use parakit_exercise::{Env as _, Failure};
use parakit_harness::device::Entropy;
use parakit_harness::loopback::{LoopbackEnv, Scheduler};
use parakit_harness::scenario::{Bus, Pci};
use parakit_harness::transport::device::TransportOptions;
use parakit_harness::transport::pci::SharedMemory;

use crate::place::{Place, passed};

/// What the kit says of regions `ids` of a device that has these.
fn regions(has: &[SharedMemory], ids: &[u8]) -> Vec<Option<Region>> {
    let mut place = Place::new(Scheduler::Threads, 1);
    place.add_over(Entropy::new(8, 64), Bus::Pci(Pci::PLAIN), |transport| {
        if let TransportOptions::Pci(pci) = transport {
            pci.shared_memory = has.to_vec();
        }
    });
    let found = RefCell::new(Vec::new());
    let run = place.run_with(|env: &LoopbackEnv<'_>| {
        let transport = env.transport(0).unwrap().unwrap();
        let mut device =
            Device::start(env.platform(), transport).unwrap().negotiate(Features::NONE, Features::NONE).unwrap();
        for &id in ids {
            found.borrow_mut().push(device.shared_memory(id).map_err(|e| Failure::of("shared memory", e))?);
        }
        drop(device.driver_ok());
        Ok(())
    });
    passed(&run);
    found.into_inner()
}

#[test]
fn regions_over_pci_are_where_the_bar_was_put() {
    let has = [SharedMemory { id: 1, len: 0x3000 }, SharedMemory { id: 7, len: 0x1000 }];
    let found = regions(&has, &[1, 7, 0]);
    let [Some(first), Some(second), None] = found[..] else { panic!("{found:?}") };
    assert_eq!((first.len, second.len), (0x3000, 0x1000));
    let window = PCI_MEMORY64..PCI_MEMORY64 + PCI_MEMORY64_SIZE;
    assert!(window.contains(&first.address) && window.contains(&(second.address + second.len - 1)), "{found:x?}");
    let apart = first.address + first.len <= second.address || second.address + second.len <= first.address;
    assert!(apart, "{found:x?}");
}

#[test]
fn a_device_without_regions_has_none() {
    assert_eq!(regions(&[], &[0, 1, 255]), [None; 3]);
}
