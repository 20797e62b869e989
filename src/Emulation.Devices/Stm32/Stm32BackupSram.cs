using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Backup SRAM of the STM32F4: 4 KiB that keep their content while the backup domain has power. RM0090 5.1.3. Ports: 4 KiB MMIO.</summary>
public sealed class Stm32BackupSram : IDevice, IMmio, IMapped
{
    /// <summary>Bytes.</summary>
    public const int Size = 0x1000;

    private readonly Stm32System _system;
    private readonly ClockSignal _busClock;
    private readonly GuestLog _log;
    private readonly byte[] _content = new byte[Size];

    /// <summary>Creates the memory.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="system">Says who may write.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">Its gated clock.</param>
    public Stm32BackupSram(string name, Stm32System system, GuestLog log, ClockSignal busClock)
    {
        (Name, _system, _log, _busClock) = (name, system, log, busClock);
        Region = new MmioRegion(name, Size, this) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public MmioRegion Region { get; }

    /// <summary>The content.</summary>
    public ReadOnlySpan<byte> Content => _content;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (!_busClock.IsRunning)
        {
            _log.Error(Name, "is read while its clock is off");
            return 0;
        }

        ulong value = 0;
        for (int i = size - 1; i >= 0; i--)
            value = (value << 8) | _content[(int)offset + i];
        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (!_busClock.IsRunning || !_system.BackupWritable)
        {
            _log.Error(Name, _busClock.IsRunning ? "is written while PWR_CR.DBP is 0" : "is written while its clock is off");
            return;
        }

        for (int i = 0; i < size; i++)
            _content[(int)offset + i] = (byte)(value >> (8 * i));
    }

    /// <inheritdoc/>
    public void Reset()
    {
        if (!_system.KeepsBackup)
            Array.Clear(_content);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.WriteRaw(_content);

    /// <inheritdoc/>
    public void Load(StateReader reader) => reader.ReadRaw(_content);
}
