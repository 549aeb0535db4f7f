//! The workload on an entropy source.

use alloc::{format, vec};

use parakit::device::entropy::{Entropy, EntropyError};
use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::Value;
use sha2::{Digest, Sha256};

use crate::common::{ensure, find, record, start};
use crate::{Env, Failure};

/// `entropy`: fills buffers of many lengths with random bytes, of which no two may be alike and no part be left out.
///
/// Parameter 0: bytes in all; 0 for 16384. Records `bytes`, `sha256` (of all of them) and `ns`.
pub(crate) fn entropy<E: Env>(env: &E) -> Result<(), Failure> {
    let device = find(env, DeviceType::ENTROPY)?;
    let mut source = Entropy::new(start(env, device)?).map_err(|e| Failure::of("entropy device", e))?;
    env.first_queue_operation();
    env.agreed(device, source.accepted());
    let began = env.now_ns();
    let wanted = if env.param(0) == 0 { 16384 } else { env.param(0) };
    let none = source.fill(&mut []);
    ensure(none == Err(EntropyError::Empty), || format!("a fill of no bytes ended as {none:?}"))?;
    let (mut bytes, mut len, mut before) = (0u64, 1usize, [0; 16]);
    let mut sha = Sha256::new();
    let mut ones = 0u64;
    while bytes < wanted {
        let mut buffer = vec![0; len];
        source.fill(&mut buffer).map_err(|e| Failure::of("fill", e))?;
        for part in buffer.chunks_exact(16) {
            // Two equal blocks of 128 bits, or one that was not written, do not happen by chance.
            ensure(part != before && part != [0; 16], || format!("random bytes repeat themselves: {part:02x?}"))?;
            before.copy_from_slice(part);
        }
        ones += buffer.iter().map(|b| u64::from(b.count_ones())).sum::<u64>();
        sha.update(&buffer);
        bytes += len as u64;
        len = len * 3 % 5003;
    }
    // Of 8n fair bits, half are ones; the bound is wider than any chance deviation for a few thousand bytes.
    ensure(bytes < 4096 || ones.abs_diff(bytes * 4) < bytes / 2, || {
        format!("{ones} of {} bits are ones, which is not random", bytes * 8)
    })?;
    record(env, "bytes", bytes);
    env.record("sha256", Value::Bytes(sha.finalize().into()));
    record(env, "ns", env.now_ns().saturating_sub(began));
    Ok(())
}
