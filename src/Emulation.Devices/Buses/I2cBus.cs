using Emulation.Core;

namespace Emulation.Devices;

/// <summary>An I²C bus: controllers on one side, targets on the other. NXP UM10204.</summary>
/// <remarks>
/// Controllers (a microcontroller's peripheral) do the timing: they call <see cref="Start(string)"/> when the START condition is over, <see cref="Write"/> and <see cref="Read"/> at the
/// ninth clock of each byte, and <see cref="Stop"/>. The first byte after a START is the address; 10-bit addresses and general calls are understood here.
/// Parts can be attached while the machine is composed and later, while it is stopped or inside one of its events.
/// A reset of the machine ends the transfer and leaves the parts alone, for they are not reset by it: see <see cref="PowerCycle"/>.
/// </remarks>
public sealed partial class I2cBus : IDevice, IPowered
{
    private const int TenBitPrefix = 0xf0;

    private readonly VirtualClock _clock;
    private readonly PartSet<int> _targets;
    private readonly BusFaults _faults = new();
    private readonly List<int> _selected = [];
    private readonly List<II2cNode> _nodes = [];
    private Phase _phase;
    private I2cDirection _direction;
    private int _tenBitHigh;
    private int _tenBitTarget = -1;
    private int _heldPulses;
    private byte _lastRead;

    /// <summary>Creates a bus of a machine that is being composed; add it with <see cref="MachineContext.AddDevice{T}(T)"/>.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="context">The machine.</param>
    public I2cBus(string name, MachineContext context) : this(name, context.Clock, context.Log, PartSet<int>.In(context, name, Describe)) { }

    /// <summary>Creates a bus outside of a machine: nothing forks it.</summary>
    /// <param name="name">Shown in messages.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Where mistakes of the guest go.</param>
    public I2cBus(string name, VirtualClock clock, GuestLog log) : this(name, clock, log, new PartSet<int>(name, Describe)) { }

    private I2cBus(string name, VirtualClock clock, GuestLog log, PartSet<int> targets)
    {
        Name = name;
        _clock = clock;
        _targets = targets;
        targets.Connect(clock, log, Describe, OnTargetsChanged);
    }

    /// <summary>Raised for everything that happens on the bus, under the device lock.</summary>
    public event I2cObserver? Observed;

    /// <summary>Raised when the bus becomes free: a controller that waits may try again.</summary>
    public event Action? Freed;

    /// <summary>Raised when no target holds the clock any more.</summary>
    public event Action? ClockReleased;

    /// <summary>Whether a target that is addressed holds SCL low: clock stretching of a length that nobody knows yet.</summary>
    public bool IsHeld
    {
        get
        {
            foreach (int slot in _selected)
            {
                if (Target(slot) is { HoldsClock: true })
                    return true;
            }

            return false;
        }
    }

    private enum Phase : byte
    {
        Idle,
        Address,
        TenBitAddress,
        Data,
        Ignored,
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether a transfer is under way, or a line is held low: no controller can begin one.</summary>
    public bool IsBusy => _phase != Phase.Idle || IsStuck;

    /// <summary>Whether SDA or SCL is held low by a fault.</summary>
    public bool IsStuck => SclHeld || SdaHeld;

    /// <summary>Fault: something holds SCL low for as long as this is set.</summary>
    public bool SclHeld { get; set; }

    /// <summary>Fault: something holds SDA low; see <see cref="HoldSda"/>.</summary>
    public bool SdaHeld => _heldPulses != 0;

    /// <summary>Name of the controller whose transfer is under way; empty when the bus is idle.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>A controller begins a transfer, or goes on with a repeated START if it owns the bus.</summary>
    /// <param name="controller">Its name, in case that there are several.</param>
    /// <returns>False when the bus is not free; try again when <see cref="Freed"/>.</returns>
    public bool Start(string controller = "")
    {
        ArgumentNullException.ThrowIfNull(controller);
        if (IsStuck || (_phase != Phase.Idle && Owner != controller))
            return false;
        bool repeated = _phase != Phase.Idle;
        if (repeated)
            ForEachSelected(static target => target.RepeatedStart());
        _selected.Clear();
        _phase = Phase.Address;
        Owner = controller;
        Tell(repeated ? I2cEventKind.RepeatedStart : I2cEventKind.Start);
        return true;
    }

    /// <summary>A controller begins a transfer and addresses a target: <see cref="Start(string)"/> and the address in one or two bytes.</summary>
    /// <param name="address">7-bit address, or 10-bit with <paramref name="tenBit"/>.</param>
    /// <param name="direction">Who sends.</param>
    /// <param name="tenBit">Whether the address has 10 bits.</param>
    /// <param name="controller">Its name.</param>
    /// <returns>NACK also when the bus is not free.</returns>
    public I2cAck Start(int address, I2cDirection direction, bool tenBit = false, string controller = "")
    {
        if (!Start(controller))
            return false;
        if (!tenBit)
            return Write((byte)((address << 1) | (int)direction));
        int high = TenBitPrefix | (address >> 7 & 6);
        I2cAck ack = Write((byte)high);
        if (ack)
            ack = Write((byte)address);
        if (!ack || direction == I2cDirection.Write)
            return ack;
        return Start(controller) ? Write((byte)(high | 1)) : false;
    }

