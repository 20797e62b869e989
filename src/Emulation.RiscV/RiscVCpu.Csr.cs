namespace Emulation.RiscV;

// Access to control and status registers. RISC-V Unprivileged, "Zicsr"; Privileged, "CSR Listing".
public sealed partial class RiscVCpu
{
    private CsrRow?[]? _customCsrs;

    /// <summary>Instructions that completed: all but those that raised an exception.</summary>
    internal ulong RetiredInstructions => InstructionCount - Header.ExceptionCount;

    internal bool HasCustomCsrs => _customCsrs is not null;

    /// <summary>Adds a register of the user's own. Its number says who may access it: bits 9:8 the lowest privilege, bits 11:10 = 3 that it is read-only.</summary>
    /// <remarks>
    /// With Smstateen, the C bit of the state-enable registers guards it against lower privilege. Its state is the user's to save.
    /// The delegates run on the hart's thread, once per instruction that really reads or writes: <c>csrrw x0</c> does not read.
    /// </remarks>
    /// <param name="number">12 bits, not that of a standard register.</param>
    /// <param name="name">Shown in messages.</param>
    /// <param name="read">Gives its value; null when reading raises an illegal-instruction exception.</param>
    /// <param name="write">Takes a value of XLEN bits, zero-extended; null when writing raises an illegal-instruction exception.</param>
    /// <exception cref="ArgumentException">There is such a register already, or the number does not fit.</exception>
    public void AddCsr(int number, string name, Func<ulong>? read, Action<ulong>? write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (number is < 0 or >= CsrTable.Size)
            throw new ArgumentOutOfRangeException(nameof(number), $"CSR numbers have 12 bits; {number} does not fit");
        if (write is not null && number >> 10 == 3)
            throw new ArgumentException($"CSR 0x{number:x3} is read-only by its number", nameof(write));
        if (FindCsr(number) is { } other)
            throw new ArgumentException($"CSR 0x{number:x3} is already {other.Name}", nameof(number));
        _customCsrs ??= new CsrRow?[CsrTable.Size];
        _customCsrs[number] = new CsrRow(number, name, read is null ? null : _ => read(), write is null ? null : (_, v) => write(v))
        {
            Allows = static (c, _) => StateEnableCsrs.Permits(c, StateEnableCsrs.CustomBit),
        };
    }

    /// <summary>Reads a CSR for a debugger or a test, whatever the present privilege. Reading has the side effects that the register itself has.</summary>
    /// <param name="number">12-bit number.</param>
    /// <param name="value">Its value, zero-extended; 0 when there is none.</param>
    /// <returns>False when the hart has no such register or it cannot be read.</returns>
    public bool TryReadCsr(int number, out ulong value)
    {
        value = 0;
        if (FindCsr(number)?.Read is not { } read)
            return false;
        value = read(this) & XlenMask;
        return true;
    }

    /// <summary>Writes a CSR for a debugger or a test, whatever the present privilege.</summary>
    /// <param name="number">12-bit number.</param>
    /// <param name="value">The value; bits above XLEN are ignored.</param>
    /// <returns>False when the hart has no such register or it cannot be written.</returns>
    public bool TryWriteCsr(int number, ulong value)
    {
        if (FindCsr(number) is not { Write: { } write, ReadOnly: false })
            return false;
        write(this, value & XlenMask);
        return true;
    }

    /// <summary>The register that an instruction of the present privilege accesses; null when it is illegal.</summary>
    /// <param name="number">12-bit number.</param>
    /// <param name="reads">Whether the instruction reads it.</param>
    /// <param name="writes">Whether the instruction writes it.</param>
    internal CsrRow? CheckCsr(int number, bool reads, bool writes)
    {
        if (FindCsr(number) is not { } row || Privilege < row.Privilege)
            return null;
        if ((writes && (row.ReadOnly || row.Write is null)) || (reads && row.Read is null))
            return null;
        return row.Allows is null || row.Allows(this, writes) ? row : null;
    }

    private CsrRow? FindCsr(int number)
    {
        CsrRow? row = CsrTable.Standard[number];
        if (row is null)
            return _customCsrs?[number];
        return row.Exists is null || row.Exists(Features) ? row : _customCsrs?[number];
    }
}
