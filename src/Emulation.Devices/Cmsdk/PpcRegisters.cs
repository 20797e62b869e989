using Emulation.Core;

namespace Emulation.Devices;

/// <summary>One register for each peripheral protection controller, a bit for each port.</summary>
internal sealed class PpcRegisters
{
    // offset from that of AHB PPC 0; ports
    private static readonly (ulong Offset, int Ports)[] s_layout =
    [
        (0x20, 3), (0x24, 1), (0x30, 16), (0x34, 16), (0x38, 16), (0x3c, 16),
        (0x00, 0), (0x10, 16), (0x14, 16), (0x18, 16), (0x1c, 16),
    ];

    private readonly BitField?[] _fields = new BitField?[s_layout.Length];

    /// <summary>Defines them.</summary>
    /// <param name="registers">The map.</param>
    /// <param name="first">Offset of that of AHB PPC 0.</param>
    /// <param name="kind">NS, SP or NSP, for the names.</param>
    public PpcRegisters(RegisterMap registers, ulong first, string kind)
    {
        for (int i = 0; i < s_layout.Length; i++)
        {
            (ulong offset, int ports) = s_layout[i];
            var ppc = (TrustZonePpc)i;
            Register register = registers.Define(first + offset, $"{kind} {ppc}");
            if (ports > 0)
            {
                register.Bits(ports - 1, 0, "ports", out BitField field);
                _fields[i] = field;
            }

            register.Ignored(31, ports);
        }
    }

    /// <summary>The bit of a port.</summary>
    public bool this[TrustZonePpc ppc, int port] => _fields[(int)ppc] is { } field && (field.Value >> port & 1) != 0;
}
