namespace Emulation.Arm;

/// <summary>Bits of SFSR: why a SecureFault was raised. DDI 0553, D1.2 "SFSR".</summary>
[Flags]
internal enum SecureFault : byte
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>Non-secure code went to Secure memory elsewhere than at an SG.</summary>
    InvalidEntryPoint = 1 << 0,

    /// <summary>The integrity signature of an exception's stack frame is wrong.</summary>
    InvalidIntegritySignature = 1 << 1,

    /// <summary>An exception return is not to where it has to go.</summary>
    InvalidExceptionReturn = 1 << 2,

    /// <summary>Non-secure code accessed Secure memory: SFAR has the address.</summary>
    AttributionViolation = 1 << 3,

    /// <summary>Secure code went to Non-secure memory otherwise than by BXNS, BLXNS or a return.</summary>
    InvalidTransition = 1 << 4,

    /// <summary>Lazy preservation of floating-point state wrote where it may not.</summary>
    LazyStatePreservationError = 1 << 5,

    /// <summary>SFAR has the address.</summary>
    AddressValid = 1 << 6,

    /// <summary>Lazy state activation or deactivation went wrong.</summary>
    LazyStateError = 1 << 7,
}
