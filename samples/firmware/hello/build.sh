#!/bin/sh
# Builds hello-rv64.elf and hello-rv32.elf with a RISC-V GCC: CROSS=riscv64-unknown-elf- (default) or riscv64-linux-gnu-
set -eu
cd "$(dirname "$0")"
CROSS=${CROSS:-riscv64-unknown-elf-}
build() { # BITS ABI
    "${CROSS}gcc" -march="rv$1ima_zicsr" -mabi="$2" -mcmodel=medany -msmall-data-limit=0 -Os -std=c11 -Wall -Wextra -Werror \
        -ffreestanding -fno-builtin -fno-pic -fno-tree-loop-distribute-patterns -nostdlib -static \
        -Wl,--build-id=none,-T,hello.ld,-z,max-page-size=4096,--no-warn-rwx-segments \
        -o "hello-rv$1.elf" start.S main.c uart.c fdt.c text.c md5.c
    "${CROSS}strip" "hello-rv$1.elf"
}
build 64 lp64
build 32 ilp32
