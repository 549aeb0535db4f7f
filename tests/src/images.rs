//! Kernel images made by hand, for the boot protocols that a foreign kernel may be started by.

/// A little kernel before it is an image: machine code and where it goes.
#[derive(Clone, Debug, Default)]
pub struct Image {
    /// Addresses, physical as virtual, and bytes.
    pub segments: Vec<(u64, Vec<u8>)>,
    /// `e_entry`.
    pub entry: u64,
    /// The address in a PVH note.
    pub pvh: Option<u32>,
}

/// Bytes of the setup part of [`Image::bzimage`]: one sector and the boot sector.
const SETUP: usize = 1024;

impl Image {
    /// Code at `address`, which is also its entry.
    #[must_use]
    pub fn at(address: u64, code: Vec<u8>) -> Self {
        Self { segments: vec![(address, code)], entry: address, pvh: None }
    }

    /// With an entry for PVH where the other one is.
    #[must_use]
    pub fn pvh(mut self) -> Self {
        self.pvh = Some(self.entry as u32);
        self
    }

    /// With one more segment.
    #[must_use]
    pub fn and(mut self, address: u64, bytes: Vec<u8>) -> Self {
        self.segments.push((address, bytes));
        self
    }

    /// An ELF file for x86-64.
    #[must_use]
    pub fn elf64(&self) -> Vec<u8> {
        self.elf(true)
    }

    /// An ELF file for 32-bit x86.
    #[must_use]
    pub fn elf32(&self) -> Vec<u8> {
        self.elf(false)
    }

    fn elf(&self, wide: bool) -> Vec<u8> {
        let (header, program) = if wide { (64, 56) } else { (52, 32) };
        let word = |value: u64| if wide { value.to_le_bytes().to_vec() } else { (value as u32).to_le_bytes().to_vec() };
        let mut parts: Vec<(u32, u64, Vec<u8>)> =
            self.segments.iter().map(|(address, bytes)| (1, *address, bytes.clone())).collect();
        if let Some(entry) = self.pvh {
            let head = [4_u32, 4, 18].iter().flat_map(|w| w.to_le_bytes());
            parts.push((4, 0, head.chain(*b"Xen\0").chain(entry.to_le_bytes()).collect()));
        }
        let (class, machine) = if wide { (2, 62_u16) } else { (1, 3) };
        let mut out = vec![0x7f, b'E', b'L', b'F', class, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0];
        out.extend(machine.to_le_bytes());
        out.extend(1_u32.to_le_bytes());
        out.extend([word(self.entry), word(header), word(0)].concat());
        out.extend(0_u32.to_le_bytes());
        for half in [header as u16, program as u16, parts.len() as u16, 0, 0, 0] {
            out.extend(half.to_le_bytes());
        }
        let mut at = header + program * parts.len() as u64;
        for (kind, address, bytes) in &parts {
            let size = bytes.len() as u64;
            let places = [word(at), word(*address), word(*address), word(size), word(size)].concat();
            out.extend(kind.to_le_bytes());
            if wide {
                out.extend(7_u32.to_le_bytes());
                out.extend(places);
                out.extend(word(4));
            } else {
                out.extend(places);
                out.extend(7_u32.to_le_bytes());
                out.extend(4_u32.to_le_bytes());
            }
            at += size;
        }
        parts.iter().for_each(|(_, _, bytes)| out.extend(bytes));
        out
    }
}

/// A multiboot header with `flags`, to go at the beginning of a segment.
#[must_use]
pub fn multiboot(flags: u32) -> Vec<u8> {
    const MAGIC: u32 = 0x1bad_b002;
    [MAGIC, flags, 0_u32.wrapping_sub(MAGIC.wrapping_add(flags))].iter().flat_map(|w| w.to_le_bytes()).collect()
}

/// A Linux bzImage whose 64-bit entry is `code`: boot protocol 2.15, made to be loaded at 16 MiB, where it wants 2 MiB.
#[must_use]
pub fn bzimage(code: &[u8]) -> Vec<u8> {
    let mut out = vec![0; SETUP + 0x200];
    out.extend(code);
    out.resize(out.len().next_multiple_of(16), 0);
    let units = ((out.len() - SETUP) / 16) as u32;
    let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
    put(0x1f1, &[1]);
    put(0x1f4, &units.to_le_bytes());
    put(0x1fe, &[0x55, 0xaa, 0xeb, 0x6a]);
    put(0x202, b"HdrS");
    put(0x206, &0x20f_u16.to_le_bytes());
    put(0x211, &[1]);
    put(0x22c, &0x7fff_ffff_u32.to_le_bytes());
    put(0x230, &0x20_0000_u32.to_le_bytes());
    put(0x234, &[1]);
    put(0x236, &1_u16.to_le_bytes());
    put(0x238, &2047_u32.to_le_bytes());
    put(0x258, &(16_u64 << 20).to_le_bytes());
    put(0x260, &(2_u32 << 20).to_le_bytes());
    out
}
