using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>A number that two runs share only when they executed the same instructions and made the same device accesses at the same times: the same on every host and engine.</summary>
/// <remarks>Each instruction costs a call while it lives. It finds differences; it does not resist somebody who wants two runs to look alike.</remarks>
public sealed class TraceHasher : IDisposable
{
    private readonly Machine _machine;
    private readonly List<IDisposable> _hooks = [];
    private ulong _hash = 0xcbf2_9ce4_8422_2325;

    /// <summary>Starts to hash.</summary>
    /// <param name="machine">A complete machine in deterministic time.</param>
    public TraceHasher(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machine = machine;
        _hooks.Add(machine.Hooks.Code(0, ulong.MaxValue, OnCode));
        foreach ((ulong first, ulong last) in MmioLog.Ranges(machine.Memory.View))
        {
            _hooks.Add(machine.Hooks.Read(first, last, OnAccess));
            _hooks.Add(machine.Hooks.Write(first, last, OnAccess));
        }
    }

    /// <summary>The number so far.</summary>
    public ulong Value => _hash;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable hook in _hooks)
            hook.Dispose();
        _hooks.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_hash:x16}";

    private void OnCode(in CodeEvent e) => Mix(e.Pc);

    private void OnAccess(in MemoryEvent e)
    {
        Mix((ulong)_machine.Clock.Now);
        Mix(e.Address ^ ((ulong)e.Size << 56) ^ ((ulong)e.Kind << 60));
        Mix(e.Value);
    }

    // by words: a multiplication by an odd number and a rotation keep all bits in play
    private void Mix(ulong word) => _hash = System.Numerics.BitOperations.RotateLeft((_hash ^ word) * 0x9e37_79b9_7f4a_7c15, 29);
}
