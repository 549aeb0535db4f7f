//! What somebody may have meant who wrote a name that there is not.

/// A name that is less like the text than this is no help.
const ENOUGH: f64 = 0.8;

/// The name that is most like the text, if one is like it at all.
pub(crate) fn nearest<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(name, text), name))
        .filter(|(likeness, _)| *likeness > ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// As a part of a sentence that goes on: `did you mean ..?`, or nothing.
pub(crate) fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(" did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_like_it_is_suggested() {
        let names = ["packed", "in_order", "blk.flush"];
        assert_eq!(nearest("pakced", names), Some("packed"));
        assert_eq!(nearest("blk.fulsh", names), Some("blk.flush"));
        assert_eq!(nearest("nope", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(hint(nearest("zzzz", names)), "");
    }
}
