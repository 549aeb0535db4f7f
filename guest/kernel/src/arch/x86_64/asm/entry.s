# The two ways in. `kernel_main(mailbox)` runs in ring 3 in both; a mailbox of 0 says that the start information of
# PVH tells where it is.

.section .note.Xen, "a", @note
    .balign 4
    .long 4, 4, 18                      # XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long pvh_entry

.section .note.Parakit, "a", @note
    .balign 4
    .long 8, {note_size}, {note_type}
    .asciz "Parakit"
    .quad {note_version}
    .quad ring3_entry
    .quad __stack_top
    .quad idt
    .quad gdt
    .quad gdt_end - gdt - 1
    .quad tss
    .quad TSS_SIZE - 1
    .quad pml4
    .quad CPUS
    .quad CPU_PAGE
    .quad STACK_STRIDE
    .quad cpu_data

.section .text.entry, "ax", @progbits

# In: 32-bit protected mode, ring 0, no paging, interrupts off, ebx = address of hvm_start_info. No stack.
# Only plain moves: this part is emulated on some hosts.
.code32
.global pvh_entry
pvh_entry:
    cld
    mov dword ptr [{start_info}], ebx
    lgdt [gdt_pointer]
    mov eax, offset pml4
    mov cr3, eax
    mov eax, 0x620                      # CR4: PAE, OSFXSR, OSXMMEXCPT
    mov cr4, eax
    mov ecx, 0xc0000080                 # EFER
    rdmsr
    or eax, 0x100                       # long mode enable
    wrmsr
    mov eax, 0x80010033                 # CR0: PE, MP, ET, NE, WP, PG
    mov cr0, eax
    # A far return, not a far jump: assemblers disagree about how to write the jump.
    mov esp, offset ring0_stack_top
    push {kernel_code}
    mov eax, offset long_mode
    push eax
    retf

.code64
long_mode:
    mov al, 0xff                        # firmware may have left the old interrupt controllers at work,
    out 0x21, al                        # whose vectors are those of exceptions
    out 0xa1, al
    mov eax, {kernel_data}
    mov ss, eax
    mov eax, {user_data}
    mov ds, eax
    mov es, eax
    xor eax, eax
    mov fs, eax
    mov gs, eax
    mov ecx, 0xc0000101                 # GS base, which the load of gs has cleared
    mov eax, offset cpu_data
    xor edx, edx
    wrmsr
    mov eax, {tss_selector}
    ltr ax
    lidt [idt_pointer]
    mov rsp, offset ring0_stack_top
    xor edi, edi
    xor esi, esi
    push {user_data}
    push offset __stack_top
    push 0x202                          # interrupts on: none arrives before the local APIC is enabled
    push {user_code}
    push offset ring3_entry
    iretq

# In: 64-bit ring 3, rdi = address of the mailbox or 0, rsi = number of the processor, rsp = top of its stack, gs = its data.
.global ring3_entry
ring3_entry:
    cld
    xor ebp, ebp
    test esi, esi
    jnz 1f
    call {kernel_main}
    ud2
1:
    mov edi, esi
    call {processor_main}
    ud2
