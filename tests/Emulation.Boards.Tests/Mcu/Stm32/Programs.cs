namespace Emulation.Boards.Tests.Mcu.Stm32;

/// <summary>Small programs for an STM32F4 with the vector table at 0: a stack at 0x2002_0000, the first instruction at 0x40.</summary>
internal static class Programs
{
    /// <summary>Sets PD12, counts 1000 down, clears it, counts 1000 down, for ever.</summary>
    public static byte[] Blinker => Assemble(
    [
        0x480b, 0x6801, 0xf041, 0x0109, 0x6001, 0x4a0a, 0xf04f, 0x7180, 0x6011, 0xf44f, 0x5180, 0x6191,
        0xf240, 0x33e8, 0x3b01, 0xd1fd, 0xf04f, 0x5180, 0x6191, 0xf240, 0x33e8, 0x3b01, 0xd1fd, 0xe7f0,
        0x3830, 0x4002, 0x0c00, 0x4002,
    ]);

    /// <summary>Counts its starts in backup register 0 of the RTC and asks for a system reset while PA0 is high.</summary>
    public static byte[] BootCounter => Assemble(
    [
        0x480b, 0xf04f, 0x5180, 0x6001, 0x480a, 0xf44f, 0x4182, 0x6001, 0x4809, 0x6801, 0x3101, 0x6001,
        0x4808, 0x2101, 0x6001, 0x4808, 0x6801, 0x07c9, 0xd0fc, 0x4807, 0x4907, 0x6001, 0xe7fe, 0x0000,
        0x3840, 0x4002, 0x7000, 0x4000, 0x2850, 0x4000, 0x3830, 0x4002, 0x0010, 0x4002, 0xed0c, 0xe000,
        0x0004, 0x05fa,
    ]);

    private static byte[] Assemble(ReadOnlySpan<ushort> code)
    {
        const int Start = 0x40;
        byte[] program = new byte[Start + (2 * code.Length)];
        BitConverter.TryWriteBytes(program, 0x2002_0000u);
        BitConverter.TryWriteBytes(program.AsSpan(4), Start + 1u);
        for (int i = 0; i < code.Length; i++)
            BitConverter.TryWriteBytes(program.AsSpan(Start + (2 * i)), code[i]);
        return program;
    }
}
