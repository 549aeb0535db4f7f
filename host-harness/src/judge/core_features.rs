//! CORE: what a driver may and should accept (VIRTIO 1.4 §2.2.1, §6.1).
//!
//! The set is judged when FEATURES_OK is written: that is when the driver says that it is complete. One that leaves FEATURES_OK out
//! says so with DRIVER_OK.

use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::status::DeviceStatus;

use super::feature_bits::{self, Ban};
use super::progress::{Agreement, Progress, finished};
use super::transport::{is_pci, is_plain};
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::DeviceInfo;
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[
    CheckerKind {
        name: "core_features::accepted",
        requirements: &[
            id::CORE_DRV_FEAT_1,
            id::CORE_DRV_FEAT_2,
            id::CORE_DRV_RESFEAT_1,
            id::CORE_DRV_RESFEAT_3,
            id::CORE_DRV_RESFEAT_6,
            id::CORE_DRV_RESFEAT_7,
            id::CORE_DRV_RESFEAT_13,
        ],
        make: |info| {
            let (progress, device_type, pci) = (Progress::new(info), info.device_type, is_pci(info));
            Some(Box::new(Accepted { progress, device_type, pci }))
        },
    },
    CheckerKind {
        name: "core_features::banned",
        requirements: &[
            id::CORE_DRV_FEAT_3,
            id::CORE_DRV_FEAT_4,
            id::CORE_DRV_FEAT_5,
            id::CORE_DRV_FEAT_6,
            id::CORE_DRV_FEAT_7,
            id::CORE_DRV_FEAT_8,
        ],
        make: |info| Some(Box::new(Banned { progress: Progress::new(info), bans: feature_bits::bans(info) })),
    },
    CheckerKind {
        name: "core_features::no_fallback",
        requirements: &[id::CORE_DRV_FEAT_10],
        make: |info| is_plain(info).then(|| Box::new(NoFallback { progress: Progress::new(info), over: false }) as _),
    },
    CheckerKind {
        name: "core_features::unknown_offered",
        requirements: &[id::CORE_DRV_FEAT_11],
        make: |info| (is_plain(info) && info.assigned).then(|| Box::new(UnknownOffered::new(info)) as _),
    },
];

/// Whether an event is the write that completes the set of features.
fn completes(event: &Event, progress: &Progress) -> bool {
    let EventKind::StatusWrite { value } = event.kind else { return false };
    let sets = |bit| progress.adds(DeviceStatus(value)).contains(bit);
    progress.agreement == Agreement::Open && (sets(DeviceStatus::FEATURES_OK) || sets(DeviceStatus::DRIVER_OK))
}

/// Only what is offered is accepted, with what it needs; and what the specification asks to accept, is.
struct Accepted {
    progress: Progress,
    device_type: u32,
    pci: bool,
}

impl Accepted {
    /// Bits that are to be accepted when offered, and where that is said.
    const WANTED: [(u32, RequirementId); 5] = [
        (feature::VERSION_1, id::CORE_DRV_RESFEAT_1),
        (feature::ACCESS_PLATFORM, id::CORE_DRV_RESFEAT_3),
        (feature::RING_PACKED, id::CORE_DRV_RESFEAT_6),
        (feature::ORDER_PLATFORM, id::CORE_DRV_RESFEAT_7),
        (feature::NOTIF_CONFIG_DATA, id::CORE_DRV_RESFEAT_13),
    ];

