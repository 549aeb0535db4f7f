//! The guest's end of the mailbox ([`parakit_abi::mailbox`]): shared memory, or, where the loader knows of none, memory
//! of the kernel's own, filled from the command line and read aloud on the debug console.

use core::cell::UnsafeCell;
use core::fmt::{self, Write};
use core::ptr::NonNull;
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use parakit_abi::feature::Features;
use parakit_abi::mailbox::{self as layout, DeviceEntry, Record, Value, line};
use spin::Mutex;

use crate::arch::outside;
use crate::console::DebugPort;

/// Memory of the mailbox that is not shared with anybody.
#[repr(align(8))]
struct Own(UnsafeCell<[u8; layout::SIZE]>);

// SAFETY: accessed through `Mailbox` only, by volatile and atomic accesses; without a harness there is one processor.
unsafe impl Sync for Own {}

impl Own {
    fn base(&self) -> NonNull<u8> {
        NonNull::from(&self.0).cast()
    }
}

static OWN: Own = Own(UnsafeCell::new([0; layout::SIZE]));

/// The mailbox in use; null before it is known.
static CURRENT: AtomicPtr<u8> = AtomicPtr::new(core::ptr::null_mut());

/// A mailbox that was found valid. All accesses are volatile or atomic: the other side is another processor.
#[derive(Clone, Copy)]
pub(crate) struct Mailbox {
    base: NonNull<u8>,
}

impl Mailbox {
    /// Takes the mailbox at `address` into use.
    ///
    /// Returns `None` if there is none: the magic or the version is another one.
    ///
    /// # Safety
    /// [`layout::SIZE`] bytes from `address` on are mapped memory that nothing else in the kernel uses.
    pub(crate) unsafe fn open(address: usize) -> Option<Self> {
        let mailbox = Self { base: NonNull::new(address as *mut u8)? };
        let valid = address.is_multiple_of(8)
            && (0x1000..0xffff_0000).contains(&address) // what is mapped
            && mailbox.u64(layout::OFF_MAGIC) == layout::MAGIC
            && mailbox.u32(layout::OFF_VERSION) == layout::VERSION;
        if valid {
            CURRENT.store(mailbox.base.as_ptr(), Ordering::Relaxed);
        }
        valid.then_some(mailbox)
    }

    /// Takes the kernel's own mailbox into use: what is written there is also said on the debug console.
    pub(crate) fn own() -> Self {
        let mailbox = Self { base: OWN.base() };
        mailbox.set_u64(layout::OFF_MAGIC, layout::MAGIC);
        mailbox.set_u32(layout::OFF_VERSION, layout::VERSION);
        CURRENT.store(mailbox.base.as_ptr(), Ordering::Relaxed);
        mailbox
    }

    /// Whether nobody but the kernel sees this mailbox.
    pub(crate) fn is_own(self) -> bool {
        self.base == OWN.base()
    }

    /// The mailbox in use.
    pub(crate) fn current() -> Option<Self> {
        NonNull::new(CURRENT.load(Ordering::Relaxed)).map(|base| Self { base })
    }

    fn at(self, offset: usize, len: usize) -> NonNull<u8> {
        assert!(offset + len <= layout::SIZE, "offset {offset:#x} is outside the mailbox");
        // SAFETY: the mailbox is `SIZE` bytes of mapped memory (`open`), and the offset was checked.
        unsafe { self.base.add(offset) }
    }

