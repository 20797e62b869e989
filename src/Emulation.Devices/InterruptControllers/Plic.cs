using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// RISC-V platform-level interrupt controller with level-triggered gateways. RISC-V PLIC Specification 1.0.0, SiFive layout.
/// Ports: MMIO; in IRQ per source; out IRQ per context "ctx".
/// </summary>
/// <remarks>Claiming ignores the threshold (chapter 9): only the interrupt output depends on it.</remarks>
public sealed class Plic : MmioDevice, IInterruptSource
{
    /// <summary>Sources that the register layout has room for; source 0 does not exist.</summary>
    public const int MaxSources = 1023;

    private readonly int _sources;
    private readonly IrqLine[] _outputs;
    private readonly BitField _priority;
    private readonly BitField _threshold;
    private readonly RegisterArray[] _enable;
    private readonly uint[] _valid;
    private readonly uint[] _level;
    private readonly uint[] _pending;
    private readonly uint[] _inService;

    /// <summary>Creates the controller.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="sources">Interrupt sources, numbered from 1.</param>
    /// <param name="contexts">Interrupt targets: usually machine and supervisor mode of each hart, in that order.</param>
    /// <param name="priorityBits">Implemented bits of priorities and thresholds.</param>
    /// <param name="size">Bytes of the register window.</param>
    public Plic(string name, GuestLog log, int sources, int contexts, int priorityBits = 3, ulong size = 0x60_0000)
        : base(name, log, size, AccessSizes.Word)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sources, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources, MaxSources);
        ArgumentOutOfRangeException.ThrowIfLessThan(contexts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)contexts, (size - 0x20_0000) / 0x1000, nameof(contexts));
        ArgumentOutOfRangeException.ThrowIfLessThan(priorityBits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priorityBits, 31);
        _sources = sources;
        int words = (sources / 32) + 1;
        _valid = new uint[words];
        for (int i = 1; i <= sources; i++)
            _valid[i / 32] |= 1u << (i % 32);
        _level = new uint[words];
        _pending = new uint[words];
        _inService = new uint[words];
        _outputs = new IrqLine[contexts];
        _enable = new RegisterArray[contexts];

        Registers.Define(0, "priority0").Ignored(31, 0);
        Registers.DefineMany(4, sources, 4, "priority").Bits(priorityBits - 1, 0, "priority", out _priority).Ignored(31, priorityBits).Then(_ => Update());
        Registers.DefineMany(0x1000, words, 4, "pending").Bits(31, 0, "pending", FieldMode.ReadOnly, read: i => _pending[i]);
        for (int i = 0; i < contexts; i++)
        {
            int context = i;
            _outputs[i] = AddLine($"ctx{i}");
            _enable[i] = Registers.DefineMany(0x2000 + (0x80 * (ulong)i), words, 4, $"enable{i}").Bits(31, 0, "enable")
                .Then(word =>
                {
                    _enable[context][word] &= _valid[word];
                    Update();
                });
        }

        Registers.DefineMany(0x20_0000, contexts, 0x1000, "threshold").Bits(priorityBits - 1, 0, "threshold", out _threshold).Ignored(31, priorityBits).Then(_ => Update());
        Registers.DefineMany(0x20_0004, contexts, 0x1000, "claim").Bits(31, 0, "claim/complete", read: Claim, write: Complete);
    }

    /// <summary>The external interrupt of a context.</summary>
    /// <param name="context">Context, from 0.</param>
    public IrqLine Output(int context) => _outputs[context];

    /// <summary>An input as a sink for <see cref="IrqLine.Connect"/>.</summary>
    /// <param name="source">Source, from 1.</param>
    public Action<bool> Input(int source)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(source, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source, _sources);
        return level => SetLevel(source, level);
    }

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        // the wires keep their levels, and a gateway forwards a level that is high
        Array.Clear(_inService);
        _level.CopyTo(_pending, 0);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_level.AsSpan());
        writer.Write(_pending.AsSpan());
        writer.Write(_inService.AsSpan());
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        foreach (uint[] state in (ReadOnlySpan<uint[]>)[_level, _pending, _inService])
        {
            reader.Read(state.AsSpan());
            for (int i = 0; i < state.Length; i++)
                state[i] &= _valid[i];
        }

        for (int context = 0; context < _enable.Length; context++)
        {
            for (int i = 0; i < _valid.Length; i++)
                _enable[context][i] &= _valid[i];
        }
    }

    private void SetLevel(int source, bool level)
    {
        int word = source / 32;
        uint bit = 1u << (source % 32);
        if (!level)
        {
            // a request that the core accepted stays (chapter 1, interrupt gateways)
            _level[word] &= ~bit;
            return;
        }

        _level[word] |= bit;
        Forward(word, bit);
    }

    private void Forward(int word, uint bit)
    {
        if ((_inService[word] & bit) != 0)
            return;
        _pending[word] |= bit;
        Update();
    }

    private ulong Claim(int context)
    {
        int source = Best(context, out _);
        if (source == 0)
            return 0;
        _pending[source / 32] &= ~(1u << (source % 32));
        _inService[source / 32] |= 1u << (source % 32);
        Update();
        return (ulong)source;
    }

    private void Complete(int context, ulong source)
    {
        int word = (int)Math.Min(source / 32, int.MaxValue);
        uint bit = 1u << (int)(source % 32);
        // ignored unless the source is enabled for the context (chapter 10)
        if (word >= _valid.Length || (_enable[context][word] & bit) == 0)
            return;
        _inService[word] &= ~bit;
        if ((_level[word] & bit) != 0)
            Forward(word, bit);
    }

    private void Update()
    {
        for (int context = 0; context < _outputs.Length; context++)
        {
            Best(context, out ulong priority);
            _outputs[context].Set(priority > _threshold[context]);
        }
    }

    // Highest priority wins, the lowest number among equals; priority 0 never interrupts.
    private int Best(int context, out ulong priority)
    {
        int best = 0;
        priority = 0;
        for (int word = 0; word < _pending.Length; word++)
        {
            for (uint left = _pending[word] & (uint)_enable[context][word]; left != 0; left &= left - 1)
            {
                int source = (word * 32) + BitOperations.TrailingZeroCount(left);
                if (_priority[source - 1] > priority)
                {
                    best = source;
                    priority = _priority[source - 1];
                }
            }
        }

        return best;
    }
}
