//! MSI-X: a route and an eventfd for each vector that the guest gives a message; where there is none to be had, an ioctl each time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kvm_bindings::kvm_msi;

use super::{Interrupts, Routed};
use crate::transport::{Message, MsiSink};

/// Where the local APICs take messages. What a guest has a device write elsewhere is no interrupt, and goes nowhere.
const ADDRESSES: std::ops::Range<u64> = 0xfee0_0000..0xfef0_0000;

/// The messages of a PCI function, by vector.
pub(super) struct Messages {
    interrupts: Arc<Interrupts>,
    vectors: Mutex<BTreeMap<u16, Vector>>,
}

#[derive(Default)]
struct Vector {
    /// What to send; `None`: nothing.
    message: Option<Message>,
    /// How, and the message that the kernel has for it.
    routed: Option<(Routed, Message)>,
}

impl Messages {
    pub(super) fn new(interrupts: Arc<Interrupts>) -> Self {
        Self { interrupts, vectors: Mutex::default() }
    }

    fn vectors(&self) -> MutexGuard<'_, BTreeMap<u16, Vector>> {
        self.vectors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vector {
    /// Sees to it that the kernel has the message, if it can.
    fn route(&mut self, interrupts: &Interrupts, message: Message) {
        if let Some((routed, has)) = &mut self.routed {
            // Where that fails, the route stays with the old message, for which it is good again should that come back.
            if *has != message && interrupts.reroute(routed.gsi, message).is_ok() {
                *has = message;
            }
        } else if let Ok(routed) = interrupts.route(message) {
            self.routed = Some((routed, message));
        }
    }
}

impl MsiSink for Messages {
    fn configure(&self, vector: u16, message: Option<Message>) {
        let mut vectors = self.vectors();
        let entry = vectors.entry(vector).or_default();
        entry.message = message.filter(|message| ADDRESSES.contains(&message.address));
        if let Some(message) = entry.message {
            entry.route(&self.interrupts, message);
        }
    }

    fn raise(&self, vector: u16) {
        let vectors = self.vectors();
        let Some(Vector { message: Some(message), routed }) = vectors.get(&vector) else { return };
        match routed {
            Some((routed, has)) if has == message => routed.raise(),
            _ => {
                let msi = kvm_msi {
                    address_lo: message.address as u32,
                    address_hi: (message.address >> 32) as u32,
                    data: message.data,
                    ..Default::default()
                };
                // What the guest has put there may be nonsense, and then nobody is interrupted.
                let _ = self.interrupts.vm.signal_msi(msi);
            }
        }
    }
}