    fn atomic(self, offset: usize) -> &'static AtomicU32 {
        // SAFETY: inside the mailbox (`at`), which stays mapped; it is aligned to 8 and the offsets of the layout to
        // their size; everybody accesses these words atomically.
        unsafe { AtomicU32::from_ptr(self.at(offset, 4).cast().as_ptr()) }
    }

    /// Reads 32 bits.
    pub(crate) fn u32(self, offset: usize) -> u32 {
        // Acquire: pairs with the harness's release store after it took the log.
        self.atomic(offset).load(Ordering::Acquire)
    }

    /// Reads 64 bits.
    pub(crate) fn u64(self, offset: usize) -> u64 {
        // SAFETY: inside the mailbox (`at`), and aligned as it is.
        unsafe { self.at(offset, 8).cast::<u64>().read_volatile() }
    }

    /// Writes 32 bits, after everything that was written before.
    pub(crate) fn set_u32(self, offset: usize, value: u32) {
        // Release: pairs with the harness's acquire load of a count or the state, before it reads what they announce.
        self.atomic(offset).store(value, Ordering::Release);
    }

    /// Writes 64 bits.
    pub(crate) fn set_u64(self, offset: usize, value: u64) {
        // SAFETY: as for `u64`; the kernel holds no reference to these words.
        unsafe { self.at(offset, 8).cast::<u64>().write_volatile(value) }
    }

    fn read<const N: usize>(self, offset: usize) -> [u8; N] {
        // SAFETY: as for `u64`; bytes need no alignment.
        unsafe { self.at(offset, N).cast::<[u8; N]>().read_volatile() }
    }

    fn write(self, offset: usize, bytes: &[u8]) {
        let to = self.at(offset, bytes.len());
        for (i, byte) in bytes.iter().enumerate() {
            // SAFETY: `at` checked the whole length; bytes need no alignment.
            unsafe { to.add(i).write_volatile(*byte) };
        }
    }

    /// Name of the scenario as the harness wrote it: bytes up to the first NUL.
    pub(crate) fn scenario(self) -> ([u8; layout::NAME_LEN], usize) {
        let name: [u8; layout::NAME_LEN] = self.read(layout::OFF_SCENARIO);
        let len = name.iter().position(|&b| b == 0).unwrap_or(name.len());
        (name, len)
    }

    /// Devices in the table.
    pub(crate) fn device_count(self) -> usize {
        (self.u32(layout::OFF_DEVICE_COUNT) as usize).min(layout::MAX_DEVICES)
    }

    /// Entry `i` of the device table.
    pub(crate) fn device(self, i: usize) -> DeviceEntry {
        DeviceEntry::from_le_bytes(&self.read(layout::OFF_DEVICES + i * DeviceEntry::SIZE))
    }

    /// Parameter `i`; 0 beyond the last.
    pub(crate) fn param(self, i: usize) -> u64 {
        if i < layout::PARAMS { self.u64(layout::OFF_PARAMS + 8 * i) } else { 0 }
    }

    /// Sets entry `i` of the device table, the last one so far.
    pub(crate) fn set_device(self, i: usize, device: DeviceEntry) {
        self.write(layout::OFF_DEVICES + i * DeviceEntry::SIZE, &device.to_le_bytes());
        self.set_u32(layout::OFF_DEVICE_COUNT, i as u32 + 1);
    }

    /// Sets parameter `i`.
    pub(crate) fn set_param(self, i: usize, value: u64) {
        self.set_u64(layout::OFF_PARAMS + 8 * i, value);
    }

    /// Sets the name of the scenario, cut at [`layout::NAME_LEN`] bytes.
    pub(crate) fn set_scenario(self, name: &str) {
        self.write(layout::OFF_SCENARIO, &name.as_bytes()[..name.len().min(layout::NAME_LEN)]);
    }

    /// Appends a record; says whether there was room.
    pub(crate) fn record(self, record: &Record) -> bool {
        let count = self.u32(layout::OFF_RECORD_COUNT) as usize;
        if count >= layout::MAX_RECORDS {
            return false;
        }
        if self.is_own() {
            say_record(record);
        }
        self.write(layout::OFF_RECORDS + count * Record::SIZE, &record.to_le_bytes());
        self.set_u32(layout::OFF_RECORD_COUNT, count as u32 + 1);
        true
    }

    /// Appends to the log; one processor at a time (`Console`). Has the harness take the log when the ring is full; one that does not loses the oldest text.
    pub(crate) fn write_log(self, bytes: &[u8]) {
        for piece in bytes.chunks(layout::LOG_SIZE / 2) {
            let mut written = self.u32(layout::OFF_LOG_WRITTEN);
            let waiting = written.wrapping_sub(self.u32(layout::OFF_LOG_TAKEN)) as usize;
            if waiting + piece.len() > layout::LOG_SIZE {
                self.signal(layout::signal::TAKE_LOG, 0);
            }
            for byte in piece {
                self.write(layout::OFF_LOG + written as usize % layout::LOG_SIZE, &[*byte]);
                written = written.wrapping_add(1);
            }
            self.set_u32(layout::OFF_LOG_WRITTEN, written);
        }
    }

    /// Stores the message, cut at [`layout::MESSAGE_MAX`] bytes and at a character.
    pub(crate) fn set_message(self, text: &str) {
        let mut end = text.len().min(layout::MESSAGE_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.write(layout::OFF_MESSAGE, &text.as_bytes()[..end]);
        self.set_u32(layout::OFF_MESSAGE_LEN, end as u32);
    }

    /// Stores the evidence of probes, cut at [`layout::EVIDENCE_MAX`] bytes.
    pub(crate) fn set_evidence(self, text: &str) {
        if self.is_own() {
            text.lines().for_each(|one| say(line::EVIDENCE, format_args!("{one}")));
        }
        let bytes = &text.as_bytes()[..text.len().min(layout::EVIDENCE_MAX)];
        self.write(layout::OFF_EVIDENCE, bytes);
        self.set_u32(layout::OFF_EVIDENCE_LEN, bytes.len() as u32);
    }

    /// Says what the driver of a device and the device agreed on, where nobody else sees it.
    pub(crate) fn agreed(self, device_type: u32, features: Features) {
        if self.is_own() {
            say(line::AGREED, format_args!("{device_type:x} {:x}", features.0));
        }
    }

    /// Says that the scenario begins.
    pub(crate) fn running(self, name: &str) {
        if self.is_own() {
            say(line::RUNNING, format_args!("{name}"));
        }
        self.set_u32(layout::OFF_STATE, layout::state::RUNNING);
    }

    /// Signals the harness, and returns its answer once it has acted; 0 where it shares no mailbox, and acts when it likes.
    pub(crate) fn signal(self, code: u32, argument: u64) -> u64 {
        /// Argument and answer have one place for all processors.
        static SIGNALLING: Mutex<()> = Mutex::new(());
        let _one = SIGNALLING.lock();
        if self.is_own() {
            say(line::SIGNAL, format_args!("{code} {argument}"));
            return 0;
        }
        self.set_u64(layout::SIGNAL_ARG, argument);
        outside::signal(code);
        self.u64(layout::SIGNAL_ANSWER)
    }
}

/// Says a line on the debug console.
fn say(word: &str, rest: fmt::Arguments<'_>) {
    // The port cannot fail.
    let _ = writeln!(DebugPort, "{}{word} {rest}", line::PREFIX);
}

/// Says a record on the debug console.
fn say_record(record: &Record) {
    let name = record.name();
    match record.value {
        Value::U64(value) => say(line::RECORD, format_args!("{name} {value}")),
        Value::Verdict { passed, violated } => say(line::RECORD, format_args!("{name} {passed}/{violated}")),
        Value::Bytes(bytes) => {
            let digits = fmt::from_fn(|f| bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")));
            say(line::RECORD, format_args!("{name} {digits}"));
        }
    }
}
