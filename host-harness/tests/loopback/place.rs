//! A loopback run for tests: devices by model and oddity, and what came of it.

use std::time::Duration;

use parakit_abi::mailbox::{Value, signal};
use parakit_exercise::Failure;
use parakit_harness::device::{Control, DeviceModel};
use parakit_harness::judge::judge;
use parakit_harness::loopback::{Loopback, LoopbackConfig, LoopbackEnv, LoopbackReport, Scheduler};
use parakit_harness::observe::{Event, EventKind, EventLog, LogOptions};
use parakit_harness::oddity::{Oddities, Oddity};
use parakit_harness::scenario::Bus;
use parakit_harness::transport::device::{DeviceOptions, TransportOptions, VirtioDevice};
use parakit_harness::vmm::{End, Hooks};
use vm_memory::GuestMemoryMmap;

pub(crate) struct Place {
    config: LoopbackConfig,
    loopback: Loopback,
    devices: Vec<VirtioDevice>,
    log: EventLog,
    cancelled: bool,
}

pub(crate) struct Run {
    pub(crate) report: LoopbackReport,
    pub(crate) events: Vec<Event>,
}

impl Place {
    pub(crate) fn new(scheduler: Scheduler, seed: u64) -> Self {
        Self::with(LoopbackConfig { scheduler, seed, ..LoopbackConfig::new("") })
    }

    pub(crate) fn with(config: LoopbackConfig) -> Self {
        let loopback = Loopback::new(config.clone()).unwrap();
        Self { config, loopback, devices: Vec::new(), log: EventLog::new(LogOptions::default()), cancelled: false }
    }

    /// Before any device is added.
    pub(crate) fn deadline(&mut self, deadline: Duration) {
        *self = Self::with(LoopbackConfig { deadline, ..self.config.clone() });
    }

    pub(crate) fn cancel(&mut self) {
        self.cancelled = true;
    }

    pub(crate) fn memory(&self) -> GuestMemoryMmap {
        self.loopback.memory().clone()
    }

    pub(crate) fn add(&mut self, model: impl DeviceModel + 'static, oddities: &[&str]) {
        let list: Vec<Oddity> = oddities.iter().map(|o| o.parse().unwrap()).collect();
        let index = self.devices.len() as u16;
        let line = self.loopback.interrupt_line();
        let name = format!("device{index}");
        let options = DeviceOptions::new(index, name, Box::new(model), self.memory(), self.log.clone(), line);
        let device = VirtioDevice::new(DeviceOptions { oddities: Oddities::new(&list), ..options }).unwrap();
        self.loopback.attach(device.clone()).unwrap();
        self.devices.push(device);
    }

    /// A plain device on this bus, with its transport made different.
    pub(crate) fn add_over(
        &mut self,
        model: impl DeviceModel + 'static,
        bus: Bus,
        differ: impl FnOnce(&mut TransportOptions),
    ) {
        let index = self.devices.len() as u16;
        let mut transport = self.loopback.transport(bus);
        differ(&mut transport);
        let line = self.loopback.interrupt_line();
        let name = format!("device{index}");
        let options = DeviceOptions::new(index, name, Box::new(model), self.memory(), self.log.clone(), line);
        let device = VirtioDevice::new(DeviceOptions { transport, ..options }).unwrap();
        self.loopback.attach(device.clone()).unwrap();
        self.devices.push(device);
    }

    pub(crate) fn run_with(self, guest: impl FnOnce(&LoopbackEnv<'_>) -> Result<(), Failure>) -> Run {
        let mut hooks = Reactions { devices: self.devices.clone(), cancelled: self.cancelled };
        let report = self.loopback.run_with(&mut hooks, guest).unwrap();
        finish(report, &self.devices, &self.log)
    }

    /// Runs the workload of the configuration.
    pub(crate) fn run(self) -> Run {
        let mut hooks = Reactions { devices: self.devices.clone(), cancelled: self.cancelled };
        let report = self.loopback.run(&mut hooks).unwrap();
        finish(report, &self.devices, &self.log)
    }
}

fn finish(report: LoopbackReport, devices: &[VirtioDevice], log: &EventLog) -> Run {
    let reason = if report.end == End::Passed { EventKind::FINISHED } else { report.end.summary() };
    devices.iter().for_each(|d| d.end(reason));
    Run { report, events: log.take() }
}

impl Run {
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.report.records.iter().find(|r| r.name() == name).and_then(|r| match r.value {
            Value::U64(v) => Some(v),
            Value::Bytes(_) | Value::Verdict { .. } => None,
        })
    }
}

/// It passed, and neither side broke a rule.
#[track_caller]
pub(crate) fn passed(run: &Run) {
    assert_eq!(run.report.end, End::Passed);
    let verdicts = judge(&run.events).verdicts;
    let broken: Vec<_> = verdicts.entries.iter().filter(|(_, e)| e.violated > 0).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(verdicts.entries.values().any(|e| e.passed > 0), "the judge saw something");
}

/// What the harness does on signals.
struct Reactions {
    devices: Vec<VirtioDevice>,
    cancelled: bool,
}

impl Hooks for Reactions {
    fn signal(&mut self, code: u32, argument: u64) -> u64 {
        let control = match code {
            signal::BLOCK_RESIZE => Control::Capacity(argument),
            signal::CONSOLE_RESIZE => Control::ConsoleSize { cols: argument as u16, rows: (argument >> 16) as u16 },
            signal::CONSOLE_INPUT => Control::ConsoleInput((0..argument).map(|i| i as u8).collect()),
            signal::SPURIOUS_INTERRUPT => {
                self.devices[argument as usize].raise_spurious();
                return 1;
            }
            _ => return argument,
        };
        u64::from(self.devices.iter().filter(|d| d.control(&control)).count() as u64 > 0)
    }

    fn log(&mut self, _text: &str) {}

    fn cancelled(&self) -> bool {
        self.cancelled
    }
}
