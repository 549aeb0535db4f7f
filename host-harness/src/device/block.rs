//! Block device (VIRTIO 1.4 §5.2).

use parakit_abi::device::DeviceType;
use parakit_abi::device::block::{
    DiscardWriteZeroes, ID_BYTES, RequestHeader, SECTOR_SIZE, config, feature, request, status,
};
use parakit_abi::feature::Features;

use super::{Control, Counters, DeviceModel, Disk, Effect, Outcome};
use crate::queue::{Request, RequestFault};

/// Most sectors of one discard or write-zeroes segment: 16 MiB.
const MAX_SEGMENT_SECTORS: u32 = 32768;
/// Most segments of one discard or write-zeroes request.
const MAX_SEGMENTS: u32 = 16;

/// What a block device offers.
#[derive(Clone, Debug)]
pub struct BlockOptions {
    /// Offered features of §5.2.3: any of `RO`, `BLK_SIZE`, `SIZE_MAX`, `SEG_MAX`, `GEOMETRY`, `TOPOLOGY`, `FLUSH`, `CONFIG_WCE`, `DISCARD`,
    /// `WRITE_ZEROES` and `MQ`; the others are left out.
    pub features: Features,
    /// Largest size of each queue.
    pub queue_size: u16,
    /// Queues, with `MQ`.
    pub queues: u16,
    /// Name of the device, cut at 20 bytes.
    pub id: String,
    /// Logical block size in bytes, with `BLK_SIZE`.
    pub blk_size: u32,
    /// Largest segment in bytes, with `SIZE_MAX`.
    pub size_max: u32,
    /// Most segments of a request, with `SEG_MAX`.
    pub seg_max: u32,
}

impl BlockOptions {
    const IMPLEMENTED: Features = Features::of(&[
        feature::RO,
        feature::BLK_SIZE,
        feature::SIZE_MAX,
        feature::SEG_MAX,
        feature::GEOMETRY,
        feature::TOPOLOGY,
        feature::FLUSH,
        feature::CONFIG_WCE,
        feature::DISCARD,
        feature::WRITE_ZEROES,
        feature::MQ,
    ]);
}

impl Default for BlockOptions {
    fn default() -> Self {
        Self {
            features: Self::IMPLEMENTED.without(Features::of(&[feature::RO, feature::MQ, feature::GEOMETRY])),
            queue_size: 256,
            queues: 1,
            id: "parakit-block".to_owned(),
            blk_size: SECTOR_SIZE as u32,
            size_max: 1 << 20,
            seg_max: 126,
        }
    }
}

/// A disk behind requests.
pub struct Block {
    disk: Box<dyn Disk>,
    options: BlockOptions,
    capacity: u64,
    accepted: Features,
    writeback: bool,
    counters: Counters,
}

/// What a request came to.
type Answer = Result<(), u8>;

impl Block {
    /// A block device with the contents of `disk`.
    #[must_use]
    pub fn new(disk: Box<dyn Disk>, mut options: BlockOptions) -> Self {
        options.features = options.features.and(BlockOptions::IMPLEMENTED);
        if options.features.has(feature::CONFIG_WCE) {
            // §5.2.5.2: whoever offers the one has to offer the other.
            options.features = options.features.with(Features::bit(feature::FLUSH));
        }
        if !options.features.has(feature::MQ) {
            options.queues = 1;
        }
        let counters = Counters::for_queues(usize::from(options.queues));
        let capacity = disk.len() / SECTOR_SIZE as u64;
        let mut block = Self { disk, options, capacity, accepted: Features::NONE, writeback: false, counters };
        block.reset();
        block
    }

    fn offers(&self, bit: u32) -> bool {
        self.options.features.has(bit)
    }

    /// Byte offset of `sectors` sectors from `sector` on, if they are on the disk.
    fn range(&self, sector: u64, sectors: u64) -> Result<u64, u8> {
        match sector.checked_add(sectors) {
            Some(end) if end <= self.capacity => Ok(sector * SECTOR_SIZE as u64),
            _ => Err(status::IOERR),
        }
    }

    fn sectors(bytes: u64) -> Result<u64, u8> {
        if bytes.is_multiple_of(SECTOR_SIZE as u64) { Ok(bytes / SECTOR_SIZE as u64) } else { Err(status::IOERR) }
    }

