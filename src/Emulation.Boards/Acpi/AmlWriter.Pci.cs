using System.Text;

namespace Emulation.Boards.Acpi;

// Methods of a PCI host bridge. PCI Firmware Specification 3.2, 4.5.
internal sealed partial class AmlWriter
{
    private const byte Local0 = 0x60, Arg0 = 0x68, Arg1 = 0x69, Arg3 = 0x6b, StoreOp = 0x70, AndOp = 0x7b, OrOp = 0x7d, CreateDwordFieldOp = 0x8a, NotOp = 0x92, EqualOp = 0x93, IfOp = 0xa0;

    private static readonly Guid s_hostBridge = new("33db4d5b-1ff7-401c-9657-7441c03dd766");

    /// <summary>_OSC: the system may have all that it asks for and there is: hot plug, power management events, error reporting, the capability structure.</summary>
    public void PciCapabilities()
    {
        const byte UnknownUuid = 4, UnknownRevision = 8, Masked = 16, Controls = 0x1f;
        Method("_OSC", m =>
        {
            m.Field("CDW1", 0);
            m.Block([IfOp], [EqualOp, Arg0], then =>
            {
                then.Block([BufferOp], [BytePrefix, 16], static uuid => uuid._bytes.AddRange(s_hostBridge.ToByteArray()));
                then.Field("CDW2", 4);
                then.Field("CDW3", 8);
                then._bytes.AddRange([AndOp, .. Symbol("CDW3"), BytePrefix, Controls, Local0]);
                then.Block([IfOp], [NotOp, EqualOp, Arg1, OneOp], static other => other.Set("CDW1", UnknownRevision));
                then.Block([IfOp], [NotOp, EqualOp, .. Symbol("CDW3"), Local0], static other => other.Set("CDW1", Masked));
                then._bytes.AddRange([StoreOp, Local0, .. Symbol("CDW3"), ReturnOp, Arg3]);
            });
            m.Set("CDW1", UnknownUuid);
            m._bytes.AddRange([ReturnOp, Arg3]);
        }, arguments: 4);
    }

    private static byte[] Symbol(string name) => Encoding.ASCII.GetBytes(name);

    private void Field(string name, byte offset)
    {
        _bytes.AddRange([CreateDwordFieldOp, Arg3]);
        Integer(offset);
        _bytes.AddRange(Symbol(name));
    }

    private void Set(string name, byte bits) => _bytes.AddRange([OrOp, .. Symbol(name), BytePrefix, bits, .. Symbol(name)]);
}
