//! BLK.

use parakit_abi::device::block::{DiscardWriteZeroes, config, feature, request};
use parakit_abi::feature::Features;
use parakit_abi::requirement::id;
use parakit_harness::device::Control;

use super::{Mutant, plain};
use crate::raw::{Driver, Script, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::BLK_DRV_INIT_4,
        name: "early-writeback",
        what: "writeback is read before FEATURES_OK",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("features ok", |d| {
                let _writeback = d.config(config::WRITEBACK, 1);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_1,
        name: "stale-capacity",
        what: "a configuration change notification is acknowledged and the capacity not looked at",
        setting: Setting::block,
        exercise: |s| {
            s.before("cleanup", |d| {
                resize(d);
                read_capacity(d);
                requests(d);
            });
        },
        run: |s| {
            s.replace("added", |d| {
                resize(d);
                requests(d);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_2,
        name: "read-beyond",
        what: "a read of two sectors at the last one",
        setting: Setting::block,
        exercise: |s| {
            s.before("cleanup", |d| {
                let buffers = d.read_request(2047, 512);
                d.exchange(0, &buffers);
            });
        },
        run: |s| {
            s.replace("added", |d| {
                let buffers = d.read_request(2047, 1024);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_2,
        name: "write-beyond",
        what: "a write at a sector so high that its end wraps around",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let data = d.readable(&[0; 512]);
                let buffers = d.request(request::OUT, u64::MAX, &[data]);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_2,
        name: "write-zeroes-beyond",
        what: "zeroes written past the end",
        setting: Setting::block,
        exercise: plain,
        run: |s| s.before("cleanup", |d| segments(d, request::WRITE_ZEROES, 1, 2040, 0)),
    },
    Mutant {
        requirement: id::BLK_DRV_OP_2,
        name: "beyond-new-capacity",
        what: "the disk shrinks, the driver reads so, and goes on reading where the disk was",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                d.machine.control(&Control::Capacity(1024));
                d.handle_interrupt();
                read_capacity(d);
                for _ in 0..4 {
                    d.read_sector(1500);
                }
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_3,
        name: "read-only-declined",
        what: "VIRTIO_BLK_F_RO is not accepted",
        setting: || Setting::block().widened(feature::RO),
        exercise: plain,
        run: |s| {
            s.replace("accept features", |d| {
                d.accepted = d.offered.and(d.setting.accept).without(Features::bit(feature::RO));
                d.accept_word(0, d.accepted.word(0));
                d.accept_word(1, d.accepted.word(1));
            });
            s.omit("work");
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_4,
        name: "flush-sector",
        what: "a flush that names a sector",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let buffers = d.request(request::FLUSH, 1, &[]);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_5,
        name: "flush-data",
        what: "a flush with a sector of data",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let data = d.readable(&[0; 512]);
                let buffers = d.request(request::FLUSH, 0, &[data]);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_6,
        name: "odd-read",
        what: "a read of 511 bytes",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let buffers = d.read_request(0, 511);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_6,
        name: "odd-write",
        what: "a write of 513 bytes in two buffers",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let data = [d.readable(&[0; 512]), d.readable(&[0; 1])];
                let buffers = d.request(request::OUT, 0, &data);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_7,
        name: "half-segment",
        what: "a discard of one segment and a half",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let data = d.readable(&[0; 24]);
                let buffers = d.request(request::DISCARD, 0, &[data]);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_8,
        name: "short-id",
        what: "a device id of 19 bytes",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let id = d.writable(19);
                let buffers = d.request(request::GET_ID, 0, &[id]);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::BLK_DRV_OP_9,
        name: "too-many-discards",
        what: "a discard of 17 segments where 16 are allowed",
        setting: Setting::block,
        exercise: |s| s.before("cleanup", |d| segments(d, request::DISCARD, 16, 0, 0)),
        run: |s| s.replace("added", |d| segments(d, request::DISCARD, 17, 0, 0)),
    },
    Mutant {
        requirement: id::BLK_DRV_OP_10,
        name: "too-many-erasures",
        what: "a secure erase of 5 segments where 4 are allowed",
        setting: || Setting::block().widened(feature::SECURE_ERASE),
        exercise: |s| s.before("cleanup", |d| segments(d, request::SECURE_ERASE, 4, 0, 0)),
        run: |s| s.replace("added", |d| segments(d, request::SECURE_ERASE, 5, 0, 0)),
    },
    Mutant {
        requirement: id::BLK_DRV_OP_11,
        name: "too-many-zeroes",
        what: "write-zeroes of 17 segments where 16 are allowed",
        setting: Setting::block,
        exercise: |s| s.before("cleanup", |d| segments(d, request::WRITE_ZEROES, 16, 0, 0)),
        run: |s: &mut Script| s.replace("added", |d| segments(d, request::WRITE_ZEROES, 17, 0, 0)),
    },
    Mutant {
        requirement: id::BLK_DRV_OP_14,
        name: "unmap-discard",
        what: "a discard with the unmap bit in its second segment",
        setting: Setting::block,
        exercise: plain,
        run: |s| s.before("cleanup", |d| segments(d, request::DISCARD, 2, 0, DiscardWriteZeroes::UNMAP)),
    },
];

fn resize(d: &mut Driver) {
    d.machine.control(&Control::Capacity(4096));
    d.handle_interrupt();
}

fn read_capacity(d: &mut Driver) {
    let _capacity = d.config(config::CAPACITY, 4) | d.config(config::CAPACITY + 4, 4) << 32;
}

fn requests(d: &mut Driver) {
    for sector in 0..3 {
        d.read_sector(sector);
    }
}

/// A request of `count` segments of 16 sectors from `first` on; the last has the given flags.
fn segments(d: &mut Driver, request_type: u32, count: u64, first: u64, flags: u32) {
    let segment = |i: u64| DiscardWriteZeroes {
        sector: first + 16 * i,
        num_sectors: 16,
        flags: if i + 1 == count { flags } else { 0 },
    };
    let bytes: Vec<u8> = (0..count).flat_map(|i| segment(i).to_le_bytes()).collect();
    let data = d.readable(&bytes);
    let buffers = d.request(request_type, 0, &[data]);
    d.exchange(0, &buffers);
}
