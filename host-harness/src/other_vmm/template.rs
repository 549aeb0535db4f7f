//! Any other VMM, by a template of its command line.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::TemplateError;
use super::{Places, VmmError};

/// A file of which each run gets a copy with the placeholders filled in may have this many bytes.
const LARGEST: u64 = 1 << 20;

/// The command line of a VMM with placeholders: `{kernel}`, `{cmdline}`, `{disk}`, `{console}`, and `{file:PATH}`, the place of a copy of
/// PATH in which the placeholders are filled in.
///
/// ```
/// use parakit_harness::other_vmm::Template;
/// let template: Template = "my-vmm --kernel {kernel} --cmdline {cmdline}".parse().unwrap();
/// assert!(template.to_string().starts_with("my-vmm "));
/// assert!("my-vmm --kernel {kernel}".parse::<Template>().is_err(), "the guest would not know what to do");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    words: Vec<Vec<Part>>,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Kernel,
    Cmdline,
    Disk,
    Console,
    /// A file, and its own parts.
    File(PathBuf, Vec<Part>),
}

/// What the placeholders stand for.
struct Meaning<'a> {
    kernel: &'a Path,
    cmdline: &'a str,
    places: &'a Places,
}

impl std::str::FromStr for Template {
    type Err = TemplateError;

    /// Splits the text into words as a shell does, and looks for placeholders; files are read at once.
    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let words = shlex::split(text).ok_or(TemplateError::Quotes)?;
        if words.first().is_none_or(String::is_empty) {
            return Err(TemplateError::Empty);
        }
        let words: Vec<_> = words.iter().map(|word| parts(word, true)).collect::<Result<_, _>>()?;
        let template = Self { text: text.to_owned(), words };
        for (part, name) in [(Part::Kernel, "kernel"), (Part::Cmdline, "cmdline")] {
            if !template.has(&part) {
                return Err(TemplateError::Missing(name));
            }
        }
        Ok(template)
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Template {
    /// Whether a placeholder is somewhere in it.
    fn has(&self, wanted: &Part) -> bool {
        self.words.iter().flatten().any(|part| match part {
            Part::File(_, parts) => parts.contains(wanted),
            part => part == wanted,
        })
    }

    /// Whether it has a place for a disk.
    #[must_use]
    pub fn takes_disk(&self) -> bool {
        self.has(&Part::Disk)
    }

    /// Whether it has a place for a console.
    #[must_use]
    pub fn takes_console(&self) -> bool {
        self.has(&Part::Console)
    }

    /// The program's name, without the folders that it is in.
    #[must_use]
    pub fn program(&self) -> String {
        let first = self.words.first().map(Vec::as_slice);
        let Some([Part::Text(program)]) = first else { return self.text.clone() };
        Path::new(program).file_name().map_or_else(|| program.clone(), |name| name.to_string_lossy().into_owned())
    }

    /// The command for a run. The copies of files are made.
    pub(super) fn command(&self, kernel: &Path, cmdline: &str, places: &Places) -> Result<Command, VmmError> {
        let meaning = Meaning { kernel, cmdline, places };
        let words: Vec<_> = self.words.iter().map(|parts| meaning.fill(parts)).collect::<Result<_, _>>()?;
        let mut words = words.into_iter();
        let mut command = Command::new(words.next().ok_or(TemplateError::Empty)?);
        command.args(words);
        Ok(command)
    }
}

impl Meaning<'_> {
    fn fill(&self, parts: &[Part]) -> Result<OsString, VmmError> {
        let mut text = OsString::new();
        for part in parts {
            match part {
                Part::Text(literal) => text.push(literal),
                Part::Kernel => text.push(self.kernel),
                Part::Cmdline => text.push(self.cmdline),
                Part::Disk => text.push(self.places.disk()),
                Part::Console => text.push(self.places.console()),
                Part::File(path, parts) => {
                    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                    let copy = self.places.file(&format!("copy-{name}"));
                    let contents = self.fill(parts)?;
                    fs::write(&copy, contents.as_encoded_bytes()).map_err(VmmError::Temporary)?;
                    text.push(copy);
                }
            }
        }
        Ok(text)
    }
}

