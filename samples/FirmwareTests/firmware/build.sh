#!/bin/sh
# Builds the firmware with Debian's gcc-arm-none-eabi (12.2, with libnewlib-arm-none-eabi) and gcc-riscv64-unknown-elf. The ELF files are checked in: tests need no cross compiler.
set -eu
cd "$(dirname "$0")"
common="-Og -gdwarf-5 -std=gnu11 -Wall -Wextra -Werror -ffunction-sections -fdata-sections -ffile-prefix-map=$PWD=firmware -nostartfiles -static -Wl,--build-id=none,--gc-sections,--no-warn-rwx-segments"
# shellcheck disable=SC2086 # a list of words
arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 --specs=nano.specs $common -Wl,-T,stm32f4/stm32f4.ld stm32f4/*.c -o stm32f4.elf
# shellcheck disable=SC2086
riscv64-unknown-elf-gcc -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany $common -nostdlib -ffreestanding -Wl,-T,fe310/fe310.ld fe310/start.S fe310/main.c -o fe310.elf
