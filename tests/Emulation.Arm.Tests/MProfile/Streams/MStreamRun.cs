using Emulation.Arm.Tests.AArch32;
using Emulation.Arm.Tests.Differential;
using Emulation.Arm.Tests.MProfile.Bare;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Streams;

/// <summary>Runs a stream on a bare machine: reset, floating point on, then the stream.</summary>
internal static class MStreamRun
{
    private const int StubBytes = 0x400, Start = 0x100;

    /// <summary>Runs it on an engine; gives its data.</summary>
    public static byte[] Ours(ArmMCpuModel model, Program program, EngineKind engine)
    {
        using var cpu = new MCpu(engine, new ArmMCpuOptions { Model = model, VectorTable = VectorTable(model) });
        ulong start = MStream.BaseOf(model);
        cpu.Memory.Map(VectorTable(model), 0x1000);
        cpu.Memory.Map(start, ((ulong)program.Image.Length + 0x1fff) & ~0xfffUL);
        cpu.Memory.Write(VectorTable(model), Stub(model));
        var data = new byte[Program.DataBytes];
        for (int turn = 0; turn < (engine == EngineKind.Jit ? 2 : 1); turn++)
        {
            // the second time what was compiled is there
            cpu.Memory.Write(start, program.Image);
            cpu.Restart();
            RunResult result = cpu.Run(1_000_000);
            if (!cpu.HasExited || cpu[ArmMRegister.Pc] < start)
            {
                uint at = cpu.Read(cpu[ArmMRegister.Sp] + 24);
                throw new InvalidOperationException($"stopped by {result.Reason} at 0x{cpu[ArmMRegister.Pc]:x}, {cpu.Cpu.FaultStatus}, stacked PC 0x{at:x} ({Convert.ToHexStringLower(program.Image.AsSpan((int)(at - start), 4))}): {result.Fault}");
            }

            byte[] before = turn == 0 ? [] : [.. data];
            cpu.Memory.Read(start + (ulong)program.DataOffset, data);
            if (turn > 0 && !data.AsSpan().SequenceEqual(before))
                throw new InvalidOperationException("the second run differs from the first");
        }

        return data;
    }

    /// <summary>Runs it on qemu-system-arm; gives what it wrote.</summary>
    public static byte[] Theirs(ArmMCpuModel model, Program program)
    {
        string path = Path.Combine(Path.GetTempPath(), $"m-stream-{Guid.NewGuid():n}"), stub = path + ".stub";
        uint start = (uint)MStream.BaseOf(model);
        try
        {
            File.WriteAllBytes(path, ElfWriter.Write32(start, start | 1, program.Image));
            File.WriteAllBytes(stub, Stub(model));
            byte[] output = QemuSystem.RunBytes(
                "-M", Machine(model), "-nographic", "-monitor", "none", "-serial", "null", "-semihosting-config", "enable=on,target=native",
                "-device", $"loader,file={stub},addr=0x{VectorTable(model):x},force-raw=on", "-kernel", path);
            return output.Length == Program.DataBytes ? output : throw new InvalidOperationException($"QEMU wrote {output.Length} bytes");
        }
        finally
        {
            File.Delete(path);
            File.Delete(stub);
        }
    }

    private static string Machine(ArmMCpuModel model) => model.IsV8 ? "mps2-an505" : model.Isa.Has(ArmFeature.DoublePrecision) ? "mps2-an500" : model.Isa.Has(ArmFeature.DSP) ? "mps2-an386" : "mps2-an385";

    private static uint VectorTable(ArmMCpuModel model) => model.IsV8 ? 0x1000_0000u : 0;

    // vectors; CPACR, then the stream; a fault ends the program without data
    private static byte[] Stub(ArmMCpuModel model)
    {
        var stub = new byte[StubBytes];
        uint table = VectorTable(model), start = (uint)MStream.BaseOf(model);
        for (int i = 0; i < 16; i++)
            BitConverter.TryWriteBytes(stub.AsSpan(4 * i), i == 0 ? table + StubBytes : table + (i == 1 ? Start : Start + 0x80) + 1);
        int at = Start;
        foreach (uint word in (uint[])
            [A32Assembler.Movw(0, 0xed88), A32Assembler.Movt(0, 0xe000_ed88), A32Assembler.Movw(1, 0), A32Assembler.Movt(1, 0xf0_0000), A32Assembler.Str(1, 0, 0), A32Assembler.Movw(0, (start & 0xffff) | 1), A32Assembler.Movt(0, start)])
        {
            uint wide = T32Generator.Translate(word);
            Half(wide >> 16);
            Half(wide);
        }

        Half(0xf3bf);                                    // dsb
        Half(0x8f4f);
        Half(0xf3bf);                                    // isb
        Half(0x8f6f);
        Half(0x4700);                                    // bx r0
        at = Start + 0x80;
        foreach (uint half in (uint[])[0x2018, 0xf240, 0x0126, 0xf2c0, 0x0102, 0xbeab])   // movs r0, #0x18; movw r1, #0x26; movt r1, #2; bkpt #0xab
            Half(half);
        return stub;

        void Half(uint half)
        {
            BitConverter.TryWriteBytes(stub.AsSpan(at), (ushort)half);
            at += 2;
        }
    }
}
