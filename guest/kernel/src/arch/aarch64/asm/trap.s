// Interrupts and exceptions, all on the stack of EL1, while the kernel is on the other one.

.section .text.trap, "ax", @progbits

.macro vector target
    .balign 0x80
    b \target
.endm

    .balign 0x800
.global vectors
vectors:
    // From the kernel.
    vector exception
    vector interrupt
    vector exception
    vector exception
    // From a report of an exception, whose stack this is: nothing more can be said.
    vector twice
    vector twice
    vector twice
    vector twice
    // From below, where nothing is.
    .rept 8
    vector twice
    .endr

// Stores or loads x0 to x17, at the stack pointer.
.macro low operation
    \operation x0, x1, [sp, #0x00]
    \operation x2, x3, [sp, #0x10]
    \operation x4, x5, [sp, #0x20]
    \operation x6, x7, [sp, #0x30]
    \operation x8, x9, [sp, #0x40]
    \operation x10, x11, [sp, #0x50]
    \operation x12, x13, [sp, #0x60]
    \operation x14, x15, [sp, #0x70]
    \operation x16, x17, [sp, #0x80]
.endm

// Stores or loads the vector registers, at x0.
.macro vectors_at_x0 operation
    \operation q0, q1, [x0, #0x00]
    \operation q2, q3, [x0, #0x20]
    \operation q4, q5, [x0, #0x40]
    \operation q6, q7, [x0, #0x60]
    \operation q8, q9, [x0, #0x80]
    \operation q10, q11, [x0, #0xa0]
    \operation q12, q13, [x0, #0xc0]
    \operation q14, q15, [x0, #0xe0]
    \operation q16, q17, [x0, #0x100]
    \operation q18, q19, [x0, #0x120]
    \operation q20, q21, [x0, #0x140]
    \operation q22, q23, [x0, #0x160]
    \operation q24, q25, [x0, #0x180]
    \operation q26, q27, [x0, #0x1a0]
    \operation q28, q29, [x0, #0x1c0]
    \operation q30, q31, [x0, #0x1e0]
.endm

// What a function may change is saved: Rust uses the vector registers as it likes.
interrupt:
    sub sp, sp, #({saved} + 512)
    low stp
    stp x18, x29, [sp, #0x90]
    mrs x0, fpsr
    stp x30, x0, [sp, #0xa0]
    add x0, sp, #{saved}
    vectors_at_x0 stp
    bl {interrupt}
    add x0, sp, #{saved}
    vectors_at_x0 ldp
    ldp x30, x0, [sp, #0xa0]
    msr fpsr, x0
    ldp x18, x29, [sp, #0x90]
    low ldp
    add sp, sp, #({saved} + 512)
    eret

// Builds `Frame`; the end of the run.
exception:
    sub sp, sp, #{frame}
    low stp
    stp x18, x19, [sp, #0x90]
    stp x20, x21, [sp, #0xa0]
    stp x22, x23, [sp, #0xb0]
    stp x24, x25, [sp, #0xc0]
    stp x26, x27, [sp, #0xd0]
    stp x28, x29, [sp, #0xe0]
    mrs x0, sp_el0
    stp x30, x0, [sp, #0xf0]
    mrs x0, elr_el1
    mrs x1, spsr_el1
    stp x0, x1, [sp, #0x100]
    mrs x0, esr_el1
    mrs x1, far_el1
    stp x0, x1, [sp, #0x110]
    mov x0, sp
    mov x29, xzr
    bl {exception}

twice:
    mov x0, #{exit_exception}
    bl {end}
