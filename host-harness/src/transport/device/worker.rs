//! The thread that works on the queues of one device.

use std::io;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};

use super::Shared;

/// Chains worked on before a vCPU that waits for a register gets its turn.
const CHAINS_AT_ONCE: usize = 64;
/// Steps of each queue between two looks at the doorbells and the time.
const TURNS: usize = 256;
/// How often time is looked at: for missing notifications and for completions that are held back.
const TICK: Duration = Duration::from_millis(10);
/// What the kick means among the doorbells.
const KICK: u64 = u64::MAX;

/// A running device thread; dropping it ends the thread, after the request that it is at.
pub struct Worker {
    shared: Arc<Shared>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(super) fn start(shared: Arc<Shared>) -> io::Result<Self> {
        let epoll = Epoll::new()?;
        let watch = |fd, data| epoll.ctl(ControlOperation::Add, fd, EpollEvent::new(EventSet::IN, data));
        for (queue, bell) in shared.bells.iter().enumerate() {
            watch(bell.as_raw_fd(), queue as u64)?;
        }
        watch(shared.kick.as_raw_fd(), KICK)?;
        let stop = Arc::new(AtomicBool::new(false));
        let (theirs, stopped) = (Arc::clone(&shared), Arc::clone(&stop));
        let thread =
            std::thread::Builder::new().name("device".to_owned()).spawn(move || run(&theirs, &epoll, &stopped))?;
        Ok(Self { shared, stop, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _full = self.shared.kick.write(1);
        if let Some(thread) = self.thread.take() {
            // A model that panicked has said so on stderr.
            let _panicked = thread.join();
        }
    }
}

fn run(shared: &Shared, epoll: &Epoll, stop: &AtomicBool) {
    let begin = Instant::now();
    let mut next_tick = TICK;
    let mut busy = false;
    let mut events = vec![EpollEvent::default(); shared.bells.len() + 1];
    while !stop.load(Ordering::Relaxed) {
        let timeout = if busy { Duration::ZERO } else { next_tick.saturating_sub(begin.elapsed()) };
        let count = match epoll.wait(timeout.as_micros().div_ceil(1000) as i32, &mut events) {
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
            if !busy || stop.load(Ordering::Relaxed) {
                break;
            }
        }
    }
}
