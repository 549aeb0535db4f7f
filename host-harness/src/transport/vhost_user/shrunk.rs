//! Guest memory that a front end takes back while the harness works on it.
//!
//! A shared file can be made shorter by whoever shares it, and an access behind its new end is a SIGBUS, on whatever thread makes it. The thread
//! cannot go on, so it stops for good, and the run ends without it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use vm_memory::{GuestMemoryBackend, GuestMemoryMmap, GuestMemoryRegion};
use vmm_sys_util::signal::register_signal_handler;

/// Most mappings that are known; those of later ones are guarded by nothing but the checks at their beginning.
const MOST: usize = 256;

/// Begin and end of a mapping. A handler of signals may not take a lock.
static MAPPED: [[AtomicUsize; 2]; MOST] = [const { [const { AtomicUsize::new(0) }; 2] }; MOST];
static NEXT: AtomicUsize = AtomicUsize::new(0);
static SHRUNK: AtomicBool = AtomicBool::new(false);

/// Whether memory that was shared is gone.
pub(super) fn happened() -> bool {
    SHRUNK.load(Ordering::Acquire)
}

/// Has accesses behind the end of these files end the run instead of the process.
pub(super) fn watch(memory: &GuestMemoryMmap) {
    static HANDLER: OnceLock<bool> = OnceLock::new();
    let installed = HANDLER.get_or_init(|| register_signal_handler(libc::SIGBUS, bus_error).is_ok());
    if !*installed {
        log::warn!("SIGBUS cannot be handled: a front end that takes memory back would end the harness");
    }
    for region in memory.iter() {
        let begin = region.as_ptr() as usize;
        let [from, to] = &MAPPED[NEXT.fetch_add(1, Ordering::Relaxed) % MOST];
        // An old range may stand there for a moment with a new end: both were mapped by us.
        from.store(begin, Ordering::Release);
        to.store(begin.saturating_add(region.len() as usize), Ordering::Release);
    }
}

extern "C" fn bus_error(_signal: libc::c_int, info: *mut libc::siginfo_t, _context: *mut libc::c_void) {
    // SAFETY: the kernel gives a handler with SA_SIGINFO a valid `siginfo_t`, and that of a SIGBUS has an address.
    let address = unsafe { (*info).si_addr() } as usize;
    let ours =
        |[from, to]: &[AtomicUsize; 2]| (from.load(Ordering::Acquire)..to.load(Ordering::Acquire)).contains(&address);
    if !MAPPED.iter().any(ours) {
        // SAFETY: both may be called by a signal handler. Not ours: the signal has its own effect when the access is made again.
        unsafe {
            libc::signal(libc::SIGBUS, libc::SIG_DFL);
        }
        return;
    }
    SHRUNK.store(true, Ordering::Release);
    loop {
        let pause = libc::timespec { tv_sec: 3600, tv_nsec: 0 };
        // SAFETY: the call reads `pause` alone, and may be made by a signal handler.
        unsafe { libc::nanosleep(&raw const pause, std::ptr::null_mut()) };
    }
}
