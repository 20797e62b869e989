using Emulation.Core.Tests.Fakes;

namespace Emulation.Core.Tests.Execution;

/// <summary>Random programs, cut, saved, restored and forked at random places, must end in the state of one plain run.</summary>
public sealed class InterleavingTests
{
    private static readonly int s_seeds = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "60");

    [Test]
    public void Random_programs_end_in_the_same_state_however_their_runs_are_cut()
    {
        for (int seed = 0; seed < s_seeds; seed++)
            Check(seed);
    }

    private static void Check(int seed)
    {
        const ulong Total = 6000;
        using Machine plain = Build(seed);
        RunResult whole = plain.Run(Total);
        Machine cut = Build(seed);
        var random = new Random(seed * 31);
        ulong left = whole.Instructions;
        var history = new List<string>();
        while (left > 0)
        {
            long now = cut.Clock.Now;
            int kind = random.Next(9);
            ulong done = 0;
            switch (kind)
            {
                case 0: done = cut.Run((ulong)random.Next(0, (int)Math.Min(left, 500) + 1)).Instructions; break;
                case 1: done = cut.Step().Instructions; break;

                // these two may go too far: then they are taken back
                case 2 or 3:
                    using (Snapshot before = cut.Snapshot())
                    {
                        int calls = 0, until = random.Next(1, 20);
                        done = (kind == 2 ? cut.RunFor(random.Next(0, 3000)) : cut.RunUntil(() => ++calls >= until, 100_000)).Instructions;
                        if (done > left)
                        {
                            cut.Restore(before);
                            done = 0;
                        }
                        else if (random.Next(2) == 0)
                        {
                            // back and again, by instructions
                            cut.Restore(before);
                            cut.Clock.Now.Should().Be(now);
                            cut.Run(done).Instructions.Should().Be(done);
                        }
                    }

                    break;
                case 4:
                    using (Snapshot snapshot = cut.Snapshot())
                    {
                        cut.Run((ulong)random.Next(300));
                        cut.Restore(snapshot);
                    }

                    break;
                case 5:
                    using (var stream = new MemoryStream())
                    {
                        cut.Save(stream);
                        Machine next = Build(seed);
                        next.Run((ulong)random.Next(100));
                        stream.Position = 0;
                        next.Load(stream);
                        CopyDisk(cut, next);
                        cut.Dispose();
                        cut = next;
                    }

                    break;
                case 6:
                    Machine fork = cut.Fork();
                    cut.Dispose();
                    cut = fork;
                    break;
                default: done = cut.Run(Math.Min(left, (ulong)random.Next(1, 40))).Instructions; break;
            }

            history.Add($"{kind}:{done}");
            left -= done;
            if (done == 0 && history.Count > 20_000)
                Assert.Fail($"seed {seed} makes no progress");
        }

        // a machine that halted went on past its last instruction to find that out
        if (whole.Reason == StopReason.Halted)
            cut.Run().Should().Match<RunResult>(r => r.Reason == StopReason.Halted && r.Instructions == 0);
        cut.StateHash().Should().Be(plain.StateHash(), "seed {0}, {1}: {2}", seed, whole.Reason, string.Join(' ', history.TakeLast(40)));
        cut.Clock.Now.Should().Be(plain.Clock.Now);
        cut.Run(500).Instructions.Should().Be(plain.Run(500).Instructions);
        cut.StateHash().Should().Be(plain.StateHash());
        cut.Dispose();
    }

    private static void CopyDisk(Machine from, Machine to)
        => from.Get<FakeBoard>().DiskContent.CopyTo(to.Get<FakeBoard>().DiskContent.AsSpan());

    private static Machine Build(int seed)
    {
        var random = new Random(seed);
        int cpus = random.Next(1, 5);
        var programs = new List<Code> { Programs.Handler() };
        for (int i = 0; i < cpus; i++)
            programs.Add(Generate(random, i));
        int quantum = random.Next(1, 60);
        ulong rate = random.Next(3) switch { 0 => 1_000_000_000, 1 => 333_333_333, _ => (ulong)random.Next(10_000_000, 2_000_000_000) };
        return FakeBoard.Build(
            b =>
            {
                b.CpuCount = cpus;
                b.Programs.AddRange(programs);
            },
            b => b.WithQuantum(TimeSpan.FromTicks(quantum)).WithInstructionRate(InstructionRate.PerSecond(rate)));
    }

    private static Code Generate(Random random, int cpu)
    {
        var code = new Code((ulong)(0x1000 * (cpu + 1)));
        uint start = code.Here;

        // the first two have a timer of their own that never ends, so that somebody always runs again
        uint timer = cpu == 0 || (cpu > 1 && random.Next(2) == 0) ? FakeBoard.Timer : FakeBoard.Timer2;
        code.Emit(Op.Set, 3, 0, 1100).Emit(Op.Write, 3, 6, timer + 12).Emit(Op.Write, 3, 6, timer + 4);
        for (int i = 0; i < 60; i++)
        {
            switch (random.Next(14))
            {
                case 0: code.Emit(Op.Read, 2, 6, timer); break;
                case 1: code.Emit(Op.Set, 3, 0, (uint)random.Next(-50, 2000)).Emit(Op.Write, 3, 6, timer + 4); break;
                case 2: code.Emit(Op.Set, 3, 0, (uint)random.Next(1, 4) * 573).Emit(Op.Write, 3, 6, timer + 12); break;
                case 3: code.Emit(Op.Write, 3, 6, FakeBoard.Ipi + (4 * (uint)random.Next(4))); break;
                case 4: code.Emit(Op.Wait); break;
                case 5: code.Emit(Op.Set, 4, 0, 0x20000).Emit(Op.Write, 4, 6, FakeBoard.Dma).Emit(Op.Set, 4, 0, 0x20040).Emit(Op.Write, 4, 6, FakeBoard.Dma + 4); break;
                case 6: code.Emit(Op.Write, 1, 6, FakeBoard.Disk).Emit(Op.Set, 3, 0, (uint)random.Next(1, 3)).Emit(Op.Write, 3, 6, FakeBoard.Disk + 8); break;
                case 7: code.Emit(Op.Write, 1, 6, FakeBoard.Console); break;
                case 8:
                    code.Emit(Op.Set, 3, 0, (uint)random.Next(1, 30));
                    uint inner = code.Here;
                    code.Emit(Op.Mix, 1, 2, 77).Emit(Op.Add, 3, 0, uint.MaxValue).Emit(Op.BranchIfNotZero, 3, 0, inner);
                    break;
                case 9: code.Emit(Op.Load, 2, 6, 0x20000 + (8 * (uint)random.Next(16))); break;
                case 10 or 11: code.Emit(Op.Store, 1, 6, 0x20000 + (8 * (uint)random.Next(16))); break;
                default: code.Emit(Op.Mix, 1, 7, (uint)i); break;
            }
        }

        // something always happens again
        return code.Emit(Op.Set, 3, 0, 900).Emit(Op.Write, 3, 6, timer + 4).Emit(Op.Jump, 0, 0, start);
    }
}
