using Emulation.Core;

namespace Emulation.Devices;

// Snapshots of files and handles.
public sealed partial class Semihosting
{
    private void SaveFiles(StateWriter writer)
    {
        _files.Save(writer, _handles.Select(static h => h?.File).OfType<ISemihostingFile>());
        writer.Write(_handles.Count);
        foreach (Handle? handle in _handles)
        {
            writer.Write(handle is not null);
            if (handle is null)
                continue;
            writer.Write((byte)handle.Kind);
            writer.Write(handle.Name);
            writer.Write(handle.Mode.Number);
            writer.Write(handle.Position);
            if (handle.File is { } file)
                _files.SaveHandle(writer, file);
        }
    }

    private void LoadFiles(StateReader reader)
    {
        CloseAll();
        _files.Load(reader);
        int count = reader.ReadCount(1);
        if (count > MaxHandles)
            throw reader.Damaged($"{count} handles");
        for (int i = 0; i < count; i++)
            _handles.Add(reader.ReadBoolean() ? LoadHandle(reader) : null);
    }

    private Handle LoadHandle(StateReader reader)
    {
        var kind = (HandleKind)reader.ReadByte();
        string name = reader.ReadString();
        byte number = reader.ReadByte();
        long position = reader.ReadInt64();
        if (kind > HandleKind.File || number >= OpenMode.Count || position is < 0 or > (long)MaxPosition)
            throw reader.Damaged($"a handle of kind {kind}, mode {number}, at {position}");
        var mode = new OpenMode(number);
        return new Handle(kind, name, mode, kind == HandleKind.File ? _files.Reopen(reader, name, mode) : null) { Position = position };
    }
}
