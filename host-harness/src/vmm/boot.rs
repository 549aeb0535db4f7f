//! The vCPU's state at the first instruction, and what the guest finds in memory then.

use kvm_bindings::{kvm_dtable, kvm_regs, kvm_segment, kvm_sregs};
use kvm_ioctls::VcpuFd;
use linux_loader::loader::elf::start_info::{
    XEN_HVM_MEMMAP_TYPE_RAM, XEN_HVM_MEMMAP_TYPE_RESERVED, XEN_HVM_START_MAGIC_VALUE, hvm_memmap_table_entry,
    hvm_start_info,
};
use parakit_abi::boot::{self, BootNote, MAILBOX_ADDRESS, MMIO_BASE, MMIO_STRIDE, PCI_ECAM, PCI_ECAM_SIZE};
use parakit_abi::mailbox::MAX_DEVICES;
use vm_memory::{Bytes, GuestAddress};

use super::GuestMemory;
use super::error::KvmError;
use super::interrupts;
use super::load::KERNEL_FLOOR;

const CR0_PE: u64 = 1 << 0;
const CR0_MP: u64 = 1 << 1;
const CR0_ET: u64 = 1 << 4;
const CR0_NE: u64 = 1 << 5;
const CR0_WP: u64 = 1 << 16;
const CR0_PG: u64 = 1 << 31;
const CR4_PAE: u64 = 1 << 5;
const CR4_OSFXSR: u64 = 1 << 9;
const CR4_OSXMMEXCPT: u64 = 1 << 10;
const EFER_LME: u64 = 1 << 8;
const EFER_LMA: u64 = 1 << 10;
const EFER_NXE: u64 = 1 << 11;
const RFLAGS_RESERVED: u64 = 1 << 1;
const RFLAGS_IF: u64 = 1 << 9;

/// Segment types of the architecture: accessed code and data, and a busy TSS.
const CODE: u8 = 0xb;
const DATA: u8 = 0x3;
const BUSY_TSS: u8 = 0xb;

// PVH: all below the mailbox.
const PVH_GDT: u64 = 0x500;
const PVH_START_INFO: u64 = 0x1000;
const PVH_MEMORY_MAP: u64 = 0x2000;
const PVH_COMMAND_LINE: u64 = 0x3000;
const _: () = assert!(PVH_COMMAND_LINE + 0x1000 < MAILBOX_ADDRESS);
const PVH_CODE: u16 = 0x08;
const PVH_DATA: u16 = 0x10;
const PVH_TSS: u16 = 0x18;
/// Null, flat 32-bit code, flat data, TSS: the same as the hidden parts that a vCPU in protected mode starts with.
pub(super) const FLAT_GDT: [u64; 4] = [0, 0x00cf_9b00_0000_ffff, 0x00cf_9300_0000_ffff, 0x0000_8b00_0000_0067];

/// Null twice, flat 64-bit code, flat data, and a TSS in two words, where Linux's boot protocol has them.
pub(super) const LONG_GDT: [u64; 6] = [0, 0, 0x00af_9b00_0000_ffff, 0x00cf_9300_0000_ffff, 0x0000_8b00_0000_0067, 0];
const LONG_CODE: u16 = 0x10;
const LONG_DATA: u16 = 0x18;
const LONG_TSS: u16 = 0x20;

/// Sets the registers of vCPU `index` from the boot note: 64-bit mode, ring 3, interrupts on.
pub(super) fn direct(vcpu: &VcpuFd, note: &BootNote, index: u16) -> Result<(), KvmError> {
    let index = u64::from(index);
    // Bounded by the note's check; were it not, the vCPU would start with addresses that make it fault.
    let own = |first: u64| first.wrapping_add(index.wrapping_mul(note.cpu_stride));
    let code = kvm_segment { l: 1, db: 0, ..flat(boot::USER_CODE, CODE, 3) };
    let data = flat(boot::USER_DATA, DATA, 3);
    let tss = kvm_segment {
        base: own(note.tss),
        limit: low32(note.tss_limit),
        selector: boot::TSS,
        type_: BUSY_TSS,
        present: 1,
        ..Default::default()
    };
    let mut s = get_sregs(vcpu)?;
    // No segment behind it, as after boot in 64-bit mode: only the base counts.
    let gs = kvm_segment { base: own(note.gs), unusable: 1, ..Default::default() };
    (s.cs, s.ds, s.es, s.ss, s.fs, s.gs, s.tr) = (code, data, data, data, data, gs, tss);
    s.gdt = kvm_dtable { base: own(note.gdt), limit: low16(note.gdt_limit), ..Default::default() };
    s.idt = kvm_dtable { base: note.idt, limit: 0xfff, ..Default::default() };
    s.cr0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_PG;
    s.cr3 = note.cr3;
    s.cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT;
    s.efer = EFER_LME | EFER_LMA | EFER_NXE;
    set(
        vcpu,
        &s,
        &kvm_regs {
            rip: note.entry,
            rsp: note.stack.wrapping_add(index.wrapping_mul(note.stack_stride)),
            rdi: MAILBOX_ADDRESS,
            rsi: index,
            rflags: RFLAGS_RESERVED | RFLAGS_IF,
            ..Default::default()
        },
    )
}

