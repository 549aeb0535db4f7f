//! The workload on a GPU.

use alloc::format;

use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::Value;
use parakit_exercise::{Env, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use sha2::{Digest, Sha256};
use virtio_drivers::device::gpu::VirtIOGpu;

use super::hal::KernelHal;
use super::transport::{Transport, first};

/// `gpu-draw`: draws a picture that differs in every pixel's neighbours, shows it, and draws half of it anew. The crate waits for each
/// command by looking at the ring.
///
/// Records `width`, `height`, and `sha256` of what is to be seen, as red, green, blue and alpha.
pub(crate) fn draw(env: &KernelEnv) -> Result<(), Failure> {
    let (_, transport) = first(env, DeviceType::GPU)?;
    env.first_queue_operation();
    let mut gpu = VirtIOGpu::<KernelHal, Transport>::new(transport).map_err(|e| Failure::of("GPU", e))?;
    let (width, height) = gpu.resolution().map_err(|e| Failure::of("resolution", e))?;
    let pixels = width as usize * height as usize;
    ensure(pixels > 0, || format!("a display of {width} by {height}"))?;
    for round in 0..2 {
        // The crate's framebuffer is set up by the first call and again by the second, with all its resources.
        let buffer = gpu.setup_framebuffer().map_err(|e| Failure::of("framebuffer", e))?;
        for (pixel, bytes) in buffer.chunks_exact_mut(4).take(pixels).enumerate() {
            let [red, green, blue, alpha] = colour(pixel, width, round);
            bytes.copy_from_slice(&[blue, green, red, alpha]);
        }
        gpu.flush().map_err(|e| Failure::of("flush", e))?;
    }
    let mut sha = Sha256::new();
    (0..pixels).for_each(|pixel| sha.update(colour(pixel, width, 1)));
    gpu.ack_interrupt();
    record(env, "width", width.into());
    record(env, "height", height.into());
    env.record("sha256", Value::Bytes(sha.finalize().into()));
    Ok(())
}

fn colour(pixel: usize, width: u32, round: usize) -> [u8; 4] {
    let (x, y) = (pixel % width as usize, pixel / width as usize);
    [x as u8, y as u8, (x + y + 85 * round) as u8, 255]
}
