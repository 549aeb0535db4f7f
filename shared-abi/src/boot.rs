//! How the harness starts the minimal guest without firmware.
//!
//! There are two ways into the guest kernel, from one image:
//!
//! - **PVH** (an ELF note of owner "Xen", type 18): 32-bit protected mode, ring 0. The kernel builds what it
//!   needs and drops to ring 3.
//! - **Direct**: an ELF note of owner [`NOTE_OWNER`] and type [`NOTE_TYPE`] holds a [`BootNote`]. The harness
//!   sets the segment, table and control registers from it and starts the vCPU in 64-bit ring 3 at
//!   [`BootNote::entry`], with the address of the mailbox in `rdi`. Page tables, GDT and TSS are static in the image;
//!   the IDT is memory that the kernel fills from ring 3 before it can fault. Long mode is on with SSE state allowed
//!   (CR0 `0x8001_0033`, CR4 `0x620`, EFER `0x500`), RFLAGS is `0x202`: interrupts are on, and none arrives before the
//!   kernel has enabled its local APIC. The TSS is busy (type 11), which spares its descriptor.
//!
//!   Further processors start at the same moment, at the same entry, with their number in `rsi` (0 for the first): each with a
//!   descriptor table, a task state segment, a GS base and a stack of its own, at equal distances in the image. The kernel
//!   has them wait until it has filled the IDT.

/// Owner name of the direct boot note, without its terminating NUL.
pub const NOTE_OWNER: &str = "Parakit";
/// Type of the direct boot note.
pub const NOTE_TYPE: u32 = 1;
/// Type of the note, of the same owner, that names the workloads of a kernel that runs scenarios: UTF-8, one a line, without a line end behind
/// the last. The harness leaves out scenarios whose workload is not there.
pub const WORKLOADS_NOTE_TYPE: u32 = 2;
/// Behind the name of a workload that drives devices on MMIO, version 2, and nowhere else.
pub const ON_MMIO_ONLY: &str = "@mmio";
/// Type of the note, of the same owner, that says what the kernel's workloads drive: UTF-8, a name, a space and a version.
pub const SUBJECT_NOTE_TYPE: u32 = 3;
/// Version of the direct boot protocol.
pub const NOTE_VERSION: u64 = 2;

/// Selector of the 64-bit ring 3 code segment: where drivers and trap gates run.
pub const USER_CODE: u16 = 0x33;
/// Selector of the ring 3 data and stack segment.
pub const USER_DATA: u16 = 0x2b;
/// Selector of the 64-bit ring 0 code segment: the stub.
pub const KERNEL_CODE: u16 = 0x10;
/// Selector of the ring 0 data segment.
pub const KERNEL_DATA: u16 = 0x18;
/// Selector of the task state segment.
pub const TSS: u16 = 0x40;

/// Guest-physical address of the mailbox under Parakit's own harness.
pub const MAILBOX_ADDRESS: u64 = 0x1_0000;
/// Guest-physical address of the first virtio-mmio register block.
pub const MMIO_BASE: u64 = 0xd000_0000;
/// Distance between two virtio-mmio register blocks.
pub const MMIO_STRIDE: u64 = 0x1000;
/// Guest-physical address of the PCI configuration space (ECAM) of buses 0 to 255.
pub const PCI_ECAM: u64 = 0xe000_0000;
/// Bytes of the ECAM region: 256 buses of 1 MiB.
pub const PCI_ECAM_SIZE: u64 = 0x1000_0000;
/// Start of the addresses that the guest may give to 32-bit BARs.
pub const PCI_MEMORY32: u64 = 0xc000_0000;
/// Bytes of the addresses that the guest may give to 32-bit BARs.
pub const PCI_MEMORY32_SIZE: u64 = 0x1000_0000;
/// Start of the addresses that the guest may give to 64-bit BARs: 256 GiB.
pub const PCI_MEMORY64: u64 = 0x40_0000_0000;
/// Bytes of the addresses that the guest may give to 64-bit BARs.
pub const PCI_MEMORY64_SIZE: u64 = 0x4000_0000;
/// First interrupt vector given to devices; device `i` has `FIRST_VECTOR + i`.
pub const FIRST_VECTOR: u32 = 0x40;

/// I/O port of the debug console (one byte a write).
pub const PORT_DEBUG: u16 = 0xe9;
/// I/O port that ends the run (isa-debug-exit convention); the value is one of [`exit`].
pub const PORT_EXIT: u16 = 0xf4;
/// I/O port of a 32-bit signal to the harness; its argument is in the mailbox ([`crate::mailbox::SIGNAL_ARG`]).
pub const PORT_SIGNAL: u16 = 0x5e0;

/// Values written to [`PORT_EXIT`].
pub mod exit {
    /// The scenario finished; its verdict is in the mailbox.
    pub const DONE: u8 = 0;
    /// The kernel panicked; the message is in the mailbox.
    pub const PANIC: u8 = 1;
    /// The kernel took an exception; the report is in the mailbox.
    pub const EXCEPTION: u8 = 2;
}

/// Contents of the direct boot note: little-endian 64-bit words in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BootNote {
    /// [`NOTE_VERSION`].
    pub version: u64,
    /// Ring 3 entry point. `rdi`: address of the mailbox; `rsi`: number of the processor.
    pub entry: u64,
    /// Initial stack pointer of processor 0.
    pub stack: u64,
    /// 4096 bytes of memory for 256 interrupt gates.
    pub idt: u64,
    /// Descriptor table of processor 0, with the selectors above.
    pub gdt: u64,
    /// Limit of the descriptor table.
    pub gdt_limit: u64,
    /// Task state segment of processor 0, I/O permission bitmap included.
    pub tss: u64,
    /// Limit of the task state segment.
    pub tss_limit: u64,
    /// Physical address of the top page table.
    pub cr3: u64,
    /// Processors that the image has room for, at least 1.
    pub cpus: u64,
    /// From one processor's descriptor table, task state segment and GS base to the next one's.
    pub cpu_stride: u64,
    /// From one processor's initial stack pointer to the next one's.
    pub stack_stride: u64,
    /// GS base of processor 0.
    pub gs: u64,
}

impl BootNote {
    /// Bytes of the note's contents.
    pub const SIZE: usize = 104;

    /// Decodes the note's contents.
    #[must_use]
    pub fn from_le_bytes(bytes: &[u8; Self::SIZE]) -> Self {
        let word = |i: usize| {
            let mut b = [0; 8];
            b.copy_from_slice(&bytes[8 * i..8 * i + 8]);
            u64::from_le_bytes(b)
        };
        Self {
            version: word(0),
            entry: word(1),
            stack: word(2),
            idt: word(3),
            gdt: word(4),
            gdt_limit: word(5),
            tss: word(6),
            tss_limit: word(7),
            cr3: word(8),
            cpus: word(9),
            cpu_stride: word(10),
            stack_stride: word(11),
            gs: word(12),
        }
    }
}
