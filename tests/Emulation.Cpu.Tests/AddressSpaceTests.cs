using System.Runtime.InteropServices;
using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Cpu.Tests;

/// <summary>Address spaces that a guest goes to and comes back to: what is cached of each is its own, and stays as long as it may.</summary>
public sealed class AddressSpaceTests
{
    private const ulong Page = 0x40000;

    // From here on each space uses a page that the others do not: the second level of the TLB has one place for a page.
    private const ulong Own = 0x100000;

    private uint _space;

    [Test]
    public void Spaces_that_others_are_visited_beside_are_not_walked_again()
    {
        using ToyMachine machine = NewMachine(Engines.Tier0);
        foreach (uint space in (uint[])[3, 1, 2])
            VisitOwn(machine, space);
        ulong walks = machine.Cpu.PageWalks;
        for (uint i = 0; i < 100; i++)
            VisitOwn(machine, 1 + (i & 1));
        VisitOwn(machine, 3);
        machine.Cpu.PageWalks.Should().Be(walks);
    }

    [Test]
    public void The_space_that_was_left_longest_ago_is_given_up()
    {
        using ToyMachine machine = NewMachine(Engines.Tier0);
        for (uint space = 1; space <= 33; space++)
            VisitOwn(machine, space);
        ulong walks = machine.Cpu.PageWalks;
        for (uint space = 33; space > 1; space--)
            VisitOwn(machine, space);
        machine.Cpu.PageWalks.Should().Be(walks);
        VisitOwn(machine, 1);
        machine.Cpu.PageWalks.Should().Be(walks + 1);
    }

    [Test]
    public void A_space_that_is_forgotten_is_walked_again()
    {
        using ToyMachine machine = NewMachine(Engines.Tier0);
        VisitOwn(machine, 1);
        VisitOwn(machine, 2);
        ulong walks = machine.Cpu.PageWalks;
        machine.Cpu.ForgetSpace(1);
        VisitOwn(machine, 2);
        machine.Cpu.PageWalks.Should().Be(walks);
        VisitOwn(machine, 1);
        machine.Cpu.PageWalks.Should().Be(walks + 1);
    }

    [Test]
    public void No_two_spaces_have_one_key_however_many_there_were_before_everything_is_forgotten([Range(110, 130)] int before)
    {
        // The first space is kept, under the first key, until there are no more keys.
        using ToyMachine machine = NewMachine(Engines.Tier0);
        for (uint space = 1; space <= before; space++)
        {
            Visit(machine, 0);
            Visit(machine, space);
        }

        machine.Cpu.FlushTlb();
        for (uint space = 1000; space < 1300; space++)
        {
            Visit(machine, (uint)before);
            Visit(machine, space);
        }
    }

    [Test]
    public void Keys_that_were_given_up_are_given_anew_without_forgetting_the_others()
    {
        using ToyMachine machine = NewMachine(Engines.Tier0);
        VisitOwn(machine, 0);
        ulong walks = machine.Cpu.PageWalks;
        for (uint space = 1; space < 256; space++)
        {
            VisitOwn(machine, space);
            VisitOwn(machine, 0);
        }

        machine.Cpu.PageWalks.Should().Be(walks + 255);
    }

    [TestCaseSource(typeof(Engines), nameof(Engines.All))]
    public void Jumps_lead_to_the_code_of_the_space(ToyEngine engine)
    {
        using ToyMachine machine = NewMachine(engine);
        for (uint space = 0; space < 8; space++)
        {
            // two pages, so that jumps between them ask where the other one is
            machine.Memory.TryWrite(At(space), MemoryMarshal.AsBytes<uint>([Toy.Addi(5, 5, (int)space + 1), Toy.Jump(1024 - 1)]));
            machine.Memory.TryWrite(At(space) + 0x1000, MemoryMarshal.AsBytes<uint>([Toy.Addi(6, 6, (int)space + 1), Toy.Jump(-1024 - 1)]));
        }

        machine.Cpu.Header.Pc = Page;
        ulong sum = 0;
        for (int round = 0; round < 200; round++)
        {
            _space = (uint)(round * 5 % 8);
            machine.Cpu.EnterSpace(_space);
            machine.RunTo((ulong)(round + 1) * 40);
            sum += 10 * ((ulong)_space + 1);
        }

        machine[5].Should().Be(sum);
        machine[6].Should().Be(sum);
    }

    private static ulong At(uint space) => Page + ((space & 15) * 0x2000);

    private ToyMachine NewMachine(ToyEngine engine)
    {
        var machine = new ToyMachine(engine);
        machine.Cpu.Mapping = page => page switch
        {
            Page or Page + 0x1000 => new PageTranslation(At(_space) + (page - Page), PageRights.All, Global: false),
            >= Own and < ToyMachine.Device => new PageTranslation(At(_space), PageRights.All, Global: false),
            _ => null,
        };
        machine.Cpu.FlushTlb();
        for (uint space = 0; space < 16; space++)
            machine.Memory.Write(At(space), 8, space);
        return machine;
    }

    private void Visit(ToyMachine machine, uint space, ulong address = Page)
    {
        _space = space;
        machine.Cpu.EnterSpace(space);
        machine.Cpu.TryLoad(address, new MemOp(8, false, 0), out ulong value).Should().BeTrue();
        value.Should().Be(space & 15);
    }

    private void VisitOwn(ToyMachine machine, uint space) => Visit(machine, space, Own + (space % 256 * 0x1000));
}
