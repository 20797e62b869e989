#!/usr/bin/env bash
# Installs the Debian packages that the tests and the scripts in build/ use, where that is possible, and
# says what is missing where it is not. A second call changes nothing.
set -euo pipefail

build_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=build/lib/common.sh
. "$build_dir/lib/common.sh"

usage() {
  cat << HELP
usage: build/install-test-packages.sh [--check]

Installs through apt-get, as root, what is not installed yet.
  --check   only say what is missing
Exit status: 0 all there, 1 apt-get failed, 2 wrong usage, 3 something is missing and cannot be installed
here (no apt, not root, or --check).
HELP
}

# package  what needs it
package_table='
qemu-system-misc          comparison with qemu-system-riscv64
qemu-utils                comparison of disk images with qemu-img, and of NBD with qemu-nbd
qemu-system-common        comparison of NBD with qemu-storage-daemon
cloop-utils               compressed loopback images
bximage                   disk images of Bochs
qemu-system-arm           comparison with qemu-system-aarch64 and qemu-system-arm
qemu-user                 comparison with qemu-aarch64, qemu-arm and qemu-riscv64, checking benchmark programs outside a guest
opensbi                   firmware for boot tests of riscv64
qemu-efi-aarch64          firmware for boot tests of arm64
qemu-efi-arm              firmware for boot tests of armhf
u-boot-qemu               firmware for boot tests of arm64 and armhf
mtools                    FAT disks of boot tests
acpica-tools              checking ACPI tables
gcc-riscv64-linux-gnu     guest programs
libc6-dev-riscv64-cross   guest programs
gdb-multiarch             debugger tests
cpio                      initramfs images
e2fsprogs                 disk images
kmod                      modules in initramfs images
xz-utils                  unpacking modules
zstd                      unpacking modules
unzip                     checking NuGet packages
gcc                       linking native AOT programs
libc6-dev                 linking native AOT programs
device-tree-compiler      checking device trees
'
update_tries=5

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

wanted() { awk 'NF { print $1 }' <<< "$package_table"; }

installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

report_missing() {
  local why=$1 package
  shift
  warn "missing here ($why):"
  for package in "$@"; do
    awk -v package="$package" '$1 == package { $1 = ""; printf "  %-25s%s\n", package, $0 }' <<< "$package_table" >&2
  done
}

if ! command -v apt-get > /dev/null || ! command -v dpkg-query > /dev/null; then
  mapfile -t all < <(wanted)
  report_missing "no apt on this machine; install by other means, if not there already" "${all[@]}"
  exit 3
fi

missing=()
for package in $(wanted); do
  installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  say "all packages are installed"
  exit
fi
if [ $check = yes ]; then
  report_missing "not installed" "${missing[@]}"
  exit 3
fi
if [ "$(id -u)" -ne 0 ]; then
  report_missing "only root can install packages" "${missing[@]}"
  warn "as root: apt-get install ${missing[*]}"
  exit 3
fi

# mirrors are at times unreachable or half updated for some seconds
for ((try = 1; ; try++)); do
  if apt-get -q -o APT::Update::Error-Mode=any update; then break; fi
  if [ "$try" -eq $update_tries ]; then
    warn "apt-get update failed $update_tries times; trying with the lists there are"
    break
  fi
  warn "apt-get update failed, trying again"
  sleep $((try * 5))
done

# one absent package (an older or newer release) should not keep the others out
available=()
for package in "${missing[@]}"; do
  if apt-cache show --no-all-versions "$package" > /dev/null 2>&1; then available+=("$package"); fi
done
if [ ${#available[@]} -gt 0 ]; then
  DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o Acquire::Retries=3 install "${available[@]}" ||
    warn "apt-get install failed"
fi

still=()
for package in "${missing[@]}"; do
  installed "$package" || still+=("$package")
done
if [ ${#still[@]} -gt 0 ]; then
  report_missing "apt-get could not install them" "${still[@]}"
  exit 1
fi
say "installed: ${missing[*]}"
