namespace Emulation.Core;

/// <summary>What bus accesses do to a field of a register.</summary>
public enum FieldMode
{
    /// <summary>A write stores, a read shows what is stored.</summary>
    ReadWrite,

    /// <summary>A write does nothing; only the device changes the field.</summary>
    ReadOnly,

    /// <summary>A write stores, a read shows zero.</summary>
    WriteOnly,

    /// <summary>Writing one clears the bit, writing zero leaves it.</summary>
    WriteOneToClear,

    /// <summary>Writing zero clears the bit, writing one leaves it.</summary>
    WriteZeroToClear,

    /// <summary>Writing one sets the bit, writing zero leaves it.</summary>
    WriteOneToSet,

    /// <summary>Writing one inverts the bit, writing zero leaves it.</summary>
    WriteOneToToggle,

    /// <summary>A read shows the field and clears it; a write does nothing.</summary>
    ReadToClear,
}

/// <summary>Which accesses a register answers. Two registers may share an offset when one is read and the other written.</summary>
public enum RegisterAccess
{
    /// <summary>Reads and writes.</summary>
    ReadWrite,

    /// <summary>Reads; a write is a guest error unless another register takes it.</summary>
    ReadOnly,

    /// <summary>Writes; a read is a guest error unless another register answers it.</summary>
    WriteOnly,
}
