//! What a guest says on the debug console ([`parakit_abi::mailbox::line`]): records, evidence, signals, its end; the rest is log.

use parakit_abi::feature::Features;
use parakit_abi::mailbox::{EVIDENCE_MAX, MAX_RECORDS, MESSAGE_MAX, Record, Value, line, state};

use crate::vmm::{End, Evidence, Log, printable};

/// A line longer than this is taken in pieces, of which only the first can mean anything.
const LONGEST_LINE: usize = EVIDENCE_MAX + 64;
/// Most signals of a run; those after them are left out.
const MAX_SIGNALS: usize = 64;
/// Most device types of which it is told what was agreed on.
const MAX_AGREED: usize = 16;

/// Takes the bytes of the debug console as they come, and keeps what they mean. Whatever a guest says, what is kept is bounded.
#[derive(Debug, Default)]
pub struct Said {
    partial: Vec<u8>,
    log: Log,
    running: bool,
    records: Vec<Record>,
    /// Bytes of evidence, for the bound.
    evidence_bytes: usize,
    evidence: Vec<Evidence>,
    agreed: Vec<(u32, Features)>,
    signals: Vec<(u32, u64)>,
    end: Option<(u32, String)>,
}

impl Said {
    /// Takes bytes; what is log goes to `sink` line by line.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&str)) {
        for piece in bytes.split_inclusive(|&b| b == b'\n') {
            self.partial.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.partial.len() >= LONGEST_LINE {
                let one = std::mem::take(&mut self.partial);
                self.line(&one, sink);
            }
        }
    }

    /// No more comes: takes a line that was not ended.
    pub fn finish(&mut self, sink: &mut dyn FnMut(&str)) {
        let one = std::mem::take(&mut self.partial);
        if !one.is_empty() {
            self.line(&one, sink);
        }
        self.log.flush(sink);
    }

    fn line(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&str)) {
        let meant = std::str::from_utf8(bytes).ok().and_then(|text| text.trim_end().strip_prefix(line::PREFIX));
        if !meant.is_some_and(|text| self.means(text)) {
            match &mut self.end {
                // What comes behind the end belongs to its message.
                Some((_, message)) if message.len() < MESSAGE_MAX => {
                    message.push('\n');
                    message.push_str(printable(bytes).trim_end());
                }
                _ => self.log.push(bytes, sink),
            }
        }
    }

    /// Takes a line without its prefix; whether it means anything.
    fn means(&mut self, text: &str) -> bool {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            _ if self.end.is_some() => return false,
            line::RUNNING => self.running = true,
            line::RECORD => match record(rest) {
                Some(record) if self.records.len() < MAX_RECORDS => self.records.push(record),
                Some(_) => {}
                None => return false,
            },
            line::EVIDENCE => {
                let bytes = self.evidence_bytes.saturating_add(rest.len());
                if bytes <= EVIDENCE_MAX {
                    self.evidence_bytes = bytes;
                    self.evidence.extend(Evidence::parse(rest));
                }
            }
            line::AGREED => match agreed(rest) {
                Some(one) if self.agreed.len() < MAX_AGREED => self.agreed.push(one),
                Some(_) => {}
                None => return false,
            },
            line::SIGNAL => match signal(rest) {
                Some(one) if self.signals.len() < MAX_SIGNALS => self.signals.push(one),
                Some(_) => {}
                None => return false,
            },
            _ => match line::end(text) {
                Some((state, message)) => self.end = Some((state, printable(message.as_bytes()))),
                None => return false,
            },
        }
        true
    }

    /// Whether the guest has said how its scenario ended.
    #[must_use]
    pub const fn ended(&self) -> bool {
        self.end.is_some()
    }

    /// How far the guest has come: one of [`state`].
    #[must_use]
    pub fn state(&self) -> u32 {
        match &self.end {
            Some((state, _)) => *state,
            None if self.running => state::RUNNING,
            None => state::STARTING,
        }
    }

    /// The signals since the last time, code and argument.
    pub fn take_signals(&mut self) -> Vec<(u32, u64)> {
        std::mem::take(&mut self.signals)
    }

    /// How the guest says that its scenario ended, if it has.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        let (state, message) = self.end.as_ref()?;
        let message = message.clone();
        Some(match *state {
            state::PASSED => End::Passed,
            state::FAILED => End::Failed(message),
            state::PANICKED => End::Panicked(message),
            state::EXCEPTION => End::Exception(message),
            _ => End::UnknownScenario,
        })
    }

    /// Everything else, and no more of it.
    #[must_use]
    pub fn into_parts(self) -> Parts {
        Parts { records: self.records, evidence: self.evidence, agreed: self.agreed, log: self.log.into_text() }
    }
}

/// What a guest said besides its end.
#[derive(Debug)]
pub struct Parts {
    /// Values that it reported.
    pub records: Vec<Record>,
    /// What its probes saw of rules that a device broke.
    pub evidence: Vec<Evidence>,
    /// What was agreed on with devices, by type.
    pub agreed: Vec<(u32, Features)>,
    /// All that it logged, up to 1 MiB.
    pub log: String,
}

/// `NAME VALUE`.
fn record(text: &str) -> Option<Record> {
    let (name, value) = text.rsplit_once(' ')?;
    if name.is_empty() || name.len() > Record::NAME_LEN || name.chars().any(char::is_control) {
        return None;
    }
    let value = if let Some((passed, violated)) = value.split_once('/') {
        Value::Verdict { passed: passed.parse().ok()?, violated: violated.parse().ok()? }
    } else if value.len() == 64 {
        Value::Bytes(bytes(value)?)
    } else {
        Value::U64(value.parse().ok()?)
    };
    Some(Record::new(name, value))
}

