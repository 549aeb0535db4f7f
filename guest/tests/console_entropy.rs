//! The console and the entropy driver against devices that do what they should, and against devices that do not.

#[macro_use]
mod support;

use parakit::{
    device::{
        console::{Console, ConsoleError, ConsoleFault, ConsoleOptions, ConsoleSize, EarlyConsole, HeapConsoleStorage},
        entropy::{Entropy, EntropyError},
    },
    queue::QueueError,
    transport::{Device, MmioTransport, Negotiating, SuspendError},
};
use support::{
    machine::{EVENT_IDX, Machine, Odd, RING_RESET, SUSPEND},
    platform::Tracked,
    ring::RING_PACKED,
};

type Port = Console<MmioTransport<Machine>, Tracked, Vec<u8>, HeapConsoleStorage<Tracked, Vec<u8>>>;

const SIZE: u128 = 1;
const MULTIPORT: u128 = 2;
const EMERG_WRITE: u128 = 4;

fn negotiating(machine: &Machine, platform: &Tracked) -> Device<Tracked, MmioTransport<Machine>, Negotiating> {
    let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
    Device::start(platform.clone(), transport).unwrap()
}

fn console(ring: u128, features: u128) -> (Machine, Tracked, Port) {
    let platform = Tracked::new();
    let machine = Machine::console(&platform, ring | features | EVENT_IDX);
    let early = EarlyConsole::new(negotiating(&machine, &platform)).unwrap();
    let options = ConsoleOptions { receive_buffers: 4, receive_bytes: 16, ..ConsoleOptions::default() };
    let console = early.start(HeapConsoleStorage::new(&options), options).unwrap();
    assert_eq!(machine.with(|s| s.accepted()) & ring, ring);
    (machine, platform, console)
}

