using Emulation.Core;

namespace Emulation.Devices;

// The distributor's registers. IHI 0069, 12.9.
public sealed partial class GicV3
{
    private const uint ControlEnable0 = 1;
    private const uint ControlEnable1 = 2;
    private const uint ControlEnableSecure1 = 4;
    private const uint ControlEnables = 7;
    private const uint ControlAffinity = 1 << 4;            // ARE, or ARE_S
    private const uint ControlAffinityNonSecure = 1 << 5;
    private const uint ControlDisableSecurity = 1 << 6;
    private const uint Implementer = 0x0300_043b;           // GIC-600
    private const int InterruptIdBits = 16;

    // PIDR4 to 7, PIDR0 to 3, CIDR0 to 3; PIDR2 says version 3
    private static ReadOnlySpan<byte> PeripheralId => [0x44, 0, 0, 0, 0x92, 0xb4, 0x3b, 0, 0x0d, 0xf0, 0x05, 0xb1];

    private uint DistributorType => (uint)(_interrupts.Words - 1) | (Options.Security ? 1u << 10 : 0) | (Options.Lpis ? 1u << 17 : 0)
        | ((InterruptIdBits - 1) << 19) | (1 << 24);

    private uint ReadDistributorWord(int offset, bool secure)
    {
        GicInterrupts all = _interrupts;
        switch (offset)
        {
            case 0x0000: return ReadControl(secure);
            case 0x0004: return DistributorType;
            case 0x0008: return Implementer;
            case 0x000c or 0x0010: return 0;
            case >= 0x0080 and < 0x0c00 when (offset & 0x7f) == 0 && offset < 0x400: return 0;  // the first words are the redistributors'
            case >= 0x0080 and < 0x0400: return ReadBits(0, (offset & 0x7f) / 4, offset & 0x780, secure);
            case >= 0x0420 and < 0x0800: return all.ReadPriorities(0, offset - 0x400, Visible(0, (offset - 0x400) / 32, secure), IsNonSecure(secure));
            case >= 0x0400 and < 0x0420: return 0;
            case >= 0x0800 and < 0x0c00: return 0;          // GICD_ITARGETSR: affinity routing is on
            case >= 0x0c08 and < 0x0d00: return all.ReadConfiguration(0, (offset - 0xc00) / 4, Visible(0, (offset - 0xc00) / 8, secure));
            case >= 0x0c00 and < 0x0c08: return 0;
            case > 0x0d00 and < 0x0d80:
                int word = (offset & 0x7f) / 4;
                return TwoStates && secure && word < all.Words ? all.Modifier[all.Index(0, word)] : 0;
            case 0x0d00: return 0;
            case >= 0x0e00 and < 0x0f00: return 0;          // GICD_NSACR: no delegation
            case >= 0x0f10 and < 0x0f30: return 0;          // SGIs pend in the redistributors
            case >= 0x6100 and < 0x7fe0:
                int spi = (offset - 0x6100) / 8;
                if (spi >= _routes.Length || !IsVisible(0, 32 + spi, secure))
                    return 0;
                return (uint)(_routes[spi] >> (8 * (offset & 4)));
            case >= 0xffd0: return PeripheralId[(offset - 0xffd0) / 4];
            default:
                _log.Error(Name, $"read of missing distributor register 0x{offset:x4}");
                return 0;
        }
    }

    private void WriteDistributorWord(int offset, uint lanes, uint bits, bool secure)
    {
        GicInterrupts all = _interrupts;
        switch (offset)
        {
            case 0x0000: WriteControl(bits, secure); break;
            case >= 0x0080 and < 0x0400:
                if ((offset & 0x7f) != 0)
                    WriteBits(0, (offset & 0x7f) / 4, offset & 0x780, lanes, bits, secure);
                break;
            case >= 0x0420 and < 0x0800:
                all.WritePriorities(0, offset - 0x400, lanes, bits, Visible(0, (offset - 0x400) / 32, secure), IsNonSecure(secure));
                break;
            case >= 0x0c08 and < 0x0d00:
                all.WriteConfiguration(0, (offset - 0xc00) / 4, lanes, bits, Visible(0, (offset - 0xc00) / 8, secure));
                break;
            case > 0x0d00 and < 0x0d80:
                int word = (offset & 0x7f) / 4;
                if (TwoStates && secure && word < all.Words)
                    all.Modifier[all.Index(0, word)] = ((all.Modifier[all.Index(0, word)] & ~lanes) | bits) & all.Valid(word);
                break;
            case (>= 0x0400 and < 0x0420) or (>= 0x0800 and < 0x0c08) or 0x0d00 or (>= 0x0e00 and < 0x0f30) or 0x0010: break;
            case >= 0x6100 and < 0x7fe0:
                int spi = (offset - 0x6100) / 8;
                if (spi >= _routes.Length || !IsVisible(0, 32 + spi, secure))
                    break;
                int shift = 8 * (offset & 4);
                SetRoute(spi, (_routes[spi] & ~((ulong)lanes << shift)) | ((ulong)bits << shift));
                break;
            default: _log.Error(Name, $"write to read-only or missing distributor register 0x{offset:x4}"); break;
        }
    }

