using Emulation.Core;

namespace Emulation.Devices;

/// <content>Option bytes, OTP and identity, and what the memories have in common.</content>
public sealed partial class Stm32F4Flash
{
    /// <summary>Bytes of system memory, with OTP and identity.</summary>
    public const uint SystemSize = 0x8000;

    internal const uint MainBase = 0x0800_0000;
    internal const uint SystemBase = 0x1fff_0000;
    private const uint OtpStart = 0x7800;
    private const uint OtpLocks = 0x7a00;
    private const uint OtpEnd = 0x7a10;
    private const uint IdentityStart = 0x7a10;
    private const uint FlashSizeAt = 0x7a22;
    private const uint OptionBase = 0x1fff_c000;
    private const byte Unprotected = 0xaa;

    /// <summary>The content of main memory.</summary>
    public RamBlock Main { get; }

    /// <summary>The content of system memory.</summary>
    public RamBlock System { get; }

    /// <summary>Main memory, for 0x0800_0000.</summary>
    public RamRegion MainRegion { get; }

    /// <summary>System memory, OTP and identity, for 0x1fff_0000.</summary>
    public RamRegion SystemRegion { get; }

    /// <summary>Option bytes, for 0x1fff_c000.</summary>
    public RamRegion OptionRegion { get; }

    /// <summary>The interrupt.</summary>
    public IrqLine Irq { get; }

    /// <summary>Whether the independent watchdog starts by itself at reset (WDG_SW is 0).</summary>
    public bool HardwareWatchdog => (_options.Read(0, 4) & 0x20) == 0;

    /// <summary>Whether entering Stop mode resets the device (nRST_STOP is 0).</summary>
    public bool ResetsOnStop => (_options.Read(0, 4) & 0x40) == 0;

    /// <summary>Whether entering Standby mode resets the device (nRST_STDBY is 0).</summary>
    public bool ResetsOnStandby => (_options.Read(0, 4) & 0x80) == 0;

    /// <summary>Writes the device's identity, which its vendor programs: RM0090 39.1 and 39.2.</summary>
    /// <param name="id">96 bits, the lowest word first.</param>
    public void SetIdentity(ReadOnlySpan<uint> id)
    {
        if (id.Length != 3)
            throw new ArgumentException("a device's identity has three words", nameof(id));
        for (int i = 0; i < id.Length; i++)
            System.Write(IdentityStart + (4u * (uint)i), 4, id[i]);
        System.Write(FlashSizeAt, 2, MainSize >> 10);
    }

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        (_controlBefore, _optionsBefore) = ((uint)_control.Value, (uint)_optionControl.Value);
        base.Write(offset, size, value);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _busy.Disarm();
        (_keyStep, _optionKeyStep, OperationCount) = (0, 0, 0);
        (_controlBefore, _optionsBefore) = (0, 0);
        _optionControl.Value = LoadOptions() | 1;
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _busy.Save(writer);
        writer.Write(_keyStep);
        writer.Write(_optionKeyStep);
        writer.Write(OperationCount);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _busy.Load(reader);
        (_keyStep, _optionKeyStep) = (reader.ReadInt32(), reader.ReadInt32());
        if (_keyStep is < -1 or > 1 || _optionKeyStep is < -1 or > 1)
            throw reader.Damaged("a key sequence has two steps");
        OperationCount = reader.ReadInt64();
    }

    private void OnOptionControl()
    {
        if ((_optionsBefore & 1) != 0)
        {
            _optionControl.Value = _optionsBefore;
            return;
        }

        if (_optionStart.Value && (_optionsBefore & 2) == 0)
            ProgramOptions();
    }

    private void ProgramOptions()
    {
        const long Time = 16_000_000;
        uint wanted = (uint)_optionControl.Value & OptionMask;
        byte before = (byte)(LoadOptions() >> 8), after = (byte)(wanted >> 8);
        if (before == 0xcc)
        {
            Log.Error(Name, "option bytes are written at read protection level 2, which is for ever");
            Fail(WriteProtectionError);
            return;
        }

        var operation = new Stm32FlashOperation(OperationCount++, Stm32FlashOperationKind.OptionBytes, OptionBase, 4, LoadOptions(), wanted);
        Operating?.Invoke(ref operation);
        if (!operation.IsCancelled)
            StoreOptions((uint)operation.Value & OptionMask);
        // leaving level 1 erases main memory (3.7.3)
        if (before != Unprotected && after == Unprotected)
            EraseMain(0, MainSize, Stm32FlashOperationKind.MassErase, 0);
        Begin(Time);
    }

    private uint LoadOptions() => (uint)((_options.Read(0, 4) & 0xffec) | ((_options.Read(8, 4) & 0xfff) << 16)) & OptionMask;

    private void StoreOptions(uint options)
    {
        _options.Write(0, 4, (options & 0xffec) | ~0xffffu);
        _options.Write(8, 4, options >> 16 | ~0xfffu);
    }

    // 3.6.5: 16 blocks of 32 bytes; a lock byte of 0 is a locked block. A new device has lock bytes of 0xff, which leave it open.
    private bool IsOtpWritable(ulong offset, int size)
        => offset is >= OtpStart and < OtpEnd && offset + (ulong)size <= OtpEnd && (offset >= OtpLocks || System.Read(OtpLocks + ((offset - OtpStart) / 32), 1) == 0xff);

    /// <summary>Takes the writes to one of the memories.</summary>
    private sealed class Writes(Stm32F4Flash flash, bool system) : IMmio
    {
        public ulong Read(ulong offset, int size) => (system ? flash.System : flash.Main).Read(offset, size);

        public void Write(ulong offset, int size, ulong value)
        {
            if (size != 8)
            {
                flash.Program(system, offset, size, value);
                return;
            }

            // the bus has 32 bits
            flash.Program(system, offset, 4, value & uint.MaxValue);
            flash.Program(system, offset + 4, 4, value >> 32);
        }
    }
}
