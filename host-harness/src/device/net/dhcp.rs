//! A DHCP server with one lease, for guests that ask for their address.

use smoltcp::wire::{DhcpMessageType, DhcpPacket, DhcpRepr, IpEndpoint, Ipv4Address};

use super::peer::ADDRESS;

/// Where it listens.
pub(super) const SERVER_PORT: u16 = 67;
const CLIENT_PORT: u16 = 68;
/// The address that guests get.
const LEASE: Ipv4Address = Ipv4Address::new(10, 0, 2, 15);
const MASK: Ipv4Address = Ipv4Address::new(255, 255, 255, 0);
/// Seconds.
const DURATION: u32 = 86400;

/// The answer to a datagram, and where it goes; `None` when it deserves none.
pub(super) fn answer(datagram: &[u8]) -> Option<(Vec<u8>, IpEndpoint)> {
    let packet = DhcpPacket::new_checked(datagram).ok()?;
    let asked = DhcpRepr::parse(&packet).ok()?;
    let message_type = match asked.message_type {
        DhcpMessageType::Discover => DhcpMessageType::Offer,
        DhcpMessageType::Request if asked.server_identifier.is_none_or(|server| server == ADDRESS) => {
            let wanted = asked.requested_ip.unwrap_or(asked.client_ip);
            if wanted == LEASE { DhcpMessageType::Ack } else { DhcpMessageType::Nak }
        }
        _ => return None,
    };
    let granted = message_type != DhcpMessageType::Nak;
    let repr = DhcpRepr {
        message_type,
        transaction_id: asked.transaction_id,
        secs: 0,
        client_hardware_address: asked.client_hardware_address,
        client_ip: asked.client_ip,
        your_ip: if granted { LEASE } else { Ipv4Address::UNSPECIFIED },
        server_ip: ADDRESS,
        router: granted.then_some(ADDRESS),
        subnet_mask: granted.then_some(MASK),
        relay_agent_ip: Ipv4Address::UNSPECIFIED,
        broadcast: true,
        requested_ip: None,
        client_identifier: None,
        server_identifier: Some(ADDRESS),
        parameter_request_list: None,
        dns_servers: None,
        max_size: None,
        lease_duration: granted.then_some(DURATION),
        renew_duration: None,
        rebind_duration: None,
        additional_options: &[],
    };
    let mut bytes = vec![0; repr.buffer_len()];
    repr.emit(&mut DhcpPacket::new_unchecked(&mut bytes)).ok()?;
    Some((bytes, IpEndpoint::new(Ipv4Address::BROADCAST.into(), CLIENT_PORT)))
}
