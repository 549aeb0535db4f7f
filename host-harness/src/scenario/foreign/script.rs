//! Scripted input: what is sent to a guest, and when.
//!
//! A step a line; empty lines, and lines that begin with `#`, are left out:
//!
//! ```text
//! wait login:                  # until the serial console or a virtio console shows this
//! send root\n                  # to the serial console; \n \r \t \e \\ \xNN are escapes
//! send console0 ls\n           # to a virtio console
//! sleep 500ms
//! resize console0 100x30
//! capacity block0 8192         # in sectors of 512 bytes
//! ```
//!
//! What follows a text is part of the text: comments have lines of their own.

use std::time::Duration;

use super::{Device, size};
use crate::device::Control;

/// What is sent to a guest, and when.
///
/// ```
/// use parakit_harness::scenario::foreign::Script;
/// let script = Script::parse("wait login:\nsend root\\n\n").unwrap();
/// assert_eq!(script.len(), 2);
/// let error = Script::parse("# a comment\nsned root").unwrap_err();
/// assert_eq!(error.line, 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script(pub(super) Vec<(usize, Step)>);

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Until a console shows this.
    Wait(Vec<u8>),
    /// To the serial console.
    Serial(Vec<u8>),
    Sleep(Duration),
    /// To the device of this name.
    Control(String, Control),
}

/// A line that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the input script makes no sense: {why}")]
pub struct ScriptError {
    /// Which line, from 1 on.
    pub line: usize,
    /// What is wrong, and what to do.
    pub why: String,
}

/// Longest pause, in seconds: an hour.
const LONGEST: u64 = 3600;
/// The steps, for messages.
const STEPS: &[&str] = &["wait", "send", "sleep", "resize", "capacity"];

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// The first line that makes no sense.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let mut steps = Vec::new();
        for (line, words) in (1..).zip(text.lines()) {
            let words = words.trim_start().trim_end_matches('\r');
            if !words.is_empty() && !words.starts_with('#') {
                steps.push((line, step(words).map_err(|why| ScriptError { line, why })?));
            }
        }
        Ok(Self(steps))
    }

    /// How many steps it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the run has the devices that the steps are about. Names must have been given already.
    ///
    /// # Errors
    /// The first line about a device that is not there, or is of another type.
    pub(super) fn check(&self, devices: &[Device]) -> Result<(), ScriptError> {
        for (line, step) in &self.0 {
            let Step::Control(name, control) = step else { continue };
            let refuse = |why: String| Err(ScriptError { line: *line, why });
            let Some(device) = devices.iter().find(|d| d.spec.name == *name) else {
                let names: Vec<_> = devices.iter().map(|d| d.spec.name.as_str()).collect();
                return refuse(format!("the run has no device `{name}`; it has {}", names.join(", ")));
            };
            if control.device_type() != device.spec.kind.device_type() {
                return refuse(format!("`{name}` is a device of type {}, which has no use for it", device.stem()));
            }
        }
        Ok(())
    }
}

