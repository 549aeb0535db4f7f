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
//! key input0 30                # pressed and released, by its code in Linux (30 is the letter A)
//! event input0 2 0 -5          # type, code and value of an event
//! link net0 down               # or up
//! announce net0                # the driver is asked to announce itself
//! frame net0 ffffffffffff...   # a frame comes in, in hexadecimal digits from the Ethernet header on
//! display gpu0 800x600
//! connect vsock0 1234          # the host connects to this port of the guest
//! cid vsock0 4                 # the guest gets another context id, and its connections break
//! ```
//!
//! What follows a text is part of the text: comments have lines of their own.

use std::time::Duration;

use parakit_abi::device::input::InputEvent;

use super::{Device, size};
use crate::device::Control;
use crate::likeness;

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
const STEPS: &[&str] = &[
    "wait", "send", "sleep", "resize", "capacity", "key", "event", "link", "announce", "frame", "display", "connect",
    "cid",
];

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
        _ if STEPS.contains(&verb) => device_step(verb, rest),
        _ => {
            let nearest = likeness::nearest(verb, STEPS.iter().copied());
            Err(format!("there is no step `{verb}`;{} there are {}", likeness::hint(nearest), STEPS.join(", ")))
        }
    }
}

/// A step that is about one device and made of words.
fn device_step(verb: &str, rest: &str) -> Result<Step, String> {
    let words: Vec<_> = rest.split_whitespace().collect();
    let control = match (verb, &words[..]) {
        ("key", [_, code]) => {
            let code = number(code)?;
            Control::Input(vec![InputEvent::key(code, true), InputEvent::SYN, InputEvent::key(code, false)])
        }
        ("event", [_, kind, code, value]) => {
            let signed: i64 = value.parse().map_err(|_| format!("`{value}` is no number"))?;
            let value = u32::try_from(signed).or_else(|_| i32::try_from(signed).map(|negative| negative as u32));
            let value = value.map_err(|_| format!("`{signed}` has more than 32 bits"))?;
            Control::Input(vec![InputEvent { event_type: number(kind)?, code: number(code)?, value }])
        }
        ("link", [_, "up"]) => Control::Link(true),
        ("link", [_, "down"]) => Control::Link(false),
        ("announce", [_]) => Control::Announce,
        ("frame", [_, digits]) => {
            Control::Frame(hexadecimal(digits).ok_or("a frame has 14 to 65535 bytes, two digits each")?)
        }
        ("display", [_, text]) => {
            let (width, height) = size::columns_and_rows(text).ok_or(format!("`{text}` is no size like 800x600"))?;
            Control::Display { scanout: 0, width: width.into(), height: height.into() }
        }
        ("connect", [_, port]) => Control::Connect { port: number(port)? },
        ("cid", [_, cid]) => Control::TransportReset { guest_cid: number(cid)? },
        _ => {
            let form = match verb {
                "key" => "CODE",
                "event" => "TYPE CODE VALUE",
                "link" => "up, or down",
                "announce" => "",
                "frame" => "DIGITS",
                "display" => "WIDTHxHEIGHT",
                "connect" => "PORT",
                _ => "N",
            };
            return Err(format!("write `{}`", format!("{verb} DEVICE {form}").trim_end()));
        }
    };
    let name = words.first().copied().unwrap_or_default();
    Ok(Step::Control(name.to_owned(), control))
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no number, or too large a one"))
}

/// The bytes of an Ethernet frame.
fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let pair = |pair: &[u8]| {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        Some((digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?) as u8)
    };
    let bytes: Vec<u8> = digits.as_bytes().chunks(2).map(pair).collect::<Option<_>>()?;
    (14..=65535).contains(&bytes.len()).then_some(bytes)
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
    fn every_device_has_steps_of_its_own() {
        let text = "key input0 30\nevent input0 2 0 -5\nlink net0 down\nannounce net0\nframe net0 00112233445566778899aabbccdd\n\
                    display gpu0 800x600\nconnect vsock0 1234\ncid vsock0 4";
        let script = Script::parse(text).unwrap();
        let controls: Vec<_> = script.0.iter().map(|(_, step)| step.clone()).collect();
        let step = |name: &str, control| Step::Control(name.to_owned(), control);
        let relative = InputEvent { event_type: 2, code: 0, value: -5_i32 as u32 };
        let pressed = vec![InputEvent::key(30, true), InputEvent::SYN, InputEvent::key(30, false)];
        let bytes: Vec<u8> = (0..14).map(|i| i * 0x11).collect();
        let expected = [
            step("input0", Control::Input(pressed)),
            step("input0", Control::Input(vec![relative])),
            step("net0", Control::Link(false)),
            step("net0", Control::Announce),
            step("net0", Control::Frame(bytes)),
            step("gpu0", Control::Display { scanout: 0, width: 800, height: 600 }),
            step("vsock0", Control::Connect { port: 1234 }),
            step("vsock0", Control::TransportReset { guest_cid: 4 }),
        ];
        assert_eq!(controls, expected);
        let devices = [
            Device::input().name("input0"),
            Device::net().name("net0"),
            Device::gpu().name("gpu0"),
            Device::vsock().name("vsock0"),
        ];
        assert_eq!(script.check(&devices), Ok(()));
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
            ("key input0", "write `key DEVICE CODE`"),
            ("key input0 70000", "too large"),
            ("event input0 1 2 99999999999", "32 bits"),
            ("link net0 sideways", "write `link DEVICE up, or down`"),
            ("announce", "write `announce DEVICE`"),
            ("frame net0 0011", "14 to 65535"),
            ("frame net0 0", "14 to 65535"),
            ("display gpu0 0x600", "no size"),
            ("cid vsock0 -1", "no number"),
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
