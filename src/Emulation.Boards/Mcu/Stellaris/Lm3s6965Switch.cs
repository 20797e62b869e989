namespace Emulation.Boards.Mcu;

/// <summary>The user switches of the LM3S6965 evaluation board.</summary>
public enum Lm3s6965Switch
{
    /// <summary>Select, in the middle.</summary>
    Select,

    /// <summary>Up.</summary>
    Up,

    /// <summary>Down.</summary>
    Down,

    /// <summary>Left.</summary>
    Left,

    /// <summary>Right.</summary>
    Right,
}
