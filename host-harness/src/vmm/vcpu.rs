//! A vCPU's thread: enters the guest, answers its exits, and can be called back at any time.

use std::io;
use std::os::fd::AsRawFd;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread::JoinHandle;

use kvm_bindings::kvm_run;
use kvm_ioctls::{VcpuExit, VcpuFd};
use parakit_abi::boot::{PORT_DEBUG, PORT_EXIT, PORT_SIGNAL};
use vm_memory::{Bytes, GuestAddress};
use vmm_sys_util::signal::{Killable, SIGRTMIN, register_signal_handler};

use super::GuestMemory;
use super::bus::Bus;
use super::confine::{self, Role};
use super::error::KvmError;
use super::fault::InternalError;
use super::outcome::{ExitCounter, ExitKind};
use super::pc::{Pc, PcEnd, Written};
use super::registers::Registers;

/// Most bytes from the debug console that wait to be taken.
const DEBUG_WAITING: usize = 1 << 20;

/// What a vCPU's thread tells its supervisor.
pub(super) enum Message {
    /// The guest sent this signal and waits for the reply.
    Signal(u32),
    /// The thread is at its end; without a reason if it panicked, in a device's code.
    Ended(Option<Box<RawEnd>>),
}

/// Why a vCPU stopped, before the mailbox was looked at.
pub(super) enum RawEnd {
    /// The guest wrote this to the exit port.
    ExitPort(u32),
    /// The guest ended its machine, which is a PC.
    Pc(PcEnd),
    /// KVM_EXIT_SHUTDOWN.
    Shutdown(Option<Registers>),
    /// KVM_EXIT_INTERNAL_ERROR.
    Internal(InternalError),
    /// KVM_EXIT_FAIL_ENTRY.
    FailEntry { reason: u64, cpu: u32, registers: Option<Registers> },
    /// It was told to stop.
    Stopped(Option<Registers>),
    /// The thread could not go on, which is no business of the guest's.
    Fault(String),
    /// Anything else.
    Other { what: String, registers: Option<Registers> },
}

/// What a vCPU's thread works with.
pub(super) struct VcpuParts {
    /// Its number.
    pub(super) index: u16,
    pub(super) vcpu: VcpuFd,
    pub(super) run_size: usize,
    /// Kept for as long as the vCPU can run. The virtual machine itself lives as long as the vCPU's descriptor.
    pub(super) memory: GuestMemory,
    pub(super) bus: Arc<Bus>,
    /// What a foreign kernel finds behind ports, in place of the ports of Parakit's own.
    pub(super) pc: Option<Arc<Pc>>,
    pub(super) exits: ExitCounter,
}

/// Bytes written to the debug console and not taken yet.
pub(super) type Debug = Arc<Mutex<Vec<u8>>>;

/// A running vCPU.
pub(super) struct VcpuThread {
    /// Replies to signals.
    pub(super) replies: Sender<u64>,
    stop: Arc<AtomicBool>,
    page: RunPage,
    /// `None` once it was joined.
    thread: Option<JoinHandle<()>>,
}

/// Tells the supervisor that the thread is at its end, also when that is a panic.
struct Farewell {
    index: u16,
    messages: Sender<(u16, Message)>,
    end: Option<Box<RawEnd>>,
}

impl Drop for Farewell {
    fn drop(&mut self) {
        // Nobody listens any more only if the supervisor gave up on this thread.
        let _ = self.messages.send((self.index, Message::Ended(self.end.take())));
    }
}

impl VcpuThread {
    /// Starts the thread; it enters the guest at once, and says on `messages` what it has to say.
    pub(super) fn spawn(parts: VcpuParts, messages: Sender<(u16, Message)>, debug: Debug) -> Result<Self, KvmError> {
        install_kick_handler()?;
        let page = RunPage::map(&parts.vcpu, parts.run_size)?;
        let (replies, from_supervisor) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let stop_in = stop.clone();
        let index = parts.index;
        let run = move || {
            let mut farewell = Farewell { index, messages: messages.clone(), end: None };
            if let Err(error) = confine::confine(Role::Vcpu) {
                farewell.end = Some(Box::new(RawEnd::Fault(error.to_string())));
                return;
            }
            let mut runner = Runner { parts, messages, replies: from_supervisor, debug, stop: stop_in };
            farewell.end = Some(Box::new(runner.run()));
        };
        let thread = std::thread::Builder::new()
            .name(format!("vcpu{index}"))
            .spawn(run)
            .map_err(KvmError::operation("get a thread for the vCPU"))?;
        Ok(Self { replies, stop, page, thread: Some(thread) })
    }

    /// Tells the thread to stop, out of the guest too. May have to be repeated: a signal that arrives elsewhere is spent.
    pub(super) fn kick(&self) {
        // Before the byte below, in one order for all: a vCPU thread whose KVM_RUN returns because of the byte finds this set.
        self.stop.store(true, Ordering::SeqCst);
        // Set for good: if the signal comes before KVM_RUN is entered, KVM_RUN then returns at once.
        self.page.immediate_exit();
        if let Some(thread) = &self.thread {
            // Not joined, so that the thread id is still its own. A thread that is at its end needs no signal.
            let _ = thread.kill(kick_signal());
        }
    }

