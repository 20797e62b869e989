using Emulation.Core;

namespace Emulation.Testing;

/// <summary>Plans faults. Each tells afterwards whether it happened.</summary>
/// <remarks>Faults act while the board is run by its own verbs. They belong to the board and not to its state: forks and snapshots do not have them.</remarks>
public sealed partial class FaultInjector
{
    private readonly VirtualBoard _board;
    private readonly List<Fault> _all = [];

    internal FaultInjector(VirtualBoard board) => _board = board;

    /// <summary>All that were planned.</summary>
    public IReadOnlyList<Fault> All => _all;

    private Machine Machine => _board.Machine;

    /// <summary>Cuts the power after a time. The board stays off until <see cref="VirtualBoard.PowerCycle"/>.</summary>
    /// <param name="after">Virtual time from now.</param>
    public Fault PowerCut(TimeSpan after)
    {
        Fault fault = Plan($"power cut after {after.TotalMilliseconds} ms");
        At(fault, after, () =>
        {
            _board.CutPower();
            return "";
        });
        return fault;
    }

    /// <summary>Cuts the power at an operation of a flash or an EEPROM. The board stays off until <see cref="VirtualBoard.PowerCycle"/>.</summary>
    /// <param name="at">The operation: <c>board.Flash.Write(3)</c>.</param>
    /// <param name="torn">Whether half of its bytes are changed, rounded down; else none is.</param>
    public Fault PowerCut(FlashWrite at, bool torn = false)
        => Operation($"power cut at operation {at.Number} of {at.Memory.Name}{(torn ? ", torn" : "")}", at, torn ? static o => o.Count / 2 : static _ => 0, _board.CutPower);

    /// <summary>Lets an operation of a flash or an EEPROM change only some of its bytes, and goes on.</summary>
    /// <param name="at">The operation.</param>
    /// <param name="bytes">How many of its bytes are changed, from the first.</param>
    public Fault TornWrite(FlashWrite at, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return Operation($"torn operation {at.Number} of {at.Memory.Name}", at, _ => (ulong)bytes, null);
    }

    /// <summary>Makes a clock source run wrong, from now on.</summary>
    /// <param name="source">A source of the board's clock tree, such as a crystal.</param>
    /// <param name="partsPerMillion">How much too fast; negative for too slow.</param>
    public Fault ClockDrift(ClockSource source, int partsPerMillion)
    {
        ArgumentNullException.ThrowIfNull(source);
        Fault fault = Plan($"clock {source.Name} off by {partsPerMillion} ppm");
        int before = source.Deviation;
        lock (Machine.DeviceLock)
            source.Deviation = partsPerMillion;
        fault.Fire($"{before} -> {partsPerMillion} ppm");
        fault.Undo(() =>
        {
            lock (Machine.DeviceLock)
                source.Deviation = before;
        });
        return fault;
    }

    private Fault Plan(string description)
    {
        var fault = new Fault(_board, description);
        _all.Add(fault);
        return fault;
    }

    private Fault Operation(string description, FlashWrite at, Func<MemoryOperation, ulong> allowed, Action? then)
    {
        if (at.Memory is null)
            throw new ArgumentException("the operation is of no memory; use board.Flash.Write(n)", nameof(at));
        Fault fault = Plan(description);
        int left = at.Number;
        MemoryOperationHook? others = at.Memory.BeforeOperation;
        ulong Before(in MemoryOperation operation)
        {
            ulong count = others?.Invoke(operation) ?? operation.Count;
            if (--left != 0)
                return count;
            ulong changed = Math.Min(count, allowed(operation));
            fault.Fire($"{changed} of {operation.Count} bytes from {at.Memory.Name} + 0x{operation.Offset:x} changed");
            then?.Invoke();
            return changed;
        }

        at.Memory.BeforeOperation = Before;
        fault.Undo(() => left = 0);
        return fault;
    }

    private void At(Fault fault, TimeSpan after, Func<string> action)
    {
        bool planned = true;
        fault.Undo(() => planned = false);
        _board.After(after, () =>
        {
            if (!planned)
                return;
            fault.Fire(action);
        });
    }
}
