//! ELF files of both classes: what they load, and the ways in that their notes, their header and their first bytes give.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use object::LittleEndian;
use object::elf::{self, FileHeader32, FileHeader64, Ident};
use object::read::elf::{FileHeader, ProgramHeader};
use parakit_abi::boot::{BootNote, NOTE_OWNER, NOTE_TYPE, NOTE_VERSION, SUBJECT_NOTE_TYPE, WORKLOADS_NOTE_TYPE};

use super::{Entries, Kernel, Segment, multiboot};
use crate::vmm::error::{KernelError, NoEntry};
use crate::vmm::log::printable;

/// Owner and type of the note that holds the PVH entry.
const PVH_OWNER: &str = "Xen";
const PVH_TYPE: u32 = 18;

/// Takes an ELF file, which begins as one.
pub(super) fn parse(name: Arc<str>, bytes: Arc<[u8]>) -> Result<Kernel, KernelError> {
    let class = check_machine(&name, &bytes)?;
    let parts = match class {
        Class::Elf64 => Parts::of::<FileHeader64<LittleEndian>>(&name, &bytes)?,
        Class::Elf32 => Parts::of::<FileHeader32<LittleEndian>>(&name, &bytes)?,
    };
    let Parts { segments, entry, interpreted, unlinked, direct, pvh, workloads, subject } = parts;
    if unlinked {
        return Err(KernelError::NoEntry { name: name.to_string(), why: NoEntry::Unlinked });
    }

    let multiboot = match multiboot::find(&bytes) {
        Some(header) if header.is_refused() => {
            return Err(KernelError::MultibootFlags { name: name.to_string(), flags: header.flags });
        }
        Some(_) => u32::try_from(entry).ok().filter(|_| loaded(&segments, entry)),
        None => None,
    };
    // Where a loader that starts 32-bit code would come in, there is no 64-bit entry.
    let stranger = multiboot::is_multiboot2(&bytes);
    let plain = class == Class::Elf64 && !interpreted && multiboot.is_none() && !stranger;
    let elf64 = Some(entry).filter(|_| plain && loaded(&segments, entry));
    let entries = Entries { direct: direct.map(Arc::new), pvh, elf64, linux: None, multiboot };
    if entries.preferred().is_none() {
        let why = match class {
            _ if interpreted => NoEntry::Program,
            _ if stranger => NoEntry::Multiboot2,
            Class::Elf32 if pvh.is_none() && multiboot::find(&bytes).is_none() => return Err(thirty_two_bits(&name)),
            _ => NoEntry::Outside(entry),
        };
        return Err(KernelError::NoEntry { name: name.to_string(), why });
    }
    if segments.is_empty() {
        return Err(malformed(&name, &"it has nothing to load"));
    }
    Ok(Kernel { name, bytes, segments: segments.into(), entries, workloads, subject })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Elf32,
    Elf64,
}

/// What program headers and the file's header say.
#[derive(Default)]
struct Parts {
    segments: Vec<Segment>,
    entry: u64,
    /// It wants another program to start it.
    interpreted: bool,
    /// It is no program: an object file, or what a program left when it crashed.
    unlinked: bool,
    direct: Option<BootNote>,
    pvh: Option<u32>,
    workloads: Option<Arc<[String]>>,
    subject: Option<Arc<str>>,
}

impl Parts {
    fn of<H: FileHeader<Endian = LittleEndian>>(name: &str, bytes: &[u8]) -> Result<Self, KernelError> {
        let malformed = |what: &dyn fmt::Display| malformed(name, what);
        let endian = LittleEndian;
        let header = H::parse(bytes).map_err(|e| malformed(&e))?;
        let mut parts = Self { entry: header.e_entry(endian).into(), ..Self::default() };
        parts.unlinked = ![elf::ET_EXEC, elf::ET_DYN].contains(&header.e_type(endian));
        for p in header.program_headers(endian, bytes).map_err(|e| malformed(&e))? {
            parts.interpreted |= p.p_type(endian) == elf::PT_INTERP;
            if p.p_type(endian) == elf::PT_LOAD {
                parts.segments.extend(segment(name, p, bytes)?);
            }
            let Some(mut notes) = p.notes(endian, bytes).map_err(|e| malformed(&e))? else { continue };
            while let Some(note) = notes.next().map_err(|e| malformed(&e))? {
                // Owners are NUL-terminated in the file.
                parts.note(note.name(), note.n_type(endian).0, note.desc()).map_err(|what| malformed(&what))?;
            }
        }
        Ok(parts)
    }

