//! The host at the other end of the link: a TCP/IP stack of its own, and nothing behind it.
//!
//! It is 10.0.2.2/24. It answers ARP and pings, sends back what comes to UDP and TCP port 7, and leases addresses by DHCP.

use std::collections::VecDeque;
use std::time::Duration;

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{self, ChecksumCapabilities, Device, DeviceCapabilities, Medium};
use smoltcp::socket::{tcp, udp};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpCidr, Ipv4Address};

use super::dhcp;

/// Its Ethernet address.
pub(super) const MAC: [u8; 6] = [0x52, 0x55, 10, 0, 2, 2];
/// Its IP address.
pub(super) const ADDRESS: Ipv4Address = Ipv4Address::new(10, 0, 2, 2);
/// Bits of the network.
pub(super) const PREFIX: u8 = 24;
/// The port of the echo services.
const ECHO: u16 = 7;
/// Connections that it has at a time.
const CONNECTIONS: usize = 8;
/// Bytes of each buffer of a connection.
const BUFFER: usize = 32 << 10;
/// Datagrams, and their bytes, that wait at a time.
const DATAGRAMS: usize = 16;
/// Most rounds for what one frame leads to.
const ROUNDS: usize = 16;
/// Bytes of an Ethernet header.
const HEADER: usize = 14;

/// The wire between the stack and the device.
struct Wire {
    mtu: usize,
    to_host: VecDeque<Vec<u8>>,
    to_guest: VecDeque<Vec<u8>>,
}

struct Received(Vec<u8>);

struct Sending<'w>(&'w mut VecDeque<Vec<u8>>);

impl phy::RxToken for Received {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl phy::TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        let mut frame = vec![0; len];
        let result = f(&mut frame);
        self.0.push_back(frame);
        result
    }
}

impl Device for Wire {
    type RxToken<'w> = Received;
    type TxToken<'w> = Sending<'w>;

    fn receive(&mut self, _: Instant) -> Option<(Received, Sending<'_>)> {
        let frame = self.to_host.pop_front()?;
        Some((Received(frame), Sending(&mut self.to_guest)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        Some(Sending(&mut self.to_guest))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = HEADER + self.mtu;
        // Frames are checked as they come, and carry whole checksums when they go.
        capabilities.checksum = ChecksumCapabilities::default();
        capabilities
    }
}

/// The host.
pub(super) struct Peer {
    wire: Wire,
    interface: Interface,
    sockets: SocketSet<'static>,
    tcp: Vec<SocketHandle>,
    udp: SocketHandle,
    dhcp: SocketHandle,
    now: Instant,
}

impl Peer {
    /// A host that just came up, on a link whose frames carry up to `mtu` bytes.
    pub(super) fn new(mtu: u16) -> Self {
        let mut wire = Wire { mtu: mtu.into(), to_host: VecDeque::new(), to_guest: VecDeque::new() };
        let now = Instant::ZERO;
        let mut config = Config::new(HardwareAddress::Ethernet(EthernetAddress(MAC)));
        // Whatever runs, it runs the same again.
        config.random_seed = 1;
        let mut interface = Interface::new(config, &mut wire, now);
        interface.update_ip_addrs(|addresses| {
            // The first of several that there is room for.
            let _full = addresses.push(IpCidr::new(ADDRESS.into(), PREFIX));
        });
        let mut sockets = SocketSet::new(Vec::new());
        let tcp = (0..CONNECTIONS)
            .map(|_| {
                let buffer = || tcp::SocketBuffer::new(vec![0; BUFFER]);
                let mut socket = tcp::Socket::new(buffer(), buffer());
                // Time stands still unless the harness has it pass: nothing waits for it that need not.
                socket.set_ack_delay(None);
                socket.set_nagle_enabled(false);
                sockets.add(socket)
            })
            .collect();
        let udp = sockets.add(datagrams(ECHO, mtu));
        let dhcp = sockets.add(datagrams(dhcp::SERVER_PORT, mtu));
        let mut peer = Self { wire, interface, sockets, tcp, udp, dhcp, now };
        peer.serve();
        peer
    }

    /// A frame from the guest.
    pub(super) fn receive(&mut self, frame: Vec<u8>) {
        self.wire.to_host.push_back(frame);
        self.run();
    }

    /// Time passes.
    pub(super) fn tick(&mut self, now: Duration) {
        self.now = Instant::from_micros(i64::try_from(now.as_micros()).unwrap_or(i64::MAX));
        self.run();
    }

    /// The frames to the guest.
    pub(super) fn sent(&mut self) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.wire.to_guest.drain(..)
    }

    fn run(&mut self) {
        for _ in 0..ROUNDS {
            self.interface.poll(self.now, &mut self.wire, &mut self.sockets);
            if !self.serve() {
                break;
            }
        }
    }

    /// The services; true when they did something.
    fn serve(&mut self) -> bool {
        let mut moved = false;
        for handle in &self.tcp {
            moved |= echo_stream(self.sockets.get_mut(*handle));
        }
        let socket = self.sockets.get_mut::<udp::Socket<'_>>(self.udp);
        while socket.can_send()
            && let Ok((datagram, from)) = socket.recv().map(|(datagram, from)| (datagram.to_vec(), from))
        {
            // What has no way back is lost.
            let _lost = socket.send_slice(&datagram, from.endpoint);
            moved = true;
        }
        let socket = self.sockets.get_mut::<udp::Socket<'_>>(self.dhcp);
        while socket.can_send()
            && let Ok((datagram, _)) = socket.recv().map(|(datagram, from)| (datagram.to_vec(), from))
        {
            if let Some((answer, to)) = dhcp::answer(&datagram) {
                let _lost = socket.send_slice(&answer, to);
            }
            moved = true;
        }
        moved
    }
}

fn datagrams(port: u16, mtu: u16) -> udp::Socket<'static> {
    let buffer =
        || udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; DATAGRAMS], vec![0; DATAGRAMS * usize::from(mtu)]);
    let mut socket = udp::Socket::new(buffer(), buffer());
    // Fails only for port 0 and for sockets that are bound.
    let _bound = socket.bind(port);
    socket
}

/// Sends back what came; listens again when a connection is over. True when it did something.
fn echo_stream(socket: &mut tcp::Socket<'_>) -> bool {
    if !socket.is_open() {
        return socket.listen(ECHO).is_ok();
    }
    let room = socket.send_capacity() - socket.send_queue();
    let mut bytes = vec![0; room.min(socket.recv_queue())];
    let count = if bytes.is_empty() { 0 } else { socket.recv_slice(&mut bytes).unwrap_or(0) };
    if count > 0 {
        let _gone = socket.send_slice(&bytes[..count]);
        return true;
    }
    // The guest has said all, and has it back.
    if socket.state() == tcp::State::CloseWait && socket.recv_queue() == 0 {
        socket.close();
        return true;
    }
    false
}
