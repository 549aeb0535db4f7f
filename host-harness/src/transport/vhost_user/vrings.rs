//! Rings behind a front end: started, stopped, going on.
//!
//! A device *lives* from the start of its first queue to the stop of its last. A queue that is started again as it was when it was stopped goes
//! on, as after a pause of the guest; any other start begins a new life.

use std::sync::Arc;

use parakit_abi::feature::{self, Features};
use parakit_abi::ring::packed::Position;
use parakit_abi::status::DeviceStatus;
use vm_memory::GuestMemoryMmap;

use super::FrontEndError;
use super::memory::Regions;
use super::port::{Parked, VhostUserPort};
use crate::observe::event::QueueInfo;
use crate::observe::{EventKind, RingObserver};
use crate::queue::{DeviceRing, RingError, Setup};
use crate::transport::device::Port;
use crate::transport::device::core::Core;
use crate::transport::device::slot::Phase;

/// The status of a device that a driver has brought up.
const LIVE: DeviceStatus = DeviceStatus(
    DeviceStatus::ACKNOWLEDGE.0 | DeviceStatus::DRIVER.0 | DeviceStatus::FEATURES_OK.0 | DeviceStatus::DRIVER_OK.0,
);

impl Core {
    /// What the front end said, for a device that has one.
    pub(super) fn port_mut(&mut self) -> Option<&mut VhostUserPort> {
        match &mut self.port {
            Port::VhostUser(port) => Some(port),
            _ => None,
        }
    }

    /// The front end has accepted `features` for what comes next.
    pub(super) fn accept(&mut self, features: u64, protocol_features: bool) -> Result<(), FrontEndError> {
        let accepted = Features(features.into());
        if !self.offered.contains(accepted) {
            return Err(FrontEndError::NotOffered { features: accepted.without(self.offered).0 as u64 });
        }
        if let Some(port) = self.port_mut() {
            (port.accepted, port.protocol_features) = (accepted, protocol_features);
        }
        (0..self.queues.len()).try_for_each(|queue| self.settle(queue))
    }

    /// Guest memory is what the front end shares now.
    pub(super) fn share(&mut self, regions: Regions, memory: GuestMemoryMmap) -> Result<(), FrontEndError> {
        let memory = Arc::new(memory);
        if let Some(port) = self.port_mut() {
            port.regions = regions;
        }
        for queue in 0..self.queues.len() {
            let described = self.described(queue);
            let accepted = self.accepted;
            let slot = &mut self.queues[queue];
            let max = slot.max;
            let usable = |setup| {
                described.as_ref().is_ok_and(|described| *described == setup)
                    && DeviceRing::new(setup, max, accepted, &memory).is_ok()
            };
            if let (Some(ring), Some(observer)) = (&mut slot.ring, &mut slot.observer) {
                if !usable(ring.setup()) {
                    return Err(FrontEndError::MemoryOfRing { queue });
                }
                ring.move_to(&memory);
                observer.move_to((*memory).clone());
            }
            if let Some(port) = self.port_mut() {
                let parked = &mut port.vrings[queue].parked;
                *parked = parked.take().filter(|parked| usable(parked.setup));
                if let Some(Parked { ring, observer, .. }) = parked {
                    ring.move_to(&memory);
                    observer.move_to((*memory).clone());
                }
            }
        }
        self.memory = memory;
        Ok(())
    }

    /// The queue as the front end described it, in addresses of the guest.
    fn described(&self, queue: usize) -> Result<Setup, FrontEndError> {
        let Port::VhostUser(port) = &self.port else { return Ok(Setup::default()) };
        let vring = &port.vrings[queue];
        let guest = |address| port.regions.guest(address).ok_or(FrontEndError::Address { queue, address });
        let [desc, driver, device] = vring.areas.unwrap_or_default();
        Ok(Setup { size: vring.size, desc: guest(desc)?, driver: guest(driver)?, device: guest(device)? })
    }

