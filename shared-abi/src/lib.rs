//! What both ends of a virtqueue agree on.
//!
//! Every name, offset and number here is VIRTIO 1.4's; section numbers in the documentation refer to
//! that version. The crate holds layouts and pure arithmetic only: no memory access, no allocation and
//! no `unsafe`, so a driver, a device model and a judge can all be built on it.
//!
//! ```
//! use parakit_abi::ring::split::SplitLayout;
//!
//! // §2.7: a queue of 256 entries: 4096 bytes of descriptors, then both rings.
//! let layout = SplitLayout::new(256).unwrap();
//! assert_eq!(layout.avail_offset(), 4096);
//! assert_eq!(layout.avail_size(), 6 + 2 * 256);
//! assert_eq!(layout.used_size(), 6 + 8 * 256);
//! ```
#![no_std]
#![forbid(unsafe_code)]

pub mod boot;
pub mod device;
pub mod feature;
pub mod mailbox;
pub mod requirement;
pub mod ring;
pub mod status;
pub mod transport;
