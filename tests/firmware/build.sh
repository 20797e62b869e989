#!/bin/sh
# Builds the programs that tests of debugging and of the test kit run, with Debian's gcc-riscv64-unknown-elf and gcc-arm-none-eabi.
set -eu
cd "$(dirname "$0")"
build() { # NAME FLAGS...
    name=$1; shift
    riscv64-unknown-elf-gcc -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0 -std=c11 -Wall -Wextra -Werror \
        -ffreestanding -fno-builtin -fno-pic -nostdlib -static -ffile-prefix-map="$PWD"=firmware -Wa,--debug-prefix-map="$PWD"=firmware \
        -Wl,--build-id=none,-T,app.ld,-z,max-page-size=4096,--no-warn-rwx-segments "$@" -o "$name.elf" start.S app.c
}
build app -march=rv32imac_zicsr -Og -gdwarf-5
for version in 2 3 4; do build "app-dwarf$version" -march=rv32ima_zicsr -O2 -gdwarf-$version; done
arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -Og -gdwarf-5 -std=c11 -Wall -Wextra -Werror -ffreestanding -fno-builtin -nostdlib -static \
    -ffile-prefix-map="$PWD"=firmware -Wl,--build-id=none,-T,cortex.ld,--no-warn-rwx-segments cortex.c -o cortex.elf
for version in 3 4 5; do
    riscv64-unknown-elf-gcc -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany -O2 -gdwarf-$version -std=c11 -Wall -Wextra -Werror -ffreestanding -fno-builtin -fno-pic -nostdlib -static \
        -ffile-prefix-map="$PWD"=firmware -Wl,--build-id=none,-T,types.ld,--no-warn-rwx-segments types.c -o "types-dwarf$version.elf"
done
arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -O2 -gdwarf-5 -fshort-enums -std=c11 -Wall -Wextra -Werror -ffreestanding -fno-builtin -nostdlib -static \
    -ffile-prefix-map="$PWD"=firmware -Wl,--build-id=none,-T,types.ld,--no-warn-rwx-segments types.c -o types-arm.elf
