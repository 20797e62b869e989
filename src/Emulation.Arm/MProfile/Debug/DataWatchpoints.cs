using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The Data Watchpoint and Trace unit. DDI 0403E, C1.8; DDI 0419, C1.8; DDI 0553, D1.2 "DWT_CTRL" and following.</summary>
/// <remarks>
/// Comparators watch through hooks, so that a CPU pays only where one is set. A cycle is an instruction, so that the counters of lost and saved cycles
/// (DWT_CPICNT and following) stay as they are written. Periodic PC samples, cycle count events and matches of CYCCNT are not made.
/// </remarks>
internal sealed class DataWatchpoints : IMmio
{
    private const ulong Lock = 0xfb0, First = 0x20, Control = 0x0;
    private const int ExceptionTrace = 1, PcTrace = 8, OffsetTrace = 9, ValueTrace = 16;
    private readonly RegisterMap _map;
    private readonly MDebugModel _model;
    private readonly IMDebugHost _host;
    private readonly DebugControl _debug;
    private readonly InstrumentationTrace? _trace;
    private readonly CycleCounter _cycles;
    private readonly FlagField? _cycleEnable, _exceptionTrace;
    private readonly BitField? _tap;
    private readonly Register[] _values, _functions;
    private readonly Register?[] _masks;
    private readonly ComponentLock? _lock;
    private readonly List<IDisposable> _hooks = [];
    private uint _tapBit;

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The component's.</param>
    /// <param name="model">The CPU's debug units.</param>
    /// <param name="host">The CPU.</param>
    /// <param name="debug">Its DEMCR.</param>
    /// <param name="trace">Takes packets; null for a CPU without an ITM.</param>
    public DataWatchpoints(RegisterMap map, MDebugModel model, IMDebugHost host, DebugControl debug, InstrumentationTrace? trace)
    {
        (_map, _model, _host, _debug, _trace) = (map, model, host, debug, trace);
        _cycles = new CycleCounter(() => host.Cycles);
        int count = model.Watchpoints;
        _values = new Register[count];
        _functions = new Register[count];
        _masks = new Register?[count];
        Register control = map.Define(Control, "DWT_CTRL", ((uint)count << 28) | (model.HasCycleCounter || !model.IsV8 ? 0 : 0xfu << 24))
            .Bits(31, 28, "NUMCOMP", FieldMode.ReadOnly);
        if (model.HasCycleCounter)
        {
            control.Flag(27, "NOTRCPKT", FieldMode.ReadOnly).Flag(26, "NOEXTTRIG", FieldMode.ReadOnly).Flag(25, "NOCYCCNT", FieldMode.ReadOnly)
                .Flag(24, "NOPRFCNT", FieldMode.ReadOnly);
            if (model.IsV8)
                control.Flag(23, "CYCDISS");
            else
                control.Ignored(23, 23);
            control.Unimplemented(22, 22, "CYCEVTENA").Flag(21, "FOLDEVTENA").Flag(20, "LSUEVTENA").Flag(19, "SLEEPEVTENA").Flag(18, "EXCEVTENA").Flag(17, "CPIEVTENA")
                .Flag(16, "EXCTRCENA", out _exceptionTrace).Ignored(15, 13).Unimplemented(12, 12, "PCSAMPLENA").Bits(11, 10, "SYNCTAP", out _tap)
                .Flag(9, "CYCTAP").Bits(8, 5, "POSTINIT").Bits(4, 1, "POSTPRESET").Flag(0, "CYCCNTENA", out _cycleEnable).Then(Refresh);
            map.Define(0x4, "DWT_CYCCNT").Bits(31, 0, "CYCCNT", read: () => _cycles.Value, write: value => _cycles.Value = (uint)value);
            string[] names = ["CPI", "EXC", "SLEEP", "LSU", "FOLD"];
            for (int i = 0; i < names.Length; i++)
                map.Define(0x8 + (4 * (ulong)i), $"DWT_{names[i]}CNT").Ignored(31, 8).Bits(7, 0, names[i] + "CNT");
        }
        else if (model.IsV8)
        {
            control.Bits(27, 24, "NOTRCPKT, NOEXTTRIG, NOCYCCNT, NOPRFCNT", FieldMode.ReadOnly).Ignored(23, 0);
        }
        else
        {
            control.Ignored(27, 0);
        }

        map.Define(0x1c, "DWT_PCSR").Bits(31, 0, "EIASAMPLE", FieldMode.ReadOnly, read: () => host.Pc);
        for (int i = 0; i < count; i++)
            DefineComparator(map, i);
        if (model.LocksWatchpoints || model.IsV8)
            _lock = new ComponentLock(map, "DWT", model.LocksWatchpoints);
        model.DwtId.Define(map, "DWT");
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => _map.Read(offset, size);

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset == Lock || _lock is not { IsLocked: true })
            _map.Write(offset, size, value);
    }

    /// <summary>After anything that says what is counted and watched: DWT_CTRL, comparators, DEMCR, a load.</summary>
    public void Refresh()
    {
        bool runs = _debug.IsTracing && (_cycleEnable?.Value ?? false);
        if (runs != _cycles.Runs)
            _cycles.Runs = runs;
        Rearm();
    }

    /// <summary>An exception is entered, exited or returned to: DWT_CTRL.EXCTRCENA makes it a packet.</summary>
    /// <param name="number">Exception number; 0 for Thread mode.</param>
    /// <param name="function">1 for entry, 2 for exit, 3 for return to it.</param>
    public void TraceException(int number, int function)
    {
        if (!_debug.IsTracing || !(_exceptionTrace?.Value ?? false))
            return;
        Synchronize();
        _trace?.EmitHardware(ExceptionTrace, (uint)(number & 0x1ff) | ((uint)function << 12), 2);
    }

    /// <summary>Brings what the register map does not store to its reset values.</summary>
    public void Reset()
    {
        _cycles.Value = 0;
        _tapBit = 0;
        Refresh();
    }

    /// <summary>Writes what the register map does not store.</summary>
    /// <param name="writer">The CPU's section.</param>
    public void Save(StateWriter writer)
    {
        _cycles.Save(writer);
        writer.Write(_tapBit);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, after the register map and DEMCR.</summary>
    /// <param name="reader">The CPU's section.</param>
    public void Load(StateReader reader)
    {
        _cycles.Load(reader);
        _tapBit = reader.ReadUInt32() & 1;
        Rearm();
    }

    private void DefineComparator(RegisterMap map, int n)
    {
        ulong at = First + (16 * (ulong)n);
        _values[n] = map.Define(at, $"DWT_COMP{n}").Bits(31, 0, "COMP").Then(Rearm);
        if (_model.IsV8)
        {
            // ID: which matches a comparator can make. Data values by the odd ones, linked with the even one before.
            _functions[n] = map.Define(at + 8, $"DWT_FUNCTION{n}", (n & 1) != 0 ? 0x7800_0000u : 0x5800_0000).Bits(31, 27, "ID", FieldMode.ReadOnly).Ignored(26, 25)
                .Flag(24, "MATCHED", FieldMode.ReadToClear).Ignored(23, 12).Bits(11, 10, "DATAVSIZE").Ignored(9, 6).Bits(5, 4, "ACTION").Bits(3, 0, "MATCH").Then(Rearm);
            return;
        }

        _masks[n] = map.Define(at + 4, $"DWT_MASK{n}").Ignored(31, 5).Bits(4, 0, "MASK").Then(Rearm);
        Register function = map.Define(at + 8, $"DWT_FUNCTION{n}").Ignored(31, 25).Flag(24, "MATCHED", FieldMode.ReadToClear).Ignored(23, 20);
        _functions[n] = function;
        if (!_model.HasTrace)
        {
            function.Ignored(19, 4).Bits(3, 0, "FUNCTION").Then(Rearm);
            return;
        }

        if (n == 1)
            function.Bits(19, 16, "DATAVADDR1").Bits(15, 12, "DATAVADDR0").Bits(11, 10, "DATAVSIZE").Flag(9, "LNK1ENA", FieldMode.ReadOnly, read: static () => true).Flag(8, "DATAVMATCH");
        else
            function.Ignored(19, 8);
        if (n == 0)
            function.Unimplemented(7, 7, "CYCMATCH");
        else
            function.Ignored(7, 7);
        function.Ignored(6, 6).Flag(5, "EMITRANGE").Ignored(4, 4).Bits(3, 0, "FUNCTION").Then(Rearm);
    }

    private void Rearm()
    {
        foreach (IDisposable hook in _hooks)
            hook.Dispose();
        _hooks.Clear();
        if (!_debug.IsTracing)
            return;
        for (int i = 0; i < _functions.Length; i++)
        {
            int n = i;
            WatchComparator watch = Decode(n);
            if ((watch.Kind & WatchKind.Read) != 0)
                _hooks.Add(_host.Hooks.Read(watch.First, watch.Last, (in MemoryEvent e) => OnAccess(n, watch, e)));
            if ((watch.Kind & WatchKind.Write) != 0)
                _hooks.Add(_host.Hooks.Write(watch.First, watch.Last, (in MemoryEvent e) => OnAccess(n, watch, e)));
            if ((watch.Kind & WatchKind.Instruction) != 0)
                _hooks.Add(_host.Hooks.Code(watch.First, watch.Last, (in CodeEvent e) => OnInstruction(n, watch, e)));
        }
    }

    private WatchComparator Decode(int n)
    {
        uint function = (uint)_functions[n].Value;
        return _model.IsV8 ? WatchDecoder.V8(function, Comparator, n) : WatchDecoder.V7(function, Comparator, n);
    }

    private (uint Value, uint Mask, uint Function) Comparator(int n)
        => n < _values.Length ? ((uint)_values[n].Value, (uint)(_masks[n]?.Value ?? 0), (uint)_functions[n].Value) : default;

    private void OnAccess(int n, in WatchComparator watch, in MemoryEvent e)
    {
        if (!ReferenceEquals(e.Cpu, _host.Cpu))
            return;
        if (watch.DataValue is { } value)
        {
            uint mask = watch.DataSize == 4 ? uint.MaxValue : (1u << (8 * watch.DataSize)) - 1;
            if (e.Size < watch.DataSize || (((uint)e.Value ^ value) & mask) != 0)
                return;
        }

        Match(n, watch.Action, (uint)e.Address, (uint)e.Value, Math.Min(e.Size, 4), e.Kind == HookKind.Write);
    }

    private void OnInstruction(int n, in WatchComparator watch, in CodeEvent e)
    {
        if (ReferenceEquals(e.Cpu, _host.Cpu))
            Match(n, watch.Action, (uint)e.Pc, 0, 4, false);
    }

    private void Match(int n, WatchAction action, uint address, uint value, int size, bool isWrite)
    {
        const uint Matched = 1 << 24;
        _functions[n].Value |= Matched;
        if ((action & ~WatchAction.Event) != 0)
            Synchronize();
        if ((action & WatchAction.TracePc) != 0)
            _trace?.EmitHardware(PcTrace + (2 * n), _host.Pc, 4);
        if ((action & WatchAction.TraceOffset) != 0)
            _trace?.EmitHardware(OffsetTrace + (2 * n), address & 0xffff, 2);
        if ((action & WatchAction.TraceValue) != 0)
            _trace?.EmitHardware(ValueTrace + (2 * n) + (isWrite ? 1 : 0), value, size);
        if ((action & WatchAction.Event) != 0)
            _host.RaiseDebugEvent(DebugStatus.Watchpoint, instead: false);
    }

    // as often as DWT_CTRL.SYNCTAP says, but with packets only
    private void Synchronize()
    {
        if (_tap is not { Value: not 0 and var tap })
            return;
        uint bit = (_cycles.Value >> (22 + (2 * (int)tap))) & 1;
        if (bit == _tapBit)
            return;
        _tapBit = bit;
        _trace?.Synchronize();
    }
}
