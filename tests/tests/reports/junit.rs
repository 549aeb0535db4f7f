//! JUnit XML, read back by an XML parser and by a reader of JUnit files.

use std::collections::BTreeSet;

use parakit_harness::report::Report;
use roxmltree::{Document, Node};

use super::REPORT;

fn xml_of(report: &Report) -> String {
    let mut bytes = Vec::new();
    report.write_junit(&mut bytes).expect("memory takes everything");
    String::from_utf8(bytes).expect("XML is UTF-8")
}

fn elements<'a>(parent: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    parent.children().filter(move |child| child.has_tag_name(name))
}

fn number(node: Node<'_, '_>, attribute: &str) -> usize {
    node.attribute(attribute).and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{attribute} of {node:?}"))
}

/// Failures, errors and skips among the cases of a suite.
fn counted(suite: Node<'_, '_>) -> [usize; 4] {
    let with = |name| elements(suite, "testcase").filter(|case| elements(*case, name).next().is_some()).count();
    [elements(suite, "testcase").count(), with("failure"), with("error"), with("skipped")]
}

#[test]
fn attributes_are_there_and_counts_add_up() {
    let xml = xml_of(&REPORT);
    let document = Document::parse(&xml).expect("well-formed XML");
    let root = document.root_element();
    assert!(root.has_tag_name("testsuites") && root.attribute("name").is_some_and(|name| !name.is_empty()));
    const COUNTS: [&str; 4] = ["tests", "failures", "errors", "skipped"];
    let mut all = [0; 4];
    let mut names = BTreeSet::new();
    for suite in root.children().filter(Node::is_element) {
        assert!(suite.has_tag_name("testsuite"), "{suite:?}");
        let counts = counted(suite);
        assert_eq!(COUNTS.map(|name| number(suite, name)), counts, "{suite:?}");
        assert!(suite.attribute("time").is_some_and(|time| time.parse::<f64>().is_ok()), "{suite:?}");
        for case in elements(suite, "testcase") {
            let (class, name) =
                (case.attribute("classname").expect("a class"), case.attribute("name").expect("a name"));
            assert_eq!(Some(class), suite.attribute("name"), "viewers group by class");
            assert!(
                !name.is_empty() && names.insert((class.to_owned(), name.to_owned())),
                "{class} {name} is there twice"
            );
            assert!(case.attribute("time").is_none_or(|time| time.parse::<f64>().is_ok()), "{case:?}");
        }
        for (sum, count) in all.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    assert_eq!(COUNTS.map(|name| number(root, name)), all);
    assert!(all.iter().all(|count| *count > 0), "the sample has one of each: {all:?}");
    for problem in document.descendants().filter(|node| node.has_tag_name("failure") || node.has_tag_name("error")) {
        assert!(problem.attribute("message").is_some_and(|text| !text.is_empty()), "{problem:?}");
        assert!(problem.attribute("type").is_some(), "{problem:?}");
    }
}

#[test]
fn another_reader_of_junit_finds_the_same() {
    let xml = xml_of(&REPORT);
    let read = quick_junit::Report::deserialize_from_str(&xml).expect("a JUnit file");
    let cases: usize = read.test_suites.iter().map(|suite| suite.test_cases.len()).sum();
    assert_eq!((read.tests, read.test_suites.len() > 10), (cases, true));
    let scenarios: Vec<_> = read
        .test_suites
        .iter()
        .filter(|suite| suite.name.as_str().starts_with("scenarios "))
        .flat_map(|suite| suite.test_cases.iter().map(|case| case.name.as_str()))
        .collect();
    assert_eq!(scenarios.len(), REPORT.runs.len() + REPORT.skipped.len());
}

#[test]
fn a_scenario_that_could_not_be_run_is_skipped_with_the_reason() {
    let xml = xml_of(&REPORT);
    let document = Document::parse(&xml).expect("well-formed XML");
    for (suite, name, why) in [
        ("scenarios blk", "blk-rw.pci.packed.o", "this VMM has no <in_order>\\x1b[31m"),
        ("scenarios vsock", "vsock-echo", "this VMM has no machine for x86_64 with pci"),
    ] {
        let suite = document.descendants().find(|node| node.attribute("name") == Some(suite)).expect("the suite");
        let case = elements(suite, "testcase").find(|case| case.attribute("name") == Some(name)).expect("a case");
        let skipped = elements(case, "skipped").next().expect("it is skipped");
        assert_eq!(skipped.attribute("message"), Some(why));
    }
}

#[test]
fn a_violation_is_a_failure_of_its_scenario_and_of_its_requirement() {
    let xml = xml_of(&REPORT);
    let document = Document::parse(&xml).expect("well-formed XML");
    let case = |name: &str| {
        let mut cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
        cases.find(|case| case.attribute("name") == Some(name)).unwrap_or_else(|| panic!("no case {name}"))
    };
    for run in &REPORT.runs {
        for (id, _) in run.violations() {
            let requirement = case(id.get().id);
            let failure = elements(requirement, "failure").next();
            if id.get().strength.is_must() {
                let text = failure.and_then(|failure| failure.text()).expect("a MUST that was violated is a failure");
                assert!(text.contains("expected:") && text.contains("seen:") && text.contains(" ms "), "{text}");
                let scenario = elements(case(&run.scenario), "failure").next().expect("so is its scenario");
                assert!(scenario.attribute("message").is_some_and(|text| text.contains(id.get().id)));
            } else {
                assert!(failure.is_none(), "{id} is a recommendation");
                let out = elements(requirement, "system-out").next().and_then(|out| out.text());
                assert!(out.is_some_and(|text| text.contains("seen:")), "{id}");
            }
        }
    }
}

#[test]
fn what_a_guest_logs_cannot_break_the_file() {
    let xml = xml_of(&REPORT);
    assert!(xml.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "no control characters");
    let document = Document::parse(&xml).expect("well-formed XML");
    let case =
        document.descendants().find(|node| node.attribute("name") == Some("self-panic")).expect("the failed run");
    let log = elements(case, "system-out").next().and_then(|out| out.text()).expect("its log");
    assert_eq!(log, "first\n\\x00\\x1b[31mred\\x07\\u{fffe}\u{fffd} <tag attribute=\"&amp;\"> ]]> last");
    let failure = elements(case, "failure").next().expect("a failure");
    assert_eq!(failure.attribute("message"), Some("the guest kernel panicked: <no> & \"why\""));
}
