//! The buffers of one chain, as host memory that is checked and mapped.

use std::sync::Arc;

use parakit_abi::ring::packed::{DESC_F_INDIRECT, DESC_F_WRITE, DESC_SIZE, Desc};
use virtio_queue::DescriptorChain;
use vm_memory::{Address, Bytes, GuestAddress, GuestMemoryBackend, GuestMemoryMmap, VolatileSlice};

use super::chain::Links;
use super::{Chain, Token};

/// Entries of an indirect table of a packed ring that are walked at most: as many as in that of a split ring.
const MAX_TABLE: u32 = 0xffff;
/// Bytes of an indirect table that are read at once.
const TABLE_PART: usize = 32 * DESC_SIZE;

/// A chain that is not what it should be. The rest of the request stays usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// It ends where a descriptor promises another one: a loop, an index outside the table, a bad indirect table, or more than 2^32 bytes.
    #[error("the chain cannot be walked to its end")]
    Broken,
    /// A buffer that is not in guest memory.
    #[error("buffer of {len} bytes at {addr:#x} is not in guest memory")]
    Unmapped {
        /// Its address.
        addr: u64,
        /// Its length in bytes.
        len: u32,
    },
    /// A device-readable buffer after a device-writable one (§2.7.4.2).
    #[error("a device-readable buffer follows a device-writable one")]
    Misordered,
}

/// The buffers of one chain.
///
/// Guest memory may change at any time: nothing is read twice where the answer must be the same.
pub struct Request<'m> {
    token: Token,
    memory: &'m GuestMemoryMmap,
    readable: Vec<VolatileSlice<'m>>,
    writable: Vec<VolatileSlice<'m>>,
    readable_len: u64,
    writable_len: u64,
    descriptors: usize,
    fault: Option<RequestFault>,
}

impl<'m> Request<'m> {
    /// Walks `chain`. Bounded by the size of the table, whatever the descriptors say.
    #[must_use]
    pub fn new(chain: &Chain, memory: &'m GuestMemoryMmap) -> Self {
        let mut request = Self {
            token: chain.token(),
            memory,
            readable: Vec::with_capacity(4),
            writable: Vec::with_capacity(4),
            readable_len: 0,
            writable_len: 0,
            descriptors: 0,
            fault: None,
        };
        match &chain.0 {
            Links::Split(chain) => request.split(chain.clone(), memory),
            Links::Packed(list) => request.packed(list.descs(), memory),
        }
        request
    }

    fn split(&mut self, chain: DescriptorChain<Arc<GuestMemoryMmap>>, memory: &'m GuestMemoryMmap) {
        let mut ended = false;
        for desc in chain {
            ended = !desc.has_next();
            self.descriptors += 1;
            self.push(memory, desc.addr(), desc.len(), desc.is_write_only());
        }
        if !ended {
            self.fault = Some(RequestFault::Broken);
        }
    }

    /// The entries of an indirect table come in their order, and of their flags only `WRITE` counts (§2.8.7). A list that mixes descriptors of
    /// both kinds, which drivers must not make, is taken as it stands.
    fn packed(&mut self, list: &[Desc], memory: &'m GuestMemoryMmap) {
        for desc in list {
            let whole = if desc.flags & DESC_F_INDIRECT != 0 {
                self.packed_table(*desc, memory)
            } else {
                self.packed_element(*desc, memory)
            };
            if !whole {
                self.fault = Some(RequestFault::Broken);
                return;
            }
        }
    }

    fn packed_table(&mut self, table: Desc, memory: &'m GuestMemoryMmap) -> bool {
        if table.len == 0 || !table.len.is_multiple_of(DESC_SIZE as u32) || table.len / DESC_SIZE as u32 > MAX_TABLE {
            return false;
        }
        let mut bytes = [0; TABLE_PART];
        let (mut at, mut left) = (table.addr, table.len as usize);
        while left > 0 {
            let part = &mut bytes[..left.min(TABLE_PART)];
            let next = at.checked_add(part.len() as u64);
            let Some(next) = next.filter(|_| memory.read_slice(part, GuestAddress(at)).is_ok()) else {
                return false;
            };
            for desc in part.as_chunks().0 {
                if !self.packed_element(Desc::from_le_bytes(*desc), memory) {
                    return false;
                }
            }
            (at, left) = (next, left - part.len());
        }
        true
    }

    /// False when the buffers together are more than a used descriptor can tell of.
    fn packed_element(&mut self, desc: Desc, memory: &'m GuestMemoryMmap) -> bool {
        self.descriptors += 1;
        self.push(memory, GuestAddress(desc.addr), desc.len, desc.flags & DESC_F_WRITE != 0);
        self.readable_len + self.writable_len <= u64::from(u32::MAX)
    }

