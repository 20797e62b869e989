# Reset entry: a0 = hart, a1 = device tree. Hart 0 runs the monitor, the others sleep.
    .section .text.start, "ax"
    .globl  _start
_start:
    csrw    mie, zero
    bnez    a0, park
    la      sp, stack_top
    la      t0, bss_start
    la      t1, bss_end
clear:
    bgeu    t0, t1, run
    sb      zero, 0(t0)
    addi    t0, t0, 1
    j       clear
run:
    la      t0, trap
    csrw    mtvec, t0
    call    firmware_main
park:
    wfi
    j       park

# Nothing here may trap: report it and stop.
    .balign 4
trap:
    la      sp, stack_top
    csrr    a0, mcause
    csrr    a1, mepc
    csrr    a2, mtval
    call    firmware_trap
    j       park
