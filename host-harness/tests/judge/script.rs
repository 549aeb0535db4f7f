//! Traces written by hand: what a driver does, step by step, with the events that the harness would make of it.

use std::collections::BTreeSet;

use parakit_abi::device::{DeviceType, block, console};
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::RequirementId;
use parakit_abi::transport::mmio::{self, Register};
use parakit_harness::judge::{Judgement, judge};
use parakit_harness::observe::event::{DeviceInfo, Event, EventKind, QueueInfo, TransportKind};

/// What a plain device of a type shows: VERSION_1, EVENT_IDX and INDIRECT_DESC offered, two queues of 256.
pub(crate) fn info(device: DeviceType) -> DeviceInfo {
    let size = match device {
        DeviceType::BLOCK => block::config::SIZE,
        DeviceType::CONSOLE => console::config::SIZE,
        _ => 0,
    };
    let mut config = vec![0; size as usize];
    if device == DeviceType::BLOCK {
        // A capacity of 1 MiB.
        config[..8].copy_from_slice(&2048_u64.to_le_bytes());
    }
    let offered = Features::of(&[feature::VERSION_1, feature::EVENT_IDX, feature::INDIRECT_DESC]);
    DeviceInfo {
        name: device.name().unwrap_or("device").to_owned(),
        device_type: device.0,
        transport: TransportKind::Mmio,
        offered: [offered.0 as u64, (offered.0 >> 64) as u64],
        queue_max: vec![256, 256],
        config,
        identity: [mmio::MAGIC, mmio::VERSION, device.0],
        pci: None,
        assigned: true,
    }
}

/// A trace in the making.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) info: DeviceInfo,
    pub(crate) events: Vec<Event>,
}

impl Script {
    /// Nothing yet, but for the device.
    pub(crate) fn new(info: DeviceInfo) -> Self {
        let mut script = Self { info: info.clone(), events: Vec::new() };
        script.push(EventKind::Device(info));
        script
    }

    /// A plain block device.
    pub(crate) fn block() -> Self {
        Self::new(info(DeviceType::BLOCK))
    }

    /// A plain block device that offers these bits too.
    pub(crate) fn offering(bits: &[u32]) -> Self {
        let mut info = info(DeviceType::BLOCK);
        let more = Features::of(bits).0;
        info.offered[0] |= more as u64;
        info.offered[1] |= (more >> 64) as u64;
        Self::new(info)
    }

    /// Adds an event as it is.
    pub(crate) fn push(&mut self, kind: EventKind) -> &mut Self {
        let seq = self.events.len() as u64;
        self.events.push(Event { seq, time_ns: 1000 * seq, device: 0, kind });
        self
    }

    /// A raw access, without the event of its meaning.
    pub(crate) fn raw(&mut self, write: bool, offset: u64, width: u8, value: u64) -> &mut Self {
        self.push(EventKind::Register { write, offset, width, value })
    }

    pub(crate) fn write(&mut self, register: Register, value: u32) -> &mut Self {
        self.raw(true, register.offset(), 4, u64::from(value))
    }

    pub(crate) fn read(&mut self, register: Register, value: u32) -> &mut Self {
        self.raw(false, register.offset(), 4, u64::from(value))
    }

    pub(crate) fn status_write(&mut self, value: u8) -> &mut Self {
        self.write(Register::Status, value.into()).push(EventKind::StatusWrite { value })
    }

    pub(crate) fn status_read(&mut self, value: u8) -> &mut Self {
        self.read(Register::Status, value.into()).push(EventKind::StatusRead { value })
    }

    /// Reads magic value, version and device id, as the device shows them.
    pub(crate) fn identify(&mut self) -> &mut Self {
        let [magic, version, device] = self.info.identity;
        self.read(Register::MagicValue, magic).read(Register::Version, version).read(Register::DeviceID, device)
    }

    /// Resets the device and reads the status back.
    pub(crate) fn reset(&mut self) -> &mut Self {
        self.status_write(0).push(EventKind::ResetDone).status_read(0)
    }

