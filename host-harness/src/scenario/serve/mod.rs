//! Devices of the harness for a VMM that is not ours, over vhost-user: whatever guest runs there is put before the judge.

mod run;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::devices::DeviceError;
use super::foreign::{self, Device, ForeignError, Offer, OfferError};
use crate::observe::event::TransportKind;
use crate::transport::vhost_user::SocketError;

/// Devices, each behind a socket of its own, and how long they are served.
#[derive(Clone, Debug)]
pub struct Serve {
    /// The devices and their sockets.
    pub served: Vec<Served>,
    /// What the devices offer besides, or leave out.
    pub offer: Offer,
    /// How long a front end may take to connect.
    pub wait: Duration,
    /// How long they are served at most, from the first connection on; `None`: until the front ends disconnect.
    pub run_for: Option<Duration>,
    /// How long a front end may take for one message, from its first byte on. One that takes longer is cut off.
    pub message: Duration,
    /// Whether a device waits for another front end when its front end has disconnected.
    pub again: bool,
    /// Seed of every random choice.
    pub seed: u64,
    /// Whether the record keeps the events.
    pub keep_events: bool,
    /// Set from outside to end the run.
    pub cancelled: Arc<AtomicBool>,
    /// Takes what a user may want to know while it runs, a line each.
    pub tell: fn(&str),
}

/// A device and the socket that it is behind.
#[derive(Clone, Debug)]
pub struct Served {
    /// What it is.
    pub device: Device,
    /// Where front ends connect.
    pub socket: PathBuf,
}

/// Devices cannot be served: one sentence with what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A socket.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// Two devices behind one socket.
    #[error("two devices are to be behind the socket {}; give each a socket of its own", path.display())]
    SameSocket {
        /// The path.
        path: PathBuf,
    },
    /// A device.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// What devices offer.
    #[error(transparent)]
    Offer(#[from] OfferError),
    /// Names of devices.
    #[error(transparent)]
    Names(#[from] ForeignError),
    /// Nobody came.
    #[error(
        "no front end connected to {sockets} within {seconds} s; start the VMM with this socket, or wait longer with --wait"
    )]
    Nobody {
        /// The sockets.
        sockets: String,
        /// The time.
        seconds: u64,
    },
    /// The user had enough before anybody came.
    #[error("ended by the user before a front end connected to {sockets}; there is nothing to report")]
    Cancelled {
        /// The sockets.
        sockets: String,
    },
    /// The operating system's limits.
    #[error("the harness could not start a device ({0}); raise the limits on threads and open files")]
    Resources(std::io::Error),
    /// The image changed in a way that makes the run meaningless.
    #[error("{0}")]
    Image(String),
    /// A thread that does not come back.
    #[error("the front end {0}, and a device cannot go on; start both anew")]
    Stuck(String),
}

impl Serve {
    /// How long front ends may take to connect, unless the user says otherwise.
    pub const WAIT: Duration = Duration::from_secs(30);
    /// How long they may take for a message, likewise.
    pub const MESSAGE: Duration = Duration::from_secs(30);

    /// These devices, until their front ends disconnect.
    #[must_use]
    pub fn new(served: Vec<Served>, seed: u64) -> Self {
        Self {
            served,
            offer: Offer::default(),
            wait: Self::WAIT,
            run_for: None,
            message: Self::MESSAGE,
            again: false,
            seed,
            keep_events: false,
            cancelled: Arc::default(),
            tell: |_| {},
        }
    }

    /// The devices with their names and offers.
    ///
    /// # Errors
    /// What makes no sense.
    pub fn prepared(&self) -> Result<Vec<Device>, ServeError> {
        for (i, one) in self.served.iter().enumerate() {
            if self.served[..i].iter().any(|other| other.socket == one.socket) {
                return Err(ServeError::SameSocket { path: one.socket.clone() });
            }
        }
        let mut devices: Vec<_> = self.served.iter().map(|served| served.device.clone()).collect();
        self.offer.check(&devices, TransportKind::VhostUser)?;
        devices.iter_mut().for_each(|device| self.offer.apply(device, TransportKind::VhostUser));
        foreign::name_all(&mut devices)?;
        Ok(devices)
    }
}
