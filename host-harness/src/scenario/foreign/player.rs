//! Plays a script while its guest runs: a step when its time has come, never waiting.

use std::time::{Duration, Instant};

use super::Script;
use super::script::Step;
use crate::device::{ConsoleBuffer, Control};

/// Most bytes of a console that a text is looked for in, from the last that was found on: the latest ones.
const REMEMBERED: usize = 1 << 20;

/// A script that is being played.
pub(super) struct Player<'s> {
    steps: &'s [(usize, Step)],
    /// When the step began that is under way.
    since: Option<Instant>,
    serial: Heard,
    consoles: Vec<(ConsoleBuffer, usize, Heard)>,
    /// What the serial console is still to be given.
    typed: Vec<u8>,
    /// The first step that its device had no use for.
    unheeded: Option<String>,
}

/// What a console has shown since a text was last found in it.
#[derive(Default)]
struct Heard {
    bytes: Vec<u8>,
    /// So many of them have been searched for the text of the step that is under way.
    searched: usize,
}

impl<'s> Player<'s> {
    pub(super) fn new(script: &'s Script, consoles: impl IntoIterator<Item = ConsoleBuffer>) -> Self {
        let consoles = consoles.into_iter().map(|buffer| (buffer, 0, Heard::default())).collect();
        Self { steps: &script.0, since: None, serial: Heard::default(), consoles, typed: Vec::new(), unheeded: None }
    }

    /// The serial console shows this.
    pub(super) fn heard(&mut self, text: &str) {
        if !self.steps.is_empty() {
            self.serial.push(text.as_bytes());
        }
    }

    /// Does what is due at `now`; `control` acts on a device by its name, and says whether that had a use for it.
    pub(super) fn play(&mut self, now: Instant, mut control: impl FnMut(&str, &Control) -> bool) {
        self.listen();
        while let Some((line, step)) = self.steps.first() {
            let since = *self.since.get_or_insert(now);
            let done = match step {
                Step::Wait(text) => Self::shown(&mut self.serial, &mut self.consoles, text),
                Step::Serial(bytes) => {
                    self.typed.extend(bytes);
                    true
                }
                Step::Sleep(time) => now.duration_since(since) >= *time,
                Step::Control(device, what) => {
                    // A frame may be lost, as on any wire.
                    if !control(device, what) && !matches!(what, Control::Frame(_)) && self.unheeded.is_none() {
                        self.unheeded =
                            Some(format!("the device {device} had no use for line {line} of the input script"));
                    }
                    true
                }
            };
            if !done {
                break;
            }
            self.next();
        }
    }

    /// The run is over. What the consoles showed last may be what the script waits for; whatever else it holds comes too late.
    pub(super) fn over(&mut self) {
        self.listen();
        while let Some((_, Step::Wait(text))) = self.steps.first() {
            if !Self::shown(&mut self.serial, &mut self.consoles, text) {
                break;
            }
            self.next();
        }
    }

    /// Takes what the consoles of devices have shown since.
    fn listen(&mut self) {
        for (buffer, taken, heard) in &mut self.consoles {
            if self.steps.is_empty() || buffer.total() <= *taken as u64 {
                continue;
            }
            let new = buffer.bytes_from(*taken);
            *taken += new.len();
            heard.push(&new);
        }
    }

    /// Whether a console has shown the text.
    fn shown(serial: &mut Heard, consoles: &mut [(ConsoleBuffer, usize, Heard)], text: &[u8]) -> bool {
        serial.found(text) || consoles.iter_mut().any(|(.., heard)| heard.found(text))
    }

    /// The step is done.
    fn next(&mut self) {
        self.steps = &self.steps[1..];
        self.since = None;
        self.consoles.iter_mut().map(|(.., heard)| heard).for_each(|heard| heard.searched = 0);
        self.serial.searched = 0;
    }

    /// What the serial console is given next.
    pub(super) fn typed(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.typed)
    }

    /// What the script did in vain or has not come to, in a sentence each, when the run is over.
    pub(super) fn troubles(&self) -> impl Iterator<Item = String> {
        self.unheeded.clone().into_iter().chain(self.rest())
    }

    fn rest(&self) -> Option<String> {
        let (line, step) = self.steps.first()?;
        Some(match step {
            Step::Wait(text) => {
                let text = String::from_utf8_lossy(text).escape_debug().to_string();
                format!("the input script waited at line {line} for `{text}`, which no console showed")
            }
            Step::Sleep(Duration { .. }) | Step::Serial(_) | Step::Control(..) => {
                format!("the run was over before the input script had come to its end, at line {line}")
            }
        })
    }
}

