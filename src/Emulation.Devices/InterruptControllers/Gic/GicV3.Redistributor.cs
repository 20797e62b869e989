using Emulation.Core;

namespace Emulation.Devices;

// The redistributors: private interrupts and LPIs. IHI 0069, 12.10 to 12.11 and chapter 5.
public sealed partial class GicV3
{
    /// <summary>The redistributor of one CPU.</summary>
    private sealed class Redistributor(GicV3 gic, int cpu)
    {
        private const ulong PropertyMask = 0x070f_ffff_ffff_ff9f;
        private const ulong PendingMask = 0x470f_ffff_ffff_0f80;
        private const int DenyShift = 24;                   // DPG0, DPG1NS, DPG1S
        private const ulong AddressBits = 0x000f_ffff_ffff_f000;

        private readonly ulong[] _pending = new ulong[LpiEnd / 64];
        private int _pendingCount;
        private uint _denied;
        private bool _lpisEnabled;
        private ulong _properties;
        private ulong _pendingBase;
        private int _best;
        private int _bestPriority = GicPriority.Idle;
        private bool _stale;

        /// <summary>GICR_WAKER.ProcessorSleep: nothing is forwarded to the CPU.</summary>
        public bool Asleep { get; private set; } = true;

        /// <summary>The pending LPI of the highest priority; 0 for none.</summary>
        public int BestLpi
        {
            get
            {
                FindBestLpi();
                return _best;
            }
        }

        /// <summary>Priority of <see cref="BestLpi"/>; <see cref="GicPriority.Idle"/> for none.</summary>
        public int BestLpiPriority
        {
            get
            {
                FindBestLpi();
                return _bestPriority;
            }
        }

        /// <summary>GICR_CTLR.DPG0, DPG1S, DPG1NS: groups whose interrupts for any CPU this one does not take, as <see cref="GroupBit"/>s.</summary>
        public uint DeniedGroups => (_denied & 1) | (_denied >> 1 & 2) | (_denied << 1 & 4);

        public bool LpisEnabled => _lpisEnabled;

        private ulong Type => ((ulong)gic.Options.Affinity(cpu) << 32) | ((ulong)cpu << 8) | (cpu == gic._cpus.Length - 1 ? 1UL << 4 : 0)
            | (gic.Options.Lpis ? 1UL : 0) | (1UL << 5);

        public void Reset()
        {
            Array.Clear(_pending);
            _pendingCount = 0;
            _lpisEnabled = false;
            _denied = 0;
            _properties = _pendingBase = 0;
            Asleep = true;
            (_best, _bestPriority, _stale) = (0, GicPriority.Idle, false);
        }

        public void Save(StateWriter writer)
        {
            writer.Write(Asleep);
            writer.Write(_lpisEnabled);
            writer.Write(_properties);
            writer.Write(_pendingBase);
            writer.Write(_pendingCount);
            for (int lpi = FirstLpi; lpi < LpiEnd; lpi++)
            {
                if (IsPending(lpi))
                    writer.Write((ushort)lpi);
            }

            writer.Write((ushort)BestLpi);
            writer.Write((ushort)BestLpiPriority);
            writer.Write(_denied);
        }

        public void Load(StateReader reader)
        {
            Reset();
            Asleep = reader.ReadBoolean();
            _lpisEnabled = reader.ReadBoolean() && gic.Options.Lpis;
            _properties = reader.ReadUInt64() & PropertyMask;
            _pendingBase = reader.ReadUInt64() & PendingMask;
            for (int left = reader.ReadCount(2); left > 0; left--)
            {
                int lpi = reader.ReadUInt16();
                if (lpi < FirstLpi)
                    throw reader.Damaged($"{lpi} is no LPI");
                SetBit(lpi, true);
            }

            // memory may be loaded later, so it is not asked
            _best = reader.ReadUInt16();
            _bestPriority = Math.Min(reader.ReadUInt16(), (ushort)GicPriority.Idle);
            if (_bestPriority < GicPriority.Idle && _best < FirstLpi)
                throw reader.Damaged($"{_best} is no LPI");
            if (reader.Version > 1)
                _denied = reader.ReadUInt32() & 7;
        }

