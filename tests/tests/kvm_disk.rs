//! A disk image of the user's: read whole, changed on request only, found intact. On KVM, through the built command.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use fatfs::{FileSystem, FormatVolumeOptions, FsOptions};
use parakit_tests::command::{harness, kvm_or_left_out, run, sha256};
use tempfile::TempDir;

/// Bytes of the image: 8 MiB.
const SIZE: u64 = 8 << 20;
/// What the file begins with that the guest changes.
const MARKER: [u8; 16] = *b"parakit marker 1";

/// What other files hold; larger than a cluster, and of no round size.
fn contents(seed: u8, len: usize) -> Vec<u8> {
    (0..len).map(|i| (i as u8).wrapping_mul(31).wrapping_add(seed)).collect()
}

/// Name and contents of the files, the one with the marker in the middle of them.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let mut marked = MARKER.to_vec();
    marked.resize(512, 0xee);
    vec![("first.bin", contents(1, 70_001)), ("marked.bin", marked), ("dir/last.bin", contents(2, 12_345))]
}

fn image(directory: &TempDir) -> PathBuf {
    let path = directory.path().join("fat.img");
    let file = File::options().read(true).write(true).create_new(true).open(&path).unwrap();
    file.set_len(SIZE).unwrap();
    let mut stream = fscommon(&file);
    fatfs::format_volume(&mut stream, FormatVolumeOptions::new().volume_label(*b"PARAKIT    ")).unwrap();
    let system = FileSystem::new(stream, FsOptions::new()).unwrap();
    system.root_dir().create_dir("dir").unwrap();
    for (name, bytes) in files() {
        system.root_dir().create_file(name).unwrap().write_all(&bytes).unwrap();
    }
    system.unmount().unwrap();
    path
}

/// A handle of its own on the file.
fn fscommon(file: &File) -> File {
    let mut file = file.try_clone().unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

fn read_all(path: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let system = FileSystem::new(File::options().read(true).write(true).open(path).unwrap(), FsOptions::new()).unwrap();
    let status = system.read_status_flags().unwrap();
    assert!(!status.dirty() && !status.io_error(), "the file system is clean");
    files()
        .into_iter()
        .map(|(name, _)| {
            let mut bytes = Vec::new();
            system.root_dir().open_file(name).unwrap().read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

fn marker_parameters() -> [String; 4] {
    let word = |i: usize| u64::from_le_bytes(MARKER[i..i + 8].try_into().unwrap());
    ["--param".into(), format!("0={}", word(0)), "--param".into(), format!("1={}", word(8))]
}

#[test]
fn kvm_the_guest_reads_what_the_host_has() {
    if !kvm_or_left_out("kvm_the_guest_reads_what_the_host_has") {
        return;
    }
    let directory = TempDir::new().unwrap();
    let path = image(&directory);
    let before = sha256(&path);
    let ran = run(harness(&["--backend", "kvm", "blk-read", "--disk"]).arg(&path));
    ran.assert_success();
    assert!(ran.stdout.contains(&format!("sha256 = {before}")), "{ran:#?}");
    assert_eq!(sha256(&path), before);
}

#[test]
fn kvm_writes_stay_in_the_overlay() {
    if !kvm_or_left_out("kvm_writes_stay_in_the_overlay") {
        return;
    }
    let directory = TempDir::new().unwrap();
    let path = image(&directory);
    let before = sha256(&path);
    run(harness(&["--backend", "kvm", "blk-rw", "blk-flush-discard", "--disk"]).arg(&path)).assert_success();
    run(harness(&["--backend", "kvm", "fat-touch", "--disk"]).arg(&path).args(marker_parameters())).assert_success();
    assert_eq!(sha256(&path), before, "the image is bit-identical");
}

#[test]
fn kvm_a_file_system_changed_by_the_guest_is_intact() {
    if !kvm_or_left_out("kvm_a_file_system_changed_by_the_guest_is_intact") {
        return;
    }
    let directory = TempDir::new().unwrap();
    let path = image(&directory);
    let before = std::fs::read(&path).unwrap();
    let ran =
        run(harness(&["--backend", "kvm", "fat-touch", "--disk-write", "--disk"]).arg(&path).args(marker_parameters()));
    ran.assert_success();

    let mut changed = MARKER.to_vec();
    changed.extend((16..512).map(|i| 0x50 + (i % 37) as u8));
    for ((name, now), (_, was)) in read_all(&path).into_iter().zip(files()) {
        let expected = if name == "marked.bin" { &changed } else { &was };
        assert_eq!(&now, expected, "{name}");
    }
    let after = std::fs::read(&path).unwrap();
    let touched: Vec<_> = (0..before.len() / 512)
        .filter(|s| before[s * 512..][..512] != after[s * 512..][..512])
        .map(|s| after[s * 512..][..512].to_vec())
        .collect();
    // The host's own mount above may have written to its reserved sectors.
    assert!(touched.contains(&changed), "the change is on the disk");
    assert!(touched.len() <= 3, "{} sectors changed", touched.len());
}
