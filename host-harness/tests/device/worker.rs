//! The device thread: doorbells, resets under load, and its end.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use parakit_abi::feature::{EVENT_IDX, Features};
use parakit_abi::ring::event_passed;
use parakit_abi::transport::mmio::Register;
use parakit_harness::device::{Console, ConsoleBuffer, ConsoleOptions, Control, Entropy};
use parakit_harness::observe::EventKind;
use parakit_harness::transport::{Doorbell, DoorbellBinder};
use vm_memory::Bytes as _;
use vmm_sys_util::eventfd::EventFd;

use crate::rig::{BUFFERS, Rig, writable};

/// Keeps the doorbells that are armed.
#[derive(Default)]
struct Binder(Mutex<Vec<(Doorbell, EventFd)>>);

impl DoorbellBinder for Binder {
    fn arm(&self, doorbell: &Doorbell, signal: &EventFd) -> io::Result<()> {
        self.0.lock().unwrap().push((*doorbell, signal.try_clone()?));
        Ok(())
    }
    fn disarm(&self, doorbell: &Doorbell, _: &EventFd) -> io::Result<()> {
        self.0.lock().unwrap().retain(|(armed, _)| armed != doorbell);
        Ok(())
    }
}

impl Binder {
    fn ring(&self, queue: u32) {
        let bells = self.0.lock().unwrap();
        bells.iter().find(|(bell, _)| bell.value == Some(queue)).unwrap().1.write(1).unwrap();
    }
}

/// Waits for the used index; the time is what a very slow machine might need.
fn wait_used(rig: &Rig, idx: u16) {
    let begin = Instant::now();
    let at = rig.ring(0, rig.layout(0).used_offset() + 2);
    while rig.memory.load::<u16>(at, std::sync::atomic::Ordering::Acquire).unwrap() != idx {
        assert!(begin.elapsed() < Duration::from_secs(20), "used index {idx} does not come");
        std::thread::yield_now();
    }
}

fn rig() -> (Rig, Arc<Binder>) {
    let binder = Arc::new(Binder::default());
    let theirs = Arc::clone(&binder);
    // A missing notification is not made up for: the test would hang and fail.
    let rig = Rig::with(Entropy::default(), &[], |o| {
        o.doorbells = Some(theirs);
        o.quiet = Duration::from_secs(3600);
    });
    (rig, binder)
}

#[test]
fn doorbells_wake_the_device_and_no_wake_up_is_lost() {
    for features in [Features::NONE, Features::bit(EVENT_IDX)] {
        let (mut rig, binder) = rig();
        rig.start(features, 1, 8);
        let worker = rig.device.start().unwrap();
        let layout = rig.layout(0);
        let used_ring =
            |rig: &Rig, offset| rig.memory.read_obj::<u16>(rig.ring(0, layout.used_offset() + offset)).unwrap();
        for round in 0..3000_u16 {
            rig.push(0, &[writable(BUFFERS, 16)]);
            std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
            let wanted = if features == Features::NONE {
                used_ring(&rig, 0) == 0
            } else {
                event_passed(used_ring(&rig, layout.avail_event()), round, round + 1)
            };
            if wanted {
                binder.ring(0);
            }
            wait_used(&rig, round + 1);
        }
        drop(worker);
        assert!(rig.saw(|e| matches!(e, EventKind::Register { write: true, offset: 0x50, value: 0, .. })));
        assert!(rig.device.notifications() > 0);
        assert!(!rig.saw(|e| matches!(e, EventKind::Quiet { .. })));
    }
}

#[test]
fn nothing_is_touched_after_a_reset_in_the_middle_of_work() {
    let (mut rig, binder) = rig();
    let worker = rig.device.start().unwrap();
    for _ in 0..200 {
        rig.start(Features::NONE, 1, 64);
        for _ in 0..40 {
            rig.push(0, &[writable(BUFFERS, 4000)]);
        }
        binder.ring(0);
        rig.write(Register::Status, 0);
        // The memory is the driver's again from here on.
        let layout = rig.layout(0);
        rig.memory.write_slice(&vec![0xee; layout.total_size()], rig.ring(0, 0)).unwrap();
        rig.put(BUFFERS, &[0xee; 4000]);
        std::thread::yield_now();
        assert_eq!(rig.get(BUFFERS, 4000), [0xee; 4000]);
        let mut ring = vec![0; layout.total_size()];
        rig.memory.read_slice(&mut ring, rig.ring(0, 0)).unwrap();
        assert!(ring.iter().all(|b| *b == 0xee));
    }
    drop(worker);
}

#[test]
fn a_doorbell_is_told_before_the_acknowledgement_that_came_after_it() {
    let (mut rig, binder) = rig();
    rig.start(Features::NONE, 1, 8);
    rig.push(0, &[writable(BUFFERS, 16)]);
    binder.ring(0);
    rig.write(Register::InterruptACK, 1);
    let order: Vec<bool> = rig
        .events()
        .iter()
        .filter_map(|e| match e.kind {
            EventKind::Notify { .. } => Some(true),
            EventKind::InterruptAck { .. } => Some(false),
            _ => None,
        })
        .collect();
    assert_eq!(order, [true, false]);
    rig.settle();
    assert_eq!(rig.used(0).len(), 1, "told is told: the notification is not lost");
}

#[test]
fn input_from_outside_wakes_the_device() {
    let mut rig = Rig::new(Console::new(ConsoleOptions::default(), Box::new(ConsoleBuffer::default())));
    rig.start(Features::NONE, 2, 8);
    let worker = rig.device.start().unwrap();
    rig.push(0, &[writable(BUFFERS, 16)]);
    rig.write(Register::QueueNotify, 0);
    rig.device.control(&Control::ConsoleInput(b"abc".to_vec()));
    wait_used(&rig, 1);
    assert_eq!(rig.get(BUFFERS, 3), b"abc");
    drop(worker);
}

#[test]
fn a_device_thread_ends_with_work_left() {
    let (mut rig, _binder) = rig();
    rig.start(Features::NONE, 1, 64);
    for _ in 0..60 {
        rig.push(0, &[writable(BUFFERS, 60_000)]);
    }
    let worker = rig.device.start().unwrap();
    rig.write(Register::QueueNotify, 0);
    drop(worker);
}
