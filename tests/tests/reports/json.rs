//! The JSON report against its schema, by a validator that others wrote.

use std::collections::BTreeSet;

use jsonschema::Validator;
use parakit_abi::requirement::RequirementId;
use parakit_harness::report::{HostInfo, HostKind, JSON_VERSION, KernelFile, Report, Ring0, SubjectInfo};
use parakit_harness::scenario::RunRecord;
use parakit_harness::vmm::ExitCounts;
use serde_json::{Value, json};

use super::{REPORT, empty};

fn validator() -> Validator {
    let schema: Value =
        serde_json::from_str(include_str!("../../../docs/report.schema.json")).expect("the schema is JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is a schema");
    jsonschema::draft202012::new(&schema).expect("the schema can be used")
}

fn json_of(report: &Report) -> Value {
    let mut bytes = Vec::new();
    report.write_json(&mut bytes).expect("memory takes everything");
    assert!(bytes.ends_with(b"}\n"));
    serde_json::from_slice(&bytes).expect("the report is JSON")
}

#[track_caller]
fn assert_valid(document: &Value) {
    let errors: Vec<_> = validator().iter_errors(document).map(|e| format!("{} at {}", e, e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn reports_are_as_the_schema_says() {
    let document = json_of(&REPORT);
    assert_valid(&document);
    assert_eq!(document["version"], JSON_VERSION);
    assert_eq!(document["conforms"], false);
    assert_eq!(document["seed"], u64::MAX.to_string());
}

#[test]
fn reports_of_every_kind_of_host_and_subject_are_as_the_schema_says() {
    let kernel = Some(KernelFile { path: "/boot/vmlinuz".into(), sha256: "0".repeat(64) });
    let kvm = |ring0| HostKind::Kvm { api_version: 12, ring0 };
    for kind in [
        kvm(Ring0::Hardware),
        kvm(Ring0::Emulated),
        kvm(Ring0::Unknown),
        HostKind::Loopback,
        HostKind::VhostUser,
        HostKind::Trace,
    ] {
        for kernel in [None, kernel.clone()] {
            let report = Report {
                host: HostInfo::here(kind),
                subject: SubjectInfo { name: "vmlinuz".to_owned(), version: None, kernel },
                runs: vec![RunRecord { exits: Some(ExitCounts::default()), ..empty("one") }],
                ..REPORT.clone()
            };
            assert_valid(&json_of(&report));
        }
    }
}

#[test]
fn what_the_schema_does_not_know_is_refused_everywhere() {
    let mut document = json_of(&REPORT);
    // A few of each, since the document is validated over and over.
    document["runs"].as_array_mut().expect("a list").truncate(6);
    document["requirements"].as_array_mut().expect("a list").truncate(40);
    let validator = validator();
    assert!(validator.is_valid(&document));
    let mut places = Vec::new();
    objects(&document, String::new(), &mut places);
    // One of each kind is enough: the same place in other elements of a list is the same rule.
    let kind = |place: &String| {
        place.split('/').map(|p| if p.parse::<u32>().is_ok() { "*" } else { p }).collect::<Vec<_>>().join("/")
    };
    places.sort_by_key(kind);
    places.dedup_by_key(|place| kind(place));
    assert!(places.iter().any(|place| place.ends_with("/context/0")), "{places:?}");
    for place in places {
        let mut changed = document.clone();
        let object = changed.pointer_mut(&place).and_then(Value::as_object_mut).expect("an object");
        let first = object.keys().next().cloned().expect("no object is empty");
        object.insert("surprise".to_owned(), json!(1));
        assert!(!validator.is_valid(&changed), "a field may be added at `{place}`");
        let object = changed.pointer_mut(&place).and_then(Value::as_object_mut).expect("an object");
        object.remove("surprise");
        object.remove(&first);
        assert!(!validator.is_valid(&changed), "`{first}` may be missing at `{place}`");
    }
}

fn objects(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                objects(value, format!("{place}/{name}"), found);
            }
            found.push(place);
        }
        Value::Array(items) => {
            for (i, value) in items.iter().enumerate() {
                objects(value, format!("{place}/{i}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_requirement_has_its_verdict_and_violations_their_evidence() {
    // Of the broken drivers, every rule is violated that can be.
    let good = Report { runs: REPORT.runs[..5].to_vec(), ..REPORT.clone() };
    let [broken, kept] = [&*REPORT, &good].map(|report| verdicts(&json_of(report)));
    assert!(broken[1] > 100, "{broken:?}");
    assert!(kept[0] > 50 && kept[1] == 0 && kept[2] > 50 && kept[3] > 1000, "{kept:?}");
}

/// How many requirements have each verdict.
fn verdicts(document: &Value) -> [u64; 4] {
    let rows = document["requirements"].as_array().expect("a list");
    assert_eq!(rows.len(), RequirementId::all().count());
    let (mut counts, mut unjudged) = ([0; 4], BTreeSet::new());
    for row in rows {
        let number = |name: &str| row[name].as_u64().expect("a number");
        let (kept, broken, evidence) = (number("kept"), number("broken"), row["evidence"].as_array().expect("a list"));
        let place = match row["verdict"].as_str().expect("a text") {
            "pass" => {
                assert!(kept > 0 && broken == 0 && evidence.is_empty(), "{row}");
                0
            }
            "violated" => {
                assert!(broken > 0, "{row}");
                1
            }
            "not_exercised" => {
                assert!(
                    kept == 0
                        && broken == 0
                        && evidence.is_empty()
                        && row["reason"].is_null()
                        && row["unjudged"].is_null(),
                    "{row}"
                );
                2
            }
            _ => {
                assert!(kept == 0 && broken == 0 && evidence.is_empty() && row["reason"].is_string(), "{row}");
                unjudged.insert(row["unjudged"].as_str().expect("a kind of reason").to_owned());
                3
            }
        };
        counts[place] += 1;
        for piece in evidence {
            assert!(piece["context"].as_array().expect("a list").iter().any(|line| line["proof"] == true), "{piece}");
        }
    }
    // What cannot be seen is told apart from what nobody looks at.
    let kinds: Vec<&str> = unjudged.iter().map(String::as_str).collect();
    assert_eq!(kinds, ["no_checker", "out_of_scope", "permission", "unobservable"]);
    let summary = &document["summary"]["requirements"];
    let told = ["pass", "violated", "not_exercised", "not_observable"].map(|name| summary[name].as_u64());
    assert_eq!(told, counts.map(Some));
    counts
}

#[test]
fn runs_have_what_they_negotiated_by_name_and_what_passed() {
    let document = json_of(&REPORT);
    let run = |name: &str| {
        let runs = document["runs"].as_array().expect("a list");
        runs.iter().find(|run| run["scenario"] == name).expect("a run of that name").clone()
    };
    let packed = run("blk-sg.pci-ports.packed.inap");
    assert_eq!(
        (&packed["transport"], &packed["ring"], &packed["outcome"]),
        (&json!("pci"), &json!("packed"), &json!("passed"))
    );
    let features = packed["devices"][0]["features"].as_array().expect("a list");
    for name in ["FLUSH", "INDIRECT_DESC", "VERSION_1", "RING_PACKED", "NOTIFICATION_DATA"] {
        assert!(features.contains(&json!(name)), "{name} in {features:?}");
    }
    for name in ["blk-read", "entropy"] {
        let run = run(name);
        let more_than_none = ["requests", "doorbells", "interrupts"].map(|what| run[what].as_u64() > Some(0));
        assert_eq!(more_than_none, [true; 3], "{run}");
    }
    let hostile = run("odd-used-id-out-of-range");
    assert_eq!((&hostile["breaks_rules_on_purpose"], &hostile["violated"]), (&json!(true), &json!([])));
    assert_eq!(
        run("self-panic")["end"],
        json!({ "kind": "panic", "text": "the guest kernel panicked: <no> & \"why\"" })
    );
    let outcomes = &document["summary"]["runs"];
    assert_eq!((&outcomes["failed"], &outcomes["cancelled"]), (&json!(2), &json!(1)));
}