/// 64 hexadecimal digits.
fn bytes(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    for (byte, two) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)) {
        let digit = |at: usize| char::from(*two.get(at)?).to_digit(16);
        *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    Some(bytes)
}

/// `TYPE FEATURES`.
fn agreed(text: &str) -> Option<(u32, Features)> {
    let (device_type, features) = text.split_once(' ')?;
    Some((u32::from_str_radix(device_type, 16).ok()?, Features(u128::from_str_radix(features, 16).ok()?)))
}

/// `CODE ARGUMENT`.
fn signal(text: &str) -> Option<(u32, u64)> {
    let (code, argument) = text.split_once(' ')?;
    Some((code.parse().ok()?, argument.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use parakit_abi::requirement::id;

    use super::*;

    fn said(text: &[u8]) -> (Said, String) {
        let mut log = String::new();
        let mut said = Said::default();
        // In pieces of a length that divides no line.
        text.chunks(7).for_each(|piece| said.push(piece, &mut |t| log.push_str(t)));
        said.finish(&mut |t| log.push_str(t));
        (said, log)
    }

    #[test]
    fn each_kind_of_line_is_understood() {
        let digits = "0123456789abcdef".repeat(4);
        let text = format!(
            "SeaBIOS\nparakit: running blk-read\nINFO a: b\nparakit: record requests 64\nparakit: record sha256 {digits}\n\
             parakit: record CORE-DEV-STATUS-1 2/1\nparakit: evidence CORE-DEV-STATUS-1\u{1f}kept\u{1f}lost\n\
             parakit: agreed 2 10130006e54\nparakit: signal 4 6000\nparakit: nonsense\nparakit: failed: so: it is\nmore\n"
        );
        let (mut said, log) = said(text.as_bytes());
        assert_eq!(said.end(), Some(End::Failed("so: it is\nmore".into())));
        assert_eq!(said.take_signals(), [(4, 6000)]);
        assert_eq!(log, "SeaBIOS\nINFO a: b\nparakit: nonsense\n");
        let parts = said.into_parts();
        assert_eq!(parts.log, log);
        let numbers: Vec<_> = parts.records.iter().map(|r| (r.name(), r.value)).collect();
        let mut hash = [0; 32];
        hash.chunks_mut(8).for_each(|c| c.copy_from_slice(&[0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]));
        assert_eq!(
            numbers,
            [
                ("requests", Value::U64(64)),
                ("sha256", Value::Bytes(hash)),
                ("CORE-DEV-STATUS-1", Value::Verdict { passed: 2, violated: 1 })
            ]
        );
        assert_eq!(parts.agreed, [(2, Features(0x101_3000_6e54))]);
        let evidence = &parts.evidence[0];
        assert_eq!(
            (evidence.requirement, &*evidence.expected, &*evidence.seen),
            (id::CORE_DEV_STATUS_1, "kept", "lost")
        );
    }

    #[test]
    fn how_far_the_guest_came() {
        assert_eq!(said(b"").0.state(), state::STARTING);
        assert_eq!(said(b"parakit: running x\n").0.state(), state::RUNNING);
        assert_eq!(said(b"parakit: passed\n").0.state(), state::PASSED);
        assert_eq!(said(b"parakit: unknown scenario: no x").0.end(), Some(End::UnknownScenario));
        assert_eq!(said(b"parakit: panicked: at a:1").0.end(), Some(End::Panicked("at a:1".into())));
    }

    #[test]
    fn what_makes_no_sense_is_log() {
        for text in [
            "parakit: record requests",
            "parakit: record requests many",
            "parakit: record x 1/-1",
            "parakit: record a\u{7}b 1",
            "parakit: record sha256 zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "parakit: agreed 2",
            "parakit: signal 1",
            "parakit:passed",
        ] {
            let (said, log) = said(text.as_bytes());
            assert!(!said.ended() && log.starts_with("parakit:"), "{text}: {log}");
            assert!(said.into_parts().records.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut said = Said::default();
        let record = b"parakit: record a 1\nparakit: signal 1 1\nparakit: agreed 2 1\nparakit: evidence CORE-DEV-STATUS-1\x1fa\x1fb\n";
        for _ in 0..5000 {
            said.push(record, &mut |_| {});
        }
        // A line without an end, and text behind the end of the run.
        for _ in 0..500 {
            said.push(&[b'x'; 4096], &mut |_| {});
        }
        assert!(said.partial.len() < LONGEST_LINE + 4096);
        said.push(b"\nparakit: failed: no\n", &mut |_| {});
        for _ in 0..500 {
            said.push(&[b'y'; 4096], &mut |_| {});
            said.push(b"\n", &mut |_| {});
        }
        assert!(matches!(said.end(), Some(End::Failed(text)) if text.len() < 2 * LONGEST_LINE));
        assert_eq!(said.signals.len(), MAX_SIGNALS);
        let parts = said.into_parts();
        assert_eq!((parts.records.len(), parts.agreed.len()), (MAX_RECORDS, MAX_AGREED));
        assert!(
            parts.evidence.len() * "CORE-DEV-STATUS-1|a|b".len() <= EVIDENCE_MAX && parts.log.len() <= (1 << 20) + 100
        );
    }
}
