//! Its network drivers, by hand and under a TCP/IP stack.

use std::collections::VecDeque;

use parakit_harness::device::{Control, Net, NetOptions, Recorder};
use smoltcp::iface::{Config, Interface, SocketSet};
use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::socket::{dhcpv4, icmp, tcp, udp};
use smoltcp::time::Instant;
use smoltcp::wire::{
    EthernetAddress, Icmpv4Packet, Icmpv4Repr, IpAddress, IpCidr, IpEndpoint, IpListenEndpoint, Ipv4Address,
};
use virtio_drivers::device::net::{VirtIONet, VirtIONetRaw};

use super::stand_in::{BRING_UP, Bounce, StandIn, assert_violated, machine, verdicts};

const HOST: Ipv4Address = Ipv4Address::new(10, 0, 2, 2);
const GUEST: Ipv4Address = Ipv4Address::new(10, 0, 2, 15);
const BUFFER: usize = 2048;
const MAC: [u8; 6] = [0x52, 0x54, 0, 0x12, 0x34, 0x56];

/// An ARP request for the host's address.
fn arp() -> Vec<u8> {
    let mut frame = vec![0xff; 6];
    frame.extend(MAC);
    frame.extend([8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
    frame.extend(MAC);
    frame.extend(GUEST.octets());
    frame.extend([0; 6]);
    frame.extend(HOST.octets());
    frame
}

#[test]
fn an_arp_request_is_answered() {
    let sent = Recorder::default();
    let model = Net::new(NetOptions::default(), sent.clone());
    let mut net = VirtIONetRaw::<Bounce, StandIn, 16>::new(StandIn::of(Box::new(model))).expect("a network device");
    assert_eq!(net.mac_address(), MAC);
    let mut buffer = [0; BUFFER];
    // SAFETY: the buffer is not touched until the driver is done with it.
    let token = unsafe { net.receive_begin(&mut buffer) }.expect("a buffer in the queue");
    net.send(&arp()).expect("a frame sent");
    machine(|m| m.run());
    assert_eq!(net.poll_receive(), Some(token));
    // SAFETY: the buffer that the token came for.
    let (header, len) = unsafe { net.receive_complete(token, &mut buffer) }.expect("a frame");
    let frame = &buffer[header..header + len];
    // One buffer holds it, which the last field of the header says.
    assert_eq!((header, &buffer[10..12]), (12, &[1, 0][..]));
    assert_eq!((&frame[..6], &frame[12..14], &frame[20..22]), (&MAC[..], &[8, 6][..], &[0, 2][..]));
    assert_eq!((&frame[28..32], &frame[38..42]), (&HOST.octets()[..], &GUEST.octets()[..]));
    assert_eq!(sent.items(), [arp()]);
    drop(net);
    assert_violated(&verdicts(), &BRING_UP);
}

#[test]
fn frames_from_outside_come_unless_they_are_for_others() {
    let model = Net::new(NetOptions::default(), Recorder::default());
    let mut net =
        VirtIONet::<Bounce, StandIn, 16>::new(StandIn::of(Box::new(model)), BUFFER).expect("a network device");
    let frame = |to: [u8; 6], len| {
        let mut frame = to.to_vec();
        frame.extend([2; 6]);
        frame.resize(len, 0x5a);
        frame
    };
    let outside = |frame: Vec<u8>| machine(|m| m.control(&Control::Frame(frame)));
    assert!(outside(frame(MAC, 60)));
    assert!(!outside(frame([2, 0, 0, 0, 0, 1], 60)), "a frame for somebody else");
    assert!(outside(frame([0xff; 6], 1514)));
    assert!(!outside(frame(MAC, 1515)), "a frame larger than the MTU");
    machine(|m| m.run());
    for expected in [frame(MAC, 60), frame([0xff; 6], 1514)] {
        let buffer = net.receive().expect("a frame");
        assert_eq!(buffer.packet(), expected);
        net.recycle_rx_buffer(buffer).expect("a buffer in the queue");
    }
    assert!(!net.can_recv());
    assert!(machine(|m| m.control(&Control::Link(false))));
    assert!(!outside(frame(MAC, 60)), "a frame over a link that is down");
}

/// The driver under smoltcp.
struct Adapter {
    driver: VirtIONet<Bounce, StandIn, 16>,
    received: VecDeque<Vec<u8>>,
}

struct Received(Vec<u8>);

struct Sending<'d>(&'d mut VirtIONet<Bounce, StandIn, 16>);

impl phy::RxToken for Received {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl phy::TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        let mut buffer = self.0.new_tx_buffer(len);
        let result = f(buffer.packet_mut());
        self.0.send(buffer).expect("a frame sent");
        result
    }
}

impl Device for Adapter {
    type RxToken<'d> = Received;
    type TxToken<'d> = Sending<'d>;

