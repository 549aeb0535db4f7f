//! What a guest writes for people to read, made fit for a terminal.

/// Most bytes of a log that a report keeps.
const KEPT: usize = 1 << 20;
/// A line longer than this is passed on in pieces.
const LONGEST_LINE: usize = 4096;

/// Gathers bytes into lines, and lines into the report.
#[derive(Debug, Default)]
pub(crate) struct Log {
    partial: Vec<u8>,
    /// Pass on what comes, and not whole lines.
    at_once: bool,
    kept: String,
    cut: bool,
}

impl Log {
    /// For what people converse with: passes on what comes, when it comes.
    pub(crate) fn at_once() -> Self {
        Self { at_once: true, ..Self::default() }
    }

    /// Takes bytes; complete lines go to `sink`.
    pub(crate) fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&str)) {
        self.partial.extend_from_slice(bytes);
        let complete = match self.partial.iter().rposition(|&b| b == b'\n') {
            Some(newline) => newline + 1,
            None if self.partial.len() >= LONGEST_LINE => self.partial.len(),
            None => 0,
        };
        let complete = if self.at_once { self.partial.len() - unfinished(&self.partial) } else { complete };
        if complete == 0 {
            return;
        }
        let lines: Vec<u8> = self.partial.drain(..complete).collect();
        self.emit(&lines, sink);
    }

    /// Passes on a line that was not ended.
    pub(crate) fn flush(&mut self, sink: &mut dyn FnMut(&str)) {
        if !self.partial.is_empty() {
            let mut rest = std::mem::take(&mut self.partial);
            if !self.at_once {
                rest.push(b'\n');
            }
            self.emit(&rest, sink);
        }
    }

    /// All of it.
    pub(crate) fn into_text(self) -> String {
        self.kept
    }

    fn emit(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&str)) {
        let text = printable(bytes);
        sink(&text);
        if self.kept.len() + text.len() <= KEPT {
            self.kept += &text;
        } else if !self.cut {
            self.cut = true;
            self.kept += "[the rest of the log was not kept]\n";
        }
    }
}

/// How many bytes at the end are the beginning of a character.
fn unfinished(bytes: &[u8]) -> usize {
    match bytes.utf8_chunks().last() {
        // A chunk whose invalid part ends the text and could go on.
        Some(last) if !last.invalid().is_empty() => match std::str::from_utf8(last.invalid()) {
            Err(error) if error.error_len().is_none() => last.invalid().len(),
            _ => 0,
        },
        _ => 0,
    }
}

/// UTF-8 without control characters, so that no guest steers the user's terminal; newlines and tabs stay. Nor does one turn the direction of writing
/// (the format characters of Unicode's bidirectional algorithm, UAX #9 §2).
pub(crate) fn printable(bytes: &[u8]) -> String {
    let turns =
        |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t' || turns(c);
    let plain = |c| if steers(c) { char::REPLACEMENT_CHARACTER } else { c };
    String::from_utf8_lossy(bytes).chars().filter(|&c| c != '\r').map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole() {
        let mut log = Log::default();
        let mut seen = Vec::new();
        let mut sink = |t: &str| seen.push(t.to_string());
        log.push(b"on", &mut sink);
        log.push(b"e\ntwo\nth", &mut sink);
        log.push("r\u{e9}e".as_bytes(), &mut sink);
        log.flush(&mut sink);
        log.flush(&mut sink);
        assert_eq!(seen, ["one\ntwo\n", "thr\u{e9}e\n"]);
        assert_eq!(log.into_text(), "one\ntwo\nthr\u{e9}e\n");
    }

    #[test]
    fn what_is_conversed_with_comes_at_once_and_in_whole_characters() {
        let mut log = Log::at_once();
        let mut seen = Vec::new();
        let mut sink = |t: &str| seen.push(t.to_string());
        for bytes in [&b"login: "[..], b"\xc3", b"\xa9\xf0\x9f", b"\x92", b"\xa9", b"\xff", b"\xe2\x82"] {
            log.push(bytes, &mut sink);
        }
        log.flush(&mut sink);
        assert_eq!(seen, ["login: ", "\u{e9}", "\u{1f4a9}", "\u{fffd}", "\u{fffd}"]);
    }

    #[test]
    fn a_guest_does_not_steer_the_terminal() {
        assert_eq!(printable(b"a\x1b[2Jb\r\n\xff\t\x9b"), "a\u{fffd}[2Jb\n\u{fffd}\t\u{fffd}");
        assert_eq!(printable("a\u{202e}b\u{e9}".as_bytes()), "a\u{fffd}b\u{e9}");
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut log = Log::default();
        let mut longest = 0;
        for _ in 0..2000 {
            log.push(&[b'x'; 1024], &mut |t| longest = longest.max(t.len()));
        }
        assert!(longest <= LONGEST_LINE + 1024, "{longest}");
        let text = log.into_text();
        assert!(text.len() < KEPT + 100 && text.ends_with("not kept]\n"));
    }
}
