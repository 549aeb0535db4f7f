//! Kernel images.

use parakit_harness::vmm::{Boot, GuestMemory, Kernel};
use vm_memory::{Bytes as _, GuestAddress};

/// Bytes of memory for the kernel.
const MEMORY: usize = 4 << 20;

/// Whatever the image says: an error, or a kernel that lies in memory where it may.
pub(super) fn kernel(data: &[u8]) {
    let kernel = match Kernel::parse("fuzz", data.to_vec()) {
        Ok(kernel) => kernel,
        Err(error) => return assert!(!error.to_string().contains('\n'), "one line: {error}"),
    };
    let boot: Boot = kernel.preferred_boot();
    assert!(kernel.supports(boot), "{boot} is how it starts");
    assert_eq!(kernel.sha256().len(), 64, "{kernel:?}");
    for address in [0, 1, 0x10_0000, 0x20_0000, 0xffff_ffff_8000_0000, u64::MAX] {
        if let Some((name, offset)) = kernel.symbol_at(address) {
            assert!(!name.is_empty() && offset <= address, "{name}+{offset:#x} at {address:#x}");
        }
    }
    for name in kernel.workloads().into_iter().flatten().map(String::as_str).chain(kernel.subject()) {
        assert!(!name.chars().any(|c| c.is_control() && c != '\t'), "a name for a terminal: {name:?}");
    }
    let memory = GuestMemory::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("4 MiB of memory");
    if let Err(error) = kernel.load_into(&memory) {
        return assert!(!error.to_string().contains('\n'), "one line: {error}");
    }
    let mut low = vec![0; 0x1_0000];
    memory.read_slice(&mut low, GuestAddress(0)).expect("the first bytes of memory");
    assert!(low.iter().all(|byte| *byte == 0), "the kernel lies where the harness has its own data");
}
