//! Resources: pictures of the host, and the guest memory that they are filled from.

use std::collections::HashMap;

use parakit_abi::device::gpu::{Rect, format, response};

use crate::queue::Request;

/// Bytes of a pixel, in every format.
pub(super) const PIXEL: usize = 4;
/// Most resources.
const MAX_RESOURCES: usize = 1024;
/// What a piece of backing counts for among the bytes of the budget.
const PIECE_BYTES: u64 = 24;

/// What a command came to: nothing, or one of [`response`].
pub(super) type Answer = Result<(), u32>;

/// A two-dimensional resource.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) width: u32,
    pub(super) height: u32,
    format: u32,
    pixels: Vec<u8>,
    backing: Backing,
}

/// Guest memory, piece after piece.
#[derive(Debug, Default)]
struct Backing {
    /// Where each piece begins in the resource, its address and its length.
    pieces: Vec<(u64, u64, u32)>,
    len: u64,
}

impl Backing {
    /// Copies bytes from `offset` on; false when they are not all there.
    fn read(&self, offset: u64, into: &mut [u8], request: &Request<'_>) -> bool {
        if offset.checked_add(into.len() as u64).is_none_or(|end| end > self.len) {
            return false;
        }
        let mut at = self.pieces.partition_point(|(start, ..)| *start <= offset).saturating_sub(1);
        let (mut offset, mut done) = (offset, 0);
        while done < into.len() {
            let Some((start, address, len)) = self.pieces.get(at).copied() else { return false };
            let within = offset - start;
            let count = (u64::from(len) - within).min((into.len() - done) as u64) as usize;
            if !request.read_memory(address + within, &mut into[done..done + count]) {
                return false;
            }
            (offset, done, at) = (offset + count as u64, done + count, at + 1);
        }
        true
    }
}

impl Resource {
    /// Bytes among those of the budget.
    fn cost(&self) -> u64 {
        self.pixels.len() as u64 + self.backing.pieces.len() as u64 * PIECE_BYTES
    }

    fn stride(&self) -> usize {
        self.width as usize * PIXEL
    }

    /// Fills `rect` from the backing, whose byte at `offset` is the first pixel there; rows are as far apart as in the resource.
    pub(super) fn fill(&mut self, rect: Rect, offset: u64, request: &Request<'_>) -> Answer {
        if self.backing.pieces.is_empty() {
            return Err(response::ERR_UNSPEC);
        }
        if !rect.is_within(self.width, self.height) {
            return Err(response::ERR_INVALID_PARAMETER);
        }
        let (stride, bytes) = (self.stride(), rect.width as usize * PIXEL);
        if bytes == 0 {
            return Ok(());
        }
        for row in 0..rect.height as usize {
            let from = offset.checked_add((row * stride) as u64).ok_or(response::ERR_INVALID_PARAMETER)?;
            let to = (rect.y as usize + row) * stride + rect.x as usize * PIXEL;
            if !self.backing.read(from, &mut self.pixels[to..to + bytes], request) {
                return Err(response::ERR_INVALID_PARAMETER);
            }
        }
        Ok(())
    }

    /// One row of pixels from `x` on, as red, green, blue and alpha.
    pub(super) fn row(&self, x: u32, y: u32, into: &mut [u8]) {
        let at = y as usize * self.stride() + x as usize * PIXEL;
        let from = &self.pixels[at..at + into.len()];
        for (to, pixel) in into.as_chunks_mut().0.iter_mut().zip(from.as_chunks().0) {
            *to = rgba(self.format, *pixel);
        }
    }
}

fn is_format(value: u32) -> bool {
    use format::{A8B8G8R8, A8R8G8B8, B8G8R8A8, B8G8R8X8, R8G8B8A8, R8G8B8X8, X8B8G8R8, X8R8G8B8};
    [B8G8R8A8, B8G8R8X8, A8R8G8B8, X8R8G8B8, R8G8B8A8, X8B8G8R8, A8B8G8R8, R8G8B8X8].contains(&value)
}

