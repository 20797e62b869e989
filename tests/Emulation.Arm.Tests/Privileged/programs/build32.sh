#!/bin/sh
# As build.sh, for programs in A32 that begin in Secure Supervisor mode of a Cortex-A15. Needs binutils-arm-linux-gnueabihf and qemu-system-arm.
set -e
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
[ $# -gt 0 ] || set -- monitor
for name in "$@"; do
  for define in OURS QEMU; do
    arm-linux-gnueabihf-as -march=armv7ve -mfpu=neon-vfpv4 --defsym $define=1 "$name.s" -o "$dir/o"
    arm-linux-gnueabihf-ld -N -Ttext=0x40100000 -e _start "$dir/o" -o "$dir/$define.elf" 2>/dev/null
  done
  arm-linux-gnueabihf-objcopy -O binary "$dir/OURS.elf" "$dir/bin"
  (cd "$dir" && rm -f results.bin && timeout 5 qemu-system-arm -M virt,secure=on -cpu cortex-a15 -m 256 -display none \
    -semihosting-config enable=on,target=native -device loader,file=QEMU.elf,cpu-num=0 -monitor none -serial none) || echo "$name: QEMU ended with $?" >&2
  { od -An -v -tx4 -w4 "$dir/bin" | tr -d ' '; echo results; od -An -v -tx4 -w4 "$dir/results.bin" | tr -d ' '; } > "$name.txt"
done
