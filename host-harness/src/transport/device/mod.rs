//! A device, whatever the transport that it is behind: status, features, configuration, queues, and who works on them.
//!
//! One lock guards the whole of a [`VirtioDevice`]: registers, rings and model. So a reset is complete when the write of the status
//! returns, and every event has its true place in the order of its device. Queues are worked on by a [`Worker`] thread, or step by step by whoever
//! calls [`VirtioDevice::step`].

mod config;
pub(crate) mod core;
mod notify;
mod port;
mod queues;
pub(crate) mod slot;
mod together;
mod work;
mod worker;

use std::io;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parakit_abi::boot::{MMIO_BASE, MMIO_STRIDE};
use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use vm_memory::GuestMemoryMmap;
use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};
use vmm_sys_util::eventfd::{EFD_CLOEXEC, EFD_NONBLOCK, EventFd};

pub use port::TransportOptions;
pub(crate) use port::{Cause, Port};
pub use worker::{Health, Worker};

use self::core::Core;
use super::pci::{PciPort, Windows};
use super::{DoorbellBinder, InterruptLine, RegisterBlock};
use crate::device::{Control, Counters, DeviceModel};
use crate::observe::EventLog;
use crate::observe::event::{PciInfo, TransportKind};
use crate::oddity::Oddities;

/// The device-independent features that the device side has: `VIRTIO_F_NOTIF_CONFIG_DATA` over PCI alone, those from bit 32 on not over
/// legacy MMIO.
pub const IMPLEMENTED: Features = Features::of(&[
    feature::INDIRECT_DESC,
    feature::EVENT_IDX,
    feature::VERSION_1,
    feature::ACCESS_PLATFORM,
    feature::RING_PACKED,
    feature::IN_ORDER,
    feature::ORDER_PLATFORM,
    feature::NOTIFICATION_DATA,
    feature::NOTIF_CONFIG_DATA,
    feature::RING_RESET,
    feature::SUSPEND,
]);

/// What a device is made of.
pub struct DeviceOptions {
    /// Its place in the run, for events.
    pub index: u16,
    /// Its name within the run, such as `block0`.
    pub name: String,
    /// What it does.
    pub model: Box<dyn DeviceModel>,
    /// What it does differently.
    pub oddities: Oddities,
    /// The device-independent features that it offers; those that are not [`IMPLEMENTED`] are left out.
    pub features: Features,
    /// Of the features of its type that the model has, those that it does not offer.
    pub withheld: Features,
    /// Guest memory.
    pub memory: GuestMemoryMmap,
    /// Where events go.
    pub events: EventLog,
    /// How it is reached, and how it interrupts.
    pub transport: TransportOptions,
    /// How its notifications get here without an exit; `None`: they do not.
    pub doorbells: Option<Arc<dyn DoorbellBinder>>,
    /// How long a driver may leave published chains without a notification before that is noted and the device goes on by itself.
    pub quiet: Duration,
    /// Whether the guest is told to drive it, as scenarios tell theirs: then it is judged for leaving the device alone.
    pub assigned: bool,
}

impl DeviceOptions {
    /// The features that devices offer unless a scenario says otherwise.
    pub const FEATURES: Features = Features::of(&[feature::VERSION_1, feature::EVENT_IDX, feature::INDIRECT_DESC]);
    /// The patience that devices have unless a scenario says otherwise. Much longer than a descheduled vCPU
    /// needs to come back, so that a notification on its way is not taken for a missing one.
    pub const QUIET: Duration = Duration::from_millis(200);

    /// A plain device over MMIO, its register block at [`MMIO_BASE`] + `index` · [`MMIO_STRIDE`].
    #[must_use]
    pub fn new(
        index: u16,
        name: impl Into<String>,
        model: Box<dyn DeviceModel>,
        memory: GuestMemoryMmap,
        events: EventLog,
        interrupt: Arc<dyn InterruptLine>,
    ) -> Self {
        let base = MMIO_BASE + u64::from(index) * MMIO_STRIDE;
        Self::over(TransportOptions::Mmio { base, interrupt }, index, name, model, memory, events)
    }

