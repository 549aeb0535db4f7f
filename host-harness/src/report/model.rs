//! What a report is about: where it ran, what was judged, and what came of it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use parakit_abi::requirement::{RequirementId, Side};

use crate::judge::ledger::Unjudged;
use crate::judge::{Verdict, Verdicts, ledger};
use crate::other_vmm::GuestImage;
use crate::scenario::{Backend, Ground, Outcome, RunRecord};
use crate::vmm::{Kernel, Ring0Speed};

/// Everything that one call of the harness has to say.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where it ran.
    pub host: HostInfo,
    /// What was judged.
    pub subject: SubjectInfo,
    /// Seed of every random choice.
    pub seed: u64,
    /// The runs, in their order.
    pub runs: Vec<RunRecord>,
    /// Scenarios that were asked for and could not be run, since what they ran on lacks something.
    pub skipped: Vec<Skipped>,
    /// From the first run's start to the last one's end.
    pub elapsed: Duration,
}

/// A scenario that could not be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Name of the scenario.
    pub scenario: String,
    /// What was lacking, as a part of a sentence.
    pub why: String,
}

/// The machine that the harness ran on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostInfo {
    /// What the guest ran on.
    pub kind: HostKind,
    /// The other VMM that guests ran under, by name and version where they are known, such as `QEMU 10.0.2`.
    pub vmm: Option<String>,
    /// CPUs that the harness may use; 0 where the operating system does not tell.
    pub cpus: usize,
    /// Release of the host's kernel, as `uname -r` says it; empty where it does not tell.
    pub kernel: String,
    /// Version of the harness.
    pub harness: String,
}

/// What guests ran on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// KVM.
    Kvm {
        /// Version of its interface; 12 since 2007.
        api_version: u32,
        /// How guest code runs in ring 0.
        ring0: Ring0,
    },
    /// Driver and devices in one process; no guest.
    Loopback,
    /// A VMM that is not ours, which had its devices from here over vhost-user.
    VhostUser,
    /// Another VMM ([`HostInfo::vmm`] says which).
    Vmm,
    /// Nothing: a recorded trace was judged again.
    Trace,
}

/// How guest code runs in ring 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ring0 {
    /// On the CPU.
    Hardware,
    /// By an emulator, an instruction at a time, as in some nested and all software hypervisors.
    Emulated,
    /// It could not be measured.
    Unknown,
}

/// What was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectInfo {
    /// Name: `parakit`, another subject's that the harness knows, or the file name of the kernel.
    pub name: String,
    /// Its version, where that is known.
    pub version: Option<String>,
    /// The kernel, where one was booted.
    pub kernel: Option<KernelFile>,
}

/// A kernel as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelFile {
    /// Where it was read from.
    pub path: PathBuf,
    /// SHA-256 of its bytes as they were booted, in hexadecimal digits.
    pub sha256: String,
}

impl Report {
    /// Whether nothing failed and no MUST was violated, in any run; a report without a run says nothing, so it does not conform.
    #[must_use]
    pub fn conforms(&self) -> bool {
        !self.runs.is_empty() && self.runs.iter().all(|run| run.outcome() == Outcome::Passed)
    }

    /// A verdict on every requirement of the catalogue, in its order. What no run could show because of where it ran is not observable.
    #[must_use]
    pub fn ledger(&self) -> Vec<(RequirementId, Verdict)> {
        let of = |(id, verdict)| match verdict {
            Verdict::NotExercised => match hidden(&self.runs, id) {
                Some(reason) => (id, Verdict::NotObservable { why: Unjudged::Unobservable, reason }),
                None => (id, verdict),
            },
            verdict => (id, verdict),
        };
        ledger(&self.verdicts()).into_iter().map(of).collect()
    }

    /// The verdicts of all runs together, without violations that a hostile device committed on purpose.
    #[must_use]
    pub fn verdicts(&self) -> Verdicts {
        let mut all = Verdicts::default();
        for run in &self.runs {
            let mut verdicts = run.verdicts.clone();
            if run.hostile {
                verdicts.entries.retain(|id, entry| entry.violated == 0 || id.get().side != Side::Device);
            }
            all.merge(&verdicts);
        }
        all
    }
}

