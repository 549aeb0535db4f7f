//! The harness as a part of somebody's test suite: boot a kernel, judge its drivers, look at the report.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::observe::event::TransportKind;
use crate::report::{HostInfo, Report, SubjectInfo};
use crate::scenario::foreign::{Device, Foreign, ForeignError, Offer, OfferError, Script};
use crate::scenario::{self, Ground, Session, SessionError, UnknownScenario};
use crate::vmm::{Kernel, KernelError, KvmError, KvmHost, KvmOptions};

/// Boots a kernel on KVM, watches its virtio drivers, and judges them.
///
/// What is not said is as on the command line: a disk in memory, a console and a source of entropy, over PCI, for 30 seconds or until the kernel
/// ends. It ends by writing to the port 0xf4 (as with the device `isa-debug-exit` elsewhere), by switching off or by restarting its machine.
///
/// ```no_run
/// use std::time::Duration;
/// use parakit_harness::harness::Harness;
/// use parakit_harness::scenario::foreign::Device;
///
/// fn my_drivers_conform() -> Result<(), Box<dyn std::error::Error>> {
///     let report = Harness::new()
///         .kernel("target/x86_64-unknown-none/release/my-os")
///         .device(Device::image_file("tests/disk.img").read_only())
///         .device(Device::console())
///         .offer("+packed")?
///         .run_for(Duration::from_secs(20))
///         .run()?;
///     assert!(report.conforms(), "{report}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing runs before `run`"]
pub struct Harness {
    kernel: Option<PathBuf>,
    initrd: Option<PathBuf>,
    scenarios: Option<Vec<String>>,
    /// Changes to a foreign run, in the order in which they were made, and what each is about.
    changes: Vec<(&'static str, Change)>,
    offer: Offer,
    seed: Option<u64>,
    log: Option<fn(&str)>,
    keep_events: bool,
}

/// A change to be made later.
#[derive(Clone)]
struct Change(Arc<dyn Fn(&mut Foreign) + Send + Sync>);

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a change")
    }
}

