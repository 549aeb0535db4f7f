//! The disk that Linux is given: what is on it before, and what is on it afterwards.

use std::io::{self, Cursor, Read as _, Seek as _, SeekFrom, Write as _};

use fatfs::{FileSystem, FormatVolumeOptions, FsOptions};
use sha2::{Digest as _, Sha256};

/// Bytes of the disk.
const BYTES: usize = 8 << 20;
/// Bytes of the file that Linux reads and copies: more than a request, and not a multiple of a sector.
const FILE: usize = (2 << 20) + 333;

/// What Linux writes into its report when all went well, in order.
const RESULT: [&str; 5] = ["disk read", "disk written", "random bytes read", "console written", "network answered"];

/// The contents of the file.
fn contents() -> Vec<u8> {
    // Steps of a congruential generator: no two sectors are the same.
    let mut state = 0x5eed_u64;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..FILE).map(step).collect()
}

/// The disk: a FAT file system with a file and its checksum.
pub(super) fn image() -> io::Result<Vec<u8>> {
    let mut disk = Cursor::new(vec![0; BYTES]);
    fatfs::format_volume(&mut disk, FormatVolumeOptions::new())?;
    disk.seek(SeekFrom::Start(0))?;
    {
        let files = FileSystem::new(&mut disk, FsOptions::new())?;
        let contents = contents();
        let sum: String = Sha256::digest(&contents).iter().map(|byte| format!("{byte:02x}")).collect();
        files.root_dir().create_file("in.bin")?.write_all(&contents)?;
        files.root_dir().create_file("in.sum")?.write_all(format!("{sum}  in.bin\n").as_bytes())?;
    }
    Ok(disk.into_inner())
}

/// What Linux left on the disk is what it should be; else why not, as a part of a sentence.
pub(super) fn check(image: Vec<u8>) -> Result<(), String> {
    if image.len() != BYTES {
        return Err(format!("its disk came back with {} bytes of {BYTES}", image.len()));
    }
    let mut disk = Cursor::new(image);
    let files = FileSystem::new(&mut disk, FsOptions::new()).map_err(|e| format!("its disk is unreadable: {e}"))?;
    let read = |name: &str| {
        let mut bytes = Vec::new();
        let mut file = files.root_dir().open_file(name).map_err(|e| format!("it wrote no {name} to its disk ({e})"))?;
        file.read_to_end(&mut bytes).map_err(|e| format!("{name} on its disk is unreadable: {e}"))?;
        Ok::<_, String>(bytes)
    };
    let result = read("result.txt")?;
    let result = String::from_utf8_lossy(&result);
    if let Some(missing) = RESULT.iter().find(|step| !result.lines().any(|line| line == **step)) {
        return Err(format!("it did not report `{missing}`"));
    }
    if read("out.bin")? != contents() {
        return Err("the file that it copied on its disk differs from the original".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut disk = Cursor::new(image().unwrap());
        {
            let system = FileSystem::new(&mut disk, FsOptions::new()).unwrap();
            for (name, bytes) in files {
                system.root_dir().create_file(name).unwrap().write_all(bytes).unwrap();
            }
        }
        disk.into_inner()
    }

    #[test]
    fn only_a_disk_with_the_copy_and_the_whole_report_will_do() {
        let (report, copy) = (RESULT.join("\n") + "\n", contents());
        check(with(&[("result.txt", report.as_bytes()), ("out.bin", &copy)])).unwrap();
        let mut flipped = copy.clone();
        flipped[FILE - 1] ^= 1;
        for (files, says) in [
            (vec![], "no result.txt"),
            (vec![("result.txt", "disk read\n".as_bytes())], "did not report `disk written`"),
            (vec![("result.txt", report.as_bytes())], "no out.bin"),
            (vec![("result.txt", report.as_bytes()), ("out.bin", &flipped)], "differs from the original"),
        ] {
            let why = check(with(&files)).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
        assert!(check(Vec::new()).unwrap_err().contains("0 bytes"));
    }
}
