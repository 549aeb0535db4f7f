//! No false alarms: legal things that a driver does rarely, one by one.

use parakit_abi::device::block::{config, feature::SEG_MAX, request};
use parakit_abi::feature::{EVENT_IDX, SUSPEND};
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::transport::mmio::Register;
use parakit_harness::device::Control;
use parakit_harness::judge;
use parakit_harness::oddity::OddityKind;
use parakit_tests::raw::{Buffer, Driver, Script, Setting, Step};

/// Runs the plain script with one more step; nothing is violated, and `exercised` is kept.
#[track_caller]
fn legal(setting: Setting, step: Step, exercised: Option<RequirementId>) {
    let mut script = Script::new(setting);
    script.before("cleanup", step);
    let (events, surprises) = script.run();
    assert!(surprises.is_empty(), "{surprises:?}");
    let verdicts = judge::judge(&events).verdicts;
    let violated: Vec<_> = verdicts.entries.iter().filter(|(_, entry)| entry.violated > 0).collect();
    assert!(violated.is_empty(), "{violated:#?}");
    if let Some(id) = exercised {
        assert!(verdicts.entries.get(&id).is_some_and(|entry| entry.passed > 0), "{id} was not exercised");
    }
}

fn look(d: &mut Driver) {
    let before = d.generation();
    let _capacity = [d.config(config::CAPACITY, 4), d.config(config::CAPACITY + 4, 4)];
    let same = d.generation() == before;
    d.expect(same, "the configuration stays as it is for a moment");
}

fn read(d: &mut Driver, sector: u64) {
    let buffers = d.read_request(sector, 512);
    d.add(0, &buffers);
    d.publish(0);
    d.machine.run();
}

#[test]
fn suspend_is_written_twice() {
    legal(
        Setting::block().with(SUSPEND).odd(OddityKind::SuspendSlow),
        |d| {
            d.set_status(0x1f);
            d.set_status(0x1f);
            let suspended = (0..1000).any(|_| d.status() & 0x14 == 0x10);
            d.expect(suspended, "the device is suspended");
        },
        Some(id::CORE_DRV_SUSPEND_2),
    );
}

#[test]
fn a_driver_gives_up_while_it_suspends() {
    legal(
        Setting::block().with(SUSPEND),
        |d| {
            d.set_status(0x1f);
            d.set_status(0x9f);
        },
        Some(id::CORE_DRV_SUSPEND_1),
    );
}

/// Changes are left to a task of their own, which comes after the second of them; other CPUs go on in between.
#[test]
fn two_changes_and_one_look() {
    legal(
        Setting::block().over_pci(),
        |d| {
            d.machine.control(&Control::Capacity(3000));
            d.handle_interrupt();
            look(d);
            read(d, 1);
            d.machine.control(&Control::Capacity(4000));
            let reasons = d.handle_interrupt();
            d.expect(reasons == 3, "one interrupt is for both");
            d.take(0);
            for sector in 0..3 {
                read(d, sector);
                d.take(0);
            }
            d.machine.control(&Control::Capacity(5000));
            d.handle_interrupt();
            look(d);
        },
        Some(id::PCI_DRV_CFGNOTIF_1),
    );
}

/// `seg_max` is about data.
#[test]
fn a_header_in_two_pieces_beside_all_data_segments() {
    legal(
        Setting { queue_max: 256, queue_size: 256, ..Setting::block().packed().widened(SEG_MAX) },
        |d| {
            let segments: Vec<Buffer> = (0..126).map(|_| d.writable(512)).collect();
            let mut buffers = d.request(request::IN, 0, &segments);
            let header = buffers.remove(0);
            let halves = [0, 8].map(|at| Buffer { addr: header.addr + at, len: 8, ..header });
            buffers.splice(0..0, halves);
            let read = d.exchange(0, &buffers);
            d.expect(read.len() == 1, "the read is used");
        },
        Some(id::VQ_PACKED_DRV_SG_1),
    );
}

/// One notification for all that was published, long after; the device has gone on by itself more than once, and the driver polls or takes its
/// interrupts in between.
#[test]
fn one_notification_for_a_batch_that_took_long() {
    fn put_off(d: &mut Driver, publications: u8) {
        let event_idx = d.accepted.has(EVENT_IDX);
        let old = if d.is_packed() { 0 } else { d.rings[0].next };
        for pause in (0..publications).rev() {
            let buffers = d.read_request(1, 512);
            d.add(0, &buffers);
            if d.is_packed() {
                while d.packed[0].publish_one(&d.machine) {}
            } else {
                d.rings[0].publish(&d.machine);
            }
            if pause > 0 {
                d.machine.long_pause();
                d.handle_interrupt();
                d.take(0);
            }
        }
        let due = if d.is_packed() {
            d.packed[0].notification_due(&d.machine, event_idx)
        } else {
            d.rings[0].notification_due(&d.machine, event_idx, old, d.rings[0].next)
        };
        d.expect(due, "the device still asks for a notification");
        d.notify(0);
        d.collect(0);
    }
    let steps: [Step; 3] = [|d| put_off(d, 2), |d| put_off(d, 3), |d| (0..8).for_each(|_| put_off(d, 3))];
    for step in steps {
        for features in [&[][..], &[EVENT_IDX]] {
            let setting = || features.iter().fold(Setting::block(), |setting, bit| setting.with(*bit));
            let split = if features.is_empty() { id::VQ_SPLIT_DRV_AVAILNOTIF_4 } else { id::VQ_SPLIT_DRV_AVAILNOTIF_6 };
            legal(setting(), step, Some(split));
            legal(setting().with_msix(), step, Some(split));
            legal(setting().packed(), step, Some(id::VQ_PACKED_DRV_KICK_1));
        }
    }
}

/// Nothing is notified before the device has come by itself, and then nothing is owed any more but what it still asks for.
#[test]
fn a_notification_that_comes_last_of_all() {
    let late: Step = |d| {
        let buffers = d.read_request(1, 512);
        d.add(0, &buffers);
        let (event_idx, old) = (d.accepted.has(EVENT_IDX), d.rings[0].avail_idx(&d.machine));
        d.rings[0].publish(&d.machine);
        d.machine.long_pause();
        d.handle_interrupt();
        d.take(0);
        let due = d.rings[0].notification_due(&d.machine, event_idx, old, d.rings[0].next);
        d.expect(due, "the device still asks for a notification");
        d.notify(0);
    };
    legal(Setting::block(), late, None);
    legal(Setting::block().with(EVENT_IDX), late, None);
}

/// With interrupts masked, reasons are acknowledged unread, whatever they may be.
#[test]
fn a_driver_polls_and_acknowledges() {
    let polls: Step = |d| {
        for bits in [1, 3, 2, 3] {
            let buffers = d.read_request(1, 512);
            d.add(0, &buffers);
            d.publish(0);
            d.machine.run();
            d.take(0);
            d.write(Register::InterruptACK, bits);
            d.machine.control(&Control::Capacity(3000 + u64::from(bits)));
        }
    };
    legal(Setting::block(), polls, None);
    legal(Setting::block().packed().with(EVENT_IDX), polls, None);
}
