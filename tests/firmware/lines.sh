#!/bin/sh
# Writes what binutils say of every address with code: "address file:line" where that changes, as an oracle for the line tables.
set -eu
cd "$(dirname "$0")"
for elf in *.elf; do
    case $elf in cortex*) dump=arm-none-eabi-objdump lines=arm-none-eabi-addr2line ;; *) dump=riscv64-unknown-elf-objdump lines=riscv64-unknown-elf-addr2line ;; esac
    "$dump" -d --no-show-raw-insn "$elf" | sed -n 's/^ *\([0-9a-f]*\):.*/\1/p' > "$elf.tmp"
    "$lines" -e "$elf" -a < "$elf.tmp" | sed 's/ (discriminator.*//' | paste - - |
        awk '{ n = split($2, p, "/"); if (p[n] != last) print $1, p[n]; last = p[n] }' > "${elf%.elf}.lines"
    rm "$elf.tmp"
done
