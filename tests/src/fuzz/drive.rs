//! The targets that have a device: any accesses, a live ring, whole requests.

use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::transport::mmio::{Register, legacy};
use parakit_abi::transport::pci::{CfgType, Common, command, header};
use parakit_harness::observe::EventKind;
use parakit_harness::oddity::{Oddity, OddityKind};

use super::acts;
use super::bytes::Bytes;
use super::rig::{Bus, Plan, Rig};
use super::ring::{self, BUFFERS, Buffer, Queue};

/// Most acts of an input.
const ACTS: usize = 300;
/// Most steps that a device may do at a time.
const STEPS: usize = 300;

const DEVICES: &[DeviceType] = &[
    DeviceType::BLOCK,
    DeviceType::CONSOLE,
    DeviceType::ENTROPY,
    DeviceType::NET,
    DeviceType::INPUT,
    DeviceType::GPU,
    DeviceType::VSOCK,
];

/// Registers in any order, of a device that nobody brought up.
pub(super) fn registers(bytes: &mut Bytes<'_>, pci: bool) {
    let device = bytes.pick(DEVICES);
    let choice = bytes.u8();
    let bus = match (pci, choice & 1 != 0) {
        (true, _) => Bus::Pci,
        (false, true) => Bus::Legacy,
        (false, false) => Bus::Mmio,
    };
    let mut plan = Plan::new(device, bus);
    plan.doorbells = choice & 2 != 0;
    plan.wide = choice & 4 != 0;
    plan.vectors = [0, 1, 3, 64][usize::from(choice >> 3 & 3)];
    plan.multiplier = [0, 4, 4, 4096][usize::from(choice >> 5 & 3)];
    plan.oddity = oddity(bytes);
    let mut rig = Rig::new(&plan);
    let mut queue = None;
    if choice & 0x80 != 0 {
        let features = rig.device_features(bytes);
        bring_up(&mut rig, bus, features);
        queue = Some(set_up(&mut rig, bus, 0, bytes, features));
        put(&mut rig, bus, Register::Status, Common::DeviceStatus, 0xf);
    }
    for _ in 0..ACTS {
        if bytes.is_empty() {
            break;
        }
        match bytes.below(4) {
            0 => acts::beside(&mut rig, bytes),
            1 if queue.is_some() => {
                if let Some(queue) = &mut queue {
                    on_ring(&mut rig, bus, queue, bytes);
                }
            }
            _ if pci => acts::pci(&mut rig, bytes),
            _ => acts::mmio(&mut rig, bytes),
        }
    }
    rig.run(STEPS);
    rig.finish();
}

/// A device that is live, with all that can happen to its rings.
pub(super) fn ring(bytes: &mut Bytes<'_>, packed: bool) {
    let device = bytes.pick(DEVICES);
    let choice = bytes.u8();
    let bus = if choice & 1 != 0 { Bus::Pci } else { Bus::Mmio };
    let mut plan = Plan::new(device, bus);
    plan.doorbells = choice & 2 != 0;
    plan.oddity = oddity(bytes);
    let mut rig = Rig::new(&plan);
    let ring = Features::bit(feature::RING_PACKED);
    let features = rig.device_features(bytes);
    let features = if packed { features.with(ring) } else { features.without(ring) };
    bring_up(&mut rig, bus, features);
    let count = 1 + u16::from(choice >> 2 & 1);
    let mut queues: Vec<Queue> = (0..count).map(|i| set_up(&mut rig, bus, i, bytes, features)).collect();
    put(&mut rig, bus, Register::Status, Common::DeviceStatus, 0xf);
    for _ in 0..ACTS {
        if bytes.is_empty() {
            break;
        }
        let which = bytes.below(queues.len());
        match bytes.below(16) {
            0 if bus == Bus::Pci => acts::pci(&mut rig, bytes),
            0 => acts::mmio(&mut rig, bytes),
            1 => {
                // Away with it, and then anew.
                let reset = bytes.bool();
                select(&mut rig, bus, which as u16);
                if reset {
                    put(&mut rig, bus, Register::QueueReset, Common::QueueReset, 1);
                } else {
                    put(&mut rig, bus, Register::QueueReady, Common::QueueEnable, 0);
                }
                queues[which] = set_up(&mut rig, bus, which as u16, bytes, features);
            }
            2..=5 => acts::beside(&mut rig, bytes),
            _ => on_ring(&mut rig, bus, &mut queues[which], bytes),
        }
    }
    rig.run(STEPS);
    rig.finish();
}

