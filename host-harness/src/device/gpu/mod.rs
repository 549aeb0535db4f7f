//! GPU device of two dimensions with one display (VIRTIO 1.4 §5.7).

mod edid;
mod resource;
mod screen;

use parakit_abi::device::DeviceType;
use parakit_abi::device::gpu::{
    CURSOR_SIDE, EDID_BYTES, FLAG_FENCE, Header, Rect, command, config, event, feature, layout, queue, response,
};
use parakit_abi::feature::Features;

pub use screen::{Picture, Screen};

use super::{Control, Counters, DeviceModel, Effect, Outcome};
use crate::queue::Request;
use resource::{Answer, PIXEL, Resources};

/// Largest side of a display in pixels.
const MAX_SIDE: u32 = 16384;

/// What a GPU is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpuOptions {
    /// Pixels of the display, 1 to 16384.
    pub width: u32,
    /// Pixels of the display, 1 to 16384.
    pub height: u32,
    /// Most bytes of all resources together.
    pub memory_bytes: u64,
    /// Whether `EDID` is offered.
    pub edid: bool,
    /// Largest size of each queue.
    pub queue_size: u16,
}

impl Default for GpuOptions {
    /// 1024 by 768 pixels, 64 MiB of resources, EDID, 64 entries.
    fn default() -> Self {
        Self { width: 1024, height: 768, memory_bytes: 64 << 20, edid: true, queue_size: 64 }
    }
}

/// A GPU.
#[derive(Debug)]
pub struct Gpu {
    options: GpuOptions,
    accepted: Features,
    resources: Resources,
    /// The resource on display, and the part of it.
    scanout: Option<(u32, Rect)>,
    /// Where the cursor is, and its picture.
    cursor: (u32, u32, u32),
    events: u32,
    /// The configuration space changed by a write.
    cleared: bool,
    /// Bytes moved beyond those of requests.
    moved: u64,
    screen: Screen,
    counters: Counters,
}

/// A field of a request.
fn le32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |field| u32::from_le_bytes(*field))
}

fn le64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |field| u64::from_le_bytes(*field))
}

fn rect(bytes: &[u8]) -> Rect {
    bytes
        .get(Header::SIZE..)
        .and_then(|rest| rest.first_chunk())
        .map_or(Rect::default(), |rect| Rect::from_le_bytes(*rect))
}

impl Gpu {
    /// A GPU whose display is shown on `screen`.
    #[must_use]
    pub fn new(mut options: GpuOptions, screen: Screen) -> Self {
        (options.width, options.height) = (options.width.clamp(1, MAX_SIDE), options.height.clamp(1, MAX_SIDE));
        Self {
            accepted: Features::NONE,
            resources: Resources::new(options.memory_bytes),
            scanout: None,
            cursor: (0, 0, 0),
            events: 0,
            cleared: false,
            moved: 0,
            screen,
            counters: Counters::for_queues(2),
            options,
        }
    }

    /// Where the cursor is: pixels from the left and from the top.
    #[must_use]
    pub fn cursor(&self) -> (u32, u32) {
        (self.cursor.0, self.cursor.1)
    }

    /// Reads the rest of a request of `size` bytes that begins with `header`.
    fn body<const N: usize>(header: Header, request: &mut Request<'_>) -> Result<[u8; N], u32> {
        let mut bytes = [0; N];
        bytes[..Header::SIZE].copy_from_slice(&header.to_le_bytes());
        if request.read(&mut bytes[Header::SIZE..]) { Ok(bytes) } else { Err(response::ERR_INVALID_PARAMETER) }
    }

