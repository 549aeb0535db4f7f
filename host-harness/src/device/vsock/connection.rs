//! One stream between the guest and the host, with the credit of both sides (VIRTIO 1.4 §5.10.6.3).

use std::collections::VecDeque;
use std::time::Duration;

use parakit_abi::device::vsock::{PacketHeader, op, shutdown};

/// Bytes of the host's receive buffer of each connection.
pub(super) const BUFFER: u32 = 64 << 10;
/// How long the guest gets to answer the end of a connection.
const PATIENCE: Duration = Duration::from_secs(8);

/// What the host does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// Sends back what comes.
    Echo,
    /// Takes what comes.
    Sink,
    /// Sends bytes that count up, until the guest wants no more.
    Source,
}

impl Service {
    /// The service that listens on a port of the host: the numbers that TCP has for them.
    pub(super) fn at(port: u32) -> Option<Self> {
        match port {
            7 => Some(Self::Echo),
            9 => Some(Self::Sink),
            19 => Some(Self::Source),
            _ => None,
        }
    }
}

/// Packets without payload that are due, at most one of each kind.
#[derive(Clone, Copy, Debug, Default)]
struct Due {
    request: bool,
    response: bool,
    credit: bool,
    shutdown: bool,
    reset: bool,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) guest_port: u32,
    pub(super) host_port: u32,
    service: Service,
    established: bool,
    /// What came and was not sent back.
    pending: VecDeque<u8>,
    /// Bytes received, taken out of the buffer, and taken out as last told.
    received: u32,
    forwarded: u32,
    told: u32,
    /// Bytes sent; the guest's buffer and what it took out of it, as last told.
    sent: u32,
    peer_alloc: u32,
    peer_forwarded: u32,
    /// The guest was asked for credit, and has not spoken since.
    asked: bool,
    /// Bits of [`shutdown`] that the guest said.
    guest_shut: u32,
    /// The host said that it is done, and since when it waits.
    host_shut: bool,
    waits_since: Option<Duration>,
    due: Due,
}

impl Connection {
    fn new(guest_port: u32, host_port: u32, service: Service) -> Self {
        Self {
            guest_port,
            host_port,
            service,
            established: false,
            pending: VecDeque::new(),
            received: 0,
            forwarded: 0,
            told: 0,
            sent: 0,
            peer_alloc: 0,
            peer_forwarded: 0,
            asked: false,
            guest_shut: 0,
            host_shut: false,
            waits_since: None,
            due: Due::default(),
        }
    }

    /// A connection that the guest asked for.
    pub(super) fn accepted(header: PacketHeader, service: Service) -> Self {
        let due = Due { response: true, ..Due::default() };
        let mut connection = Self { established: true, due, ..Self::new(header.src_port, header.dst_port, service) };
        connection.credit(header);
        connection
    }

    /// A connection that the host asks for.
    pub(super) fn requested(guest_port: u32, host_port: u32) -> Self {
        let due = Due { request: true, ..Due::default() };
        Self { due, ..Self::new(guest_port, host_port, Service::Echo) }
    }

    /// Every packet tells of the guest's buffer.
    fn credit(&mut self, header: PacketHeader) {
        let told = (header.buf_alloc, header.fwd_cnt);
        // A guest that says the same again is not asked again, or the two would never end.
        self.asked &= told == (self.peer_alloc, self.peer_forwarded);
        (self.peer_alloc, self.peer_forwarded) = told;
    }

    /// Bytes that the guest has room for. What makes no sense is no room.
    fn peer_free(&self) -> u32 {
        self.peer_alloc.saturating_sub(self.sent.wrapping_sub(self.peer_forwarded))
    }

    fn free(&self) -> u32 {
        BUFFER.saturating_sub(self.received.wrapping_sub(self.forwarded))
    }

    /// Takes a packet of the guest and its payload. False when the packet is one that ends the connection without ceremony.
    pub(super) fn take(&mut self, header: PacketHeader, payload: &[u8]) -> bool {
        self.credit(header);
        match header.op {
            op::RESPONSE if !self.established => self.established = true,
            op::RW if self.established && self.guest_shut & shutdown::SEND == 0 => {
                if payload.len() as u64 > u64::from(self.free()) {
                    return false;
                }
                self.received = self.received.wrapping_add(payload.len() as u32);
                if self.service == Service::Echo && self.guest_shut & shutdown::RECEIVE == 0 {
                    self.pending.extend(payload);
                } else {
                    self.forwarded = self.received;
                }
            }
            op::CREDIT_UPDATE if self.established => {}
            op::CREDIT_REQUEST if self.established => self.due.credit = true,
            op::SHUTDOWN if self.established => self.shut(header.flags),
            _ => return false,
        }
        // Before the guest runs out of what it was told.
        self.due.credit |= self.forwarded.wrapping_sub(self.told) >= BUFFER / 2;
        true
    }

