#!/bin/sh
# Builds the bare-metal programs for each core into ../images. Needs Debian's gcc-arm-none-eabi.
set -e
cd "$(dirname "$0")"
mkdir -p ../images
build() { # name of the machine, flags, address of code, address of data, programs
    machine=$1 flags=$2 code=$3 data=$4
    shift 4
    for program in "$@"; do
        arm-none-eabi-gcc $flags -mthumb -masm-syntax-unified -O1 -g0 -ffreestanding -fno-builtin -nostdlib -nostartfiles -fno-common -Wall -Wextra -Werror \
            -Wl,--defsym=CODE=$code,--defsym=DATA=$data,--build-id=none,-z,max-page-size=4 -T link.ld kit.c "$program.c" -lgcc -o "../images/$program-$machine.elf"
        arm-none-eabi-strip "../images/$program-$machine.elf"
    done
}

COMMON="exceptions priorities registers faults systick"
MAIN="$COMMON mpu it"
build microbit "-mcpu=cortex-m0" 0 0x20000000 $COMMON
build an385 "-mcpu=cortex-m3 -DUNPRIVILEGED" 0 0x20000000 $MAIN
build an386 "-mcpu=cortex-m4 -mfloat-abi=softfp -mfpu=fpv4-sp-d16 -DUNPRIVILEGED" 0 0x20000000 $MAIN dsp float
build an500 "-mcpu=cortex-m7 -mfloat-abi=softfp -mfpu=fpv5-d16 -DUNPRIVILEGED" 0 0x20000000 $MAIN dsp float
build an505 "-mcpu=cortex-m33 -mfloat-abi=softfp -mfpu=fpv5-sp-d16 -DUNPRIVILEGED" 0x10000000 0x38200000 $MAIN dsp float
