//! The packed ring (VIRTIO 1.4 §2.8).

use alloc::{format, vec::Vec};

use parakit::transport::raw::Piece;
use parakit_abi::feature;
use parakit_abi::requirement::id;

use super::packed_ring::{PackedRing, SIZE};
use super::request::{POISON, Request};
use super::subject::Subject;
use crate::{Env, Failure};

/// Requests, one after the other: enough for the ring to wrap several times.
const ROUNDS: u16 = SIZE;
/// Requests that are published at once.
const BATCH: usize = 5;

/// A live device with a packed ring; `None` where it does not offer that.
fn live<'s, 'e, E: Env>(s: &'s Subject<'e, E>, features: &[u32]) -> Result<Option<PackedRing<'s, 'e, E>>, Failure> {
    let mut wanted = features.to_vec();
    wanted.push(feature::RING_PACKED);
    if !s.negotiate(&wanted)?.has(feature::RING_PACKED) {
        return Ok(None);
    }
    let ring = PackedRing::new(s);
    ring.enable()?;
    s.go();
    Ok(Some(ring))
}

/// What a device may write, and what it may not write again.
pub(super) fn memory<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let Some(ring) = live(s, &[])? else { return Ok(()) };
    let requests = [s.read(1, 1)?, s.write(2, 1, 0x5a)?];
    for round in 0..ROUNDS {
        let request = &requests[usize::from(round) % 2];
        let readable = |request: &Request| {
            let data = Some(request.data).filter(|_| request.write);
            s.bytes(request.header).chain(data.into_iter().flat_map(|d| s.bytes(d))).collect::<Vec<_>>()
        };
        let before = readable(request);
        let used = ring.exchange(&request.pieces())?;
        s.check(
            id::VQ_PACKED_DEV_DESC_1,
            readable(request) == before,
            "device-readable buffers are left as they are",
            || format!("header and readable data of request {round} changed"),
        );
        // What the device has just written stays while it works on the next request.
        let written = ring.descriptor(used);
        ring.exchange(&requests[0].pieces())?;
        let now = ring.descriptor(used);
        s.check(
            id::VQ_PACKED_DEV_DESC_4,
            now == written,
            "a descriptor that was marked as used is not written again",
            || format!("descriptor {used} was {written:x?} when it was used, and is {now:x?}"),
        );
    }
    Ok(())
}

/// The order of used descriptors in the ring, and that of descriptors in a list.
pub(super) fn order<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let Some(ring) = live(s, &[])? else { return Ok(()) };
    for _ in 0..SIZE {
        let request = s.read(0, 1)?;
        let ids: Vec<_> = (0..BATCH).map(|_| ring.add(&request.pieces())).collect();
        s.notify();
        let mut back = Vec::new();
        while back.len() < BATCH && s.wait(|| ring.is_used()) {
            match ring.take() {
                Some(id) => back.push(id),
                None => break,
            }
        }
        let all = ids.iter().all(|id| back.contains(id)) && back.len() == BATCH;
        s.check(
            id::VQ_PACKED_DEV_ORDER_2,
            all,
            "used descriptors are written one behind the other, in the order of completion",
            || format!("of the buffers {ids:?} these came back, up to where no used descriptor is: {back:?}"),
        );
        if !all {
            return Err(Failure::new("used descriptors are missing"));
        }
        s.free_buffers();
    }
    let plain = s.read(4, 1)?;
    ring.exchange(&plain.pieces())?;
    let whole: Vec<_> = s.bytes(plain.data).collect();
    let request = s.read(4, 1)?;
    let part = |offset, len| (Piece { offset: request.data.offset + offset, len }, true);
    let pieces = [(request.header, false), part(0, 100), part(100, 300), part(400, 112), (request.status, true)];
    ring.exchange(&pieces)?;
    s.check(
        id::VQ_PACKED_DEV_SG_1,
        s.bytes(request.data).eq(whole.iter().copied()) && s.succeeded(&request),
        "the descriptors of a list are used in their order",
        || "a read into three buffers gives other bytes than one into a single buffer",
    );
    Ok(())
}

/// Descriptors are left alone until their flags say that they are available.
pub(super) fn availability<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let Some(ring) = live(s, &[])? else { return Ok(()) };
    // As many as it takes to come around the ring.
    for _ in 0..SIZE / 3 + 1 {
        let request = s.read(6, 1)?;
        let at = ring.position();
        ring.prepare(&request.pieces());
        let before = ring.descriptor(at);
        s.notify();
        s.pause();
        let (after, touched) = (ring.descriptor(at), s.bytes(request.data).any(|byte| byte != POISON));
        let left = before == after && !touched;
        s.check(id::VQ_PACKED_DEV_DESC_3, left, "a descriptor is left alone until its AVAIL bit changes", || {
            format!("descriptor {at} was {before:x?}, and is {after:x?}; the buffer was written: {touched}")
        });
        if !left {
            return Err(Failure::new("a descriptor was used that was not available"));
        }
        ring.exchange(&request.pieces())?;
        s.free_buffers();
    }
    Ok(())
}
