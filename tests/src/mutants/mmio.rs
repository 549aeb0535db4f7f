//! MMIO: registers, probing, interrupts, queues.

use parakit_abi::device::block::config;
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::Register;
use parakit_harness::oddity::OddityKind;

use super::{Mutant, plain};
use crate::raw::{Driver, Ring, Script, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::MMIO_DRV_REGS_1,
        name: "no-register",
        what: "a read at offset 0x1c, where there is no register",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("work", |d| {
                let _value = d.machine.read(0x1c, 4);
            })
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_1,
        name: "no-field",
        what: "a read behind the last configuration field",
        setting: Setting::console,
        exercise: plain,
        run: |s| {
            s.before("work", |d| {
                let _value = d.config(64, 4);
            })
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_2,
        name: "read-only-written",
        what: "InterruptStatus is written to clear it",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.before("work", |d| d.write(Register::InterruptStatus, 0)),
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_3,
        name: "write-only-read",
        what: "QueueSel is read",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("work", |d| {
                let _value = d.read(Register::QueueSel);
            })
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_4,
        name: "byte-access",
        what: "the status is read as a byte",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("work", |d| {
                let _value = d.machine.read(Register::Status.offset(), 1);
            })
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_5,
        name: "wide-field",
        what: "the capacity is read by one access of 64 bits",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("work", |d| {
                let _value = d.config(config::CAPACITY, 8);
            })
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_6,
        name: "wrong-magic",
        what: "a device without the magic value is reset",
        setting: || Setting::entropy().odd(OddityKind::WrongMagic),
        exercise: |s| probe_only(s, read_magic_and_version),
        run: |s| s.after("probe", |d| d.reset()),
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_8,
        name: "wrong-version",
        what: "a device of version 1 is driven by the registers of version 2",
        setting: || Setting::entropy().odd(OddityKind::WrongVersion),
        exercise: |s| probe_only(s, read_magic_and_version),
        run: |s| {
            s.after("probe", |d| {
                d.reset();
                let _ready = d.read(Register::QueueReady);
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_10,
        name: "placeholder-reset",
        what: "a placeholder is reset",
        setting: placeholder,
        exercise: |s| probe_only(s, read_identity),
        run: |s| s.after("probe", |d| d.reset()),
    },
    Mutant {
        requirement: id::MMIO_DRV_INIT_1,
        name: "device-id-first",
        what: "DeviceID is read before MagicValue and Version",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("probe", |d| {
                let _value = d.read(Register::DeviceID);
            })
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_INIT_2,
        name: "type-not-asked",
        what: "the device is reset before its DeviceID was read",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.replace("probe", read_magic_and_version),
    },
    Mutant {
        requirement: id::MMIO_DRV_INIT_3,
        name: "placeholder-driven",
        what: "a placeholder is initialized",
        setting: placeholder,
        exercise: |s| probe_only(s, read_identity),
        run: |s| s.after("probe", |d| d.set_status(1)),
    },
    Mutant {
        requirement: id::MMIO_DRV_INIT_4,
        name: "vendor-asked",
        what: "VendorID of a placeholder is read",
        setting: placeholder,
        exercise: |s| probe_only(s, read_identity),
        run: |s| {
            s.after("probe", |d| {
                let _value = d.read(Register::VendorID);
            })
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_INIT_5,
        name: "shared-memory-asked",
        what: "the length of a shared memory region of an entropy device is read",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("work", |d| {
                d.write(Register::SHMSel, 0);
                let _length = d.read(Register::SHMLenLow);
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_12,
        name: "word-not-selected",
        what: "DeviceFeatures is read without a word having been selected",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("read features", |d| {
                let _value = d.read(Register::DeviceFeatures);
            })
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_13,
        name: "word-not-selected",
        what: "DriverFeatures is written without a word having been selected",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.before("accept features", |d| d.write(Register::DriverFeatures, 0)),
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_14,
        name: "too-large",
        what: "a queue of 128 entries where 64 are the most",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("queues", |d| {
                d.write(Register::QueueSel, 0);
                let _max = d.read(Register::QueueSizeMax);
                let ring = Ring::new(&mut d.machine, 0, 128);
                d.enable(&ring);
            });
            s.omit("work");
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_15,
        name: "set-up-while-ready",
        what: "the size of a queue that is in use is written",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.before("work", |d| d.write(Register::QueueSize, 16)),
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_16,
        name: "moved-while-ready",
        what: "a queue is moved and enabled anew without having been stopped",
        setting: Setting::entropy,
        exercise: |s| s.before("cleanup", stop_and_move),
        run: |s| {
            s.replace("added", |d| {
                d.write(Register::QueueSel, 0);
                let ring = Ring::new(&mut d.machine, 0, 16);
                d.enable(&ring);
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_17,
        name: "stop-not-read-back",
        what: "a queue is stopped and moved without QueueReady having been read",
        setting: Setting::entropy,
        exercise: |s| s.before("cleanup", stop_and_move),
        run: |s| {
            s.replace("added", |d| {
                d.write(Register::QueueSel, 0);
                d.write(Register::QueueReady, 0);
                let ring = Ring::new(&mut d.machine, 0, 16);
                d.enable(&ring);
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_18,
        name: "undefined-reasons-taken",
        what: "whatever InterruptStatus shows is acknowledged",
        setting: || Setting::entropy().odd(OddityKind::InterruptStatusUndefinedBits),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                random(d);
                let reasons = d.read(Register::InterruptStatus);
                d.write(Register::InterruptACK, reasons);
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_19,
        name: "unread-reason",
        what: "a configuration change is acknowledged that was not among the reasons",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                random(d);
                let reasons = d.read(Register::InterruptStatus);
                d.write(Register::InterruptACK, reasons | 2);
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_20,
        name: "undefined-bit",
        what: "an undefined bit of InterruptACK is set",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                random(d);
                let reasons = d.read(Register::InterruptStatus);
                d.write(Register::InterruptACK, reasons | 1 << 31);
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_IRQ_1,
        name: "reasons-not-read",
        what: "whenever an interrupt comes, used buffers are acknowledged without its reasons having been read",
        setting: Setting::entropy,
        exercise: |s| {
            s.before("cleanup", |d| {
                random(d);
                d.collect(0);
                for _ in 0..6 {
                    d.machine.raise_spurious();
                    d.handle_interrupt();
                }
            });
        },
        run: |s| {
            s.before("cleanup", |d| {
                random(d);
                d.write(Register::InterruptACK, 1);
                d.take(0);
                for _ in 0..6 {
                    d.machine.raise_spurious();
                    d.write(Register::InterruptACK, 1);
                }
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_IRQ_3,
        name: "never-acknowledged",
        what: "reasons are read and never acknowledged",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("work", |d| {
                for _ in 0..4 {
                    random(d);
                    let _reasons = d.read(Register::InterruptStatus);
                    d.take(0);
                }
            });
        },
    },
];

fn placeholder() -> Setting {
    Setting::entropy().odd(OddityKind::DeviceIdZero)
}

/// Reads what is given and leaves the device alone.
fn probe_only(s: &mut Script, probe: fn(&mut Driver)) {
    s.stop_before("reset");
    s.replace("probe", probe);
}

fn read_magic_and_version(d: &mut Driver) {
    let _both = [d.read(Register::MagicValue), d.read(Register::Version)];
}

fn read_identity(d: &mut Driver) {
    read_magic_and_version(d);
    let _type = d.read(Register::DeviceID);
}

/// Asks for random bytes and lets the device work; what it says about that is left to the caller.
fn random(d: &mut Driver) {
    let buffer = d.writable(8);
    d.add(0, &[buffer]);
    d.publish(0);
    d.machine.run();
}

/// Stops the queue, as it should be done, and sets it up elsewhere.
fn stop_and_move(d: &mut Driver) {
    d.write(Register::QueueSel, 0);
    d.write(Register::QueueReady, 0);
    let stopped = (0..1000).any(|_| d.read(Register::QueueReady) == 0);
    d.expect(stopped, "the queue is stopped");
    let ring = Ring::new(&mut d.machine, 0, d.setting.queue_size);
    d.enable(&ring);
    d.rings[0] = ring;
}
