using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// What a GIC keeps of each interrupt, in words of 32: the first word (SGIs and PPIs) exists once for each CPU, the others (SPIs) once for all.
/// Arm IHI 0048B and IHI 0069, distributor registers.
/// </summary>
internal sealed partial class GicInterrupts
{
    private readonly int _cpus;
    private readonly byte[] _priority;

    /// <summary>Creates the state of all interrupts.</summary>
    /// <param name="cpus">Number of CPUs.</param>
    /// <param name="spis">Number of SPIs.</param>
    public GicInterrupts(int cpus, int spis)
    {
        _cpus = cpus;
        Words = (32 + spis + 31) / 32;
        Count = 32 + spis;
        int total = cpus + Words - 1;
        Enabled = new uint[total];
        Latched = new uint[total];
        Level = new uint[total];
        Active = new uint[total];
        Edge = new uint[total];
        Group = new uint[total];
        Modifier = new uint[total];
        _priority = new byte[32 * total];
    }

    /// <summary>Interrupts: 32 and the SPIs.</summary>
    public int Count { get; }

    /// <summary>Words of 32 interrupts that a CPU sees.</summary>
    public int Words { get; }

    public uint[] Enabled { get; }

    /// <summary>Pending by an edge or by software.</summary>
    public uint[] Latched { get; }

    /// <summary>Levels of the inputs.</summary>
    public uint[] Level { get; }

    public uint[] Active { get; }

    public uint[] Edge { get; }

    /// <summary>Group 1 (GICD_IGROUPR).</summary>
    public uint[] Group { get; }

    /// <summary>Secure group 1, where <see cref="Group"/> is 0 (GICD_IGRPMODR); unused by version 2.</summary>
    public uint[] Modifier { get; }

    /// <summary>Place of a word in the arrays.</summary>
    /// <param name="cpu">The CPU that looks.</param>
    /// <param name="word">0 for SGIs and PPIs.</param>
    public int Index(int cpu, int word) => word == 0 ? cpu : _cpus + word - 1;

    /// <summary>The interrupts of a word that exist.</summary>
    public uint Valid(int word) => 32 * (word + 1) <= Count ? uint.MaxValue : (1u << (Count % 32)) - 1;

    public ref byte Priority(int cpu, int interrupt) => ref _priority[(32 * Index(cpu, interrupt / 32)) + (interrupt % 32)];

    public bool Test(uint[] bits, int cpu, int interrupt) => (bits[Index(cpu, interrupt / 32)] >> (interrupt % 32) & 1) != 0;

    public void Set(uint[] bits, int cpu, int interrupt, bool value)
    {
        ref uint word = ref bits[Index(cpu, interrupt / 32)];
        uint bit = 1u << (interrupt % 32);
        word = value ? word | bit : word & ~bit;
    }

    /// <summary>Which interrupts of a word are pending: latched, or asserted and level-sensitive.</summary>
    public uint Pending(int index) => Latched[index] | (Level[index] & ~Edge[index]);

    /// <summary>An input changes.</summary>
    public void Drive(int cpu, int interrupt, bool level)
    {
        if (level && !Test(Level, cpu, interrupt) && Test(Edge, cpu, interrupt))
            Set(Latched, cpu, interrupt, true);
        Set(Level, cpu, interrupt, level);
    }

    /// <summary>Pending becomes active.</summary>
    public void Activate(int cpu, int interrupt)
    {
        Set(Latched, cpu, interrupt, false);
        Set(Active, cpu, interrupt, true);
    }

    /// <summary>The eligible interrupt of the highest priority in the words from <paramref name="first"/> on; the lowest number among equals.</summary>
    /// <param name="cpu">The CPU that would get it.</param>
    /// <param name="first">First word.</param>
    /// <param name="end">Word behind the last.</param>
    /// <param name="eligible">Narrows the pending, enabled and inactive interrupts of a word to those that the CPU may get.</param>
    /// <param name="priority">Priority of what was found before, replaced by a better one; at first 0x100.</param>
    /// <param name="best">What was found before, replaced by a better one.</param>
    public void FindBest(int cpu, int first, int end, Func<int, int, uint, uint> eligible, ref int priority, ref int best)
    {
        for (int word = first; word < end; word++)
        {
            int index = Index(cpu, word);
            uint left = Pending(index) & Enabled[index] & ~Active[index];
            if (left == 0)
                continue;
            left = eligible(cpu, word, left);
            for (; left != 0; left &= left - 1)
            {
                int bit = BitOperations.TrailingZeroCount(left);
                int found = _priority[(32 * index) + bit];
                if (found < priority)
                    (priority, best) = (found, (32 * word) + bit);
            }
        }
    }

    /// <summary>Forgets all but the levels of the inputs. SGIs are edge-triggered and enabled as <paramref name="enabledSgis"/> says.</summary>
    public void Reset(bool group1, bool enabledSgis)
    {
        foreach (uint[] bits in (ReadOnlySpan<uint[]>)[Enabled, Latched, Active, Edge, Modifier])
            Array.Clear(bits);
        Array.Clear(_priority);
        Array.Fill(Group, group1 ? uint.MaxValue : 0);
        for (int cpu = 0; cpu < _cpus; cpu++)
        {
            Edge[cpu] = 0xffff;
            if (enabledSgis)
                Enabled[cpu] = 0xffff;
        }

        for (int cpu = 0; cpu < _cpus; cpu++)
        {
            for (int word = 0; word < Words; word++)
                Group[Index(cpu, word)] &= Valid(word);
        }
    }

    public void Save(StateWriter writer)
    {
        foreach (uint[] bits in All)
            writer.Write(bits.AsSpan());
        writer.Write(_priority);
    }

    public void Load(StateReader reader)
    {
        foreach (uint[] bits in All)
        {
            reader.Read(bits.AsSpan());
            for (int cpu = 0; cpu < _cpus; cpu++)
            {
                for (int word = 0; word < Words; word++)
                    bits[Index(cpu, word)] &= Valid(word);
            }
        }

        for (int cpu = 0; cpu < _cpus; cpu++)
            Edge[cpu] |= 0xffff;
        ReadOnlySpan<byte> saved = reader.ReadBytes();
        if (saved.Length != _priority.Length)
            throw reader.Damaged($"{saved.Length} priorities where this machine has {_priority.Length}");
        saved.CopyTo(_priority);
    }

    private ReadOnlySpan<uint[]> All => (uint[][])[Enabled, Latched, Level, Active, Edge, Group, Modifier];
}
