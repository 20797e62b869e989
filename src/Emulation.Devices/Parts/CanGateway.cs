namespace Emulation.Devices;

/// <summary>The node by which a <see cref="CanLink"/> is on a bus.</summary>
/// <param name="link">Name of the link.</param>
/// <param name="bitRate">Bits per second.</param>
internal sealed class CanGateway(string link, int bitRate) : CanPeer(bitRate)
{
    public string Link => link;

    /// <inheritdoc/>
    protected override CanPeer Create(int bitRate) => new CanGateway(link, bitRate);
}