    fn push(&mut self, memory: &'m GuestMemoryMmap, addr: GuestAddress, len: u32, writable: bool) {
        if !writable && !self.writable.is_empty() {
            self.fault = self.fault.or(Some(RequestFault::Misordered));
        }
        if len == 0 {
            return;
        }
        let unmapped = RequestFault::Unmapped { addr: addr.raw_value(), len };
        let (list, total) = if writable {
            (&mut self.writable, &mut self.writable_len)
        } else {
            (&mut self.readable, &mut self.readable_len)
        };
        let before = list.len();
        if addr.raw_value().checked_add(u64::from(len)).is_none() {
            self.fault = self.fault.or(Some(unmapped));
            return;
        }
        for slice in GuestMemoryBackend::get_slices(memory, addr, len as usize) {
            match slice {
                Ok(slice) => list.push(slice),
                Err(_) => {
                    list.truncate(before);
                    self.fault = self.fault.or(Some(unmapped));
                    return;
                }
            }
        }
        *total += u64::from(len);
    }

    /// What the chain is given back with.
    #[must_use]
    pub fn token(&self) -> Token {
        self.token
    }

    /// Descriptors walked, those of an indirect table included.
    #[must_use]
    pub fn descriptors(&self) -> usize {
        self.descriptors
    }

    /// What is wrong with the chain.
    #[must_use]
    pub fn fault(&self) -> Option<RequestFault> {
        self.fault
    }

    /// Copies guest memory from `address` on, for devices whose requests name some; false when not all of it is memory.
    pub fn read_memory(&self, address: u64, into: &mut [u8]) -> bool {
        self.memory.read_slice(into, GuestAddress(address)).is_ok()
    }

    /// Whether these bytes are all guest memory.
    #[must_use]
    pub fn is_memory(&self, address: u64, bytes: u32) -> bool {
        address.checked_add(u64::from(bytes)).is_some()
            && self.memory.check_range(GuestAddress(address), bytes as usize)
    }

    /// Bytes left of the device-readable part.
    #[must_use]
    pub fn readable_len(&self) -> u64 {
        self.readable_len
    }

    /// Bytes left of the device-writable part.
    #[must_use]
    pub fn writable_len(&self) -> u64 {
        self.writable_len
    }

    /// The device-readable part.
    #[must_use]
    pub fn readable(&self) -> &[VolatileSlice<'m>] {
        &self.readable
    }

    /// The device-writable part.
    #[must_use]
    pub fn writable(&self) -> &[VolatileSlice<'m>] {
        &self.writable
    }

    /// Takes `into.len()` bytes from the front of the readable part; false (and nothing taken) when there are fewer.
    pub fn read(&mut self, into: &mut [u8]) -> bool {
        if (into.len() as u64) > self.readable_len {
            return false;
        }
        self.readable_len -= into.len() as u64;
        let (mut done, mut whole) = (0, 0);
        while done < into.len() {
            let slice = &mut self.readable[whole];
            let count = slice.len().min(into.len() - done);
            slice.copy_to(&mut into[done..done + count]);
            done += count;
            match slice.offset(count) {
                Ok(rest) if !rest.is_empty() => *slice = rest,
                _ => whole += 1,
            }
        }
        self.readable.drain(..whole);
        true
    }

    /// Writes `bytes` from byte `offset` of the writable part on; what does not fit is left out. Returns the bytes written.
    pub fn write(&mut self, offset: u64, bytes: &[u8]) -> usize {
        let (mut skip, mut done) = (offset, 0);
        for slice in &self.writable {
            if skip >= slice.len() as u64 {
                skip -= slice.len() as u64;
                continue;
            }
            let Ok(rest) = slice.offset(skip as usize) else { break };
            skip = 0;
            let count = rest.len().min(bytes.len() - done);
            rest.copy_from(&bytes[done..done + count]);
            done += count;
            if done == bytes.len() {
                break;
            }
        }
        done
    }

    /// Fills the writable part with zeroes.
    pub fn zero_writable(&mut self) {
        for slice in &self.writable {
            zero(slice);
        }
    }

    /// Cuts the last byte off the writable part and returns it: where block devices put their status.
    pub fn take_last_writable(&mut self) -> Option<VolatileSlice<'m>> {
        let last = self.writable.pop()?;
        let keep = last.len() - 1;
        let byte = last.subslice(keep, 1).ok()?;
        if keep > 0 {
            self.writable.push(last.subslice(0, keep).ok()?);
        }
        self.writable_len -= 1;
        Some(byte)
    }
}

/// Fills `slice` with zeroes.
pub(crate) fn zero(slice: &VolatileSlice<'_>) {
    const ZEROES: [u8; 4096] = [0; 4096];
    let mut at = 0;
    while at < slice.len() {
        let count = ZEROES.len().min(slice.len() - at);
        let _within = slice.write_slice(&ZEROES[..count], at);
        at += count;
    }
}
