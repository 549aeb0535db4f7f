//! A foreign run, on KVM.

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::player::Player;
use super::{Device, Foreign, ForeignError};
use crate::device::{ConsoleBuffer, DiskTrouble};
use crate::judge::Verdicts;
use crate::observe::event::TransportKind;
use crate::observe::{Event, EventKind, EventLog, LogOptions, Traffic};
use crate::scenario::devices::{self, Built};
use crate::scenario::kvm::{Attached, Manner, attach};
use crate::scenario::{Backend, Bus, DeviceKind, Ground, Mechanism, Pci, RunRecord, Session, SessionError};
use crate::transport::device::{DeviceOptions, VirtioDevice};
use crate::vmm::{Discovery, End, ForeignBus, ForeignConfig, Hooks, Kernel, KvmHost, Machine};

/// Where ring 0 is emulated, drivers may be so many times slower to notify before a device goes on by itself.
const MOST_PATIENCE: u32 = 5;

impl Session {
    /// Runs the session's kernel, which knows nothing of Parakit, with these devices, and judges what it does with them.
    ///
    /// The run has failed when no driver touched any device, when the kernel did not end in order, or when it exited with another value than was
    /// expected; it is violated when a MUST is.
    ///
    /// # Errors
    /// It could not run: one sentence with what to do. A guest that fails is no error.
    pub fn run_foreign(&self, foreign: &Foreign) -> Result<RunRecord, SessionError> {
        let Ground::Kvm { host, kernel } = &self.ground else { return Err(ForeignError::Loopback.into()) };
        let specs = foreign.prepared(kernel)?;
        let built = build(self, foreign, &specs)?;
        run(self, host, kernel, foreign, &specs, built)
    }
}

/// Makes the devices, as they are to be offered.
fn build(session: &Session, foreign: &Foreign, specs: &[Device]) -> Result<Vec<Built>, SessionError> {
    let make = |device: &Device| {
        let Device { spec, image } = device;
        let mut built = devices::one(spec, image.as_ref(), session.seed, false, false, &session.cancelled)?;
        let has = built.model.features();
        let offered =
            foreign.offer.of_type(&built.name, built.model.device_type(), has).map_err(ForeignError::Offer)?;
        built.withheld = has.without(offered);
        Ok(built)
    };
    specs.iter().map(make).collect()
}

fn run(
    session: &Session,
    host: &KvmHost,
    kernel: &Kernel,
    foreign: &Foreign,
    specs: &[Device],
    mut built: Vec<Built>,
) -> Result<RunRecord, SessionError> {
    let queues = |b: &Built| b.model.queues().len() as u16;
    let vectors = foreign.vectors.unwrap_or_else(|| built.iter().map(queues).max().unwrap_or(0).max(7) + 1);
    let bus = match foreign.transport {
        TransportKind::Mmio => Bus::Mmio,
        TransportKind::MmioLegacy => Bus::MmioLegacy,
        TransportKind::Pci => Bus::Pci(Pci { vectors, mechanism: Mechanism::Ecam }),
        TransportKind::VhostUser => return Err(ForeignError::VhostUser.into()),
    };
    let consoles: Vec<ConsoleBuffer> = (specs.iter().zip(&built))
        .filter(|(device, _)| matches!(device.spec.kind, DeviceKind::Console { .. }))
        .map(|(_, built)| built.output.clone())
        .collect();
    let troubles: Vec<_> = built.iter().map(|b| b.trouble.clone()).collect();
    let pictures: Vec<_> = built.iter_mut().filter_map(|b| b.png.take()).collect();
    let events = EventLog::new(LogOptions::default());

    let mut machine = Machine::foreign(host, config(foreign, bus, kernel, built.len()))?;
    // A kernel may lack a driver for any of them, or have no use for it.
    let quiet = DeviceOptions::QUIET * host.deadline_scale().min(MOST_PATIENCE);
    let manner = Manner { assigned: false, quiet };
    let Attached { devices, workers } = attach(&mut machine, bus, built, &events, manner)?;
    let named = specs.iter().map(|d| d.spec.name.as_str()).zip(&devices).collect();
    let player = RefCell::new(Player::new(&foreign.script, consoles.iter().cloned()));
    let mut hooks =
        ForeignHooks { player, devices: named, cancelled: &session.cancelled, log: session.log, typed: session.input };
    events.start_clock();
    let report = machine.run(&mut hooks);
    let mut player = hooks.player.into_inner();
    // Nobody knows what the kernel meant to do, so that nothing is concluded from what it did not do.
    devices.iter().for_each(|device| device.end(report.end.summary()));
    drop(workers);
    player.over();
    let unplayed: Vec<_> = player.troubles().collect();
    let events = events.take();

    if let Some(trouble) = troubles.iter().find_map(DiskTrouble::get) {
        return Err(SessionError::Image(trouble));
    }
    let mut record = RunRecord {
        scenario: foreign.name.clone(),
        hostile: specs.iter().flat_map(|d| &d.spec.oddities).any(|o| !o.kind.is_legal()),
        backend: Backend::Kvm,
        bus: bus.transport(),
        end: report.end,
        troubles: Vec::new(),
        elapsed: report.elapsed,
        exits: Some(report.exits),
        boot: first_queue(&events),
        traffic: Traffic::default(),
        negotiated: Vec::new(),
        records: Vec::new(),
        console: consoles.first().map(ConsoleBuffer::bytes).unwrap_or_default(),
        log: report.log,
        verdicts: Verdicts::default(),
        events: Vec::new(),
    };
    for picture in pictures {
        record.troubles.extend(picture.finish()?);
    }
    record.judged(&events, false);
    if record.end.orderly() && !matches!(record.end, End::Cancelled) {
        let driven = events.iter().any(|e| matches!(e.kind, EventKind::StatusWrite { value: 1.. }));
        record.troubles.extend((!driven).then(|| untouched(bus, &events)));
        record.troubles.extend(unexpected(foreign.expect_exit, &record.end));
        record.troubles.extend(unplayed);
    }
    if session.keep_events {
        record.events = events;
    }
    Ok(record)
}

