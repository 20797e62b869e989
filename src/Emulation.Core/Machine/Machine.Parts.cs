namespace Emulation.Core;

public sealed partial class Machine
{
    private readonly Dictionary<object, object> _parts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, object> _backends = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, object> Backends => _backends;

    /// <summary>What stands in this machine for a host-side part (a disk image, a console) of the machine it was forked from, or for the part that was given to the builder.</summary>
    /// <typeparam name="T">Type of the part.</typeparam>
    /// <param name="part">The part that was given to the builder, or of the other machine.</param>
    /// <returns>This machine's own part.</returns>
    /// <exception cref="InvalidOperationException">The part was never given to this machine.</exception>
    public T CounterpartOf<T>(T part)
        where T : class
        => (T)PartOf(part);

    internal object PartOf(object handle)
        => _parts.TryGetValue(handle, out object? part) ? part : throw new InvalidOperationException($"machine '{Name}' has no part that belongs to this {handle.GetType().Name}");

    internal void AddPart(object handle, object part) => _parts[handle] = part;

    internal object? FindBackend(string name) => _backends.GetValueOrDefault(name);

    internal bool AddBackend(string name, object original, object part, Machine? origin)
    {
        // whatever stood for the other machine's part stands for this one, too
        if (origin?.FindBackend(name) is { } source)
        {
            foreach ((object handle, object theirs) in origin._parts)
            {
                if (ReferenceEquals(theirs, source))
                    _parts[handle] = part;
            }
        }

        _parts[original] = part;
        _parts[part] = part;
        return _backends.TryAdd(name, part);
    }
}
