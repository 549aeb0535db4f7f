//! The device models, request by request (VIRTIO 1.4 §5.2, §5.3, §5.4, §2.7).

use parakit_abi::device::block::{DiscardWriteZeroes, RequestHeader, config, feature, request, status};
use parakit_abi::device::console;
use parakit_abi::feature::{EVENT_IDX, Features, INDIRECT_DESC};
use parakit_abi::ring::split::{DESC_F_INDIRECT, DESC_F_NEXT, DESC_F_WRITE, Desc};
use parakit_abi::transport::mmio::Register;
use parakit_harness::device::{
    Block, BlockOptions, Console, ConsoleBuffer, ConsoleOptions, Control, Entropy, MemoryDisk,
};
use parakit_harness::transport::RegisterBlock as _;
use vm_memory::Bytes as _;

use crate::rig::{BUFFERS, Buffer, Rig, readable, writable};

const HEADER: u64 = BUFFERS;
const STATUS: u64 = BUFFERS + 0x20;
pub(crate) const DATA: u64 = BUFFERS + 0x1000;

pub(crate) fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 7 + i / 512) as u8).collect()
}

fn memory_disk(sectors: usize) -> Block {
    Block::new(Box::new(MemoryDisk::new(pattern(512 * sectors))), BlockOptions::default())
}

fn with_features(sectors: usize, features: &[u32]) -> Block {
    let options = BlockOptions { features: Features::of(features), ..BlockOptions::default() };
    Block::new(Box::new(MemoryDisk::new(pattern(512 * sectors))), options)
}

pub(crate) fn started(block: Block) -> Rig {
    let features = parakit_harness::device::DeviceModel::features(&block);
    let mut rig = Rig::new(block);
    rig.start(features, 1, 16);
    rig
}

/// Sends a request with these data buffers; the status byte and the used length.
pub(crate) fn send(rig: &mut Rig, request_type: u32, sector: u64, data: &[Buffer]) -> (u8, u32) {
    rig.put(HEADER, &RequestHeader { request_type, sector }.to_le_bytes());
    rig.put(STATUS, &[0xee]);
    let buffers: Vec<_> =
        [readable(HEADER, 16)].into_iter().chain(data.iter().copied()).chain([writable(STATUS, 1)]).collect();
    let used = rig.request(0, &buffers);
    (rig.get(STATUS, 1)[0], used.len)
}

pub(crate) fn segments(rig: &Rig, list: &[(u64, u32, u32)]) -> Buffer {
    let bytes: Vec<u8> = list
        .iter()
        .flat_map(|&(sector, num_sectors, flags)| DiscardWriteZeroes { sector, num_sectors, flags }.to_le_bytes())
        .collect();
    rig.put(DATA, &bytes);
    readable(DATA, bytes.len() as u32)
}

#[test]
fn block_reads_and_writes_through_any_framing() {
    let mut rig = started(memory_disk(64));
    let split = [writable(DATA, 1), writable(DATA + 0x1000, 1000), writable(DATA + 0x2000, 535)];
    assert_eq!(send(&mut rig, request::IN, 3, &split), (status::OK, 1537));
    let read = [rig.get(DATA, 1), rig.get(DATA + 0x1000, 1000), rig.get(DATA + 0x2000, 535)].concat();
    assert_eq!(read, pattern(64 * 512)[3 * 512..6 * 512]);

    rig.put(DATA, &[0x5a; 1024]);
    assert_eq!(send(&mut rig, request::OUT, 10, &[readable(DATA, 300), readable(DATA + 300, 724)]), (status::OK, 1));
    assert_eq!(send(&mut rig, request::IN, 10, &[writable(DATA + 0x3000, 1024)]), (status::OK, 1025));
    assert_eq!(rig.get(DATA + 0x3000, 1024), [0x5a; 1024]);
    let counters = rig.device.counters();
    assert_eq!((counters.requests[0], counters.bytes_from_guest, counters.bytes_to_guest), (3, 1024, 1536 + 1024));
}

