//! What an operating system provides: memory that devices can reach, and mapped registers.
//!
//! [`Platform`] is the one unsafe trait that an OS implements. Its methods take `&self`: a platform is a value
//! (a reference to the kernel's memory manager, say), not a set of statics, and each queue and device owns one;
//! make it cheap to clone. `&P` is a platform wherever `P` is, and so are `Rc<P>` and `Arc<P>` with `alloc`.
//!
//! A wrong implementation is the commonest reason why a port fails.
//! [`check::Checked`] wraps yours and says what it does wrong. Where devices do not see the caches, [`cache::NonCoherent`] adds the
//! maintenance that buffers need; [`order`] says what orders what.
#![allow(unsafe_code)]

use core::{fmt, ptr::NonNull};

pub mod cache;
pub mod check;
mod dma_box;
pub mod order;
mod words;

pub use dma_box::DmaBox;
pub use words::DmaWords;

/// An address as the device sees it: guest-physical, or what an IOMMU translates. 0 is an address like any other.
pub type DeviceAddress = u64;

/// Who reads and who writes a shared buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The device only reads it.
    DriverToDevice,
    /// The device writes it; what it held before does not matter.
    DeviceToDriver,
    /// Both read and write it.
    Both,
}

/// Memory that driver and device share for long: rings, and [`DmaBox`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DmaMemory {
    /// Where the driver reaches it.
    pub ptr: NonNull<u8>,
    /// Where the device reaches it.
    pub device: DeviceAddress,
    /// Its length in bytes.
    pub len: usize,
}

// SAFETY: a description of memory; every access through it is an unsafe operation of its own.
unsafe impl Send for DmaMemory {}
// SAFETY: as for `Send`.
unsafe impl Sync for DmaMemory {}

/// Whether to go on waiting for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Look again.
    Continue,
    /// The device has had its time.
    GiveUp,
}

/// Polls after which [`Platform::wait`] gives up unless the platform decides otherwise: 2^22. Where a register read
/// leaves the guest, at about two microseconds, that is some eight seconds.
pub const DEFAULT_POLLS: u64 = 1 << 22;

/// The operating system, as far as drivers need it.
///
/// ```
/// # extern crate alloc;
/// use core::{alloc::Layout, ptr::NonNull};
/// use parakit::platform::*;
///
/// /// Memory is mapped one to one and caches are coherent, as in a small kernel under any hypervisor.
/// #[derive(Clone, Copy)]
/// struct Identity;
///
/// // SAFETY: heap memory is exclusive and physically contiguous here, and stays until it is freed.
/// unsafe impl Platform for Identity {
///     fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
///         let layout = Layout::from_size_align(len, align).ok().filter(|layout| layout.size() > 0);
///         let layout = layout.ok_or(DmaError::Invalid { len, align })?;
///         // SAFETY: the layout is not of 0 bytes.
///         let ptr = NonNull::new(unsafe { alloc::alloc::alloc_zeroed(layout) });
///         let ptr = ptr.ok_or(DmaError::OutOfMemory { len, align })?;
///         Ok(DmaMemory { ptr, device: ptr.as_ptr() as u64, len })
///     }
///     unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
///         // SAFETY: length and alignment are those of the allocation.
///         unsafe { alloc::alloc::dealloc(memory.ptr.as_ptr(), Layout::from_size_align_unchecked(memory.len, align)) }
///     }
///     unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
///         Ok(buffer.as_ptr().cast::<u8>() as u64)
///     }
///     unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}
///     unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
///         NonNull::new(address as *mut u8).ok_or(MapError { address })
///     }
/// }
///
/// let memory = DmaBox::new(Identity, 512, 16).unwrap();
/// assert!(memory.iter().all(|&b| b == 0));
/// ```
///
/// # Safety
/// - [`dma_alloc`](Self::dma_alloc) returns memory of exactly the length asked for, aligned as asked for at both its
///   addresses, zeroed, contiguous for the device, and disjoint from everything else until it is freed.
/// - Memory that was not freed and buffers that were not unshared stay valid for the device even when every value of
///   the platform is gone: a driver whose device would not stop leaks on purpose.
/// - All clones of a platform value are interchangeable.
/// - Device and driver see each other's writes to memory of `dma_alloc` in the order that atomic operations of this CPU impose on
///   normal memory: it is cache-coherent, or not cached. (On AArch64 `VIRTIO_F_ORDER_PLATFORM` has rings do more; see [`order`].)
/// - Once [`share`](Self::share) has returned, the device sees what the driver wrote into the buffer before, and nothing writes a
///   cached copy over what the device writes; once [`unshare`](Self::unshare) has, the driver sees what the device wrote. Where caches
///   are not coherent these are the places to clean and discard lines, with the barriers that belong to that: [`cache::NonCoherent`]
///   does it.
/// - The device addresses are the ones the device expects. A device that offers `VIRTIO_F_ACCESS_PLATFORM` takes
///   the addresses of its bus, any other takes guest-physical ones (VIRTIO 1.4 §6.1).
pub unsafe trait Platform {
    /// Allocates `len` bytes, aligned to `align` for driver and device, zeroed.
    ///
    /// The kit asks for at least one byte and a power of two, but anybody may call this: it must be sound, if useless,
    /// for any other numbers.
    ///
    /// # Errors
    /// [`DmaError`] when there is no such memory; [`DmaError::Invalid`] for 0 bytes or an alignment that is no power of two.
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError>;

