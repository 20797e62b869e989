using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// Generic Interrupt Controller, version 2: distributor and CPU interfaces. Arm IHI 0048B; identification and priority bits as those of the GIC-400, DDI 0471B.
/// Ports: register windows for each CPU; in IRQ per SPI, and per CPU and PPI; out "nIRQ" and "nFIQ" of each CPU, and with virtualization "vIRQ", "vFIQ" and "maintenance".
/// </summary>
/// <remarks>
/// What a register shows depends on the CPU that accesses it and, with the Security Extensions, on whether the access is secure: each such view is a
/// window of its own, for the board to put where that CPU sees it. Wakeup and the bypass signals are not modelled.
/// </remarks>
public sealed partial class GicV2 : IDevice, IInterruptSource
{
    /// <summary>Bytes of the distributor's window.</summary>
    public const ulong DistributorSize = 0x1000;

    /// <summary>Bytes of the CPU interface's window.</summary>
    public const ulong CpuInterfaceSize = 0x2000;

    /// <summary>Bytes of the virtual interface control's window.</summary>
    public const ulong VirtualControlSize = 0x1000;

    private const int NoInterrupt = 1023;
    private const int OtherGroup = 1022;

    private readonly GuestLog _log;
    private readonly GicInterrupts _interrupts;
    private readonly CpuState[] _cpus;
    private readonly byte[] _targets;
    private readonly byte[] _sgiSources;
    private readonly Func<int, int, uint, uint> _eligible;
    private readonly IrqLine[] _lines;
    private readonly int _linesPerCpu;
    private readonly GicVirtualInterface[] _virtual;
    private readonly byte _allCpus;
    private uint _control;
    private bool _updating;

    /// <summary>Creates the controller.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="options">How it is built.</param>
    public GicV2(string name, GuestLog log, GicV2Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Cpus, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Cpus, 8, nameof(options));
        if (options.Spis is < 0 or > 960 || options.Spis % 32 != 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.Spis, "a GIC has 0 to 960 SPIs in groups of 32");
        Name = name;
        _log = log;
        Options = options;
        _allCpus = (byte)((1 << options.Cpus) - 1);
        _interrupts = new GicInterrupts(options.Cpus, options.Spis);
        _targets = new byte[options.Spis];
        _sgiSources = new byte[16 * options.Cpus];
        _eligible = Eligible;
        _cpus = new CpuState[options.Cpus];
        ReadOnlySpan<string> names = options.Virtualization ? ["nIRQ", "nFIQ", "vIRQ", "vFIQ", "maintenance"] : ["nIRQ", "nFIQ"];
        _linesPerCpu = names.Length;
        _lines = new IrqLine[_linesPerCpu * options.Cpus];
        _virtual = new GicVirtualInterface[options.Virtualization ? options.Cpus : 0];
        for (int i = 0; i < _cpus.Length; i++)
        {
            _cpus[i] = new CpuState();
            for (int j = 0; j < _linesPerCpu; j++)
                _lines[(_linesPerCpu * i) + j] = new IrqLine($"{name}.{names[j]}{i}");
            if (options.Virtualization)
                _virtual[i] = new GicVirtualInterface();
        }

        ResetState();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>How it is built.</summary>
    public GicV2Options Options { get; }

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => [.. Enumerable.Range(0, _cpus.Length).Select(Irq)];

    /// <summary>The interrupt request to a CPU.</summary>
    /// <param name="cpu">Number of its interface.</param>
    public IrqLine Irq(int cpu) => _lines[_linesPerCpu * cpu];

    /// <summary>The fast interrupt request to a CPU.</summary>
    /// <param name="cpu">Number of its interface.</param>
    public IrqLine Fiq(int cpu) => _lines[(_linesPerCpu * cpu) + 1];

    /// <summary>The virtual interrupt request to a CPU; with virtualization only.</summary>
    /// <param name="cpu">Number of its interface.</param>
    public IrqLine VirtualIrq(int cpu) => VirtualLine(cpu, 2);

    /// <summary>The virtual fast interrupt request to a CPU; with virtualization only.</summary>
    /// <param name="cpu">Number of its interface.</param>
    public IrqLine VirtualFiq(int cpu) => VirtualLine(cpu, 3);

    /// <summary>The maintenance interrupt of a CPU's virtual interface; boards connect it to a private interrupt, usually PPI 9. With virtualization only.</summary>
    /// <param name="cpu">Number of its interface.</param>
    public IrqLine Maintenance(int cpu) => VirtualLine(cpu, 4);

