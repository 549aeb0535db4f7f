//! What verdicts say is said in words.

use parakit_harness::judge::Verdicts;

/// Marks of Rust's debug notation, which mean nothing to who writes drivers in another language.
const MARKS: [&str; 8] = [" { ", "Some(", "None", "Ok(", "Err(", "::", "Features(", "DeviceStatus("];

/// The sentences of verdicts that have something of debug notation in them.
#[must_use]
pub fn in_debug_notation(verdicts: &Verdicts) -> Vec<String> {
    let evidence = verdicts.entries.iter().flat_map(|(id, entry)| entry.evidence.iter().map(move |v| (id, v)));
    let sentences = evidence.flat_map(|(id, v)| [&v.expected, &v.seen].map(|text| (id, text)));
    let wrong = sentences.filter(|(_, text)| MARKS.iter().any(|mark| text.contains(mark)));
    wrong.map(|(id, text)| format!("{id}: {text}")).collect()
}
