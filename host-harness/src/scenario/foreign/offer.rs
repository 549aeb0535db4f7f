//! What devices offer, as users change it: `+packed,-event_idx,-blk.flush`.

use std::fmt;
use std::str::FromStr;

use parakit_abi::device::DeviceType;
use parakit_abi::device::block::feature as block_feature;
use parakit_abi::feature::{self, Features};

use super::Device;
use crate::likeness;
use crate::observe::event::TransportKind;
use crate::scenario::DeviceKind;
use crate::transport::device::IMPLEMENTED;
use crate::transport::vhost_user;

/// Changes to what the devices of a run offer; what is not named stays as it is ([`DeviceOptions::FEATURES`] and what each device has).
///
/// Names are those of VIRTIO 1.4 without their prefix, `packed` for `ring_packed` among them; those of a device type stand behind its name, as
/// in `blk.flush`. `+all` offers every device-independent feature that the devices have.
///
/// ```
/// use parakit_harness::scenario::foreign::Offer;
/// let offer: Offer = "+packed,-event_idx,-blk.flush".parse().unwrap();
/// assert_eq!(offer.to_string(), "+ring_packed,-event_idx,-block.flush");
/// let error = "+pakced".parse::<Offer>().unwrap_err();
/// assert!(error.to_string().contains("did you mean `packed`?"));
/// ```
///
/// [`DeviceOptions::FEATURES`]: crate::transport::device::DeviceOptions::FEATURES
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer(Vec<Change>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    add: bool,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    All,
    /// A device-independent bit.
    Bit(u32),
    /// A bit of a device type.
    Of(DeviceType, u32),
}

/// Device types with feature bits of their own, as users write them.
const TYPES: &[(&str, DeviceType)] = &[
    ("block", DeviceType::BLOCK),
    ("blk", DeviceType::BLOCK),
    ("net", DeviceType::NET),
    ("console", DeviceType::CONSOLE),
    ("gpu", DeviceType::GPU),
    ("vsock", DeviceType::VSOCK),
];

/// Short forms.
const SHORT: &[(&str, u32)] = &[("packed", feature::RING_PACKED), ("indirect", feature::INDIRECT_DESC)];

/// Why an offer makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// Neither `+` nor `-`.
    #[error("`{term}` says neither + nor -: write `+{term}` to offer the feature, `-{term}` to leave it out")]
    Sign {
        /// What was written.
        term: String,
    },
    /// No such feature.
    #[error(
        "there is no feature `{name}`;{} the names are those of VIRTIO 1.4, as in `event_idx`, and after the device's where it has them, as in `blk.flush`",
        likeness::hint(.nearest.as_deref())
    )]
    Unknown {
        /// What was written.
        name: String,
        /// The name that is most like it, if one is.
        nearest: Option<String>,
    },
    /// Offered and left out.
    #[error("`{name}` is offered and left out at once; leave one of the two out")]
    Both {
        /// The feature.
        name: String,
    },
    /// The harness has no such feature.
    #[error("the harness has no devices with `{name}`; leave it out")]
    NotImplemented {
        /// The feature.
        name: String,
    },
    /// A modern device without `VIRTIO_F_VERSION_1`.
    #[error(
        "a device has to offer `version_1` (VIRTIO 1.4 §6.1); for one that does not, give the device `oddity=version-1-missing`"
    )]
    Version1,
    /// Not over this transport.
    #[error("`{name}` cannot be offered over {transport} ({why}); leave it out, or choose another transport")]
    Transport {
        /// The feature.
        name: String,
        /// The transport.
        transport: &'static str,
        /// Why.
        why: &'static str,
    },
    /// No device of this type.
    #[error("`{name}` is for devices that the run has none of; add such a device, or leave the feature out")]
    NoDevice {
        /// The feature.
        name: String,
    },
    /// The device has nothing behind this feature.
    #[error("the device {device} has nothing behind the feature `{name}`; leave it out")]
    NotOfDevice {
        /// The device.
        device: String,
        /// The feature.
        name: String,
    },
    /// A feature without what it needs.
    #[error(
        "the device {device} would offer `{name}` without what it needs (VIRTIO 1.4 §5); leave out both, or neither"
    )]
    Needs {
        /// The device.
        device: String,
        /// The feature.
        name: String,
    },
}

