namespace Emulation.Core;

/// <summary>Finds the faults of a composed machine.</summary>
internal static class MachineValidator
{
    /// <summary>Name of the section that holds clock and scheduler.</summary>
    public const string MachineSection = "machine";

    public static IEnumerable<string> Check(Machine machine, IEnumerable<(IrqLine Line, string Owner)> required)
    {
        if (machine.Cpus.Count == 0)
            yield return "there is no vCPU";
        var names = new HashSet<string>(StringComparer.Ordinal) { MachineSection };
        foreach (IDevice device in machine.Devices.Concat(machine.Cpus))
        {
            if (string.IsNullOrEmpty(device.Name))
                yield return $"a {device.GetType().Name} has no name";
            else if (!names.Add(device.Name))
                yield return device.Name == MachineSection ? $"a device is named '{MachineSection}', which is reserved" : $"two devices are named '{device.Name}'";
        }

        foreach (AddressSpace space in machine.AddressSpaces)
        {
            foreach (string overlap in Overlaps(space.Root))
                yield return overlap;
        }

        foreach ((IrqLine line, string owner) in required)
        {
            if (!line.IsConnected)
                yield return $"interrupt line '{line.Name}' of '{owner}' is not connected";
        }
    }

    private static IEnumerable<string> Overlaps(ContainerRegion container)
    {
        ContainerRegion.Child[] children = [.. container.Children.OrderBy(c => c.Offset)];
        for (int i = 0; i < children.Length; i++)
        {
            ContainerRegion.Child a = children[i];
            for (int j = i + 1; j < children.Length && children[j].Offset <= Last(a); j++)
            {
                if (children[j].Priority == a.Priority)
                    yield return $"regions {Describe(a)} and {Describe(children[j])} of '{container.Name}' overlap and have the same priority";
            }

            if (a.Region is ContainerRegion inner)
            {
                foreach (string overlap in Overlaps(inner))
                    yield return overlap;
            }
        }
    }

    private static ulong Last(ContainerRegion.Child child) => child.Offset + (child.Region.Size - 1);

    private static string Describe(ContainerRegion.Child child) => $"'{child.Region.Name}' (0x{child.Offset:x}-0x{Last(child):x})";
}
