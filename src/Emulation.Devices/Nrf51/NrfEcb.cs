using System.Security.Cryptography;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>AES-128 block encryption of the nRF51. nRF51 Series Reference Manual, chapter 22, "AES Electronic Codebook mode encryption (ECB)". Ports: 4 KiB MMIO; out IRQ "irq"; memory.</summary>
/// <remarks>ECBDATAPTR points to 16 bytes each of key, clear text and cipher text. A block takes 8.5 µs.</remarks>
public sealed class NrfEcb : NrfPeripheral
{
    private const int BlockSize = 16;
    private const long Time = 8_500;

    private readonly AddressSpace _memory;
    private readonly ClockTimer _timer;
    private readonly NrfEvent _end;
    private readonly NrfEvent _error;
    private readonly BitField _pointer;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">Where the data is.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfEcb(string name, AddressSpace memory, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _memory = memory;
        _timer = clock.CreateTimer($"{name}.block", OnDone);
        AddTask(0x00, "TASKS_STARTECB", () => _timer.Arm(clock.Now + Time));
        AddTask(0x04, "TASKS_STOPECB", Stop);
        _end = AddEvent(0x100, "EVENTS_ENDECB");
        _error = AddEvent(0x104, "EVENTS_ERRORECB");
        DefineInterrupts();
        Registers.Define(0x504, "ECBDATAPTR").Bits(31, 0, "ECBDATAPTR", out _pointer);
    }

    /// <inheritdoc/>
    protected override void ResetState() => _timer.Disarm();

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer) => _timer.Save(writer);

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader) => _timer.Load(reader);

    /// <summary>Encrypts one block.</summary>
    internal static void Encrypt(byte[] key, ReadOnlySpan<byte> clear, Span<byte> cipher)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        aes.EncryptEcb(clear, cipher, PaddingMode.None);
    }

    private void Stop()
    {
        if (!_timer.IsArmed)
            return;
        _timer.Disarm();
        Raise(_error);
    }

    private void OnDone()
    {
        Span<byte> data = stackalloc byte[2 * BlockSize], cipher = stackalloc byte[BlockSize];
        if (!_memory.TryRead(_pointer.Value, data))
        {
            Log.Error(Name, $"there is no memory at 0x{_pointer.Value:x}");
            Raise(_error);
            return;
        }

        Encrypt(data[..BlockSize].ToArray(), data[BlockSize..], cipher);
        _memory.TryWrite(_pointer.Value + (2 * BlockSize), cipher);
        Raise(_end);
    }
}
