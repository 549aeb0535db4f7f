//! The split ring (VIRTIO 1.4 §2.7).

use alloc::{format, vec::Vec};

use parakit::transport::raw::{Area, Piece};
use parakit_abi::feature;
use parakit_abi::requirement::id;
use parakit_abi::ring::split::{AVAIL_F_NO_INTERRUPT, DESC_F_WRITE};
use parakit_abi::status::DeviceStatus;

use super::request::Request;
use super::ring::{INDIRECT, Ring};
use super::subject::{Subject, show};
use crate::{Env, Failure};

/// Where `used_event` is when it is far from what comes.
const FAR: u16 = 1000;
/// Requests of a batch.
const BATCH: usize = 8;

/// What a device may write, and when.
pub(super) fn memory<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let ring = Ring::live(s, &[])?;
    let content = |request: &Request| s.bytes(request.data).collect::<Vec<_>>();
    let mut reads = Vec::new();
    for poison in [0xd7, 0x28] {
        let read = s.read(3, 2)?;
        s.fill(read.data, poison);
        reads.push(read);
    }
    let write = s.write(5, 1, 0x3c)?;
    for request in [reads[0], write, reads[1]] {
        let readable = |s: &Subject<'_, E>| {
            let data = Some(request.data).filter(|_| request.write);
            s.bytes(request.header).chain(data.into_iter().flat_map(|d| s.bytes(d))).collect::<Vec<_>>()
        };
        let before = readable(s);
        let slot = ring.used_idx();
        ring.add(&request);
        let table: Vec<_> = ring.table().collect();
        s.notify();
        if !ring.wait_used(slot.wrapping_add(1)) {
            return Err(Failure::new("a request was not used"));
        }
        let (id, len) = ring.used(slot);
        s.check(
            id::VQ_SPLIT_DEV_USED_1,
            ring.is_written(slot),
            "id and len of a used entry are there before the index moves",
            || format!("the index moved to {}, the entry holds id {id:#x} and len {len:#x}", ring.used_idx()),
        );
        s.check(id::VQ_SPLIT_DEV_DESC_1, readable(s) == before, "device-readable buffers are left as they are", || {
            format!("header and readable data of the request at sector entry {slot} changed")
        });
        s.check(
            id::VQ_SPLIT_DEV_DESC_4,
            ring.table().eq(table.iter().copied()),
            "the descriptor table is left as it is",
            || {
                let at = ring.table().zip(&table).take_while(|(now, was)| now == *was).count();
                format!("byte {at} of the table changed")
            },
        );
        s.check(
            id::VQ_SPLIT_DEV_USED_2,
            len <= request.written() && (len < request.written() || s.succeeded(&request)),
            "the bytes that len counts are in the buffer before the index moves",
            || format!("len is {len}, and the status byte, which is byte {}, is not written", request.written()),
        );
    }
    let same = content(&reads[0]) == content(&reads[1]);
    s.check(
        id::VQ_SPLIT_DEV_USED_2,
        same,
        "the bytes that len counts are in the buffer before the index moves",
        || "two reads of the same sectors give different bytes: some were not written",
    );
    Ok(())
}

/// A request may be cut into buffers anywhere.
pub(super) fn framing<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let ring = Ring::live(s, &[])?;
    let plain = s.read(7, 1)?;
    ring.exchange(&plain)?;
    let whole: Vec<_> = s.bytes(plain.data).collect();
    let cuts: [(&[usize], &[usize]); 3] = [(&[16], &[1, 511]), (&[8, 8], &[512]), (&[1, 4, 11], &[100, 300, 112])];
    for (header, data) in cuts {
        let request = s.read(7, 1)?;
        let mut pieces = cut(request.header, header, false);
        pieces.extend(cut(request.data, data, true));
        pieces.push((request.status, true));
        let slot = ring.used_idx();
        ring.offer(ring.chain(&pieces));
        ring.publish();
        s.notify();
        let used = ring.wait_used(slot.wrapping_add(1));
        s.check(
            id::VQ_SPLIT_DEV_FRAME_1,
            used && s.succeeded(&request) && s.bytes(request.data).eq(whole.iter().copied()),
            "a request is served however it is cut into buffers",
            || {
                format!(
                    "a header cut as {header:?} with data cut as {data:?}: used {used}, not what a plain read gives"
                )
            },
        );
        if !used {
            return Err(Failure::new("a request was not used"));
        }
    }
    Ok(())
}

