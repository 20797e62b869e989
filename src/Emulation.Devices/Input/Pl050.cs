using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm PrimeCell PS/2 keyboard and mouse interface PL050. Arm DDI 0143C. Ports: 4 KiB MMIO; a PS/2 device; out IRQ "intr" (KMIINTR).</summary>
/// <remarks>Bytes take no time, so that the transmitter is always empty. Parity of received bytes is that of the byte.</remarks>
public sealed class Pl050 : MmioDevice
{
    private readonly FlagField _forceClock;
    private readonly FlagField _forceData;
    private readonly FlagField _enable;
    private readonly FlagField _transmitInterrupt;
    private readonly FlagField _receiveInterrupt;
    private byte _data;

    /// <summary>Creates the interface.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="device">What is connected to it; part of its snapshot.</param>
    /// <param name="log">Where guest errors go.</param>
    public Pl050(string name, Ps2Device device, GuestLog log) : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.Changed is not null)
            throw new ArgumentException("the PS/2 device is connected already", nameof(device));
        Device = device;
        device.Changed = Update;
        Irq = AddLine("intr");
        Registers.Define(0x00, "KMICR").Flag(0, "FKMIC", out _forceClock).Flag(1, "FKMID", out _forceData).Flag(2, "KMIEN", out _enable)
            .Flag(3, "KMITXINTREN", out _transmitInterrupt).Flag(4, "KMIRXINTREN", out _receiveInterrupt).Bits(5, 5, "KMITYPE").Ignored(31, 6).Then(Update);
        Registers.Define(0x04, "KMISTAT", access: RegisterAccess.ReadOnly).Flag(0, "KMID", FieldMode.ReadOnly, read: () => !_forceData!.Value)
            .Flag(1, "KMIC", FieldMode.ReadOnly, read: () => !_forceClock!.Value).Flag(2, "RXPARITY", FieldMode.ReadOnly, read: () => OddParity(_data))
            .Flag(3, "RXBUSY", FieldMode.ReadOnly, read: static () => false).Flag(4, "RXFULL", FieldMode.ReadOnly, read: () => IsFull)
            .Flag(5, "TXBUSY", FieldMode.ReadOnly, read: static () => false).Flag(6, "TXEMPTY", FieldMode.ReadOnly, read: static () => true).Reserved(31, 7);
        Registers.Define(0x08, "KMIDATA").Bits(7, 0, "data", read: ReadData, write: WriteData).Ignored(31, 8);
        Registers.Define(0x0c, "KMICLKDIV").Bits(3, 0, "divisor").Ignored(31, 4);
        Registers.Define(0x10, "KMIIR", access: RegisterAccess.ReadOnly).Flag(0, "KMIRXINTR", FieldMode.ReadOnly, read: () => Receives)
            .Flag(1, "KMITXINTR", FieldMode.ReadOnly, read: () => Transmits).Reserved(31, 2);
        PrimeCell.DefineIdentification(Registers, 0x50, 0x10, 0x04, 0);
    }

    /// <summary>The interrupt output: receive or transmit.</summary>
    public IrqLine Irq { get; }

    /// <summary>What is connected.</summary>
    public Ps2Device Device { get; }

    // a device does not send while the clock is held
    private bool IsFull => _enable.Value && !_forceClock.Value && Device.HasData;

    private bool Receives => IsFull && _receiveInterrupt.Value;

    private bool Transmits => _enable.Value && _transmitInterrupt.Value;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _data = 0;
        Device.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_data);
        Device.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _data = reader.ReadByte();
        Device.Load(reader);
    }

    private static bool OddParity(byte value) => System.Numerics.BitOperations.PopCount(value) % 2 == 0;

    private ulong ReadData()
    {
        if (IsFull)
            _data = Device.Take();
        Update();
        return _data;
    }

    private void WriteData(ulong value)
    {
        if (_enable.Value)
            Device.Write((byte)value);
        Update();
    }

    private void Update() => Irq.Set(Receives || Transmits);
}
