//! The catalogue: every requirement of VIRTIO 1.4 as a typed constant.
//!
//! The constants in [`id`] are generated from `requirements.csv` by `cargo xtask catalogue`, so a misspelt id does
//! not compile; a test holds the generated file against the catalogue.
//!
//! ```
//! use parakit_abi::requirement::{id, RequirementId, Strength};
//! let r = id::VQ_SPLIT_DRV_AVAIL_1.get();
//! assert_eq!((r.id, r.section, r.strength), ("VQ-SPLIT-DRV-AVAIL-1", "2.7.6.1", Strength::MustNot));
//! assert_eq!(RequirementId::parse("VQ-SPLIT-DRV-AVAIL-1"), Some(id::VQ_SPLIT_DRV_AVAIL_1));
//! ```

#[rustfmt::skip]
mod generated;

pub use generated::{ALL, id};

/// A requirement of the catalogue, by its index in [`ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequirementId(u16);

impl RequirementId {
    /// The catalogue row.
    #[must_use]
    pub fn get(self) -> &'static Requirement {
        &ALL[usize::from(self.0)]
    }

    /// Finds a requirement by its id as written in the catalogue.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        ALL.iter().position(|r| r.id == id).map(|i| Self(i as u16))
    }

    /// Every requirement, in catalogue order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..ALL.len() as u16).map(Self)
    }
}

impl core::fmt::Display for RequirementId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.get().id)
    }
}

impl core::fmt::Debug for RequirementId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.get().id)
    }
}

/// Who has to obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The driver.
    Driver,
    /// The device.
    Device,
    /// Both.
    Both,
}

/// How strongly the specification puts it (RFC 2119).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// MUST
    Must,
    /// MUST NOT
    MustNot,
    /// SHOULD
    Should,
    /// SHOULD NOT
    ShouldNot,
    /// MAY
    May,
}

impl Strength {
    /// Whether breaking it is a violation rather than bad advice taken.
    #[must_use]
    pub const fn is_must(self) -> bool {
        matches!(self, Self::Must | Self::MustNot)
    }

    /// As the specification spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
        }
    }
}

/// Whether the other side can see that the rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Observability {
    /// Decidable from the trace or by a plain probe.
    Direct,
    /// Decidable when the observer plays a special part first.
    Provoked,
    /// Only some violations can be seen.
    Partial,
    /// A rule about what the other side assumes or intends.
    None,
    /// MAY: nothing to violate.
    Permission,
    /// Not judged yet: the row lies outside the areas read so far.
    Unclassified,
}

/// A row of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Stable id, `<AREA>-<DRV|DEV|ANY>-<TOPIC>-<n>`.
    pub id: &'static str,
    /// Area: `CORE`, `INIT`, `VQ-SPLIT`, `MMIO`, `BLK` ...
    pub area: &'static str,
    /// Who has to obey.
    pub side: Side,
    /// How strongly.
    pub strength: Strength,
    /// Section of VIRTIO 1.4.
    pub section: &'static str,
    /// The requirement in our words.
    pub text: &'static str,
    /// Whether it can be seen.
    pub observability: Observability,
    /// Whether a modern driver kit has to meet it.
    pub kit_scope: bool,
}
