#!/bin/sh
# Writes what binutils say of every address with code: "address file:line" where that changes, as an oracle for the line tables.
set -eu
cd "$(dirname "$0")"
for elf in *.elf; do
    riscv64-unknown-elf-objdump -d --no-show-raw-insn "$elf" | sed -n 's/^ *\([0-9a-f]*\):.*/\1/p' > "$elf.tmp"
    riscv64-unknown-elf-addr2line -e "$elf" -a < "$elf.tmp" | sed 's/ (discriminator.*//' | paste - - |
        awk '{ n = split($2, p, "/"); if (p[n] != last) print $1, p[n]; last = p[n] }' > "${elf%.elf}.lines"
    rm "$elf.tmp"
done
