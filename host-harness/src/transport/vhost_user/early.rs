//! Messages, looked at before they are taken. `vhost` takes what is there of one for all of it, so it is to be there.
//!
//! `SET_VRING_ENABLE` before `SET_FEATURES`: QEMU enables the queues of a network device as soon as it knows the back end, and other back ends
//! take it. The crate `vhost` refuses it before the features are accepted, so that it is answered here.

use std::io::{self, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;

use vhost::vhost_user::{Error, VhostUserBackendReqHandlerMut as _};

use super::handler::Handler;

/// Number of the message.
const SET_VRING_ENABLE: u32 = 18;
/// Bytes of a header: message, flags, length of what follows.
const HEADER: usize = 12;
/// Bytes of this message: queue and state follow.
const MESSAGE: usize = HEADER + 8;
/// The flags of a request, version 1, and its wish for an answer.
const VERSION: u32 = 1;
const NEED_REPLY: u32 = 1 << 3;
/// The flags of an answer.
const REPLY: u32 = 1 << 2 | VERSION;

/// Longest message that `vhost` takes.
const LONGEST: usize = 0x1000;

/// Waits until the next message is there as a whole; false when the other end closes before. What is too long for one is left to those who know.
pub(super) fn is_whole(stream: &UnixStream) -> bool {
    let mut header = [0; HEADER];
    if !receive(stream, &mut header, libc::MSG_PEEK) {
        return false;
    }
    let size = word(&header, 8) as usize;
    size > LONGEST || receive(stream, &mut vec![0; HEADER + size], libc::MSG_PEEK)
}

/// Answers the next message if it is such a one. `None`: it is another, and has not been taken.
pub(super) fn answer(stream: &UnixStream, handler: &mut Handler) -> Option<Result<(), Error>> {
    if handler.has_features() {
        return None;
    }
    let mut header = [0; HEADER];
    if !receive(stream, &mut header, libc::MSG_PEEK) || word(&header, 0) != SET_VRING_ENABLE {
        return None;
    }
    let (flags, size) = (word(&header, 4), word(&header, 8));
    if flags & !NEED_REPLY != VERSION || size as usize != MESSAGE - HEADER {
        return None;
    }
    let mut message = [0; MESSAGE];
    if !receive(stream, &mut message, 0) {
        return Some(Err(Error::PartialMessage));
    }
    let (queue, state) = (word(&message, HEADER), word(&message, HEADER + 4));
    let done = if state > 1 { Err(Error::InvalidParam) } else { handler.set_vring_enable(queue, state == 1) };
    if flags & NEED_REPLY != 0 && handler.acknowledges() {
        let mut reply = Vec::with_capacity(MESSAGE);
        for word in [SET_VRING_ENABLE, REPLY, 8, u32::from(done.is_err()), 0] {
            reply.extend_from_slice(&word.to_ne_bytes());
        }
        if let Err(error) = (&*stream).write_all(&reply) {
            return Some(Err(Error::SocketBroken(error)));
        }
    }
    Some(done)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_ne_bytes(*bytes))
}

/// Fills `bytes`; false when the other end closes before.
fn receive(stream: &UnixStream, bytes: &mut [u8], flags: libc::c_int) -> bool {
    loop {
        let (at, len) = (bytes.as_mut_ptr(), bytes.len());
        // SAFETY: the call writes at most `len` bytes to where `bytes` is.
        let count = unsafe { libc::recv(stream.as_raw_fd(), at.cast(), len, flags | libc::MSG_WAITALL) };
        if count >= 0 || io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            return usize::try_from(count).is_ok_and(|count| count == len);
        }
    }
}
