# shellcheck shell=bash disable=SC2034,SC2154 # variables shared between sourced files
# What is fetched for each guest. Sourced by guests.sh.
#
# The kernel package is Debian's meta-package; the image it depends on is the one taken. mipsel and
# others left Debian after bookworm, and riscv64 entered it with trixie, hence two suites.

# guest  suite  Debian architecture  kernel meta-package
guest_table='
riscv64   trixie    riscv64  linux-image-riscv64
arm64     bookworm  arm64    linux-image-arm64
armhf     bookworm  armhf    linux-image-armmp
armhf-lpae bookworm armhf   linux-image-armmp-lpae
i386      bookworm  i386     linux-image-686-pae
amd64     bookworm  amd64    linux-image-amd64
mipsel    bookworm  mipsel   linux-image-4kc-malta
mips64el  bookworm  mips64el linux-image-5kc-malta
ppc64el   bookworm  ppc64el  linux-image-powerpc64le
s390x     bookworm  s390x    linux-image-s390x
'

# Disk, network and file system drivers put into the images that carry modules. A name the kernel
# does not have, or has built in, is recorded and skipped.
guest_modules='virtio_mmio virtio_pci virtio_blk virtio_net virtio_scsi sd_mod ata_piix ahci nvme ibmvscsi crc32c_generic ext4'

# guest_row GUEST: its row without the name, or failure
guest_row() {
  awk -v guest="$1" '$1 == guest { print $2, $3, $4; found = 1 } END { exit !found }' <<< "$guest_table"
}

guest_names() { awk 'NF { print $1 }' <<< "$guest_table"; }
