//! Data that can be checked without having been kept: every sector's contents follow from its number and a seed.

/// A small generator of pseudo-random numbers (xorshift64*): the same seed gives the same run everywhere.
pub struct Random(u64);

impl Random {
    /// A generator for `seed`; any number will do.
    pub fn new(seed: u64) -> Self {
        Self(mix(seed) | 1)
    }

    /// The next number.
    fn step(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `bound`, which must not be 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.step()) * u128::from(bound)) >> 64) as u64
    }
}

/// Spreads a number's bits (the finaliser of splitmix64).
fn mix(value: u64) -> u64 {
    let v = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let v = (v ^ v >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    v ^ v >> 31
}

/// The word `index` of sector `sector` as version `version` of its contents.
fn word(seed: u64, sector: u64, version: u32, index: usize) -> u64 {
    mix(seed ^ mix(sector.wrapping_mul(64).wrapping_add(index as u64) ^ u64::from(version) << 40))
}

/// Fills `data`, whole sectors from `sector` on, with version `version` of their contents.
pub fn fill(seed: u64, sector: u64, version: u32, data: &mut [u8]) {
    for (s, chunk) in data.chunks_exact_mut(512).enumerate() {
        for (i, bytes) in chunk.chunks_exact_mut(8).enumerate() {
            bytes.copy_from_slice(&word(seed, sector + s as u64, version, i).to_le_bytes());
        }
    }
}

/// The first sector of `data`, whole sectors from `sector` on, that does not hold version `version` of its contents.
pub fn first_wrong(seed: u64, sector: u64, version: u32, data: &[u8]) -> Option<u64> {
    data.chunks_exact(512)
        .enumerate()
        .find(|(s, chunk)| {
            chunk
                .chunks_exact(8)
                .enumerate()
                .any(|(i, bytes)| bytes != word(seed, sector + *s as u64, version, i).to_le_bytes())
        })
        .map(|(s, _)| sector + s as u64)
}
