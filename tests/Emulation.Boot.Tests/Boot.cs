using System.Text;
using Emulation.Boards;
using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Boot.Tests;

/// <summary>A place in a deterministic boot.</summary>
/// <param name="Hash">State hash.</param>
/// <param name="Instructions">Instructions of all harts since power-on.</param>
public sealed record BootPlace(string Hash, ulong Instructions);

/// <summary>What a boot came to.</summary>
/// <param name="Console">All that the guest printed.</param>
/// <param name="Marker">The last character of the marker; null in real time.</param>
/// <param name="End">Power-off; null in real time.</param>
public sealed record BootOutcome(string Console, BootPlace? Marker, BootPlace? End);

/// <summary>A machine that boots, and what it printed.</summary>
internal sealed class Boot : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(8);
    private readonly StringBuilder _text = new();
    private readonly BootCase _case;
    private readonly IBlockDevice? _disk;
    private readonly SerialPort _port;

    private Boot(BootCase boot)
    {
        _case = boot;
        _disk = boot.OpenDisk();
        Machine = boot.Build(_disk, out _port);
        _port.Transmitted += value => _text.Append((char)value);
    }

    public Machine Machine { get; }

    public string Console => _text.ToString();

    public BootPlace Place => new(Machine.StateHash().Hex, Machine.InstructionCount);

    /// <summary>Builds the machine and stops at power-on.</summary>
    public static Boot Prepare(BootCase boot) => new(boot);

    /// <summary>Boots to power-off, by way of the marker in deterministic time, and checks all that the guest says.</summary>
    public static BootOutcome Complete(BootCase boot)
    {
        using Boot run = Prepare(boot);
        (BootPlace? marker, BootPlace? end) = (null, null);
        if (boot.Time == TimeMode.Deterministic)
        {
            run.ToMarker();
            marker = run.Place;
        }

        run.ToPowerOff();
        if (boot.Time == TimeMode.Deterministic)
            end = run.Place;
        return new BootOutcome(run.Console, marker, end);
    }

    /// <summary>Runs until the guest has sent the last character of the marker. That access ends the run, so that it ends at one and the same instruction everywhere.</summary>
    public void ToMarker()
    {
        using var watch = new TextWatch(_port, Guest.Marker);
        watch.Matched += Machine.RequestStop;
        Run(StopReason.StopRequested);
    }

    /// <summary>Runs until the guest has powered off, and checks all that it said.</summary>
    public void ToPowerOff()
    {
        Run(StopReason.PowerOff);
        Console.Should().Contain(Guest.Marker).And.Contain(Guest.Checksum).And.Contain(Guest.Farewell);
        if (_case.Setup.Disk)
            Console.Should().Contain(Guest.DiskChecksum).And.Contain("DISK-OK");
        if (_case.Setup.Firmware != Firmware.BuiltIn)
            Console.Should().Contain("OpenSBI v");
    }

    public void Dispose()
    {
        Machine.Dispose();
        _disk?.Dispose();
    }

    private void Run(StopReason expected)
    {
        using var limit = new CancellationTokenSource(s_limit);
        RunResult result = Machine.Run(null, limit.Token);
        result.Reason.Should().Be(expected, $"{_case} is at 0x{result.Pc:x} after {Machine.InstructionCount} instructions, fault {result.Fault}, and said: {Tail()}");
    }

    // FluentAssertions formats reasons: braces would be placeholders
    private string Tail() => Console[Math.Max(0, _text.Length - 2000)..].Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
