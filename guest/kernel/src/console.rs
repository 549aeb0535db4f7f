//! Text to the outside: the log ring of the mailbox where there is one, the machine's console where there is none.

use core::fmt::{self, Write};

use log::{Level, LevelFilter, Log, Metadata, Record};
use spin::Mutex;

use crate::arch::outside;
use crate::mailbox::Mailbox;

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

/// The console of the machine, a byte at a time; never fails.
pub(crate) struct DebugPort;

impl Write for DebugPort {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(outside::write_console);
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