/// The parts of a text. What is in braces is a placeholder if it looks like a name; in files, other braces are their own.
fn parts(text: &str, files: bool) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut literal = String::new();
    while let Some((before, behind)) = rest.split_once('{') {
        literal.push_str(before);
        let inside = behind.split_once('}').filter(|(name, _)| is_name(name, files));
        let Some((name, after)) = inside else {
            literal.push('{');
            rest = behind;
            continue;
        };
        let part = match name {
            "kernel" => Part::Kernel,
            "cmdline" => Part::Cmdline,
            "disk" => Part::Disk,
            "console" => Part::Console,
            _ => match name.strip_prefix("file:") {
                Some(path) => file(Path::new(path))?,
                None => return Err(TemplateError::Unknown(name.to_owned())),
            },
        };
        if !literal.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut literal)));
        }
        parts.push(part);
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    Ok(parts)
}

/// Whether what is in braces is meant as a placeholder.
fn is_name(text: &str, files: bool) -> bool {
    (files && text.starts_with("file:"))
        || (!text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
}

fn file(path: &Path) -> Result<Part, TemplateError> {
    let fail = |source| TemplateError::File { path: path.to_owned(), source };
    let size = fs::metadata(path).map_err(fail)?;
    if !size.is_file() || size.len() > LARGEST {
        return Err(fail(std::io::Error::other(format!("it is no regular file of at most {LARGEST} bytes"))));
    }
    let text = fs::read_to_string(path).map_err(fail)?;
    Ok(Part::File(path.to_owned(), parts(&text, false)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, places: &Places) -> Vec<String> {
        let template: Template = template.parse().unwrap();
        let command = template.command(Path::new("/a b/kernel"), "x=1 y=2", places).unwrap();
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        words.map(|word| word.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn placeholders_are_filled_word_by_word() {
        let places = Places::new().unwrap();
        let disk = places.disk().display().to_string();
        assert_eq!(
            filled("vmm 'a b' --kernel={kernel} -c {cmdline} --disk path={disk},x", &places),
            ["vmm", "a b", "--kernel=/a b/kernel", "-c", "x=1 y=2", "--disk", &format!("path={disk},x")]
        );
    }

    #[test]
    fn files_are_copied_and_filled() {
        let places = Places::new().unwrap();
        let original = places.file("config.json");
        fs::write(&original, r#"{"boot": {"kernel": "{kernel}", "args": "{cmdline}"}, "disk": "{disk}"}"#).unwrap();
        let words = filled(&format!("vmm --config {{file:{}}}", original.display()), &places);
        let copy = fs::read_to_string(&words[2]).unwrap();
        let disk = places.disk().display().to_string();
        assert_eq!(copy, format!(r#"{{"boot": {{"kernel": "/a b/kernel", "args": "x=1 y=2"}}, "disk": "{disk}"}}"#));
        let template: Template = format!("vmm {{file:{}}}", original.display()).parse().unwrap();
        assert!(template.takes_disk() && !template.takes_console());
        assert_eq!(template.program(), "vmm");
    }

    #[test]
    fn what_cannot_be_is_one_sentence() {
        for (text, says) in [
            ("", "it is empty"),
            ("'' {kernel} {cmdline}", "it is empty"),
            ("vmm '{kernel}", "is not closed"),
            ("vmm {kernel} {command}", "there is no placeholder {command}"),
            ("vmm {kernel}", "it has no {cmdline}"),
            ("vmm {cmdline}", "it has no {kernel}"),
            ("vmm {kernel} {cmdline} {file:/nonexistent}", "/nonexistent cannot be read"),
            ("vmm {kernel} {cmdline} {file:/dev/zero}", "no regular file"),
        ] {
            let error = text.parse::<Template>().unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
