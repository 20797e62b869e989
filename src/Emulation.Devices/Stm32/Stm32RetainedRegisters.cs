using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Registers that survive a system reset: remembered when one is asked for, and brought back by the device's own reset.</summary>
internal sealed class Stm32RetainedRegisters
{
    private readonly Stm32System _system;
    private readonly (Register Register, ulong Mask)[] _registers;
    private readonly ulong[] _values;

    public Stm32RetainedRegisters(Stm32System system, params (Register Register, ulong Mask)[] registers)
    {
        _system = system;
        _registers = registers;
        _values = new ulong[registers.Length];
        system.ResetRequested += () =>
        {
            for (int i = 0; i < _registers.Length; i++)
                _values[i] = _registers[i].Register.Value;
        };
    }

    /// <summary>Writes what is remembered: a snapshot may lie between the request and the reset.</summary>
    public void Save(StateWriter writer)
    {
        foreach (ulong value in _values)
            writer.Write(value);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader)
    {
        for (int i = 0; i < _values.Length; i++)
            _values[i] = reader.ReadUInt64();
    }

    /// <summary>Brings the values back where the reset is a system reset.</summary>
    public bool Restore()
    {
        if (!_system.KeepsBackup)
        {
            Array.Clear(_values);
            return false;
        }

        for (int i = 0; i < _registers.Length; i++)
        {
            (Register register, ulong mask) = _registers[i];
            register.Value = (register.Value & ~mask) | (_values[i] & mask);
        }

        Array.Clear(_values);
        return true;
    }
}
