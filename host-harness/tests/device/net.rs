//! The network model: packets over several buffers, filters, commands, checksums, queues.

use parakit_abi::device::net::{PacketHeader, control as c, feature as f, header_flag};
use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER};
use parakit_harness::device::{Bench, Control, Net, NetOptions, Recorder};
use parakit_harness::transport::device::DeviceOptions;

use crate::rig::{BUFFERS, Rig, writable};

const MAC: [u8; 6] = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
const MULTICAST: [u8; 6] = [0x33, 0x33, 0, 0, 0, 1];

fn frame(to: [u8; 6], len: usize) -> Vec<u8> {
    let mut frame = to.to_vec();
    frame.extend([2; 6]);
    frame.extend((12..len).map(|i| i as u8));
    frame
}

fn net() -> Net {
    Net::new(NetOptions::default(), Recorder::default())
}

/// A driver that accepted everything, with one pair of queues; the control queue is queue 2.
fn bench() -> Bench {
    let mut bench = Bench::new(Box::new(net()), 1 << 20);
    bench.accept(Features(u128::MAX));
    bench
}

fn command(bench: &mut Bench, class: u8, command: u8, data: &[u8]) -> u8 {
    let answers = bench.ask(2, &[&[class, command], data], &[1]);
    assert_eq!((answers.len(), answers[0].written), (1, 1));
    answers[0].bytes[0]
}

#[test]
fn a_packet_over_several_buffers_is_used_at_once() {
    for more in [Features::NONE, Features::bit(IN_ORDER), Features::of(&[IN_ORDER, EVENT_IDX])] {
        let mut rig =
            Rig::with(net(), &[], |options: &mut DeviceOptions| options.features = options.features.with(more));
        rig.start(Features::of(&[f::MRG_RXBUF, f::MAC, f::MTU]).with(more), 2, 16);
        let sent = frame(MAC, 1000);
        assert!(rig.device.control(&Control::Frame(sent.clone())));
        rig.settle();
        let sizes = [400_u32, 12, 300, 1000, 50];
        let mut at = BUFFERS;
        for (i, size) in sizes.iter().enumerate() {
            rig.push(0, &[writable(at, *size)]);
            at += u64::from(*size);
            rig.kick(0);
            // Nothing is used before the packet is whole: 1012 bytes.
            let used = rig.used(0);
            match i {
                0..=2 => assert_eq!(used, [], "after {i}"),
                3 if more.has(IN_ORDER) => {
                    // One element tells of all.
                    let idx = rig.memory_idx(0);
                    assert_eq!(idx, 4);
                }
                3 => assert_eq!(used.iter().map(|u| u.len).collect::<Vec<_>>(), [400, 12, 300, 300]),
                _ => assert_eq!(used, []),
            }
        }
        let bytes = rig.get(BUFFERS, 1012);
        let header = PacketHeader::from_le_bytes(*bytes.first_chunk().unwrap());
        assert_eq!(header, PacketHeader { num_buffers: 4, ..PacketHeader::default() });
        assert_eq!(bytes[PacketHeader::SIZE..], sent);
        // What fits into one buffer has one.
        assert!(rig.device.control(&Control::Frame(frame(MAC, 38))));
        rig.settle();
        assert_eq!(rig.get(BUFFERS + 1712 + 10, 2), [1, 0]);
    }
}

#[test]
fn without_merging_a_packet_that_does_not_fit_is_lost_and_the_next_one_comes() {
    let mut bench = Bench::new(Box::new(net()), 1 << 20);
    bench.accept(Features::of(&[f::MAC, 32]));
    assert_eq!(bench.control(&Control::Frame(frame(MAC, 1000))), []);
    assert_eq!(bench.control(&Control::Frame(frame(MAC, 100))), []);
    let answers = bench.ask(0, &[], &[200]);
    assert_eq!((answers[0].written, &answers[0].bytes[12..112]), (112, &frame(MAC, 100)[..]));
    assert_eq!(bench.model().counters().errors, 1);
}

