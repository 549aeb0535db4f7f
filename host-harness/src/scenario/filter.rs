//! Choosing scenarios by what they are: terms joined by commas, each of which has to hold.

use parakit_abi::feature::{self, RING_PACKED};

use super::{Place, Scenario};

/// A choice of scenarios, such as `transport:pci,ring:packed,!name~resize`.
///
/// Terms are joined by commas, and all of them have to hold; `!` in front of a term turns it round.
///
/// | term | holds of |
/// |---|---|
/// | `name~TEXT` | scenarios with TEXT in their name |
/// | `name:NAME` | the scenario of this name; with `*` at its end, those whose name begins so |
/// | `transport:mmio`, `transport:mmio-legacy`, `transport:pci` | scenarios whose devices are reached that way |
/// | `ring:split`, `ring:packed` | scenarios in which no device offers packed rings, or some does |
/// | `device:TYPE` | scenarios with a device of that type, such as `device:block` |
/// | `feature:NAME` | scenarios in which a device offers `VIRTIO_F_NAME`, such as `feature:IN_ORDER` |
/// | `workload:NAME` | scenarios that run this workload |
/// | `kind:odd`, `kind:hostile`, `kind:probe` | scenarios with a device that departs from the plain one; that breaks rules; that look at the device |
/// | `needs:kvm` | scenarios that cannot run in loopback |
///
/// ```
/// use parakit_harness::scenario::{self, Filter};
/// let filter: Filter = "transport:pci,ring:packed,!name~blk".parse().unwrap();
/// assert!(scenario::all().iter().filter(|s| filter.takes(s)).all(|s| !s.name.contains("blk")));
/// let error = "bus:pci".parse::<Filter>().unwrap_err();
/// assert!(error.to_string().contains("there is no `bus`"), "{error}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(Vec<Term>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    negated: bool,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    NameHas(String),
    Name(String),
    Transport(&'static str),
    Packed(bool),
    Device(String),
    Feature(u32),
    Workload(String),
    Odd,
    Hostile,
    Probe,
    NeedsKvm,
}

/// A term that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// Nothing between two commas.
    #[error("a term is empty; terms are joined by single commas, as in `transport:pci,ring:packed`")]
    Empty,
    /// Neither `KEY:VALUE` nor `name~TEXT`.
    #[error("`{0}` is no term; a term is `KEY:VALUE` or `name~TEXT`, as in `transport:pci,!name~resize`")]
    NoTerm(String),
    /// A key that there is not.
    #[error(
        "there is no `{0}` to choose by; there are name, transport, ring, device, feature, workload, kind and needs"
    )]
    Key(String),
    /// A value that the key cannot have.
    #[error("`{value}` is no {key}; it can be {allowed}")]
    Value {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What it can be.
        allowed: String,
    },
}

impl Filter {
    /// Whether every term holds of the scenario.
    #[must_use]
    pub fn takes(&self, scenario: &Scenario) -> bool {
        self.0.iter().all(|term| term.what.holds(scenario) != term.negated)
    }
}

impl std::str::FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        text.split(',').map(|term| term.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl std::str::FromStr for Term {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let (negated, term) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest.trim_start()));
        if term.is_empty() {
            return Err(FilterError::Empty);
        }
        if let Some(part) = term.strip_prefix("name~").filter(|part| !part.is_empty()) {
            return Ok(Self { negated, what: What::NameHas(part.to_owned()) });
        }
        let (key, value) = term
            .split_once(':')
            .filter(|(key, value)| !key.is_empty() && !value.is_empty())
            .ok_or_else(|| FilterError::NoTerm(term.to_owned()))?;
        Ok(Self { negated, what: What::of(key, value)? })
    }
}

