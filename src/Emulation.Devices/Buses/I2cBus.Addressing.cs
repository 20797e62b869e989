namespace Emulation.Devices;

// The first bytes after a START. NXP UM10204, 3.1.10 to 3.1.13.
public sealed partial class I2cBus
{
    private const int TenBitPrefixMask = 0xf8;

    private int SlotOf(int address)
    {
        foreach ((int slot, object part) in _targets.Entries)
        {
            if (address >= slot && address < slot + ((II2cTarget)part).AddressSpan)
                return slot;
        }

        for (int i = 0; i < _nodes.Count; i++)
        {
            if ((address & TenBitFlag) != 0 ? _nodes[i].TenBitAddress == (address & 0x3ff) : _nodes[i].Matches(address))
                return NodeFlag | i;
        }

        return -1;
    }

    private I2cAck Address(byte value, bool nack)
    {
        _direction = (I2cDirection)(value & 1);
        if ((value & TenBitPrefixMask) == TenBitPrefix)
            return TenBitPrefixByte(value, nack);
        _tenBitTarget = -1;
        if (value == 0)
            return GeneralCall(nack);
        return SelectTarget(SlotOf(value >> 1), value >> 1, nack);
    }

    // UM10204 3.1.11: a read repeats the first byte only, and whoever was addressed before answers
    private I2cAck TenBitPrefixByte(byte value, bool nack)
    {
        int high = (value & 6) << 7;
        if (_direction == I2cDirection.Read)
            return SelectTarget(_tenBitTarget >= 0 && (_tenBitTarget & 0x300) == high ? SlotOf(_tenBitTarget) : -1, _tenBitTarget & 0x3ff, nack);
        _tenBitHigh = high;
        bool any = !nack && (_targets.Entries.Any(e => (e.Slot & TenBitFlag) != 0 && (e.Slot & 0x300) == high)
            || _nodes.Exists(n => n.TenBitAddress >= 0 && (n.TenBitAddress & 0x300) == high));
        _phase = any ? Phase.TenBitAddress : Phase.Ignored;
        return any;
    }

    private I2cAck TenBitAddress(byte value, bool nack)
    {
        _tenBitTarget = TenBitFlag | _tenBitHigh | value;
        return SelectTarget(SlotOf(_tenBitTarget), _tenBitTarget & 0x3ff, nack);
    }

    private I2cAck SelectTarget(int slot, int address, bool nack)
    {
        I2cAck ack = slot >= 0 && !nack && Target(slot) is { } target ? target.Start(address, _direction) : false;
        _phase = ack ? Phase.Data : Phase.Ignored;
        if (ack)
            _selected.Add(slot);
        return ack;
    }

    private I2cAck GeneralCall(bool nack)
    {
        I2cAck answer = false;
        foreach ((int slot, object part) in _targets.Entries)
        {
            if (nack || part is not II2cTarget { AnswersGeneralCall: true } target)
                continue;
            I2cAck ack = target.Start(0, I2cDirection.Write);
            if (ack)
                _selected.Add(slot);
            answer = Merge(answer, ack);
        }

        for (int i = 0; i < _nodes.Count && !nack; i++)
        {
            if (!_nodes[i].AnswersGeneralCall || !_nodes[i].Start(0, I2cDirection.Write))
                continue;
            _selected.Add(NodeFlag | i);
            answer = Merge(answer, true);
        }

        _phase = answer ? Phase.Data : Phase.Ignored;
        return answer;
    }
}
