//! How far the driver has come with a device: what many rules need to know.

use parakit_abi::device::DeviceType;
use parakit_abi::feature::Features;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::NO_VECTOR;

use crate::observe::event::DeviceInfo;
use crate::observe::{EventKind, decode};

/// The status of a device that a driver has brought up.
pub(crate) const LIVE: DeviceStatus = DeviceStatus(
    DeviceStatus::ACKNOWLEDGE.0 | DeviceStatus::DRIVER.0 | DeviceStatus::FEATURES_OK.0 | DeviceStatus::DRIVER_OK.0,
);

/// What the driver has done since it last reset the device. Checkers hold one and show it every event, after they judged it.
#[derive(Clone, Debug)]
pub struct Progress {
    device_type: DeviceType,
    announced: Features,
    /// Feature bits on offer: each word as last read, or as the device announced it while it was not read.
    pub offered: Features,
    /// Words of the offer that the driver has read since the trace began (bit 0: word 0 ...).
    pub words_read: u8,
    /// Feature bits written as accepted since the reset, until FEATURES_OK.
    pub accepted: Features,
    /// A write of feature bits from 128 on: word and value.
    pub beyond: Option<(u32, u32)>,
    /// Every status bit that the driver has set since the reset.
    pub written: DeviceStatus,
    /// What the status, as last read, still shows of the time before the reset; nothing once the reset is done.
    pub stale: DeviceStatus,
    /// The driver went on from a status that still showed the time before the reset, and wrote that back: which steps it meant cannot be told.
    pub unclear: bool,
    /// The driver wrote a status of its own, not one that it had read.
    own: bool,
    /// The status as last read since the reset.
    pub shown: Option<DeviceStatus>,
    /// How the agreement on features stands.
    pub agreement: Agreement,
    /// Whether the driver has written a reset since the trace began.
    pub was_reset: bool,
    /// Whether the device refused to map something to an MSI-X vector since the reset: a reason to give up (§4.1.5.1.2.2).
    pub vector_refused: bool,
}

/// How the agreement on features stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// FEATURES_OK has not been written since the reset.
    Open,
    /// Written and not read back.
    Asked,
    /// Read back as set.
    Confirmed,
    /// Read back as clear: the device does not take this set of features.
    Refused,
}

impl Progress {
    /// Nothing done yet.
    #[must_use]
    pub fn new(info: &DeviceInfo) -> Self {
        let announced = Features(u128::from(info.offered[0]) | u128::from(info.offered[1]) << 64);
        Self {
            device_type: DeviceType(info.device_type),
            announced,
            offered: announced,
            words_read: 0,
            accepted: Features::NONE,
            beyond: None,
            written: DeviceStatus::RESET,
            stale: DeviceStatus::RESET,
            unclear: false,
            own: false,
            shown: None,
            agreement: Agreement::Open,
            was_reset: false,
            vector_refused: false,
        }
    }

