//! Loopback: drivers of the kit and the device models in one process, in both schedulers, judged.

mod buses;
mod cpus;
mod drivers;
mod place;
mod scenarios;
mod shared_memory;

use std::sync::Arc;

use parakit::platform::check::Checked;
use parakit::queue::{QueueOptions, Slot, Writable};
use parakit::transport::{Device, MmioTransport, SUPPORTED};
use parakit::{Notify as _, Platform};
use parakit_abi::feature::Features;
use parakit_abi::mailbox::{Value, signal};
use parakit_exercise::{Env, Failure};
use parakit_harness::device::Entropy;
use parakit_harness::loopback::{LoopbackConfig, LoopbackEnv, Scheduler};
use parakit_harness::observe::EventKind;
use parakit_harness::vmm::End;

use place::{Place, passed};

/// Reads entropy with `depth` requests in flight, from buffers on the heap, and sleeps for interrupts.
fn entropy(env: &LoopbackEnv<'_>, requests: usize, depth: usize) -> Result<(), Failure> {
    entropy_on(env, env.platform(), requests, depth)
}

fn entropy_on(
    env: &LoopbackEnv<'_>,
    platform: impl Platform + Clone,
    requests: usize,
    depth: usize,
) -> Result<(), Failure> {
    let transport = MmioTransport::probe(env.window(0)).map_err(|e| Failure::of("probe", e))?;
    let transport = transport.ok_or_else(|| Failure::new("no device"))?;
    let device = Device::start(platform, transport).map_err(|e| Failure::of("start", e))?;
    let mut device = device.negotiate(SUPPORTED, Features::NONE).map_err(|e| Failure::of("negotiate", e))?;
    let slots = Slot::<Writable<Vec<Vec<u8>>>>::boxed(16);
    let mut queue = device.queue(0, slots, QueueOptions::default()).map_err(|e| Failure::of("queue", e))?;
    let mut device = device.driver_ok();
    let notifier = device.notifier(0);
    env.first_queue_operation();
    let (mut sent, mut done) = (0, 0);
    while done < requests {
        while sent < requests && sent - done < depth {
            // Two pieces, so that chains have more than one descriptor.
            let pieces = vec![vec![0; 5 + sent % 40], vec![0; 100]];
            queue.add(Writable(pieces)).map_err(|e| Failure::new(format!("{:?}", e.kind)))?;
            sent += 1;
        }
        if let Some(notification) = queue.publish() {
            notifier.notify(notification);
        }
        let seen = env.interrupts(0);
        let mut any = false;
        while let Some(completion) = queue.poll().map_err(|e| Failure::of("poll", e))? {
            any = true;
            done += 1;
            let bytes: Vec<u8> = completion.chain.0.concat();
            if completion.written as usize != bytes.len() || bytes.iter().all(|b| *b == bytes[0]) {
                return Err(Failure::new("the bytes did not reach the buffer"));
            }
        }
        if !any && done < requests && !queue.enable_interrupts() {
            if !env.wait_interrupt(0, seen, 10_000) {
                return Err(Failure::new("no interrupt"));
            }
            let _reasons = device.acknowledge_interrupt();
            queue.disable_interrupts();
        }
    }
    let proof = device.quiesce().map_err(|e| Failure::of("reset", e))?;
    queue.retire(&proof).map_err(|e| Failure::of("retire", e))?;
    env.record("done", Value::U64(done as u64));
    Ok(())
}

