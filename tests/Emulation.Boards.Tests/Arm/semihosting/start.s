@ entry of the 32-bit programs; the 64-bit one is in start64.s
    .syntax unified
    .global _start
    .arm
_start:
    ldr sp, =stack_end
    ldr r0, =main
    bx r0
    .bss
    .align 4
    .space 8192
stack_end:
