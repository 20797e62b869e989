    .equ HOST, 1
    .equ GR, 12
    .include "mmu.inc"
    build
    // an operating system at EL2: E2H and TGE
    set hcr_el2, ((1 << 34) | (1 << 31) | (1 << 27))
    isb
    set mair_el2, 0x00ff
    set tcr_el2, TCR
    set ttbr0_el2, TABLES
    msr ttbr1_el2, x20
    set sctlr_el2, 0x30d0198d
    set cptr_el2, (3 << 20)
    set cnthctl_el2, 0
    isb
    drop 3, 0x3c9, kernel
    .ltorg
kernel:
    mrs x0, sctlr_el1
    log x0
    mrs x0, tcr_el1
    log x0
    mrs x0, cpacr_el1
    log x0
    set sctlr_el12, 0x30d00980
    mrs x0, sctlr_el12
    log x0
    set elr_el12, 0x1234
    mrs x0, elr_el12
    log x0
    mrs x0, esr_el1
    set spsr_el1, 0x3c9
    mrs x0, spsr_el2
    log x0
    set cntp_cval_el0, 0x55555
    mrs x0, cnthp_cval_el2
    log x0
    set cntv_cval_el02, 0x66666
    mrs x0, cntv_cval_el02
    log x0
    set contextidr_el1, 0x77
    mrs x0, contextidr_el2
    log x0
    fmov d0, xzr
    probe PAGES
    probe (PAGES + 0x1000)
    probe (PAGES + 0x2000)
    probe (PAGES + 0x5000)
    probe (PAGES + 0x6000)
    probe 0xffffff8080000000
    pool
    ldr x10, =(PAGES + 0x2000)
    ldr x11, =PAGES
    msr pan, #1
    ldr w1, [x10]
    ldtr w2, [x10]
    ldtr w4, [x11]
    msr pan, #0
    log x2
    at s1e1r, x11
    isb
    mrs x0, par_el1
    log x0
    at s1e0r, x11
    isb
    mrs x0, par_el1
    log x0
    at s1e2r, x11
    isb
    mrs x0, par_el1
    log x0
    ldr x0, =(PAGES + 0x6000)
    page 6, AF
    dsb ish
    ldr w1, [x0]
    log x1
    entry TEST3, 6, 0
    dsb ish
    lsr x1, x0, #12
    tlbi vae1is, x1
    dsb ish
    isb
    ldr w1, [x0]
    drop 2, 0x3c0, user
    .ltorg
user:
    svc #1
    hvc #2
    smc #3
    .word 0
    probe PAGES
    probe (PAGES + 0x2000)
    probe (PAGES + 0x3000)
    pool
    mrs x0, cntvct_el0
    mrs x0, cntp_ctl_el0
    mrs x0, sctlr_el1
    mrs x0, ctr_el0
    wfi
    fmov d0, xzr
    ldr x25, =out
    svc #4
    .ltorg
out:
    b done