    /// Waits for the end of the thread; if it panicked, what it said.
    pub(super) fn join(&mut self) -> Result<(), String> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        thread.join().map_err(|panic| {
            let text =
                panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            text.unwrap_or("no message").to_string()
        })
    }
}

impl Drop for VcpuThread {
    /// If nobody waits for the thread any more (a hook panicked, or it did not stop in time), it is not to run the guest for ever.
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.kick();
        }
    }
}

/// A second view of the state that KVM shares with the vCPU's thread, to set one byte of it from another thread.
struct RunPage {
    address: NonNull<kvm_run>,
    size: usize,
}

impl RunPage {
    fn map(vcpu: &VcpuFd, size: usize) -> Result<Self, KvmError> {
        // SAFETY: a new shared mapping at an address of the system's choice; it replaces nothing.
        let address = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                vcpu.as_raw_fd(),
                0,
            )
        };
        let failed = KvmError::operation("map the vCPU's state");
        if address == libc::MAP_FAILED || size < size_of::<kvm_run>() {
            return Err(failed(io::Error::last_os_error()));
        }
        match NonNull::new(address.cast()) {
            Some(address) => Ok(Self { address, size }),
            None => Err(failed(io::Error::from(io::ErrorKind::OutOfMemory))),
        }
    }

    fn immediate_exit(&self) {
        // SAFETY: the mapping holds a kvm_run and lives as long as `self`; the byte is only ever accessed atomically through this view,
        // and KVM reads it as a single byte.
        let byte = unsafe { AtomicU8::from_ptr(&raw mut (*self.address.as_ptr()).immediate_exit) };
        // After `stop`; the partner is KVM's read of the byte on the way into the guest, and the thread's load of `stop` after it.
        byte.store(1, Ordering::SeqCst);
    }
}

impl Drop for RunPage {
    fn drop(&mut self) {
        // SAFETY: mapped by `map` with this size, and nobody else has the address.
        unsafe { libc::munmap(self.address.as_ptr().cast(), self.size) };
    }
}

fn kick_signal() -> libc::c_int {
    SIGRTMIN()
}

/// A handler that does nothing: the signal has to interrupt KVM_RUN, and must not end the process.
fn install_kick_handler() -> Result<(), KvmError> {
    extern "C" fn nothing(_: libc::c_int, _: *mut libc::siginfo_t, _: *mut libc::c_void) {}
    static ONCE: Once = Once::new();
    let mut result = Ok(());
    ONCE.call_once(|| result = register_signal_handler(kick_signal(), nothing));
    result.map_err(KvmError::operation("be given a signal to end a guest with"))
}

struct Runner {
    parts: VcpuParts,
    messages: Sender<(u16, Message)>,
    replies: Receiver<u64>,
    debug: Debug,
    stop: Arc<AtomicBool>,
}

/// What to do after an exit.
enum Step {
    Continue,
    Signal(u32),
    ExitPort(u32),
    Pc(PcEnd),
    Shutdown,
    Internal,
    FailEntry { reason: u64, cpu: u32 },
    Other(String),
}

impl Runner {
    fn run(&mut self) -> RawEnd {
        // The partner is `kick`, which stores this before it makes KVM_RUN return.
        while !self.stop.load(Ordering::SeqCst) {
            match self.step() {
                Step::Continue => {}
                Step::Signal(code) => {
                    // If the supervisor is gone, so is the reason to go on.
                    let message = (self.parts.index, Message::Signal(code));
                    if self.messages.send(message).is_err() || self.replies.recv().is_err() {
                        break;
                    }
                }
                Step::ExitPort(code) => return RawEnd::ExitPort(code),
                Step::Pc(end) => return RawEnd::Pc(end),
                Step::Shutdown => return RawEnd::Shutdown(self.registers()),
                Step::Internal => return RawEnd::Internal(self.internal_error()),
                Step::FailEntry { reason, cpu } => {
                    return RawEnd::FailEntry { reason, cpu, registers: self.registers() };
                }
                Step::Other(what) => return RawEnd::Other { what, registers: self.registers() },
            }
            if let Some(refusal) = confine::refused() {
                return RawEnd::Fault(format!("the thread of vCPU {} was stopped: {refusal}", self.parts.index));
            }
        }
        RawEnd::Stopped(self.registers())
    }

