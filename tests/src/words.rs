//! What verdicts say is said in words, and belongs together.

use parakit_harness::judge::{Verdicts, Violation};

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

/// The violations whose proof is not the one marked line of what happened around them.
#[must_use]
pub fn proofs_out_of_place(verdicts: &Verdicts) -> Vec<String> {
    let evidence = verdicts.entries.iter().flat_map(|(id, entry)| entry.evidence.iter().map(move |v| (id, v)));
    let proofs = |v: &Violation| v.context.iter().filter(|line| line.proof).map(|line| line.seq).collect::<Vec<_>>();
    let ordered = |v: &Violation| v.context.is_sorted_by(|a, b| a.seq < b.seq);
    let lost = evidence.filter(|(_, v)| proofs(v) != [v.seq] || !ordered(v));
    lost.map(|(id, v)| format!("{id}: event {} is not the proof among {:#?}", v.seq, v.context)).collect()
}