fn cut(whole: Piece, lens: &[usize], writable: bool) -> Vec<(Piece, bool)> {
    let mut offset = whole.offset;
    let part = |&len: &usize| {
        let piece = Piece { offset, len };
        offset += len;
        (piece, writable)
    };
    lens.iter().map(part).collect()
}

/// Indirect tables, at the end of direct descriptors and with a flag that means nothing.
pub(super) fn indirect<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let features = s.negotiate(&[feature::INDIRECT_DESC])?;
    if !features.has(feature::INDIRECT_DESC) {
        return Ok(());
    }
    let ring = Ring::new(s, 0, super::ring::SIZE);
    ring.enable()?;
    s.go();
    for (id, flags, direct, expected) in [
        (
            id::VQ_SPLIT_DEV_INDIRECT_1,
            DESC_F_WRITE,
            0,
            "the flag WRITE of a descriptor with an indirect table is ignored",
        ),
        (id::VQ_SPLIT_DEV_INDIRECT_2, 0, 1, "an indirect table may follow direct descriptors"),
    ] {
        let request = s.read(2, 1)?;
        let pieces = request.pieces();
        let head = if direct == 1 { Some(ring.put(Area::Buffer(pieces[0].0), 0, true)) } else { None };
        let rest = &pieces[direct..];
        for (i, &(piece, writable)) in rest.iter().enumerate() {
            let write = if writable { DESC_F_WRITE } else { 0 };
            let (more, next) = if i + 1 < rest.len() { (1, i as u16 + 1) } else { (0, 0) };
            s.raw.descriptor(INDIRECT + i, Area::Buffer(piece), next, write | more);
        }
        let table = ring.put(Area::Table { first: INDIRECT, count: rest.len() }, flags, false);
        let slot = ring.used_idx();
        ring.offer(head.unwrap_or(table));
        ring.publish();
        s.notify();
        let used = ring.wait_used(slot.wrapping_add(1));
        s.check(id, used && s.succeeded(&request), expected, || {
            format!("used {used}, the request has status {:#x}", s.raw.load8(request.status.offset))
        });
        if !used {
            // It was told; what is stuck in the ring stays there.
            return Ok(());
        }
    }
    Ok(())
}

/// Interrupts that came for a request.
fn raised<E: Env>(ring: &Ring<'_, '_, E>, expected: bool) -> Result<u32, Failure> {
    let s = ring.on;
    let seen = s.interrupts();
    ring.exchange(&s.read(0, 1)?)?;
    if expected {
        s.interrupted(seen);
    } else {
        s.pause();
    }
    let reasons = s.raw.registers().interrupt_reasons();
    s.raw.registers().acknowledge(reasons);
    Ok(s.interrupts().wrapping_sub(seen))
}

/// Suppression by flags, without `VIRTIO_F_EVENT_IDX`.
pub(super) fn by_flags<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let ring = Ring::live(s, &[])?;
    for (flags, event) in [(0, FAR), (0, 0), (AVAIL_F_NO_INTERRUPT, 2), (AVAIL_F_NO_INTERRUPT, FAR), (0, 4)] {
        ring.set_avail_flags(flags);
        ring.set_used_event(event);
        let wanted = flags == 0;
        let slot = ring.used_idx();
        let count = raised(&ring, wanted)?;
        let holds = (count != 0) == wanted;
        let seen = || format!("flags {flags}, used_event {event}, used entry {slot}: {count} interrupts");
        if wanted {
            s.check(id::VQ_SPLIT_DEV_USEDNOTIF_3, holds, "with flags 0 a used buffer is told", seen);
        } else {
            s.check(id::VQ_SPLIT_DEV_USEDNOTIF_2, holds, "with flags 1 a used buffer is not told", seen);
        }
        // Each of these values of used_event asks for the opposite of the flags, or was just that of the entry.
        s.check(id::VQ_SPLIT_DEV_USEDNOTIF_1, holds, "used_event means nothing without VIRTIO_F_EVENT_IDX", seen);
        let used_flags = ring.used_flags();
        s.check(id::VQ_SPLIT_DEV_AVAILNOTIF_1, used_flags <= 1, "flags of the used ring is 0 or 1", || {
            format!("it is {used_flags:#x}")
        });
    }
    ring.set_avail_flags(0);
    for _ in 0..BATCH {
        s.notify();
    }
    s.pause();
    let done = ring.exchange(&s.read(1, 1)?).is_ok();
    let status = s.raw.status();
    s.check(
        id::VQ_SPLIT_DEV_AVAILNOTIF_5,
        done && !status.contains(DeviceStatus::DEVICE_NEEDS_RESET),
        "notifications that announce nothing do no harm",
        || format!("after {BATCH} of them a request is used: {done}, {}", show(status)),
    );
    Ok(())
}

