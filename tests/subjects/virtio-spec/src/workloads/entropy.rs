//! The workload on an entropy source.

use alloc::{format, vec};

use parakit_abi::device::DeviceType;
use parakit_exercise::{Env, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use virtio_spec::Id;

use super::device::Device;
use super::ring::Piece;

/// `entropy`: takes random bytes, by buffers of many lengths.
///
/// Parameter 0: bytes in all; 0 for 16384. Records `bytes`.
pub(crate) fn entropy(env: &KernelEnv) -> Result<(), Failure> {
    let mut device = Device::open(env, DeviceType::ENTROPY, Id::Rng, 0)?;
    let wanted = if env.param(0) == 0 { 16384 } else { env.param(0) };
    let (mut bytes, mut len, mut before) = (0u64, 1usize, [0; 16]);
    while bytes < wanted {
        let mut buffer = vec![0u8; len];
        let piece = Piece { address: buffer.as_mut_ptr().addr() as u64, len: len as u32, writable: true };
        device.submit(&[piece]).ok_or_else(|| Failure::new("the queue is full"))?;
        let (_, got) = device.next_used()?;
        ensure(got > 0 && got as usize <= len, || format!("{got} bytes came for {len}"))?;
        for part in buffer[..got as usize].chunks_exact(16) {
            ensure(part != before && part != [0; 16], || format!("random bytes repeat themselves: {part:02x?}"))?;
            before.copy_from_slice(part);
        }
        bytes += u64::from(got);
        len = len * 3 % 5003;
    }
    record(env, "bytes", bytes);
    Ok(())
}
