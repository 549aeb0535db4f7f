//! Which pair of queues a flow uses: the one that the driver last sent it on (VIRTIO 1.4 §5.1.9.5.6).

use std::collections::HashMap;

/// Most flows that are known at a time.
const MAX_FLOWS: usize = 1024;

/// What tells a flow from others, the same in both directions.
type Flow = (u8, [([u8; 4], [u8; 2]); 2]);

/// The flows that are known.
#[derive(Debug, Default)]
pub(super) struct Flows(HashMap<Flow, u16>);

impl Flows {
    /// The driver sent `frame` on the queue of `pair`.
    pub(super) fn sent(&mut self, frame: &[u8], pair: u16) {
        if let Some(flow) = flow(frame) {
            if self.0.len() >= MAX_FLOWS {
                self.0.clear();
            }
            self.0.insert(flow, pair);
        }
    }

    /// The pair of an incoming frame, out of the first `pairs`.
    pub(super) fn pair(&self, frame: &[u8], pairs: u16) -> u16 {
        flow(frame).and_then(|flow| self.0.get(&flow)).copied().filter(|pair| *pair < pairs).unwrap_or(0)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The flow of a TCP or UDP packet over IPv4.
fn flow(frame: &[u8]) -> Option<Flow> {
    const IPV4: [u8; 2] = [0x08, 0x00];
    let packet = frame.get(14..).filter(|_| frame[12..14] == IPV4)?;
    let header = usize::from(packet.first()? & 0xf) * 4;
    let protocol = *packet.get(9)?;
    let (from, to) = (packet.get(12..16)?.try_into().ok()?, packet.get(16..20)?.try_into().ok()?);
    let ports = packet.get(header..header + 4).filter(|_| header >= 20 && matches!(protocol, 6 | 17))?;
    let mut ends = [(from, [ports[0], ports[1]]), (to, [ports[2], ports[3]])];
    ends.sort_unstable();
    Some((protocol, ends))
}
