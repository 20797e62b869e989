namespace Emulation.Arm;

/// <summary>The rules of one exception level, from its registers. Arm DDI 0487, D8.10.1, J1.1 CalculateBottomPACBit, EffectiveTBI.</summary>
/// <param name="cpu">Whose registers.</param>
/// <param name="level">Whose level, 0 to 3.</param>
internal sealed class RegimePointerRules(ArmCpu cpu, int level) : PointerRules
{
    private const int EnableIa = 31, EnableIb = 30, EnableDa = 27, EnableDb = 13, BranchUser = 35, Branch = 36;
    private readonly int[] _bits = new int[2];
    private readonly bool[] _ignoresForData = new bool[2], _ignoresForCode = new bool[2];
    private PointerKeys _enabled;
    private bool _restricts;

    /// <inheritdoc/>
    public override PointerKeys Enabled => _enabled;

    /// <inheritdoc/>
    public override bool RestrictsJumps => _restricts;

    /// <inheritdoc/>
    public override int AddressBits(bool upper) => _bits[upper ? 1 : 0];

    /// <inheritdoc/>
    public override bool IgnoresTop(bool upper, bool isData) => (isData ? _ignoresForData : _ignoresForCode)[upper ? 1 : 0];

    /// <summary>Reads the registers.</summary>
    public void Refresh()
    {
        ulong control = cpu.ControlOf(level);
        _enabled = (Flag(control, EnableIa) ? PointerKeys.InstructionA : 0) | (Flag(control, EnableIb) ? PointerKeys.InstructionB : 0)
            | (Flag(control, EnableDa) ? PointerKeys.DataA : 0) | (Flag(control, EnableDb) ? PointerKeys.DataB : 0);
        _restricts = Flag(control, level == 0 ? BranchUser : Branch);
        bool two = level < 2 || (level == 2 && cpu.IsHost);
        ulong tcr = cpu[level == 3 ? SystemSlot.TcrEl3 : level == 2 || (level == 0 && cpu.IsHostUser) ? SystemSlot.TcrEl2 : SystemSlot.TcrEl1];
        for (int half = 0; half < 2; half++)
        {
            bool upper = two && half == 1;
            int granule = upper ? ((tcr >> 30) & 3) switch { 1 => 14, 3 => 16, _ => 12 } : ((tcr >> 14) & 3) switch { 1 => 16, 2 => 14, _ => 12 };
            bool ignored = false, top = Flag(tcr, two ? 37 + half : 20);
            _bits[half] = Stage1Regime.Shaped(cpu, (int)(tcr >> (upper ? 16 : 0)) & 63, granule, 0, Flag(tcr, two ? 59 : 32), ref ignored).InputBits;
            _ignoresForData[half] = top;
            _ignoresForCode[half] = top && !Flag(tcr, two ? 51 + half : 29);
        }
    }

    private static bool Flag(ulong value, int bit) => ((value >> bit) & 1) != 0;
}
