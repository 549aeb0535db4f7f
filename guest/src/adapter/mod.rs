//! Glue to traits of other crates, each behind a feature of that crate's name.

#[cfg(feature = "virtio-drivers")]
pub mod virtio_drivers;
