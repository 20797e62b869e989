// GIC virtualization of version 3: list registers, the guest's registers, traps. IHI 0069, chapter 6, 12.4.
    .include "common.inc"
    .macro put reg, value
    ldr x0, =\value
    msr \reg, x0
    isb
    .endm
    .macro get reg
    mrs x0, \reg
    log x0
    .endm
    .macro state
    get S3_4_C12_C11_0      // ICH_HCR_EL2
    get S3_4_C12_C11_7      // VMCR
    get S3_4_C12_C11_2      // MISR
    get S3_4_C12_C11_3      // EISR
    get S3_4_C12_C11_5      // ELRSR
    get S3_4_C12_C8_0       // AP0R0
    get S3_4_C12_C9_0       // AP1R0
    get S3_4_C12_C12_0
    get S3_4_C12_C12_1
    .endm
    // ICC_ registers of group 1 as IAR, EOIR, HPPIR
    .equ HCR, 0x80000000
    put S3_6_C12_C12_5, 0xf
    put S3_4_C12_C9_5, 0xf
    state
    put S3_4_C12_C11_7, 0
    get S3_4_C12_C11_7
    put S3_4_C12_C11_7, 0xf04c0003
    put S3_4_C12_C12_0, 0x5028000000000021          // group 1, 33, priority 0x28
    put S3_4_C12_C12_1, 0x4050000000000028          // group 0, 40
    put S3_4_C12_C11_0, 1
    state
    pool
    // the guest has its virtual registers
    set hcr_el2, (HCR | 0x18)
    drop 3, 0x3c5, guest
    .ltorg
guest:
    get isr_el1
    get S3_0_C12_C12_2      // HPPIR1
    get S3_0_C12_C8_2       // HPPIR0
    get S3_0_C12_C12_0      // IAR1
    get S3_0_C12_C11_3      // RPR
    get S3_0_C12_C8_0       // IAR0: a lower priority
    get isr_el1
    put S3_0_C12_C12_1, 99                      // no such
    get S3_0_C12_C11_3
    put S3_0_C12_C12_1, 33                      // drops nothing
    get S3_0_C12_C8_0
    get S3_0_C12_C11_3
    put S3_0_C12_C8_1, 40
    get S3_0_C12_C11_3
    get S3_0_C4_C6_0
    put S3_0_C4_C6_0, 0xa5
    get S3_0_C4_C6_0
    get S3_0_C12_C12_7
    get S3_0_C12_C12_6
    get S3_0_C12_C8_3
    get S3_0_C12_C12_3
    // SGIs trap
    put S3_0_C12_C11_5, 0
    put S3_0_C12_C11_7, 0
    put S3_0_C12_C11_6, 0
    back
    state
    pool
    // traps of groups 0 and 1, of common registers, of DIR
    put S3_4_C12_C11_0, (1 | (1 << 11))
    drop 3, 0x3c5, group0
    .ltorg
group0:
    get S3_0_C12_C8_2
    get S3_0_C12_C12_2
    get S3_0_C4_C6_0
    back
    put S3_4_C12_C11_0, (1 | (1 << 12))
    drop 3, 0x3c5, group1
    .ltorg
group1:
    get S3_0_C12_C8_2
    get S3_0_C12_C12_2
    put S3_0_C12_C12_7, 1
    put S3_0_C4_C6_0, 0xf0
    back
    put S3_4_C12_C11_0, (1 | (1 << 10))
    drop 3, 0x3c5, common
    .ltorg
common:
    get S3_0_C12_C8_2
    get S3_0_C12_C12_2
    get S3_0_C4_C6_0
    get S3_0_C12_C11_3
    put S3_0_C12_C11_1, 5
    back
    // without virtual interrupts: the physical registers, which SCR_EL3 may keep
    set hcr_el2, HCR
    put S3_4_C12_C11_0, (1 | (1 << 12))
    drop 3, 0x3c5, physical
    .ltorg
physical:
    get S3_0_C12_C12_2
    get S3_0_C12_C12_7
    back
    put S3_4_C12_C11_0, 0
    set scr_el3, 0x533
    drop 3, 0x3c5, kept
    .ltorg
kept:
    get S3_0_C12_C12_7
    get S3_0_C12_C12_2
    get S3_0_C4_C6_0
    back
    set scr_el3, 0x537
    drop 3, 0x3c9, kept2
    .ltorg
kept2:
    get S3_0_C12_C12_7
    get S3_0_C4_C6_0
    put S3_0_C12_C11_5, 0
    get S3_4_C12_C11_2
    back
    b done
