//! Block requests (§5.2.6.1).

use parakit_abi::device::DeviceType;
use parakit_abi::device::block::{DiscardWriteZeroes, ID_BYTES, RequestHeader, SECTOR_SIZE, config, feature, request};
use parakit_abi::feature::Features;
use parakit_abi::requirement::{RequirementId, id};

use super::Capacity;
use crate::judge::track::{Track, field};
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Chain, Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "block: requests",
    requirements: &[
        id::BLK_DRV_OP_2,
        id::BLK_DRV_OP_4,
        id::BLK_DRV_OP_5,
        id::BLK_DRV_OP_6,
        id::BLK_DRV_OP_7,
        id::BLK_DRV_OP_8,
        id::BLK_DRV_OP_9,
        id::BLK_DRV_OP_10,
        id::BLK_DRV_OP_11,
        id::BLK_DRV_OP_14,
    ],
    make: |info| {
        (info.device_type == DeviceType::BLOCK.0).then(|| {
            let track = Track::new(info);
            let limits = SEGMENT_LIMITS.map(|(_, _, offset, _)| field(&info.config, offset, 4));
            Box::new(Requests { capacity: Capacity::new(&track), track, limits }) as Box<dyn Checker>
        })
    },
};

/// Requests made of segments: type, the feature that makes the limit exist, where it stands in the configuration space, the rule.
const SEGMENT_LIMITS: [(u32, u32, u32, RequirementId); 3] = [
    (request::DISCARD, feature::DISCARD, config::MAX_DISCARD_SEG, id::BLK_DRV_OP_9),
    (request::SECURE_ERASE, feature::SECURE_ERASE, config::MAX_SECURE_ERASE_SEG, id::BLK_DRV_OP_10),
    (request::WRITE_ZEROES, feature::WRITE_ZEROES, config::MAX_WRITE_ZEROES_SEG, id::BLK_DRV_OP_11),
];

struct Requests {
    track: Track,
    capacity: Capacity,
    /// The largest that each limit of [`SEGMENT_LIMITS`] has been.
    limits: [u64; 3],
}

impl Checker for Requests {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        self.capacity.event(event, &self.track);
        match &event.kind {
            EventKind::ConfigChanged { bytes, .. } => {
                for (limit, (_, _, offset, _)) in self.limits.iter_mut().zip(SEGMENT_LIMITS) {
                    *limit = (*limit).max(field(bytes, offset, 4));
                }
            }
            EventKind::Available(chain) if self.track.rings() => {
                if let Some(request) = Request::parse(chain) {
                    let mut judge = Judge { event, chain, request, verdicts };
                    judge.lengths();
                    judge.range(self.capacity.allowed);
                    judge.segments(self.limits, self.track.offered());
                }
            }
            _ => {}
        }
    }
}

/// A well-formed request: a header to read, a status byte to write, and what lies between them.
struct Request {
    header: RequestHeader,
    /// Bytes of data that the device reads.
    out: u64,
    /// Bytes of data that the device writes.
    into: u64,
    /// The first of the segments.
    segments: Vec<DiscardWriteZeroes>,
}

impl Request {
    fn parse(chain: &Chain) -> Option<Self> {
        if chain.broken.is_some() {
            return None;
        }
        let header = RequestHeader::from_le_bytes(*chain.readable.first_chunk()?);
        let out = chain.readable_len().checked_sub(RequestHeader::SIZE as u64)?;
        let into = chain.writable_len().checked_sub(1)?;
        let (segments, _) = chain.readable[RequestHeader::SIZE..].as_chunks();
        let segments = segments.iter().map(|bytes| DiscardWriteZeroes::from_le_bytes(*bytes)).collect();
        Some(Self { header, out, into, segments })
    }
}

struct Judge<'a> {
    event: &'a Event,
    chain: &'a Chain,
    request: Request,
    verdicts: &'a mut Verdicts,
}