    fn judge(&self, event: &Event, verdicts: &mut Verdicts) {
        let Progress { offered, accepted, beyond, .. } = self.progress;
        let extra = accepted.without(offered);
        if extra == Features::NONE && beyond.is_none() {
            verdicts.pass(id::CORE_DRV_FEAT_1);
        } else {
            let seen = match beyond {
                Some((word, value)) if extra == Features::NONE => format!("word {word} of the features: {value:#x}"),
                _ => format!("accepted without an offer: {}", self.progress.names(extra)),
            };
            verdicts.violate(id::CORE_DRV_FEAT_1, event, "only offered features are accepted", seen);
        }
        let mut dependent = false;
        for (bit, needs) in feature_bits::needs(self.device_type).filter(|(bit, _)| accepted.has(*bit)) {
            dependent = true;
            if !needs.iter().any(|set| accepted.contains(*set)) {
                let names = |features| self.progress.names(features);
                let needs: Vec<_> = needs.iter().copied().map(names).collect();
                let (bit, needs) = (names(Features::bit(bit)), needs.join(" or "));
                let seen = format!("{bit} accepted without {needs}; accepted are {}", names(accepted));
                verdicts.violate(id::CORE_DRV_FEAT_2, event, "a feature is accepted only with what it requires", seen);
                return;
            }
        }
        if dependent {
            verdicts.pass(id::CORE_DRV_FEAT_2);
        }
    }

    fn wanted(&self, event: &Event, verdicts: &mut Verdicts) {
        for (bit, rule) in Self::WANTED {
            // The other transports have no place where a device could give notification data.
            if !self.progress.offered.has(bit) || bit == feature::NOTIF_CONFIG_DATA && !self.pci {
                continue;
            }
            if self.progress.accepted.has(bit) {
                verdicts.pass(rule);
            } else {
                let name = feature::name(bit).unwrap_or_default();
                let accepted = self.progress.names(self.progress.accepted);
                let seen = format!("{name} is offered and not accepted; accepted are {accepted}");
                verdicts.violate(rule, event, format!("{name} is accepted where it is offered"), seen);
            }
        }
    }
}

impl Checker for Accepted {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if completes(event, &self.progress) {
            self.judge(event, verdicts);
            self.wanted(event, verdicts);
        }
        self.progress.follow(&event.kind);
    }
}

/// Bits that no driver may accept, even though the device offers them.
///
/// Each kind of bit has its rule, and is judged where a bit of the kind is offered (or accepted without an offer). The two rules before the
/// list, to validate the offer and to ignore such bits, are kept by a driver that accepts none of them.
struct Banned {
    progress: Progress,
    bans: Vec<(Ban, Features)>,
}

impl Banned {
    fn rule(ban: Ban) -> (RequirementId, &'static str) {
        match ban {
            Ban::Undescribed => {
                (id::CORE_DRV_FEAT_5, "no feature is accepted that the specification does not describe")
            }
            Ban::Reserved => (id::CORE_DRV_FEAT_6, "no reserved feature is accepted"),
            Ban::Transport => (id::CORE_DRV_FEAT_7, "no feature is accepted that the transport does not support"),
            Ban::DeviceType => (id::CORE_DRV_FEAT_8, "no feature is accepted that the device type does not define"),
        }
    }
}

impl Checker for Banned {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if completes(event, &self.progress) {
            let Progress { offered, accepted, beyond, .. } = self.progress;
            let (mut tried, mut wrong) = (false, None);
            for (ban, bits) in &self.bans {
                let (rule, expected) = Self::rule(*ban);
                let taken = accepted.and(*bits);
                if let (Ban::Reserved, Some((word, value))) = (ban, beyond) {
                    let seen = format!("word {word} of the features: {value:#x} (all bits from 128 on are reserved)");
                    verdicts.violate(rule, event, expected, seen);
                    tried = true;
                } else if taken != Features::NONE {
                    verdicts.violate(rule, event, expected, format!("accepted: {}", self.progress.names(taken)));
                    (tried, wrong) = (true, wrong.or(Some(taken)));
                } else if offered.and(*bits) != Features::NONE {
                    verdicts.pass(rule);
                    tried = true;
                }
            }
            for rule in [id::CORE_DRV_FEAT_3, id::CORE_DRV_FEAT_4].into_iter().filter(|_| tried) {
                match wrong.filter(|taken| offered.contains(*taken)) {
                    Some(taken) => {
                        let expected = "offered features that may not be accepted are found and ignored";
                        let seen = format!("accepted, because offered: {}", self.progress.names(taken));
                        verdicts.violate(rule, event, expected, seen);
                    }
                    None => verdicts.pass(rule),
                }
            }
        }
        self.progress.follow(&event.kind);
    }
}