impl Heard {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        if let Some(more @ 1..) = self.bytes.len().checked_sub(REMEMBERED) {
            self.bytes.drain(..more);
            self.searched = self.searched.saturating_sub(more);
        }
    }

    /// Whether the text is in it; what comes before its end is done with then.
    fn found(&mut self, text: &[u8]) -> bool {
        // A part of the text may have been there when it was last looked for.
        let from = self.searched.saturating_sub(text.len());
        self.searched = self.bytes.len();
        match self.bytes[from..].windows(text.len()).position(|window| window == text) {
            Some(at) => {
                self.bytes.drain(..from + at + text.len());
                self.searched = 0;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// Plays with a clock that the test moves.
    struct Stage<'s> {
        player: Player<'s>,
        now: Instant,
        seen: Vec<String>,
    }

    impl<'s> Stage<'s> {
        fn new(script: &'s Script, consoles: &[ConsoleBuffer]) -> Self {
            Self { player: Player::new(script, consoles.iter().cloned()), now: Instant::now(), seen: Vec::new() }
        }

        fn after(&mut self, milliseconds: u64) -> String {
            self.now += Duration::from_millis(milliseconds);
            self.player.play(self.now, |device, control| {
                self.seen.push(format!("{device} {control:?}"));
                *control != Control::Announce
            });
            String::from_utf8(self.player.typed()).unwrap()
        }
    }

    #[test]
    fn steps_come_when_they_are_due() {
        let script = Script::parse("wait in: \nsend root\\n\nsleep 50ms\ncapacity block0 7\nwait #\nsend ls").unwrap();
        let mut stage = Stage::new(&script, &[]);
        assert_eq!(stage.after(1000), "");
        stage.player.heard("log");
        assert_eq!(stage.after(1), "");
        stage.player.heard("in: # ");
        assert_eq!(stage.after(1), "root\n", "a text that came in two pieces");
        assert_eq!(stage.after(49), "");
        assert!(stage.seen.is_empty());
        assert_eq!(stage.after(1), "ls", "what came after the text that was waited for counts");
        assert_eq!(stage.seen, ["block0 Capacity(7)"]);
        assert_eq!(stage.player.rest(), None);
    }

    #[test]
    fn a_text_is_found_once_on_whatever_console() {
        let mut console = ConsoleBuffer::default();
        let script = Script::parse("wait $\nsend a\nwait $\nsend b").unwrap();
        let mut stage = Stage::new(&script, &[console.clone()]);
        console.write_all(b"$").unwrap();
        assert_eq!(stage.after(1), "a");
        assert_eq!(stage.after(1), "");
        assert_eq!(stage.player.rest().unwrap(), "the input script waited at line 3 for `$`, which no console showed");
        stage.player.heard("$");
        assert_eq!(stage.after(1), "b");
    }

    #[test]
    fn what_is_shown_last_counts() {
        let mut console = ConsoleBuffer::default();
        let script = Script::parse("wait one\nwait two\nwait three\nsend x\nwait four").unwrap();
        let mut stage = Stage::new(&script, &[console.clone()]);
        stage.player.heard("one tw");
        assert_eq!(stage.after(1), "");
        // The machine's end; what came before it is still on its way.
        stage.player.heard("o");
        console.write_all(b"three").unwrap();
        stage.player.over();
        let rest = "the run was over before the input script had come to its end, at line 4";
        assert_eq!(stage.player.rest().unwrap(), rest);
        let script = Script::parse("wait one\nwait two").unwrap();
        let mut stage = Stage::new(&script, &[]);
        stage.player.heard("two one");
        stage.player.over();
        assert_eq!(
            stage.player.rest().unwrap(),
            "the input script waited at line 2 for `two`, which no console showed"
        );
    }

    #[test]
    fn a_step_without_use_is_told() {
        let script = Script::parse("link net0 up\nannounce net0\nsend x").unwrap();
        let mut stage = Stage::new(&script, &[]);
        assert_eq!(stage.after(1), "x");
        let told: Vec<_> = stage.player.troubles().collect();
        assert_eq!(told, ["the device net0 had no use for line 2 of the input script"]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let script = Script::parse("wait end").unwrap();
        let mut stage = Stage::new(&script, &[]);
        for _ in 0..40 {
            stage.player.heard(&"x".repeat(100_000));
            assert_eq!(stage.after(1), "");
        }
        assert!(stage.player.serial.bytes.len() <= REMEMBERED);
        stage.player.heard("end");
        stage.after(1);
        assert_eq!(stage.player.rest(), None);
    }
}