fn config(foreign: &Foreign, bus: Bus, kernel: &Kernel, devices: usize) -> ForeignConfig {
    ForeignConfig {
        memory_bytes: foreign.memory_bytes,
        cpus: foreign.cpus,
        kernel: kernel.clone(),
        boot: kernel.preferred_boot(),
        initrd: foreign.initrd.clone(),
        command_line: foreign.command_line.clone(),
        transport: match bus {
            Bus::Mmio => ForeignBus::Mmio,
            Bus::MmioLegacy => ForeignBus::MmioLegacy,
            Bus::Pci(_) => ForeignBus::Pci,
        },
        devices,
        discovery: Discovery::default(),
        run_for: foreign.run_for,
    }
}

/// When the first queue was enabled, since the run began.
fn first_queue(events: &[Event]) -> Option<Duration> {
    let first = events.iter().find(|e| matches!(e.kind, EventKind::QueueEnabled(_)))?;
    Some(Duration::from_nanos(first.time_ns))
}

/// That nothing was judged, and what to do.
fn untouched(bus: Bus, events: &[Event]) -> String {
    let looked = events
        .iter()
        .any(|e| matches!(e.kind, EventKind::Register { .. } | EventKind::PciConfig { .. } | EventKind::PciBar { .. }));
    let what = if looked {
        "the kernel looked at its devices, and no driver of it began to drive one"
    } else {
        "the kernel looked at none of its devices"
    };
    let how = match bus {
        Bus::Pci(_) => "the devices are on PCI bus 0, behind the ports 0xcf8 and 0xcfc and the ACPI table MCFG",
        Bus::Mmio | Bus::MmioLegacy => {
            "the devices are told by `virtio_mmio.device=` on the command line, by ACPI (LNRO0005) and by the device tree"
        }
    };
    format!(
        "{what}, so that nothing was judged: see that it has drivers for them, gives them time (--for), and finds them: {how}"
    )
}

/// That the kernel did not exit as it should, if it should.
fn unexpected(expected: Option<u32>, end: &End) -> Option<String> {
    match (expected?, end) {
        (expected, End::Exited(value)) if *value == expected => None,
        (expected, End::Exited(value)) => Some(format!("the kernel exited with {value}, and {expected} was expected")),
        (expected, end) => Some(format!("the kernel was to exit with {expected}, but did not exit: {end}")),
    }
}

struct ForeignHooks<'s> {
    /// Asked through a shared reference, on one thread.
    player: RefCell<Player<'s>>,
    devices: Vec<(&'s str, &'s VirtioDevice)>,
    cancelled: &'s AtomicBool,
    log: fn(&str),
    typed: Option<fn() -> Vec<u8>>,
}

impl Hooks for ForeignHooks<'_> {
    /// A foreign kernel has no way to send one.
    fn signal(&mut self, _code: u32, _argument: u64) -> u64 {
        0
    }

    fn log(&mut self, text: &str) {
        self.player.get_mut().heard(text);
        (self.log)(text);
    }

    fn cancelled(&self) -> bool {
        self.player.borrow_mut().play(Instant::now(), |name, control| {
            self.devices.iter().any(|(known, device)| *known == name && device.control(control))
        });
        self.cancelled.load(Ordering::Relaxed)
    }

    fn input(&mut self) -> Vec<u8> {
        let mut bytes = self.player.get_mut().typed();
        bytes.extend(self.typed.map(|typed| typed()).unwrap_or_default());
        bytes
    }
}

/// What a run of this kernel is called: its file's name without what follows the last point.
pub(super) fn name_of(kernel: &Kernel) -> String {
    let path = Path::new(kernel.name());
    path.file_stem().map_or_else(|| kernel.name().to_owned(), |stem| stem.to_string_lossy().into_owned())
}
