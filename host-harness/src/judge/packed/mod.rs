//! VQ-PACKED: what a driver owes a packed virtqueue (VIRTIO 1.4 §2.8).
//!
//! Every checker here is silent unless `VIRTIO_F_RING_PACKED` is accepted.

mod kick_data;
mod list;
mod notify;
mod ring;
mod room;
mod run;

use super::CheckerKind;

/// The checkers of this area.
pub(crate) const KINDS: &[CheckerKind] = &[ring::KIND, list::KIND, room::KIND, notify::KIND, kick_data::KIND];
