//! What the tests run the kit against: platforms, and a device side for split and packed rings.
//!
//! The device sides are written from VIRTIO 1.4 §2.7 and §2.8 over raw memory. They use nothing of the kit and none of the shared
//! layouts: a mistake in those would otherwise agree with itself.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

pub mod device;
pub mod legacy;
pub mod machine;
pub mod non_coherent;
pub mod packed;
pub mod pci;
pub mod platform;
pub mod registers;
pub mod ring;
pub mod stepper;
pub mod window;

/// A split ring, with or without EVENT_IDX.
pub fn event_idx(event_idx: bool) -> parakit::queue::RingFeatures {
    parakit::queue::RingFeatures { event_idx, ..parakit::queue::RingFeatures::NONE }
}

/// Makes each function, given the bits of ring features that a device offers, a test over each kind of ring.
#[macro_export]
macro_rules! over_rings {
    ($($name:ident,)*) => {
        $crate::over_rings! { in split of 0; $($name,)* }
        $crate::over_rings! { in packed of $crate::support::ring::RING_PACKED; $($name,)* }
    };
    (in $module:ident of $ring:expr; $($name:ident,)*) => {
        mod $module {
            $(
                #[test]
                fn $name() {
                    super::$name($ring);
                }
            )*
        }
    };
}

/// A small generator of pseudo-random numbers (xorshift64*), for schedules that a seed reproduces.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }

    pub fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}
