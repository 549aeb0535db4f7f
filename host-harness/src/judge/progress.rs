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
    /// Every status bit written since the reset.
    pub written: DeviceStatus,
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
                    shown: None,
                    agreement: Agreement::Open,
                    was_reset: true,
                    vector_refused: false,
                };
            }
            EventKind::StatusWrite { value } => {
                let value = DeviceStatus(value);
                if value.contains(DeviceStatus::FEATURES_OK) && self.agreement == Agreement::Open {
                    self.agreement = Agreement::Asked;
                }
                self.written = self.written.with(value);
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

/// Whether an event is the end of a run that the guest finished by itself. Only then does something that is missing prove anything:
/// a run that was cut off might have brought it yet.
#[must_use]
pub fn finished(kind: &EventKind) -> bool {
    matches!(kind, EventKind::End { reason } if reason == EventKind::FINISHED)
}
