//! CORE: the configuration space (VIRTIO 1.4 §2.5.1).

use parakit_abi::device::{ConfigField, DeviceType, config_fields};
use parakit_abi::feature;
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

use super::feature_bits;
use super::progress::{Agreement, Progress, finished};
use super::transport::{is_modern, is_plain};
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::DeviceInfo;
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[
    CheckerKind {
        name: "core_config::generation",
        requirements: &[id::CORE_DRV_CONFIG_2],
        make: |info| {
            let fields = fields(info).filter(|_| is_modern(info))?;
            Some(Box::new(Generation { fields, ..Generation::default() }))
        },
    },
    CheckerKind {
        name: "core_config::optional_fields",
        requirements: &[id::CORE_DRV_CONFIG_3],
        make: |info| Some(Box::new(Optional { fields: fields(info)?, progress: Progress::new(info) })),
    },
    CheckerKind {
        name: "core_config::larger",
        requirements: &[id::CORE_DRV_CONFIG_4],
        make: |info| is_larger(info).then(|| Box::new(Larger(Progress::new(info))) as _),
    },
];

/// The configuration fields of a device whose type is known to have some.
pub(super) fn fields(info: &DeviceInfo) -> Option<&'static [ConfigField]> {
    config_fields(DeviceType(info.device_type)).filter(|fields| !fields.is_empty())
}

/// Fields that an access of `width` bytes at `offset` touches.
pub(super) fn touched(
    fields: &'static [ConfigField],
    offset: u32,
    width: u8,
) -> impl Iterator<Item = &'static ConfigField> {
    let (start, end) = (u64::from(offset), u64::from(offset) + u64::from(width));
    fields.iter().filter(move |f| u64::from(f.offset) < end && start < u64::from(f.offset + f.width))
}

/// What is read of a field wider than 32 bits is read between two equal generations, or again.
///
/// The advice is about every read, its reason about what takes more than one access: a field of at most 32 bits read alone is
/// the same with and without the generation, and is let be. A 64-bit field that was read in two halves is judged once the driver is seen to be
/// done with it: when it reads the field again, goes on to another status, or ends.
#[derive(Default)]
struct Generation {
    fields: &'static [ConfigField],
    /// The generation as last read.
    before: Option<u32>,
    /// Wide fields of which a part was read since then, and the offsets that were read.
    reads: Vec<(&'static ConfigField, Vec<u32>)>,
    /// Fields read between two generations that differ: to be read again.
    torn: Vec<&'static ConfigField>,
}

impl Generation {
    const EXPECTED: &str = "a field wider than 32 bits is read between two equal configuration generations";

    fn read(&mut self, offset: u32, width: u8, event: &Event, verdicts: &mut Verdicts) {
        for field in touched(self.fields, offset, width).filter(|f| f.width > 4) {
            self.torn.retain(|torn| *torn != field);
            match self.reads.iter_mut().find(|(known, _)| *known == field) {
                Some((_, offsets)) if !offsets.contains(&offset) => offsets.push(offset),
                Some((_, offsets)) => {
                    let whole = Self::whole(offsets);
                    *offsets = vec![offset];
                    if whole {
                        Self::alone(field, event, verdicts);
                    }
                }
                None => self.reads.push((field, vec![offset])),
            }
        }
    }

    /// Both halves were read, so a value was put together.
    fn whole(offsets: &[u32]) -> bool {
        offsets.len() > 1
    }

    fn alone(field: &ConfigField, event: &Event, verdicts: &mut Verdicts) {
        let seen = format!("{} was read in parts, and the generation not read before and after", field.name);
        verdicts.violate(id::CORE_DRV_CONFIG_2, event, Self::EXPECTED, seen);
    }

    fn generation(&mut self, value: u32, event: &Event, verdicts: &mut Verdicts) {
        let before = self.before.replace(value);
        for (field, offsets) in std::mem::take(&mut self.reads) {
            match before {
                Some(before) if before == value => verdicts.pass(id::CORE_DRV_CONFIG_2),
                Some(_) => self.torn.push(field),
                None if Self::whole(&offsets) => Self::alone(field, event, verdicts),
                None => {}
            }
        }
    }

