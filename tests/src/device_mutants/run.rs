//! Runs a probe against a device, plain or broken.

use parakit_abi::feature::{self, Features};
use parakit_abi::mailbox::signal;
use parakit_harness::device::{
    Block, BlockOptions, Console, ConsoleBuffer, ConsoleOptions, Control, DeviceModel, Entropy, Gpu, GpuOptions, Input,
    InputKind, InputOptions, MemoryDisk, Net, NetOptions, Recorder, Screen, Vsock, VsockOptions,
};
use parakit_harness::judge::probe::findings;
use parakit_harness::judge::{Judgement, judge};
use parakit_harness::loopback::{Loopback, LoopbackConfig, Scheduler};
use parakit_harness::observe::{Event, EventLog, LogOptions};
use parakit_harness::transport::device::{DeviceOptions, TransportOptions, VirtioDevice};
use parakit_harness::transport::pci::PciOptions;
use parakit_harness::vmm::{End, Hooks};

use super::{Between, Counts, Fault, Function};

/// Where the device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bus {
    /// On MMIO.
    Mmio,
    /// On PCI.
    Pci,
    /// On PCI, and `VIRTIO_F_NOTIFICATION_DATA` is offered.
    PciNotificationData,
}

/// How a probe is run.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Where the device is.
    pub bus: Bus,
    /// When the device moves.
    pub scheduler: Scheduler,
    /// Seed of the scheduler.
    pub seed: u64,
}

/// Everything that the device side has.
const OFFER: Features = Features::of(&[
    feature::VERSION_1,
    feature::EVENT_IDX,
    feature::INDIRECT_DESC,
    feature::RING_PACKED,
    feature::IN_ORDER,
    feature::RING_RESET,
    feature::SUSPEND,
]);

/// Sectors of the disk.
const SECTORS: usize = 256;

/// What came of a probe.
#[derive(Debug)]
pub struct Probed {
    /// How the workload ended.
    pub end: End,
    /// What happened, the findings last.
    pub events: Vec<Event>,
    /// What the judge says of it.
    pub judgement: Judgement,
}

/// The device that a probe looks at.
fn model(probe: &str) -> Box<dyn DeviceModel> {
    match probe {
        "probe-console" => Box::new(Console::new(ConsoleOptions::default(), Box::new(ConsoleBuffer::default()))),
        "probe-entropy" => Box::new(Entropy::default()),
        "probe-net" => Box::new(Net::new(NetOptions { pairs: 2, ..NetOptions::default() }, Recorder::default())),
        "probe-input" => Box::new(Input::new(InputOptions::new(InputKind::Keyboard), Recorder::default())),
        "probe-gpu" => Box::new(Gpu::new(GpuOptions::default(), Screen::default())),
        "probe-vsock" => Box::new(Vsock::new(VsockOptions::default())),
        _ => {
            // Every byte tells its place, and no two sectors are alike.
            let disk = (0..SECTORS * 512).map(|i| (i / 512 * 7 + i * 3) as u8).collect();
            Box::new(Block::new(Box::new(MemoryDisk::new(disk)), BlockOptions::default()))
        }
    }
}

/// Runs a probe against a device with this fault, of the type that the probe looks at.
///
/// # Panics
/// The run cannot be set up.
#[must_use]
pub fn probe(name: &str, setting: Setting, fault: Fault) -> Probed {
    let config = LoopbackConfig {
        scheduler: setting.scheduler,
        seed: setting.seed,
        memory_bytes: 1 << 20,
        ..LoopbackConfig::new(name)
    };
    let mut loopback = Loopback::new(config).expect("memory");
    let events = EventLog::new(LogOptions::default());
    let line = loopback.interrupt_line();
    let memory = loopback.memory().clone();
    let options = DeviceOptions::new(0, "device0", model(name), memory.clone(), events.clone(), line);
    let counts = Counts::new();
    let (transport, offer) = match setting.bus {
        Bus::Mmio => (options.transport, OFFER),
        bus => {
            let pci = PciOptions::new(counts.clone(), counts.clone());
            let data = if bus == Bus::Pci { Features::NONE } else { Features::bit(feature::NOTIFICATION_DATA) };
            (TransportOptions::Pci(pci), OFFER.with(data))
        }
    };
    let device = VirtioDevice::new(DeviceOptions { features: offer, transport, ..options }).expect("a device");
    loopback.attach(device.clone()).expect("a place for the device");
    let function = (setting.bus != Bus::Mmio).then(|| Function::new(device.clone(), counts));
    let mut hooks = Outside(device.clone());
    let report = loopback
        .run_with(&mut hooks, |env| parakit_exercise::run(&Between::new(env, function, memory, fault), name))
        .expect("threads");
    findings(&report.records, &report.evidence).into_iter().for_each(|finding| events.emit(0, finding));
    device.end("the probe is over");
    let events = events.take();
    let judgement = judge(&events);
    Probed { end: report.end, events, judgement }
}

/// What acts on the device from outside.
struct Outside(VirtioDevice);

impl Hooks for Outside {
    fn signal(&mut self, code: u32, argument: u64) -> u64 {
        u64::from(code == signal::BLOCK_RESIZE && self.0.control(&Control::Capacity(argument)))
    }

    fn log(&mut self, _text: &str) {}

    fn cancelled(&self) -> bool {
        false
    }
}
