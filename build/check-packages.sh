#!/usr/bin/env bash
# check-packages.sh - packs what is built and uses the packages as somebody would who has nothing else: the examples of the
# READMEs, also as native AOT, one CPU alone, the emu tool. Works in a temporary folder. The last line counts the checks as a test project does.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
# shellcheck source=build/lib/common.sh
. build/lib/common.sh

(need_tools dotnet:dotnet-sdk-10.0 unzip:unzip) || { echo "packages: Failed: 1, Passed: 0"; exit 1; }
configuration=${CONFIGURATION:-Release}
root=$PWD
firmware=$root/samples/firmware/hello/hello-rv64.elf
temp=$(mktemp -d)
# no build nodes that outlive this script
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
trap 'rm -rf "$temp"' EXIT

passed=0
failed=0

# check NAME COMMAND...: runs it and counts; what it printed is shown when it failed
check() {
  local name=$1
  shift
  if "$@" > "$temp/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    warn "packages: $name FAILED" "$(tail -n 40 "$temp/log")"
  fi
}

# --- what is in them ---

pack() {
  dotnet msbuild build/packages.proj -t:Pack -nologo -v:quiet -p:Configuration="$configuration" -p:NoBuild=true \
    -p:PackageOutputPath="$temp/packages"
}

content() {
  local project name package nuspec bad=0 allowed='^(Emulation\.[A-Za-z]+|Microsoft\.Extensions\.[A-Za-z.]+|SharpCompress|ZstdSharp\.Port|Gee\.External\.Capstone|LibObjectFile|FluentAssertions)$'
  for project in src/*/*.csproj; do
    name=$(basename "$project" .csproj)
    package=$(echo "$temp/packages/$name".[0-9]*.nupkg)
    [ -f "$package" ] || { echo "$name: no package"; bad=1; continue; }
    nuspec=$(unzip -p "$package" "$name.nuspec")
    unzip -l "$package" > "$temp/list"
    local wanted
    for wanted in '<license type="expression">MIT</license>' '<readme>README.md</readme>' '<tags>' '<description>' 'commit="'; do
      grep -qF "$wanted" <<< "$nuspec" || { echo "$name: $wanted is missing"; bad=1; }
    done
    ! grep -q '<description>Package Description<' <<< "$nuspec" || { echo "$name: no description"; bad=1; }
    grep -q ' README.md$' "$temp/list" || { echo "$name: no readme"; bad=1; }
    case $name in
      Emulation) ;;
      Emulation.Templates) grep -q ' content/emulation-firmware-tests/.template.config/template.json$' "$temp/list" || { echo "$name: no template"; bad=1; } ;;
      Emulation.Cli) grep -q '/DotnetToolSettings.xml$' "$temp/list" || { echo "$name: not a tool"; bad=1; } ;;
      *)
        for wanted in dll xml; do
          grep -q " lib/net10.0/$name.$wanted\$" "$temp/list" || { echo "$name: no $wanted"; bad=1; }
        done
        [ -f "${package%.nupkg}.snupkg" ] || { echo "$name: no symbols"; bad=1; }
        ;;
    esac
    local dependency
    for dependency in $(sed -n 's/.*<dependency id="\([^"]*\)".*/\1/p' <<< "$nuspec"); do
      grep -qE "$allowed" <<< "$dependency" || { echo "$name: depends on $dependency"; bad=1; }
    done
  done
  return $bad
}

# --- a fresh user: the machine's own sources and the new folder; a package cache of its own, so that nothing older is found ---

# consumer NAME PACKAGE...: a console project that references the packages
consumer() {
  local name=$1 package references=
  shift
  for package in "$@"; do references+="<PackageReference Include=\"$package\" Version=\"$version\" />"; done
  mkdir -p "$temp/$name"
  cat > "$temp/$name/$name.csproj" << PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>$references</ItemGroup>
</Project>
PROJECT
}

# example README: the first C# block
example() { awk '/^```csharp$/ { inside = 1; next } /^```$/ && inside { exit } inside' "$1"; }