    /// Takes note of an event.
    pub fn follow(&mut self, kind: &EventKind) {
        match *kind {
            EventKind::StatusWrite { value: 0 } => {
                let (device_type, announced, words_read) = (self.device_type, self.announced, self.words_read);
                *self = Self {
                    device_type,
                    announced,
                    offered: announced,
                    words_read,
                    accepted: Features::NONE,
                    beyond: None,
                    written: DeviceStatus::RESET,
                    stale: DeviceStatus::RESET,
                    unclear: false,
                    own: false,
                    shown: None,
                    agreement: Agreement::Open,
                    was_reset: true,
                    vector_refused: false,
                };
            }
            EventKind::StatusWrite { value } => {
                let (value, added) = (DeviceStatus(value), self.adds(DeviceStatus(value)));
                if added.contains(DeviceStatus::FEATURES_OK) && self.agreement == Agreement::Open {
                    self.agreement = Agreement::Asked;
                }
                self.unclear = self.unclear_with(value);
                self.own |= !self.keeps(value) && steps(value) != DeviceStatus::RESET;
                self.written = self.written.with(added);
            }
            // What came before is not seen: the driver is at the end of the bring-up.
            EventKind::Started { features: [low, high] } => {
                self.accepted = Features(u128::from(low) | u128::from(high) << 64);
                self.written = LIVE;
                self.agreement = Agreement::Confirmed;
            }
            EventKind::StatusRead { value } => {
                let value = DeviceStatus(value);
                self.shown = Some(value);
                self.stale =
                    if self.was_reset && !self.own { value.without(self.written) } else { DeviceStatus::RESET };
                let ok = value.contains(DeviceStatus::FEATURES_OK);
                match self.agreement {
                    Agreement::Asked | Agreement::Refused if ok => self.agreement = Agreement::Confirmed,
                    Agreement::Asked => self.agreement = Agreement::Refused,
                    _ => {}
                }
            }
            EventKind::VectorRead { value: NO_VECTOR, .. } => self.vector_refused = true,
            EventKind::DeviceFeaturesRead { word, value } => {
                self.offered = self.offered.with_word(word, value);
                self.words_read |= 1_u8.checked_shl(word).unwrap_or(0);
            }
            // What comes after FEATURES_OK changes nothing any more (§2.2), unless the device refused.
            EventKind::DriverFeaturesWrite { word, value }
                if matches!(self.agreement, Agreement::Open | Agreement::Refused) =>
            {
                self.accepted = self.accepted.with_word(word, value);
                if word >= 4 && value != 0 {
                    self.beyond = Some((word, value));
                }
            }
            _ => {}
        }
    }

    /// The bits that a write of `value` sets: those that neither the driver has set before, nor the status shows from before the reset. A driver
    /// that writes these back with what it adds sets what it adds.
    #[must_use]
    pub fn adds(&self, value: DeviceStatus) -> DeviceStatus {
        value.without(self.written).without(if self.keeps(value) { self.stale } else { DeviceStatus::RESET })
    }

    /// Whether it cannot be told, once `value` is written, which steps of the bring-up the driver takes to be done.
    #[must_use]
    pub fn unclear_with(&self, value: DeviceStatus) -> bool {
        // Giving up is no step.
        let gives_up = value.contains(DeviceStatus::FAILED) && steps(self.adds(value)) == DeviceStatus::RESET;
        self.unclear || self.keeps(value) && !gives_up
    }

    /// Whether `value` is what the status shows from before the reset, written back.
    fn keeps(&self, value: DeviceStatus) -> bool {
        // ACKNOWLEDGE alone is how every bring-up begins, whatever was read.
        let first = steps(value) == DeviceStatus::ACKNOWLEDGE;
        self.stale != DeviceStatus::RESET && !first && value.contains(self.stale)
    }

    /// Features of the device by name.
    #[must_use]
    pub fn names(&self, features: Features) -> String {
        decode::feature_names(self.device_type, features)
    }

    /// An event of the device in words.
    #[must_use]
    pub fn words(&self, kind: &EventKind) -> String {
        decode::phrase(kind, self.device_type, self.accepted)
    }

    /// Whether the driver has set DRIVER_OK since the reset: the device is live.
    #[must_use]
    pub const fn live(&self) -> bool {
        self.written.contains(DeviceStatus::DRIVER_OK)
    }

    /// Whether the driver has given up on the device since the reset.
    #[must_use]
    pub const fn failed(&self) -> bool {
        self.written.contains(DeviceStatus::FAILED)
    }

    /// Whether both sides agreed on feature `bit`, as far as it can be known: accepted, and FEATURES_OK written and not refused.
    #[must_use]
    pub const fn negotiated(&self, bit: u32) -> bool {
        matches!(self.agreement, Agreement::Asked | Agreement::Confirmed) && self.accepted.has(bit)
    }
}

/// The steps of the bring-up that a status names.
#[must_use]
pub const fn steps(status: DeviceStatus) -> DeviceStatus {
    DeviceStatus(status.0 & DeviceStatus::STEPS.0)
}

/// Whether an event is the end of a run that the guest finished by itself. Only then does something that is missing prove anything:
/// a run that was cut off might have brought it yet.
#[must_use]
pub fn finished(kind: &EventKind) -> bool {
    matches!(kind, EventKind::End { reason } if reason == EventKind::FINISHED)
}
