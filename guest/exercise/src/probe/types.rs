//! What devices of some types do (VIRTIO 1.4 chapter 5).

use alloc::{format, vec};

use parakit_abi::device::{console, gpu, input, net, vsock};
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

use super::ring::Ring;
use super::subject::{Subject, show};
use crate::{Env, Failure};

/// A console takes a character before anything else was done with it (§5.3.5.1).
pub(super) fn emergency_write<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    s.reset()?;
    if !s.offered().has(console::feature::EMERG_WRITE) {
        return Ok(());
    }
    s.raw.registers().config_write(console::config::EMERG_WR, 4, u32::from(b'!'));
    let status = s.raw.status();
    let taken = status == DeviceStatus::RESET && s.propose(Features::bit(feature::VERSION_1).and(s.offered()));
    s.check(id::CONSOLE_DEV_INIT_1, taken, "emerg_wr can be written before the device is brought up", || {
        format!("after a write it has {}, and does not take up FEATURES_OK or has more than it was given", show(status))
    });
    Ok(())
}

/// Each buffer comes back with something in it (§5.4.6.2).
pub(super) fn random<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let ring = Ring::live(s, &[])?;
    for len in [1, 64, 256] {
        let (_, written) = ring.exchange(&vec![(s.buffer(len)?, true)])?;
        s.check(id::RNG_DEV_OP_1, written > 0, "a used buffer has at least one random byte", || {
            format!("{written} bytes were written to a buffer of {len}")
        });
    }
    Ok(())
}

/// What the configuration of a network device may say (§5.1.4.1).
pub(super) fn network<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    use net::{config, feature};
    s.reset()?;
    let offered = s.offered();
    if offered.has(feature::CTRL_RX_EXTRA) {
        s.check(
            id::NET_DEV_CONFIG_14,
            offered.has(feature::CTRL_VQ),
            "VIRTIO_NET_F_CTRL_RX_EXTRA is offered together with VIRTIO_NET_F_CTRL_VQ",
            || "it is offered alone",
        );
    }
    if !s.propose(offered) {
        return Err(Failure::new("the device refuses its whole offer"));
    }
    let read = |offset, width| s.raw.registers().config_read(offset, width);
    if offered.has(feature::MQ) {
        let pairs = read(config::MAX_VIRTQUEUE_PAIRS, 2);
        s.check(
            id::NET_DEV_CONFIG_1,
            (1..=0x8000).contains(&pairs),
            "max_virtqueue_pairs lies between 1 and 0x8000",
            || format!("it is {pairs:#x}"),
        );
    }
    if offered.has(feature::MTU) {
        let mtu = read(config::MTU, 2);
        s.check(id::NET_DEV_CONFIG_2, mtu >= 68, "mtu lies between 68 and 65535", || format!("it is {mtu}"));
        s.check(id::NET_DEV_CONFIG_3, mtu >= 1280, "mtu is at least 1280", || format!("it is {mtu}"));
    }
    if offered.has(feature::SPEED_DUPLEX) {
        let (speed, duplex) = (read(config::SPEED, 4), read(config::DUPLEX, 1));
        s.check(
            id::NET_DEV_CONFIG_10,
            speed <= 0x7fff_ffff || speed == u32::MAX,
            "speed lies between 0 and 0x7fffffff, or is 0xffffffff",
            || format!("it is {speed:#x}"),
        );
        s.check(id::NET_DEV_CONFIG_11, matches!(duplex, 0 | 1 | 0xff), "duplex is 0, 1 or 0xff", || {
            format!("it is {duplex:#x}")
        });
    }
    Ok(())
}

/// What an input device does not have is told by a size of 0 (§5.8.5.2).
pub(super) fn unsupported_queries<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    use input::{config, select};
    s.negotiate(&[])?;
    s.go();
    let registers = s.raw.registers();
    // No such query, and the codes of an event type that there is none of.
    for (kind, subsel) in [(0xfe, 0), (select::EV_BITS, 0xfe)] {
        // So that there is a size that has to go.
        for (kind, subsel) in [(select::ID_NAME, 0), (kind, subsel)] {
            registers.config_write(config::SELECT, 1, kind.into());
            registers.config_write(config::SUBSEL, 1, subsel);
        }
        let size = registers.config_read(config::SIZE_OF_ANSWER, 1);
        s.check(id::INPUT_DEV_INIT_1, size == 0, "size is 0 for what the device does not support", || {
            format!("it is {size} for select {kind:#x} and subsel {subsel:#x}")
        });
    }
    Ok(())
}

/// The answer to a request with a fence has the fence (§5.7.6.7).
pub(super) fn fences<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let ring = Ring::live(s, &[])?;
    for fence_id in [7, 0x0123_4567_89ab_cdef] {
        let header = gpu::Header {
            header_type: gpu::command::GET_DISPLAY_INFO,
            flags: gpu::FLAG_FENCE,
            fence_id,
            ..gpu::Header::default()
        };
        let request = s.gpu_request(header)?;
        let (_, written) = ring.exchange(&request.to_vec())?;
        if (written as usize) < gpu::Header::SIZE {
            return Err(Failure::new(format!("the answer to a request has {written} bytes")));
        }
        let mut bytes = [0; gpu::Header::SIZE];
        bytes.iter_mut().zip(s.bytes(request[1].0)).for_each(|(to, from)| *to = from);
        let answer = gpu::Header::from_le_bytes(bytes);
        let flagged = answer.flags & gpu::FLAG_FENCE != 0;
        s.check(id::GPU_DEV_TXTHDR_1, flagged, "the answer to a request with a fence has the flag FENCE", || {
            format!("its flags are {:#x}", answer.flags)
        });
        s.check(
            id::GPU_DEV_TXTHDR_2,
            answer.fence_id == fence_id,
            "the answer to a request with a fence has the id of the fence",
            || format!("it has {:#x}, the request {fence_id:#x}", answer.fence_id),
        );
    }
    Ok(())
}

/// The offer and the context id of a socket device (§5.10.3.2, §5.10.6.4.2).
pub(super) fn socket<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let agreed = s.negotiate(&[vsock::feature::STREAM, vsock::feature::NO_IMPLIED_STREAM])?;
    let offered = agreed.has(vsock::feature::NO_IMPLIED_STREAM);
    s.check(id::VSOCK_DEV_FEAT_1, offered, "VIRTIO_VSOCK_F_NO_IMPLIED_STREAM is offered", || "it is not");
    let half = |offset| u64::from(s.raw.registers().config_read(vsock::config::GUEST_CID + offset, 4));
    let cid = half(0) | half(4) << 32;
    s.check(id::VSOCK_DEV_RXTX_1, !vsock::is_reserved_cid(cid), "guest_cid is no reserved context id", || {
        format!("it is {cid:#x}")
    });
    Ok(())
}
