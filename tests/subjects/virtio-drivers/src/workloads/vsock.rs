//! The workload on a socket device.

use alloc::{format, vec, vec::Vec};

use parakit_abi::device::DeviceType;
use parakit_exercise::{Env, PATIENCE_MS, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use virtio_drivers::device::socket::{SocketError, VirtIOSocket, VsockAddr, VsockConnectionManager, VsockEventType};

use super::hal::KernelHal;
use super::transport::{Transport, first};

/// Whoever sends back what comes.
const ECHO: VsockAddr = VsockAddr { cid: 2, port: 7 };
const LOCAL_PORT: u32 = 1234;
/// Most bytes on their way: less than the crate keeps for a connection.
const PIECE: usize = 700;

type Sockets = VsockConnectionManager<KernelHal, Transport>;

/// `vsock-echo`: connects to the host's echo service, sends pieces of many lengths, and checks what comes back.
///
/// Parameter 0: pieces; 0 for 100. Records `pieces` and `bytes`.
pub(crate) fn echo(env: &KernelEnv) -> Result<(), Failure> {
    let (_, transport) = first(env, DeviceType::VSOCK)?;
    env.first_queue_operation();
    let driver = VirtIOSocket::new(transport).map_err(|e| Failure::of("socket device", e))?;
    let mut sockets = Sockets::new(driver);
    sockets.connect(ECHO, LOCAL_PORT).map_err(|e| Failure::of("connect", e))?;
    wait(env, &mut sockets, "the connection", |event| *event == VsockEventType::Connected)?;
    let pieces = if env.param(0) == 0 { 100 } else { env.param(0) };
    let mut bytes = 0;
    for piece in 0..pieces as usize {
        let data: Vec<u8> = (0..1 + piece * 37 % PIECE).map(|i| (i + piece) as u8).collect();
        loop {
            match sockets.send(ECHO, LOCAL_PORT, &data) {
                Ok(()) => break,
                Err(virtio_drivers::Error::SocketDeviceError(SocketError::InsufficientBufferSpaceInPeer)) => {
                    wait(env, &mut sockets, "room at the peer", |_| true)?;
                }
                Err(error) => return Err(Failure::of("send", error)),
            }
        }
        let (mut back, mut got) = (vec![0; data.len()], 0);
        while got < data.len() {
            got += sockets.recv(ECHO, LOCAL_PORT, &mut back[got..]).map_err(|e| Failure::of("receive", e))?;
            if got < data.len() {
                wait(env, &mut sockets, "the echo", |event| matches!(event, VsockEventType::Received { .. }))?;
            }
        }
        ensure(back == data, || format!("piece {piece} of {} bytes came back as another one", data.len()))?;
        sockets.update_credit(ECHO, LOCAL_PORT).map_err(|e| Failure::of("credit", e))?;
        bytes += data.len() as u64;
    }
    sockets.shutdown(ECHO, LOCAL_PORT).map_err(|e| Failure::of("shutdown", e))?;
    wait(env, &mut sockets, "the end", |event| matches!(event, VsockEventType::Disconnected { .. }))?;
    record(env, "pieces", pieces);
    record(env, "bytes", bytes);
    Ok(())
}

/// Polls until an event is the one that is waited for: the crate gives no access to interrupts of a socket device.
fn wait(
    env: &KernelEnv,
    sockets: &mut Sockets,
    what: &str,
    is: impl Fn(&VsockEventType) -> bool,
) -> Result<(), Failure> {
    let give_up = env.now_ns().saturating_add(PATIENCE_MS * 1_000_000);
    while env.now_ns() < give_up {
        match sockets.poll().map_err(|e| Failure::of("poll", e))? {
            Some(event) if is(&event.event_type) => return Ok(()),
            _ => core::hint::spin_loop(),
        }
    }
    Err(Failure::new(format!("{what} did not come in time")))
}
