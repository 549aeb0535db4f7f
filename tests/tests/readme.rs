//! The README shows what is: its example is the one that is compiled, and its table has the scenarios that there are.

const README: &str = include_str!("../../README.md");
const RUN: &str = include_str!("../../docs/run.md");
const README_OF_THE_KIT: &str = include_str!("../../guest/README.md");

#[test]
fn the_example_is_the_one_that_is_compiled() {
    let example = include_str!("../../guest/examples/embed.rs");
    let from = example.find("use core::").unwrap();
    let to = example.find("fn main()").unwrap();
    for (name, text) in [("README.md", README), ("guest/README.md", README_OF_THE_KIT)] {
        assert!(
            text.contains(example[from..to].trim_end()),
            "guest/examples/embed.rs has changed; paste it into {name}"
        );
    }
}

#[test]
fn the_tables_are_of_the_scenarios_that_there_are() {
    let scenarios = parakit_harness::scenario::all();
    for scenario in &scenarios {
        let row = format!("| {} ", scenario.name);
        assert!(RUN.contains(&row), "`{}` is not in the table of docs/run.md; paste a new one", scenario.name);
    }
    let total = format!("| total: {} scenarios", scenarios.len());
    assert!(README.contains(&total) && RUN.contains(&total), "there are {} scenarios now", scenarios.len());
    let rows = README.lines().filter(|line| line.starts_with("| ") && line.contains("| passed"));
    let stray: Vec<_> = rows.filter(|row| !RUN.contains(row)).collect();
    assert!(stray.is_empty(), "README.md shows rows that docs/run.md has not: {stray:?}");
}

#[test]
fn files_that_the_texts_name_exist() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        // Every other piece between backticks is code. (A fence is three of them: what it encloses is code too.)
        let files = text.split('`').skip(1).step_by(2).filter(|code| {
            ["guest/", "host-harness/", "shared-abi/", "tests/", "xtask/"].iter().any(|folder| code.starts_with(folder))
        });
        let missing: Vec<_> = files.filter(|file| !root.join(file).exists()).collect();
        assert!(missing.is_empty(), "{name} names {missing:?}");
    }
}