    fn receive(&mut self, _: Instant) -> Option<(Received, Sending<'_>)> {
        machine(|m| m.run());
        while self.driver.can_recv() {
            let buffer = self.driver.receive().expect("a frame");
            self.received.push_back(buffer.packet().to_vec());
            self.driver.recycle_rx_buffer(buffer).expect("a buffer in the queue");
        }
        self.received.pop_front().map(|frame| (Received(frame), Sending(&mut self.driver)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        self.driver.can_send().then_some(Sending(&mut self.driver))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = 1514;
        capabilities
    }
}

/// A guest with a TCP/IP stack.
struct Guest {
    adapter: Adapter,
    interface: Interface,
    sockets: SocketSet<'static>,
    now: Instant,
}

impl Guest {
    fn new() -> Self {
        let model = Net::new(NetOptions::default(), Recorder::default());
        let driver = VirtIONet::new(StandIn::of(Box::new(model)), BUFFER).expect("a network device");
        let config = Config::new(EthernetAddress(driver.mac_address()).into());
        let mut adapter = Adapter { driver, received: VecDeque::new() };
        let interface = Interface::new(config, &mut adapter, Instant::ZERO);
        Self { adapter, interface, sockets: SocketSet::new(Vec::new()), now: Instant::ZERO }
    }

    fn addressed() -> Self {
        let mut guest = Self::new();
        guest.interface.update_ip_addrs(|all| all.push(IpCidr::new(GUEST.into(), 24)).expect("room for an address"));
        guest
    }

    /// Goes on until `done`: a bounded number of rounds of a millisecond each.
    fn until(&mut self, mut done: impl FnMut(&mut SocketSet<'static>) -> bool) {
        for _ in 0..10_000 {
            self.interface.poll(self.now, &mut self.adapter, &mut self.sockets);
            if done(&mut self.sockets) {
                return;
            }
            self.now += smoltcp::time::Duration::from_millis(1);
        }
        panic!("nothing came of it in ten seconds of the guest's time");
    }
}

#[test]
fn the_host_answers_a_ping() {
    let mut guest = Guest::addressed();
    let buffer = || icmp::PacketBuffer::new(vec![icmp::PacketMetadata::EMPTY; 2], vec![0; 2048]);
    let mut socket = icmp::Socket::new(buffer(), buffer());
    socket.bind(icmp::Endpoint::Ident(0x77)).expect("an identifier");
    let handle = guest.sockets.add(socket);
    let ping = Icmpv4Repr::EchoRequest { ident: 0x77, seq_no: 5, data: &[0xa5; 1000] };
    let socket = guest.sockets.get_mut::<icmp::Socket<'_>>(handle);
    let bytes = socket.send(ping.buffer_len(), HOST.into()).expect("room for a ping");
    ping.emit(&mut Icmpv4Packet::new_unchecked(bytes), &phy::ChecksumCapabilities::default());
    guest.until(|sockets| sockets.get_mut::<icmp::Socket<'_>>(handle).can_recv());
    let (bytes, from) = guest.sockets.get_mut::<icmp::Socket<'_>>(handle).recv().expect("an answer");
    assert_eq!(from, IpAddress::from(HOST));
    let packet = Icmpv4Packet::new_checked(bytes).expect("an ICMP packet");
    let answer = Icmpv4Repr::parse(&packet, &phy::ChecksumCapabilities::default()).expect("a good checksum");
    assert_eq!(answer, Icmpv4Repr::EchoReply { ident: 0x77, seq_no: 5, data: &[0xa5; 1000] });
    drop(guest);
    assert_violated(&verdicts(), &BRING_UP);
}

#[test]
fn a_stream_and_datagrams_come_back() {
    let mut guest = Guest::addressed();
    let buffer = || tcp::SocketBuffer::new(vec![0; 8192]);
    let handle = guest.sockets.add(tcp::Socket::new(buffer(), buffer()));
    let context = guest.interface.context();
    let socket = guest.sockets.get_mut::<tcp::Socket<'_>>(handle);
    socket.connect(context, IpEndpoint::new(HOST.into(), 7), 40000).expect("an attempt");
    let bytes: Vec<u8> = (0..100_000_u32).map(|i| (i * 3 / 2) as u8).collect();
    let (mut sent, mut back) = (0, Vec::new());
    guest.until(|sockets| {
        let socket = sockets.get_mut::<tcp::Socket<'_>>(handle);
        if socket.can_send() {
            sent += socket.send_slice(&bytes[sent..]).expect("an open connection");
        }
        while socket.can_recv() {
            socket.recv(|piece| (piece.len(), back.extend_from_slice(piece))).expect("an open connection");
        }
        back.len() >= bytes.len()
    });
    assert_eq!(back, bytes);
    guest.sockets.get_mut::<tcp::Socket<'_>>(handle).close();
    guest.until(|sockets| {
        matches!(sockets.get_mut::<tcp::Socket<'_>>(handle).state(), tcp::State::TimeWait | tcp::State::Closed)
    });

    let buffer = || udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; 4], vec![0; 4096]);
    let mut socket = udp::Socket::new(buffer(), buffer());
    socket.bind(IpListenEndpoint::from(4000)).expect("a port");
    socket.send_slice(b"datagram", IpEndpoint::new(HOST.into(), 7)).expect("room for a datagram");
    let handle = guest.sockets.add(socket);
    guest.until(|sockets| sockets.get_mut::<udp::Socket<'_>>(handle).can_recv());
    let (bytes, _) = guest.sockets.get_mut::<udp::Socket<'_>>(handle).recv().expect("a datagram");
    assert_eq!(bytes, b"datagram");
}

#[test]
fn the_host_leases_an_address() {
    let mut guest = Guest::new();
    let handle = guest.sockets.add(dhcpv4::Socket::new());
    let mut leased = None;
    guest.until(|sockets| {
        if let Some(dhcpv4::Event::Configured(config)) = sockets.get_mut::<dhcpv4::Socket<'_>>(handle).poll() {
            leased = Some((config.address.address(), config.address.prefix_len(), config.router));
        }
        leased.is_some()
    });
    assert_eq!(leased, Some((GUEST, 24, Some(HOST))));
}