impl Judge<'_> {
    fn rule(&mut self, id: RequirementId, kept: bool, expected: &str, seen: impl FnOnce() -> String) {
        if kept {
            self.verdicts.pass(id);
        } else {
            let seen = format!("queue {}, request with head {}: {}", self.chain.queue, self.chain.head, seen());
            self.verdicts.violate(id, self.event, expected, seen);
        }
    }

    fn lengths(&mut self) {
        let Request { header, out, into, .. } = self.request;
        let RequestHeader { request_type, sector } = header;
        match request_type {
            request::IN | request::OUT => {
                let data = if request_type == request::IN { into } else { out };
                let expected = "reads and writes are of whole sectors of 512 bytes";
                let kept = data.is_multiple_of(SECTOR_SIZE as u64);
                self.rule(id::BLK_DRV_OP_6, kept, expected, || {
                    format!("type {request_type} with {data} bytes of data")
                });
            }
            request::FLUSH => {
                let seen = || format!("sector {sector}");
                self.rule(id::BLK_DRV_OP_4, sector == 0, "a flush has sector 0", seen);
                let seen = || format!("{} bytes of data", out + into);
                self.rule(id::BLK_DRV_OP_5, out + into == 0, "a flush has no data", seen);
            }
            request::GET_ID => {
                let kept = into == ID_BYTES as u64;
                self.rule(id::BLK_DRV_OP_8, kept, "a device id has 20 bytes", || format!("{into} bytes"));
            }
            request::DISCARD | request::SECURE_ERASE | request::WRITE_ZEROES => {
                let kept = out.is_multiple_of(DiscardWriteZeroes::SIZE as u64);
                let seen = || format!("type {request_type} with {out} bytes of data");
                self.rule(id::BLK_DRV_OP_7, kept, "data is whole segments of 16 bytes", seen);
            }
            _ => {}
        }
    }

    /// Reads and writes within the capacity. Write-zeroes writes too; a discard neither reads nor writes.
    fn range(&mut self, capacity: u64) {
        let RequestHeader { request_type, sector } = self.request.header;
        let sectors = |bytes: u64| bytes.div_ceil(SECTOR_SIZE as u64);
        let beyond = |first: u64, count: u64| first.checked_add(count).is_none_or(|end| end > capacity);
        let ranges: Vec<(u64, u64)> = match request_type {
            request::IN => vec![(sector, sectors(self.request.into))],
            request::OUT => vec![(sector, sectors(self.request.out))],
            request::WRITE_ZEROES => {
                self.request.segments.iter().map(|s| (s.sector, u64::from(s.num_sectors))).collect()
            }
            _ => return,
        };
        let fault = ranges.iter().find(|(first, count)| *count > 0 && beyond(*first, *count));
        let kept = fault.is_none();
        let (first, count) = fault.copied().unwrap_or_default();
        self.rule(id::BLK_DRV_OP_2, kept, "a request stays within the capacity", || {
            format!("type {request_type} of {count} sectors from {first}, capacity {capacity}")
        });
    }

    /// Without its feature a limit does not exist; a device that is asked all the same says that it cannot.
    fn segments(&mut self, limits: [u64; 3], offered: Features) {
        let request_type = self.request.header.request_type;
        let out = self.request.out;
        for ((kind, bit, _, rule), limit) in SEGMENT_LIMITS.into_iter().zip(limits) {
            if kind == request_type && offered.has(bit) {
                let count = out / DiscardWriteZeroes::SIZE as u64;
                let seen = || format!("{count} segments, {limit} allowed");
                self.rule(rule, count <= limit, "a request has no more segments than the device takes", seen);
            }
        }
        if request_type == request::DISCARD {
            let unmap = self.request.segments.iter().position(|s| s.flags & DiscardWriteZeroes::UNMAP != 0);
            let seen = || format!("segment {} has it set", unmap.unwrap_or_default());
            self.rule(id::BLK_DRV_OP_14, unmap.is_none(), "the unmap bit of a discard is clear", seen);
        }
    }
}
