using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Debugging;
using Emulation.Testing;

namespace Emulation.Benchmarks;

/// <summary>How fast a board with an STM32F407 waits: busy loops at 168 MHz, and firmware that sleeps 95 % of the time at 64 MHz.</summary>
/// <remarks>The programs are those of the folder firmware, assembled by arm-none-eabi-as and linked to 0x08000000.</remarks>
internal static class Microcontrollers
{
    private const ulong Flash = 0x0800_0000;
    private const int ChoiceOffset = 0x1c;
    private const string Busy =
        "000001204300000841000008410000084100000841000008410000080000000041000008410000084100000841000008" +
        "410000084100000841000008c9000008fee724480521016023482449016001688903fcd5224941604ff4144181602149" +
        "016001688901fcd549f202418160012101631d481d49416000218160072101604ff000544ff08055194e002020605ff8" +
        "7400012808d010d820680a492a6801322a608842f8d1cbe7206806492a6801322a6033698842f7d1c2e73369db07fcd5" +
        "bee700bfffffffff4ff000500168013101607047003c02400038024083000100085440078300010110e000e03f900200" +
        "00000240";

    private const string Sleeping =
        "000001204300000841000008410000084100000841000008410000084100000841000008410000084100000841000008" +
        "41000008410000084100000871000008fee71148022101601048114941601149016001688901fcd5022181600e484ff6" +
        "ff114160002181600721016030bffde74ff000500168013101604ff4487241688918013afbd17047003c024000380240" +
        "102000048300000110e000e0";

    /// <summary>Prints how many instructions and how much virtual time go by in a second, once the code is compiled.</summary>
    /// <param name="seconds">Virtual seconds of each measurement; 1 where not given.</param>
    public static void Run(IReadOnlyList<string> seconds)
    {
        double time = seconds.Count > 0 ? double.Parse(seconds[0], CultureInfo.InvariantCulture) : 1;
        Print($"{"firmware",-44}{"engine",-14}{"M instructions/s",18}{"x real time",14}{"processor seconds",20}");
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
        {
            Measure("busy: flash, SRAM, CCM", Busy, 0, engine, time);
            Measure("busy: flash, SRAM, CCM, a register of GPIOA", Busy, 1, engine, time);
            Measure("busy: a register of GPIOA alone", Busy, 2, engine, time);
            Measure("sleeps 95 %", Sleeping, null, engine, 20 * time);
        }
    }

    private static void Measure(string name, string program, uint? choice, EngineKind engine, double seconds)
    {
        byte[] bytes = Convert.FromHexString(program);
        if (choice is { } loop)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChoiceOffset), loop);
        using var board = new Stm32F4Discovery(fw =>
        {
            fw.Image(FirmwareImage.FromBinary(bytes, Flash));
            fw.Engine = engine;
        });
        Process process = Process.GetCurrentProcess();
        board.RunFor(TimeSpan.FromMilliseconds(100));
        Thread.Sleep(100);                                    // regions are compiled meanwhile
        board.RunFor(TimeSpan.FromMilliseconds(100));
        process.Refresh();
        TimeSpan used = process.TotalProcessorTime;
        ulong before = board.Machine.InstructionCount;
        long start = Stopwatch.GetTimestamp();
        board.RunFor(TimeSpan.FromSeconds(seconds));
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        Print($"{name,-44}{engine,-14}{(board.Machine.InstructionCount - before) / wall / 1e6,18:f0}{seconds / wall,14:f1}{(process.TotalProcessorTime - used).TotalSeconds,20:f2}");
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
