namespace Emulation.Core;

/// <summary>A device with one register window: registers and interrupt lines are reset, saved and loaded here, the rest in three virtual methods.</summary>
public abstract class MmioDevice : IDevice, IMmio, IMapped
{
    private readonly List<IrqLine> _lines = [];

    /// <summary>Creates the window.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="size">Bytes of the window.</param>
    /// <param name="sizes">Widths the bus may use.</param>
    /// <param name="bigEndian">Whether the registers are big-endian on the bus.</param>
    protected MmioDevice(string name, GuestLog log, ulong size, AccessSizes sizes, bool bigEndian = false)
    {
        Name = name;
        Log = log;
        Registers = new RegisterMap(name, log, bigEndian);
        Region = new MmioRegion(name, size, this) { Sizes = sizes, BigEndian = bigEndian };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public virtual int StateVersion => 1;

    /// <summary>The register window, for the board to map.</summary>
    public MmioRegion Region { get; }

    /// <summary>The registers. Guest accesses come through <see cref="Read"/> and <see cref="Write"/>.</summary>
    public RegisterMap Registers { get; }

    /// <summary>The interrupt outputs in order of declaration.</summary>
    public IReadOnlyList<IrqLine> Lines => _lines;

    /// <summary>Where guest errors go.</summary>
    protected GuestLog Log { get; }

    /// <inheritdoc/>
    public virtual ulong Read(ulong offset, int size) => Registers.Read(offset, size);

    /// <inheritdoc/>
    public virtual void Write(ulong offset, int size, ulong value) => Registers.Write(offset, size, value);

    /// <inheritdoc/>
    public void Reset()
    {
        Registers.Reset();
        foreach (IrqLine line in _lines)
            line.Set(false);
        ResetState();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        Registers.Save(writer);
        foreach (IrqLine line in _lines)
            writer.Write(line.Level);
        SaveState(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        Registers.Load(reader);
        foreach (IrqLine line in _lines)
            line.Restore(reader.ReadBoolean());
        LoadState(reader);
    }

    /// <summary>Declares an interrupt output.</summary>
    /// <param name="name">Its name in the manual; the line is called device.name.</param>
    protected IrqLine AddLine(string name)
    {
        var line = new IrqLine($"{Name}.{name}");
        _lines.Add(line);
        return line;
    }

    /// <summary>Resets what is outside the register map. Registers are at their reset values and all lines are low when it runs.</summary>
    protected virtual void ResetState() { }

    /// <summary>Writes what is outside the register map.</summary>
    /// <param name="writer">The device's section.</param>
    protected virtual void SaveState(StateWriter writer) { }

    /// <summary>Reads what <see cref="SaveState"/> wrote. It must not drive lines: their levels are restored already and listeners load their own side.</summary>
    /// <param name="reader">The device's section.</param>
    protected virtual void LoadState(StateReader reader) { }
}
