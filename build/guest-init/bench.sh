#!/bin/sh
# Runs the benchmark programs named by the kernel argument bench=NAME,NAME... (default: all), at the
# scale given by scale=NUMBER (default: 1).
list=''
scale=1
# shellcheck disable=SC2013 # the arguments are words
for word in $(cat /proc/cmdline); do
  case $word in
    bench=all) ;;
    bench=*) list=$(echo "${word#bench=}" | tr , ' ') ;;
    scale=*) scale=${word#scale=} ;;
  esac
done
[ -n "$list" ] || list=$(tr '\n' ' ' < /extra/programs)

case " $list " in
  *" blkread "*)
    drivers
    tries=0
    # the disk is probed in the background, after insmod has returned
    while [ ! -b /dev/vda ] && [ $tries -lt 20 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    ;;
esac

for program in $list; do
  if [ -x "/extra/$program" ]; then
    "/extra/$program" "$scale" || echo "$program ended with status $?"
  else
    echo "$program is not in this image"
  fi
done
echo BENCH-DONE
