#!/bin/sh
# Assembles rv32.s and rv64.s with GNU binutils (2.40 made the committed files) and writes what objdump says:
# address, word, text without aliases. Needs binutils-riscv64-linux-gnu.
set -e
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
z=_zba_zbb_zbc_zbs_zbkb_zbkc_zbkx_zknd_zkne_zknh_zicbom_zicbop_zicboz_zihintpause_zawrs_zfh_svinval_sstc_smstateen_sscofpmf
for xlen in 32 64; do
  abi=ilp32d
  [ $xlen = 64 ] && abi=lp64d
  riscv64-linux-gnu-as -mpriv-spec=1.12 -march=rv${xlen}gc$z -mabi=$abi -mno-relax rv$xlen.s -o "$dir/o"
  riscv64-linux-gnu-objdump -d -M no-aliases,priv-spec=1.12 "$dir/o" |
    sed -nE 's/^ *([0-9a-f]+):\t([0-9a-f]+) +\t([^\t]+)\t?(.*)$/\1\t\2\t\3 \4/p' |
    sed -E 's/ +#.*$//; s/ ?<[^>]*>//; s/ +$//' |
    sed -E 's/^([^\t]*\t[^\t]*\t(c\.)?(j|jal|beq|bne|blt|bge|bltu|bgeu|beqz|bnez) (.*,)?)(-?[0-9a-fx]+)$/\1@\5/; s/@0x/@/; s/@/0x/' >rv$xlen.txt
done