impl Offer {
    /// Changes both, the other's after these.
    ///
    /// # Errors
    /// They contradict each other.
    pub fn and(mut self, other: Self) -> Result<Self, OfferError> {
        self.0.extend(other.0);
        self.consistent()
    }

    /// Whether the ring is said to be packed (or not); `None` if nothing is said.
    #[must_use]
    pub fn packed(&self) -> Option<bool> {
        self.0.iter().find(|c| c.what == What::Bit(feature::RING_PACKED)).map(|c| c.add)
    }

    fn consistent(self) -> Result<Self, OfferError> {
        let contradicts = |one: &Change| self.0.iter().any(|other| other.what == one.what && other.add != one.add);
        match self.0.iter().find(|c| contradicts(c)) {
            Some(change) => Err(OfferError::Both { name: change.what.to_string() }),
            None => Ok(self),
        }
    }

    /// Whether devices like these can offer it over this transport.
    ///
    /// # Errors
    /// Which feature cannot be offered, or left out, and what to do.
    pub fn check(&self, devices: &[Device], transport: TransportKind) -> Result<(), OfferError> {
        for Change { add, what } in self.0.iter().copied() {
            let name = what.to_string();
            match what {
                What::All => {}
                What::Bit(feature::VERSION_1) if !add => return Err(OfferError::Version1),
                What::Bit(bit) if !IMPLEMENTED.has(bit) => return Err(OfferError::NotImplemented { name }),
                What::Bit(bit) if add && transport == TransportKind::MmioLegacy && bit >= 32 => {
                    let why = "the legacy interface has no feature bits from 32 on";
                    return Err(OfferError::Transport { name, transport: "mmio-legacy", why });
                }
                What::Bit(feature::NOTIF_CONFIG_DATA) if add && transport != TransportKind::Pci => {
                    return Err(OfferError::Transport { name, transport: transport.name(), why: "it is of PCI alone" });
                }
                What::Bit(bit) if add && transport == TransportKind::VhostUser && !vhost_user::POSSIBLE.has(bit) => {
                    let why = "what the feature is about stays with the VMM";
                    return Err(OfferError::Transport { name, transport: "vhost-user", why });
                }
                What::Bit(_) => {}
                What::Of(device_type, _) if devices.iter().all(|d| device_type_of(d) != device_type) => {
                    return Err(OfferError::NoDevice { name });
                }
                What::Of(..) => {}
            }
        }
        Ok(())
    }

    /// Makes a device offer it: the device-independent features at once, those of its type where the model has a switch for them.
    pub(in crate::scenario) fn apply(&self, device: &mut Device, transport: TransportKind) {
        for Change { add, what } in self.0.iter().copied() {
            let bits = match what {
                What::All => {
                    let mut all = IMPLEMENTED;
                    if transport != TransportKind::Pci {
                        all = all.without(Features::bit(feature::NOTIF_CONFIG_DATA));
                    }
                    if transport == TransportKind::VhostUser {
                        all = all.and(vhost_user::POSSIBLE);
                    }
                    all.without(Features::bit(feature::VERSION_1))
                }
                What::Bit(bit) => Features::bit(bit),
                What::Of(DeviceType::BLOCK, bit) => {
                    if let DeviceKind::Block(block) = &mut device.spec.kind {
                        match bit {
                            block_feature::RO => block.read_only = add,
                            block_feature::CONFIG_WCE => block.config_wce = add,
                            _ => {}
                        }
                    }
                    continue;
                }
                What::Of(..) => continue,
            };
            let features = device.spec.features;
            device.spec.features = if add { features.with(bits) } else { features.without(bits) };
        }
    }

