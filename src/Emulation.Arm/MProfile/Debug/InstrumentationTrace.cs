using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The registers of the ITM, and where packets of ITM and DWT are made. DDI 0403E, C1.7; DDI 0553, D1.2.</summary>
/// <remarks>Its FIFO never is full: packets leave at once.</remarks>
internal sealed class InstrumentationTrace : IMmio
{
    /// <summary>Stimulus ports.</summary>
    public const int Ports = 32;

    private const ulong Enables = 0xe00, Lock = 0xfb0;
    private readonly RegisterMap _map;
    private readonly IMDebugHost _host;
    private readonly DebugControl _control;
    private readonly TracePackets _packets;
    private readonly Register _enables;
    private readonly BitField _privileges;
    private readonly FlagField _enable, _forward, _timestamps, _synchronization;
    private readonly BitField _prescale;
    private readonly ComponentLock _lock;
    private ulong _stamped;

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The component's.</param>
    /// <param name="model">The CPU's debug units.</param>
    /// <param name="host">The CPU.</param>
    /// <param name="control">Its DEMCR.</param>
    /// <param name="send">Takes the bytes of packets.</param>
    public InstrumentationTrace(RegisterMap map, MDebugModel model, IMDebugHost host, DebugControl control, Action<byte> send)
    {
        _map = map;
        _host = host;
        _control = control;
        _packets = new TracePackets(send);
        RegisterArray ports = map.DefineMany(0, Ports, 4, "ITM_STIM", access: RegisterAccess.ReadOnly).Ignored(31, 2);
        if (model.IsV8)
            ports.Flag(1, "DISABLED", FieldMode.ReadOnly, read: n => !IsEnabled(n));
        else
            ports.Ignored(1, 1);
        ports.Flag(0, "FIFOREADY", FieldMode.ReadOnly, read: static _ => true);
        // what is written carries data of three widths: Write takes it
        _enables = map.Define(0xe00, "ITM_TER0").Bits(31, 0, "STIMENA");
        map.Define(0xe40, "ITM_TPR").Ignored(31, 4).Bits(3, 0, "PRIVMASK", out _privileges);
        Register settings = map.Define(0xe80, "ITM_TCR").Ignored(31, 24).Flag(23, "BUSY", FieldMode.ReadOnly).Bits(22, 16, "TraceBusID").Ignored(15, 12)
            .Bits(11, 10, "GTSFREQ").Bits(9, 8, "TSPrescale", out _prescale).Ignored(7, 6);
        if (model.IsV8)
            settings.Flag(5, "STALLENA");
        else
            settings.Ignored(5, 5);
        settings.Flag(4, "SWOENA").Flag(3, "TXENA", out _forward).Flag(2, "SYNCENA", out _synchronization).Flag(1, "TSENA", out _timestamps).Flag(0, "ITMENA", out _enable);
        map.Define(0xef8, "ITM_IWR", access: RegisterAccess.WriteOnly).Bits(31, 0, "integration", FieldMode.WriteOnly);
        map.Define(0xefc, "ITM_IRR", access: RegisterAccess.ReadOnly).Ignored(31, 0);
        map.Define(0xf00, "ITM_IMCR").Ignored(31, 0);
        _lock = new ComponentLock(map, "ITM", model.LocksTrace);
        model.ItmId.Define(map, "ITM");
    }

    /// <summary>Raised for what a program writes to an enabled stimulus port.</summary>
    public event Action<ItmMessage>? Written;

    /// <summary>Whether the DWT's packets are forwarded.</summary>
    public bool ForwardsHardware => IsOn && _forward.Value;

    private bool IsOn => _enable.Value && _control.IsTracing;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => _map.Read(offset, size);

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset < 4 * Ports)
        {
            if (size <= 4)
                Stimulate((int)(offset >> 2), (uint)value, size);
        }
        else if (offset == Lock)
        {
            _map.Write(offset, size, value);
        }
        else if (!_lock.IsLocked)
        {
            if (_host.IsPrivileged)
                _map.Write(offset, size, value);
            else if (offset == Enables && size == 4)
                _enables.Value = (_enables.Value & PrivilegedPorts) | (value & ~PrivilegedPorts);
        }
    }

    /// <summary>Makes a packet of the DWT.</summary>
    /// <param name="discriminator">Which kind.</param>
    /// <param name="value">The payload.</param>
    /// <param name="size">Its bytes: 1, 2 or 4.</param>
    public void EmitHardware(int discriminator, uint value, int size)
    {
        if (!ForwardsHardware)
            return;
        _packets.Hardware(discriminator, value, size);
        Stamp();
    }

    /// <summary>Makes a synchronization packet, when these are enabled.</summary>
    public void Synchronize()
    {
        if (IsOn && _synchronization.Value)
            _packets.Synchronization();
    }

    /// <summary>Brings what the register map does not store to its reset values.</summary>
    public void Reset() => _stamped = _host.Cycles;

    /// <summary>Writes what the register map does not store.</summary>
    /// <param name="writer">The CPU's section.</param>
    public void Save(StateWriter writer) => writer.Write(_stamped);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">The CPU's section.</param>
    public void Load(StateReader reader) => _stamped = reader.ReadUInt64();

    // eight ports for each bit of ITM_TPR
    private uint PrivilegedPorts
    {
        get
        {
            uint ports = 0, groups = (uint)_privileges.Value;
            for (int i = 0; i < 4; i++)
                ports |= ((groups >> i) & 1) * (0xffu << (8 * i));
            return ports;
        }
    }

    private bool IsEnabled(int port) => IsOn && ((_enables.Value >> port) & 1) != 0;

    private void Stimulate(int port, uint value, int size)
    {
        if (!IsEnabled(port) || (!_host.IsPrivileged && ((PrivilegedPorts >> port) & 1) != 0))
            return;
        Written?.Invoke(new ItmMessage(port, value, size));
        _packets.Software(port, value, size);
        Stamp();
    }

    private void Stamp()
    {
        if (!_timestamps.Value)
            return;
        ulong delta = (_host.Cycles - _stamped) >> (2 * (int)_prescale.Value);
        _stamped = _host.Cycles;
        _packets.LocalTimestamp(delta);
    }
}
