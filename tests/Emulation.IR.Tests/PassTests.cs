using Emulation.IR.Passes;
using Emulation.TestHarness;

namespace Emulation.IR.Tests;

/// <summary>Random programs give the same with and without each pass, whole, in steps and with faults, on the reference and on compiled code.</summary>
public sealed class PassTests
{
    private static readonly (string Name, Action<IrBlock> Pass)[] s_passes =
    [
        ("folding", static b => ConstantFolding.Run(b)),
        ("forwarding", static b => RegisterForwarding.Run(b)),
        ("dead code", static b => DeadCode.Run(b)),
        ("dead stores", static b => DeadStores.Run(b)),
        ("all", IrPasses.Optimize),
    ];

    [Test]
    public void Results_stay_the_same([Range(0, 4)] int pass, [Range(1, 50)] int seed, [Values] bool compiled)
    {
        string expected = Run(Engines.Interpreter, seed, null);
        Action<IrBlock> finish = s_passes[pass].Pass;
        Run(compiled ? Engines.JitLoops : Engines.Interpreter, seed, Checked).Should().Be(expected, "{0}, seed {1}", s_passes[pass].Name, seed);

        void Checked(IrBlock block)
        {
            finish(block);
            IrVerifier.Verify(block).Should().BeNull();
        }
    }

    [Test]
    public void Steps_stay_the_same([Range(1, 10)] int seed)
        => Run(Engines.Tier0, seed, IrPasses.Optimize, 1, 7, 3).Should().Be(Run(Engines.Interpreter, seed, null));

    [Test]
    public void Toy_blocks_keep_the_rules([Range(1, 20)] int seed)
        => Run(Engines.Interpreter, seed, static b => IrVerifier.Verify(b).Should().BeNull());

    private static string Run(ToyEngine engine, int seed, Action<IrBlock>? finish, params long[] budgets)
    {
        var random = new Random(seed);
        using var machine = new ToyMachine(engine, finish: finish);
        machine.Load(ToyMachine.Code, RandomProgram.Generate(random, random.Next(20, 300)));
        RandomProgram.Fill(random, machine);
        machine.RunTo(2000, budgets);
        return machine.Dump();
    }
}
