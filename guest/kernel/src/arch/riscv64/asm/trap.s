# Interrupts and exceptions, on a stack of their own, whose top is in mscratch; 0 there says that it is in use.

.section .text.trap, "ax", @progbits
.option arch, +f, +d

# Stores or loads what a function may change of the floating-point registers.
.macro floats operation
    \operation f0, 0x120(sp)
    \operation f1, 0x128(sp)
    \operation f2, 0x130(sp)
    \operation f3, 0x138(sp)
    \operation f4, 0x140(sp)
    \operation f5, 0x148(sp)
    \operation f6, 0x150(sp)
    \operation f7, 0x158(sp)
    \operation f10, 0x160(sp)
    \operation f11, 0x168(sp)
    \operation f12, 0x170(sp)
    \operation f13, 0x178(sp)
    \operation f14, 0x180(sp)
    \operation f15, 0x188(sp)
    \operation f16, 0x190(sp)
    \operation f17, 0x198(sp)
    \operation f28, 0x1a0(sp)
    \operation f29, 0x1a8(sp)
    \operation f30, 0x1b0(sp)
    \operation f31, 0x1b8(sp)
.endm

    .balign 4
.global trap
trap:
    csrrw sp, mscratch, sp
    beqz sp, twice
    addi sp, sp, -{frame}
    # Builds `Frame`: all registers, then those of the trap. The stack pointer is in mscratch.
    sd x1, 0x0(sp)
    sd x3, 0x10(sp)
    sd x4, 0x18(sp)
    sd x5, 0x20(sp)
    sd x6, 0x28(sp)
    sd x7, 0x30(sp)
    sd x8, 0x38(sp)
    sd x9, 0x40(sp)
    sd x10, 0x48(sp)
    sd x11, 0x50(sp)
    sd x12, 0x58(sp)
    sd x13, 0x60(sp)
    sd x14, 0x68(sp)
    sd x15, 0x70(sp)
    sd x16, 0x78(sp)
    sd x17, 0x80(sp)
    sd x18, 0x88(sp)
    sd x19, 0x90(sp)
    sd x20, 0x98(sp)
    sd x21, 0xa0(sp)
    sd x22, 0xa8(sp)
    sd x23, 0xb0(sp)
    sd x24, 0xb8(sp)
    sd x25, 0xc0(sp)
    sd x26, 0xc8(sp)
    sd x27, 0xd0(sp)
    sd x28, 0xd8(sp)
    sd x29, 0xe0(sp)
    sd x30, 0xe8(sp)
    sd x31, 0xf0(sp)
    csrrw t0, mscratch, zero
    sd t0, 0x08(sp)
    csrr t0, mcause
    bgez t0, exception

    # What a function may change of the floating point: Rust uses it as it likes.
    floats fsd
    csrr t1, fcsr
    sd t1, 0x1c0(sp)
    mv a0, t0
    call {interrupt}
    ld t1, 0x1c0(sp)
    csrw fcsr, t1
    floats fld
    ld x1, 0x0(sp)
    ld x5, 0x20(sp)
    ld x6, 0x28(sp)
    ld x7, 0x30(sp)
    ld x10, 0x48(sp)
    ld x11, 0x50(sp)
    ld x12, 0x58(sp)
    ld x13, 0x60(sp)
    ld x14, 0x68(sp)
    ld x15, 0x70(sp)
    ld x16, 0x78(sp)
    ld x17, 0x80(sp)
    ld x28, 0xd8(sp)
    ld x29, 0xe0(sp)
    ld x30, 0xe8(sp)
    ld x31, 0xf0(sp)
    # Back: this stack's top into mscratch, and the other stack.
    addi sp, sp, {frame}
    csrw mscratch, sp
    ld sp, ({sp} - {frame})(sp)
    mret

exception:
    sd t0, 0xf8(sp)
    csrr t0, mepc
    sd t0, 0x100(sp)
    csrr t0, mtval
    sd t0, 0x108(sp)
    csrr t0, mstatus
    sd t0, 0x110(sp)
    mv a0, sp
    mv s0, zero
    call {exception}

# An exception in a report of one: nothing more can be said.
twice:
    la sp, __report_stack_top
    li a0, {exit_exception}
    call {end}