#[test]
fn modes_and_tables_decide_what_comes() {
    let mut bench = bench();
    let comes = |bench: &mut Bench, to: [u8; 6]| {
        let before = bench.control(&Control::Frame(frame(to, 60))).len();
        assert_eq!(before, 0);
        // A broadcast that always passes shows whether something came before it.
        let answers = bench.ask(0, &[], &[128]);
        let came = !answers.is_empty();
        if !came {
            command(bench, c::RX, c::RX_PROMISC, &[1]);
            let answers = bench.control(&Control::Frame(frame([0xff; 6], 60)));
            assert_eq!(answers.len(), 1);
            command(bench, c::RX, c::RX_PROMISC, &[0]);
        }
        came
    };
    let other = [2, 0, 0, 0, 0, 9];
    assert!(comes(&mut bench, MAC) && comes(&mut bench, [0xff; 6]));
    assert!(!comes(&mut bench, other) && !comes(&mut bench, MULTICAST));
    for (mode, to, on) in [
        (c::RX_ALLMULTI, MULTICAST, true),
        (c::RX_ALLUNI, other, true),
        (c::RX_NOUNI, MAC, false),
        (c::RX_NOMULTI, MULTICAST, false),
        (c::RX_NOBCAST, [0xff; 6], false),
    ] {
        let before = comes(&mut bench, to);
        assert_eq!(command(&mut bench, c::RX, mode, &[1]), c::OK);
        assert_eq!(comes(&mut bench, to), on, "mode {mode}");
        assert_eq!(command(&mut bench, c::RX, mode, &[0]), c::OK);
        assert_eq!(comes(&mut bench, to), before, "mode {mode}");
    }
    let table = |addresses: &[[u8; 6]]| [&(addresses.len() as u32).to_le_bytes()[..], &addresses.concat()].concat();
    let tables = [table(&[other]), table(&[MULTICAST])].concat();
    assert_eq!(command(&mut bench, c::MAC, c::MAC_TABLE_SET, &tables), c::OK);
    assert!(comes(&mut bench, other) && comes(&mut bench, MULTICAST));
    assert_eq!(command(&mut bench, c::MAC, c::MAC_ADDR_SET, &other), c::OK);
    assert_eq!(bench.model().config()[..6], other);
    // §5.1.9.5.2.1: after a reset the tables are empty, and the address is the device's own.
    bench.reset();
    bench.accept(Features(u128::MAX));
    assert!(!comes(&mut bench, other) && !comes(&mut bench, MULTICAST) && comes(&mut bench, MAC));
}

#[test]
fn commands_that_make_no_sense_are_refused() {
    let mut bench = bench();
    for (class, number, data) in [
        (c::RX, 6, &[1][..]),
        (c::RX, c::RX_PROMISC, &[2]),
        (c::RX, c::RX_PROMISC, &[]),
        (c::MAC, c::MAC_TABLE_SET, &[0xff, 0xff, 0xff, 0xff]),
        (c::MAC, c::MAC_ADDR_SET, &[1, 2, 3]),
        (c::VLAN, c::VLAN_ADD, &[0xff, 0xff]),
        (c::MQ, c::MQ_VQ_PAIRS_SET, &[1, 0]),
        (9, 0, &[]),
    ] {
        assert_eq!(command(&mut bench, class, number, data), c::ERR, "{class} {number} {data:?}");
    }
    // Not without the feature.
    bench.reset();
    bench.accept(Features::of(&[f::MAC, f::CTRL_VQ, 32]));
    assert_eq!(command(&mut bench, c::RX, c::RX_PROMISC, &[1]), c::ERR);
}