#[test]
fn a_driver_of_the_kit_works_in_both_schedulers_without_a_violation() {
    for scheduler in [Scheduler::Threads, Scheduler::Stepped] {
        for seed in 1..8 {
            let mut place = Place::new(scheduler, seed);
            place.add(Entropy::default(), &[]);
            let run = place.run_with(|env| entropy(env, 300, seed as usize));
            passed(&run);
            assert_eq!(run.number("done"), Some(300));
            assert!(run.report.start_to_first_queue.is_some());
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let run = |seed| {
        let mut place = Place::new(Scheduler::Stepped, seed);
        place.add(Entropy::default(), &["complete-out-of-order"]);
        let run = place.run_with(|env| entropy(env, 100, 4));
        let kinds: Vec<EventKind> = run.events.into_iter().map(|e| e.kind).collect();
        kinds
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
}

#[test]
fn memory_comes_back() {
    let mut place = Place::new(Scheduler::Stepped, 9);
    place.add(Entropy::default(), &[]);
    let run = place.run_with(|env| {
        let before = env.platform().available();
        entropy(env, 50, 5)?;
        if env.platform().available() == before { Ok(()) } else { Err(Failure::new("memory is missing")) }
    });
    passed(&run);
}

#[test]
fn the_platform_keeps_its_contract() {
    let mut place = Place::new(Scheduler::Threads, 2);
    place.add(Entropy::default(), &[]);
    let run = place.run_with(|env| {
        let checked = Arc::new(Checked::<_, 256>::with_report(env.platform(), |fault| panic!("{fault}")));
        assert!(checked.self_test());
        entropy_on(env, Arc::clone(&checked), 100, 6)?;
        assert_eq!((checked.faults(), checked.allocations(), checked.shares()), (0, 0, 0));
        Ok(())
    });
    passed(&run);
}

#[test]
fn dma_memory_is_zeroed_aligned_and_reachable_by_the_device() {
    let mut place = Place::new(Scheduler::Stepped, 1);
    place.add(Entropy::default(), &[]);
    let memory = place.memory();
    let run = place.run_with(|env| {
        let platform = env.platform();
        for align in [1, 64, 4096] {
            for _ in 0..2 {
                let piece = platform.dma_alloc(5000, align).map_err(|e| Failure::of("dma", e))?;
                assert!(piece.device.is_multiple_of(align as u64) && piece.ptr.addr().get().is_multiple_of(align));
                let mut bytes = [0xff; 5000];
                let address = vm_memory::GuestAddress(piece.device);
                vm_memory::Bytes::read_slice(&memory, &mut bytes, address).unwrap();
                assert_eq!(bytes, [0; 5000]);
                vm_memory::Bytes::write_slice(&memory, &[1; 5000], address).unwrap();
                // SAFETY: it was allocated just now with this alignment, and nobody uses it.
                unsafe { platform.dma_free(piece, align) };
            }
        }
        assert!(platform.dma_alloc(1 << 40, 16).is_err() && platform.dma_alloc(16, 8192).is_err());
        assert!(platform.dma_alloc(0, 16).is_err() && platform.dma_alloc(16, 3).is_err());
        Ok(())
    });
    assert_eq!(run.report.end, End::Passed);
}

#[test]
fn every_end_is_told() {
    let end = |guest: fn(&LoopbackEnv<'_>) -> Result<(), Failure>| {
        let mut place = Place::new(Scheduler::Threads, 1);
        place.deadline(std::time::Duration::from_millis(30));
        place.add(Entropy::default(), &[]);
        place.run_with(guest).report.end
    };
    assert_eq!(end(|_| Ok(())), End::Passed);
    assert_eq!(end(|_| Err(Failure::new("no"))), End::Failed("no".to_owned()));
    assert_eq!(end(|_| Err(Failure::Unknown)), End::UnknownScenario);
    assert_eq!(end(|_| panic!("on purpose")), End::Panicked("on purpose".to_owned()));
    let late = end(|env| {
        env.wait_interrupt(0, env.interrupts(0), 60_000);
        Err(Failure::new("no interrupt"))
    });
    assert!(matches!(late, End::Deadline { .. }), "{late:?}");
    assert_eq!(end(|env| if env.signal(signal::PHASE, 7) == 7 { Ok(()) } else { Err(Failure::Unknown) }), End::Passed);
    let mut place = Place::with(LoopbackConfig::new("no-such-workload"));
    place.add(Entropy::default(), &[]);
    assert_eq!(place.run().report.end, End::UnknownScenario);
    let mut place = Place::new(Scheduler::Stepped, 1);
    place.cancel();
    place.add(Entropy::default(), &[]);
    let run = place.run_with(|env| {
        env.wait_interrupt(0, 0, 10);
        Err(Failure::new("gave up"))
    });
    assert_eq!(run.report.end, End::Cancelled);
}
