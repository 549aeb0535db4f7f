//! Network, input, GPU and socket devices, held against Linux's UAPI headers (as bound by `virtio-bindings`) and, where those lack a header,
//! against the crate `virtio-spec`.

use std::mem::{offset_of, size_of};

use parakit_abi::device::{DeviceType, config_fields, gpu, input, net, vsock};
use virtio_bindings::{virtio_gpu as lg, virtio_ids as ids, virtio_input as li, virtio_net as ln};
use virtio_spec::vsock as sv;

fn offsets(device: DeviceType) -> Vec<(&'static str, usize)> {
    config_fields(device).expect("a known type").iter().map(|f| (f.name, f.offset as usize)).collect()
}

#[test]
fn device_types() {
    let pairs = [
        (DeviceType::NET, ids::VIRTIO_ID_NET),
        (DeviceType::GPU, ids::VIRTIO_ID_GPU),
        (DeviceType::INPUT, ids::VIRTIO_ID_INPUT),
        (DeviceType::VSOCK, ids::VIRTIO_ID_VSOCK),
    ];
    for (ours, theirs) in pairs {
        assert_eq!(ours.0, theirs);
    }
}

/// Every bit that Linux has a name for has the same name here.
#[test]
fn features() {
    let linux = [
        ("CSUM", ln::VIRTIO_NET_F_CSUM),
        ("GUEST_CSUM", ln::VIRTIO_NET_F_GUEST_CSUM),
        ("CTRL_GUEST_OFFLOADS", ln::VIRTIO_NET_F_CTRL_GUEST_OFFLOADS),
        ("MTU", ln::VIRTIO_NET_F_MTU),
        ("MAC", ln::VIRTIO_NET_F_MAC),
        ("GUEST_TSO4", ln::VIRTIO_NET_F_GUEST_TSO4),
        ("GUEST_TSO6", ln::VIRTIO_NET_F_GUEST_TSO6),
        ("GUEST_ECN", ln::VIRTIO_NET_F_GUEST_ECN),
        ("GUEST_UFO", ln::VIRTIO_NET_F_GUEST_UFO),
        ("HOST_TSO4", ln::VIRTIO_NET_F_HOST_TSO4),
        ("HOST_TSO6", ln::VIRTIO_NET_F_HOST_TSO6),
        ("HOST_ECN", ln::VIRTIO_NET_F_HOST_ECN),
        ("HOST_UFO", ln::VIRTIO_NET_F_HOST_UFO),
        ("MRG_RXBUF", ln::VIRTIO_NET_F_MRG_RXBUF),
        ("STATUS", ln::VIRTIO_NET_F_STATUS),
        ("CTRL_VQ", ln::VIRTIO_NET_F_CTRL_VQ),
        ("CTRL_RX", ln::VIRTIO_NET_F_CTRL_RX),
        ("CTRL_VLAN", ln::VIRTIO_NET_F_CTRL_VLAN),
        ("CTRL_RX_EXTRA", ln::VIRTIO_NET_F_CTRL_RX_EXTRA),
        ("GUEST_ANNOUNCE", ln::VIRTIO_NET_F_GUEST_ANNOUNCE),
        ("MQ", ln::VIRTIO_NET_F_MQ),
        ("CTRL_MAC_ADDR", ln::VIRTIO_NET_F_CTRL_MAC_ADDR),
        ("DEVICE_STATS", ln::VIRTIO_NET_F_DEVICE_STATS),
        ("VQ_NOTF_COAL", ln::VIRTIO_NET_F_VQ_NOTF_COAL),
        ("NOTF_COAL", ln::VIRTIO_NET_F_NOTF_COAL),
        ("GUEST_USO4", ln::VIRTIO_NET_F_GUEST_USO4),
        ("GUEST_USO6", ln::VIRTIO_NET_F_GUEST_USO6),
        ("HOST_USO", ln::VIRTIO_NET_F_HOST_USO),
        ("HASH_REPORT", ln::VIRTIO_NET_F_HASH_REPORT),
        ("GUEST_HDRLEN", ln::VIRTIO_NET_F_GUEST_HDRLEN),
        ("RSS", ln::VIRTIO_NET_F_RSS),
        ("RSC_EXT", ln::VIRTIO_NET_F_RSC_EXT),
        ("STANDBY", ln::VIRTIO_NET_F_STANDBY),
        ("SPEED_DUPLEX", ln::VIRTIO_NET_F_SPEED_DUPLEX),
        ("GSO", ln::VIRTIO_NET_F_GSO),
    ];
    for (name, bit) in linux {
        assert_eq!(net::feature_name(bit), Some(name));
    }
    let defined: Vec<_> = net::DEFINED_FEATURES.iter().collect();
    // VIRTIO 1.4 has some that the header lacks, and no legacy bit among those of today.
    let more = [net::feature::HASH_TUNNEL, 64, 65, 66, 67, 68, 69, 70];
    let mut known: Vec<_> = linux.iter().map(|(_, bit)| *bit).filter(|b| *b != net::feature::GSO).chain(more).collect();
    known.sort_unstable();
    assert_eq!(defined, known);

    let linux = [
        ("VIRGL", lg::VIRTIO_GPU_F_VIRGL),
        ("EDID", lg::VIRTIO_GPU_F_EDID),
        ("RESOURCE_UUID", lg::VIRTIO_GPU_F_RESOURCE_UUID),
        ("RESOURCE_BLOB", lg::VIRTIO_GPU_F_RESOURCE_BLOB),
        ("CONTEXT_INIT", lg::VIRTIO_GPU_F_CONTEXT_INIT),
    ];
    for (name, bit) in linux {
        assert_eq!(gpu::feature_name(bit), Some(name));
    }
    let theirs: Vec<_> = sv::F::all()
        .iter_names()
        .map(|(name, f)| (f.bits().to_ne().trailing_zeros(), name))
        .filter(|(bit, _)| *bit < 24)
        .collect();
    let ours: Vec<_> = vsock::DEFINED_FEATURES.iter().filter_map(|b| Some((b, vsock::feature_name(b)?))).collect();
    assert_eq!(ours, theirs);
}