    fn note(&mut self, owner: &[u8], kind: u32, desc: &[u8]) -> Result<(), String> {
        let ours = owner == NOTE_OWNER.as_bytes();
        if ours && kind == NOTE_TYPE {
            self.direct = Some(direct_note(desc)?);
        } else if ours && kind == WORKLOADS_NOTE_TYPE {
            self.workloads = Some(text_note(desc).lines().map(str::to_owned).collect());
        } else if ours && kind == SUBJECT_NOTE_TYPE {
            self.subject = text_note(desc).lines().next().map(Arc::from);
        } else if owner == PVH_OWNER.as_bytes() && kind == PVH_TYPE {
            let entry = desc.first_chunk().ok_or("its PVH note is shorter than an address")?;
            self.pvh = Some(u32::from_le_bytes(*entry));
        }
        Ok(())
    }
}

/// A segment, if it has any memory.
fn segment<P: ProgramHeader<Endian = LittleEndian>>(
    name: &str,
    p: &P,
    bytes: &[u8],
) -> Result<Option<Segment>, KernelError> {
    let endian = LittleEndian;
    let (start, size, filled): (u64, u64, u64) =
        (p.p_paddr(endian).into(), p.p_memsz(endian).into(), p.p_filesz(endian).into());
    let end = start.checked_add(size).ok_or_else(|| malformed(name, &"a segment wraps around"))?;
    if filled > size {
        return Err(malformed(name, &"a segment has more bytes than it has memory"));
    }
    let file = file_range(p.p_offset(endian).into(), filled, bytes.len())
        .ok_or_else(|| malformed(name, &"a segment lies outside the file"))?;
    Ok((size != 0).then_some(Segment { start, end, file }))
}

fn file_range(offset: u64, len: u64, size: usize) -> Option<Range<usize>> {
    let start = usize::try_from(offset).ok()?;
    let end = usize::try_from(offset.checked_add(len)?).ok()?;
    (end <= size).then_some(start..end)
}

fn loaded(segments: &[Segment], address: u64) -> bool {
    segments.iter().any(|s| (s.start..s.end).contains(&address))
}

fn malformed(name: &str, what: &dyn fmt::Display) -> KernelError {
    KernelError::Malformed { name: name.into(), what: what.to_string() }
}

/// ELF, little-endian, x86: told apart, because what to do differs.
fn check_machine(name: &str, bytes: &[u8]) -> Result<Class, KernelError> {
    let wrong = |machine: &str| KernelError::WrongMachine { name: name.into(), machine: machine.into() };
    // Identification, type and machine: the first 20 bytes, the same in both classes.
    let head: &[u8; 20] = bytes.first_chunk().ok_or_else(|| malformed(name, &"it ends in its header"))?;
    if head[std::mem::offset_of!(Ident, data)] != 1 {
        return Err(wrong("a big-endian machine"));
    }
    let machine = u16::from_le_bytes([head[18], head[19]]);
    match (head[std::mem::offset_of!(Ident, class)], machine) {
        (2, 62) => Ok(Class::Elf64),
        (1, 3) => Ok(Class::Elf32),
        (1, 62) => Err(wrong("x86-64 with 32-bit addresses (x32)")),
        (_, 3) => Err(thirty_two_bits(name)),
        (_, 183) => Err(wrong("AArch64")),
        (_, 243) => Err(wrong("RISC-V")),
        (_, other) => Err(wrong(&format!("machine number {other}"))),
    }
}

/// 32-bit x86 and no way in that begins so.
fn thirty_two_bits(name: &str) -> KernelError {
    KernelError::WrongMachine { name: name.into(), machine: "32-bit x86, and has no multiboot header".into() }
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
