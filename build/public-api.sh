#!/usr/bin/env bash
# public-api.sh - writes what the compiler finds public into src/*/PublicAPI.Unshipped.txt. Look at the diff: it is the review of an API.
set -euo pipefail
cd "$(dirname "$0")/.."

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

for project in src/*/; do
  [ -f "$project/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$project/PublicAPI.Shipped.txt"
  echo '#nullable enable' > "$project/PublicAPI.Unshipped.txt"
done

# built aside, so that a half-written state never counts as built
dotnet msbuild build/packages.proj -restore -t:Build -nologo -v:quiet -p:ArtifactsPath="$temp/build" -p:UseArtifactsOutput=true \
  -p:TreatWarningsAsErrors=false > "$temp/log" || { grep -E 'error' "$temp/log" >&2 || cat "$temp/log" >&2; exit 1; }

for project in src/*/; do
  name=$(basename "$project")
  sed -n "s/.*RS0016: Symbol '\(.*\)' is not part of the declared public API.*[\/\\]$name\.csproj\]\$/\1/p" "$temp/log" |
    LC_ALL=C sort -u >> "$project/PublicAPI.Unshipped.txt"
done
git diff --stat -- 'src/*/PublicAPI.*.txt'
