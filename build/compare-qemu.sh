#!/usr/bin/env bash
# Measures emu against QEMU with a guest of riscv64, arm64 or armhf: builds what is to be measured, then
# hands over to the comparison program (tests/Emulation.Compare; --help lists its options).
set -euo pipefail

build_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=build/lib/common.sh
. "$build_dir/lib/common.sh"

command -v dotnet > /dev/null || fail 1 "the .NET SDK is missing: https://dot.net"

# MSBuild's chatter would drown the table; it is shown when a build fails
quiet() {
  local log
  log=$(dotnet "$@" -c Release -v quiet --nologo 2>&1) || fail 1 "dotnet $1 $2 failed:" "$log"
}

quiet build "$repo_root/tests/Emulation.Compare/Emulation.Compare.csproj"
case " $* " in
  *" --help "* | *" -h "*) ;;
  *)
    if [ -z "${EMU:-}" ]; then
      # as a user would publish it: compiled ahead of time, which is what the start of a process costs
      quiet publish "$repo_root/src/Emulation.Cli/Emulation.Cli.csproj" --use-current-runtime --no-self-contained -o "$repo_root/artifacts/emu"
      export EMU=$repo_root/artifacts/emu/emu.dll
    fi
    ;;
esac
exec dotnet "$repo_root/tests/Emulation.Compare/bin/Release/net10.0/compare.dll" --guests "$repo_root/guests" "$@"