    fn read_only(&self) -> Answer {
        if self.offers(feature::RO) { Err(status::IOERR) } else { Ok(()) }
    }

    /// Makes a completed write stable before its completion is told, where the driver may count on it (§5.2.6.2).
    fn settle(&mut self) -> Answer {
        let writethrough = if self.accepted.has(feature::CONFIG_WCE) {
            !self.writeback
        } else {
            !self.accepted.has(feature::FLUSH) && self.offers(feature::FLUSH)
        };
        if writethrough { self.disk.flush().map_err(|_| status::IOERR) } else { Ok(()) }
    }

    fn execute(&mut self, header: RequestHeader, request: &mut Request<'_>) -> Answer {
        match header.request_type {
            request::IN => {
                let offset = self.range(header.sector, Self::sectors(request.writable_len())?)?;
                self.disk.read(offset, request.writable()).map_err(|_| status::IOERR)?;
                self.counters.bytes_to_guest += request.writable_len();
                Ok(())
            }
            request::OUT => {
                self.read_only()?;
                let offset = self.range(header.sector, Self::sectors(request.readable_len())?)?;
                self.disk.write(offset, request.readable()).map_err(|_| status::IOERR)?;
                self.counters.bytes_from_guest += request.readable_len();
                self.settle()
            }
            request::FLUSH => self.disk.flush().map_err(|_| status::IOERR),
            request::GET_ID => {
                if request.writable_len() < ID_BYTES as u64 {
                    return Err(status::IOERR);
                }
                request.zero_writable();
                let id = self.options.id.as_bytes();
                request.write(0, &id[..id.len().min(ID_BYTES)]);
                Ok(())
            }
            request::DISCARD if self.offers(feature::DISCARD) => self.erase(request, false),
            request::WRITE_ZEROES if self.offers(feature::WRITE_ZEROES) => self.erase(request, true),
            _ => Err(status::UNSUPP),
        }
    }

    /// Discard and write-zeroes: both leave zeroes here. Nothing is done unless every segment is in order.
    fn erase(&mut self, request: &mut Request<'_>, may_unmap: bool) -> Answer {
        self.read_only()?;
        let size = DiscardWriteZeroes::SIZE as u64;
        let count = request.readable_len() / size;
        if !request.readable_len().is_multiple_of(size) || count == 0 || count > u64::from(MAX_SEGMENTS) {
            return Err(status::IOERR);
        }
        let mut segments = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let mut bytes = [0; DiscardWriteZeroes::SIZE];
            request.read(&mut bytes);
            let segment = DiscardWriteZeroes::from_le_bytes(bytes);
            let known = if may_unmap { DiscardWriteZeroes::UNMAP } else { 0 };
            if segment.flags & !known != 0 {
                return Err(status::UNSUPP);
            }
            if segment.num_sectors > MAX_SEGMENT_SECTORS {
                return Err(status::IOERR);
            }
            segments.push((self.range(segment.sector, u64::from(segment.num_sectors))?, segment.num_sectors));
        }
        for (offset, sectors) in segments {
            let bytes = u64::from(sectors) * SECTOR_SIZE as u64;
            self.disk.zero(offset, bytes).map_err(|_| status::IOERR)?;
        }
        self.settle()
    }
}

impl DeviceModel for Block {
    fn device_type(&self) -> DeviceType {
        DeviceType::BLOCK
    }

