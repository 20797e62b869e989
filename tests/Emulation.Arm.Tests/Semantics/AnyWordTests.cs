using Emulation.Core;
using Emulation.Cpu;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>No instruction upsets the host, whatever registers hold: it completes, goes elsewhere, or is an exception.</summary>
public sealed class AnyWordTests
{
    private const ulong Code = 0x1000, Data = 0x8000;
    private const uint Wfe = 0xd503_205f, Wfi = 0xd503_207f;

    [Test]
    public void Words_of_every_encoding_on_any_registers([Values(EngineKind.Interpreter, EngineKind.Tier0)] EngineKind engine)
    {
        using var cpu = new TestCpu(engine);
        cpu.Memory.Map(Code, 0x1000);
        cpu.Memory.Map(Data, 0x1000);
        var random = new Random(5);
        foreach (EncodingRow row in A64Tables.Table.Rows)
        {
            for (int i = 0; i < 20 && A64Tables.Table.TryMakeWord(row, ArmIsa.Everything.Features, random, out uint word); i++)
            {
                if (row.Method == "WaitUntil" || word is Wfe or Wfi)
                    continue;                            // they wait for longer than a test lasts
                for (int r = 0; r < 31; r++)
                {
                    cpu[r] = random.Next(3) == 0 ? Data + (ulong)random.Next(0x1000) : (ulong)random.NextInt64() << 1;
                    cpu.SetV(r, new UInt128((ulong)random.NextInt64() << 1, (ulong)random.NextInt64() << random.Next(40)));
                }

                cpu.Cpu[cpu.Frontend.Slots.Sp] = Data + 0x800;
                cpu.Cpu.Fpcr = (uint)random.NextInt64();
                cpu.Cpu.Context.Memory.TryLoad(Code, BitConverter.GetBytes(word)).Should().BeTrue();
                RunResult result = cpu.Cpu.Run(Code, Code + 4, 1);
                result.Reason.Should().BeOneOf(StopReason.ExitAddress, StopReason.UnhandledException, StopReason.InstructionLimit);
            }
        }
    }
}
