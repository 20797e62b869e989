#!/bin/sh
# Assembles the programs, runs them on QEMU (7.2 made the committed files) and writes NAME.txt: words of the program, "results", what it stored.
# A line "// -M ..." of a program says on which machine it runs.
# Needs binutils-aarch64-linux-gnu, binutils-arm-linux-gnueabihf and qemu-system-aarch64. Arguments: names; all without.
set -e
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
[ $# -gt 0 ] || set -- exceptions mmu4k mmu16k mmu64k stage2 host below
for name in "$@"; do
  cpu=neoverse-n1
  if [ -f "${name}32.s" ]; then
    # with a part in A32, which lies at its place in the whole; on a CPU that has AArch32 at EL1
    cpu=cortex-a57
    arm-linux-gnueabihf-as "${name}32.s" -o "$dir/o"
    arm-linux-gnueabihf-ld -N -Ttext=0x40105000 -e 0 "$dir/o" -o "$dir/narrow" 2>/dev/null
    arm-linux-gnueabihf-objcopy -O binary "$dir/narrow" "$dir/${name}32.bin"
  fi
  for define in OURS QEMU; do
    aarch64-linux-gnu-as -march=armv8.6-a -I "$dir" -I . --defsym $define=1 "$name.s" -o "$dir/o"
    aarch64-linux-gnu-ld -N -Ttext=0x40100000 -e _start "$dir/o" -o "$dir/$define.elf" 2>/dev/null
  done
  aarch64-linux-gnu-objcopy -O binary "$dir/OURS.elf" "$dir/bin"
  machine=$(sed -n 's/^\/\/ -M //p' "$name.s")
  (cd "$dir" && rm -f results.bin && timeout 5 qemu-system-aarch64 -M "${machine:-virt,secure=on,virtualization=on,gic-version=3}" -cpu "$cpu" -m 256 -display none \
    -semihosting-config enable=on,target=native,userspace=on -device loader,file=QEMU.elf,cpu-num=0 -monitor none -serial none) || echo "$name: QEMU ended with $?" >&2
  { od -An -v -tx4 -w4 "$dir/bin" | tr -d ' '; echo results; od -An -v -tx8 -w8 "$dir/results.bin" | tr -d ' '; } > "$name.txt"
done