library_build() {
  consumer Library Emulation
  # the README boots Linux; the sample firmware stands in for it
  example README.md > "$temp/readme.cs"
  grep -q '\.BootLinux(.*)$' "$temp/readme.cs" && grep -q '"login: "' "$temp/readme.cs" && grep -q '"disk.img"' "$temp/readme.cs" ||
    { echo "the example in README.md is not what this script expects"; return 1; }
  {
    echo 'using Emulation.Boards; using Emulation.Boards.RiscV; using Emulation.Core; using Emulation.Storage;'
    echo 'internal static class Readme { public static async Task RunAsync(string firmware) {'
    sed -e 's/\.BootLinux(.*)$/.WithFirmware(firmware)/' -e 's/"login: "/"type help"/' "$temp/readme.cs"
    echo 'Console.WriteLine("README " + vm.StateHash() + (copy.StateHash() == vm.StateHash() ? " forked" : " differs")); } }'
  } > "$temp/Library/Readme.cs"
  {
    example nuget/Emulation/README.md
    echo 'await Readme.RunAsync("firmware.elf");'
  } > "$temp/Library/Program.cs"
  cp "$firmware" "$temp/Library/firmware.elf"
  truncate -s 1M "$temp/Library/disk.img"
  cd "$temp/Library" && dotnet build -c Release -v quiet
}

library_run() {
  cd "$temp/Library" && timeout 300 dotnet bin/Release/net10.0/Library.dll > "$temp/library.out" || { cat "$temp/library.out"; return 1; }
  cat "$temp/library.out"
  grep -q 'Hello from the sample firmware' "$temp/library.out" && grep -qE '^[A-Za-z]+ after [0-9]+ instructions, state [0-9a-f]{64}$' "$temp/library.out" &&
    grep -qE '^README [0-9a-f]{64} forked$' "$temp/library.out"
}

# as under native AOT: the interpreter takes over by itself, and everything comes out the same
library_without_code_generation() {
  cd "$temp/Library" || return 1
  sed 's/"configProperties": {/&\n      "System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported": false,/' \
    bin/Release/net10.0/Library.runtimeconfig.json > interpreter.json
  grep -q IsDynamicCodeSupported interpreter.json || { echo "no place for the switch in runtimeconfig.json"; return 1; }
  timeout 300 dotnet exec --runtimeconfig interpreter.json bin/Release/net10.0/Library.dll > "$temp/interpreter.out" || { cat "$temp/interpreter.out"; return 1; }
  diff "$temp/library.out" "$temp/interpreter.out"
}

# the linker is any C compiler's
library_native() {
  cd "$temp/Library" && dotnet publish --use-current-runtime -c Release -v quiet -o native -p:PublishAot=true -p:CppCompilerAndLinker="$1" || return 1
  timeout 300 native/Library > "$temp/native.out" || { cat "$temp/native.out"; return 1; }
  diff "$temp/library.out" "$temp/native.out"
}

one_cpu() {
  consumer OneCpu Emulation.RiscV Emulation.Jit
  cp "$root"/samples/SnippetEmulator/Sample.cs "$temp/OneCpu/"
  echo 'return Emulation.Jit.JitEngine.IsSupported ? SnippetEmulator.Sample.Run(Console.Out) : 1;' > "$temp/OneCpu/Program.cs"
  cd "$temp/OneCpu" && dotnet build -c Release -v quiet && timeout 300 dotnet bin/Release/net10.0/OneCpu.dll > "$temp/cpu.out" || return 1
  cat "$temp/cpu.out"
  grep -q '^the guest wrote 285 (4 bytes) to the device$' "$temp/cpu.out" && [ ! -e bin/Release/net10.0/Emulation.Boards.dll ]
}

tool() {
  cd "$temp" && dotnet tool install Emulation.Cli --tool-path "$temp/tools" --version "$version" &&
    tools/emu boards > "$temp/boards.out" && cat "$temp/boards.out" && grep -q 'riscv64-virt' "$temp/boards.out" || return 1
  printf 'board\rpoweroff\r' | timeout 300 tools/emu run --board riscv64-virt --memory 32M --firmware "$firmware" \
    --time deterministic --timeout 300 > "$temp/run.out" || { cat "$temp/run.out"; return 1; }
  cat "$temp/run.out"
  grep -q 'Hello from the sample firmware' "$temp/run.out" && grep -q 'bye' "$temp/run.out"
}

# as docs/firmware-tests.md begins
template() {
  export DOTNET_CLI_HOME=$temp/home
  cd "$temp" && dotnet new install "Emulation.Templates::$version" --add-source "$temp/packages" &&
    dotnet new emulation-firmware-tests -o FirmwareProject --emulationVersion "$version" && timeout 300 dotnet test FirmwareProject > "$temp/tests.out" || { cat "$temp/tests.out"; return 1; }
  cat "$temp/tests.out"
  grep -qE 'Failed: +0, Passed: +[1-9]' "$temp/tests.out"
}

