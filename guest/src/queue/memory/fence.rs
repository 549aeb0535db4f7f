//! The full barriers of the queues, by name.
//!
//! Each stands between a write of the driver that the device must see and a read of what the device wrote meanwhile. With
//! `--cfg parakit_mutate_no_barrier` a test can take any one of them out, to show that the litmus test sees it missing.

use core::sync::atomic::{Ordering::SeqCst, fence};

use crate::platform::order;

/// The barriers.
#[derive(Clone, Copy)]
pub(super) enum Barrier {
    /// Between the available index and the device's suppression word of a split ring.
    SplitKick = 1,
    /// Between the driver's suppression word and the used index of a split ring.
    SplitInterrupt = 2,
    /// Between the flags of a descriptor and the device's event suppression structure of a packed ring.
    PackedKick = 3,
    /// Between the driver's event suppression structure and the flags of a used descriptor of a packed ring.
    PackedInterrupt = 4,
}

/// Which barrier is taken out: 1 to 4 in the order of their declaration, 0 for none.
#[cfg(parakit_mutate_no_barrier)]
pub static MUTATED: core::sync::atomic::AtomicU8 = core::sync::atomic::AtomicU8::new(0);

/// How far the order of a ring's accesses reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::queue) struct Reach {
    hardware: bool,
}

impl Reach {
    /// To devices beyond the processors' caches if `hardware`, which is `VIRTIO_F_ORDER_PLATFORM`; otherwise to other processors.
    pub(in crate::queue) const fn new(hardware: bool) -> Self {
        Self { hardware }
    }

    /// Stands where an atomic access orders what is before it and what is after it, and has that reach devices, too. No
    /// instruction where it does anyway; see [`order`].
    #[inline(always)]
    pub(super) fn extend(self) {
        if cfg!(target_arch = "aarch64") && self.hardware {
            order::for_hardware();
        }
    }

    /// Stands behind a sequentially consistent store that a sequentially consistent load of another word follows.
    ///
    /// The two are in that order by themselves, on AArch64 as `stlr` and `ldar`. An emulator that has a barrier before the one and
    /// behind the other, and none between, loses it on processors that delay stores: QEMU's on x86 does, and then driver and
    /// device both sleep. So there is a barrier on AArch64, of the reach that is wanted.
    #[inline(always)]
    pub(super) fn extend_between(self) {
        if cfg!(target_arch = "aarch64") {
            if self.hardware {
                order::for_hardware();
            } else {
                fence(SeqCst);
            }
        }
    }
}

/// Whether a barrier is taken out.
#[cfg(parakit_mutate_no_barrier)]
#[inline]
pub(super) fn is_missing(barrier: Barrier) -> bool {
    MUTATED.load(core::sync::atomic::Ordering::Relaxed) == barrier as u8
}

/// Never: the barriers are there.
#[cfg(not(parakit_mutate_no_barrier))]
#[inline(always)]
pub(super) const fn is_missing(_: Barrier) -> bool {
    false
}
