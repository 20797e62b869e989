using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RandomProgramTests(ToyEngine engine)
{
    private const int Instructions = 4000;

    [Test]
    public void State_equals_the_interpreter_s([Range(1, 40)] int seed)
    {
        string expected = Run(Engines.Interpreter, seed, Instructions);
        Run(engine, seed, Instructions).Should().Be(expected, "seed {0}", seed);
    }

    [Test]
    public void State_of_vector_programs_equals_the_interpreter_s([Range(1, 40)] int seed)
    {
        string expected = Run(Engines.Interpreter, seed, Instructions, vectors: 60);
        Run(engine, seed, Instructions, vectors: 60, budgets: [700, 13, 90]).Should().Be(expected, "seed {0}", seed);
    }

    [Test]
    public void Stepping_equals_running([Range(1, 8)] int seed)
    {
        string expected = Run(Engines.Interpreter, seed, 600);
        Run(engine, seed, 600, budgets: 1).Should().Be(expected, "seed {0}", seed);
    }

    [Test]
    public void Any_budgets_equal_running([Range(1, 20)] int seed)
    {
        string expected = Run(Engines.Interpreter, seed, Instructions);
        var random = new Random(seed);
        long[] budgets = [.. Enumerable.Range(0, 50).Select(_ => (long)random.Next(1, random.Next(2) == 0 ? 10 : 300))];
        Run(engine, seed, Instructions, budgets: budgets).Should().Be(expected, "seed {0}", seed);
    }

    [Test]
    public void Every_length_of_run_is_exact([Range(1, 3)] int seed)
    {
        for (ulong n = 1; n < 120; n++)
            Run(engine, seed, n).Should().Be(Run(Engines.Interpreter, seed, n), "seed {0}, {1} instructions", seed, n);
    }

    private static string Run(ToyEngine engine, int seed, ulong instructions, int vectors = 15, params long[] budgets)
    {
        var random = new Random(seed);
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, RandomProgram.Generate(random, random.Next(20, 300), vectors));
        RandomProgram.Fill(random, machine);
        machine.RunTo(instructions, budgets);
        return machine.Dump();
    }
}
