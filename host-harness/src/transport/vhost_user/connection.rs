//! One front end, from its connection to its end.

use std::io;
use std::net::Shutdown;
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use vhost::vhost_user::{BackendReqHandler, Error};

use super::handler::Handler;
use super::{FrontEndError, early, shrunk};
use crate::transport::device::VirtioDevice;

/// How a front end went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It closed the connection.
    Disconnected {
        /// Queues that it had started and not stopped. A VMM stops them before it goes; one that is killed cannot.
        running: Vec<usize>,
    },
    /// It did something that the harness cannot go on with; a sentence without its subject.
    Fault(String),
    /// So did this one, and the thread that answered it never comes back.
    Stuck(String),
}

/// A front end that drives a device. A thread answers its messages.
pub struct Connection {
    stream: UnixStream,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    patience: Duration,
}

#[derive(Default)]
struct Shared {
    ended: Mutex<Option<Ended>>,
    /// When the message began that is not answered yet.
    busy: Mutex<Option<Instant>>,
    /// When it was cut off for that.
    cut: Mutex<Option<Instant>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Connection {
    /// Serves `device` to whoever is at the other end of `stream`. `patience` is for one message, from its first byte to the answer.
    ///
    /// # Errors
    /// No threads or file descriptors left.
    pub fn begin(device: &VirtioDevice, stream: UnixStream, patience: Duration) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (handled, theirs, device) = (stream.try_clone()?, Arc::clone(&shared), device.clone());
        let body = move || {
            let ended = serve(&device, handled, &theirs);
            device.forget_bells();
            device.core().leave();
            *locked(&theirs.ended) = Some(ended);
        };
        let thread = std::thread::Builder::new().name("front end".to_owned()).spawn(body)?;
        Ok(Self { stream, shared, thread: Some(thread), patience })
    }

    /// How it ended, if it has. A front end that stops in the middle of a message is cut off.
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        let slow = || format!("stopped in the middle of a message, for {} s", self.patience.as_secs());
        let mut cut = locked(&self.shared.cut);
        if let Some(ended) = locked(&self.shared.ended).clone() {
            return Some(if cut.is_some() { Ended::Fault(slow()) } else { ended });
        }
        if shrunk::happened() {
            return Some(Ended::Stuck(FrontEndError::Shrunk.to_string()));
        }
        match *cut {
            None if locked(&self.shared.busy).is_some_and(|begun| begun.elapsed() > self.patience) => {
                *cut = Some(Instant::now());
                self.cut();
                None
            }
            Some(since) if since.elapsed() > self.patience => Some(Ended::Stuck(slow())),
            _ => None,
        }
    }

    /// Ends it.
    pub fn cut(&self) {
        // It may be closed already.
        let _closed = self.stream.shutdown(Shutdown::Both);
    }
}

impl Drop for Connection {
    /// Waits for its thread.
    fn drop(&mut self) {
        self.cut();
        if let Some(thread) = self.thread.take() {
            // A panic of it shows in what it left undone.
            let _panicked = thread.join();
        }
    }
}

/// Answers messages until there are no more.
fn serve(device: &VirtioDevice, stream: UnixStream, shared: &Shared) -> Ended {
    let Ok(watched) = stream.try_clone() else {
        return Ended::Fault(
            "came when this process had no file descriptors left; raise the limit on open files".into(),
        );
    };
    let handler = Arc::new(Mutex::new(Handler::new(device.clone())));
    let mut messages = BackendReqHandler::from_stream(stream, Arc::clone(&handler));
    loop {
        // Between messages there is all the time of the world.
        if !wait(&watched) {
            return closed(device);
        }
        *locked(&shared.busy) = Some(Instant::now());
        let header = match early::wait_for_whole(&watched) {
            Ok(Some(header)) => header,
            Ok(None) => return Ended::Fault("disconnected in the middle of a message".to_owned()),
            Err(error) => return Ended::Fault(format!("sent a message that this host cannot look at ({error})")),
        };
        let early = early::answer(&watched, &header, &mut locked(&handler));
        let answered = early.unwrap_or_else(|| messages.handle_request());
        *locked(&shared.busy) = None;
        if let Err(error) = answered {
            return ended_by(error, device);
        }
    }
}

/// Waits for the next message; false when there will be none.
fn wait(stream: &UnixStream) -> bool {
    loop {
        let mut byte = 0_u8;
        // SAFETY: the call writes at most the one byte of `byte`.
        let seen = unsafe { libc::recv(stream.as_raw_fd(), (&raw mut byte).cast(), 1, libc::MSG_PEEK) };
        match seen {
            1.. => return true,
            0 => return false,
            _ if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
            _ => return false,
        }
    }
}

fn closed(device: &VirtioDevice) -> Ended {
    let core = device.core();
    let running = core.queues.iter().enumerate().filter(|(_, slot)| slot.ring.is_some()).map(|(queue, _)| queue);
    Ended::Disconnected { running: running.collect() }
}

fn ended_by(error: Error, device: &VirtioDevice) -> Ended {
    match error {
        Error::Disconnected | Error::SocketBroken(_) => closed(device),
        Error::ReqHandlerError(why) => Ended::Fault(why.to_string()),
        Error::InactiveFeature(_) | Error::InactiveOperation(_) => {
            Ended::Fault(format!("sent a message of a protocol feature that was not agreed on ({error})"))
        }
        error => Ended::Fault(format!("sent a message that makes no sense in vhost-user ({error})")),
    }
}