    /// Starts or stops the queue, whichever its description asks for.
    pub(super) fn settle(&mut self, queue: usize) -> Result<(), FrontEndError> {
        let Port::VhostUser(port) = &self.port else { return Ok(()) };
        let vring = &port.vrings[queue];
        let wanted = vring.started && vring.areas.is_some() && (vring.enabled || !port.protocol_features);
        match (wanted, self.queues[queue].ring.is_some()) {
            (true, false) => self.start(queue),
            (false, true) => {
                self.park(queue);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, queue: usize) -> Result<(), FrontEndError> {
        let setup = self.described(queue)?;
        let idle = self.queues.iter().all(|slot| slot.ring.is_none());
        let live = self.accepted;
        let Some(port) = self.port_mut() else { return Ok(()) };
        let accepted = port.accepted;
        let first = start_of(accepted);
        if idle && !port.pauses(first) {
            self.begin_life()?;
        }
        let Some(port) = self.port_mut() else { return Ok(()) };
        let vring = &mut port.vrings[queue];
        let (base, parked) = (vring.base, vring.parked.take());
        let goes_on = |p: &Parked| p.setup == setup && p.base == base && accepted == live;
        if let Some(Parked { ring, observer, .. }) = parked.filter(goes_on) {
            return self.resume(queue, ring, observer);
        }
        if base != first && !(base == 0 && accepted.has(feature::RING_PACKED)) {
            return Err(FrontEndError::Base { queue, base });
        }
        let info = QueueInfo::read(queue as u16, setup, self.accepted, &self.memory);
        let memory = (*self.memory).clone();
        let observer = RingObserver::enabled(self.index, info, memory, self.events.clone(), self.accepted);
        let slot = &mut self.queues[queue];
        slot.setup = setup;
        let ring = DeviceRing::new(setup, slot.max, self.accepted, &self.memory);
        slot.ring = Some(ring.map_err(|error| FrontEndError::Ring { queue, why: error.to_string() })?);
        // What was published before the start has been announced to the front end.
        (slot.observer, slot.ready, slot.kicked) = (Some(observer), true, true);
        self.wake();
        Ok(())
    }

    fn resume(&mut self, queue: usize, ring: DeviceRing, observer: RingObserver) -> Result<(), FrontEndError> {
        let slot = &mut self.queues[queue];
        (slot.ring, slot.observer, slot.ready, slot.kicked) = (Some(ring), Some(observer), true, true);
        self.emit(EventKind::Resumed { queue: queue as u16 });
        self.wake();
        Ok(())
    }

    /// A driver begins anew, and has come so far that its device is live.
    fn begin_life(&mut self) -> Result<(), FrontEndError> {
        let Some(port) = self.port_mut() else { return Ok(()) };
        let accepted = port.accepted;
        if !accepted.has(feature::VERSION_1) {
            return Err(FrontEndError::Legacy);
        }
        self.queues.iter_mut().for_each(|slot| slot.clear());
        self.model.reset();
        if !self.model.accepts(accepted) {
            return Err(FrontEndError::Features { features: accepted.0 as u64 });
        }
        self.accepted = accepted;
        self.status = LIVE;
        self.model.negotiated(accepted);
        self.emit(EventKind::Started { features: [accepted.0 as u64, (accepted.0 >> 64) as u64] });
        Ok(())
    }

    /// The queue stops; it may go on later.
    fn park(&mut self, queue: usize) {
        self.take_doorbell(queue);
        if let Err(error) = self.leave_off(queue) {
            self.fail(queue, error);
        }
        let slot = &mut self.queues[queue];
        let (ring, observer, setup) = (slot.ring.take(), slot.observer.take(), slot.setup);
        slot.stop();
        slot.setup = setup;
        if let (Some(ring), Some(observer)) = (ring, observer) {
            let base = ring.resume_at();
            let setup = ring.setup();
            // One that was never used begins anew all the same.
            let used = base != start_of(self.accepted);
            if let Some(port) = self.port_mut() {
                port.vrings[queue].parked = used.then_some(Parked { ring, observer, setup, base });
            }
            self.emit(EventKind::Stopped { queue: queue as u16 });
        }
    }

    /// Gives back what is done, and says so; what is not begun waits in the ring.
    fn leave_off(&mut self, queue: usize) -> Result<(), RingError> {
        let held = self.queues[queue].held.len();
        self.release(queue, held)?;
        if let Some(observer) = &mut self.queues[queue].observer {
            observer.look();
        }
        if self.queues[queue].used {
            self.signal(queue)?;
        }
        self.queues[queue].phase = Phase::Idle;
        Ok(())
    }

    /// The front end stops the queue. Where it would go on: for a packed ring the device's position above the driver's.
    pub(super) fn stop_vring(&mut self, queue: usize) -> u32 {
        if self.queues[queue].ring.is_some() {
            self.park(queue);
        }
        let Some(port) = self.port_mut() else { return 0 };
        let first = start_of(port.accepted);
        let vring = &mut port.vrings[queue];
        (vring.started, vring.call) = (false, None);
        // The front end says where it goes on when it starts the queue again.
        let base = std::mem::replace(&mut vring.base, first);
        vring.parked.as_ref().map_or(if base == 0 { first } else { base }, |parked| parked.base)
    }

    /// The front end resets the device, or is gone.
    pub(super) fn leave(&mut self) {
        for queue in 0..self.queues.len() {
            self.stop_vring(queue);
        }
        if let Some(port) = self.port_mut() {
            *port = VhostUserPort::new(port.vrings.len());
        }
        self.queues.iter_mut().for_each(|slot| slot.clear());
        self.status = DeviceStatus::RESET;
        self.accepted = Features::NONE;
        self.model.reset();
    }
}

/// Where a ring begins, as messages have it.
fn start_of(accepted: Features) -> u32 {
    let packed = u32::from(Position::START.to_bits());
    if accepted.has(feature::RING_PACKED) { packed << 16 | packed } else { 0 }
}
