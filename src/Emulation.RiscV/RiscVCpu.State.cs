using Emulation.Core;

namespace Emulation.RiscV;

// Registers that hold nothing but what was written, and their place in snapshots.
public sealed partial class RiscVCpu
{
    internal ulong MStatus { get; set; }

    internal ulong Medeleg { get; set; }

    internal ulong Mideleg { get; set; }

    internal ulong Mie { get; set; }

    internal ulong Mtvec { get; set; }

    internal ulong Mscratch { get; set; }

    internal ulong Mepc { get; set; }

    internal ulong Mcause { get; set; }

    internal ulong Mtval { get; set; }

    internal uint Mcounteren { get; set; }

    internal ulong Menvcfg { get; set; }

    internal ulong Stvec { get; set; }

    internal ulong Sscratch { get; set; }

    internal ulong Sepc { get; set; }

    internal ulong Scause { get; set; }

    internal ulong Stval { get; set; }

    internal ulong Satp { get; set; }

    internal uint Scounteren { get; set; }

    internal ulong Senvcfg { get; set; }

    /// <summary>The SSEED and USEED bits of <c>mseccfg</c>; the others are in <see cref="PmpUnit.Security"/>.</summary>
    internal ulong SeedAccess { get; set; }

    internal ulong[] Mstateen { get; } = new ulong[4];

    internal ulong[] Sstateen { get; } = new ulong[4];

    internal byte Frm { get; set; }

    internal EntropySource Entropy { get; private set; } = new(0);

    private void ResetCsrs()
    {
        MStatus = Features.UserMode ? 0 : Status.Mpp;
        if (Xlen == 64)
            MStatus |= (Features.UserMode ? Status.Uxl64 : 0) | (Features.SupervisorMode ? Status.Sxl64 : 0);
        Medeleg = Mideleg = Mie = 0;
        Interlocked.Exchange(ref _pendingBits, 0);
        Mtvec = Mscratch = Mepc = Mcause = Mtval = 0;
        Stvec = Sscratch = Sepc = Scause = Stval = Satp = 0;
        Mcounteren = Scounteren = 0;
        // Software that knows nothing of Svadu expects the updates that the ISA string promises (no Svade in it)
        Menvcfg = Features.Svadu && !Features.Svade ? EnvironmentConfig.Adue : 0;
        Senvcfg = 0;
        SeedAccess = 0;
        Array.Clear(Mstateen);
        Array.Clear(Sstateen);
        Frm = 0;
        _stopped = false;
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write((byte)Privilege);
        foreach (ulong value in (ReadOnlySpan<ulong>)[MStatus, Medeleg, Mideleg, Mie, Mtvec, Mscratch, Mepc, Mcause, Mtval, Menvcfg, Stvec, Sscratch, Sepc, Scause, Stval, Satp, Senvcfg, SeedAccess])
            writer.Write(value);
        writer.Write(Mcounteren);
        writer.Write(Scounteren);
        writer.Write(Mstateen);
        writer.Write(Sstateen);
        writer.Write(Frm);
        writer.Write(_stopped);
        writer.Write(Entropy.State);
        writer.Write(Volatile.Read(ref _lines));
        writer.Write(Volatile.Read(ref _pendingBits));
        Pmp.Save(writer);
        Counters.Save(writer);
        Timer.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        byte privilege = reader.ReadByte();
        if (privilege is not (0 or 1 or 3))
            throw reader.Damaged($"there is no privilege level {privilege}");
        Privilege = (PrivilegeLevel)privilege;
        MStatus = reader.ReadUInt64();
        Medeleg = reader.ReadUInt64();
        Mideleg = reader.ReadUInt64();
        Mie = reader.ReadUInt64();
        Mtvec = reader.ReadUInt64();
        Mscratch = reader.ReadUInt64();
        Mepc = reader.ReadUInt64();
        Mcause = reader.ReadUInt64();
        Mtval = reader.ReadUInt64();
        Menvcfg = reader.ReadUInt64();
        Stvec = reader.ReadUInt64();
        Sscratch = reader.ReadUInt64();
        Sepc = reader.ReadUInt64();
        Scause = reader.ReadUInt64();
        Stval = reader.ReadUInt64();
        Satp = reader.ReadUInt64();
        Senvcfg = reader.ReadUInt64();
        SeedAccess = reader.ReadUInt64();
        Mcounteren = reader.ReadUInt32();
        Scounteren = reader.ReadUInt32();
        reader.Read(Mstateen);
        reader.Read(Sstateen);
        Frm = reader.ReadByte();
        _stopped = reader.ReadBoolean();
        Entropy = new EntropySource(reader.ReadUInt64());
        Interlocked.Exchange(ref _lines, reader.ReadUInt32());
        Interlocked.Exchange(ref _pendingBits, reader.ReadUInt32());
        Pmp.Load(reader);
        Counters.Load(reader);
        Timer.Load(reader);
        FlushTranslations();
        UpdateMode();
        RequestAttention();
    }
}
