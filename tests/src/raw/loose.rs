//! A driver that keeps every rule and nothing else: whatever the specification leaves open, a seed decides.
//!
//! Judges are tried with it for false alarms.

use std::collections::BTreeMap;

use parakit_abi::device::block::{self, DiscardWriteZeroes, ID_BYTES, RequestHeader, request};
use parakit_abi::device::{DeviceType, console};
use parakit_abi::feature::{
    ACCESS_PLATFORM, EVENT_IDX, Features, IN_ORDER, INDIRECT_DESC, NOTIF_CONFIG_DATA, NOTIFICATION_DATA,
    ORDER_PLATFORM, RING_RESET, SUSPEND,
};
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::Common;
use parakit_harness::device::Control;
use parakit_harness::observe::Event;

use parakit_harness::oddity::OddityKind;

use super::{Buffer, Chance, Driver, Function, Machine, PackedRing, Ring, Setting};

/// Bytes of one buffer pool, from which every buffer of a run is cut.
const POOL: u32 = 1 << 16;

/// Everything that was seen of the run of `seed`.
#[must_use]
pub fn run(seed: u64) -> Vec<Event> {
    let mut chance = Chance::new(seed);
    let setting = setting(&mut chance);
    let machine = Machine::of(&setting);
    let mut driver = Driver::new(machine, setting);
    let pool = driver.machine.allocate(POOL as usize, 4096);
    let mut loose = Loose {
        d: driver,
        chance,
        pool,
        kept: Vec::new(),
        kept_packed: Vec::new(),
        held_up: false,
        put_off: BTreeMap::new(),
        pauses: 4,
        polls: false,
    };
    if !loose.d.setting.assigned {
        loose.without_driver();
        return loose.d.machine.finish();
    }
    loose.probe();
    for _ in 0..1 + loose.chance.below(3) {
        loose.session();
    }
    if loose.chance.once_in(6) {
        // Left running.
        loose.bring_up_and_work();
    }
    loose.d.machine.finish()
}

fn setting(chance: &mut Chance) -> Setting {
    let device = chance.pick(&[DeviceType::BLOCK, DeviceType::BLOCK, DeviceType::CONSOLE, DeviceType::ENTROPY]);
    let mut setting = Setting::new(device);
    // A block request has three descriptors at least, or one indirect table.
    let smallest = if device == DeviceType::BLOCK { 2 } else { 0 };
    setting.queue_size = 1 << (smallest + chance.below(6));
    if chance.once_in(16) {
        setting.queue_size = 32768;
    }
    setting.queue_max = 32768;
    for bit in [EVENT_IDX, INDIRECT_DESC, RING_RESET, SUSPEND, IN_ORDER, NOTIFICATION_DATA] {
        setting.offer = setting.offer.with(Features::bit(bit));
        if chance.once_in(2) {
            setting.accept = setting.accept.with(Features::bit(bit));
        }
    }
    for bit in [ACCESS_PLATFORM, ORDER_PLATFORM] {
        if chance.once_in(4) {
            setting = setting.with(bit);
        }
    }
    if chance.once_in(2) {
        // Any number of entries, which need not be a power of two.
        setting = setting.packed();
        setting.queue_size += chance.below(usize::from(setting.queue_size).min(1000)) as u16;
        setting.queue_size = setting.queue_size.min(32768);
    }
    if chance.once_in(2) {
        setting = over_pci(setting, chance);
    }
    odd(&mut setting, chance);
    // Nobody has told the guest to drive the device, and it has no driver for it.
    setting.assigned = !chance.once_in(16);
    if device == DeviceType::CONSOLE && chance.once_in(4) {
        setting = setting.widened(console::feature::MULTIPORT);
        setting.queues = 4;
    }
    // Optional features may be left.
    for bit in [block::feature::BLK_SIZE, block::feature::CONFIG_WCE, block::feature::DISCARD] {
        if device == DeviceType::BLOCK && chance.once_in(4) {
            setting.accept = setting.accept.without(Features::bit(bit));
        }
    }
    setting
}

