using System.Security.Cryptography;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// AES-CCM packet encryption and accelerated address resolution of the nRF51, which share a window. nRF51 Series Reference Manual, chapters 24, "AES CCM Mode Encryption (CCM)",
/// and 25, "Accelerated Address Resolver (AAR)". Ports: 4 KiB MMIO; out IRQ "irq"; memory.
/// </summary>
/// <remarks>ENABLE chooses who works. The key stream takes 50 µs, a packet 8 µs a byte, an identity key 6 µs.</remarks>
public sealed class NrfCcmAar : NrfPeripheral
{
    private const ulong CcmEnabled = 2;
    private const ulong AarEnabled = 3;
    private const int MicSize = 4;
    private const int HeaderSize = 3;
    private const int KeySize = 16;
    private const int MaxPayload = 27;

    private readonly AddressSpace _memory;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _timer;
    private readonly NrfEvent _first;
    private readonly NrfEvent _second;
    private readonly NrfEvent _third;
    private readonly FlagField _micStatus;
    private readonly BitField _status;
    private readonly BitField _enable;
    private readonly FlagField _decrypt;
    private readonly BitField _configuration;
    private readonly BitField _input;
    private readonly BitField _output;
    private bool _crypts;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">Where keys and packets are.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfCcmAar(string name, AddressSpace memory, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_memory, _clock) = (memory, clock);
        _timer = clock.CreateTimer($"{name}.work", OnDone);
        AddTask(0x00, "TASKS_KSGEN, START", Begin);
        AddTask(0x04, "TASKS_CRYPT", Crypt);
        AddTask(0x08, "TASKS_STOP", _timer.Disarm);
        _first = AddEvent(0x100, "EVENTS_ENDKSGEN, END");
        _second = AddEvent(0x104, "EVENTS_ENDCRYPT, RESOLVED");
        _third = AddEvent(0x108, "EVENTS_ERROR, NOTRESOLVED");
        DefineShorts((0, _first, 0x04UL));
        DefineInterrupts();
        // the two statuses are one register to the bus
        Registers.Define(0x400, "MICSTATUS, STATUS", access: RegisterAccess.ReadOnly).Bits(3, 0, "STATUS", FieldMode.ReadOnly, read: () => _enable!.Value == AarEnabled ? _status!.Value : _micStatus!.Value ? 1UL : 0).Reserved(31, 4);
        Registers.Define(0x404, "results", access: RegisterAccess.ReadOnly).Bits(3, 0, "index", out _status, FieldMode.ReadOnly).Flag(4, "MIC", out _micStatus, FieldMode.ReadOnly).Ignored(31, 5);
        Registers.Define(0x500, "ENABLE").Bits(1, 0, "ENABLE", out _enable).Ignored(31, 2).Then(_timer.Disarm);
        Registers.Define(0x504, "MODE, NIRK", 1).Flag(0, "MODE", out _decrypt).Bits(4, 1, "NIRK").Ignored(31, 5);
        Registers.Define(0x508, "CNFPTR, IRKPTR").Bits(31, 0, "pointer", out _configuration);
        Registers.Define(0x50c, "INPTR").Bits(31, 0, "INPTR", out _input);
        Registers.Define(0x510, "OUTPTR, ADDRPTR").Bits(31, 0, "pointer", out _output);
        Registers.Define(0x514, "SCRATCHPTR").Bits(31, 0, "SCRATCHPTR");
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        _crypts = false;
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write(_crypts);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        _crypts = reader.ReadBoolean();
    }

    private int KeyCount => Math.Min(8, (int)(Registers.Read(0x504, 4) & 0x1f));

    private void Begin()
    {
        _crypts = false;
        if (_enable.Value == CcmEnabled)
            _timer.Arm(_clock.Now + 50_000);
        else if (_enable.Value == AarEnabled)
            _timer.Arm(_clock.Now + (6_000 * Math.Max(1, KeyCount)));
    }

    private void Crypt()
    {
        if (_enable.Value != CcmEnabled)
            return;
        _crypts = true;
        _timer.Arm(_clock.Now + (8_000 * (MaxPayload + MicSize)));
    }

    private void OnDone()
    {
        if (_enable.Value == AarEnabled)
            Resolve();
        else if (!_crypts)
            Raise(_first);
        else
            Raise(CryptPacket() ? _second : _third);
    }

    // the data structure at CNFPTR: key, packet counter of 39 bits, direction, initialization vector
    private bool CryptPacket()
    {
        Span<byte> setup = stackalloc byte[33], header = stackalloc byte[HeaderSize];
        if (!_memory.TryRead(_configuration.Value, setup) || !_memory.TryRead(_input.Value, header))
            return false;
        int length = header[1];
        bool decrypts = _decrypt.Value;
        if (length > MaxPayload + (decrypts ? MicSize : 0) || (decrypts && length is > 0 and < MicSize + 1))
            return false;
        byte[] input = new byte[length];
        if (!_memory.TryRead(_input.Value + HeaderSize, input))
            return false;
        // an empty packet passes as it is
        if (length == 0)
        {
            _memory.TryWrite(_output.Value, header);
            _micStatus.Value = true;
            return true;
        }

        byte[] nonce = new byte[13];
        setup[16..21].CopyTo(nonce);
        nonce[4] = (byte)((nonce[4] & 0x7f) | (setup[24] << 7));
        setup[25..33].CopyTo(nonce.AsSpan(5));
        ReadOnlySpan<byte> associated = [(byte)(header[0] & 0xe3)];
        using var ccm = new AesCcm(setup[..KeySize]);
        return decrypts ? Decrypt(ccm, nonce, associated, header, input) : Encrypt(ccm, nonce, associated, header, input);
    }

    private bool Encrypt(AesCcm ccm, byte[] nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> header, byte[] input)
    {
        byte[] output = new byte[HeaderSize + input.Length + MicSize];
        header.CopyTo(output);
        output[1] = (byte)(input.Length + MicSize);
        ccm.Encrypt(nonce, input, output.AsSpan(HeaderSize, input.Length), output.AsSpan(HeaderSize + input.Length), associated);
        return _memory.TryWrite(_output.Value, output);
    }

    private bool Decrypt(AesCcm ccm, byte[] nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> header, byte[] input)
    {
        int length = input.Length - MicSize;
        byte[] output = new byte[HeaderSize + length];
        header.CopyTo(output);
        output[1] = (byte)length;
        try
        {
            ccm.Decrypt(nonce, input.AsSpan(0, length), input.AsSpan(length), output.AsSpan(HeaderSize), associated);
            _micStatus.Value = true;
        }
        catch (AuthenticationTagMismatchException)
        {
            _micStatus.Value = false;
        }

        return _memory.TryWrite(_output.Value, output);
    }

    // Bluetooth Core, Vol 3, Part H, 2.2.2: the hash is the low 24 bits of the random part, encrypted with the identity key
    private void Resolve()
    {
        Span<byte> address = stackalloc byte[6], key = stackalloc byte[KeySize], cipher = stackalloc byte[KeySize], clear = stackalloc byte[KeySize];
        bool readable = _memory.TryRead(_output.Value + HeaderSize, address);
        for (int i = 0; readable && i < KeyCount; i++)
        {
            if (!_memory.TryRead(_configuration.Value + (ulong)(KeySize * i), key))
                break;
            key.Reverse();
            clear.Clear();
            for (int b = 0; b < 3; b++)
                clear[KeySize - 1 - b] = address[3 + b];
            NrfEcb.Encrypt(key.ToArray(), clear, cipher);
            if (cipher[15] != address[0] || cipher[14] != address[1] || cipher[13] != address[2])
                continue;
            _status.Value = (ulong)i;
            Raise(_second);
            Raise(_first);
            return;
        }

        Raise(_third);
        Raise(_first);
    }
}
