//! RNG.

use parakit_abi::requirement::id;

use super::{Mutant, plain};
use crate::raw::Setting;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::RNG_DRV_OP_1,
        name: "readable-buffer",
        what: "a seed for the device to read in front of the buffer to fill",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let (seed, buffer) = (d.readable(b"seed"), d.writable(64));
                d.exchange(0, &[seed, buffer]);
            });
        },
    },
    Mutant {
        requirement: id::RNG_DRV_OP_1,
        name: "only-readable",
        what: "a buffer that the device may only read",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let buffer = d.readable(&[0; 64]);
                d.exchange(0, &[buffer]);
            });
        },
    },
];
