//! Guests of a few instructions, in ring 3 (direct boot) or ring 0 (PVH).

use parakit_abi::boot::{self, BootNote};
use parakit_harness::vmm::Kernel;

use super::image::Image;

const IMAGE: u64 = 0x10_0000;
const PML4: u64 = 0;
const PDPT: u64 = 0x1000;
const PD: u64 = 0x2000;
const GDT: u64 = 0x6000;
const TSS: u64 = 0x7000;
/// Ports of the permission bitmap, all open, and the byte that ends it.
const TSS_LIMIT: u64 = 0x68 + 8192;
const IDT: u64 = 0xa000;
const STACK_TOP: u64 = 0xc000;
const CODE: u64 = 0xc000;
/// Where a handler starts that [`ring3`] was given.
const HANDLER: u64 = 0xd000;

/// A page that ring 3 may not touch: 2 MiB of it.
pub(crate) const SUPERVISOR_PAGE: u64 = 32 << 20;

/// Machine code at ring 3, the first 4 GiB mapped as they are; `rdi` is the mailbox.
pub(crate) fn ring3(code: &[u8]) -> Kernel {
    ring3_with_handler(code, &[])
}

/// The same, with a handler for the vector of the first device.
pub(crate) fn ring3_with_handler(code: &[u8], handler: &[u8]) -> Kernel {
    let mut image = vec![0; 0xe000];
    let mut word = |at: u64, value: u64| image[at as usize..at as usize + 8].copy_from_slice(&value.to_le_bytes());
    const USER_WRITABLE: u64 = 7;
    const SUPERVISOR_WRITABLE: u64 = 3;
    const LARGE: u64 = 1 << 7;
    word(PML4, (IMAGE + PDPT) | USER_WRITABLE);
    for gib in 0..4 {
        word(PDPT + 8 * gib, (IMAGE + PD + 0x1000 * gib) | USER_WRITABLE);
        for i in 0..512 {
            let address = (gib << 30) + (i << 21);
            let rights = if address == SUPERVISOR_PAGE { SUPERVISOR_WRITABLE } else { USER_WRITABLE };
            word(PD + 0x1000 * gib + 8 * i, address | LARGE | rights);
        }
    }
    let tss = IMAGE + TSS;
    let descriptors = [
        (boot::KERNEL_CODE, 0x00af_9b00_0000_ffff),
        (boot::KERNEL_DATA, 0x00cf_9300_0000_ffff),
        (boot::USER_DATA, 0x00cf_f300_0000_ffff),
        (boot::USER_CODE, 0x00af_fb00_0000_ffff),
        (boot::TSS, (TSS_LIMIT & 0xffff) | (tss & 0xff_ffff) << 16 | 0x8b << 40 | (tss >> 24 & 0xff) << 56),
    ];
    for (selector, descriptor) in descriptors {
        word(GDT + u64::from(selector & !7), descriptor);
    }
    // Offset of the permission bitmap, in the TSS's last two bytes before it.
    word(TSS + 0x60, 0x68 << 48);
    if !handler.is_empty() {
        // A present 64-bit trap gate that ring 3 may reach, to ring 3 code.
        let to = IMAGE + HANDLER;
        let gate = IDT + 16 * u64::from(boot::FIRST_VECTOR);
        word(gate, (to & 0xffff) | u64::from(boot::USER_CODE) << 16 | 0xef << 40 | (to >> 16 & 0xffff) << 48);
        word(gate + 8, to >> 32);
    }
    image[(TSS + TSS_LIMIT) as usize] = 0xff;
    image[CODE as usize..][..code.len()].copy_from_slice(code);
    image[HANDLER as usize..][..handler.len()].copy_from_slice(handler);
    let note = BootNote {
        version: boot::NOTE_VERSION,
        entry: IMAGE + CODE,
        stack: IMAGE + STACK_TOP,
        idt: IMAGE + IDT,
        gdt: IMAGE + GDT,
        gdt_limit: 0x4f,
        tss,
        tss_limit: TSS_LIMIT,
        cr3: IMAGE + PML4,
        cpus: 1,
        ..BootNote::default()
    };
    Kernel::parse("ring 3 guest", Image::default().segment(IMAGE, image).direct(&note).build()).expect("a good image")
}

/// Machine code at ring 0, 32 bits; `ebx` is the start info.
pub(crate) fn ring0(code: &[u8]) -> Kernel {
    let image = Image::default().segment(IMAGE, code.to_vec()).pvh(IMAGE as u32);
    Kernel::parse("ring 0 guest", image.build()).expect("a good image")
}

/// `mov al, value; out PORT_EXIT, al`, and a loop in case that returns.
pub(crate) fn exit(value: u8) -> Vec<u8> {
    vec![0xb0, value, 0xe6, boot::PORT_EXIT as u8, 0xeb, 0xfe]
}

/// `mov dword [rdi + offset], value`: into the mailbox.
pub(crate) fn set_mailbox(offset: usize, value: u32) -> Vec<u8> {
    let mut code = vec![0xc7, 0x87];
    code.extend((offset as u32).to_le_bytes());
    code.extend(value.to_le_bytes());
    code
}

/// `mov eax, value; mov edx, port; out dx, eax`
pub(crate) fn out32(port: u16, value: u32) -> Vec<u8> {
    let mut code = vec![0xb8];
    code.extend(value.to_le_bytes());
    code.push(0xba);
    code.extend(u32::from(port).to_le_bytes());
    code.push(0xef);
    code
}

/// `mov rcx, address; mov dword [rcx], value`
pub(crate) fn store32(address: u64, value: u32) -> Vec<u8> {
    let mut code = move_rcx(address);
    code.extend([0xc7, 0x01]);
    code.extend(value.to_le_bytes());
    code
}

/// `mov rcx, address`
pub(crate) fn move_rcx(address: u64) -> Vec<u8> {
    let mut code = vec![0x48, 0xb9];
    code.extend(address.to_le_bytes());
    code
}