/// A run that could not be made: one sentence, with what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HarnessError {
    /// No kernel.
    #[error("no kernel was given; give one with Harness::kernel")]
    NoKernel,
    /// The kernel cannot be used.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// KVM cannot be used.
    #[error(transparent)]
    Kvm(#[from] KvmError),
    /// The initial RAM disk cannot be read.
    #[error("the initial RAM disk {} cannot be read ({source}); check the path", path.display())]
    Initrd {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no such scenario.
    #[error(transparent)]
    Scenario(#[from] UnknownScenario),
    /// Scenarios for a kernel that runs none.
    #[error("{kernel} knows nothing of Parakit and runs no scenarios; leave out Harness::scenarios")]
    NoScenarios {
        /// The kernel.
        kernel: String,
    },
    /// What is for foreign kernels alone.
    #[error("{kernel} runs scenarios, which have no use for Harness::{what}; leave it out")]
    ForForeign {
        /// The kernel.
        kernel: String,
        /// The setting.
        what: &'static str,
    },
    /// The kernel has a workload for none of the scenarios.
    #[error("{kernel} has no workload for any of the scenarios asked for; ask for others")]
    NoWorkload {
        /// The kernel.
        kernel: String,
    },
    /// The operating system gave no seed.
    #[error("the operating system gave no random seed ({0}); give one with Harness::seed")]
    Seed(getrandom::Error),
    /// A run could not be made.
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl Harness {
    /// With nothing said.
    pub fn new() -> Self {
        Self::default()
    }

    /// The kernel: an ELF file (PVH, multiboot 1, a plain 64-bit entry) or a Linux bzImage.
    pub fn kernel(mut self, path: impl Into<PathBuf>) -> Self {
        self.kernel = Some(path.into());
        self
    }

    /// Adds a device; the first one takes the place of the default devices.
    pub fn device(self, device: Device) -> Self {
        self.change("device", move |foreign| foreign.devices.push(device.clone()))
    }

    /// How the kernel reaches its devices.
    pub fn transport(self, transport: TransportKind) -> Self {
        self.change("transport", move |foreign| foreign.transport = transport)
    }

    /// Entries of the MSI-X table of each PCI function; 0 for functions without MSI-X.
    pub fn vectors(self, vectors: u16) -> Self {
        self.change("vectors", move |foreign| foreign.vectors = Some(vectors))
    }

    /// Features that the devices are to offer or to leave out, such as `+packed,-event_idx,-blk.flush` ([`Offer`]). What was said before stays.
    ///
    /// # Errors
    /// There is no such feature, or it is offered and left out at once.
    pub fn offer(mut self, changes: &str) -> Result<Self, OfferError> {
        self.offer = std::mem::take(&mut self.offer).and(changes.parse()?)?;
        let offer = self.offer.clone();
        Ok(self.change("offer", move |foreign| foreign.offer = offer.clone()))
    }

    /// How long the kernel runs unless it ends by itself.
    pub fn run_for(self, time: Duration) -> Self {
        self.change("run_for", move |foreign| foreign.run_for = time)
    }

    /// Its memory in bytes, a multiple of 4096.
    pub fn memory(self, bytes: u64) -> Self {
        self.change("memory", move |foreign| foreign.memory_bytes = bytes)
    }

    /// Its CPUs.
    pub fn cpus(self, cpus: u16) -> Self {
        self.change("cpus", move |foreign| foreign.cpus = cpus)
    }

    /// Its initial RAM disk, or first module.
    pub fn initrd(mut self, path: impl Into<PathBuf>) -> Self {
        self.initrd = Some(path.into());
        self
    }

    /// Its command line.
    pub fn command_line(self, text: &str) -> Self {
        let text = text.to_owned();
        self.change("command_line", move |foreign| foreign.command_line.clone_from(&text))
    }

    /// What it is sent, and when.
    pub fn script(self, script: Script) -> Self {
        self.change("script", move |foreign| foreign.script = script.clone())
    }

    /// The value that it has to write to the exit port.
    pub fn expect_exit(self, value: u32) -> Self {
        self.change("expect_exit", move |foreign| foreign.expect_exit = Some(value))
    }

    /// Runs scenarios, by their names: for kernels that speak Parakit's mailbox. `blk-*` stands for all that begin so; no name for all.
    pub fn scenarios<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.scenarios = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Seed of every random choice; a new one is drawn by default.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Takes what the kernel prints, as it comes; the report has it in any case.
    pub fn log(mut self, sink: fn(&str)) -> Self {
        self.log = Some(sink);
        self
    }

    /// Has the report keep every event of the runs.
    pub fn keep_events(mut self) -> Self {
        self.keep_events = true;
        self
    }

    fn change(mut self, what: &'static str, change: impl Fn(&mut Foreign) + Send + Sync + 'static) -> Self {
        self.changes.push((what, Change(Arc::new(change))));
        self
    }

    /// Runs the kernel, or the scenarios, and judges what drivers and devices did.
    ///
    /// # Errors
    /// It could not run: one sentence with what to do. What a kernel does wrong is no error, but in the report
    /// ([`Report::conforms`]).
    pub fn run(self) -> Result<Report, HarnessError> {
        let kernel = Kernel::read(self.kernel.as_deref().ok_or(HarnessError::NoKernel)?)?;
        let jobs = self.jobs(&kernel)?;
        let ground = Ground::Kvm { host: KvmHost::open(&KvmOptions::from_env())?, kernel };
        let session = Session {
            ground,
            image: None,
            seed: self.seed.map_or_else(getrandom::u64, Ok).map_err(HarnessError::Seed)?,
            keep_events: self.keep_events,
            cancelled: Arc::new(AtomicBool::new(false)),
            log: self.log.unwrap_or(|_| {}),
            input: None,
        };
        let started = Instant::now();
        let runs = match jobs {
            Jobs::Foreign(foreign) => vec![session.run_foreign(&foreign)?],
            Jobs::Scenarios(scenarios) => {
                let fit = scenarios.iter().filter(|scenario| session.can_run(scenario));
                fit.map(|scenario| session.run(scenario)).collect::<Result<_, _>>()?
            }
        };
        if runs.is_empty() {
            return Err(HarnessError::NoWorkload { kernel: session.subject().to_owned() });
        }
        Ok(Report {
            host: HostInfo::of(&session.ground),
            subject: SubjectInfo::of(&session.ground),
            seed: session.seed,
            runs,
            skipped: Vec::new(),
            elapsed: started.elapsed(),
        })
    }

    /// What is to be run.
    fn jobs(&self, kernel: &Kernel) -> Result<Jobs, HarnessError> {
        let name = || kernel.name().to_owned();
        if kernel.speaks_mailbox() {
            let initrd = self.initrd.as_ref().map(|_| "initrd");
            return match self.changes.first().map(|(what, _)| *what).or(initrd) {
                Some(what) => Err(HarnessError::ForForeign { kernel: name(), what }),
                None => {
                    let names = self.scenarios.as_deref().unwrap_or_default();
                    Ok(Jobs::Scenarios(scenario::select(scenario::all(), names)?))
                }
            };
        }
        if self.scenarios.is_some() {
            return Err(HarnessError::NoScenarios { kernel: name() });
        }
        let mut foreign = Foreign::new(kernel);
        self.changes.iter().for_each(|(_, change)| change.0(&mut foreign));
        if let Some(path) = &self.initrd {
            let read = std::fs::read(path).map_err(|source| HarnessError::Initrd { path: path.clone(), source });
            foreign.initrd = Some(read?);
        }
        foreign.check(kernel).map_err(|error: ForeignError| SessionError::from(error))?;
        Ok(Jobs::Foreign(Box::new(foreign)))
    }
}

enum Jobs {
    Scenarios(Vec<scenario::Scenario>),
    Foreign(Box<Foreign>),
}
