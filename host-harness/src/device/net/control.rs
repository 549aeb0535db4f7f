//! Commands of the control queue (VIRTIO 1.4 §5.1.9.5).

use parakit_abi::device::net::{ADDRESS_BYTES, control as c, feature};

use super::Net;
use super::filter::Address;
use crate::device::Effect;
use crate::queue::Request;

impl Net {
    /// Does a command; false when it makes no sense, or needs a feature that was not accepted.
    pub(super) fn command(&mut self, request: &mut Request<'_>) -> bool {
        let mut head = [0; 2];
        if request.fault().is_some() || request.writable_len() == 0 || !request.read(&mut head) {
            return false;
        }
        let has = |bit| self.accepted.has(bit);
        match head {
            [c::RX, command @ (c::RX_PROMISC | c::RX_ALLMULTI)] if has(feature::CTRL_RX) => self.mode(command, request),
            [c::RX, command @ c::RX_ALLUNI..=c::RX_NOBCAST] if has(feature::CTRL_RX_EXTRA) => {
                self.mode(command, request)
            }
            [c::MAC, c::MAC_TABLE_SET] if has(feature::CTRL_RX) => self.tables(request),
            [c::MAC, c::MAC_ADDR_SET] if has(feature::CTRL_MAC_ADDR) => {
                let Some(address) = all(request) else { return false };
                self.mac = address;
                self.effects.push(Effect::ConfigAnswers);
                true
            }
            [c::VLAN, command @ (c::VLAN_ADD | c::VLAN_DEL)] if has(feature::CTRL_VLAN) => {
                all(request).is_some_and(|id| self.filter.set_vlan(u16::from_le_bytes(id), command == c::VLAN_ADD))
            }
            [c::ANNOUNCE, c::ANNOUNCE_ACK] if has(feature::GUEST_ANNOUNCE) => {
                if std::mem::take(&mut self.announce) {
                    self.effects.push(Effect::ConfigAnswers);
                }
                true
            }
            [c::MQ, c::MQ_VQ_PAIRS_SET] if has(feature::MQ) => {
                let pairs = all(request).map(u16::from_le_bytes).filter(|n| (1..=self.options.pairs).contains(n));
                self.active = pairs.unwrap_or(self.active);
                pairs.is_some()
            }
            _ => false,
        }
    }

    fn mode(&mut self, command: u8, request: &mut Request<'_>) -> bool {
        match all(request) {
            Some([on @ 0..=1]) => self.filter.set_mode(command, on == 1),
            _ => false,
        }
    }

    fn tables(&mut self, request: &mut Request<'_>) -> bool {
        let (Some(unicast), Some(multicast)) = (table(request), table(request)) else { return false };
        self.filter.set_tables(&unicast, &multicast);
        true
    }
}

/// What is left of a request, if it is as long as that.
fn all<const N: usize>(request: &mut Request<'_>) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    (request.readable_len() == N as u64 && request.read(&mut bytes)).then_some(bytes)
}

/// A number and as many addresses; no more than the request has, whatever it says.
fn table(request: &mut Request<'_>) -> Option<Vec<Address>> {
    let mut count = [0; 4];
    if !request.read(&mut count) {
        return None;
    }
    let count = u32::from_le_bytes(count);
    if u64::from(count) * ADDRESS_BYTES as u64 > request.readable_len() {
        return None;
    }
    let addresses = (0..count).map(|_| {
        let mut address = [0; ADDRESS_BYTES];
        request.read(&mut address);
        address
    });
    Some(addresses.collect())
}