    /// Frees memory.
    ///
    /// # Safety
    /// `memory` came from [`dma_alloc`](Self::dma_alloc) of this platform with this `align`, was not freed since, and
    /// neither driver nor device uses it any longer.
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize);

    /// Makes `buffer` (at least one byte, anywhere in the driver's memory) reachable for the device, until
    /// [`unshare`](Self::unshare). With a bounce buffer, copies into it unless the direction is
    /// [`DeviceToDriver`](Direction::DeviceToDriver). May be called on the hot path: keep it `#[inline]` and short.
    ///
    /// # Errors
    /// [`ShareError`] when the device cannot reach the buffer; nothing is shared then.
    ///
    /// # Safety
    /// `buffer` is valid for reads and, unless the direction is `DriverToDevice`, writes until `unshare`, and nobody
    /// but the device and the platform touches it in that time.
    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError>;

    /// Takes `buffer` back. With a bounce buffer, copies out of it unless the direction is
    /// [`DriverToDevice`](Direction::DriverToDevice).
    ///
    /// # Safety
    /// `share` returned `device` for the same buffer and direction, and it was not unshared since.
    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction);

    /// Maps `len` bytes of device registers at physical `address`, uncached, until the program ends.
    ///
    /// # Errors
    /// [`MapError`] when that cannot be done.
    ///
    /// # Safety
    /// The range holds device registers and no memory that the program uses.
    unsafe fn map_mmio(&self, address: u64, len: usize) -> Result<NonNull<u8>, MapError>;

    /// What a buffer that the device writes has to be aligned to, its start and its length, to be shared: the length of a cache
    /// line, a power of two, where caches are not coherent. 1 where they are, which is the default. Buffers in memory of
    /// [`dma_alloc`](Self::dma_alloc) and buffers that the device only reads may lie anywhere.
    fn share_align(&self) -> usize {
        1
    }

    /// Called each time the kit has looked at a register in vain, `polls` times so far (counting from 1), while it
    /// waits for a device to reset. May sleep or yield. Must give up some time: every wait of the kit ends here.
    fn wait(&self, polls: u64) -> Wait {
        if polls >= DEFAULT_POLLS {
            return Wait::GiveUp;
        }
        core::hint::spin_loop();
        Wait::Continue
    }
}

