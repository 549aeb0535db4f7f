//! How a run ends: finished, panicked, or with an exception.

use core::fmt::{self, Write};
use core::hint::spin_loop;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicUsize, Ordering};

use parakit_abi::boot::exit;
use parakit_abi::mailbox::{MESSAGE_MAX, OFF_STATE, line, state};

use crate::arch::{Registers, cpu, outside};
use crate::console::DebugPort;
use crate::mailbox::Mailbox;

/// Text of bounded length, built without the heap: the heap may be what is broken.
struct Text {
    bytes: [u8; MESSAGE_MAX],
    len: usize,
}

impl Text {
    const fn new() -> Self {
        Self { bytes: [0; MESSAGE_MAX], len: 0 }
    }

    fn as_str(&self) -> &str {
        match core::str::from_utf8(&self.bytes[..self.len]) {
            Ok(text) => text,
            // Only the last character can have been cut.
            Err(error) => core::str::from_utf8(&self.bytes[..error.valid_up_to()]).unwrap_or(""),
        }
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let n = text.len().min(self.bytes.len() - self.len);
        self.bytes[self.len..self.len + n].copy_from_slice(&text.as_bytes()[..n]);
        self.len += n;
        Ok(())
    }
}

/// Reports `state` and why, and ends the run.
fn report(new_state: u32, code: u8, why: fmt::Arguments<'_>) -> ! {
    // Another processor's end may be on its way to the harness: the first one counts, and this one goes no further.
    static ENDING: AtomicUsize = AtomicUsize::new(0);
    let me = cpu::index() + 1;
    match ENDING.compare_exchange(0, me, Ordering::Relaxed, Ordering::Relaxed) {
        Err(first) if first != me => loop {
            spin_loop();
        },
        // A panic in the middle of a report has the last word.
        _ => {}
    }
    let mut text = Text::new();
    // `Text` cuts instead of failing; what a `Display` of others says about itself changes nothing here.
    let _ = text.write_fmt(why);
    match Mailbox::current() {
        Some(mailbox) if !mailbox.is_own() => {
            mailbox.set_message(text.as_str());
            mailbox.set_u32(OFF_STATE, new_state);
        }
        _ => {
            let outcome = line::outcome(new_state).unwrap_or("ended");
            let colon = if text.len == 0 { "" } else { ": " };
            // The port cannot fail.
            let _ = writeln!(DebugPort, "{}{outcome}{colon}{}", line::PREFIX, text.as_str());
        }
    }
    outside::end(code)
}

/// The scenario passed.
pub(crate) fn passed() -> ! {
    report(state::PASSED, exit::DONE, format_args!(""))
}

/// The scenario failed.
pub(crate) fn failed(why: fmt::Arguments<'_>) -> ! {
    report(state::FAILED, exit::DONE, why)
}

/// There is no such scenario.
pub(crate) fn unknown_scenario(name: &str) -> ! {
    report(state::UNKNOWN_SCENARIO, exit::DONE, format_args!("the guest kernel knows no scenario \"{name}\""))
}

/// The kernel took an exception.
pub(crate) fn exception(why: fmt::Arguments<'_>) -> ! {
    report(state::EXCEPTION, exit::EXCEPTION, why)
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let registers = Registers::here();
    let what = info.message();
    let cpu = fmt::from_fn(|f| match cpu::index() {
        0 => Ok(()),
        index => write!(f, " on CPU {index}"),
    });
    match info.location() {
        Some(at) => report(
            state::PANICKED,
            exit::PANIC,
            format_args!("{what} at {}:{}:{}{cpu}\n{registers}", at.file(), at.line(), at.column()),
        ),
        None => report(state::PANICKED, exit::PANIC, format_args!("{what}{cpu}\n{registers}")),
    }
}
