# What the processor reads and nobody has to build at boot: descriptor table, task state segment, page tables.
# They are at fixed addresses (link.ld), so that the fields that the processor wants cut in pieces are plain numbers.

.set TABLES, 0x100000
.set TSS_OFFSET, 0x100
.set TSS_SIZE, 104 + 512 + 1
.set GUARD_PAGE, 0x108000

.global gdt, gdt_end, gdt_pointer, tss, pml4, idt, halt_idt, idt_pointer, halt_idt_pointer
.global ring0_stack_top, report_stack_top

.section .tables, "aw", @progbits

gdt:
    .quad 0
    .quad 0
    .quad 0x00af9b000000ffff            # 0x10: 64-bit code, ring 0
    .quad 0x00cf93000000ffff            # 0x18: data, ring 0
    .quad 0
    .quad 0x00cff3000000ffff            # 0x2b: data, ring 3
    .quad 0x00affb000000ffff            # 0x33: 64-bit code, ring 3
    .quad 0
    # 0x40: task state segment, available; 16 bytes
    .quad 0x0000890000000000 + ((TABLES + TSS_OFFSET) << 16) + TSS_SIZE - 1
    .quad 0
gdt_end:

    .org TSS_OFFSET
tss:
    .long 0
    .quad ring0_stack_top               # rsp0: every gate to ring 0
    .quad 0
    .quad 0
    .quad 0
    .quad fault_stack_top               # ist1: double fault and NMI, whatever the other stacks hold
    .zero 6 * 8
    .quad 0
    .short 0
    .short 104                          # offset of the I/O permission bitmap
    .zero 512                           # ports 0 to 0xfff are open to ring 3
    .byte 0xff

# Identity map of the first 4 GiB, every level open to ring 3. Accessed and dirty are set from the start, so that the
# processor has nothing to write here. The last GiB, where the hole for devices is, is uncached.
.set TABLE, 0x27                        # present, writable, user, accessed
.set SMALL, 0x67                        # and dirty
.set LARGE, 0xe7                        # and 2 MiB
.set DEVICE, 0xff                       # and write-through, cache-disable

    .org 0x1000
pml4:
    .quad pdpt + TABLE
    .org 0x2000
pdpt:
    .quad page_directories + TABLE
    .quad page_directories + 0x1000 + TABLE
    .quad page_directories + 0x2000 + TABLE
    .quad page_directories + 0x3000 + TABLE
    .org 0x3000
page_directories:
    .quad page_table + TABLE
    .set page, 0x200000
    .rept 3 * 512 - 1
    .quad page + LARGE
    .set page, page + 0x200000
    .endr
    .rept 512
    .quad page + DEVICE
    .set page, page + 0x200000
    .endr
# The first 2 MiB in small pages: page 0 (null pointers) and the page below the stack are not present.
page_table:
    .set page, 0
    .rept 512
    .if page == 0 || page == GUARD_PAGE
    .quad 0
    .else
    .quad page + SMALL
    .endif
    .set page, page + 0x1000
    .endr
tables_end:

.section .bss.idt, "aw", @nobits
    .balign 16
idt:
    .zero 4096
halt_idt:
    .zero 4096

# The stacks of ring 0; and the one on which ring 3 writes the report of an exception.
.section .bss.stacks, "aw", @nobits
    .balign 16
    .zero 4096
ring0_stack_top:
    .zero 4096
fault_stack_top:
    .zero 16384
report_stack_top:

.section .rodata.descriptors, "a", @progbits
    .balign 8
    .zero 6
gdt_pointer:
    .short gdt_end - gdt - 1
    .quad gdt
    .zero 6
idt_pointer:
    .short 4095
    .quad idt
    .zero 6
halt_idt_pointer:
    .short 4095
    .quad halt_idt
