namespace Emulation.Storage.Tests;

/// <summary>Every option against a shadow array, with so little memory for tables that they come and go.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RandomOperationTests : IDisposable
{
    private const int Length = 2 << 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCaseSource(typeof(Qcow2Case), nameof(Qcow2Case.All))]
    public async Task Agree_with_a_shadow_array(Qcow2Case @case)
    {
        var shadow = new Shadow(Length);
        var random = new Random(31);
        if (@case.Backing)
        {
            random.NextBytes(shadow.Bytes.AsSpan(500_000, 800_000));
            File.WriteAllBytes(_folder["base.raw"], shadow.Bytes.AsSpan(0, 1_300_000).ToArray());
        }

        DiskImage.Create(_folder["disk.qcow2"], Length, @case.In(_folder)).Dispose();
        var saved = new Dictionary<string, byte[]>();
        for (int round = 0; round < 3; round++)
        {
            await using var image = (Qcow2Image)DiskImage.Open(_folder["disk.qcow2"], new DiskImageOptions { CacheSize = 0 });
            await shadow.CheckAsync(image);
            for (int i = 0; i < 150; i++)
            {
                await shadow.StepAsync(image, random);
                if (i % 50 == 25)
                    await ChangeAsync(image, shadow, saved, random);
            }

            await shadow.CheckAsync(image);
            (await image.CheckAsync()).Messages.Should().BeEmpty();
        }

        QemuImg.ShouldBeClean(_folder["disk.qcow2"]);
    }

    private static async Task ChangeAsync(Qcow2Image image, Shadow shadow, Dictionary<string, byte[]> saved, Random random)
    {
        bool snapshots = image.DataFile is null && image.RefcountBits > 2;
        switch (random.Next(4))
        {
            case 0:
                int length = random.Next(1000, 6000) * 512;
                await image.ResizeAsync(length);
                shadow.Resize(length);
                break;
            case 1 or 2 when snapshots && saved.Count < 4:
                string name = $"at {random.Next()}";
                await image.CreateSnapshotAsync(name);
                saved[name] = [.. shadow.Bytes];
                break;
            case 3 when saved.Count > 0:
                (string applied, byte[] content) = saved.ElementAt(random.Next(saved.Count));
                await image.ApplySnapshotAsync(applied);
                shadow.Bytes = [.. content];
                await image.DeleteSnapshotAsync(applied);
                saved.Remove(applied);
                break;
        }

        await shadow.CheckAsync(image);
    }
}