    private uint ReadControl(bool secure)
    {
        if (!TwoStates)
            return (_control & (ControlEnable0 | ControlEnable1)) | ControlAffinity | ControlDisableSecurity;
        return secure
            ? (_control & ControlEnables) | ControlAffinity | ControlAffinityNonSecure
            : ((_control & ControlEnable1) != 0 ? 2u : 0) | ControlAffinity;
    }

    private void WriteControl(uint value, bool secure)
    {
        if (!TwoStates)
            _control = (_control & ~ControlEnables) | (value & (ControlEnable0 | ControlEnable1));
        else if (secure)
            _control = value & (ControlEnables | ControlDisableSecurity);       // DS stays once it is set, as nothing above writes it again
        else
            _control = (_control & ~ControlEnable1) | (value & ControlEnable1);
    }

    /// <summary>Whether an access sees the Non-secure side alone.</summary>
    private bool IsNonSecure(bool secure) => TwoStates && !secure;

    /// <summary>Interrupts of a word that an access may touch: a non-secure one only those of non-secure group 1.</summary>
    private uint Visible(int cpu, int word, bool secure)
        => word >= _interrupts.Words ? 0 : _interrupts.Valid(word) & (secure || !TwoStates ? uint.MaxValue : _interrupts.Group[_interrupts.Index(cpu, word)]);

    private bool IsVisible(int cpu, int interrupt, bool secure)
        => interrupt < _interrupts.Count && (secure || !TwoStates || _interrupts.Test(_interrupts.Group, cpu, interrupt));

    // The same registers are in the distributor for SPIs and in each redistributor for the first word.
    private uint ReadBits(int cpu, int word, int register, bool secure)
    {
        GicInterrupts all = _interrupts;
        if (word >= all.Words)
            return 0;
        int index = all.Index(cpu, word);
        uint visible = Visible(cpu, word, secure);
        return register == 0x080 ? (IsNonSecure(secure) ? 0 : all.Group[index]) : all.ReadBits(index, register, visible);
    }

    private void WriteBits(int cpu, int word, int register, uint lanes, uint bits, bool secure)
    {
        GicInterrupts all = _interrupts;
        if (word >= all.Words)
            return;
        int index = all.Index(cpu, word);
        bits &= Visible(cpu, word, secure);
        if (register != 0x080)
            all.WriteBits(index, register, bits);
        else if (!IsNonSecure(secure))
            all.Group[index] = (all.Group[index] & ~lanes) | bits;
    }

    /// <summary>Splits accesses into words; no register has a side effect on reading.</summary>
    private abstract class Window(GicV3 gic) : IMmio
    {
        public ulong Read(ulong offset, int size)
        {
            ulong low = ReadWord((int)(offset & ~3UL));
            if (size == 8)
                return low | ((ulong)ReadWord((int)offset + 4) << 32);
            return low >> (8 * (int)(offset & 3)) & ((1UL << (8 * size)) - 1);
        }

        public void Write(ulong offset, int size, ulong value)
        {
            if (size == 8)
            {
                WriteDouble((int)offset, value);
            }
            else
            {
                int shift = 8 * (int)(offset & 3);
                uint lanes = (uint)((1UL << (8 * size)) - 1) << shift;
                WriteWord((int)(offset & ~3UL), lanes, (uint)(value << shift) & lanes);
            }

            gic.Update();
        }

        protected abstract uint ReadWord(int offset);

        protected abstract void WriteWord(int offset, uint lanes, uint bits);

        private void WriteDouble(int offset, ulong value)
        {
            WriteWord(offset, uint.MaxValue, (uint)value);
            WriteWord(offset + 4, uint.MaxValue, (uint)(value >> 32));
        }
    }

    private sealed class DistributorWindow(GicV3 gic, Func<bool> isSecure) : Window(gic)
    {
        private readonly GicV3 _gic = gic;

        protected override uint ReadWord(int offset) => _gic.ReadDistributorWord(offset, isSecure());

        protected override void WriteWord(int offset, uint lanes, uint bits) => _gic.WriteDistributorWord(offset, lanes, bits, isSecure());
    }

    private sealed class RedistributorWindow(GicV3 gic, Func<bool> isSecure) : Window(gic)
    {
        private readonly GicV3 _gic = gic;

        protected override uint ReadWord(int offset)
            => _gic._redistributors[offset / (int)RedistributorSize].Read(offset % (int)RedistributorSize, isSecure());

        protected override void WriteWord(int offset, uint lanes, uint bits)
            => _gic._redistributors[offset / (int)RedistributorSize].Write(offset % (int)RedistributorSize, lanes, bits, isSecure());
    }
}
