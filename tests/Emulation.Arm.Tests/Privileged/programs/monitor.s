@ The Security Extensions: Monitor mode, banked registers, what the Non-secure state may do. Vectors 1 are Secure, 2 Non-secure, 3 those of Monitor mode.
    .arch armv7ve
    .fpu neon-vfpv4
    .include "common32.inc"
    logcpsr
    logcp 0, c1, c1, 0
    logcp 0, c1, c1, 1
    logcp 0, c1, c1, 2
    logcp 0, c1, c0, 0
    setcp vectors1, 0, c12, c0, 0
    setcp vectors3, 0, c12, c0, 1
    logcp 0, c12, c0, 0
    logcp 0, c12, c0, 1
    stack MON, 0x100, SVC
    stack UND, 0x200, SVC
    stack ABT, 0x300, SVC
    stack FIQ, 0x400, SVC
    stack IRQ, 0x500, SVC
    ldr sp, =(STACKS + 0x600)
    pool
    mark 1
    svc #1
    .word 0xe7f000f0
    smc #2
    logcpsr
    @ banked registers by name: none without Hyp mode
    ldr r0, =0x1234
    msr spsr_mon, r0
    mrs r1, spsr_mon
    log r1
    mrs r1, sp_mon
    log r1
    msr lr_mon, r0
    mrs r1, lr_mon
    log r1
    @ srs to its stack
    ldr r0, =0x600001d3
    msr spsr_cxsf, r0
    ldr lr, =0x55667788
    srsdb sp!, #MON
    ldr r1, =(STACKS + 0xf8)
    ldr r2, [r1]
    log r2
    ldr r2, [r1, #4]
    log r2
    pool
    mark 2
    @ into Monitor mode by cps, msr and rfe, and out of it
    cps #MON
    logcpsr
    log sp
    cps #SVC
    logcpsr
    mrs r0, cpsr
    bic r0, r0, #0x1f
    orr r0, r0, #MON
    msr cpsr_c, r0
    logcpsr
    mark 3
    @ both banks: the Secure one is written while SCR.NS is 0
    .macro bank opc1, crn, crm, opc2, secure, other
    setcp \secure, \opc1, \crn, \crm, \opc2
    mov r0, #1
    mcr p15, 0, r0, c1, c1, 0
    isb
    mrc p15, \opc1, r1, \crn, \crm, \opc2
    log r1
    setcp \other, \opc1, \crn, \crm, \opc2
    mrc p15, \opc1, r1, \crn, \crm, \opc2
    log r1
    mov r0, #0
    mcr p15, 0, r0, c1, c1, 0
    isb
    mrc p15, \opc1, r1, \crn, \crm, \opc2
    log r1
    .endm
    bank 0, c2, c0, 0, 0x40400000, 0x40404000
    bank 0, c2, c0, 1, 0x40408000, 0x4040c000
    bank 0, c2, c0, 2, 1, 2
    bank 0, c3, c0, 0, 0x55555555, 0x11111111
    bank 0, c5, c0, 0, 0x801, 0x802
    bank 0, c5, c0, 1, 5, 7
    bank 0, c6, c0, 0, 0x11110000, 0x22220000
    bank 0, c6, c0, 2, 0x33330000, 0x44440000
    pool
    bank 0, c7, c4, 0, 0x1000, 0x2000
    bank 0, c10, c2, 0, 0x98aa4, 0x98aa5
    bank 0, c10, c2, 1, 0x44e048e0, 0x44e048e1
    bank 0, c12, c0, 0, vectors1, vectors2
    bank 0, c13, c0, 1, 0x101, 0x202
    bank 0, c13, c0, 2, 0x1111, 0x2222
    bank 0, c13, c0, 3, 0x3333, 0x4444
    bank 0, c13, c0, 4, 0x5555, 0x6666
    bank 2, c0, c0, 0, 0, 2
    pool
    bank 0, c1, c0, 0, 0x00c51078, 0x00c50878
    bank 0, c14, c2, 1, 2, 3
    bank 0, c14, c2, 1, 0, 0
    pool
    .macro bank64 opc1, crm, low, high
    ldr r4, =\low
    ldr r5, =\high
    mcrr p15, \opc1, r4, r5, \crm
    mov r0, #1
    mcr p15, 0, r0, c1, c1, 0
    isb
    add r4, r4, #0x100
    add r5, r5, #0x200
    mcrr p15, \opc1, r4, r5, \crm
    mrrc p15, \opc1, r4, r5, \crm
    log r4
    log r5
    mov r0, #0
    mcr p15, 0, r0, c1, c1, 0
    isb
    mrrc p15, \opc1, r4, r5, \crm
    log r4
    log r5
    .endm
    bank64 2, c14, 0x12345678, 0x9abc
    bank64 0, c7, 0x1800, 0
    pool
    mark 4
    @ both control registers as they were, then to the Non-secure state, which gets no control of A and F, and no floating point
    setcp 0x00c50078, 0, c1, c0, 0
    setcp 0, 0, c2, c0, 2
    mov r0, #1
    mcr p15, 0, r0, c1, c1, 0
    isb
    setcp 0x00c50078, 0, c1, c0, 0
    setcp 0, 0, c2, c0, 2
    setcp 0, 0, c1, c0, 2
    setcp 0, 0, c1, c1, 2
    logcp 0, c1, c1, 0
    ldr r0, =(0x1c0 | SVC)
    msr spsr_cxsf, r0
    ldr lr, =open_state
    movs pc, lr
    .ltorg
open_state:
    logcpsr
    mark 5
    @ what is of the Secure state
    mrc p15, 0, r0, c1, c1, 0
    mcr p15, 0, r0, c1, c1, 0
    mrc p15, 0, r0, c1, c1, 1
    mcr p15, 0, r0, c1, c1, 1
    logcp 0, c1, c1, 2
    mcr p15, 0, r0, c1, c1, 2
    mrc p15, 0, r0, c12, c0, 1
    mcr p15, 0, r0, c12, c0, 1
    mcr p15, 0, r0, c7, c8, 4
    mcr p15, 0, r0, c14, c0, 0
    logcp 0, c12, c0, 0
    logcp 0, c13, c0, 2
    logcp 0, c2, c0, 0
    logcp 0, c0, c0, 0
    @ A and F stay, I does not
    mrs r0, cpsr
    bic r0, r0, #0x1c0
    msr cpsr_cx, r0
    logcpsr
    cpsid aif
    logcpsr
    cpsie aif
    logcpsr
    cps #MON
    logcpsr
    cps #SYS
    logcpsr
    mov r0, #0x1c0
    orr r0, r0, #SVC
    cps #SVC
    msr spsr_cxsf, r0
    ldr lr, =1f
    movs pc, lr
    .ltorg
1:  logcpsr
    pool
    mark 6
    @ CPACR does not open what NSACR closes
    ldr r0, =0x00f00000
    mcr p15, 0, r0, c1, c0, 2
    isb
    @ (QEMU sets what is not closed)
    mrc p15, 0, r4, c1, c0, 2
    and r4, r4, #0x00f00000
    log r4
    vmrs r0, fpexc
    @ Monitor mode opens it, and has an exception of its own while SCR.NS is 1
    ldr r3, =open_float
    smc #3
    .ltorg
open_float:
    ldr r0, =0xc00
    mcr p15, 0, r0, c1, c1, 2
    logcp 0, c1, c1, 2
    logcp 0, c1, c1, 0
    mov r6, lr
    .word 0xe7f000f0
    logcp 0, c1, c1, 0
    svc #7
    mov r0, #0x31
    mcr p15, 0, r0, c1, c1, 0
    ldr r0, =(0x1c0 | SVC)
    msr spsr_cxsf, r0
    ldr lr, =closed_end
    movs pc, lr
    .ltorg
closed_end:
    logcpsr
    ldr r0, =0x00f00000
    mcr p15, 0, r0, c1, c0, 2
    isb
    logcp 0, c1, c0, 2
    vmrs r0, fpexc
    log r0
    mov r0, #0x40000000
    vmsr fpexc, r0
    vmov s0, r0
    vmov r1, s0
    log r1
    @ with AW and FW
    cpsie aif
    logcpsr
    cpsid aif
    logcpsr
    pool
    mark 7
    @ translation: the Non-secure state maps 0x50000000 to 0x40500000, the Secure state to 0x40600000
    ldr r0, =0x40500000
    ldr r1, =0x0a0a0a0a
    str r1, [r0]
    ldr r0, =0x40600000
    ldr r1, =0x0b0b0b0b
    str r1, [r0]
    ldr r0, =TABLES
    mov r1, #0
    ldr r2, =0x2000
1:  str r1, [r0], #4
    subs r2, r2, #1
    bne 1b
    .macro put table, index, value
    ldr r0, =(TABLES + \table + 4 * \index)
    ldr r1, =\value
    str r1, [r0]
    .endm
    .irp table, 0, 0x4000
    put \table, 0x400, 0x40000c02
    put \table, 0x401, 0x40100c02
    put \table, 0x402, 0x40200c02
    put \table, 0x403, 0x40300c02
    .endr
    put 0, 0x500, 0x40600c02
    put 0x4000, 0x500, 0x40500c02
    pool
    setcp TABLES+0x4000, 0, c2, c0, 0
    setcp 1, 0, c3, c0, 0
    mcr p15, 0, r0, c8, c7, 0
    setcp 0x00c50079, 0, c1, c0, 0
    isb
    ldr r0, =0x50000000
    ldr r1, [r0]
    log r1
    add r2, r0, #0x100000
    ldr r1, [r2]
    @ (QEMU does not tell attributes of short descriptors)
    ldr r5, =0xfffff203
    mcr p15, 0, r0, c7, c8, 0
    isb
    mrc p15, 0, r4, c7, c4, 0
    and r4, r4, r5
    log r4
    add r0, r0, #0x100000
    mcr p15, 0, r0, c7, c8, 1
    isb
    logcp 0, c7, c4, 0
    ldr r3, =secure_tables
    smc #4
    .ltorg
secure_tables:
    mov r0, #0
    mcr p15, 0, r0, c1, c1, 0
    setcp TABLES, 0, c2, c0, 0
    setcp 1, 0, c3, c0, 0
    mcr p15, 0, r0, c8, c7, 0
    setcp 0x00c50079, 0, c1, c0, 0
    isb
    ldr r0, =0x50000000
    ldr r1, [r0]
    log r1
    @ as the Non-secure state sees it
    mcr p15, 0, r0, c7, c8, 4
    isb
    mrc p15, 0, r1, c7, c4, 0
    ldr r2, =0xfffff203
    and r1, r1, r2
    log r1
    mcr p15, 0, r0, c7, c8, 5
    isb
    mrc p15, 0, r1, c7, c4, 0
    and r1, r1, r2
    log r1
    @ an abort in Monitor mode
    mov r1, #0x31
    mcr p15, 0, r1, c1, c1, 0
    isb
    add r2, r0, #0x200000
    ldr r1, [r2]
    logcp 0, c1, c1, 0
    pool
    @ back, through rfe
    mov r1, #0x31
    mcr p15, 0, r1, c1, c1, 0
    ldr r0, =(STACKS + 0x700)
    ldr r1, =last
    ldr r2, =(0x600001c0 | USR)
    stmia r0, {r1, r2}
    rfeia r0
    .ltorg
last:
    mrs r4, cpsr
    log r4
    ldr r0, =0x50000000
    svc #9
    smc #9
    ldr r3, =close
    ldr r1, [r0]
    svc #10
    .ltorg
close:
    logcpsr
    ldr r3, =finish
    smc #11
finish:
    mov r0, #0
    mcr p15, 0, r0, c1, c1, 0
    setcp 0x00c50078, 0, c1, c0, 0
    isb
    cps #SVC
    b done
    .ltorg
