//! Disks in files: the overlay, writing through, and images that change or cannot be used.

use std::io::Write as _;
use std::os::unix::fs::FileExt as _;

use parakit_abi::device::block::{request, status};
use parakit_harness::device::{Block, BlockOptions, DiskError, DiskTrouble, FileDisk, WriteMode};
use tempfile::NamedTempFile;

use crate::models::{DATA, pattern, segments, send, started};
use crate::rig::{Rig, readable, writable};

fn image(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn file_rig(file: &NamedTempFile, mode: WriteMode, trouble: &DiskTrouble) -> Rig {
    let disk = FileDisk::open(file.path(), mode, trouble.clone()).unwrap();
    started(Block::new(Box::new(disk), BlockOptions::default()))
}

#[test]
fn an_overlay_hides_the_writes_from_the_file() {
    let original = pattern(200 * 512);
    let (file, trouble) = (image(&original), DiskTrouble::new());
    let mut rig = file_rig(&file, WriteMode::Overlay, &trouble);
    let mut model = original.clone();
    // Unaligned to the overlay's pages, over several of them, in pieces, and zeroes in whole and in part.
    for (sector, sectors) in [(1_usize, 1_usize), (7, 2), (16, 20), (199, 1), (6, 30)] {
        let bytes = vec![sector as u8 ^ 0x80; sectors * 512];
        rig.put(DATA, &bytes);
        let half = bytes.len() as u32 / 2 - 3;
        let data = [readable(DATA, half), readable(DATA + u64::from(half), bytes.len() as u32 - half)];
        assert_eq!(send(&mut rig, request::OUT, sector as u64, &data).0, status::OK);
        model[sector * 512..][..bytes.len()].copy_from_slice(&bytes);
        let zero = segments(&rig, &[(sector as u64 / 2, 9, 0), (64, 16, 0)]);
        assert_eq!(send(&mut rig, request::WRITE_ZEROES, 0, &[zero]).0, status::OK);
        model[sector / 2 * 512..][..9 * 512].fill(0);
        model[64 * 512..80 * 512].fill(0);
        let read = [writable(DATA, 700), writable(DATA + 0x1_0000, 200 * 512 - 700)];
        assert_eq!(send(&mut rig, request::IN, 0, &read).0, status::OK);
        assert_eq!([rig.get(DATA, 700), rig.get(DATA + 0x1_0000, 200 * 512 - 700)].concat(), model);
    }
    assert_eq!(std::fs::read(file.path()).unwrap(), original);
    assert_eq!(trouble.get(), None);
}

#[test]
fn written_through_means_in_the_file() {
    let (file, trouble) = (image(&pattern(16 * 512)), DiskTrouble::new());
    let mut rig = file_rig(&file, WriteMode::Through, &trouble);
    rig.put(DATA, &[0x77; 1024]);
    let pieces: Vec<_> = (0..8).map(|i| readable(DATA + 128 * i, 128)).collect();
    assert_eq!(send(&mut rig, request::OUT, 5, &pieces).0, status::OK);
    assert_eq!(send(&mut rig, request::FLUSH, 0, &[]).0, status::OK);
    let mut expected = pattern(16 * 512);
    expected[5 * 512..7 * 512].fill(0x77);
    assert_eq!(std::fs::read(file.path()).unwrap(), expected);
}

#[test]
fn an_image_that_shrinks_is_an_error_here_and_there() {
    for mode in [WriteMode::Overlay, WriteMode::Through] {
        let (file, trouble) = (image(&pattern(64 * 512)), DiskTrouble::new());
        let mut rig = file_rig(&file, mode, &trouble);
        file.as_file().set_len(8 * 512).unwrap();
        assert_eq!(send(&mut rig, request::IN, 0, &[writable(DATA, 512)]).0, status::OK, "what is left can be read");
        assert_eq!(send(&mut rig, request::IN, 40, &[writable(DATA, 512)]).0, status::IOERR);
        assert_eq!(send(&mut rig, request::OUT, 40, &[readable(DATA, 512)]).0, status::IOERR);
        let trouble = trouble.get().unwrap();
        assert!(trouble.contains("shrank from 32768 to 4096 bytes"), "{trouble}");
        assert_eq!(file.as_file().metadata().unwrap().len(), 8 * 512, "and it did not grow again");
        file.as_file().write_all_at(&[1; 8], 0).unwrap();
    }
}

#[test]
fn images_that_cannot_be_disks_are_refused_with_advice() {
    let open = |path: &std::path::Path| FileDisk::open(path, WriteMode::Overlay, DiskTrouble::new()).err().unwrap();
    let odd = image(&[0; 1000]);
    let error = open(odd.path());
    assert!(matches!(error, DiskError::Size { len: 1000, .. }));
    assert!(error.to_string().contains("truncate -s %512"));
    assert!(matches!(open("/nonexistent/disk.img".as_ref()), DiskError::Open { .. }));
    assert!(matches!(open(std::env::temp_dir().as_path()), DiskError::NotAFile { .. }));
}
