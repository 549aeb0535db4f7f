//! Data inside the page: JSON, deflated, in base64, in an element that no browser runs.
//!
//! Nothing that a guest said stands in the page in plain text, so there is nothing in it that could end an element or begin a script.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::Serialize;

/// Writes `value` as the data element `id`.
///
/// # Errors
/// `out` cannot be written to.
pub(super) fn write<W: Write>(out: &mut W, id: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "<script type=\"application/octet-stream\" id=\"{id}\">")?;
    let mut base64 = EncoderWriter::new(&mut *out, &STANDARD);
    let mut deflate = ZlibEncoder::new(&mut base64, Compression::new(8));
    serde_json::to_writer(io::BufWriter::new(&mut deflate), value)?;
    deflate.finish()?;
    base64.finish()?;
    drop(base64);
    out.write_all(b"</script>\n")
}

/// The hash by which a content security policy allows the script or style `text`.
pub(super) fn csp_hash(text: &str) -> String {
    use sha2::Digest as _;
    format!("'sha256-{}'", STANDARD.encode(sha2::Sha256::digest(text)))
}