fn check_clean(platform: &Tracked) {
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

fn input_comes_in_order_however_it_is_cut(ring: u128) {
    let (machine, platform, mut console) = console(ring, 0);
    assert_eq!(console.receive(&mut [0; 8]), Ok(0));
    let input: Vec<u8> = (0..=255).collect();
    machine.with(|s| (s.input, s.odd.most) = (input.clone(), Some(11)));
    let (mut got, mut chunk) = (Vec::new(), [0; 7]);
    for round in 0.. {
        machine.run();
        if console.arm() {
            console.handle_interrupt();
        }
        let len = console.receive(&mut chunk[..1 + round % 7]).unwrap();
        got.extend_from_slice(&chunk[..len]);
        assert!(round < 1000, "input stopped after {} bytes", got.len());
        if got.len() == input.len() {
            break;
        }
    }
    assert_eq!(got, input);
    drop(console);
    assert!(!machine.live());
    check_clean(&platform);
}

fn output_is_copied_or_moved(ring: u128) {
    let (machine, platform, mut console) = console(ring, 0);
    let text: Vec<u8> = (0..5000).map(|i| (i % 251) as u8).collect();
    console.write_all(&text).unwrap();
    assert_eq!(console.write(&[]), Err(ConsoleError::Empty));
    let ids: Vec<_> = (0..3).map(|i| console.send(vec![i; 4]).unwrap()).collect();
    for (i, id) in ids.into_iter().enumerate() {
        let sent = console.poll_sent().unwrap();
        assert_eq!((sent.id, sent.buffer, sent.result), (id, Some(vec![i as u8; 4]), Ok(())));
    }
    assert!(console.poll_sent().is_none());
    let output = machine.with(|s| std::mem::take(&mut s.output));
    assert_eq!(output[..5000], text);
    assert_eq!(output[5000..], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    assert_eq!(console.send(Vec::new()).unwrap_err().buffer, Vec::<u8>::new());
    drop(console);
    check_clean(&platform);
}

fn writes_do_not_wait_and_sends_find_the_queue_full(ring: u128) {
    let (machine, _, mut console) = console(ring, 0);
    machine.with(|s| s.prompt = false);
    assert_eq!(console.write(&[1; 2000]), Ok(1024));
    assert_eq!(console.write(&[1; 10]), Ok(0));
    let mut sends = 0;
    let rejected = loop {
        match console.send(vec![2; 8]) {
            Ok(_) => sends += 1,
            Err(rejected) => break rejected,
        }
    };
    assert_eq!((sends, rejected.error, rejected.buffer), (15, ConsoleError::Full, vec![2; 8]));
    machine.run();
    assert_eq!(console.write(&[1; 10]), Ok(10));
}

fn a_device_that_takes_no_output_is_reset(ring: u128) {
    let (machine, platform, mut console) = console(ring, 0);
    machine.with(|s| s.prompt = false);
    let id = console.send(vec![1; 8]).unwrap();
    let down = console.write_all(b"text").unwrap_err();
    assert!(matches!(down, ConsoleError::Down(ConsoleFault::Timeout { .. })));
    assert!(!machine.live());
    assert_eq!(platform.shared(), 0);
    let sent = console.poll_sent().unwrap();
    assert_eq!((sent.id, sent.buffer, sent.result), (id, Some(vec![1; 8]), Err(ConsoleFault::Reset)));
    assert!(matches!(console.receive(&mut [0; 4]), Err(ConsoleError::Down(_))));
    assert!(console.send(vec![1]).is_err());
    drop(console);
    check_clean(&platform);
}

fn more_input_than_a_buffer_holds_is_an_error(ring: u128) {
    let (machine, platform, mut console) = console(ring, 0);
    machine.with(|s| (s.input, s.odd) = (vec![1; 8], Odd { used_len: Some(17), ..Odd::default() }));
    machine.run();
    let down = console.receive(&mut [0; 64]).unwrap_err();
    assert!(matches!(
        down,
        ConsoleError::Down(ConsoleFault::Queue(QueueError::UsedLength { len: 17, writable: 16, .. }))
    ));
    assert!(!machine.live());
    drop(console);
    check_clean(&platform);
}

fn only_the_bytes_that_the_device_says_it_wrote_are_input(ring: u128) {
    let (machine, _, mut console) = console(ring, 0);
    machine.with(|s| (s.input, s.odd) = (vec![1; 8], Odd { used_len: Some(3), ..Odd::default() }));
    machine.run();
    assert_eq!(console.receive(&mut [0; 64]), Ok(3));
    // Empty buffers without end are no input, and do not keep the driver.
    machine.with(|s| (s.input, s.odd) = (vec![1; 1000], Odd { used_len: Some(0), ..Odd::default() }));
    machine.run();
    assert_eq!(console.receive(&mut [0; 64]), Ok(0));
}

fn the_size_is_read_and_followed(ring: u128) {
    let (machine, _, mut console) = console(ring, SIZE);
    machine.change_config(|c| c[..4].copy_from_slice(&[80, 0, 25, 0]));
    assert!(console.handle_interrupt().config_change);
    assert_eq!(console.size(), Ok(Some(ConsoleSize { columns: 80, rows: 25 })));
    let (_, _, without) = self::console(ring, 0);
    assert_eq!(without.size(), Ok(None));
    machine.need_reset();
    console.handle_interrupt();
    assert_eq!(console.fault(), Some(ConsoleFault::NeedsReset));
}

fn the_emergency_port_works_before_the_device_is_live(ring: u128) {
    let platform = Tracked::new();
    let machine = Machine::console(&platform, ring | EMERG_WRITE | MULTIPORT);
    let mut early = EarlyConsole::new(negotiating(&machine, &platform)).unwrap();
    early.emergency_write(b"a").unwrap();
    let options = ConsoleOptions::default();
    let mut console: Port = early.start(HeapConsoleStorage::new(&options), options).unwrap();
    assert_eq!(console.accepted().0 & MULTIPORT, 0);
    console.emergency_write(b"b").unwrap();
    machine.with(|s| assert_eq!(s.emergency, [(b'a', 0b1011), (b'b', 0b1111)]));
    let (machine, _, mut without) = self::console(ring, 0);
    assert!(without.emergency_write(b"c").is_err());
    machine.with(|s| assert_eq!(s.emergency, []));
}

fn a_console_without_memory_or_storage_is_declined_without_a_leak(ring: u128) {
    let platform = Tracked::new();
    let machine = Machine::console(&platform, ring);
    let early = EarlyConsole::new(negotiating(&machine, &platform)).unwrap();
    let slots = (parakit::queue::Slot::boxed(2), parakit::queue::Slot::boxed(2), Vec::new());
    let result: Result<Console<_, _, Vec<u8>, _>, _> = early.start(slots, ConsoleOptions::default());
    assert_eq!(result.map(drop), Err(ConsoleError::NoStorage));
    platform.fail_dma(true);
    let early = EarlyConsole::new(negotiating(&machine, &platform)).unwrap();
    let options = ConsoleOptions::default();
    let result: Result<Port, _> = early.start(HeapConsoleStorage::new(&options), options);
    assert!(matches!(result.map(drop), Err(ConsoleError::Dma(_))));
    assert!(!machine.live());
    check_clean(&platform);
}

fn entropy(features: u128) -> (Machine, Tracked, Entropy<MmioTransport<Machine>, Tracked>) {
    let platform = Tracked::new();
    let machine = Machine::entropy(&platform, features);
    let source = Entropy::new(negotiating(&machine, &platform)).unwrap();
    let ring = features & RING_PACKED;
    assert_eq!(machine.with(|s| s.accepted()) & ring, ring);
    (machine, platform, source)
}

fn random_bytes_fill_all_that_was_asked_for(ring: u128) {
    let (machine, platform, mut source) = entropy(ring);
    for most in [None, Some(1), Some(7)] {
        machine.with(|s| s.odd.most = most);
        let mut bytes = vec![0; 3000];
        source.fill(&mut bytes).unwrap();
        assert!(bytes.iter().all(|&b| b != 0), "bytes that the device did not write");
    }
    assert_eq!(source.fill(&mut []), Err(EntropyError::Empty));
    drop(source);
    assert!(!machine.live());
    check_clean(&platform);
}

fn requests_for_random_bytes_do_not_wait(ring: u128) {
    let (machine, _, mut source) = entropy(ring);
    machine.with(|s| s.prompt = false);
    let mut bytes = [0; 16];
    assert_eq!(source.request(0), Err(EntropyError::Empty));
    source.request(16).unwrap();
    source.request(16).unwrap();
    assert_eq!(source.take(&mut bytes), Ok(None));
    assert!(!source.arm());
    assert!(machine.run());
    assert!(source.handle_interrupt().used_buffer);
    assert_eq!(source.take(&mut bytes), Ok(Some(16)));
    assert!(bytes.iter().all(|&b| b != 0));
    assert_eq!(source.take(&mut bytes), Ok(None));
}

fn an_entropy_source_that_lies_is_found_out(ring: u128) {
    let (machine, platform, mut source) = entropy(ring);
    machine.with(|s| s.odd.used_len = Some(0));
    assert_eq!(source.fill(&mut [0; 8]), Err(EntropyError::NoBytes));
    machine.with(|s| s.odd.used_len = Some(9));
    assert!(matches!(source.fill(&mut [0; 8]), Err(EntropyError::Queue(QueueError::UsedLength { len: 9, .. }))));
    assert!(!machine.live());
    assert!(source.fill(&mut [0; 8]).is_err());
    drop(source);
    check_clean(&platform);

    let (machine, platform, mut source) = entropy(ring);
    machine.with(|s| s.prompt = false);
    assert!(matches!(source.fill(&mut [0; 8]), Err(EntropyError::Timeout { .. })));
    assert!(!machine.live());
    drop(source);
    check_clean(&platform);
}

fn a_suspended_console_goes_on_where_it_was(ring: u128) {
    let (machine, platform, mut console) = console(ring, SUSPEND | EMERG_WRITE);
    for round in 0..20 {
        machine.with(|s| s.input = vec![round; 20]);
        console.send(vec![round; 3]).unwrap();
        console.suspend().unwrap();
        assert!(!machine.live());
        let notified = machine.with(|s| s.notifications.clone());
        // What had come is there, and nothing is given to the device.
        let mut input = [0; 64];
        let mut got = console.receive(&mut input).unwrap();
        assert!(got > 0 && input[..got].iter().all(|&b| b == round));
        assert_eq!(console.write(b"x"), Err(ConsoleError::Suspended));
        assert!(matches!(console.send(vec![1]), Err(rejected) if rejected.error == ConsoleError::Suspended));
        assert!(console.emergency_write(b"x").is_err());
        assert!(console.poll_sent().unwrap().result.is_ok());
        assert_eq!(machine.with(|s| s.notifications.clone()), notified);
        console.resume().unwrap();
        for _ in 0..4 {
            machine.run();
            got += console.receive(&mut input).unwrap();
        }
        assert_eq!(got, 20, "round {round}");
        console.write_all(b"on").unwrap();
    }
    machine.with(|s| s.odd.deaf = true);
    let error = console.suspend().unwrap_err();
    assert_eq!(console.fault(), Some(ConsoleFault::Suspend(error)));
    assert!(console.resume().is_err());
    drop(console);
    check_clean(&platform);

    let (machine, platform, mut without) = self::console(ring, 0);
    assert_eq!(without.suspend(), Err(SuspendError::NotNegotiated));
    without.write_all(b"on").unwrap();
    assert_eq!(machine.with(|s| s.accepted()) & RING_RESET, 0);
    drop(without);
    check_clean(&platform);
}

fn a_suspended_entropy_source_keeps_its_request(ring: u128) {
    let (machine, platform, mut source) = entropy(ring | SUSPEND | RING_RESET);
    assert_eq!(machine.with(|s| s.accepted()) & (SUSPEND | RING_RESET), SUSPEND);
    machine.with(|s| s.prompt = false);
    source.request(16).unwrap();
    source.suspend().unwrap();
    let mut bytes = [0; 16];
    // The device has finished what it had.
    assert_eq!(source.take(&mut bytes), Ok(Some(16)));
    assert_eq!(source.request(16), Err(EntropyError::Suspended));
    assert_eq!(source.fill(&mut bytes), Err(EntropyError::Suspended));
    source.resume().unwrap();
    machine.with(|s| s.prompt = true);
    source.fill(&mut bytes).unwrap();
    source.suspend().unwrap();
    machine.with(|s| s.odd.deaf = true);
    let error = source.resume().unwrap_err();
    assert_eq!(source.fill(&mut bytes), Err(EntropyError::Suspend(error)));
    drop(source);
    check_clean(&platform);
}

over_rings! {
    a_suspended_console_goes_on_where_it_was,
    a_suspended_entropy_source_keeps_its_request,
    input_comes_in_order_however_it_is_cut,
    output_is_copied_or_moved,
    writes_do_not_wait_and_sends_find_the_queue_full,
    a_device_that_takes_no_output_is_reset,
    more_input_than_a_buffer_holds_is_an_error,
    only_the_bytes_that_the_device_says_it_wrote_are_input,
    the_size_is_read_and_followed,
    the_emergency_port_works_before_the_device_is_live,
    a_console_without_memory_or_storage_is_declined_without_a_leak,
    random_bytes_fill_all_that_was_asked_for,
    requests_for_random_bytes_do_not_wait,
    an_entropy_source_that_lies_is_found_out,
}
