using Emulation.Arm.Tests.AArch32;

namespace Emulation.Arm.Tests.MProfile.Streams;

/// <summary>What programs for M-profile CPUs have in place of system calls.</summary>
internal static class MStream
{
    /// <summary>Where programs are loaded: memory of the mps2-an386, of the an500, and Secure memory of the an505.</summary>
    public static ulong BaseOf(ArmMCpuModel model) => model.IsV8 ? 0x3800_0000u : model.CacheLevels != 0 ? 0x6000_0000u : 0x2100_0000u;

    /// <summary>Semihosting: opens the console, writes the data, exits.</summary>
    public static void Exit(Action<int, ulong> load, Action<uint> put, Action half, ulong data)
    {
        ulong block = data + Differential.Program.DataBytes, name = block + 12;
        load(1, block);
        load(2, name);
        load(3, 0x0074_743a);                            // ":tt"
        put(A32Assembler.Str(3, 2, 0));
        put(A32Assembler.Str(2, 1, 0));
        load(3, 4);                                      // for writing
        put(A32Assembler.Str(3, 1, 4));
        load(3, 3);
        put(A32Assembler.Str(3, 1, 8));
        load(0, 1);
        half();
        put(A32Assembler.Str(0, 1, 0));
        load(2, data);
        put(A32Assembler.Str(2, 1, 4));
        load(3, Differential.Program.DataBytes);
        put(A32Assembler.Str(3, 1, 8));
        load(0, 5);
        half();
        load(0, 0x18);
        load(1, 0x2_0026);
        half();
    }
}

/// <summary>Random streams of an M-profile CPU's integer and memory instructions.</summary>
internal sealed class MGenerator : T32Generator
{
    private readonly ArmMFrontend _frontend;

    public MGenerator(ArmMCpuModel model, string kind, int seed, string? only = null)
        : base(kind, seed, only, model.Isa)
    {
        _frontend = new ArmMFrontend(model);
        Base = MStream.BaseOf(model);
    }

    // coprocessors are others' matter; MSR and MRS have other registers here
    protected override bool IsUsable(uint word, int length)
        => (length == 2 || ((word & 0xec00_0000) != 0xec00_0000 && (word & 0xffe0_0000) is not (0xf380_0000 or 0xf3e0_0000))) && _frontend.IsDefined(word, length);

    protected override void AddRandom()
    {
        if (Random.Next(40) == 0)
            Put(A32Assembler.MsrFlags(Random.Next(10)));
        if (Random.Next(40) == 0)
            Put(A32Assembler.MrsCpsr(Random.Next(10)));
        base.AddRandom();
    }

    protected override void Exit() => MStream.Exit(Load, Put, () => Bytes(0xbeab, 2), DataStart);
}

/// <summary>Random streams of an M-profile CPU's floating-point instructions.</summary>
internal sealed class MFloatGenerator : SimdGenerator
{
    private readonly ArmMFrontend _frontend;

    public MFloatGenerator(ArmMCpuModel model, int seed, string? only = null)
        : base(Vfp, true, seed, only, isa: model.Isa)
    {
        _frontend = new ArmMFrontend(model);
        Base = MStream.BaseOf(model);
    }

    protected override int Doubles => 16;

    // coprocessors 10 and 11 alone
    protected override bool IsUsable(uint word) => (word >> 9 & 7) == 5 && _frontend.IsDefined(word, 4);

    protected override void Exit() => MStream.Exit(Load, Put, () => Bytes(0xbeab, 2), DataStart);
}