    /// A plain device over any transport.
    #[must_use]
    pub fn over(
        transport: TransportOptions,
        index: u16,
        name: impl Into<String>,
        model: Box<dyn DeviceModel>,
        memory: GuestMemoryMmap,
        events: EventLog,
    ) -> Self {
        Self {
            index,
            name: name.into(),
            model,
            oddities: Oddities::default(),
            features: Self::FEATURES,
            withheld: Features::NONE,
            memory,
            events,
            transport,
            doorbells: None,
            quiet: Self::QUIET,
            assigned: false,
        }
    }
}

/// A device behind its transport. Clones are the same device.
#[derive(Clone)]
pub struct VirtioDevice {
    shared: Arc<Shared>,
}

/// How often the worker lets others go first before it insists: CPUs that never stop asking must not stop the device.
const MOST_YIELDS: u32 = 1000;

struct Shared {
    core: Mutex<Core>,
    /// Its name in the run.
    name: String,
    /// One a queue; also in the core.
    bells: Vec<EventFd>,
    /// Something other than a doorbell wants the worker's attention.
    kick: EventFd,
    /// Threads other than the worker that want the lock: the worker lets them have it between two pieces of work.
    waiting: AtomicU32,
    /// What the device answers in memory, over PCI.
    windows: Option<Arc<Windows>>,
    /// What the worker waits for: doorbells by their queue, and the kick.
    epoll: Epoll,
}

/// What the kick means among the doorbells.
const KICK: u64 = u64::MAX;

