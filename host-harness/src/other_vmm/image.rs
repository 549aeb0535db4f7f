//! The guest kernel as a file, for a VMM that loads it by itself.

use std::path::{Path, PathBuf};

use object::LittleEndian;
use object::elf::FileHeader64;
use object::read::elf::{FileHeader as _, ProgramHeader as _};
use parakit_abi::boot::{NOTE_OWNER, SUBJECT_NOTE_TYPE, WORKLOADS_NOTE_TYPE};
use sha2::{Digest as _, Sha256};

use super::{Arch, VmmError};
use crate::scenario::hex;

/// Machine numbers of ELF files.
const MACHINES: [(u16, Arch); 3] = [(62, Arch::X86_64), (183, Arch::Aarch64), (243, Arch::Riscv64)];

/// A guest kernel.
#[derive(Clone, Debug)]
pub struct GuestImage {
    path: PathBuf,
    arch: Arch,
    sha256: String,
    subject: Option<String>,
    workloads: Vec<String>,
}

impl GuestImage {
    /// Reads the file and its notes.
    ///
    /// # Errors
    /// [`VmmError::Kernel`]: it cannot be read, or is no kernel that runs scenarios.
    pub fn read(path: &Path) -> Result<Self, VmmError> {
        let wrong = |what: String| VmmError::Kernel { path: path.to_owned(), what };
        if std::fs::metadata(path).is_ok_and(|file| !file.is_file()) {
            return Err(wrong("it is not a regular file".to_owned()));
        }
        let bytes = std::fs::read(path).map_err(|e| wrong(e.to_string()))?;
        let malformed = |e: object::Error| wrong(format!("it is no 64-bit ELF file ({e})"));
        let header = FileHeader64::<LittleEndian>::parse(&*bytes).map_err(malformed)?;
        let machine = header.e_machine(LittleEndian).0;
        let arch = MACHINES.iter().find(|(number, _)| *number == machine).map(|(_, arch)| *arch);
        let arch = arch.ok_or_else(|| wrong(format!("it is for machine number {machine}")))?;
        let (mut subject, mut workloads) = (None, None);
        for program in header.program_headers(LittleEndian, &*bytes).map_err(malformed)? {
            let Some(mut notes) = program.notes(LittleEndian, &*bytes).map_err(malformed)? else { continue };
            while let Some(note) = notes.next().map_err(malformed)? {
                if note.name() != NOTE_OWNER.as_bytes() {
                    continue;
                }
                let text = crate::vmm::printable(note.desc());
                match note.n_type(LittleEndian).0 {
                    SUBJECT_NOTE_TYPE => subject = text.lines().next().map(str::to_owned),
                    WORKLOADS_NOTE_TYPE => workloads = Some(text.lines().map(str::to_owned).collect()),
                    _ => {}
                }
            }
        }
        let workloads = workloads.ok_or_else(|| wrong("it says of no workload that it has it".to_owned()))?;
        Ok(Self { path: path.to_owned(), arch, sha256: hex(&Sha256::digest(&bytes)), subject, workloads })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it is for.
    #[must_use]
    pub const fn arch(&self) -> Arch {
        self.arch
    }

    /// SHA-256 of the file, in hexadecimal digits.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What its workloads drive, by name and version, if it says so.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The workloads that it has.
    #[must_use]
    pub fn workloads(&self) -> &[String] {
        &self.workloads
    }
}
