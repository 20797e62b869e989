using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Secure privilege control block of an IoT subsystem: protection controllers of memory and peripherals, and Non-secure callable regions. Arm ECM 0601256 (IoTKit), "Secure privilege control block". Ports: 4 KiB MMIO; gates of peripherals; in interrupts of memory protection controllers; out IRQ "mpc", "ppc".</summary>
/// <remarks>There are no master security controllers and no bridges with buffers: their interrupts never come.</remarks>
public sealed class IotKitSecurity : MmioDevice
{
    private const uint PpcMask = 0x00f1_00f3;
    private readonly IotKitSecurityNonSecure _nonSecure;
    private readonly FlagField _bus;
    private readonly FlagField _code;
    private readonly FlagField _ram;
    private readonly PpcRegisters _security;
    private readonly PpcRegisters _privilege;
    private uint _memory;
    private uint _blocked;
    private uint _enabled;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="nonSecure">The Non-secure side.</param>
    /// <param name="log">Where guest errors go.</param>
    public IotKitSecurity(string name, IotKitSecurityNonSecure nonSecure, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        _nonSecure = nonSecure ?? throw new ArgumentNullException(nameof(nonSecure));
        MpcIrq = AddLine("mpc");
        PpcIrq = AddLine("ppc");
        Registers.Define(0x10, "SECRESPCFG").Flag(0, "bus error", out _bus).Ignored(31, 1);
        Registers.Define(0x14, "NSCCFG").Flag(0, "CODENSC", out _code).Flag(1, "RAMNSC", out _ram).Ignored(31, 2).Then(() => CallableChanged?.Invoke());
        Registers.Define(0x1c, "SECMPCINTSTATUS", access: RegisterAccess.ReadOnly).Bits(31, 0, "controllers", FieldMode.ReadOnly, read: () => _memory);
        Registers.Define(0x20, "SECPPCINTSTAT", access: RegisterAccess.ReadOnly).Bits(31, 0, "controllers", FieldMode.ReadOnly, read: () => _blocked & _enabled);
        Registers.Define(0x24, "SECPPCINTCLR", access: RegisterAccess.WriteOnly).Bits(31, 0, "controllers", FieldMode.WriteOnly, write: v => SetPpc(_blocked & (uint)~v, _enabled));
        Registers.Define(0x28, "SECPPCINTEN").Bits(31, 0, "controllers", read: () => _enabled, write: v => SetPpc(_blocked, (uint)v & PpcMask));
        Registers.Define(0x30, "SECMSCINTSTAT", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x34, "SECMSCINTCLR", access: RegisterAccess.WriteOnly).Ignored(31, 0);
        Registers.Define(0x38, "SECMSCINTEN").Bits(31, 16, "expansion").Ignored(15, 0);
        Registers.Define(0x40, "BRGINTSTAT", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x44, "BRGINTCLR", access: RegisterAccess.WriteOnly).Ignored(31, 0);
        Registers.Define(0x48, "BRGINTEN").Bits(31, 0, "bridges");
        _security = new PpcRegisters(Registers, 0x50, "NS");
        _privilege = new PpcRegisters(Registers, 0x90, "SP");
        Registers.Define(0xd0, "NSMSCEXP").Bits(31, 16, "expansion").Ignored(15, 0);
        CmsdkId.Define(Registers, 0x52, CmsdkId.Subsystem);
    }

    /// <summary>Raised after <see cref="IsCodeCallable"/> or <see cref="IsRamCallable"/> may have changed.</summary>
    public event Action? CallableChanged;

    /// <summary>A memory protection controller blocked an access.</summary>
    public IrqLine MpcIrq { get; }

    /// <summary>A peripheral protection controller blocked an access.</summary>
    public IrqLine PpcIrq { get; }

    /// <summary>Whether memory from 0x1000_0000 may be Non-secure callable.</summary>
    public bool IsCodeCallable => _code.Value;

    /// <summary>Whether memory from 0x3000_0000 may be Non-secure callable.</summary>
    public bool IsRamCallable => _ram.Value;

    /// <summary>Takes the interrupt of a memory protection controller.</summary>
    /// <param name="bit">Its bit of SECMPCINTSTATUS: 0 to 15 in the subsystem, 16 to 31 outside.</param>
    /// <param name="level">The interrupt.</param>
    public void SetMpc(int bit, bool level)
    {
        _memory = level ? _memory | (1u << bit) : _memory & ~(1u << bit);
        MpcIrq.Set(_memory != 0);
    }

    /// <summary>What stands before a peripheral for accesses of one kind.</summary>
    /// <param name="ppc">Its protection controller.</param>
    /// <param name="port">The port there, 0 to 15.</param>
    /// <param name="secure">Whether for Secure accesses.</param>
    /// <param name="privileged">Whether for privileged ones.</param>
    public IMmioGate Gate(TrustZonePpc ppc, int port, bool secure, bool privileged)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 15);
        return new Port(this, ppc, port, secure, privileged);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_memory, _blocked, _enabled) = (0, 0, 0);
        CallableChanged?.Invoke();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_memory);
        writer.Write(_blocked);
        writer.Write(_enabled);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        (_memory, _blocked, _enabled) = (reader.ReadUInt32(), reader.ReadUInt32() & PpcMask, reader.ReadUInt32() & PpcMask);
        CallableChanged?.Invoke();
    }

    private void SetPpc(uint blocked, uint enabled)
    {
        (_blocked, _enabled) = (blocked, enabled);
        PpcIrq.Set((_blocked & _enabled) != 0);
    }

    private GateAnswer Check(Port port)
    {
        bool open = _security[port.Ppc, port.Number] != port.IsSecure
            && (port.IsPrivileged || (port.IsSecure ? _privilege[port.Ppc, port.Number] : _nonSecure.IsUnprivileged(port.Ppc, port.Number)));
        if (open)
            return GateAnswer.Pass;
        SetPpc(_blocked | (1u << StatusBit(port.Ppc)), _enabled);
        return _bus.Value ? GateAnswer.Refuse : GateAnswer.Ignore;
    }

    private static int StatusBit(TrustZonePpc ppc) => ppc switch
    {
        <= TrustZonePpc.Apb1 => (int)ppc,
        <= TrustZonePpc.ApbExpansion3 => 4 + (ppc - TrustZonePpc.ApbExpansion0),
        TrustZonePpc.Ahb0 => 16,
        _ => 20 + (ppc - TrustZonePpc.AhbExpansion0),
    };

    private sealed record Port(IotKitSecurity Owner, TrustZonePpc Ppc, int Number, bool IsSecure, bool IsPrivileged) : IMmioGate
    {
        public GateAnswer Check(ulong offset, int size, bool write) => Owner.Check(this);
    }
}
