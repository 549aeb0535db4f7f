//! Entropy device (VIRTIO 1.4 §5.4).

use parakit_abi::device::{DeviceType, entropy};
use parakit_abi::feature::Features;

use super::{Counters, DeviceModel, Outcome};
use crate::queue::Request;

/// Bytes taken from the operating system at a time.
const PIECE: usize = 4096;

/// A source of the operating system's random bytes.
#[derive(Debug)]
pub struct Entropy {
    queue_size: u16,
    limit: usize,
    counters: Counters,
}

impl Entropy {
    /// A source with one queue of `queue_size` entries that gives at most `limit` bytes a request (§5.4.6.2 lets it give fewer
    /// than asked, but not none).
    #[must_use]
    pub fn new(queue_size: u16, limit: usize) -> Self {
        Self { queue_size, limit: limit.max(1), counters: Counters::for_queues(1) }
    }
}

impl Default for Entropy {
    /// 64 entries, 64 KiB a request.
    fn default() -> Self {
        Self::new(64, 0x1_0000)
    }
}

impl DeviceModel for Entropy {
    fn device_type(&self) -> DeviceType {
        DeviceType::ENTROPY
    }

    fn features(&self) -> Features {
        Features::NONE
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.queue_size]
    }

    fn config(&self) -> Vec<u8> {
        Vec::new()
    }

    fn write_config(&mut self, _offset: usize, _data: &[u8]) {}

    fn reset(&mut self) {}

    fn process(&mut self, _queue: u16, request: &mut Request<'_>) -> Outcome {
        self.counters.requests[usize::from(entropy::REQUEST_QUEUE)] += 1;
        // A readable buffer has no business here (§5.4.6.1), but it does no harm either.
        if request.fault().is_some() || request.writable_len() == 0 {
            self.counters.errors += 1;
        }
        let want = usize::try_from(request.writable_len()).unwrap_or(usize::MAX).min(self.limit);
        let mut piece = [0; PIECE];
        let mut done = 0;
        while done < want {
            let count = PIECE.min(want - done);
            if getrandom::fill(&mut piece[..count]).is_err() {
                break;
            }
            done += request.write(done as u64, &piece[..count]);
        }
        self.counters.bytes_to_guest += done as u64;
        Outcome::Used(done as u32)
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
