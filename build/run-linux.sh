#!/usr/bin/env bash
# run-linux.sh [emu run arguments...] - boots Debian's riscv64 kernel to a busybox shell on this terminal.
# Without a Debian mirror it runs the small firmware that ships with the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
build/guests.sh riscv64 || status=$?
dotnet build src/Emulation.Cli -c Release --nologo -v quiet
emu=(dotnet src/Emulation.Cli/bin/Release/net10.0/emu.dll run --board riscv64-virt --memory 512M)
if [ "$status" = 0 ]; then
  exec "${emu[@]}" --kernel guests/riscv64/kernel --initrd guests/riscv64/initramfs-shell.cpio.gz --append "console=ttyS0 quiet" "$@"
fi
echo "No kernel: running the firmware in samples/firmware/hello instead. Type 'help' at its prompt." >&2
exec "${emu[@]}" --firmware samples/firmware/hello/hello-rv64.elf "$@"
