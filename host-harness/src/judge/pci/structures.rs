//! The register structures behind the BARs of a function.

use parakit_abi::transport::pci::CfgType;

use crate::observe::event::{DeviceInfo, PciStructure};

/// The structures that a device has; none over MMIO.
#[derive(Clone, Debug, Default)]
pub(in crate::judge) struct Structures(Vec<PciStructure>);

impl Structures {
    pub(in crate::judge) fn new(info: &DeviceInfo) -> Self {
        Self(info.pci.as_ref().map(|pci| pci.structures.clone()).unwrap_or_default())
    }

    /// Where in a structure of type `kind` an access to a BAR begins, if it does.
    pub(in crate::judge) fn offset(&self, kind: CfgType, bar: u8, offset: u64) -> Option<u64> {
        self.at(bar, offset).filter(|(s, _)| s.cfg_type == kind as u8).map(|(_, at)| at)
    }

    /// The structure that a place behind a BAR lies in, and where in it.
    pub(in crate::judge) fn at(&self, bar: u8, offset: u64) -> Option<(&PciStructure, u64)> {
        self.0.iter().filter(|s| s.bar == bar).find_map(|s| {
            let at = offset.checked_sub(s.offset)?;
            (at < s.length).then_some((s, at))
        })
    }

    /// Whether `width` bytes at a place lie within one structure of those that the configuration access window may reach.
    pub(in crate::judge) fn holds(&self, bar: u8, offset: u64, width: u64) -> bool {
        self.at(bar, offset).is_some_and(|(s, at)| s.cfg_type != CfgType::Pci as u8 && width <= s.length - at)
    }
}
