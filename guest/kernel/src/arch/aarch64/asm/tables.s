// Page tables: 48 bits of address, pages of 4 KiB, the first TiB onto itself.
//
//   0          2 MiB that are not mapped: null pointers fault
//   2 MiB      registers, up to 1 GiB
//   1 GiB      2 MiB with the device tree, 2 MiB that are not mapped (below the stack), RAM up to 2 GiB
//   128 GiB    the RAM of 1 to 2 GiB once more, past the caches: for devices that do not see through them
//   elsewhere  registers, a GiB at a time, when somebody asks for them (`memory.rs`)

.set TABLE, 3
.set NORMAL, 0x701                      // block, accessed, inner shareable, MAIR 0: write-back
.set UNCACHED, 0x60000000000705         // block, accessed, inner shareable, MAIR 1, never executed
.set DEVICE, 0x60000000000409           // block, accessed, MAIR 2, never executed

.global table0, table1, table1_high

.section .tables, "aw", @progbits
    .balign 4096
table0:
    .quad table1 + TABLE
    .quad table1_high + TABLE
    .balign 4096
table1:
    .quad registers_table + TABLE
    .quad ram_table + TABLE
    .org table1 + 8 * ({uncached} >> 30)
    .quad 0
    .quad (1 << 30) + UNCACHED
    .balign 4096
table1_high:
    .zero 4096
registers_table:
    .quad 0
    .set page, 2 << 20
    .rept 511
    .quad page + DEVICE
    .set page, page + (2 << 20)
    .endr
ram_table:
    .quad (1 << 30) + NORMAL
    .quad 0
    .set page, (1 << 30) + (4 << 20)
    .rept 510
    .quad page + NORMAL
    .set page, page + (2 << 20)
    .endr