impl What {
    fn of(key: &str, value: &str) -> Result<Self, FilterError> {
        let wrong =
            |key, allowed: &str| FilterError::Value { key, value: value.to_owned(), allowed: allowed.to_owned() };
        Ok(match key {
            "name" => Self::Name(value.to_owned()),
            "transport" => match ["mmio", "mmio-legacy", "pci"].into_iter().find(|known| *known == value) {
                Some(known) => Self::Transport(known),
                None => return Err(wrong("transport", "mmio, mmio-legacy or pci")),
            },
            "ring" => match value {
                "split" => Self::Packed(false),
                "packed" => Self::Packed(true),
                _ => return Err(wrong("ring", "split or packed")),
            },
            "device" => Self::Device(value.to_owned()),
            "feature" => {
                let known = || (0..128).filter_map(|bit| Some((bit, feature::name(bit)?)));
                match known().find(|(_, name)| *name == value) {
                    Some((bit, _)) => Self::Feature(bit),
                    None => {
                        return Err(wrong("feature", &known().map(|(_, name)| name).collect::<Vec<_>>().join(", ")));
                    }
                }
            }
            "workload" => Self::Workload(value.to_owned()),
            "kind" => match value {
                "odd" => Self::Odd,
                "hostile" => Self::Hostile,
                "probe" => Self::Probe,
                _ => return Err(wrong("kind", "odd, hostile or probe")),
            },
            "needs" => match value {
                "kvm" => Self::NeedsKvm,
                _ => return Err(wrong("needs", "kvm")),
            },
            _ => return Err(FilterError::Key(key.to_owned())),
        })
    }

    fn holds(&self, scenario: &Scenario) -> bool {
        match self {
            Self::NameHas(part) => scenario.name.contains(part),
            Self::Name(name) => super::select::fits(scenario, name),
            Self::Transport(name) => scenario.bus.name() == *name,
            Self::Packed(packed) => scenario.devices.iter().any(|d| d.features.has(RING_PACKED)) == *packed,
            Self::Device(name) => scenario.devices.iter().any(|device| device.kind.device_type().name() == Some(name)),
            Self::Feature(bit) => scenario.devices.iter().any(|device| device.features.has(*bit)),
            Self::Workload(name) => scenario.workload == name,
            Self::Odd => scenario.devices.iter().any(|device| !device.oddities.is_empty()),
            Self::Hostile => scenario.is_hostile(),
            Self::Probe => scenario.is_probe(),
            Self::NeedsKvm => scenario.place == Place::Kvm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(filter: &str) -> Vec<String> {
        let filter: Filter = filter.parse().unwrap_or_else(|e| panic!("{filter}: {e}"));
        crate::scenario::full().into_iter().filter(|s| filter.takes(s)).map(|s| s.name).collect()
    }

    #[test]
    fn a_term_and_its_opposite_share_the_scenarios_out() {
        let all = crate::scenario::full().len();
        for term in [
            "name~resize",
            "name:blk-*",
            "name:entropy",
            "transport:pci",
            "transport:mmio-legacy",
            "ring:packed",
            "ring:split",
            "device:block",
            "device:console",
            "feature:IN_ORDER",
            "workload:blk-read",
            "kind:odd",
            "kind:hostile",
            "kind:probe",
            "needs:kvm",
        ] {
            let (with, without) = (names(term), names(&format!("!{term}")));
            assert!(!with.is_empty() && !without.is_empty(), "{term} tells nothing apart");
            assert_eq!(with.len() + without.len(), all, "{term}");
        }
    }

    #[test]
    fn every_term_has_to_hold() {
        let some = names("name:blk-*, transport:pci , !name~.packed");
        assert!(!some.is_empty() && some.iter().all(|n| n.starts_with("blk-") && !n.contains(".packed")), "{some:?}");
        assert!(names("ring:packed,ring:split").is_empty());
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (text, says) in [
            ("", "a term is empty"),
            ("ring:packed,", "a term is empty"),
            ("!", "a term is empty"),
            ("packed", "`packed` is no term"),
            ("name~", "`name~` is no term"),
            ("ring:", "`ring:` is no term"),
            ("ring:round", "`round` is no ring; it can be split or packed"),
            ("transport:usb", "mmio, mmio-legacy or pci"),
            ("kind:good", "odd, hostile or probe"),
            ("needs:sleep", "it can be kvm"),
            ("feature:FOO", "IN_ORDER"),
            ("colour:red", "there is no `colour`"),
        ] {
            let error = text.parse::<Filter>().map_err(|e| e.to_string());
            assert!(error.as_ref().is_err_and(|e| e.contains(says)), "{text}: {error:?}");
        }
    }
}
