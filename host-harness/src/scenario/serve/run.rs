//! Serving: front ends come, drive the devices, and go.

use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::{Serve, ServeError};
use crate::device::DiskTrouble;
use crate::judge::Verdicts;
use crate::observe::event::TransportKind;
use crate::observe::{Event, EventKind, EventLog, LogOptions, Traffic};
use crate::scenario::devices::{self, Built};
use crate::scenario::{Backend, RunRecord};
use crate::transport::device::{DeviceOptions, TransportOptions, VirtioDevice, Worker};
use crate::transport::vhost_user::{Connection, Ended, Listener};
use crate::vmm::End;

/// How often the sockets, the clock and the user are looked after.
const LOOK: Duration = Duration::from_millis(20);
/// How long threads may take to come to their ends.
const LAST: Duration = Duration::from_secs(10);
/// How many times longer than usual a driver may take to notify: its guest may be emulated, an instruction at a time.
const PATIENCE: u32 = 5;

/// A device that is served, and its socket.
struct Seat {
    listener: Listener,
    guest: Guest,
    /// Front ends that have connected.
    came: u32,
}

/// A device, and the front end that it has.
struct Guest {
    name: String,
    connection: Option<Connection>,
    device: VirtioDevice,
    worker: Worker,
    /// What front ends did that could not be gone on with.
    faults: Vec<String>,
    /// Queues that the last front end had not stopped when it went.
    running: Vec<String>,
}

impl Serve {
    /// Serves the devices, and judges those who drive them.
    ///
    /// The run has failed when a front end did what cannot be gone on with, or started no device; it is violated when a MUST is. It ends when all
    /// front ends have disconnected, when its time is over, or when the user has enough.
    ///
    /// # Errors
    /// [`ServeError`]: one sentence with what to do.
    pub fn run(&self) -> Result<RunRecord, ServeError> {
        let specs = self.prepared()?;
        let mut listeners = Vec::new();
        for served in &self.served {
            let listener = Listener::bind(&served.socket)?;
            if listener.replaced() {
                (self.tell)(&format!(
                    "{}: the file of a server that is gone was there, and is replaced",
                    served.socket.display()
                ));
            }
            listeners.push(listener);
        }
        let mut built = Vec::new();
        for device in &specs {
            let mut one = devices::one(device.spec(), device.image(), self.seed, false, false, &self.cancelled)?;
            let has = one.model.features();
            let offered = self.offer.of_type(&one.name, one.model.device_type(), has)?;
            one.withheld = has.without(offered);
            built.push(one);
        }
        let troubles: Vec<DiskTrouble> = built.iter().map(|b| b.trouble.clone()).collect();
        let pictures: Vec<_> = built.iter_mut().filter_map(|b| b.png.take()).collect();
        let consoles: Vec<_> = built.iter().map(|b| b.output.clone()).collect();
        let events = EventLog::new(LogOptions::default());
        let begun = Instant::now();
        let mut seats = built
            .into_iter()
            .zip(listeners)
            .enumerate()
            .map(|(index, (built, listener))| Seat::new(index, built, listener, &events))
            .collect::<Result<Vec<_>, _>>()?;
        for seat in &seats {
            (self.tell)(&format!("{}: waiting for a front end at {}", seat.guest.name, seat.listener.path().display()));
        }
        let (end, first) = match self.serve(&mut seats, begun, &events) {
            Ok(served) => served,
            Err(error) => {
                if matches!(error, ServeError::Stuck(_)) {
                    // A thread that never comes back is not waited for.
                    seats.into_iter().for_each(|seat| std::mem::forget(seat.guest));
                }
                return Err(error);
            }
        };
        let elapsed = first.elapsed();
        let found = finish(seats, &end)?;
        let events = events.take();
        if let Some(trouble) = troubles.iter().find_map(DiskTrouble::get) {
            return Err(ServeError::Image(trouble));
        }
        let mut record = RunRecord {
            scenario: "serve".to_owned(),
            hostile: specs.iter().flat_map(|d| &d.spec().oddities).any(|o| !o.kind.is_legal()),
            backend: Backend::VhostUser,
            bus: TransportKind::VhostUser,
            end,
            troubles: found,
            elapsed,
            exits: None,
            boot: None,
            traffic: Traffic::default(),
            negotiated: Vec::new(),
            records: Vec::new(),
            console: consoles.iter().map(|console| console.bytes()).find(|bytes| !bytes.is_empty()).unwrap_or_default(),
            log: String::new(),
            verdicts: Verdicts::default(),
            events: Vec::new(),
        };
        for picture in pictures {
            record.troubles.extend(picture.finish()?);
        }
        record.judged(&events, false);
        record.troubles.extend(untouched(&specs.iter().map(|d| d.spec().name.as_str()).collect::<Vec<_>>(), &events));
        if self.keep_events {
            record.events = events;
        }
        Ok(record)
    }