#[test]
fn block_header_and_status_may_share_buffers_with_data() {
    // §2.7.4.1: no assumption about descriptors.
    let mut rig = started(memory_disk(8));
    rig.put(HEADER, &RequestHeader { request_type: request::OUT, sector: 1 }.to_le_bytes());
    rig.put(HEADER + 16, &[9; 512]);
    assert_eq!(rig.request(0, &[readable(HEADER, 7), readable(HEADER + 7, 521), writable(STATUS, 1)]).len, 1);
    rig.put(HEADER, &RequestHeader { request_type: request::IN, sector: 1 }.to_le_bytes());
    assert_eq!(rig.request(0, &[readable(HEADER, 16), writable(DATA, 513)]).len, 513);
    assert_eq!(rig.get(DATA, 513), [vec![9; 512], vec![status::OK]].concat());
}

#[test]
fn block_refuses_what_lies_beyond_the_end() {
    let mut rig = started(memory_disk(8));
    for (sector, len) in [(8, 512), (7, 1024), (u64::MAX, 512), (u64::MAX / 512, 512), (0, 511), (0, 4096 + 512)] {
        assert_eq!(send(&mut rig, request::IN, sector, &[writable(DATA, len)]).0, status::IOERR, "read {sector} {len}");
        assert_eq!(
            send(&mut rig, request::OUT, sector, &[readable(DATA, len)]).0,
            status::IOERR,
            "write {sector} {len}"
        );
    }
    assert_eq!(rig.device.counters().errors, 12);
}

#[test]
fn a_failed_read_leaves_nothing_of_the_host_in_the_buffer() {
    let mut rig = started(memory_disk(8));
    rig.put(DATA, &[0xcc; 512]);
    assert_eq!(send(&mut rig, request::IN, 9, &[writable(DATA, 512)]), (status::IOERR, 513));
    assert_eq!(rig.get(DATA, 512), [0; 512]);
}

#[test]
fn read_only_disks_stay_as_they_are() {
    let mut rig = started(with_features(8, &[feature::RO, feature::DISCARD, feature::WRITE_ZEROES]));
    rig.put(DATA, &[1; 512]);
    assert_eq!(send(&mut rig, request::OUT, 0, &[readable(DATA, 512)]).0, status::IOERR);
    for kind in [request::DISCARD, request::WRITE_ZEROES] {
        let list = segments(&rig, &[(0, 1, 0)]);
        assert_eq!(send(&mut rig, kind, 0, &[list]).0, status::IOERR);
    }
    send(&mut rig, request::IN, 0, &[writable(DATA, 512)]);
    assert_eq!(rig.get(DATA, 512), pattern(512));
}

#[test]
fn write_zeroes_and_discard_keep_their_rules() {
    let mut rig = started(memory_disk(64));
    let list = segments(&rig, &[(2, 2, 0), (10, 1, 1)]);
    assert_eq!(send(&mut rig, request::WRITE_ZEROES, 0, &[list]), (status::OK, 1));
    send(&mut rig, request::IN, 0, &[writable(DATA, 64 * 512)]);
    let mut expected = pattern(64 * 512);
    expected[2 * 512..4 * 512].fill(0);
    expected[10 * 512..11 * 512].fill(0);
    assert_eq!(rig.get(DATA, 64 * 512), expected);

    for (kind, list, answer) in [
        (request::DISCARD, vec![(0, 1, 0)], status::OK),
        (request::DISCARD, vec![(0, 1, 1)], status::UNSUPP),
        (request::DISCARD, vec![(0, 1, 2)], status::UNSUPP),
        (request::WRITE_ZEROES, vec![(0, 1, 4)], status::UNSUPP),
        (request::WRITE_ZEROES, vec![(63, 2, 0)], status::IOERR),
        (request::WRITE_ZEROES, vec![(u64::MAX, 1, 0)], status::IOERR),
        (request::WRITE_ZEROES, vec![(0, 32769, 0)], status::IOERR),
        (request::WRITE_ZEROES, vec![(0, 1, 0); 17], status::IOERR),
        (request::WRITE_ZEROES, vec![], status::IOERR),
    ] {
        let buffer = segments(&rig, &list);
        assert_eq!(send(&mut rig, kind, 0, &[buffer]).0, answer, "{kind} {list:?}");
    }
    let mut odd = segments(&rig, &[(0, 1, 0)]);
    odd.len = 15;
    assert_eq!(send(&mut rig, request::DISCARD, 0, &[odd]).0, status::IOERR);
}

