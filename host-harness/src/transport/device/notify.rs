//! Notifications from the driver: doorbells where the machine takes them, register writes elsewhere.

use parakit_abi::feature;

use super::core::Core;
use super::slot::QueueSlot;
use crate::observe::EventKind;
use crate::transport::DoorbellBinder;

impl Core {
    /// Notifications become doorbells.
    pub(crate) fn arm(&mut self) {
        // A notification with data has no one value that a doorbell could match.
        if self.accepted.has(feature::NOTIFICATION_DATA) {
            return;
        }
        let Some(binder) = &self.doorbells else { return };
        for (index, slot) in self.queues.iter_mut().enumerate() {
            if slot.ring.is_some() && slot.armed.is_none() {
                let bell = self.port.doorbell(index as u16, self.accepted);
                slot.armed = bell.filter(|bell| binder.arm(bell, &slot.bell).is_ok());
            }
        }
    }

    pub(crate) fn disarm(&mut self) {
        for slot in &mut self.queues {
            Self::disarm_one(self.doorbells.as_deref(), slot);
        }
    }

    pub(crate) fn disarm_one(binder: Option<&dyn DoorbellBinder>, slot: &mut QueueSlot) {
        if let Some(binder) = binder
            && let Some(bell) = slot.armed.take()
        {
            // If it cannot be undone, the doorbell rings into the void: the ring is gone.
            let _still_armed = binder.disarm(&bell, &slot.bell);
            // Another CPU may have rung it while this one stopped the queue; that is nothing to the queue's next life.
            let _rung = slot.bell.read();
        }
    }

    /// Notes the doorbell of a queue if it rang since the last look.
    pub(crate) fn take_doorbell(&mut self, index: usize) {
        if let Some(slot) = self.queues.get_mut(index)
            && let Ok(count) = slot.bell.read()
        {
            self.raw_doorbell(index as u16);
            self.notified_at(index as u32, None, Some(index), count);
        }
    }

    /// [`Core::take_doorbell`], without the cost where there is no doorbell.
    pub(crate) fn take_armed_doorbell(&mut self, index: usize) {
        let slot = &self.queues[index];
        if slot.armed.is_some() || slot.foreign_bell {
            self.take_doorbell(index);
        }
    }

    /// Notes the doorbells that rang before the register access that is about to be noted.
    pub(crate) fn take_doorbells(&mut self) {
        for index in 0..self.queues.len() {
            self.take_armed_doorbell(index);
        }
    }

    /// The driver notified `count` times: it named `queue`, said what is available `next` (§2.9), and the queue meant is `target`.
    pub(crate) fn notified_at(&mut self, queue: u32, next: Option<u16>, target: Option<usize>, count: u64) {
        self.emit(EventKind::Notify { queue, count });
        if let Some(next) = next {
            self.emit(EventKind::NotifyData { queue, next });
        }
        self.notifications += count;
        if let Some(slot) = target.and_then(|t| self.queues.get_mut(t)) {
            (slot.kicked, slot.unannounced) = (true, false);
            self.wake();
        }
    }

    /// The worker looks at every queue that was kicked.
    pub(crate) fn wake(&self) {
        // Fails only when the counter is full, and then the worker has been woken for long.
        let _full = self.kick.write(1);
    }
}