        public uint Read(int offset, bool secure)
        {
            switch (offset)
            {
                case 0x0000: return (_lpisEnabled ? 1u : 0) | ((secure || !gic.TwoStates ? _denied : _denied & 2) << DenyShift);
                case 0x0004: return Implementer;
                case 0x0008: return (uint)Type;
                case 0x000c: return (uint)(Type >> 32);
                case 0x0010: return 0;
                case 0x0014: return Asleep ? 6u : 0;
                case 0x0070: return (uint)_properties;
                case 0x0074: return (uint)(_properties >> 32);
                case 0x0078: return (uint)_pendingBase;
                case 0x007c: return (uint)(_pendingBase >> 32) & ~(1u << 30);
                case >= 0xffd0 and < 0x1_0000: return PeripheralId[(offset - 0xffd0) / 4];
                case 0x1_0080 or 0x1_0100 or 0x1_0180 or 0x1_0200 or 0x1_0280 or 0x1_0300 or 0x1_0380:
                    return gic.ReadBits(cpu, 0, offset & 0x780, secure);
                case >= 0x1_0400 and < 0x1_0420: return gic._interrupts.ReadPriorities(cpu, offset - 0x1_0400, gic.Visible(cpu, 0, secure), gic.IsNonSecure(secure));
                case 0x1_0c00 or 0x1_0c04: return gic._interrupts.ReadConfiguration(cpu, (offset - 0x1_0c00) / 4, gic.Visible(cpu, 0, secure));
                case 0x1_0d00: return gic.TwoStates && secure ? gic._interrupts.Modifier[cpu] : 0;
                case 0x1_0e00: return 0;
                default:
                    gic._log.Error(gic.Name, $"read of missing redistributor register 0x{offset:x5}");
                    return 0;
            }
        }

        public void Write(int offset, uint lanes, uint bits, bool secure)
        {
            switch (offset)
            {
                case 0x0000: WriteControl(lanes, bits, secure); break;
                case 0x0014:
                    if (secure || !gic.TwoStates)
                        Asleep = (bits & 2) != 0;
                    break;
                // fixed while LPIs are enabled (12.11)
                case 0x0070 or 0x0074:
                    if (!_lpisEnabled)
                        _properties = Merge(_properties, offset, lanes, bits) & PropertyMask;
                    break;
                case 0x0078 or 0x007c:
                    if (!_lpisEnabled)
                        _pendingBase = Merge(_pendingBase, offset - 8, lanes, bits) & PendingMask;
                    break;
                case 0x0010 or 0x1_0e00: break;
                case 0x1_0080 or 0x1_0100 or 0x1_0180 or 0x1_0200 or 0x1_0280 or 0x1_0300 or 0x1_0380:
                    gic.WriteBits(cpu, 0, offset & 0x780, lanes, bits, secure);
                    break;
                case >= 0x1_0400 and < 0x1_0420:
                    gic._interrupts.WritePriorities(cpu, offset - 0x1_0400, lanes, bits, gic.Visible(cpu, 0, secure), gic.IsNonSecure(secure));
                    break;
                case 0x1_0c00 or 0x1_0c04:
                    gic._interrupts.WriteConfiguration(cpu, (offset - 0x1_0c00) / 4, lanes, bits, gic.Visible(cpu, 0, secure));
                    break;
                case 0x1_0d00:
                    if (gic.TwoStates && secure)
                        gic._interrupts.Modifier[cpu] = (gic._interrupts.Modifier[cpu] & ~lanes) | bits;
                    break;
                default: gic._log.Error(gic.Name, $"write to read-only or missing redistributor register 0x{offset:x5}"); break;
            }
        }