#[test]
fn vlans_and_announcements() {
    let mut bench = bench();
    let mut tagged = frame(MAC, 60);
    tagged[12..16].copy_from_slice(&[0x81, 0, 0x20, 5]);
    bench.ask(0, &[], &[128]);
    assert_eq!(bench.control(&Control::Frame(tagged.clone())), []);
    assert_eq!(command(&mut bench, c::VLAN, c::VLAN_ADD, &[5, 0]), c::OK);
    assert_eq!(bench.control(&Control::Frame(tagged)).len(), 1);
    let status = |bench: &mut Bench| bench.model().config()[6];
    assert_eq!(status(&mut bench), 1);
    bench.control(&Control::Announce);
    assert_eq!(status(&mut bench), 3);
    assert_eq!(command(&mut bench, c::ANNOUNCE, c::ANNOUNCE_ACK, &[]), c::OK);
    assert_eq!(status(&mut bench), 1);
}

#[test]
fn partial_checksums_are_completed() {
    let sent = Recorder::default();
    let mut bench = Bench::new(Box::new(Net::new(NetOptions::default(), sent.clone())), 1 << 20);
    bench.accept(Features(u128::MAX));
    let mut packet = frame([0xff; 6], 64);
    packet[12..14].copy_from_slice(&[0x12, 0x34]);
    packet[20..22].copy_from_slice(&[0, 0]);
    let header = |start, offset| {
        PacketHeader {
            flags: header_flag::NEEDS_CSUM | 0x80,
            csum_start: start,
            csum_offset: offset,
            ..PacketHeader::default()
        }
        .to_le_bytes()
    };
    bench.ask(1, &[&header(14, 6), &packet], &[]);
    let seen = sent.items().pop().unwrap();
    // With the checksum in its place, all words together are all ones.
    let sum = seen[14..].chunks(2).map(|w| u32::from(w[0]) << 8 | u32::from(w[1])).sum::<u32>();
    assert_eq!((sum & 0xffff) + (sum >> 16), 0xffff);
    // A place outside the frame: the packet is not sent.
    bench.ask(1, &[&header(60, 6), &packet], &[]);
    assert_eq!((sent.total(), bench.model().counters().errors), (1, 1));
}

#[test]
fn answers_come_on_the_queue_of_the_flow() {
    let mut bench =
        Bench::new(Box::new(Net::new(NetOptions { pairs: 2, ..NetOptions::default() }, Recorder::default())), 1 << 20);
    bench.accept(Features(u128::MAX));
    assert_eq!(bench.model().queues().len(), 5);
    // A datagram from port 5000 to port 9 of somebody, and one back.
    let datagram = |to: [u8; 6], from: [u8; 4], target: [u8; 4], ports: [u8; 4]| {
        let mut packet = frame(to, 14);
        packet[12..14].copy_from_slice(&[8, 0]);
        packet.extend([0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0]);
        packet.extend([from, target, ports].concat());
        packet.extend([0, 8, 0, 0]);
        packet
    };
    let out = datagram([0xff; 6], [10, 0, 2, 15], [10, 0, 2, 9], [0x13, 0x88, 0, 9]);
    let back = datagram(MAC, [10, 0, 2, 9], [10, 0, 2, 15], [0, 9, 0x13, 0x88]);
    bench.ask(0, &[], &[256]);
    bench.ask(2, &[], &[256]);
    bench.ask(3, &[&PacketHeader::default().to_le_bytes(), &out], &[]);
    let queue = |bench: &mut Bench| {
        let answers = bench.control(&Control::Frame(back.clone()));
        assert_eq!(answers.len(), 1);
        bench.ask(answers[0].queue, &[], &[256]);
        answers[0].queue
    };
    // §5.1.9.5.6.2: only the first pair, until the driver says otherwise.
    assert_eq!(queue(&mut bench), 0);
    let pairs =
        |bench: &mut Bench, n: u16| bench.ask(4, &[&[c::MQ, c::MQ_VQ_PAIRS_SET], &n.to_le_bytes()], &[1])[0].bytes[0];
    assert_eq!((pairs(&mut bench, 3), pairs(&mut bench, 0), pairs(&mut bench, 2)), (c::ERR, c::ERR, c::OK));
    assert_eq!(queue(&mut bench), 2);
    assert_eq!(pairs(&mut bench, 1), c::OK);
    assert_eq!(queue(&mut bench), 0);
}
