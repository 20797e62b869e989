using Emulation.Core;

namespace Emulation.Testing;

/// <summary>Reads the fault registers of an M-profile CPU into words. Armv7-M ARM, B3.2.15 to B3.2.18; Armv8-M ARM, D1.2.</summary>
internal static class CortexFaults
{
    private static readonly (int Bit, string Text)[] s_configurable =
    [
        (0, "IACCVIOL: instruction fetch from where the MPU forbids it"), (1, "DACCVIOL: data access where the MPU forbids it"), (3, "MUNSTKERR: MPU fault while returning from an exception"),
        (4, "MSTKERR: MPU fault while entering an exception"), (5, "MLSPERR: MPU fault while saving the FPU"), (8, "IBUSERR: bus error of an instruction fetch"),
        (9, "PRECISERR: bus error of a data access"), (10, "IMPRECISERR: bus error of an earlier data access"), (11, "UNSTKERR: bus error while returning from an exception"),
        (12, "STKERR: bus error while entering an exception (stack overflow?)"), (13, "LSPERR: bus error while saving the FPU"), (16, "UNDEFINSTR: undefined instruction"),
        (17, "INVSTATE: Arm state (jump to an even address?)"), (18, "INVPC: bad EXC_RETURN"), (19, "NOCP: coprocessor or FPU is off (CPACR)"), (20, "STKOF: stack limit exceeded"),
        (24, "UNALIGNED: unaligned access"), (25, "DIVBYZERO: division by zero"),
    ];

    public static IEnumerable<string> Describe(AddressSpace memory)
    {
        uint configurable = Read(memory, 0xe000_ed28), hard = Read(memory, 0xe000_ed2c);
        if (configurable != 0)
        {
            yield return $"CFSR 0x{configurable:x8}";
            foreach ((int bit, string text) in s_configurable)
            {
                if ((configurable >> bit & 1) != 0)
                    yield return $"  {text}";
            }

            if ((configurable & 0x80) != 0)
                yield return $"  MMFAR 0x{Read(memory, 0xe000_ed34):x8}";
            if ((configurable & 0x8000) != 0)
                yield return $"  BFAR 0x{Read(memory, 0xe000_ed38):x8}";
        }

        if (hard != 0)
            yield return $"HFSR 0x{hard:x8}{((hard & 2) != 0 ? " VECTTBL: bus error of a vector read" : "")}{((hard & 0x4000_0000) != 0 ? " FORCED: a fault without a handler of its own" : "")}";
    }

    private static uint Read(AddressSpace memory, ulong address) => memory.TryFind(address, out _) && memory.Read(address, 4, out ulong value) == BusResult.Ok ? (uint)value : 0;
}
