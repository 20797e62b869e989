namespace Emulation.Devices;

// The distributor's registers. IHI 0048B, 4.3.
public sealed partial class GicV2
{
    private const uint Implementer = 0x0200_043b;   // GIC-400

    // PIDR4 to 7, PIDR0 to 3, CIDR0 to 3
    private static ReadOnlySpan<byte> PeripheralId => [0x04, 0, 0, 0, 0x90, 0xb4, 0x2b, 0, 0x0d, 0xf0, 0x05, 0xb1];

    private ulong ReadDistributor(int cpu, bool secure, ulong offset, int size)
    {
        ulong result = 0;
        for (int i = 0; i < size; i++)
        {
            // registers have no side effects on reading, so a part is a part of the whole
            uint word = ReadDistributorWord(cpu, secure, (int)((offset + (ulong)i) & ~3UL));
            result |= (ulong)(byte)(word >> (8 * (int)((offset + (ulong)i) & 3))) << (8 * i);
        }

        return result;
    }

    private uint ReadDistributorWord(int cpu, bool secure, int offset)
    {
        GicInterrupts all = _interrupts;
        int word = (offset & 0x7f) / 4;
        switch (offset)
        {
            case 0x000: return secure ? _control : _control >> 1;
            case 0x004: return (uint)(all.Words - 1) | ((uint)(_cpus.Length - 1) << 5) | (Options.Security ? 1u << 10 : 0);
            case 0x008: return Implementer;
            case >= 0x080 and < 0x100: return secure ? Bits(all.Group, cpu, word, uint.MaxValue) : 0;
            case >= 0x100 and < 0x400: return word < all.Words ? all.ReadBits(all.Index(cpu, word), offset & 0x380, Visible(cpu, word, secure)) : 0;
            case >= 0x400 and < 0x800: return all.ReadPriorities(cpu, offset - 0x400, Visible(cpu, (offset - 0x400) / 32, secure), !secure);
            case >= 0x800 and < 0xc00: return Bytes(offset - 0x800, n => IsVisible(cpu, secure, n) ? Targets(cpu, n) : (byte)0);
            case >= 0xc00 and < 0xd00: return all.ReadConfiguration(cpu, (offset - 0xc00) / 4, Visible(cpu, (offset - 0xc00) / 8, secure));
            case 0xd00: return all.Level[cpu] >> 16 & Visible(cpu, 0, secure) >> 16;
            case > 0xd00 and < 0xd80: return Bits(all.Level, cpu, word, word == 0 ? 0 : Visible(cpu, word, secure));
            case >= 0xf10 and < 0xf30:
                return Bytes(offset & 0xf, n => IsVisible(cpu, secure, n) ? _sgiSources[(16 * cpu) + n] : (byte)0);
            case >= 0xfd0: return PeripheralId[(offset - 0xfd0) / 4];
            case >= 0xe00 and < 0xf00: return 0;    // GICD_NSACR: no delegation
            case 0xf00: return 0;                   // GICD_SGIR is written only
            default:
                _log.Error(Name, $"read of missing distributor register 0x{offset:x3}");
                return 0;
        }
    }

    private void WriteDistributor(int cpu, bool secure, ulong offset, int size, ulong value)
    {
        // a half-word or byte of a word register leaves the rest as it is; in the set and clear registers zeros do nothing
        int aligned = (int)(offset & ~3UL);
        int shift = 8 * (int)(offset & 3);
        uint lanes = (uint)((1UL << (8 * size)) - 1) << shift;
        uint bits = (uint)(value << shift) & lanes;
        switch (aligned)
        {
            case >= 0x400 and < 0x800:
                _interrupts.WritePriorities(cpu, aligned - 0x400, lanes, bits, Visible(cpu, (aligned - 0x400) / 32, secure), !secure);
                break;
            case >= 0x800 and < 0xc00: EachByte(aligned - 0x800, lanes, bits, (n, b) => WriteTargets(cpu, secure, n, b)); break;
            case >= 0xf10 and < 0xf20: EachByte(aligned - 0xf10, lanes, bits, (n, b) => ChangeSgi(cpu, secure, n, b, pend: false)); break;
            case >= 0xf20 and < 0xf30: EachByte(aligned - 0xf20, lanes, bits, (n, b) => ChangeSgi(cpu, secure, n, b, pend: true)); break;
            default: WriteDistributorWord(cpu, secure, aligned, lanes, bits); break;
        }
    }