#[test]
fn identity_flush_and_the_unknown() {
    let mut rig = started(memory_disk(8));
    assert_eq!(send(&mut rig, request::GET_ID, 0, &[writable(DATA, 20)]), (status::OK, 21));
    assert_eq!(rig.get(DATA, 20), *b"parakit-block\0\0\0\0\0\0\0");
    assert_eq!(send(&mut rig, request::GET_ID, 0, &[writable(DATA, 19)]).0, status::IOERR);
    assert_eq!(send(&mut rig, request::FLUSH, 0, &[]), (status::OK, 1));
    for unknown in [2, 3, request::GET_LIFETIME, request::SECURE_ERASE, 15, u32::MAX] {
        assert_eq!(send(&mut rig, unknown, 0, &[]).0, status::UNSUPP, "type {unknown}");
    }
    let mut plain = started(with_features(8, &[]));
    let list = segments(&plain, &[(0, 1, 0)]);
    assert_eq!(send(&mut plain, request::DISCARD, 0, &[list]).0, status::UNSUPP);
}

#[test]
fn malformed_requests_come_back() {
    let mut rig = started(memory_disk(8));
    // No status byte; a header that is too short; nothing but a status byte.
    assert_eq!(rig.request(0, &[readable(HEADER, 16)]).len, 0);
    assert_eq!(rig.request(0, &[readable(HEADER, 15), writable(STATUS, 1)]).len, 1);
    assert_eq!(rig.get(STATUS, 1), [status::IOERR]);
    assert_eq!(rig.request(0, &[writable(STATUS, 1)]).len, 1);
    // Buffers outside memory, of absurd length, out of order.
    for bad in [writable(1 << 40, 512), writable(u64::MAX - 4, 512), writable(DATA, u32::MAX), readable(1 << 40, 512)] {
        assert_eq!(rig.request(0, &[readable(HEADER, 16), bad, writable(STATUS, 1)]).len, 0);
        assert_eq!(rig.get(STATUS, 1), [status::IOERR]);
    }
    assert_eq!(
        rig.request(0, &[readable(HEADER, 16), writable(DATA, 512), readable(DATA, 16), writable(STATUS, 1)]).len,
        513
    );
    assert_eq!(rig.status(), 15, "none of this is beyond repair");
}

#[test]
fn chains_without_an_end_come_back() {
    let mut rig = started(memory_disk(8));
    let flags = DESC_F_NEXT | DESC_F_WRITE;
    rig.desc(0, 3, Desc { addr: DATA, len: 512, flags, next: 4 });
    rig.desc(0, 4, Desc { addr: DATA, len: 512, flags, next: 3 });
    rig.desc(0, 5, Desc { addr: DATA, len: 512, flags, next: 16 });
    rig.desc(0, 6, Desc { addr: DATA, len: 24, flags: DESC_F_INDIRECT, next: 0 });
    rig.desc(0, 7, Desc { addr: DATA, len: 0, flags: DESC_F_INDIRECT, next: 0 });
    rig.desc(0, 8, Desc { addr: 1 << 50, len: 32, flags: DESC_F_INDIRECT, next: 0 });
    for head in [3, 5, 6, 7, 8, 16, 0xffff] {
        rig.publish(0, head);
        rig.kick(0);
        let used = rig.used(0);
        assert_eq!(used.len(), 1, "head {head}");
        assert_eq!((used[0].id, used[0].len), (u32::from(head), 0));
    }
}

