using System.Text;

namespace Emulation.Core.Tests.Fakes;

/// <summary>A device of a few 32-bit registers.</summary>
internal abstract class FakeDevice : IDevice, IMmio, IMapped
{
    protected FakeDevice(string name)
    {
        Name = name;
        Region = new MmioRegion(name, 0x100, this);
    }

    public string Name { get; }

    public virtual int StateVersion => 1;

    public MmioRegion Region { get; }

    public abstract void Reset();

    public abstract void Save(StateWriter writer);

    public abstract void Load(StateReader reader);

    public abstract ulong Read(ulong offset, int size);

    public abstract void Write(ulong offset, int size, ulong value);
}

/// <summary>0: 16 MHz counter; 4: arm in so many ns; 8: acknowledge; c: period in ns.</summary>
internal sealed class FakeTimer : FakeDevice
{
    private readonly VirtualClock _clock;
    private readonly ClockTimer _timer;
    private uint _period;

    public FakeTimer(string name, VirtualClock clock)
        : base(name)
    {
        _clock = clock;
        _timer = clock.CreateTimer(name, OnExpired);
        Irq = new IrqLine(name + ".irq");
    }

    public IrqLine Irq { get; }

    public List<long> Expiries { get; } = [];

    public override void Reset()
    {
        _timer.Disarm();
        _period = 0;
        Irq.Set(false);
    }

    public override ulong Read(ulong offset, int size) => _clock.Ticks(16_000_000);

    public override void Write(ulong offset, int size, ulong value)
    {
        switch (offset)
        {
            case 4: _timer.Arm(_clock.Now + (int)value); break;
            case 8: Irq.Set(false); break;
            case 12: _period = (uint)value; break;
        }
    }

    public override void Save(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write(_period);
        writer.Write(Irq.Level);
    }

    public override void Load(StateReader reader)
    {
        _timer.Load(reader);
        _period = reader.ReadUInt32();
        Irq.Restore(reader.ReadBoolean());
    }

    private void OnExpired()
    {
        Expiries.Add(_clock.Now);
        if (_period != 0)
            _timer.Arm(_clock.Now + _period);
        Irq.Set(true);
    }
}

/// <summary>Byte output. Writing 4 turns the machine off, 8 resets it, c stops it.</summary>
internal sealed class FakeConsole(string name, Machine machine, FakeTty? tty = null) : FakeDevice(name)
{
    private uint _written;

    public FakeTty Tty { get; } = tty ?? new FakeTty();

    public override void Reset() => _written = 0;

    public override void Save(StateWriter writer) => writer.Write(_written);

    public override void Load(StateReader reader) => _written = reader.ReadUInt32();

    public override ulong Read(ulong offset, int size) => _written;

    public override void Write(ulong offset, int size, ulong value)
    {
        switch (offset)
        {
            case 0:
                _written++;
                Tty.Text.Append((char)value);
                break;
            case 4: machine.RequestPowerOff(); break;
            case 8: machine.RequestReset(); break;
            case 12: machine.RequestStop(); break;
        }
    }
}

/// <summary>The host's side of a console, which a fork copies.</summary>
internal sealed class FakeTty : IForkable<FakeTty>
{
    public StringBuilder Text { get; } = new();

    public FakeTty Fork()
    {
        var copy = new FakeTty();
        copy.Text.Append(Text);
        return copy;
    }
}

/// <summary>Writing to 4*n interrupts vCPU n; writing to 40+4*n takes it back.</summary>
internal sealed class FakeIpi(string name, IReadOnlyList<IrqLine> lines) : FakeDevice(name)
{
    public override void Reset()
    {
        foreach (IrqLine line in lines)
            line.Set(false);
    }

    public override void Save(StateWriter writer)
    {
        foreach (IrqLine line in lines)
            writer.Write(line.Level);
    }

    public override void Load(StateReader reader)
    {
        foreach (IrqLine line in lines)
            line.Restore(reader.ReadBoolean());
    }

    public override ulong Read(ulong offset, int size) => 0;

    public override void Write(ulong offset, int size, ulong value)
    {
        int index = (int)(offset >> 2) & 15;
        if (index < lines.Count)
            lines[index].Set(offset < 0x40);
    }
}

/// <summary>Copies 64 bytes from the address written to 0 to that written to 4, some time after; 8: acknowledge.</summary>
internal sealed class FakeDma : FakeDevice
{
    private readonly AddressSpace _memory;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _timer;
    private uint _from;
    private uint _to;

    public FakeDma(string name, AddressSpace memory, VirtualClock clock)
        : base(name)
    {
        _memory = memory;
        _clock = clock;
        _timer = clock.CreateTimer(name, Copy);
        Irq = new IrqLine(name + ".irq");
    }

    public IrqLine Irq { get; }

    public override void Reset()
    {
        _timer.Disarm();
        (_from, _to) = (0, 0);
        Irq.Set(false);
    }

    public override ulong Read(ulong offset, int size) => _timer.IsArmed ? 1u : 0;

    public override void Write(ulong offset, int size, ulong value)
    {
        switch (offset)
        {
            case 0: _from = (uint)value; break;
            case 4:
                _to = (uint)value;
                _timer.Arm(_clock.Now + 137);
                break;
            case 8: Irq.Set(false); break;
        }
    }

    public override void Save(StateWriter writer)
    {
        writer.Write(_from);
        writer.Write(_to);
        _timer.Save(writer);
        writer.Write(Irq.Level);
    }

    public override void Load(StateReader reader)
    {
        _from = reader.ReadUInt32();
        _to = reader.ReadUInt32();
        _timer.Load(reader);
        Irq.Restore(reader.ReadBoolean());
    }

    private void Copy()
    {
        Span<byte> bytes = stackalloc byte[64];
        _memory.TryRead(_from, bytes);
        _memory.TryWrite(_to, bytes);
        Irq.Set(true);
    }
}

/// <summary>A disk of 512-byte sectors: 0: sector; 4: guest address; 8: 1 reads, 2 writes.</summary>
internal sealed class FakeDisk(string name, AddressSpace memory, FakeDisk.Image image) : FakeDevice(name)
{
    private uint _sector;
    private uint _address;

    public override void Reset() => (_sector, _address) = (0, 0);

    public override void Save(StateWriter writer)
    {
        writer.Write(_sector);
        writer.Write(_address);
    }

    public override void Load(StateReader reader)
    {
        _sector = reader.ReadUInt32();
        _address = reader.ReadUInt32();
    }

    public override ulong Read(ulong offset, int size) => _sector;

    public override void Write(ulong offset, int size, ulong value)
    {
        switch (offset)
        {
            case 0: _sector = (uint)value & 7; break;
            case 4: _address = (uint)value; break;
            case 8 when value == 1: memory.TryWrite(_address, image.Bytes.AsSpan((int)_sector * 512, 512)); break;
            case 8: memory.TryRead(_address, image.Bytes.AsSpan((int)_sector * 512, 512)); break;
        }
    }

    /// <summary>The medium.</summary>
    internal sealed class Image : IForkable<Image>, ICheckpointed
    {
        public byte[] Bytes { get; private set; } = new byte[4096];

        public Image Fork() => new() { Bytes = [.. Bytes] };

        public IDisposable Checkpoint() => new Saved([.. Bytes]);

        public void Rewind(IDisposable checkpoint) => Bytes = [.. ((Saved)checkpoint).Bytes];

        private sealed record Saved(byte[] Bytes) : IDisposable
        {
            public void Dispose()
            {
            }
        }
    }
}