    /// What the device offers.
    pub(crate) fn offered(&self) -> Features {
        Features(u128::from(self.info.offered[0]) | u128::from(self.info.offered[1]) << 64)
    }

    pub(crate) fn read_features(&mut self) -> &mut Self {
        for word in 0..2 {
            let value = self.offered().word(word);
            self.write(Register::DeviceFeaturesSel, word).read(Register::DeviceFeatures, value);
            self.push(EventKind::DeviceFeaturesRead { word, value });
        }
        self
    }

    /// Writes the words 0 and 1 of the accepted features, and the words above where a bit asks for it.
    pub(crate) fn write_features(&mut self, accepted: Features) -> &mut Self {
        for word in (0..4).filter(|w| *w < 2 || accepted.word(*w) != 0) {
            let value = accepted.word(word);
            self.write(Register::DriverFeaturesSel, word).write(Register::DriverFeatures, value);
            self.push(EventKind::DriverFeaturesWrite { word, value });
        }
        self
    }

    /// Sets up and enables a queue: rings at 64 KiB times (index + 1).
    pub(crate) fn queue(&mut self, queue: u16, size: u16) -> &mut Self {
        self.queue_registers(queue, size)
            .ready(queue, true)
            .push(EventKind::QueueEnabled(Self::queue_info(queue, size)))
    }

    /// How [`Script::queue`] places a queue.
    pub(crate) fn queue_info(queue: u16, size: u16) -> QueueInfo {
        let base = 0x10000 * (u64::from(queue) + 1);
        QueueInfo {
            queue,
            size,
            desc: base,
            driver: base + 0x4000,
            device: base + 0x8000,
            packed: false,
            avail_flags: Some(0),
            avail_idx: Some(0),
            used_flags: Some(0),
            used_idx: Some(0),
        }
    }

    /// Sets up a queue without enabling it.
    pub(crate) fn queue_registers(&mut self, queue: u16, size: u16) -> &mut Self {
        let index = u32::from(queue);
        let max = self.info.queue_max.get(usize::from(queue)).copied().unwrap_or(0);
        let at = Self::queue_info(queue, size);
        self.write(Register::QueueSel, index);
        self.read(Register::QueueReady, 0).push(EventKind::QueueReadyRead { queue: index, value: 0 });
        self.read(Register::QueueSizeMax, max.into());
        self.push(EventKind::QueueSizeMaxRead { queue: index, value: max.into() });
        self.queue_size(queue, size.into());
        for (register, value) in [
            (Register::QueueDescLow, at.desc),
            (Register::QueueDescHigh, 0),
            (Register::QueueDriverLow, at.driver),
            (Register::QueueDriverHigh, 0),
            (Register::QueueDeviceLow, at.device),
            (Register::QueueDeviceHigh, 0),
        ] {
            self.write(register, value as u32);
        }
        self
    }

    /// Writes the size of the selected queue.
    pub(crate) fn queue_size(&mut self, queue: u16, size: u32) -> &mut Self {
        self.write(Register::QueueSize, size).push(EventKind::QueueSizeWrite { queue: queue.into(), value: size })
    }

    /// Writes QueueReady.
    pub(crate) fn ready(&mut self, queue: u16, ready: bool) -> &mut Self {
        let value = u32::from(ready);
        self.write(Register::QueueSel, queue.into()).write(Register::QueueReady, value);
        self.push(EventKind::QueueReadyWrite { queue: queue.into(), value })
    }

    /// Reads QueueReady of the selected queue.
    pub(crate) fn ready_read(&mut self, queue: u16, value: u32) -> &mut Self {
        self.read(Register::QueueReady, value).push(EventKind::QueueReadyRead { queue: queue.into(), value })
    }

    pub(crate) fn config_read(&mut self, offset: u32, width: u8, value: u64) -> &mut Self {
        self.raw(false, mmio::CONFIG + u64::from(offset), width, value).push(EventKind::ConfigRead {
            offset,
            width,
            value,
        })
    }

