using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

// Reset, save and load. Caches and host pointers are not state.
public abstract unsafe partial class VirtualCpu
{
    /// <inheritdoc/>
    public void Reset()
    {
        ref CpuHeader header = ref Header;
        nint owner = header.Owner;
        uint generation = header.Generation;
        new Span<byte>(State, Frontend.Registers.Size).Clear();
        (header.Owner, header.Generation, header.ReservationAddress) = (owner, generation, ulong.MaxValue);
        ForgetOtherSpaces();
        _secondLevel.Reset();
        (_instructions, _slice, _halted, Fault) = (0, 0, false, null);
        ResetState();
        FlushTlb();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ref CpuHeader header = ref Header;
        writer.Write(InstructionCount);
        writer.Write(header.Pc);
        writer.Write(header.ExceptionCount);
        writer.Write((byte)header.Fp.Rounding);
        writer.Write((byte)header.Fp.Flags);
        writer.Write(header.ReservationAddress);
        writer.Write(header.ReservationValue);
        writer.Write(_halted);
        int first = CpuHeader.Size;
        writer.Write(new ReadOnlySpan<byte>(State + first, Frontend.Registers.Size - first));
        SaveState(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        ref CpuHeader header = ref Header;
        (_instructions, _slice, header.Budget) = (reader.ReadUInt64(), 0, 0);
        header.Pc = reader.ReadUInt64();
        header.ExceptionCount = reader.ReadUInt64();
        header.Fp.Rounding = (SoftFloat.FpRounding)reader.ReadByte();
        header.Fp.Flags = (SoftFloat.FpFlags)reader.ReadByte();
        header.ReservationAddress = reader.ReadUInt64();
        header.ReservationValue = reader.ReadUInt64();
        _halted = reader.ReadBoolean();
        int first = CpuHeader.Size;
        ReadOnlySpan<byte> registers = reader.ReadBytes();
        if (registers.Length != Frontend.Registers.Size - first)
            throw reader.Damaged($"{registers.Length} bytes of registers where this CPU has {Frontend.Registers.Size - first}");
        registers.CopyTo(new Span<byte>(State + first, registers.Length));
        (header.Exit, header.LinkSource, Fault) = (ExitRequest.None, 0, null);
        LoadState(reader);
        FlushTlb();
    }
}