    /// Of the features of its own type that a device has, those that it is to offer.
    ///
    /// # Errors
    /// It has nothing behind one that it is to offer, or would offer one without what it needs.
    pub(in crate::scenario) fn of_type(
        &self,
        device: &str,
        kind: DeviceType,
        has: Features,
    ) -> Result<Features, OfferError> {
        let mut offered = has;
        for Change { add, what } in self.0.iter().copied() {
            let What::Of(of, bit) = what else { continue };
            if of != kind {
                continue;
            }
            if add && !has.has(bit) {
                return Err(OfferError::NotOfDevice { device: device.to_owned(), name: what.to_string() });
            }
            offered = if add { offered } else { offered.without(Features::bit(bit)) };
        }
        let lacks = |(bit, sets): &feature::Need| offered.has(*bit) && !sets.iter().any(|set| offered.contains(*set));
        match feature::needs(kind.0).find(lacks) {
            Some((bit, _)) => {
                Err(OfferError::Needs { device: device.to_owned(), name: What::Of(kind, bit).to_string() })
            }
            None => Ok(offered),
        }
    }
}

fn device_type_of(device: &Device) -> DeviceType {
    device.spec.kind.device_type()
}

impl FromStr for Offer {
    type Err = OfferError;

    fn from_str(text: &str) -> Result<Self, OfferError> {
        let terms = text.split([',', ' ']).filter(|term| !term.is_empty());
        Self(terms.map(Change::parse).collect::<Result<_, _>>()?).consistent()
    }
}

impl Change {
    fn parse(term: &str) -> Result<Self, OfferError> {
        let (add, name) = match (term.strip_prefix('+'), term.strip_prefix('-')) {
            (Some(name), _) => (true, name),
            (_, Some(name)) => (false, name),
            _ => return Err(OfferError::Sign { term: term.to_owned() }),
        };
        let plain = name.to_lowercase().replace('-', "_");
        let plain = plain.strip_prefix("virtio_f_").unwrap_or(&plain);
        let known = names().find(|(known, _)| known == plain);
        let unknown = || {
            let all: Vec<_> = names().map(|(name, _)| name).collect();
            let nearest = likeness::nearest(plain, all.iter().map(String::as_str)).map(str::to_owned);
            OfferError::Unknown { name: name.to_owned(), nearest }
        };
        known.map(|(_, what)| Self { add, what }).ok_or_else(unknown)
    }
}

/// Every name and what it stands for.
fn names() -> impl Iterator<Item = (String, What)> {
    let general = (0..128).filter_map(|bit| Some((feature::name(bit)?.to_lowercase(), What::Bit(bit))));
    let short = SHORT.iter().map(|(name, bit)| ((*name).to_owned(), What::Bit(*bit)));
    let of_types = TYPES.iter().flat_map(|(prefix, kind)| {
        let name =
            move |bit| Some((format!("{prefix}.{}", kind.feature_name(bit)?.to_lowercase()), What::Of(*kind, bit)));
        (0..128).filter_map(name)
    });
    std::iter::once(("all".to_owned(), What::All)).chain(general).chain(short).chain(of_types)
}

impl fmt::Display for What {
    /// In the long form that is read back as the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lower = |name: Option<&str>| name.unwrap_or_default().to_lowercase();
        match *self {
            Self::All => f.write_str("all"),
            Self::Bit(bit) => f.write_str(&lower(feature::name(bit))),
            Self::Of(kind, bit) => write!(f, "{}.{}", kind.name().unwrap_or_default(), lower(kind.feature_name(bit))),
        }
    }
}

