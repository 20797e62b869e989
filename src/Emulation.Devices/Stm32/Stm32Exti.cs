using Emulation.Core;

namespace Emulation.Devices;

/// <summary>External interrupt and event controller of the STM32F4 with 23 lines. RM0090 12.2. Ports: 1 KiB MMIO; in 23 lines; out one interrupt each (the board combines 5 to 9 and 10 to 15) and the CPU's event input.</summary>
public sealed class Stm32Exti : MmioDevice
{
    /// <summary>Number of lines.</summary>
    public const int LineCount = 23;

    private readonly BitField _interruptMask, _eventMask, _rising, _falling, _software, _pending;
    private readonly IrqLine[] _outputs = new IrqLine[LineCount];
    private uint _levels;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    public Stm32Exti(string name, GuestLog log)
        : base(name, log, 0x400, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        for (int i = 0; i < LineCount; i++)
            _outputs[i] = AddLine($"line{i}");
        Event = AddLine("event");
        Registers.Define(0x00, "EXTI_IMR").Bits(22, 0, "MR", out _interruptMask).Reserved(31, 23).Then(Update);
        Registers.Define(0x04, "EXTI_EMR").Bits(22, 0, "MR", out _eventMask).Reserved(31, 23);
        Registers.Define(0x08, "EXTI_RTSR").Bits(22, 0, "TR", out _rising).Reserved(31, 23);
        Registers.Define(0x0c, "EXTI_FTSR").Bits(22, 0, "TR", out _falling).Reserved(31, 23);
        Registers.Define(0x10, "EXTI_SWIER").Bits(22, 0, "SWIER", out _software, FieldMode.WriteOneToSet, v => Trigger((uint)v)).Reserved(31, 23);
        Registers.Define(0x14, "EXTI_PR").Bits(22, 0, "PR", out _pending, FieldMode.WriteOneToClear, v => Clear((uint)v)).Reserved(31, 23);
    }

    /// <summary>Pulses at each event that EXTI_EMR lets through: the CPU's RXEV.</summary>
    public IrqLine Event { get; }

    /// <summary>Raised at each selected edge or software trigger, masked or not, with a bit for each line: what starts conversions.</summary>
    public event Action<uint>? LinesTriggered;

    /// <summary>The interrupt of a line: high while it is pending and not masked.</summary>
    /// <param name="line">0 to 22.</param>
    public IrqLine Output(int line) => _outputs[line];

    /// <summary>The input of a line.</summary>
    /// <param name="line">0 to 22.</param>
    public Action<bool> Input(int line)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(line);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(line, LineCount);
        return level => SetInput(line, level);
    }

    /// <inheritdoc/>
    /// <remarks>The inputs are what drives them.</remarks>
    protected override void SaveState(StateWriter writer) => writer.Write(_levels);

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader) => _levels = reader.ReadUInt32() & 0x7f_ffff;

    private void SetInput(int line, bool level)
    {
        uint bit = 1u << line;
        if (((_levels & bit) != 0) == level)
            return;
        _levels ^= bit;
        if (((level ? _rising.Value : _falling.Value) & bit) != 0)
            Trigger(bit);
    }

    private void Trigger(uint lines)
    {
        // SWIER sets pending bits of lines whose interrupt is enabled (12.3.5); an edge does always (12.3.6)
        _pending.Value |= lines;
        Update();
        LinesTriggered?.Invoke(lines);
        if ((lines & _eventMask.Value) != 0)
            Event.Pulse();
    }

    private void Clear(uint lines)
    {
        _software.Value &= ~(ulong)lines;
        Update();
    }

    private void Update()
    {
        uint active = (uint)(_pending.Value & _interruptMask.Value);
        for (int i = 0; i < LineCount; i++)
            _outputs[i].Set((active >> i & 1) != 0);
    }
}