fn over_pci(setting: Setting, chance: &mut Chance) -> Setting {
    let mut setting = if chance.once_in(2) { setting.over_pci() } else { setting.with_msix() };
    setting.vectors = chance.pick(&[1, 2, 3, 64]);
    if chance.once_in(3) {
        setting = setting.with(NOTIF_CONFIG_DATA);
    }
    let kinds = [
        OddityKind::TransitionalIds,
        OddityKind::RevisionZero,
        OddityKind::NotifyAddressShared,
        OddityKind::CapTooLong,
        OddityKind::NarrowBars,
        OddityKind::CapReservedType,
        OddityKind::CapReservedBar,
        OddityKind::CapSecondInstance,
        OddityKind::StructuresLarge,
    ];
    if chance.once_in(2) {
        setting = setting.odd(chance.pick(&kinds));
    }
    setting
}

/// The device does something that is rare, and that it may do.
fn odd(setting: &mut Setting, chance: &mut Chance) {
    let order = [OddityKind::CompleteOutOfOrder, OddityKind::CompleteLate, OddityKind::BatchCompletions];
    if chance.once_in(3) && !setting.accept.has(IN_ORDER) {
        setting.oddities.push(chance.pick(&order).into());
    }
    let kinds = [
        OddityKind::SpuriousInterrupts,
        OddityKind::ResetSlow,
        OddityKind::QueueResetSlow,
        OddityKind::SuspendSlow,
        OddityKind::AvailEventStale,
    ];
    if chance.once_in(3) {
        setting.oddities.push(chance.pick(&kinds).into());
    }
}

pub(super) struct Loose {
    pub(super) d: Driver,
    pub(super) chance: Chance,
    pool: u64,
    /// Rings of earlier sessions, whose memory may serve again.
    pub(super) kept: Vec<Ring>,
    pub(super) kept_packed: Vec<PackedRing>,
    pub(super) held_up: bool,
    /// For each queue that it has published on and not yet notified: the available index before that, in a split ring.
    pub(super) put_off: BTreeMap<usize, u16>,
    /// How often it still pauses for long before it goes on with what it put off.
    pub(super) pauses: u8,
    /// Whether interrupts are no matter in this life: it looks at its rings now and then.
    pub(super) polls: bool,
}

impl Loose {
    /// The device may do anything at any time.
    pub(super) fn device_runs(&mut self) {
        for _ in 0..self.chance.below(6) {
            let choice = self.chance.below(4);
            self.d.machine.step(choice);
        }
        if self.chance.once_in(24) {
            self.d.machine.raise_spurious();
        }
    }

    fn probe(&mut self) {
        if self.d.setting.pci {
            self.d.function = Function::find(&mut self.d.machine);
            if self.d.setting.msix {
                self.d.function.enable_msix(&self.d.machine);
            }
            return;
        }
        let mut both = [Register::MagicValue, Register::Version];
        self.chance.shuffle(&mut both);
        for register in both {
            let _value = self.d.read(register);
        }
        for register in [Register::DeviceID, Register::VendorID, Register::MagicValue] {
            let _value = self.d.read(register);
        }
    }

    fn session(&mut self) {
        self.polls = self.chance.once_in(4);
        if self.bring_up_and_work() {
            // Firmware may leave a device as it is; whoever comes next begins with a reset.
            if !self.chance.once_in(3) {
                self.d.reset();
            }
            if self.chance.once_in(3) {
                self.enumerate();
            }
            self.kept = std::mem::take(&mut self.d.rings);
            self.kept_packed = std::mem::take(&mut self.d.packed);
        }
    }

