using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Memory protection controller: says of each block of a memory whether Secure or Non-secure accesses get it. Arm DDI 0571 (CoreLink SIE-200), "AHB5 TrustZone memory protection controller". Ports: 4 KiB MMIO; two views of the memory; out IRQ "irq".</summary>
/// <remarks>There is one bus master, 0. The request to stop the data interface is acknowledged at once and has no effect.</remarks>
public sealed class TrustZoneMpc : MmioDevice
{
    private const ulong Control = 0x00, Lut = 0x1c, InterruptEnable = 0x28;
    private readonly int _blockBits;
    private readonly uint[] _lut;
    private readonly FlagField _bus;
    private readonly FlagField _increments;
    private readonly FlagField _locked;
    private readonly FlagField _enabled;
    private readonly MpcView _secure;
    private readonly MpcView _nonSecure;
    private uint _index;
    private bool _pending;
    private uint _address;
    private uint _access;
    private bool _isWord;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="ram">The memory.</param>
    /// <param name="blockBits">Bits of an address in a block, 5 to 20.</param>
    /// <param name="log">Where guest errors go.</param>
    public TrustZoneMpc(string name, RamBlock ram, int blockBits, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(ram);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockBits, 5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockBits, 20);
        _blockBits = blockBits;
        int blocks = (int)(ram.Size >> blockBits);
        _lut = new uint[(blocks + 31) / 32];
        Irq = AddLine("irq");
        _secure = new MpcView(this, ram, false, blocks);
        _nonSecure = new MpcView(this, ram, true, blocks);
        Registers.Define(Control, "CTRL", reset: 0x100).Ignored(3, 0).Flag(4, "security error response", out _bus).Ignored(5, 5)
            .Flag(6, "data interface gating request", out FlagField gated).Flag(7, "data interface gating acknowledge", FieldMode.ReadOnly, read: () => gated.Value)
            .Flag(8, "auto-increment", out _increments).Ignored(30, 9).Flag(31, "security lockdown", out _locked);
        Registers.Define(0x10, "BLK_MAX", (ulong)_lut.Length - 1, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x14, "BLK_CFG", (ulong)blockBits - 5, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x18, "BLK_IDX").Bits(31, 0, "index", read: () => _index, write: v => _index = (uint)v % (uint)_lut.Length);
        Registers.Define(Lut, "BLK_LUT").Bits(31, 0, "blocks that are Non-secure", read: () => _lut[_index], write: v => WriteLut((uint)v)).Then(Advance).AfterRead(Advance);
        Registers.Define(0x20, "INT_STAT", access: RegisterAccess.ReadOnly).Flag(0, "mpc_irq", FieldMode.ReadOnly, read: () => _pending).Reserved(31, 1);
        Registers.Define(0x24, "INT_CLEAR", access: RegisterAccess.WriteOnly).Flag(0, "mpc_irq", FieldMode.WriteOnly, write: v => SetPending(_pending && !v)).Ignored(31, 1);
        Registers.Define(InterruptEnable, "INT_EN").Flag(0, "mpc_irq", out _enabled).Ignored(31, 1).Then(Update);
        Registers.Define(0x2c, "INT_INFO1", access: RegisterAccess.ReadOnly).Bits(31, 0, "haddr", FieldMode.ReadOnly, read: () => _address);
        Registers.Define(0x30, "INT_INFO2", access: RegisterAccess.ReadOnly).Bits(17, 0, "hmaster, hnonsec, cfg_ns", FieldMode.ReadOnly, read: () => _access).Reserved(31, 18);
        Registers.Define(0x34, "INT_SET", access: RegisterAccess.WriteOnly).Flag(0, "mpc_irq", FieldMode.WriteOnly, write: v => SetPending(_pending || v)).Ignored(31, 1);
        CmsdkId.Define(Registers, 0x60);
        Show();
    }

    /// <summary>An access was blocked.</summary>
    public IrqLine Irq { get; }

    /// <summary>The memory as Secure accesses see it.</summary>
    public MemoryRegion Secure => _secure.Region;

    /// <summary>The memory as Non-secure accesses see it.</summary>
    public MemoryRegion NonSecure => _nonSecure.Region;

    internal int BlockBits => _blockBits;

    /// <inheritdoc/>
    public override ulong Read(ulong offset, int size)
    {
        _isWord = size == 4;
        return base.Read(offset, size);
    }

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        _isWord = size == 4;
        if (!_locked.Value || (offset & ~3UL) is not (Control or Lut or InterruptEnable))
            base.Write(offset, size, value);
        else
            Log.Error(Name, "write to a register that is locked until reset");
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_index, _pending, _address, _access) = (0, false, 0, 0);
        Array.Clear(_lut);
        Show();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (uint word in _lut)
            writer.Write(word);
        writer.Write(_index);
        writer.Write(_pending);
        writer.Write(_address);
        writer.Write(_access);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        foreach (ref uint word in _lut.AsSpan())
            word = reader.ReadUInt32();
        _index = reader.ReadUInt32() % (uint)_lut.Length;
        _pending = reader.ReadBoolean();
        (_address, _access) = (reader.ReadUInt32(), reader.ReadUInt32() & 0x3ffff);
        Show();
    }

    internal bool IsNonSecure(int block) => (_lut[block / 32] >> (block % 32) & 1) != 0;

    /// <summary>An access of the wrong security: the first is kept until the interrupt is cleared.</summary>
    internal GateAnswer Block(uint address, bool nonSecure)
    {
        if (!_pending)
        {
            _address = address;
            _access = nonSecure ? 0x1_0000u : 0x2_0000;
        }

        SetPending(true);
        return _bus.Value ? GateAnswer.Refuse : GateAnswer.Ignore;
    }

    private void WriteLut(uint value)
    {
        if (_lut[_index] == value)
            return;
        _lut[_index] = value;
        Show();
    }

    private void Advance()
    {
        if (_isWord && _increments.Value)
            _index = (_index + 1) % (uint)_lut.Length;
    }

    private void SetPending(bool pending)
    {
        _pending = pending;
        Update();
    }

    private void Update() => Irq.Set(_pending && _enabled.Value);

    private void Show()
    {
        _secure.Show();
        _nonSecure.Show();
    }
}
