using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm.Tests.MProfile.Protection;

/// <summary>Pages that MPU regions cut: what is kept of earlier accesses changes neither what is allowed nor which address a fault has, and spares the walks.</summary>
public sealed class SplitPageTests
{
    private const uint Control = 0xe000_ed94, Number = 0xe000_ed98, Base = 0xe000_ed9c, Attributes = 0xe000_eda0;
    private const uint Code = 0x1000, Data = 0x2000_0000, Enabled = 1, Background = 4;
    private static readonly uint[] s_areas = [0, 0x2000_0000, 0x4000_0000, 0xe010_0000, 0xffff_0000];

    private static readonly ArmMCpuModel s_v8 = ArmMCpuModel.CortexM33 with
    {
        Isa = new ArmIsa([ArmFeature.AArch32, ArmFeature.MProfile, ArmFeature.V5TE, ArmFeature.V6, ArmFeature.V6T2, ArmFeature.V7, ArmFeature.IDIV, ArmFeature.V8, ArmFeature.V8M, ArmFeature.MainExtension]),
        SauRegions = 0,
    };

    [Test]
    public void Accesses_are_allowed_as_the_manuals_say([Range(0, 7)] int seed, [Values] bool v8)
    {
        var random = new RandomRegions(seed);
        using var cpu = new MCpu(EngineKind.Tier0, v8 ? s_v8 : ArmMCpuModel.CortexM7);
        foreach (uint area in s_areas)
            cpu.Memory.Map(area, 0x1_0000);
        var regions = new (uint Base, uint Limit)[8];
        for (uint r = 0; r < 8; r++)
            SetRegion(cpu, random, regions, r, v8);
        for (int round = 0; round < 12; round++)
        {
            uint control = (uint)random.Next(8);
            cpu.Cpu.Write(Control, control);
            uint[] near = [.. Enumerable.Range(0, 6).Select(_ => random.Address())];
            for (int i = 0; i < 300; i++)
            {
                if (random.Next(100) == 0)
                    SetRegion(cpu, random, regions, (uint)random.Next(8), v8);
                uint address = near[random.Next(near.Length)] + (uint)random.Next(96) - 48;
                int size = 1 << random.Next(3);
                if (Array.Exists(s_areas, area => address - area <= 0x1_0000u - (uint)size))
                    Check(cpu, address, size, write: random.Next(2) == 0, random.Next(4), At);
            }

            (bool Read, bool Write, bool Fetch) At(uint address, bool privileged, bool negative)
                => v8 ? ManualProtection.V8(address, control, regions, privileged, negative) : ManualProtection.V7(address, control, regions, privileged, negative);
        }
    }

    [Test]
    public void A_stack_in_a_small_region_walks_once([Values] EngineKind engine)
    {
        // push {r0, r1}; pop {r2, r3}; ldr r4, [r5]; b
        using MCpu cpu = Start(engine, [0xb403, 0xbc0c, 0x682c, 0xe7fb]);
        SetV7(cpu, 0, Data + 0x100, sizeBits: 8, permission: 3);
        SetV7(cpu, 1, Data + 0x400, sizeBits: 5, permission: 2);
        cpu.Cpu.Write(Control, Enabled | Background);
        cpu[ArmMRegister.Control] = 1;
        SetV7(cpu, 2, Code, sizeBits: 12, permission: 3);
        cpu[ArmMRegister.R5] = Data + 0x41c;
        cpu[ArmMRegister.Sp] = Data + 0x180;
        cpu.Cpu.RunAlone(40).Reason.Should().Be(StopReason.InstructionLimit);
        ulong walks = cpu.Cpu.PageWalks;
        cpu.Cpu.RunAlone(40_000).Reason.Should().Be(StopReason.InstructionLimit);
        cpu.Cpu.PageWalks.Should().Be(walks);

        // a change of a region is seen by the next access
        SetV7(cpu, 1, Data + 0x400, sizeBits: 5, permission: 1);
        cpu.Cpu.RunAlone(4);
        Exception(cpu).Should().Be(3, "the word is not the program's any more, and MemManage is not enabled");
        cpu.Cpu.Read(0xe000_ed34).Should().Be(Data + 0x41c);
    }

    [Test]
    public void A_guard_below_a_stack_stops_the_store_that_reaches_it([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, [0x3e04, 0x6030, 0xe7fc]);                  // subs r6, #4; str r0, [r6]; b
        SetV7(cpu, 0, Data + 0x200, sizeBits: 5, permission: 6);
        cpu.Cpu.Write(Control, Enabled | Background);
        cpu[ArmMRegister.R6] = Data + 0x400;
        cpu.Cpu.RunAlone(2000);
        Exception(cpu).Should().Be(3);
        cpu.Cpu.Read(0xe000_ed34).Should().Be(Data + 0x21c);
        cpu.Read(Data + 0x220).Should().Be(7);
        cpu.Read(Data + 0x21c).Should().Be(0);
    }

    [Test]
    public void Code_of_two_regions_that_allow_the_same_runs_in_blocks([Values] EngineKind engine)
    {
        // adds r4, #1 seven times; b
        using MCpu cpu = Start(engine, [0x3401, 0x3401, 0x3401, 0x3401, 0x3401, 0x3401, 0x3401, 0xe7f7]);
        SetV7(cpu, 0, Code, sizeBits: 8, permission: 6);
        SetV7(cpu, 1, Code + 0x100, sizeBits: 8, permission: 3);
        cpu.Cpu.Write(Control, Enabled | Background);
        cpu.Cpu.RunAlone(80_000);
        cpu[ArmMRegister.R4].Should().Be(70_000);
        cpu.Cpu.Dispatches.Should().BeLessThan(100);
    }

