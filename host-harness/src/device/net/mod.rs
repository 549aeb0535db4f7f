//! Network device (VIRTIO 1.4 §5.1).

use std::collections::VecDeque;

use parakit_abi::device::DeviceType;
use parakit_abi::device::net::{ADDRESS_BYTES, PacketHeader, Queue, config, feature, status};
use parakit_abi::feature::Features;

use super::{Control, Counters, DeviceModel, Effect, Outcome, Recorder};
use crate::queue::Request;

/// Most bytes of a frame: an Ethernet header with a VLAN tag, and the largest MTU.
const MAX_FRAME: usize = 18 + 65535;
/// Most frames that wait for buffers; those after them are lost, as they are on a wire.
const MAX_WAITING: usize = 256;

/// What a network device offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetOptions {
    /// Its address.
    pub mac: [u8; ADDRESS_BYTES],
    /// Largest payload of a frame in bytes, offered as `MTU` when given.
    pub mtu: Option<u16>,
    /// Largest size of each queue.
    pub queue_size: u16,
}

impl Default for NetOptions {
    /// Address 52:54:00:12:34:56, MTU 1500, 256 entries.
    fn default() -> Self {
        Self { mac: [0x52, 0x54, 0, 0x12, 0x34, 0x56], mtu: Some(1500), queue_size: 256 }
    }
}

/// A network device. Frames come from [`Control::Frame`].
pub struct Net {
    options: NetOptions,
    link: bool,
    waiting: VecDeque<Vec<u8>>,
    sent: Recorder<Vec<u8>>,
    counters: Counters,
}

impl Net {
    /// A device whose link is up. What the driver sends goes to `sent`.
    #[must_use]
    pub fn new(options: NetOptions, sent: Recorder<Vec<u8>>) -> Self {
        Self { options, link: true, waiting: VecDeque::new(), sent, counters: Counters::for_queues(2) }
    }

    fn receive(&mut self, request: &mut Request<'_>) -> Outcome {
        let room = request.writable_len();
        let Some(frame) = self.waiting.front() else { return Outcome::Wait };
        self.counters.requests[0] += 1;
        if request.fault().is_some() || room < (PacketHeader::SIZE + frame.len()) as u64 {
            self.counters.errors += 1;
            return Outcome::Used(0);
        }
        let header = PacketHeader { num_buffers: 1, ..PacketHeader::default() };
        let mut done = request.write(0, &header.to_le_bytes());
        done += request.write(done as u64, frame);
        self.counters.bytes_to_guest += frame.len() as u64;
        self.waiting.pop_front();
        Outcome::Used(done as u32)
    }

    fn transmit(&mut self, request: &mut Request<'_>) -> Outcome {
        self.counters.requests[1] += 1;
        let mut header = [0; PacketHeader::SIZE];
        if request.fault().is_some() || !request.read(&mut header) || request.readable_len() > MAX_FRAME as u64 {
            self.counters.errors += 1;
            return Outcome::Used(0);
        }
        let mut frame = vec![0; request.readable_len() as usize];
        request.read(&mut frame);
        self.counters.bytes_from_guest += frame.len() as u64;
        let bytes = frame.len();
        self.sent.push(frame, bytes);
        Outcome::Used(0)
    }
}

impl DeviceModel for Net {
    fn device_type(&self) -> DeviceType {
        DeviceType::NET
    }

    fn features(&self) -> Features {
        let mtu = if self.options.mtu.is_some() { Features::bit(feature::MTU) } else { Features::NONE };
        Features::of(&[feature::MAC, feature::STATUS]).with(mtu)
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.options.queue_size; 2]
    }

    fn config(&self) -> Vec<u8> {
        let mut space = vec![0; config::SIZE as usize];
        space[config::MAC as usize..][..ADDRESS_BYTES].copy_from_slice(&self.options.mac);
        let link = if self.link { status::LINK_UP } else { 0 };
        space[config::STATUS as usize..][..2].copy_from_slice(&link.to_le_bytes());
        space[config::MTU as usize..][..2].copy_from_slice(&self.options.mtu.unwrap_or(0).to_le_bytes());
        space
    }

    fn write_config(&mut self, _offset: usize, _data: &[u8]) {}

    fn reset(&mut self) {
        self.waiting.clear();
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        match Queue::of(queue, 1) {
            Some(Queue::Receive(_)) => self.receive(request),
            _ => self.transmit(request),
        }
    }

    fn control(&mut self, control: &Control) -> Effect {
        match control {
            Control::Frame(frame) if self.link && frame.len() <= MAX_FRAME && self.waiting.len() < MAX_WAITING => {
                self.waiting.push_back(frame.clone());
                Effect::Wake(0)
            }
            Control::Link(up) if *up != self.link => {
                self.link = *up;
                Effect::ConfigChanged
            }
            _ => Effect::None,
        }
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