    /// What follows the header of the answer.
    fn control_command(&mut self, header: Header, request: &mut Request<'_>) -> Result<(u32, Vec<u8>), u32> {
        match header.header_type {
            command::GET_DISPLAY_INFO => return Ok((response::OK_DISPLAY_INFO, self.display_info())),
            command::GET_EDID if self.accepted.has(feature::EDID) => {
                let body = Self::body::<{ layout::GET_EDID }>(header, request)?;
                if le32(&body, Header::SIZE) != 0 {
                    return Err(response::ERR_INVALID_SCANOUT_ID);
                }
                let block = edid::edid(self.options.width, self.options.height);
                let mut answer = vec![0; 8 + EDID_BYTES];
                answer[..4].copy_from_slice(&(block.len() as u32).to_le_bytes());
                answer[8..8 + block.len()].copy_from_slice(&block);
                return Ok((response::OK_EDID, answer));
            }
            command::RESOURCE_CREATE_2D => {
                let body = Self::body::<{ layout::CREATE_2D }>(header, request)?;
                let [id, format, width, height] = [24, 28, 32, 36].map(|at| le32(&body, at));
                self.resources.create(id, format, width, height)?;
            }
            command::RESOURCE_UNREF => {
                let id = le32(&Self::body::<{ layout::RESOURCE }>(header, request)?, Header::SIZE);
                self.resources.remove(id)?;
                self.scanout = self.scanout.filter(|(shown, _)| *shown != id);
            }
            command::SET_SCANOUT => {
                let body = Self::body::<{ layout::SET_SCANOUT }>(header, request)?;
                self.set_scanout(rect(&body), le32(&body, 40), le32(&body, 44))?;
            }
            command::RESOURCE_FLUSH => {
                let body = Self::body::<{ layout::FLUSH }>(header, request)?;
                self.flush(rect(&body), le32(&body, 40))?;
            }
            command::TRANSFER_TO_HOST_2D => {
                let body = Self::body::<{ layout::TRANSFER_2D }>(header, request)?;
                let rect = rect(&body);
                self.resources.get_mut(le32(&body, 48))?.fill(rect, le64(&body, 40), request)?;
                let bytes = u64::from(rect.width) * u64::from(rect.height) * PIXEL as u64;
                self.moved += bytes;
                self.counters.bytes_from_guest += bytes;
            }
            command::RESOURCE_ATTACH_BACKING => self.attach(header, request)?,
            command::RESOURCE_DETACH_BACKING => {
                let id = le32(&Self::body::<{ layout::RESOURCE }>(header, request)?, Header::SIZE);
                self.resources.detach(id)?;
            }
            _ => return Err(response::ERR_UNSPEC),
        }
        Ok((response::OK_NODATA, Vec::new()))
    }

    fn display_info(&self) -> Vec<u8> {
        let mut displays = vec![0; layout::DISPLAY_INFO - Header::SIZE];
        let display = Rect { width: self.options.width, height: self.options.height, ..Rect::default() };
        displays[..Rect::SIZE].copy_from_slice(&display.to_le_bytes());
        displays[Rect::SIZE] = 1;
        displays
    }

    fn set_scanout(&mut self, part: Rect, scanout: u32, id: u32) -> Answer {
        if scanout != 0 {
            return Err(response::ERR_INVALID_SCANOUT_ID);
        }
        self.scanout = if id == 0 {
            None
        } else {
            let resource = self.resources.get(id)?;
            let whole = part.width > 0 && part.height > 0 && part.is_within(resource.width, resource.height);
            if !whole {
                return Err(response::ERR_INVALID_PARAMETER);
            }
            Some((id, part))
        };
        Ok(())
    }

    fn flush(&mut self, dirty: Rect, id: u32) -> Answer {
        let resource = self.resources.get(id)?;
        if !dirty.is_within(resource.width, resource.height) {
            return Err(response::ERR_INVALID_PARAMETER);
        }
        let Some((_, part)) = self.scanout.filter(|(shown, _)| *shown == id) else { return Ok(()) };
        // What both cover, seen from the corner of the display.
        let (left, top) = (dirty.x.max(part.x), dirty.y.max(part.y));
        let right = (dirty.x + dirty.width).min(part.x + part.width);
        let bottom = (dirty.y + dirty.height).min(part.y + part.height);
        let seen = Rect {
            x: left.saturating_sub(part.x),
            y: top.saturating_sub(part.y),
            width: right.saturating_sub(left),
            height: bottom.saturating_sub(top),
        };
        if seen.width > 0 && seen.height > 0 {
            self.moved += u64::from(seen.width) * u64::from(seen.height) * PIXEL as u64;
            self.screen.flush(part.width, part.height, seen, |y, row| resource.row(left, part.y + y, row));
        }
        Ok(())
    }

