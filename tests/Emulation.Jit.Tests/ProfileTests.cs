using Emulation.Cpu;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>What a run takes from an earlier one.</summary>
public sealed class ProfileTests
{
    private const int Threshold = 50, Early = 3;

    // A loop that goes one way while x1 is not 0, then the other.
    private static readonly uint[] s_loop =
    [
        Toy.Addi(2, 2, 1),
        Toy.Bnz(1, 3),
        Toy.Addi(3, 3, 1), Toy.Jump(-3),
        Toy.Addi(1, 1, -1), Toy.Addi(4, 4, 1), Toy.Jump(-6),
    ];

    [Test]
    public void A_second_run_compiles_after_few_entries()
    {
        JitProfile profile = Recorded();
        Run(null, 10).Compiled.Should().Be(0);
        JitStatistics second = Run(profile, 10);
        second.Compiled.Should().Be(1);
        second.Blocks.Should().Be(3, "the way not gone yet is known too");
    }

    [Test]
    public void The_other_way_runs_in_the_same_region()
    {
        JitProfile profile = Recorded();
        using ToyMachine machine = Machine(profile);
        machine[1] = 20;
        machine.RunTo(5 * 40);
        machine.Jit!.Statistics.Compiled.Should().Be(1);
        (machine[1], machine[2], machine[3], machine[4]).Should().Be((0, 45, 25, 20));
    }

    [Test]
    public void Code_is_known_wherever_it_is_loaded()
    {
        using ToyMachine machine = Machine(Recorded(), ToyMachine.Code + 0x4000);
        machine.RunTo(5 * 10);
        machine.Jit!.Statistics.Blocks.Should().Be(3);
    }

    [Test]
    public void Another_place_in_the_page_is_not_known()
    {
        using ToyMachine machine = Machine(Recorded(), ToyMachine.Code + 0x10);
        machine.RunTo(5 * 10);
        machine.Jit!.Statistics.Compiled.Should().Be(0);
    }

    [Test]
    public void A_changed_entry_is_not_known()
    {
        JitProfile profile = Recorded();
        using ToyMachine machine = Machine(profile);
        machine.Load(ToyMachine.Code, [Toy.Addi(2, 2, 2)]);
        machine.RunTo(5 * 10);
        machine.Jit!.Statistics.Compiled.Should().Be(0);
        machine[2].Should().Be(20);
    }

    [Test]
    public void A_changed_member_is_left_out()
    {
        JitProfile profile = Recorded();
        using ToyMachine machine = Machine(profile);
        machine.Load(ToyMachine.Code + 8, [Toy.Addi(3, 3, 7)]);
        machine[1] = 20;
        machine.RunTo((5 * 20) + (4 * 20));
        machine.Jit!.Statistics.Blocks.Should().Be(2);
        machine[3].Should().Be(140);
    }

    [Test]
    public void Code_that_changes_later_is_executed_changed()
    {
        JitProfile profile = Recorded();
        using ToyMachine machine = Machine(profile);
        machine.RunTo(5 * 10);
        machine.Load(ToyMachine.Code + 16, [Toy.Addi(1, 1, 0), Toy.Addi(4, 4, 5)]);
        machine.RunTo(5 * 20);
        machine.Jit!.Statistics.Invalidated.Should().Be(1);
        machine[4].Should().Be(10 + (5 * 10));
    }

    [Test]
    public void Another_instruction_set_knows_nothing()
    {
        var other = new Emulation.IR.RegisterFile(256);
        ProfileKey.SeedOf(other).Should().NotBe(ProfileKey.SeedOf(new ToyFrontend().Registers));
        ProfileKey.SeedOf(new ToyFrontend().Registers).Should().Be(ProfileKey.SeedOf(new ToyFrontend().Registers));
    }

    [Test]
    public void Heat_counts_entries_of_compiled_code()
    {
        var profile = new JitProfile();
        using (ToyMachine machine = Machine(profile))
        {
            // Every budget is one round, so that the region is entered 800 times.
            machine.RunTo(4000, 5);
        }

        ProfileRegion region = LoopOf(profile);
        region.Heat.Should().BeInRange(700, 1100);
        region.Age.Should().Be(0);
    }

