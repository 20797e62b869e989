@ What runs in AArch32 below "below": entries are at the start. Results go, 64 bits each, through r7, as those of AArch64 do.
    .syntax unified
    .arch armv8-a
    .arch_extension sec
    .arch_extension virt
    .fpu crypto-neon-fp-armv8
    .equ ABT, 0x17
    .equ UND, 0x1b
    .equ SVC, 0x13
    .macro log reg
    str \reg, [r7], #4
    str r11, [r7], #4
    .endm
    .macro mark number
    ldr r4, =(0xaa000000 | \number)
    log r4
    .endm
    .macro logcpsr
    mrs r4, cpsr
    log r4
    .endm
    .macro pool
    b 6f
    .ltorg
6:
    .endm
    .text
    .arm
    b kernel
    b traps
    b program
    b secure
    b aborts
    b walks
    @ of the kernel at EL1
    .balign 32
vectors:
    b vectors
    b undefined
    b call
    b prefetch
    b data
    b vectors
    b vectors
    b vectors
undefined:
    ldr r4, =0xee000001
    log r4
    mrs r4, cpsr
    log r4
    mrs r4, spsr
    log r4
    log lr
    tst r4, #(1 << 20)
    bicne r4, r4, #(1 << 20)
    msrne spsr_cxsf, r4
    subne lr, lr, #4
    movs pc, lr
call:
    ldr r4, =0xee000002
    log r4
    mrs r4, cpsr
    log r4
    mrs r4, spsr
    log r4
    log lr
    movs pc, lr
prefetch:
    ldr r4, =0xee000003
    log r4
    mrs r4, spsr
    log r4
    log lr
    mrc p15, 0, r4, c5, c0, 1
    log r4
    mrc p15, 0, r4, c6, c0, 2
    log r4
    movs pc, lr
data:
    ldr r4, =0xee000004
    log r4
    mrs r4, spsr
    log r4
    log lr
    mrc p15, 0, r4, c5, c0, 0
    log r4
    mrc p15, 0, r4, c6, c0, 0
    log r4
    subs pc, lr, #4
    .ltorg

kernel:
    mov r11, #0
    logcpsr
    ldr r0, =vectors
    mcr p15, 0, r0, c12, c0, 0
    mrc p15, 0, r1, c12, c0, 0
    log r1
    mrc p15, 0, r1, c1, c0, 0
    log r1
    svc #1
    .word 0xe7f000f0
    hvc #2
    smc #3
    moveq r0, r0
    cmp r0, r0
    smceq #4
    smcne #5
    mrc p15, 4, r0, c1, c1, 0
    mrc p15, 0, r0, c1, c1, 0
    mrc p15, 0, r0, c12, c0, 1
    mcr p15, 0, r0, c1, c1, 2
    mrc p15, 0, r1, c1, c1, 2
    log r1
    @ modes that there are not, and one that is not allowed
    cps #0x15
    nop
    logcpsr
    cps #0x1a
    nop
    cps #0x16
    nop
    logcpsr
    ldr r0, =0x601000d3
    msr spsr_cxsf, r0
    ldr lr, =1f
    movs pc, lr
    .ltorg
