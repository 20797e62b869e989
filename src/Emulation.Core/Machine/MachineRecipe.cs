using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emulation.Core;

/// <summary>How to build a machine, again and again: what <see cref="Machine.Fork"/> needs.</summary>
internal sealed class MachineRecipe
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public required string Name { get; init; }

    public required TimeMode TimeMode { get; init; }

    public required InstructionRate Rate { get; init; }

    /// <summary>Whether <see cref="Rate"/> is the user's choice rather than the default.</summary>
    public required bool HasChosenRate { get; init; }

    public required long Quantum { get; init; }

    public required ResetPolicy ResetPolicy { get; init; }

    public required UnmappedPolicy Unmapped { get; init; }

    public required ulong? MemorySize { get; init; }

    public required IReadOnlyList<Action<MachineContext>> Steps { get; init; }

    public required IReadOnlyList<ServiceDescriptor> Services { get; init; }

    /// <summary>The content of a file, read once for all machines of the recipe, so that a fork does not depend on what became of the file.</summary>
    public byte[] ReadFile(string path) => _files.GetOrAdd(Path.GetFullPath(path), static p => File.ReadAllBytes(p));

    /// <summary>Builds a machine; <paramref name="origin"/> is the machine it is a fork of.</summary>
    public Machine Build(Machine? origin)
    {
        var services = new ServiceCollection();
        foreach (ServiceDescriptor descriptor in Services)
            services.Add(descriptor);
        var machine = new Machine(this, services.BuildServiceProvider());
        try
        {
            var context = new MachineContext(machine, origin);
            context.Compose(Steps);
            context.ThrowIfInvalid();
            machine.Seal();
            if (origin is null)
                machine.ResetCore();
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }
}
