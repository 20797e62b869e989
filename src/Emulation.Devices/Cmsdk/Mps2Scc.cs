using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Serial configuration controller of the MPS2 and MPS2+ FPGA boards. Arm DAI 0385, "SCC register descriptions". Ports: 4 KiB MMIO.</summary>
/// <remarks>Configuration transfers to the board's controller read the oscillators' values (function 1) and answer others with an error.</remarks>
public sealed class Mps2Scc : MmioDevice
{
    private const uint Start = 1u << 31;
    private readonly uint[] _oscillators;
    private readonly BitField _leds;
    private readonly BitField _dataIn;
    private uint _dataOut;
    private uint _control;
    private uint _status;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="aid">Value of SCC_AID.</param>
    /// <param name="id">Value of SCC_ID: the application note.</param>
    /// <param name="oscillators">Hertz of the board's oscillators.</param>
    public Mps2Scc(string name, GuestLog log, uint aid, uint id, IReadOnlyList<uint> oscillators)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(oscillators);
        _oscillators = [.. oscillators];
        Registers.Define(0x000, "CFG0").Flag(0, "REMAP", out FlagField _).Ignored(31, 1);
        Registers.Define(0x004, "CFG1").Bits(7, 0, "LEDs", out _leds).Ignored(31, 8);
        Registers.Define(0x008, "CFG2", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x00c, "CFG3", access: RegisterAccess.ReadOnly).Bits(7, 0, "switches", FieldMode.ReadOnly, read: () => Switches).Reserved(31, 8);
        Registers.Define(0x010, "CFG4", access: RegisterAccess.ReadOnly).Bits(3, 0, "board revision", FieldMode.ReadOnly, read: static () => 2).Reserved(31, 4);
        Registers.Define(0x0a0, "CFGDATA_RTN").Bits(31, 0, "data", FieldMode.ReadOnly, read: () => _dataOut);
        Registers.Define(0x0a4, "CFGDATA_OUT").Bits(31, 0, "data", out _dataIn);
        Registers.Define(0x0a8, "CFGCTRL").Bits(31, 0, "control", read: () => _control & ~Start, write: v => Transfer((uint)v));
        Registers.Define(0x0ac, "CFGSTAT").Bits(1, 0, "complete, error", FieldMode.ReadOnly, read: () => _status).Ignored(31, 2);
        Registers.Define(0x100, "DLL", 0xffff_0001, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0xff8, "AID", aid, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0xffc, "ID", id, access: RegisterAccess.ReadOnly).Reserved(31, 0);
    }

    /// <summary>The board's eight switches, bit 0 first.</summary>
    public byte Switches { get; set; }

    /// <summary>The eight LEDs of CFG1.</summary>
    public byte Leds => (byte)_leds.Value;

    /// <inheritdoc/>
    protected override void ResetState() => (_dataOut, _control, _status) = (0, 0, 0);

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(Switches);
        writer.Write(_dataOut);
        writer.Write(_control);
        writer.Write(_status);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        Switches = reader.ReadByte();
        (_dataOut, _control, _status) = (reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32() & 3);
    }

    private void Transfer(uint control)
    {
        const uint Complete = 1, Failed = 2, Oscillator = 1, ControlBits = 0xc3f0_0fff;
        _control = control & ControlBits;
        if ((control & Start) == 0)
            return;
        uint function = control >> 20 & 63, device = control & 0xfff;
        bool write = (control >> 30 & 1) != 0;
        if (function != Oscillator || device >= (uint)_oscillators.Length || write)
        {
            Log.Error(Name, $"configuration {(write ? "write" : "read")} of function {function}, device {device} is not there");
            _status = Complete | Failed;
            return;
        }

        _dataOut = _oscillators[device];
        _status = Complete;
    }
}
