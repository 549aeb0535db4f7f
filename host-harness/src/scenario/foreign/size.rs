//! Numbers as users write them.

/// Bytes: a number, and `K`, `M` or `G` for powers of 1024.
///
/// ```
/// use parakit_harness::scenario::foreign::size::parse;
/// assert_eq!(parse("64M"), Some(64 << 20));
/// assert_eq!(parse("512"), Some(512));
/// assert_eq!(parse("64 MB"), None);
/// ```
#[must_use]
pub fn parse(text: &str) -> Option<u64> {
    let units = [('K', 10), ('M', 20), ('G', 30)];
    let unit = units.iter().find(|(letter, _)| text.ends_with(*letter) || text.ends_with(letter.to_ascii_lowercase()));
    let (digits, shift) = unit.map_or((text, 0), |(_, shift)| (&text[..text.len() - 1], *shift));
    // `parse` takes a sign, which sizes have not.
    let number: u64 = digits.parse().ok().filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))?;
    number.checked_mul(1 << shift)
}

/// `80x25`: columns and rows, neither of them 0.
pub(super) fn columns_and_rows(text: &str) -> Option<(u16, u16)> {
    let (columns, rows) = text.split_once('x')?;
    let size = (columns.parse().ok()?, rows.parse().ok()?);
    (size.0 != 0 && size.1 != 0).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_and_no_signs() {
        assert_eq!(parse("1k"), Some(1024));
        assert_eq!(parse("2G"), Some(2 << 30));
        for bad in ["", "M", "-1", "+1", "1T", "1.5M", "99999999999G", "1MM", "ä"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(columns_and_rows("80x25"), Some((80, 25)));
        for bad in ["80", "0x25", "80x", "80x70000", "x"] {
            assert_eq!(columns_and_rows(bad), None, "{bad}");
        }
    }
}