/// A driver that cannot do without a missing feature says FAILED and stops.
///
/// Which features a driver needs is its own affair, but one it is allowed to insist on: VERSION_1. Where that is missing and
/// the driver gives up (it resets, or the guest ends, before FEATURES_OK), FAILED must have been written.
struct NoFallback {
    progress: Progress,
    over: bool,
}

impl Checker for NoFallback {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let begun = self.progress.written.contains(DeviceStatus::DRIVER) && self.progress.words_read & 2 != 0;
        let missing = !self.progress.offered.has(feature::VERSION_1);
        if begun && missing && !self.over && self.progress.agreement == Agreement::Open {
            let failed = self.progress.failed();
            match event.kind {
                EventKind::StatusWrite { value: 0 } if !failed => self.silent(event, verdicts),
                ref kind if finished(kind) && !failed => self.silent(event, verdicts),
                EventKind::StatusWrite { value } if !failed && DeviceStatus(value).contains(DeviceStatus::FAILED) => {
                    verdicts.pass(id::CORE_DRV_FEAT_10);
                }
                EventKind::StatusWrite { value }
                    if failed
                        && DeviceStatus(value).0 & (DeviceStatus::FEATURES_OK.0 | DeviceStatus::DRIVER_OK.0) != 0 =>
                {
                    self.over = true;
                    let seen = format!("status {} after FAILED", DeviceStatus(value));
                    verdicts.violate(id::CORE_DRV_FEAT_10, event, "after FAILED the bring-up ends", seen);
                }
                _ => {}
            }
        }
        self.progress.follow(&event.kind);
        if matches!(event.kind, EventKind::StatusWrite { value: 0 }) {
            self.over = false;
        }
    }
}

impl NoFallback {
    fn silent(&self, event: &Event, verdicts: &mut Verdicts) {
        verdicts.violate(
            id::CORE_DRV_FEAT_10,
            event,
            "a driver that cannot do without a feature writes FAILED",
            format!("VERSION_1 is not offered and the driver gave up with status {}", self.progress.written),
        );
    }
}

/// Unknown features on offer are no reason to give up.
///
/// A driver that writes FAILED may have another reason. It has none where it was told to drive the device and has only read features: identity
/// good, VERSION_1 offered, configuration space not read.
struct UnknownOffered {
    progress: Progress,
    unknown: Features,
    config_read: bool,
}

impl UnknownOffered {
    fn new(info: &DeviceInfo) -> Self {
        let unknown = feature_bits::bans(info).iter().fold(Features::NONE, |all, (_, bits)| all.with(*bits));
        Self { progress: Progress::new(info), unknown, config_read: false }
    }
}

impl Checker for UnknownOffered {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let unknown = self.progress.offered.and(self.unknown);
        if unknown != Features::NONE
            && self.progress.words_read != 0
            && let EventKind::StatusWrite { value } = event.kind
            && !self.progress.failed()
            && self.progress.agreement == Agreement::Open
        {
            let value = DeviceStatus(value);
            if value.contains(DeviceStatus::FAILED) {
                let excused = self.progress.vector_refused || self.progress.stale != DeviceStatus::RESET;
                if self.progress.offered.has(feature::VERSION_1) && !self.config_read && !excused {
                    let unknown = self.progress.names(unknown);
                    let seen = format!("FAILED after nothing but features was read; unknown ones on offer: {unknown}");
                    verdicts.violate(id::CORE_DRV_FEAT_11, event, "unknown features are no reason to fail", seen);
                }
            } else if value.contains(DeviceStatus::FEATURES_OK) {
                verdicts.pass(id::CORE_DRV_FEAT_11);
            }
        }
        match event.kind {
            EventKind::StatusWrite { value: 0 } => self.config_read = false,
            EventKind::ConfigRead { .. } => self.config_read = true,
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
