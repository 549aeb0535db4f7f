//! Frames: ARP for the host's address (RFC 826), and UDP (RFC 768) over IPv4 (RFC 791) to its echo service (RFC 862).

use alloc::vec::Vec;

/// The guest's address on the link of the harness.
const GUEST: [u8; 4] = [10, 0, 2, 15];
/// The host's.
const HOST: [u8; 4] = [10, 0, 2, 2];
const ECHO_PORT: u16 = 7;
const LOCAL_PORT: u16 = 40_000;

const ETHERNET: usize = 14;
const IP: usize = 20;
const UDP: usize = 8;

/// Who sends.
pub(crate) struct Guest {
    mac: [u8; 6],
    /// The host's address on the wire; that of everybody until it is known.
    pub(crate) host: [u8; 6],
}

impl Guest {
    pub(crate) fn new(mac: [u8; 6]) -> Self {
        Self { mac, host: [0xff; 6] }
    }

    fn ethernet(&self, kind: u16) -> Vec<u8> {
        [&self.host[..], &self.mac, &kind.to_be_bytes()].concat()
    }

    /// Who has the host's address?
    pub(crate) fn ask(&self) -> Vec<u8> {
        let mut frame = self.ethernet(0x0806);
        frame.extend([0, 1, 8, 0, 6, 4, 0, 1]);
        frame.extend([&self.mac[..], &GUEST, &[0; 6], &HOST].concat());
        frame
    }

    /// A datagram to the echo service.
    pub(crate) fn datagram(&self, data: &[u8]) -> Vec<u8> {
        let mut frame = self.ethernet(0x0800);
        let length = (IP + UDP + data.len()) as u16;
        let mut ip = [0; IP];
        ip[0] = 0x45;
        ip[2..4].copy_from_slice(&length.to_be_bytes());
        (ip[8], ip[9]) = (64, 17);
        ip[12..16].copy_from_slice(&GUEST);
        ip[16..20].copy_from_slice(&HOST);
        let sum = checksum(&ip);
        ip[10..12].copy_from_slice(&sum.to_be_bytes());
        frame.extend(ip);
        // A checksum of 0: none, as IPv4 allows.
        let words = [LOCAL_PORT, ECHO_PORT, (UDP + data.len()) as u16, 0];
        frame.extend(words.into_iter().flat_map(u16::to_be_bytes));
        frame.extend(data);
        frame
    }
}

/// The host's address on the wire, if this is the answer to the question for it.
pub(crate) fn answer(frame: &[u8]) -> Option<[u8; 6]> {
    let arp = frame.get(ETHERNET..ETHERNET + 28)?;
    let is_answer = frame[12..14] == [8, 6] && arp[6..8] == [0, 2] && arp[14..18] == HOST;
    is_answer.then(|| arp[8..14].first_chunk().copied())?
}

/// What a datagram from the echo service carries, if this is one.
pub(crate) fn echo(frame: &[u8]) -> Option<Vec<u8>> {
    let ip = frame.get(ETHERNET..ETHERNET + IP)?;
    let udp = frame.get(ETHERNET + IP..ETHERNET + IP + UDP)?;
    let from_echo = udp[0..2] == ECHO_PORT.to_be_bytes() && udp[2..4] == LOCAL_PORT.to_be_bytes();
    if frame[12..14] != [8, 0] || ip[0] != 0x45 || ip[9] != 17 || ip[12..16] != HOST || !from_echo {
        return None;
    }
    let length = usize::from(u16::from_be_bytes([udp[4], udp[5]])).checked_sub(UDP)?;
    frame.get(ETHERNET + IP + UDP..ETHERNET + IP + UDP + length).map(<[u8]>::to_vec)
}

/// The checksum of an IPv4 header whose own field is 0.
fn checksum(header: &[u8]) -> u16 {
    let mut sum: u32 = header.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
