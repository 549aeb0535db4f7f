//! What keeps a guest from being run under another VMM at all.

use std::io;
use std::path::PathBuf;

use super::Arch;

/// Nothing can be run: what is missing or wrong, as one sentence with what to do. A VMM that ends early is no error: it is how a run ended.
#[derive(Debug, thiserror::Error)]
pub enum VmmError {
    /// No QEMU on the path.
    #[error("there is no {program} on PATH; install QEMU's system emulator, or say where it is with --qemu PATH")]
    NoQemu {
        /// Its name.
        program: &'static str,
    },
    /// The program does not start.
    #[error("{} cannot be started ({source}); check its name and that it may be executed", program.display())]
    NotStarted {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The program is not QEMU.
    #[error("{} does not say that it is QEMU ({said}); name a {} with --qemu", program.display(), arch.qemu_program())]
    NotQemu {
        /// The program.
        program: PathBuf,
        /// What kind was wanted.
        arch: Arch,
        /// What it said when asked for its version, or how it ended.
        said: String,
    },
    /// The program neither answers nor ends.
    #[error("{} did not answer `{asked}` within {seconds} s; name a QEMU that works with --qemu", program.display())]
    Hangs {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        asked: String,
        /// How long it was given.
        seconds: u64,
    },
    /// It says that it is QEMU, and does not answer as QEMU does.
    #[error("{} says that it is QEMU {version} and does not answer `{asked}` as QEMU does ({said}); name another {}, perhaps a newer one, with --qemu", program.display(), arch.qemu_program())]
    Strange {
        /// The program.
        program: PathBuf,
        /// Its version.
        version: String,
        /// What kind was wanted.
        arch: Arch,
        /// Its arguments.
        asked: String,
        /// How it ended, and what it said.
        said: String,
    },
    /// It is QEMU, for another processor.
    #[error("{} is QEMU {version} for {}, and this run needs {wanted}; name a {} with --qemu, or another processor with --arch", program.display(), is.map_or("another processor", Arch::name), wanted.qemu_program())]
    OtherQemu {
        /// The program.
        program: PathBuf,
        /// Its version.
        version: String,
        /// What it is for, if that is known here.
        is: Option<Arch>,
        /// What was asked for.
        wanted: Arch,
    },
    /// It is QEMU, and was built without the machines.
    #[error("{} is QEMU {version} and has none of the machines {machines}, on which guests run; name another {} with --qemu", program.display(), arch.qemu_program())]
    NoMachine {
        /// The program.
        program: PathBuf,
        /// Its version.
        version: String,
        /// What kind was wanted.
        arch: Arch,
        /// The machines that would do.
        machines: String,
    },
    /// No place for the files of a run.
    #[error("the files of a run could not be made ({0}); free some space in the temporary directory, or set TMPDIR")]
    Temporary(io::Error),
    /// The path of the console's socket does not fit.
    #[error("the socket of the guest's console could not be made at {} ({source}); set TMPDIR to a directory with a short path", path.display())]
    Socket {
        /// Where it was to be.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The guest kernel.
    #[error("the guest kernel {} cannot be used: {what}; `cargo xtask harness` builds one", path.display())]
    Kernel {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The guest kernel is for another processor.
    #[error("the guest kernel {} is for {is} and the VMM runs {wanted}; give the same with --arch and --kernel", path.display())]
    WrongArch {
        /// The file.
        path: PathBuf,
        /// What it is for.
        is: Arch,
        /// What was asked for.
        wanted: Arch,
    },
    /// The template of `--vmm-command`.
    #[error("the template of --vmm-command cannot be used: {0}")]
    Template(#[from] TemplateError),
}

/// What is wrong with a template.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Nothing in it.
    #[error("it is empty; the first word is the program, as in `my-vmm --kernel {{kernel}} --cmdline {{cmdline}}`")]
    Empty,
    /// A quote that is not closed.
    #[error("a quote in it is not closed; words are separated and quoted as in a shell")]
    Quotes,
    /// Something in braces that is no placeholder.
    #[error(
        "there is no placeholder {{{0}}}; there are {{kernel}}, {{cmdline}}, {{disk}}, {{console}} and {{file:PATH}}"
    )]
    Unknown(String),
    /// A placeholder that every VMM needs.
    #[error("it has no {{{0}}}, without which the guest cannot know what to do; put it where the VMM takes it")]
    Missing(&'static str),
    /// A file of which a copy is made.
    #[error("{} cannot be read ({source})", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
