//! The device behind the registers: its status, features, configuration and queues.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio;
use vm_memory::GuestMemoryMmap;
use vmm_sys_util::eventfd::EventFd;

use super::slot::{Lie, Phase, QueueSlot, Resetting, Selected};
use super::{Cause, DeviceOptions, IMPLEMENTED, Port};
use crate::device::{Control, Counters, DeviceModel, Effect};
use crate::observe::event::DeviceInfo;
use crate::observe::{EventKind, EventLog};
use crate::oddity::{Oddities, OddityKind};
use crate::queue::RingError;
use crate::transport::DoorbellBinder;

/// What `Version` shows with [`OddityKind::WrongVersion`]: a layout that does not exist.
const WRONG_VERSION: u32 = 3;
/// Status bits that a driver sets by writing them; `FEATURES_OK`, `DRIVER_OK` and `SUSPEND` have rules of their own.
const PLAIN_STATUS: u8 = DeviceStatus::ACKNOWLEDGE.0 | DeviceStatus::DRIVER.0 | DeviceStatus::FAILED.0;

pub(crate) struct Core {
    pub(crate) index: u16,
    pub(crate) model: Box<dyn DeviceModel>,
    pub(crate) device_type: DeviceType,
    pub(crate) memory: Arc<GuestMemoryMmap>,
    pub(crate) events: EventLog,
    pub(crate) oddities: Oddities,
    pub(crate) port: Port,
    pub(crate) doorbells: Option<Arc<dyn DoorbellBinder>>,
    pub(crate) kick: EventFd,
    pub(crate) quiet: Duration,

    pub(crate) offered: Features,
    pub(crate) accepted: Features,
    pub(crate) status: DeviceStatus,
    pub(crate) lie: Option<Lie>,
    /// A suspension that was asked for and is put off.
    suspending: Option<Resetting>,
    pub(crate) selected: Selected,
    pub(crate) interrupt_status: u32,
    pub(crate) generation: u32,
    /// The generation that the driver last read a part of.
    pub(crate) read_of: u32,
    pub(crate) queues: Vec<QueueSlot>,

    /// Events that are not told yet.
    aside: RefCell<Option<Vec<EventKind>>>,
    config_change_held: bool,
    ended: bool,
    pub(crate) interrupts: u64,
    pub(crate) notifications: u64,
    trouble: Option<String>,
}

impl Core {
    pub(crate) fn new(options: DeviceOptions, bells: Vec<EventFd>, kick: EventFd) -> Self {
        let DeviceOptions {
            index,
            name,
            model,
            oddities,
            features,
            withheld,
            memory,
            events,
            transport,
            doorbells,
            quiet,
            assigned,
        } = options;
        let device_type = model.device_type();
        let config = oddities.config(model.config(), device_type).len();
        let port = Port::new(transport, &oddities, device_type, bells.len(), config);
        let all = model.features().without(withheld).with(features.and(IMPLEMENTED));
        let offered = oddities.features(port.features(all), device_type);
        let queues: Vec<_> = (model.queues().into_iter().zip(bells))
            .map(|(max, bell)| QueueSlot::new(oddities.queue_max(max), bell))
            .collect();
        let core = Self {
            index,
            model,
            device_type,
            memory: Arc::new(memory),
            events,
            oddities,
            port,
            doorbells,
            kick,
            quiet,
            offered,
            accepted: Features::NONE,
            status: DeviceStatus::RESET,
            lie: None,
            suspending: None,
            selected: Selected::default(),
            interrupt_status: 0,
            generation: 0,
            read_of: 0,
            queues,
            aside: RefCell::new(None),
            config_change_held: false,
            ended: false,
            interrupts: 0,
            notifications: 0,
            trouble: None,
        };
        core.emit(EventKind::Device(DeviceInfo {
            name,
            device_type: device_type.0,
            transport: core.port.kind(),
            offered: [offered.0 as u64, (offered.0 >> 64) as u64],
            queue_max: core.queues.iter().map(|q| q.max).collect(),
            config: core.config(),
            identity: core.identity(),
            pci: core.port.pci_info(),
            assigned,
        }));
        core.oddities.at_rest().for_each(|kind| core.provoke(kind));
        core
    }

    pub(crate) fn emit(&self, kind: EventKind) {
        match &mut *self.aside.borrow_mut() {
            Some(list) => list.push(kind),
            None => self.events.emit(self.index, kind),
        }
    }

    /// What happens is not told, but returned, so that it can be told in its place.
    pub(crate) fn aside(&mut self, what: impl FnOnce(&mut Self)) -> Vec<EventKind> {
        *self.aside.borrow_mut() = Some(Vec::new());
        what(self);
        self.aside.borrow_mut().take().unwrap_or_default()
    }

