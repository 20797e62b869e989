using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm's two-wire serial bus controller SBCon: software drives SCL and SDA of an I²C bus. Arm DAI 0385, DAI 0505, "I2C"; DUI 0224, "Serial bus interface". Ports: 4 KiB MMIO; an I²C bus.</summary>
/// <remarks>
/// Both lines are open drain with a pull-up and are let go by a reset. A write that changes both moves SCL first.
/// Targets answer as soon as SCL falls and do not stretch the clock; a line that a fault of the bus holds reads low.
/// </remarks>
public sealed class SbCon : MmioDevice
{
    private const int Scl = 1, Sda = 2, Both = Scl | Sda;
    private readonly I2cBus _bus;
    private readonly I2cBitDecoder _decoder;
    private int _output = Both;
    private bool _pulled;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="bus">The bus.</param>
    /// <param name="log">Where guest errors go.</param>
    public SbCon(string name, I2cBus bus, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        _decoder = new I2cBitDecoder(low => _pulled = low);
        Registers.Define(0x00, "SB_CONTROL, SB_CONTROLS").Bits(1, 0, "SCL, SDA", read: () => Levels, write: v => Drive(_output | (int)v)).Ignored(31, 2);
        Registers.Define(0x04, "SB_CONTROLC", access: RegisterAccess.WriteOnly).Bits(1, 0, "SCL, SDA", FieldMode.WriteOnly, write: v => Drive(_output & ~(int)v)).Ignored(31, 2);
    }

    private bool Clock => (_output & Scl) != 0;

    // what edges are seen on: faults of the bus are the bus's to answer
    private bool Data => (_output & Sda) != 0 && !_pulled;

    private ulong Levels => (Clock && !_bus.SclHeld ? Scl : 0ul) | (Data && !_bus.SdaHeld ? Sda : 0ul);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _output = Both;
        _bus.Stop(Name);
        _decoder.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write((byte)_output);
        writer.Write(_pulled);
        _decoder.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _output = reader.ReadByte() & Both;
        _pulled = reader.ReadBoolean();
        _decoder.Load(reader);
    }

    private void Drive(int output)
    {
        int changed = output ^ _output;
        if ((changed & Scl) != 0)
        {
            _output ^= Scl;
            _decoder.OnClock(_bus, Clock, Data);
        }

        if ((changed & Sda) == 0)
            return;
        bool before = Data;
        _output ^= Sda;
        if (Data != before)
            _decoder.OnData(_bus, Name, Clock, Data);
    }
}