#[test]
fn indirect_tables_may_follow_plain_descriptors() {
    let mut rig = Rig::new(memory_disk(8));
    rig.start(Features::bit(INDIRECT_DESC), 1, 16);
    rig.put(HEADER, &RequestHeader { request_type: request::IN, sector: 2 }.to_le_bytes());
    let table = [
        Desc { addr: DATA, len: 512, flags: DESC_F_WRITE | DESC_F_NEXT, next: 1 },
        Desc { addr: STATUS, len: 1, flags: DESC_F_WRITE, next: 0 },
    ];
    rig.put(DATA + 0x2000, &table.map(Desc::to_le_bytes).concat());
    rig.desc(0, 0, Desc { addr: HEADER, len: 16, flags: DESC_F_NEXT, next: 9 });
    // §2.7.5.3.2: the write flag of the descriptor of the table means nothing.
    rig.desc(0, 9, Desc { addr: DATA + 0x2000, len: 32, flags: DESC_F_INDIRECT | DESC_F_WRITE, next: 0 });
    rig.publish(0, 0);
    rig.kick(0);
    assert_eq!(rig.used(0)[0].len, 513);
    assert_eq!(rig.get(DATA, 512), pattern(8 * 512)[1024..1536]);
}

#[test]
fn an_index_that_jumps_is_beyond_repair() {
    let rig = started(memory_disk(8));
    let idx = rig.ring(0, rig.layout(0).avail_offset() + 2);
    rig.memory.write_obj(17_u16, idx).unwrap();
    rig.kick(0);
    assert_eq!(rig.status(), 15 | 0x40);
    assert_eq!(rig.read(Register::InterruptStatus), 2);
    assert!(rig.device.trouble().unwrap().contains("17"));
}

#[test]
fn interrupts_follow_the_flag_and_the_event_index() {
    let mut rig = Rig::new(Entropy::default());
    rig.start(Features::NONE, 1, 8);
    rig.request(0, &[writable(DATA, 8)]);
    assert_eq!(rig.interrupts(), 1);
    rig.memory.write_obj(1_u16, rig.ring(0, rig.layout(0).avail_offset())).unwrap();
    rig.request(0, &[writable(DATA, 8)]);
    assert_eq!(rig.interrupts(), 1);

    let mut rig = Rig::new(Entropy::default());
    rig.start(Features::bit(EVENT_IDX), 1, 8);
    let layout = rig.layout(0);
    let used_event = rig.ring(0, layout.avail_offset() + layout.used_event());
    rig.memory.write_obj(2_u16, used_event).unwrap();
    for expected in [0, 0, 1, 1] {
        rig.request(0, &[writable(DATA, 8)]);
        assert_eq!(rig.interrupts(), expected);
    }
    let avail_event: u16 = rig.memory.read_obj(rig.ring(0, layout.used_offset() + layout.avail_event())).unwrap();
    assert_eq!(avail_event, 4, "the next chain has to be announced");
}

#[test]
fn block_configuration_shows_what_is_offered() {
    let rig = Rig::new(memory_disk(100));
    assert_eq!(u64::from_le_bytes(rig.config(config::CAPACITY)), 100);
    assert_eq!(u32::from_le_bytes(rig.config(config::BLK_SIZE)), 512);
    assert_eq!(rig.config::<1>(config::PHYSICAL_BLOCK_EXP), [3]);
    assert_eq!(rig.config::<4>(config::CYLINDERS), [0; 4], "no geometry");
    assert_eq!(rig.config::<1>(config::WRITEBACK), [1]);
    assert_eq!(u32::from_le_bytes(rig.config(config::MAX_DISCARD_SEG)), 16);
}

#[test]
fn the_cache_mode_is_the_drivers_once_negotiated() {
    let mut rig = Rig::new(memory_disk(8));
    rig.device.write(0x100 + u64::from(config::WRITEBACK), &[0]);
    assert_eq!(rig.config::<1>(config::WRITEBACK), [1], "not negotiated yet");
    rig.start(Features::of(&[feature::CONFIG_WCE, feature::FLUSH]), 1, 8);
    rig.device.write(0x100 + u64::from(config::WRITEBACK), &[0]);
    assert_eq!(rig.config::<1>(config::WRITEBACK), [0]);
    // §5.2.5.2: without FLUSH it begins as writethrough.
    rig.negotiate(Features::of(&[feature::CONFIG_WCE, parakit_abi::feature::VERSION_1]));
    assert_eq!(rig.config::<1>(config::WRITEBACK), [0]);
}