/// Suppression by index, with `VIRTIO_F_EVENT_IDX`.
pub(super) fn by_index<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let features = s.negotiate(&[feature::EVENT_IDX])?;
    if !features.has(feature::EVENT_IDX) {
        return Ok(());
    }
    let ring = Ring::new(s, 0, super::ring::SIZE);
    ring.enable()?;
    s.go();
    for (flags, ahead) in [(0, 0), (AVAIL_F_NO_INTERRUPT, 0), (0, FAR), (0, 0), (AVAIL_F_NO_INTERRUPT, 0), (0, 1)] {
        let slot = ring.used_idx();
        ring.set_avail_flags(flags);
        ring.set_used_event(slot.wrapping_add(ahead));
        let wanted = ahead == 0;
        let count = raised(&ring, wanted)?;
        let holds = (count != 0) == wanted;
        let seen = || format!("used entry {slot}, used_event {ahead} further, flags {flags}: {count} interrupts");
        match (wanted, flags) {
            (true, 0) => s.check(id::VQ_SPLIT_DEV_USEDNOTIF_5, holds, "the entry that used_event names is told", seen),
            (true, _) => {
                s.check(id::VQ_SPLIT_DEV_USEDNOTIF_4, holds, "flags means nothing with VIRTIO_F_EVENT_IDX", seen)
            }
            (false, _) => {
                s.check(id::VQ_SPLIT_DEV_USEDNOTIF_6, holds, "no entry but the one of used_event is told", seen)
            }
        };
        let used_flags = ring.used_flags();
        s.check(id::VQ_SPLIT_DEV_AVAILNOTIF_3, used_flags == 0, "flags of the used ring is 0", || {
            format!("it is {used_flags:#x}")
        });
    }
    Ok(())
}

/// Buffers are used in the order in which they were made available, with `VIRTIO_F_IN_ORDER`.
pub(super) fn in_order<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let features = s.negotiate(&[feature::IN_ORDER])?;
    if !features.has(feature::IN_ORDER) {
        return Ok(());
    }
    let ring = Ring::new(s, 0, super::ring::SIZE);
    ring.enable()?;
    s.go();
    let mut heads = Vec::new();
    for sectors in (1..=BATCH).rev() {
        let request = s.read(0, sectors)?;
        let head = ring.chain(&request.pieces());
        ring.offer(head);
        heads.push(u32::from(head));
    }
    ring.publish();
    s.notify();
    if !ring.wait_used(BATCH as u16) {
        return Err(Failure::new(format!("{} of {BATCH} requests were used", ring.used_idx())));
    }
    // One entry may stand for a batch, of which it names the last (§2.7.8).
    let (mut done, mut entries) = (0, Vec::new());
    while done < heads.len() {
        let (head, _) = ring.used(done as u16);
        entries.push(head);
        match heads[done..].iter().position(|&h| h == head) {
            Some(ahead) => done += ahead + 1,
            None => break,
        }
    }
    s.check(
        id::CORE_DEV_RESFEAT_5,
        done == heads.len() && usize::from(ring.used_idx()) == heads.len(),
        "buffers are used in the order in which they were made available",
        || format!("made available: {heads:?}, used entries: {entries:?}, used index {}", ring.used_idx()),
    );
    Ok(())
}