    /// False when the driver gave up on the way.
    fn bring_up_and_work(&mut self) -> bool {
        self.d.rings.clear();
        self.d.packed.clear();
        self.lose_patience();
        for _ in 0..1 + self.chance.below(2) {
            self.d.reset();
        }
        self.set_status(1);
        if self.chance.once_in(8) {
            // Not today.
            self.set_status(0x81);
            return false;
        }
        if self.chance.once_in(4) {
            // A first look at the offer.
            let _features = self.d.offered_word(self.chance.below(4) as u32);
        }
        self.set_status(3);
        self.features();
        self.set_status(0xb);
        if self.d.status() & 8 == 0 {
            self.set_status(0x8b);
            return false;
        }
        if self.chance.once_in(4) {
            // The same set once more.
            self.d.accept_word(1, self.d.accepted.word(1));
        }
        self.d.map_config();
        self.map_otherwise(Common::ConfigMsixVector);
        self.queues();
        if self.chance.once_in(2) {
            self.read_configuration();
        }
        self.set_status(0xf);
        if self.d.accepted.has(console::feature::MULTIPORT) && self.d.setting.device == DeviceType::CONSOLE {
            self.say_ready();
        }
        for _ in 0..self.chance.below(60) {
            self.act();
        }
        for queue in 0..self.d.setting.queues {
            self.publish(queue);
            self.settle(queue);
        }
        if self.chance.once_in(2) {
            self.d.machine.run();
        }
        // What it read and left for later is handled now.
        if !self.polls {
            let reasons = self.d.handle_interrupt();
            self.changed(reasons);
        }
        if self.chance.once_in(8) {
            // It has had enough, and not because of an interrupt.
            self.d.notify(0);
            self.set_status(0x8f);
        }
        true
    }

    /// Writes the status, perhaps twice, and perhaps looks at it.
    pub(super) fn set_status(&mut self, status: u32) {
        for _ in 0..1 + usize::from(self.chance.once_in(4)) {
            self.d.set_status(status);
        }
        for _ in 0..self.chance.below(3) {
            let _status = self.d.status();
        }
    }

    fn features(&mut self) {
        let mut words = vec![0, 1, 1, 0, 2, 3];
        self.chance.shuffle(&mut words);
        for word in words {
            let value = self.d.offered_word(word);
            self.d.offered = self.d.offered.with_word(word, value);
        }
        if self.chance.once_in(2) {
            self.read_configuration_early();
        }
        self.d.accepted = self.d.offered.and(self.d.setting.accept);
        if self.chance.once_in(4) {
            // Less at first, then all of it.
            self.d.accept_word(0, 0);
        }
        let mut words = vec![0, 1, 2, 3, 1];
        self.chance.shuffle(&mut words);
        for word in words {
            self.d.accept_word(word, self.d.accepted.word(word));
        }
    }

    /// What a driver may look at to find out whether it can work with the device.
    fn read_configuration_early(&mut self) {
        if self.d.setting.device == DeviceType::BLOCK {
            self.capacity();
            let _size = self.d.config(block::config::BLK_SIZE, 4);
        }
    }

    pub(super) fn capacity(&mut self) {
        loop {
            let before = self.d.generation();
            let mut halves = [block::config::CAPACITY, block::config::CAPACITY + 4];
            self.chance.shuffle(&mut halves);
            for half in halves {
                let _half = self.d.config(half, 4);
            }
            if self.d.generation() == before {
                return;
            }
        }
    }

    fn read_configuration(&mut self) {
        match self.d.setting.device {
            DeviceType::BLOCK => {
                self.capacity();
                let _writeback = self.d.config(block::config::WRITEBACK, 1);
            }
            DeviceType::CONSOLE => {
                let _columns = self.d.config(console::config::COLS, 2);
            }
            _ => {}
        }
    }

