//! A virtio-mmio register block that notes each access.

use std::collections::VecDeque;

use super::window::{Model, Window};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read { offset: u64, width: u8 },
    Write { offset: u64, width: u8, value: u32 },
}

pub const fn read(offset: u64) -> Access {
    Access::Read { offset, width: 4 }
}

pub const fn write(offset: u64, value: u32) -> Access {
    Access::Write { offset, width: 4, value }
}

/// What the block answers. The registers are numbered as in VIRTIO 1.4 §4.2.2.
#[derive(Debug)]
pub struct State {
    pub log: Vec<Access>,
    pub magic: u32,
    pub version: u32,
    pub device_id: u32,
    pub features: [u32; 4],
    pub accepted: [u32; 4],
    pub status: u32,
    /// Reads of the status after a reset that still show the old one; `u32::MAX` for ever.
    pub slow_reset: u32,
    /// The device takes FEATURES_OK back.
    pub refuse_features: bool,
    pub queue_max: Vec<u32>,
    pub queue_ready: Vec<u32>,
    /// What interrupt status reads, in turn; then 0.
    pub interrupt: VecDeque<u32>,
    pub config: Vec<u8>,
    /// Generations that reads show, in turn; the last one stays.
    pub generations: VecDeque<u32>,
    /// After this many more reads of the configuration it starts with these bytes.
    pub config_after: Option<(u32, Vec<u8>)>,
    pub notified: Vec<u32>,
    /// What the queues' readiness reads after the next reset.
    pub ready_after_reset: Vec<u32>,
    /// What a reset of a single queue reads, instead of being done at once.
    pub queue_reset_reads: Option<u32>,
    /// Whether the device suspends and resumes when it is told to.
    pub suspends: bool,
    /// Id, address and length of each shared memory region.
    pub shared_memory: Vec<(u32, u64, u64)>,
    shm_sel: u32,
    feature_sel: u32,
    accept_sel: u32,
    queue_sel: usize,
    stale: u32,
    old_status: u32,
}

/// Shares a [`State`] with the test.
pub type Registers = Window<State>;

impl Registers {
    /// A well-behaved device of type `id` with `features` and queues of these sizes.
    pub fn new(id: u32, features: u128, queues: &[u32]) -> Self {
        Self::of(State {
            log: Vec::new(),
            magic: 0x7472_6976,
            version: 2,
            device_id: id,
            features: std::array::from_fn(|i| (features >> (32 * i)) as u32),
            accepted: [0; 4],
            status: 0xf,
            slow_reset: 0,
            refuse_features: false,
            queue_max: queues.to_vec(),
            queue_ready: vec![0; queues.len()],
            interrupt: VecDeque::new(),
            config: vec![0; 64],
            generations: VecDeque::from([7]),
            config_after: None,
            notified: Vec::new(),
            ready_after_reset: Vec::new(),
            queue_reset_reads: None,
            suspends: true,
            shared_memory: Vec::new(),
            shm_sel: 0,
            feature_sel: u32::MAX,
            accept_sel: u32::MAX,
            queue_sel: usize::MAX,
            stale: 0,
            old_status: 0,
        })
    }

    pub fn take_log(&self) -> Vec<Access> {
        self.with(|s| std::mem::take(&mut s.log))
    }
}

impl Model for State {
    const LEN: u64 = 0x200;

    fn read(&mut self, offset: u64, width: usize) -> u32 {
        let width = width as u8;
        self.log.push(Access::Read { offset, width });
        if let Some(at) = offset.checked_sub(0x100) {
            if let Some((left, bytes)) = &mut self.config_after {
                *left -= 1;
                if *left == 0 {
                    self.config[..bytes.len()].copy_from_slice(bytes);
                    self.config_after = None;
                }
            }
            let mut bytes = [0; 4];
            let end = (at as usize + usize::from(width)).min(self.config.len());
            let part = self.config.get(at as usize..end).unwrap_or(&[]);
            bytes[..part.len()].copy_from_slice(part);
            return u32::from_le_bytes(bytes);
        }
        assert_eq!(width, 4, "a control register read with {width} bytes");
        match offset {
            0x000 => self.magic,
            0x004 => self.version,
            0x008 => self.device_id,
            0x00c => 0x1234_5678,
            0x010 => *self.features.get(self.feature_sel as usize).unwrap_or(&0),
            0x034 => *self.queue_max.get(self.queue_sel).unwrap_or(&0),
            0x044 => *self.queue_ready.get(self.queue_sel).unwrap_or(&0),
            0x060 => self.interrupt.pop_front().unwrap_or(0),
            0x070 => {
                if self.stale > 0 {
                    self.stale -= u32::from(self.stale != u32::MAX);
                    return self.old_status;
                }
                self.status
            }
            0x0c0 => self.queue_reset_reads.unwrap_or(0),
            0x0b0..=0x0bc => {
                let region = self.shared_memory.iter().find(|region| region.0 == self.shm_sel);
                let (_, address, len) = *region.unwrap_or(&(0, u64::MAX, u64::MAX));
                let value = if offset < 0x0b8 { len } else { address };
                (value >> (8 * (offset & 4))) as u32
            }
            0x0fc => {
                if self.generations.len() > 1 {
                    return self.generations.pop_front().unwrap();
                }
                self.generations[0]
            }
            _ => panic!("read of register {offset:#x}, which is write-only or not there"),
        }
    }

    fn write(&mut self, offset: u64, width: usize, value: u32) {
        let width = width as u8;
        self.log.push(Access::Write { offset, width, value });
        if let Some(at) = offset.checked_sub(0x100) {
            let bytes = value.to_le_bytes();
            self.config[at as usize..at as usize + usize::from(width)].copy_from_slice(&bytes[..width.into()]);
            return;
        }
        assert_eq!(width, 4, "a control register written with {width} bytes");
        match offset {
            0x014 => self.feature_sel = value,
            0x020 => self.accepted[self.accept_sel as usize] = value,
            0x024 => self.accept_sel = value,
            0x030 => self.queue_sel = value as usize,
            0x044 => self.queue_ready[self.queue_sel] = value,
            0x050 => self.notified.push(value),
            0x0ac => self.shm_sel = value,
            0x0c0 if self.queue_reset_reads.is_none() => self.queue_ready[self.queue_sel] = 0,
            0x0c0 => {}
            0x070 if value == 0 => {
                self.old_status = self.status;
                self.stale = self.slow_reset;
                self.status = 0;
                self.queue_ready.fill(0);
                let ready = std::mem::take(&mut self.ready_after_reset);
                self.queue_ready[..ready.len()].copy_from_slice(&ready);
            }
            0x070 => {
                let refused = if self.refuse_features { 8 } else { 0 };
                // DRIVER_OK and SUSPEND: what the device does with them depends on where it was.
                let suspended = self.status & 0x14 == 0x10;
                self.status = match value & 0x14 {
                    0x14 if suspended && self.suspends => value & !0x10,
                    0x14 if !suspended && self.suspends => value & !4,
                    0x14 => self.status,
                    _ => value & !refused,
                };
            }
            0x038 | 0x064 | 0x080 | 0x084 | 0x090 | 0x094 | 0x0a0 | 0x0a4 => {}
            _ => panic!("write of register {offset:#x}, which is read-only or not there"),
        }
    }
}
