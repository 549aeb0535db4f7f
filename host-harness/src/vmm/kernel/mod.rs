//! A kernel image: read, checked, and asked for its ways in.

mod elf;
mod linux;
mod multiboot;

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use object::{Object, ObjectSection, ObjectSymbol, SectionKind};
use parakit_abi::boot::BootNote;
use sha2::{Digest as _, Sha256};

use super::error::KernelError;
use super::log::printable;

pub(super) use self::linux::{HEADER as LINUX_HEADER, Linux};

/// A way into a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Boot {
    /// Parakit's boot note: 64-bit ring 3.
    Direct,
    /// The PVH note: 32-bit ring 0.
    Pvh,
    /// The entry of a 64-bit ELF file: 64-bit ring 0, the first 4 GiB mapped as they are.
    Elf64,
    /// A Linux bzImage, by the 64-bit boot protocol.
    Linux,
    /// An ELF file with a multiboot 1 header: 32-bit ring 0.
    Multiboot,
}

impl fmt::Display for Boot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Direct => "direct",
            Self::Pvh => "PVH",
            Self::Elf64 => "64-bit ELF",
            Self::Linux => "Linux",
            Self::Multiboot => "multiboot",
        })
    }
}

/// A kernel image in memory. Cheap to clone.
#[derive(Clone)]
pub struct Kernel {
    name: Arc<str>,
    bytes: Arc<[u8]>,
    segments: Arc<[Segment]>,
    entries: Entries,
    workloads: Option<Arc<[String]>>,
    subject: Option<Arc<str>>,
}

/// A part of the image and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// Guest-physical address of the first byte.
    pub(super) start: u64,
    /// Guest-physical address after the last byte.
    pub(super) end: u64,
    /// Its bytes in the file; what it has more of in memory is zero.
    pub(super) file: Range<usize>,
}

/// The ways in that an image has.
#[derive(Clone, Debug, Default)]
struct Entries {
    direct: Option<Arc<BootNote>>,
    pvh: Option<u32>,
    elf64: Option<u64>,
    linux: Option<Arc<Linux>>,
    multiboot: Option<u32>,
}

impl Entries {
    fn has(&self, boot: Boot) -> bool {
        match boot {
            Boot::Direct => self.direct.is_some(),
            Boot::Pvh => self.pvh.is_some(),
            Boot::Elf64 => self.elf64.is_some(),
            Boot::Linux => self.linux.is_some(),
            Boot::Multiboot => self.multiboot.is_some(),
        }
    }

    /// The one that costs least, or asks least of the kernel.
    fn preferred(&self) -> Option<Boot> {
        const ORDER: [Boot; 5] = [Boot::Direct, Boot::Linux, Boot::Pvh, Boot::Multiboot, Boot::Elf64];
        ORDER.into_iter().find(|boot| self.has(*boot))
    }
}

