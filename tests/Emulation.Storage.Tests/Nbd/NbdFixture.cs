using System.Net;

namespace Emulation.Storage.Tests.Nbd;

/// <summary>A server of ours with one disk, on a Unix socket and on a free port.</summary>
internal sealed class NbdFixture : IAsyncDisposable
{
    public NbdFixture(IBlockDevice disk, NbdServerOptions? options = null, NbdExport? export = null)
    {
        Disk = disk;
        Server = new NbdServer((options ?? new NbdServerOptions()) with { Log = Log.Enqueue });
        Server.Add(export ?? new NbdExport { Name = "disk", Device = disk, Description = "a disk" });
        Unix = Server.Listen(Folder["socket"]) with { ExportName = export?.Name ?? "disk" };
        Tcp = Server.Listen(new IPEndPoint(IPAddress.Loopback, 0)) with { ExportName = export?.Name ?? "disk" };
    }

    public IBlockDevice Disk { get; }

    public NbdServer Server { get; }

    public TempFolder Folder { get; } = new();

    public NbdUri Unix { get; }

    public NbdUri Tcp { get; }

    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Disk.DisposeAsync();
        Folder.Dispose();
    }
}
