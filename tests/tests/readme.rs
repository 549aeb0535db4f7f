//! The README shows what is: its example is the one that is compiled, and its table has the scenarios that there are.

const README: &str = include_str!("../../README.md");
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
fn the_table_has_every_scenario_of_the_default_run() {
    for scenario in parakit_harness::scenario::all() {
        let row = format!("| {} ", scenario.name);
        assert!(README.contains(&row), "`{}` is not in the table of README.md; paste a new one", scenario.name);
    }
}
