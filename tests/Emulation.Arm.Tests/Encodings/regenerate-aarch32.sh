#!/bin/sh
# Writes what GNU objdump (binutils 2.40 made the committed file) calls the words in aarch32.txt: set, word, text. Words of the set "simd" are named as A32.
# Needs binutils-arm-linux-gnueabihf. New words are added by hand, as "set<TAB>word".
set -e
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for set in a32 simd t16 t32; do
  sed -n "s/^$set\t\([0-9a-f]*\).*/\1/p" aarch32.txt >"$dir/words"
  while read -r word; do
    case $set in
      a32 | simd) printf '.inst 0x%s\n' "$word" ;;
      t16) printf '.inst.n 0x%s\n' "${word#0000}" ;;
      t32) printf '.inst.w 0x%s\n' "$word" ;;
    esac
  done <"$dir/words" >"$dir/body"
  case $set in t*) mode=.thumb ;; *) mode=.arm ;; esac
  { printf '.syntax unified\n%s\n' "$mode"; cat "$dir/body"; } >"$dir/s"
  arm-linux-gnueabihf-as -march=armv8.6-a+crypto+fp16 -mfpu=crypto-neon-fp-armv8 "$dir/s" -o "$dir/o"
  arm-linux-gnueabihf-objdump -d "$dir/o" |
    sed -nE 's/^ *[0-9a-f]+:\t[0-9a-f ]+\t(.*)$/\1/p' | tr '\t' ' ' | sed -E 's/ +(;|@|\/\/).*$//; s/ ?<[^>]*>//; s/ +$//' >"$dir/names"
  paste "$dir/words" "$dir/names" | sed "s/^/$set\t/"
done | sort -u >"$dir/out"
mv "$dir/out" aarch32.txt
