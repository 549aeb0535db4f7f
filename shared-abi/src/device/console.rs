//! Console device (VIRTIO 1.4 §5.3).

use super::ConfigField;
use crate::feature::Features;

/// Feature bits (§5.3.3), without the prefix `VIRTIO_CONSOLE_F_`.
pub mod feature {
    /// `cols` and `rows` are valid.
    pub const SIZE: u32 = 0;
    /// Several ports and the control queues.
    pub const MULTIPORT: u32 = 1;
    /// `emerg_wr` is valid.
    pub const EMERG_WRITE: u32 = 2;
}

/// Every bit that VIRTIO 1.4 defines for consoles.
pub const DEFINED_FEATURES: Features = Features::of(&[feature::SIZE, feature::MULTIPORT, feature::EMERG_WRITE]);

/// Name of a feature bit without its prefix.
#[must_use]
pub const fn feature_name(bit: u32) -> Option<&'static str> {
    Some(match bit {
        feature::SIZE => "SIZE",
        feature::MULTIPORT => "MULTIPORT",
        feature::EMERG_WRITE => "EMERG_WRITE",
        _ => return None,
    })
}

/// Offsets in the configuration space (§5.3.4), in bytes.
pub mod config {
    /// le16, columns.
    pub const COLS: u32 = 0;
    /// le16, rows.
    pub const ROWS: u32 = 2;
    /// le32.
    pub const MAX_NR_PORTS: u32 = 4;
    /// le32, write-only: its low byte is printed.
    pub const EMERG_WR: u32 = 8;
    /// Bytes of the whole structure.
    pub const SIZE: u32 = 12;
}

/// The configuration fields and the features that make them exist.
pub const CONFIG_FIELDS: &[ConfigField] = &[
    ConfigField::new("cols", config::COLS, 2, Some(feature::SIZE)),
    ConfigField::new("rows", config::ROWS, 2, Some(feature::SIZE)),
    ConfigField::new("max_nr_ports", config::MAX_NR_PORTS, 4, Some(feature::MULTIPORT)),
    ConfigField::new("emerg_wr", config::EMERG_WR, 4, Some(feature::EMERG_WRITE)),
];

/// Queue indices (§5.3.2).
pub mod queue {
    /// Receive queue of port 0.
    pub const RECEIVE: u16 = 0;
    /// Transmit queue of port 0.
    pub const TRANSMIT: u16 = 1;
    /// Control receive queue, with `MULTIPORT`.
    pub const CONTROL_RECEIVE: u16 = 2;
    /// Control transmit queue, with `MULTIPORT`.
    pub const CONTROL_TRANSMIT: u16 = 3;
}

/// Control events (§5.3.6.2).
pub mod event {
    /// Driver: ready for control messages.
    pub const DEVICE_READY: u16 = 0;
    /// Device: a new port.
    pub const PORT_ADD: u16 = 1;
    /// Device: a port is gone.
    pub const PORT_REMOVE: u16 = 2;
    /// Driver: a port is ready.
    pub const PORT_READY: u16 = 3;
    /// Device: the port is a console.
    pub const CONSOLE_PORT: u16 = 4;
    /// Device: the console changed size.
    pub const RESIZE: u16 = 5;
    /// Both: the port was opened or closed.
    pub const PORT_OPEN: u16 = 6;
    /// Device: the port's name.
    pub const PORT_NAME: u16 = 7;
}
