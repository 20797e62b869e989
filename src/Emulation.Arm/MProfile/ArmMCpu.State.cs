using Emulation.Core;

namespace Emulation.Arm;

// Snapshots of what is not in the register file; a CPU that is used on its own.
public sealed unsafe partial class ArmMCpu
{
    private Cpu.CpuMemory? _memory;

    /// <summary>The memory of a CPU made by <see cref="Create"/>.</summary>
    /// <exception cref="InvalidOperationException">The CPU is part of a machine, which has the memory.</exception>
    public Cpu.CpuMemory Memory => _memory ?? throw new InvalidOperationException($"{Name} is part of a machine: its memory is the machine's");

    /// <summary>Makes a CPU with an empty memory of its own, in privileged Thread mode with floating point enabled. Time is instructions, in nanoseconds.</summary>
    /// <param name="options">The CPU; null for the defaults.</param>
    /// <param name="engine">How code is executed; null for the default.</param>
    /// <remarks>It does not start from its vector table unless <see cref="TryLoadVectors"/> is called.</remarks>
    public static ArmMCpu Create(ArmMCpuOptions? options = null, Cpu.EngineOptions? engine = null)
    {
        var log = new GuestLog();
        var space = new AddressSpace("memory", log);
        var clock = new VirtualClock();
        options ??= new ArmMCpuOptions();
        var context = new Cpu.CpuContext(space, clock, log, new Cpu.TranslationCache(engine));
        var cpu = new ArmMCpu(0, options, context, new ArmMFrontend(options.Model), true) { _memory = new Cpu.CpuMemory(space) };
        clock.SetSource(() => (long)cpu.InstructionCount);
        return cpu;
    }

    /// <summary>Something in the System Control Space was written that the present mode or pending exceptions depend on.</summary>
    internal void OnControlWrite()
    {
        Exceptions.Update();
        UpdateMode();
        RequestAttention();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        SaveSp();
        writer.Write(_ipsr);
        foreach (bool value in (bool[])[_secure, _fpca, _sfpa, _event, _systemResets, _waitsForEvent, _startsHalted, _sleeping, _resetWaits])
            writer.Write(value);
        writer.Write(_return);
        writer.Write(_monitorStep);
        foreach (uint[] bank in (uint[][])[_msp, _psp, _msplim, _psplim, _primask, _faultmask, _basepri, _control])
            writer.Write(bank.AsSpan());
        writer.Write(Header.Mode & (A32Mode.Thumb | A32Mode.ItMask));
        Exceptions.Save(writer);
        System.Save(writer);
        SysTick.Save(writer);
        SysTickSecure?.Save(writer);
        PrivateBus.Save(writer);
        foreach (MpuUnit mpu in Mpus)
            mpu.Save(writer);
        Sau?.Save(writer);
        Debug.Save(writer);
        writer.Write(_lockup ?? "");
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _ipsr = reader.ReadInt32() & 0x1ff;
        (_secure, _fpca, _sfpa) = (reader.ReadBoolean() && Model.HasSecurity, reader.ReadBoolean(), reader.ReadBoolean());
        (_event, _systemResets, _waitsForEvent) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_startsHalted, _sleeping, _resetWaits) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        _return = reader.ReadUInt32();
        Step(Math.Clamp(reader.ReadInt32(), NoStep, StepEnds));
        foreach (uint[] bank in (uint[][])[_msp, _psp, _msplim, _psplim, _primask, _faultmask, _basepri, _control])
            reader.Read(bank.AsSpan());
        Header.Mode = reader.ReadUInt32() & (A32Mode.Thumb | A32Mode.ItMask);
        Exceptions.Load(reader);
        System.Load(reader);
        SysTick.Load(reader);
        SysTickSecure?.Load(reader);
        PrivateBus.Load(reader);
        foreach (MpuUnit mpu in Mpus)
            mpu.Load(reader);
        Sau?.Load(reader);
        Debug.Load(reader);
        _lockup = reader.ReadString() is { Length: > 0 } why ? why : null;
        ArmStatus.WriteFpcr(this, Registers, Model.Isa, (uint)this[Registers.Fpcr]);
        this[Registers.C] &= 1;                          // a truth value
        LoadSp();
        Exceptions.Update();
        UpdateMode();
        RequestAttention();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            Debug.Patch.Remap?.Dispose();
        if (!disposing || _memory is null)
            return;
        Context.Cache.Dispose();
        _memory.Dispose();
    }
}