impl fmt::Display for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Change { add, what }) in self.0.iter().enumerate() {
            write!(f, "{}{}{what}", if i == 0 { "" } else { "," }, if *add { '+' } else { '-' })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(text: &str) -> Offer {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    fn refused(text: &str, devices: &[Device], transport: TransportKind) -> String {
        let offer = text.parse::<Offer>().and_then(|offer| offer.check(devices, transport));
        offer.expect_err(text).to_string()
    }

    #[test]
    fn every_name_is_read_back_as_what_it_stands_for() {
        for (name, what) in names() {
            for (sign, add) in [('+', true), ('-', false)] {
                let Offer(changes) = offer(&format!("{sign}{name}"));
                assert_eq!(changes, [Change { add, what }]);
                assert_eq!(offer(&Offer(changes.clone()).to_string()).0, changes);
            }
        }
        assert_eq!(offer("+VIRTIO_F_EVENT_IDX -in-order"), offer("+event_idx,-in_order"));
    }

    #[test]
    fn what_is_said_is_offered() {
        let mut device = Device::block();
        offer("+packed,-event_idx,+blk.ro,-blk.flush").apply(&mut device, TransportKind::Pci);
        assert!(device.spec.features.has(feature::RING_PACKED) && !device.spec.features.has(feature::EVENT_IDX));
        assert!(device.spec.features.has(feature::INDIRECT_DESC), "what is not named stays");
        assert_eq!(device, {
            let mut other = Device::block().read_only();
            other.spec.features = device.spec.features;
            other
        });
        let has = Features::of(&[block_feature::FLUSH, block_feature::SEG_MAX]);
        let offered = offer("-blk.flush").of_type("block0", DeviceType::BLOCK, has).unwrap();
        assert_eq!(offered, Features::bit(block_feature::SEG_MAX));
        assert_eq!(offer("-blk.flush").of_type("console0", DeviceType::CONSOLE, has).unwrap(), has);
    }

    #[test]
    fn all_is_what_the_transport_has() {
        let mut device = Device::block();
        offer("+all").apply(&mut device, TransportKind::Mmio);
        assert!(device.spec.features.has(feature::RING_RESET));
        assert!(!device.spec.features.has(feature::NOTIF_CONFIG_DATA));
        offer("-all").apply(&mut device, TransportKind::Mmio);
        assert_eq!(device.spec.features, Features::bit(feature::VERSION_1));
    }

    #[test]
    fn what_cannot_be_offered_is_refused_in_a_sentence() {
        use TransportKind::{Mmio, MmioLegacy, Pci, VhostUser};
        let block = [Device::block()];
        for (text, transport, part) in [
            ("packed", Pci, "write `+packed`"),
            ("+nope", Pci, "there is no feature `nope`; the names are those of VIRTIO 1.4, as in"),
            ("+pakced", Pci, "did you mean `packed`?"),
            ("+blk.fulsh", Pci, "did you mean `blk.flush`?"),
            ("+packed,-packed", Pci, "`ring_packed` is offered and left out"),
            ("+sr_iov", Pci, "no devices with `sr_iov`"),
            ("-version_1", Pci, "oddity=version-1-missing"),
            ("+packed", MmioLegacy, "from 32 on"),
            ("+notif_config_data", Mmio, "of PCI alone"),
            ("+ring_reset", VhostUser, "stays with the VMM"),
            ("-console.size", Pci, "add such a device"),
        ] {
            let why = refused(text, &block, transport);
            assert!(why.contains(part) && !why.contains('\n'), "{text}: {why}");
        }
        let odd = offer("+blk.zoned").of_type("block0", DeviceType::BLOCK, Features::NONE).unwrap_err();
        assert!(odd.to_string().contains("block0 has nothing behind the feature `block.zoned`"), "{odd}");
        let needy = Features::of(&[17, 22]);
        let odd = "+all".parse::<Offer>().unwrap().of_type("net0", DeviceType::NET, needy.without(Features::bit(17)));
        assert!(odd.unwrap_err().to_string().contains("without what it needs"));
    }
}
