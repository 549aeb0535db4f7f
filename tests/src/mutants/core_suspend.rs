//! CORE: suspend (§3.4.1), and the reset of one queue (§2.6.1).

use parakit_abi::device::block::config;
use parakit_abi::feature::{RING_RESET, SUSPEND};
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::{CONFIG, Register};
use parakit_harness::oddity::OddityKind;

use super::Mutant;
use crate::raw::{Driver, Ring, Script, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::CORE_DRV_SUSPEND_1,
        name: "not-negotiated",
        what: "SUSPEND is set although VIRTIO_F_SUSPEND was not accepted",
        setting: suspendable,
        exercise: suspend_and_resume,
        run: |s| {
            s.replace("accept features", |d| {
                for word in 0..2 {
                    let accepted = d.offered.and(d.setting.accept).word(word);
                    d.accept_word(word, if word == 1 { accepted & !(1 << (SUSPEND - 32)) } else { accepted });
                }
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_SUSPEND_1,
        name: "before-driver-ok",
        what: "SUSPEND is set before DRIVER_OK",
        setting: suspendable,
        exercise: suspend_and_resume,
        run: |s| s.before("driver ok", |d| d.set_status(0x1b)),
    },
    Mutant {
        requirement: id::CORE_DRV_SUSPEND_2,
        name: "not-verified",
        what: "the driver resumes without having read that the device is suspended",
        setting: suspendable,
        exercise: suspend_and_resume,
        run: |s| {
            s.replace("added", |d| {
                d.set_status(SUSPENDING);
                resume(d);
                for sector in 0..2 {
                    d.read_sector(sector);
                }
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_SUSPEND_3,
        name: "publishes",
        what: "a request is made available while the device is suspended",
        setting: suspendable,
        exercise: suspend_and_resume,
        run: |s| {
            s.replace("added", |d| {
                suspend(d);
                let buffers = d.read_request(0, 512);
                d.add(0, &buffers);
                d.rings[0].publish(&d.machine);
                resume(d);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_SUSPEND_3,
        name: "publishes-while-waiting",
        what: "requests are made available while the device is about to be suspended",
        setting: || suspendable().odd(OddityKind::SuspendSlow),
        exercise: suspend_and_resume,
        run: |s| {
            s.replace("added", |d| {
                d.set_status(SUSPENDING);
                let _not_yet = d.status();
                for sector in 0..2 {
                    let buffers = d.read_request(sector, 512);
                    d.add(0, &buffers);
                    d.rings[0].publish(&d.machine);
                    d.notify(0);
                    d.machine.run();
                }
                let suspended = (0..1000).any(|_| d.status() & 0x14 == 0x10);
                d.expect(suspended, "the device is suspended");
                resume(d);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_SUSPEND_4,
        name: "notifies",
        what: "the device is notified while it is suspended",
        setting: suspendable,
        exercise: suspend_and_resume,
        run: |s| {
            s.replace("added", |d| {
                suspend(d);
                d.notify(0);
                resume(d);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_SUSPEND_5,
        name: "writes-configuration",
        what: "writeback is written while the device is suspended",
        setting: suspendable,
        exercise: suspend_and_resume,
        run: |s| {
            s.replace("added", |d| {
                suspend(d);
                d.machine.write(CONFIG + u64::from(config::WRITEBACK), 1, 0);
                resume(d);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_SUSPEND_6,
        name: "resume-not-waited-for",
        what: "a request is notified right after DRIVER_OK was written to resume",
        setting: suspendable,
        exercise: suspend_and_resume,
        run: |s| {
            s.replace("added", |d| {
                suspend(d);
                d.set_status(RESUMING);
                let buffers = d.read_request(0, 512);
                d.add(0, &buffers);
                d.publish(0);
                d.notify(0);
                d.collect(0);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_QRESET_1,
        name: "not-verified",
        what: "QueueReset is written and never read",
        setting: resettable,
        exercise: reset_and_enable,
        run: |s| {
            s.replace("added", |d| {
                d.write(Register::QueueSel, 0);
                d.write(Register::QueueReset, 1);
                set_up_again(d);
            });
        },
    },
    Mutant {
        requirement: id::MMIO_DRV_REGS_21,
        name: "not-complete",
        what: "a queue is set up again after one look at a reset that is still going on",
        setting: || resettable().odd(OddityKind::QueueResetSlow),
        exercise: reset_and_enable,
        run: |s| {
            s.replace("added", |d| {
                d.write(Register::QueueSel, 0);
                d.write(Register::QueueReset, 1);
                let _going_on = d.read(Register::QueueReset);
                set_up_again(d);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_QREENABLE_1,
        name: "size-left-out",
        what: "a queue that was reset is enabled with its addresses written, its size not",
        setting: resettable,
        exercise: reset_and_enable,
        run: |s| {
            s.replace("added", |d| {
                reset_queue(d);
                let ring = Ring::new(&mut d.machine, 0, d.setting.queue_max);
                for (register, address) in [
                    (Register::QueueDescLow, ring.desc),
                    (Register::QueueDescHigh, ring.desc >> 32),
                    (Register::QueueDriverLow, ring.avail),
                    (Register::QueueDriverHigh, ring.avail >> 32),
                    (Register::QueueDeviceLow, ring.used),
                    (Register::QueueDeviceHigh, ring.used >> 32),
                ] {
                    d.write(register, address as u32);
                }
                d.write(Register::QueueReady, 1);
                d.rings[0] = ring;
            });
        },
    },
];

/// The status that asks for the device to be suspended, and later to go on.
const SUSPENDING: u32 = 0x1f;
const RESUMING: u32 = 0x1f;

fn suspendable() -> Setting {
    Setting::block().with(SUSPEND)
}

fn suspend_and_resume(s: &mut Script) {
    s.before("cleanup", |d| {
        suspend(d);
        resume(d);
        let read = d.read_sector(1);
        d.expect(read.len() == 1, "a read is used after the device resumed");
    });
}

fn suspend(d: &mut Driver) {
    d.set_status(SUSPENDING);
    let suspended = (0..1000).any(|_| d.status() & 0x14 == 0x10);
    d.expect(suspended, "the device is suspended");
}

fn resume(d: &mut Driver) {
    d.set_status(RESUMING);
    let running = (0..1000).any(|_| d.status() & 0x14 == 0x04);
    d.expect(running, "the device goes on");
}

fn resettable() -> Setting {
    Setting::block().with(RING_RESET)
}

fn reset_and_enable(s: &mut Script) {
    s.before("cleanup", |d| {
        reset_queue(d);
        set_up_again(d);
        let read = d.read_sector(1);
        d.expect(read.len() == 1, "a read is used after the queue was reset");
    });
}

fn reset_queue(d: &mut Driver) {
    d.write(Register::QueueSel, 0);
    d.write(Register::QueueReset, 1);
    let complete = (0..1000).any(|_| d.read(Register::QueueReset) == 0);
    d.expect(complete, "the queue is reset");
}

fn set_up_again(d: &mut Driver) {
    let ring = Ring::new(&mut d.machine, 0, d.setting.queue_size);
    d.enable(&ring);
    d.rings[0] = ring;
}
