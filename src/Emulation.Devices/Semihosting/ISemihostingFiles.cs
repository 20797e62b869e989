using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Where files are found by name. Results are 0 or a number of <see cref="SemihostingError"/>.</summary>
internal interface ISemihostingFiles
{
    int Open(string name, OpenMode mode, out ISemihostingFile? file);

    int Remove(string name);

    int Rename(string name, string newName);

    void Reset();

    /// <summary>Writes the state of files, those with names and those that are open.</summary>
    void Save(StateWriter writer, IEnumerable<ISemihostingFile> open);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    void Load(StateReader reader);

    /// <summary>The file of a handle that was open when the state was saved.</summary>
    ISemihostingFile Reopen(StateReader reader, string name, OpenMode mode);

    /// <summary>Writes what <see cref="Reopen"/> needs besides name and mode.</summary>
    void SaveHandle(StateWriter writer, ISemihostingFile file);
}
