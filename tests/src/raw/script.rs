//! Scripts: named steps, one after the other, each of which can be replaced.

use parakit_abi::device::block::request;
use parakit_abi::device::block::{self, DiscardWriteZeroes, ID_BYTES};
use parakit_abi::device::{DeviceType, console};
use parakit_abi::feature::{EVENT_IDX, Features, RING_PACKED, VERSION_1};
use parakit_abi::transport::mmio::{MAGIC, Register, VERSION};
use parakit_harness::device::Control;
use parakit_harness::observe::Event;
use parakit_harness::oddity::{Oddity, OddityKind};

use super::{Driver, Function, Machine};

/// One step of a script.
pub type Step = fn(&mut Driver);

/// The device that a script finds, and what it wants of it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Which device.
    pub device: DeviceType,
    /// Device-independent features on offer.
    pub offer: Features,
    /// Device-specific features on offer that the harness's device does not have by itself.
    pub widen: Features,
    /// Features that the driver accepts, of those on offer.
    pub accept: Features,
    /// Queues; more than the device has by itself are added.
    pub queues: usize,
    /// Largest size of the device's queues.
    pub queue_max: u16,
    /// Size that the driver chooses.
    pub queue_size: u16,
    /// What the device does differently.
    pub oddities: Vec<Oddity>,
    /// Whether it is behind PCI.
    pub pci: bool,
    /// Entries of its MSI-X table.
    pub vectors: u16,
    /// Whether the driver uses MSI-X.
    pub msix: bool,
    /// Whether the guest was told to drive the device.
    pub assigned: bool,
}

impl Setting {
    /// A plain device, with every device-specific feature that its own driver knows.
    #[must_use]
    pub fn new(device: DeviceType) -> Self {
        use block::feature as b;
        let (queues, specific) = match device {
            DeviceType::CONSOLE => (2, Features::of(&[console::feature::SIZE, console::feature::EMERG_WRITE])),
            DeviceType::ENTROPY | DeviceType::NET => (1, Features::NONE),
            _ => (1, Features::of(&[b::RO, b::BLK_SIZE, b::FLUSH, b::CONFIG_WCE, b::DISCARD, b::WRITE_ZEROES])),
        };
        Self {
            device,
            offer: Features::of(&[VERSION_1, EVENT_IDX]),
            widen: Features::NONE,
            accept: specific.with(Features::bit(VERSION_1)),
            queues,
            queue_max: 64,
            queue_size: 16,
            oddities: Vec::new(),
            pci: false,
            vectors: 4,
            msix: false,
            assigned: true,
        }
    }

    /// A plain disk.
    #[must_use]
    pub fn block() -> Self {
        Self::new(DeviceType::BLOCK)
    }

    /// A plain console.
    #[must_use]
    pub fn console() -> Self {
        Self::new(DeviceType::CONSOLE)
    }

    /// A plain entropy source.
    #[must_use]
    pub fn entropy() -> Self {
        Self::new(DeviceType::ENTROPY)
    }

    /// A network device, as far as features go.
    #[must_use]
    pub fn net() -> Self {
        Self::new(DeviceType::NET)
    }

    /// With device-independent feature `bit` offered and accepted.
    #[must_use]
    pub fn with(mut self, bit: u32) -> Self {
        self.offer = self.offer.with(Features::bit(bit));
        self.accept = self.accept.with(Features::bit(bit));
        self
    }

    /// With device-specific feature `bit` offered and accepted.
    #[must_use]
    pub fn widened(mut self, bit: u32) -> Self {
        self.widen = self.widen.with(Features::bit(bit));
        self.accept = self.accept.with(Features::bit(bit));
        self
    }

    /// Behind PCI, with interrupts by INTx.
    #[must_use]
    pub fn over_pci(self) -> Self {
        Self { pci: true, ..self }
    }

    /// Behind PCI, with interrupts by MSI-X.
    #[must_use]
    pub fn with_msix(self) -> Self {
        Self { pci: true, msix: true, ..self }
    }

    /// With packed rings.
    #[must_use]
    pub fn packed(self) -> Self {
        self.with(RING_PACKED)
    }

    /// The same on this ring and this transport.
    #[must_use]
    pub fn on(self, packed: bool, pci: bool) -> Self {
        let msix = self.msix && pci;
        let setting = Self { pci, msix, ..self };
        let bit = Features::bit(RING_PACKED);
        if packed {
            setting.packed()
        } else if setting.accept.has(RING_PACKED) {
            Self { offer: setting.offer.without(bit), accept: setting.accept.without(bit), ..setting }
        } else {
            setting
        }
    }

    /// With an oddity of the device.
    #[must_use]
    pub fn odd(mut self, kind: OddityKind) -> Self {
        self.oddities.push(kind.into());
        self
    }
}

/// A driver's life with one device, step by step.
pub struct Script {
    setting: Setting,
    steps: Vec<(&'static str, Step)>,
}

impl Script {
    /// The life of a driver that keeps every rule.
    #[must_use]
    pub fn new(setting: Setting) -> Self {
        let work: Step = match setting.device {
            DeviceType::CONSOLE => console_work,
            DeviceType::ENTROPY | DeviceType::NET => entropy_work,
            _ => block_work,
        };
        let probe: Step = if setting.pci { probe_function } else { probe };
        let steps: [(&'static str, Step); 14] = [
            ("probe", probe),
            ("reset", |d| d.reset()),
            ("acknowledge", |d| d.set_status(ACKNOWLEDGE)),
            ("driver", |d| d.set_status(DRIVER)),
            ("read features", read_features),
            ("accept features", accept_features),
            ("features ok", |d| d.set_status(FEATURES_OK)),
            ("check features ok", |d| {
                let agreed = d.status() & 8 != 0;
                d.expect(agreed, "the device takes the features");
            }),
            ("vectors", |d| d.map_config()),
            ("queues", set_up_queues),
            ("configuration", read_configuration),
            ("driver ok", |d| d.set_status(DRIVER_OK)),
            ("work", work),
            ("cleanup", |d| d.reset()),
        ];
        Self { setting, steps: steps.to_vec() }
    }

    /// Puts another step in the place of the one that is called `name`.
    ///
    /// # Panics
    /// Without such a step. So do the other methods.
    pub fn replace(&mut self, name: &str, step: Step) {
        let at = self.find(name);
        self.steps[at].1 = step;
    }

    /// Leaves a step out.
    pub fn omit(&mut self, name: &str) {
        let at = self.find(name);
        self.steps.remove(at);
    }

    /// Adds a step before another.
    pub fn before(&mut self, name: &str, step: Step) {
        let at = self.find(name);
        self.steps.insert(at, ("added", step));
    }

    /// Adds a step after another.
    pub fn after(&mut self, name: &str, step: Step) {
        let at = self.find(name);
        self.steps.insert(at + 1, ("added", step));
    }

    /// Moves a step to a place before another.
    pub fn advance(&mut self, name: &str, before: &str) {
        let step = self.steps.remove(self.find(name));
        let at = self.find(before);
        self.steps.insert(at, step);
    }

    /// Leaves out a step and all that come after it.
    pub fn stop_before(&mut self, name: &str) {
        let at = self.find(name);
        self.steps.truncate(at);
    }

    /// Leaves out a step and all that come after it, but resets the device in the end.
    pub fn give_up_before(&mut self, name: &str) {
        self.stop_before(name);
        self.steps.push(("cleanup", |d| d.reset()));
    }

    fn find(&self, name: &str) -> usize {
        self.steps.iter().position(|(n, _)| *n == name).unwrap_or_else(|| panic!("no step {name:?}"))
    }

    /// Runs it: everything that was seen, and what did not go as a driver that keeps the rules may expect.
    #[must_use]
    pub fn run(self) -> (Vec<Event>, Vec<String>) {
        let machine = Machine::of(&self.setting);
        let mut driver = Driver::new(machine, self.setting);
        for (_, step) in self.steps {
            step(&mut driver);
        }
        (driver.machine.finish(), driver.surprises)
    }
}

/// The status after each step of the bring-up (§3.1.1).
const ACKNOWLEDGE: u32 = 1;
/// With `DRIVER`.
const DRIVER: u32 = ACKNOWLEDGE | 2;
/// With `FEATURES_OK`.
const FEATURES_OK: u32 = DRIVER | 8;
/// With `DRIVER_OK`.
const DRIVER_OK: u32 = FEATURES_OK | 4;

fn probe(d: &mut Driver) {
    let identity = [Register::MagicValue, Register::Version, Register::DeviceID].map(|r| d.read(r));
    let known = identity == [MAGIC, VERSION, d.setting.device.0];
    d.expect(known, "the device is of the type that the driver is for");
}

fn probe_function(d: &mut Driver) {
    d.function = Function::find(&mut d.machine);
    let known = d.function.device_type == d.setting.device.0;
    d.expect(known, "the function is of the type that the driver is for");
    let there = [d.function.common, d.function.notify, d.function.isr].iter().all(Option::is_some);
    d.expect(there, "the function has what every driver needs");
    if d.setting.msix {
        d.function.enable_msix(&d.machine);
    }
}

fn read_features(d: &mut Driver) {
    for word in 0..2 {
        let value = d.offered_word(word);
        d.offered = d.offered.with_word(word, value);
    }
}

fn accept_features(d: &mut Driver) {
    d.accepted = d.offered.and(d.setting.accept);
    for word in 0..2 {
        d.accept_word(word, d.accepted.word(word));
    }
}

fn set_up_queues(d: &mut Driver) {
    for queue in 0..d.setting.queues as u16 {
        d.select(queue.into());
        let idle = d.queue_ready() == 0;
        d.expect(idle, "the queue is not in use");
        let large = d.queue_max() >= u32::from(d.setting.queue_size);
        d.expect(large, "the queue can be as large as the driver wants");
        d.set_up(queue.into(), d.setting.queue_size);
    }
}

fn read_configuration(d: &mut Driver) {
    loop {
        let before = d.generation();
        match d.setting.device {
            DeviceType::BLOCK => {
                let _capacity = d.config(block::config::CAPACITY, 4) | d.config(block::config::CAPACITY + 4, 4) << 32;
                if d.accepted.has(block::feature::CONFIG_WCE) {
                    let _writeback = d.config(block::config::WRITEBACK, 1);
                }
            }
            DeviceType::CONSOLE if d.accepted.has(console::feature::SIZE) => {
                let _size = [d.config(console::config::COLS, 2), d.config(console::config::ROWS, 2)];
            }
            _ => {}
        }
        if d.generation() == before {
            break;
        }
    }
}

fn block_work(d: &mut Driver) {
    let read = d.read_sector(7);
    d.expect(read.len() == 1, "a read is used");
    if !d.accepted.has(block::feature::RO) {
        let data = d.readable(&[1; 1024]);
        let buffers = d.request(request::OUT, 3, &[data]);
        d.exchange(0, &buffers);
    }
    let buffers = d.request(request::FLUSH, 0, &[]);
    d.exchange(0, &buffers);
    let id = d.writable(ID_BYTES);
    let buffers = d.request(request::GET_ID, 0, &[id]);
    d.exchange(0, &buffers);
    for (kind, bit) in [
        (request::DISCARD, block::feature::DISCARD),
        (request::WRITE_ZEROES, block::feature::WRITE_ZEROES),
        (request::SECURE_ERASE, block::feature::SECURE_ERASE),
    ] {
        if d.accepted.has(bit) {
            let segment = DiscardWriteZeroes { sector: 8, num_sectors: 8, flags: 0 };
            let data = d.readable(&segment.to_le_bytes());
            let buffers = d.request(kind, 0, &[data]);
            d.exchange(0, &buffers);
        }
    }
    // A batch: published once, notified at most once.
    for sector in 0..4 {
        let buffers = d.read_request(sector, 512);
        d.add(0, &buffers);
    }
    d.publish(0);
    let batch = d.collect(0);
    d.expect(batch.len() == 4, "four reads are used");
}

fn console_work(d: &mut Driver) {
    for _ in 0..2 {
        let buffer = d.writable(32);
        d.add(0, &[buffer]);
    }
    d.publish(0);
    let text = d.readable(b"hello");
    let sent = d.exchange(1, &[text]);
    d.expect(sent.len() == 1, "a text is printed");
    d.machine.control(&Control::ConsoleInput(b"typed".to_vec()));
    let typed = d.collect(0);
    d.expect(typed.len() == 1, "what is typed is received");
    let buffer = d.writable(32);
    d.add(0, &[buffer]);
    d.publish(0);
    d.machine.run();
}

fn entropy_work(d: &mut Driver) {
    for _ in 0..3 {
        let buffer = d.writable(64);
        let random = d.exchange(0, &[buffer]);
        d.expect(random.len() == 1, "random bytes arrive");
    }
}
