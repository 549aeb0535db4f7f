//! What stands between a probe and a device.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use parakit::transport::raw::{RawAccess, RawFunction, RawMmio, RawPci, RawRegisters, RawWindow};
use parakit_abi::mailbox::{DeviceEntry, Value};
use parakit_abi::requirement::RequirementId;
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{Common, FunctionAddress};
use parakit_exercise::{Env, Failure};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use super::function::Function;

/// Where faults see the configuration space of a function.
pub const CONFIG_SPACE: u64 = 1 << 32;

/// Where faults see what is behind a BAR of a function.
#[must_use]
pub const fn bar(index: u8) -> u64 {
    (2 + index as u64) << 32
}

/// What goes wrong. Offsets are those of the register block, or what [`CONFIG_SPACE`] and [`bar`] say.
#[derive(Clone, Copy)]
pub struct Fault {
    /// What a read shows, when the device gave `value`.
    pub read: fn(&mut View, &dyn RawAccess, u64, u32) -> u32,
    /// What of a write reaches the device; `None`: nothing.
    pub write: fn(&mut View, &dyn RawAccess, u64, u32) -> Option<u32>,
    /// What else happens, after each access and each wait.
    pub after: fn(&mut View),
    /// How many interrupts came, when the device raised `count`.
    pub interrupts: fn(&mut View, u32) -> u32,
}

impl Fault {
    /// None.
    pub const NONE: Self =
        Self { read: |_, _, _, value| value, write: |_, _, _, value| Some(value), after: |_| {}, interrupts: |_, n| n };

    /// A read shows something else.
    #[must_use]
    pub const fn read(read: fn(&mut View, &dyn RawAccess, u64, u32) -> u32) -> Self {
        Self { read, ..Self::NONE }
    }

    /// The memory of the rings is changed.
    #[must_use]
    pub const fn after(after: fn(&mut View)) -> Self {
        Self { after, ..Self::NONE }
    }

    /// Interrupts get lost, or there are more.
    #[must_use]
    pub const fn interrupts(interrupts: fn(&mut View, u32) -> u32) -> Self {
        Self { interrupts, ..Self::NONE }
    }
}

/// What a fault knows of the run, and remembers.
pub struct View {
    /// The memory that driver and device share.
    pub memory: GuestMemoryMmap,
    /// Status last written.
    pub status: u32,
    /// Features last written, word by word.
    pub accepted: [u32; 4],
    /// Word of features that was selected.
    pub word: usize,
    /// Addresses of the queue's areas: descriptor, driver, device.
    pub areas: [u64; 3],
    /// Size of the queue, as written.
    pub size: u32,
    /// For the fault.
    pub n: u64,
    /// For the fault.
    pub flag: bool,
    /// For the fault.
    pub list: Vec<u64>,
}

impl View {
    fn new(memory: GuestMemoryMmap) -> Self {
        Self {
            memory,
            status: 0,
            accepted: [0; 4],
            word: 0,
            areas: [0; 3],
            size: 0,
            n: 0,
            flag: false,
            list: Vec::new(),
        }
    }

    fn note(&mut self, at: u64, value: u32) {
        let half = |address: &mut u64, high: bool| {
            let shift = if high { 32 } else { 0 };
            *address = *address & !(0xffff_ffff << shift) | u64::from(value) << shift;
        };
        if at >= CONFIG_SPACE {
            return self.note_pci(at, value);
        }
        match Register::at(at) {
            Some(Register::Status) => self.status = value,
            Some(Register::DriverFeaturesSel) => self.word = value as usize % 4,
            Some(Register::DriverFeatures) => self.accepted[self.word] = value,
            Some(Register::QueueSize) => self.size = value,
            Some(Register::QueueDescLow) => half(&mut self.areas[0], false),
            Some(Register::QueueDescHigh) => half(&mut self.areas[0], true),
            Some(Register::QueueDriverLow) => half(&mut self.areas[1], false),
            Some(Register::QueueDriverHigh) => half(&mut self.areas[1], true),
            Some(Register::QueueDeviceLow) => half(&mut self.areas[2], false),
            Some(Register::QueueDeviceHigh) => half(&mut self.areas[2], true),
            _ => {}
        }
    }

