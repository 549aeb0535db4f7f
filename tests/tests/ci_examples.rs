//! The examples of docs/ci.md are YAML, and ask the harness for what it has.

use parakit_tests::command::{harness, run};
use yaml_rust2::{Yaml, YamlLoader};

const TEXT: &str = include_str!("../../docs/ci.md");

/// The example behind this mark.
fn example(mark: &str) -> Yaml {
    let (_, behind) = TEXT.split_once(&format!("<!-- {mark} -->\n```yaml\n")).expect("the mark and a block of YAML");
    let (yaml, _) = behind.split_once("\n```\n").expect("the end of the block");
    let mut documents = YamlLoader::load_from_str(yaml).expect("YAML");
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// The options that a line of a script gives to the harness.
fn options(script: &str) -> Vec<&str> {
    let mut words = script.split_whitespace().skip_while(|word| *word != "harness");
    assert!(words.next().is_some(), "no harness in {script}");
    words.filter(|word| word.starts_with("--")).collect()
}

fn assert_known(script: &str) {
    let help = run(&mut harness(&["--help"])).stdout;
    let options = options(script);
    assert!(options.len() > 2, "{options:?}");
    for option in options {
        assert!(help.contains(&format!("{option} <")), "the harness has no {option} with a value");
    }
}

#[test]
fn the_example_for_github() {
    let example = example("github");
    let steps = example["jobs"]["judge"]["steps"].as_vec().expect("steps");
    let scripts: Vec<_> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    assert_known(scripts.iter().find(|script| script.contains("xtask harness")).expect("a run of the harness"));
    assert!(scripts.iter().any(|script| script.contains("99-kvm.rules")));
    let upload = steps.iter().find(|s| s["uses"].as_str().is_some_and(|u| u.starts_with("actions/upload-artifact@")));
    let paths = upload.and_then(|step| step["with"]["path"].as_str()).expect("files to keep");
    assert_eq!(paths.lines().collect::<Vec<_>>(), ["report.json", "junit.xml", "virtio.trace"]);
}

#[test]
fn the_example_for_gitlab() {
    let example = example("gitlab");
    let script = example["judge"]["script"].as_vec().expect("a script");
    let lines = script.iter().filter_map(Yaml::as_str);
    assert_known(lines.into_iter().find(|line| line.contains("xtask harness")).expect("a run of the harness"));
    let artifacts = &example["judge"]["artifacts"];
    assert_eq!(artifacts["reports"]["junit"].as_str(), Some("junit.xml"));
    assert!(artifacts["paths"].as_vec().is_some_and(|paths| paths.contains(&Yaml::String("junit.xml".to_owned()))));
}