    private void WriteDistributorWord(int cpu, bool secure, int offset, uint lanes, uint bits)
    {
        GicInterrupts all = _interrupts;
        int word = (offset & 0x7f) / 4;
        uint visible = Visible(cpu, word, secure);
        int index = word < all.Words ? all.Index(cpu, word) : 0;
        bool exists = word < all.Words;
        switch (offset)
        {
            case 0x000:
                if (secure)
                    _control = bits & 3;
                else
                    _control = (_control & 1) | ((bits & 1) << 1);
                break;
            case >= 0x080 and < 0x100:
                if (secure && exists)
                    all.Group[index] = (all.Group[index] & ~lanes) | (bits & visible);
                break;
            case >= 0x100 and < 0x400 when exists:
                // SGIs are always enabled, and made pending by registers of their own
                uint private16 = word == 0 && offset is >= 0x180 and < 0x300 ? 0xffffu : 0;
                all.WriteBits(index, offset & 0x380, bits & visible & ~private16);
                break;
            case >= 0x080 and < 0x400: break;
            case >= 0xc00 and < 0xd00: all.WriteConfiguration(cpu, (offset - 0xc00) / 4, lanes, bits, Visible(cpu, (offset - 0xc00) / 8, secure)); break;
            case 0xf00: SendSgi(cpu, secure, bits); break;
            case >= 0xe00 and < 0xf00: break;
            default: _log.Error(Name, $"write to read-only or missing distributor register 0x{offset:x3}"); break;
        }
    }

    private uint Bits(uint[] bits, int cpu, int word, uint mask) => word < _interrupts.Words ? bits[_interrupts.Index(cpu, word)] & mask : 0;

    /// <summary>Interrupts of a word that an access may touch: a non-secure one only those of group 1.</summary>
    private uint Visible(int cpu, int word, bool secure)
        => word >= _interrupts.Words ? 0 : _interrupts.Valid(word) & (secure ? uint.MaxValue : _interrupts.Group[_interrupts.Index(cpu, word)]);

    private bool IsVisible(int cpu, bool secure, int interrupt)
        => interrupt < _interrupts.Count && (secure || IsGroup1(cpu, interrupt));

    private static uint Bytes(int first, Func<int, byte> read)
        => read(first) | ((uint)read(first + 1) << 8) | ((uint)read(first + 2) << 16) | ((uint)read(first + 3) << 24);

    private static void EachByte(int first, uint lanes, uint bits, Action<int, byte> write)
    {
        for (int i = 0; i < 4; i++)
        {
            if ((lanes >> (8 * i) & 0xff) != 0)
                write(first + i, (byte)(bits >> (8 * i)));
        }
    }

    private byte Targets(int cpu, int interrupt)
    {
        if (_cpus.Length == 1)
            return 0;
        return interrupt < 32 ? (byte)(1 << cpu) : _targets[interrupt - 32];
    }

    private void WriteTargets(int cpu, bool secure, int interrupt, byte value)
    {
        if (interrupt >= 32 && _cpus.Length > 1 && IsVisible(cpu, secure, interrupt))
            _targets[interrupt - 32] = (byte)(value & _allCpus);
    }

    private void SendSgi(int cpu, bool secure, uint value)
    {
        uint targets = _allCpus & ((value >> 24 & 3) switch
        {
            0 => value >> 16,
            1 => ~(1u << cpu),
            2 => 1u << cpu,
            _ => 0u,
        });
        int sgi = (int)(value & 0xf);
        for (int target = 0; target < _cpus.Length; target++)
        {
            // NSATT: a secure sender says which group the SGI must be in; a non-secure one reaches group 1 only (4.3.15)
            bool group1 = IsGroup1(target, sgi);
            bool wanted = !Options.Security || (secure ? group1 == ((value >> 15 & 1) != 0) : group1);
            if ((targets >> target & 1) != 0 && wanted)
                SetSgi(target, sgi, (byte)(_sgiSources[(16 * target) + sgi] | (1 << cpu)));
        }
    }

    private void ChangeSgi(int cpu, bool secure, int sgi, byte sources, bool pend)
    {
        if (!IsVisible(cpu, secure, sgi))
            return;
        byte old = _sgiSources[(16 * cpu) + sgi];
        SetSgi(cpu, sgi, (byte)((pend ? old | sources : old & ~sources) & _allCpus));
    }

    private void SetSgi(int cpu, int sgi, byte sources)
    {
        _sgiSources[(16 * cpu) + sgi] = sources;
        _interrupts.Set(_interrupts.Latched, cpu, sgi, sources != 0);
    }
}
