//! A device's PCI function, reached by calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parakit::transport::raw::RawAccess;
use parakit_abi::transport::pci::{command, header};
use parakit_harness::transport::device::VirtioDevice;
use parakit_harness::transport::pci::PciFunction;
use parakit_harness::transport::{IntxLine, Message, MsiSink};

/// Where BAR 0 is; the others follow at this distance.
const BARS: u64 = 0xe000_0000;
const STRIDE: u64 = 0x10_0000;

/// The interrupts of a function, counted.
pub struct Counts {
    vectors: [AtomicU32; Self::VECTORS],
    line: AtomicU32,
}

impl Counts {
    /// Vectors that are counted.
    pub const VECTORS: usize = 8;

    /// None so far.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { vectors: Default::default(), line: AtomicU32::new(0) })
    }
}

impl MsiSink for Counts {
    fn configure(&self, _vector: u16, _message: Option<Message>) {}

    fn raise(&self, vector: u16) {
        if let Some(count) = self.vectors.get(usize::from(vector)) {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl IntxLine for Counts {
    fn set(&self, asserted: bool) {
        self.line.fetch_add(u32::from(asserted), Ordering::SeqCst);
    }
}

/// A function that answers, its MSI-X table filled.
pub struct Function {
    device: VirtioDevice,
    counts: Arc<Counts>,
}

impl Function {
    /// Gives the function of `device` its addresses, and its vectors messages.
    #[must_use]
    pub fn new(device: VirtioDevice, counts: Arc<Counts>) -> Arc<Self> {
        for bar in [0, 2, 4] {
            device.config_write(header::BAR0 + 4 * bar, &((BARS + u64::from(bar) * STRIDE) as u32).to_le_bytes());
        }
        device.config_write(header::COMMAND, &(command::MEMORY | command::BUS_MASTER).to_le_bytes());
        for vector in 0..Counts::VECTORS as u64 {
            let entry = BARS + 2 * STRIDE + 16 * vector;
            // Where the message goes does not matter to what counts it; the last word unmasks the vector.
            for (i, word) in [0xfee0_0000_u32, 0, 0x40 + vector as u32, 0].into_iter().enumerate() {
                device.memory_write(entry + 4 * i as u64, &word.to_le_bytes());
            }
        }
        Arc::new(Self { device, counts })
    }

    /// Interrupts so far.
    #[must_use]
    pub fn interrupts(&self) -> u32 {
        let messages = self.counts.vectors.iter().map(|count| count.load(Ordering::SeqCst));
        messages.fold(self.counts.line.load(Ordering::SeqCst), u32::wrapping_add)
    }

    /// Interrupts so far on a vector.
    #[must_use]
    pub fn on_vector(&self, vector: u16) -> u32 {
        self.counts.vectors.get(usize::from(vector)).map_or(0, |count| count.load(Ordering::SeqCst))
    }

    /// Its configuration space.
    #[must_use]
    pub fn config(self: Arc<Self>) -> ConfigSpace {
        ConfigSpace(self)
    }

    /// What is behind a BAR; `None` if it has no size.
    #[must_use]
    pub fn bar(self: Arc<Self>, index: u8) -> Option<Bar> {
        matches!(index, 0 | 2).then_some(Bar { function: self, base: BARS + u64::from(index) * STRIDE })
    }
}

/// A function's configuration space.
pub struct ConfigSpace(Arc<Function>);

/// What is behind a BAR.
pub struct Bar {
    function: Arc<Function>,
    base: u64,
}

fn value(bytes: [u8; 4]) -> u32 {
    u32::from_le_bytes(bytes)
}

// SAFETY: each access is one to the configuration space of the device behind it.
unsafe impl RawAccess for ConfigSpace {
    fn size(&self) -> u64 {
        4096
    }

    fn read(&self, offset: u64, width: u8) -> u32 {
        let mut bytes = [0; 4];
        self.0.device.config_read(offset as u16, &mut bytes[..usize::from(width)]);
        value(bytes)
    }

    unsafe fn write(&self, offset: u64, width: u8, value: u32) {
        self.0.device.config_write(offset as u16, &value.to_le_bytes()[..usize::from(width)]);
    }
}

// SAFETY: each access is one to the device behind it; the BAR stays where it is.
unsafe impl RawAccess for Bar {
    fn size(&self) -> u64 {
        STRIDE
    }

    fn read(&self, offset: u64, width: u8) -> u32 {
        let mut bytes = [0; 4];
        if self.function.device.memory_read(self.base + offset, &mut bytes[..usize::from(width)]) {
            value(bytes)
        } else {
            u32::MAX
        }
    }

    unsafe fn write(&self, offset: u64, width: u8, value: u32) {
        // Where nothing answers, the write goes nowhere.
        let _ = self.function.device.memory_write(self.base + offset, &value.to_le_bytes()[..usize::from(width)]);
    }
}