    /// One entry into the guest and the exit that follows.
    fn step(&mut self) -> Step {
        let VcpuParts { vcpu, bus, pc, exits, .. } = &mut self.parts;
        let exit = match vcpu.run() {
            Ok(exit) => exit,
            Err(e) if matches!(e.errno(), libc::EINTR | libc::EAGAIN) => {
                exits.count(ExitKind::Interrupted);
                return Step::Continue;
            }
            Err(e) => return Step::Other(format!("KVM_RUN failed: {e}")),
        };
        match exit {
            VcpuExit::MmioRead(address, data) => {
                exits.count(if bus.read(address, data) { ExitKind::MmioRead } else { ExitKind::Unclaimed });
            }
            VcpuExit::MmioWrite(address, data) => {
                exits.count(if bus.write(address, data) { ExitKind::MmioWrite } else { ExitKind::Unclaimed });
            }
            VcpuExit::IoOut(port, data) if let Some(pc) = pc => {
                exits.count(if port == PORT_DEBUG { ExitKind::Debug } else { ExitKind::Io });
                match pc.write(port, data) {
                    Written::End(end) => return Step::Pc(end),
                    Written::Taken => {}
                    Written::Nobody => drop(bus.port_write(port, data)),
                }
            }
            VcpuExit::IoIn(port, data) if let Some(pc) = pc => {
                exits.count(ExitKind::Io);
                if !pc.read(port, data) && !bus.port_read(port, data) {
                    data.fill(0xff);
                }
            }
            VcpuExit::IoOut(PORT_DEBUG, data) => {
                exits.count(ExitKind::Debug);
                let mut waiting = self.debug.lock().unwrap_or_else(PoisonError::into_inner);
                if waiting.len() + data.len() <= DEBUG_WAITING {
                    waiting.extend_from_slice(data);
                }
            }
            VcpuExit::IoOut(PORT_EXIT, data) => {
                exits.count(ExitKind::Io);
                return Step::ExitPort(port_value(data));
            }
            VcpuExit::IoOut(PORT_SIGNAL, data) => {
                exits.count(ExitKind::Signal);
                return Step::Signal(port_value(data));
            }
            VcpuExit::IoOut(port, data) => {
                exits.count(ExitKind::Io);
                bus.port_write(port, data);
            }
            VcpuExit::IoIn(port, data) => {
                exits.count(ExitKind::Io);
                if bus.port_read(port, data) {
                    return Step::Continue;
                }
                // The debug console answers with its own number, as elsewhere; other ports are empty.
                data.fill(if port == PORT_DEBUG { PORT_DEBUG as u8 } else { 0xff });
            }
            VcpuExit::Hlt => exits.count(ExitKind::Hlt),
            VcpuExit::Intr => exits.count(ExitKind::Interrupted),
            VcpuExit::IrqWindowOpen | VcpuExit::SetTpr | VcpuExit::TprAccess | VcpuExit::IoapicEoi(_) => {
                exits.count(ExitKind::Other)
            }
            VcpuExit::Shutdown => return Step::Shutdown,
            VcpuExit::InternalError => return Step::Internal,
            VcpuExit::FailEntry(reason, cpu) => return Step::FailEntry { reason, cpu },
            VcpuExit::SystemEvent(kind, _) => return Step::Other(format!("system event {kind}")),
            VcpuExit::MemoryFault { gpa, size, .. } => {
                return Step::Other(format!("memory fault at {gpa:#x}, {size} bytes"));
            }
            VcpuExit::Unsupported(reason) => return Step::Other(format!("exit reason {reason}")),
            other => return Step::Other(format!("{other:?}")),
        }
        Step::Continue
    }

    fn registers(&self) -> Option<Registers> {
        let vcpu = &self.parts.vcpu;
        Some(Registers::new(self.parts.index, &vcpu.get_regs().ok()?, &vcpu.get_sregs().ok()?))
    }

    fn internal_error(&mut self) -> InternalError {
        let registers = self.registers();
        let run = self.parts.vcpu.get_kvm_run();
        // SAFETY: the exit was KVM_EXIT_INTERNAL_ERROR, for which KVM fills this member; all its bits are valid integers.
        let internal = unsafe { run.__bindgen_anon_1.internal };
        let count = (internal.ndata as usize).min(internal.data.len());
        let mut error = InternalError::new(internal.suberror, &internal.data[..count]);
        if error.instruction.is_empty() {
            error.instruction = registers.as_ref().map_or_else(Vec::new, |r| self.code_at(r.rip));
        }
        InternalError { registers, ..error }
    }

    /// Up to 15 bytes of code, to the end of the page.
    fn code_at(&self, rip: u64) -> Vec<u8> {
        let mut code = vec![0; usize::try_from(4096 - rip % 4096).map_or(15, |rest| rest.min(15))];
        let physical = self.parts.vcpu.translate_gva(rip).ok().filter(|t| t.valid != 0).map(|t| t.physical_address);
        match physical.map(|p| self.parts.memory.read_slice(&mut code, GuestAddress(p))) {
            Some(Ok(())) => code,
            _ => Vec::new(),
        }
    }
}

/// The first value of a port write, however wide.
fn port_value(data: &[u8]) -> u32 {
    let mut bytes = [0; 4];
    for (to, from) in bytes.iter_mut().zip(data) {
        *to = *from;
    }
    u32::from_le_bytes(bytes)
}
