using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Virtio entropy device: fills the driver's buffers with random bytes. Virtio 1.2, section 5.4.</summary>
/// <param name="source">Where the bytes come from.</param>
public sealed class VirtioRng(IEntropySource source) : VirtioDevice(4, QueueSize)
{
    private const ushort QueueSize = 64;
    private const int Piece = 1024;

    // The device may answer with less than asked for; this is ample for any driver.
    private const int MaxAnswer = 1 << 16;

    internal override int ConfigLength => 0;

    private protected override ulong DeviceFeatures => 0;

    private protected override void FillConfig(Span<byte> config) { }

    private protected override void Handle(Virtqueue queue, DescriptorChain chain)
    {
        Span<byte> piece = stackalloc byte[Piece];
        uint length = (uint)Math.Min(chain.Writable, MaxAnswer);
        if (length == 0)
        {
            Break($"queue {queue.Index}: request without a buffer to fill");
            return;
        }

        for (uint done = 0; done < length;)
        {
            Span<byte> part = piece[..(int)Math.Min(Piece, length - done)];
            source.Fill(part);
            if (!chain.Write(done, part))
            {
                Break("request outside memory");
                return;
            }

            done += (uint)part.Length;
        }

        Complete(queue, chain, length);
    }

    private protected override void ResetCore(bool powerOn)
    {
        // a new driver must not get the old one's bytes
        if (powerOn)
            source.Reset();
    }

    private protected override void SaveCore(StateWriter writer) => source.Save(writer);

    private protected override void LoadCore(StateReader reader) => source.Load(reader);
}
