using Emulation.Core;

namespace CustomDevice;

/// <summary>A device of our own: counts microseconds down from a value and interrupts. Ports: 4 KiB MMIO; out IRQ "irq".</summary>
/// <remarks>The register map and the timer give reset, snapshots and guest-error messages for nothing.</remarks>
public sealed class Countdown : MmioDevice
{
    private const long Microsecond = 1000;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _timer;
    private readonly FlagField _enable;
    private readonly FlagField _done;

    /// <summary>Creates the device.</summary>
    /// <param name="context">The machine it is for.</param>
    public Countdown(MachineContext context)
        : base("countdown", context.Log, 0x1000, AccessSizes.Word)
    {
        _clock = context.Clock;
        _timer = context.Clock.CreateTimer("countdown", Expire);
        Irq = AddLine("irq");
        Registers.Define(0x0, "COUNT").Bits(31, 0, "microseconds left", read: Left, write: Start);
        Registers.Define(0x4, "CONTROL").Flag(0, "interrupt enable", out _enable).Reserved(31, 1).Then(UpdateIrq);
        Registers.Define(0x8, "STATUS").Flag(0, "done", out _done, FieldMode.WriteOneToClear).Reserved(31, 1).Then(UpdateIrq);
    }

    /// <summary>High while the time is over and the interrupt is enabled.</summary>
    public IrqLine Irq { get; }

    /// <inheritdoc/>
    protected override void ResetState() => _timer.Disarm();

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer) => _timer.Save(writer);

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader) => _timer.Load(reader);

    private ulong Left() => _timer.IsArmed ? (ulong)((_timer.Deadline - _clock.Now + Microsecond - 1) / Microsecond) : 0;

    private void Start(ulong microseconds) => _timer.Arm(_clock.Now + ((long)microseconds * Microsecond));

    private void Expire()
    {
        _done.Value = true;
        UpdateIrq();
    }

    private void UpdateIrq() => Irq.Set(_enable.Value && _done.Value);
}
