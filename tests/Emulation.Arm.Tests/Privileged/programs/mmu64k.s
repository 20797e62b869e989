    .equ GR, 16
    .include "mmu.inc"
    program
