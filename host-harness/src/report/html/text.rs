//! The texts of events, small: what differs between the texts of one kind is numbers, and a number differs little from the one before it.
//!
//! A text is taken apart into its form, with a mark where a number stands, and the numbers. A number is told as its difference from the one that stood at
//! its place in the last text of the same form. The page puts them together again.

use std::collections::HashMap;

use serde::Serialize;

/// Stands for a decimal number in a form.
const DECIMAL: char = '\u{1}';
/// Stands for a number of `0x` and lower-case digits.
const HEX: char = '\u{2}';
/// Numbers from here on are not exact in the page; they stay in the form.
const MOST: u64 = 1 << 53;

/// The texts of a run's events.
#[derive(Debug, Default, Serialize)]
pub(super) struct Texts {
    /// Every form, in the order in which they came.
    forms: Vec<String>,
    /// The form of each text.
    form: Vec<u32>,
    /// The differences of all numbers of all texts.
    numbers: Vec<i64>,
    #[serde(skip)]
    known: HashMap<String, u32>,
    #[serde(skip)]
    last: Vec<Vec<i64>>,
}

impl Texts {
    /// Adds a text; line ends become blanks.
    pub(super) fn push(&mut self, text: &str) {
        let (form, numbers) = apart(text);
        let index = match self.known.get(&form) {
            Some(index) => *index,
            None => {
                let index = self.forms.len() as u32;
                self.forms.push(form.clone());
                self.known.insert(form, index);
                self.last.push(vec![0; numbers.len()]);
                index
            }
        };
        self.form.push(index);
        let last = &mut self.last[index as usize];
        for (last, number) in last.iter_mut().zip(&numbers) {
            self.numbers.push(number - *last);
            *last = *number;
        }
    }
}

/// The form of a text and its numbers, all of them below 2^53.
fn apart(text: &str) -> (String, Vec<i64>) {
    let (mut form, mut numbers) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    let mut in_word = false;
    while let Some(first) = rest.chars().next() {
        if !in_word
            && first.is_ascii_digit()
            && let Some((number, mark, len)) = number(rest)
        {
            form.push(mark);
            numbers.push(number);
            rest = &rest[len..];
            in_word = true;
            continue;
        }
        // Marks are ours alone, and a text is a line.
        form.push(if first.is_control() { ' ' } else { first });
        in_word = first.is_alphanumeric();
        rest = &rest[first.len_utf8()..];
    }
    (form, numbers)
}

/// The number that `text` begins with, if writing it again gives the same characters, and how many these are.
fn number(text: &str) -> Option<(i64, char, usize)> {
    if let Some(digits) = text.strip_prefix("0x") {
        let digits = until(digits, |c| c.is_ascii_hexdigit());
        let value = u64::from_str_radix(digits, 16).ok().filter(|v| *v < MOST)?;
        return (format!("{value:x}") == digits).then_some((value as i64, HEX, digits.len() + 2));
    }
    let digits = until(text, |c| c.is_ascii_digit());
    let value = digits.parse::<u64>().ok().filter(|v| *v < MOST)?;
    (value.to_string() == digits).then_some((value as i64, DECIMAL, digits.len()))
}

fn until(text: &str, takes: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !takes(c)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the page does.
    fn together(texts: &Texts) -> Vec<String> {
        let mut last: Vec<Vec<i64>> = texts.forms.iter().map(|_| Vec::new()).collect();
        let mut numbers = texts.numbers.iter();
        let mut one = |form: usize| {
            let mut at = 0;
            let mut text = String::new();
            for c in texts.forms[form].chars() {
                if c != DECIMAL && c != HEX {
                    text.push(c);
                    continue;
                }
                if last[form].len() == at {
                    last[form].push(0);
                }
                last[form][at] += numbers.next().unwrap();
                text += &if c == HEX { format!("0x{:x}", last[form][at]) } else { last[form][at].to_string() };
                at += 1;
            }
            text
        };
        texts.form.iter().map(|form| one(*form as usize)).collect()
    }

    #[test]
    fn texts_come_back_as_they_were() {
        let all = [
            "queue 0: used 17 at slot 65535, 512 bytes at 0x1f_000 and 0xffffffffffffffff",
            "queue 1: used 3 at slot 2, 0 bytes at 0x10_000 and 0xffffffffffffffff",
            "007 0x00 0xAB block0 99999999999999999999 9007199254740993 0x 0",
            "",
            "</script><script>alert(1)</script> \u{2028} é 12",
        ];
        let mut texts = Texts::default();
        all.iter().for_each(|text| texts.push(text));
        assert_eq!(together(&texts), all);
        assert_eq!(texts.forms.len(), 4, "the first two have one form");
    }

    #[test]
    fn control_characters_are_blanks() {
        let mut texts = Texts::default();
        texts.push("a\nb\u{1}c\u{2}d");
        assert_eq!(together(&texts), ["a b c d"]);
    }
}
