//! INTx: level-triggered lines, of which several may share a pin of the I/O APIC.
//!
//! A pin is asserted through an eventfd. KVM lets go of it when the guest ends the interrupt, and says so; if a line is still asserted
//! then, the pin is asserted again, a little later. To leave the pin asserted in between would be simpler, and right too; but where KVM
//! ends interrupts on the guest's behalf, the guest would then be interrupted without end before its first instruction.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use kvm_ioctls::VmFd;
use vmm_sys_util::eventfd::{EFD_CLOEXEC, EFD_NONBLOCK, EventFd};

use super::retry;
use crate::transport::IntxLine;
use crate::vmm::confine::{Role, confine};

/// The first pin of those that PCI functions have: above the ones that a PC uses for other things.
const FIRST: u8 = 16;
/// How many pins they share.
pub(super) const SHARED: usize = 8;
/// Between the end of an interrupt and the next one of a line that is still asserted: a driver that is slower than this is interrupted in
/// vain, which costs it time, and so it gets some.
const AGAIN: Duration = Duration::from_micros(200);

/// The global system interrupt of the line of PCI function `i` of Parakit's own kernel.
pub(super) fn own_gsi(i: usize) -> u8 {
    FIRST + (i % SHARED) as u8
}

/// A pin that functions share.
pub(super) fn pin(vm: &Arc<VmFd>, gsi: u32) -> Arc<Pin> {
    Arc::new(Pin { vm: Arc::clone(vm), gsi, state: Mutex::new((0, Wire::Unused)) })
}

/// A pin, asserted while any of its lines is.
pub(super) struct Pin {
    vm: Arc<VmFd>,
    gsi: u32,
    /// Lines that assert it, and how.
    state: Mutex<(u32, Wire)>,
}

/// How a pin is asserted.
enum Wire {
    /// It has no line yet.
    Unused,
    /// As the module says.
    Resampled(Resampled),
    /// By an ioctl for each change, where the other could not be had.
    Direct,
}

impl Pin {
    fn lock(&self) -> MutexGuard<'_, (u32, Wire)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gets ready to be asserted, for which confined threads may not ask.
    fn prepare(self: &Arc<Self>) {
        let (_, wire) = &mut *self.lock();
        if let Wire::Unused = wire {
            *wire = Resampled::start(self).map_or(Wire::Direct, Wire::Resampled);
        }
    }

    fn add(&self, asserted: bool) {
        let mut state = self.lock();
        let (asserting, wire) = &mut *state;
        let before = *asserting;
        *asserting = if asserted { before.saturating_add(1) } else { before.saturating_sub(1) };
        if (before == 0) == (*asserting == 0) {
            return;
        }
        match wire {
            // Let go of by the guest's end of the interrupt.
            Wire::Resampled(_) if !asserted => {}
            Wire::Resampled(resampled) => resampled.assert(),
            // The pin was there when the routes were set: only a machine that is gone refuses it.
            Wire::Direct | Wire::Unused => drop(self.vm.set_irq_line(self.gsi, asserted)),
        }
    }
}

/// The eventfds of a pin, and the thread that waits for the ends of its interrupts.
struct Resampled {
    assert: EventFd,
    ended: Arc<EventFd>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Resampled {
    fn start(pin: &Arc<Pin>) -> io::Result<Self> {
        let assert = EventFd::new(EFD_NONBLOCK | EFD_CLOEXEC)?;
        // The thread blocks in reading it.
        let ended = Arc::new(EventFd::new(EFD_CLOEXEC)?);
        retry(|| pin.vm.register_irqfd_with_resample(&assert, &ended, pin.gsi))?;
        let stop = Arc::new(AtomicBool::new(false));
        let (theirs, stopped, weak) = (Arc::clone(&ended), Arc::clone(&stop), Arc::downgrade(pin));
        let (ready, is_ready) = channel();
        let watch = move || {
            let confined = confine(Role::Device);
            let go = confined.is_ok();
            // Whoever started this thread waits for it.
            let _listening = ready.send(confined);
            if !go {
                return;
            }
            loop {
                let read = theirs.read();
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                match read {
                    Err(error) if error.kind() != io::ErrorKind::Interrupted => return,
                    _ => std::thread::sleep(AGAIN),
                }
                let Some(pin) = weak.upgrade() else { return };
                if let (1.., Wire::Resampled(resampled)) = &*pin.lock() {
                    resampled.assert();
                }
            }
        };
        let thread = Some(std::thread::Builder::new().name(format!("pin{}", pin.gsi)).spawn(watch)?);
        let resampled = Self { assert, ended, stop, thread };
        match is_ready.recv() {
            Ok(Ok(())) => Ok(resampled),
            Ok(Err(error)) => Err(io::Error::other(error)),
            Err(_) => Err(io::Error::other("the thread ended before it began")),
        }
    }

    fn assert(&self) {
        // The counter is at its end only if KVM took nothing for 2^64 times.
        let _ = self.assert.write(1);
    }
}

impl Drop for Resampled {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.ended.write(1);
        let Some(thread) = self.thread.take() else { return };
        // The thread itself drops this if it held the last reference to the pin; then it is at its end.
        if thread.thread().id() != std::thread::current().id() {
            // It cannot panic, and if it did, that was said on stderr.
            let _ = thread.join();
        }
    }
}

/// The line of a function.
pub(super) struct Line {
    pin: Arc<Pin>,
    asserted: Mutex<bool>,
}

impl Line {
    pub(super) fn new(pin: Arc<Pin>) -> Self {
        pin.prepare();
        Self { pin, asserted: Mutex::default() }
    }
}

impl IntxLine for Line {
    fn set(&self, asserted: bool) {
        let mut is = self.asserted.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *is, asserted) != asserted {
            self.pin.add(asserted);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.set(false);
    }
}
