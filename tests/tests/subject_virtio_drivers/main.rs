//! Drivers by others, `virtio-drivers` 0.13, on our device models, and the judge on them.

mod block;
mod gpu;
mod input;
mod net;
mod stand_in;
mod vsock;
