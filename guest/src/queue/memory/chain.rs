//! What can be given to a device: owned memory at stable addresses.

use core::ptr::NonNull;

use crate::platform::{DmaBox, Platform};

/// Owned, contiguous bytes that stay where they are when the value is moved.
///
/// A borrow that ends is none: the queue may be forgotten and the device go on.
///
/// ```compile_fail,E0277
/// # use parakit::queue::*;
/// # fn is_chain<C: Chain>(_: C) {}
/// let mut array = [0u8; 16];
/// fn lend<'a>(bytes: &'a mut [u8]) -> Writable<(&'a mut [u8],)> { Writable((bytes,)) }
/// is_chain(lend(&mut array));
/// ```
///
/// # Safety
/// - [`segment`](Self::segment) returns the same range each time, however often the value was moved, valid for reads
///   and writes as long as the value exists, and for ever if the value is forgotten.
/// - Nothing else accesses that range: not through other values, nor by dropping or moving this one
///   (short of freeing it when the value is dropped).
/// - Every byte of it is initialised and may take any value.
pub unsafe trait Buffer {
    /// Where the bytes are. No access through another pointer or reference happens until the next call.
    fn segment(&mut self) -> NonNull<[u8]>;
}

// SAFETY: the bytes are borrowed exclusively and for ever; the reference is only moved.
unsafe impl Buffer for &'static mut [u8] {
    #[inline]
    fn segment(&mut self) -> NonNull<[u8]> {
        NonNull::from(&mut **self)
    }
}

// SAFETY: as for slices.
unsafe impl<const N: usize> Buffer for &'static mut [u8; N] {
    #[inline]
    fn segment(&mut self) -> NonNull<[u8]> {
        NonNull::from(self.as_mut_slice())
    }
}

// SAFETY: the box owns the bytes, which stay where they are; a forgotten box never frees them.
#[cfg(feature = "alloc")]
unsafe impl Buffer for alloc::boxed::Box<[u8]> {
    #[inline]
    fn segment(&mut self) -> NonNull<[u8]> {
        NonNull::from(&mut **self)
    }
}

// SAFETY: as for boxed slices.
#[cfg(feature = "alloc")]
unsafe impl<const N: usize> Buffer for alloc::boxed::Box<[u8; N]> {
    #[inline]
    fn segment(&mut self) -> NonNull<[u8]> {
        NonNull::from(self.as_mut_slice())
    }
}

// SAFETY: the vector owns the bytes; nothing grows it while a queue owns it. Only its length, not its capacity, is used.
#[cfg(feature = "alloc")]
unsafe impl Buffer for alloc::vec::Vec<u8> {
    #[inline]
    fn segment(&mut self) -> NonNull<[u8]> {
        NonNull::from(self.as_mut_slice())
    }
}

// SAFETY: the platform's memory is this value's alone until it is dropped.
unsafe impl<P: Platform> Buffer for DmaBox<P> {
    #[inline]
    fn segment(&mut self) -> NonNull<[u8]> {
        NonNull::slice_from_raw_parts(self.memory().ptr, self.memory().len)
    }
}

/// A list of buffers that are used in the same direction: a buffer, an array or `Vec` of them, a tuple of lists, an
/// `Option` of a list, or `()`.
///
/// # Safety
/// As for [`Buffer`], for each segment; segments do not overlap and their number does not change while a queue owns
/// the value.
pub unsafe trait Buffers {
    /// Number of segments.
    fn count(&self) -> usize;
    /// Segment `index`.
    ///
    /// # Panics
    /// May panic if `index` is not below [`count`](Self::count).
    fn get(&mut self, index: usize) -> NonNull<[u8]>;
}

// SAFETY: one segment, with the promises of `Buffer`.
unsafe impl<B: Buffer> Buffers for B {
    #[inline]
    fn count(&self) -> usize {
        1
    }
    #[inline]
    fn get(&mut self, _: usize) -> NonNull<[u8]> {
        self.segment()
    }
}

// SAFETY: no segment.
unsafe impl Buffers for () {
    #[inline]
    fn count(&self) -> usize {
        0
    }
    fn get(&mut self, index: usize) -> NonNull<[u8]> {
        panic!("segment {index} of none")
    }
}

// SAFETY: the segments of distinct values, each with the promises of `Buffer`.
unsafe impl<B: Buffer, const N: usize> Buffers for [B; N] {
    #[inline]
    fn count(&self) -> usize {
        N
    }
    #[inline]
    fn get(&mut self, index: usize) -> NonNull<[u8]> {
        self[index].segment()
    }
}

// SAFETY: as for arrays; a queue that owns the vector does not change its length.
#[cfg(feature = "alloc")]
unsafe impl<B: Buffer> Buffers for alloc::vec::Vec<B> {
    #[inline]
    fn count(&self) -> usize {
        self.len()
    }
    #[inline]
    fn get(&mut self, index: usize) -> NonNull<[u8]> {
        self[index].segment()
    }
}

// SAFETY: the segments of the list, or none; a queue that owns the value does not change which.
unsafe impl<L: Buffers> Buffers for Option<L> {
    #[inline]
    fn count(&self) -> usize {
        self.as_ref().map_or(0, L::count)
    }
    #[inline]
    fn get(&mut self, index: usize) -> NonNull<[u8]> {
        match self {
            Some(list) => list.get(index),
            None => ().get(index),
        }
    }
}

