#!/usr/bin/env bash
# test.sh [dotnet test arguments...] - builds everything and runs all tests; the last line is "N passed, N failed".
# Without arguments the packages are packed and used too, and counted with the tests.
# With CI=true a missing guest or oracle fails; otherwise the tests that need it say what they miss.
set -euo pipefail
cd "$(dirname "$0")/.."

configuration=${CONFIGURATION:-Release}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Unmodified Debian kernels for the boot tests. Without a Debian mirror the tests say so themselves.
if ! build/guests.sh riscv64 arm64 armhf armhf-lpae; then
  [ "${CI:-}" != true ] || { echo "the guests could not be fetched" >&2; exit 1; }
  echo "going on without guests: boot tests will be ignored" >&2
fi

dotnet build Emulation.sln -c "$configuration" --nologo -v quiet
status=0
dotnet test Emulation.sln -c "$configuration" --no-build --nologo -m:1 "$@" 2>&1 | tee "$log" || status=$?
[ $# -gt 0 ] || CONFIGURATION=$configuration build/check-packages.sh 2>&1 | tee -a "$log" || status=1

# What failed is said once more at the end, where a reader looks first: the test and the beginning of its message.
if grep -qE '^ *Failed +[^:]+ \[' "$log"; then
  echo "failed:"
  grep -E -A 6 '^ *Failed +[^:]+ \[' "$log" || true
fi

# The runner prints one summary line per test project.
awk '
  /Failed: +[0-9]+, Passed: +[0-9]+/ {
    for (i = 1; i < NF; i++) {
      if ($i == "Failed:") failed += $(i + 1)
      if ($i == "Passed:") passed += $(i + 1)
      if ($i == "Skipped:") skipped += $(i + 1)
    }
  }
  END {
    if (skipped)
      printf "%d skipped: the log says why\n", skipped
    printf "%d passed, %d failed\n", passed, failed
    exit failed > 0 || passed == 0
  }' "$log" || status=1
exit "$status"
