//! Models under drivers made of random bytes, and of random but well-formed requests: no panic, no endless work, no more bytes told than there
//! was room for (`drive` checks that).

use parakit_abi::device::gpu::{Header, command};
use parakit_abi::device::net::PacketHeader as NetHeader;
use parakit_abi::device::vsock::{HOST_CID, PacketHeader, socket_type};
use parakit_harness::device::{
    Block, BlockOptions, Console, ConsoleOptions, DeviceModel, Entropy, Gpu, GpuOptions, Input, InputKind,
    InputOptions, MemoryDisk, Net, NetOptions, Recorder, Screen, Vsock, VsockOptions, drive,
};
use proptest::prelude::*;

fn models() -> Vec<Box<dyn DeviceModel>> {
    let disk = Box::new(MemoryDisk::new(vec![0; 64 * 512]));
    vec![
        Box::new(Block::new(disk, BlockOptions::default())),
        Box::new(Console::new(ConsoleOptions::default(), Box::new(std::io::sink()))),
        Box::new(Entropy::default()),
        Box::new(Input::new(InputOptions::new(InputKind::Tablet), Recorder::default())),
        net(),
        gpu(),
        vsock(),
    ]
}

fn net() -> Box<dyn DeviceModel> {
    Box::new(Net::new(NetOptions { pairs: 2, ..NetOptions::default() }, Recorder::default()))
}

fn gpu() -> Box<dyn DeviceModel> {
    Box::new(Gpu::new(GpuOptions { memory_bytes: 1 << 20, ..GpuOptions::default() }, Screen::default()))
}

fn vsock() -> Box<dyn DeviceModel> {
    Box::new(Vsock::new(VsockOptions::default()))
}

/// A step of a program: a request of these bytes in one readable buffer, with `room` times 8 bytes to write.
fn request(queue: u8, bytes: &[u8], room: u8) -> Vec<u8> {
    let mut step = vec![96, queue, bytes.len() as u8, room];
    step.extend(bytes);
    step
}

/// Numbers near the edges of what makes sense.
fn edge() -> impl Strategy<Value = u32> + Clone {
    prop_oneof![8 => 0..70_u32, 2 => Just(4096), 1 => Just(u32::MAX), 1 => Just(0x8000_0000), 1 => any::<u32>()]
}

fn gpu_request() -> impl Strategy<Value = Vec<u8>> {
    let commands = prop_oneof![8 => command::GET_DISPLAY_INFO..=command::SET_SCANOUT_BLOB, 1 => 0x300_u32..=0x302, 1 => any::<u32>()];
    (commands, any::<bool>(), proptest::collection::vec(edge(), 8), 0..2_u8, 0..80_u8).prop_map(
        |(header_type, fence, fields, queue, room)| {
            let header = Header { header_type, flags: fence.into(), fence_id: 9, ..Header::default() };
            let mut bytes = header.to_le_bytes().to_vec();
            // Ids are few, so that they meet.
            fields.iter().enumerate().for_each(|(i, field)| {
                let field = if i == 0 && header_type != command::SET_SCANOUT { field % 3 } else { *field };
                bytes.extend(field.to_le_bytes());
            });
            request(queue, &bytes, room)
        },
    )
}

fn vsock_request() -> impl Strategy<Value = Vec<u8>> {
    let ports = prop_oneof![Just(7_u32), Just(9), Just(19), Just(1024), Just(5)];
    let sent = (ports, 0..3_u32, 0..9_u16, edge(), edge(), edge(), 0..120_u8).prop_map(
        |(dst_port, src_port, op, flags, buf_alloc, fwd_cnt, len)| {
            let header = PacketHeader {
                src_cid: 3,
                dst_cid: HOST_CID,
                src_port,
                dst_port,
                len: len.into(),
                socket_type: if flags == 69 { 2 } else { socket_type::STREAM },
                op,
                flags,
                buf_alloc,
                fwd_cnt,
            };
            let mut bytes = header.to_le_bytes().to_vec();
            bytes.extend(vec![0x5a; len.into()]);
            request(1, &bytes, 0)
        },
    );
    prop_oneof![4 => sent, 3 => (0..2_u8, any::<u8>()).prop_map(|(queue, room)| request(queue * 2, &[], room))]
}

fn net_request() -> impl Strategy<Value = Vec<u8>> {
    let arp_and_ip =
        prop_oneof![Just(vec![8, 6, 0, 1, 8, 0, 6, 4, 0, 1]), Just(vec![8, 0, 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6])];
    let frame = (arp_and_ip, proptest::collection::vec(any::<u8>(), 0..200), any::<[u8; 12]>()).prop_map(
        |(kind, rest, head)| {
            let mut bytes = head.to_vec();
            bytes[1] &= 1;
            bytes.extend([0xff; 12]);
            bytes.extend(kind);
            bytes.extend(rest);
            request(1, &bytes, 0)
        },
    );
    let command = (0..6_u8, 0..7_u8, proptest::collection::vec(0..4_u8, 0..40)).prop_map(|(class, command, data)| {
        let mut bytes = vec![class, command];
        bytes.extend(data);
        request(4, &bytes, 1)
    });
    let buffer = (0..2_u8, any::<u8>()).prop_map(|(pair, room)| request(pair * 2, &[], room));
    prop_oneof![3 => frame, 2 => command, 2 => buffer, 1 => Just(vec![40, 0, 60, 0, 0, 0, 0, 0, 0, 0])]
}

fn programs(requests: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(requests, 0..40).prop_map(|steps| steps.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(program in proptest::collection::vec(any::<u8>(), 0..800)) {
        for model in models() {
            drive(model, &program);
        }
    }

    #[test]
    fn commands_of_a_gpu(program in programs(gpu_request())) {
        drive(gpu(), &program);
    }

    #[test]
    fn packets_of_a_socket_device(program in programs(vsock_request())) {
        drive(vsock(), &program);
    }

    #[test]
    fn frames_and_commands_of_a_network_device(program in programs(net_request())) {
        drive(net(), &program);
    }
}

/// The header of network packets is 12 bytes, which `net_request` counts on.
const _: () = assert!(NetHeader::SIZE == 12);