    pub(crate) fn config_write(&mut self, offset: u32, width: u8, value: u64) -> &mut Self {
        self.raw(true, mmio::CONFIG + u64::from(offset), width, value).push(EventKind::ConfigWrite {
            offset,
            width,
            value,
        })
    }

    pub(crate) fn generation(&mut self, value: u32) -> &mut Self {
        self.read(Register::ConfigGeneration, value).push(EventKind::ConfigGenerationRead { value })
    }

    pub(crate) fn notify(&mut self, queue: u32) -> &mut Self {
        self.write(Register::QueueNotify, queue).push(EventKind::Notify { queue, count: 1 })
    }

    pub(crate) fn interrupt(&mut self, reasons: u32) -> &mut Self {
        self.push(EventKind::Interrupt { reasons, spurious: false })
    }

    pub(crate) fn interrupt_status(&mut self, value: u32) -> &mut Self {
        self.read(Register::InterruptStatus, value).push(EventKind::InterruptStatusRead { value })
    }

    pub(crate) fn interrupt_ack(&mut self, value: u32) -> &mut Self {
        self.write(Register::InterruptACK, value).push(EventKind::InterruptAck { value })
    }

    /// From the identity to FEATURES_OK read back, as the specification has it.
    pub(crate) fn negotiate(&mut self, accepted: Features) -> &mut Self {
        self.identify().reset().status_write(1).status_write(3).read_features().write_features(accepted);
        self.status_write(11).status_read(11)
    }

    /// The whole bring-up, with queue 0 of 256 entries, accepting VERSION_1 and EVENT_IDX.
    pub(crate) fn start(&mut self) -> &mut Self {
        self.start_with(&[])
    }

    /// The whole bring-up, accepting these bits too.
    pub(crate) fn start_with(&mut self, bits: &[u32]) -> &mut Self {
        let accepted = Features::of(&[feature::VERSION_1, feature::EVENT_IDX]).with(Features::of(bits));
        self.negotiate(accepted).queue(0, 256).status_write(15)
    }

    /// The guest ends its work.
    pub(crate) fn finish(&mut self) -> &mut Self {
        self.push(EventKind::End { reason: EventKind::FINISHED.to_owned() })
    }

    pub(crate) fn judge(&self) -> Judgement {
        judge(&self.events)
    }

    /// The requirements that the trace violates.
    pub(crate) fn violated(&self) -> BTreeSet<RequirementId> {
        self.judge().verdicts.entries.iter().filter(|(_, e)| e.violated > 0).map(|(id, _)| *id).collect()
    }

    /// Shows that the trace exercises `id` and that nothing in it is wrong.
    #[track_caller]
    pub(crate) fn passes(&self, id: RequirementId) {
        let judgement = self.judge();
        let wrong: Vec<_> = judgement.verdicts.entries.iter().filter(|(_, e)| e.violated > 0).collect();
        assert!(wrong.is_empty(), "a conforming trace is accused: {wrong:#?}");
        assert!(judgement.verdicts.entries.get(&id).is_some_and(|e| e.passed > 0), "{id} was not exercised");
    }

    /// Shows that the trace is caught under `id`, and under no other requirement than those of `also`.
    #[track_caller]
    pub(crate) fn caught(&self, id: RequirementId, also: &[RequirementId]) {
        let violated = self.violated();
        assert!(violated.contains(&id), "{id} was not caught; violated: {violated:?}");
        let more: Vec<_> = violated.iter().filter(|v| **v != id && !also.contains(v)).collect();
        assert!(more.is_empty(), "beside {id} also accused: {:#?}", {
            let verdicts = self.judge().verdicts;
            more.iter().map(|id| (**id, verdicts.entries[id].evidence.clone())).collect::<Vec<_>>()
        });
    }

    /// Shows that the trace says nothing about `id`.
    #[track_caller]
    pub(crate) fn silent(&self, id: RequirementId) {
        let entry = self.judge().verdicts.entries.get(&id).cloned();
        assert_eq!(entry, None, "{id} was not to be judged here");
    }
}
