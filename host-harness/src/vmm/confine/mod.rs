//! The threads that do what a guest says, shut in: a seccomp filter for those of vCPUs, another one for those of devices.
//!
//! Kernels are by strangers. Should one of them find a way to have such a thread do as it likes, there is little that it can ask of the
//! host: to go on with what is open already. No file is opened, no socket made, no program started, no memory made executable, no other
//! process touched; no thread is begun. So disks, KVM and eventfds are opened before the guest's first instruction.
//!
//! A system call that is not on the list does nothing and fails with `EPERM`, which is an ordinary error to the code that made it; and
//! it is noted, and ends the run with that as the reason. It does not kill the process, which has other runs to do: a guest costs its own run only.
//! (So the filter traps, and the handler of `SIGSYS` answers. It belongs to the process; a trap in a thread that was not
//! confined here has the effect that it would have without us.)
//!
//! The thread that supervises a run is not confined: it obeys the clock and the user, starts the next run, and writes reports.

mod rules;

use std::cell::Cell;
use std::ffi::CStr;
use std::fmt;
use std::io;
use std::sync::OnceLock;

use seccompiler::{BpfProgram, apply_filter};
use vmm_sys_util::signal::register_signal_handler;

/// What a thread is for, and so what it may ask of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It enters the guest, and answers register accesses.
    Vcpu,
    /// It works on a device's queues.
    Device,
}

/// Why a thread is not confined although it should be.
#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    /// The filter itself.
    #[error("a seccomp filter could not be made ({0}); report this, with the version of the harness")]
    Filter(String),
    /// The kernel refused it.
    #[error(
        "a seccomp filter could not be installed ({0}); allow seccomp() in the container or sandbox around the harness"
    )]
    Install(String),
}

/// A system call that a confined thread was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its number.
    pub call: i64,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match rules::name(self.call) {
            Some(name) => write!(f, "it was refused the system call {name}"),
            None => write!(f, "it was refused system call {}", self.call),
        }
    }
}

thread_local! {
    /// Whether this thread has a filter of ours.
    static CONFINED: Cell<bool> = const { Cell::new(false) };
    /// The first call that it was refused, plus one; 0: none.
    static REFUSED: Cell<i64> = const { Cell::new(0) };
}

/// Whether this kernel can confine threads; `Err` says in a sentence that it cannot, and what to do.
///
/// # Errors
/// It was built without seccomp filters, or something around the harness keeps them from it.
pub fn available() -> Result<(), String> {
    let trap: u32 = libc::SECCOMP_RET_TRAP;
    // SAFETY: the call reads the 32 bits of `trap` and changes nothing.
    let answer = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0, &raw const trap) };
    if answer == 0 {
        return Ok(());
    }
    Err(format!(
        "this host has no seccomp filters ({}), so that the threads that run guests are not confined; run kernels that you do not trust elsewhere",
        io::Error::last_os_error()
    ))
}

/// Confines the calling thread for good. Where the kernel cannot, the thread goes on as it is: [`available`] is for whoever has to
/// tell the user.
///
/// # Errors
/// The kernel could, and did not.
pub(crate) fn confine(role: Role) -> Result<(), ConfineError> {
    if available().is_err() {
        return Ok(());
    }
    install_handler()?;
    let programs = programs(role)?;
    unblock()?;
    CONFINED.set(true);
    programs.iter().try_for_each(|program| apply_filter(program)).map_err(|e| ConfineError::Install(e.to_string()))
}

/// The first system call that the calling thread was refused, if there was one.
pub(crate) fn refused() -> Option<Refusal> {
    let call = REFUSED.get().checked_sub(1).filter(|call| *call >= 0)?;
    Some(Refusal { call })
}

/// The filters of a role, made once. The one that traps comes last, since it does not let another one be installed.
fn programs(role: Role) -> Result<&'static [BpfProgram; 2], ConfineError> {
    static PROGRAMS: [OnceLock<Result<[BpfProgram; 2], String>>; 2] = [const { OnceLock::new() }; 2];
    let make = || Ok([rules::failing()?, rules::trapping(role)?]);
    let made = PROGRAMS[role as usize].get_or_init(|| make().map_err(|e: seccompiler::Error| e.to_string()));
    made.as_ref().map_err(|e| ConfineError::Filter(e.clone()))
}

fn install_handler() -> Result<(), ConfineError> {
    static INSTALLED: OnceLock<Result<(), String>> = OnceLock::new();
    let installed = INSTALLED.get_or_init(|| register_signal_handler(libc::SIGSYS, refuse).map_err(|e| e.to_string()));
    installed.clone().map_err(ConfineError::Install)
}

/// A blocked signal that is due to a trap would end the process.
fn unblock() -> Result<(), ConfineError> {
    // SAFETY: all zeroes is a value of this plain type; the calls write and read it, and change the calling thread's mask alone.
    let error = unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGSYS);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut())
    };
    if error == 0 { Ok(()) } else { Err(ConfineError::Install(io::Error::from_raw_os_error(error).to_string())) }
}

/// Answers a system call that was trapped, on the thread that made it.
extern "C" fn refuse(_signal: libc::c_int, _info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    if !CONFINED.get() {
        // SAFETY: both may be called by a signal handler. Nothing of ours was trapped: the signal has its own effect when it comes again.
        unsafe {
            libc::signal(libc::SIGSYS, libc::SIG_DFL);
            libc::raise(libc::SIGSYS);
        }
        return;
    }
    let context = context.cast::<libc::ucontext_t>();
    // SAFETY: the kernel gives a handler with SA_SIGINFO the context of its own thread, which nothing else accesses meanwhile.
    let registers = unsafe { &mut (*context).uc_mcontext.gregs };
    // After a trap this register has the number of the call, and what is written there is what the call returns.
    let call = std::mem::replace(&mut registers[libc::REG_RAX as usize], -i64::from(libc::EPERM));
    if REFUSED.get() == 0 && !is_of_allocator(call, registers[libc::REG_RSI as usize]) {
        REFUSED.set(call.saturating_add(1));
    }
}

/// What glibc's allocator reads when it gives memory back for the first time; it can do without.
const OF_ALLOCATOR: &CStr = c"/proc/sys/vm/overcommit_memory";

/// Whether the call opens [`OF_ALLOCATOR`]; `argument` is its second one. That is nobody's fault, and not noted.
fn is_of_allocator(call: i64, argument: i64) -> bool {
    let path = argument as usize as *const libc::c_char;
    if call != libc::SYS_openat || path.is_null() {
        return false;
    }
    // SAFETY: code of this process gave the kernel this pointer as that of a string that ends with a NUL, and waits for the answer; what is
    // read ends with the first byte that differs.
    unsafe { libc::strcmp(path, OF_ALLOCATOR.as_ptr()) == 0 }
}
