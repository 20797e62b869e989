    .equ GR, 12
    .include "mmu.inc"
    program
