//! What is fuzzed: everything that takes bytes from a guest, or from a file by somebody else.
//!
//! Each target is a plain function of bytes, which panics when something does not hold. `tests/fuzz/` makes a fuzzer of each of
//! them; `tests/fuzz_corpus.rs` runs the inputs that were found worth keeping, with any toolchain.

mod acts;
mod bytes;
mod drive;
mod image;
mod judged;
mod rig;
mod ring;
mod trace;
mod words;

use parakit_abi::device::DeviceType;

use self::bytes::Bytes;

/// A name, and what is run.
pub type Target = (&'static str, fn(&[u8]));

/// All targets, by the names of their corpora.
pub const TARGETS: &[Target] = &[
    ("mmio", mmio),
    ("pci", pci),
    ("ring_split", ring_split),
    ("ring_packed", ring_packed),
    ("request_block", request_block),
    ("request_console", request_console),
    ("request_entropy", request_entropy),
    ("request_net", request_net),
    ("request_input", request_input),
    ("request_gpu", request_gpu),
    ("request_vsock", request_vsock),
    ("kernel", kernel),
    ("trace", trace),
    ("words", words),
];

/// Any accesses to the registers of a device over MMIO, modern or legacy.
pub fn mmio(data: &[u8]) {
    drive::registers(&mut Bytes::new(data), false);
}

/// Any accesses to a function's configuration space, to what is behind its BARs, and to the ports of mechanism 1.
pub fn pci(data: &[u8]) {
    drive::registers(&mut Bytes::new(data), true);
}

/// A live split ring in memory that changes between any two steps of the device.
pub fn ring_split(data: &[u8]) {
    drive::ring(&mut Bytes::new(data), false);
}

/// A live packed ring in memory that changes between any two steps of the device.
pub fn ring_packed(data: &[u8]) {
    drive::ring(&mut Bytes::new(data), true);
}

/// Whole requests of any contents to a block device.
pub fn request_block(data: &[u8]) {
    drive::requests(&mut Bytes::new(data), DeviceType::BLOCK);
}

/// Whole requests of any contents to a console.
pub fn request_console(data: &[u8]) {
    drive::requests(&mut Bytes::new(data), DeviceType::CONSOLE);
}

/// Whole requests of any contents to an entropy source.
pub fn request_entropy(data: &[u8]) {
    drive::requests(&mut Bytes::new(data), DeviceType::ENTROPY);
}

/// Whole requests of any contents to a network device.
pub fn request_net(data: &[u8]) {
    drive::requests(&mut Bytes::new(data), DeviceType::NET);
}

/// Whole requests of any contents to an input device.
pub fn request_input(data: &[u8]) {
    drive::requests(&mut Bytes::new(data), DeviceType::INPUT);
}

/// Whole requests of any contents to a GPU.
pub fn request_gpu(data: &[u8]) {
    drive::requests(&mut Bytes::new(data), DeviceType::GPU);
}

/// Whole requests of any contents to a socket device.
pub fn request_vsock(data: &[u8]) {
    drive::requests(&mut Bytes::new(data), DeviceType::VSOCK);
}

/// A kernel image, read and loaded.
pub fn kernel(data: &[u8]) {
    image::kernel(data);
}

/// A trace, read and judged: the bytes as they are, or as changes to a good one.
pub fn trace(data: &[u8]) {
    trace::trace(data);
}

/// What users write: devices, offers, scripts, oddities.
pub fn words(data: &[u8]) {
    words::words(data);
}
