using System.CommandLine;
using Emulation.Cli.Images;
using Emulation.Storage;

namespace Emulation.Cli.Nbd;

/// <summary>emu nbd serve.</summary>
internal static class ServeCommand
{
    public static Command Create(CliHost host)
    {
        var options = new ServeOptions();
        var command = new Command("serve", "Offers an image to NBD clients until the last of them has left, or for good with -t. Prints its URI when it is ready.");
        command.Add(options.File);
        foreach (Option option in options.All)
            command.Add(option);
        var open = OpenOptions.AddTo(command);
        command.Do(host, async (result, writer, cancellation) =>
        {
            ServeSettings settings = options.Read(result, open);
            await using IBlockDevice disk = settings.Open();
            var serverOptions = new NbdServerOptions
            {
                MaxConnections = settings.Shared,
                Tls = settings.Certificates is { } directory ? NbdServerTls.FromDirectory(directory, settings.VerifyPeer, settings.TlsRequired) : null,
                Log = settings.Verbose ? text => host.Error.WriteLine("emu: " + text) : null,
            };
            await using var server = new NbdServer(serverOptions);
            try
            {
                server.Add(new NbdExport { Name = settings.Name, Device = disk, Description = settings.Description, ReadOnly = settings.ReadOnly, Bitmaps = settings.Bitmaps });
            }
            catch (ArgumentException e)
            {
                throw new UsageException(e.Message.Split(" (Parameter", 2)[0], e);
            }

            NbdUri uri = settings.Socket is { } socket ? server.Listen(Path.GetFullPath(socket)) : server.Listen(settings.EndPoint);
            await writer.WriteLineAsync((uri with { ExportName = settings.Name }).ToString()).ConfigureAwait(false);
            await writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);

            Task stopped = Task.Delay(Timeout.Infinite, cancellation);
            await Task.WhenAny(settings.Persistent ? stopped : server.LastClientLeft, stopped).ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }
}
