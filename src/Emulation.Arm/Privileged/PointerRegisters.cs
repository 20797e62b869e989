using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>Keys of pointer authentication. Arm DDI 0487, D17.2 "APDAKeyHi_EL1" to "APIBKeyLo_EL1".</summary>
internal static class PointerRegisters
{
    public static IEnumerable<SystemRegister> Rows()
    {
        string[] keys = ["IA", "IB", "DA", "DB", "GA"];
        for (int n = 0; n < 2 * keys.Length; n++)
        {
            int place = n;
            yield return new($"AP{keys[n / 2]}Key{(n % 2 == 0 ? "Lo" : "Hi")}_EL1", Encode(3, 0, 2, 1 + (n / 4), n % 4))
            {
                Read = c => c[c.Registers.PointerKeys[place]],
                Write = (c, v) => c[c.Registers.PointerKeys[place]] = v,
                Trap = static (c, _) => c.PointerTrap(ArmCpu.HcrApk, ArmCpu.ScrApk, 1),
                Exists = static c => c.Isa.Has(ArmFeature.PAuth),
            };
        }
    }
}
