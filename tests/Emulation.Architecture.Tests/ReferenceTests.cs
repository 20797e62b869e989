using System.Reflection;

namespace Emulation.Architecture.Tests;

/// <summary>Which assembly may know which: an instruction set knows no device, board or other instruction set, a device no CPU.</summary>
[TestFixture]
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Emulation.Core"] = [],
        ["Emulation.IR"] = [],
        ["Emulation.SoftFloat"] = [],
        ["Emulation.Storage"] = [],
        ["Emulation.Cpu"] = ["Emulation.Core", "Emulation.IR", "Emulation.SoftFloat"],
        ["Emulation.Jit"] = ["Emulation.Core", "Emulation.IR", "Emulation.SoftFloat", "Emulation.Cpu"],
        ["Emulation.RiscV"] = ["Emulation.Core", "Emulation.IR", "Emulation.SoftFloat", "Emulation.Cpu"],
        ["Emulation.Arm"] = ["Emulation.Core", "Emulation.IR", "Emulation.SoftFloat", "Emulation.Cpu"],
        ["Emulation.Devices"] = ["Emulation.Core", "Emulation.Storage"],
        ["Emulation.Boards"] = ["Emulation.Core", "Emulation.IR", "Emulation.SoftFloat", "Emulation.Cpu", "Emulation.Jit", "Emulation.RiscV", "Emulation.Arm", "Emulation.Devices", "Emulation.Storage"],
        ["Emulation.Debugging"] = ["Emulation.Core", "Emulation.IR", "Emulation.Cpu"],
        ["Emulation.Testing"] = ["Emulation.Core", "Emulation.IR", "Emulation.Cpu", "Emulation.Jit", "Emulation.Boards", "Emulation.Devices", "Emulation.Debugging"],
        ["Emulation.Testing.FluentAssertions"] = ["Emulation.Core", "Emulation.Debugging", "Emulation.Testing"],
    };

    private static IEnumerable<string> Assemblies => s_allowed.Keys;

    [TestCaseSource(nameof(Assemblies))]
    public void References_only_what_the_design_allows(string name)
    {
        IEnumerable<string> references = Assembly.Load(name).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(a => a.StartsWith("Emulation.", StringComparison.Ordinal));
        references.Should().BeSubsetOf(s_allowed[name]);
    }
}
