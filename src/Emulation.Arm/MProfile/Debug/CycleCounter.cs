using Emulation.Core;

namespace Emulation.Arm;

/// <summary>DWT_CYCCNT: counts cycles of the processor clock while it is enabled, exact from the CPU's own count. DDI 0403E, C1.8.8.</summary>
/// <param name="cycles">Gives the CPU's count.</param>
internal sealed class CycleCounter(Func<ulong> cycles)
{
    private uint _value;
    private ulong _since;

    /// <summary>Whether it counts.</summary>
    public bool Runs
    {
        get;
        set
        {
            uint shown = Value;
            Value = shown;
            field = value;
        }
    }

    /// <summary>What it shows.</summary>
    public uint Value
    {
        get => Runs ? _value + (uint)(cycles() - _since) : _value;
        set
        {
            _value = value;
            _since = cycles();
        }
    }

    /// <summary>Writes its state.</summary>
    /// <param name="writer">The CPU's section.</param>
    public void Save(StateWriter writer)
    {
        writer.Write(Runs);
        writer.Write(_value);
        writer.Write(_since);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">The CPU's section.</param>
    public void Load(StateReader reader)
    {
        Runs = reader.ReadBoolean();
        _value = reader.ReadUInt32();
        _since = reader.ReadUInt64();
    }
}
