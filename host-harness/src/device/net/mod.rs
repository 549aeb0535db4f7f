//! Network device (VIRTIO 1.4 §5.1), on a link with one host at its other end, which answers pings and sends back what comes to
//! TCP and UDP port 7.
//!
//! Nothing ever leaves the process.

mod control;
mod dhcp;
mod filter;
mod flow;
mod peer;

use std::collections::VecDeque;
use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::device::net::{
    ADDRESS_BYTES, PacketHeader, Queue, config, control as answer, feature, gso, header_flag, status,
};
use parakit_abi::feature::{Features, VERSION_1};

use super::{Control, Counters, DeviceModel, Effect, Outcome, Recorder, Together};
use crate::queue::Request;
use filter::{Address, Filter};
use flow::Flows;
use peer::Peer;

/// Most bytes of a frame: an Ethernet header with a VLAN tag, and the largest MTU.
const MAX_FRAME: usize = 18 + 65535;
/// Bytes of an Ethernet header.
const ETHERNET: usize = 14;
/// Most frames that wait for buffers of a queue; those after them are lost, as they are on a wire.
const MAX_WAITING: usize = 256;
/// Most buffers that a frame is spread over.
const MAX_BUFFERS: usize = 256;
/// The MTU of a device that does not tell.
const USUAL_MTU: u16 = 1500;
/// Most pairs of queues.
const MAX_PAIRS: u16 = 16;
/// MBit/s.
const SPEED: u32 = 10_000;

/// What a network device offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetOptions {
    /// Its address.
    pub mac: [u8; ADDRESS_BYTES],
    /// Largest payload of a frame in bytes, 68 to 65535 (§5.1.4.1); offered as `MTU` when given.
    pub mtu: Option<u16>,
    /// Pairs of queues, 1 to 16; with more than one, `MQ` is offered.
    pub pairs: u16,
    /// Offered features of §5.1.3: any of those that the device has; the others are left out.
    pub features: Features,
    /// Largest size of each queue.
    pub queue_size: u16,
}

impl NetOptions {
    /// The features that the device has, but for `MTU` and `MQ`, which follow from other options.
    pub const IMPLEMENTED: Features = Features::of(&[
        feature::CSUM,
        feature::MAC,
        feature::MRG_RXBUF,
        feature::STATUS,
        feature::CTRL_VQ,
        feature::CTRL_RX,
        feature::CTRL_VLAN,
        feature::CTRL_RX_EXTRA,
        feature::GUEST_ANNOUNCE,
        feature::CTRL_MAC_ADDR,
        feature::SPEED_DUPLEX,
    ]);
    /// Those of them that need the control queue.
    const NEED_CONTROL: Features = Features::of(&[
        feature::CTRL_RX,
        feature::CTRL_VLAN,
        feature::CTRL_RX_EXTRA,
        feature::GUEST_ANNOUNCE,
        feature::CTRL_MAC_ADDR,
        feature::MQ,
    ]);
}

impl Default for NetOptions {
    /// Address 52:54:00:12:34:56, MTU 1500, one pair of queues of 256 entries, everything that the device has.
    fn default() -> Self {
        Self {
            mac: [0x52, 0x54, 0, 0x12, 0x34, 0x56],
            mtu: Some(USUAL_MTU),
            pairs: 1,
            features: Self::IMPLEMENTED,
            queue_size: 256,
        }
    }
}

/// A network device. Frames come from the host at the other end and from [`Control::Frame`].
pub struct Net {
    options: NetOptions,
    offered: Features,
    accepted: Features,
    mac: Address,
    link: bool,
    announce: bool,
    /// Pairs in use.
    active: u16,
    filter: Filter,
    flows: Flows,
    /// Frames to the driver, for each pair.
    waiting: Vec<VecDeque<Vec<u8>>>,
    peer: Peer,
    sent: Recorder<Vec<u8>>,
    effects: Vec<Effect>,
    counters: Counters,
}

