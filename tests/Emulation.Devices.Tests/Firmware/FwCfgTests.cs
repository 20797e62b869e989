using System.Buffers.Binary;
using System.Text;
using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class FwCfgTests
{
    private const ulong Base = 0x1010_0000;
    private const ulong Descriptor = DeviceBench.RamBase + 0x100;
    private const ulong Buffer = DeviceBench.RamBase + 0x1000;
    private const uint Error = 1, Read = 2, Skip = 4, Select = 8, Write = 16;
    private DeviceBench _bench = null!;
    private FwCfg _device = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new DeviceBench();
        _device = new FwCfg("fwcfg", _bench.Memory, _bench.Log);
        _bench.Memory.Root.Add(Base, _device.Region);
    }

    [Test]
    public void Signature_and_features()
    {
        SelectKey(0);
        ReadBytes(5).Should().Equal([.. "QEMU"u8, 0]);
        SelectKey(1);
        ReadBytes(4).Should().Equal(3, 0, 0, 0);
        _bench.Memory.Read(Base + 0x10, 8, out ulong signature);
        BinaryPrimitives.ReverseEndianness(signature).Should().Be(0x51454d5520434647);
        _bench.Memory.Read(Base + 0x14, 4, out ulong low);
        BinaryPrimitives.ReverseEndianness((uint)low).Should().Be(0x20434647);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(8)]
    public void Data_keeps_its_order_in_memory_at_every_width(int width)
    {
        _device.AddItem(5, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        SelectKey(5);
        var bytes = new List<byte>();
        for (int i = 0; i < 16; i += width)
        {
            _bench.Memory.Read(Base, width, out ulong value);
            // what a little-endian CPU would store
            for (int b = 0; b < width; b++)
                bytes.Add((byte)(value >> (8 * b)));
        }

        bytes.Should().Equal(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 0, 0);
    }

    [Test]
    public void The_directory_lists_files_by_name()
    {
        ushort second = _device.AddFile("opt/b", "bb"u8);
        ushort first = _device.AddFile("etc/a", "a"u8);
        SelectKey(0x19);
        byte[] directory = ReadBytes(4 + 128);
        BinaryPrimitives.ReadInt32BigEndian(directory).Should().Be(2);
        BinaryPrimitives.ReadInt32BigEndian(directory.AsSpan(4)).Should().Be(1);
        BinaryPrimitives.ReadUInt16BigEndian(directory.AsSpan(8)).Should().Be(first);
        Encoding.ASCII.GetString(directory, 12, 56).TrimEnd('\0').Should().Be("etc/a");
        BinaryPrimitives.ReadInt32BigEndian(directory.AsSpan(68)).Should().Be(2);
        BinaryPrimitives.ReadUInt16BigEndian(directory.AsSpan(72)).Should().Be(second);
        Encoding.ASCII.GetString(directory, 76, 56).TrimEnd('\0').Should().Be("opt/b");
        SelectKey(second);
        ReadBytes(2).Should().Equal("bb"u8.ToArray());
    }

    [Test]
    public void Unknown_keys_and_writes_give_nothing()
    {
        SelectKey(0x1234);
        ReadBytes(3).Should().Equal(0, 0, 0);
        _bench.Memory.Write(Base, 1, 5).Should().Be(BusResult.Ok);
        _bench.Messages.Should().ContainSingle();
    }

    [Test]
    public void DMA_reads_items_and_zeros_past_their_end()
    {
        ushort key = _device.AddFile("f", "0123456789"u8);
        Fill(0xee, 32);
        Dma(((uint)key << 16) | Select | Read, 4, Buffer).Should().Be(0);
        Memory(6).Should().Equal([.. "0123"u8, 0xee, 0xee]);
        Dma(Skip, 2, 0).Should().Be(0);
        Dma(Read, 8, Buffer).Should().Be(0);
        Memory(10).Should().Equal([.. "6789"u8, 0, 0, 0, 0, 0xee, 0xee]);
        Dma(Read, 3, Buffer).Should().Be(0);
        Memory(4).Should().Equal(0, 0, 0, (byte)'9');
    }

    [Test]
    public void DMA_started_by_one_64_bit_write()
    {
        WriteDescriptor(Select | Read, 4, Buffer);
        _bench.Memory.Write(Base + 0x10, 8, BinaryPrimitives.ReverseEndianness(Descriptor)).Should().Be(BusResult.Ok);
        Memory(4).Should().Equal("QEMU"u8.ToArray());
    }

    [Test]
    public void DMA_writes_only_into_writable_files_and_only_inside_them()
    {
        byte[]? written = null;
        ushort readOnly = _device.AddFile("ro", "abcd"u8);
        ushort writable = _device.AddWritableFile("rw", new byte[4], data => written = data.ToArray());
        Fill(0x5a, 16);
        Dma(((uint)readOnly << 16) | Select | Write, 4, Buffer).Should().Be(Error);
        Dma(((uint)writable << 16) | Select | Write, 5, Buffer).Should().Be(Error);
        written.Should().BeNull();
        Dma(((uint)writable << 16) | Select | Write, 3, Buffer).Should().Be(0);
        written.Should().Equal(0x5a, 0x5a, 0x5a, 0);
        Dma(Write, 2, Buffer).Should().Be(Error);
        SelectKey(readOnly);
        ReadBytes(4).Should().Equal("abcd"u8.ToArray());

        byte[] state = DeviceBench.Save(_device);
        _device.Reset();
        SelectKey(writable);
        ReadBytes(4).Should().Equal(0, 0, 0, 0);
        DeviceBench.Load(_device, state);
        SelectKey(writable);
        ReadBytes(4).Should().Equal(0x5a, 0x5a, 0x5a, 0);
    }

    [TestCase(0UL)]
    [TestCase(Base)]
    [TestCase(DeviceBench.RamBase + (1 << 20) - 2)]
    [TestCase(ulong.MaxValue - 1)]
    public void DMA_to_bad_addresses_fails_and_says_so(ulong buffer)
    {
        ushort writable = _device.AddWritableFile("rw", new byte[64]);
        Dma(Select | Read, 4, buffer).Should().Be(Error);
        Dma(((uint)writable << 16) | Select | Write, 64, buffer).Should().Be(Error);
        Dma(((uint)writable << 16) | Select | Read, uint.MaxValue, buffer).Should().Be(Error);
        _bench.Messages.Should().NotBeEmpty();
    }

    [TestCase(0UL)]
    [TestCase(Base)]
    [TestCase(DeviceBench.RamBase + (1 << 20) - 8)]
    [TestCase(ulong.MaxValue - 4)]
    public void A_bad_descriptor_is_only_logged(ulong descriptor)
    {
        byte[] before = Memory(4096);
        Start(descriptor);
        _bench.Messages.Should().ContainSingle().Which.Should().Contain("descriptor");
        Memory(4096).Should().Equal(before);
    }

    [Test]
    public void DMA_without_a_command_completes()
    {
        Dma(0, 16, 0).Should().Be(0);
        Dma(Select, 0, 0).Should().Be(0);
        Dma(Read, 0, 0).Should().Be(0);
    }

    [Test]
    public void Names_and_keys_are_checked()
    {
        _device.AddFile("f", []);
        FluentActions.Invoking(() => _device.AddFile("f", [])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => _device.AddFile(new string('x', 56), [])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => _device.AddFile("ü", [])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => _device.AddItem(0x20, [])).Should().Throw<ArgumentOutOfRangeException>();
    }

    private void SelectKey(ushort key) => _bench.Memory.Write(Base + 8, 2, BinaryPrimitives.ReverseEndianness(key)).Should().Be(BusResult.Ok);

    private byte[] ReadBytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            _bench.Memory.Read(Base, 1, out ulong value);
            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private uint Dma(uint control, uint length, ulong buffer)
    {
        WriteDescriptor(control, length, buffer);
        Start(Descriptor);
        byte[] result = new byte[4];
        _bench.Memory.TryRead(Descriptor, result);
        return BinaryPrimitives.ReadUInt32BigEndian(result);
    }

    private void WriteDescriptor(uint control, uint length, ulong buffer)
    {
        byte[] descriptor = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(descriptor, control);
        BinaryPrimitives.WriteUInt32BigEndian(descriptor.AsSpan(4), length);
        BinaryPrimitives.WriteUInt64BigEndian(descriptor.AsSpan(8), buffer);
        _bench.Memory.TryWrite(Descriptor, descriptor).Should().BeTrue();
    }

    private void Start(ulong descriptor)
    {
        _bench.Memory.Write(Base + 0x10, 4, BinaryPrimitives.ReverseEndianness((uint)(descriptor >> 32)));
        _bench.Memory.Write(Base + 0x14, 4, BinaryPrimitives.ReverseEndianness((uint)descriptor));
    }

    private void Fill(byte value, int count) => _bench.Memory.TryWrite(Buffer, [.. Enumerable.Repeat(value, count)]);

    private byte[] Memory(int count)
    {
        byte[] bytes = new byte[count];
        _bench.Memory.TryRead(Buffer, bytes).Should().BeTrue();
        return bytes;
    }
}
