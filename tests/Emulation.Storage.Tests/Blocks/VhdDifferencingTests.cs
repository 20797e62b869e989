using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage.Tests;

/// <summary>Differencing images, some made here by the published specification: parents, how they are found and known, and sectors.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VhdDifferencingTests : IDisposable
{
    private const int Length = 5 << 20;
    private const int BlockSize = 2 << 20;

    private static readonly DateTime s_epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TempFolder _folder = new();
    private readonly Shadow _shadow = new(Length);

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Sectors_come_from_the_child_where_their_bit_is_set([Values] bool fixedParent)
    {
        await MakeParentAsync(fixedParent);
        byte[] image = MakeChild("W2ru", ".\\parent.vhd");
        await File.WriteAllBytesAsync(_folder["child.vhd"], image);
        DiskImage.DetectFormat(_folder["child.vhd"]).Should().Be("vhd");
        await using (BlockDevice child = DiskImage.Open(_folder["child.vhd"], readOnly: true))
            await _shadow.CheckAsync(child);
        var random = new Random(4);
        for (int round = 0; round < 3; round++)
        {
            await using BlockDevice child = DiskImage.Open(_folder["child.vhd"]);
            await _shadow.CheckAsync(child);
            for (int i = 0; i < 60; i++)
                await _shadow.StepAsync(child, random, 3_000_000);
            await _shadow.CheckAsync(child);
        }

        await using BlockDevice again = DiskImage.Open(_folder["child.vhd"], readOnly: true);
        await _shadow.CheckAsync(again);
        // the names of the parent are still there
        (await File.ReadAllBytesAsync(_folder["child.vhd"])).AsSpan().IndexOf(Encoding.Unicode.GetBytes(".\\parent.vhd")).Should().BePositive();
    }

    [TestCase("W2ku", "C:\\disks\\parent.vhd"), TestCase("MacX", "file://localhost/nowhere/parent.vhd"), TestCase("Mac ", "alias")]
    [TestCase("W2ru", "..\\elsewhere\\parent.vhd")]
    public async Task A_parent_that_moved_is_found_beside_its_child(string code, string locator)
    {
        await MakeParentAsync(false);
        await File.WriteAllBytesAsync(_folder["child.vhd"], MakeChild(code, locator));
        await using BlockDevice child = DiskImage.Open(_folder["child.vhd"], readOnly: true);
        await _shadow.CheckAsync(child);
    }

    [Test]
    public async Task Chains_are_followed_and_loops_are_errors()
    {
        await MakeParentAsync(false);
        string below = "parent.vhd";
        foreach (string name in new[] { "a.vhd", "b.vhd", "c.vhd" })
        {
            await using BlockDevice image = DiskImage.Create(_folder[name], Length, new VhdCreateOptions { ParentFile = below });
            await _shadow.CheckAsync(image);
            byte[] data = [(byte)name[0], 2, 3];
            data.CopyTo(_shadow.Bytes, name[0] * 1000);
            await image.WriteAsync(name[0] * 1000, data);
            below = name;
        }

        await using (BlockDevice image = DiskImage.Open(_folder["c.vhd"], readOnly: true))
            await _shadow.CheckAsync(image);
        byte[] child = MakeChild("W2ru", ".\\loop.vhd");
        await File.WriteAllBytesAsync(_folder["loop.vhd"], child);
        FluentActions.Invoking(() => DiskImage.Open(_folder["loop.vhd"])).Should().Throw<DiskImageException>().WithMessage("*loop*");
    }

    [Test]
    public async Task Another_parent_and_a_changed_one_are_errors()
    {
        await MakeParentAsync(false);
        File.SetLastWriteTimeUtc(_folder["parent.vhd"], DateTime.UtcNow.AddMinutes(1));
        byte[] image = MakeChild("W2ru", ".\\parent.vhd");
        await File.WriteAllBytesAsync(_folder["child.vhd"], image);
        File.SetLastWriteTimeUtc(_folder["parent.vhd"], DateTime.UtcNow.AddHours(1));
        DiskImageException error = FluentActions.Invoking(() => DiskImage.Open(_folder["child.vhd"])).Should().Throw<DiskImageException>().WithMessage("*changed*").Which;
        (error.Format, error.Offset).Should().Be(("vhd", 512L + 56));
        File.Delete(_folder["parent.vhd"]);
        error = FluentActions.Invoking(() => DiskImage.Open(_folder["child.vhd"])).Should().Throw<DiskImageException>().WithMessage("*parent is not there*parent.vhd*").Which;
        DiskImage.Create(_folder["parent.vhd"], Length, new VhdCreateOptions()).Dispose();
        error = FluentActions.Invoking(() => DiskImage.Open(_folder["child.vhd"])).Should().Throw<DiskImageException>().WithMessage("*another disk*").Which;
        error.Offset.Should().Be(512 + 40);
        FluentActions.Invoking(() => DiskImage.Create(_folder["x.vhd"], Length + 512, new VhdCreateOptions { ParentFile = "parent.vhd" })).Should().Throw<DiskImageException>();
        File.Exists(_folder["x.vhd"]).Should().BeFalse();
    }

    private async Task MakeParentAsync(bool fixedSize)
    {
        var random = new Random(3);
        await using BlockDevice parent = DiskImage.Create(_folder["parent.vhd"], Length, new VhdCreateOptions { Fixed = fixedSize });
        for (int i = 0; i < 40; i++)
            await _shadow.StepAsync(parent, random, 500_000);
    }

    // footer, header, table, two names, one block in which some sectors are there, footer
    private byte[] MakeChild(string code, string locator)
    {
        byte[] parentFooter = File.ReadAllBytes(_folder["parent.vhd"])[^512..];
        byte[] footer = [.. parentFooter];
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(16), 512);
        footer[63] = 4;
        Guid.NewGuid().TryWriteBytes(footer.AsSpan(68));
        SumUp(footer, 64);
        byte[] name = code[0] == 'M' ? Encoding.UTF8.GetBytes(locator) : Encoding.Unicode.GetBytes(locator);
        byte[] header = new byte[1024];
        "cxsparse"u8.CopyTo(header);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(8), -1);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(16), 1536);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(24), 0x10000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(28), 3);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(32), BlockSize);
        parentFooter.AsSpan(68, 16).CopyTo(header.AsSpan(40));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(56), (uint)(File.GetLastWriteTimeUtc(_folder["parent.vhd"]) - s_epoch).TotalSeconds);
        Encoding.BigEndianUnicode.GetBytes("parent.vhd").CopyTo(header, 64);
        Encoding.ASCII.GetBytes(code).CopyTo(header, 576);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(580), 512);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(584), name.Length);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(592), 2048);
        SumUp(header, 36);
        byte[] table = new byte[512];
        table.AsSpan().Fill(0xff);
        BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(4), 2560 / 512);
        byte[] block = new byte[512 + BlockSize];
        var random = new Random(9);
        random.NextBytes(block);
        block.AsSpan(0, 512).Clear();
        for (int sector = 0; sector < BlockSize / 512; sector++)
        {
            if (random.Next(3) > 0)
                continue;
            block[sector / 8] |= (byte)(0x80 >> (sector % 8));
            block.AsSpan(512 + (sector * 512), 512).CopyTo(_shadow.Bytes.AsSpan(BlockSize + (sector * 512)));
        }

        Array.Resize(ref name, 512);
        return [.. footer, .. header, .. table, .. name, .. block, .. footer];
    }

    private static void SumUp(byte[] bytes, int at)
    {
        bytes.AsSpan(at, 4).Clear();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), ~(uint)bytes.Sum(b => b));
    }
}
