using System.IO.Pipelines;
using Emulation.Core;

namespace Emulation.Cli.Running;

/// <summary>Writes what a guest sends to a stream: at once, in pieces as large as have come up meanwhile.</summary>
internal sealed class OutputPump
{
    private readonly PipeReader _reader;
    private readonly Stream _stream;
    private readonly Action<IOException> _failed;
    private readonly Task _task;

    public OutputPump(SerialPort port, Stream stream, Action<IOException> failed)
    {
        _reader = port.Output;
        _stream = stream;
        _failed = failed;
        _task = Task.Run(CopyAsync);
    }

    /// <summary>Writes the rest, after the guest has stopped.</summary>
    public async Task FinishAsync()
    {
        _reader.CancelPendingRead();
        await _task.ConfigureAwait(false);
    }

    private async Task CopyAsync()
    {
        try
        {
            while (true)
            {
                ReadResult result = await _reader.ReadAsync().ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                    await _stream.WriteAsync(piece).ConfigureAwait(false);
                await _stream.FlushAsync().ConfigureAwait(false);
                _reader.AdvanceTo(result.Buffer.End);
                if (result.IsCanceled || result.IsCompleted)
                    return;
            }
        }
        catch (IOException e)
        {
            _failed(e);
        }
    }
}
