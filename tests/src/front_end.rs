//! A front end of vhost-user, message by message, that can say anything.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{AsRawFd as _, RawFd};
use std::os::unix::fs::FileExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};
use vmm_sys_util::sock_ctrl_msg::ScmSocket as _;

/// Numbers of messages.
#[expect(missing_docs, reason = "as the protocol calls them")]
pub mod message {
    pub const GET_FEATURES: u32 = 1;
    pub const SET_FEATURES: u32 = 2;
    pub const SET_OWNER: u32 = 3;
    pub const SET_MEM_TABLE: u32 = 5;
    pub const SET_VRING_NUM: u32 = 8;
    pub const SET_VRING_ADDR: u32 = 9;
    pub const SET_VRING_BASE: u32 = 10;
    pub const GET_VRING_BASE: u32 = 11;
    pub const SET_VRING_KICK: u32 = 12;
    pub const SET_VRING_CALL: u32 = 13;
    pub const SET_VRING_ERR: u32 = 14;
    pub const SET_VRING_ENABLE: u32 = 18;
    pub const GET_CONFIG: u32 = 24;
}
use message::*;

/// `VIRTIO_F_VERSION_1`.
pub const VERSION_1: u64 = 1 << 32;
/// `VIRTIO_F_RING_PACKED`.
pub const PACKED: u64 = 1 << 34;
/// Guest-physical address of the memory.
pub const GUEST: u64 = 0x10_0000;
/// Where the front end has it, as it says.
pub const OWN: u64 = 0x7f00_0000_0000;
/// Bytes of memory.
pub const MEMORY: u64 = 0x1_0000;
/// Entries of queue 0.
pub const SIZE: u16 = 8;
/// Offsets of the parts of queue 0, split or packed, and of what buffers point to.
pub const DESC: u64 = 0;
/// The driver area.
pub const DRIVER: u64 = 0x1000;
/// The device area.
pub const DEVICE: u64 = 0x2000;
/// Buffers.
pub const DATA: u64 = 0x3000;

/// A connection to a back end, and guest memory in a file.
#[derive(Debug)]
pub struct FrontEnd {
    /// The connection.
    pub stream: UnixStream,
    /// The memory.
    pub memory: File,
    /// Notifies the device.
    pub kick: EventFd,
    /// Notifies the driver.
    pub call: EventFd,
    /// Says that the device could not go on with queue 0.
    error: EventFd,
    /// How many bytes of a message are sent at a time; all of them if it is not said.
    pub piece: Option<usize>,
}

