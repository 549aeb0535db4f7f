//! Guest memory: one piece from address 0.

use kvm_bindings::kvm_userspace_memory_region;
use kvm_ioctls::VmFd;
use parakit_abi::boot;
use vm_memory::mmap::MmapRegionBuilder;
use vm_memory::{Address, GuestAddress, GuestMemoryBackend, GuestMemoryMmap, GuestMemoryRegion, GuestRegionMmap};

use super::GuestMemory;
use super::error::{KvmError, StartError};
use super::load::KERNEL_FLOOR;

const PAGE: u64 = 4096;
/// Below this not even the mailbox and a tiny kernel fit.
const SMALLEST: u64 = 2 << 20;
const _: () = assert!(KERNEL_FLOOR < SMALLEST);

/// Maps zeroed memory of `bytes` bytes. Private and anonymous, with huge pages asked for: a page of a guest that is first
/// touched costs a fortieth of what it costs in shared or small pages.
pub(super) fn allocate(bytes: u64) -> Result<GuestMemory, StartError> {
    if !bytes.is_multiple_of(PAGE) || !(SMALLEST..=boot::MMIO_BASE).contains(&bytes) {
        return Err(StartError::MemorySize { bytes });
    }
    let failed = |why: String| StartError::Memory { bytes, why };
    let size = usize::try_from(bytes).map_err(|e| failed(e.to_string()))?;
    let mapping = MmapRegionBuilder::new(size)
        .with_mmap_prot(libc::PROT_READ | libc::PROT_WRITE)
        .with_mmap_flags(libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE)
        .build()
        .map_err(|e| failed(e.to_string()))?;
    // SAFETY: the mapping is ours, of `size` bytes, and nobody uses it yet; the advice changes its backing, not its contents. It is
    // advice, so that a host without huge pages is only slower.
    unsafe { libc::madvise(mapping.as_ptr().cast(), size, libc::MADV_HUGEPAGE) };
    let region = GuestRegionMmap::new(mapping, GuestAddress(0)).ok_or_else(|| failed("address overflow".into()))?;
    GuestMemoryMmap::from_regions(vec![region]).map_err(|e| failed(e.to_string()))
}

/// Makes `memory` the guest's.
pub(super) fn map_into(vm: &VmFd, memory: &GuestMemory) -> Result<(), KvmError> {
    for (slot, region) in memory.iter().enumerate() {
        let description = kvm_userspace_memory_region {
            slot: u32::try_from(slot).unwrap_or(u32::MAX),
            flags: 0,
            guest_phys_addr: region.start_addr().raw_value(),
            memory_size: region.len(),
            userspace_addr: region.as_ptr() as u64,
        };
        KvmError::uninterrupted("give the guest its memory", || {
            // SAFETY: the region is mapped for as long as `memory` or a clone of it lives, and whoever runs a vCPU of this machine holds
            // a clone. Slots do not overlap, since regions do not.
            unsafe { vm.set_user_memory_region(description) }
        })?;
    }
    Ok(())
}
