//! The PCI bus: where accesses go.

use std::sync::{Arc, Mutex};

use parakit_abi::transport::pci::FunctionAddress;
use parakit_harness::transport::pci::{BusFull, PciFunction, PciRoot};

/// Notes what reaches it; its memory is at 0x1000 to 0x1fff.
#[derive(Default)]
struct Function(Mutex<Vec<(bool, u16, usize)>>);

impl PciFunction for Function {
    fn config_read(&self, offset: u16, data: &mut [u8]) {
        self.0.lock().unwrap().push((false, offset, data.len()));
        data.fill(0x5a);
    }
    fn config_write(&self, offset: u16, data: &[u8]) {
        self.0.lock().unwrap().push((true, offset, data.len()));
    }
    fn memory_read(&self, address: u64, data: &mut [u8]) -> bool {
        let mine = (0x1000..0x2000).contains(&address);
        if mine {
            data.fill(7);
        }
        mine
    }
    fn memory_write(&self, address: u64, _: &[u8]) -> bool {
        (0x1000..0x2000).contains(&address)
    }
}

fn root() -> (PciRoot, Arc<Function>, FunctionAddress) {
    let function = Arc::new(Function::default());
    let mut root = PciRoot::new();
    let at = root.attach(function.clone()).unwrap();
    (root, function, at)
}

#[test]
fn ecam_and_mechanism_1_reach_the_same_function() {
    let (root, function, at) = root();
    assert_eq!(at, FunctionAddress { bus: 0, device: 1, function: 0 });
    let mut word = [0; 4];
    root.ecam_read(at.ecam_offset() + 0x104, &mut word);
    assert_eq!(word, [0x5a; 4]);
    root.ecam_write(at.ecam_offset() + 0x3c, &[1]);
    assert!(root.port_write(0xcf8, &at.mechanism1(0x3c).to_le_bytes()));
    assert!(root.port_read(0xcf8, &mut word));
    assert_eq!(u32::from_le_bytes(word), at.mechanism1(0x3c));
    let mut half = [0; 2];
    assert!(root.port_read(0xcfe, &mut half));
    assert!(root.port_write(0xcfd, &[9]));
    assert_eq!(*function.0.lock().unwrap(), [(false, 0x104, 4), (true, 0x3c, 1), (false, 0x3e, 2), (true, 0x3d, 1)]);
}

#[test]
fn nothing_answers_where_nothing_is() {
    let (root, function, at) = root();
    let elsewhere = [
        FunctionAddress { device: 2, ..at },
        FunctionAddress { function: 1, ..at },
        FunctionAddress { bus: 1, ..at },
        FunctionAddress { bus: 255, device: 31, function: 7 },
    ];
    for place in elsewhere {
        let mut word = [0; 4];
        root.ecam_read(place.ecam_offset(), &mut word);
        assert_eq!(word, [0xff; 4], "{place}");
        root.ecam_write(place.ecam_offset(), &word);
        root.port_write(0xcf8, &place.mechanism1(0).to_le_bytes());
        root.port_read(0xcfc, &mut word);
        assert_eq!(word, [0xff; 4], "{place}");
    }
    let mut word = [0; 4];
    // Beyond bus 255, over the end of the function's space, a register without the enable bit.
    root.ecam_read(1 << 28, &mut word);
    assert_eq!(word, [0xff; 4]);
    root.ecam_read(at.ecam_offset() + 4094, &mut word);
    assert_eq!(word, [0xff; 4]);
    root.port_write(0xcf8, &(at.mechanism1(0) & !(1 << 31)).to_le_bytes());
    root.port_read(0xcfc, &mut word);
    assert_eq!(word, [0xff; 4]);
    // Other ports, and accesses over the end of these.
    for (port, width) in [(0xcf7, 1), (0xcfa, 4), (0xcfe, 4), (0xd00, 1), (0xcfb, 2)] {
        assert!(!root.port_read(port, &mut word[..width]), "{port:#x}");
        assert!(!root.port_write(port, &word[..width]), "{port:#x}");
    }
    assert!(function.0.lock().unwrap().is_empty());
}

#[test]
fn a_part_of_the_address_port_changes_nothing() {
    let (root, _, at) = root();
    root.port_write(0xcf8, &at.mechanism1(8).to_le_bytes());
    assert!(root.port_write(0xcf8, &[0]) && root.port_write(0xcfa, &[0, 0]));
    let mut word = [0; 4];
    root.port_read(0xcf8, &mut word);
    assert_eq!(u32::from_le_bytes(word), at.mechanism1(8));
}

#[test]
fn memory_belongs_to_the_function_that_claims_it() {
    let (root, _, _) = root();
    let mut byte = [0];
    assert!(root.memory_read(0x1fff, &mut byte));
    assert_eq!(byte, [7]);
    assert!(!root.memory_read(0x2000, &mut byte));
    assert_eq!(byte, [0xff]);
    assert!(root.memory_write(0x1000, &byte) && !root.memory_write(0xfff, &byte));
}

#[test]
fn the_bus_begins_with_a_host_bridge_and_has_31_places_more() {
    let mut root = PciRoot::new();
    let mut header = [0; 16];
    root.ecam_read(0, &mut header);
    assert_eq!(header[..4], [0x36, 0x1b, 0x08, 0x00], "ids");
    assert_eq!(header[0x0a..0x0c], [0x00, 0x06], "host bridge");
    assert_eq!(header[0x0e], 0, "one function, ordinary header");
    for device in 1..32 {
        assert_eq!(root.attach(Arc::new(Function::default())).unwrap().device, device);
    }
    assert_eq!(root.attach(Arc::new(Function::default())), Err(BusFull));
}