impl Shared {
    /// A model that panicked is a bug of ours that must not take the reset of the device with it.
    fn lock(&self) -> MutexGuard<'_, Core> {
        // A hint to the worker: nothing is ordered by it.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        core
    }

    /// For the worker: the lock, after those who wait for it. The lock itself is not fair, and a vCPU must not wait
    /// for all that a queue has to offer.
    fn lock_last(&self) -> MutexGuard<'_, Core> {
        for _ in 0..MOST_YIELDS {
            if self.waiting.load(Ordering::Relaxed) == 0 {
                break;
            }
            std::thread::yield_now();
        }
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl VirtioDevice {
    /// A device that no driver has touched. Its first event tells what it is.
    ///
    /// # Errors
    /// No file descriptors left.
    pub fn new(options: DeviceOptions) -> io::Result<Self> {
        let flags = EFD_NONBLOCK | EFD_CLOEXEC;
        let bells = options.model.queues().iter().map(|_| EventFd::new(flags)).collect::<io::Result<Vec<_>>>()?;
        let kick = EventFd::new(flags)?;
        let name = options.name.clone();
        let core = Core::new(
            options,
            bells.iter().map(EventFd::try_clone).collect::<io::Result<Vec<_>>>()?,
            kick.try_clone()?,
        );
        let windows = core.pci().map(PciPort::windows);
        let waiting = AtomicU32::new(0);
        let epoll = Epoll::new()?;
        let watch = |fd, data| epoll.ctl(ControlOperation::Add, fd, EpollEvent::new(EventSet::IN, data));
        for (queue, slot) in core.queues.iter().enumerate() {
            watch(slot.bell.as_raw_fd(), queue as u64)?;
        }
        watch(kick.as_raw_fd(), KICK)?;
        Ok(Self { shared: Arc::new(Shared { name, core: Mutex::new(core), bells, kick, waiting, windows, epoll }) })
    }

    /// The device itself, for its transport.
    pub(crate) fn core(&self) -> MutexGuard<'_, Core> {
        self.shared.lock()
    }

    /// What it answers in memory, over PCI.
    pub(crate) fn windows(&self) -> Option<&Windows> {
        self.shared.windows.as_deref()
    }

    /// From now on the queue's notifications come through `bell`, which is the front end's.
    pub(crate) fn listen_to(&self, queue: usize, bell: EventFd) -> io::Result<()> {
        let event = EpollEvent::new(EventSet::IN, queue as u64);
        let mut core = self.shared.lock();
        // It stays open, and rings on, in the front end.
        self.shared.epoll.ctl(ControlOperation::Delete, core.queues[queue].bell.as_raw_fd(), event)?;
        self.shared.epoll.ctl(ControlOperation::Add, bell.as_raw_fd(), event)?;
        let slot = &mut core.queues[queue];
        (slot.bell, slot.foreign_bell) = (bell, true);
        Ok(())
    }

    /// The front end's bells are of no interest any more.
    pub(crate) fn forget_bells(&self) {
        let mut core = self.shared.lock();
        for (queue, own) in self.shared.bells.iter().enumerate() {
            let slot = &mut core.queues[queue];
            let event = EpollEvent::new(EventSet::IN, queue as u64);
            let again = || {
                self.shared.epoll.ctl(ControlOperation::Delete, slot.bell.as_raw_fd(), event)?;
                let own = own.try_clone()?;
                self.shared.epoll.ctl(ControlOperation::Add, own.as_raw_fd(), event)?;
                io::Result::Ok(own)
            };
            if slot.foreign_bell {
                // Without its own bell the queue hears nothing, and nobody has it to ring.
                if let Ok(own) = again() {
                    (slot.bell, slot.foreign_bell) = (own, false);
                }
            }
        }
    }

    /// Its type.
    #[must_use]
    pub fn device_type(&self) -> DeviceType {
        self.shared.lock().device_type
    }

    /// How it is reached.
    #[must_use]
    pub fn transport(&self) -> TransportKind {
        self.shared.lock().port.kind()
    }

    /// Its function as it stands, over PCI.
    #[must_use]
    pub fn pci_info(&self) -> Option<PciInfo> {
        self.shared.lock().port.pci_info()
    }

    /// Starts the thread that works on the queues. It ends when the returned [`Worker`] is dropped.
    ///
    /// # Errors
    /// No threads or file descriptors left.
    pub fn start(&self) -> io::Result<Worker> {
        Worker::start(Arc::clone(&self.shared))
    }

    /// Does one small step of work, by hand: looks for chains, works on one, gives it back, interrupts, or asks for notifications again.
    /// `choice` picks among the queues that have something to do; false when none has. Never call it while a worker runs.
    pub fn step(&self, choice: usize) -> bool {
        self.shared.lock().step(choice)
    }

    /// Time passes, for a device that is stepped by hand: `now` counts from any beginning and never goes back.
    pub fn tick(&self, now: Duration) {
        self.shared.lock().tick(now);
    }

    /// The outside acts on the device. False when the device has no use for it.
    pub fn control(&self, control: &Control) -> bool {
        self.shared.lock().control(control)
    }

    /// Raises the interrupt with nothing to announce.
    pub fn raise_spurious(&self) {
        self.shared.lock().raise_spurious();
    }

    /// Whether a driver has the device live: `DRIVER_OK` is set and the device neither suspended nor in need of a reset.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.shared.lock().is_live()
    }

    /// What the device did.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.shared.lock().counters()
    }

    /// How often the interrupt was raised.
    #[must_use]
    pub fn interrupts(&self) -> u64 {
        self.shared.lock().interrupts()
    }

    /// How often the driver notified, through doorbells and through the register.
    #[must_use]
    pub fn notifications(&self) -> u64 {
        self.shared.lock().notifications()
    }

    /// Why the device needs a reset, if it does or did.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.shared.lock().trouble()
    }

    /// The run ends here, for this reason: the device's last event. The device stops working on queues.
    pub fn end(&self, reason: &str) {
        self.shared.lock().end(reason);
    }
}

/// Over MMIO. A device over PCI has no register block: it reads as zero there, and ignores writes.
impl RegisterBlock for VirtioDevice {
    fn read(&self, offset: u64, data: &mut [u8]) {
        self.shared.lock().mmio_read(offset, data);
    }

    fn write(&self, offset: u64, data: &[u8]) {
        self.shared.lock().mmio_write(offset, data);
    }
}
