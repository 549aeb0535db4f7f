//! A kernel image: read, checked, and asked for its ways in.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use object::elf::{self, FileHeader64, Ident};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{LittleEndian, Object, ObjectSection, ObjectSymbol, SectionKind};
use parakit_abi::boot::{BootNote, NOTE_OWNER, NOTE_TYPE, NOTE_VERSION, SUBJECT_NOTE_TYPE, WORKLOADS_NOTE_TYPE};
use sha2::{Digest as _, Sha256};

use super::error::KernelError;
use super::log::printable;

/// Owner and type of the note that holds the PVH entry.
const PVH_OWNER: &str = "Xen";
const PVH_TYPE: u32 = 18;

/// A way into a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Boot {
    /// Parakit's boot note: 64-bit ring 3.
    Direct,
    /// The PVH note: 32-bit ring 0.
    Pvh,
}

impl fmt::Display for Boot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Direct => "direct",
            Self::Pvh => "PVH",
        })
    }
}

/// A kernel image in memory. Cheap to clone.
#[derive(Clone)]
pub struct Kernel {
    name: Arc<str>,
    bytes: Arc<[u8]>,
    segments: Arc<[Segment]>,
    direct: Option<Arc<BootNote>>,
    pvh: Option<u32>,
    workloads: Option<Arc<[String]>>,
    subject: Option<Arc<str>>,
}

/// Where a part of the image goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Guest-physical address of the first byte.
    pub(super) start: u64,
    /// Guest-physical address after the last byte.
    pub(super) end: u64,
}

impl Kernel {
    /// Reads a kernel from a file.
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
        check_machine(name, &bytes)?;
        let malformed = |what: &dyn fmt::Display| KernelError::Malformed { name: name.into(), what: what.to_string() };

