//! BLK: what a driver owes a block device (VIRTIO 1.4 §5.2).

mod config;
mod request;

use parakit_abi::device::block::config as field;

use super::CheckerKind;
use super::track::Track;
use crate::observe::event::{Event, EventKind};

/// The checkers of this area.
pub(crate) const KINDS: &[CheckerKind] = &[config::KIND, request::KIND];

/// Whether an access of `width` bytes at `offset` covers a byte of the field of `size` bytes at `start`.
fn covers(offset: u32, width: u8, start: u32, size: u32) -> bool {
    u64::from(offset) < u64::from(start) + u64::from(size) && u64::from(start) < u64::from(offset) + u64::from(width)
}

/// The capacity that a driver may go by: it cannot know of a smaller one before it has read it.
struct Capacity {
    /// Largest capacity since the driver last read it, in sectors.
    allowed: u64,
    /// As it stands.
    current: u64,
    /// Publications since the driver read a smaller one. The first two may hold requests from before that.
    settling: Option<u8>,
}

impl Capacity {
    fn new(track: &Track) -> Self {
        let current = track.config_field(field::CAPACITY, 8);
        Self { allowed: current, current, settling: None }
    }

    fn event(&mut self, event: &Event, track: &Track) {
        match &event.kind {
            EventKind::ConfigChanged { .. } => {
                self.current = track.config_field(field::CAPACITY, 8);
                self.allowed = self.allowed.max(self.current);
                self.settling = None;
            }
            EventKind::ConfigRead { offset, width, .. }
                if covers(*offset, *width, field::CAPACITY, 8) && self.allowed != self.current =>
            {
                self.settling.get_or_insert(0);
            }
            _ => {}
        }
        if track.published().is_some()
            && let Some(seen) = &mut self.settling
        {
            *seen += 1;
            if *seen > 2 {
                self.settling = None;
                self.allowed = self.current;
            }
        }
    }
}
