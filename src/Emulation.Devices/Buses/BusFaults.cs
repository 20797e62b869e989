using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The faults of one bus; those that wait are part of its state.</summary>
internal sealed class BusFaults
{
    private readonly List<BusFault> _faults = [];

    public BusFault Add(BusFaultKind kind, int count, uint mask = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var fault = new BusFault(kind, count, mask);
        _faults.Add(fault);
        return fault;
    }

    /// <summary>Another unit passes: which fault of a kind hits it, if any.</summary>
    public BusFault? Take(BusFaultKind kind)
    {
        BusFault? hit = null;
        foreach (BusFault fault in _faults)
        {
            if (fault.Fired || fault.Kind != kind || --fault.Countdown > 0)
                continue;
            fault.Fired = true;
            hit = fault;
        }

        return hit;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_faults.Count);
        foreach (BusFault fault in _faults)
        {
            writer.Write((byte)fault.Kind);
            writer.Write(fault.Countdown);
            writer.Write(fault.Mask);
            writer.Write(fault.Fired);
        }
    }

    public void Load(StateReader reader)
    {
        int count = reader.ReadCount(10);
        for (int i = 0; i < count; i++)
        {
            var kind = (BusFaultKind)reader.ReadByte();
            int countdown = reader.ReadInt32();
            uint mask = reader.ReadUInt32();
            bool fired = reader.ReadBoolean();
            // who holds the handle of a fault sees it go back to what it was
            if (i == _faults.Count || _faults[i].Kind != kind || _faults[i].Mask != mask)
            {
                _faults.RemoveRange(i, _faults.Count - i);
                _faults.Add(new BusFault(kind, countdown, mask));
            }

            (_faults[i].Countdown, _faults[i].Fired) = (countdown, fired);
        }

        _faults.RemoveRange(count, _faults.Count - count);
    }
}
