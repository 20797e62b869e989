using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Audio D/A converter CS43L22: registers over I²C, sound over I2S. Cirrus Logic DS792. Terminal: RESET.</summary>
/// <remarks>
/// Volumes, filters and the beep generator keep what is written and do not change what is recorded: <see cref="Recording"/> is what came over I2S while the converter was powered up.
/// The recording is the test's, not the machine's: snapshots do not hold it, and a fork begins without one.
/// </remarks>
public sealed class Cs43l22 : I2cPart
{
    /// <summary>Its address with AD0 low: 0x94 with the R/W bit.</summary>
    public const int Address = 0x4a;

    private const int Id = 0x01, Power1 = 0x02, Playback2 = 0x0f, StatusRegister = 0x2e, Count = 0x35;
    private const byte PowerUp = 0x9e;

    private readonly byte[] _registers = new byte[Count];
    private readonly List<short> _recording = [];
    private int _map;
    private bool _hasMap, _isReading;

    /// <summary>Creates a converter with its registers at their defaults.</summary>
    public Cs43l22()
    {
        ResetPin = AddTerminal("RESET");
        ResetPin.Changed += level =>
        {
            if (!level)
                SetDefaults();
        };
        SetDefaults();
    }

    /// <summary>Low resets; a converter whose terminal is not wired is not reset.</summary>
    public Terminal ResetPin { get; }

    /// <summary>Whether it is out of reset and powered up (PWR_CTL1).</summary>
    public bool IsPlaying => IsAwake && _registers[Power1] == PowerUp;

    /// <summary>Whether headphones and speakers are muted (PLAY_CTL2).</summary>
    public bool IsMuted => (_registers[Playback2] & 0xf0) == 0xf0;

    /// <summary>How many samples of one channel are recorded at most; older ones stay. 0 for none, the default.</summary>
    public int RecordingLimit { get; set; }

    /// <summary>What was played, 16 bits: left and right in turn.</summary>
    public IReadOnlyList<short> Recording => _recording;

    /// <summary>Raised for each sample that is played.</summary>
    public event Action<I2sSample>? Played;

    private bool IsAwake => ResetPin.Pin is null || ResetPin.Level;

    /// <summary>A register as the firmware set it.</summary>
    /// <param name="register">0x01 to 0x34.</param>
    public byte Register(int register) => (uint)register < Count ? _registers[register] : (byte)0;

    /// <summary>A sample comes over I2S.</summary>
    /// <param name="sample">The sample.</param>
    public void Play(I2sSample sample)
    {
        if (!IsPlaying)
            return;
        if (_recording.Count < 2L * RecordingLimit && (sample.Right == (_recording.Count % 2 == 1)))
            _recording.Add((short)(sample.Bits > 16 ? sample.Value >> (sample.Bits - 16) : sample.Value));
        Played?.Invoke(sample);
    }

    /// <summary>Forgets the recording.</summary>
    public void ClearRecording() => _recording.Clear();

    /// <summary>Writes the recording as a WAV file: PCM, 16 bits, two channels.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="rate">Samples per second: the controller's <see cref="Stm32Spi.SoundRate"/>.</param>
    public void WriteWav(Stream stream, int rate)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        const int Channels = 2, Bytes = 2;
        int size = _recording.Count / Channels * Channels * Bytes;
        using var writer = new BinaryWriter(stream, System.Text.Encoding.ASCII, leaveOpen: true);
        writer.Write("RIFF"u8);
        writer.Write(36 + size);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)Channels);
        writer.Write(rate);
        writer.Write(rate * Channels * Bytes);
        writer.Write((short)(Channels * Bytes));
        writer.Write((short)(8 * Bytes));
        writer.Write("data"u8);
        writer.Write(size);
        for (int i = 0; i < size / Bytes; i++)
            writer.Write(_recording[i]);
    }

    /// <inheritdoc/>
    public override I2cAck Start(int address, I2cDirection direction)
    {
        (_hasMap, _isReading) = (false, direction == I2cDirection.Read);
        return IsAwake;
    }

    /// <inheritdoc/>
    public override I2cAck Write(byte value)
    {
        if (_isReading || !IsAwake)
            return false;
        // 5.1: the memory address pointer, with INCR as its highest bit
        if (!_hasMap)
            (_map, _hasMap) = (value, true);
        else
            WriteRegister(value);
        return true;
    }

    /// <inheritdoc/>
    public override I2cByte Read() => IsAwake ? Register(_map & 0x7f) : (byte)0xff;

    /// <inheritdoc/>
    public override void ReadDone(bool acknowledged) => Advance();

    /// <inheritdoc/>
    public override void PowerCycle() => SetDefaults();

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        foreach (byte value in _registers)
            writer.Write(value);
        writer.Write(_map);
        writer.Write(_hasMap);
        writer.Write(_isReading);
        ResetPin.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        for (int i = 0; i < Count; i++)
            _registers[i] = reader.ReadByte();
        _map = reader.ReadInt32() & 0xff;
        (_hasMap, _isReading) = (reader.ReadBoolean(), reader.ReadBoolean());
        ResetPin.Load(reader);
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Cs43l22 { RecordingLimit = RecordingLimit };

    private void WriteRegister(byte value)
    {
        int register = _map & 0x7f;
        if (register >= Count)
            GuestError($"register 0x{register:x2} is written, which there is not");
        else if (register is not (Id or (>= StatusRegister and <= 0x31)))
            _registers[register] = value;
        Advance();
    }

    private void Advance()
    {
        if ((_map & 0x80) != 0)
            _map = 0x80 | ((_map + 1) & 0x7f);
    }

    // section 6, "register quick reference"
    private void SetDefaults()
    {
        Array.Clear(_registers);
        ReadOnlySpan<(byte Register, byte Value)> defaults =
        [
            (Id, 0xe3), (Power1, 0x01), (0x04, 0x05), (0x05, 0xa0), (0x08, 0x81), (0x09, 0x81), (0x0a, 0xa5), (0x0d, 0x60), (0x0e, 0x02), (0x1f, 0x88), (0x28, 0x7f), (0x29, 0xc0), (0x34, 0x5f),
        ];
        foreach ((byte register, byte value) in defaults)
            _registers[register] = value;
        (_map, _hasMap, _isReading) = (0, false, false);
    }
}
