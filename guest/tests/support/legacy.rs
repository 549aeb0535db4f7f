//! The registers of a legacy device (virtio-mmio version 1, VIRTIO 1.4 §4.2.4) in front of a model that has those of version 2.

use super::window::{Model, Window};

pub struct State<M> {
    pub model: Window<M>,
    pub log: Vec<(u64, Option<u32>)>,
    page_size: u32,
    align: u32,
    size: u32,
    select: usize,
    /// Page of each queue.
    pub pages: Vec<u32>,
}

/// Shares a [`State`] with the test.
pub type Legacy<M> = Window<State<M>>;

impl<M: Model> Legacy<M> {
    pub fn legacy(model: Window<M>, queues: usize) -> Self {
        let pages = vec![0; queues];
        Self::of(State { model, log: Vec::new(), page_size: 0, align: 0, size: 0, select: 0, pages })
    }
}

impl<M: Model> Model for State<M> {
    const LEN: u64 = M::LEN;

    fn read(&mut self, offset: u64, width: usize) -> u32 {
        self.log.push((offset, None));
        match offset {
            0x004 => 1,
            0x034 => {
                assert_eq!(self.pages[self.select], 0, "QueueNumMax of a queue in use");
                self.model.with(|m| m.read(offset, width))
            }
            0x040 => *self.pages.get(self.select).unwrap_or(&0),
            0x000 | 0x008 | 0x00c | 0x010 | 0x060 | 0x070 | 0x100.. => self.model.with(|m| m.read(offset, width)),
            _ => panic!("read of register {offset:#x}, which is write-only or not there"),
        }
    }

    fn write(&mut self, offset: u64, width: usize, value: u32) {
        self.log.push((offset, Some(value)));
        match offset {
            0x014 | 0x024 => {
                assert_eq!(value, 0, "there are 32 bits of features");
                self.model.with(|m| m.write(offset, width, value));
            }
            0x028 => self.page_size = value,
            0x030 => {
                self.select = value as usize;
                self.model.with(|m| m.write(offset, width, value));
            }
            0x038 => {
                self.size = value;
                self.model.with(|m| m.write(offset, width, value));
            }
            0x03c => self.align = value,
            0x040 => {
                assert!(
                    self.page_size.is_power_of_two() && self.align.is_power_of_two() && self.size.is_power_of_two()
                );
                self.pages[self.select] = value;
                // `struct vring` of §2.7.2, from the first page on.
                let size = u64::from(self.size);
                let descriptors = u64::from(value) * u64::from(self.page_size);
                let available = descriptors + 16 * size;
                let used = (available + 2 * (3 + size)).next_multiple_of(self.align.into());
                for (i, address) in [descriptors, available, used].into_iter().enumerate() {
                    let at = 0x080 + 0x10 * i as u64;
                    self.model.with(|m| {
                        m.write(at, 4, address as u32);
                        m.write(at + 4, 4, (address >> 32) as u32);
                    });
                }
                self.model.with(|m| m.write(0x044, 4, 1));
            }
            0x070 => {
                assert_eq!(value & 0x18, 0, "FEATURES_OK or SUSPEND of a legacy device");
                if value == 0 {
                    self.pages.fill(0);
                }
                self.model.with(|m| m.write(offset, width, value));
            }
            0x020 | 0x050 | 0x064 | 0x100.. => self.model.with(|m| m.write(offset, width, value)),
            _ => panic!("write of register {offset:#x}, which is read-only or not there"),
        }
    }

    fn notified(&mut self) {
        self.model.with(M::notified);
    }
}
