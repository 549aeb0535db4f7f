//! The guest under another VMM: its devices meet the kit's drivers and the probes, without anything of ours between.
//!
//! The same kernel image boots there through PVH. What the mailbox would say goes onto the kernel's command line, and what the
//! guest would write into the mailbox comes as lines on its debug console ([`parakit_abi::mailbox::line`]). So the harness
//! sees what the guest reports, and nothing of registers and rings: devices are judged by what probes find, and drivers are
//! not judged at all.

mod arch;
mod machine;

pub use arch::Arch;
pub use machine::{Machine, Way};
