#!/usr/bin/env bash
# Fetches unmodified Debian kernels and busybox, and builds the images the tests and the comparison
# with QEMU boot. Needs no root, installs nothing.
set -euo pipefail

build_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=build/lib/common.sh
. "$build_dir/lib/common.sh"
# shellcheck source=build/lib/guest-table.sh
. "$build_dir/lib/guest-table.sh"
# shellcheck source=build/lib/debian-fetch.sh
. "$build_dir/lib/debian-fetch.sh"
# shellcheck source=build/lib/initramfs.sh
. "$build_dir/lib/initramfs.sh"

usage() {
  cat << HELP
usage: build/guests.sh [--force] [--list] [GUEST...]

Makes, for each GUEST (default: riscv64), in guests/GUEST/:
  kernel                     the kernel of Debian's linux-image package, as it is
  initramfs.cpio.gz          prints BOOT-OK and a checksum, powers off; run=/extra/SCRIPT runs more
  initramfs-shell.cpio.gz    an interactive shell on the console
  initramfs-disk.cpio.gz     mounts the first disk, checks /data.bin on it, prints DISK-OK
and guests/disk.img with guests/disk.md5. Files in guests/GUEST/extra/ are copied to /extra.

  --force    fetch again what is already there
  --list     the guests there are

Environment: OUT (output directory, default guests/ in the repository), MIRROR (default: the Debian
mirror apt is configured with), KEYRING (default: that of debian-archive-keyring).
Exit status: 0 done, 1 failure, 2 wrong usage, 3 no Debian mirror to fetch from.
HELP
}

force=no
guests=()
for argument in "$@"; do
  case $argument in
    --force) force=yes ;;
    --list)
      guest_names
      exit
      ;;
    -h | --help)
      usage
      exit
      ;;
    -*) fail 2 "unknown option $argument" "$(usage)" ;;
    *)
      guest_row "$argument" > /dev/null ||
        fail 2 "unknown guest $argument; there are: $(guest_names | paste -sd' ')"
      guests+=("$argument")
      ;;
  esac
done
[ ${#guests[@]} -gt 0 ] || guests=(riscv64)

out=${OUT:-$repo_root/guests}
[[ $out = /* ]] || out=$PWD/$out

# to_fetch GUEST: neither fetched before nor brought by the user
to_fetch() { [ $force = yes ] || ! [ -f "$out/$1/kernel" ] || ! [ -f "$out/$1/busybox" ]; }

# no mirror is a different answer (3) from a missing tool (1), so it is looked at first
for guest in "${guests[@]}"; do
  if to_fetch "$guest"; then require_debian "$guest" "$out/$guest"; fi
done
need_tools cpio:cpio gzip:gzip xz:xz-utils zstd:zstd mkfs.ext4:e2fsprogs depmod:kmod modprobe:kmod \
  awk:mawk sha256sum:coreutils find:findutils sed:sed grep:grep
mkdir -p "$out"
make_disk "$out"

for guest in "${guests[@]}"; do
  dir=$out/$guest
  if to_fetch "$guest"; then
    fetch_guest "$guest" "$dir"
  elif [ -f "$dir/.fetched" ]; then
    say "$guest: already there: $(cat "$dir/.fetched")"
  else
    say "$guest: using the kernel and busybox found in $dir"
  fi
  make_images "$out" "$guest"
done