        private void WriteControl(uint lanes, uint bits, bool secure)
        {
            uint writable = (secure || !gic.TwoStates ? 7u : 2) & (lanes >> DenyShift);
            _denied = (_denied & ~writable) | ((bits >> DenyShift) & writable);
            if ((lanes & 1) != 0)
                EnableLpis((bits & 1) != 0);
        }

        public bool IsPending(int lpi) => (_pending[lpi / 64] >> (lpi % 64) & 1) != 0;

        public void SetPending(int lpi, bool pending)
        {
            if (lpi is < FirstLpi or >= LpiEnd || !_lpisEnabled || IsPending(lpi) == pending)
                return;
            SetBit(lpi, pending);
            _stale = true;
        }

        /// <summary>Moves all that is pending to another redistributor.</summary>
        public void MoveAllTo(Redistributor other)
        {
            if (other == this || !other._lpisEnabled)
                return;
            for (int i = 0; i < _pending.Length; i++)
            {
                other._pendingCount += System.Numerics.BitOperations.PopCount(_pending[i] & ~other._pending[i]);
                other._pending[i] |= _pending[i];
                _pending[i] = 0;
            }

            _pendingCount = 0;
            _stale = other._stale = true;
        }

        /// <summary>One came or went, or the table in memory may say something else now.</summary>
        public void Invalidate() => _stale = true;

        // Looking through all is done once for many changes.
        private void FindBestLpi()
        {
            if (!_stale)
                return;
            (_best, _bestPriority, _stale) = (0, GicPriority.Idle, false);
            if (!_lpisEnabled)
                return;
            ulong table = _properties & AddressBits;
            int end = (int)Math.Min(1L << (int)((_properties & 0x1f) + 1), LpiEnd);
            int left = _pendingCount;
            Span<byte> configuration = stackalloc byte[1];
            for (int lpi = FirstLpi; lpi < end && left > 0; lpi++)
            {
                if (lpi % 64 == 0 && _pending[lpi / 64] == 0)
                {
                    lpi += 63;
                    continue;
                }

                if (!IsPending(lpi))
                    continue;
                left--;
                if (gic._memory!.TryRead(table + (ulong)(lpi - FirstLpi), configuration) && (configuration[0] & 1) != 0
                    && LpiPriority(configuration[0]) < _bestPriority)
                    (_best, _bestPriority) = (lpi, LpiPriority(configuration[0]));
            }
        }

        // The table holds the non-secure view of a priority (5.1.1).
        private int LpiPriority(byte configuration) => gic.TwoStates ? GicPriority.FromNonSecure(configuration & 0xfcu) : configuration & GicPriority.Mask;

        private void SetBit(int lpi, bool pending)
        {
            ref ulong word = ref _pending[lpi / 64];
            ulong bit = 1UL << (lpi % 64);
            if (((word & bit) != 0) == pending)
                return;
            word ^= bit;
            _pendingCount += pending ? 1 : -1;
        }

        private static ulong Merge(ulong old, int offset, uint lanes, uint bits)
        {
            int shift = 8 * (offset & 4);
            return (old & ~((ulong)lanes << shift)) | ((ulong)bits << shift);
        }

        private void EnableLpis(bool on)
        {
            if (!gic.Options.Lpis || on == _lpisEnabled)
                return;
            _lpisEnabled = on;
            Array.Clear(_pending);
            _pendingCount = 0;
            // PTZ promises a table of zeros
            if (on && (_pendingBase >> 62 & 1) == 0)
                LoadPending();
            _stale = true;
        }

        private void LoadPending()
        {
            byte[] table = new byte[LpiEnd / 8];
            if (!gic._memory!.TryRead(_pendingBase & 0x000f_ffff_ffff_0000, table))
            {
                gic._log.Error(gic.Name, $"the table of pending LPIs at 0x{_pendingBase & AddressBits:x} is not in memory");
                return;
            }

            for (int lpi = FirstLpi; lpi < LpiEnd; lpi++)
            {
                if ((table[lpi / 8] >> (lpi % 8) & 1) != 0)
                    SetBit(lpi, true);
            }
        }
    }
}