/// Requests that are chains as they should be, and their contents anything.
pub(super) fn requests(bytes: &mut Bytes<'_>, device: DeviceType) {
    let choice = bytes.u8();
    let bus = if choice & 1 != 0 { Bus::Pci } else { Bus::Mmio };
    let mut rig = Rig::new(&Plan::new(device, bus));
    let features = rig.device_features(bytes);
    bring_up(&mut rig, bus, features);
    let count = rig.queue_count().min(3) as u16;
    let mut queues: Vec<Queue> = (0..count).map(|i| set_up(&mut rig, bus, i, bytes, features)).collect();
    put(&mut rig, bus, Register::Status, Common::DeviceStatus, 0xf);
    let in_order = features.has(feature::IN_ORDER);
    for _ in 0..ACTS {
        if bytes.is_empty() {
            break;
        }
        if bytes.below(8) == 0 {
            let control = acts::control(bytes, Some(device));
            rig.watched(|rig| rig.device.control(&control));
            rig.tick(Duration::from_millis(bytes.u8().into()));
            let offset = bytes.u8();
            let config = if bus == Bus::Pci { acts::structure(&rig, CfgType::Device) } else { 0x100 };
            let value = bytes.u8();
            rig.watched(|rig| match bus {
                Bus::Pci => drop(rig.root.memory_write(config + u64::from(offset), &[value])),
                _ => rig.write(config + u64::from(offset), 1, value.into()),
            });
        }
        let which = bytes.below(queues.len());
        let buffers = request(&rig, device, bytes);
        queues[which].ask(&rig, &buffers, bytes.bool() && features.has(feature::INDIRECT_DESC));
        notify(&mut rig, bus, &queues[which], 0);
        let seen = rig.events().len();
        rig.run(STEPS);
        for event in &rig.events()[seen..] {
            if let EventKind::Used { queue, id, .. } = event.kind {
                queues[usize::from(queue)].used(id, in_order);
            }
        }
        assert!(rig.device.trouble().is_none(), "rings without fault: {:?}", rig.device.trouble());
    }
    lengths(&mut rig);
    rig.finish();
}

/// No device says that it wrote more than there was room for.
fn lengths(rig: &mut Rig) {
    let mut chains = std::collections::HashMap::new();
    for event in rig.events() {
        match &event.kind {
            EventKind::Available(chain) => {
                // Of a chain that ends where no memory is, the rest is not known; the device may use it all the same.
                let room = if chain.broken.is_none() { chain.writable_len() } else { u64::MAX };
                chains.insert((chain.queue, u32::from(chain.head)), room);
            }
            EventKind::Used { queue, id, len, .. } => {
                let room = chains.get(&(*queue, *id)).copied().expect("what is used was made available");
                assert!(u64::from(*len) <= room, "queue {queue}: {len} bytes used of {room}");
            }
            _ => {}
        }
    }
}

/// The buffers of a request: their sizes and directions, and what the device reads.
fn request(rig: &Rig, device: DeviceType, bytes: &mut Bytes<'_>) -> Vec<Buffer> {
    let mut buffers = Vec::new();
    let mut at = BUFFERS;
    let shape = bytes.u8();
    // The header, as its fields are: most of the contents decide nothing unless these make sense.
    if shape & 0x80 == 0
        && let Some(header) = header(device, bytes)
    {
        rig.store(at, &header);
        buffers.push(Buffer { addr: at, len: header.len() as u32, write: false });
        at += header.len() as u64;
    }
    for _ in 0..shape & 7 {
        let contents = usize::from(bytes.u8());
        let contents = bytes.slice(contents);
        rig.store(at, contents);
        buffers.push(Buffer { addr: at, len: contents.len() as u32, write: false });
        at += contents.len() as u64;
    }
    for _ in 0..shape >> 3 & 7 {
        let len = ring::length(bytes);
        let addr = if bytes.u8() & 7 == 0 { ring::buffer(bytes) } else { at };
        buffers.push(Buffer { addr, len, write: true });
        at += u64::from(len) % 0x1000;
    }
    if shape & 0x40 != 0 {
        buffers.push(Buffer { addr: at, len: 1, write: true });
    }
    buffers
}

