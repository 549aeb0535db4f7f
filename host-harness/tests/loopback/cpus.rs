//! Several CPUs in loopback, and what probes report.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use parakit_abi::mailbox::Value;
use parakit_abi::requirement::RequirementId;
use parakit_exercise::{Cpu, Env, Failure};
use parakit_harness::device::Entropy;
use parakit_harness::loopback::{LoopbackConfig, LoopbackEnv, LoopbackReport, Scheduler};
use parakit_harness::vmm::End;

use super::place::Place;

fn run(cpus: usize, scheduler: Scheduler, guest: fn(&LoopbackEnv<'_>) -> Result<(), Failure>) -> LoopbackReport {
    run_for(Duration::from_secs(60), cpus, scheduler, guest)
}

fn run_for(
    deadline: Duration,
    cpus: usize,
    scheduler: Scheduler,
    guest: fn(&LoopbackEnv<'_>) -> Result<(), Failure>,
) -> LoopbackReport {
    let mut place = Place::with(LoopbackConfig { cpus, scheduler, deadline, ..LoopbackConfig::new("by hand") });
    place.add(Entropy::default(), &[]);
    place.run_with(guest).report
}

#[test]
fn jobs_run_beside_each_other() {
    let report = run(3, Scheduler::Threads, |env| {
        assert_eq!((env.cpus(), env.cpu().index()), (3, 0));
        // Three jobs, each of which waits for the other two.
        let there = Arc::new(AtomicU32::new(0));
        let meet = |there: Arc<AtomicU32>| {
            move |cpu: &_| {
                there.fetch_add(1, Ordering::SeqCst);
                while there.load(Ordering::SeqCst) < 3 {
                    std::thread::yield_now();
                }
                Cpu::index(cpu)
            }
        };
        let others = [1, 2].map(|cpu| env.run_on(cpu, meet(there.clone())));
        let mut indices = vec![env.join(env.run_on(0, meet(there.clone()))?)?];
        for job in others {
            indices.push(env.join(job?)?);
        }
        assert_eq!(indices, [0, 1, 2]);
        // One after the other on the same CPU.
        let jobs = [7, 8, 9].map(|value| env.run_on(1, move |_| value));
        assert_eq!(jobs.map(|job| env.join(job.unwrap()).unwrap()), [7, 8, 9]);
        assert!(env.run_on(3, |_| ()).is_err());
        Ok(())
    });
    assert_eq!(report.end, End::Passed);
}

#[test]
fn where_time_is_counted_there_is_one_cpu() {
    let report = run(4, Scheduler::Stepped, |env| {
        assert_eq!(env.cpus(), 1);
        assert!(env.run_on(1, |_| ()).is_err());
        env.join(env.run_on(0, |_| ())?)
    });
    assert_eq!(report.end, End::Passed);
}

#[test]
fn a_job_that_panics_or_does_not_end_is_the_runs_end() {
    let report = run(2, Scheduler::Threads, |env| env.join(env.run_on(1, |_| panic!("over there"))?));
    assert_eq!(report.end, End::Panicked("over there".to_owned()));
    // An interrupt that never comes: the deadline ends the wait, on whichever CPU it is.
    let report = run_for(Duration::from_millis(100), 2, Scheduler::Threads, |env| {
        let came = env.join(env.run_on(1, |cpu| cpu.wait_interrupt(0, cpu.interrupts(0), 60_000))?)?;
        if came { Ok(()) } else { Err(Failure::new("no interrupt")) }
    });
    assert!(matches!(report.end, End::Deadline { .. }), "{}", report.end);
    // A job that nobody waits for.
    let report = run(2, Scheduler::Threads, |env| {
        env.run_on(1, |cpu| cpu.wait_interrupt(0, cpu.interrupts(0), 60_000))?;
        Ok(())
    });
    assert_eq!(report.end, End::Passed);
}

#[test]
fn verdicts_of_probes_come_back_with_their_evidence() {
    let report = run(1, Scheduler::Stepped, |env| {
        let mut ids = RequirementId::all();
        let (kept, broken) = (ids.next().unwrap(), ids.next().unwrap());
        env.verdict(kept, None);
        env.verdict(broken, None);
        env.verdict(broken, Some(("zero", "one")));
        Ok(())
    });
    let records: Vec<_> = report.records.iter().map(|r| (r.name(), r.value)).collect();
    let mut ids = RequirementId::all();
    let (kept, broken) = (ids.next().unwrap(), ids.next().unwrap());
    assert_eq!(
        records,
        [
            (kept.get().id, Value::Verdict { passed: 1, violated: 0 }),
            (broken.get().id, Value::Verdict { passed: 1, violated: 1 }),
        ]
    );
    let evidence: Vec<_> = report.evidence.iter().map(|e| (e.requirement, &*e.expected, &*e.seen)).collect();
    assert_eq!(evidence, [(broken, "zero", "one")]);
}
