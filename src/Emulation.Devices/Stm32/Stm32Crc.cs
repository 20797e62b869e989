using Emulation.Core;

namespace Emulation.Devices;

/// <summary>CRC calculation unit of the STM32F4: CRC-32 with polynomial 0x04C1_1DB7 over words, most significant bit first. RM0090 chapter 4. Ports: 1 KiB MMIO.</summary>
public sealed class Stm32Crc : Stm32Peripheral
{
    private const uint Polynomial = 0x04c1_1db7;
    private uint _crc = uint.MaxValue;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock of its registers.</param>
    public Stm32Crc(string name, VirtualClock clock, GuestLog log, ClockSignal busClock)
        : base(name, log, clock, busClock)
    {
        Registers.Define(0x00, "CRC_DR").Bits(31, 0, "DR", read: () => _crc, write: v => Add((uint)v));
        Registers.Define(0x04, "CRC_IDR").Bits(7, 0, "IDR").Reserved(31, 8);
        Registers.Define(0x08, "CRC_CR").Flag(0, "RESET", read: static () => false, write: Restart).Reserved(31, 1);
    }

    /// <inheritdoc/>
    protected override void ResetState() => _crc = uint.MaxValue;

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer) => writer.Write(_crc);

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader) => _crc = reader.ReadUInt32();

    private void Restart(bool reset)
    {
        if (reset)
            _crc = uint.MaxValue;
    }

    private void Add(uint word)
    {
        _crc ^= word;
        for (int i = 0; i < 32; i++)
            _crc = (_crc << 1) ^ ((_crc >> 31) * Polynomial);
    }
}