    /// The driver is done with what it read.
    fn done(&mut self, event: &Event, verdicts: &mut Verdicts) {
        for (field, _) in self.reads.drain(..).filter(|(_, offsets)| Self::whole(offsets)) {
            Self::alone(field, event, verdicts);
        }
        for field in self.torn.drain(..) {
            let seen = format!("{} was read while the generation changed, and not read again", field.name);
            verdicts.violate(id::CORE_DRV_CONFIG_2, event, Self::EXPECTED, seen);
        }
    }
}

impl Checker for Generation {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::ConfigRead { offset, width, .. } => self.read(offset, width, event, verdicts),
            EventKind::ConfigGenerationRead { value } => self.generation(value, event, verdicts),
            // A driver that gives up (a reset, FAILED) uses nothing of what it read.
            EventKind::StatusWrite { value } if value == 0 || value & DeviceStatus::FAILED.0 != 0 => {
                self.reads.clear();
                self.torn.clear();
            }
            EventKind::StatusWrite { .. } => self.done(event, verdicts),
            ref kind if finished(kind) => self.done(event, verdicts),
            _ => {}
        }
    }
}

/// A field that depends on a feature is touched only when the driver has looked for the feature and found it offered.
struct Optional {
    fields: &'static [ConfigField],
    progress: Progress,
}

impl Checker for Optional {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if let EventKind::ConfigRead { offset, width, .. } | EventKind::ConfigWrite { offset, width, .. } = event.kind {
            for (field, bit) in touched(self.fields, offset, width).filter_map(|f| Some((f, f.feature?))) {
                let offered = self.progress.offered.has(bit);
                let looked = self.progress.words_read.checked_shr(bit / 32).unwrap_or(0) & 1 != 0;
                if offered && looked {
                    verdicts.pass(id::CORE_DRV_CONFIG_3);
                } else {
                    let why = if offered { "without having read the offered features" } else { "which is not offered" };
                    let seen = format!("{} accessed; it depends on feature {bit}, {why}", field.name);
                    let expected = "an optional field is accessed only after its feature was seen on offer";
                    verdicts.violate(id::CORE_DRV_CONFIG_3, event, expected, seen);
                }
            }
        }
        self.progress.follow(&event.kind);
    }
}

/// A larger configuration space than the driver knows is no reason to give up.
///
/// A driver may have other reasons to write FAILED, so a device that gives some (an odd identity, odd features, refused features, an
/// error of its own) is not judged.
struct Larger(Progress);

fn is_larger(info: &DeviceInfo) -> bool {
    let known = config_fields(DeviceType(info.device_type))
        .map(|fields| fields.iter().map(|f| f.offset as usize + f.width as usize).max().unwrap_or(0));
    // Up to 3 bytes behind the last field may be the padding of the structure.
    let larger = known.is_some_and(|size| info.config.len() > size + 3);
    let progress = Progress::new(info);
    let odd = feature_bits::bans(info).iter().any(|(_, bits)| progress.offered.and(*bits).0 != 0);
    // A guest that nobody told to drive the device may give up on it for any reason.
    larger && !odd && progress.offered.has(feature::VERSION_1) && is_plain(info) && info.assigned
}

impl Checker for Larger {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if let EventKind::StatusWrite { value } = event.kind {
            let value = DeviceStatus(value);
            let excused = self.0.agreement == Agreement::Refused
                || self.0.vector_refused
                || self.0.stale != DeviceStatus::RESET
                || self.0.shown.is_some_and(|s| s.contains(DeviceStatus::DEVICE_NEEDS_RESET));
            if value.contains(DeviceStatus::FAILED) && !self.0.failed() && !self.0.live() && !excused {
                verdicts.violate(
                    id::CORE_DRV_CONFIG_4,
                    event,
                    "a configuration space larger than the known fields is accepted",
                    "FAILED was written before DRIVER_OK, and nothing but the size of the configuration space is unusual",
                );
            } else if value.contains(DeviceStatus::DRIVER_OK) && !self.0.live() && !self.0.failed() {
                verdicts.pass(id::CORE_DRV_CONFIG_4);
            }
        }
        self.0.follow(&event.kind);
    }
}
