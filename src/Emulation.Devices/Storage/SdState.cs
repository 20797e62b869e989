namespace Emulation.Devices;

/// <summary>States of an SD card. SD Physical Layer Simplified Specification 3.01, table 4-1.</summary>
internal enum SdState : byte
{
    Idle = 0,
    Ready = 1,
    Identification = 2,
    Standby = 3,
    Transfer = 4,
    SendingData = 5,
    ReceivingData = 6,
    Inactive = 9,
}
