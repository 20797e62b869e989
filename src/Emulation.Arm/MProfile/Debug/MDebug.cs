using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The debug units of an M-profile CPU together: what it maps on its private peripheral bus, resets, saves and loads.</summary>
internal sealed class MDebug
{
    private readonly RegisterMap _watchMap, _patchMap, _traceMap, _portMap, _romMap;

    /// <summary>Creates the units.</summary>
    /// <param name="name">The CPU's, for messages.</param>
    /// <param name="model">What it is.</param>
    /// <param name="scs">The System Control Space, for DHCSR and following.</param>
    /// <param name="host">The CPU.</param>
    /// <param name="log">Where guest errors go.</param>
    public MDebug(string name, ArmMCpuModel model, RegisterMap scs, IMDebugHost host, GuestLog log)
    {
        MDebugModel debug = MDebugModel.For(model);
        _watchMap = new RegisterMap(name + ".dwt", log);
        _patchMap = new RegisterMap(name + ".fpb", log);
        _traceMap = new RegisterMap(name + ".itm", log);
        _portMap = new RegisterMap(name + ".tpiu", log);
        _romMap = new RegisterMap(name + ".rom", log);
        Control = new DebugControl(scs, debug, model.HasSecurity, host, OnControl);
        Itm = new ArmItm();
        if (debug.HasTrace)
        {
            var port = new TracePort(_portMap, debug);
            port.Sent += Itm.Raise;
            Trace = new InstrumentationTrace(_traceMap, debug, host, Control, port.Send);
            Trace.Written += Itm.Raise;
        }

        Watchpoints = new DataWatchpoints(_watchMap, debug, host, Control, Trace);
        Patch = new FlashPatch(_patchMap, debug, host);
        RomTable.Define(_romMap, debug);
    }

    /// <summary>DEMCR and what is around it.</summary>
    public DebugControl Control { get; }

    /// <summary>The DWT, at 0xE0001000.</summary>
    public DataWatchpoints Watchpoints { get; }

    /// <summary>The FPB or BPU, at 0xE0002000.</summary>
    public FlashPatch Patch { get; }

    /// <summary>The ITM's registers, at 0xE0000000; null without one.</summary>
    public InstrumentationTrace? Trace { get; }

    /// <summary>What the host hears.</summary>
    public ArmItm Itm { get; }

    /// <summary>All register maps of the units but the System Control Space.</summary>
    public IEnumerable<RegisterMap> Maps => [_watchMap, _patchMap, _traceMap, _portMap, _romMap];

    /// <summary>Reads a register outside the System Control Space.</summary>
    /// <param name="offset">From 0xE0000000.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when no unit is there.</returns>
    public bool TryRead(uint offset, int size, out ulong value)
    {
        IMmio? unit = Unit(offset);
        RegisterMap? map = unit == null ? Map(offset) : null;
        value = unit?.Read(offset & 0xfff, size) ?? map?.Read(offset & 0xfff, size) ?? 0;
        return unit != null || map != null;
    }

    /// <summary>Writes a register outside the System Control Space.</summary>
    /// <param name="offset">From 0xE0000000.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when no unit is there.</returns>
    public bool TryWrite(uint offset, int size, ulong value)
    {
        if (Unit(offset) is { } unit)
            unit.Write(offset & 0xfff, size, value);
        else if (Map(offset) is { } map)
            map.Write(offset & 0xfff, size, value);
        else
            return false;
        return true;
    }

    /// <summary>Brings the units to the state of new ones; after the System Control Space.</summary>
    public void Reset()
    {
        foreach (RegisterMap map in Maps)
            map.Reset();
        Watchpoints.Reset();
        Trace?.Reset();
        Patch.Refresh();
    }

    /// <summary>Writes the state.</summary>
    /// <param name="writer">The CPU's section.</param>
    public void Save(StateWriter writer)
    {
        foreach (RegisterMap map in Maps)
            map.Save(writer);
        Watchpoints.Save(writer);
        Trace?.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; after the System Control Space.</summary>
    /// <param name="reader">The CPU's section.</param>
    public void Load(StateReader reader)
    {
        foreach (RegisterMap map in Maps)
            map.Load(reader);
        Watchpoints.Load(reader);
        Trace?.Load(reader);
        Patch.Refresh();
    }

    private IMmio? Unit(uint offset) => (offset >> 12) switch
    {
        0 => Trace,
        1 => Watchpoints,
        2 => Patch,
        _ => null,
    };

    private RegisterMap? Map(uint offset) => (offset >> 12) switch
    {
        0x40 when Trace != null => _portMap,
        0xff => _romMap,
        _ => null,
    };

    private void OnControl() => Watchpoints.Refresh();
}