impl Net {
    /// A device whose link is up. What the driver sends goes to `sent` as well.
    #[must_use]
    pub fn new(mut options: NetOptions, sent: Recorder<Vec<u8>>) -> Self {
        options.pairs = options.pairs.clamp(1, MAX_PAIRS);
        options.mtu = options.mtu.map(|mtu| mtu.max(68));
        let mut offered = options.features.and(NetOptions::IMPLEMENTED);
        for (given, bit) in [(options.mtu.is_some(), feature::MTU), (options.pairs > 1, feature::MQ)] {
            offered = if given { offered.with(Features::bit(bit)) } else { offered };
        }
        if !offered.has(feature::CTRL_VQ) {
            offered = offered.without(NetOptions::NEED_CONTROL);
        }
        let counters = Counters::for_queues(usize::from(options.pairs) * 2 + 1);
        Self {
            offered,
            accepted: Features::NONE,
            mac: options.mac,
            link: true,
            announce: false,
            active: 1,
            filter: Filter::default(),
            flows: Flows::default(),
            waiting: vec![VecDeque::new(); options.pairs.into()],
            peer: Peer::new(options.mtu.unwrap_or(USUAL_MTU)),
            sent,
            effects: Vec::new(),
            counters,
            options,
        }
    }

    fn role(&self, queue: u16) -> Option<Queue> {
        let pairs = if self.accepted.has(feature::MQ) { self.options.pairs } else { 1 };
        Queue::of(queue, pairs).filter(|role| *role != Queue::Control || self.accepted.has(feature::CTRL_VQ))
    }

    /// Bytes in front of each frame. Legacy drivers have a field less (§5.1.9.1).
    fn header(&self) -> usize {
        let legacy = !self.accepted.has(VERSION_1) && !self.accepted.has(feature::MRG_RXBUF);
        if legacy { PacketHeader::LEGACY_SIZE } else { PacketHeader::SIZE }
    }

    /// A frame comes in over the link; false when the driver does not get it.
    fn arrive(&mut self, frame: Vec<u8>) -> bool {
        // §5.1.4.1: with MTU negotiated, nothing larger.
        let tag = if frame.get(12..14) == Some(&[0x81, 0x00]) { 4 } else { 0 };
        let most = self.options.mtu.map_or(MAX_FRAME, |mtu| ETHERNET + tag + usize::from(mtu));
        if !self.link || frame.len() > most || !self.filter.passes(&frame, self.mac, self.accepted) {
            return false;
        }
        let pair = self.flows.pair(&frame, self.active);
        let waiting = &mut self.waiting[usize::from(pair)];
        if waiting.len() >= MAX_WAITING {
            return false;
        }
        waiting.push_back(frame);
        self.effects.push(Effect::Wake(pair * 2));
        true
    }

    fn arrive_from_peer(&mut self) {
        let frames: Vec<_> = self.peer.sent().collect();
        for frame in frames {
            self.arrive(frame);
        }
    }

    fn give_back(&mut self, queue: u16) -> Outcome {
        self.counters.errors += 1;
        self.counters.requests[usize::from(queue)] += 1;
        Outcome::Used(0)
    }

    fn receive(&mut self, queue: u16, pair: u16, request: &mut Request<'_>) -> Outcome {
        let (head, room) = (self.header(), request.writable_len());
        if request.fault().is_some() || room < head as u64 {
            return self.give_back(queue);
        }
        let merges = self.accepted.has(feature::MRG_RXBUF);
        while let Some(frame) = self.waiting[usize::from(pair)].front() {
            if room >= (head + frame.len()) as u64 {
                let lens = self.put(queue, pair, std::slice::from_mut(request));
                return Outcome::Used(lens.first().copied().unwrap_or(0));
            }
            if merges {
                return Outcome::More;
            }
            // The buffer is too small for the frame, which is lost.
            self.waiting[usize::from(pair)].pop_front();
            self.counters.errors += 1;
        }
        Outcome::Wait
    }

