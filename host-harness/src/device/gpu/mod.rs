//! GPU device of two dimensions (VIRTIO 1.4 §5.7).

mod screen;

use parakit_abi::device::DeviceType;
use parakit_abi::device::gpu::{FLAG_FENCE, Header, Rect, command, config, layout, queue, response};
use parakit_abi::feature::Features;

pub use screen::{Picture, Screen};

use super::{Counters, DeviceModel, Outcome};
use crate::queue::Request;

/// What a GPU is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpuOptions {
    /// Pixels of the display.
    pub width: u32,
    /// Pixels of the display.
    pub height: u32,
    /// Most bytes of all resources together.
    pub memory_bytes: u64,
    /// Largest size of each queue.
    pub queue_size: u16,
}

impl Default for GpuOptions {
    /// 1024 by 768 pixels, 64 MiB of resources, 64 entries.
    fn default() -> Self {
        Self { width: 1024, height: 768, memory_bytes: 64 << 20, queue_size: 64 }
    }
}

/// A GPU.
#[derive(Debug)]
pub struct Gpu {
    options: GpuOptions,
    screen: Screen,
    counters: Counters,
}

impl Gpu {
    /// A GPU whose display is shown on `screen`.
    #[must_use]
    pub fn new(options: GpuOptions, screen: Screen) -> Self {
        Self { options, screen, counters: Counters::for_queues(2) }
    }

    /// The screen that it was made with.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.screen
    }
}

impl DeviceModel for Gpu {
    fn device_type(&self) -> DeviceType {
        DeviceType::GPU
    }

    fn features(&self) -> Features {
        Features::NONE
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.options.queue_size; 2]
    }

    fn config(&self) -> Vec<u8> {
        let mut space = vec![0; config::SIZE as usize];
        space[config::NUM_SCANOUTS as usize] = 1;
        space
    }

    fn write_config(&mut self, _offset: usize, _data: &[u8]) {}

    fn reset(&mut self) {}

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        self.counters.requests[usize::from(queue)] += 1;
        let mut bytes = [0; Header::SIZE];
        let whole = request.fault().is_none() && request.read(&mut bytes);
        let header = Header::from_le_bytes(bytes);
        let mut answer = vec![0; Header::SIZE];
        let mut answer_type = response::ERR_UNSPEC;
        if whole && queue == queue::CONTROL && header.header_type == command::GET_DISPLAY_INFO {
            answer.resize(layout::DISPLAY_INFO, 0);
            let display = Rect { width: self.options.width, height: self.options.height, ..Rect::default() };
            answer[Header::SIZE..][..Rect::SIZE].copy_from_slice(&display.to_le_bytes());
            answer[Header::SIZE + Rect::SIZE] = 1;
            answer_type = response::OK_DISPLAY_INFO;
        } else {
            self.counters.errors += 1;
        }
        let fence = header.flags & FLAG_FENCE;
        let header = Header { header_type: answer_type, flags: fence, fence_id: header.fence_id, ..Header::default() };
        answer[..Header::SIZE].copy_from_slice(&header.to_le_bytes());
        Outcome::Used(request.write(0, &answer) as u32)
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
