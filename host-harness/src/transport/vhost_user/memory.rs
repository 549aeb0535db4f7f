//! Guest memory, as a front end shares it.

use std::fs::File;

use vhost::vhost_user::message::VhostUserMemoryRegion;
use vm_memory::{FileOffset, GuestAddress, GuestMemoryMmap, GuestRegionMmap, MmapRegion};

use super::{FrontEndError, shrunk};

/// Where the front end has guest memory: rings come with its own addresses, buffers with the guest's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Regions(Vec<Region>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Region {
    guest: u64,
    size: u64,
    /// In the front end.
    own: u64,
}

impl Regions {
    /// The guest-physical address of what the front end has at `own`.
    pub(super) fn guest(&self, own: u64) -> Option<u64> {
        self.0.iter().find_map(|region| {
            let offset = own.checked_sub(region.own).filter(|offset| *offset < region.size)?;
            region.guest.checked_add(offset)
        })
    }
}

/// Maps what the front end shares, each region with its file.
pub(super) fn map(
    table: &[VhostUserMemoryRegion],
    files: Vec<File>,
) -> Result<(Regions, GuestMemoryMmap), FrontEndError> {
    let (mut regions, mut mapped) = (Vec::new(), Vec::new());
    for (region, (said, file)) in table.iter().zip(files).enumerate() {
        let (guest, size, own) = (said.guest_phys_addr, said.memory_size, said.user_addr);
        let fail = |why: &str| FrontEndError::Region { region, address: guest, size, why: why.to_owned() };
        if guest.checked_add(size).is_none() || own.checked_add(size).is_none() {
            return Err(fail("it reaches beyond the last address"));
        }
        let length = usize::try_from(size).ok().filter(|size| *size > 0).ok_or_else(|| fail("it has no such size"))?;
        let end = said.mmap_offset.checked_add(size);
        let known = file.metadata().map_err(|error| fail(&error.to_string()))?.len();
        if end.is_none_or(|end| end > known) {
            return Err(fail(&format!("its file has {known:#x} bytes")));
        }
        let memory = MmapRegion::from_file(FileOffset::new(file, said.mmap_offset), length);
        let memory = memory.map_err(|error| fail(&error.to_string()))?;
        let memory = GuestRegionMmap::new(memory, GuestAddress(guest));
        mapped.push(memory.ok_or_else(|| fail("it reaches beyond the last address"))?);
        regions.push(Region { guest, size, own });
    }
    mapped.sort_by_key(|region| vm_memory::GuestMemoryRegion::start_addr(region).0);
    let memory = GuestMemoryMmap::from_regions(mapped);
    let memory = memory.map_err(|error| FrontEndError::Table { why: error.to_string() })?;
    shrunk::watch(&memory);
    Ok((Regions(regions), memory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_ends_addresses_become_the_guests() {
        let regions = Regions(vec![
            Region { guest: 0, size: 0x1000, own: 0x7000_0000 },
            Region { guest: u64::MAX - 0xfff, size: 0xfff, own: u64::MAX - 0xfff },
        ]);
        assert_eq!(regions.guest(0x7000_0fff), Some(0xfff));
        assert_eq!(regions.guest(0x7000_1000), None);
        assert_eq!(regions.guest(0x6fff_ffff), None);
        assert_eq!(regions.guest(u64::MAX - 0xfff), Some(u64::MAX - 0xfff));
        assert_eq!(regions.guest(u64::MAX), None);
    }
}
