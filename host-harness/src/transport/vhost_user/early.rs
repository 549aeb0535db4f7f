//! Messages, looked at before they are taken. `vhost` takes what is there of one for all of it, so it is to be there.
//!
//! `SET_VRING_ENABLE` before `SET_FEATURES`: QEMU enables the queues of a network device as soon as it knows the back end, and other back ends
//! take it. The crate `vhost` refuses it before the features are accepted, so that it is answered here.

use std::io::{self, Read as _, Write as _};
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
/// [`look_from`] the front of the queue, each time: as a socket is from the beginning.
const AT_THE_FRONT: libc::c_int = -1;

/// The header of a message.
pub(super) type Header = [u8; HEADER];

/// Waits until the next message is there as a whole, in however many pieces it comes, and leaves it there. Its header; `None` when the other end
/// closes before. What is too long for a message is left to those who know.
///
/// # Errors
/// The socket cannot be looked into.
pub(super) fn wait_for_whole(stream: &UnixStream) -> io::Result<Option<Header>> {
    // A look ends at the end of a piece that brings file descriptors, even if it is to wait for all (`MSG_WAITALL`). So each begins where the last
    // one ended.
    look_from(stream, 0)?;
    let mut header = [0; HEADER];
    let whole = look_at(stream, &mut header) && {
        let size = word(&header, 8) as usize;
        size > LONGEST || look_at(stream, &mut vec![0; size])
    };
    look_from(stream, AT_THE_FRONT)?;
    Ok(whole.then_some(header))
}

/// Sets where the next look (`MSG_PEEK`) begins, and the one after it where that one ends; [`AT_THE_FRONT`]: all of them at what comes next.
fn look_from(stream: &UnixStream, offset: libc::c_int) -> io::Result<()> {
    let (value, size) = (&raw const offset, size_of::<libc::c_int>() as libc::socklen_t);
    // SAFETY: the call reads the integer at `value`, which has that size.
    let done = unsafe { libc::setsockopt(stream.as_raw_fd(), libc::SOL_SOCKET, libc::SO_PEEK_OFF, value.cast(), size) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Fills `bytes` with what comes next, look by look; false when the other end closes before.
fn look_at(stream: &UnixStream, mut bytes: &mut [u8]) -> bool {
    while !bytes.is_empty() {
        // SAFETY: the call writes at most as many bytes as there are to where they are.
        let count = unsafe { libc::recv(stream.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len(), libc::MSG_PEEK) };
        match usize::try_from(count) {
            Ok(0) => return false,
            Ok(count) => bytes = &mut bytes[count..],
            Err(_) if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
    true
}

/// Answers the next message, which is there as a whole and has this header, if it is such a one. `None`: it is another, and has not been taken.
pub(super) fn answer(stream: &UnixStream, header: &Header, handler: &mut Handler) -> Option<Result<(), Error>> {
    if handler.has_features() || word(header, 0) != SET_VRING_ENABLE {
        return None;
    }
    let (flags, size) = (word(header, 4), word(header, 8));
    if flags & !NEED_REPLY != VERSION || size as usize != MESSAGE - HEADER {
        return None;
    }
    let mut message = [0; MESSAGE];
    if let Err(error) = (&*stream).read_exact(&mut message) {
        return Some(Err(Error::SocketBroken(error)));
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
