//! Which frames the driver gets (VIRTIO 1.4 §5.1.9.5.1 to §5.1.9.5.3).

use parakit_abi::device::net::{ADDRESS_BYTES, control, feature};
use parakit_abi::feature::Features;

/// An Ethernet address.
pub(super) type Address = [u8; ADDRESS_BYTES];

/// Most addresses of each table. With more of them, every frame of the kind passes, which the specification allows.
const MAX_ADDRESSES: usize = 64;
/// VLAN ids.
const VLANS: usize = 4096;

/// Receive modes, addresses and VLANs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    /// By command of the class [`control::RX`].
    modes: [bool; 6],
    unicast: Table,
    multicast: Table,
    vlans: Vec<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Table {
    addresses: Vec<Address>,
    /// There were more than fit.
    all: bool,
}

impl Table {
    fn has(&self, address: Address) -> bool {
        self.all || self.addresses.contains(&address)
    }

    fn new(addresses: &[Address]) -> Self {
        let all = addresses.len() > MAX_ADDRESSES;
        Self { addresses: if all { Vec::new() } else { addresses.to_vec() }, all }
    }
}

impl Default for Filter {
    /// As it is after a reset: tables are empty, modes are off.
    fn default() -> Self {
        Self { modes: [false; 6], unicast: Table::default(), multicast: Table::default(), vlans: vec![false; VLANS] }
    }
}

impl Filter {
    /// Switches a mode; false when there is no such one.
    pub(super) fn set_mode(&mut self, command: u8, on: bool) -> bool {
        self.modes.get_mut(usize::from(command)).map(|mode| *mode = on).is_some()
    }

    /// The tables of unicast and multicast addresses.
    pub(super) fn set_tables(&mut self, unicast: &[Address], multicast: &[Address]) {
        (self.unicast, self.multicast) = (Table::new(unicast), Table::new(multicast));
    }

    /// Lets a VLAN pass, or no longer; false when there is no such id.
    pub(super) fn set_vlan(&mut self, id: u16, passes: bool) -> bool {
        self.vlans.get_mut(usize::from(id)).map(|vlan| *vlan = passes).is_some()
    }

    /// Whether the driver gets a frame, given its own address and the features that it accepted.
    pub(super) fn passes(&self, frame: &[u8], own: Address, accepted: Features) -> bool {
        let Some(to) = frame.first_chunk::<ADDRESS_BYTES>().copied() else { return false };
        let mode = |command: u8| self.modes[usize::from(command)];
        if accepted.has(feature::CTRL_VLAN)
            && let Some([0x81, 0x00, high, low]) = frame.get(12..16)
            && !self.vlans[usize::from(u16::from_be_bytes([*high, *low])) % VLANS]
        {
            return false;
        }
        if mode(control::RX_PROMISC) {
            return true;
        }
        if to == [0xff; ADDRESS_BYTES] {
            !mode(control::RX_NOBCAST)
        } else if to[0] & 1 != 0 {
            // Without CTRL_RX the driver has no way to say which ones it wants.
            let wanted = mode(control::RX_ALLMULTI) || self.multicast.has(to) || !accepted.has(feature::CTRL_RX);
            wanted && !mode(control::RX_NOMULTI)
        } else {
            // A driver that did not take the device's address has one that the device does not know.
            let known = to == own || self.unicast.has(to) || !accepted.has(feature::MAC);
            let wanted = mode(control::RX_ALLUNI) || known;
            wanted && !mode(control::RX_NOUNI)
        }
    }
}
