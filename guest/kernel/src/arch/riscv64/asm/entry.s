# From the loader to Rust.

.section .text.entry, "ax", @progbits

# In: machine mode, interrupts off, a0 = number of the processor, a1 = address of the device tree. No stack.
.global entry
entry:
    bnez a0, 1f
    li t0, 3 << 13                      # mstatus: the floating point is on
    csrs mstatus, t0
    csrwi 0x003, 0                      # fcsr
    la t0, trap
    csrw mtvec, t0
    la t0, __report_stack_top
    csrw mscratch, t0

    # Two pages that nobody may touch, machine mode included: that of null pointers, and the one below the stack.
    li t0, 0x1ff                        # 4 KiB from address 0
    csrw pmpaddr0, t0
    la t0, __guard_page
    srli t0, t0, 2
    ori t0, t0, 0x1ff
    csrw pmpaddr1, t0
    li t0, 0x9898                       # locked, a power of two, no access
    csrw pmpcfg0, t0

    la sp, __stack_top
    csrsi mstatus, 8                    # interrupts on: none arrives before one is enabled
    mv s0, zero
    mv ra, zero
    mv a0, a1
    call {kernel_main}
1:
    wfi                                 # another processor than the first: nobody waits for it
    j 1b
