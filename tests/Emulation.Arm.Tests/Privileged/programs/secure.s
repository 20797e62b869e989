// The Secure physical address space on the board, which has memory and devices that only Secure accesses reach: who gets there, with and without translation.
    .include "common.inc"
    .equ SECRAM, 0x0e000000
    .equ SECUART, 0x09040fe0
    .equ SECGPIO, 0x090b0fe0
    .equ UART, 0x09000fe0
    .equ LEVEL2, TABLES + 0x1000
    .equ AF, 0x400
    .equ NS, 0x20
    .equ DEVICE, 4
    .equ NSTABLE, (1 << 63)
    .macro entry table, index, value
    ldr x20, =\table
    ldr x21, =\value
    str x21, [x20, #(\index * 8)]
    .endm
    .macro load address
    ldr x1, =\address
    mov x0, #0x77
    ldr w0, [x1]
    log x0
    .endm
    // what reaches a place; flash says only whether it is there
    .macro look
    load SECRAM
    load SECUART
    load SECGPIO
    load UART
    load 0x40100000
    mov x1, #0
    ldr w0, [x1]
    mov x0, #1
    log x0
    ldr x1, =SECRAM + 64
    str w0, [x1]
    pool
    .endm
    .macro at1 address
    ldr x1, =\address
    at s1e1r, x1
    isb
    mrs x0, par_el1
    and x0, x0, #~0x180              // QEMU gives Device memory no shareability
    log x0
    .endm
    ldr x1, =SECRAM
    mov w0, #0x1234
    str w0, [x1]
    look
    // Non-secure EL1
    drop 3, 0x3c5, nonsecure
    .ltorg
nonsecure:
    look
    back
    // Secure EL1, without translation
    set scr_el3, 0x530
    drop 3, 0x3c5, secure
    .ltorg
secure:
    look
    // with translation: as it is; from 2 GiB the first gigabyte as Non-secure; from 3 GiB memory as Non-secure; from 4 GiB by a Non-secure table
    entry TABLES, 0, (1 + AF + DEVICE)
    entry TABLES, 1, (0x40000000 + 1 + AF)
    entry TABLES, 2, (1 + AF + DEVICE + NS)
    entry TABLES, 3, (0x40000000 + 1 + AF + NS)
    entry TABLES, 4, (LEVEL2 + 3 + NSTABLE)
    entry TABLES, 5, (LEVEL2 + 3)
    entry TABLES, 6, (SECRAM + 0x100000 + 3)
    entry TABLES, 7, (SECRAM + 0x100000 + 3 + NSTABLE)
    entry LEVEL2, 0x70, (SECRAM + 1 + AF + DEVICE)
    entry LEVEL2, 0x71, (0x40200000 + 1 + AF)
    entry (SECRAM + 0x100000), 0x70, (SECRAM + 1 + AF + DEVICE)
    pool
    ldr x20, =0x40700000
    mov w21, #0x55
    str w21, [x20]
    set mair_el1, 0x04ff
    set tcr_el1, (25 | (1 << 23) | (2 << 32))
    set ttbr0_el1, TABLES
    isb
    mrs x20, sctlr_el1
    orr x20, x20, #1
    msr sctlr_el1, x20
    isb
    look
    load 0x8e000000
    load 0x89040fe0
    load 0x89000fe0
    load 0xc0700000
    load 0x10e000000
    load 0x14e000000
    load 0x18e000000
    load 0x1ce000000
    at1 SECRAM
    at1 0x8e000000
    at1 0x40200000
    at1 0xc0200000
    at1 0x10e200000
    at1 0x14e200000
    at1 0x1ce000000
    pool
    // Secure state and code in Non-secure memory
    ldr x1, =0xc0700000
    ldr w0, =0xd65f03c0
    str w0, [x1]
    dc cvau, x1
    dsb sy
    ic iallu
    dsb sy
    isb
    blr x1
    back
    set scr_el3, 0x730
    tlbi alle1
    dsb sy
    isb
    drop 3, 0x3c5, confined
    .ltorg
confined:
    ldr x1, =0xc0700000
    ldr x25, =8f
    blr x1
    mov x25, #0
8:
    back
    // EL3, with the same tables
    set scr_el3, 0x531
    set mair_el3, 0x04ff
    set tcr_el3, (25 | (2 << 16))
    set ttbr0_el3, TABLES
    isb
    mrs x20, sctlr_el3
    orr x20, x20, #1
    msr sctlr_el3, x20
    isb
    look
    load 0x8e000000
    load 0x89000fe0
    load 0xc0700000
    load 0x10e000000
    load 0x14e000000
    load 0x18e000000
    load 0x1ce000000
    pool
    b done