fn step(line: &str) -> Result<Step, String> {
    let (verb, rest) = line.split_once([' ', '\t']).map_or((line, ""), |(verb, rest)| (verb, rest.trim_start()));
    let two = |what: &str| rest.split_once([' ', '\t']).ok_or(format!("write `{verb} DEVICE {what}`"));
    match verb {
        "wait" => match unescaped(rest)? {
            text if text.is_empty() => Err("write `wait TEXT`".to_owned()),
            text => Ok(Step::Wait(text)),
        },
        "send" => {
            // A virtio console goes by its name; what is meant for the serial console seldom begins with such a word.
            if let Some((name, text)) = rest.split_once([' ', '\t']).filter(|(name, _)| is_console(name)) {
                return Ok(Step::Control(name.to_owned(), Control::ConsoleInput(unescaped(text.trim_start())?)));
            }
            match unescaped(rest)? {
                text if text.is_empty() => Err("write `send TEXT`, or `send console0 TEXT`".to_owned()),
                text => Ok(Step::Serial(text)),
            }
        }
        "sleep" => match humantime::parse_duration(rest.trim_end()) {
            Ok(time) if time <= Duration::from_secs(LONGEST) => Ok(Step::Sleep(time)),
            _ => Err(format!("`{rest}` is no time up to an hour; write one like `500ms` or `2s`")),
        },
        "resize" => {
            let (name, text) = two("COLUMNSxROWS")?;
            let (cols, rows) = size::columns_and_rows(text.trim()).ok_or(format!("`{text}` is no size like 80x25"))?;
            Ok(Step::Control(name.to_owned(), Control::ConsoleSize { cols, rows }))
        }
        "capacity" => {
            let (name, text) = two("SECTORS")?;
            let sectors = text.trim().parse().map_err(|_| format!("`{text}` is no number of sectors"))?;
            Ok(Step::Control(name.to_owned(), Control::Capacity(sectors)))
        }
        _ => {
            let nearest = size::nearest(verb, STEPS.iter().copied());
            Err(format!("there is no step `{verb}`; did you mean `{nearest}`? there are {}", STEPS.join(", ")))
        }
    }
}

/// Whether the word is what virtio consoles are called by default.
fn is_console(word: &str) -> bool {
    word.strip_prefix("console").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// `\n`, `\r`, `\t`, `\e`, `\\` and `\xNN` become what they stand for.
fn unescaped(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'e') => 0x1b,
            Some(b'\\') => b'\\',
            Some(b'x') => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let value = digit().zip(digit()).map(|(high, low)| (high << 4 | low) as u8);
                value.ok_or("`\\x` needs two hexadecimal digits, as in `\\x1b`")?
            }
            _ => return Err("after `\\` comes one of n, r, t, e, \\ and xNN".to_owned()),
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_a_step_a_line() {
        let text = "# boot\n\nwait login: \nsend root\\n\\x04\\\\\nsend console0 hello \nsleep 1s 500ms\nresize console0 100x30\ncapacity block0 8192\n";
        let Script(steps) = Script::parse(text).unwrap();
        let expected = [
            (3, Step::Wait(b"login: ".to_vec())),
            (4, Step::Serial(b"root\n\x04\\".to_vec())),
            (5, Step::Control("console0".to_owned(), Control::ConsoleInput(b"hello ".to_vec()))),
            (6, Step::Sleep(Duration::from_millis(1500))),
            (7, Step::Control("console0".to_owned(), Control::ConsoleSize { cols: 100, rows: 30 })),
            (8, Step::Control("block0".to_owned(), Control::Capacity(8192))),
        ];
        assert_eq!(steps, expected);
        assert!(Script::parse("").unwrap().is_empty());
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_line() {
        for (text, part) in [
            ("wiat x", "did you mean `wait`?"),
            ("wait", "write `wait TEXT`"),
            ("send", "write `send TEXT`"),
            ("send a\\q", "comes one of"),
            ("send a\\x1", "two hexadecimal digits"),
            ("send \\x\u{e9}1", "two hexadecimal digits"),
            ("sleep soon", "no time"),
            ("sleep 2h", "no time"),
            ("resize console0", "write `resize DEVICE"),
            ("resize console0 80", "no size"),
            ("capacity block0 many", "no number"),
        ] {
            let error = Script::parse(&format!("# first\n{text}\n")).expect_err(text);
            assert_eq!(error.line, 2);
            assert!(error.why.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn steps_are_about_devices_that_are_there() {
        let devices = [Device::block().name("block0"), Device::console().name("console0")];
        assert_eq!(Script::parse("capacity block0 1\nsend console0 x").unwrap().check(&devices), Ok(()));
        let error = Script::parse("send console1 x").unwrap().check(&devices).unwrap_err();
        assert!(error.why.contains("no device `console1`; it has block0, console0"), "{error}");
        let error = Script::parse("wait x\ncapacity console0 1").unwrap().check(&devices).unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.why.contains("type console"), "{error}");
    }
}
