# shellcheck shell=bash
# Fetching Debian packages of foreign architectures without touching the host's package system: apt
# runs on a private state directory with the host's mirror, keyring and transport settings.
# Sourced by guests.sh; uses common.sh.

bring_your_own_kernel() {
  local guest=$1 dir=$2
  cat >&2 << MESSAGE
To go on without a Debian mirror, bring a kernel yourself: put an uncompressed (or self-extracting)
Linux image for $guest at $dir/kernel and a statically linked busybox of the same architecture at
$dir/busybox, then run this script again. It builds the initramfs images from those
two files; add the kernel's modules as $dir/modules/lib/modules/RELEASE if the disk
drivers are not built in. With a mirror elsewhere, set MIRROR (and KEYRING, Debian's archive keyring).
MESSAGE
}

# debian_mirror: the archive apt is configured with; empty when there is none
debian_mirror() {
  local targets
  if [ -n "${MIRROR:-}" ]; then
    say "${MIRROR%/}"
    return
  fi
  command -v apt-get > /dev/null || return 0
  # shellcheck disable=SC2016 # apt expands these
  targets=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 2> /dev/null || true)
  # Origin is known only once the host's own lists were fetched; before that, go by the address
  awk -F'|' '
    $1 == "Debian" && $2 == "Debian" { exact = exact ? exact : $3 }
    $1 == "" && $3 ~ /\/debian\/?$/  { guess = guess ? guess : $3 }
    END { found = exact ? exact : guess; sub(/\/$/, "", found); print found }' <<< "$targets"
}

debian_keyring() {
  local file
  for file in "${KEYRING:-}" /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    if [ -n "$file" ] && [ -r "$file" ]; then
      say "$file"
      return
    fi
  done
}

# private_apt DIR SUITE ARCH MIRROR KEYRING: a configuration that names nothing outside DIR
private_apt() {
  local dir=$1 suite=$2 arch=$3 mirror=$4 keyring=$5
  mkdir -p "$dir"/etc/{apt.conf.d,preferences.d} "$dir"/state/lists/partial \
    "$dir"/cache/archives/partial "$dir"/debs
  : > "$dir/status"
  say "deb [arch=$arch signed-by=$keyring] $mirror $suite main" > "$dir/etc/sources.list"
  {
    # proxies, certificates, retries: whatever the host needs to reach its mirror
    apt-config dump | grep -Ei '^Acquire::(http|https|ftp|Retries|ForceIPv[46])(::[^ ]+)? ' || true
    cat << CONFIG
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Update::Error-Mode "any";
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::Etc "$dir/etc";
Dir::Etc::sourcelist "$dir/etc/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$dir/state";
Dir::State::status "$dir/status";
Dir::Cache "$dir/cache";
CONFIG
  } > "$dir/apt.conf"
}

# stanza_field FILE PACKAGE FIELD: of the last stanza of PACKAGE in a Packages file
stanza_field() {
  awk -v package="$2" -v field="$3" '
    BEGIN { RS = ""; FS = "\n" }
    $1 == "Package: " package {
      for (i = 2; i <= NF; i++)
        if (index($i, field ": ") == 1) value = substr($i, length(field) + 3)
    }
    END { print value }' "$1"
}

# image_of DEPENDS: the kernel image a meta-package's Depends field names
image_of() { grep -Eo 'linux-image-[^ ,:|(]+' <<< "$1" | head -n 1; }

# fetch_signed DIR META: through apt, which checks the Release signature, the index and each .deb
fetch_signed() {
  local dir=$1 meta=$2 image
  export APT_CONFIG=$dir/apt.conf
  apt-get -qq update 2> "$dir/update.err" || return 1
  image=$(image_of "$(apt-cache show --no-all-versions "$meta" | sed -n 's/^Depends: //p')")
  [ -n "$image" ] || return 1
  (cd "$dir/debs" && apt-get -qq download "$image" busybox-static)
}

