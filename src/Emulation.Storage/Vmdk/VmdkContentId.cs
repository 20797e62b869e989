using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Emulation.Storage;

/// <summary>The identifier of a disk's content in its descriptor, which changes with the first write after opening.</summary>
/// <param name="file">Holds the descriptor.</param>
/// <param name="at">Where the digits are.</param>
/// <param name="digits">How many there are.</param>
/// <param name="old">The number that they are now.</param>
internal sealed class VmdkContentId(HostFile file, long at, int digits, uint old)
{
    private bool _changed;

    /// <summary>A number that is not the one which says that nothing is below.</summary>
    public static uint Fresh() => (uint)RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>Changes the number, once; it is durable before what it tells about.</summary>
    public async ValueTask ChangeAsync()
    {
        if (_changed)
            return;
        // in place: the text around it stays where it is
        string before = old.ToString("x8", CultureInfo.InvariantCulture)[^digits..];
        string number = before;
        while (number == before)
            number = Fresh().ToString("x8", CultureInfo.InvariantCulture)[^digits..];
        await file.WriteAsync(at, Encoding.ASCII.GetBytes(number)).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        _changed = true;
    }
}