    [Test]
    public void A_long_lived_machine_can_be_asked_between()
    {
        var profile = new JitProfile();
        using ToyMachine machine = Machine(profile);
        machine.RunTo(400, 4);
        machine.Jit!.RecordProfile();
        uint before = LoopOf(profile).Heat;
        machine.RunTo(4000, 4);
        machine.Jit.RecordProfile();
        LoopOf(profile).Heat.Should().BeGreaterThan(before);
    }

    [Test]
    public void The_second_of_two_living_machines_starts_warm()
    {
        var profile = new JitProfile();
        using ToyMachine first = Machine(profile), second = Machine(profile);
        first[1] = 20;
        first.RunTo(1000);
        second.RunTo(5 * 10);
        second.Jit!.Statistics.Compiled.Should().Be(1);
    }

    [Test]
    public void Machines_on_several_threads_share_it()
    {
        var profile = new JitProfile();
        string[] expected = [.. Enumerable.Range(0, 8).Select(seed => RunRandom(Engines.Interpreter, seed))];
        Parallel.For(0, 32, i => RunRandom(new ToyEngine("shared", EngineKind.Jit, new JitOptions { Threshold = 3, Profile = profile }), i % 8).Should().Be(expected[i % 8]));
        profile.Count.Should().BePositive();
    }

    [Test]
    public void State_equals_the_interpreter_s([Range(1, 40)] int seed)
    {
        var profile = new JitProfile();
        string expected = RunRandom(Engines.Interpreter, seed);
        for (int run = 0; run < 3; run++)
        {
            var options = new JitOptions { Threshold = 5, Synchronous = true, Profile = profile, ProfileThreshold = 1 };
            RunRandom(new ToyEngine("known", EngineKind.Jit, options), seed).Should().Be(expected, "seed {0} run {1}", seed, run);
        }
    }

    [Test]
    public void It_stays_right_on_the_compiling_thread([Range(1, 10)] int seed)
    {
        var profile = new JitProfile();
        string expected = RunRandom(Engines.Interpreter, seed);
        for (int run = 0; run < 3; run++)
            RunRandom(new ToyEngine("known", EngineKind.Jit, new JitOptions { Threshold = 5, Profile = profile }), seed).Should().Be(expected, "seed {0} run {1}", seed, run);
    }

    private static JitProfile Recorded()
    {
        var profile = new JitProfile();
        using ToyMachine machine = Machine(profile);
        machine[1] = 20;
        machine.RunTo(1000);
        machine.Jit!.Statistics.Compiled.Should().Be(1);
        return profile;
    }

    private static JitStatistics Run(JitProfile? profile, ulong rounds)
    {
        using ToyMachine machine = Machine(profile);
        machine.RunTo(5 * rounds);
        return machine.Jit!.Statistics;
    }

    private static ToyMachine Machine(JitProfile? profile, ulong address = ToyMachine.Code)
    {
        var options = new JitOptions { Threshold = Threshold, Synchronous = true, Profile = profile, ProfileThreshold = Early };
        var machine = new ToyMachine(new ToyEngine("profile", EngineKind.Jit, options));
        machine.Load(address, s_loop);
        machine.Cpu.Header.Pc = address;
        machine[1] = 1000;
        return machine;
    }

    private static ProfileRegion LoopOf(JitProfile profile)
    {
        using var stream = new MemoryStream();
        profile.Write(stream);
        stream.Position = 0;
        ProfileRegion region = ProfileFile.Read(stream).Single(static r => r.Key.Offset == 0).Value;
        return region with { Age = (byte)(region.Age - 1) };                 // read a run later
    }

    private static string RunRandom(ToyEngine engine, int seed)
    {
        var random = new Random(seed);
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, RandomProgram.Generate(random, random.Next(20, 300)));
        RandomProgram.Fill(random, machine);
        machine.RunTo(4000);
        return machine.Dump();
    }
}
