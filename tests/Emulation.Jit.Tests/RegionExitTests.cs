using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Ways out of regions behind branches whose direction the compiler finds out: tier 0, which continues there, still has both exits.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RegionExitTests(ToyEngine engine)
{
    private const ulong NextPage = 0x2000;
    private const int Rounds = 500;

    [Test]
    public void Branches_of_known_direction_leave_to_where_they_go([Values(0, 1, -7)] int condition)
    {
        // A region ends with its page, so both ways lead out of it.
        using var machine = new ToyMachine(engine);
        const ulong Start = NextPage - 12;
        machine.Load(Start, [Toy.Addi(1, 1, 1), Toy.Li(2, condition), Toy.Bnz(2, 3)]);
        machine.Load(NextPage, [Toy.Addi(3, 3, 1), Toy.Jump(-4), Toy.Addi(4, 4, 1), Toy.Jump(-6)]);
        machine.Load(ToyMachine.Code, [Toy.Jump((int)(Start - ToyMachine.Code) / 4)]);
        machine.RunTo(1 + (5 * Rounds));
        machine[1].Should().Be(Rounds);
        machine[3].Should().Be(condition == 0 ? Rounds : 0UL);
        machine[4].Should().Be(condition == 0 ? 0UL : Rounds);
    }

    [Test]
    public void Branches_of_known_direction_stay_in_the_region_where_they_go_there([Values(0, 1)] int condition)
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code,
        [
            Toy.Addi(1, 1, 1), Toy.Li(2, condition), Toy.Bnz(2, 3),
            Toy.Addi(3, 3, 1), Toy.Jump(-4),
            Toy.Addi(4, 4, 1), Toy.Jump(-6),
        ]);
        machine.RunTo(5 * Rounds, 700, 13, 90);
        machine[1].Should().Be(Rounds);
        machine[3].Should().Be(condition == 0 ? Rounds : 0UL);
        machine[4].Should().Be(condition == 0 ? 0UL : Rounds);
    }
}
