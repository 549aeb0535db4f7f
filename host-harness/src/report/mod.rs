//! What comes of runs: for people the table, violations with their evidence, coverage; for programs JSON, JUnit XML.

mod coverage;
mod failures;
pub mod html;
mod json;
mod junit;
mod look;
mod model;
mod perfetto;
mod skipped;
mod table;
mod text;
mod violations;

pub use coverage::coverage;
pub use failures::failures;
pub use json::JSON_VERSION;
pub use look::Look;
pub use model::{HostInfo, HostKind, KernelFile, Report, Ring0, Skipped, SubjectInfo};
pub use perfetto::PerfettoWriter;
pub use skipped::skipped;
pub use table::table;
pub use violations::violations;

/// `text` folded at spaces to lines of `width` columns, each after `indent`.
#[must_use]
pub fn folded(text: &str, indent: &str, width: u16) -> String {
    let width = usize::from(width);
    let mut out = String::new();
    for paragraph in text.lines() {
        let mut column = 0;
        out.push_str(indent);
        for word in paragraph.split(' ') {
            // A list of names without spaces is a word that may be longer than a line.
            let short = indent.len() + word.chars().count() <= width;
            let pieces = if short { vec![word] } else { word.split_inclusive(['|', ',']).collect() };
            for (i, piece) in pieces.into_iter().enumerate() {
                let (space, len) = (usize::from(i == 0 && column > 0), piece.chars().count());
                if column > 0 && indent.len() + column + space + len > width {
                    out.push('\n');
                    out.push_str(indent);
                    column = 0;
                } else if space > 0 {
                    out.push(' ');
                    column += 1;
                }
                out.push_str(piece);
                column += len;
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests;