    fn shut(&mut self, flags: u32) {
        const BOTH: u32 = shutdown::RECEIVE | shutdown::SEND;
        self.guest_shut |= flags & BOTH;
        if self.guest_shut & shutdown::RECEIVE != 0 {
            self.pending.clear();
            self.forwarded = self.received;
        }
        if self.guest_shut == BOTH {
            // Clean: the guest is told that the addresses are free again.
            self.due = Due { reset: true, ..Due::default() };
        }
    }

    /// Whether the host has nothing more to send, because of what the guest said.
    fn is_spent(&self) -> bool {
        let done = match self.service {
            Service::Echo => self.guest_shut & shutdown::SEND != 0 && self.pending.is_empty(),
            Service::Sink => self.guest_shut & shutdown::SEND != 0,
            Service::Source => self.guest_shut & shutdown::RECEIVE != 0,
        };
        self.established && done && !self.host_shut && !self.due.reset
    }

    fn wants_to_send(&self) -> bool {
        let has = match self.service {
            Service::Echo => !self.pending.is_empty(),
            Service::Sink => false,
            Service::Source => self.guest_shut & shutdown::RECEIVE == 0,
        };
        self.established && has && !self.host_shut
    }

    /// The next packet to the guest, whose payload may have up to `room` bytes; `None` when there is none now. The payload is appended to
    /// `payload`. The connection is over when the packet is [`op::RST`].
    pub(super) fn next(&mut self, room: usize, payload: &mut Vec<u8>) -> Option<PacketHeader> {
        self.due.shutdown |= self.is_spent();
        let free = self.peer_free();
        let due = &mut self.due;
        let mut flags = 0;
        let op = if std::mem::take(&mut due.reset) {
            op::RST
        } else if std::mem::take(&mut due.request) {
            op::REQUEST
        } else if std::mem::take(&mut due.response) {
            op::RESPONSE
        } else if self.wants_to_send() && free > 0 && room > 0 {
            self.fill((free as usize).min(room), payload);
            op::RW
        } else if std::mem::take(&mut self.due.credit) {
            op::CREDIT_UPDATE
        } else if std::mem::take(&mut self.due.shutdown) {
            self.host_shut = true;
            flags = shutdown::RECEIVE | shutdown::SEND;
            op::SHUTDOWN
        } else if self.wants_to_send() && free == 0 && !std::mem::replace(&mut self.asked, true) {
            op::CREDIT_REQUEST
        } else {
            return None;
        };
        self.told = self.forwarded;
        if op == op::RW {
            self.due.credit = false;
        }
        Some(PacketHeader {
            op,
            flags,
            len: payload.len() as u32,
            buf_alloc: BUFFER,
            fwd_cnt: self.forwarded,
            ..self.header()
        })
    }

    /// Whether [`Connection::next`] would have a packet for a buffer with room for payload.
    pub(super) fn has_next(&self) -> bool {
        let Due { request, response, credit, shutdown, reset } = self.due;
        let due = request || response || credit || shutdown || reset || self.is_spent();
        due || self.wants_to_send() && (self.peer_free() > 0 || !self.asked)
    }

    fn fill(&mut self, most: usize, payload: &mut Vec<u8>) {
        let count = match self.service {
            Service::Source => {
                payload.extend((0..most as u32).map(|i| self.sent.wrapping_add(i) as u8));
                most
            }
            _ => {
                let count = most.min(self.pending.len());
                payload.extend(self.pending.drain(..count));
                self.forwarded = self.forwarded.wrapping_add(count as u32);
                count
            }
        };
        self.sent = self.sent.wrapping_add(count as u32);
    }

    fn header(&self) -> PacketHeader {
        PacketHeader { src_port: self.host_port, dst_port: self.guest_port, ..PacketHeader::default() }
    }

    /// Time passes. A guest that does not answer the end of a connection gets it all the same (§5.10.6.5).
    pub(super) fn tick(&mut self, now: Duration) {
        if self.host_shut && now.saturating_sub(*self.waits_since.get_or_insert(now)) >= PATIENCE {
            self.due = Due { reset: true, ..Due::default() };
        }
    }
}
