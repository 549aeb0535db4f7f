// From the loader to Rust.

.section .text.entry, "ax", @progbits

// In: EL1 or EL2, MMU and caches off, interrupts off; x0 = address of the device tree, or 0. No stack.
.global entry
entry:
    mov x19, x0
    mrs x0, mpidr_el1
    tst x0, #0xffff
    b.ne 3f                             // another processor than the first: nobody waits for it
    mrs x0, CurrentEL
    cmp x0, #(2 << 2)
    b.ne 1f
    // Down from EL2, which keeps nothing to itself.
    mov x0, #1 << 31                    // HCR_EL2: EL1 is of 64 bits
    msr hcr_el2, x0
    mov x0, #3                          // CNTHCTL_EL2: counter and timer
    msr cnthctl_el2, x0
    msr cntvoff_el2, xzr
    mov x0, #0x33ff                     // CPTR_EL2: no trap of the floating point
    msr cptr_el2, x0
    ldr x0, ={sctlr_off}
    msr sctlr_el1, x0
    mov x0, #0x3c5                      // SPSR_EL2: EL1 on its own stack, interrupts off
    msr spsr_el2, x0
    adr x0, 1f
    msr elr_el2, x0
    eret
1:
    mov x0, #3 << 20                    // CPACR_EL1: no trap of the floating point
    msr cpacr_el1, x0

    // Memory with caches, by the tables in the image. Before this, no atomic instruction may be used, nor an access be unaligned.
    ldr x0, ={mair}
    msr mair_el1, x0
    mrs x1, id_aa64mmfr0_el1
    and x1, x1, #7                      // as many bits of physical address as the processor has
    ldr x0, ={tcr}
    orr x0, x0, x1, lsl #32
    msr tcr_el1, x0
    adrp x0, table0
    msr ttbr0_el1, x0
    tlbi vmalle1
    ic iallu
    dsb sy
    isb
    ldr x0, ={sctlr_on}
    msr sctlr_el1, x0
    isb

    adr x0, vectors
    msr vbar_el1, x0
    // Exceptions have the stack of EL1 to themselves; the kernel is on the other one.
    ldr x0, =__report_stack_top
    msr spsel, #1
    mov sp, x0
    msr spsel, #0
    ldr x0, =__stack_top
    mov sp, x0
    isb
    msr daifclr, #2                     // interrupts on: none arrives before their controller is enabled
    mov x29, xzr
    mov x30, xzr
    mov x0, x19
    bl {kernel_main}
3:
    wfi
    b 3b
    .ltorg
