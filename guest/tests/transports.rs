//! Every driver over every transport: the same code, and the same device behind other registers.

mod support;

use parakit::{
    device::{
        block::{Block, BlockOptions, HeapStorage, Operation},
        console::{Console, ConsoleOptions, EarlyConsole, HeapConsoleStorage},
        entropy::Entropy,
    },
    platform::DmaBox,
    transport::{
        AnyTransport, Device, MmioLegacyTransport, MmioTransport, Negotiating, PciTransport, Transport,
        pci::{AddressRanges, CfgWindows, InterruptMode},
    },
};
use support::{
    legacy::Legacy,
    machine::{EVENT_IDX, Machine, NOTIFICATION_DATA},
    pci::{self, Pci, messages, ranges},
    platform::Tracked,
};

/// Ring features to combine with each transport.
const RINGS: [u128; 4] = [0, EVENT_IDX | 1 << 28, 1 << 34 | EVENT_IDX | 1 << 28, 1 << 34 | 1 << 35 | NOTIFICATION_DATA];

/// What a test does with a device, whatever the transport.
trait Work {
    fn machine(&self, platform: &Tracked, features: u128) -> Machine;
    fn device_type(&self) -> u16;
    fn run<T: Transport>(&self, device: Device<Tracked, T, Negotiating>, machine: &Machine);
}

/// Does the work over each transport.
fn over_all(work: &impl Work) {
    for features in RINGS {
        let run = |run: &dyn Fn(&Tracked, Machine)| {
            let platform = Tracked::new();
            // A legacy device cannot have a queue at page 0.
            let first = DmaBox::new(platform.clone(), 64, 64).unwrap();
            let machine = work.machine(&platform, features);
            run(&platform, machine.clone());
            drop(first);
            assert!(!machine.live());
            assert_eq!((platform.shared(), platform.allocated()), (0, 0));
        };
        run(&|platform, machine| {
            let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
            work.run(Device::start(platform.clone(), AnyTransport::from(transport)).unwrap(), &machine);
        });
        run(&|platform, machine| {
            let legacy = Legacy::legacy(machine.clone(), 2);
            let transport = MmioLegacyTransport::probe(legacy).unwrap().unwrap();
            work.run(Device::start(platform.clone(), AnyTransport::from(transport)).unwrap(), &machine);
        });
        // PCI with a vector for everything, with one for all, with the pin.
        for vectors in [3, 1, 0] {
            run(&|platform, machine| {
                let front = Pci::new(machine.clone(), work.device_type(), vectors);
                let function = front.function();
                // SAFETY: the function is used through this transport only.
                let transport =
                    unsafe { PciTransport::new(&front, &function, &mut ranges(), &front, &messages(vectors)) }.unwrap();
                let msix = matches!(transport.interrupt_mode(), InterruptMode::Msix { .. });
                assert_eq!(msix, vectors > 0);
                work.run(Device::start(platform.clone(), AnyTransport::from(transport)).unwrap(), &machine);
                front.with(|s| assert_eq!(s.config_vector, 0xffff, "reset"));
            });
        }
        run(&|platform, machine| {
            let front = Pci::new(machine.clone(), work.device_type(), 2);
            let function = front.function();
            // SAFETY: nothing answers in empty ranges; the function is used through this transport only.
            let transport = unsafe {
                let windows = CfgWindows::new(front.clone(), &function).unwrap();
                let mut none = AddressRanges::new(0..0, 0..0, 0..0);
                PciTransport::new(&front, &function, &mut none, &windows, &[])
            };
            work.run(Device::start(platform.clone(), AnyTransport::from(transport.unwrap())).unwrap(), &machine);
            assert_eq!(front.with(|s| s.address(pci::STRUCTURES)), 0);
        });
    }
}

struct Disks;

impl Work for Disks {
    fn machine(&self, platform: &Tracked, features: u128) -> Machine {
        Machine::block(platform, features | 1 << 9, 256)
    }
    fn device_type(&self) -> u16 {
        2
    }
    fn run<T: Transport>(&self, device: Device<Tracked, T, Negotiating>, machine: &Machine) {
        let storage = HeapStorage::new(64);
        let mut disk: Block<T, Tracked, Vec<u8>, _> = Block::new(device, storage, BlockOptions::default()).unwrap();
        assert_eq!(disk.capacity(), 256);
        let data: Vec<u8> = (0..20 * 512).map(|i| (i % 253) as u8).collect();
        disk.write(7, &data).unwrap();
        disk.flush().unwrap();
        let mut back = vec![0; data.len()];
        disk.read(7, &mut back).unwrap();
        assert!(back == data);
        for sector in 0..8 {
            disk.submit(Operation::Read { sector, buffer: vec![0; 512] }).map_err(|r| r.error).unwrap();
        }
        let mut done = 0;
        for _ in 0..100 {
            done += usize::from(disk.poll().is_some_and(|finished| finished.result.is_ok()));
        }
        assert_eq!(done, 8);
        // A configuration that changed is noticed, whatever the vector was.
        machine.change_config(|config| config[0] = 0x80);
        assert!(disk.handle_interrupt().config_change);
        assert_eq!(disk.capacity(), 0x180);
    }
}

struct Ports;

impl Work for Ports {
    fn machine(&self, platform: &Tracked, features: u128) -> Machine {
        Machine::console(platform, features)
    }
    fn device_type(&self) -> u16 {
        3
    }
    fn run<T: Transport>(&self, device: Device<Tracked, T, Negotiating>, machine: &Machine) {
        let options = ConsoleOptions { receive_buffers: 4, receive_bytes: 16, ..ConsoleOptions::default() };
        let storage = HeapConsoleStorage::new(&options);
        let early = EarlyConsole::new(device).unwrap();
        let mut console: Console<T, Tracked, Vec<u8>, _> = early.start(storage, options).unwrap();
        console.write_all(b"out").unwrap();
        machine.with(|s| {
            assert_eq!(s.output, b"out");
            s.input = b"in".to_vec();
        });
        machine.run();
        let mut bytes = [0; 8];
        let len = console.receive(&mut bytes).unwrap();
        assert_eq!(&bytes[..len], b"in");
    }
}

struct Sources;

impl Work for Sources {
    fn machine(&self, platform: &Tracked, features: u128) -> Machine {
        Machine::entropy(platform, features)
    }
    fn device_type(&self) -> u16 {
        4
    }
    fn run<T: Transport>(&self, device: Device<Tracked, T, Negotiating>, _: &Machine) {
        let mut bytes = [0; 2000];
        Entropy::new(device).unwrap().fill(&mut bytes).unwrap();
        assert!(bytes.iter().all(|&b| b != 0));
    }
}

#[test]
fn disks() {
    over_all(&Disks);
}

#[test]
fn consoles() {
    over_all(&Ports);
}

#[test]
fn entropy_sources() {
    over_all(&Sources);
}