    /// <summary>The input of a shared interrupt, for <see cref="IrqLine.Connect"/>.</summary>
    /// <param name="spi">Number from 0; the interrupt ID is 32 more.</param>
    public Action<bool> Input(int spi)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spi);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(spi, Options.Spis);
        return level => Drive(0, 32 + spi, level);
    }

    /// <summary>The input of a CPU's private interrupt, for <see cref="IrqLine.Connect"/>.</summary>
    /// <param name="cpu">Number of its interface.</param>
    /// <param name="ppi">Number from 0 to 15; the interrupt ID is 16 more.</param>
    public Action<bool> PrivateInput(int cpu, int ppi)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)cpu, (uint)_cpus.Length - 1, nameof(cpu));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)ppi, 15u, nameof(ppi));
        return level => Drive(cpu, 16 + ppi, level);
    }

    /// <summary>A CPU's view of the distributor, to put into an address space.</summary>
    /// <param name="cpu">Number of its interface.</param>
    /// <param name="isSecure">Asked at each access whether it is secure; null for never. Without the Security Extensions it makes no difference.</param>
    public MmioRegion CreateDistributorRegion(int cpu, Func<bool>? isSecure = null)
        => new($"{Name}.distributor{cpu}", DistributorSize, new Window(this, cpu, isSecure, Part.Distributor)) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word };

    /// <summary>A CPU's view of its CPU interface, to put into an address space.</summary>
    /// <param name="cpu">Number of its interface.</param>
    /// <param name="isSecure">Asked at each access whether it is secure; null for never. Without the Security Extensions it makes no difference.</param>
    public MmioRegion CreateCpuInterfaceRegion(int cpu, Func<bool>? isSecure = null)
        => new($"{Name}.cpu{cpu}", CpuInterfaceSize, new Window(this, cpu, isSecure, Part.CpuInterface)) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word };

    /// <summary>A CPU's view of the control of its virtual interface, to put into an address space; with virtualization only.</summary>
    /// <param name="cpu">Number of its interface.</param>
    public MmioRegion CreateVirtualControlRegion(int cpu)
        => new($"{Name}.vctrl{cpu}", VirtualControlSize, new Window(this, cpu, null, RequireVirtual(Part.VirtualControl))) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word };

    /// <summary>A CPU's view of its virtual CPU interface, to put into an address space; with virtualization only.</summary>
    /// <param name="cpu">Number of its interface.</param>
    public MmioRegion CreateVirtualCpuInterfaceRegion(int cpu)
        => new($"{Name}.vcpu{cpu}", CpuInterfaceSize, new Window(this, cpu, null, RequireVirtual(Part.VirtualCpuInterface))) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word };

    /// <inheritdoc/>
    public void Reset()
    {
        ResetState();
        Update();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_control);
        _interrupts.Save(writer);
        writer.Write(_targets);
        writer.Write(_sgiSources);
        foreach (CpuState cpu in _cpus)
            cpu.Save(writer);
        foreach (GicVirtualInterface part in _virtual)
            part.Save(writer);
        foreach (IrqLine line in _lines)
            writer.Write(line.Level);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _control = reader.ReadUInt32() & 3;
        _interrupts.Load(reader);
        ReadBytes(reader, _targets, _allCpus);
        ReadBytes(reader, _sgiSources, _allCpus);
        foreach (CpuState cpu in _cpus)
            cpu.Load(reader);
        foreach (GicVirtualInterface part in _virtual)
            part.Load(reader);
        foreach (IrqLine line in _lines)
            line.Restore(reader.ReadBoolean());
        for (int cpu = 0; cpu < _cpus.Length; cpu++)
        {
            for (int sgi = 0; sgi < 16; sgi++)
                _interrupts.Set(_interrupts.Latched, cpu, sgi, _sgiSources[(16 * cpu) + sgi] != 0);
        }
    }

    private IrqLine VirtualLine(int cpu, int line)
        => _virtual.Length != 0 ? _lines[(_linesPerCpu * cpu) + line] : throw new InvalidOperationException($"{Name} has no virtualization");

    private Part RequireVirtual(Part part) => _virtual.Length != 0 ? part : throw new InvalidOperationException($"{Name} has no virtualization");

    private static void ReadBytes(StateReader reader, byte[] destination, byte mask)
    {
        ReadOnlySpan<byte> saved = reader.ReadBytes();
        if (saved.Length != destination.Length)
            throw reader.Damaged($"{saved.Length} bytes where this machine has {destination.Length}");
        for (int i = 0; i < saved.Length; i++)
            destination[i] = (byte)(saved[i] & mask);
    }

    private void ResetState()
    {
        _control = 0;
        _interrupts.Reset(Options.ResetToGroup1, enabledSgis: true);
        // without a choice there is one target, and it is always right
        Array.Fill(_targets, _cpus.Length == 1 ? (byte)1 : (byte)0);
        Array.Clear(_sgiSources);
        foreach (CpuState cpu in _cpus)
        {
            cpu.Reset();

            // non-secure software can change a priority mask only in its own half, into which firmware has brought it: IHI 0048, 4.4.2
            if (Options is { ResetToGroup1: true, Security: true })
                cpu.Mask = 0x80;
        }

        foreach (GicVirtualInterface part in _virtual)
            part.Reset();
    }

    private void Drive(int cpu, int interrupt, bool level)
    {
        _interrupts.Drive(cpu, interrupt, level);
        Update();
    }

    /// <summary>Drives the outputs. A listener may make the controller's state change again; then it is looked at once more.</summary>
    private void Update()
    {
        if (_updating)
            return;
        _updating = true;
        for (int cpu = 0; cpu < _cpus.Length; cpu++)
        {
            int best = FindBest(cpu, out int priority);
            bool signal = best != NoInterrupt && Signals(cpu, best, priority);
            bool fiq = signal && !IsGroup1(cpu, best) && (_cpus[cpu].Control & ControlFiqEnable) != 0;
            Irq(cpu).Set(signal && !fiq);
            Fiq(cpu).Set(fiq);
            if (_virtual.Length != 0)
                UpdateVirtual(cpu);
        }

        _updating = false;
    }

    private bool IsGroup1(int cpu, int interrupt) => _interrupts.Test(_interrupts.Group, cpu, interrupt);

    /// <summary>The interrupt that an acknowledge would look at first, whatever the CPU interface's masks say; <see cref="NoInterrupt"/> for none.</summary>
    private int FindBest(int cpu, out int priority)
    {
        priority = GicPriority.Idle;
        int best = NoInterrupt;
        if ((_control & 3) != 0)
            _interrupts.FindBest(cpu, 0, _interrupts.Words, _eligible, ref priority, ref best);
        return best;
    }

    // Groups that either side does not forward, and SPIs of other CPUs, are not candidates.
    private uint Eligible(int cpu, int word, uint pending)
    {
        uint forwarded = _control & _cpus[cpu].Control & 3;
        uint group = _interrupts.Group[_interrupts.Index(cpu, word)];
        pending &= ((forwarded & 1) != 0 ? ~group : 0) | ((forwarded & 2) != 0 ? group : 0);
        if (word == 0)
            return pending;
        uint mine = 0;
        for (uint left = pending; left != 0; left &= left - 1)
        {
            int bit = System.Numerics.BitOperations.TrailingZeroCount(left);
            if ((_targets[(32 * (word - 1)) + bit] & (1 << cpu)) != 0)
                mine |= 1u << bit;
        }

        return mine;
    }

    private enum Part
    {
        Distributor,
        CpuInterface,
        VirtualControl,
        VirtualCpuInterface,
    }

    private sealed class Window(GicV2 gic, int cpu, Func<bool>? isSecure, Part part) : IMmio
    {
        // with one set of registers everybody sees what secure software would
        private bool Secure => !gic.Options.Security || (isSecure?.Invoke() ?? false);

        public ulong Read(ulong offset, int size) => part switch
        {
            Part.Distributor => gic.ReadDistributor(cpu, Secure, offset, size),
            Part.CpuInterface => Lanes(gic.ReadCpuInterfaceWord(cpu, Secure, (int)(offset & ~3UL)), offset, size),
            Part.VirtualControl => Lanes(gic.ReadVirtualControl(cpu, (int)(offset & ~3UL)), offset, size),
            _ => Lanes(gic.ReadVirtualInterface(cpu, (int)(offset & ~3UL)), offset, size),
        };

        public void Write(ulong offset, int size, ulong value)
        {
            if (part == Part.Distributor)
                gic.WriteDistributor(cpu, Secure, offset, size, value);
            else if (size != 4 || (offset & 3) != 0)
                gic._log.Error(gic.Name, $"write of {size} bytes to CPU interface register 0x{offset:x}");
            else if (part == Part.CpuInterface)
                gic.WriteCpuInterface(cpu, Secure, offset, (uint)value);
            else if (part == Part.VirtualControl)
                gic.WriteVirtualControl(cpu, (int)offset, (uint)value);
            else
                gic.WriteVirtualInterface(cpu, (int)offset, (uint)value);
            gic.Update();
        }

        // reading may acknowledge, so a part of a register is read once as the whole
        private static ulong Lanes(uint word, ulong offset, int size) => word >> (8 * (int)(offset & 3)) & ((1UL << (8 * size)) - 1);
    }
}
