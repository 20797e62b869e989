# shellcheck shell=bash disable=SC2034,SC2154 # variables shared between sourced files
# Building initramfs images as an ordinary user, byte for byte the same from the same inputs.
# Sourced; uses common.sh and guest-table.sh.

init_dir=$repo_root/build/guest-init
guest_applets='sh [ awk basename cat cp cut date dd df dmesg echo free grep head hostname id ifconfig insmod ip kill ln ls lsmod md5sum mkdir mknod mount mv nproc ping poweroff printf ps reboot rm sed seq setsid sha256sum sleep sort stat sync tail test time top tr true umount uname uptime wc wget'

# newc_entry NAME MODE [MAJOR MINOR]: one member without content in cpio's "newc" form. cpio itself
# could only archive a device node that exists, and making one takes root. The kernel reads members
# one after another, so these may stand in front of an archive that cpio wrote.
newc_entry() {
  local name=$1 mode=$2 major=${3:-0} minor=${4:-0} size
  size=$((${#name} + 1))
  # magic, inode, mode, uid, gid, links, mtime, size, dev major/minor, rdev major/minor, name size, check
  printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X' \
    0 "$((mode))" 0 0 1 0 0 0 0 "$major" "$minor" "$size" 0
  printf '%s\0' "$name"
  # the 110 byte header and the name together are padded to four bytes
  for ((; (110 + size) % 4 != 0; size++)); do printf '\0'; done
}

# pack_initramfs STAGE OUTPUT
pack_initramfs() {
  local stage=$1 output=$2
  find "$stage" -exec touch -h -d @0 {} +
  {
    newc_entry dev 0040755
    newc_entry dev/console 0020600 5 1
    newc_entry dev/null 0020666 1 3
    (cd "$stage" && find . -mindepth 1 ! -path ./dev -printf '%P\0' | LC_ALL=C sort -z |
      cpio --null --create --format=newc --owner=0:0 --reproducible --quiet)
  } | gzip -9n > "$output.part"
  mv "$output.part" "$output"
}

# stage_base STAGE GUEST_DIR INIT: directories, busybox, /init
stage_base() {
  local stage=$1 dir=$2 init=$3 applet
  rm -rf "$stage"
  mkdir -p "$stage"/{bin,dev,etc,mnt,proc,root,sys,tmp}
  install -m 755 "$dir/busybox" "$stage/bin/busybox"
  for applet in $guest_applets; do ln -s busybox "$stage/bin/$applet"; done
  install -m 755 "$init_dir/$init" "$stage/init"
  install -m 755 "$init_dir/drivers" "$stage/bin/drivers"
}

# stage_modules STAGE GUEST_DIR MODULE...: the modules and what they depend on, uncompressed, with
# /mods/list in loading order; STAGE.modules says where each driver comes from
stage_modules() {
  local stage=$1 dir=$2 record=$1.modules release name kind path
  shift 2
  mkdir -p "$stage/mods"
  : > "$stage/mods/list"
  : > "$record"
  [ -d "$dir/modules/lib/modules" ] || return 0
  release=$(find "$dir/modules/lib/modules" -mindepth 1 -maxdepth 1 -printf '%f\n' | head -n 1)
  [ -f "$dir/modules/lib/modules/$release/modules.dep.bin" ] || depmod -b "$dir/modules" "$release"
  for name in "$@"; do
    while read -r kind path _; do
      case $kind in
        builtin) say "builtin $path" >> "$record" ;;
        insmod) stage_module "$stage" "$path" "$name" >> "$record" ;;
        *) say "absent $name" >> "$record" ;;
      esac
    done < <(modprobe -d "$dir/modules" -S "$release" --show-depends "$name" 2> /dev/null || say "absent $name")
  done
  sort -u -o "$record" "$record"
}

stage_module() {
  local stage=$1 path=$2 wanted_by=$3 module
  module=${path##*/}
  module=${module%%.ko*}
  grep -qx -- "$module" "$stage/mods/list" && return
  case $path in
    *.xz) xz -dc "$path" ;;
    *.zst) zstd -qdc "$path" ;;
    *.gz) gzip -dc "$path" ;;
    *) cat "$path" ;;
  esac > "$stage/mods/$module.ko"
  say "$module" >> "$stage/mods/list"
  say "module $module (for $wanted_by)"
}

# make_disk OUT: 32 MiB ext4 holding /data.bin of 8 MiB; disk.md5 is the sum of that file
make_disk() {
  local out=$1 content=$1/.disk
  [ -f "$out/disk.img" ] && [ -f "$out/disk.md5" ] && return
  rm -rf "$content"
  mkdir -p "$content"
  seq 1000000 2048575 > "$content/data.bin" # 2^20 lines of eight bytes
  md5sum < "$content/data.bin" | cut -d' ' -f1 > "$out/disk.md5"
  rm -f "$out/disk.img.part"
  truncate -s 32M "$out/disk.img.part"
  mkfs.ext4 -q -F -d "$content" -U 0f0e0d0c-0b0a-0908-0706-050403020100 \
    -E hash_seed=0f0e0d0c-0b0a-0908-0706-050403020100,root_owner=0:0 "$out/disk.img.part"
  mv "$out/disk.img.part" "$out/disk.img"
  rm -rf "$content"
}

# make_images OUT GUEST: the three images of a guest, unless they are up to date
make_images() {
  local out=$1 guest=$2 dir=$1/$2 stage=$1/$2/.stage key
  key=$(digest_of "$dir/kernel" "$dir/busybox" "$out/disk.md5" "$init_dir"/* "$repo_root/build/lib/initramfs.sh" \
    "$repo_root/build/lib/guest-table.sh")
  [ ! -d "$dir/extra" ] || key+=$(cd "$dir/extra" && find . -type f -exec sha256sum {} + | sort | sha256sum)
  if [ "$(cat "$dir/.built" 2> /dev/null)" = "$key" ] && [ -f "$dir/initramfs.cpio.gz" ] &&
    [ -f "$dir/initramfs-shell.cpio.gz" ] && [ -f "$dir/initramfs-disk.cpio.gz" ]; then
    say "$guest: images are up to date"
    return
  fi

  stage_base "$stage" "$dir" init
  [ ! -d "$dir/extra" ] || cp -r "$dir/extra" "$stage/extra"
  pack_initramfs "$stage" "$dir/initramfs.cpio.gz"
  rm -rf "$stage/extra"

  # shellcheck disable=SC2086 # a list of words
  stage_modules "$stage" "$dir" $guest_modules
  mv "$stage.modules" "$dir/modules-disk.txt"
  cp "$out/disk.md5" "$stage/etc/disk-test"
  pack_initramfs "$stage" "$dir/initramfs-disk.cpio.gz"

  rm "$stage/etc/disk-test"
  install -m 755 "$init_dir/shell" "$stage/init"
  pack_initramfs "$stage" "$dir/initramfs-shell.cpio.gz"

  rm -rf "$stage"
  say "$key" > "$dir/.built"
  say "$guest: built $(cd "$dir" && stat -c '%n (%s bytes)' initramfs*.cpio.gz | paste -sd, | sed 's/,/, /g')"
}