/// Sets the registers of `vcpu` for the PVH entry: 32-bit protected mode, ring 0, no paging, `ebx` the start info.
pub(super) fn pvh(vcpu: &VcpuFd, entry: u32) -> Result<(), KvmError> {
    protected_mode(vcpu, PVH_GDT, entry.into(), PVH_START_INFO, 0)
}

/// Flat 32-bit ring 0 without paging; `gdt` is the address of [`FLAT_GDT`].
pub(super) fn protected_mode(vcpu: &VcpuFd, gdt: u64, rip: u64, rbx: u64, rax: u64) -> Result<(), KvmError> {
    let code = flat(PVH_CODE, CODE, 0);
    let data = flat(PVH_DATA, DATA, 0);
    let tss = kvm_segment { limit: 0x67, selector: PVH_TSS, type_: BUSY_TSS, present: 1, ..Default::default() };
    let mut s = get_sregs(vcpu)?;
    (s.cs, s.ds, s.es, s.ss, s.fs, s.gs, s.tr) = (code, data, data, data, data, data, tss);
    s.gdt = kvm_dtable { base: gdt, limit: 0x1f, ..Default::default() };
    s.idt = kvm_dtable { base: 0, limit: 0, ..Default::default() };
    s.cr0 = CR0_PE | CR0_ET;
    s.cr4 = 0;
    s.efer = 0;
    set(vcpu, &s, &kvm_regs { rip, rbx, rax, rflags: RFLAGS_RESERVED, ..Default::default() })
}

/// How a CPU starts in 64-bit mode: ring 0, interrupts off, flat segments from [`LONG_GDT`].
pub(super) struct LongMode {
    pub(super) rip: u64,
    pub(super) rsp: u64,
    pub(super) rdi: u64,
    pub(super) rsi: u64,
    /// Address of the descriptor table.
    pub(super) gdt: u64,
    /// Address of the top page table.
    pub(super) page_tables: u64,
}

/// Sets the registers of `vcpu` for a 64-bit entry.
pub(super) fn long_mode(vcpu: &VcpuFd, long: &LongMode) -> Result<(), KvmError> {
    let code = kvm_segment { l: 1, db: 0, ..flat(LONG_CODE, CODE, 0) };
    let data = flat(LONG_DATA, DATA, 0);
    let tss = kvm_segment { limit: 0x67, selector: LONG_TSS, type_: BUSY_TSS, present: 1, ..Default::default() };
    let mut s = get_sregs(vcpu)?;
    (s.cs, s.ds, s.es, s.ss, s.fs, s.gs, s.tr) = (code, data, data, data, data, data, tss);
    s.gdt = kvm_dtable { base: long.gdt, limit: size_of_val(&LONG_GDT) as u16 - 1, ..Default::default() };
    s.idt = kvm_dtable { base: 0, limit: 0, ..Default::default() };
    s.cr0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_PG;
    s.cr3 = long.page_tables;
    s.cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT;
    s.efer = EFER_LME | EFER_LMA;
    let LongMode { rip, rsp, rdi, rsi, .. } = *long;
    set(vcpu, &s, &kvm_regs { rip, rsp, rdi, rsi, rflags: RFLAGS_RESERVED, ..Default::default() })
}