    pub(crate) fn provoke(&self, kind: OddityKind) {
        self.emit(EventKind::Provoke { what: kind.name().to_owned() });
    }

    /// What `MagicValue`, `Version` and `DeviceID` show; elsewhere than over MMIO, where there are none, zeroes and the type.
    pub(crate) fn identity(&self) -> [u32; 3] {
        if !matches!(self.port, Port::Mmio(_)) {
            return [0, 0, self.device_type.0];
        }
        let version = if self.legacy().is_some() { mmio::legacy::VERSION } else { mmio::VERSION };
        let odd = |kind, odd, plain| if self.oddities.has(kind) { odd } else { plain };
        [
            odd(OddityKind::WrongMagic, !mmio::MAGIC, mmio::MAGIC),
            odd(OddityKind::WrongVersion, WRONG_VERSION, version),
            odd(OddityKind::DeviceIdZero, 0, self.device_type.0),
        ]
    }

    pub(crate) fn config(&self) -> Vec<u8> {
        self.oddities.config(self.model.config(), self.device_type)
    }

    pub(crate) fn is_live(&self) -> bool {
        if self.legacy().is_some() {
            // Drivers may use the device before they say that they are ready (§3.1.2).
            return !self.ended && self.status.0 != 0 && !self.status.contains(DeviceStatus::DEVICE_NEEDS_RESET);
        }
        !self.ended
            && self.status.contains(DeviceStatus::DRIVER_OK.with(DeviceStatus::FEATURES_OK))
            && self.status.0 & (DeviceStatus::SUSPEND.0 | DeviceStatus::DEVICE_NEEDS_RESET.0) == 0
    }

    /// Notes what the driver did to the rings up to the access that is about to be noted. It may end a suspension, or stop queues: until
    /// then the driver leaves alone what the device has (§3.3.1).
    pub(crate) fn look_at_last(&mut self) {
        if self.status.0 & (DeviceStatus::DRIVER_OK.0 | DeviceStatus::SUSPEND.0) != 0 {
            self.queues.iter_mut().filter_map(|slot| slot.observer.as_mut()).for_each(|observer| observer.look());
        }
    }

    /// Live, and free to reach memory.
    pub(crate) fn may_work(&self) -> bool {
        self.is_live() && self.is_master()
    }

    pub(crate) fn selected_slot(&self) -> Option<&QueueSlot> {
        self.queues.get(usize::try_from(self.selected.queue).ok()?)
    }

    fn is_suspended(&self) -> bool {
        self.status.contains(DeviceStatus::SUSPEND)
    }

    /// What a status read shows; counts the reads that a slow reset lasts.
    pub(crate) fn read_status(&mut self) -> (u8, bool) {
        match &mut self.suspending {
            Some(Resetting::Reads(left)) if *left > 0 => *left -= 1,
            Some(Resetting::Reads(_)) => {
                self.suspending = None;
                self.suspend();
            }
            Some(Resetting::Forever) | None => {}
        }
        let Some(lie) = &mut self.lie else { return (self.status.0, false) };
        match &mut lie.reads {
            None => (lie.shown, false),
            Some(left) if *left > 0 => {
                *left -= 1;
                (lie.shown, false)
            }
            Some(_) => {
                self.lie = None;
                (self.status.0, true)
            }
        }
    }

    pub(crate) fn write_status(&mut self, value: u8) {
        if value == 0 {
            return self.reset();
        }
        if self.legacy().is_some() {
            return self.write_legacy_status(value);
        }
        let value = DeviceStatus(value);
        let was_live = self.is_live();
        self.status = self.status.with(DeviceStatus(value.0 & PLAIN_STATUS));
        if value.contains(DeviceStatus::FEATURES_OK) && !self.status.contains(DeviceStatus::FEATURES_OK) {
            if self.features_acceptable() {
                self.status = self.status.with(DeviceStatus::FEATURES_OK);
                self.model.negotiated(self.accepted);
            } else if self.oddities.has(OddityKind::FeaturesOkRefused) {
                self.provoke(OddityKind::FeaturesOkRefused);
            }
        }
        if self.is_suspended() {
            if value.contains(DeviceStatus::DRIVER_OK) {
                self.status = self.status.without(DeviceStatus::SUSPEND).with(DeviceStatus::DRIVER_OK);
            }
        } else if was_live && value.contains(DeviceStatus::SUSPEND) && self.accepted.has(feature::SUSPEND) {
            match self.oddities.suspend() {
                None => self.suspend(),
                Some((delay, kind)) => {
                    self.provoke(kind);
                    self.suspending = Some(delay);
                }
            }
        } else if value.contains(DeviceStatus::DRIVER_OK) && self.status.contains(DeviceStatus::FEATURES_OK) {
            self.status = self.status.with(DeviceStatus::DRIVER_OK);
        }
        if self.is_live() && !was_live {
            self.arm();
            if std::mem::take(&mut self.config_change_held) {
                self.raise(Cause::Config);
            }
            self.wake();
        }
    }

