//! What the observer saw of rings: chains with their descriptors, used buffers, suppression words.

use super::registers::hexes;
use super::{Known, words};
use crate::observe::event::{Alteration, Chain, ChainFault, EventKind, Link};

/// Descriptors of a chain that are shown one by one.
const SHOWN: usize = 8;

/// An event of a ring in words; `None` for other events.
pub(super) fn words(kind: &EventKind, known: &Known) -> Option<String> {
    Some(match *kind {
        EventKind::AvailIdx { queue, old, new } => {
            let entries = new.wrapping_sub(old);
            format!("queue {queue}: the available index goes from {old} to {new} ({entries} entries)")
        }
        EventKind::Available(ref chain) => available(chain, known),
        EventKind::Suppression { queue, avail_flags, used_event, used_flags, avail_event } => format!(
            "queue {queue}: available ring: flags {avail_flags}{}, used_event {used_event}; used ring: flags {used_flags}{}, avail_event {avail_event}",
            if avail_flags & 1 == 0 { "" } else { " NO_INTERRUPT" },
            if used_flags & 1 == 0 { "" } else { " NO_NOTIFY" },
        ),
        EventKind::PackedSuppression { queue, driver_off_wrap, driver_flags, device_off_wrap, device_flags } => {
            format!(
                "queue {queue}: driver wants interrupts {}; device wants notifications {}",
                words::suppression(driver_flags, driver_off_wrap),
                words::suppression(device_flags, device_off_wrap),
            )
        }
        EventKind::PackedUsed { queue, position, id, len, flags } => format!(
            "queue {queue}: device writes the used descriptor at {}: buffer {id}, {}, flags {}",
            words::position(position),
            words::bytes(len.into()),
            words::descriptor_flags(flags, true),
        ),
        EventKind::Used { queue, slot, id, len } if known.packed(queue) => {
            format!("queue {queue}: device uses buffer {id} at {}, {}", words::position(slot), words::bytes(len.into()))
        }
        EventKind::Used { queue, slot, id, len } => {
            format!("queue {queue}: device uses the chain with head {id} in slot {slot}, {}", words::bytes(len.into()))
        }
        EventKind::Altered { queue, head, what } => altered(queue, head, what, known),
        EventKind::Quiet { queue, seen, avail_idx, waited_ns } => {
            let (from, to) = if known.packed(queue) {
                (words::position(seen), words::position(avail_idx))
            } else {
                (seen.to_string(), avail_idx.to_string())
            };
            let waited = waited_ns / 1_000_000;
            format!(
                "queue {queue}: no notification for {waited} ms although {from} up to {to} is available; the device goes on by itself"
            )
        }
        _ => return None,
    })
}

fn available(chain: &Chain, known: &Known) -> String {
    let Chain { queue, slot, head, links, broken, readable } = chain;
    let packed = known.packed(*queue);
    let mut text = if packed {
        format!("queue {queue}: buffer {head} is available at {}", words::position(*slot))
    } else {
        format!("queue {queue}: the chain with head {head} is available in slot {slot}")
    };
    text.push_str(&format!(
        ", {} descriptors, {} to read, {} to write",
        links.len(),
        words::bytes(chain.readable_len()),
        words::bytes(chain.writable_len())
    ));
    for link in links.iter().take(SHOWN) {
        text.push_str(&format!("; {}", descriptor(link, packed)));
    }
    if let Some(more) = links.len().checked_sub(SHOWN).filter(|n| *n > 0) {
        text.push_str(&format!("; and {more} more"));
    }
    if !readable.is_empty() {
        text.push_str(&format!("; to read {}", hexes(readable)));
    }
    if let Some(fault) = broken {
        text.push_str(&format!("; broken: {}", why(*fault)));
    }
    text
}

/// A descriptor: `[2] 0x1000 +512 W|NEXT -> 3`.
fn descriptor(link: &Link, packed: bool) -> String {
    let Link { indirect, index, addr, len, flags, next } = *link;
    let table = if indirect { "table " } else { "" };
    // In an indirect table of a packed ring only the order counts, and `WRITE`.
    let flags = words::descriptor_flags(flags, packed && !indirect);
    let then = match (packed, link.flags & 1) {
        (true, _) => format!(" id {next}"),
        (false, 0) => String::new(),
        (false, _) => format!(" -> {next}"),
    };
    format!("{table}[{index}] {addr:#x} +{len} {flags}{then}")
}

fn altered(queue: u16, head: u16, what: Alteration, known: &Known) -> String {
    let packed = known.packed(queue);
    let of = if packed { "buffer" } else { "the chain with head" };
    let change = match what {
        Alteration::Descriptor { was, is } => {
            format!("descriptor {} is now {}", descriptor(&was, packed), descriptor(&is, packed))
        }
        Alteration::AvailableEntry { slot, was, is } => {
            format!("the available entry in slot {slot} was {was}, is now {is}")
        }
    };
    format!("queue {queue}: {of} {head} changed while it was in flight: {change}")
}

fn why(fault: ChainFault) -> String {
    match fault {
        ChainFault::IndexOutside { index, entries } => {
            format!("descriptor {index} lies outside the table of {entries}")
        }
        ChainFault::Loop { index } => format!("the chain comes back to descriptor {index}"),
        ChainFault::BadIndirectLength { len } => format!("an indirect table of {len} bytes, no multiple of 16 above 0"),
        ChainFault::Unmapped { addr, len } => format!("{} at {addr:#x} are not in memory", words::bytes(len.into())),
        ChainFault::NotAvailable { index } => format!("descriptor {index} of the list is not available"),
        ChainFault::NotFree { index } => format!("descriptor {index} is still the device's"),
        ChainFault::NotWalked => "not walked to its end".to_owned(),
    }
}