impl Kernel {
    /// Reads a kernel from a file: an ELF file, or a Linux bzImage.
    ///
    /// # Errors
    /// One sentence on what is wrong with it ([`KernelError`]).
    pub fn read(path: &Path) -> Result<Self, KernelError> {
        let bytes = read_regular(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                KernelError::NotFound { path: path.to_path_buf() }
            }
            _ => KernelError::Unreadable { path: path.to_path_buf(), source },
        })?;
        Self::parse(&path.display().to_string(), bytes)
    }

    /// Takes a kernel from memory; `name` is what error messages call it.
    ///
    /// # Errors
    /// One sentence on what is wrong with it ([`KernelError`]).
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, KernelError> {
        let bytes: Arc<[u8]> = bytes.into();
        let name: Arc<str> = name.into();
        if bytes.starts_with(b"\x7fELF") {
            return elf::parse(name, bytes);
        }
        let Some(linux) = Linux::find(&name, &bytes)? else {
            return Err(KernelError::UnknownFormat { name: name.to_string() });
        };
        let entries = Entries { linux: Some(Arc::new(linux)), ..Entries::default() };
        Ok(Self { name, bytes, segments: Arc::default(), entries, workloads: None, subject: None })
    }

    /// What error messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The workloads that it has, if it says so ([`parakit_abi::boot::WORKLOADS_NOTE_TYPE`]).
    #[must_use]
    pub fn workloads(&self) -> Option<&[String]> {
        self.workloads.as_deref()
    }

    /// What its workloads drive, by name and version, if it says so ([`parakit_abi::boot::SUBJECT_NOTE_TYPE`]).
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// SHA-256 of the image, in hexadecimal digits.
    #[must_use]
    pub fn sha256(&self) -> String {
        crate::scenario::hex(&Sha256::digest(&self.bytes))
    }

    /// Whether it can be started that way.
    #[must_use]
    pub fn supports(&self, boot: Boot) -> bool {
        self.entries.has(boot)
    }

    /// The way in that costs least: direct where the kernel has it, then Linux's own, PVH, multiboot, and the plain entry last.
    #[must_use]
    pub fn preferred_boot(&self) -> Boot {
        // No kernel is made without one.
        self.entries.preferred().unwrap_or(Boot::Pvh)
    }

    /// Whether it has Parakit's boot note: such a kernel runs scenarios, and finds them in the mailbox. Any other is run as it is, once,
    /// with devices of the user's choice ([`super::Machine::foreign`]).
    #[must_use]
    pub fn speaks_mailbox(&self) -> bool {
        self.entries.direct.is_some()
    }

    /// The function that holds `address`, and how far into it that is; `None` if the image does not say.
    #[must_use]
    pub fn symbol_at(&self, address: u64) -> Option<(String, u64)> {
        let file = object::File::parse(&*self.bytes).ok()?;
        // Labels of assembly have no type, so that what counts is to lie in code.
        let in_code = |s: &object::Symbol<'_, '_>| {
            let section = s.section_index().and_then(|i| file.section_by_index(i).ok());
            section.is_some_and(|section| section.kind() == SectionKind::Text) && s.name().is_ok_and(|n| !n.is_empty())
        };
        let functions = file.symbols().filter(|s| s.address() <= address && in_code(s));
        let nearest = functions.max_by_key(object::ObjectSymbol::address)?;
        let offset = address - nearest.address();
        // Nor have they a size: then the nearest is taken at its word for a page.
        let size = if nearest.size() == 0 { 4096 } else { nearest.size() };
        let name = printable(format!("{:#}", rustc_demangle::demangle(nearest.name().ok()?)).as_bytes());
        (offset < size).then_some((name, offset))
    }

    /// Bytes of the image.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub(super) fn boot_note(&self) -> Result<BootNote, KernelError> {
        self.entries.direct.as_deref().copied().ok_or_else(|| self.wrong_entry(Boot::Direct))
    }

    pub(super) fn pvh_entry(&self) -> Result<u32, KernelError> {
        self.entries.pvh.ok_or_else(|| self.wrong_entry(Boot::Pvh))
    }

    pub(super) fn elf64_entry(&self) -> Result<u64, KernelError> {
        self.entries.elf64.ok_or_else(|| self.wrong_entry(Boot::Elf64))
    }

    pub(super) fn multiboot_entry(&self) -> Result<u32, KernelError> {
        self.entries.multiboot.ok_or_else(|| self.wrong_entry(Boot::Multiboot))
    }

    pub(super) fn linux(&self) -> Result<&Linux, KernelError> {
        self.entries.linux.as_deref().ok_or_else(|| self.wrong_entry(Boot::Linux))
    }

    pub(super) fn wrong_entry(&self, boot: Boot) -> KernelError {
        KernelError::WrongEntry { name: self.name.to_string(), boot, other: self.preferred_boot() }
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kernel")
            .field("name", &self.name)
            .field("bytes", &self.bytes.len())
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

/// A device or a pipe may have no end, so that only a file is read.
fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    std::fs::read(path)
}
