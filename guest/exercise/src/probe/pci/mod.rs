//! What only PCI functions have (VIRTIO 1.4 §4.1).

mod access;
mod common;
mod function;
mod isr;
mod msix;
mod notify;

pub(super) use access::{halves, window};
pub(super) use common::{after_reset, features, queues};
pub(super) use function::{capabilities, identity};
pub(super) use isr::{change, intx};
pub(super) use msix::{delivery, mapping, unmapped};
pub(super) use notify::notification;

use parakit::transport::raw::RawPci;

use super::subject::Subject;
use crate::{Env, Failure};

fn pci<'s, 'e, E: Env>(s: &'s Subject<'e, E>) -> Result<&'s RawPci<'e>, Failure> {
    s.raw.registers().pci().ok_or_else(|| Failure::new("the device is not on PCI"))
}
