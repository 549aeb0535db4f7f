//! The minimal guest.
fn main() {}
