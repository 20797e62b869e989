#!/usr/bin/env bash
# Builds the benchmark programs of tests/guest-programs for a guest, and an initramfs that runs them.
set -euo pipefail

build_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=build/lib/common.sh
. "$build_dir/lib/common.sh"
# shellcheck source=build/lib/guest-table.sh
. "$build_dir/lib/guest-table.sh"
# shellcheck source=build/lib/initramfs.sh
. "$build_dir/lib/initramfs.sh"

usage() {
  cat << HELP
usage: build/bench-guests.sh [--check]

Makes guests/bench/riscv64/PROGRAM for every tests/guest-programs/PROGRAM.c (static, -O2, RV64GC), and
guests/riscv64/initramfs-bench.cpio.gz, which has them in /extra. Boot it with the kernel arguments
  run=/extra/bench.sh [bench=crc,calls,...] [scale=0.5]
  --check   only build the programs and run each briefly under qemu-riscv64 (Debian: qemu-user)
Needs what build/guests.sh fetched. Environment: OUT (default guests/ in the repository), CC (default
riscv64-linux-gnu-gcc).
HELP
}

check=no
case ${1:-} in
  '') ;;
  --check) check=yes ;;
  -h | --help)
    usage
    exit
    ;;
  *) fail 2 "unexpected argument $1" "$(usage)" ;;
esac

out=${OUT:-$repo_root/guests}
[[ $out = /* ]] || out=$PWD/$out
guest=riscv64
dir=$out/$guest
programs=$out/bench/$guest
sources=$repo_root/tests/guest-programs
CC=${CC:-riscv64-linux-gnu-gcc}

need_tools "$CC:gcc-riscv64-linux-gnu" cpio:cpio gzip:gzip xz:xz-utils depmod:kmod modprobe:kmod
# the compiler alone does not bring the C library
"$CC" -print-file-name=libc.a | grep -q / ||
  fail 1 "no static C library for $CC; Debian and Ubuntu have it in libc6-dev-riscv64-cross"

mkdir -p "$programs"
for source in "$sources"/*.c; do
  program=$programs/$(basename "$source" .c)
  if [ ! -f "$program" ] || [ "$source" -nt "$program" ] || [ "$sources/bench.h" -nt "$program" ]; then
    "$CC" -O2 -static -march=rv64gc -mabi=lp64d -std=gnu11 -Wall -Wextra -Werror -ffp-contract=off \
      -fno-math-errno -o "$program" "$source" -lm
  fi
done
say "programs: $(cd "$programs" && printf '%s ' *)"

if [ $check = yes ]; then
  need_tools qemu-riscv64:qemu-user
  failed=()
  for source in "$sources"/*.c; do
    program=$(basename "$source" .c)
    # forks executes itself, which user-mode QEMU would hand to the host's kernel
    [ "$program" != forks ] || continue
    line=$(qemu-riscv64 "$programs/$program" 0.01 | tail -n 1) || failed+=("$program")
    say "$line"
  done
  [ ${#failed[@]} -eq 0 ] || fail 1 "failed: ${failed[*]}"
  exit
fi

[ -f "$dir/busybox" ] || fail 1 "no busybox in $dir: run build/guests.sh $guest first"
stage=$dir/.stage-bench
stage_base "$stage" "$dir" init
mkdir -p "$stage/extra"
install -m 755 "$init_dir/bench.sh" "$stage/extra/bench.sh"
for source in "$sources"/*.c; do
  install -m 755 "$programs/$(basename "$source" .c)" "$stage/extra/"
  basename "$source" .c
done | LC_ALL=C sort > "$stage/extra/programs"
stage_modules "$stage" "$dir" virtio_mmio virtio_blk
pack_initramfs "$stage" "$dir/initramfs-bench.cpio.gz"
rm -rf "$stage" "$stage.modules"
say "$guest: built initramfs-bench.cpio.gz ($(stat -c %s "$dir/initramfs-bench.cpio.gz") bytes)"
