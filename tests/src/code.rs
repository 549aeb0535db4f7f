//! Kernels of a few instructions, written as bytes: they do what no compiler would, and need none.
//!
//! They start through PVH: 32 bits, ring 0, no paging. `esi` is a random number, `ebx` an address.

/// Where the code is.
const ADDRESS: u32 = 0x10_0000;
/// The port by which a guest ends its machine with a value.
pub const EXIT: u16 = 0xf4;

/// Code in the making.
#[derive(Clone, Debug, Default)]
pub struct Code(Vec<u8>);

/// A place in the code, to which it can jump back.
#[derive(Clone, Copy, Debug)]
pub struct Label(usize);

impl Code {
    /// Code that begins with a seed for its random numbers.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        // mov esi, seed
        Self(Vec::new()).raw(&[0xbe]).word(seed)
    }

    /// Bytes as they are.
    #[must_use]
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    fn word(self, word: u32) -> Self {
        self.raw(&word.to_le_bytes())
    }

    /// Writes 32 bits to an address.
    #[must_use]
    pub fn store(self, address: u32, value: u32) -> Self {
        // mov dword [address], value
        self.raw(&[0xc7, 0x05]).word(address).word(value)
    }

    /// Writes 32 bits to a port.
    #[must_use]
    pub fn out(self, port: u16, value: u32) -> Self {
        // mov edx, port; mov eax, value; out dx, eax
        self.raw(&[0xba]).word(port.into()).raw(&[0xb8]).word(value).raw(&[0xef])
    }

    /// Writes 8 bits to a port.
    #[must_use]
    pub fn out_byte(self, port: u16, value: u8) -> Self {
        // mov edx, port; mov al, value; out dx, al
        self.raw(&[0xba]).word(port.into()).raw(&[0xb0, value, 0xee])
    }

    /// The next random number.
    #[must_use]
    pub fn random(self) -> Self {
        // imul esi, esi, 1664525; add esi, 1013904223
        self.raw(&[0x69, 0xf6]).word(1_664_525).raw(&[0x81, 0xc6]).word(1_013_904_223)
    }

    /// `ebx` is `base` and those of the random number's upper half that `mask` has.
    #[must_use]
    pub fn somewhere(self, base: u32, mask: u32) -> Self {
        // mov ebx, esi; shr ebx, 12; and ebx, mask; add ebx, base
        self.raw(&[0x89, 0xf3, 0xc1, 0xeb, 12, 0x81, 0xe3]).word(mask).raw(&[0x81, 0xc3]).word(base)
    }

    /// Writes the random number to where `ebx` says.
    #[must_use]
    pub fn store_random(self) -> Self {
        // mov [ebx], esi
        self.raw(&[0x89, 0x33])
    }

    /// Reads 32 bits from there.
    #[must_use]
    pub fn load(self) -> Self {
        // mov eax, [ebx]
        self.raw(&[0x8b, 0x03])
    }

    /// Writes `ebx` to a port.
    #[must_use]
    pub fn out_place(self, port: u16) -> Self {
        // mov edx, port; mov eax, ebx; out dx, eax
        self.raw(&[0xba]).word(port.into()).raw(&[0x89, 0xd8, 0xef])
    }

    /// Writes the random number to a port.
    #[must_use]
    pub fn out_random(self, port: u16) -> Self {
        // mov edx, port; mov eax, esi; out dx, eax
        self.raw(&[0xba]).word(port.into()).raw(&[0x89, 0xf0, 0xef])
    }

    /// Here.
    #[must_use]
    pub fn label(&self) -> Label {
        Label(self.0.len())
    }

    /// Jumps back.
    ///
    /// # Panics
    /// The code is longer than 2 GiB.
    #[must_use]
    pub fn jump(self, to: Label) -> Self {
        // jmp rel32, from the end of the instruction
        let from = i64::try_from(self.0.len()).expect("short code") + 5;
        let distance = i32::try_from(to.0 as i64 - from).expect("a near place");
        self.raw(&[0xe9]).raw(&distance.to_le_bytes())
    }

    /// The kernel: an ELF file with one segment and the note that says where it begins.
    #[must_use]
    pub fn kernel(&self) -> Vec<u8> {
        const HEADERS: u64 = 64 + 2 * 56;
        let note = [
            [4_u32.to_le_bytes(), 4_u32.to_le_bytes(), 18_u32.to_le_bytes()].concat(),
            b"Xen\0".to_vec(),
            ADDRESS.to_le_bytes().to_vec(),
        ]
        .concat();
        let (notes, code) = (note.len() as u64, self.0.len() as u64);
        let at = u64::from(ADDRESS);
        // Type, flags; offset, addresses, sizes in file and memory, alignment.
        let segment = |kind: u32, offset: u64, address: u64, size: u64| {
            let words = [offset, address, address, size, size, 1];
            [kind.to_le_bytes(), 5_u32.to_le_bytes()]
                .concat()
                .into_iter()
                .chain(words.into_iter().flat_map(u64::to_le_bytes))
        };
        let mut file = b"\x7fELF\x02\x01\x01".to_vec();
        file.resize(16, 0);
        file.extend([2_u16, 62].into_iter().flat_map(u16::to_le_bytes));
        file.extend(1_u32.to_le_bytes());
        file.extend([at, 64, 0].into_iter().flat_map(u64::to_le_bytes));
        file.extend(0_u32.to_le_bytes());
        file.extend([64_u16, 56, 2, 64, 0, 0].into_iter().flat_map(u16::to_le_bytes));
        file.extend(segment(4, HEADERS, 0, notes));
        file.extend(segment(1, HEADERS + notes, at, code));
        file.extend(note);
        file.extend(&self.0);
        file
    }
}