    fn features_acceptable(&self) -> bool {
        let accepted = self.accepted;
        let version_1 = Features::bit(feature::VERSION_1);
        !self.oddities.has(OddityKind::FeaturesOkRefused)
            && self.offered.contains(accepted)
            // §6.2: a device may refuse to work with a driver that does not know it from a legacy one.
            && (accepted.contains(version_1) || !self.offered.contains(version_1))
            && self.model.accepts(accepted)
    }

    /// Everything that was published is worked on and told first (§3.4.2); what waits for the outside stays.
    fn suspend(&mut self) {
        for queue in 0..self.queues.len() {
            self.queues[queue].kicked = true;
            while self.advance(queue, usize::MAX) && self.queues[queue].phase != Phase::Rearm {}
            // What came since the last look, and waits for the device to go on, was published before the suspension too.
            if let Some(observer) = &mut self.queues[queue].observer {
                observer.look();
            }
        }
        if self.is_live() {
            self.disarm();
            self.status = self.status.with(DeviceStatus::SUSPEND).without(DeviceStatus::DRIVER_OK);
        }
    }

    fn reset(&mut self) {
        self.disarm();
        let shown = if self.status.0 == 0 { 0x0f } else { self.status.0 };
        for queue in &mut self.queues {
            queue.clear();
        }
        self.status = DeviceStatus::RESET;
        self.accepted = Features::NONE;
        self.selected = Selected::default();
        self.acknowledge(u32::MAX);
        self.config_change_held = false;
        self.suspending = None;
        self.reset_port();
        self.reset_legacy();
        self.model.reset();
        let reads = self.oddities.reset_reads();
        if reads == Some(0) {
            self.lie = None;
            self.emit(EventKind::ResetDone);
        } else {
            let kind = if reads.is_none() { OddityKind::ResetNever } else { OddityKind::ResetSlow };
            self.provoke(kind);
            self.lie = Some(Lie { shown, reads });
        }
    }

    /// The configuration space is not what it was.
    pub(crate) fn config_changed(&mut self) {
        self.config_moved();
        self.notify_config();
    }

    fn config_moved(&mut self) {
        self.next_generation();
        self.emit(EventKind::ConfigChanged { generation: self.generation, bytes: self.config() });
    }

    fn notify_config(&mut self) {
        if self.status.contains(DeviceStatus::DRIVER_OK) && !self.ended {
            self.raise(Cause::Config);
        } else if self.is_suspended() {
            self.config_change_held = true;
        }
    }

    pub(crate) fn control(&mut self, control: &Control) -> bool {
        let effect = self.model.control(control);
        self.apply(effect);
        self.follow();
        effect != Effect::None
    }

    /// Does what the last call to the model led to.
    pub(crate) fn follow(&mut self) {
        for effect in self.model.effects() {
            self.apply(effect);
        }
    }

    fn apply(&mut self, effect: Effect) {
        match effect {
            Effect::None => {}
            Effect::ConfigChanged => self.config_changed(),
            Effect::ConfigAnswers => self.config_moved(),
            Effect::Wake(queue) => {
                if let Some(slot) = self.queues.get_mut(usize::from(queue)) {
                    slot.kicked = true;
                    self.wake();
                }
            }
        }
    }

    /// A queue cannot go on: the device needs a reset (§2.1.2).
    pub(crate) fn fail(&mut self, queue: usize, error: RingError) {
        if let Port::VhostUser(port) = &self.port {
            port.error(queue);
        }
        self.needs_reset(format!("queue {queue}: {error}"));
    }

    pub(crate) fn needs_reset(&mut self, why: String) {
        log::debug!("device {} needs a reset: {why}", self.index);
        self.trouble.get_or_insert(why);
        self.status = self.status.with(DeviceStatus::DEVICE_NEEDS_RESET);
        self.notify_config();
    }

    pub(crate) fn counters(&self) -> Counters {
        self.model.counters()
    }

    pub(crate) fn interrupts(&self) -> u64 {
        self.interrupts
    }

    pub(crate) fn notifications(&self) -> u64 {
        self.notifications
    }

    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.clone()
    }

    pub(crate) fn end(&mut self, reason: &str) {
        if !std::mem::replace(&mut self.ended, true) {
            self.take_doorbells();
            self.disarm();
            self.emit(EventKind::End { reason: reason.to_owned() });
        }
    }
}