    fn note_pci(&mut self, at: u64, value: u32) {
        let Some(field) = at.checked_sub(bar(0)).and_then(Common::at) else { return };
        let shift = 8 * (at - bar(0) - field.offset());
        let part = |old: u64| old & !(0xffff_ffff << shift) | u64::from(value) << shift;
        match field {
            Common::DeviceStatus => self.status = value,
            Common::DriverFeatureSelect => self.word = value as usize % 4,
            Common::DriverFeature => self.accepted[self.word] = value,
            Common::QueueSize => self.size = value,
            Common::QueueDesc => self.areas[0] = part(self.areas[0]),
            Common::QueueDriver => self.areas[1] = part(self.areas[1]),
            Common::QueueDevice => self.areas[2] = part(self.areas[2]),
            _ => {}
        }
    }

    /// 16 bits of memory; 0 where there is none.
    #[must_use]
    pub fn load16(&self, at: u64) -> u16 {
        self.memory.read_obj(GuestAddress(at)).unwrap_or(0)
    }

    /// 32 bits of memory; 0 where there is none.
    #[must_use]
    pub fn load32(&self, at: u64) -> u32 {
        self.memory.read_obj(GuestAddress(at)).unwrap_or(0)
    }

    /// 64 bits of memory; 0 where there is none.
    #[must_use]
    pub fn load64(&self, at: u64) -> u64 {
        self.memory.read_obj(GuestAddress(at)).unwrap_or(0)
    }

    /// Stores bytes, where there is memory.
    pub fn store(&self, at: u64, bytes: &[u8]) {
        // Before the queue is set up there is nothing at its addresses.
        let _ = self.memory.write_slice(bytes, GuestAddress(at));
    }

    /// `idx` of the used ring.
    #[must_use]
    pub fn used_idx(&self) -> u16 {
        self.load16(self.areas[2] + 2)
    }

    /// Whether the used index moved since this was last asked, to a value that is not 0; the value.
    pub fn used(&mut self) -> Option<u16> {
        let idx = self.used_idx();
        let moved = u64::from(idx) != self.n;
        self.n = idx.into();
        (moved && idx != 0).then_some(idx)
    }

    /// Address of the used entry before `idx`.
    #[must_use]
    pub fn entry_before(&self, idx: u16) -> u64 {
        self.areas[2] + 4 + 8 * (u64::from(idx.wrapping_sub(1)) % u64::from(self.size.max(1)))
    }

    /// The descriptors of the chain of the used entry before `idx`, as address, length and flags; an indirect table in place of its
    /// descriptor's follows.
    #[must_use]
    pub fn chain_before(&self, idx: u16) -> Vec<(u64, u32, u16)> {
        let (mut table, mut at, mut list) = (self.areas[0], u64::from(self.load32(self.entry_before(idx))), Vec::new());
        for _ in 0..16 {
            let desc = table + 16 * at;
            let (addr, len, flags) = (self.load64(desc), self.load32(desc + 8), self.load16(desc + 12));
            list.push((addr, len, flags));
            if flags & 4 != 0 {
                (table, at) = (addr, 0);
            } else if flags & 1 != 0 {
                at = self.load16(desc + 14).into();
            } else {
                break;
            }
        }
        list
    }
}

/// An environment whose device has a fault.
pub struct Between<'e, E: Env> {
    inner: &'e E,
    function: Option<Arc<Function>>,
    fault: Fault,
    view: Rc<RefCell<View>>,
}

impl<'e, E: Env> Between<'e, E> {
    /// Stands between `inner` and its users.
    #[must_use]
    pub fn new(inner: &'e E, function: Option<Arc<Function>>, memory: GuestMemoryMmap, fault: Fault) -> Self {
        Self { inner, function, fault, view: Rc::new(RefCell::new(View::new(memory))) }
    }

    /// Interrupts of the device, before the fault has its say.
    fn raised(&self, device: usize) -> u32 {
        self.function.as_ref().map_or_else(|| self.inner.interrupts(device), |f| f.interrupts())
    }

    fn after(&self) {
        (self.fault.after)(&mut self.view.borrow_mut());
    }
}

struct Registers<'a> {
    inner: Box<dyn RawAccess + 'a>,
    /// What the fault sees in front of offsets.
    place: u64,
    fault: Fault,
    view: Rc<RefCell<View>>,
}

