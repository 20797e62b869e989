namespace Emulation.Core;

/// <summary>Takes a machine's state apart into sections and puts it back.</summary>
internal static class MachineState
{
    private const int MachineVersion = 1;

    /// <summary>Sections of devices, then vCPUs, then the machine itself: its times rest on the vCPUs' counts, so they are loaded in this order.</summary>
    public static StateSection[] Save(Machine machine)
    {
        var sections = new List<StateSection>(machine.Devices.Count + machine.Cpus.Count + 1);
        foreach (IDevice device in Parts(machine))
        {
            var writer = new StateWriter();
            device.Save(writer);
            sections.Add(new StateSection(device.Name, device.StateVersion, writer.Written.ToArray()));
        }

        var own = new StateWriter();
        own.Write(machine.Clock.Sequence);
        machine.Scheduler.Save(own);
        sections.Add(new StateSection(MachineValidator.MachineSection, MachineVersion, own.Written.ToArray()));
        return [.. sections];
    }

    public static Snapshot Capture(Machine machine)
    {
        StateSection[] sections = Save(machine);
        var memory = new (string, RamImage)[machine.RamBlocks.Count];
        for (int i = 0; i < memory.Length; i++)
            memory[i] = (machine.RamBlocks[i].Name, machine.RamBlocks[i].Capture());
        var backends = new List<(string, IDisposable)>();
        foreach ((string name, object backend) in machine.Backends)
        {
            if (backend is ICheckpointed checkpointed)
                backends.Add((name, checkpointed.Checkpoint()));
        }

        return new Snapshot(machine.Name, sections, memory, [.. backends]);
    }

    /// <summary>Says why a machine of other parts cannot take this state; nothing is changed.</summary>
    public static void CheckFits(Machine machine, IReadOnlyList<(string Name, int Version)> sections, IReadOnlyList<(string Name, ulong Size)> memory)
    {
        Dictionary<string, int> own = Parts(machine).ToDictionary(d => d.Name, d => d.StateVersion, StringComparer.Ordinal);
        own.Add(MachineValidator.MachineSection, MachineVersion);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, int version) in sections)
        {
            if (!own.TryGetValue(name, out int supported))
                throw new SnapshotException($"the snapshot has a device '{name}' (version {version}) that machine '{machine.Name}' has not");
            if (version > supported || version < 0)
                throw new SnapshotException($"snapshot section '{name}' has version {version}, machine '{machine.Name}' reads up to version {supported}");
            if (!seen.Add(name))
                throw new SnapshotException($"snapshot section '{name}' (version {version}) is there twice");
        }

        foreach ((string name, int version) in own)
        {
            if (!seen.Contains(name))
                throw new SnapshotException($"machine '{machine.Name}' has a device '{name}' (version {version}) that the snapshot has not");
        }

        foreach ((string name, ulong size) in memory)
        {
            RamBlock? ram = machine.RamBlocks.FirstOrDefault(r => r.Name == name);
            if (ram is null)
                throw new SnapshotException($"the snapshot has a memory '{name}' of {size} bytes that machine '{machine.Name}' has not");
            if (ram.Size != size)
                throw new SnapshotException($"memory '{name}' has {size} bytes in the snapshot and {ram.Size} in machine '{machine.Name}'");
            if (!seen.Add("memory " + name))
                throw new SnapshotException($"memory '{name}' is in the snapshot twice");
        }

        if (machine.RamBlocks.FirstOrDefault(r => !seen.Contains("memory " + r.Name)) is { } missing)
            throw new SnapshotException($"machine '{machine.Name}' has a memory '{missing.Name}' of {missing.Size} bytes that the snapshot has not");
    }

    public static void CheckFits(Machine machine, Snapshot snapshot)
        => CheckFits(machine, Array.ConvertAll(snapshot.Sections, s => (s.Name, s.Version)), Array.ConvertAll(snapshot.Memory, m => (m.Name, m.Image.Size)));

    /// <summary>Puts a fitting snapshot back.</summary>
    public static void Apply(Machine machine, Snapshot snapshot)
    {
        foreach ((string name, RamImage image) in snapshot.Memory)
            machine.RamBlocks.First(r => r.Name == name).Restore(image);
        foreach ((string name, IDisposable checkpoint) in snapshot.Backends)
        {
            if (machine.FindBackend(name) is ICheckpointed backend)
                backend.Rewind(checkpoint);
        }

        Load(machine, snapshot.Sections);
    }

    /// <summary>Loads sections that fit; memory is in place already.</summary>
    public static void Load(Machine machine, IReadOnlyList<StateSection> sections)
    {
        Dictionary<string, StateSection> byName = sections.ToDictionary(s => s.Name, StringComparer.Ordinal);
        lock (machine.DeviceLock)
        {
            foreach (IDevice device in Parts(machine))
                Load(byName[device.Name], device.Load);
            Load(byName[MachineValidator.MachineSection], reader =>
            {
                ulong sequence = reader.ReadUInt64();
                machine.Scheduler.Load(reader);
                machine.Clock.Sequence = sequence;
            });
        }
    }

    public static IEnumerable<IDevice> Parts(Machine machine) => machine.Devices.Concat(machine.Cpus);

    private static void Load(StateSection section, Action<StateReader> load)
    {
        var reader = new StateReader(section.Name, section.Version, section.Data);
        try
        {
            load(reader);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException or FormatException)
        {
            throw new SnapshotException($"snapshot section '{section.Name}' (version {section.Version}) cannot be loaded: {e.Message}", e);
        }

        if (reader.Remaining != 0)
            throw reader.Damaged($"{reader.Remaining} bytes are left over");
    }
}
