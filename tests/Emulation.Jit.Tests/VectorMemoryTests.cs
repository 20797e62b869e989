using Emulation.Core;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Loads and stores of 16 and 32 bytes: every alignment, page edges, faults, devices, byte order, hooks.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class VectorMemoryTests(ToyEngine engine)
{
    private const int Raw = -2048 | 64 | 512, BigEndian = 128, Aligned = 256;
    private const ulong Page = ToyFrontend.Data + 0x2000;
    private static readonly byte[] s_pattern = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 16 + i / 16))];

    [Test]
    public void Every_alignment_loads_and_stores_the_bytes_in_order([Values] bool bigEndian, [Values(16, 32)] int size)
    {
        using ToyMachine machine = Machine(Raw | (bigEndian ? BigEndian : 0), size);
        var memory = new byte[112];
        for (ulong address = Page - 36; address < Page + 36; address++)
        {
            for (int i = 0; i < memory.Length; i++)
                memory[i] = (byte)((ulong)(i * 7) + address);
            machine.Ram.Write(Page - 40, memory);
            (machine[1], machine[2]) = (address, Page + 0x800);
            machine.RunTo(machine.Cpu.InstructionCount + 3);
            ReadOnlySpan<byte> bytes = memory.AsSpan((int)(address - (Page - 40)), size);
            Register(machine, size).Should().Equal(bigEndian ? [.. bytes.ToArray().Reverse()] : bytes.ToArray());
            var copy = new byte[size];
            machine.Ram.Read(Page + 0x800, copy);
            copy.Should().Equal(bytes.ToArray());

            (machine[1], machine[2]) = (Page + 0x900, address);
            machine.Ram.Write(Page + 0x900, copy);
            machine.RunTo(machine.Cpu.InstructionCount + 3);
            machine.Ram.Read(address, copy);
            copy.Should().Equal(bytes.ToArray());
        }
    }

    [TestCase(ToyCpu.Forbidden, 4, 5, 16)]
    [TestCase(ToyCpu.ReadOnlyPage, 0, 7, 16)]
    [TestCase(ToyCpu.Forbidden, 4, 5, 32)]
    [TestCase(ToyCpu.ReadOnlyPage, 0, 7, 32)]
    public void A_fault_on_the_second_page_has_its_address_and_changes_nothing(ulong edge, int loadCode, int storeCode, int size)
    {
        using ToyMachine machine = Machine(Raw, size);
        machine.Cpu.Mapping = page => page == ToyCpu.Forbidden - 0x1000 ? new Cpu.PageTranslation(Page, Cpu.PageRights.All) : null;
        for (int inside = 1; inside < size; inside++)
        {
            for (int warm = 0; warm < 4; warm++)
            {
                // load: the register stays
                machine.Cpu.SetRegisterBytes(Slot(machine, size), s_pattern.AsSpan(0, size));
                machine.Cpu.SetRegister(machine.Toy.Cause, 0);
                (machine[1], machine[2]) = (edge - (ulong)inside, Page + 0x100);
                machine.RunTo(machine.Cpu.InstructionCount + 3);
                machine.Cpu.GetRegister(machine.Toy.Cause).Should().Be((ulong)loadCode);
                if (loadCode != 0)
                {
                    machine.Cpu.GetRegister(machine.Toy.Value).Should().Be(edge);
                    Register(machine, size).Should().Equal(s_pattern[..size]);
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
    public void Misaligned_addresses_fault_where_that_is_asked_for([Values(16, 32)] int size)
    {
        using ToyMachine machine = Machine(Raw | Aligned, size);
        for (ulong offset = 0; offset < 64; offset++)
        {
            machine.Cpu.SetRegister(machine.Toy.Cause, 0);
            (machine[1], machine[2]) = (Page + offset, Page + 0x100);
            machine.RunTo(machine.Cpu.InstructionCount + 3);
            machine.Cpu.GetRegister(machine.Toy.Cause).Should().Be(offset % (ulong)size == 0 ? 0UL : 8);
        }
    }

    [Test]
    public void Devices_and_hooks_see_pieces_of_8_bytes([Values(16, 32)] int size)
    {
        using ToyMachine machine = Machine(Raw, size);
        var seen = new List<(ulong Address, int Size, ulong Value)>();
        var written = new List<ulong>();
        machine.OnDeviceWrite = written.Add;
        using (machine.Cpu.Hooks.Write(Page, Page + 0xfff, (in e) => seen.Add((e.Address, e.Size, e.Value))))
        {
            machine.Ram.Write(ToyFrontend.Data, s_pattern.AsSpan(0, size));
            for (int i = 0; i < 3; i++)
            {
                (machine[1], machine[2]) = (ToyFrontend.Data, Page + 8);
                machine.RunTo(machine.Cpu.InstructionCount + 3);
            }

            (machine[1], machine[2]) = (ToyFrontend.Data, ToyMachine.Device + (size == 16 ? 16UL : 24));
            machine.RunTo(machine.Cpu.InstructionCount + 3);
        }

        (ulong Address, int Size, ulong Value)[] pieces = [.. Enumerable.Range(0, size / 8).Select(i => (Page + 8 + (ulong)(8 * i), 8, BitConverter.ToUInt64(s_pattern, 8 * i)))];
        seen.Should().Equal([.. pieces, .. pieces, .. pieces]);
        written.Should().Equal(pieces[size == 16 ? 1 : 0].Value);
    }

    // v0 or y0 = [r1]; [r2] = v0 or y0
    private ToyMachine Machine(int imm, int size)
    {
        (int load, int store) = size == 16 ? (Toy.VectorLoad, Toy.VectorStore) : (Toy.WideLoad, Toy.WideStore);
        var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Encode(load, 0, 1, 0, imm), Toy.Encode(store, 0, 2, 0, imm), Toy.Jump(-2)]);
        return machine;
    }

    private static IR.RegisterSlot Slot(ToyMachine machine, int size) => size == 16 ? machine.Toy.V[0] : machine.Toy.Y[0];

    private static byte[] Register(ToyMachine machine, int size)
    {
        var bytes = new byte[size];
        machine.Cpu.GetRegisterBytes(Slot(machine, size), bytes);
        return bytes;
    }

    private static string Memory(ToyMachine machine)
    {
        var bytes = new byte[0x10000];
        machine.Ram.Read(ToyFrontend.Data, bytes);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes));
    }
}
