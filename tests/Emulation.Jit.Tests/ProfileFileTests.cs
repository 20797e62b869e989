namespace Emulation.Jit.Tests;

/// <summary>Profiles on disk.</summary>
public sealed class ProfileFileTests
{
    private string _path = "";

    [SetUp]
    public void SetUp() => _path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"profile-{Guid.NewGuid():n}");

    [TearDown]
    public void TearDown() => File.Delete(_path);

    [Test]
    public void What_is_saved_is_loaded()
    {
        JitProfile profile = Sample(30);
        profile.Save(_path);
        JitProfile loaded = JitProfile.Load(_path, out string? problem);
        problem.Should().BeNull();
        loaded.Count.Should().Be(30);
        for (int i = 0; i < 30; i++)
        {
            profile.TryFind(Key(i), out ProfileRegion expected).Should().BeTrue();
            loaded.TryFind(Key(i), out ProfileRegion region).Should().BeTrue();
            region.Members.Should().Equal(expected.Members);
            (region.Heat, region.Age).Should().Be((expected.Heat, (byte)1));
        }

        Directory.GetFiles(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + "*").Should().ContainSingle("nothing else is left behind");
    }

    [Test]
    public void Saving_replaces_an_older_profile()
    {
        Sample(30).Save(_path);
        Sample(5).Save(_path);
        JitProfile.Load(_path, out _).Count.Should().Be(5);
    }

    [Test]
    public void A_missing_file_is_an_empty_profile()
    {
        JitProfile.Load(_path, out string? problem).Count.Should().Be(0);
        problem.Should().BeNull();
    }

    [Test]
    public void A_directory_is_no_profile()
    {
        string directory = TestContext.CurrentContext.WorkDirectory;
        JitProfile.Load(directory, out _).Count.Should().Be(0);
        Action save = () => Sample(1).Save(directory);
        save.Should().Throw<Exception>().Which.Should().Match(e => e is IOException || e is UnauthorizedAccessException);
    }

    [Test]
    public void Every_cut_is_noticed()
    {
        byte[] whole = Bytes(Sample(20));
        for (int length = 0; length < whole.Length; length++)
            Refuse(whole[..length]);
        Refuse([.. whole, 0]);
    }

    [Test]
    public void Every_changed_byte_is_noticed()
    {
        byte[] whole = Bytes(Sample(20));
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= (byte)(1 << (i % 8));
            Refuse(changed);
        }
    }

    [Test]
    public void Random_bytes_with_a_right_hash_do_no_harm()
    {
        var random = new Random(1);
        byte[] head = Bytes(Sample(1))[..8];
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[random.Next(12, 300)];
            random.NextBytes(bytes);
            head.CopyTo(bytes, 0);
            if (i % 2 == 0)
                BitConverter.TryWriteBytes(bytes.AsSpan(8), random.Next(-2, 10));
            byte[] file = [.. bytes, .. BitConverter.GetBytes(ProfileKey.HashOf(0, bytes))];
            Refuse(file, mayBeRight: true);
        }
    }

    [Test]
    public void Another_version_says_so()
    {
        byte[] bytes = Bytes(Sample(3));
        bytes[7]++;
        File.WriteAllBytes(_path, bytes);
        JitProfile.Load(_path, out string? problem).Count.Should().Be(0);
        problem.Should().Contain("version");
        Sample(3).Save(_path);
        JitProfile.Load(_path, out problem).Count.Should().Be(3);
        problem.Should().BeNull();
    }

    [Test]
    public void A_file_that_is_something_else_is_not_replaced()
    {
        File.WriteAllText(_path, "a kernel, given in the wrong place");
        JitProfile.Load(_path, out string? problem).Count.Should().Be(0);
        problem.Should().Contain("not a profile");
        Action save = () => Sample(1).Save(_path);
        save.Should().Throw<IOException>().WithMessage("*not a profile*");
        File.ReadAllText(_path).Should().StartWith("a kernel");
    }

    [Test]
    public void Merging_keeps_both_and_the_greater_heat()
    {
        JitProfile one = Sample(10), two = new();
        two.Note(Key(3), [new ProfileMember(4, 5)], 1_000_000);
        two.Note(Key(50), [], 7);
        one.Merge(two);
        one.Merge(one);
        one.Count.Should().Be(11);
        one.TryFind(Key(3), out ProfileRegion region).Should().BeTrue();
        region.Heat.Should().Be(1_000_000);
        region.Members.Should().Equal(new ProfileMember(4, 5));
        two.Count.Should().Be(2);
    }

    [Test]
    public void The_hottest_stay()
    {
        var profile = new JitProfile();
        int count = JitProfile.MaxRegions + 5000;
        for (int i = 0; i < count; i++)
            profile.Note(Key(i), [], i);
        profile.Save(_path);
        JitProfile loaded = JitProfile.Load(_path, out _);
        loaded.Count.Should().Be(JitProfile.MaxRegions);
        loaded.TryFind(Key(4999), out _).Should().BeFalse();
        loaded.TryFind(Key(5000), out _).Should().BeTrue();
    }

    [Test]
    public void A_long_run_stays_bounded()
    {
        var profile = new JitProfile();
        for (int i = 0; i < 5 * JitProfile.MaxRegions; i++)
            profile.Note(Key(i), [], i);
        profile.Count.Should().BeLessThanOrEqualTo(2 * JitProfile.MaxRegions);
    }

    [Test]
    public void What_runs_no_longer_need_makes_room_first()
    {
        var profile = new JitProfile();
        for (int i = 0; i < JitProfile.MaxRegions; i++)
            profile.Note(Key(i), [], 1000);
        profile.Save(_path);
        JitProfile loaded = JitProfile.Load(_path, out _);
        loaded.Note(Key(0), null, 2);
        for (int i = 0; i < 100; i++)
            loaded.Note(Key(-1 - i), [], 5);
        loaded.Save(_path);
        loaded = JitProfile.Load(_path, out _);
        loaded.Count.Should().Be(JitProfile.MaxRegions);
        loaded.TryFind(Key(0), out _).Should().BeTrue();
        loaded.TryFind(Key(-1), out _).Should().BeTrue();
    }

    [Test]
    public void Threads_may_use_it_at_once()
    {
        var profile = new JitProfile();
        Parallel.For(0, 8, thread =>
        {
            for (int i = 0; i < 2000; i++)
            {
                profile.Note(Key(i), [new ProfileMember(1, (uint)thread)], i);
                profile.TryFind(Key(i), out _).Should().BeTrue();
                if (i % 500 == 0)
                    Bytes(profile).Should().NotBeEmpty();
            }
        });
        profile.Count.Should().Be(2000);
    }

    private void Refuse(byte[] bytes, bool mayBeRight = false)
    {
        var profile = new JitProfile();
        try
        {
            profile.Read(new MemoryStream(bytes));
            mayBeRight.Should().BeTrue("{0} bytes were taken for a profile", bytes.Length);
        }
        catch (InvalidDataException e)
        {
            e.Message.Should().NotContain("\n");
            profile.Count.Should().Be(0);
        }
    }

    private static ProfileKey Key(int i) => new((ushort)(i & 0xffe), 3, ProfileKey.HashOf(1, BitConverter.GetBytes(i)));

    private static JitProfile Sample(int regions)
    {
        var profile = new JitProfile();
        for (int i = 0; i < regions; i++)
            profile.Note(Key(i), [.. Enumerable.Range(0, i % 7).Select(m => new ProfileMember((ushort)m, (uint)(m * i)))], 10 * i);
        return profile;
    }

    private static byte[] Bytes(JitProfile profile)
    {
        using var stream = new MemoryStream();
        profile.Write(stream);
        return stream.ToArray();
    }
}
