//! The device under the probe, and what every probe does with it.

use alloc::{format, string::String};
use core::cell::Cell;

use parakit::transport::raw::{DATA, LEN, Piece, RawDevice, RawRegisters};
use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::RequirementId;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{self, Common, NO_VECTOR, header, msix};

use crate::common::find;
use crate::{Env, Failure};

/// What a driver has written when it has negotiated.
pub(super) const NEGOTIATED: DeviceStatus =
    DeviceStatus::ACKNOWLEDGE.with(DeviceStatus::DRIVER).with(DeviceStatus::FEATURES_OK);
/// What a driver has written when the device is live.
pub(super) const LIVE: DeviceStatus = NEGOTIATED.with(DeviceStatus::DRIVER_OK);

/// Milliseconds that a device gets to do what it has to do. Generous: it only decides when it has not done it.
const PATIENCE_MS: u64 = 5000;
/// The same, once a device has let a probe wait in vain.
const IMPATIENCE_MS: u64 = 250;
/// Milliseconds in which a device shows that it does what it must not do. One that works by itself does so within microseconds.
const QUIET_MS: u64 = 20;
/// Looks at a register in that time: devices that are stepped move when they are touched.
const QUIET_LOOKS: u32 = 16;

/// Rings have their areas before this offset of the memory, buffers behind it.
const BUFFERS: usize = DATA + 0x8000;

/// The device under the probe.
pub(super) struct Subject<'e, E: Env> {
    pub(super) env: &'e E,
    pub(super) device: usize,
    /// The type by which the device was found, whatever its registers say.
    pub(super) opened_as: DeviceType,
    pub(super) raw: RawDevice<'e, E::Platform>,
    next_buffer: Cell<usize>,
    /// The device has let the probe wait in vain.
    disappointed: Cell<bool>,
}

impl<'e, E: Env> Subject<'e, E> {
    /// Takes over the first device of a type.
    pub(super) fn open(env: &'e E, device_type: DeviceType) -> Result<Self, Failure> {
        let device = find(env, device_type)?;
        let raw = RawDevice::new(env.platform(), env.raw(device)).map_err(|e| Failure::of("memory of the probe", e))?;
        if let Some(pci) = raw.registers().pci() {
            pci.set_msix(true);
        }
        env.first_queue_operation();
        Ok(Self {
            env,
            device,
            opened_as: device_type,
            raw,
            next_buffer: Cell::new(BUFFERS),
            disappointed: Cell::new(false),
        })
    }

    /// The type that the device says it is.
    pub(super) fn device_type(&self) -> DeviceType {
        match self.raw.registers() {
            RawRegisters::Mmio(mmio) => DeviceType(mmio.read(Register::DeviceID)),
            RawRegisters::Pci(pci) => {
                let (vendor, device) = (pci.config(header::VENDOR_ID, 2), pci.config(header::DEVICE_ID, 2));
                pci::device_type(vendor as u16, device as u16).unwrap_or(DeviceType::INVALID)
            }
        }
    }

    /// Reports on a rule. What was seen is only told when it does not hold.
    pub(super) fn check<S: AsRef<str>>(
        &self,
        id: RequirementId,
        holds: bool,
        expected: &str,
        seen: impl FnOnce() -> S,
    ) -> bool {
        if holds {
            self.env.verdict(id, None);
        } else {
            self.env.verdict(id, Some((expected, seen().as_ref())));
        }
        holds
    }

    /// Resets the device; the buffers are free again.
    pub(super) fn reset(&self) -> Result<(), Failure> {
        self.free_buffers();
        if self.raw.reset() { Ok(()) } else { Err(Failure::new("the device does not come back from a reset")) }
    }

    /// The offered features.
    pub(super) fn offered(&self) -> Features {
        (0..4).fold(Features::NONE, |all, i| all.with_word(i, self.raw.device_feature(i)))
    }

    /// Accepts features, and writes `FEATURES_OK`. Whether it stays.
    pub(super) fn propose(&self, features: Features) -> bool {
        self.raw.set_status(DeviceStatus::ACKNOWLEDGE);
        self.raw.set_status(DeviceStatus::ACKNOWLEDGE.with(DeviceStatus::DRIVER));
        // A device that takes every word but the first for the second keeps what was written last.
        (0..4).rev().for_each(|i| self.raw.accept(i, features.word(i)));
        self.raw.set_status(NEGOTIATED);
        self.raw.status().contains(DeviceStatus::FEATURES_OK)
    }

