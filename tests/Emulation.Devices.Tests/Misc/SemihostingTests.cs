using System.Buffers.Binary;
using System.Text;
using Emulation.Core;

namespace Emulation.Devices.Tests.Misc;

/// <summary>Operations, one by one. "Semihosting for AArch32 and AArch64".</summary>
[TestFixture(true, false)]
[TestFixture(false, false)]
[TestFixture(false, true)]
[TestFixture(true, true)]
public sealed class SemihostingTests(bool wide, bool bigEndian)
{
    private const uint Open = 1, Close = 2, WriteC = 3, Write0 = 4, Write = 5, Read = 6, ReadC = 7, IsTty = 9, Seek = 0xa, FLen = 0xc, Remove = 0xe, Rename = 0xf, Time = 0x11, System = 0x12,
        Errno = 0x13, Exit = 0x18, ExitExtended = 0x20, Elapsed = 0x30;

    private const long NoEntry = 2, BadHandle = 9, Access = 13, Fault = 14, TooManyFiles = 24, NoSpace = 28, ReadOnly = 30, NotSupported = 38;

    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("semihosting-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("/etc/passwd")]
    [TestCase("../outside")]
    [TestCase("sub/../../outside")]
    [TestCase("sub/..")]
    [TestCase("link/inside")]
    [TestCase("link")]
    [TestCase("file-link")]
    public void Names_do_not_leave_the_folder(string name)
    {
        string inner = Path.Combine(_folder, "root");
        Directory.CreateDirectory(Path.Combine(inner, "sub"));
        File.WriteAllText(Path.Combine(_folder, "outside"), "secret");
        Directory.CreateSymbolicLink(Path.Combine(inner, "link"), _folder);
        File.CreateSymbolicLink(Path.Combine(inner, "file-link"), Path.Combine(_folder, "outside"));
        var caller = new Caller(wide, bigEndian, o => o.Directory = inner);
        foreach (uint mode in (uint[])[0, 2, 4, 8])
        {
            caller.OpenFile(name, mode).Should().Be(-1);
            caller.Call(Errno).Should().Be(Access);
        }

        File.WriteAllText(Path.Combine(inner, "plain"), "x");
        caller.CallWithNames(Remove, name).Should().Be(-1);
        caller.CallWithNames(Rename, "plain", name).Should().Be(-1);
        caller.CallWithNames(Rename, name, "plain").Should().Be(-1);
        File.ReadAllText(Path.Combine(_folder, "outside")).Should().Be("secret");
        Directory.GetFileSystemEntries(_folder).Should().HaveCount(2);
    }

    [Test]
    public void A_folder_may_be_read_only()
    {
        File.WriteAllText(Path.Combine(_folder, "f"), "text");
        var caller = new Caller(wide, bigEndian, o => (o.Directory, o.ReadOnly) = (_folder, true));
        long handle = caller.OpenFile("./f", 0);
        caller.ReadFrom(handle, 10, out string text).Should().Be(6);
        text.Should().Be("text");
        caller.OpenFile("f", 2).Should().Be(-1);
        caller.Call(Errno).Should().Be(ReadOnly);
        caller.OpenFile("new", 4).Should().Be(-1);
        caller.CallWithNames(Remove, "f").Should().Be(-1);
        caller.CallWithNames(Rename, "f", "g").Should().Be(-1);
        File.ReadAllText(Path.Combine(_folder, "f")).Should().Be("text");
    }

    [Test]
    public void Files_are_appended_to([Values] bool folder)
    {
        var caller = new Caller(wide, bigEndian, o => o.Directory = folder ? _folder : null);
        for (int i = 0; i < 3; i++)
        {
            long handle = caller.OpenFile("log", i == 0 ? 8u : 10);
            caller.WriteTo(handle, "line\n").Should().Be(0);
            if (i > 0)
                caller.Call(Seek, (ulong)handle, 0).Should().Be(0);
            caller.WriteTo(handle, "-").Should().Be(0);
            caller.Call(Close, (ulong)handle).Should().Be(0);
        }

        caller.ReadFrom(caller.OpenFile("log", 0), 100, out string text);
        text.Should().Be("line\n-line\n-line\n-");
        (folder ? File.ReadAllText(Path.Combine(_folder, "log")) : Encoding.ASCII.GetString(caller.Host.FindFile("log")!)).Should().Be(text);
    }

    [Test]
    public void Memory_for_files_has_a_limit_and_is_given_back()
    {
        var caller = new Caller(wide, bigEndian, static o => o.MemoryLimit = 10_000);
        for (int i = 0; i < 10; i++)
        {
            long handle = caller.OpenFile("f", 6);
            caller.Call(Seek, (ulong)handle, 9000).Should().Be(0);
            caller.WriteTo(handle, "x").Should().Be(0);
            caller.Call(FLen, (ulong)handle).Should().Be(9001);
            long other = caller.OpenFile("g", 4);
            caller.Call(Seek, (ulong)other, 9000).Should().Be(0);
            caller.WriteTo(other, "x").Should().Be(1);
            caller.Call(Errno).Should().Be(NoSpace);
            caller.CallWithNames(Remove, "f").Should().Be(0);
            caller.Call(Close, (ulong)other).Should().Be(0);
            caller.Call(Seek, (ulong)handle, 9000);
            caller.ReadFrom(handle, 1, out string left).Should().Be(0);
            left.Should().Be("x", "what is open stays");
            caller.Call(Close, (ulong)handle).Should().Be(0);
        }

        caller.OpenFile("f", 0).Should().Be(-1);
        caller.Call(Errno).Should().Be(NoEntry);
    }

    [Test]
    public void Wrong_calls_fail_and_harm_nothing()
    {
        var caller = new Caller(wide, bigEndian);
        foreach (ulong handle in (ulong[])[0, 1, ulong.MaxValue, 1UL << 32])
        {
            caller.Call(Close, handle).Should().Be(-1);
            caller.Call(IsTty, handle).Should().Be(-1);
            caller.Call(Seek, handle, 0).Should().Be(-1);
            caller.Call(FLen, handle).Should().Be(-1);
            caller.Call(Write, handle, 0x1000, 5).Should().Be(5);
            caller.Call(Errno).Should().Be(BadHandle);
        }

        caller.Call(0x99).Should().Be(-1);
        caller.Call(System, 0x1000, 2).Should().Be(-1);
        caller.Call(Errno).Should().Be(NotSupported);
        caller.At(Open, 0xdead_0000).Should().Be(-1);
        caller.Call(Errno).Should().Be(Fault);
        caller.At(Write0, 0xdead_0000).Should().Be(-1);
        caller.At(WriteC, 0xdead_0000).Should().Be(-1);
        long file = caller.OpenFile("f", 6);
        ulong huge = wide ? ulong.MaxValue >> 1 : int.MaxValue;
        caller.Call(Write, (ulong)file, 0x8000, huge).Should().Be((long)huge - 0x8000, "memory ends");
        caller.Call(Errno).Should().Be(Fault);
        caller.Call(Seek, (ulong)file, 0);
        caller.Call(Read, (ulong)file, 0x8000, huge).Should().Be((long)huge - 0x8000);
        if (wide)
            caller.Call(Seek, (ulong)file, ulong.MaxValue).Should().Be(-1);
        for (int i = 1; i < 256; i++)
            caller.OpenFile(":tt", 4).Should().Be(i + 1);
        caller.OpenFile(":tt", 4).Should().Be(-1);
        caller.Call(Errno).Should().Be(TooManyFiles);
    }

    [Test]
    public void The_console_reads_what_there_is_and_waits_for_more()
    {
        var caller = new Caller(wide, bigEndian);
        var ready = new List<int>();
        caller.Host.InputReady += ready.Add;
        long input = caller.OpenFile(":tt", 0);
        caller.Call(IsTty, (ulong)input).Should().Be(1);
        caller.TryCall(Read, out _, (ulong)input, 0x9000, 5).Should().BeFalse();
        caller.Bench.Port.Send("ab");
        ready.Should().Equal(3);
        caller.ReadFrom(input, 5, out string text).Should().Be(3);
        text.Should().Be("ab");
        caller.TryCall(ReadC, out _).Should().BeFalse();
        caller.Host.EndInput();
        caller.Call(ReadC).Should().Be(-1);
        caller.ReadFrom(input, 5, out _).Should().Be(5);
        caller.At(Write0, caller.Text("out\n"));
        caller.WriteTo(caller.OpenFile(":tt", 4), "put\n");
        caller.WriteTo(caller.OpenFile(":tt", 8), "err\n");
        caller.Bench.Port.RecentText.Should().Be("out\nput\nerr\n");
    }

    [Test]
    public void Time_is_the_machines()
    {
        var caller = new Caller(wide, bigEndian);
        caller.Bench.Advance(5_250_000_000);
        caller.Call(0x10).Should().Be(525);
        caller.Call(Time).Should().Be(1_700_000_005);
        caller.Call(0x31).Should().Be(1_000_000_000);
        caller.At(Elapsed, 0x9000).Should().Be(0);
        if (wide)
            caller.Word(0x9000, 8).Should().Be(5_250_000_000);
        else
            (caller.Word(0x9000, 4), caller.Word(0x9004, 4)).Should().Be((5_250_000_000 & uint.MaxValue, 1));
        caller.At(Elapsed, 0xdead_0000).Should().Be(-1);
        caller.Parameter.Should().Be(wide ? ulong.MaxValue : uint.MaxValue);
    }

    [Test]
    public void A_program_exits_with_a_code()
    {
        var caller = new Caller(wide, bigEndian);
        SemihostingExit? exit = null;
        caller.Host.Exited += e => exit = e;
        if (wide)
        {
            caller.Call(Exit, 0x20026, 7);
            exit.Should().Be(new SemihostingExit(0x20026, 7));
            caller.Call(Exit, 0x20023, 7);
            exit.Should().Be(new SemihostingExit(0x20023, 1));
        }
        else
        {
            caller.At(Exit, 0x20026);
            exit.Should().Be(new SemihostingExit(0x20026, 0));
            caller.At(Exit, 0x20024);
            exit.Should().Be(new SemihostingExit(0x20024, 1));
        }

        caller.Call(ExitExtended, 0x20026, 9);
        caller.Host.Exit.Should().Be(new SemihostingExit(0x20026, 9));
        caller.Host.Reset();
        caller.Host.Exit.Should().BeNull();
    }

    [Test]
    public void Open_files_in_memory_are_state()
    {
        var caller = new Caller(wide, bigEndian, static o => o.Files.Add("given", [1, 2, 3]));
        long removed = caller.OpenFile("removed", 6), kept = caller.OpenFile("kept", 6), console = caller.OpenFile(":tt", 0);
        caller.WriteTo(removed, "gone");
        caller.CallWithNames(Remove, "removed");
        caller.WriteTo(kept, "here");
        caller.Call(Seek, (ulong)kept, 1);
        caller.TryCall(Read, out _, (ulong)console, 0x9000, 5).Should().BeFalse();
        byte[] state = DeviceBench.Save(caller.Host);

        var other = new Caller(wide, bigEndian);
        DeviceBench.Load(other.Host, state);
        DeviceBench.Save(other.Host).Should().Equal(state);
        var ready = new List<int>();
        other.Host.InputReady += ready.Add;
        other.Bench.Port.Send("x");
        ready.Should().Equal(3);
        other.ReadFrom(kept, 3, out string text);
        text.Should().Be("ere");
        other.Call(Seek, (ulong)removed, 0);
        other.ReadFrom(removed, 4, out text);
        text.Should().Be("gone");
        other.OpenFile("removed", 0).Should().Be(-1);
        other.Host.FindFile("given").Should().Equal(1, 2, 3);
        other.Host.Reset();
        other.Host.FindFile("kept").Should().BeNull();
    }

    /// <summary>CPU 3, with memory at 0x1000 to 0xffff.</summary>
    private sealed class Caller : ISemihostingCaller
    {
        private readonly byte[] _memory = new byte[0x1_0000];
        private readonly bool _bigEndian;
        private ulong _result;

        public Caller(bool wide, bool bigEndian, Action<SemihostingOptions>? configure = null)
        {
            (Is64Bit, _bigEndian) = (wide, bigEndian);
            var options = new SemihostingOptions();
            configure?.Invoke(options);
            Host = new Semihosting("semihosting", Bench.Port, null, Bench.Clock, Bench.Log, options, 1_700_000_000_000_000_000);
        }

        public DeviceBench Bench { get; } = new();

        public Semihosting Host { get; }

        public int Index => 3;

        public bool Is64Bit { get; }

        public bool IsBigEndian => _bigEndian;

        public uint Operation { get; private set; }

        public ulong Parameter
        {
            get;
            set => field = Is64Bit ? value : (uint)value;
        }

        public void SetResult(ulong value) => _result = value;

        public bool TryRead(ulong address, Span<byte> destination)
        {
            if (address < 0x1000 || address > 0x1_0000 || (ulong)destination.Length > 0x1_0000 - address)
                return false;
            _memory.AsSpan((int)address, destination.Length).CopyTo(destination);
            return true;
        }

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
        {
            if (address < 0x1000 || address > 0x1_0000 || (ulong)source.Length > 0x1_0000 - address)
                return false;
            source.CopyTo(_memory.AsSpan((int)address));
            return true;
        }

        public long At(uint operation, ulong parameter)
        {
            (Operation, Parameter) = (operation, parameter);
            Host.Call(this).Should().Be(SemihostingResult.Done);
            return Is64Bit ? (long)_result : (int)_result;
        }

        public bool TryCall(uint operation, out long result, params ulong[] fields)
        {
            int size = Is64Bit ? 8 : 4;
            for (int i = 0; i < fields.Length; i++)
                Put(0x1000 + (i * size), fields[i], size);
            (Operation, Parameter) = (operation, 0x1000);
            bool done = Host.Call(this) == SemihostingResult.Done;
            result = Is64Bit ? (long)_result : (int)_result;
            return done;
        }

        public long Call(uint operation, params ulong[] fields)
        {
            TryCall(operation, out long result, fields).Should().BeTrue();
            return result;
        }

        public ulong Text(string text, int at = 0x2000)
        {
            Encoding.UTF8.GetBytes(text + "\0").CopyTo(_memory, at);
            return (ulong)at;
        }

        public long OpenFile(string name, uint mode) => Call(Open, Text(name), mode, (ulong)name.Length);

        public long CallWithNames(uint operation, string name, string other = "")
            => Call(operation, Text(name), (ulong)name.Length, Text(other, 0x3000), (ulong)other.Length);

        public long WriteTo(long handle, string text) => Call(Write, (ulong)handle, Text(text), (ulong)text.Length);

        public long ReadFrom(long handle, int count, out string text)
        {
            long left = Call(Read, (ulong)handle, 0x4000, (ulong)count);
            text = Encoding.UTF8.GetString(_memory, 0x4000, count - (int)left);
            return left;
        }

        public ulong Word(int at, int size)
        {
            ReadOnlySpan<byte> bytes = _memory.AsSpan(at, size);
            if (size == 8)
                return _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            return _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        }

        private void Put(int at, ulong value, int size)
        {
            Span<byte> bytes = _memory.AsSpan(at, size);
            if (size == 8 && _bigEndian)
                BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            else if (size == 8)
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            else if (_bigEndian)
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        }
    }
}
