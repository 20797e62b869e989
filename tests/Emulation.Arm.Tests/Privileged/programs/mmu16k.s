    .equ GR, 14
    .include "mmu.inc"
    program