    /// Puts the first frame into buffers that are large enough together.
    fn put(&mut self, queue: u16, pair: u16, requests: &mut [Request<'_>]) -> Vec<u32> {
        let Some(frame) = self.waiting[usize::from(pair)].pop_front() else { return Vec::new() };
        let header = PacketHeader { num_buffers: requests.len() as u16, ..PacketHeader::default() };
        let mut bytes = header.to_le_bytes()[..self.header()].to_vec();
        bytes.extend_from_slice(&frame);
        self.counters.bytes_to_guest += frame.len() as u64;
        let mut done = 0;
        requests
            .iter_mut()
            .map(|request| {
                self.counters.requests[usize::from(queue)] += 1;
                let count = request.write(0, &bytes[done..]);
                done += count;
                count as u32
            })
            .collect()
    }

    fn transmit(&mut self, queue: u16, pair: u16, request: &mut Request<'_>) -> Outcome {
        let mut head = [0; PacketHeader::SIZE];
        let size = self.header();
        if request.fault().is_some() || !request.read(&mut head[..size]) || request.readable_len() > MAX_FRAME as u64 {
            return self.give_back(queue);
        }
        let mut frame = vec![0; request.readable_len() as usize];
        request.read(&mut frame);
        let header = PacketHeader::from_le_bytes(head);
        // No segmentation is offered; unknown flags mean nothing (§5.1.9.2.2).
        let partial = self.accepted.has(feature::CSUM) && header.flags & header_flag::NEEDS_CSUM != 0;
        if header.gso_type != gso::NONE || partial && !complete(&mut frame, header) {
            return self.give_back(queue);
        }
        self.counters.requests[usize::from(queue)] += 1;
        self.counters.bytes_from_guest += frame.len() as u64;
        if self.link {
            self.sent.push(frame.clone(), frame.len());
            if self.options.pairs > 1 {
                self.flows.sent(&frame, pair);
            }
            self.peer.receive(frame);
            self.arrive_from_peer();
        }
        Outcome::Used(0)
    }

    fn control_request(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        let done = self.command(request);
        self.counters.requests[usize::from(queue)] += 1;
        self.counters.errors += u64::from(!done);
        if request.fault().is_some() {
            return Outcome::Used(0);
        }
        Outcome::Used(request.write(0, &[if done { answer::OK } else { answer::ERR }]) as u32)
    }
}

/// Completes a partial checksum (§5.1.9.2); false when the header leads out of the frame.
fn complete(frame: &mut [u8], header: PacketHeader) -> bool {
    let (start, offset) = (usize::from(header.csum_start), usize::from(header.csum_offset));
    if frame.len() < start + offset + 2 {
        return false;
    }
    let (pairs, rest) = frame[start..].as_chunks();
    let last = rest.first().map_or(0, |byte| u64::from(*byte) << 8);
    let mut sum = pairs.iter().map(|pair| u64::from(u16::from_be_bytes(*pair))).sum::<u64>() + last;
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    // Zero means no checksum in UDP; all ones mean the same to everyone else.
    let checksum = match !(sum as u16) {
        0 => 0xffff,
        sum => sum,
    };
    frame[start + offset..][..2].copy_from_slice(&checksum.to_be_bytes());
    true
}

impl DeviceModel for Net {
    fn device_type(&self) -> DeviceType {
        DeviceType::NET
    }

    fn features(&self) -> Features {
        self.offered
    }

    /// The control queue is behind the pairs that are offered, and behind the first one for drivers that take no more.
    fn queues(&self) -> Vec<u16> {
        vec![self.options.queue_size; usize::from(self.options.pairs) * 2 + 1]
    }

