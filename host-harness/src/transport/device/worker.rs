//! The thread that works on the queues of one device.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use vmm_sys_util::epoll::EpollEvent;

use super::{KICK, Shared};
use crate::vmm::confine::{self, Role};

/// Chains worked on before a vCPU that waits for a register gets its turn.
const CHAINS_AT_ONCE: usize = 64;
/// Steps of each queue between two looks at the doorbells and the time.
const TURNS: usize = 256;
/// How often time is looked at: for missing notifications and for completions that are held back.
const TICK: Duration = Duration::from_millis(10);

/// A running device thread; dropping it ends the thread, after the request that it is at.
///
/// It is confined ([`crate::vmm::confine`]): whatever its model needs of the host is to be open before.
pub struct Worker {
    shared: Arc<Shared>,
    stop: Arc<AtomicBool>,
    health: Health,
    thread: Option<JoinHandle<()>>,
}

/// Whether a device thread still does its work.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<OnceLock<String>>);

impl Health {
    /// Why the thread came to its end although nobody had ended it: its model panicked, or wanted of the host what is none of its business.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }
}

impl Worker {
    pub(super) fn start(shared: Arc<Shared>) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (theirs, stopped) = (Arc::clone(&shared), Arc::clone(&stop));
        let (name, health) = (shared.name.clone(), Health::default());
        let (ready, is_ready) = channel();
        let note = health.clone();
        let body = move || {
            let confined = confine::confine(Role::Device);
            let go = confined.is_ok();
            // Whoever started this thread waits for it.
            let _listening = ready.send(confined);
            let end = go.then(|| catch_unwind(AssertUnwindSafe(|| run(&theirs, &stopped))));
            let why = match end {
                Some(Err(panic)) => Some(format!("panicked: {}", message(panic.as_ref()))),
                _ => confine::refused().map(|refusal| format!("was stopped: {refusal}")),
            };
            if let Some(why) = why {
                // It is set nowhere else.
                let _first = note.0.set(format!("the thread of device {name} {why}"));
            }
        };
        let thread = std::thread::Builder::new().name("device".to_owned()).spawn(body)?;
        let worker = Self { shared, stop, health, thread: Some(thread) };
        match is_ready.recv() {
            Ok(Ok(())) => Ok(worker),
            Ok(Err(error)) => Err(io::Error::other(error)),
            Err(_) => Err(io::Error::other("the device's thread ended before it began")),
        }
    }

    /// Tells whether the thread still does its work, also to others.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health.clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _full = self.shared.kick.write(1);
        if let Some(thread) = self.thread.take() {
            // A model's panic was caught, and is the fault that the thread's health tells of.
            let _ended = thread.join();
        }
    }
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message")
}

fn run(shared: &Shared, stop: &AtomicBool) {
    let begin = Instant::now();
    let mut next_tick = TICK;
    let mut busy = false;
    let mut events = vec![EpollEvent::default(); shared.bells.len() + 1];
    while !stop.load(Ordering::Relaxed) {
        let timeout = if busy { Duration::ZERO } else { next_tick.saturating_sub(begin.elapsed()) };
        let count = match shared.epoll.wait(timeout.as_micros().div_ceil(1000) as i32, &mut events) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            Err(error) => {
                log::error!("a device thread cannot wait for notifications: {error}");
                return;
            }
        };
        for event in &events[..count] {
            match event.data() {
                KICK => drop(shared.kick.read()),
                queue => shared.lock_last().take_doorbell(queue as usize),
            }
        }
        let now = begin.elapsed();
        if now >= next_tick {
            next_tick = now + TICK;
            shared.lock_last().tick(now);
        }
        busy = false;
        for _ in 0..TURNS {
            busy = false;
            for queue in 0..shared.bells.len() {
                // Each turn takes the lock anew, so that registers can be reached in between.
                busy |= shared.lock_last().advance(queue, CHAINS_AT_ONCE);
            }
            if confine::refused().is_some() {
                return;
            }
            if !busy || stop.load(Ordering::Relaxed) {
                break;
            }
        }
    }
}
