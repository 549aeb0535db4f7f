//! The device status field (VIRTIO 1.4 §2.1).

/// A value of the device status field: a set of the bits below.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct DeviceStatus(pub u8);

impl DeviceStatus {
    /// After a reset.
    pub const RESET: Self = Self(0);
    /// The guest has found the device.
    pub const ACKNOWLEDGE: Self = Self(1);
    /// The guest knows how to drive the device.
    pub const DRIVER: Self = Self(2);
    /// The driver is ready: the device is live.
    pub const DRIVER_OK: Self = Self(4);
    /// Feature negotiation is complete.
    pub const FEATURES_OK: Self = Self(8);
    /// The device is suspended (§3.4, new in 1.4).
    pub const SUSPEND: Self = Self(16);
    /// The device cannot go on without a reset.
    pub const DEVICE_NEEDS_RESET: Self = Self(64);
    /// The driver has given up on the device.
    pub const FAILED: Self = Self(128);

    /// The bits that stand for steps of the bring-up.
    pub const STEPS: Self = Self(0b1111);

    /// Names of the bits, lowest first.
    pub const NAMES: [(Self, &'static str); 7] = [
        (Self::ACKNOWLEDGE, "ACKNOWLEDGE"),
        (Self::DRIVER, "DRIVER"),
        (Self::DRIVER_OK, "DRIVER_OK"),
        (Self::FEATURES_OK, "FEATURES_OK"),
        (Self::SUSPEND, "SUSPEND"),
        (Self::DEVICE_NEEDS_RESET, "DEVICE_NEEDS_RESET"),
        (Self::FAILED, "FAILED"),
    ];

    /// Whether every bit of `bits` is set.
    #[inline]
    #[must_use]
    pub const fn contains(self, bits: Self) -> bool {
        self.0 & bits.0 == bits.0
    }

    /// Both sets together.
    #[inline]
    #[must_use]
    pub const fn with(self, bits: Self) -> Self {
        Self(self.0 | bits.0)
    }

    /// The bits that are in `self` and not in `other`.
    #[inline]
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl core::fmt::Debug for DeviceStatus {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl core::fmt::Display for DeviceStatus {
    /// Bit names joined by `|`; `0` for none; bits without a name in hexadecimal.
    ///
    /// ```
    /// use parakit_abi::status::DeviceStatus;
    /// assert_eq!(DeviceStatus(3).to_string(), "ACKNOWLEDGE|DRIVER");
    /// assert_eq!(DeviceStatus(0).to_string(), "0");
    /// assert_eq!(DeviceStatus(0x21).to_string(), "ACKNOWLEDGE|0x20");
    /// ```
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut rest = *self;
        let mut first = true;
        for (bit, name) in Self::NAMES {
            if self.contains(bit) {
                write!(f, "{}{name}", if first { "" } else { "|" })?;
                first = false;
                rest = rest.without(bit);
            }
        }
        if rest.0 != 0 {
            write!(f, "{}{:#x}", if first { "" } else { "|" }, rest.0)?;
        } else if first {
            f.write_str("0")?;
        }
        Ok(())
    }
}
