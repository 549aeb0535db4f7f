# What the processor reads and nobody has to build at boot: descriptor table, task state segment, page tables.
# They are at fixed addresses (link.ld), so that the fields that the processor wants cut in pieces are plain numbers.

.set TABLES, 0x100000
.set CPUS, 4
.set CPU_PAGE, 0x1000                   # from one processor's page to the next one's
.set TSS_OFFSET, 0x100
.set TSS_SIZE, 104 + 512 + 1
.set DATA_OFFSET, 0x400
.set GUARD_PAGES, 0x10c000
.set STACK, 0x41000                     # processor 0's, with its guard page; all of them: link.ld
.set STACK_STRIDE, 0x11000              # another processor's
.set REPORT_STACK, 16384

.global gdt, gdt_end, gdt_pointer, tss, cpu_data, pml4, idt, halt_idt, idt_pointer, halt_idt_pointer, ring0_stack_top

.section .tables, "aw", @progbits

# A page a processor: descriptor table, task state segment, and what `cpu.rs` calls `CpuPage`.
cpu_pages:
.global cpu_pages
gdt:
tss = gdt + TSS_OFFSET
cpu_data = gdt + DATA_OFFSET
gdt_end = gdt + 80
ring0_stack_top = ring0_stacks + 4096
    .set cpu, 0
    .rept CPUS
    .org CPU_PAGE * cpu
    .quad 0
    .quad 0
    .quad 0x00af9b000000ffff            # 0x10: 64-bit code, ring 0
    .quad 0x00cf93000000ffff            # 0x18: data, ring 0
    .quad 0
    .quad 0x00cff3000000ffff            # 0x2b: data, ring 3
    .quad 0x00affb000000ffff            # 0x33: 64-bit code, ring 3
    .quad 0
    # 0x40: task state segment, available; 16 bytes
    .quad 0x0000890000000000 + ((TABLES + CPU_PAGE * cpu + TSS_OFFSET) << 16) + TSS_SIZE - 1
    .quad 0

    .org CPU_PAGE * cpu + TSS_OFFSET
    .long 0
    .quad ring0_stacks + 4096 * (cpu + 1)   # rsp0: every gate to ring 0
    .quad 0
    .quad 0
    .quad 0
    .quad fault_stacks + 4096 * (cpu + 1)   # ist1: double fault and NMI, whatever the other stacks hold
    .zero 6 * 8
    .quad 0
    .short 0
    .short 104                          # offset of the I/O permission bitmap
    .zero 512                           # ports 0 to 0xfff are open to ring 3
    .byte 0xff

    # Where gs points: `CpuData`.
    .org CPU_PAGE * cpu + DATA_OFFSET
    .long cpu
    .long 0
    .quad report_stacks + REPORT_STACK * (cpu + 1)
    .set cpu, cpu + 1
    .endr

# Identity map of the first 4 GiB, and of the GiB at 256 GiB that 64-bit BARs may have; every level open to ring 3. Accessed
# and dirty are set from the start, so that the processor has nothing to write here. The last of the first 4 GiB, where the
# hole for devices is, and the one for BARs are uncached.
.set TABLE, 0x27                        # present, writable, user, accessed
.set SMALL, 0x67                        # and dirty
.set LARGE, 0xe7                        # and 2 MiB
.set DEVICE, 0xff                       # and write-through, cache-disable

    .org CPU_PAGE * CPUS
pml4:
    .quad pdpt + TABLE
    .org CPU_PAGE * CPUS + 0x1000
pdpt:
    .quad page_directories + TABLE
    .quad page_directories + 0x1000 + TABLE
    .quad page_directories + 0x2000 + TABLE
    .quad page_directories + 0x3000 + TABLE
    .org CPU_PAGE * CPUS + 0x1000 + 8 * 256
    .quad bar_directory + TABLE
    .org CPU_PAGE * CPUS + 0x2000
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
bar_directory:
    .set page, 256 << 30
    .rept 512
    .quad page + DEVICE
    .set page, page + 0x200000
    .endr
# The first 2 MiB in small pages: page 0 (null pointers) and the pages below the stacks are not present.
page_table:
    .set page, 0
    .set guard, GUARD_PAGES
    .rept 512
    .if page == guard && page < GUARD_PAGES + STACK + (CPUS - 1) * STACK_STRIDE
    .if page == GUARD_PAGES
    .set guard, page + STACK
    .else
    .set guard, page + STACK_STRIDE
    .endif
    .quad 0
    .elseif page == 0
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

# Of each processor: the stacks of ring 0; and the one on which ring 3 writes the report of an exception.
.section .bss.stacks, "aw", @nobits
    .balign 16
ring0_stacks:
    .zero 4096 * CPUS
fault_stacks:
    .zero 4096 * CPUS
report_stacks:
    .zero REPORT_STACK * CPUS

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