# fetch_by_digest DIR META MIRROR SUITE ARCH: each .deb against the SHA256 its Packages file states;
# the Packages file itself is then not covered by the Release signature
fetch_by_digest() {
  local dir=$1 meta=$2 mirror=$3 suite=$4 arch=$5 image package path digest
  export APT_CONFIG=$dir/apt.conf
  local helper=/usr/lib/apt/apt-helper
  "$helper" download-file "$mirror/dists/$suite/main/binary-$arch/Packages.xz" "$dir/Packages.xz" \
    > /dev/null || return 1
  xz -dc "$dir/Packages.xz" > "$dir/Packages" || return 1
  image=$(image_of "$(stanza_field "$dir/Packages" "$meta" Depends)")
  for package in "$image" busybox-static; do
    path=$(stanza_field "$dir/Packages" "$package" Filename)
    digest=$(stanza_field "$dir/Packages" "$package" SHA256)
    [ -n "$path" ] && [ ${#digest} -eq 64 ] || return 1
    "$helper" download-file "$mirror/$path" "$dir/debs/${path##*/}" "SHA256:$digest" > /dev/null || return 1
  done
}

# require_debian GUEST DIR: sets mirror and keyring, or ends the script, with status 3 when there is
# nowhere to fetch from
require_debian() {
  local guest=$1 dir=$2
  if ! command -v apt-get > /dev/null || ! command -v dpkg-deb > /dev/null; then
    warn "$guest: this machine has no apt, so there is no Debian mirror to fetch a kernel from."
    bring_your_own_kernel "$guest" "$dir"
    exit 3
  fi
  mirror=$(debian_mirror)
  if [ -z "$mirror" ]; then
    warn "$guest: apt on this machine is not configured with a Debian mirror."
    bring_your_own_kernel "$guest" "$dir"
    exit 3
  fi
  keyring=$(debian_keyring)
  [ -n "$keyring" ] || fail 1 "no Debian archive keyring here: install debian-archive-keyring, or set KEYRING"
}

# fetch_guest GUEST DIR: leaves DIR/{kernel,config,release,busybox,modules/,SHA256SUMS,.fetched}
fetch_guest() {
  local guest=$1 dir=$2 suite arch meta mirror keyring work how kernel tree package
  read -r suite arch meta <<< "$(guest_row "$guest")"
  require_debian "$guest" "$dir"

  work=$(dirname "$dir")/.apt/$suite-$arch
  rm -rf "$work"
  mkdir -p "$work"
  private_apt "$work" "$suite" "$arch" "$mirror" "$keyring"
  how="index signed by Debian"
  if ! (fetch_signed "$work" "$meta"); then
    warn "$guest: apt could not verify the index of $suite/$arch:"
    grep -E '^[EW]:' "$work/update.err" | sed 's/^/  /' | head -n 4 >&2 || true
    warn "$guest: falling back to that index unsigned; every .deb is still checked against its SHA256"
    rm -f "$work"/debs/*.deb
    how="index NOT covered by a signature; .deb files match its SHA256"
    if ! (fetch_by_digest "$work" "$meta" "$mirror" "$suite" "$arch"); then
      warn "$guest: the configured Debian mirror gave neither a valid index nor the packages."
      bring_your_own_kernel "$guest" "$dir"
      exit 3
    fi
  fi

  # unpack beside the final place and move at the end, so that an interruption leaves no half guest
  tree=$work/unpacked
  mkdir -p "$tree" "$work/guest/modules/lib/modules"
  for package in "$work"/debs/*.deb; do dpkg-deb -x "$package" "$tree"; done
  kernel=$(find "$tree/boot" -name 'vmlinu*' | sort | head -n 1)
  cp "$kernel" "$work/guest/kernel"
  cp "$tree"/boot/config-* "$work/guest/config"
  cp "$(find "$tree" -type f -path '*/bin/busybox' | head -n 1)" "$work/guest/busybox"
  chmod 755 "$work/guest/busybox"
  mv "$(find "$tree" -type d -path '*lib/modules/*' -prune | head -n 1)" "$work/guest/modules/lib/modules/"
  ls "$work/guest/modules/lib/modules" > "$work/guest/release"
  (cd "$work/debs" && sha256sum ./*.deb) > "$work/guest/SHA256SUMS"
  say "$suite $arch $(cat "$work/guest/release"); $how" > "$work/guest/.fetched"

  mkdir -p "$dir"
  (cd "$dir" && rm -rf kernel config release busybox modules SHA256SUMS .fetched .built)
  find "$work/guest" -mindepth 1 -maxdepth 1 ! -name .fetched -exec mv -t "$dir" {} +
  mv "$work/guest/.fetched" "$dir/"
  rm -rf "$work"
  rmdir "$(dirname "$work")" 2> /dev/null || true
  say "$guest: fetched Linux $(cat "$dir/release") ($how)"
}
