//! Where workloads run: this kernel.

use alloc::vec::Vec;
use core::cell::Cell;

use parakit::transport::VolatileWindow;
use parakit_abi::mailbox::{self as layout, DeviceEntry, Record, Value};
use parakit_exercise::Env;

use crate::mailbox::Mailbox;
use crate::platform::KernelPlatform;
use crate::{apic, time, trap, wait};

/// The kernel as a workload sees it.
pub(crate) struct KernelEnv {
    mailbox: Mailbox,
    devices: Vec<DeviceEntry>,
    /// Interrupt vectors, by device.
    vectors: Vec<u8>,
    queue_used: Cell<bool>,
}

impl KernelEnv {
    /// Reads the device table, and routes the interrupts of devices that do not send messages.
    pub(crate) fn new(mailbox: Mailbox) -> Self {
        let devices: Vec<_> = (0..mailbox.device_count()).map(|i| mailbox.device(i)).collect();
        let vectors = devices.iter().enumerate().map(|(i, device)| match device.vector {
            0 => apic::route(device.gsi, i),
            vector @ 0x20..0xff => vector as u8,
            vector => panic!("device {i} has vector {vector:#x}, which is none for interrupts"),
        });
        Self { mailbox, vectors: vectors.collect(), devices, queue_used: Cell::new(false) }
    }

    /// Warns of interrupts on vectors that belong to nobody: a device that interrupts in the wrong place.
    pub(crate) fn warn_of_strays(&self) {
        for vector in 0x20..=0xff {
            let count = trap::count(vector);
            if count != 0 && !trap::OWN_VECTORS.contains(&vector) && !self.vectors.contains(&vector) {
                log::warn!("{count} interrupts on vector {vector:#x}, which no device has");
            }
        }
    }

    /// Whether there is a harness that shares the mailbox and acts on signals.
    pub(crate) fn has_harness(&self) -> bool {
        !self.mailbox.is_own()
    }
}

impl Env for KernelEnv {
    type Platform = KernelPlatform;
    type Window = VolatileWindow;

    fn platform(&self) -> KernelPlatform {
        KernelPlatform
    }

    fn devices(&self) -> &[DeviceEntry] {
        &self.devices
    }

    fn window(&self, device: usize) -> VolatileWindow {
        let DeviceEntry { base, size, .. } = self.devices[device];
        // SAFETY: the harness put a register block there, and workloads have one window on a device at a time.
        match unsafe { VolatileWindow::map(&KernelPlatform, base, size as usize) } {
            Ok(window) => window,
            Err(error) => panic!("device {device}: {error}"),
        }
    }

    fn param(&self, index: usize) -> u64 {
        self.mailbox.param(index)
    }

    fn seed(&self) -> u64 {
        self.mailbox.u64(layout::OFF_SEED)
    }

    fn interrupts(&self, device: usize) -> u32 {
        trap::count(self.vectors[device])
    }

    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool {
        wait::until(timeout_ms, || self.interrupts(device) != seen)
    }

    fn now_ns(&self) -> u64 {
        time::ns_of(time::ticks())
    }

    fn first_queue_operation(&self) {
        if !self.queue_used.replace(true) {
            self.mailbox.set_u64(layout::OFF_TSC_FIRST_QUEUE, time::ticks());
        }
    }

    fn signal(&self, code: u32, argument: u64) -> u64 {
        self.mailbox.signal(code, argument)
    }

    fn record(&self, name: &str, value: Value) {
        if !self.mailbox.record(&Record::new(name, value)) {
            log::warn!("no room for the record \"{name}\": the mailbox holds {}", layout::MAX_RECORDS);
        }
    }
}