#[test]
fn a_grown_disk_reads_as_zeroes_at_its_end() {
    let mut rig = started(memory_disk(8));
    assert!(rig.device.control(&Control::Capacity(12)));
    assert_eq!(send(&mut rig, request::IN, 11, &[writable(DATA, 512)]), (status::OK, 513));
    assert_eq!(rig.get(DATA, 512), [0; 512]);
    assert!(rig.device.control(&Control::Capacity(4)));
    assert_eq!(send(&mut rig, request::IN, 4, &[writable(DATA, 512)]).0, status::IOERR);
}

#[test]
fn console_moves_bytes_both_ways() {
    let output = ConsoleBuffer::default();
    let mut rig = Rig::new(Console::new(ConsoleOptions::default(), Box::new(output.clone())));
    rig.start(Features::of(&[console::feature::SIZE]), 2, 8);
    rig.put(DATA, b"hello, world");
    assert_eq!(rig.request(1, &[readable(DATA, 7), readable(DATA + 7, 5)]).len, 0);
    assert_eq!(output.bytes(), b"hello, world");

    rig.push(0, &[writable(DATA, 4), writable(DATA + 0x100, 4)]);
    rig.push(0, &[writable(DATA + 0x200, 8)]);
    rig.kick(0);
    assert!(rig.used(0).is_empty(), "receive buffers wait for input");
    rig.device.control(&Control::ConsoleInput(b"0123456789".to_vec()));
    rig.settle();
    let lens: Vec<_> = rig.used(0).iter().map(|u| u.len).collect();
    assert_eq!(lens, [8, 2]);
    assert_eq!([rig.get(DATA, 4), rig.get(DATA + 0x100, 4), rig.get(DATA + 0x200, 2)].concat(), b"0123456789");
    // Input that comes first waits for a buffer.
    rig.device.control(&Control::ConsoleInput(b"early".to_vec()));
    rig.settle();
    assert_eq!(rig.request(0, &[writable(DATA, 64)]).len, 5);
}

#[test]
fn console_buffers_of_the_wrong_kind_come_back() {
    let mut rig = Rig::new(Console::new(ConsoleOptions::default(), Box::new(ConsoleBuffer::default())));
    rig.start(Features::NONE, 2, 8);
    assert_eq!(rig.request(0, &[readable(DATA, 8)]).len, 0);
    assert_eq!(rig.request(1, &[writable(DATA, 8)]).len, 0);
    assert_eq!(rig.device.counters().errors, 2);
}

#[test]
fn console_size_and_emergency_write() {
    let output = ConsoleBuffer::default();
    let mut rig = Rig::new(Console::new(ConsoleOptions::default(), Box::new(output.clone())));
    // §5.3.5.1: even on an unconfigured device.
    rig.device.write(0x100 + u64::from(console::config::EMERG_WR), &u32::to_le_bytes(0x1234_5600 + u32::from(b'!')));
    assert_eq!(output.bytes(), b"!");
    rig.start(Features::of(&[console::feature::SIZE]), 2, 8);
    assert_eq!(rig.config::<4>(0), [80, 0, 25, 0]);
    assert!(rig.device.control(&Control::ConsoleSize { cols: 132, rows: 43 }));
    assert_eq!((rig.config::<4>(0), rig.read(Register::InterruptStatus)), ([132, 0, 43, 0], 2));
}

#[test]
fn entropy_fills_what_it_says() {
    let mut rig = Rig::new(Entropy::new(8, 100));
    rig.start(Features::NONE, 1, 8);
    rig.put(DATA, &[0; 300]);
    assert_eq!(rig.request(0, &[writable(DATA, 40), writable(DATA + 40, 200)]).len, 100);
    let bytes = rig.get(DATA, 300);
    assert!(bytes[..100].iter().any(|b| *b != 0) && bytes[100..].iter().all(|b| *b == 0));
    assert_eq!(rig.request(0, &[writable(DATA, 1)]).len, 1);
    assert_eq!(rig.request(0, &[readable(DATA, 1)]).len, 0);
}
