namespace Emulation.Devices;

/// <summary>A part on a CAN bus.</summary>
public abstract class CanPart : Part, ICanNode
{
    private CanBus? _bus;

    /// <inheritdoc/>
    public abstract long BitTime { get; }

    /// <inheritdoc/>
    public virtual bool IsSilent => false;

    /// <inheritdoc/>
    public virtual bool IsErrorPassive => false;

    /// <inheritdoc/>
    public abstract bool TryGetFrame(out CanFrame frame);

    /// <inheritdoc/>
    public virtual void TransmissionStarted(in CanFrame frame) { }

    /// <inheritdoc/>
    public virtual void ArbitrationLost(in CanFrame frame) { }

    /// <inheritdoc/>
    public abstract void Transmitted(in CanFrame frame);

    /// <inheritdoc/>
    public abstract void Received(in CanFrame frame);

    /// <inheritdoc/>
    public abstract void Failed(CanError error, bool isTransmitter);

    internal void Connect(CanBus bus) => _bus = bus;

    /// <summary>The part has something to send.</summary>
    protected void RequestBus()
    {
        if (IsAttached)
            _bus?.Request();
    }
}
