//! Its socket driver: streams to the host's services, with credit.

use parakit_abi::device::vsock::HOST_CID;
use parakit_harness::device::{Control, Vsock, VsockOptions};
use virtio_drivers::Error;
use virtio_drivers::device::socket::{
    DisconnectReason, SocketError, VirtIOSocket, VsockAddr, VsockConnectionManager, VsockEvent, VsockEventType,
};

use super::stand_in::{BRING_UP, Bounce, StandIn, assert_violated, machine, verdicts};

/// Bytes of the driver's buffer of each connection.
const CAPACITY: u32 = 4096;
const PORT: u32 = 5000;

type Manager = VsockConnectionManager<Bounce, StandIn>;

fn manager() -> Manager {
    let model = Vsock::new(VsockOptions::default());
    let driver = VirtIOSocket::new(StandIn::of(Box::new(model))).expect("a socket device");
    assert_eq!(driver.guest_cid(), 3);
    VsockConnectionManager::new_with_capacity(driver, CAPACITY)
}

fn host(port: u32) -> VsockAddr {
    VsockAddr { cid: HOST_CID, port }
}

/// The next event. The manager answers requests for credit by itself, and tells of them as of nothing.
fn next(manager: &mut Manager) -> Option<VsockEvent> {
    (0..4).find_map(|_| {
        machine(|m| m.run());
        manager.poll().expect("packets in order")
    })
}

fn poll(manager: &mut Manager) -> Option<VsockEventType> {
    next(manager).map(|event| event.event_type)
}

fn connect(manager: &mut Manager, port: u32) {
    manager.connect(host(port), PORT).expect("a connection");
    assert_eq!(poll(manager), Some(VsockEventType::Connected));
}

#[test]
fn what_is_sent_comes_back_within_the_credit_of_both_sides() {
    let mut manager = manager();
    connect(&mut manager, 7);
    let bytes: Vec<u8> = (0..200_000_u32).map(|i| (i * 7 / 5) as u8).collect();
    let (mut sent, mut back) = (0, Vec::new());
    let mut refused = 0;
    while back.len() < bytes.len() {
        // More than the host has room for, so that the driver has to wait for credit.
        while sent < bytes.len() {
            let end = bytes.len().min(sent + 3000);
            match manager.send(host(7), PORT, &bytes[sent..end]) {
                Ok(()) => sent = end,
                Err(Error::SocketDeviceError(SocketError::InsufficientBufferSpaceInPeer)) => {
                    refused += 1;
                    break;
                }
                Err(error) => panic!("{error}"),
            }
        }
        let mut polls = 0;
        while let Some(event) = poll(&mut manager) {
            assert!(!matches!(event, VsockEventType::Disconnected { .. }), "{event:?}");
            polls += 1;
        }
        let mut piece = [0; CAPACITY as usize];
        let count = manager.recv(host(7), PORT, &mut piece).expect("bytes");
        assert!(polls > 0 || count > 0, "{} of {} bytes came back, and no more", back.len(), bytes.len());
        back.extend_from_slice(&piece[..count]);
        manager.update_credit(host(7), PORT).expect("room to tell of");
    }
    assert_eq!(back, bytes);
    assert!(refused > 0, "the host's credit never ran out");
    manager.shutdown(host(7), PORT).expect("an end");
    assert_eq!(poll(&mut manager), Some(VsockEventType::Disconnected { reason: DisconnectReason::Reset }));
    drop(manager);
    assert_violated(&verdicts(), &BRING_UP);
}

#[test]
fn a_source_sends_no_more_than_there_is_room_for() {
    let mut manager = manager();
    connect(&mut manager, 19);
    let mut next = 0_u8;
    for _ in 0..5 {
        while poll(&mut manager).is_some() {}
        assert_eq!(manager.recv_buffer_available_bytes(host(19), PORT).expect("bytes"), CAPACITY as usize);
        let mut bytes = [0; CAPACITY as usize];
        assert_eq!(manager.recv(host(19), PORT, &mut bytes).expect("bytes"), bytes.len());
        for byte in bytes {
            assert_eq!(byte, next);
            next = next.wrapping_add(1);
        }
        manager.update_credit(host(19), PORT).expect("room to tell of");
    }
    manager.force_close(host(19), PORT).expect("an end");
    assert_eq!(poll(&mut manager), None, "what was under way belongs to nobody");
}

#[test]
fn ports_without_a_service_refuse_and_sinks_take_everything() {
    let mut manager = manager();
    manager.connect(host(80), PORT).expect("an attempt");
    assert_eq!(poll(&mut manager), Some(VsockEventType::Disconnected { reason: DisconnectReason::Reset }));
    connect(&mut manager, 9);
    for _ in 0..100 {
        manager.send(host(9), PORT, &[1; 4000]).expect("a sink has room");
        while poll(&mut manager).is_some() {}
    }
    assert_eq!(manager.recv_buffer_available_bytes(host(9), PORT).expect("bytes"), 0);
}

#[test]
fn the_host_connects_and_a_reset_of_the_transport_breaks_it() {
    let mut manager = manager();
    manager.listen(1234);
    assert!(machine(|m| m.control(&Control::Connect { port: 1234 })));
    let event = next(&mut manager).expect("a request");
    assert_eq!((event.event_type, event.destination.port), (VsockEventType::ConnectionRequest, 1234));
    manager.send(event.source, 1234, b"hello").expect("a connection");
    assert_eq!(poll(&mut manager), Some(VsockEventType::Received { length: 5 }));
    let mut bytes = [0; 8];
    assert_eq!(manager.recv(event.source, 1234, &mut bytes).expect("bytes"), 5);
    assert_eq!(&bytes[..5], b"hello");

    assert!(!machine(|m| m.control(&Control::TransportReset { guest_cid: 2 })), "2 is the host's");
    assert!(machine(|m| m.control(&Control::TransportReset { guest_cid: 99 })));
    // The crate's driver has no buffers in the event queue; it learns of it by what becomes of its packets, which have the old address.
    let _lost = manager.send(event.source, 1234, b"hello");
    assert_eq!(poll(&mut manager), None);
}
