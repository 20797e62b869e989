using Emulation.Boards;
using System.Text.Json;

namespace Emulation.Cli.Tests;

public sealed class BoardsCommandTests
{
    [Test]
    public async Task All_boards_are_listed()
    {
        EmuRun run = await EmuRun.RunAsync(["boards"]);
        run.Code.Should().Be(0);
        run.Output.Should().Contain("riscv64-virt").And.Contain("riscv32-virt");
        using JsonDocument json = JsonDocument.Parse((await EmuRun.RunAsync(["boards", "--json"])).Output);
        json.RootElement.EnumerateArray().Select(b => b.GetProperty("name").GetString()).Should().Equal(
            "aarch64-virt", "arm-virt", "lm3s6965evb", "microbit", "mps2-an385", "mps2-an386", "mps2-an505", "riscv32-virt", "riscv64-virt", "sifive-e", "stm32f4-discovery");
    }

    [Test]
    public async Task A_board_shows_options_of_its_own()
    {
        EmuRun run = await EmuRun.RunAsync(["boards", "aarch64-virt"]);
        run.Code.Should().Be(0);
        run.Output.Should().Contain("gic=2|3").And.Contain("secure=off|on").And.Contain("virtualization=off|on");
    }

    [Test]
    public async Task Every_board_can_be_shown()
    {
        foreach (BoardDescription board in BoardCatalog.All)
        {
            EmuRun run = await EmuRun.RunAsync(["boards", board.Name]);
            run.Code.Should().Be(0, board.Name);
            run.Output.Should().Contain(board.Summary).And.NotContain(" 0 MiB");
        }
    }

    [Test]
    public async Task A_board_shows_its_memory_map()
    {
        EmuRun run = await EmuRun.RunAsync(["boards", "riscv64-virt"]);
        run.Code.Should().Be(0);
        run.Output.Should().Contain("0000000080000000").And.Contain("plic").And.Contain("rv64imafdc");
        using JsonDocument json = JsonDocument.Parse((await EmuRun.RunAsync(["boards", "riscv64-virt", "--json"])).Output);
        JsonElement map = json.RootElement.GetProperty("memoryMap");
        map.EnumerateArray().Single(r => r.GetProperty("name").GetString() == "ram").GetProperty("first").GetUInt64().Should().Be(0x8000_0000);
        json.RootElement.GetProperty("devices").EnumerateArray().Select(d => d.GetString()).Should().Contain("uart0");
    }
}