/// Writes page tables that map the first 4 GiB as they are, in pages of 2 MiB: a top table, one below it, and four of pages.
pub(super) fn write_page_tables(memory: &GuestMemory, at: u64) -> Result<(), vm_memory::GuestMemoryError> {
    const TABLE: u64 = 0x1000;
    const PRESENT_WRITABLE: u64 = 3;
    const LARGE: u64 = 1 << 7;
    let below = at + TABLE;
    write_words(memory, at, &[below | PRESENT_WRITABLE])?;
    for gib in 0..4 {
        let table = below + TABLE * (gib + 1);
        write_words(memory, below + 8 * gib, &[table | PRESENT_WRITABLE])?;
        let pages: Vec<u64> = (0..512).map(|i| ((gib << 30) + (i << 21)) | LARGE | PRESENT_WRITABLE).collect();
        write_words(memory, table, &pages)?;
    }
    Ok(())
}

/// Writes what a PVH kernel looks for: descriptor table, start info, memory map, command line.
pub(super) fn write_pvh_data(
    memory: &GuestMemory,
    memory_bytes: u64,
    devices: usize,
) -> Result<(), vm_memory::GuestMemoryError> {
    let map = [
        (0, KERNEL_FLOOR, XEN_HVM_MEMMAP_TYPE_RESERVED),
        (KERNEL_FLOOR, 0xa_0000 - KERNEL_FLOOR, XEN_HVM_MEMMAP_TYPE_RAM),
        (0xa_0000, 0x6_0000, XEN_HVM_MEMMAP_TYPE_RESERVED),
        (0x10_0000, memory_bytes - 0x10_0000, XEN_HVM_MEMMAP_TYPE_RAM),
        (MMIO_BASE, MAX_DEVICES as u64 * MMIO_STRIDE, XEN_HVM_MEMMAP_TYPE_RESERVED),
        (PCI_ECAM, PCI_ECAM_SIZE, XEN_HVM_MEMMAP_TYPE_RESERVED),
    ];
    for (address, (addr, size, type_)) in (PVH_MEMORY_MAP..).step_by(size_of::<hvm_memmap_table_entry>()).zip(map) {
        write_words(memory, address, &[addr, size, u64::from(type_)])?;
    }

    let mut line = format!("parakit.mailbox={MAILBOX_ADDRESS:#x}");
    for i in 0..devices {
        let base = MMIO_BASE + i as u64 * MMIO_STRIDE;
        line +=
            &format!(" virtio_mmio.device={MMIO_STRIDE:#x}@{base:#x}:{}", interrupts::gsi(interrupts::Layout::Own, i));
    }
    line.push('\0');
    memory.write_slice(line.as_bytes(), GuestAddress(PVH_COMMAND_LINE))?;

    let info = hvm_start_info {
        magic: XEN_HVM_START_MAGIC_VALUE,
        version: 1,
        cmdline_paddr: PVH_COMMAND_LINE,
        memmap_paddr: PVH_MEMORY_MAP,
        memmap_entries: map.len() as u32,
        ..Default::default()
    };
    let halves = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
    let words = [
        halves(info.magic, info.version),
        halves(info.flags, info.nr_modules),
        info.modlist_paddr,
        info.cmdline_paddr,
        info.rsdp_paddr,
        info.memmap_paddr,
        halves(info.memmap_entries, info.reserved),
    ];
    write_words(memory, PVH_START_INFO, &words)?;
    write_words(memory, PVH_GDT, &FLAT_GDT)
}

pub(super) fn write_words(
    memory: &GuestMemory,
    address: u64,
    words: &[u64],
) -> Result<(), vm_memory::GuestMemoryError> {
    let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    memory.write_slice(&bytes, GuestAddress(address))
}

/// A 32-bit segment over all addresses.
fn flat(selector: u16, type_: u8, dpl: u8) -> kvm_segment {
    kvm_segment { base: 0, limit: u32::MAX, selector, type_, present: 1, dpl, db: 1, s: 1, g: 1, ..Default::default() }
}

fn get_sregs(vcpu: &VcpuFd) -> Result<kvm_sregs, KvmError> {
    vcpu.get_sregs().map_err(KvmError::operation("read the vCPU's registers"))
}

fn set(vcpu: &VcpuFd, sregs: &kvm_sregs, regs: &kvm_regs) -> Result<(), KvmError> {
    vcpu.set_sregs(sregs).map_err(KvmError::operation("set the vCPU's system registers"))?;
    vcpu.set_regs(regs).map_err(KvmError::operation("set the vCPU's registers"))
}

/// A limit that the note's check has bounded.
fn low16(limit: u64) -> u16 {
    u16::try_from(limit).unwrap_or(u16::MAX)
}

fn low32(limit: u64) -> u32 {
    u32::from(low16(limit))
}