/// The first fields of a request of such a device.
fn header(device: DeviceType, bytes: &mut Bytes<'_>) -> Option<Vec<u8>> {
    let small = |bytes: &mut Bytes<'_>| if bytes.bool() { u32::from(bytes.u8() % 20) } else { bytes.u32() };
    Some(match device {
        DeviceType::BLOCK => {
            let kind = u32::from(bytes.pick(&[0_u8, 1, 4, 8, 10, 11, 13, 14, 2, 255]));
            let sector = if bytes.bool() { u64::from(bytes.u8() % 20) } else { bytes.u64() };
            [&kind.to_le_bytes()[..], &[0; 4], &sector.to_le_bytes()].concat()
        }
        DeviceType::GPU => {
            // A command and its fields, of which resources and sizes are to be small now and then.
            let kind = bytes.pick(&[0x100_u32, 0x200, 0x300]) + u32::from(bytes.u8() % 16);
            let mut header = [&kind.to_le_bytes()[..], &bytes.u32().to_le_bytes(), &[0; 16]].concat();
            for _ in 0..bytes.below(14) {
                header.extend(small(bytes).to_le_bytes());
            }
            header
        }
        DeviceType::VSOCK => {
            let (from, to) = (u64::from(small(bytes)), bytes.pick(&[2_u64, 2, 2, 3, u64::MAX]));
            let from = if bytes.u8() & 7 == 0 { from } else { 3 };
            let ports = [bytes.pick(&[1024_u32, 7, 1025, 9]), bytes.pick(&[7_u32, 1024, 1025, 9])];
            let len = small(bytes);
            let kind = u32::from(bytes.pick(&[1_u16, 1, 1, 2])) | u32::from(bytes.u8() % 9) << 16;
            let rest = [ports[0], ports[1], len, kind, small(bytes), small(bytes), small(bytes)];
            let mut header = [from.to_le_bytes(), to.to_le_bytes()].concat();
            header.extend(rest.iter().flat_map(|word| word.to_le_bytes()));
            header
        }
        DeviceType::NET => {
            // The packet header, then the beginning of a frame to the peer.
            let mut header = vec![0; 12];
            header[usize::from(bytes.u8() % 12)] = bytes.u8();
            header.extend(bytes.pick(&[[0xff_u8; 6], [0x52, 0x55, 10, 0, 2, 2]]));
            header.extend([0x52, 0x54, 0, 0x12, 0x34, 0x56]);
            header.extend(bytes.pick(&[[0x08_u8, 0x00], [0x08, 0x06], [0x86, 0xdd]]));
            header
        }
        _ => return None,
    })
}

fn oddity(bytes: &mut Bytes<'_>) -> Option<Oddity> {
    let choice = usize::from(bytes.u8());
    // Mostly none.
    let kind = *OddityKind::ALL.get(choice.checked_sub(128)?)?;
    Some(Oddity { kind, after: u32::from(bytes.u8() % 4) })
}

fn on_ring(rig: &mut Rig, bus: Bus, queue: &mut Queue, bytes: &mut Bytes<'_>) {
    match bytes.below(8) {
        0..=3 => queue.disturb(rig, bytes),
        4 => notify(rig, bus, queue, bytes.u8()),
        5 | 6 => {
            let count = 1 + bytes.below(4);
            let mut buffer = || Buffer { addr: ring::place(bytes), len: ring::length(bytes), write: bytes.bool() };
            let buffers: Vec<_> = (0..count).map(|_| buffer()).collect();
            queue.offer(rig, &buffers, bytes.bool());
            notify(rig, bus, queue, 0);
        }
        _ => rig.run(STEPS),
    }
}

