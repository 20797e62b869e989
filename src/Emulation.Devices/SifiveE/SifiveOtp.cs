using Emulation.Core;

namespace Emulation.Devices;

/// <summary>One-time programmable memory of the SiFive FE310, and its controller. FE310-G002 Manual, "One-Time Programmable Memory (OTP) Peripheral". Ports: 4 KiB MMIO; 8 KiB of memory that is read directly.</summary>
/// <remarks>
/// In programmed I/O a word is read with <c>otp_oe</c> and <c>otp_ck</c>, and a bit becomes 0 by <c>otp_we</c> with <c>otp_vppen</c>; it never becomes 1 again.
/// The lock that keeps two users apart is granted to whoever asks.
/// </remarks>
public sealed class SifiveOtp : MmioDevice
{
    /// <summary>Bytes of the memory.</summary>
    public const int Size = 8192;

    private readonly RamBlock _memory;
    private readonly FlagField _outputEnable;
    private readonly FlagField _select;
    private readonly FlagField _writeEnable;
    private readonly FlagField _highVoltage;
    private readonly BitField _address;
    private readonly BitField _data;
    private readonly BitField _output;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">What is programmed; the board maps it as read-only memory.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifiveOtp(string name, RamBlock memory, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Word)
    {
        _memory = memory;
        Registers.Define(0x00, "otp_lock").Flag(0, "lock").Ignored(31, 1);
        Registers.Define(0x04, "otp_ck").Flag(0, "clock", write: Clock).Ignored(31, 1);
        Registers.Define(0x08, "otp_oe").Flag(0, "output enable", out _outputEnable).Ignored(31, 1);
        Registers.Define(0x0c, "otp_sel").Flag(0, "chip select", out _select).Ignored(31, 1);
        Registers.Define(0x10, "otp_we").Flag(0, "write enable", out _writeEnable, write: Program).Ignored(31, 1);
        Registers.Define(0x14, "otp_mr").Bits(31, 0, "mode");
        Registers.Define(0x18, "otp_mrr").Bits(31, 0, "read voltage");
        Registers.Define(0x1c, "otp_mpp").Bits(31, 0, "charge pump");
        Registers.Define(0x20, "otp_vrren").Flag(0, "read voltage enable").Ignored(31, 1);
        Registers.Define(0x24, "otp_vppen").Flag(0, "programming voltage enable", out _highVoltage).Ignored(31, 1);
        Registers.Define(0x28, "otp_a").Bits(10, 0, "word address", out _address).Ignored(31, 11);
        Registers.Define(0x2c, "otp_d").Bits(31, 0, "data input", out _data);
        Registers.Define(0x30, "otp_q").Bits(31, 0, "data output", out _output, FieldMode.ReadOnly);
        Registers.Define(0x34, "otp_read_timings").Bits(31, 0, "timings");
    }

    private ulong Offset => 4 * _address.Value;

    private void Clock(bool rising)
    {
        if (rising && _select.Value && _outputEnable.Value)
            _output.Value = _memory.Read(Offset, 4);
    }

    private void Program(bool on)
    {
        if (!on || !_select.Value)
            return;
        if (!_highVoltage.Value)
        {
            Log.Error(Name, "a write without the programming voltage");
            return;
        }

        uint word = (uint)(_memory.Read(Offset, 4) & _data.Value);
        Span<byte> bytes = stackalloc byte[4];
        BitConverter.TryWriteBytes(bytes, word);
        _memory.Write(Offset, bytes);
    }
}
