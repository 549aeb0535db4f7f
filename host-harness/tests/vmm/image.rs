//! ELF images, byte by byte, right or wrong in any field.

use parakit_abi::boot::{BootNote, NOTE_OWNER, NOTE_TYPE};

/// What goes into an image.
#[derive(Clone)]
pub(crate) struct Image {
    pub(crate) class: u8,
    pub(crate) data: u8,
    pub(crate) machine: u16,
    /// Address, bytes, bytes in memory.
    pub(crate) segments: Vec<(u64, Vec<u8>, u64)>,
    /// Owner, type, contents.
    pub(crate) notes: Vec<(&'static str, u32, Vec<u8>)>,
}

impl Default for Image {
    fn default() -> Self {
        Self { class: 2, data: 1, machine: 62, segments: Vec::new(), notes: Vec::new() }
    }
}

impl Image {
    pub(crate) fn segment(mut self, address: u64, bytes: Vec<u8>) -> Self {
        let size = bytes.len() as u64;
        self.segments.push((address, bytes, size));
        self
    }

    pub(crate) fn pvh(mut self, entry: u32) -> Self {
        self.notes.push(("Xen", 18, entry.to_le_bytes().to_vec()));
        self
    }

    pub(crate) fn direct(mut self, n: &BootNote) -> Self {
        let words = [
            n.version,
            n.entry,
            n.stack,
            n.idt,
            n.gdt,
            n.gdt_limit,
            n.tss,
            n.tss_limit,
            n.cr3,
            n.cpus,
            n.cpu_stride,
            n.stack_stride,
            n.gs,
        ];
        self.notes.push((NOTE_OWNER, NOTE_TYPE, words.iter().flat_map(|w| w.to_le_bytes()).collect()));
        self
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        const HEADER: usize = 64;
        const PROGRAM: usize = 56;
        let mut notes = Vec::new();
        for (owner, kind, desc) in &self.notes {
            let name_len = owner.len() as u32 + 1;
            notes.extend([name_len, desc.len() as u32, *kind].iter().flat_map(|w| w.to_le_bytes()));
            notes.extend(owner.as_bytes());
            notes.push(0);
            notes.resize(notes.len().next_multiple_of(4), 0);
            notes.extend(desc);
            notes.resize(notes.len().next_multiple_of(4), 0);
        }
        let count = self.segments.len() + usize::from(!notes.is_empty());

        let mut out = vec![0x7f, b'E', b'L', b'F', self.class, self.data, 1, 0];
        out.resize(16, 0);
        out.extend(2u16.to_le_bytes()); // executable
        out.extend(self.machine.to_le_bytes());
        out.extend(1u32.to_le_bytes());
        out.extend(0u64.to_le_bytes()); // entry
        out.extend((HEADER as u64).to_le_bytes()); // program headers
        out.extend(0u64.to_le_bytes()); // no sections
        out.extend(0u32.to_le_bytes());
        for half in [HEADER as u16, PROGRAM as u16, count as u16, 0, 0, 0] {
            out.extend(half.to_le_bytes());
        }

        let mut body = Vec::new();
        let body_at = HEADER + PROGRAM * count;
        let mut header = |kind: u32, address: u64, bytes: &[u8], memory: u64, align: u64| {
            out.extend(kind.to_le_bytes());
            out.extend(7u32.to_le_bytes());
            let at = (body_at + body.len()) as u64;
            for word in [at, address, address, bytes.len() as u64, memory, align] {
                out.extend(word.to_le_bytes());
            }
            body.extend_from_slice(bytes);
        };
        for (address, bytes, memory) in &self.segments {
            header(1, *address, bytes, *memory, 1);
        }
        if !notes.is_empty() {
            header(4, 0, &notes, notes.len() as u64, 4);
        }
        out.extend(body);
        out
    }
}
