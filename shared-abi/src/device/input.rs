//! Input device (VIRTIO 1.4 §5.8): no feature bits.

use super::ConfigField;
use crate::feature::Features;

/// Queue indices (§5.8.2).
pub mod queue {
    /// Events of the device.
    pub const EVENT: u16 = 0;
    /// Events of the driver: lamps and the like.
    pub const STATUS: u16 = 1;
}

/// The device type has no feature bits (§5.8.3).
pub const DEFINED_FEATURES: Features = Features::NONE;

/// Offsets in the configuration space (§5.8.4), in bytes.
pub mod config {
    /// u8, written by the driver: one of [`super::select`].
    pub const SELECT: u32 = 0;
    /// u8, written by the driver.
    pub const SUBSEL: u32 = 1;
    /// u8: bytes of the answer.
    pub const SIZE_OF_ANSWER: u32 = 2;
    /// The answer.
    pub const DATA: u32 = 8;
    /// Most bytes of the answer.
    pub const DATA_BYTES: usize = 128;
    /// Bytes of the whole structure.
    pub const SIZE: u32 = DATA + DATA_BYTES as u32;
}

/// Bytes of the answer that are numbers for some values of `select`: as many as the largest structure has.
const NUMBERS: usize = AxisInfo::SIZE;

/// The configuration fields. What the first bytes of the answer are depends on `select`, so they have no width of their own; those behind
/// the largest structure can only belong to a string or a bitmap, and are bytes.
pub const CONFIG_FIELDS: &[ConfigField] = &{
    let byte = ConfigField::new("u.bitmap", config::DATA, 1, None);
    let mut fields = [byte; 3 + config::DATA_BYTES - NUMBERS];
    fields[0] = ConfigField::new("select", config::SELECT, 1, None);
    fields[1] = ConfigField::new("subsel", config::SUBSEL, 1, None);
    fields[2] = ConfigField::new("size", config::SIZE_OF_ANSWER, 1, None);
    let mut i = 3;
    while i < fields.len() {
        fields[i].offset = config::DATA + (NUMBERS + i - 3) as u32;
        i += 1;
    }
    fields
};

/// Values of `select` (§5.8.4).
pub mod select {
    /// Nothing.
    pub const UNSET: u8 = 0x00;
    /// Name, a string.
    pub const ID_NAME: u8 = 0x01;
    /// Serial number, a string.
    pub const ID_SERIAL: u8 = 0x02;
    /// [`super::DeviceIds`].
    pub const ID_DEVIDS: u8 = 0x03;
    /// Properties, a bitmap.
    pub const PROP_BITS: u8 = 0x10;
    /// Codes of the event type in `subsel`, a bitmap.
    pub const EV_BITS: u8 = 0x11;
    /// [`super::AxisInfo`] of the axis in `subsel`.
    pub const ABS_INFO: u8 = 0x12;
}

/// Event types of the evdev layer that the specification refers to.
pub mod event_type {
    /// End of an update, among others.
    pub const SYN: u16 = 0x00;
    /// Keys and buttons.
    pub const KEY: u16 = 0x01;
    /// Relative axes.
    pub const REL: u16 = 0x02;
    /// Absolute axes.
    pub const ABS: u16 = 0x03;
    /// Lamps.
    pub const LED: u16 = 0x11;
    /// Repetition of keys.
    pub const REP: u16 = 0x14;
}

/// Event codes of the evdev layer that the devices of this kind usually have.
pub mod code {
    /// `SYN`: the update is complete.
    pub const SYN_REPORT: u16 = 0;
    /// `KEY`: left button.
    pub const BTN_LEFT: u16 = 0x110;
    /// `KEY`: right button.
    pub const BTN_RIGHT: u16 = 0x111;
    /// `KEY`: middle button.
    pub const BTN_MIDDLE: u16 = 0x112;
    /// `REL`: to the right.
    pub const REL_X: u16 = 0;
    /// `REL`: down.
    pub const REL_Y: u16 = 1;
    /// `REL`: wheel.
    pub const REL_WHEEL: u16 = 8;
    /// `ABS`: from the left.
    pub const ABS_X: u16 = 0;
    /// `ABS`: from the top.
    pub const ABS_Y: u16 = 1;
}

/// An event, of the device or of the driver (`struct virtio_input_event`, §5.8.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputEvent {
    /// One of [`event_type`].
    pub event_type: u16,
    /// Its meaning depends on the type.
    pub code: u16,
    /// Two's complement where it has a sign.
    pub value: u32,
}

impl InputEvent {
    /// Bytes on the wire.
    pub const SIZE: usize = 8;
    /// The end of an update.
    pub const SYN: Self = Self { event_type: event_type::SYN, code: code::SYN_REPORT, value: 0 };

    /// A key or button: pressed or released.
    #[must_use]
    pub const fn key(code: u16, pressed: bool) -> Self {
        Self { event_type: event_type::KEY, code, value: pressed as u32 }
    }

    /// Encodes the little-endian wire form.
    ///
    /// ```
    /// use parakit_abi::device::input::InputEvent;
    /// assert_eq!(InputEvent::key(0x1e, true).to_le_bytes(), [1, 0, 0x1e, 0, 1, 0, 0, 0]);
    /// ```
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let (t, c, v) = (self.event_type.to_le_bytes(), self.code.to_le_bytes(), self.value.to_le_bytes());
        [t[0], t[1], c[0], c[1], v[0], v[1], v[2], v[3]]
    }

    /// Decodes the little-endian wire form.
    #[must_use]
    pub const fn from_le_bytes(b: [u8; Self::SIZE]) -> Self {
        Self {
            event_type: u16::from_le_bytes([b[0], b[1]]),
            code: u16::from_le_bytes([b[2], b[3]]),
            value: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
        }
    }
}

/// What identifies a device (`struct virtio_input_devids`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceIds {
    /// The bus.
    pub bustype: u16,
    /// The vendor.
    pub vendor: u16,
    /// The product.
    pub product: u16,
    /// Its version.
    pub version: u16,
}

impl DeviceIds {
    /// Bytes on the wire.
    pub const SIZE: usize = 8;

    /// Encodes the little-endian wire form.
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let (b, n) = (self.bustype.to_le_bytes(), self.vendor.to_le_bytes());
        let (p, v) = (self.product.to_le_bytes(), self.version.to_le_bytes());
        [b[0], b[1], n[0], n[1], p[0], p[1], v[0], v[1]]
    }
}

/// An absolute axis (`struct virtio_input_absinfo`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AxisInfo {
    /// Least value.
    pub min: u32,
    /// Greatest value.
    pub max: u32,
    /// Changes up to this may be noise.
    pub fuzz: u32,
    /// Values up to this count as 0.
    pub flat: u32,
    /// Units a millimetre.
    pub res: u32,
}

impl AxisInfo {
    /// Bytes on the wire.
    pub const SIZE: usize = 20;

    /// Encodes the little-endian wire form.
    #[must_use]
    pub fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        for (at, field) in [self.min, self.max, self.fuzz, self.flat, self.res].into_iter().enumerate() {
            bytes[4 * at..4 * at + 4].copy_from_slice(&field.to_le_bytes());
        }
        bytes
    }
}
