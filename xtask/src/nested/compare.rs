//! Two reports on the same scenarios, from two kinds of KVM.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

/// What is compared of a run.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    outcome: String,
    end: String,
    violated: BTreeSet<String>,
    passed: BTreeSet<String>,
}

/// What is wrong with a scenario.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) scenario: String,
    /// What, without the scenario's name.
    pub(super) what: String,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.scenario, self.what)
    }
}

impl Found {
    fn new(scenario: &str, what: String) -> Self {
        Self { scenario: scenario.to_owned(), what }
    }
}

/// How two reports relate.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    /// Scenarios that both ran.
    pub(super) scenarios: usize,
    /// What must not differ and does.
    pub(super) different: Vec<Found>,
    /// Requirements that applied in a run here and not there: what came to pass depends on timing. By id: runs of the first report only,
    /// of the second only.
    pub(super) exercised: BTreeMap<String, [usize; 2]>,
}

/// Compares two reports, which are called by these names.
pub(super) fn compare(names: [&str; 2], reports: [&Value; 2]) -> Result<Comparison, String> {
    let [first, second] = [runs(reports[0])?, runs(reports[1])?];
    let mut comparison = Comparison::default();
    for (scenario, run) in &first {
        let Some(other) = second.get(scenario) else {
            comparison.different.push(ran_on(scenario, names));
            continue;
        };
        comparison.scenarios += 1;
        comparison.different.extend(differences(scenario, names, [run, other]));
        for id in run.passed.symmetric_difference(&other.passed) {
            comparison.exercised.entry(id.clone()).or_default()[usize::from(other.passed.contains(id))] += 1;
        }
    }
    for scenario in second.keys().filter(|scenario| !first.contains_key(*scenario)) {
        comparison.different.push(ran_on(scenario, [names[1], names[0]]));
    }
    Ok(comparison)
}

fn ran_on(scenario: &str, [here, there]: [&str; 2]) -> Found {
    Found::new(scenario, format!("ran on {here} and not on {there}"))
}

/// What must be the same of two runs of a scenario.
fn differences(scenario: &str, names: [&str; 2], runs: [&Run; 2]) -> Vec<Found> {
    let [a, b] = runs;
    let mut found = Vec::new();
    if a.outcome != b.outcome || a.end != b.end {
        let told = |run: &Run| match run.outcome == run.end {
            true => run.outcome.clone(),
            false => format!("{} ({})", run.outcome, run.end),
        };
        let what = format!("{} on {}, {} on {}", told(a), names[0], told(b), names[1]);
        found.push(Found::new(scenario, what));
    }
    for (id, place) in a.violated.symmetric_difference(&b.violated).map(|id| (id, usize::from(b.violated.contains(id))))
    {
        found.push(Found::new(scenario, format!("{id} violated on {} only", names[place])));
    }
    found
}

/// What is compared, of a report as JSON.
fn runs(report: &Value) -> Result<BTreeMap<String, Run>, String> {
    let runs = report["runs"].as_array().filter(|runs| !runs.is_empty()).ok_or("a report has no runs")?;
    let mut found = BTreeMap::new();
    for run in runs {
        let text = |value: &Value, what: &str| match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(format!("a run in a report has no {what}")),
        };
        let ids = |what: &str| -> Result<BTreeSet<String>, String> {
            let ids = run[what].as_array().ok_or_else(|| format!("a run in a report has no list `{what}`"))?;
            ids.iter().map(|id| text(id, what)).collect()
        };
        let scenario = text(&run["scenario"], "scenario")?;
        let outcome = text(&run["outcome"], "outcome")?;
        let end = text(&run["end"]["kind"], "end")?;
        let run = Run { outcome, end, violated: ids("violated")?, passed: ids("passed")? };
        if found.insert(scenario.clone(), run).is_some() {
            return Err(format!("a report has {scenario} twice"));
        }
    }
    Ok(found)
}

/// Scenarios whose outcome is not `passed`, and requirements that were violated.
pub(super) fn failures(report: &Value) -> Result<Vec<Found>, String> {
    let mut found = Vec::new();
    for (scenario, run) in runs(report)? {
        if run.outcome != "passed" {
            found.push(Found::new(&scenario, format!("{} ({})", run.outcome, run.end)));
        }
        found.extend(run.violated.iter().map(|id| Found::new(&scenario, format!("{id} violated"))));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(runs: &[(&str, &str, &[&str], &[&str])]) -> Value {
        let runs: Vec<Value> = runs
            .iter()
            .map(|(scenario, outcome, violated, passed)| {
                let end = if *outcome == "violated" { "passed" } else { outcome };
                json!({ "scenario": scenario, "outcome": outcome, "end": { "kind": end }, "violated": violated, "passed": passed })
            })
            .collect();
        json!({ "runs": runs })
    }

    fn said(found: &[Found]) -> Vec<String> {
        found.iter().map(Found::to_string).collect()
    }

    #[test]
    fn the_same_is_the_same_and_what_timing_decides_is_told() {
        let a = report(&[("one", "passed", &[], &["A-1", "A-2"]), ("two", "passed", &[], &["A-1"])]);
        let b = report(&[("two", "passed", &[], &["A-1", "B-1"]), ("one", "passed", &[], &["A-1"])]);
        let comparison = compare(["here", "there"], [&a, &b]).unwrap();
        assert_eq!((comparison.scenarios, comparison.different.len()), (2, 0));
        let exercised: Vec<_> = comparison.exercised.into_iter().collect();
        assert_eq!(exercised, [("A-2".to_owned(), [1, 0]), ("B-1".to_owned(), [0, 1])]);
        assert_eq!(compare(["here", "there"], [&a, &a]).unwrap().exercised.len(), 0);
    }

    #[test]
    fn outcomes_violations_and_missing_scenarios_are_differences() {
        let a =
            report(&[("one", "passed", &[], &[]), ("two", "violated", &["A-1"], &[]), ("three", "passed", &[], &[])]);
        let b =
            report(&[("one", "deadline", &[], &[]), ("two", "violated", &["A-2"], &[]), ("four", "passed", &[], &[])]);
        assert_eq!(
            said(&compare(["here", "there"], [&a, &b]).unwrap().different),
            [
                "one: passed on here, deadline on there",
                "three: ran on here and not on there",
                "two: A-1 violated on here only",
                "two: A-2 violated on there only",
                "four: ran on there and not on here",
            ]
        );
    }

    #[test]
    fn failures_are_told_of_one_report_too() {
        let bad =
            report(&[("one", "passed", &[], &[]), ("two", "violated", &["A-1"], &[]), ("three", "deadline", &[], &[])]);
        assert_eq!(
            said(&failures(&bad).unwrap()),
            ["three: deadline (deadline)", "two: violated (passed)", "two: A-1 violated"]
        );
    }

    #[test]
    fn what_is_no_report_is_told() {
        let good = report(&[("one", "passed", &[], &[])]);
        for bad in [json!({}), json!({ "runs": [] }), json!({ "runs": [{ "scenario": "one" }] })] {
            assert!(compare(["here", "there"], [&good, &bad]).is_err(), "{bad}");
        }
        let twice = report(&[("one", "passed", &[], &[]), ("one", "passed", &[], &[])]);
        assert_eq!(failures(&twice), Err("a report has one twice".to_owned()));
    }
}
