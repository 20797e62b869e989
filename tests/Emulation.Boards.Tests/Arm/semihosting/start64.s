    .global _start
_start:
    ldr x0, =stack_end
    mov sp, x0
    b main
    .bss
    .align 4
    .space 8192
stack_end:
