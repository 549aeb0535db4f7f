//! One device over memory, stepped by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parakit_abi::boot::MMIO_BASE;
use parakit_abi::transport::pci::FunctionAddress;
use parakit_harness::device::{Control, DeviceModel};
use parakit_harness::observe::{Event, EventKind, EventLog, LogOptions};
use parakit_harness::oddity::Oddities;
use parakit_harness::transport::device::{DeviceOptions, TransportOptions, VirtioDevice};
use parakit_harness::transport::pci::{PciOptions, PciRoot};
use parakit_harness::transport::{InterruptLine, IntxLine, Message, MsiSink, RegisterBlock};
use vm_memory::{Bytes, GuestAddress, GuestMemoryBackend, GuestMemoryMmap};

use super::function::bar_address;
use super::{Place, Setting, models};

/// Bytes of guest memory.
const MEMORY: usize = 16 << 20;

#[derive(Default)]
struct Counter(AtomicU64);

impl InterruptLine for Counter {
    fn raise(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl MsiSink for Counter {
    fn configure(&self, _: u16, _: Option<Message>) {}

    fn raise(&self, _: u16) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl IntxLine for Counter {
    fn set(&self, asserted: bool) {
        self.0.fetch_add(u64::from(asserted), Ordering::Relaxed);
    }
}

/// A device, its memory, and everything that was seen of them.
pub struct Machine {
    device: VirtioDevice,
    /// The bus, and the device's place on it, over PCI.
    bus: Option<(PciRoot, FunctionAddress)>,
    memory: GuestMemoryMmap,
    log: EventLog,
    interrupts: Arc<Counter>,
    now: Duration,
    /// First byte that was not handed out.
    free: u64,
}

impl Machine {
    /// A fresh device.
    ///
    /// # Panics
    /// Without memory or file descriptors.
    #[must_use]
    pub fn new(setting: &Setting, model: Box<dyn DeviceModel>) -> Self {
        let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("16 MiB of memory");
        let log = EventLog::new(LogOptions::default());
        let interrupts = Arc::new(Counter::default());
        let line = || Arc::clone(&interrupts);
        let transport = if setting.pci {
            TransportOptions::Pci(PciOptions { vectors: setting.vectors, ..PciOptions::new(line(), line()) })
        } else {
            TransportOptions::Mmio { base: MMIO_BASE, interrupt: line() }
        };
        let mut options = DeviceOptions::over(transport, 0, "raw", model, memory.clone(), log.clone());
        options.features = setting.offer;
        options.assigned = setting.assigned;
        options.oddities = Oddities::new(&setting.oddities);
        let device = VirtioDevice::new(options).expect("file descriptors for a device");
        let bus = setting.pci.then(|| {
            let mut root = PciRoot::new();
            let at = root.attach(Arc::new(device.clone())).expect("a place on an empty bus");
            (root, at)
        });
        // Address 0 is left out: some devices take it for "never set up".
        Self { device, bus, memory, log, interrupts, now: Duration::ZERO, free: 0x1000 }
    }

    /// The device of a setting.
    #[must_use]
    pub fn of(setting: &Setting) -> Self {
        Self::new(setting, models::model(setting))
    }

    /// Where this process sees guest address `at`.
    ///
    /// # Panics
    /// Outside memory.
    #[must_use]
    pub fn pointer(&self, at: u64) -> *mut u8 {
        self.memory.get_host_address(GuestAddress(at)).expect("an address in memory")
    }

    /// Zeroed memory of `len` bytes at a multiple of `align`. It is never handed out again.
    ///
    /// # Panics
    /// When the memory is used up.
    pub fn allocate(&mut self, len: usize, align: u64) -> u64 {
        let at = self.free.next_multiple_of(align);
        self.free = at + len as u64;
        assert!(self.free <= MEMORY as u64, "the script wants more than {MEMORY} bytes of memory");
        at
    }

    /// Reads a register or configuration field of `width` bytes.
    #[must_use]
    pub fn read(&self, offset: u64, width: usize) -> u64 {
        let mut bytes = [0; 8];
        self.device.read(offset, &mut bytes[..width]);
        u64::from_le_bytes(bytes)
    }

    /// Writes a register or configuration field of `width` bytes.
    pub fn write(&self, offset: u64, width: usize, value: u64) {
        self.device.write(offset, &value.to_le_bytes()[..width]);
    }

    /// Reads configuration space of the function; all ones without one.
    #[must_use]
    pub fn config_read(&self, offset: u16, width: usize) -> u64 {
        let mut bytes = [0; 8];
        bytes[..width].fill(0xff);
        if let Some((root, at)) = &self.bus {
            root.config_read(*at, offset, &mut bytes[..width]);
        }
        u64::from_le_bytes(bytes)
    }

    /// Writes configuration space of the function.
    pub fn config_write(&self, offset: u16, width: usize, value: u64) {
        if let Some((root, at)) = &self.bus {
            root.config_write(*at, offset, &value.to_le_bytes()[..width]);
        }
    }

    /// Reads behind a BAR.
    #[must_use]
    pub fn bar_read(&self, place: Place, width: usize) -> u64 {
        let mut bytes = [0; 8];
        if let Some((root, _)) = &self.bus {
            root.memory_read(bar_address(place.bar) + place.offset, &mut bytes[..width]);
        }
        u64::from_le_bytes(bytes)
    }

    /// Writes behind a BAR.
    pub fn bar_write(&self, place: Place, width: usize, value: u64) {
        if let Some((root, _)) = &self.bus {
            root.memory_write(bar_address(place.bar) + place.offset, &value.to_le_bytes()[..width]);
        }
    }

    /// Writes memory.
    ///
    /// # Panics
    /// Outside memory.
    pub fn store(&self, at: u64, bytes: &[u8]) {
        self.memory.write_slice(bytes, GuestAddress(at)).expect("the script writes to memory");
    }

    /// Reads memory.
    ///
    /// # Panics
    /// Outside memory.
    #[must_use]
    pub fn load(&self, at: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.memory.read_slice(&mut bytes, GuestAddress(at)).expect("the script reads from memory");
        bytes
    }

    /// One step of the device; false when it has nothing to do.
    pub fn step(&self, choice: usize) -> bool {
        self.device.step(choice)
    }

    /// Lets the device do all that it has to do.
    pub fn run(&self) {
        while self.step(0) {}
    }

    /// So much time passes that the device no longer waits for a notification, and then it does all that it has to do.
    pub fn long_pause(&mut self) {
        for _ in 0..2 {
            self.now += DeviceOptions::QUIET * 2;
            self.device.tick(self.now);
            self.run();
        }
    }

    /// The outside acts on the device.
    pub fn control(&self, control: &Control) -> bool {
        self.device.control(control)
    }

    /// An interrupt with nothing to announce.
    pub fn raise_spurious(&self) {
        self.device.raise_spurious();
    }

    /// Interrupts so far.
    #[must_use]
    pub fn interrupts(&self) -> u64 {
        self.interrupts.0.load(Ordering::Relaxed)
    }

    /// Ends the run: all that was seen.
    #[must_use]
    pub fn finish(self) -> Vec<Event> {
        self.device.end(EventKind::FINISHED);
        self.log.take()
    }
}
