using System.Text;
using Emulation.Boards;
using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Boot.Tests;

/// <summary>A machine that is talked to at its console.</summary>
internal sealed class FirmwareGuest : IDisposable
{
    private readonly StringBuilder _said = new();
    private readonly IBlockDevice? _disk;
    private readonly Machine _machine;
    private readonly SerialPort _console;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(8));

    public FirmwareGuest(MachineBuilder builder, IBlockDevice? disk = null)
    {
        _disk = disk;
        if (disk is not null)
            builder.AddVirtioBlock(disk);
        _machine = builder.AddConsole(out _console).Build();
        _console.Transmitted += value => _said.Append((char)value);
    }

    public void Send(string text) => _console.Send(text);

    /// <summary>Sends a line; the answer and the next prompt follow.</summary>
    public void Command(string line, string answer)
    {
        Send(line + "\r");
        WaitFor(answer);
        WaitFor("=> ");
    }

    /// <summary>Runs until the guest has sent a text from now on.</summary>
    public void WaitFor(string text)
    {
        RunResult result = _machine.RunUntilText(_console, text, TimeSpan.FromMinutes(10), _limit.Token);
        result.Reason.Should().Be(StopReason.Condition, $"'{text}' is waited for at 0x{result.Pc:x} after {_machine.InstructionCount} instructions; the guest said {Tail}");
    }

    public void RunToPowerOff()
    {
        RunResult result = _machine.Run(null, _limit.Token);
        result.Reason.Should().Be(StopReason.PowerOff, $"the guest said {Tail}");
        _said.ToString().Should().Contain(Guest.Farewell).And.Contain(Guest.Checksum).And.NotContain("BUG:");
    }

    public void Dispose()
    {
        _machine.Dispose();
        _disk?.Dispose();
        _limit.Dispose();
    }

    // FluentAssertions formats reasons: braces would be placeholders
    private string Tail => _said.ToString(Math.Max(0, _said.Length - 2000), Math.Min(2000, _said.Length)).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
