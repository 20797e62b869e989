// AArch32 at EL1 below EL2 and EL3 in AArch64, in both Security states, and at EL0 below EL1 in AArch64. What runs there is in below32.s.
    .equ RESULTS, 0x40200000
    .equ TABLES, 0x40400000
    .equ STACK, 0x40300000
    .equ NARROW, 0x40105000
    .equ NEXT, (STACK + 0x800)
    .macro log reg
    str \reg, [x7], #8
    .endm
    .macro vectors el
    .balign 0x800
vectors_el\el:
    .set index, 0
    .rept 16
    .balign 0x80
    mov x20, #((\el << 12) | index)
    b handler_el\el
    .set index, index + 1
    .endr
    // NEXT: where "hvc #0xff" and the like go on
handler_el\el:
    log x20
    mrs x21, esr_el\el
    log x21
    mrs x22, elr_el\el
    log x22
    mrs x23, spsr_el\el
    log x23
    lsr x20, x21, #26
    and x23, x20, #0x38
    cmp x23, #0x20
    b.ne 1f
    mrs x23, far_el\el
    log x23
    .if \el == 2
    mrs x23, hpfar_el2
    log x23
    .endif
1:
    and x23, x21, #0xff
    cmp x23, #0xff
    b.ne 2f
    cmp x20, #0x11
    b.eq 9f
    cmp x20, #0x12
    b.eq 9f
2:  cmp x20, #0xe
    b.eq 9f
    .if \el == 3
    ldr x23, =0x5e0000ff
    cmp x21, x23
    b.eq 9f
    cmp x20, #0x17
    b.eq 9f
    cmp x20, #0x13
    b.ne 3f
    cmp w0, #0xff
    b.eq 9f
3:
    .endif
    cmp x20, #0x11
    b.eq 8f
    cmp x20, #0x12
    b.eq 8f
    cmp x20, #0x15
    b.eq 8f
    .if \el == 3
    cmp x20, #0x13
    b.eq 8f
    .endif
    add x22, x22, #2
    tbz x21, #25, 4f
    add x22, x22, #2
4:  mrs x23, spsr_el\el
    tbz x23, #4, 5f
    tbz x23, #5, 5f
    // T32: where nothing tells the length, the undefined instruction has 16 bits
    cbnz x20, 5f
    sub x22, x22, #2
5:  msr elr_el\el, x22
8:  eret
9:  ldr x20, =NEXT
    ldr x20, [x20]
    br x20
    .ltorg
    .endm
    .macro drop from, pstate, label
    ldr x20, =\pstate
    msr spsr_el\from, x20
    ldr x20, =\label
    msr elr_el\from, x20
    eret
    .endm
    .macro set reg, value
    ldr x20, =\value
    msr \reg, x20
    .endm
    .macro logreg reg
    mrs x20, \reg
    log x20
    .endm
    .macro pool
    b 6f
    .ltorg
6:
    .endm
    .macro next label
    ldr x20, =\label
    ldr x23, =NEXT
    str x20, [x23]
    .endm
    // to AArch32 and on behind
    .macro enter from, pstate, label
    next 7f
    drop \from, \pstate, \label
    .ltorg
7:
    .endm

    .text
    .global _start
_start:
    b start
