//! Socket device (VIRTIO 1.4 §5.10): stream sockets between the guest and a host with three services.
//!
//! On the host's context id 2 listen: port 7, which sends back what comes; port 9, which takes it; port 19, which sends bytes that count up.

mod connection;

use std::collections::VecDeque;
use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::device::vsock::{
    EVENT_BYTES, EVENT_TRANSPORT_RESET, HOST_CID, PacketHeader, config, feature, is_reserved_cid, op, queue,
    socket_type,
};
use parakit_abi::feature::Features;

use super::{Control, Counters, DeviceModel, Effect, Outcome};
use crate::queue::Request;
use connection::{BUFFER, Connection, Service};

/// Most connections; who asks for more is refused (§5.10.6.5).
const MAX_CONNECTIONS: usize = 64;
/// Most refusals that wait for buffers. When there are as many, packets of the guest wait too (§5.10.6.1).
const MAX_REFUSALS: usize = 64;
/// Most events that wait for buffers.
const MAX_EVENTS: usize = 16;
/// Most bytes of a packet in either direction.
const MAX_PAYLOAD: usize = 64 << 10;
/// First of the host's ports for connections that it asks for.
const FIRST_PORT: u32 = 1024;

/// What a socket device is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VsockOptions {
    /// The guest's context id; a reserved one becomes 3 (§5.10.6.4.2).
    pub guest_cid: u32,
    /// Largest size of each queue.
    pub queue_size: u16,
}

impl Default for VsockOptions {
    /// Context id 3, 64 entries.
    fn default() -> Self {
        Self { guest_cid: 3, queue_size: 64 }
    }
}

/// A socket device.
#[derive(Debug)]
pub struct Vsock {
    options: VsockOptions,
    accepted: Features,
    connections: Vec<Connection>,
    /// Whose turn it is.
    turn: usize,
    refusals: VecDeque<PacketHeader>,
    events: usize,
    next_port: u32,
    /// A packet of the guest waits until a refusal is gone.
    blocked: bool,
    wakes: Vec<Effect>,
    counters: Counters,
}

impl Vsock {
    /// A device without connections.
    #[must_use]
    pub fn new(mut options: VsockOptions) -> Self {
        if is_reserved_cid(options.guest_cid.into()) {
            options.guest_cid = VsockOptions::default().guest_cid;
        }
        Self {
            options,
            accepted: Features::NONE,
            connections: Vec::new(),
            turn: 0,
            refusals: VecDeque::new(),
            events: 0,
            next_port: FIRST_PORT,
            blocked: false,
            wakes: Vec::new(),
            counters: Counters::for_queues(3),
        }
    }

    /// Connections that are there.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Whether the driver may use stream sockets (§5.10.3.2).
    fn streams(&self) -> bool {
        self.accepted.has(feature::STREAM) || !self.accepted.has(feature::NO_IMPLIED_STREAM)
    }

    fn transmit(&mut self, request: &mut Request<'_>) -> Outcome {
        if self.refusals.len() >= MAX_REFUSALS {
            self.blocked = true;
            return Outcome::Wait;
        }
        self.counters.requests[usize::from(queue::TX)] += 1;
        let mut bytes = [0; PacketHeader::SIZE];
        if request.fault().is_some() || !request.read(&mut bytes) {
            self.counters.errors += 1;
            return Outcome::Used(0);
        }
        let header = PacketHeader::from_le_bytes(bytes);
        if header.src_cid != u64::from(self.options.guest_cid) {
            // Not from this guest (§5.10.6.4.1): there is nobody to answer.
            self.counters.errors += 1;
            return Outcome::Used(0);
        }
        let fits = header.len as usize <= MAX_PAYLOAD && u64::from(header.len) <= request.readable_len();
        let mut payload = vec![0; if fits && header.op == op::RW { header.len as usize } else { 0 }];
        request.read(&mut payload);
        self.counters.bytes_from_guest += payload.len() as u64;
        self.packet(header, &payload, fits);
        self.wakes.push(Effect::Wake(queue::RX));
        Outcome::Used(0)
    }

    fn packet(&mut self, header: PacketHeader, payload: &[u8], fits: bool) {
        let is_ours = header.dst_cid == HOST_CID && header.socket_type == socket_type::STREAM && self.streams();
        let known = self
            .connections
            .iter()
            .position(|c| c.guest_port == header.src_port && c.host_port == header.dst_port)
            .filter(|_| is_ours);
        match (header.op, known) {
            (op::RST, Some(at)) => {
                self.connections.swap_remove(at);
            }
            (op::RST, None) => {}
            (op::REQUEST, None) if is_ours && fits && self.connections.len() < MAX_CONNECTIONS => {
                match Service::at(header.dst_port) {
                    Some(service) => self.connections.push(Connection::accepted(header, service)),
                    None => self.refuse(header),
                }
            }
            (_, Some(at)) if fits && self.connections[at].take(header, payload) => {}
            (_, known) => {
                if let Some(at) = known {
                    self.connections.swap_remove(at);
                    self.counters.errors += 1;
                }
                self.refuse(header);
            }
        }
    }

