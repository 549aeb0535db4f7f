//! What is known of one requirement: what it says, how it is checked, what proves the check, where it is exercised.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parakit_abi::requirement::{Observability, RequirementId, Side};
use parakit_harness::judge::ledger::unjudged;
use parakit_harness::judge::{how, kinds, not_checked};
use parakit_harness::loopback::Scheduler;
use parakit_harness::report::folded;
use parakit_harness::scenario::{Ground as Place, Session, SessionError, all};

use super::{Ground, devices, drivers};
use crate::{device_mutants, mutants};

/// Columns.
const WIDTH: u16 = 100;
/// Scenarios that are listed by name.
const SHOWN: usize = 12;
/// Seed of the run that shows where a requirement is exercised.
const SEED: u64 = 1;

/// An id that the catalogue does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no requirement `{id}`; {}", hint(.nearest))]
pub struct UnknownId {
    /// As it was asked for.
    pub id: String,
    /// The ids most like it.
    pub nearest: Vec<&'static str>,
}

fn hint(nearest: &[&str]) -> String {
    if nearest.is_empty() {
        "`cargo xtask coverage` lists those that are judged, such as VQ-SPLIT-DRV-AVAIL-1".to_owned()
    } else {
        format!("the nearest are {}", nearest.join(", "))
    }
}

/// The requirement of this id, in whatever case.
///
/// # Errors
/// None has it: the nearest ones.
pub fn find(id: &str) -> Result<RequirementId, UnknownId> {
    let wanted = id.trim().to_ascii_uppercase();
    RequirementId::parse(&wanted).ok_or_else(|| {
        let mut near: Vec<(f64, &str)> = RequirementId::all()
            .map(|r| (strsim::jaro_winkler(r.get().id, &wanted), r.get().id))
            .filter(|(likeness, _)| *likeness > 0.8)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        UnknownId { id: id.to_owned(), nearest: near.into_iter().take(3).map(|(_, id)| id).collect() }
    })
}

/// All that is known of a requirement, at most 100 columns wide; where others stand for it, of these too. The scenarios of the default run are run for it, in loopback.
///
/// # Errors
/// A scenario cannot be run.
pub fn explain(id: RequirementId) -> Result<String, SessionError> {
    let mut text = what_it_says(id);
    let checked = if how(id).is_some() { vec![id] } else { not_checked::in_place_of(id).to_vec() };
    if checked.is_empty() {
        return Ok(text);
    }
    for (other, exercised) in checked.iter().zip(exercised(&checked)?) {
        if *other != id {
            let _ = write!(text, "\nIn its place: {}", what_it_says(*other));
        }
        text.push_str(&proof(*other));
        text.push_str(&exercised);
    }
    Ok(text)
}

/// The requirement, and how it is checked.
fn what_it_says(id: RequirementId) -> String {
    let row = id.get();
    let side = match row.side {
        Side::Driver => "drivers",
        Side::Device => "devices",
        Side::Both => "drivers and devices",
    };
    let mut text = format!("{} ({}, VIRTIO 1.4 §{}), for {side}\n", row.id, row.strength.name(), row.section);
    text.push_str(&folded(row.text, "  ", WIDTH));
    let seen = match row.observability {
        Observability::Direct => "it can be told from what passes between driver and device",
        Observability::Provoked => "it can be told when the harness plays a special part first",
        Observability::Partial => "only some ways of breaking it can be seen",
        Observability::None => "it is about what one side assumes or intends, which cannot be seen",
        Observability::Permission => "it is a permission: there is nothing to violate",
        Observability::Unclassified => "whether it can be seen was not looked into",
    };
    text.push_str(&part("Seen", seen));
    match how(id) {
        Some(how) => {
            let names: Vec<&str> =
                kinds().filter(|kind| kind.requirements.contains(&id)).map(|kind| kind.name).collect();
            text.push_str(&part("Checked", &format!("{how} (checker `{}`)", names.join("`, `"))));
        }
        None => text.push_str(&part("Not checked", unjudged(id).1)),
    }
    text
}

fn part(name: &str, what: &str) -> String {
    format!("\n{name}:\n{}", folded(what, "  ", WIDTH))
}

/// The mutants that show that the check can fail.
fn proof(id: RequirementId) -> String {
    let mut text = String::from("\nMutants that prove the check (`cargo xtask mutants` runs them):\n");
    let at = |ground: Ground| format!("{} {}", ground.ring(), ground.transport());
    for mutant in mutants::all().filter(|m| m.requirement == id) {
        let line = format!("{}: {} ({})", mutant.name, mutant.what, at(drivers::home(mutant)));
        text.push_str(&folded(&line, "  ", WIDTH));
    }
    for mutant in device_mutants::all().filter(|m| m.requirement == id) {
        let line = format!("{}: {} ({})", mutant.probe, mutant.what, at(devices::ground(mutant)));
        text.push_str(&folded(&line, "  ", WIDTH));
    }
    text
}

/// Which scenarios of the default run exercise each of these, which are of one side.
fn exercised(ids: &[RequirementId]) -> Result<Vec<String>, SessionError> {
    let session = Session {
        ground: Place::Loopback(Scheduler::Stepped),
        image: None,
        seed: SEED,
        keep_events: false,
        cancelled: Arc::new(AtomicBool::new(false)),
        log: |_| {},
        input: None,
    };
    // Devices are judged by probes, and drivers by everything else.
    let probes = ids.iter().any(|id| id.get().side == Side::Device);
    let (mut found, mut run, mut left_out) = (vec![Vec::new(); ids.len()], 0, 0);
    for scenario in all().into_iter().filter(|scenario| scenario.is_probe() == probes) {
        if !session.can_run(&scenario) {
            left_out += 1;
            continue;
        }
        run += 1;
        let record = session.run(&scenario)?;
        for (id, found) in ids.iter().zip(&mut found) {
            let times = record.verdicts.entries.get(id).map_or(0, |entry| entry.passed.saturating_add(entry.violated));
            if times > 0 {
                found.push((times, scenario.name.clone()));
            }
        }
    }
    Ok(found.into_iter().map(|found| places(found, run, left_out)).collect())
}

/// The scenarios that were found, of `run` that were run.
fn places(mut found: Vec<(u64, String)>, run: usize, left_out: usize) -> String {
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let kvm = match left_out {
        0 => String::new(),
        1 => "; 1 more needs KVM".to_owned(),
        _ => format!("; {left_out} more need KVM"),
    };
    let mut text =
        format!("\nExercised in {} of the {run} scenarios of the default run, in loopback{kvm}:\n", found.len());
    for (times, name) in found.iter().take(SHOWN) {
        let times = if *times == 1 { "once".to_owned() } else { format!("{times} times") };
        let _ = writeln!(text, "  {name} ({times})");
    }
    if found.len() > SHOWN {
        let _ = writeln!(text, "  and {} more", found.len() - SHOWN);
    }
    if found.is_empty() {
        text.push_str("  none: the mutants above exercise it, and other drivers may\n");
    }
    text
}
