namespace Emulation.Storage;

/// <summary>What zeroing a range may and must do.</summary>
internal enum Qcow2Zeroing
{
    /// <summary>It must read as zeros; the space stays taken.</summary>
    Keep,

    /// <summary>It must read as zeros, also when something else comes to be below.</summary>
    Hold,

    /// <summary>It must read as zeros; the space may be given back.</summary>
    Unmap,

    /// <summary>The space should be given back; what cannot be made zero cheaply stays.</summary>
    Discard,
}
