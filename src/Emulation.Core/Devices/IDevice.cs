namespace Emulation.Core;

/// <summary>Anything in a machine that has state: it can be reset, saved and loaded.</summary>
public interface IDevice
{
    /// <summary>Unique in its machine; names the snapshot section.</summary>
    string Name { get; }

    /// <summary>Version of what <see cref="Save"/> writes.</summary>
    int StateVersion => 1;

    /// <summary>Brings the device to the state of a new one.</summary>
    void Reset();

    /// <summary>Writes all guest-visible and timing state.</summary>
    /// <param name="writer">The device's own section.</param>
    void Save(StateWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">The device's own section; <see cref="StateReader.Version"/> is at most <see cref="StateVersion"/>.</param>
    void Load(StateReader reader);
}