done:
    .ifdef QEMU
    ldr x1, =open
    mov w0, #1
    hlt #0xf000
    ldr x1, =0x40280000
    str x0, [x1]
    ldr x2, =RESULTS
    str x2, [x1, #8]
    sub x2, x7, x2
    str x2, [x1, #16]
    mov w0, #5
    hlt #0xf000
    mov w0, #0x18
    ldr x1, =exit
    hlt #0xf000
    .ltorg
    .balign 8
open: .quad name, 5, 11
exit: .quad 0x20026, 0
name: .asciz "results.bin"
    .balign 8
    .endif
    b done
    vectors 1
    vectors 2
    vectors 3
    .ltorg
start:
    msr nzcv, xzr
    ldr x7, =RESULTS
    set vbar_el1, vectors_el1
    set vbar_el2, vectors_el2
    set vbar_el3, vectors_el3
    ldr x20, =STACK
    mov sp, x20
    set cptr_el3, 0
    set cptr_el2, 0x33ff
    set cpacr_el1, (3 << 20)
    set sctlr_el1, 0x00c50838
    set sctlr_el2, 0x30c50830
    set scr_el3, 0x531
    set mdscr_el1, 0
    set cnthctl_el2, 3
    set hstr_el2, 0
    set vttbr_el2, 0
    set mdcr_el2, 6
    set mdcr_el3, 0
    isb
    drop 3, 0x3c9, at2
    pool
at2:
    set hcr_el2, 0
    isb
    logreg hcr_el2
    // a kernel
    mov x11, #0
    enter 2, 0x600001d3, NARROW
    logreg spsr_el1
    logreg spsr_abt
    logreg spsr_und
    logreg spsr_irq
    logreg spsr_fiq
    logreg dacr32_el2
    logreg ifsr32_el2
    logreg fpexc32_el2
    logreg vbar_el1
    logreg far_el1
    logreg mair_el1
    logreg contextidr_el1
    logreg tpidr_el0
    logreg tpidrro_el0
    logreg tpidr_el1
    logreg ttbr0_el1
    logreg ttbr1_el1
    logreg par_el1
    logreg cpacr_el1
    logreg sctlr_el1
    .irp n, 13, 14, 16, 17, 18, 19, 25, 26, 27, 28, 29, 30
    log x\n
    .endr
    // traps of EL2
    set hcr_el2, ((1 << 13) | (1 << 14) | (1 << 15) | (1 << 16) | (1 << 17) | (1 << 18) | (1 << 19) | (1 << 21) | (1 << 22) | (1 << 23) | (1 << 24) | (1 << 25) | (1 << 26) | (1 << 30))
    set cptr_el2, (0x33ff | (1 << 31) | (1 << 10))
    set mdcr_el2, (6 | (1 << 6) | (1 << 5))
    set cnthctl_el2, 0
    isb
    enter 2, 0x1d3, NARROW+4
    set cptr_el2, 0x33ff
    set mdcr_el2, 6
    set cnthctl_el2, 3
    set hcr_el2, 0
    set hstr_el2, ((1 << 1) | (1 << 13) | (1 << 9))
    isb
    set hstr_el2, 0
    pool
    // stage 2: the first four gigabytes but the third
    ldr x0, =TABLES
    ldr x1, =0x7fd
    str x1, [x0]
    ldr x1, =0x400007fd
    str x1, [x0, #8]
    str xzr, [x0, #16]
    ldr x1, =0xc00007fd
    str x1, [x0, #24]
    set vttbr_el2, TABLES
    set vtcr_el2, ((1 << 31) | (2 << 16) | (1 << 6) | 32)
    set hcr_el2, 1
    isb
    mov x11, #0
    mov x6, #0
    set sctlr_el1, 0x00c50838
    enter 2, 0x1d3, NARROW+16
    // stage 1 with short descriptors: all of the second gigabyte, and a few others
    ldr x8, =(TABLES + 0x4000)
    mov x1, #0
    mov x2, #0x1000
1:  str wzr, [x8, x1, lsl #2]
    add x1, x1, #1
    cmp x1, x2
    b.ne 1b
    .irp n, 0, 1, 2, 3, 4
    ldr w1, =(0x40000c02 | (\n << 20))
    str w1, [x8, #(0x1000 + 4 * \n)]
    .endr
    ldr w1, =0x40400c22
    str w1, [x8, #0x1400]
    ldr w1, =0x40300c42
    str w1, [x8, #0x1404]
    ldr w1, =0x40300c62
    str w1, [x8, #0x1408]
    ldr w1, =0xa0000c42
    str w1, [x8, #0x140c]
    ldr w1, =0xa0000041
    str w1, [x8, #0x1410]
    ldr w1, =0x40308041
    str w1, [x8, #0x1414]
    tlbi alle1
    dsb sy
    mov x11, #0
    enter 2, 0x1d3, NARROW+20
    // the same as EL2 asks for it
    // (QEMU 7.2 ends at a domain fault here)
    .irp address, 0x50000000, 0x50300000, 0x60000000
    ldr x0, =\address
    at s12e1r, x0
    isb
    mrs x20, par_el1
    and x20, x20, #0xfffffffffffffe7f
    bfc x20, #56, #8
    log x20
    at s1e1w, x0
    isb
    mrs x20, par_el1
    and x20, x20, #0xfffffffffffffe7f
    bfc x20, #56, #8
    log x20
    .endr
    pool
    // returns that are not legal
    set sctlr_el1, 0x30d00820
    set hcr_el2, 0x80000000
    isb
    enter 2, 0x1d3, NARROW
    enter 2, 0x1d6, NARROW
    set hcr_el2, 0
    isb
    enter 2, 0x3c5, NARROW
    enter 2, 0x3d4, NARROW
    // a program below EL1 in AArch64
    set hcr_el2, 0x80000000
    set vbar_el1, vectors_el1
    set pmuserenr_el0, 0
    set cntkctl_el1, 0
    set cpacr_el1, 0
    ldr x20, =0x1234
    msr tpidrro_el0, x20
    isb
    drop 2, 0x3c5, at1
    pool
at1:
    mov x11, #0
    enter 1, 0x10, NARROW+8
    set cpacr_el1, (3 << 20)
    isb
    // the Secure state
    next at3
    smc #0
    .ltorg
at3:
    set scr_el3, 0x30
    set vbar_el1, (NARROW + 32)
    set sctlr_el1, 0x00c50838
    isb
    mov x11, #0
    next 7f
    drop 3, 0x1d3, NARROW+12
    .ltorg
7:
    log xzr
    b done
    .org 0x5000
    .incbin "below32.bin"
