//! Features that require others.

use super::Features;

/// A feature bit, and sets of which it needs one whole (§5.*.3.1).
pub type Need = (u32, &'static [Features]);

const fn f(bits: &[u32]) -> Features {
    Features::of(bits)
}

/// Network device (§5.1.3.1).
const NET: &[Need] = &[
    (7, &[f(&[1])]),
    (8, &[f(&[1])]),
    (9, &[f(&[7]), f(&[8])]),
    (10, &[f(&[1])]),
    (11, &[f(&[0])]),
    (12, &[f(&[0])]),
    (13, &[f(&[11]), f(&[12])]),
    (14, &[f(&[0])]),
    (18, &[f(&[17])]),
    (19, &[f(&[17])]),
    (21, &[f(&[17])]),
    (22, &[f(&[17])]),
    (23, &[f(&[17])]),
    (51, &[f(&[17, 60]), f(&[17, 57])]),
    (52, &[f(&[17])]),
    (53, &[f(&[17])]),
    (54, &[f(&[1])]),
    (55, &[f(&[1])]),
    (56, &[f(&[0])]),
    (60, &[f(&[17])]),
    (61, &[f(&[11]), f(&[12])]),
    (64, &[f(&[17, 60])]),
    (66, &[f(&[65])]),
    (68, &[f(&[67])]),
];
/// GPU device (§5.7.3).
const GPU: &[Need] = &[(4, &[f(&[0])]), (5, &[f(&[3])])];
/// Crypto device (§5.9.3.1).
const CRYPTO: &[Need] = &[(1, &[f(&[0])]), (2, &[f(&[0])]), (3, &[f(&[0])]), (4, &[f(&[0])]), (5, &[f(&[0])])];
/// CAN device (§5.20.3.1).
const CAN: &[Need] = &[(2, &[f(&[0])])];

/// The features of device type `device_type` that require others. Block, console and entropy devices have none, and chapter 6 states none.
pub fn needs(device_type: u32) -> impl Iterator<Item = Need> {
    match device_type {
        1 => NET,
        16 => GPU,
        20 => CRYPTO,
        36 => CAN,
        _ => &[],
    }
    .iter()
    .copied()
}
