//! VQ-SPLIT: what a driver owes a split virtqueue (VIRTIO 1.4 §2.7).
//!
//! Every checker here is silent once `VIRTIO_F_RING_PACKED` is accepted.

mod chain;
mod index;
mod notify;
mod ring;
mod suppress;

use super::CheckerKind;

/// The checkers of this area.
pub(crate) const KINDS: &[CheckerKind] = &[ring::KIND, chain::KIND, index::KIND, suppress::KIND, notify::KIND];
