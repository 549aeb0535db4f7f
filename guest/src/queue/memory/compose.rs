//! Chains and buffers made of others: for drivers that mix their own memory with their users'.

use core::ptr::NonNull;

use super::{Buffer, Buffers, Chain};

/// A chain and something that the driver remembers with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tagged<C, T> {
    /// What the device gets.
    pub chain: C,
    /// What the driver remembers; the device cannot see it.
    pub tag: T,
}

// SAFETY: the segments of `chain`; the tag has no part in them.
unsafe impl<C: Chain, T> Chain for Tagged<C, T> {
    #[inline]
    fn readable_count(&self) -> usize {
        self.chain.readable_count()
    }
    #[inline]
    fn writable_count(&self) -> usize {
        self.chain.writable_count()
    }
    #[inline]
    fn segment(&mut self, index: usize) -> NonNull<[u8]> {
        self.chain.segment(index)
    }
}

/// Buffers of one kind or of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<A, B> {
    /// The one.
    Left(A),
    /// The other.
    Right(B),
}

// SAFETY: the segments of one list; which one does not change while a queue owns the value.
unsafe impl<A: Buffers, B: Buffers> Buffers for Either<A, B> {
    #[inline]
    fn count(&self) -> usize {
        match self {
            Self::Left(list) => list.count(),
            Self::Right(list) => list.count(),
        }
    }
    #[inline]
    fn get(&mut self, index: usize) -> NonNull<[u8]> {
        match self {
            Self::Left(list) => list.get(index),
            Self::Right(list) => list.get(index),
        }
    }
}

/// The front of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix<B> {
    /// The buffer.
    pub buffer: B,
    /// How many bytes of it the device gets; all of them when it is no longer.
    pub len: usize,
}

// SAFETY: a part of the buffer's bytes, and the same part as long as `len` stays, which a queue does not change.
unsafe impl<B: Buffer> Buffer for Prefix<B> {
    #[inline]
    fn segment(&mut self) -> NonNull<[u8]> {
        let whole = self.buffer.segment();
        NonNull::slice_from_raw_parts(whole.cast(), self.len.min(whole.len()))
    }
}
