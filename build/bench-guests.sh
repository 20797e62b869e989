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
usage: build/bench-guests.sh [--check] [GUEST...]

Makes guests/bench/GUEST/PROGRAM for every tests/guest-programs/PROGRAM.c (static, -O2), and
guests/GUEST/initramfs-bench.cpio.gz, which has them in /extra. Boot it with the kernel arguments
  run=/extra/bench.sh [bench=crc,calls,...] [scale=0.5]
  GUEST     riscv64 (default), arm64, armhf
  --check   only build the programs and run each briefly under QEMU's user mode (Debian: qemu-user)
Needs what build/guests.sh fetched. Environment: OUT (default guests/ in the repository).
HELP
}

# guest  compiler (and its Debian package)  user-mode QEMU  flags
compilers='
riscv64 riscv64-linux-gnu-gcc     qemu-riscv64  -march=rv64gc -mabi=lp64d
arm64   aarch64-linux-gnu-gcc     qemu-aarch64  -march=armv8-a
armhf   arm-linux-gnueabihf-gcc   qemu-arm      -march=armv7-a+neon-vfpv4 -mfloat-abi=hard
'

check=no
guests=()
for argument; do
  case $argument in
    --check) check=yes ;;
    -h | --help)
      usage
      exit
      ;;
    -*) fail 2 "unexpected argument $argument" "$(usage)" ;;
    *) guests+=("$argument") ;;
  esac
done
[ ${#guests[@]} -gt 0 ] || guests=(riscv64)

out=${OUT:-$repo_root/guests}
[[ $out = /* ]] || out=$PWD/$out
sources=$repo_root/tests/guest-programs

build_programs() {
  local source program
  need_tools "$compiler:${compiler%-gcc}" cpio:cpio gzip:gzip xz:xz-utils depmod:kmod modprobe:kmod
  # the compiler alone does not bring the C library
  "$compiler" -print-file-name=libc.a | grep -q / ||
    fail 1 "no static C library for $compiler; Debian and Ubuntu have it in libc6-dev-$guest-cross"
  mkdir -p "$programs"
  for source in "$sources"/*.c; do
    program=$programs/$(basename "$source" .c)
    if [ ! -f "$program" ] || [ "$source" -nt "$program" ] || [ "$sources/bench.h" -nt "$program" ]; then
      # shellcheck disable=SC2086 # several flags
      "$compiler" -O2 -static $flags -std=gnu11 -Wall -Wextra -Werror -ffp-contract=off -fno-math-errno -o "$program" "$source" -lm
    fi
  done
  say "$guest: programs $(cd "$programs" && printf '%s ' *)"
}

try_programs() {
  local source program line failed=()
  need_tools "$emulator:qemu-user"
  for source in "$sources"/*.c; do
    program=$(basename "$source" .c)
    # forks executes itself, which user-mode QEMU would hand to the host's kernel
    [ "$program" != forks ] || continue
    line=$("$emulator" "$programs/$program" 0.01 | tail -n 1) || failed+=("$program")
    say "$line"
  done
  [ ${#failed[@]} -eq 0 ] || fail 1 "$guest: failed: ${failed[*]}"
}

build_image() {
  local source stage=$dir/.stage-bench
  [ -f "$dir/busybox" ] || fail 1 "no busybox in $dir: run build/guests.sh $guest first"
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
}

for guest in "${guests[@]}"; do
  row=$(awk -v guest="$guest" '$1 == guest' <<< "$compilers")
  [ -n "$row" ] || fail 2 "there are no benchmarks for guest $guest" "$(usage)"
  read -r guest compiler emulator flags <<< "$row"
  dir=$out/$guest
  programs=$out/bench/$guest
  build_programs
  if [ $check = yes ]; then
    try_programs
  else
    build_image
  fi
done