# runner NAME ATTRIBUTE-OF-CLASS ATTRIBUTE-OF-TEST NAMESPACE PACKAGE=VERSION...: the kit under another test framework; a failing wait has to fail a test there, with the report
runner() {
  local name=$1 class=$2 test=$3 namespace=$4 package references=
  shift 4
  for package in "$@" Emulation.Testing="$version" Emulation.Testing.FluentAssertions="$version" FluentAssertions=7.2.2 Microsoft.NET.Test.Sdk=18.0.1; do
    references+="<PackageReference Include=\"${package%=*}\" Version=\"${package#*=}\" />"
  done
  mkdir -p "$temp/$name" && cp "$root/tests/firmware/app.elf" "$temp/$name/" || return 1
  cat > "$temp/$name/$name.csproj" << PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <IsTestProject>true</IsTestProject>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>$references<None Include="app.elf" CopyToOutputDirectory="PreserveNewest" /></ItemGroup>
</Project>
PROJECT
  cat > "$temp/$name/BoardTests.cs" << CODE
using Emulation.Core; using Emulation.Testing; using Emulation.Testing.FluentAssertions; using FluentAssertions; using $namespace;
$class
public class BoardTests
{
    private static RiscVVirtBench Ready()
    {
        var board = new RiscVVirtBench(fw => fw.Elf(Path.Combine(AppContext.BaseDirectory, "app.elf")));
        board.Uart.WaitForLine("ready", within: 100.VirtualMilliseconds());
        return board;
    }

    $test
    public void Passes()
    {
        using RiscVVirtBench board = Ready();
        board.Uart.WriteLine("temp");
        board.Uart.WaitForLine("T=21.5");
        board.Variable("latest.temperature").Should().HaveValue(215);
    }

    $test
    public void Fails_by_a_wait()
    {
        using RiscVVirtBench board = Ready();
        board.Uart.WaitForLine("never", within: 1.VirtualMilliseconds());
    }

    $test
    public void Fails_by_an_assertion()
    {
        using RiscVVirtBench board = Ready();
        board.Uart.Should().HaveReceivedLine("never");
    }
}
CODE
  cd "$temp/$name" || return 1
  timeout 300 dotnet test -c Release > "$temp/tests.out"
  cat "$temp/tests.out"
  grep -qE 'Failed: +2, Passed: +1' "$temp/tests.out" && grep -q "the line 'never' on uart0 did not come within 1 ms" "$temp/tests.out" &&
    grep -q 'Expected uart0 to have received the line "never"' "$temp/tests.out" && [ "$(grep -c 'call stack:' "$temp/tests.out")" -ge 2 ]
}

# the packages that were used are the ones just packed
origin() {
  local metadata bad=0
  for metadata in "$NUGET_PACKAGES"/emulation*/*/.nupkg.metadata; do
    grep -qF "\"source\": \"$temp/packages\"" "$metadata" || { echo "$metadata: $(cat "$metadata")"; bad=1; }
  done
  return $bad
}

in_subshell() { ("$@"); }

check "dotnet pack" pack
if [ $failed = 0 ]; then
  version=$(basename "$temp/packages"/Emulation.Core.*.nupkg .nupkg)
  version=${version#Emulation.Core.}
  cat > "$temp/NuGet.config" << CONFIG
<configuration><packageSources><add key="just-packed" value="$temp/packages" /></packageSources></configuration>
CONFIG
  export NUGET_PACKAGES=$temp/cache
  check "content" content
  check "the library builds" in_subshell library_build
  check "the library runs" in_subshell library_run
  check "the library runs where no code can be generated" in_subshell library_without_code_generation
  if linker=$(command -v clang || command -v gcc) || [ "${CI:-}" = true ]; then
    check "the library runs as native code" in_subshell library_native "${linker:-gcc}"
  else
    warn "packages: no clang or gcc here, native AOT is not checked"
  fi
  check "one CPU alone" in_subshell one_cpu
  check "the emu tool" in_subshell tool
  check "a project from the template" in_subshell template
  check "NUnit" in_subshell runner NUnitProject '' '[Test]' NUnit.Framework NUnit=4.4.0 NUnit3TestAdapter=5.2.0
  check "xUnit" in_subshell runner XunitProject '' '[Fact]' Xunit xunit=2.9.3 xunit.runner.visualstudio=3.1.5
  check "MSTest" in_subshell runner MSTestProject '[TestClass]' '[TestMethod]' Microsoft.VisualStudio.TestTools.UnitTesting MSTest.TestFramework=3.11.1 MSTest.TestAdapter=3.11.1
  check "where the packages came from" origin
fi

printf 'packages: Failed: %d, Passed: %d\n' "$failed" "$passed"
[ $failed = 0 ]
