//! The workload on an entropy source.

use alloc::{format, vec};

use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::Value;
use parakit_exercise::{Env, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use sha2::{Digest, Sha256};
use virtio_drivers::device::rng::VirtIORng;

use super::hal::KernelHal;
use super::transport::{Transport, first};

/// `entropy`: fills buffers of many lengths, by one request after the other; the crate waits for each by looking at the ring.
///
/// Parameter 0: bytes in all; 0 for 16384. Records `bytes`, `sha256` (of all of them) and `ns`.
pub(crate) fn entropy(env: &KernelEnv) -> Result<(), Failure> {
    let (_, transport) = first(env, DeviceType::ENTROPY)?;
    let mut source = VirtIORng::<KernelHal, Transport>::new(transport).map_err(|e| Failure::of("entropy device", e))?;
    env.first_queue_operation();
    let began = env.now_ns();
    let wanted = if env.param(0) == 0 { 16384 } else { env.param(0) };
    let (mut bytes, mut len, mut before) = (0u64, 1usize, [0; 16]);
    let mut sha = Sha256::new();
    while bytes < wanted {
        let mut buffer = vec![0; len];
        let mut filled = 0;
        while filled < len {
            let got = source.request_entropy(&mut buffer[filled..]).map_err(|e| Failure::of("request", e))?;
            ensure(got > 0 && got <= len - filled, || format!("{got} bytes came for a request of {}", len - filled))?;
            filled += got;
        }
        for part in buffer.chunks_exact(16) {
            // Two equal blocks of 128 bits, or one that was not written, do not happen by chance.
            ensure(part != before && part != [0; 16], || format!("random bytes repeat themselves: {part:02x?}"))?;
            before.copy_from_slice(part);
        }
        sha.update(&buffer);
        bytes += len as u64;
        len = len * 3 % 5003;
    }
    source.ack_interrupt();
    record(env, "bytes", bytes);
    env.record("sha256", Value::Bytes(sha.finalize().into()));
    record(env, "ns", env.now_ns().saturating_sub(began));
    Ok(())
}