// SAFETY: accesses are those of the device behind it; a fault changes what is read, or keeps an access from it, and adds none that
// gives the device memory.
unsafe impl RawAccess for Registers<'_> {
    fn size(&self) -> u64 {
        self.inner.size()
    }

    fn read(&self, offset: u64, width: u8) -> u32 {
        let value = self.inner.read(offset, width);
        let mut view = self.view.borrow_mut();
        (self.fault.after)(&mut view);
        (self.fault.read)(&mut view, &*self.inner, self.place + offset, value)
    }

    unsafe fn write(&self, offset: u64, width: u8, value: u32) {
        let mut view = self.view.borrow_mut();
        let passed = (self.fault.write)(&mut view, &*self.inner, self.place + offset, value);
        view.note(self.place + offset, value);
        if let Some(value) = passed {
            // SAFETY: the caller's promise; faults change no address.
            unsafe { self.inner.write(offset, width, value) };
        }
        (self.fault.after)(&mut view);
    }
}

/// A function with the fault in front of it.
struct Handled<'a> {
    config: Registers<'a>,
    bars: [Option<Registers<'a>>; 6],
}

// SAFETY: configuration space and BARs are those of the one function behind it.
unsafe impl RawFunction for Handled<'_> {
    fn address(&self) -> FunctionAddress {
        FunctionAddress { bus: 0, device: 1, function: 0 }
    }

    fn config(&self) -> &dyn RawAccess {
        &self.config
    }

    fn bar(&self, index: u8) -> Option<&dyn RawAccess> {
        self.bars.get(usize::from(index))?.as_ref().map(|bar| bar as &dyn RawAccess)
    }
}

impl<E: Env> Env for Between<'_, E> {
    type Platform = E::Platform;
    type Window = E::Window;
    type Transport = E::Transport;
    type ProbeError = E::ProbeError;
    type Cpu = E::Cpu;
    type Job<T: Send + 'static> = E::Job<T>;

    fn platform(&self) -> E::Platform {
        self.inner.platform()
    }

    fn devices(&self) -> &[DeviceEntry] {
        self.inner.devices()
    }

    fn transport(&self, device: usize) -> Result<Option<E::Transport>, E::ProbeError> {
        self.inner.transport(device)
    }

    fn window(&self, device: usize) -> E::Window {
        self.inner.window(device)
    }

    fn raw(&self, device: usize) -> RawRegisters<'_> {
        let between = |inner: Box<dyn RawAccess>, place| Registers {
            inner,
            place,
            fault: self.fault,
            view: Rc::clone(&self.view),
        };
        let Some(function) = &self.function else {
            let block = between(Box::new(RawWindow(self.inner.window(device))), 0);
            return RawRegisters::Mmio(RawMmio::new(Box::new(block)));
        };
        RawRegisters::Pci(RawPci::new(Box::new(Handled {
            config: between(Box::new(Arc::clone(function).config()), CONFIG_SPACE),
            bars: [0, 1, 2, 3, 4, 5].map(|i| Some(between(Box::new(Arc::clone(function).bar(i)?), bar(i)))),
        })))
    }

    fn param(&self, index: usize) -> u64 {
        self.inner.param(index)
    }

    fn seed(&self) -> u64 {
        self.inner.seed()
    }

    fn cpus(&self) -> usize {
        self.inner.cpus()
    }

    fn cpu(&self) -> &E::Cpu {
        self.inner.cpu()
    }

    fn run_on<T: Send + 'static>(
        &self,
        cpu: usize,
        job: impl FnOnce(&E::Cpu) -> T + Send + 'static,
    ) -> Result<E::Job<T>, Failure> {
        self.inner.run_on(cpu, job)
    }

    fn join<T: Send + 'static>(&self, job: E::Job<T>) -> Result<T, Failure> {
        self.inner.join(job)
    }

    fn interrupts(&self, device: usize) -> u32 {
        self.after();
        (self.fault.interrupts)(&mut self.view.borrow_mut(), self.raised(device))
    }

    fn vector_interrupts(&self, device: usize, vector: u16) -> u32 {
        self.after();
        self.function.as_ref().map_or_else(|| self.inner.vector_interrupts(device, vector), |f| f.on_vector(vector))
    }

    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool {
        // What the device raises ends the wait; what the probe is to see of it is another matter.
        self.inner.wait_interrupt(device, self.inner.interrupts(device), timeout_ms);
        self.interrupts(device) != seen
    }

    fn first_queue_operation(&self) {
        self.inner.first_queue_operation();
    }

    fn signal(&self, code: u32, argument: u64) -> u64 {
        self.inner.signal(code, argument)
    }

    fn record(&self, name: &str, value: Value) {
        self.inner.record(name, value);
    }

    fn verdict(&self, requirement: RequirementId, violation: Option<(&str, &str)>) {
        self.inner.verdict(requirement, violation);
    }
}