    fn features(&self) -> Features {
        self.options.features
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.options.queue_size; usize::from(self.options.queues)]
    }

    fn config(&self) -> Vec<u8> {
        let mut space = vec![0; config::SIZE as usize];
        let mut put = |at: u32, bytes: &[u8]| space[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
        put(config::CAPACITY, &self.capacity.to_le_bytes());
        if self.offers(feature::SIZE_MAX) {
            put(config::SIZE_MAX, &self.options.size_max.to_le_bytes());
        }
        if self.offers(feature::SEG_MAX) {
            put(config::SEG_MAX, &self.options.seg_max.to_le_bytes());
        }
        if self.offers(feature::GEOMETRY) {
            let cylinders = u16::try_from(self.capacity / (16 * 63)).unwrap_or(u16::MAX);
            put(config::CYLINDERS, &cylinders.to_le_bytes());
            put(config::HEADS, &[16, 63]);
        }
        if self.offers(feature::BLK_SIZE) {
            put(config::BLK_SIZE, &self.options.blk_size.to_le_bytes());
        }
        if self.offers(feature::TOPOLOGY) {
            let physical = (4096 / self.options.blk_size.max(1)).max(1);
            put(config::PHYSICAL_BLOCK_EXP, &[physical.ilog2() as u8, 0]);
            put(config::MIN_IO_SIZE, &(physical as u16).to_le_bytes());
            put(config::OPT_IO_SIZE, &(16 * physical).to_le_bytes());
        }
        if self.offers(feature::CONFIG_WCE) {
            put(config::WRITEBACK, &[u8::from(self.writeback)]);
        }
        if self.offers(feature::MQ) {
            put(config::NUM_QUEUES, &self.options.queues.to_le_bytes());
        }
        if self.offers(feature::DISCARD) {
            put(config::MAX_DISCARD_SECTORS, &MAX_SEGMENT_SECTORS.to_le_bytes());
            put(config::MAX_DISCARD_SEG, &MAX_SEGMENTS.to_le_bytes());
            put(config::DISCARD_SECTOR_ALIGNMENT, &(self.options.blk_size / SECTOR_SIZE as u32).to_le_bytes());
        }
        if self.offers(feature::WRITE_ZEROES) {
            put(config::MAX_WRITE_ZEROES_SECTORS, &MAX_SEGMENT_SECTORS.to_le_bytes());
            put(config::MAX_WRITE_ZEROES_SEG, &MAX_SEGMENTS.to_le_bytes());
            put(config::WRITE_ZEROES_MAY_UNMAP, &[1]);
        }
        space
    }

    fn write_config(&mut self, offset: usize, data: &[u8]) {
        if let [value] = data
            && offset == config::WRITEBACK as usize
            && self.accepted.has(feature::CONFIG_WCE)
        {
            self.writeback = value & 1 != 0;
        }
    }

    fn negotiated(&mut self, accepted: Features) {
        self.accepted = accepted;
        if accepted.has(feature::CONFIG_WCE) && !accepted.has(feature::FLUSH) {
            // §5.2.5.2: a driver that cannot flush gets a writethrough cache.
            self.writeback = false;
        }
    }

    fn reset(&mut self) {
        self.accepted = Features::NONE;
        self.writeback = self.offers(feature::FLUSH);
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        if let Some(count) = self.counters.requests.get_mut(usize::from(queue)) {
            *count += 1;
        }
        let broken = matches!(request.fault(), Some(RequestFault::Broken));
        let Some(answer) = request.take_last_writable().filter(|_| !broken) else {
            // Nowhere to put a status.
            self.counters.errors += 1;
            return Outcome::Used(0);
        };
        let mut bytes = [0; RequestHeader::SIZE];
        let whole = request.fault().is_none() && request.read(&mut bytes);
        let header = RequestHeader::from_le_bytes(bytes);
        let result = if whole { self.execute(header, request) } else { Err(status::IOERR) };
        if result.is_err() || !matches!(header.request_type, request::IN | request::GET_ID) {
            // So that every byte in front of the status was written, and the length can say so (§2.7.8.2).
            request.zero_writable();
        }
        if result.is_err() {
            self.counters.errors += 1;
        }
        answer.copy_from(&[result.err().unwrap_or(status::OK)]);
        if matches!(request.fault(), Some(RequestFault::Unmapped { .. })) {
            // Some of the bytes have no memory to be written to.
            return Outcome::Used(0);
        }
        Outcome::Used(u32::try_from(request.writable_len() + 1).unwrap_or(u32::MAX))
    }

    fn control(&mut self, control: &Control) -> Effect {
        match control {
            Control::Capacity(sectors) if *sectors != self.capacity => {
                let fits = sectors.checked_mul(SECTOR_SIZE as u64).is_some_and(|len| self.disk.resize(len));
                if fits {
                    self.capacity = *sectors;
                    Effect::ConfigChanged
                } else {
                    Effect::None
                }
            }
            _ => Effect::None,
        }
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
