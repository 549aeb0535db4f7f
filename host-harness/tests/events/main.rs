//! Events: recorded and read again, and told in words.

mod context;
mod decode;
mod kinds;
mod trace;