/// Notifies the device of a queue; `how`: as it should be (0), or otherwise.
fn notify(rig: &mut Rig, bus: Bus, queue: &Queue, how: u8) {
    let data = u32::from(queue.announced().wrapping_add(u16::from(how >> 4)));
    let word = (u32::from(queue.index) + u32::from(how & 3)) | (data << 16);
    let word = if how & 4 == 0 && !rig.notifications_have_data() { word & 0xffff } else { word };
    if bus == Bus::Pci {
        let at = acts::structure(rig, CfgType::Notify) + 4 * u64::from(queue.index);
        let width = if rig.notifications_have_data() { 4 } else { 2 };
        rig.watched(|rig| acts::access(rig, at, width, Some(word.into())));
    } else {
        rig.watched(|rig| rig.write(Register::QueueNotify.offset(), 4, word.into()));
    }
}

/// Writes a register, or the field that is its like over PCI.
fn put(rig: &mut Rig, bus: Bus, register: Register, field: Common, value: u64) {
    if bus == Bus::Pci {
        let at = acts::common(rig, field);
        rig.watched(|rig| acts::access(rig, at, field.width().into(), Some(value)));
    } else {
        rig.watched(|rig| rig.write(register.offset(), 4, value));
    }
}

fn select(rig: &mut Rig, bus: Bus, queue: u16) {
    put(rig, bus, Register::QueueSel, Common::QueueSelect, queue.into());
}

/// The device, up to `FEATURES_OK`, as a driver should do it.
fn bring_up(rig: &mut Rig, bus: Bus, features: Features) {
    if let Some(info) = &rig.pci {
        for (i, size) in info.bars.into_iter().enumerate().filter(|(_, size)| *size > 0) {
            assert!(size <= 1 << 24, "BAR {i} has room");
            let register = header::BAR0 + 4 * i as u16;
            rig.root.config_write(rig.at, register, &(acts::bar_address(i) as u32).to_le_bytes());
        }
        let on = command::MEMORY | command::BUS_MASTER;
        rig.root.config_write(rig.at, header::COMMAND, &on.to_le_bytes());
    }
    for status in [0, 1, 3] {
        put(rig, bus, Register::Status, Common::DeviceStatus, status);
    }
    for word in 0..2 {
        put(rig, bus, Register::DriverFeaturesSel, Common::DriverFeatureSelect, word.into());
        put(rig, bus, Register::DriverFeatures, Common::DriverFeature, features.word(word).into());
    }
    put(rig, bus, Register::Status, Common::DeviceStatus, 0xb);
}

/// A queue, enabled.
fn set_up(rig: &mut Rig, bus: Bus, index: u16, bytes: &mut Bytes<'_>, features: Features) -> Queue {
    let packed = features.has(feature::RING_PACKED);
    let size = ring::size(bytes, packed);
    let queue = Queue::new(index, size, packed, bus == Bus::Legacy);
    select(rig, bus, index);
    put(rig, bus, Register::QueueSize, Common::QueueSize, size.into());
    match bus {
        Bus::Pci => {
            for (field, at) in [
                (Common::QueueDesc, queue.desc),
                (Common::QueueDriver, queue.driver),
                (Common::QueueDevice, queue.device),
            ] {
                put(rig, bus, Register::QueueSel, field, at);
            }
        }
        Bus::Mmio => {
            for (low, at) in [
                (Register::QueueDescLow, queue.desc),
                (Register::QueueDriverLow, queue.driver),
                (Register::QueueDeviceLow, queue.device),
            ] {
                rig.watched(|rig| rig.write(low.offset(), 4, at));
            }
        }
        Bus::Legacy => {
            let align = queue.device - queue.desc;
            for (register, value) in [
                (legacy::GUEST_PAGE_SIZE, 0x1000),
                (legacy::QUEUE_ALIGN, align),
                (legacy::QUEUE_PFN, queue.desc / 0x1000),
            ] {
                rig.watched(|rig| rig.write(register, 4, value));
            }
        }
    }
    put(rig, bus, Register::QueueReady, Common::QueueEnable, 1);
    queue
}