#[test]
fn network_layouts() {
    use ln::virtio_net_config as c;
    let ours: Vec<_> = offsets(DeviceType::NET).into_iter().filter(|(name, _)| !name.starts_with("mac")).collect();
    let linux = [
        ("status", offset_of!(c, status)),
        ("max_virtqueue_pairs", offset_of!(c, max_virtqueue_pairs)),
        ("mtu", offset_of!(c, mtu)),
        ("speed", offset_of!(c, speed)),
        ("duplex", offset_of!(c, duplex)),
        ("rss_max_key_size", offset_of!(c, rss_max_key_size)),
        ("rss_max_indirection_table_length", offset_of!(c, rss_max_indirection_table_length)),
        ("supported_hash_types", offset_of!(c, supported_hash_types)),
    ];
    // The last field is younger than the header.
    assert_eq!(ours[..ours.len() - 1], linux);
    assert_eq!(ours[ours.len() - 1], ("supported_tunnel_types", size_of::<c>()));
    assert_eq!(net::config::MAC as usize, offset_of!(c, mac));

    assert_eq!(net::PacketHeader::SIZE, size_of::<ln::virtio_net_hdr_mrg_rxbuf>());
    assert_eq!(net::PacketHeader::LEGACY_SIZE, size_of::<ln::virtio_net_hdr>());
    let header = net::PacketHeader {
        flags: 1,
        gso_type: 2,
        hdr_len: 0x0403,
        gso_size: 0x0605,
        csum_start: 0x0807,
        csum_offset: 0x0a09,
        num_buffers: 0x0c0b,
    };
    let bytes = header.to_le_bytes();
    assert_eq!(bytes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    use ln::virtio_net_hdr as h;
    let fields = [offset_of!(h, flags), offset_of!(h, gso_type), offset_of!(h, hdr_len), offset_of!(h, gso_size)];
    assert_eq!(fields, [0, 1, 2, 4]);
    assert_eq!([offset_of!(h, csum_start), offset_of!(h, csum_offset)], [6, 8]);
    assert_eq!(offset_of!(ln::virtio_net_hdr_mrg_rxbuf, num_buffers), 10);
}

#[test]
fn network_constants() {
    use net::{control as c, gso, header_flag as f, status as s};
    let pairs = [
        (f::NEEDS_CSUM, ln::VIRTIO_NET_HDR_F_NEEDS_CSUM),
        (f::DATA_VALID, ln::VIRTIO_NET_HDR_F_DATA_VALID),
        (f::RSC_INFO, ln::VIRTIO_NET_HDR_F_RSC_INFO),
        (gso::NONE, ln::VIRTIO_NET_HDR_GSO_NONE),
        (gso::TCPV4, ln::VIRTIO_NET_HDR_GSO_TCPV4),
        (gso::UDP, ln::VIRTIO_NET_HDR_GSO_UDP),
        (gso::TCPV6, ln::VIRTIO_NET_HDR_GSO_TCPV6),
        (gso::UDP_L4, ln::VIRTIO_NET_HDR_GSO_UDP_L4),
        (gso::ECN, ln::VIRTIO_NET_HDR_GSO_ECN),
        (c::RX, ln::VIRTIO_NET_CTRL_RX),
        (c::RX_PROMISC, ln::VIRTIO_NET_CTRL_RX_PROMISC),
        (c::RX_ALLMULTI, ln::VIRTIO_NET_CTRL_RX_ALLMULTI),
        (c::RX_ALLUNI, ln::VIRTIO_NET_CTRL_RX_ALLUNI),
        (c::RX_NOMULTI, ln::VIRTIO_NET_CTRL_RX_NOMULTI),
        (c::RX_NOUNI, ln::VIRTIO_NET_CTRL_RX_NOUNI),
        (c::RX_NOBCAST, ln::VIRTIO_NET_CTRL_RX_NOBCAST),
        (c::MAC, ln::VIRTIO_NET_CTRL_MAC),
        (c::MAC_TABLE_SET, ln::VIRTIO_NET_CTRL_MAC_TABLE_SET),
        (c::MAC_ADDR_SET, ln::VIRTIO_NET_CTRL_MAC_ADDR_SET),
        (c::VLAN, ln::VIRTIO_NET_CTRL_VLAN),
        (c::VLAN_ADD, ln::VIRTIO_NET_CTRL_VLAN_ADD),
        (c::VLAN_DEL, ln::VIRTIO_NET_CTRL_VLAN_DEL),
        (c::ANNOUNCE, ln::VIRTIO_NET_CTRL_ANNOUNCE),
        (c::ANNOUNCE_ACK, ln::VIRTIO_NET_CTRL_ANNOUNCE_ACK),
        (c::MQ, ln::VIRTIO_NET_CTRL_MQ),
        (c::MQ_VQ_PAIRS_SET, ln::VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET),
        (c::OK, ln::VIRTIO_NET_OK),
        (c::ERR, ln::VIRTIO_NET_ERR),
    ];
    for (ours, theirs) in pairs {
        assert_eq!(u32::from(ours), theirs);
    }
    assert_eq!(u32::from(s::LINK_UP), ln::VIRTIO_NET_S_LINK_UP);
    assert_eq!(u32::from(s::ANNOUNCE), ln::VIRTIO_NET_S_ANNOUNCE);
    assert_eq!(u32::from(c::MQ_VQ_PAIRS_MIN), ln::VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MIN);
    assert_eq!(u32::from(c::MQ_VQ_PAIRS_MAX), ln::VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MAX);
}

#[test]
fn input_layouts() {
    use li::virtio_input_config as c;
    let ours = offsets(DeviceType::INPUT);
    let linux = [("select", offset_of!(c, select)), ("subsel", offset_of!(c, subsel)), ("size", offset_of!(c, size))];
    assert_eq!(ours[..3], linux);
    assert_eq!(input::config::DATA as usize, offset_of!(c, u));
    assert_eq!(input::config::SIZE as usize, size_of::<c>());
    // The bytes that only strings and bitmaps have reach to the end.
    let bytes: Vec<_> = ours[3..].iter().map(|(_, at)| *at).collect();
    assert_eq!(bytes, (offset_of!(c, u) + size_of::<li::virtio_input_absinfo>()..size_of::<c>()).collect::<Vec<_>>());
    let pairs = [
        (input::select::UNSET, li::virtio_input_config_select_VIRTIO_INPUT_CFG_UNSET),
        (input::select::ID_NAME, li::virtio_input_config_select_VIRTIO_INPUT_CFG_ID_NAME),
        (input::select::ID_SERIAL, li::virtio_input_config_select_VIRTIO_INPUT_CFG_ID_SERIAL),
        (input::select::ID_DEVIDS, li::virtio_input_config_select_VIRTIO_INPUT_CFG_ID_DEVIDS),
        (input::select::PROP_BITS, li::virtio_input_config_select_VIRTIO_INPUT_CFG_PROP_BITS),
        (input::select::EV_BITS, li::virtio_input_config_select_VIRTIO_INPUT_CFG_EV_BITS),
        (input::select::ABS_INFO, li::virtio_input_config_select_VIRTIO_INPUT_CFG_ABS_INFO),
    ];
    for (ours, theirs) in pairs {
        assert_eq!(u32::from(ours), theirs);
    }
    assert_eq!(input::InputEvent::SIZE, size_of::<li::virtio_input_event>());
    let event = input::InputEvent { event_type: 0x0201, code: 0x0403, value: 0x0807_0605 };
    assert_eq!(event.to_le_bytes(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(offset_of!(li::virtio_input_event, code), 2);
    assert_eq!(offset_of!(li::virtio_input_event, value), 4);
    let ids = input::DeviceIds { bustype: 0x0201, vendor: 0x0403, product: 0x0605, version: 0x0807 };
    assert_eq!(ids.to_le_bytes(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(input::DeviceIds::SIZE, size_of::<li::virtio_input_devids>());
    assert_eq!(offset_of!(li::virtio_input_devids, product), 4);
    assert_eq!(input::AxisInfo::SIZE, size_of::<li::virtio_input_absinfo>());
    let axis = input::AxisInfo { min: 1, max: 2, fuzz: 3, flat: 4, res: 5 }.to_le_bytes();
    assert_eq!([axis[0], axis[4], axis[8], axis[12], axis[16]], [1, 2, 3, 4, 5]);
    assert_eq!(offset_of!(li::virtio_input_absinfo, flat), 12);
}

#[test]
fn gpu_layouts() {
    use lg::virtio_gpu_config as c;
    let ours = offsets(DeviceType::GPU);
    let linux = [
        ("events_read", offset_of!(c, events_read)),
        ("events_clear", offset_of!(c, events_clear)),
        ("num_scanouts", offset_of!(c, num_scanouts)),
        ("num_capsets", offset_of!(c, num_capsets)),
    ];
    assert_eq!(ours[..4], linux);
    // Younger than the header.
    assert_eq!(ours[4..], [("blob_alignment", size_of::<c>())]);

    let sizes = [
        (gpu::Header::SIZE, size_of::<lg::virtio_gpu_ctrl_hdr>()),
        (gpu::Rect::SIZE, size_of::<lg::virtio_gpu_rect>()),
        (gpu::layout::CREATE_2D, size_of::<lg::virtio_gpu_resource_create_2d>()),
        (gpu::layout::RESOURCE, size_of::<lg::virtio_gpu_resource_unref>()),
        (gpu::layout::RESOURCE, size_of::<lg::virtio_gpu_resource_detach_backing>()),
        (gpu::layout::SET_SCANOUT, size_of::<lg::virtio_gpu_set_scanout>()),
        (gpu::layout::FLUSH, size_of::<lg::virtio_gpu_resource_flush>()),
        (gpu::layout::TRANSFER_2D, size_of::<lg::virtio_gpu_transfer_to_host_2d>()),
        (gpu::layout::ATTACH_BACKING, size_of::<lg::virtio_gpu_resource_attach_backing>()),
        (gpu::layout::MEM_ENTRY, size_of::<lg::virtio_gpu_mem_entry>()),
        (gpu::layout::GET_EDID, size_of::<lg::virtio_gpu_cmd_get_edid>()),
        (gpu::layout::UPDATE_CURSOR, size_of::<lg::virtio_gpu_update_cursor>()),
        (gpu::layout::DISPLAY_ONE, size_of::<lg::virtio_gpu_resp_display_info_virtio_gpu_display_one>()),
        (gpu::layout::DISPLAY_INFO, size_of::<lg::virtio_gpu_resp_display_info>()),
        (gpu::layout::EDID, size_of::<lg::virtio_gpu_resp_edid>()),
    ];
    for (ours, theirs) in sizes {
        assert_eq!(ours, theirs);
    }
    let header = gpu::Header { header_type: 1, flags: 2, fence_id: 3, ctx_id: 4, ring_idx: 5 }.to_le_bytes();
    use lg::virtio_gpu_ctrl_hdr as h;
    let at = [
        offset_of!(h, type_),
        offset_of!(h, flags),
        offset_of!(h, fence_id),
        offset_of!(h, ctx_id),
        offset_of!(h, ring_idx),
    ];
    assert_eq!(at.map(|at| header[at]), [1, 2, 3, 4, 5]);
    // Where the model of the device reads the fields.
    assert_eq!(offset_of!(lg::virtio_gpu_resource_create_2d, width), 32);
    assert_eq!(offset_of!(lg::virtio_gpu_set_scanout, r), gpu::Header::SIZE);
    assert_eq!(offset_of!(lg::virtio_gpu_set_scanout, scanout_id), 40);
    assert_eq!(offset_of!(lg::virtio_gpu_resource_flush, resource_id), 40);
    assert_eq!(offset_of!(lg::virtio_gpu_transfer_to_host_2d, offset), 40);
    assert_eq!(offset_of!(lg::virtio_gpu_transfer_to_host_2d, resource_id), 48);
    assert_eq!(offset_of!(lg::virtio_gpu_resource_attach_backing, nr_entries), 28);
    assert_eq!(offset_of!(lg::virtio_gpu_update_cursor, resource_id), 40);
}

#[test]
fn gpu_constants() {
    use gpu::{command as c, format as f, response as r};
    let pairs = [
        (c::GET_DISPLAY_INFO, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_GET_DISPLAY_INFO),
        (c::RESOURCE_CREATE_2D, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_RESOURCE_CREATE_2D),
        (c::RESOURCE_UNREF, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_RESOURCE_UNREF),
        (c::SET_SCANOUT, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_SET_SCANOUT),
        (c::RESOURCE_FLUSH, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_RESOURCE_FLUSH),
        (c::TRANSFER_TO_HOST_2D, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D),
        (c::RESOURCE_ATTACH_BACKING, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING),
        (c::RESOURCE_DETACH_BACKING, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING),
        (c::GET_CAPSET_INFO, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_GET_CAPSET_INFO),
        (c::GET_CAPSET, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_GET_CAPSET),
        (c::GET_EDID, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_GET_EDID),
        (c::RESOURCE_ASSIGN_UUID, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID),
        (c::RESOURCE_CREATE_BLOB, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB),
        (c::SET_SCANOUT_BLOB, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_SET_SCANOUT_BLOB),
        (c::UPDATE_CURSOR, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_UPDATE_CURSOR),
        (c::MOVE_CURSOR, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_CMD_MOVE_CURSOR),
        (r::OK_NODATA, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_OK_NODATA),
        (r::OK_DISPLAY_INFO, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_OK_DISPLAY_INFO),
        (r::OK_EDID, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_OK_EDID),
        (r::ERR_UNSPEC, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_ERR_UNSPEC),
        (r::ERR_OUT_OF_MEMORY, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY),
        (r::ERR_INVALID_SCANOUT_ID, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID),
        (r::ERR_INVALID_RESOURCE_ID, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID),
        (r::ERR_INVALID_CONTEXT_ID, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID),
        (r::ERR_INVALID_PARAMETER, lg::virtio_gpu_ctrl_type_VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER),
        (f::B8G8R8A8, lg::virtio_gpu_formats_VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM),
        (f::B8G8R8X8, lg::virtio_gpu_formats_VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM),
        (f::A8R8G8B8, lg::virtio_gpu_formats_VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM),
        (f::X8R8G8B8, lg::virtio_gpu_formats_VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM),
        (f::R8G8B8A8, lg::virtio_gpu_formats_VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM),
        (f::X8B8G8R8, lg::virtio_gpu_formats_VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM),
        (f::A8B8G8R8, lg::virtio_gpu_formats_VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM),
        (f::R8G8B8X8, lg::virtio_gpu_formats_VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM),
        (gpu::FLAG_FENCE, lg::VIRTIO_GPU_FLAG_FENCE),
        (gpu::FLAG_INFO_RING_IDX, lg::VIRTIO_GPU_FLAG_INFO_RING_IDX),
        (gpu::MAX_SCANOUTS as u32, lg::VIRTIO_GPU_MAX_SCANOUTS),
        (gpu::event::DISPLAY, lg::VIRTIO_GPU_EVENT_DISPLAY),
    ];
    for (ours, theirs) in pairs {
        assert_eq!(ours, theirs);
    }
}

/// The bound headers lack `virtio_vsock.h`.
#[test]
fn sockets() {
    assert_eq!(vsock::PacketHeader::SIZE, size_of::<sv::Hdr>());
    assert_eq!(vsock::config::SIZE as usize, size_of::<sv::Config>());
    assert_eq!(vsock::EVENT_BYTES, size_of::<sv::Event>());
    assert_eq!(vsock::EVENT_TRANSPORT_RESET, sv::EventId::TransportReset as u32);
    assert_eq!(vsock::socket_type::STREAM, sv::Type::Stream as u16);
    assert_eq!(vsock::socket_type::SEQPACKET, sv::Type::Seqpacket as u16);
    assert_eq!(vsock::shutdown::RECEIVE, sv::ShutdownF::RECEIVE.bits().to_ne());
    assert_eq!(vsock::shutdown::SEND, sv::ShutdownF::SEND.bits().to_ne());
    let ops = [
        (vsock::op::INVALID, sv::Op::Invalid),
        (vsock::op::REQUEST, sv::Op::Request),
        (vsock::op::RESPONSE, sv::Op::Response),
        (vsock::op::RST, sv::Op::Rst),
        (vsock::op::SHUTDOWN, sv::Op::Shutdown),
        (vsock::op::RW, sv::Op::Rw),
        (vsock::op::CREDIT_UPDATE, sv::Op::CreditUpdate),
        (vsock::op::CREDIT_REQUEST, sv::Op::CreditRequest),
    ];
    for (ours, theirs) in ops {
        assert_eq!(ours, theirs as u16);
        assert_eq!(
            vsock::op_name(ours).map(|name| name.replace('_', "").to_lowercase()),
            Some(format!("{theirs:?}").to_lowercase())
        );
    }
    let header = vsock::PacketHeader {
        src_cid: 1,
        dst_cid: 2,
        src_port: 3,
        dst_port: 4,
        len: 5,
        socket_type: 6,
        op: 7,
        flags: 8,
        buf_alloc: 9,
        fwd_cnt: 10,
    };
    let bytes = header.to_le_bytes();
    let at = [
        offset_of!(sv::Hdr, src_cid),
        offset_of!(sv::Hdr, dst_cid),
        offset_of!(sv::Hdr, src_port),
        offset_of!(sv::Hdr, dst_port),
        offset_of!(sv::Hdr, len),
        offset_of!(sv::Hdr, type_),
        offset_of!(sv::Hdr, op),
        offset_of!(sv::Hdr, flags),
        offset_of!(sv::Hdr, buf_alloc),
        offset_of!(sv::Hdr, fwd_cnt),
    ];
    assert_eq!(at.map(|at| bytes[at]), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(bytes.iter().filter(|byte| **byte != 0).count(), 10);
}
