//! The fuzz targets on any toolchain: the inputs that were found worth keeping, and some more that follow from a seed.

use std::path::{Path, PathBuf};

use parakit_tests::fuzz::TARGETS;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, TestRunner};

/// Random inputs of each target.
const RANDOM: usize = 12;
/// Most bytes of one.
const LONGEST: usize = 600;

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

#[test]
fn the_kept_inputs_hold() {
    for (name, target) in TARGETS {
        let folder = corpora().join(name);
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "{} has no inputs", folder.display());
        for path in &paths {
            // Shown only if the target panics.
            println!("{}", path.display());
            target(&std::fs::read(path).unwrap());
        }
    }
}

#[test]
fn there_is_a_corpus_and_a_fuzzer_for_each_target_and_no_other() {
    let names = |folder: PathBuf| {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let mut all: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    all.sort();
    assert_eq!(names(corpora()), all);
    assert_eq!(names(corpora().with_file_name("targets")), all);
}

#[test]
fn random_inputs_hold() {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let strategy = proptest::collection::vec(proptest::num::u8::ANY, 0..LONGEST);
    for (name, target) in TARGETS {
        for _ in 0..RANDOM {
            let input = strategy.new_tree(&mut runner).unwrap().current();
            println!("{name}: {input:?}");
            target(&input);
        }
    }
}
