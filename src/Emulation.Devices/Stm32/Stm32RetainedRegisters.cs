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

    /// <summary>Brings the values back where the reset is a system reset.</summary>
    public bool Restore()
    {
        if (!_system.KeepsBackup)
            return false;
        for (int i = 0; i < _registers.Length; i++)
        {
            (Register register, ulong mask) = _registers[i];
            register.Value = (register.Value & ~mask) | (_values[i] & mask);
        }

        return true;
    }
}
