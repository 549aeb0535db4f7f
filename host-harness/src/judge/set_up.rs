//! The set-up of queues, on whatever transport: which queue is selected, and which parts of its configuration are written.

use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{CfgType, Common};

use super::pci::Structures;
use crate::observe::event::{DeviceInfo, Event, EventKind};

/// Follows the selection of a queue.
#[derive(Clone, Debug)]
pub(super) struct SetUp {
    selected: u32,
    structures: Structures,
}

impl SetUp {
    pub(super) fn new(info: &DeviceInfo) -> Self {
        Self { selected: 0, structures: Structures::new(info) }
    }

    /// The parts of a queue's configuration that the event writes, by their names in the specification, and the queue. Halves of an address
    /// are parts of their own. Interrupt vectors, and what enables or resets a queue, are none.
    pub(super) fn event(&mut self, event: &Event) -> Option<(u32, Vec<&'static str>)> {
        match event.kind {
            EventKind::Register { write: true, offset, value, .. } => match Register::at(offset)? {
                Register::QueueSel => {
                    self.selected = value as u32;
                    None
                }
                register => register.is_queue_setup().then(|| (self.selected, vec![register.name()])),
            },
            EventKind::PciBar { write: true, bar, offset, width, value } => {
                let at = self.structures.offset(CfgType::Common, bar, offset)?;
                if at == Common::QueueSelect.offset() {
                    self.selected = value as u32 & 0xffff;
                }
                let mut parts: Vec<_> = (at..at + u64::from(width)).filter_map(part).collect();
                parts.dedup();
                (!parts.is_empty()).then_some((self.selected, parts))
            }
            EventKind::StatusWrite { value: 0 } => {
                self.selected = 0;
                None
            }
            _ => None,
        }
    }
}

/// The part that byte `offset` of the common configuration structure belongs to.
fn part(offset: u64) -> Option<&'static str> {
    let field = Common::at(offset)?;
    let high = offset >= field.offset() + 4;
    Some(match field {
        Common::QueueSize => "queue_size",
        Common::QueueDesc if high => "queue_desc (high half)",
        Common::QueueDesc => "queue_desc",
        Common::QueueDriver if high => "queue_driver (high half)",
        Common::QueueDriver => "queue_driver",
        Common::QueueDevice if high => "queue_device (high half)",
        Common::QueueDevice => "queue_device",
        _ => return None,
    })
}
