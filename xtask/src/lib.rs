//! What `cargo xtask` shares with the tests: initial file systems for Linux.

pub mod initramfs;
