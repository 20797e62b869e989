using Emulation.Core;

namespace Emulation.Devices;

/// <summary>System configuration of the STM32F405/407: what lies at address 0, and which port an EXTI line listens to. RM0090 9.2. Ports: 1 KiB MMIO; a region for address 0; the EXTI's lines 0 to 15.</summary>
public sealed class Stm32F4Syscfg : Stm32Peripheral
{
    private const int PinsPerPort = 16;
    private readonly MemoryRegion?[] _memories;
    private readonly Stm32Gpio?[] _ports = new Stm32Gpio?[16];
    private readonly Stm32Exti _exti;
    private readonly ClockTimer _cell;
    private readonly BitField _mode;
    private readonly FlagField _cellPowerDown;
    private readonly RegisterArray _select;
    private AliasRegion? _shown;
    private int _shownMode = -1;
    private int _bootMode;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock of its registers.</param>
    /// <param name="exti">What listens to the ports.</param>
    /// <param name="memories">What MEM_MODE shows at address 0: main flash, system memory, FSMC, SRAM; null where there is nothing.</param>
    public Stm32F4Syscfg(string name, VirtualClock clock, GuestLog log, ClockSignal busClock, Stm32Exti exti, params MemoryRegion?[] memories)
        : base(name, log, clock, busClock)
    {
        ArgumentNullException.ThrowIfNull(exti);
        ArgumentNullException.ThrowIfNull(memories);
        (_exti, _memories) = (exti, memories);
        _cell = clock.CreateTimer($"{name} compensation cell", static () => { });
        BootRegion = new ContainerRegion($"{name} boot", 0x10_0000);
        Registers.Define(0x00, "SYSCFG_MEMRMP").Bits(1, 0, "MEM_MODE", out _mode).Reserved(31, 2).Then(Remap);
        Registers.Define(0x04, "SYSCFG_PMC").Reserved(22, 0).Flag(23, "MII_RMII_SEL").Reserved(31, 24);
        _select = Registers.DefineMany(0x08, 4, 4, "SYSCFG_EXTICR").Bits(15, 0, "EXTI").Reserved(31, 16).Then(Select);
        Registers.Define(0x20, "SYSCFG_CMPCR").Flag(0, "CMP_PD", out _cellPowerDown).Reserved(7, 1)
            .Flag(8, "READY", FieldMode.ReadOnly, read: () => _cellPowerDown!.Value && !_cell.IsArmed).Reserved(31, 9).Then(StartCell);
        ResetState();
    }

    /// <summary>The region for address 0.</summary>
    public ContainerRegion BootRegion { get; }

    /// <summary>What the BOOT pins chose: 0 main flash, 1 system memory, 3 SRAM. Takes effect at the next reset (2.4).</summary>
    public int BootMode
    {
        get => _bootMode;
        set
        {
            if (value is not (0 or 1 or 3))
                throw new ArgumentOutOfRangeException(nameof(value), value, "the BOOT pins choose main flash (0), system memory (1) or SRAM (3)");
            _bootMode = value;
        }
    }

    /// <summary>Connects a port.</summary>
    /// <param name="number">0 for port A.</param>
    /// <param name="port">The port.</param>
    public void ConnectPort(int number, Stm32Gpio port)
    {
        ArgumentNullException.ThrowIfNull(port);
        _ports[number] = port;
        port.InputChanged += (pin, level) =>
        {
            if (PortOf(pin) == number)
                _exti.Input(pin)(level);
        };
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _cell.Disarm();
        _mode.Value = (ulong)_bootMode;
        Remap();
        for (int i = 0; i < 4; i++)
            Select(i);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_bootMode);
        _cell.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _bootMode = reader.ReadInt32();
        _cell.Load(reader);
        Remap();
    }

    private int PortOf(int pin) => (int)(_select[pin / 4] >> (pin % 4 * 4)) & 0xf;

    private void Select(int register)
    {
        for (int pin = register * 4; pin < (register * 4) + 4 && pin < PinsPerPort; pin++)
            _exti.Input(pin)(_ports[PortOf(pin)]?.Level(pin) ?? false);
    }

    private void StartCell()
    {
        // DS8626 gives no time; a few microseconds let software see both states
        const long Time = 5_000;
        if (!_cellPowerDown.Value)
            _cell.Disarm();
        else if (!_cell.IsArmed)
            _cell.Arm(Clock.Now + Time);
    }

    private void Remap()
    {
        int mode = (int)_mode.Value;
        if (mode == _shownMode)
            return;
        _shownMode = mode;
        if (_shown is not null)
            BootRegion.Remove(_shown);
        _shown = null;
        if (mode < _memories.Length && _memories[mode] is { } memory)
            BootRegion.Add(0, _shown = new AliasRegion($"{memory.Name} at 0", memory, 0, Math.Min(memory.Size, BootRegion.Size)));
    }
}
