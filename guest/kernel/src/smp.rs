//! Processors other than the first: they wait for jobs.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use parakit_exercise::Failure;
use spin::Mutex;

use crate::arch::{cpu, interrupts};
use crate::vectors::{self, Counters};
use crate::wait;

/// How long a processor may take to come up, or to be done with the job before, in milliseconds. Generous: it only decides when a run
/// is called hung.
const PATIENCE_MS: u64 = 10_000;
/// How long a job may take, in milliseconds: the deadline of the run is shorter.
const JOB_MS: u64 = 3_600_000;

type Work = Box<dyn FnOnce() + Send>;

/// The next job of each processor, a leaked box; null when there is none.
static NEXT: [AtomicPtr<Work>; cpu::MAX] = [const { AtomicPtr::new(core::ptr::null_mut()) }; cpu::MAX];
/// The first processor has filled the tables that all use.
static STARTED: AtomicBool = AtomicBool::new(false);

/// Lets the other processors go on, once gates and heap are there.
pub(crate) fn start_others() {
    // Release: the partner is the load in `processor_main`; gates and heap are seen with it.
    STARTED.store(true, Ordering::Release);
}

/// The first Rust function of processors other than the first, with interrupts that are not enabled yet. There are such processors on x86
/// only, where the harness starts them.
#[cfg(target_arch = "x86_64")]
pub(crate) extern "C" fn processor_main(index: usize) -> ! {
    // Nothing may fault here: the gates may not be filled yet.
    while !STARTED.load(Ordering::Acquire) {
        core::hint::spin_loop();
    }
    interrupts::enable();
    let me = cpu::this();
    // Release: the partner is the load in `hand_over`.
    me.online.store(1, Ordering::Release);
    loop {
        let seen = vectors::total();
        // Acquire: the partner is the exchange in `hand_over`.
        let next = NEXT[index].swap(core::ptr::null_mut(), Ordering::Acquire);
        if next.is_null() {
            interrupts::sleep(seen);
            continue;
        }
        // SAFETY: `hand_over` leaked the box, and the swap gave it to nobody else.
        let work = unsafe { Box::from_raw(next) };
        work();
        // The first processor may sleep until the job is done, or until there is room for the next one.
        interrupts::interrupt(0, vectors::OWN);
    }
}

/// A job that was handed to a processor.
pub enum Job<T> {
    /// It is done.
    Done(T),
    /// Another processor works on it, and puts the result there.
    Running(usize, Arc<Mutex<Option<T>>>),
}

impl<T: Send + 'static> Job<T> {
    /// Has processor `index`, which is another one, run `work`.
    pub(crate) fn start(index: usize, work: impl FnOnce() -> T + Send + 'static) -> Result<Self, Failure> {
        let silent = || Failure::new(alloc::format!("CPU {index} does not answer"));
        let processor = cpu::get(index).ok_or_else(silent)?;
        let place = Arc::new(Mutex::new(None));
        let result = Arc::clone(&place);
        let work: Work = Box::new(move || {
            let value = work();
            *place.lock() = Some(value);
        });
        hand_over(index, processor, work).then_some(Self::Running(index, result)).ok_or_else(silent)
    }

    /// Waits for its end.
    pub(crate) fn join(self) -> Result<T, Failure> {
        let (index, place) = match self {
            Self::Done(value) => return Ok(value),
            Self::Running(index, place) => (index, place),
        };
        // Only looked at here: whoever holds the lock is about to let it go.
        wait::until(JOB_MS, || place.lock().is_some());
        let value = place.lock().take();
        value.ok_or_else(|| Failure::new(alloc::format!("the job on CPU {index} did not end")))
    }
}

/// Puts `work` where the processor looks; false if it does not take it in time.
fn hand_over(index: usize, processor: &Counters, work: Work) -> bool {
    let job = Box::into_raw(Box::new(work));
    // The processor's interrupt at the end of a job ends the wait.
    let taken = wait::until(PATIENCE_MS, || {
        let (empty, release) = (core::ptr::null_mut(), Ordering::Release);
        // Release: what the job refers to is seen with it.
        processor.online.load(Ordering::Acquire) != 0
            && NEXT[index].compare_exchange(empty, job, release, Ordering::Relaxed).is_ok()
    });
    if taken {
        interrupts::interrupt(index, vectors::OWN);
    } else {
        // SAFETY: made above, and nobody was given it.
        drop(unsafe { Box::from_raw(job) });
    }
    taken
}
