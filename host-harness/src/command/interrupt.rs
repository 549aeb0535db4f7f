//! Ctrl-C: the first one ends the run in order, the second one at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// A flag that is set by ctrl-C, or by a request to terminate. With `impatient`, a second one ends the process on the spot; not for runs that hold
/// the terminal, which has to be given back first.
///
/// # Errors
/// The handlers could not be installed.
pub(crate) fn flag_on_interrupt(impatient: bool) -> io::Result<Arc<AtomicBool>> {
    let cancelled = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // Registered first, so it acts only when the flag is set already: on the second signal.
        if impatient {
            flag::register_conditional_shutdown(signal, 2, Arc::clone(&cancelled))?;
        }
        flag::register(signal, Arc::clone(&cancelled))?;
    }
    Ok(cancelled)
}