    /// The sender of this packet learns that there is no such connection.
    fn refuse(&mut self, header: PacketHeader) {
        self.refusals.push_back(PacketHeader {
            src_cid: header.dst_cid,
            dst_cid: header.src_cid,
            src_port: header.dst_port,
            dst_port: header.src_port,
            socket_type: header.socket_type,
            op: op::RST,
            buf_alloc: BUFFER,
            ..PacketHeader::default()
        });
    }

    fn receive(&mut self, request: &mut Request<'_>) -> Outcome {
        let Some(room) = usize::try_from(request.writable_len())
            .ok()
            .and_then(|room| room.checked_sub(PacketHeader::SIZE))
            .filter(|_| request.fault().is_none())
        else {
            self.counters.errors += 1;
            self.counters.requests[usize::from(queue::RX)] += 1;
            return Outcome::Used(0);
        };
        let mut payload = Vec::new();
        let Some(header) = self.next(room.min(MAX_PAYLOAD), &mut payload) else { return Outcome::Wait };
        self.counters.requests[usize::from(queue::RX)] += 1;
        self.counters.bytes_to_guest += payload.len() as u64;
        let mut done = request.write(0, &header.to_le_bytes());
        done += request.write(done as u64, &payload);
        if std::mem::take(&mut self.blocked) {
            self.wakes.push(Effect::Wake(queue::TX));
        }
        Outcome::Used(done as u32)
    }

    /// The next packet to the guest.
    fn next(&mut self, room: usize, payload: &mut Vec<u8>) -> Option<PacketHeader> {
        if let Some(refusal) = self.refusals.pop_front() {
            return Some(refusal);
        }
        let count = self.connections.len();
        let found = (0..count).find_map(|i| {
            let at = (self.turn + i) % count;
            self.connections[at].next(room, payload).map(|header| (at, header))
        });
        let (at, header) = found?;
        self.turn = at + 1;
        if header.op == op::RST {
            self.connections.swap_remove(at);
        }
        let ours = (HOST_CID, u64::from(self.options.guest_cid), socket_type::STREAM);
        let (src_cid, dst_cid, socket_type) = ours;
        Some(PacketHeader { src_cid, dst_cid, socket_type, ..header })
    }

    fn event(&mut self, request: &mut Request<'_>) -> Outcome {
        let fits = request.fault().is_none() && request.writable_len() >= EVENT_BYTES as u64;
        if fits && self.events == 0 {
            return Outcome::Wait;
        }
        self.counters.requests[usize::from(queue::EVENT)] += 1;
        if !fits {
            self.counters.errors += 1;
            return Outcome::Used(0);
        }
        self.events -= 1;
        Outcome::Used(request.write(0, &EVENT_TRANSPORT_RESET.to_le_bytes()) as u32)
    }

    fn connect(&mut self, port: u32) -> Effect {
        if self.connections.len() >= MAX_CONNECTIONS {
            return Effect::None;
        }
        self.connections.push(Connection::requested(port, self.next_port));
        self.next_port = self.next_port.checked_add(1).unwrap_or(FIRST_PORT);
        Effect::Wake(queue::RX)
    }

    fn break_connections(&mut self) {
        self.connections.clear();
        self.refusals.clear();
        self.turn = 0;
    }
}

impl DeviceModel for Vsock {
    fn device_type(&self) -> DeviceType {
        DeviceType::VSOCK
    }

    fn features(&self) -> Features {
        Features::of(&[feature::STREAM, feature::NO_IMPLIED_STREAM])
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.options.queue_size; 3]
    }

    fn config(&self) -> Vec<u8> {
        let mut space = vec![0; config::SIZE as usize];
        space.copy_from_slice(&u64::from(self.options.guest_cid).to_le_bytes());
        space
    }

    fn write_config(&mut self, _offset: usize, _data: &[u8]) {}

    fn negotiated(&mut self, accepted: Features) {
        self.accepted = accepted;
    }

    fn reset(&mut self) {
        self.break_connections();
        self.accepted = Features::NONE;
        (self.events, self.blocked) = (0, false);
        self.wakes.clear();
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        match queue {
            queue::RX => self.receive(request),
            queue::TX => self.transmit(request),
            _ => self.event(request),
        }
    }

    fn tick(&mut self, now: Duration) {
        self.connections.iter_mut().for_each(|connection| connection.tick(now));
        if self.connections.iter().any(Connection::has_next) {
            self.wakes.push(Effect::Wake(queue::RX));
        }
    }

    fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.wakes)
    }

    fn control(&mut self, control: &Control) -> Effect {
        match control {
            Control::TransportReset { guest_cid } if !is_reserved_cid(u64::from(*guest_cid)) => {
                self.break_connections();
                self.options.guest_cid = *guest_cid;
                self.events = (self.events + 1).min(MAX_EVENTS);
                self.wakes.push(Effect::Wake(queue::EVENT));
                if std::mem::take(&mut self.blocked) {
                    self.wakes.push(Effect::Wake(queue::TX));
                }
                Effect::ConfigChanged
            }
            Control::Connect { port } => self.connect(*port),
            _ => Effect::None,
        }
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
