//! Text to the outside: the log ring of the mailbox where there is one, the debug port where there is none.

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicBool, Ordering};

use log::{Level, LevelFilter, Log, Metadata, Record};
use parakit::transport::pci::Ports as _;
use parakit_abi::boot::PORT_DEBUG;
use spin::Mutex;

use crate::mailbox::Mailbox;
use crate::port::{self, Ports};

/// Writes text at once; never fails.
pub(crate) struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match Mailbox::current() {
            Some(mailbox) if !mailbox.is_own() => mailbox.write_log(text.as_bytes()),
            _ => DebugPort.write_str(text)?,
        }
        Ok(())
    }
}

/// The first serial port: data, and the line's status with the bit that says that there is room.
const SERIAL: u16 = 0x3f8;
const SERIAL_STATUS: u16 = SERIAL + 5;
const SERIAL_ROOM: u8 = 1 << 5;
/// Looks at the status before a byte is written all the same: where there is no serial port, nobody misses it.
const SERIAL_LOOKS: u32 = 10_000;

/// Lines go to the serial port.
static ON_SERIAL: AtomicBool = AtomicBool::new(false);

/// Chooses where lines go, by its name on the command line.
pub(crate) fn choose(name: Option<&str>) {
    // Relaxed: nothing was written before, and there is one processor.
    ON_SERIAL.store(name == Some("serial"), Ordering::Relaxed);
}

/// The debug port, or the serial port in its place, a byte at a time; never fails.
pub(crate) struct DebugPort;

impl Write for DebugPort {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let serial = ON_SERIAL.load(Ordering::Relaxed);
        for byte in text.bytes() {
            if serial {
                let room = || Ports.read8(SERIAL_STATUS) & SERIAL_ROOM != 0;
                let _waited = (0..SERIAL_LOOKS).any(|_| room());
                port::write_byte(SERIAL, byte);
            } else {
                port::write_byte(PORT_DEBUG, byte);
            }
        }
        Ok(())
    }
}

struct KernelLog;

impl Log for KernelLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Info
    }

    fn log(&self, record: &Record<'_>) {
        /// The log has one end, and a line is written in pieces.
        static LINE: Mutex<()> = Mutex::new(());
        if self.enabled(record.metadata()) {
            let _one = LINE.lock();
            // `Console` cannot fail; an argument whose `Display` does has had its say.
            let _ = writeln!(Console, "{:5} {}: {}", record.level(), record.target(), record.args());
        }
    }

    fn flush(&self) {}
}

/// Makes the macros of `log` write to the console.
pub(crate) fn start() {
    static LOG: KernelLog = KernelLog;
    // The only error is that there is a logger already, and then logging works.
    if log::set_logger(&LOG).is_ok() {
        log::set_max_level(LevelFilter::Info);
    }
}
