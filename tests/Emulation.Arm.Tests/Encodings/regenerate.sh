#!/bin/sh
# Assembles a64.s with GNU binutils (2.40 made the committed file) and writes what objdump says: word, text without aliases.
# Needs binutils-aarch64-linux-gnu.
set -e
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
aarch64-linux-gnu-as a64.s -o "$dir/o"
aarch64-linux-gnu-objdump -d -M no-aliases "$dir/o" |
  sed -nE 's/^ *[0-9a-f]+:\t([0-9a-f]{8}) +\t([^\t]+)\t?(.*)$/\1\t\2 \3/p' |
  sed -E 's/ +(\/\/|#).*$//; s/ ?<[^>]*>//; s/ +$//' | sort -u >a64.txt
