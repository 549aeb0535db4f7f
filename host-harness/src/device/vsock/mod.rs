//! Socket device (VIRTIO 1.4 §5.10).

use std::collections::VecDeque;

use parakit_abi::device::DeviceType;
use parakit_abi::device::vsock::{HOST_CID, PacketHeader, config, feature, op, queue};
use parakit_abi::feature::Features;

use super::{Counters, DeviceModel, Effect, Outcome};
use crate::queue::Request;

/// Most packets that wait for buffers.
const MAX_WAITING: usize = 256;

/// What a socket device is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VsockOptions {
    /// The guest's context id.
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
    waiting: VecDeque<PacketHeader>,
    woken: bool,
    counters: Counters,
}

impl Vsock {
    /// A device without connections.
    #[must_use]
    pub fn new(options: VsockOptions) -> Self {
        Self { options, waiting: VecDeque::new(), woken: false, counters: Counters::for_queues(3) }
    }

    fn send(&mut self, request: &mut Request<'_>) -> Outcome {
        self.counters.requests[usize::from(queue::TX)] += 1;
        let mut bytes = [0; PacketHeader::SIZE];
        if request.fault().is_some() || !request.read(&mut bytes) {
            self.counters.errors += 1;
            return Outcome::Used(0);
        }
        let header = PacketHeader::from_le_bytes(bytes);
        if header.op != op::RST && self.waiting.len() < MAX_WAITING {
            self.woken = true;
            self.waiting.push_back(PacketHeader {
                src_cid: HOST_CID,
                dst_cid: header.src_cid,
                src_port: header.dst_port,
                dst_port: header.src_port,
                socket_type: header.socket_type,
                op: op::RST,
                ..PacketHeader::default()
            });
        }
        Outcome::Used(0)
    }

    fn receive(&mut self, request: &mut Request<'_>) -> Outcome {
        let Some(header) = self.waiting.front() else { return Outcome::Wait };
        self.counters.requests[usize::from(queue::RX)] += 1;
        if request.fault().is_some() || request.writable_len() < PacketHeader::SIZE as u64 {
            self.counters.errors += 1;
            return Outcome::Used(0);
        }
        let done = request.write(0, &header.to_le_bytes());
        self.waiting.pop_front();
        Outcome::Used(done as u32)
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

    fn reset(&mut self) {
        self.waiting.clear();
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        match queue {
            queue::RX => self.receive(request),
            queue::TX => self.send(request),
            _ => Outcome::Wait,
        }
    }

    fn effects(&mut self) -> Vec<Effect> {
        if std::mem::take(&mut self.woken) { vec![Effect::Wake(queue::RX)] } else { Vec::new() }
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
