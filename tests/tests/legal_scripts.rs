//! No false alarms: legal things that a driver does rarely, one by one.

use parakit_abi::device::block::{config, feature::SEG_MAX, request};
use parakit_abi::feature::SUSPEND;
use parakit_abi::requirement::{RequirementId, id};
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