/// A pixel, from the order that its format has in memory.
fn rgba(format: u32, [a, b, c, d]: [u8; PIXEL]) -> [u8; PIXEL] {
    match format {
        format::B8G8R8A8 => [c, b, a, d],
        format::B8G8R8X8 => [c, b, a, 255],
        format::A8R8G8B8 => [b, c, d, a],
        format::X8R8G8B8 => [b, c, d, 255],
        format::R8G8B8A8 => [a, b, c, d],
        format::X8B8G8R8 => [d, c, b, 255],
        format::A8B8G8R8 => [d, c, b, a],
        _ => [a, b, c, 255],
    }
}

/// All resources, within a budget of bytes.
#[derive(Debug)]
pub(super) struct Resources {
    budget: u64,
    used: u64,
    all: HashMap<u32, Resource>,
}

impl Resources {
    pub(super) fn new(budget: u64) -> Self {
        Self { budget, used: 0, all: HashMap::new() }
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.used = 0;
    }

    pub(super) fn get(&self, id: u32) -> Result<&Resource, u32> {
        self.all.get(&id).ok_or(response::ERR_INVALID_RESOURCE_ID)
    }

    pub(super) fn get_mut(&mut self, id: u32) -> Result<&mut Resource, u32> {
        self.all.get_mut(&id).ok_or(response::ERR_INVALID_RESOURCE_ID)
    }

    pub(super) fn create(&mut self, id: u32, format: u32, width: u32, height: u32) -> Answer {
        if id == 0 || self.all.contains_key(&id) {
            return Err(response::ERR_INVALID_RESOURCE_ID);
        }
        if !is_format(format) || width == 0 || height == 0 {
            return Err(response::ERR_INVALID_PARAMETER);
        }
        let bytes = u64::from(width) * u64::from(height);
        let bytes = bytes.checked_mul(PIXEL as u64).filter(|bytes| *bytes <= self.budget - self.used);
        let Some(bytes) = bytes.filter(|_| self.all.len() < MAX_RESOURCES) else {
            return Err(response::ERR_OUT_OF_MEMORY);
        };
        self.used += bytes;
        let pixels = vec![0; bytes as usize];
        self.all.insert(id, Resource { width, height, format, pixels, backing: Backing::default() });
        Ok(())
    }

    pub(super) fn remove(&mut self, id: u32) -> Answer {
        let gone = self.all.remove(&id).ok_or(response::ERR_INVALID_RESOURCE_ID)?;
        self.used -= gone.cost();
        Ok(())
    }

    /// Gives a resource backing: `pieces` of address and length. A resource that has some keeps it, and the command fails.
    pub(super) fn attach(&mut self, id: u32, pieces: &[(u64, u32)], request: &Request<'_>) -> Answer {
        let left = self.budget - self.used;
        let resource = self.get_mut(id)?;
        if !resource.backing.pieces.is_empty() {
            return Err(response::ERR_UNSPEC);
        }
        let cost = pieces.len() as u64 * PIECE_BYTES;
        if cost > left {
            return Err(response::ERR_OUT_OF_MEMORY);
        }
        let mut backing = Backing::default();
        for (address, len) in pieces.iter().copied().filter(|(_, len)| *len > 0) {
            if !request.is_memory(address, len) {
                return Err(response::ERR_INVALID_PARAMETER);
            }
            backing.pieces.push((backing.len, address, len));
            backing.len += u64::from(len);
        }
        let cost = backing.pieces.len() as u64 * PIECE_BYTES;
        resource.backing = backing;
        self.used += cost;
        Ok(())
    }

    pub(super) fn detach(&mut self, id: u32) -> Answer {
        let resource = self.get_mut(id)?;
        let gone = std::mem::take(&mut resource.backing);
        self.used -= gone.pieces.len() as u64 * PIECE_BYTES;
        Ok(())
    }
}
