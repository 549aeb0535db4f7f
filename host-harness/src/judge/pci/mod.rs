//! PCI: what a driver owes a device behind virtio over PCI (VIRTIO 1.4 §4.1).
//!
//! What the function shows is in the device's first event, what the driver does with it in raw accesses; what holds on every transport is
//! judged elsewhere.

mod access;
mod both;
mod capability;
mod common;
mod instance;
mod isr;
mod kick;
mod matching;
mod structures;
mod vectors;
mod window;

use super::CheckerKind;
use crate::observe::event::DeviceInfo;

pub(super) use structures::Structures;

/// The checkers of this area.
pub(crate) const KINDS: &[CheckerKind] = &[
    matching::KIND,
    capability::KIND,
    instance::KIND,
    access::KIND,
    common::KIND,
    isr::KIND,
    window::KIND,
    vectors::KIND,
    kick::KIND,
    both::KIND,
];

/// Whether the function shows nothing that a driver might be surprised by.
pub(super) fn is_plain(info: &DeviceInfo) -> bool {
    capability::Unusual::of(info).is_empty() && !vectors::few(info)
}