    [Test]
    public void Code_ends_where_its_region_ends([Values] EngineKind engine)
    {
        // adds r4, #1 four times up to the end of the region
        using MCpu cpu = Start(engine, []);
        cpu.WriteCode(Code + 0xf8, 0x3401, 0x3401, 0x3401, 0x3401, 0x3401, 0x3401);
        SetV7(cpu, 0, Code, sizeBits: 12, permission: 6, never: true);
        SetV7(cpu, 1, Code, sizeBits: 8, permission: 6);
        cpu.Cpu.Write(Control, Enabled | Background);
        for (uint round = 1; round <= 3; round++)
        {
            cpu[ArmMRegister.Pc] = Code + 0xf8;
            cpu.Cpu.RunAlone(4);
            cpu[ArmMRegister.R4].Should().Be(4 * round);
        }

        cpu.Cpu.RunAlone(1);
        Exception(cpu).Should().Be(3);
        cpu[ArmMRegister.R4].Should().Be(12);
    }

    [Test]
    public void What_is_not_aligned_is_not_stored_to_a_page_that_may_only_be_read([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, [0x6819, 0x8002, 0xe7fe]);                  // ldr r1, [r3]; strh r2, [r0]; b
        SetV7(cpu, 0, Data, sizeBits: 12, permission: 6);
        cpu.Cpu.Write(Control, Enabled | Background);
        cpu.Cpu.Write(0xe000_ed14, 8);                                            // CCR.UNALIGN_TRP
        cpu[ArmMRegister.R0] = Data + 0x101;
        cpu[ArmMRegister.R2] = 0x1234;
        cpu[ArmMRegister.R3] = Data + 0x100;
        cpu.Cpu.RunAlone(4);
        Exception(cpu).Should().Be(3);
        cpu.Cpu.Read(0xe000_ed28).Should().Be(1 << 24, "UNALIGNED");
        cpu.Read(Data + 0x100).Should().Be(0);
    }

    private static uint Exception(MCpu cpu) => cpu[ArmMRegister.Xpsr] & 0x1ff;

    private static void Check(MCpu cpu, uint address, int size, bool write, int mmuIndex, Func<uint, bool, bool, (bool Read, bool Write, bool Fetch)> manual)
    {
        bool privileged = (mmuIndex & MMode.PrivilegedMmu) != 0, urgent = (mmuIndex & MMode.UrgentMmu) != 0;
        uint? refused = null;
        for (uint at = address; at < (ulong)address + (uint)size && refused is null; at++)
        {
            (bool read, bool written, _) = manual(at, privileged, urgent);
            if (write ? !written : !read)
                refused = at;
            if (at == uint.MaxValue)
                break;
        }

        var how = new MemOp(size, false, mmuIndex);
        Span<byte> before = stackalloc byte[size], after = stackalloc byte[size];
        cpu.Memory.Read(address, before);
        ulong value = 0;
        bool done = write ? cpu.Cpu.TryStore(address, how, 0x1357_9bdf) : cpu.Cpu.TryLoad(address, how, out value);
        cpu.Memory.Read(address, after);
        ref CpuHeader header = ref cpu.Cpu.Header;
        string what = $"{(write ? "store" : "load")} of {size} bytes at 0x{address:x8}, regime {mmuIndex}";
        if (refused is { } fault)
        {
            // a page is allowed as a whole before anything is stored: the address is that of the first byte that is not
            (done, header.ExceptionCode, header.ExceptionValue).Should().Be((false, MFault.DataAccess, (ulong)fault), what);
            after.SequenceEqual(before).Should().BeTrue(what);
            header.Exit &= ~ExitRequest.Exception;
            return;
        }

        done.Should().BeTrue(what);
        for (int i = 0; i < size; i++)
            ((byte)((write ? 0x1357_9bdfu : value) >> (8 * i))).Should().Be(after[i], what);
    }

    private static void SetRegion(MCpu cpu, RandomRegions random, (uint Base, uint Limit)[] regions, uint number, bool v8)
    {
        (uint start, uint rest) = v8 ? random.V8() : random.V7();
        regions[number] = (start, rest);
        cpu.Cpu.Write(Number, number);
        cpu.Cpu.Write(Base, start & (v8 ? uint.MaxValue : ~0x10u));
        cpu.Cpu.Write(Attributes, rest);
    }

    private static void SetV7(MCpu cpu, uint number, uint start, int sizeBits, uint permission, bool never = false)
    {
        cpu.Cpu.Write(Number, number);
        cpu.Cpu.Write(Base, start);
        cpu.Cpu.Write(Attributes, (never ? 1u << 28 : 0) | (permission << 24) | (uint)((sizeBits - 1) << 1) | 1);
    }

    private static MCpu Start(EngineKind engine, ushort[] code)
    {
        var cpu = new MCpu(engine, ArmMCpuModel.CortexM4);
        cpu.Memory.Map(0, 0x1_0000);
        cpu.Memory.Map(Data, 0x1_0000);
        cpu.Write(0, Data + 0x8000, Code + 1);
        for (uint n = 2; n < 16; n++)
            cpu.Write(4 * n, 0x2001);
        cpu.WriteCode(0x2000, 0xe7fe);
        cpu.WriteCode(Code, code);
        cpu.Cpu.TryLoadVectors().Should().BeTrue();
        cpu[ArmMRegister.R0] = 7;
        return cpu;
    }
}
