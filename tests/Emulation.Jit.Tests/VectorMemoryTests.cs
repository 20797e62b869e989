using System.Buffers.Binary;
using Emulation.Core;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Loads and stores of 16 bytes: every alignment, page edges, faults, devices, byte order, hooks.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class VectorMemoryTests(ToyEngine engine)
{
    private const int Raw = -2048 | 64 | 512, BigEndian = 128, Aligned = 256;
    private const ulong Page = ToyFrontend.Data + 0x2000;
    private static readonly UInt128 s_pattern = new(0xf0e0d0c0b0a09080, 0x7060504030201000);

    [Test]
    public void Every_alignment_loads_and_stores_the_bytes_in_order([Values] bool bigEndian)
    {
        using ToyMachine machine = Machine(Raw | (bigEndian ? BigEndian : 0));
        var memory = new byte[80];
        for (ulong address = Page - 20; address < Page + 20; address++)
        {
            for (int i = 0; i < memory.Length; i++)
                memory[i] = (byte)((ulong)(i * 7) + address);
            machine.Ram.Write(Page - 32, memory);
            (machine[1], machine[2]) = (address, Page + 0x800);
            machine.RunTo(machine.Cpu.InstructionCount + 3);
            ReadOnlySpan<byte> bytes = memory.AsSpan((int)(address - (Page - 32)), 16);
            machine.Cpu.GetWideRegister(machine.Toy.V[0]).Should().Be(bigEndian ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt128LittleEndian(bytes));
            var copy = new byte[16];
            machine.Ram.Read(Page + 0x800, copy);
            copy.Should().Equal(bytes.ToArray());

            (machine[1], machine[2]) = (Page + 0x900, address);
            machine.Ram.Write(Page + 0x900, copy);
            machine.RunTo(machine.Cpu.InstructionCount + 3);
            machine.Ram.Read(address, copy);
            copy.Should().Equal(bytes.ToArray());
        }
    }

    [TestCase(ToyCpu.Forbidden, 4, 5)]
    [TestCase(ToyCpu.ReadOnlyPage, 0, 7)]
    public void A_fault_on_the_second_page_has_its_address_and_changes_nothing(ulong edge, int loadCode, int storeCode)
    {
        using ToyMachine machine = Machine(Raw);
        machine.Cpu.Mapping = page => page == ToyCpu.Forbidden - 0x1000 ? new Cpu.PageTranslation(Page, Cpu.PageRights.All) : null;
        for (int inside = 1; inside < 16; inside++)
        {
            for (int warm = 0; warm < 4; warm++)
            {
                // load: the register stays
                machine.Cpu.SetWideRegister(machine.Toy.V[0], s_pattern);
                machine.Cpu.SetRegister(machine.Toy.Cause, 0);
                (machine[1], machine[2]) = (edge - (ulong)inside, Page + 0x100);
                machine.RunTo(machine.Cpu.InstructionCount + 3);
                machine.Cpu.GetRegister(machine.Toy.Cause).Should().Be((ulong)loadCode);
                if (loadCode != 0)
                {
                    machine.Cpu.GetRegister(machine.Toy.Value).Should().Be(edge);
                    machine.Cpu.GetWideRegister(machine.Toy.V[0]).Should().Be(s_pattern);
                }

                // store: the bytes on the first page stay
                string before = Memory(machine);
                (machine[1], machine[2]) = (Page + 0x200, edge - (ulong)inside);
                machine.RunTo(machine.Cpu.InstructionCount + 3);
                machine.Cpu.GetRegister(machine.Toy.Cause).Should().Be((ulong)storeCode);
                machine.Cpu.GetRegister(machine.Toy.Value).Should().Be(edge);
                Memory(machine).Should().Be(before);
            }
        }
    }

    [Test]
    public void Misaligned_addresses_fault_where_that_is_asked_for()
    {
        using ToyMachine machine = Machine(Raw | Aligned);
        for (ulong offset = 0; offset < 32; offset++)
        {
            machine.Cpu.SetRegister(machine.Toy.Cause, 0);
            (machine[1], machine[2]) = (Page + offset, Page + 0x100);
            machine.RunTo(machine.Cpu.InstructionCount + 3);
            machine.Cpu.GetRegister(machine.Toy.Cause).Should().Be(offset % 16 == 0 ? 0UL : 8);
        }
    }

    [Test]
    public void Devices_and_hooks_see_two_halves()
    {
        using ToyMachine machine = Machine(Raw);
        var seen = new List<(ulong Address, int Size, ulong Value)>();
        var written = new List<ulong>();
        machine.OnDeviceWrite = written.Add;
        using (machine.Cpu.Hooks.Write(Page, Page + 0xfff, (in e) => seen.Add((e.Address, e.Size, e.Value))))
        {
            machine.Cpu.SetWideRegister(machine.Toy.V[0], s_pattern);
            machine.Ram.Write(ToyFrontend.Data, 8, (ulong)s_pattern);
            machine.Ram.Write(ToyFrontend.Data + 8, 8, (ulong)(s_pattern >> 64));
            for (int i = 0; i < 3; i++)
            {
                (machine[1], machine[2]) = (ToyFrontend.Data, Page + 8);
                machine.RunTo(machine.Cpu.InstructionCount + 3);
            }

            (machine[1], machine[2]) = (ToyFrontend.Data, ToyMachine.Device + 16);
            machine.RunTo(machine.Cpu.InstructionCount + 3);
        }

        (ulong, int, ulong)[] halves = [(Page + 8, 8, (ulong)s_pattern), (Page + 16, 8, (ulong)(s_pattern >> 64))];
        seen.Should().Equal([.. halves, .. halves, .. halves]);
        written.Should().Equal((ulong)(s_pattern >> 64));
    }

    // v0 = [r1]; [r2] = v0
    private ToyMachine Machine(int imm)
    {
        var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Encode(Toy.VectorLoad, 0, 1, 0, imm), Toy.Encode(Toy.VectorStore, 0, 2, 0, imm), Toy.Jump(-2)]);
        return machine;
    }

    private static string Memory(ToyMachine machine)
    {
        var bytes = new byte[0x10000];
        machine.Ram.Read(ToyFrontend.Data, bytes);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes));
    }
}
