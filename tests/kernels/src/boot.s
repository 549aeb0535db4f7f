# From PVH's 32-bit entry to 64-bit Rust, with the first 4 GiB mapped as they are.

.section .note.Xen, "a", @note
    .balign 4
    .long 4, 4, 18                      # XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long pvh_entry

.section .data
    .balign 4096
pml4:
    .quad pdpt + 3
    .fill 511, 8, 0
pdpt:
    .quad pd + 0x0003, pd + 0x1003, pd + 0x2003, pd + 0x3003
    .fill 508, 8, 0
pd:
    .set address, 0
    .rept 2048
    .quad address + 0x83
    .set address, address + 0x200000
    .endr
gdt:
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
    .word gdt_pointer - gdt - 1
    .long gdt

.section .bss
    .balign 16
    .skip 0x10000
stack_top:

.section .text.entry, "ax", @progbits
.code32
.global pvh_entry
pvh_entry:
    cld
    mov dword ptr [{start_info}], ebx
    lgdt [gdt_pointer]
    mov eax, offset pml4
    mov cr3, eax
    mov eax, 0x20                       # CR4: PAE
    mov cr4, eax
    mov ecx, 0xc0000080                 # EFER
    rdmsr
    or eax, 0x100                       # long mode enable
    wrmsr
    mov eax, 0x80000011                 # CR0: PE, ET, PG
    mov cr0, eax
    mov esp, offset stack_top
    push 8
    mov eax, offset long_mode
    push eax
    retf

.code64
long_mode:
    mov eax, 16
    mov ss, eax
    mov ds, eax
    mov es, eax
    mov rsp, offset stack_top
    xor ebp, ebp
    call kernel_main
    ud2
