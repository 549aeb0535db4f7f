//! Which files of the kit hold `unsafe` code: platform, ring memory and registers, and nothing else.

use std::{fs, path::Path};

/// Folders and files that may.
const MAY: [&str; 4] = ["platform/", "queue/memory/", "transport/registers/", "adapter/"];

/// Files below `folder` with the word in their code, comments apart; and those that lift the compiler's ban.
fn search(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(root, &path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
        let has = code.filter(|line| !line.contains("deny(unsafe_code)")).any(|line| line.contains("unsafe"));
        if has {
            found.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
        }
    }
}

#[test]
fn unsafe_code_is_where_memory_and_registers_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    search(&root, &root, &mut found);
    let strays: Vec<_> = found.iter().filter(|file| !MAY.iter().any(|may| file.starts_with(may))).collect();
    assert!(strays.is_empty(), "unsafe code in {strays:?}");
    for may in MAY {
        assert!(found.iter().any(|file| file.starts_with(may)), "nothing in {may} needs it any more");
    }
    let root = fs::read_to_string(root.join("lib.rs")).unwrap();
    assert!(root.contains("#![deny(unsafe_code)]"));
}
