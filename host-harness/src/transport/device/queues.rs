//! Queues come and go: enabled, disabled, reset.

use super::core::Core;
use super::slot::Resetting;
use crate::observe::RingObserver;
use crate::observe::event::QueueInfo;
use crate::queue::DeviceRing;

impl Core {
    /// The driver wrote `QueueReady`.
    pub(crate) fn set_ready(&mut self, index: usize, ready: bool) {
        let Some(slot) = self.queues.get_mut(index) else { return };
        if !ready {
            Self::disarm_one(self.doorbells.as_deref(), slot);
            slot.stop();
            return;
        }
        if slot.ready || slot.max == 0 || slot.resetting.is_some() {
            return;
        }
        slot.ready = true;
        let info = QueueInfo::read(index as u16, slot.setup, self.accepted, &self.memory);
        let memory = (*self.memory).clone();
        let observer = RingObserver::enabled(self.index, info, memory, self.events.clone(), self.accepted);
        match DeviceRing::new(slot.setup, slot.max, self.accepted, &self.memory) {
            Ok(ring) => {
                slot.ring = Some(ring);
                slot.observer = Some(observer);
                if self.is_live() {
                    self.arm();
                }
            }
            Err(error) => self.fail(index, error),
        }
    }

    /// The driver asked for the reset of a queue. It is complete at once, whatever is shown.
    pub(crate) fn reset_queue(&mut self, index: usize) {
        let Some(slot) = self.queues.get_mut(index) else { return };
        if slot.resetting.is_some() {
            return;
        }
        let was_ready = slot.ready;
        Self::disarm_one(self.doorbells.as_deref(), slot);
        slot.clear();
        if was_ready && let Some((resetting, kind)) = self.oddities.queue_reset() {
            slot.resetting = Some(resetting);
            self.provoke(kind);
        }
    }

    /// What a read of the reset state of the selected queue shows; counts the reads that a slow one lasts.
    pub(crate) fn read_queue_reset(&mut self) -> bool {
        let queue = usize::try_from(self.selected.queue).unwrap_or(usize::MAX);
        let Some(slot) = self.queues.get_mut(queue) else { return false };
        match &mut slot.resetting {
            None => return false,
            Some(Resetting::Forever) => {}
            Some(Resetting::Reads(left)) if *left > 0 => *left -= 1,
            Some(Resetting::Reads(_)) => slot.resetting = None,
        }
        slot.resetting.is_some()
    }
}
