// -M virt,secure=on,virtualization=on,gic-version=2
// GIC virtualization of version 2: list registers, the guest's interface, maintenance. IHI 0048B, chapter 5.
    .include "common.inc"
    .equ DIST, 0x08000000
    .equ GICH, 0x08030000
    .equ GICV, 0x08040000
    .macro put base, offset, value
    ldr x1, =(\base + \offset)
    ldr w0, =\value
    str w0, [x1]
    .endm
    .macro get base, offset
    ldr x1, =(\base + \offset)
    mov x0, #0
    ldr w0, [x1]
    log x0
    .endm
    .macro state
    get GICH, 0x00
    get GICH, 0x08
    get GICH, 0x10
    get GICH, 0x20
    get GICH, 0x30
    get GICH, 0xf0
    get GICH, 0x100
    get GICH, 0x104
    pool
    .endm
    get GICH, 0x04
    state
    put GICH, 0x08, 0xffffffff
    get GICH, 0x08
    get GICV, 0x00
    get GICV, 0x04
    get GICV, 0x08
    get GICV, 0x1c
    put GICH, 0x08, 0
    get GICV, 0x08
    get GICV, 0x1c
    put GICH, 0x10c, 0xff8fffff
    get GICH, 0x10c
    put GICH, 0x10c, 0
    // the guest's interface: groups, mask
    put GICH, 0x00, 1
    put GICV, 0x00, 7                       // IAR takes both groups; QEMU has no aliases
    put GICV, 0x04, 0xf0
    state
    put GICH, 0x100, 0x15000c05             // SGI 5 of CPU 3
    put GICH, 0x104, 0x52800021             // group 1, 33
    state
    get GICV, 0x18
    get GICV, 0x0c
    get GICV, 0x14
    state
    // (QEMU shows no CPU in GICV_HPPIR)
    get GICV, 0x0c
    put GICV, 0x10, 5                       // of CPU 0: no such
    state
    put GICV, 0x10, 0xc05
    state
    get GICV, 0x0c
    get GICV, 0x14
    put GICV, 0x10, 33
    state
    pool
    // hardware interrupts: the guest ends what a Non-secure hypervisor could
    put DIST, 0x300, 0x8000000
    put GICH, 0x100, 0x90006c28             // 40 is PPI 27
    get GICV, 0x0c
    get DIST, 0x300
    put GICV, 0x10, 40
    get DIST, 0x300
    state
    put DIST, 0x080, 0x8000000
    put GICH, 0x100, 0x90006c28
    get GICV, 0x0c
    put GICV, 0x10, 40
    get DIST, 0x300
    state
    // the end in two steps
    put GICV, 0x00, 0x201
    put GICH, 0x104, 0x10080022             // tells of its end
    get GICV, 0x0c
    put GICV, 0x10, 34
    state
    put GICV, 0x1000, 34
    state
    put GICV, 0x1000, 77
    get GICH, 0x00
    put GICH, 0x104, 0
    // maintenance: underflow, none pending, groups
    put GICH, 0x00, 0x0b
    get GICH, 0x10
    get DIST, 0x200
    put GICH, 0x104, 0x10000022
    put GICH, 0x108, 0x10000023
    get GICH, 0x10
    put GICH, 0x00, 0xf1
    get GICH, 0x10
    put GICV, 0x00, 7
    get GICH, 0x10
    put GICH, 0x00, 0xf0
    get GICH, 0x10
    put GICH, 0x00, 1
    put GICH, 0x108, 0
    pool
    // a guest at EL1
    put GICV, 0x00, 0x7
    put GICH, 0x104, 0x50000022
    set hcr_el2, 0x80000018
    drop 3, 0x3c5, guest
    .ltorg
guest:
    mrs x0, isr_el1
    log x0
    msr daifclr, #3
    nop
    mrs x0, isr_el1
    log x0
    get GICV, 0x0c
    mrs x0, isr_el1
    log x0
    put GICV, 0x10, 34
    put GICV, 0x00, 0xf                     // group 0 by FIQ
    put GICH, 0x104, 0x10000023
    mrs x0, isr_el1
    log x0
    msr daifclr, #3
    nop
    get GICV, 0x0c
    mrs x0, isr_el1
    log x0
    back
    state
    b done
