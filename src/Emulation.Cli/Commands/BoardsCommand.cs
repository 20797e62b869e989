using System.CommandLine;
using System.Text.Json;
using Emulation.Boards;
using Emulation.Core;
using Spectre.Console;

namespace Emulation.Cli.Commands;

/// <summary>emu boards: what there is.</summary>
internal static class BoardsCommand
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static Command Create(CliHost host)
    {
        var name = new Argument<string?>("NAME") { Description = "Shows this board: its devices, memory map and options.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Prints facts as JSON." };
        var command = new Command("boards", "Lists the boards, or shows one of them.") { name, json };
        command.SetAction(result =>
        {
            using var writer = new StreamWriter(host.Output, leaveOpen: true);
            bool asJson = result.GetValue(json);
            if (result.GetValue(name) is { } chosen)
                Show(BoardCatalog.Find(chosen) ?? throw Unknown(chosen), writer, asJson);
            else
                List(writer, asJson);
            return ExitCodes.Success;
        });
        return command;
    }

    public static UsageException Unknown(string name)
        => new($"there is no board '{name}'; there are {string.Join(", ", BoardCatalog.All.Select(static b => b.Name))}");

    private static void List(TextWriter writer, bool json)
    {
        if (json)
        {
            writer.WriteLine(JsonSerializer.Serialize(BoardCatalog.All.Select(static b => new { b.Name, b.Summary, b.Architecture, b.MaxCpus }), s_json));
            return;
        }

        foreach (BoardDescription board in BoardCatalog.All)
            writer.WriteLine($"{board.Name,-16} {board.Summary}");
    }

    private static void Show(BoardDescription board, TextWriter writer, bool json)
    {
        var builder = new MachineBuilder();
        board.Apply(builder, new BoardSettings());
        builder.WithoutFirmware();
        using Machine machine = builder.Build();
        var map = machine.Memory.View.Ranges.ToArray().Select(static r => (First: r.Start, r.Last, r.Region.Name, Kind: Kind(r.Region))).ToList();
        string[] devices = [.. machine.Devices.Select(static d => d.Name)];
        if (json)
        {
            writer.WriteLine(JsonSerializer.Serialize(
                new
                {
                    board.Name,
                    board.Summary,
                    board.Architecture,
                    board.MaxCpus,
                    board.DefaultMemory,
                    board.DefaultCpu,
                    board.Options,
                    Devices = devices,
                    MemoryMap = map.Select(static r => new { r.First, r.Last, r.Name, r.Kind }),
                },
                s_json));
            return;
        }

        writer.WriteLine($"{board.Name}: {board.Summary}");
        writer.WriteLine();
        writer.WriteLine($"  CPUs      1 to {board.MaxCpus}");
        string memory = board.DefaultMemory < 1 << 20 ? $"{board.DefaultMemory >> 10} KiB" : $"{board.DefaultMemory >> 20} MiB unless --memory says otherwise";
        writer.WriteLine($"  memory    {memory}");
        writer.WriteLine($"  CPU       {board.DefaultCpu}");
        foreach (BoardOption option in board.Options)
            writer.WriteLine($"  {option.Name}={string.Join('|', option.Values)}: {option.Summary}");
        writer.WriteLine();
        var table = new Table().Border(TableBorder.None).AddColumns("  first", "last", "kind", "what");
        foreach (var range in map)
            table.AddRow($"  {range.First:x16}", $"{range.Last:x16}", range.Kind, Markup.Escape(range.Name));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new PlainOutput(writer) });
        console.Write(table);
    }

    private static string Kind(MemoryRegion region) => region switch
    {
        RamRegion { ReadOnly: true } => "rom",
        RamRegion => "ram",
        _ => "i/o",
    };

    private sealed class PlainOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => 120;

        public int Height => 50;

        public void SetEncoding(System.Text.Encoding encoding) { }
    }
}