    fn act(&mut self) {
        let queue = self.chance.below(self.d.setting.queues);
        match self.chance.below(16) {
            0..=4 => self.add(queue),
            5 | 6 => self.publish(queue),
            7 => self.take(queue),
            8 | 12 if self.polls => {
                self.take(queue);
                self.acknowledge_unread();
            }
            8 => self.interrupts(queue),
            9 => self.outside(),
            // A notification that nobody needs.
            10 if self.chance.once_in(3) => self.d.notify(queue),
            11 => self.look_around(),
            12 => self.reasons(),
            13 if self.chance.once_in(4) => self.replace_queue(queue),
            14 if self.chance.once_in(4) => self.suspend_and_resume(),
            _ => self.device_runs(),
        }
    }

    fn interrupts(&mut self, queue: usize) {
        let reasons = self.d.handle_interrupt();
        self.changed(reasons);
        if reasons & 1 != 0 {
            self.take(queue);
        }
    }

    fn outside(&mut self) {
        let control = match self.d.setting.device {
            DeviceType::BLOCK => Control::Capacity(2048 + self.chance.below(2048) as u64),
            DeviceType::CONSOLE => Control::ConsoleInput(vec![b'x'; 1 + self.chance.below(80)]),
            _ => return,
        };
        if self.chance.once_in(3) {
            self.d.machine.control(&control);
        }
    }

    fn cut(&mut self, len: u32, writable: bool) -> Vec<Buffer> {
        let most = 1 + self.chance.below(3);
        let pieces = self.chance.pieces(len, most);
        pieces
            .into_iter()
            .map(|len| Buffer { addr: self.pool + self.chance.below((POOL - len) as usize) as u64, len, writable })
            .collect()
    }

    pub(super) fn buffers(&mut self, queue: usize) -> Option<Vec<Buffer>> {
        let len = 1 + self.chance.below(200) as u32;
        match self.d.setting.device {
            DeviceType::BLOCK => Some(self.request()),
            DeviceType::CONSOLE => Some(self.cut(len, queue.is_multiple_of(2))),
            _ => Some(self.cut(len, true)),
        }
    }

    /// A block request within the smallest capacity there is.
    fn request(&mut self) -> Vec<Buffer> {
        let accepted = self.d.accepted;
        let kinds =
            [request::IN, request::OUT, request::FLUSH, request::GET_ID, request::DISCARD, request::WRITE_ZEROES];
        let kind = match self.chance.pick(&kinds) {
            request::FLUSH if !accepted.has(block::feature::FLUSH) => request::IN,
            request::DISCARD if !accepted.has(block::feature::DISCARD) => request::IN,
            request::WRITE_ZEROES if !accepted.has(block::feature::WRITE_ZEROES) => request::OUT,
            kind => kind,
        };
        let sectors = self.chance.below(5) as u32;
        let moves = matches!(kind, request::IN | request::OUT);
        // Up to and with the last sector.
        let sector = if moves { 2048 - u64::from(sectors) - self.chance.below(8) as u64 } else { 0 };
        let mut readable = RequestHeader { request_type: kind, sector }.to_le_bytes().to_vec();
        let mut into = 0;
        match kind {
            request::IN => into = sectors * 512,
            request::OUT => readable.extend(vec![3; sectors as usize * 512]),
            request::GET_ID => into = ID_BYTES as u32,
            request::DISCARD | request::WRITE_ZEROES => {
                for _ in 0..1 + self.chance.below(16) {
                    let flags = if kind == request::WRITE_ZEROES { self.chance.below(2) as u32 } else { 0 };
                    let segment = DiscardWriteZeroes { sector: 2040, num_sectors: 8, flags };
                    readable.extend(segment.to_le_bytes());
                }
            }
            _ => {}
        }
        let block = self.d.readable(&readable);
        let mut buffers = Vec::new();
        let mut at = block.addr;
        let most = 1 + self.chance.below(3);
        for len in self.chance.pieces(block.len, most) {
            buffers.push(Buffer { addr: at, len, writable: false });
            at += u64::from(len);
        }
        buffers.extend(self.cut(into + 1, true));
        buffers
    }
}
