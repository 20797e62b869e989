using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What peripherals of the nRF51 have in common: tasks, events, shortcuts between them, interrupts, a power switch. nRF51 Series Reference Manual, chapter 10, "Peripheral interface".</summary>
public abstract class NrfPeripheral : MmioDevice
{
    /// <summary>Offset of the first event register; tasks come before.</summary>
    internal const ulong EventBase = 0x100;

    private const int MaxDepth = 32;

    private readonly SortedDictionary<ulong, Action> _tasks = [];
    private readonly List<NrfEvent> _events = [];
    private readonly List<(NrfEvent Event, ulong Task, FlagField Enabled)> _shorts = [];
    private Register? _enabled;
    private int _depth;

    /// <summary>Creates the window.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="switchable">Whether it has the register POWER.</param>
    private protected NrfPeripheral(string name, GuestLog log, bool switchable = true)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        Irq = AddLine("irq");
        if (switchable)
        {
            FlagField power = null!;
            Registers.Define(0xffc, "POWER", 1).Flag(0, "POWER", out power).Ignored(31, 1).Then(() =>
            {
                if (power.Value)
                    return;
                IsPoweringOff = true;
                Reset();
                IsPoweringOff = false;
                power.Value = false;
            });
        }
    }

    /// <summary>Raised for each event, with the offset of its register: what the PPI listens to.</summary>
    public event Action<ulong>? EventRaised;

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>Whether the reset that is under way is one of this peripheral alone, by its register POWER.</summary>
    private protected bool IsPoweringOff { get; private set; }

    /// <summary>Triggers the task at an offset, as the PPI does.</summary>
    /// <param name="offset">Offset of its register.</param>
    /// <returns>Whether there is one.</returns>
    public bool TriggerTask(ulong offset)
    {
        if (!_tasks.TryGetValue(offset, out Action? task))
            return false;
        if (_depth > MaxDepth)
        {
            Log.Error(Name, $"task 0x{offset:x} triggers itself by way of events");
            return true;
        }

        _depth++;
        task();
        _depth--;
        return true;
    }

    /// <summary>Declares a task.</summary>
    private protected void AddTask(ulong offset, string name, Action action)
    {
        _tasks.Add(offset, action);
        Registers.Define(offset, name).Flag(0, "trigger", FieldMode.WriteOnly, write: on =>
        {
            if (on)
                TriggerTask(offset);
        }).Ignored(31, 1);
    }

    /// <summary>Declares an event.</summary>
    private protected NrfEvent AddEvent(ulong offset, string name)
    {
        Registers.Define(offset, name).Flag(0, "event", out FlagField flag, FieldMode.WriteZeroToClear).Ignored(31, 1).Then(UpdateIrq);
        var result = new NrfEvent(offset, name, flag);
        _events.Add(result);
        return result;
    }

    /// <summary>Declares shortcuts: bits of SHORTS that let an event trigger a task.</summary>
    private protected void DefineShorts(params ReadOnlySpan<(int Bit, NrfEvent Event, ulong Task)> shorts)
    {
        Register register = Registers.Define(0x200, "SHORTS");
        int next = 0;
        foreach ((int bit, NrfEvent e, ulong task) in shorts)
        {
            if (bit > next)
                register.Ignored(bit - 1, next);
            register.Flag(bit, $"{e.Name} to 0x{task:x}", out FlagField enabled);
            _shorts.Add((e, task, enabled));
            next = bit + 1;
        }

        if (next < 32)
            register.Ignored(31, next);
    }

    /// <summary>Declares INTENSET and INTENCLR; comes behind all events.</summary>
    private protected void DefineInterrupts() => _enabled = DefineSetClear(0x304, 0x308, "INTEN", EventMask, OnInterruptsChanged);

    /// <summary>INTEN was written.</summary>
    private protected virtual void OnInterruptsChanged() { }

    /// <summary>The bits of all events.</summary>
    private protected uint EventMask => _events.Aggregate(0u, static (mask, e) => mask | e.Mask);

    /// <summary>Which events interrupt.</summary>
    private protected uint EnabledInterrupts => (uint)(_enabled?.Value ?? 0);

    /// <summary>Declares a register that is set and cleared at two places; the first stores it.</summary>
    private protected Register DefineSetClear(ulong set, ulong clear, string name, uint mask, Action? changed = null)
    {
        Register stored = Registers.Define(set, $"{name}SET").Bits(31, 0, name, FieldMode.WriteOneToSet);
        stored.Then(() =>
        {
            stored.Value &= mask;
            Changed();
        });
        Registers.Define(clear, $"{name}CLR").Bits(31, 0, name, read: () => stored.Value, write: v => stored.Value &= ~v).Then(Changed);
        return stored;

        void Changed()
        {
            changed?.Invoke();
            UpdateIrq();
        }
    }

    /// <summary>An event happens: its register, its shortcuts, the PPI, the interrupt.</summary>
    private protected void Raise(NrfEvent e)
    {
        e.Flag.Value = true;
        UpdateIrq();
        foreach ((NrfEvent source, ulong task, FlagField enabled) in _shorts)
        {
            if (source == e && enabled.Value)
                TriggerTask(task);
        }

        EventRaised?.Invoke(e.Offset);
    }

    private protected void UpdateIrq()
    {
        uint raised = 0;
        foreach (NrfEvent e in _events)
        {
            if (e.Flag.Value)
                raised |= e.Mask;
        }

        Irq.Set((raised & EnabledInterrupts) != 0);
    }
}