/// Why none of the runs could show anything of a rule that is judged elsewhere; `None` if one could have.
pub(super) fn hidden(runs: &[RunRecord], id: RequirementId) -> Option<&'static str> {
    let mut reasons = runs.iter().map(|run| run.hides(id));
    let first = reasons.next()??;
    reasons.all(|reason| reason.is_some()).then_some(first)
}

impl HostInfo {
    /// This machine, and what `ground` is on it. Measures the speed of ring 0 if nobody has yet, which takes some milliseconds.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let kind = match ground {
            Ground::Kvm { host, .. } => HostKind::Kvm {
                api_version: host.api_version(),
                ring0: host.ring0_speed().map_or(Ring0::Unknown, Ring0::of),
            },
            Ground::Loopback(_) => HostKind::Loopback,
            Ground::Vmm { .. } => HostKind::Vmm,
        };
        let vmm = match ground {
            Ground::Vmm { vmm, .. } => Some(vmm.name()),
            Ground::Kvm { .. } | Ground::Loopback(_) => None,
        };
        Self { vmm, ..Self::here(kind) }
    }

    /// This machine, with guests that ran on `kind`.
    #[must_use]
    pub fn here(kind: HostKind) -> Self {
        Self {
            kind,
            vmm: None,
            cpus: std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
            kernel: release().unwrap_or_default(),
            harness: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Where the runs ran, if anywhere.
    #[must_use]
    pub const fn backend(&self) -> Option<Backend> {
        match self.kind {
            HostKind::Kvm { .. } => Some(Backend::Kvm),
            HostKind::Loopback => Some(Backend::Loopback),
            HostKind::VhostUser => Some(Backend::VhostUser),
            HostKind::Vmm => Some(Backend::Vmm),
            HostKind::Trace => None,
        }
    }
}

impl Ring0 {
    fn of(speed: Ring0Speed) -> Self {
        if speed.emulated() { Self::Emulated } else { Self::Hardware }
    }
}

impl SubjectInfo {
    /// What runs on `ground`: this project's own drivers in loopback, else what the kernel says of itself, or only its file.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        match ground {
            Ground::Kvm { kernel, .. } => Self::of_kernel(kernel),
            Ground::Loopback(_) => Self::parakit(),
            Ground::Vmm { guest, .. } => Self::of_guest(guest),
        }
    }

    /// The drivers of this project, of the harness's own version.
    #[must_use]
    pub fn parakit() -> Self {
        Self { name: "parakit".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()), kernel: None }
    }

    /// What a report calls the driver in a VMM that is not ours: nobody says what it is.
    pub const UNKNOWN_DRIVER: &'static str = "unknown driver over vhost-user";

    /// The driver in a VMM that is not ours.
    #[must_use]
    pub fn unknown_driver() -> Self {
        Self { name: Self::UNKNOWN_DRIVER.to_owned(), version: None, kernel: None }
    }

    /// A guest kernel that another VMM boots.
    #[must_use]
    pub fn of_guest(guest: &GuestImage) -> Self {
        let kernel = KernelFile { path: guest.path().to_owned(), sha256: guest.sha256().to_owned() };
        let said = guest.subject().map(|s| s.rsplit_once(' ').unwrap_or((s, "")));
        let (name, version) = said.unwrap_or(("a kernel without a name", ""));
        let version = Some(version.to_owned()).filter(|v| !v.is_empty());
        Self { name: name.to_owned(), version, kernel: Some(kernel) }
    }

    /// A kernel: what it says of itself ([`Kernel::subject`]), or its file name.
    #[must_use]
    pub fn of_kernel(kernel: &Kernel) -> Self {
        let file = KernelFile::of(kernel);
        let (name, version) = match kernel.subject().map(|s| s.rsplit_once(' ').unwrap_or((s, ""))) {
            Some((name, version)) => (name.to_owned(), Some(version.to_owned()).filter(|v| !v.is_empty())),
            None => {
                let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned());
                (name.unwrap_or_else(|| kernel.name().to_owned()), None)
            }
        };
        Self { name, version, kernel: Some(file) }
    }
}

impl KernelFile {
    fn of(kernel: &Kernel) -> Self {
        Self { path: PathBuf::from(kernel.name()), sha256: kernel.sha256() }
    }
}

/// Release of the running kernel.
fn release() -> io::Result<String> {
    let text = std::fs::read_to_string("/proc/sys/kernel/osrelease")?;
    Ok(text.trim().to_owned())
}