    /// <summary>The controller sends a byte: the address after a START, then data.</summary>
    /// <param name="value">The byte.</param>
    /// <returns>What came in the ninth clock.</returns>
    public I2cAck Write(byte value)
    {
        if (_phase == Phase.Idle || IsStuck)
            return false;
        bool isAddress = _phase is Phase.Address or Phase.TenBitAddress;
        bool nack = _faults.Take(BusFaultKind.Nack) is not null;
        if (_faults.Take(BusFaultKind.LoseArbitration) is not null)
        {
            End();
            return new I2cAck(false, 0, ArbitrationLost: true);
        }

        I2cAck ack = _phase switch
        {
            Phase.Address => Address(value, nack),
            Phase.TenBitAddress => TenBitAddress(value, nack),
            Phase.Data when _direction == I2cDirection.Write && !nack => Send(value),
            _ => false,
        };
        Tell(isAddress ? I2cEventKind.Address : I2cEventKind.Write, value, ack);
        return ack;
    }

    /// <summary>The controller takes a byte and answers to it.</summary>
    /// <param name="acknowledge">ACK for more, NACK for the last.</param>
    /// <returns>The byte; 0xff when no target drives the line.</returns>
    public I2cByte Read(bool acknowledge)
    {
        I2cByte result = BeginRead();
        EndRead(acknowledge);
        return result;
    }

    /// <summary>The first half of <see cref="Read"/>, for controllers that decide later whether they acknowledge.</summary>
    /// <returns>The byte; 0xff when no target drives the line.</returns>
    public I2cByte BeginRead()
    {
        if (_phase == Phase.Idle || IsStuck)
            return 0xff;
        I2cByte result = 0xff;
        if (_phase == Phase.Data && _direction == I2cDirection.Read && _selected.Count > 0 && Target(_selected[0]) is { } target)
            result = target.Read();
        if (_faults.Take(BusFaultKind.Corrupt) is { } fault)
            result = result with { Value = (byte)(result.Value ^ fault.Mask) };
        _lastRead = result.Value;
        return result;
    }

    /// <summary>The second half of <see cref="Read"/>: the ninth clock.</summary>
    /// <param name="acknowledge">ACK for more, NACK for the last.</param>
    public void EndRead(bool acknowledge)
    {
        if (_phase == Phase.Idle || IsStuck)
            return;
        if (_phase == Phase.Data && _direction == I2cDirection.Read && _selected.Count > 0)
            Target(_selected[0])?.ReadDone(acknowledge);
        Tell(I2cEventKind.Read, _lastRead, acknowledge);
        // a target that is not acknowledged lets go of SDA
        if (!acknowledge)
            _phase = Phase.Ignored;
    }

    /// <summary>The controller ends its transfer. Does nothing when there is none.</summary>
    /// <param name="controller">Its name; the transfer of another goes on.</param>
    public void Stop(string controller = "")
    {
        if (_phase == Phase.Idle || Owner != controller)
            return;
        ForEachSelected(static target => target.Stop());
        Tell(I2cEventKind.Stop);
        End();
    }

    private II2cTarget? Target(int slot)
        => (slot & NodeFlag) == 0 ? (II2cTarget?)_targets.Find(slot) : (slot & ~NodeFlag) < _nodes.Count ? _nodes[slot & ~NodeFlag] : null;

    private I2cAck Send(byte value)
    {
        I2cAck answer = false;
        foreach (int slot in _selected)
        {
            if (Target(slot) is { } target)
                answer = Merge(answer, target.Write(value));
        }

        return answer;
    }

    private static I2cAck Merge(I2cAck a, I2cAck b) => new(a.IsAcknowledged | b.IsAcknowledged, Math.Max(a.Stretch, b.Stretch));

    private void ForEachSelected(Action<II2cTarget> action)
    {
        foreach (int slot in _selected.ToArray())
        {
            if (Target(slot) is { } target)
                action(target);
        }
    }

    private void Tell(I2cEventKind kind, byte value = 0, bool acknowledged = false)
    {
        if (Observed is { } observed)
            observed(new I2cEvent(_clock.Now, kind, value, acknowledged, Owner));
    }

    private void End()
    {
        _phase = Phase.Idle;
        _selected.Clear();
        _tenBitTarget = -1;
        Owner = "";
        if (!IsStuck)
            Freed?.Invoke();
    }

    private void OnTargetsChanged() => _selected.RemoveAll(slot => Target(slot) is null);
}
