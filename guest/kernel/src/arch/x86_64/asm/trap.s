# Interrupts and exceptions.
#
# An interrupt that arrives in ring 3 goes through a trap gate of `idt` straight to its stub below, in ring 3. While
# ring 0 is halted, the same stubs are reached through the ring 0 gates of `halt_idt`: a gate cannot lower privilege
# on VMX or SVM. The stubs therefore use nothing that ring 3 may not do.
#
# An exception is the end of the run. Its gates lead to ring 0, which has a stack of its own (the fault may be a stack
# overflow) and can read CR2; it saves the registers and hands over to ring 3, which writes the report.

.section .text.trap, "ax", @progbits

# One stub of 16 bytes a vector from 32 to 255. What they count is the processor's own: `CpuData`, at gs.
    .balign 16
.global interrupt_stubs
interrupt_stubs:
    .set vector, 32
    .rept 224
    .balign 16
    inc dword ptr gs:[{counts} + 4 * vector]
    .if vector >= {first_level} && vector <= {last_level}
    jmp level
    .else
    jmp interrupt
    .endif
    .set vector, vector + 1
    .endr

interrupt:
    inc dword ptr gs:[{total}]
    push rax
    mov eax, 0xfee000b0                 # end of interrupt
    mov dword ptr [rax], 0
    pop rax
    iretq

# The line of a level-triggered interrupt is still asserted here: ended now, it would come again at once. It is ended when the
# processor waits for the next one, which is after the driver has looked at the device.
level:
    inc dword ptr gs:[{total}]
    mov dword ptr gs:[{pending}], 1
    iretq

# Spurious interrupts have no end of interrupt.
.global spurious_stub
spurious_stub:
    iretq

# fn wait_interrupt(total: u32): returns after an interrupt, at once if `total` has moved on.
# `hlt` faults in ring 3; the gate of the general protection fault knows this address.
.global wait_interrupt
wait_interrupt:
    hlt
    ret

.global general_protection_stub
general_protection_stub:
    cmp qword ptr [rsp + 8], offset wait_interrupt
    jne 2f
    # Interrupts are off from the gate to `sti`, whose shadow covers `hlt`: none can arrive between the comparison
    # and the halt.
    cmp dword ptr gs:[{total}], edi
    jne 1f
    lidt [halt_idt_pointer]
    sti
    hlt
    cli
    lidt [idt_pointer]
1:
    inc qword ptr [rsp + 8]             # past the hlt
    add rsp, 8
    iretq
# Ring 3 may use the ports: the bitmap of the TSS says so. In QEMU's emulation of SVM they fault all the same where the vCPU was started
# with its TSS loaded, since that one is marked busy, and QEMU reads the bitmap of no busy TSS. So it is done here.
2:
    test byte ptr [rsp + 16], 3
    jz 9f
    push rbx
    mov rbx, qword ptr [rsp + 16]
    movzx ebx, word ptr [rbx]
    cmp bl, 0xee
    je 3f
    cmp bl, 0xef
    je 4f
    cmp bl, 0xec
    je 5f
    cmp bl, 0xed
    je 6f
    cmp ebx, 0xef66
    je 7f
    cmp ebx, 0xed66
    je 10f
    pop rbx
9:
    push 13
    jmp exception
3:
    out dx, al
    jmp 8f
4:
    out dx, eax
    jmp 8f
5:
    in al, dx
    jmp 8f
6:
    in eax, dx
    jmp 8f
7:
    out dx, ax
    jmp 11f
10:
    in ax, dx
11:
    inc qword ptr [rsp + 16]            # past the prefix
8:
    inc qword ptr [rsp + 16]            # past the instruction
    pop rbx
    add rsp, 8
    iretq

# One stub of 16 bytes a vector from 0 to 31; a zero stands for the error code where there is none.
    .balign 16
.global exception_stubs
exception_stubs:
    .set vector, 0
    .rept 32
    .balign 16
    .if (0x60227d00 >> vector) & 1 == 0
    push 0
    .endif
    push (vector)
    jmp exception
    .set vector, vector + 1
    .endr

# Builds `ExceptionFrame` and leaves for ring 3.
exception:
    push rax
    push rcx
    push rdx
    push rbx
    push rbp
    push rsi
    push rdi
    push r8
    push r9
    push r10
    push r11
    push r12
    push r13
    push r14
    push r15
    mov rax, cr2
    push rax
    mov rdi, rsp
    push {user_data}
    push qword ptr gs:[{report_stack}]
    push 0x2                            # interrupts off: nothing else happens in this run
    push {user_code}
    push offset exception_entry
    iretq

# Ring 3, on the report stack, rdi = address of the frame.
exception_entry:
    cld
    xor ebp, ebp
    call {exception_report}
    ud2
