//! What `cargo xtask` shares with the tests: initial file systems for Linux, and how programs are found.

pub mod initramfs;
pub mod programs;
