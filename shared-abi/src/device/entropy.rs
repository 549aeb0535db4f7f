//! Entropy device (VIRTIO 1.4 §5.4): one queue, no feature bits, no configuration space.

/// Index of the only queue.
pub const REQUEST_QUEUE: u16 = 0;