        let header = FileHeader64::<LittleEndian>::parse(&*bytes).map_err(|e| malformed(&e))?;
        let endian = LittleEndian;
        let mut segments = Vec::new();
        let (mut direct, mut pvh) = (None, None);
        let (mut workloads, mut subject) = (None, None);
        for p in header.program_headers(endian, &*bytes).map_err(|e| malformed(&e))? {
            if p.p_type(endian) == elf::PT_LOAD {
                let (start, size) = (p.p_paddr(endian), p.p_memsz(endian));
                let end = start.checked_add(size).ok_or_else(|| malformed(&"a segment wraps around"))?;
                if p.p_filesz(endian) > size {
                    return Err(malformed(&"a segment has more bytes than it has memory"));
                }
                p.data(endian, &*bytes).map_err(|()| malformed(&"a segment lies outside the file"))?;
                if size != 0 {
                    segments.push(Segment { start, end });
                }
            }
            let Some(mut notes) = p.notes(endian, &*bytes).map_err(|e| malformed(&e))? else { continue };
            while let Some(note) = notes.next().map_err(|e| malformed(&e))? {
                // Owners are NUL-terminated in the file.
                let owner = note.name();
                let is = |name: &str| owner == name.as_bytes();
                if is(NOTE_OWNER) && note.n_type(endian).0 == NOTE_TYPE {
                    direct = Some(Arc::new(direct_note(note.desc()).map_err(|what| malformed(&what))?));
                } else if is(NOTE_OWNER) && note.n_type(endian).0 == WORKLOADS_NOTE_TYPE {
                    workloads = Some(text_note(note.desc()).lines().map(str::to_owned).collect());
                } else if is(NOTE_OWNER) && note.n_type(endian).0 == SUBJECT_NOTE_TYPE {
                    subject = text_note(note.desc()).lines().next().map(Arc::from);
                } else if is(PVH_OWNER) && note.n_type(endian).0 == PVH_TYPE {
                    let entry = note
                        .desc()
                        .first_chunk()
                        .ok_or_else(|| malformed(&"its PVH note is shorter than an address"))?;
                    pvh = Some(u32::from_le_bytes(*entry));
                }
            }
        }
        if direct.is_none() && pvh.is_none() {
            return Err(KernelError::NoEntry { name: name.into() });
        }
        if segments.is_empty() {
            return Err(malformed(&"it has nothing to load"));
        }
        Ok(Self { name: name.into(), bytes: bytes.into(), segments: segments.into(), direct, pvh, workloads, subject })
    }

    /// What error messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The workloads that it has, if it says so ([`WORKLOADS_NOTE_TYPE`]).
    #[must_use]
    pub fn workloads(&self) -> Option<&[String]> {
        self.workloads.as_deref()
    }

    /// What its workloads drive, by name and version, if it says so ([`SUBJECT_NOTE_TYPE`]).
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
        match boot {
            Boot::Direct => self.direct.is_some(),
            Boot::Pvh => self.pvh.is_some(),
        }
    }

    /// The way in that costs least: direct where the kernel has it.
    #[must_use]
    pub fn preferred_boot(&self) -> Boot {
        if self.direct.is_some() { Boot::Direct } else { Boot::Pvh }
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
        self.direct.as_deref().copied().ok_or_else(|| self.wrong_entry(Boot::Direct, Boot::Pvh))
    }

    pub(super) fn pvh_entry(&self) -> Result<u32, KernelError> {
        self.pvh.ok_or_else(|| self.wrong_entry(Boot::Pvh, Boot::Direct))
    }

    fn wrong_entry(&self, boot: Boot, other: Boot) -> KernelError {
        KernelError::WrongEntry { name: self.name.to_string(), boot, other }
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kernel")
            .field("name", &self.name)
            .field("bytes", &self.bytes.len())
            .field("direct", &self.direct)
            .field("pvh", &self.pvh)
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

/// ELF, 64 bits, little-endian, x86-64: told apart, because what to do differs.
fn check_machine(name: &str, bytes: &[u8]) -> Result<(), KernelError> {
    let wrong = |machine: &str| KernelError::WrongMachine { name: name.into(), machine: machine.into() };
    let not_elf = || KernelError::NotElf { name: name.into() };
    if !bytes.starts_with(b"\x7fELF") {
        return Err(not_elf());
    }
    // Identification, type and machine: the first 20 bytes, the same in both classes.
    let head: &[u8; 20] = bytes.first_chunk().ok_or_else(not_elf)?;
    let ident_class = head[std::mem::offset_of!(Ident, class)];
    if head[std::mem::offset_of!(Ident, data)] != 1 {
        return Err(wrong("a big-endian machine"));
    }
    let machine = u16::from_le_bytes([head[18], head[19]]);
    match (ident_class, machine) {
        (2, 62) => Ok(()),
        (1, 62) => Err(wrong("x86-64 with 32-bit addresses (x32)")),
        (_, 3) => Err(wrong("32-bit x86")),
        (_, 183) => Err(wrong("AArch64")),
        (_, 243) => Err(wrong("RISC-V")),
        (_, other) => Err(wrong(&format!("machine number {other}"))),
    }
}

/// What a note says, for people: no more of it than fits.
fn text_note(desc: &[u8]) -> String {
    const MOST: usize = 16 << 10;
    printable(&desc[..desc.len().min(MOST)])
}

fn direct_note(desc: &[u8]) -> Result<BootNote, String> {
    let Some(bytes) = desc.first_chunk() else {
        return Err(format!("its boot note has {} bytes instead of {}", desc.len(), BootNote::SIZE));
    };
    let note = BootNote::from_le_bytes(bytes);
    if note.version != NOTE_VERSION {
        return Err(format!("its boot note has version {} and the harness knows {NOTE_VERSION}", note.version));
    }
    for (what, limit) in [("GDT", note.gdt_limit), ("TSS", note.tss_limit)] {
        if limit == 0 || limit > 0xffff {
            return Err(format!("its boot note gives a {what} limit of {limit:#x}"));
        }
    }
    let area = |stride: u64| stride.checked_mul(note.cpus).is_some_and(|bytes| bytes <= u64::from(u32::MAX));
    if note.cpus == 0 || !area(note.cpu_stride) || !area(note.stack_stride) {
        return Err(format!(
            "its boot note has room for {} CPUs, {:#x} and {:#x} bytes apart",
            note.cpus, note.cpu_stride, note.stack_stride
        ));
    }
    Ok(note)
}
