//! Which violations are the same one again.

/// Whether two texts are the same but for their numbers.
///
/// A number is a digit with the letters, digits and `_` that follow it: `12`, `0x1f`. What is a number in one has to be one in
/// the other.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.bytes(), other.bytes());
    loop {
        match (part(&mut one), part(&mut other)) {
            (None, None) => return true,
            (a, b) if a == b => {}
            _ => return false,
        }
    }
}

#[derive(PartialEq)]
enum Part {
    Number,
    Other(u8),
}

/// The next part of a text: a whole number, or a byte that is none.
fn part(text: &mut (impl Iterator<Item = u8> + Clone)) -> Option<Part> {
    let first = text.next()?;
    if !first.is_ascii_digit() {
        return Some(Part::Other(first));
    }
    loop {
        let mut ahead = text.clone();
        match ahead.next() {
            Some(b) if b.is_ascii_alphanumeric() || b == b'_' => *text = ahead,
            _ => return Some(Part::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn numbers_do_not_tell_texts_apart() {
        for (one, other) in [
            ("entry 4 of queue 0", "entry 65535 of queue 12"),
            ("status 0x0b", "status 0xff"),
            ("(3)", "(0x1_000)"),
            ("", ""),
        ] {
            assert!(alike(one, other), "{one} / {other}");
        }
    }

    #[test]
    fn words_do() {
        for (one, other) in [("reads 4", "writes 4"), ("4 bytes", "4"), ("a 4", "a b"), ("a4", "a"), ("4 5", "45")] {
            assert!(!alike(one, other), "{one} / {other}");
        }
    }
}
