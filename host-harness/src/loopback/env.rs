//! What a workload finds in loopback.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use parakit_abi::mailbox::{DeviceEntry, MAX_RECORDS, PARAMS, Record, Value};
use parakit_exercise::Env;

use super::pace::Line;
use super::{LoopbackConfig, LoopbackPlatform, LoopbackWindow, World};
use crate::transport::device::VirtioDevice;
use crate::vmm::Hooks;

/// Loopback as a workload sees it.
pub struct LoopbackEnv<'h> {
    params: [u64; PARAMS],
    seed: u64,
    world: Arc<World>,
    devices: Vec<VirtioDevice>,
    lines: Vec<Arc<Line>>,
    entries: Vec<DeviceEntry>,
    platform: LoopbackPlatform,
    hooks: RefCell<&'h mut dyn Hooks>,
    records: RefCell<Vec<Record>>,
    first_queue: Cell<Option<Duration>>,
    cancelled: Cell<bool>,
}

impl<'h> LoopbackEnv<'h> {
    pub(super) fn new(
        config: &LoopbackConfig,
        world: Arc<World>,
        devices: Vec<VirtioDevice>,
        lines: Vec<Arc<Line>>,
        entries: Vec<DeviceEntry>,
        hooks: &'h mut dyn Hooks,
    ) -> Self {
        Self {
            params: config.params,
            seed: config.seed,
            platform: LoopbackPlatform::new(Arc::clone(&world)),
            world,
            devices,
            lines,
            entries,
            hooks: RefCell::new(hooks),
            records: RefCell::default(),
            first_queue: Cell::new(None),
            cancelled: Cell::new(false),
        }
    }

    pub(super) fn was_cancelled(&self) -> bool {
        self.cancelled.get() || self.hooks.borrow().cancelled()
    }

    pub(super) fn into_results(self) -> (Vec<Record>, Option<Duration>) {
        (self.records.into_inner(), self.first_queue.get())
    }
}

impl Env for LoopbackEnv<'_> {
    type Platform = LoopbackPlatform;
    type Window = LoopbackWindow;

    fn platform(&self) -> LoopbackPlatform {
        self.platform.clone()
    }

    fn devices(&self) -> &[DeviceEntry] {
        &self.entries
    }

    fn window(&self, device: usize) -> LoopbackWindow {
        LoopbackWindow::new(self.devices[device].clone(), Arc::clone(&self.world))
    }

    fn param(&self, index: usize) -> u64 {
        self.params.get(index).copied().unwrap_or(0)
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn interrupts(&self, device: usize) -> u32 {
        self.lines[device].count()
    }

    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool {
        let until = self.world.pace.now().saturating_add(Duration::from_millis(timeout_ms));
        self.world.pace.wait(&self.lines[device], seen, until, || {
            let cancelled = self.hooks.borrow().cancelled();
            self.cancelled.set(self.cancelled.get() || cancelled);
            cancelled
        })
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.world.pace.now().as_nanos()).unwrap_or(u64::MAX)
    }

    fn first_queue_operation(&self) {
        if self.first_queue.get().is_none() {
            self.first_queue.set(Some(self.world.pace.now()));
        }
    }

    fn signal(&self, code: u32, argument: u64) -> u64 {
        self.hooks.borrow_mut().signal(code, argument)
    }

    fn record(&self, name: &str, value: Value) {
        let mut records = self.records.borrow_mut();
        if records.len() < MAX_RECORDS {
            records.push(Record::new(name, value));
        }
    }
}