macro_rules! forward {
    ($(#[$attr:meta])* $ty:ty) => {
        $(#[$attr])*
        // SAFETY: every method goes to the same platform.
        unsafe impl<P: Platform + ?Sized> Platform for $ty {
            #[inline]
            fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
                (**self).dma_alloc(len, align)
            }
            #[inline]
            unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
                // SAFETY: the caller's promise is about the same platform.
                unsafe { (**self).dma_free(memory, align) }
            }
            #[inline]
            unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
                // SAFETY: the caller's promise is about the same platform.
                unsafe { (**self).share(buffer, direction) }
            }
            #[inline]
            unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
                // SAFETY: the caller's promise is about the same platform.
                unsafe { (**self).unshare(device, buffer, direction) }
            }
            #[inline]
            unsafe fn map_mmio(&self, address: u64, len: usize) -> Result<NonNull<u8>, MapError> {
                // SAFETY: the caller's promise is about the same platform.
                unsafe { (**self).map_mmio(address, len) }
            }
            #[inline]
            fn share_align(&self) -> usize {
                (**self).share_align()
            }
            #[inline]
            fn wait(&self, polls: u64) -> Wait {
                (**self).wait(polls)
            }
        }
    };
}

forward!(&P);
forward!(
    #[cfg(feature = "alloc")]
    alloc::rc::Rc<P>
);
forward!(
    #[cfg(feature = "alloc")]
    alloc::sync::Arc<P>
);

/// Why there is no DMA memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DmaError {
    /// Nothing contiguous of that length and alignment is free.
    OutOfMemory {
        /// Bytes asked for.
        len: usize,
        /// Alignment asked for.
        align: usize,
    },
    /// The platform cannot align like that, whatever is free.
    Unaligned {
        /// Alignment asked for.
        align: usize,
    },
    /// The request makes no sense: 0 bytes, or an alignment that is no power of two.
    Invalid {
        /// Bytes asked for.
        len: usize,
        /// Alignment asked for.
        align: usize,
    },
}

impl fmt::Display for DmaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OutOfMemory { len, align } => write!(f, "no {len} bytes of DMA memory aligned to {align}"),
            Self::Unaligned { align } => write!(f, "the platform cannot align DMA memory to {align}"),
            Self::Invalid { len, align } => write!(f, "{len} bytes aligned to {align} is no valid request"),
        }
    }
}

impl core::error::Error for DmaError {}

/// Why a buffer cannot be shared with the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShareError {
    /// No room for a bounce buffer or mapping of that length.
    OutOfMemory {
        /// Bytes of the buffer.
        len: usize,
    },
    /// The buffer is not memory that this platform can give to a device.
    Unreachable {
        /// Where the driver sees it.
        address: usize,
        /// Bytes of the buffer.
        len: usize,
    },
    /// The device writes the buffer, and its first or last cache line holds something else as well.
    SharesLine {
        /// Where the driver sees it.
        address: usize,
        /// Bytes of the buffer.
        len: usize,
        /// Bytes of a line: [`Platform::share_align`].
        line: usize,
    },
    /// The buffer is empty; the device could not be given 0 bytes (VIRTIO 1.4 §2.7.5 has no use for them).
    Empty,
}

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OutOfMemory { len } => write!(f, "no room to share {len} bytes"),
            Self::Unreachable { address, len } => write!(f, "{len} bytes at {address:#x} cannot be shared"),
            Self::SharesLine { address, len, line } => write!(
                f,
                "{len} bytes at {address:#x} are not whole cache lines of {line}: align the buffer, or take a DmaBox"
            ),
            Self::Empty => f.write_str("an empty buffer cannot be shared"),
        }
    }
}

impl core::error::Error for ShareError {}

/// Device registers that cannot be mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapError {
    /// Their physical address.
    pub address: u64,
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "device registers at {:#x} cannot be mapped", self.address)
    }
}

impl core::error::Error for MapError {}