    fn attach(&mut self, header: Header, request: &mut Request<'_>) -> Answer {
        let body = Self::body::<{ layout::ATTACH_BACKING }>(header, request)?;
        let (id, count) = (le32(&body, Header::SIZE), le32(&body, 28) as usize);
        // No more than the request has, whatever it says.
        if request.readable_len() / (layout::MEM_ENTRY as u64) < count as u64 {
            return Err(response::ERR_INVALID_PARAMETER);
        }
        self.resources.get(id)?;
        let mut pieces = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            let mut entry = [0; layout::MEM_ENTRY];
            request.read(&mut entry);
            pieces.push((le64(&entry, 0), le32(&entry, 8)));
        }
        self.resources.attach(id, &pieces, request)
    }

    fn cursor_command(&mut self, header: Header, request: &mut Request<'_>) -> Answer {
        let body = Self::body::<{ layout::UPDATE_CURSOR }>(header, request)?;
        let [scanout, x, y, id] = [24, 28, 32, 40].map(|at| le32(&body, at));
        if scanout != 0 {
            return Err(response::ERR_INVALID_SCANOUT_ID);
        }
        let id = match header.header_type {
            command::MOVE_CURSOR => self.cursor.2,
            command::UPDATE_CURSOR if id == 0 => 0,
            command::UPDATE_CURSOR => {
                let picture = self.resources.get(id)?;
                if (picture.width, picture.height) != (CURSOR_SIDE, CURSOR_SIDE) {
                    return Err(response::ERR_INVALID_PARAMETER);
                }
                id
            }
            _ => return Err(response::ERR_UNSPEC),
        };
        self.cursor = (x, y, id);
        Ok(())
    }
}

impl DeviceModel for Gpu {
    fn device_type(&self) -> DeviceType {
        DeviceType::GPU
    }

    fn features(&self) -> Features {
        if self.options.edid { Features::bit(feature::EDID) } else { Features::NONE }
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.options.queue_size; 2]
    }

    fn config(&self) -> Vec<u8> {
        let mut space = vec![0; config::SIZE as usize];
        space[config::EVENTS_READ as usize..][..4].copy_from_slice(&self.events.to_le_bytes());
        space[config::NUM_SCANOUTS as usize] = 1;
        space
    }

    fn write_config(&mut self, offset: usize, data: &[u8]) {
        if offset == config::EVENTS_CLEAR as usize
            && let Ok(bits) = <[u8; 4]>::try_from(data)
        {
            let left = self.events & !u32::from_le_bytes(bits);
            self.cleared |= left != self.events;
            self.events = left;
        }
    }

    fn negotiated(&mut self, accepted: Features) {
        self.accepted = accepted;
    }

    fn reset(&mut self) {
        self.accepted = Features::NONE;
        self.resources.clear();
        self.scanout = None;
        self.cursor = (0, 0, 0);
        (self.events, self.cleared, self.moved) = (0, false, 0);
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        self.counters.requests[usize::from(queue)] += 1;
        let mut bytes = [0; Header::SIZE];
        let whole = request.fault().is_none() && request.read(&mut bytes);
        let header = Header::from_le_bytes(bytes);
        let result = if !whole {
            Err(response::ERR_UNSPEC)
        } else if queue == queue::CURSOR {
            self.cursor_command(header, request).map(|()| (response::OK_NODATA, Vec::new()))
        } else {
            self.control_command(header, request)
        };
        // Cursor commands may come without room for an answer.
        let room = request.writable_len();
        let result = match result {
            Ok((_, data)) if room > 0 && room < (Header::SIZE + data.len()) as u64 => Err(response::ERR_UNSPEC),
            result => result,
        };
        if result.is_err() {
            self.counters.errors += 1;
        }
        let (header_type, data) = result.unwrap_or_else(|error| (error, Vec::new()));
        let flags = if whole { header.flags & FLAG_FENCE } else { 0 };
        // The fence comes back with the answer (§5.7.6.7); all work is done by now.
        let fence_id = if flags & FLAG_FENCE != 0 { header.fence_id } else { 0 };
        let answer = Header { header_type, flags, fence_id, ctx_id: header.ctx_id, ring_idx: 0 };
        if request.fault().is_some() || room < Header::SIZE as u64 {
            return Outcome::Used(0);
        }
        let mut done = request.write(0, &answer.to_le_bytes());
        done += if data.is_empty() { 0 } else { request.write(done as u64, &data) };
        self.counters.bytes_to_guest += data.len() as u64;
        Outcome::Used(done as u32)
    }

    fn control(&mut self, control: &Control) -> Effect {
        match *control {
            Control::Display { scanout: 0, width, height } if (1..=MAX_SIDE).contains(&width.min(height)) => {
                (self.options.width, self.options.height) = (width.min(MAX_SIDE), height.min(MAX_SIDE));
                self.events |= event::DISPLAY;
                Effect::ConfigChanged
            }
            _ => Effect::None,
        }
    }

    fn effects(&mut self) -> Vec<Effect> {
        if std::mem::take(&mut self.cleared) { vec![Effect::ConfigAnswers] } else { Vec::new() }
    }

    fn extra_work(&mut self) -> u64 {
        std::mem::take(&mut self.moved)
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
