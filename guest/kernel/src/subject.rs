//! What the binary gives: a name, workloads, and the function that runs them.

use parakit_abi::boot::{NOTE_OWNER, SUBJECT_NOTE_TYPE, WORKLOADS_NOTE_TYPE};

use crate::{Failure, KernelEnv};

unsafe extern "Rust" {
    /// Defined by [`kernel!`](crate::kernel) in the binary.
    safe fn parakit_kernel_run(env: &KernelEnv, name: &str) -> Result<(), Failure>;
}

/// Runs the workload `name` of the binary.
pub(crate) fn run(env: &KernelEnv, name: &str) -> Result<(), Failure> {
    parakit_kernel_run(env, name)
}

/// Makes a binary a kernel: what it drives, the names of its workloads (lists of them), and the function that runs one.
///
/// The function returns [`Failure::Unknown`](crate::Failure::Unknown) for a name that it does not know. The harness reads the
/// names from a note in the image, and leaves scenarios out whose workload is not among them.
///
/// ```ignore
/// parakit_kernel::kernel! {
///     subject: "my-drivers 1.2.3",
///     workloads: [&["blk-read", "entropy"]],
///     run: run,
/// }
///
/// fn run(env: &KernelEnv, name: &str) -> Result<(), Failure> {
///     match name {
///         "blk-read" => block::read(env),
///         "entropy" => entropy::run(env),
///         _ => Err(Failure::Unknown),
///     }
/// }
/// ```
#[macro_export]
macro_rules! kernel {
    (subject: $subject:expr, workloads: [$($names:expr),+ $(,)?], run: $run:path $(,)?) => {
        const _: () = {
            const NAMES: &[&[&str]] = &[$($names),+];
            const SUBJECT: &[&[&str]] = &[&[$subject]];

            // SAFETY: no other symbol has this name, and the kernel's library declares it with this signature.
            #[unsafe(no_mangle)]
            fn parakit_kernel_run(env: &$crate::KernelEnv, name: &str) -> Result<(), $crate::Failure> {
                $run(env, name)
            }

            #[used]
            static ENTRY: unsafe extern "C" fn() = $crate::ENTRY;

            // SAFETY: the section is one of notes, and the value is a note, with its padding.
            #[used]
            #[unsafe(link_section = ".note.Parakit")]
            static WORKLOADS_NOTE: $crate::Note<{ $crate::joined(NAMES) }> = $crate::Note::workloads(NAMES);

            // SAFETY: as above.
            #[used]
            #[unsafe(link_section = ".note.Parakit")]
            static SUBJECT_NOTE: $crate::Note<{ $crate::joined(SUBJECT) }> = $crate::Note::subject(SUBJECT);
        };
    };
}

/// Bytes of the owner's name with its NUL: no padding follows.
const OWNER: usize = NOTE_OWNER.len() + 1;

/// An ELF note with `N` bytes of text.
#[derive(Debug)]
#[repr(C)]
pub struct Note<const N: usize> {
    owner_size: u32,
    size: u32,
    kind: u32,
    owner: [u8; OWNER],
    text: [u8; N],
}

impl<const N: usize> Note<N> {
    /// Says which workloads there are.
    #[must_use]
    pub const fn workloads(names: &[&[&str]]) -> Self {
        Self::new(WORKLOADS_NOTE_TYPE, names)
    }

    /// Says what is driven.
    #[must_use]
    pub const fn subject(name: &[&[&str]]) -> Self {
        Self::new(SUBJECT_NOTE_TYPE, name)
    }

    const fn new(kind: u32, names: &[&[&str]]) -> Self {
        const { assert!(OWNER.is_multiple_of(4)) };
        let mut owner = [0; OWNER];
        owner.split_at_mut(NOTE_OWNER.len()).0.copy_from_slice(NOTE_OWNER.as_bytes());
        // What is between two names is written here, the names below.
        let mut text = [b'\n'; N];
        let (mut at, mut list) = (0, 0);
        while list < names.len() {
            let mut name = 0;
            while name < names[list].len() {
                let bytes = names[list][name].as_bytes();
                text.split_at_mut(at).1.split_at_mut(bytes.len()).0.copy_from_slice(bytes);
                at += bytes.len() + 1;
                name += 1;
            }
            list += 1;
        }
        Self { owner_size: OWNER as u32, size: N as u32, kind, owner, text }
    }
}

/// Bytes of all names with one byte between each two.
#[must_use]
pub const fn joined(names: &[&[&str]]) -> usize {
    let (mut len, mut list) = (0, 0);
    while list < names.len() {
        let mut name = 0;
        while name < names[list].len() {
            len += names[list][name].len() + 1;
            name += 1;
        }
        list += 1;
    }
    len - 1
}
