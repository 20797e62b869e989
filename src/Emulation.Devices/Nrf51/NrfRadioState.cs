namespace Emulation.Devices;

/// <summary>States of the nRF51's radio, as its register STATE has them.</summary>
public enum NrfRadioState : byte
{
    /// <summary>Off.</summary>
    Disabled = 0,

    /// <summary>The receiver starts.</summary>
    RxRampUp = 1,

    /// <summary>The receiver waits for START.</summary>
    RxIdle = 2,

    /// <summary>The receiver listens.</summary>
    Rx = 3,

    /// <summary>The receiver stops.</summary>
    RxDisable = 4,

    /// <summary>The transmitter starts.</summary>
    TxRampUp = 9,

    /// <summary>The transmitter waits for START.</summary>
    TxIdle = 10,

    /// <summary>The transmitter sends.</summary>
    Tx = 11,

    /// <summary>The transmitter stops.</summary>
    TxDisable = 12,
}

/// <summary>What of a packet goes over the air.</summary>
internal enum NrfRadioPhase : byte
{
    None,
    Address,
    Payload,
    Check,
}