// SAFETY: the segments of one list and then the other, which are distinct values.
unsafe impl<A: Buffers, B: Buffers> Buffers for (A, B) {
    #[inline]
    fn count(&self) -> usize {
        self.0.count() + self.1.count()
    }
    #[inline]
    fn get(&mut self, index: usize) -> NonNull<[u8]> {
        match index.checked_sub(self.0.count()) {
            None => self.0.get(index),
            Some(rest) => self.1.get(rest),
        }
    }
}

// SAFETY: as for pairs.
unsafe impl<A: Buffers, B: Buffers, C: Buffers> Buffers for (A, B, C) {
    #[inline]
    fn count(&self) -> usize {
        self.0.count() + self.1.count() + self.2.count()
    }
    #[inline]
    fn get(&mut self, index: usize) -> NonNull<[u8]> {
        match index.checked_sub(self.0.count()) {
            None => self.0.get(index),
            Some(rest) => match rest.checked_sub(self.1.count()) {
                None => self.1.get(rest),
                Some(rest) => self.2.get(rest),
            },
        }
    }
}

/// An owned scatter-gather list: the segments that the device reads, then those that it writes (VIRTIO 1.4 §2.7.4.2).
///
/// [`Readable`], [`Writable`], [`ReadWrite`] and [`Directed`] make one of [`Buffers`]:
///
/// ```
/// use parakit::queue::{Chain, ReadWrite};
/// let request = ReadWrite { readable: vec![1u8, 2, 3], writable: [vec![0u8; 512], vec![0u8; 1]] };
/// assert_eq!((request.readable_count(), request.writable_count()), (1, 2));
/// ```
///
/// # Safety
/// The promises of [`Buffers`] for all segments together.
pub unsafe trait Chain {
    /// Number of segments that the device reads.
    fn readable_count(&self) -> usize;
    /// Number of segments that the device writes.
    fn writable_count(&self) -> usize;
    /// Segment `index`, counting readable ones first.
    ///
    /// # Panics
    /// May panic if there is no such segment.
    fn segment(&mut self, index: usize) -> NonNull<[u8]>;
}

// SAFETY: the chain in the box, which is exclusive; moving the box moves none of it, and a forgotten box keeps it.
//
// A chain of many parts moves faster in a box: made once, and used again and again.
#[cfg(feature = "alloc")]
unsafe impl<C: Chain> Chain for alloc::boxed::Box<C> {
    #[inline]
    fn readable_count(&self) -> usize {
        (**self).readable_count()
    }
    #[inline]
    fn writable_count(&self) -> usize {
        (**self).writable_count()
    }
    #[inline]
    fn segment(&mut self, index: usize) -> NonNull<[u8]> {
        (**self).segment(index)
    }
}

/// A chain that the device only reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readable<L>(
    /// Its segments.
    pub L,
);

// SAFETY: the segments of the list.
unsafe impl<L: Buffers> Chain for Readable<L> {
    #[inline]
    fn readable_count(&self) -> usize {
        self.0.count()
    }
    #[inline]
    fn writable_count(&self) -> usize {
        0
    }
    #[inline]
    fn segment(&mut self, index: usize) -> NonNull<[u8]> {
        self.0.get(index)
    }
}

/// A chain that the device only writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writable<L>(
    /// Its segments.
    pub L,
);

// SAFETY: the segments of the list.
unsafe impl<L: Buffers> Chain for Writable<L> {
    #[inline]
    fn readable_count(&self) -> usize {
        0
    }
    #[inline]
    fn writable_count(&self) -> usize {
        self.0.count()
    }
    #[inline]
    fn segment(&mut self, index: usize) -> NonNull<[u8]> {
        self.0.get(index)
    }
}

/// A chain that the device first reads and then writes: request and response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadWrite<R, W> {
    /// What the device reads.
    pub readable: R,
    /// What the device writes.
    pub writable: W,
}

// SAFETY: the segments of two lists that are distinct values.
unsafe impl<R: Buffers, W: Buffers> Chain for ReadWrite<R, W> {
    #[inline]
    fn readable_count(&self) -> usize {
        self.readable.count()
    }
    #[inline]
    fn writable_count(&self) -> usize {
        self.writable.count()
    }
    #[inline]
    fn segment(&mut self, index: usize) -> NonNull<[u8]> {
        match index.checked_sub(self.readable.count()) {
            None => self.readable.get(index),
            Some(rest) => self.writable.get(rest),
        }
    }
}

/// A chain whose direction is chosen when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directed<R, W = R> {
    /// The device reads it.
    Readable(R),
    /// The device writes it.
    Writable(W),
}

// SAFETY: the segments of one list; which one does not change while a queue owns the value.
unsafe impl<R: Buffers, W: Buffers> Chain for Directed<R, W> {
    #[inline]
    fn readable_count(&self) -> usize {
        match self {
            Self::Readable(list) => list.count(),
            Self::Writable(_) => 0,
        }
    }
    #[inline]
    fn writable_count(&self) -> usize {
        match self {
            Self::Readable(_) => 0,
            Self::Writable(list) => list.count(),
        }
    }
    #[inline]
    fn segment(&mut self, index: usize) -> NonNull<[u8]> {
        match self {
            Self::Readable(list) => list.get(index),
            Self::Writable(list) => list.get(index),
        }
    }
}
