    .include "common.inc"
    // at EL3
    svc #1
    .word 0
    brk #2
    mrs x0, CurrentEL
    log x0
    msr spsel, #0
    ldr x0, =STACK
    mov sp, x0
    svc #3
    mrs x0, daif
    log x0
    msr daifclr, #5
    mrs x0, daif
    log x0
    msr daifset, #15
    msr spsel, #1
    // to EL2
    drop 3, 0x3c9, at2
at2:
    svc #4
    hvc #5
    smc #6
    mrs x0, scr_el3
    mrs x0, CurrentEL
    log x0
    brk #7
    drop 2, 0x3c5, at1
at1:
    svc #8
    hvc #9
    smc #10
    mrs x0, hcr_el2
    msr cpacr_el1, xzr
    isb
    fmov d0, xzr
    mov x0, #(1 << 20)
    msr cpacr_el1, x0
    isb
    fmov d0, xzr
    brk #11
    msr spsel, #0
    svc #12
    drop 1, 0, at0
at0:
    svc #13
    hvc #14
    smc #15
    .word 0
    mrs x0, sctlr_el1
    mrs x0, daif
    // (QEMU swaps op1 and op2 in the syndrome of msr daifset here)
    wfi
    wfe
    mrs x0, ctr_el0
    ldr x1, =STACK
    dc zva, x1
    dc cvau, x1
    ic ivau, x1
    fmov d0, xzr
    mrs x0, cntvct_el0
    mrs x0, cntpct_el0
    mrs x0, cntfrq_el0
    mrs x0, cntv_ctl_el0
    mrs x0, cntp_ctl_el0
    mrs x0, fpcr
    msr tpidrro_el0, x0
    msr pan, #1
    eret
    tlbi vmalle1
    back
    // traps of EL2 and EL3
    set hcr_el2, (0x80000000 | (1 << 13) | (1 << 14) | (1 << 18) | (1 << 19) | (1 << 25) | (1 << 26) | (1 << 30) | (1 << 28) | (1 << 21) | (1 << 22) | (1 << 23) | (1 << 24) | (1 << 17) | (1 << 16))
    set cptr_el2, (0x33ff | (1 << 31) | (1 << 10))
    set sctlr_el1, (0x30d00980 | (1 << 14) | (1 << 15) | (1 << 16) | (1 << 18) | (1 << 26))
    drop 3, 0x3c5, traps1
traps1:
    wfi
    wfe
    mrs x0, id_aa64pfr0_el1
    mrs x0, id_isar0_el1
    mrs x0, ccsidr_el1
    mrs x0, ctr_el0
    mrs x0, aidr_el1
    mrs x0, actlr_el1
    smc #1
    tlbi vmalle1
    tlbi vae1is, x3
    mrs x5, sctlr_el1
    msr ttbr0_el1, x6
    mrs x7, far_el1
    msr esr_el1, x8
    msr contextidr_el1, x9
    dc isw, x10
    ldr x1, =STACK
    dc ivac, x1
    dc cvac, x1
    ic iallu
    dc zva, x1
    mrs x11, cpacr_el1
    fmov d0, xzr
    mrs x0, cntpct_el0
    drop 1, 0, traps0
traps0:
    wfi
    dc zva, x1
    dc civac, x1
    mrs x0, ctr_el0
    ldr x24, =end
    ldr x25, =leave
    mov x0, #0
leave:
    b done
    .ltorg
end:
    b done
