use parakit_abi::device::DeviceType;
use parakit_abi::device::block::{DiscardWriteZeroes, RequestHeader, config, feature, request};
use parakit_abi::feature::Features;
use parakit_abi::requirement::id;
use parakit_abi::ring::split::{DESC_F_NEXT, DESC_F_WRITE};
use parakit_harness::observe::event::{Chain, EventKind, Link};

use crate::script::{Script, info};

/// A live disk that offers `bits` and takes 4 segments at once.
fn disk(bits: &[u32]) -> Script {
    let mut info = info(DeviceType::BLOCK);
    info.offered[0] |= Features::of(bits).0 as u64;
    info.config[config::MAX_DISCARD_SEG as usize] = if bits.contains(&feature::DISCARD) { 4 } else { 0 };
    let mut script = Script::new(info);
    script.start_with(bits);
    script
}

/// Makes a request of `count` segments available.
fn segments(script: &mut Script, request_type: u32, count: u64) -> &mut Script {
    let mut readable = RequestHeader { request_type, sector: 0 }.to_le_bytes().to_vec();
    for i in 0..count {
        readable.extend(DiscardWriteZeroes { sector: 8 * i, num_sectors: 8, flags: 0 }.to_le_bytes());
    }
    let link = |index: u16, len: u32, flags| Link {
        indirect: false,
        index,
        addr: 0x10_0000 * (1 + u64::from(index)),
        len,
        flags,
        next: index + 1,
    };
    let links = vec![link(0, readable.len() as u32, DESC_F_NEXT), link(1, 1, DESC_F_WRITE)];
    script.push(EventKind::AvailIdx { queue: 0, old: 0, new: 1 });
    script.push(EventKind::Available(Chain { queue: 0, slot: 0, head: 0, links, broken: None, readable }))
}

#[test]
fn segments_up_to_the_limit() {
    segments(&mut disk(&[feature::DISCARD]), request::DISCARD, 4).passes(id::BLK_DRV_OP_9);
    segments(&mut disk(&[feature::DISCARD]), request::DISCARD, 5).caught(id::BLK_DRV_OP_9, &[]);
}

#[test]
fn no_limit_without_its_feature() {
    // The device answers that it does not support the request; a limit there is none.
    segments(&mut disk(&[]), request::DISCARD, 1).silent(id::BLK_DRV_OP_9);
    segments(&mut disk(&[]), request::DISCARD, 1).passes(id::BLK_DRV_OP_14);
}