    fn config(&self) -> Vec<u8> {
        let mut space = vec![0; config::SIZE as usize];
        let mut put = |bit: Option<u32>, at: u32, bytes: &[u8]| {
            if bit.is_none_or(|bit| self.offered.has(bit)) {
                space[at as usize..][..bytes.len()].copy_from_slice(bytes);
            }
        };
        let link = if self.link { status::LINK_UP } else { 0 };
        let announce = if self.announce { status::ANNOUNCE } else { 0 };
        put(None, config::MAC, &self.mac);
        put(Some(feature::STATUS), config::STATUS, &(link | announce).to_le_bytes());
        put(Some(feature::MQ), config::MAX_VIRTQUEUE_PAIRS, &self.options.pairs.to_le_bytes());
        put(Some(feature::MTU), config::MTU, &self.options.mtu.unwrap_or(0).to_le_bytes());
        put(Some(feature::SPEED_DUPLEX), config::SPEED, &SPEED.to_le_bytes());
        put(Some(feature::SPEED_DUPLEX), config::DUPLEX, &[1]);
        space
    }

    fn write_config(&mut self, _offset: usize, _data: &[u8]) {}

    fn negotiated(&mut self, accepted: Features) {
        self.accepted = accepted;
    }

    fn reset(&mut self) {
        self.accepted = Features::NONE;
        self.mac = self.options.mac;
        self.announce = false;
        self.active = 1;
        self.filter = Filter::default();
        self.flows.clear();
        self.waiting.iter_mut().for_each(VecDeque::clear);
        self.effects.clear();
        // Connections of a driver that is gone are gone.
        self.peer = Peer::new(self.options.mtu.unwrap_or(USUAL_MTU));
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        match self.role(queue) {
            Some(Queue::Receive(pair)) => self.receive(queue, pair, request),
            Some(Queue::Transmit(pair)) => self.transmit(queue, pair, request),
            Some(Queue::Control) => self.control_request(queue, request),
            None => self.give_back(queue),
        }
    }

    fn process_together(&mut self, queue: u16, requests: &mut [Request<'_>]) -> Together {
        let Some(Queue::Receive(pair)) = self.role(queue) else { return Together::Wait };
        let Some(frame) = self.waiting[usize::from(pair)].front() else { return Together::Wait };
        let want = (self.header() + frame.len()) as u64;
        // Each buffer has to hold a header (§5.1.9.3.1), even where it holds something else.
        let small =
            |request: &Request<'_>| request.fault().is_some() || request.writable_len() < PacketHeader::SIZE as u64;
        if requests.iter().any(small) {
            self.counters.errors += 1;
            self.counters.requests[usize::from(queue)] += requests.len() as u64;
            return Together::Used(vec![0; requests.len()]);
        }
        if requests.iter().map(Request::writable_len).sum::<u64>() >= want {
            return Together::Used(self.put(queue, pair, requests));
        }
        if requests.len() < MAX_BUFFERS {
            return Together::More;
        }
        self.waiting[usize::from(pair)].pop_front();
        self.counters.errors += 1;
        self.effects.push(Effect::Wake(queue));
        Together::Wait
    }

    fn tick(&mut self, now: Duration) {
        self.peer.tick(now);
        self.arrive_from_peer();
    }

    fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn control(&mut self, control: &Control) -> Effect {
        match control {
            // Whether the driver gets it is its filter's affair; waking its queue is an effect of its own.
            Control::Frame(frame) if self.link && frame.len() <= MAX_FRAME => {
                if self.arrive(frame.clone()) {
                    return self.effects.pop().unwrap_or(Effect::None);
                }
                Effect::None
            }
            Control::Link(up) if *up != self.link && self.offered.has(feature::STATUS) => {
                self.link = *up;
                Effect::ConfigChanged
            }
            Control::Announce if self.accepted.has(feature::GUEST_ANNOUNCE) && !self.announce => {
                self.announce = true;
                Effect::ConfigChanged
            }
            _ => Effect::None,
        }
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
