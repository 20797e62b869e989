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
    private uint _number = old;

    /// <summary>The number that counts.</summary>
    public uint Current => _number;

    /// <summary>A number that is not the one which says that nothing is below.</summary>
    public static uint Fresh() => (uint)RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>Changes the number, once; it is durable before what it tells about.</summary>
    public async ValueTask ChangeAsync()
    {
        if (_changed)
            return;
        // in place: the text around it stays where it is
        string before = _number.ToString("x8", CultureInfo.InvariantCulture)[^digits..];
        string number = before;
        while (number == before)
            number = Fresh().ToString("x8", CultureInfo.InvariantCulture)[^digits..];
        await WriteAsync(number).ConfigureAwait(false);
        _changed = true;
    }

    /// <summary>Writes another number in the place of the one that is there.</summary>
    /// <exception cref="DiskImageException">There is no room for it.</exception>
    public ValueTask WriteAsync(uint number, ImageName name)
    {
        string text = number.ToString("x8", CultureInfo.InvariantCulture);
        return text[..^digits].Trim('0').Length == 0 ? WriteAsync(text[^digits..])
            : throw name.At(at, $"there is no room for the content identifier {text} of the image below");
    }

    private async ValueTask WriteAsync(string number)
    {
        await file.WriteAsync(at, Encoding.ASCII.GetBytes(number)).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        _number = uint.Parse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
