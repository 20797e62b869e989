    .equ GR, 12
    .include "mmu.inc"
    .equ S2L1, 0x40600000
    .equ S2L2, 0x40601000
    .equ S2L3, 0x40602000
    .equ GUEST, 0x40a00000
    .equ S2NORMAL, (0x3c + 0xc0 + AF + ISH)
    .macro spage index, attributes
    ldr x20, =S2L3
    ldr x21, =(GUEST + (\index << 12) + 3 + \attributes)
    str x21, [x20, #(\index * 8)]
    .endm
    .macro gpage index, attributes
    ldr x20, =TEST3
    ldr x21, =(GUEST + (\index << 12) + 3 + \attributes)
    str x21, [x20, #(\index * 8)]
    .endm
    build
    ldr x0, =GUEST
    mov x2, #16
    ldr w1, =0xd65f03c0
1:  str w1, [x0]
    add x0, x0, #0x1000
    sub x2, x2, #1
    cbnz x2, 1b
    entry S2L1, 1, (S2L2 + 3)
    ldr x0, =S2L2
    ldr x1, =(0x40000000 + 1 + S2NORMAL)
    mov x2, #16
2:  str x1, [x0], #8
    add x1, x1, #0x200000
    sub x2, x2, #1
    cbnz x2, 2b
    entry S2L2, 5, (S2L3 + 3)
    spage 0, S2NORMAL
    spage 1, (S2NORMAL - 0x80)
    spage 2, (S2NORMAL - 0x40)
    entry S2L3, 3, 0
    spage 4, (S2NORMAL - AF)
    spage 5, (S2NORMAL + UXN)
    spage 6, (S2NORMAL - 0x3c)
    .irp n, 0, 1, 2, 3, 4, 5, 6
    gpage \n, AF
    .endr
    gpage 7, (AF + RO)
    spage 7, S2NORMAL
    entry LEVEL2B, 1, (GUEST + 0x3000 + 3)
    entry LEVEL2B, 2, (0x80000000 + 1 + AF)
    pool
    set vtcr_el2, (25 | (1 << 6) | (2 << 16) | 0x80003500)
    set vttbr_el2, (S2L1 | (3 << 48))
    set mair_el1, 0x00ff
    set tcr_el1, TCR
    set ttbr0_el1, TABLES
    set ttbr1_el1, TABLES
    set sctlr_el1, 0x30d0198d
    set hcr_el2, 0x80000001
    dsb sy
    isb
    drop 3, 0x3c5, guest
    .ltorg
guest:
    .irp n, 0, 1, 2, 3, 4, 5, 7
    probe (PAGES + (\n << 12))
    .endr
    pool
    ldr x0, =(PAGES + 0x200000)
    ldr w1, [x0]
    at s1e1r, x0
    ldr x0, =(PAGES + 0x400008)
    ldr w1, [x0]
    // syndromes of instructions
    ldr x0, =(PAGES + 0x3010)
    mov x9, #8
    ldrb w1, [x0]
    ldrsb w2, [x0, #1]
    ldrsb x3, [x0, #1]
    ldrh w4, [x0, x9]
    ldrsh x5, [x0, #2]
    ldrsw x6, [x0, #4]
    ldr x7, [x0, #8]
    ldur w8, [x0, #-4]
    str xzr, [x0]
    strb w10, [x0, #1]
    ldar w11, [x0]
    stlr x12, [x0]
    ldr x13, [x0, #8]!
    ldr x14, [x0], #8
    ldp x15, x16, [x0]
    ldr q0, [x0]
    ldxr x17, [x0]
    // stage 1 off: the addresses are intermediate
    mrs x5, sctlr_el1
    mov x6, x5
    bic x6, x6, #1
    msr sctlr_el1, x6
    isb
    ldr x0, =(GUEST + 0x3000)
    ldr w1, [x0]
    ldr x0, =GUEST
    ldr w1, [x0]
    log x1
    ldr x0, =0x8000000000
    ldr w1, [x0]
    msr sctlr_el1, x5
    isb
    pool
    // a hypervisor changes its mind
    ldr x25, =host
    hvc #1
    .ltorg
host:
    // the handler returned to EL1, which calls EL3
    back
    spage 0, (S2NORMAL - 0x80)
    dsb ish
    ldr x0, =(GUEST >> 12)
    .irp n, 0, 3
    ldr x1, =(PAGES + (\n << 12))
    .irp how, s12e1r, s12e1w, s1e1r
    at \how, x1
    isb
    mrs x2, par_el1
    log x2
    .endr
    .endr
    drop 3, 0x3c9, hyper
    .ltorg
hyper:
    ldr x0, =(GUEST >> 12)
    tlbi ipas2e1is, x0
    dsb ish
    tlbi vmalle1is
    dsb ish
    isb
    drop 2, 0x3c5, again
    .ltorg
again:
    ldr x0, =PAGES
    ldr w1, [x0]
    log x1
    str w1, [x0]
    b done
