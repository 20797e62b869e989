namespace Emulation.Testing;

/// <summary>What an access to an address that no device models does.</summary>
public enum UnmodelledAccess
{
    /// <summary>The test fails, with the instruction and the address.</summary>
    Throw,

    /// <summary>The firmware's CPU takes its bus fault.</summary>
    Fault,

    /// <summary>Reads give zero, writes vanish, and the first access per page is logged.</summary>
    Log,
}
