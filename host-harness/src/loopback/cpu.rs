//! CPUs in loopback: the workload's thread is CPU 0, the others are threads of their own.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parakit_exercise::{Cpu, Failure};

use super::World;
use super::line::Line;
use crate::vmm::Hooks;

/// How often a waiting thread looks around.
const LOOK: Duration = Duration::from_millis(5);
/// What a job gets to come to its end once the run is over: its waits end then, but it may have a second thing to wait for.
const GRACE: Duration = Duration::from_secs(2);

/// What CPUs share.
#[derive(Clone)]
pub(super) struct Common {
    pub(super) world: Arc<World>,
    pub(super) lines: Arc<[Arc<Line>]>,
    /// The user ended the run.
    pub(super) cancelled: Arc<AtomicBool>,
}

/// A CPU as a workload sees it.
pub struct LoopbackCpu<'h> {
    index: usize,
    common: Common,
    /// CPU 0 has them.
    hooks: Option<RefCell<&'h mut dyn Hooks>>,
}

impl<'h> LoopbackCpu<'h> {
    /// CPU 0.
    pub(super) fn first(common: Common, hooks: &'h mut dyn Hooks) -> Self {
        Self { index: 0, common, hooks: Some(RefCell::new(hooks)) }
    }

    pub(super) fn signal(&self, code: u32, argument: u64) -> u64 {
        self.hooks.as_ref().map_or(0, |hooks| hooks.borrow_mut().signal(code, argument))
    }

    /// Whether the user has ended the run.
    pub(super) fn is_cancelled(&self) -> bool {
        // Whoever sees it stops waiting; nothing else is ordered by it.
        if self.hooks.as_ref().is_some_and(|hooks| hooks.borrow().cancelled()) {
            self.common.cancelled.store(true, Ordering::Relaxed);
        }
        self.common.cancelled.load(Ordering::Relaxed)
    }

    fn wait(&self, line: &Line, vector: Option<u16>, seen: u32, timeout_ms: u64) -> bool {
        let pace = &self.common.world.pace;
        let until = pace.now().saturating_add(Duration::from_millis(timeout_ms));
        pace.wait(line, vector, seen, until, || self.is_cancelled())
    }
}

impl Cpu for LoopbackCpu<'_> {
    fn index(&self) -> usize {
        self.index
    }

    fn interrupts(&self, device: usize) -> u32 {
        self.common.lines[device].count(None)
    }

    fn vector_interrupts(&self, device: usize, vector: u16) -> u32 {
        self.common.lines[device].count(Some(vector))
    }

    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool {
        self.wait(&self.common.lines[device], None, seen, timeout_ms)
    }

    fn wait_vector(&self, device: usize, vector: u16, seen: u32, timeout_ms: u64) -> bool {
        self.wait(&self.common.lines[device], Some(vector), seen, timeout_ms)
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.common.world.pace.now().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// A job that was handed to a CPU.
pub struct Job<T>(Progress<T>);

enum Progress<T> {
    Done(T),
    Running(usize, Receiver<std::thread::Result<T>>),
}

impl<T> Job<T> {
    pub(super) fn done(value: T) -> Self {
        Self(Progress::Done(value))
    }

    /// Waits for the end of the job. A panic of the job's goes on here.
    pub(super) fn join(self, cpu: &LoopbackCpu<'_>) -> Result<T, Failure> {
        let (index, result) = match self.0 {
            Progress::Done(value) => return Ok(value),
            Progress::Running(index, result) => (index, result),
        };
        let mut over = None;
        loop {
            match result.recv_timeout(LOOK) {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(panic)) => resume_unwind(panic),
                Err(RecvTimeoutError::Disconnected) => return Err(Failure::new(format!("CPU {index} went away"))),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if (cpu.is_cancelled() || cpu.common.world.pace.is_over())
                && over.get_or_insert_with(Instant::now).elapsed() > GRACE
            {
                return Err(Failure::new(format!("the job on CPU {index} did not end")));
            }
        }
    }
}

/// What a CPU's thread runs.
type Work = Box<dyn FnOnce() + Send>;

/// The threads of CPU 1 and up.
pub(super) struct Threads {
    common: Common,
    threads: Vec<(Sender<Work>, JoinHandle<()>)>,
}

impl Threads {
    /// Starts the threads of `cpus` CPUs, of which the caller is one.
    pub(super) fn start(common: Common, cpus: usize) -> std::io::Result<Self> {
        let start = |index| {
            let (jobs, queue) = channel::<Work>();
            let thread = std::thread::Builder::new().name(format!("cpu{index}"));
            Ok((jobs, thread.spawn(move || queue.iter().for_each(|job| job()))?))
        };
        let threads = (1..cpus).map(start).collect::<std::io::Result<_>>()?;
        Ok(Self { common, threads })
    }

    /// CPUs, the caller included.
    pub(super) fn count(&self) -> usize {
        self.threads.len() + 1
    }

    /// Hands a job to CPU `index`; `None` if there is no such thread.
    pub(super) fn run<'h, T: Send + 'static>(
        &self,
        index: usize,
        job: impl FnOnce(&LoopbackCpu<'h>) -> T + Send + 'static,
    ) -> Option<Job<T>> {
        let (jobs, _) = self.threads.get(index.checked_sub(1)?)?;
        let (send, result) = channel();
        let common = self.common.clone();
        let run = move || {
            let cpu = LoopbackCpu { index, common, hooks: None };
            // The job's state is gone after a panic, which goes on where the job is joined.
            let value = catch_unwind(AssertUnwindSafe(|| job(&cpu)));
            // Nobody need wait for it.
            let _ = send.send(value);
        };
        jobs.send(Box::new(run)).ok()?;
        Some(Job(Progress::Running(index, result)))
    }
}

impl Drop for Threads {
    /// Waits for the threads; one that does not end is left behind, since nothing can end it.
    fn drop(&mut self) {
        let (jobs, threads): (Vec<_>, Vec<_>) = self.threads.drain(..).unzip();
        drop(jobs);
        // Jobs that nobody joined are to wait for nothing any more.
        self.common.cancelled.store(true, Ordering::Relaxed);
        let since = Instant::now();
        while threads.iter().any(|t| !t.is_finished()) && since.elapsed() < GRACE {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