    /// Resets the device, and negotiates what it offers of `wanted`, with `VIRTIO_F_VERSION_1`. What was agreed on.
    pub(super) fn negotiate(&self, wanted: &[u32]) -> Result<Features, Failure> {
        self.reset()?;
        let platform = [feature::VERSION_1, feature::ACCESS_PLATFORM, feature::ORDER_PLATFORM];
        let features = self.offered().and(Features::of(wanted).with(Features::of(&platform)));
        if self.propose(features) {
            return Ok(features);
        }
        Err(Failure::new(format!("the device refuses the features {:#x} of its offer", features.0)))
    }

    /// Sets `DRIVER_OK`.
    pub(super) fn go(&self) {
        self.raw.set_status(LIVE);
    }

    /// Vectors of the MSI-X table; `None` without MSI-X.
    pub(super) fn vectors(&self) -> Option<u32> {
        let pci = self.raw.registers().pci()?;
        pci.msix()?;
        Some(u32::from(pci.msix_control() & msix::CONTROL_SIZE) + 1)
    }

    /// Over PCI, maps configuration changes to the first vector and queue 0 to the second, or to the same where there is no other.
    pub(super) fn map_vectors(&self) {
        if let (Some(pci), Some(vectors)) = (self.raw.registers().pci(), self.vectors()) {
            pci.set_common(Common::ConfigMsixVector, 0);
            pci.set_common(Common::QueueSelect, 0);
            pci.set_common(Common::QueueMsixVector, u32::from(vectors > 1));
        }
    }

    /// Over PCI, maps configuration changes to no vector.
    pub(super) fn unmap_config(&self) {
        if let Some(pci) = self.raw.registers().pci() {
            pci.set_common(Common::ConfigMsixVector, NO_VECTOR.into());
        }
    }

    /// `len` bytes for a buffer, until the next reset.
    pub(super) fn buffer(&self, len: usize) -> Result<Piece, Failure> {
        let offset = self.next_buffer.get();
        let end = offset + len.next_multiple_of(8);
        if end > LEN {
            return Err(Failure::new(format!("the probe has no room for a buffer of {len} bytes")));
        }
        self.next_buffer.set(end);
        Ok(Piece { offset, len })
    }

    /// The buffers are free again.
    pub(super) fn free_buffers(&self) {
        self.next_buffer.set(BUFFERS);
    }

    /// Interrupts so far.
    pub(super) fn interrupts(&self) -> u32 {
        self.env.interrupts(self.device)
    }

    /// Gives the device time, until `done` says that it has what it waits for. Whether it has.
    pub(super) fn wait(&self, done: impl Fn() -> bool) -> bool {
        let patience = if self.disappointed.get() { IMPATIENCE_MS } else { PATIENCE_MS };
        let until = self.env.now_ns().saturating_add(patience * 1_000_000);
        loop {
            if done() {
                return true;
            }
            if self.env.now_ns() >= until {
                self.disappointed.set(true);
                return false;
            }
            // Whether an interrupt came or not, the next look decides.
            self.env.wait_interrupt(self.device, self.interrupts(), 1);
        }
    }

    /// Waits for an interrupt beyond the `seen` that came before. Whether there was one.
    pub(super) fn interrupted(&self, seen: u32) -> bool {
        self.wait(|| self.interrupts() != seen)
    }

    /// Gives the device time to do what it must not do.
    pub(super) fn pause(&self) {
        let until = self.env.now_ns().saturating_add(QUIET_MS * 1_000_000);
        for _ in 0..QUIET_LOOKS {
            // What the status shows does not matter here: the device is touched.
            let _touched = self.raw.status();
        }
        while self.env.now_ns() < until {
            self.env.wait_interrupt(self.device, self.interrupts(), 1);
        }
    }

    /// Notifies queue 0, where a notification is the queue's index alone.
    pub(super) fn notify(&self) {
        self.raw.registers().notify(0, None);
    }

    /// Bytes of the memory, each loaded by itself.
    pub(super) fn bytes(&self, piece: Piece) -> impl Iterator<Item = u8> + '_ {
        (piece.offset..piece.offset + piece.len).map(|at| self.raw.load8(at))
    }

    /// Fills a piece with `byte`.
    pub(super) fn fill(&self, piece: Piece, byte: u8) {
        (piece.offset..piece.offset + piece.len).for_each(|at| self.raw.store8(at, byte));
    }
}

/// Shows a status by name.
pub(super) fn show(status: DeviceStatus) -> String {
    format!("status {:#04x} ({status:?})", status.0)
}