1:  nop
    logcpsr
    @ every banked register by name, and all modes
    ldr r0, =0x11110000
    .irp mode, 0x11, 0x12, 0x17, 0x1b, 0x1f
    cps #\mode
    add r0, r0, #0x10
    mov sp, r0
    add lr, r0, #1
    .endr
    cps #0x11
    mov r8, #8
    mov r9, #9
    mov r10, #10
    mov r11, #0
    mov r12, #12
    cps #SVC
    ldr r0, =0x22220000
    msr spsr_fiq, r0
    add r0, r0, #1
    msr spsr_irq, r0
    add r0, r0, #1
    msr spsr_abt, r0
    add r0, r0, #1
    msr spsr_und, r0
    mrs r1, sp_usr
    log r1
    mrs r1, r8_fiq
    log r1
    ldr sp, =0x13131313
    ldr lr, =0x14141414
    ldr r0, =0x33330000
    msr spsr_cxsf, r0
    mcr p15, 0, r0, c3, c0, 0
    mcr p15, 0, r0, c5, c0, 1
    add r0, r0, #0x100
    mcr p15, 0, r0, c6, c0, 0
    add r0, r0, #0x100
    mcr p15, 0, r0, c6, c0, 2
    add r0, r0, #0x100
    mcr p15, 0, r0, c10, c2, 0
    add r0, r0, #0x100
    mcr p15, 0, r0, c10, c2, 1
    add r0, r0, #0x100
    mcr p15, 0, r0, c13, c0, 1
    add r0, r0, #0x100
    mcr p15, 0, r0, c13, c0, 2
    add r0, r0, #0x100
    mcr p15, 0, r0, c13, c0, 3
    add r0, r0, #0x100
    mcr p15, 0, r0, c13, c0, 4
    ldr r0, =0x44440000
    ldr r1, =0x55
    mcrr p15, 0, r0, r1, c2
    add r0, r0, #0x1000
    mcrr p15, 1, r0, r1, c2
    mcrr p15, 0, r0, r1, c7
    mov r0, #0x00f00000
    mcr p15, 0, r0, c1, c0, 2
    isb
    mov r0, #0x40000000
    vmsr fpexc, r0
    vmov.i32 q1, #0x55
    pool
    blx 2f
    .thumb
2:  svc #6
    udf #7
    cmp r0, r0
    itt eq
    addeq r0, r0, #1
    smceq #8
    hvc #9
    .balign 4
    bx pc
    nop
    .arm
    hvc #0xff
    .ltorg

traps:
    mark 2
    wfi
    wfe
    mrc p15, 0, r0, c0, c0, 1
    mrc p15, 0, r0, c0, c0, 2
    mrc p15, 0, r1, c0, c0, 3
    mrc p15, 0, r2, c0, c1, 0
    mrc p15, 0, r3, c0, c2, 0
    mrc p15, 1, r0, c0, c0, 0
    mrc p15, 1, r0, c0, c0, 1
    mrc p15, 2, r0, c0, c0, 0
    mrc p15, 1, r0, c0, c0, 7
    mrc p15, 0, r0, c1, c0, 1
    mcr p15, 0, sp, c1, c0, 0
    mrc p15, 0, lr, c2, c0, 0
    mcrr p15, 0, r2, sp, c2
    mrrc p15, 1, r5, lr, c2
    mcr p15, 0, r3, c2, c0, 2
    mcr p15, 0, r3, c3, c0, 0
    mcr p15, 0, r3, c5, c0, 0
    mrc p15, 0, r3, c5, c0, 1
    mrc p15, 0, r3, c5, c1, 0
    mcr p15, 0, r3, c6, c0, 0
    mrc p15, 0, r3, c6, c0, 2
    mcr p15, 0, r3, c10, c2, 0
    mcr p15, 0, r3, c10, c2, 1
    mcr p15, 0, r3, c10, c3, 0
    mcr p15, 0, r3, c13, c0, 1
    mcr p15, 0, r3, c7, c6, 2
    mcr p15, 0, r3, c7, c10, 2
    mcr p15, 0, r3, c7, c5, 0
    mcr p15, 0, r3, c8, c7, 0
    mcr p15, 0, r3, c8, c3, 1
    mrc p15, 0, r3, c9, c12, 0
    mrc p15, 0, r3, c9, c13, 0
    mrc p15, 0, r3, c1, c0, 2
    smc #1
    mrrc p15, 0, r1, r2, c14
    cps #0x11
    mrc p15, 0, r8, c1, c0, 0
    mrc p15, 0, lr, c1, c0, 0
    cps #SVC
    vmov s0, r0
    blx 2f
    .thumb
2:  wfi
    wfe.w
    mrc p15, 0, r0, c1, c0, 0
    .balign 4
    bx pc
    nop
    .arm
    hvc #0xff
    .ltorg

    @ below a kernel in AArch64