impl FrontEnd {
    /// Connects, once there is a socket.
    ///
    /// # Panics
    /// If there is none within a minute.
    #[must_use]
    pub fn connect(socket: &Path) -> Self {
        let begun = Instant::now();
        let stream = loop {
            match UnixStream::connect(socket) {
                Ok(stream) => break stream,
                Err(error) => assert!(begun.elapsed() < Duration::from_secs(60), "{error}"),
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let memory = tempfile::tempfile().expect("a file");
        memory.set_len(MEMORY).expect("room for memory");
        let event = || EventFd::new(EFD_NONBLOCK).expect("an eventfd");
        Self { stream, memory, kick: event(), call: event(), error: event(), piece: None }
    }

    /// Sends a message; what the back end makes of it, the test sees by other means.
    pub fn send(&mut self, request: u32, words: &[u32], files: &[RawFd]) {
        let mut bytes = Vec::new();
        for word in [request, 1, words.len() as u32 * 4].iter().chain(words) {
            bytes.extend_from_slice(&word.to_ne_bytes());
        }
        let mut pieces = bytes.chunks(self.piece.unwrap_or(bytes.len()));
        // The other end may have had enough already.
        let _gone = self.stream.send_with_fds(&[pieces.next().expect("a header")], files);
        for piece in pieces {
            std::thread::sleep(Duration::from_millis(1));
            self.send_raw(piece);
        }
    }

    /// Sends bytes that may be no message.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        let _gone = self.stream.write_all(bytes);
    }

    /// Sends a message and returns the words of the answer.
    ///
    /// # Panics
    /// If none comes.
    pub fn ask(&mut self, request: u32, words: &[u32]) -> Vec<u32> {
        self.send(request, words, &[]);
        let mut header = [0; 12];
        self.stream.read_exact(&mut header).expect("an answer");
        let word = |bytes: &[u8]| u32::from_ne_bytes(*bytes.first_chunk().expect("four bytes"));
        assert_eq!((word(&header), word(&header[4..])), (request, 5), "the answer to that message");
        let mut body = vec![0; word(&header[8..]) as usize];
        self.stream.read_exact(&mut body).expect("the whole answer");
        body.as_chunks::<4>().0.iter().map(|bytes| u32::from_ne_bytes(*bytes)).collect()
    }

    /// Accepts these features.
    pub fn accept(&mut self, features: u64) {
        self.send(SET_FEATURES, &[features as u32, (features >> 32) as u32], &[]);
    }

    /// Shares memory: guest address, bytes, own address and offset in the file of each region.
    pub fn share(&mut self, regions: &[[u64; 4]]) {
        let mut words = vec![regions.len() as u32, 0];
        words.extend(regions.iter().flatten().flat_map(|value| [*value as u32, (*value >> 32) as u32]));
        let files = vec![self.memory.as_raw_fd(); regions.len()];
        self.send(SET_MEM_TABLE, &words, &files);
    }

    /// Says where the parts of queue 0 are, at addresses of its own: descriptor area, device area, driver area.
    pub fn place(&mut self, parts: [u64; 3]) {
        let mut words = vec![0, 0];
        words.extend(parts.iter().chain(&[0]).flat_map(|value| [*value as u32, (*value >> 32) as u32]));
        self.send(SET_VRING_ADDR, &words, &[]);
    }

    /// Gives a queue its kick.
    pub fn give_kick(&mut self, queue: u32) {
        let fd = self.kick.as_raw_fd();
        self.send(SET_VRING_KICK, &[queue, 0], &[fd]);
    }

    /// Everything up to the kick of queue 0, which begins at `base`.
    pub fn begin(&mut self, features: u64, base: u32) {
        self.send(SET_OWNER, &[], &[]);
        self.accept(features);
        self.share(&[[GUEST, MEMORY, OWN, 0]]);
        self.start(base);
    }

    /// Starts queue 0 at `base`.
    pub fn start(&mut self, base: u32) {
        self.send(SET_VRING_NUM, &[0, SIZE.into()], &[]);
        self.send(SET_VRING_BASE, &[0, base], &[]);
        self.place([OWN + DESC, OWN + DEVICE, OWN + DRIVER]);
        let fd = self.call.as_raw_fd();
        self.send(SET_VRING_CALL, &[0, 0], &[fd]);
        let fd = self.error.as_raw_fd();
        self.send(SET_VRING_ERR, &[0, 0], &[fd]);
        self.give_kick(0);
    }

    /// Writes into guest memory.
    ///
    /// # Panics
    /// If it cannot.
    pub fn write(&self, offset: u64, bytes: &[u8]) {
        self.memory.write_all_at(bytes, offset).expect("memory");
    }

    /// A 16-bit word of guest memory.
    ///
    /// # Panics
    /// If it cannot be read.
    #[must_use]
    pub fn word(&self, offset: u64) -> u16 {
        let mut bytes = [0; 2];
        self.memory.read_exact_at(&mut bytes, offset).expect("memory");
        u16::from_le_bytes(bytes)
    }

    /// Makes descriptor `head` of a split ring available as entry `index`: one buffer with these flags.
    pub fn publish(&self, index: u16, head: u16, len: u32, flags: u16) {
        let mut desc = Vec::new();
        desc.extend_from_slice(&(GUEST + DATA).to_le_bytes());
        desc.extend_from_slice(&len.to_le_bytes());
        desc.extend_from_slice(&flags.to_le_bytes());
        desc.extend_from_slice(&[0; 2]);
        self.write(DESC + 16 * u64::from(head), &desc);
        self.write(DRIVER + 4 + 2 * u64::from(index % SIZE), &head.to_le_bytes());
        self.write(DRIVER + 2, &index.wrapping_add(1).to_le_bytes());
        self.kick.write(1).expect("the kick");
    }

    /// Waits until the device cannot go on with queue 0.
    ///
    /// # Panics
    /// If it can for a minute.
    pub fn wait_error(&self) {
        let begun = Instant::now();
        while self.error.read().is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the device goes on");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until the used index of a split ring is `index`.
    ///
    /// # Panics
    /// If it does not within a minute.
    pub fn wait_used(&self, index: u16) {
        let begun = Instant::now();
        while self.word(DEVICE + 2) != index {
            assert!(begun.elapsed() < Duration::from_secs(60), "used index {}", self.word(DEVICE + 2));
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
