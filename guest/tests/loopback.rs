//! Driver and device over shared memory: on one thread in the order a seed chooses, and on two threads.
//!
//! This is the test that Miri runs (with fewer steps): `cargo +nightly miri test -p parakit --test loopback`.

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use parakit::{
    queue::{Queue, QueueOptions, ReadWrite, RingFeatures, Slot},
    transport::ResetProof,
};
use support::{
    platform::{Identity, Tracked},
    ring::{EVENT_IDX, RING_PACKED, Ring},
    stepper::{Options, areas, run},
};

#[test]
fn every_schedule_of_a_well_behaved_device_completes_every_chain_once() {
    let seeds = if cfg!(miri) { 2 } else { 60 };
    for seed in 0..seeds {
        for event_idx in [false, true] {
            let size = 1 << (seed % 6);
            let steps = if cfg!(miri) { 300 } else { 4_000 };
            let counts = run(seed, &Options { size, event_idx, steps, longest_chain: 4.min(u64::from(size)) });
            assert!(counts.completed > 0, "seed {seed}: {counts:?}");
        }
    }
}

#[test]
#[cfg(not(miri))] // The wrap is too far away for an interpreter.
fn indices_wrap_twice() {
    for event_idx in [false, true] {
        let counts = run(1, &Options { size: 8, event_idx, steps: 2_000_000, longest_chain: 2 });
        assert!(counts.completed > 2 * 65_536, "{counts:?}");
        assert!(counts.out_of_order > 1000 && counts.full > 0, "{counts:?}");
    }
}

/// Two threads, no locks between them: only the ring orders what they do, and each sleeps until the other tells it.
fn threads(packed: bool, event_idx: bool, chains: u32, size: u16) {
    type Request = ReadWrite<Box<[u8]>, Box<[u8]>>;
    let slots: Box<[Slot<Request>]> = Slot::boxed(size.into());
    let features = RingFeatures { packed, event_idx, ..RingFeatures::NONE };
    let mut queue = Queue::detached(Identity, slots, QueueOptions::default(), features).unwrap();
    let bits = if packed { RING_PACKED } else { 0 } | if event_idx { EVENT_IDX } else { 0 };
    let mut device = Ring::new(Identity, areas(queue.addresses()), size, bits);
    let (doorbell, interrupt) = (Arc::new(Wake::default()), Arc::new(Wake::default()));

    let device_thread = thread::spawn({
        let (doorbell, interrupt) = (doorbell.clone(), interrupt.clone());
        move || {
            let mut left = chains;
            while left > 0 {
                device.refuse_notifications();
                while let Some(taken) = device.take() {
                    let bytes = device.read(&taken);
                    let answer: Vec<u8> = bytes.iter().map(|b| !b).collect();
                    device.write(&taken, &answer);
                    device.use_chain(&taken, taken.head.into(), answer.len() as u32);
                    if device.show() {
                        interrupt.wake();
                    }
                    left -= 1;
                }
                if left > 0 && !device.want_notification() {
                    doorbell.sleep();
                }
            }
        }
    });

    let mut sent = 0u32;
    let mut done = 0u32;
    while done < chains {
        while sent < chains {
            let request =
                ReadWrite { readable: Box::from(sent.to_le_bytes()), writable: vec![0; 4].into_boxed_slice() };
            match queue.add(request) {
                Ok(_) => sent += 1,
                Err(_) => break,
            }
        }
        if queue.publish().is_some() {
            doorbell.wake();
        }
        loop {
            queue.disable_interrupts();
            while let Some(completion) = queue.poll().unwrap() {
                let answer: Vec<u8> = completion.chain.readable.iter().map(|b| !b).collect();
                assert_eq!(*completion.chain.writable, answer);
                assert_eq!(completion.written, 4);
                done += 1;
            }
            if !queue.enable_interrupts() {
                break;
            }
        }
        if sent == chains && done < chains || queue.free() < 2 {
            interrupt.sleep();
        }
    }
    device_thread.join().unwrap();
    // SAFETY: the device thread has ended.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    assert_eq!(queue.retire(&proof).unwrap().count(), 0);
}

/// A level that one side raises and the other waits for and clears.
#[derive(Default)]
struct Wake(AtomicBool);

impl Wake {
    // Relaxed on purpose: what the two sides see of each other must come from the ring alone.
    fn wake(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn sleep(&self) {
        while !self.0.swap(false, Ordering::Relaxed) {
            thread::yield_now();
        }
    }
}

#[test]
fn two_threads_with_flags() {
    threads(false, false, if cfg!(miri) { 20 } else { 100_000 }, 8);
}

#[test]
fn two_threads_with_event_idx() {
    threads(false, true, if cfg!(miri) { 20 } else { 100_000 }, 8);
}

#[test]
fn two_threads_with_a_packed_ring() {
    threads(true, false, if cfg!(miri) { 20 } else { 100_000 }, 9);
}

#[test]
fn two_threads_with_a_packed_ring_and_event_idx() {
    threads(true, true, if cfg!(miri) { 20 } else { 100_000 }, 9);
}

#[test]
fn a_queue_is_freed_with_proof_of_its_own_reset_only() {
    let platform = Tracked::new();
    let mut queue = support::stepper::queue(platform.clone(), 4, false);
    let request = || ReadWrite { readable: vec![Box::from([1u8; 3])], writable: vec![vec![0u8; 5].into_boxed_slice()] };
    queue.add(request()).unwrap();
    let _ = queue.publish();

    let mut other = support::stepper::queue(platform.clone(), 4, false);
    // SAFETY: nothing ever knew of the other queue.
    let others_proof = unsafe { ResetProof::assume(other.instance()) };
    assert!(queue.retire(&others_proof).is_err(), "the proof is about another instance");
    assert_eq!(other.retire(&others_proof).unwrap().count(), 0);
    drop(other);
    assert_eq!((platform.allocated(), platform.shared()), (1, 2));

    // SAFETY: no device ever knew of the queue.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    assert_eq!(queue.retire(&proof).unwrap().map(|(token, _)| token.index()).collect::<Vec<_>>(), [0]);
    assert!(queue.add(request()).is_err() && queue.poll().is_err() && queue.publish().is_none());
    drop(queue);
    assert_eq!((platform.allocated(), platform.shared()), (0, 0));
}

#[test]
#[cfg(not(miri))] // Leaks on purpose.
fn a_queue_without_proof_of_a_reset_leaks() {
    let platform = Tracked::new();
    let mut queue = support::stepper::queue(platform.clone(), 4, false);
    queue.add(ReadWrite { readable: vec![Box::from([1u8; 3])], writable: vec![] }).unwrap();
    drop(queue);
    assert_eq!((platform.allocated(), platform.shared()), (1, 1), "freed while a device may use it");
}
