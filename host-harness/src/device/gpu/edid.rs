//! EDID of a display: the base block of version 1.4, with one preferred timing.

/// Bytes of the block.
const SIZE: usize = 128;
/// Offset of the first detailed timing.
const TIMING: usize = 54;
/// Pixels that a line, and lines that a picture, are longer than what is seen.
const BLANKING: u32 = 160;
/// Pictures a second.
const RATE: u64 = 60;
/// Largest side that twelve bits can tell.
const MAX_SIDE: u32 = 4095;
/// Pixels a centimetre: those of a display of 96 a inch.
const DENSITY: u32 = 38;

/// The EDID of a display of `width` by `height` pixels. Sides that it cannot tell are told as 4095.
pub(super) fn edid(width: u32, height: u32) -> [u8; SIZE] {
    let (width, height) = (width.clamp(1, MAX_SIDE), height.clamp(1, MAX_SIDE));
    let mut block = [0; SIZE];
    block[..8].copy_from_slice(&[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]);
    block[8..10].copy_from_slice(&vendor(*b"PKT").to_be_bytes());
    // Product 1, made in 2026, version 1.4.
    block[10] = 1;
    block[17] = (2026_u32 - 1990) as u8;
    block[18..20].copy_from_slice(&[1, 4]);
    // Digital, eight bits a colour.
    block[20] = 0xa0;
    block[21] = (width / DENSITY).min(255) as u8;
    block[22] = (height / DENSITY).min(255) as u8;
    // Gamma 2.2; the first timing is the preferred one, colours are those of sRGB.
    block[23] = 120;
    block[24] = 0x06;
    block[25..35].copy_from_slice(&[0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54]);
    // No standard timings.
    block[38..54].fill(1);
    timing(&mut block[TIMING..TIMING + 18], width, height);
    for (at, tag) in [(72, 0xfc), (90, 0x10), (108, 0x10)] {
        block[at + 3] = tag;
    }
    block[77..90].copy_from_slice(b"parakit\n     ");
    block[SIZE - 1] = block.iter().fold(0_u8, |sum, byte| sum.wrapping_sub(*byte));
    block
}

/// Three letters of five bits each.
fn vendor(letters: [u8; 3]) -> u16 {
    letters.iter().fold(0, |id, letter| id << 5 | u16::from(letter - b'A' + 1))
}

fn timing(to: &mut [u8], width: u32, height: u32) {
    let hertz = u64::from(width + BLANKING) * u64::from(height + BLANKING) * RATE;
    let tens_of_kilohertz = u16::try_from(hertz / 10_000).unwrap_or(u16::MAX);
    to[..2].copy_from_slice(&tens_of_kilohertz.to_le_bytes());
    for (at, seen) in [(2, width), (5, height)] {
        to[at] = seen as u8;
        to[at + 1] = BLANKING as u8;
        to[at + 2] = ((seen >> 8) << 4) as u8;
    }
    // Synchronisation: 48 pixels after the line for 32, 3 lines after the picture for 5.
    to[8..11].copy_from_slice(&[48, 32, 3 << 4 | 5]);
    // Millimetres.
    let (across, down) = (width * 10 / DENSITY, height * 10 / DENSITY);
    to[12] = across as u8;
    to[13] = down as u8;
    to[14] = ((across >> 8) << 4 | down >> 8) as u8;
    to[17] = 0x1e;
}