program:
    mov r11, #0
    mark 3
    logcpsr
    svc #1
    .word 0xe7f000f0
    bkpt #2
    smc #3
    mrc p15, 0, r0, c1, c0, 0
    mrc p15, 0, r0, c0, c0, 0
    mrc p15, 0, r0, c13, c0, 3
    log r0
    mcr p15, 0, r0, c13, c0, 3
    mcr p15, 0, r0, c13, c0, 2
    mrc p15, 0, r1, c13, c0, 2
    log r1
    mrc p15, 0, r0, c9, c12, 0
    mrrc p15, 1, r0, r1, c14
    mrc p15, 0, r2, c14, c3, 1
    wfi
    wfe
    mrs r0, cpsr
    bic r0, r0, #0xdf
    orr r0, r0, #0x13
    msr cpsr_cxsf, r0
    logcpsr
    cpsid aif
    cps #0x13
    logcpsr
    msr cpsr_f, #0xf0000000
    logcpsr
    vmov s0, r0
    vmrs r0, fpscr
    ldr r0, =0x1002
    ldrex r1, [r0]
    ldrd r2, r3, [r0]
    blx 2f
    .thumb
2:  svc #4
    udf #5
    wfi
    wfe.w
    itet eq
    moveq r0, r0
    svcne #7
    svceq #8
    logcpsr
    mov r0, #0xff
    svc #0xff
    .ltorg
    .arm

secure:
    mov r11, #0
    mark 4
    logcpsr
    mrc p15, 0, r0, c1, c1, 0
    mcr p15, 0, r0, c1, c1, 0
    mrc p15, 0, r0, c12, c0, 1
    cps #0x16
    nop
    hvc #1
    smc #2
    mov r0, #0xff
    smc #0
    .ltorg

    @ what stage 2 does not map
aborts:
    mark 5
    ldr r0, =0xa0000000
    ldr r1, [r0]
    str r2, [r0, #8]
    ldrb r3, [r0, #1]
    ldrsh r4, [r0, #2]
    strh r5, [r0, #4]
    ldrsb r6, [r0, #5]
    mov r6, #0
    ldr r9, [r0, r11]
    ldr r1, [r0], #4
    ldmia r0, {r1, r2}
    ldrd r2, r3, [r0]
    ldrex r1, [r0]
    @ (QEMU does not tell banked registers by their numbers in AArch64)
    blx 2f
    .thumb
2:  ldr r1, [r0]
    ldrh r2, [r0, #2]
    strb r3, [r0, r6]
    ldrsh r4, [r0, r6]
    ldr.w r12, [r0, #16]
    strh.w r5, [r0, r6, lsl #1]
    ldrsb.w r8, [r0, #-4]
    ldr r1, [r0], #4
    .balign 4
    bx pc
    nop
    .arm
    hvc #0xff
    .ltorg

    @ short descriptors below stage 2; r8: the table, which AArch64 has made
walks:
    mark 6
    mov r0, #0x15
    mcr p15, 0, r0, c3, c0, 0
    mov r0, #0
    mcr p15, 0, r0, c2, c0, 2
    mcr p15, 0, r8, c2, c0, 0
    mrc p15, 0, r0, c1, c0, 0
    orr r0, r0, #1
    mcr p15, 0, r0, c1, c0, 0
    isb
    ldr r0, =0x50000000
    ldr r1, [r0]
    log r1
    ldr r1, [r0, r11]!
    add r0, r0, #0x100000
    ldr r1, [r0]
    log r1
    add r0, r0, #0x100000
    ldr r1, [r0]
    add r0, r0, #0x100000
    ldr r1, [r0]
    @ (QEMU tells the level of stage 1 when stage 2 does not map a table)
    add r0, r0, #0x200000
    ldr r1, [r0]
    ldr r0, =0x50000000
    mcr p15, 0, r0, c7, c8, 0
    isb
    mrc p15, 0, r4, c7, c4, 0
    ldr r5, =0xfffff003
    and r4, r4, r5
    log r4
    ldr r3, =0x50200000
    mcr p15, 0, r3, c7, c8, 1
    isb
    mrc p15, 0, r4, c7, c4, 0
    log r4
    hvc #0xff
    .ltorg
