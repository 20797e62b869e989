#!/bin/sh
# Builds the programs and writes what QEMU (7.2 made the committed file) prints when it runs them; they must agree.
# Needs gcc-aarch64-linux-gnu, gcc-arm-none-eabi, qemu-system-arm.
set -e
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
flags="-O1 -ffreestanding -nostdlib -static -fno-builtin -fno-pic -fno-stack-protector -Wl,-N,--no-warn-rwx-segments -Wl,-Ttext=0x40100000 -Wl,--build-id=none -s"
aarch64-linux-gnu-gcc $flags -no-pie -mgeneral-regs-only start64.s calls.c -o a64.elf
arm-none-eabi-gcc $flags -march=armv7-a -marm start.s calls.c -o a32-svc.elf
arm-none-eabi-gcc $flags -march=armv7-a -marm -DBY_HALT start.s calls.c -o a32-hlt.elf
arm-none-eabi-gcc $flags -march=armv7-a -mthumb start.s calls.c -o t32-svc.elf
arm-none-eabi-gcc $flags -march=armv7-a -mthumb -DBY_HALT start.s calls.c -o t32-hlt.elf
here=$PWD
for elf in a64 a32-svc a32-hlt t32-svc t32-hlt; do
  case $elf in
    a64) qemu="qemu-system-aarch64 -cpu cortex-a72" ;;
    *) qemu="qemu-system-arm -cpu cortex-a15" ;;
  esac
  mkdir "$dir/$elf"
  status=0
  (cd "$dir/$elf" && timeout 10 $qemu -M virt -m 256 -display none -monitor none -serial none -device loader,file="$here/$elf.elf",cpu-num=0 \
    -semihosting-config enable=on,target=native,arg=calls,arg=one > "$dir/$elf.out" 2>&1 < /dev/null) || status=$?
  echo "exit $status" >> "$dir/$elf.out"
  cmp "$dir/a64.out" "$dir/$elf.out"
done
cp "$dir/a64.out" qemu.txt