    /// Serves until there is a reason to end, and says when the first front end came.
    fn serve(&self, seats: &mut [Seat], begun: Instant, events: &EventLog) -> Result<(End, Instant), ServeError> {
        let mut first = None;
        loop {
            let cancelled = self.cancelled.load(Ordering::Relaxed);
            for seat in seats.iter_mut() {
                if seat.look(self)? {
                    first.get_or_insert_with(|| {
                        events.start_clock();
                        Instant::now()
                    });
                }
            }
            let Some(came) = first else {
                let sockets = || {
                    let paths: Vec<_> = seats.iter().map(|s| s.listener.path().display().to_string()).collect();
                    paths.join(" or ")
                };
                if cancelled {
                    return Err(ServeError::Cancelled { sockets: sockets() });
                }
                if begun.elapsed() >= self.wait {
                    return Err(ServeError::Nobody { sockets: sockets(), seconds: self.wait.as_secs() });
                }
                std::thread::sleep(LOOK);
                continue;
            };
            if cancelled {
                return Ok((End::Cancelled, came));
            }
            if self.run_for.is_some_and(|time| came.elapsed() >= time) {
                return Ok((End::TimeUp, came));
            }
            if !self.again && seats.iter().all(|seat| seat.guest.connection.is_none()) {
                // Some VMMs connect to one socket after the other; those that are late get their time.
                let missing = seats.iter_mut().filter(|seat| seat.came == 0);
                let missing: Vec<_> = missing.collect();
                if missing.is_empty() || begun.elapsed() >= self.wait {
                    for seat in missing {
                        let seconds = self.wait.as_secs();
                        let guest = &mut seat.guest;
                        guest.faults.push(format!("{}: no front end connected within {seconds} s", guest.name));
                    }
                    let running = seats.iter_mut().flat_map(|seat| std::mem::take(&mut seat.guest.running)).collect();
                    return Ok((End::Disconnected { running }, came));
                }
            }
            std::thread::sleep(LOOK);
        }
    }
}

impl Seat {
    fn new(index: usize, built: Built, listener: Listener, events: &EventLog) -> Result<Self, ServeError> {
        let Built { name, model, oddities, features, withheld, .. } = built;
        // The front end brings memory with it.
        let memory = vm_memory::GuestMemoryMmap::new();
        let transport = TransportOptions::VhostUser;
        let device = VirtioDevice::new(DeviceOptions {
            oddities,
            features,
            withheld,
            quiet: DeviceOptions::QUIET * PATIENCE,
            ..DeviceOptions::over(transport, index as u16, name.clone(), model, memory, events.clone())
        })
        .map_err(ServeError::Resources)?;
        let worker = device.start().map_err(ServeError::Resources)?;
        let guest = Guest { name, connection: None, device, worker, faults: Vec::new(), running: Vec::new() };
        Ok(Self { listener, guest, came: 0 })
    }

    /// Lets front ends in and out. True if one came.
    fn look(&mut self, serve: &Serve) -> Result<bool, ServeError> {
        if !self.guest.is_free(serve.tell)? || self.came > 0 && !serve.again {
            return Ok(false);
        }
        let Some(stream) = self.listener.accept().map_err(ServeError::Resources)? else { return Ok(false) };
        (serve.tell)(&format!("{}: a front end has connected", self.guest.name));
        let connection = Connection::begin(&self.guest.device, stream, serve.message).map_err(ServeError::Resources)?;
        self.guest.connection = Some(connection);
        self.came += 1;
        Ok(true)
    }
}

impl Guest {
    /// Whether it has no front end (any more).
    fn is_free(&mut self, tell: fn(&str)) -> Result<bool, ServeError> {
        let Some(connection) = &self.connection else { return Ok(true) };
        let name = &self.name;
        match connection.ended() {
            None => return Ok(false),
            Some(Ended::Stuck(why)) => return Err(ServeError::Stuck(why)),
            Some(Ended::Disconnected { running }) => {
                self.running = running.iter().map(|queue| format!("queue {queue} of {name}")).collect();
                tell(&format!("{name}: {}", End::Disconnected { running: self.running.clone() }));
            }
            Some(Ended::Fault(why)) => {
                let fault = format!("{name}: the front end {why}");
                tell(&fault);
                self.faults.push(fault);
            }
        }
        self.connection = None;
        Ok(true)
    }

    /// What a user has to know of the device besides.
    fn troubles(&self) -> impl Iterator<Item = String> {
        let stopped = self.device.trouble().map(|why| {
            format!("{}: the device stopped ({why}), and over vhost-user has no way to tell its driver", self.name)
        });
        let fault = self.worker.health().fault().map(str::to_owned);
        stopped.into_iter().chain(fault)
    }
}

/// Ends the devices. What is to be said of them.
fn finish(seats: Vec<Seat>, end: &End) -> Result<Vec<String>, ServeError> {
    // The sockets go, whatever becomes of the rest.
    let (guests, _sockets): (Vec<_>, Vec<_>) = seats.into_iter().map(|seat| (seat.guest, seat.listener)).unzip();
    let (send, finished) = channel();
    let reason = end.summary();
    // On a thread of its own: a front end that took its memory back leaves a thread that never comes back.
    let body = move || {
        let mut found = Vec::new();
        for mut guest in guests {
            guest.connection = None;
            guest.device.end(reason);
            found.append(&mut guest.faults);
            found.extend(guest.troubles());
        }
        // Whoever waited may have gone.
        let _gone = send.send(found);
    };
    std::thread::Builder::new().name("end".to_owned()).spawn(body).map_err(ServeError::Resources)?;
    finished.recv_timeout(LAST).map_err(|_| ServeError::Stuck("left a device in the middle of its work".to_owned()))
}

/// That nothing was judged, and what to do.
fn untouched(names: &[&str], events: &[Event]) -> Option<String> {
    let started = events.iter().any(|event| matches!(event.kind, EventKind::Started { .. }));
    (!started).then(|| {
        format!(
            "no front end started {}, so that nothing was judged: see that its guest has a driver for it, and runs long enough",
            names.join(" or ")
        )
    })
}
