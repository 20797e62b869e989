using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The 28 filter banks that CAN1 and CAN2 of an STM32F4 share. RM0090 32.7.4, 32.9.4.</summary>
internal sealed class Stm32CanFilters
{
    private const int Banks = 28;
    private readonly Register _modes, _scales, _fifos, _active;
    private readonly FlagField _initializing;
    private readonly BitField _firstOfSecond;
    private readonly RegisterArray _values;

    /// <summary>Defines the registers in the map of CAN1.</summary>
    public Stm32CanFilters(RegisterMap registers)
    {
        registers.Define(0x200, "CAN_FMR", reset: 0x2a1c_0e01).Flag(0, "FINIT", out _initializing).Ignored(7, 1).Bits(13, 8, "CAN2SB", out _firstOfSecond).Ignored(31, 14);
        _modes = registers.Define(0x204, "CAN_FM1R").Bits(27, 0, "FBM").Reserved(31, 28);
        _scales = registers.Define(0x20c, "CAN_FS1R").Bits(27, 0, "FSC").Reserved(31, 28);
        _fifos = registers.Define(0x214, "CAN_FFA1R").Bits(27, 0, "FFA").Reserved(31, 28);
        _active = registers.Define(0x21c, "CAN_FA1R").Bits(27, 0, "FACT").Reserved(31, 28);
        _values = registers.DefineMany(0x240, Banks * 2, 4, "CAN_FxRy").Bits(31, 0, "FB");
    }

    /// <summary>Finds the FIFO for a frame and the number of the filter that let it through; null when none does.</summary>
    public (int Fifo, int Match)? Find(in CanFrame frame, bool second)
    {
        // while the filters are initialised nothing is received (32.9.4)
        if (_initializing.Value)
            return null;
        int split = (int)Math.Min(_firstOfSecond.Value, Banks);
        (int Rank, int Fifo, int Match)? best = null;
        int[] numbers = new int[2];
        for (int bank = second ? split : 0; bank < (second ? Banks : split); bank++)
        {
            bool list = Bit(_modes, bank), wide = Bit(_scales, bank);
            int fifo = Bit(_fifos, bank) ? 1 : 0, count = (wide ? 1 : 2) * (list ? 2 : 1);
            // 32 bits before 16, lists before masks, then the lower number
            int rank = (wide ? 0 : 2) + (list ? 0 : 1);
            for (int i = 0; i < count && Bit(_active, bank); i++)
            {
                if (Matches(bank, i, list, wide, frame) && (best is null || rank < best.Value.Rank))
                    best = (rank, fifo, numbers[fifo] + i);
            }

            numbers[fifo] += count;
        }

        return best is { } found ? (found.Fifo, found.Match) : null;
    }

    private bool Matches(int bank, int index, bool list, bool wide, in CanFrame frame)
    {
        uint first = (uint)_values[bank * 2], second = (uint)_values[(bank * 2) + 1];
        if (wide)
        {
            uint word = Identifier(frame);
            return list ? (word & ~1u) == ((index == 0 ? first : second) & ~1u) : ((word ^ first) & second & ~1u) == 0;
        }

        uint half = frame.IsExtended
            ? ((frame.Id >> 18 & 0x7ff) << 5) | (frame.IsRemote ? 0x10u : 0) | 8 | (frame.Id >> 15 & 7)
            : (frame.Id << 5) | (frame.IsRemote ? 0x10u : 0);
        uint value = index < 2 && list ? first >> (16 * index) : list ? second >> (16 * (index - 2)) : (index == 0 ? first : second);
        return list ? half == (value & 0xffff) : ((half ^ value) & (value >> 16) & 0xffff) == 0;
    }

    /// <summary>The identifier as mailboxes and filters of 32 bits hold it.</summary>
    public static uint Identifier(in CanFrame frame)
        => (frame.IsExtended ? (frame.Id << 3) | 4 : frame.Id << 21) | (frame.IsRemote ? 2u : 0);

    private static bool Bit(Register register, int bit) => (register.Value >> bit & 1) != 0;
}
