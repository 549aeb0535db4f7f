//! Ring layouts and the index arithmetic that both formats share.

pub mod packed;
pub mod split;

/// The largest virtqueue, in entries: 2^15 (VIRTIO 1.4 §2.7, §2.8).
pub const MAX_QUEUE_SIZE: u16 = 32768;

/// Whether moving a free-running 16-bit ring index from `old` to `new` passes the entry that the other
/// side asked to be told about (`event`, that is `avail_event` or `used_event`; VIRTIO 1.4 §2.7.7, §2.7.10).
///
/// The indices wrap at 65536 and at most 32768 entries lie between `old` and `new`. The comparison is
/// a window, not an order: `new >= event` would be wrong as soon as one of them wraps.
///
/// ```
/// use parakit_abi::ring::event_passed;
/// assert!(event_passed(0, 0, 1)); // entry 0 was filled
/// assert!(!event_passed(5, 0, 1));
/// assert!(event_passed(65535, 65534, 2)); // over the wrap
/// assert!(!event_passed(3, 3, 3)); // nothing was filled
/// ```
#[inline]
#[must_use]
pub const fn event_passed(event: u16, old: u16, new: u16) -> bool {
    new.wrapping_sub(event).wrapping_sub(1) < new.wrapping_sub(old)
}
