# shellcheck shell=bash disable=SC2034,SC2154 # variables shared between sourced files
# Small helpers shared by the scripts in build/. Sourced, never run.

repo_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# depmod, modprobe and mkfs.ext4 live where an ordinary user's PATH often does not look
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }

# fail STATUS MESSAGE...: message on standard error, then leave
fail() {
  local status=$1
  shift
  printf '%s\n' "$@" >&2
  exit "$status"
}

# need_tools TOOL:PACKAGE...: names every absent tool together with the Debian package that has it
need_tools() {
  local pair tools=() packages=()
  for pair in "$@"; do
    if ! command -v "${pair%%:*}" > /dev/null; then
      tools+=("${pair%%:*}")
      packages+=("${pair#*:}")
    fi
  done
  [ ${#tools[@]} -eq 0 ] && return
  mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)
  fail 1 "missing on this machine: ${tools[*]}" \
    "Debian and Ubuntu have them in: ${packages[*]} (apt-get install ${packages[*]})"
}

# digest_of FILE...: one SHA-256 over the contents, to notice that an input changed
digest_of() { cat -- "$@" | sha256sum | cut -d' ' -f1; }
